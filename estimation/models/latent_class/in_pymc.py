"""The latent-class model in PyMC: a second sampler for the same posterior, and a model to extend.

Likelihood, prior, identifying assumption and symbols are those of `estimation.models.latent_class.model`; nothing of
the sampler of `LatentClass` is used here.  In the order in which `estimation.models.latent_class.in_pymc.build_model`
states it, with K classes and J lists::

    alpha ~ Gamma or log-normal,   E_k ~ Exponential(1) for k < K,   logit lambda_jk ~ logit Beta(a, b)
    log(1 - V_k) = -E_k / alpha,   log pi_k = log V_k + sum_{l<k} log(1 - V_l),   V_K = 1
    log p_omega = log sum_k pi_k prod_j lambda_jk^omega_j (1 - lambda_jk)^(1 - omega_j)
    log likelihood = sum_omega n_omega log p_omega - n log(1 - p_0)

The classes are summed out, and so is n_0 under p(N) ~ 1/N: the sum over n_0 of binom(n - 1 + n_0, n_0) p_0^n_0 is
(1 - p_0)^-n.  The sticks are non-centred: V_k ~ Beta(1, alpha) is the same as E_k ~ Exponential(1), and a small alpha
then does not squeeze them together.  Given the draws, n_0 is negative binomial (n, 1 - p_0), and the classes of all
people are multinomial, which gives the number of occupied classes.

Computation: the No-U-Turn sampler (Hoffman, Gelman 2014).  It takes small steps and does not swap the labels of the
classes, so a draw costs more than by `LatentClass`; its use is that it gives the same posterior.

References: Manrique-Vallier (2016), Biometrics 72:1246-1254; Betancourt, Girolami (2015) for non-centring.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.models.latent_class.alpha_prior import parse_alpha_prior
from estimation.models.latent_class.identification import without_a_prior
from estimation.models.latent_class.model import IMPROPER, MOST_UNSEEN, LatentClassModel
from estimation.models.latent_class.predictive import class_remark, predicted_by_classes
from estimation.models.missing_cell import draw_unseen
from estimation.models.nuts import CompiledDensity, compile_density, load_pymc
from estimation.models.nuts_attempts import Attempt, in_two_attempts, sample_attempt, sampler_problems
from estimation.models.predictive.checks import Predicted, evenly, notes_of, predictive_check, tables_of
from estimation.models.protocol import Model, not_estimable
from estimation.results.estimates import Result
from estimation.results.totals import Draws
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

if TYPE_CHECKING:
    import pymc

__all__ = ["LatentClassPyMC", "build_model", "draw_unseen"]

_DRAWN = ("alpha", "stick", "logit_capture")
_NO_START = (
    "the prior is so extreme that the sampler finds no place to start from; use a weaker prior of alpha (alpha_prior) "
    "or on the capture probabilities (capture_a, capture_b, expansion)"
)


@dataclass(frozen=True, slots=True)
class LatentClassPyMC(LatentClassModel):
    """The number of people by the model of `LatentClass`, drawn by the No-U-Turn sampler from a PyMC model.

    People fall into a few latent classes; within a class the lists are independent (the identifying assumption).

    Parameters
    ----------
    classes : int
        K, the truncation: the largest possible number of classes (2 to 100).
    alpha_prior, expansion, capture_a, capture_b : str, pair of float, float, float
        The prior, as in `LatentClass`.
    chains, draws, warmup : int
        Chains (at least 2), and draws of each after its warm-up and during it (at least 100 each).
    target_accept : float
        Acceptance rate that the sampler's step size is tuned to.

    Raises
    ------
    SettingError
        For settings outside these ranges; all are named together.

    Examples
    --------
    >>> print(LatentClassPyMC(classes=5).assumptions[1])
    There are at most 5 classes; their number is governed by alpha ~ Gamma(0.25, rate 0.25).

    A fit takes a minute or more, most of it to compile the model::

        result = LatentClassPyMC(classes=5).fit(table, rng=1, workers=4)
    """

    name: ClassVar[str] = "latent-class-pymc"
    title: ClassVar[str] = "Latent classes, by PyMC"

    chains: int = 4
    draws: int = 4000
    warmup: int = 1000
    target_accept: float = 0.95

    def _sampler_problems(self) -> list[str]:
        return sampler_problems(self)

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Draw from the posterior of N; see `estimation.models.protocol.Model.fit`.

        Chains that disagree or are too short, or divergences in more than 1 % of the draws, lead to a second attempt
        (see `estimation.models.nuts_attempts`).  Fewer divergences leave the estimate with a failed check beside it:
        on the Kosovo table a target of 0.99 still had 6 in 32,000.
        """
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        draw = functools.partial(self._attempt, table, workers=workers, progress=progress)
        *rngs, check_rng = rng.spawn(3)
        found = in_two_attempts(draw, rngs, no_start=_NO_START)
        if found.last is None or found.reason is not None:
            return found.result(self, table, rng)
        check = predictive_check(table, found.last.posterior, title=self.title, rng=check_rng)
        notes, tables = without_a_prior(table, self.classes)
        return found.result(
            self,
            table,
            rng,
            notes=(*notes, *notes_of(check)),
            tables=(*tables, *tables_of(check)),
            fit=replace(check.fit, remark=class_remark(self.classes, len(table.lists))),
        )

    def _attempt(
        self, table: CaptureTable, number: int, rng: np.random.Generator, *, workers: int, progress: Progress
    ) -> Attempt[Predicted] | str:
        """One attempt; or why N has no upper limit."""
        sampling_rng, people_rng = rng.spawn(2)
        density = _compiled_density(len(table.lists), self.classes, parse_alpha_prior(self.alpha_prior).kind)
        drawn, divergences = sample_attempt(
            density.with_data(**_data(table, self)),
            self,
            number,
            names=_DRAWN,
            rng=sampling_rng,
            workers=workers,
            progress=progress,
        )
        log_share, log_missed = _shares(drawn)
        log_odds = _log_odds_unseen(log_share, log_missed)
        unseen = draw_unseen(log_odds, table.n_observed, people_rng, most=MOST_UNSEEN)
        if unseen is None:
            return IMPROPER
        occupied = _occupied(table, unseen, log_share, log_missed, drawn["logit_capture"], people_rng)
        total = Draws(table.n_observed + unseen, {"log alpha": np.log(drawn["alpha"]), "occupied classes": occupied})
        logit = drawn["logit_capture"].reshape(-1, len(table.lists), self.classes)
        some = evenly(len(logit))
        predicted = predicted_by_classes(table, log_share.reshape(-1, self.classes)[some], logit[some])
        return Attempt(total, divergences, predicted)


def build_model(table: CaptureTable, settings: LatentClassPyMC | None = None) -> pymc.Model:
    """The model as a PyMC model, to extend.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    settings : LatentClassPyMC, optional
        Number of classes and priors; by default those of ``LatentClassPyMC()``.

    Returns
    -------
    pymc.Model
        Free: ``alpha``; ``stick`` (K - 1,), the E_k; ``logit_capture`` (J, K).  Computed: ``log_share`` (K,), the
        logarithms of the pi_k; ``log_odds_unseen``, log(p_0 / (1 - p_0)), from which `draw_unseen` draws n_0.
        The likelihood is the potential ``log_likelihood``.  Data (``pymc.set_data`` changes them): ``patterns``
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
    """The data and the priors of the model, by name."""
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


def _shares(drawn: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
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
    """The number of occupied classes, with everybody's class drawn; shape (chains, draws)."""
    has_people = np.zeros(log_share.shape, dtype=bool)
    nobody = np.zeros((1, len(table.lists)))
    patterns, counts = np.vstack([table.patterns, nobody]), [*table.counts.tolist(), unseen]
    for pattern, people in zip(patterns, counts, strict=True):
        log_p = log_share + log_missed + np.einsum("j,...jk->...k", pattern, logit)
        p = np.exp(log_p - log_p.max(axis=-1, keepdims=True))
        has_people |= rng.multinomial(people, p / p.sum(axis=-1, keepdims=True)) > 0
    occupied: FloatArray = has_people.sum(axis=-1).astype(np.float64)
    return occupied
