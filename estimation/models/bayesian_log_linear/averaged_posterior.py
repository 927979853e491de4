"""The posterior over all hierarchical log-linear models: enumerated on few lists, by chains on more.

The model, its priors and its symbols are those of `estimation.models.bayesian_log_linear.averaged`.

Enumerated: every model is integrated by Laplace's method, at each sigma^2 of a lattice; from that, weighted particles
are drawn over models, sigma^2 and theta, which correct it (see
`estimation.models.bayesian_log_linear.marginal_likelihood`).

Walked: several chains visit the models in proportion to their marginal likelihoods by Laplace's method (see
`estimation.models.bayesian_log_linear.model_walk`); each state of a chain gives one particle, and the weights of the
particles correct Laplace's error as before (Vihola, Helske, Franks 2020).  Draws are made within each chain and stay in
its order, so that R-hat and the effective sample size judge the walk.  Models that no chain visited are not left out of
the answer: it rests on how often chains are where, and not on weights made to add to 1 among the models visited.  The
two are compared as a check.

References
----------
Overstall, King (2014), Journal of Statistical Software 58(7); Sabanes Bove, Held (2011), Bayesian Analysis 6:387-410;
George, McCulloch (1997), Statistica Sinica 7:339-373, for visits and weights; Vihola, Helske, Franks (2020),
Scandinavian Journal of Statistics 47:1339-1376, for weighing what a chain on an approximation visits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.models.bayesian_log_linear.marginal_likelihood import (
    Evidence,
    Particles,
    laplace_evidence,
    laplace_weight,
    particles,
    particles_along,
)
from estimation.models.bayesian_log_linear.model_walk import Walks, walk_models
from estimation.models.log_linear.terms import hierarchical_models
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check
from estimation.work.progress import Progress, part, silent

__all__ = [
    "SCALE",
    "SHAPE",
    "AveragedPosterior",
    "CoefficientPrior",
    "averaged_posterior",
    "prior_scales",
    "walked_posterior",
]

CoefficientPrior: TypeAlias = Literal["unit-information", "sabanes-bove-held"]

SHAPE = SCALE = 0.001
"""a and b of the inverse gamma prior of sigma^2, as in Overstall, King (2014)."""

_LATTICE: FloatArray = (0.35 * np.arange(-28, 41)).astype(np.float64)
"""log sigma^2, sigma from 0.0074 to 1,100.  Sums over it err by 1e-5 where the standard deviation is 0.26 or more, the
least that 30 coefficients leave."""

_LEAST_EFFECTIVE = 1000.0
_LARGEST_SHARE = 0.02
_LARGEST_END = 1e-3
_LARGEST_GAP = 0.05
_LEAST_MET = 0.8
_WALK, _LAPLACE = 0.8, 0.5
"""About the share of the time that the walk takes, and of what follows, or is all there is, Laplace's method."""

_LARGEST_LOG_UNSEEN = float(np.log(1e15))


def prior_scales(prior: CoefficientPrior) -> tuple[FloatArray, FloatArray]:
    """The values of log sigma^2 that a prior allows, and the log weight of each, up to a constant.

    Examples
    --------
    >>> prior_scales("unit-information")
    (array([0.]), array([0.]))
    """
    if prior == "unit-information":
        return np.zeros(1), np.zeros(1)
    return _LATTICE, -SHAPE * _LATTICE / 2 - SCALE / 2 * np.exp(-_LATTICE)


@dataclass(frozen=True, slots=True, eq=False)
class AveragedPosterior:
    """The posterior over all models under one prior.

    Parameters
    ----------
    evidence : Evidence
        Each model by Laplace's method.
    particles : Particles
        The weighted sample that corrects it.
    chosen : int array, shape (D,)
        Particles drawn by their weights.
    log_unseen : float array, shape (D,)
        log mu_0 of each draw.
    walks : Walks, optional
        Where the chains were, if the models were not enumerated; draws are then equally many of each chain, in its
        order.
    """

    evidence: Evidence
    particles: Particles
    chosen: IntArray
    log_unseen: FloatArray
    walks: Walks | None = None

    @property
    def limited(self) -> bool:
        """Whether n_0 is bounded: no draw of mu_0 exceeds 10^15 people."""
        return bool(self.log_unseen.max() < _LARGEST_LOG_UNSEEN)

    @property
    def checks(self) -> tuple[Check, ...]:
        """Checks of the importance sampling, of the lattice of sigma^2, and of the agreement of the chains."""
        effective, largest = self.particles.effective, float(self.particles.weights.max())
        checks = [
            Check(
                "importance ESS",
                effective,
                _LEAST_EFFECTIVE,
                effective >= _LEAST_EFFECTIVE,
                f"Effective sample size of the {len(self.particles.weights):,} weighted draws.",
            ),
            Check(
                "largest importance weight",
                largest,
                _LARGEST_SHARE,
                largest <= _LARGEST_SHARE,
                "Largest share of the posterior that rests on a single draw.",
            ),
        ]
        if len(self.evidence.log_scales) > 1:
            last = len(self.evidence.log_scales) - 1
            end = float(self.particles.weights[np.isin(self.particles.scale, (0, last))].sum())
            checks.append(
                Check(
                    "posterior weight of sigma^2 at the ends of its lattice",
                    end,
                    _LARGEST_END,
                    end <= _LARGEST_END,
                    "Posterior probability at the ends of the range over which the variance of the coefficients is "
                    "summed.",
                )
            )
        return (*checks, *(() if self.walks is None else self._walk_checks(self.walks)))

    def _walk_checks(self, walks: Walks) -> tuple[Check, ...]:
        """Do the chains agree on N and on the models."""
        gap = float(np.abs(walks.frequencies - self.evidence.weights).max())
        return (
            *chain_checks({"log mu_0": self.log_unseen.reshape(len(walks.visits), -1)}),
            Check(
                "largest gap between visits and weights of a model",
                gap,
                _LARGEST_GAP,
                gap <= _LARGEST_GAP,
                "Largest difference between a chain's visits to a model and its marginal likelihood among the models "
                "visited.",
            ),
            Check(
                "posterior weight of the models visited",
                walks.mass_met,
                _LEAST_MET,
                walks.mass_met >= _LEAST_MET,
                "Smallest share of a chain's states at models that another chain has visited too.",
            ),
        )

    def middle_of(self, model: int, n_observed: int) -> float:
        """Posterior median of the expected N under one model.  Unit: persons."""
        of_it = np.flatnonzero(self.particles.model == model)
        order = of_it[np.argsort(self.particles.log_odds[of_it])]
        below = np.cumsum(self.particles.weights[order])
        at = order[np.searchsorted(below, below[-1] / 2)]
        return float(n_observed * (1 + np.exp(self.particles.log_odds[at])))


def averaged_posterior(
    cells: IntArray,
    scales: tuple[FloatArray, FloatArray],
    *,
    draws: int,
    size: int,
    rng: np.random.Generator,
    models: BoolArray | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> AveragedPosterior:
    """The posterior over enumerated models.

    Parameters
    ----------
    cells : int array, shape (2^J,)
        The table, as from `CaptureTable.cells`; entry 0 is not used.  Unit: persons.
    scales : tuple of two float arrays, shape (L,)
        As from `prior_scales`.
    models : bool array, optional
        As from `estimation.models.bayesian_log_linear.averaged_family.averaged_models`; by default all hierarchical
        models but the saturated one.
    draws : int
        D, draws of mu_0.
    size : int
        S, particles.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads at most; the result does not depend on it.
    progress : callable
        Receives the share that is done.
    """
    if models is None:
        models = hierarchical_models(len(cells).bit_length() - 1)
    evidence = laplace_evidence(cells[1:], models, *scales, workers=workers, progress=part(progress, 0, _LAPLACE))
    sample = particles(evidence, cells[1:], size, rng=rng, workers=workers, progress=part(progress, _LAPLACE, 1))
    chosen = sample.resample(draws, rng)
    log_seen = np.log(rng.gamma(float(cells[1:].sum()), size=draws))
    return AveragedPosterior(evidence, sample, chosen, log_seen + sample.log_odds[chosen])


def walked_posterior(
    cells: IntArray,
    scales: tuple[FloatArray, FloatArray],
    *,
    chains: int,
    draws: int,
    states: int,
    thin: int,
    rng: np.random.Generator,
    workers: int = 1,
    progress: Progress = silent,
) -> AveragedPosterior:
    """The posterior over all hierarchical models but the saturated one, of those that chains visit.

    Parameters
    ----------
    cells : int array, shape (2^J,)
        The table, as from `CaptureTable.cells`; entry 0 is not used.  Unit: persons.
    scales : tuple of two float arrays, shape (L,)
        As from `prior_scales`.
    chains : int
        K.
    draws : int
        Of mu_0, from each chain.
    states : int
        S, states stored of each chain; each gives one particle.
    thin : int
        Steps from one stored state to the next.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads at most; the result does not depend on it.
    progress : callable
        Receives the share that is done.
    """
    counts, n_lists = cells[1:], len(cells).bit_length() - 1
    walks = walk_models(
        n_lists,
        laplace_weight(counts, *scales),
        chains=chains,
        states=states,
        thin=thin,
        rng=rng,
        workers=workers,
        progress=part(progress, 0, _WALK),
    )
    then = part(progress, _WALK, 1)
    evidence = laplace_evidence(counts, walks.models, *scales, workers=workers, progress=part(then, 0, _LAPLACE))
    sample = particles_along(walks.visits, evidence, counts, rng=rng, workers=workers, progress=part(then, _LAPLACE, 1))
    steps = (np.arange(chains * draws) + rng.random()) / (chains * draws)
    # Each chain's weights add to 1 / K, so that equal steps take equally many from each, in its order.
    chosen = np.minimum(np.searchsorted(np.cumsum(sample.weights), steps), len(sample.weights) - 1)
    log_seen = np.log(rng.gamma(float(counts.sum()), size=chosen.size))
    return AveragedPosterior(evidence, sample, chosen, log_seen + sample.log_odds[chosen], walks)
