"""The latent-class model of `estimation.models.latent_class.gibbs` written in PyMC: a second route to N, to extend.

Model, identifying assumption and symbols are those of `estimation.models.latent_class.gibbs`; no line of its sampler is
used here.  In the order in which `build_model` writes it down, with K classes and J lists::

    alpha ~ Gamma or log-normal,   E_k ~ Exponential(1) for k < K,   logit lambda_jk ~ logit Beta(a, b)
    log(1 - V_k) = -E_k / alpha,   log pi_k = log V_k + sum_{l<k} log(1 - V_l),   V_K = 1
    log p_omega = log sum_k pi_k prod_j lambda_jk^omega_j (1 - lambda_jk)^(1 - omega_j)
    log likelihood = sum_omega n_omega log p_omega - n log(1 - p_0)

The classes are summed out, and so is n_0 under p(N) ~ 1/N: the sum over n_0 of binom(n - 1 + n_0, n_0) p_0^n_0 is
(1 - p_0)^-n.  The sticks are non-centred: V_k ~ Beta(1, alpha) is the same as E_k ~ Exponential(1), and a small alpha
then does not squeeze them together.  Given the draws, n_0 is negative binomial (n, 1 - p_0), and the classes of all
people are multinomial, which tells how many classes hold anybody.

Computation: the No-U-Turn sampler (Hoffman, Gelman 2014).  It moves in small steps and does not trade the labels of
the classes, so it needs more work for a draw than `LatentClass`; that it gives the same posterior is its use.

References: Manrique-Vallier (2016), Biometrics 72:1246-1254; Betancourt, Girolami (2015) for non-centring.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.errors import SettingError
from estimation.models.latent_class.alpha_prior import parse_alpha_prior
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.nuts import (
    SECOND_TARGET_ACCEPT,
    CompiledDensity,
    NoStartError,
    compile_density,
    computation_checks,
    failure,
    load_pymc,
    run_sampler,
)
from estimation.models.protocol import check_settings, not_estimable, provenance_of
from estimation.results.estimates import Estimate, Result
from estimation.results.totals import Draws
from estimation.work.progress import Progress, attempt, silent
from estimation.work.seeds import RandomState, generator_of

if TYPE_CHECKING:
    import pymc

__all__ = ["LatentClassPyMC", "build_model", "draw_unseen"]

MOST_UNSEEN = 10**12
"""Draws of n_0 that go beyond this say that nothing limits N."""

_KEPT = ("alpha", "stick", "logit_capture")
_NO_START = (
    "the prior is so extreme that the sampler finds no place to start from; use one of alpha (alpha_prior) or of the "
    "captures (capture_a, capture_b, expansion) that says less"
)
_ESCAPED = (
    f"the number of unseen people went past {MOST_UNSEEN:,}: the table puts no limit on those on no list, because a "
    "class of people that no list reaches fits it as well as any other; more overlap between the lists, or a prior "
    "that says how easily people are recorded (expansion, or capture_a and capture_b), is needed"
)


@dataclass(frozen=True, slots=True)
class LatentClassPyMC:
    """N by the model of `LatentClass`, drawn by another sampler from a density that PyMC writes down.

    Parameters
    ----------
    classes : int
        K, the most classes there may be (2 to 100).
    alpha_prior, capture_a, capture_b, expansion
        The prior, as in `LatentClass`.
    chains, draws, warmup : int
        Chains (at least 2), and kept and discarded draws of each (at least 100).
    target_accept : float
        Acceptance rate that the sampler's step size is tuned to.

    Raises
    ------
    SettingError
        For settings outside these ranges; all are named together.

    Examples
    --------
    >>> print(LatentClassPyMC(classes=5).assumptions[1])  # doctest: +ELLIPSIS
    Before the table is seen: every order of magnitude of the total is equally plausible (p(N) ~ 1/N); ... at most 5...
    """

    name: ClassVar[str] = "latent-class-pymc"
    title: ClassVar[str] = "Latent classes, by PyMC"

    classes: int = 10
    alpha_prior: str = "gamma(0.25, 0.25)"
    capture_a: float = 1.0
    capture_b: float = 1.0
    expansion: tuple[float, float] | None = None
    chains: int = 4
    draws: int = 4000
    warmup: int = 1000
    target_accept: float = 0.95

    def __post_init__(self) -> None:
        problems: list[str] = []
        try:
            self._by_sweeps()
        except SettingError as error:
            problems += error.problems
        for name, value, least in (
            ("chains", self.chains, 2),
            ("draws", self.draws, 100),
            ("warmup", self.warmup, 100),
        ):
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                problems.append(f"{name} is {value!r}; it must be a whole number, {least} or more")
        if not 0.5 <= self.target_accept < 1:
            problems.append(f"target_accept is {self.target_accept}; give a number from 0.5 to below 1")
        check_settings(self.name, problems)
        if self.expansion is not None:
            object.__setattr__(self, "expansion", (float(self.expansion[0]), float(self.expansion[1])))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Those of `LatentClass`; the first is the identifying assumption."""
        return self._by_sweeps().assumptions

    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        return self._by_sweeps().why_not(table)

    def _by_sweeps(self) -> LatentClass:
        """The same model for the other sampler."""
        return LatentClass(
            classes=self.classes,
            alpha_prior=self.alpha_prior,
            capture_a=self.capture_a,
            capture_b=self.capture_b,
            expansion=self.expansion,
        )

    def capture_numbers(self, lists: int) -> tuple[float, float]:
        """A and b of the Beta prior of the captures, also where ``expansion`` stands for them."""
        found = self._by_sweeps().capture_prior(lists)
        return (float(self.capture_a), float(self.capture_b)) if found is None else (found.capture_a, found.capture_b)

    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Draw from the posterior of N.

        Chains that disagree or are too short, or divergences in more than 1 % of the draws, are followed by a second
        attempt with twice the warm-up and draws and an acceptance target of at least 0.99.  If that fails too there is
        `NotEstimable`, with the draws as evidence.  Fewer divergences leave the estimate with a failed check beside it:
        on the Kosovo table a target of 0.99 still had 6 in 32,000.

        Parameters
        ----------
        table : CaptureTable
            Who was seen by which lists: at least 3.
        rng : numpy.random.Generator
            The only source of randomness.
        workers : int
            Chains to run at once, at most.  Never changes the result.
        progress : callable
            Told the share of the draws that is made; see `estimation.models.protocol.Model.fit`.

        Returns
        -------
        Estimate or NotEstimable
        """
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        provenance = provenance_of(self, table, rng)
        for effort, attempt_rng in enumerate(rng.spawn(2), 1):
            sampling_rng, people_rng = attempt_rng.spawn(2)
            try:
                drawn, divergences = self._sample(table, sampling_rng, workers, effort, progress)
            except NoStartError:
                return replace(not_estimable(self, table, rng, _NO_START), provenance=provenance)
            log_share, log_missed = _shares(drawn)
            unseen = draw_unseen(_log_odds_unseen(log_share, log_missed), table.n_observed, people_rng)
            if unseen is None:
                return replace(not_estimable(self, table, rng, _ESCAPED), provenance=provenance)
            occupied = _occupied(table, unseen, log_share, log_missed, drawn["logit_capture"], people_rng)
            total = Draws(
                table.n_observed + unseen, {"log alpha": np.log(drawn["alpha"]), "occupied classes": occupied}
            )
            diagnostics = computation_checks(total, divergences)
            reason = failure(diagnostics, total.values.size)
            if reason is None:
                break
        if reason is not None:
            refused = not_estimable(self, table, rng, reason)
            return replace(refused, provenance=provenance, diagnostics=diagnostics, evidence=total)
        return Estimate(
            total=total,
            n_observed=table.n_observed,
            model=self.name,
            title=self.title,
            assumptions=self.assumptions,
            diagnostics=diagnostics,
            provenance=provenance,
        )

    def _sample(
        self, table: CaptureTable, rng: np.random.Generator, workers: int, effort: int, progress: Progress
    ) -> tuple[dict[str, FloatArray], int]:
        """Draws of alpha, the E_k and the logits, by name, and the number of divergences."""
        density = _compiled_density(len(table.lists), self.classes, parse_alpha_prior(self.alpha_prior).kind)
        density = density.with_data(**_data(table, self))
        drawn, divergences = run_sampler(
            density,
            names=_KEPT,
            draws=effort * self.draws,
            tune=effort * self.warmup,
            chains=self.chains,
            cores=max(1, min(workers, self.chains)),
            seed=int(rng.integers(2**63)),
            target_accept=self.target_accept if effort == 1 else max(self.target_accept, SECOND_TARGET_ACCEPT),
            progress=attempt(progress, effort - 1, last=effort == 2),
        )
        return dict(drawn), divergences


def build_model(table: CaptureTable, settings: LatentClassPyMC | None = None) -> pymc.Model:
    """The model as PyMC knows it, for those who want to extend it.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    settings : LatentClassPyMC, optional
        Number of classes and priors; the defaults when not given.

    Returns
    -------
    pymc.Model
        Free: ``alpha``; ``stick`` (K - 1,), the E_k; ``logit_capture`` (J, K).  Computed: ``log_share`` (K,), the
        logarithms of the pi_k; ``log_odds_unseen``, log(p_0 / (1 - p_0)), from which `draw_unseen` draws n_0.
        The likelihood is the potential ``log_likelihood``.  Data (`pymc.set_data` changes them): ``patterns``
        (histories, J), ``counts`` (persons), ``alpha_prior`` (its two numbers), ``capture_prior`` (a, b).

    Examples
    --------
    >>> table = CaptureTable.from_histories(
    ...     ["P", "Q", "E"], {"111": 28, "110": 21, "101": 17, "100": 69, "011": 18, "010": 55, "001": 63}
    ... )
    >>> model = build_model(table, LatentClassPyMC(classes=5))
    >>> [variable.name for variable in model.free_RVs]
    ['alpha', 'stick', 'logit_capture']

    Suppose that the first list is known to hold at most a fifth of the largest class::

        import pymc
        with build_model(table) as model:
            pymc.Potential("known", pymc.logcdf(pymc.Normal.dist(-1.4, 0.2), -model["logit_capture"][0, 0]))
            trace = pymc.sample(var_names=["log_odds_unseen"])
        log_odds = trace.posterior["log_odds_unseen"].values
        n_0 = draw_unseen(log_odds, table.n_observed, np.random.default_rng(1))
    """
    load_pymc()
    settings = LatentClassPyMC() if settings is None else settings
    kind = parse_alpha_prior(settings.alpha_prior).kind
    return _model(len(table.lists), settings.classes, kind, _data(table, settings))


def _data(table: CaptureTable, settings: LatentClassPyMC) -> dict[str, FloatArray]:
    """What the model is told, by name."""
    alpha, (a, b) = parse_alpha_prior(settings.alpha_prior), settings.capture_numbers(len(table.lists))
    return {
        "patterns": table.patterns.astype(np.float64),
        "counts": table.counts.astype(np.float64),
        "alpha_prior": np.array([alpha.first, alpha.second]),
        "capture_prior": np.array([a, b]),
    }


def _model(lists: int, classes: int, kind: str, data: dict[str, FloatArray]) -> pymc.Model:
    # Imported here because PyMC takes seconds to load, which checking a setting or a table does not need.
    import pymc
    import pytensor.tensor as pt

    def log_prior_of_logit(value: pt.TensorVariable, a: pt.TensorVariable, b: pt.TensorVariable) -> pt.TensorVariable:
        log_beta = pt.gammaln(a) + pt.gammaln(b) - pt.gammaln(a + b)
        return a * value - (a + b) * pt.softplus(value) - log_beta

    def draw_logit(a: FloatArray, b: FloatArray, rng: np.random.Generator, size: tuple[int, ...]) -> FloatArray:
        return np.log(rng.gamma(a, size=size)) - np.log(rng.gamma(b, size=size))

    with pymc.Model() as model:
        patterns, counts, alpha_prior, capture_prior = (pymc.Data(name, value) for name, value in data.items())
        if kind == "gamma":
            alpha = pymc.Gamma("alpha", alpha=alpha_prior[0], beta=alpha_prior[1])
        else:
            alpha = pymc.LogNormal("alpha", mu=alpha_prior[0], sigma=alpha_prior[1])
        stick = pymc.Exponential("stick", 1.0, shape=classes - 1)
        # The logit itself, because 1 - lambda is 0, and its gradient lost, where the logit passes 37.
        logit_capture = pymc.CustomDist(
            "logit_capture",
            capture_prior[0],
            capture_prior[1],
            logp=log_prior_of_logit,
            random=draw_logit,
            shape=(lists, classes),
        )
        spent = stick / alpha
        left = pt.concatenate([pt.zeros(1), -pt.cumsum(spent)])
        log_share = left + pt.concatenate([pt.log1mexp(-spent), pt.zeros(1)])
        log_missed = -pt.softplus(logit_capture).sum(axis=0)
        log_p = pt.logsumexp(log_share + log_missed + pt.dot(patterns, logit_capture), axis=1)
        log_seen = pt.log(-(pt.exp(log_share) * pt.expm1(log_missed)).sum())
        pymc.Deterministic("log_share", log_share)
        pymc.Deterministic("log_odds_unseen", pt.logsumexp(log_share + log_missed) - log_seen)
        pymc.Potential("log_likelihood", (counts * (log_p - log_seen)).sum())
    return model


@functools.cache
def _compiled_density(lists: int, classes: int, kind: str) -> CompiledDensity:
    """The posterior's log density and gradient, compiled; table and priors are put in by ``with_data``.

    Nothing in it depends on a table but the number of lists, or on a prior but the form of alpha's, starting points
    included: a result never depends on what was fitted before.
    """
    any_table = CaptureTable([f"list {j}" for j in range(lists)], np.eye(lists, dtype=bool), np.ones(lists, dtype=int))
    data = _data(any_table, LatentClassPyMC(alpha_prior=f"{kind}(1, 1)"))
    return compile_density(lambda: _model(lists, classes, kind, data), keep=["alpha", "stick"])


def draw_unseen(log_odds: FloatArray, observed: int, rng: np.random.Generator) -> IntArray | None:
    """Draws of n_0 given the log odds of being on no list, under p(N) ~ 1/N; None when one passes 10^12 people.

    Parameters
    ----------
    log_odds : float array, any shape
        log(p_0 / (1 - p_0)), one for each draw of the parameters.
    observed : int
        n, people on any list.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    int array of the same shape, or None
        Negative binomial (n, 1 - p_0), as a Poisson of a Gamma.  Unit: persons.

    Examples
    --------
    >>> unseen = draw_unseen(np.full(10_000, np.log(0.5)), 200, np.random.default_rng(1))
    >>> bool(99 < unseen.mean() < 101)
    True
    """
    log_mean = np.log(rng.standard_gamma(observed, np.shape(log_odds))) + log_odds
    if not log_mean.max() < np.log(MOST_UNSEEN):
        return None
    return rng.poisson(np.exp(log_mean)).astype(np.int64)


def _shares(drawn: dict[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Log pi_k and each class's log probability of no list, both of shape (chains, draws, K)."""
    spent = drawn["stick"] / drawn["alpha"][..., None]
    none = np.zeros((*drawn["alpha"].shape, 1))
    log_stick = np.concatenate([np.log(-np.expm1(-spent)), none], axis=-1)
    left = np.concatenate([none, -np.cumsum(spent, axis=-1)], axis=-1)
    return left + log_stick, -np.logaddexp(0.0, drawn["logit_capture"]).sum(axis=-2)


def _log_odds_unseen(log_share: FloatArray, log_missed: FloatArray) -> FloatArray:
    """log(p_0 / (1 - p_0)), shape (chains, draws)."""
    seen = -(np.exp(log_share) * np.expm1(log_missed)).sum(axis=-1)
    odds: FloatArray = np.logaddexp.reduce(log_share + log_missed, axis=-1) - np.log(seen)
    return odds


def _occupied(
    table: CaptureTable,
    unseen: IntArray,
    log_share: FloatArray,
    log_missed: FloatArray,
    logit: FloatArray,
    rng: np.random.Generator,
) -> FloatArray:
    """The number of classes that hold anybody, seen or not, with everybody's class drawn; shape (chains, draws)."""
    held = np.zeros(log_share.shape, dtype=bool)
    nobody = np.zeros((1, len(table.lists)))
    patterns, counts = np.vstack([table.patterns, nobody]), [*table.counts.tolist(), unseen]
    for pattern, people in zip(patterns, counts, strict=True):
        log_p = log_share + log_missed + np.einsum("j,...jk->...k", pattern, logit)
        p = np.exp(log_p - log_p.max(axis=-1, keepdims=True))
        held |= rng.multinomial(people, p / p.sum(axis=-1, keepdims=True)) > 0
    occupied: FloatArray = held.sum(axis=-1).astype(np.float64)
    return occupied
