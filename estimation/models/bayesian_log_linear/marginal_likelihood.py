"""Marginal likelihoods of many log-linear models by Laplace's method, and particles from the posterior over them.

Symbols
-------
J lists; C = 2^J - 1 histories that can be observed; M models.   n_h, n : people with history h; all that were observed.
x_h : row of the sum-to-zero design, entries 1 and -1, intercept left out.   theta : the k coefficients of a model.
u = log sigma^2.

    p(n_1 .. n_C | theta) = multinomial,  p_h = exp(x_h theta) / sum over observable h of exp(x_h theta)
    theta | sigma^2 ~ Normal(0, sigma^2 I)
    odds r = exp(x_0 theta) / sum over observable h of exp(x_h theta)

The intercept is not here: under its flat prior it integrates out of the Poisson likelihood exactly and leaves the
multinomial one, times Gamma(n), the same for every model. A model with a form of heterogeneity z has one coefficient
more, tau, the last of the k, with tau z_h added to x_h theta and half the normal prior for itself
(`estimation.models.bayesian_log_linear.averaged_family`); it is computed with as log tau. The density is log-concave at
every sigma^2, so Newton's method finds its one mode. sigma^2 is one value, or is summed over a lattice of log sigma^2.

    Laplace: log p(n | u, model) = l(mode) - mode'mode / (2 sigma^2) - k/2 log sigma^2 - 1/2 log det H(mode)

Laplace's answer is used as a proposal only.  Particles (model, u, theta) are drawn from it, theta from a split t about
the mode, as wide to either side of each axis of the curvature as the density reaches there, and weighed by the exact
density over the proposal's, so that weights of models and the posterior of everything else are those of importance
sampling, whatever Laplace's error.

References
----------
Tierney, Kadane (1986), Journal of the American Statistical Association 81:82-86; Kass, Raftery (1995), Journal of the
American Statistical Association 90:773-795; Geweke (1989), Econometrica 57:1317-1339, for importance sampling
and the split t.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.special import gammaln, logsumexp

from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.models.bayesian_log_linear.averaged_family import standard_forms
from estimation.models.bayesian_log_linear.marginal_likelihood_kernel import DEGREES, integrate, weigh
from estimation.models.log_linear.terms import lists_of
from estimation.work.progress import Progress, silent
from estimation.work.threads import in_threads

__all__ = [
    "Evidence",
    "Particles",
    "history_probabilities",
    "laplace_evidence",
    "laplace_weight",
    "particles",
    "particles_along",
]

_DEFENSIVE = 0.25
"""Share of the particles that go by the square root of Laplace's weights, in case it undervalues a model."""

_CHUNKS = 8
"""Parts that threads take, a number of its own so that the number of threads changes nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Marginal likelihoods by Laplace's method.

    Parameters
    ----------
    models : bool array, shape (M, 2^J) or (M, 2^J + H)
        Terms of each, and its column of heterogeneity, at most one model.
    log_scales : float array, shape (L,)
        u, the values of log sigma^2.
    log_prior : float array, shape (L,)
        Log prior weight of each, up to a constant.
    log_joint : float array, shape (M, L)
        log p(n, u | model), up to a constant that all share; minus infinity where it is negligible.
    """

    models: BoolArray
    log_scales: FloatArray
    log_prior: FloatArray
    log_joint: FloatArray

    @property
    def log_marginal(self) -> FloatArray:
        """The log marginal likelihood, log p(n | model), shape (M,), up to a constant that all models share."""
        return cast(FloatArray, logsumexp(self.log_joint, axis=1))

    @property
    def weights(self) -> FloatArray:
        """Posterior probabilities of the models when all are equally likely before, shape (M,)."""
        marginal = self.log_marginal
        return cast(FloatArray, np.exp(marginal - logsumexp(marginal)))


@dataclass(frozen=True, slots=True, eq=False)
class Particles:
    """A weighted sample from the posterior over models, sigma^2 and coefficients.

    Parameters
    ----------
    model : int array, shape (S,)
        Which model.
    scale : int array, shape (S,)
        Which value of sigma^2.
    log_odds : float array, shape (S,)
        log r, the odds of being on no list to being observed.
    weights : float array, shape (S,)
        They add to 1.
    """

    model: IntArray
    scale: IntArray
    log_odds: FloatArray
    weights: FloatArray

    @property
    def effective(self) -> float:
        """Effective sample size."""
        return float(1 / (self.weights**2).sum())

    def model_weights(self, models: int) -> FloatArray:
        """Posterior probabilities of the models, shape (M,)."""
        summed: FloatArray = np.bincount(self.model, weights=self.weights, minlength=models).astype(np.float64)
        return summed

    def resample(self, size: int, rng: np.random.Generator) -> IntArray:
        """Particles drawn by their weights, at equal steps of the total weight and then in random order."""
        steps = (np.arange(size) + rng.random()) / size
        chosen = np.minimum(np.searchsorted(np.cumsum(self.weights), steps), len(self.weights) - 1)
        return rng.permutation(chosen)


def _complete(counts: IntArray) -> FloatArray:
    """The counts by all 2^J histories, of those on no list none."""
    return np.concatenate([[0.0], counts])


def _forms_of(models: BoolArray) -> FloatArray:
    """The columns of heterogeneity that wider models may have, shape (H, 2^J); none where models are not wider."""
    n_lists = lists_of(models)
    return standard_forms(n_lists) if models.shape[-1] > 1 << n_lists else np.empty((0, 1 << n_lists))


def _read_only(models: BoolArray) -> BoolArray:
    """The models as enumerated ones are kept, so that the kernels are compiled for one kind of array and no second."""
    view = models.view()
    view.flags.writeable = False
    return view


def laplace_evidence(
    counts: IntArray,
    models: BoolArray,
    log_scales: FloatArray,
    log_prior: FloatArray,
    *,
    workers: int = 1,
    progress: Progress = silent,
) -> Evidence:
    """Marginal likelihoods of models by Laplace's method.

    Parameters
    ----------
    counts : int array, shape (C,)
        People with each history, zeros included, as in ``CaptureTable.cells()[1:]``.  Unit: persons.
    models : bool array, shape (M, 2^J) or (M, 2^J + H)
        Terms of each, and its column of heterogeneity, at most one.
    log_scales : float array, shape (L,)
        Values of log sigma^2, increasing.
    log_prior : float array, shape (L,)
        Log prior weight of each.
    workers : int
        Threads at most.
    progress : callable
        Receives the share of the models that is done.

    Examples
    --------
    >>> from estimation.models.log_linear.terms import hierarchical_models
    >>> counts = np.array([40, 30, 20, 25, 5, 6, 4])
    >>> laplace_evidence(counts, hierarchical_models(3), np.zeros(1), np.zeros(1)).weights.round(2).tolist()
    [0.34, 0.34, 0.14, 0.04, 0.05, 0.06, 0.02, 0.01]
    """
    models = _read_only(models)
    joint = np.full((len(models), len(log_scales)), -np.inf)
    people, forms = _complete(counts), _forms_of(models)
    parts = np.array_split(np.arange(len(models)), _CHUNKS)

    def part(rows: IntArray) -> None:
        if rows.size:
            span = slice(rows[0], rows[-1] + 1)
            integrate(people, models[span], forms, log_scales, log_prior, joint[span])

    in_threads(part, parts, workers, progress=progress)
    return Evidence(models, log_scales, log_prior, joint)


def laplace_weight(counts: IntArray, log_scales: FloatArray, log_prior: FloatArray) -> Callable[[BoolArray], float]:
    """The log marginal likelihood of one model at a time, as in `laplace_evidence`; to be called from any thread.

    Examples
    --------
    >>> from estimation.models.log_linear.terms import hierarchical_models
    >>> table = np.array([40, 30, 20, 25, 5, 6, 4]), np.zeros(1), np.zeros(1)
    >>> models = hierarchical_models(3)[:2]
    >>> all_at_once = laplace_evidence(table[0], models, *table[1:]).log_marginal
    >>> [laplace_weight(*table)(terms) for terms in models] == all_at_once.tolist()
    True
    """
    people = _complete(counts)

    def log_marginal(terms: BoolArray) -> float:
        joint = np.full((1, len(log_scales)), -np.inf)
        integrate(people, _read_only(terms)[None, :], _forms_of(terms), log_scales, log_prior, joint)
        top = joint.max()
        return float(top + np.log(np.exp(joint - top).sum()))

    return log_marginal


def particles(
    evidence: Evidence,
    counts: IntArray,
    size: int,
    *,
    rng: np.random.Generator,
    workers: int = 1,
    progress: Progress = silent,
) -> Particles:
    """A weighted sample from the posterior over models, sigma^2 and coefficients.

    Parameters
    ----------
    evidence : Evidence
        Laplace's answer for the same counts, which proposes.
    counts : int array, shape (C,)
        People with each history.  Unit: persons.
    size : int
        S, the number of particles.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads at most; the result does not depend on it.
    progress : callable
        Receives the share of the particles that is done.
    """
    flat = evidence.log_joint.ravel()
    tempered = flat / 2
    log_proposal = np.logaddexp(
        np.log(1 - _DEFENSIVE) + flat - logsumexp(flat), np.log(_DEFENSIVE) + tempered - logsumexp(tempered)
    )
    steps = (np.arange(size) + rng.random()) / size
    pair = np.minimum(np.searchsorted(np.cumsum(np.exp(log_proposal)), steps), flat.size - 1)
    log_weights, log_odds = _weighed(evidence, counts, pair, rng=rng, workers=workers, progress=progress)
    log_weights -= log_proposal[pair]
    return Particles(*np.divmod(pair, len(evidence.log_scales)), log_odds, np.exp(log_weights - logsumexp(log_weights)))


def particles_along(
    walks: IntArray,
    evidence: Evidence,
    counts: IntArray,
    *,
    rng: np.random.Generator,
    workers: int = 1,
    progress: Progress = silent,
) -> Particles:
    """A weighted sample with one particle for each state of chains that walk over the models by Laplace's weights.

    Parameters
    ----------
    walks : int array, shape (K, S)
        The model that each chain is at, as its row in `evidence`.
    evidence : Evidence
        Laplace's answer for the models visited.
    counts : int array, shape (C,)
        People with each history.  Unit: persons.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads at most; the result does not depend on it.
    progress : callable
        Receives the share of the particles that is done.

    Returns
    -------
    Particles
        In the order of the chains; the weights of each chain add to 1 / K.
    """
    model, levels = walks.ravel(), len(evidence.log_scales)
    within = np.cumsum(np.exp(evidence.log_joint - evidence.log_marginal[:, None]), axis=1)
    # All rows end to end make one increasing sequence, in which each particle's sigma^2 is looked up.
    joined = (np.arange(len(within))[:, None] + np.minimum(within, 1.0)).ravel()
    pair = np.searchsorted(joined, model + rng.random(model.size))
    pair = np.minimum(pair, model * levels + levels - 1)
    order = np.argsort(pair, kind="stable")
    log_weights, log_odds = np.empty(pair.size), np.empty(pair.size)
    log_weights[order], log_odds[order] = _weighed(
        evidence, counts, pair[order], rng=rng, workers=workers, progress=progress
    )
    log_weights -= evidence.log_joint.ravel()[pair]
    by_chain = log_weights.reshape(walks.shape)
    weights = np.exp(by_chain - logsumexp(by_chain, axis=1, keepdims=True)) / len(walks)
    return Particles(model, pair % levels, log_odds, weights.ravel())


_TRIED = 8
"""Draws of the coefficients from which one is taken by its weight."""


def history_probabilities(
    evidence: Evidence, sample: Particles, chosen: IntArray, counts: IntArray, *, rng: np.random.Generator
) -> FloatArray:
    """Probabilities of the observable histories, among the people observed, by draws of the posterior.

    The coefficients are drawn again given the model and sigma^2 of each particle: eight times from the proposal, of
    which one is taken by its weight (sampling, importance resampling).

    Parameters
    ----------
    evidence : Evidence
        Laplace's answer for the same counts, which proposes.
    sample : Particles
        The weighted sample.
    chosen : int array, shape (S,)
        Particles drawn by their weights.
    counts : int array, shape (C,)
        People with each history.  Unit: persons.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    float array, shape (S, C)
    """
    pair = np.sort(sample.model[chosen] * len(evidence.log_scales) + sample.scale[chosen])
    cells = np.empty((pair.size * _TRIED, counts.size + 1))
    log_weights, _ = _weighed(
        evidence, counts, np.repeat(pair, _TRIED), rng=rng, workers=1, progress=silent, cells=cells
    )
    tried = log_weights.reshape(-1, _TRIED)
    steps = np.cumsum(np.exp(tried - tried.max(axis=1, keepdims=True)), axis=1)
    taken = (steps < rng.random((pair.size, 1)) * steps[:, -1:]).sum(axis=1)
    return cells.reshape(pair.size, _TRIED, -1)[np.arange(pair.size), taken, 1:]


def _weighed(
    evidence: Evidence,
    counts: IntArray,
    pair: IntArray,
    *,
    rng: np.random.Generator,
    workers: int,
    progress: Progress,
    cells: FloatArray | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Coefficients drawn about the mode of each pair of model and sigma^2; pairs come in order.

    Returns the log of the exact density over that of the coefficients' proposal, and log r; fills `cells`, shape
    (S, 2^J), with the probabilities of the histories.
    """
    size = pair.size
    model, scale = np.divmod(pair, len(evidence.log_scales))
    widest = int(evidence.models.sum(axis=1).max()) - 1
    normals = rng.standard_normal((size, widest))
    stretch = np.sqrt(DEGREES / rng.chisquare(DEGREES, size))
    width = np.arange(widest + 1)
    constants = gammaln((DEGREES + width) / 2) - gammaln(DEGREES / 2) - width / 2 * np.log(DEGREES * np.pi)
    people, models, forms = _complete(counts), _read_only(evidence.models), _forms_of(evidence.models)
    log_weights, log_odds = np.empty(size), np.empty(size)

    def part(rows: IntArray) -> None:
        weigh(
            people, models, forms, evidence.log_scales, model[rows], scale[rows], normals[rows],
            stretch[rows], constants, chosen := np.empty(rows.size), odds := np.empty(rows.size),
            probabilities := np.empty((0 if cells is None else rows.size, people.size)),
        )  # fmt: skip
        log_weights[rows], log_odds[rows] = chosen, odds
        if cells is not None:
            cells[rows] = probabilities

    parts = [rows for rows in np.array_split(np.arange(size), _CHUNKS) if rows.size]
    in_threads(part, parts, workers, progress=progress)
    return log_weights + evidence.log_prior[scale], log_odds
