"""Bayesian average over all hierarchical log-linear models, each as likely as the lists make it.

Symbols
-------
J lists; h a history, n_h people with it; n all that were observed; n_0 those on no list.   X : sum-to-zero design of
the complete table of 2^J histories, entries 1 and -1.   theta : the k coefficients of a model but the intercept alpha.

Likelihood, over the 2^J - 1 histories that can be observed, those that nobody has included::

    n_h ~ Poisson(mu_h),   log mu_h = alpha + x_h theta,   n_0 ~ Poisson(mu_0),   N = n + n_0

Identifying assumption: the lists follow one of the hierarchical models with all main effects; there is no interaction
of all lists.

Prior: every model the same;  alpha flat;  theta | sigma^2 ~ Normal(0, sigma^2 C (X'X)^{-1}), C = 2^J.

C counts all the histories of the complete table, the missing one included, as where the missing cell is imputed
(Overstall, King 2014): X'X is the information on theta in a table with mean 1 in each cell, which divided by C is that
in one cell.  X'X = C I, so theta ~ Normal(0, sigma^2 I), main effects and interactions alike.

    unit-information     sigma^2 = 1
    sabanes-bove-held    sigma^2 ~ InverseGamma(a / 2, b / 2), a = b = 0.001

Prior of N: with alpha flat, N and theta are independent and p(N) is proportional to 1/N.  Alpha integrates out exactly:
the sum of the observed means is Gamma(n, 1), apart from theta, and with r = exp(x_0 theta) / sum of exp(x_h theta)
over the observable h::

    n_0 | theta, n ~ Poisson(r Gamma(n, 1)),   so N is negative binomial given theta.

Computation: every model is integrated by Laplace's method, at each sigma^2 of a lattice; from that, weighted particles
are drawn over models, sigma^2 and theta, which correct it (see `estimation.models.marginal_likelihood`), then draws of
N from the particles.  For up to 5 lists (8, 113 and 6,893 models); a search over more is not part of this model.

References
----------
King, Brooks (2001), Biometrika 88:317-336; Overstall, King (2014), Journal of Statistical Software 58(7); Ntzoufras,
Dellaportas, Forster (2003), Journal of Statistical Planning and Inference 111:165-180, for the unit-information prior;
Sabanes Bove, Held (2011), Bayesian Analysis 6:387-410, for the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeAlias, get_args

import numpy as np

from estimation.capture import CaptureTable, FloatArray, IntArray
from estimation.diagnostics import Check, Diagnostics
from estimation.errors import SettingError
from estimation.models.hierarchical import MAX_ENUMERATED, format_model, hierarchical_models
from estimation.models.marginal_likelihood import Evidence, Particles, laplace_evidence, particles
from estimation.models.protocol import Model, not_estimable, provenance_of, unusable_lists
from estimation.results import Draws, Estimate, Result, ResultTable

__all__ = [
    "AveragedPosterior",
    "CoefficientPrior",
    "HierarchicalLogLinearAverage",
    "averaged_posterior",
    "prior_scales",
]

CoefficientPrior: TypeAlias = Literal["unit-information", "sabanes-bove-held"]

_SHAPE = _SCALE = 0.001
"""a and b of the inverse gamma prior of sigma^2, as in Overstall, King (2014)."""

_LATTICE: FloatArray = (0.35 * np.arange(-28, 41)).astype(np.float64)
"""log sigma^2, sigma from 0.0074 to 1,100.  Sums over it err by 1e-5 where the standard deviation is 0.26 or more, the
least that 30 coefficients leave."""

_PARTICLES = 200_000
_CHAINS, _DRAWS = 4, 4000
_LEAST_EFFECTIVE = 1000.0
_LARGEST_SHARE = 0.02
_LARGEST_END = 1e-3
_LARGEST_LOG_UNSEEN = float(np.log(1e15))
_MODELS_SHOWN = 10


def prior_scales(prior: CoefficientPrior) -> tuple[FloatArray, FloatArray]:
    """The values of log sigma^2 that a prior allows, and the log weight of each, up to a constant.

    Examples
    --------
    >>> prior_scales("unit-information")
    (array([0.]), array([0.]))
    """
    if prior == "unit-information":
        return np.zeros(1), np.zeros(1)
    return _LATTICE, -_SHAPE * _LATTICE / 2 - _SCALE / 2 * np.exp(-_LATTICE)


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
    """

    evidence: Evidence
    particles: Particles
    chosen: IntArray
    log_unseen: FloatArray

    @property
    def limited(self) -> bool:
        """Whether all draws of mu_0 are numbers of people that could be."""
        return bool(self.log_unseen.max() < _LARGEST_LOG_UNSEEN)

    @property
    def checks(self) -> tuple[Check, ...]:
        """Did the importance sampling work, and did the lattice hold sigma^2."""
        effective, largest = self.particles.effective, float(self.particles.weights.max())
        checks = [
            Check(
                "importance ESS",
                effective,
                _LEAST_EFFECTIVE,
                effective >= _LEAST_EFFECTIVE,
                f"Independent draws that the {len(self.particles.weights):,} weighted ones are worth.",
            ),
            Check(
                "largest importance weight",
                largest,
                _LARGEST_SHARE,
                largest <= _LARGEST_SHARE,
                "The share of the answer that hangs on a single draw.",
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
                    "The variance of the coefficients is summed over a range of values; this is what lies at its ends.",
                )
            )
        return tuple(checks)

    def middle_of(self, model: int, n_observed: int) -> float:
        """Median of the expected N under one model.  Unit: persons."""
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
    workers: int = 1,
) -> AveragedPosterior:
    """The posterior over all hierarchical models but the saturated one.

    Parameters
    ----------
    cells : int array, shape (2^J,)
        The table, as from `CaptureTable.cells`; entry 0 is not used.  Unit: persons.
    scales : tuple of two float arrays, shape (L,)
        As from `prior_scales`.
    draws : int
        D, draws of mu_0.
    size : int
        S, particles.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads at most; the result does not depend on it.
    """
    models = hierarchical_models(len(cells).bit_length() - 1)
    evidence = laplace_evidence(cells[1:], models, *scales, workers=workers)
    sample = particles(evidence, cells[1:], size, rng=rng, workers=workers)
    chosen = sample.resample(draws, rng)
    log_seen = np.log(rng.gamma(float(cells[1:].sum()), size=draws))
    return AveragedPosterior(evidence, sample, chosen, log_seen + sample.log_odds[chosen])


@dataclass(frozen=True, slots=True)
class HierarchicalLogLinearAverage:
    """Posterior of N over all hierarchical log-linear models, the saturated one left out (Overstall, King 2014).

    Parameters
    ----------
    prior : {"sabanes-bove-held", "unit-information"}
        Of the coefficients: how strong main effects and interactions are is learnt from the lists, or set at the
        information in one cell.  The other one's answer is always shown beside it.

    Raises
    ------
    SettingError
        When the prior is neither of them.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 30, "001": 20, "110": 26, "011": 4})
    >>> result = HierarchicalLogLinearAverage().fit(table, rng=np.random.default_rng(1))
    >>> result.tables[1].columns
    ('prior of the coefficients', 'median (persons)', '95 % from (persons)', 'to (persons)')
    """

    name: ClassVar[str] = "bayesian-log-linear-average"
    title: ClassVar[str] = "Bayesian log-linear average"

    prior: CoefficientPrior = "sabanes-bove-held"

    def __post_init__(self) -> None:
        if self.prior not in get_args(CoefficientPrior):
            allowed = " or ".join(repr(prior) for prior in get_args(CoefficientPrior))
            raise SettingError(self.title, [f"prior = {self.prior!r}; it must be {allowed}"])

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        spread = (
            "with variance 1 (unit information)"
            if self.prior == "unit-information"
            else f"with one variance for all, itself inverse gamma({_SHAPE / 2:g}, {_SCALE / 2:g}) (Sabanes Bove, Held)"
        )
        return (
            "How the lists depend on each other is one of the hierarchical log-linear models, all equally plausible "
            "before the lists are seen; in particular, those on no list are tied to the rest by no interaction of all "
            "lists.",
            f"The main effects and interactions of a model (sum-to-zero) are normal about 0 {spread}.",
            "Before the lists are seen, the order of magnitude of N is unknown: p(N) is proportional to 1/N (the "
            "intercept is flat).",
            "Apart from that, every person had the same chances of being recorded.",
            "The population is closed, nobody is counted twice, and the same person is recognised on every list.",
        )

    def obstacle(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        many = len(table.lists)
        if many > MAX_ENUMERATED:
            return (
                f"it averages over all hierarchical models, which are enumerated for up to {MAX_ENUMERATED} lists; on "
                f"{many} there are over seven million; merge or drop lists first"
            )
        shared = unusable_lists(table, minimum=2)
        if shared is None and table.frequencies[1:].sum() == 0:
            return "nobody is on two lists; without overlap the number would rest on the prior alone"
        return shared

    def fit(self, table: CaptureTable, *, rng: np.random.Generator, workers: int = 1) -> Result:
        """The posterior of N and of the models; see `estimation.models.protocol.Model.fit`."""
        obstacle = self.obstacle(table)
        if obstacle is not None:
            return not_estimable(self, table, rng, obstacle)
        provenance = provenance_of(self, table, rng)
        other: CoefficientPrior = "unit-information" if self.prior == "sabanes-bove-held" else "sabanes-bove-held"
        # Each prior has a generator of its own, so that it gives the same numbers as the answer and beside the answer.
        generators = dict(zip(sorted(get_args(CoefficientPrior)), rng.spawn(2), strict=True))
        found, totals = {}, {}
        for prior in (self.prior, other):
            posterior = averaged_posterior(
                table.cells(), prior_scales(prior), draws=_CHAINS * _DRAWS, size=_PARTICLES, rng=generators[prior],
                workers=workers,
            )  # fmt: skip
            found[prior] = posterior
            totals[prior] = _total(posterior, table.n_observed, generators[prior]) if posterior.limited else None
        own, total = found[self.prior], totals[self.prior]
        tables = (_model_table(own, table), _prior_table(totals))
        diagnostics = Diagnostics(own.checks)
        if total is None or not diagnostics.ok:
            reason = _BOUNDLESS if total is None else f"the posterior could not be computed. {diagnostics.sentence}"
            refused = not_estimable(self, table, rng, reason)
            return replace(refused, provenance=provenance, diagnostics=diagnostics, evidence=total, tables=tables)
        return Estimate(
            total=total,
            n_observed=table.n_observed,
            model=self.name,
            title=self.title,
            assumptions=self.assumptions,
            diagnostics=diagnostics,
            provenance=provenance,
            notes=(_other_note(other, totals[other], found[other], total), *_tail_note(total)),
            tables=tables,
        )


_BOUNDLESS = (
    "the posterior of the number on no list reaches beyond 10^15 people: neither these lists nor the prior limit it; "
    "use the unit-information prior, or lists that overlap more"
)


def _total(posterior: AveragedPosterior, n_observed: int, rng: np.random.Generator) -> Draws:
    shape = (_CHAINS, _DRAWS)
    log_unseen = posterior.log_unseen.reshape(shape)
    return Draws(n_observed + rng.poisson(np.exp(log_unseen)), {"log mu_0": log_unseen})


def _model_table(posterior: AveragedPosterior, table: CaptureTable) -> ResultTable:
    """The models with the largest weights."""
    models, by_laplace = posterior.evidence.models, posterior.evidence.weights
    weights = posterior.particles.model_weights(len(models))
    shown = [m for m in np.argsort(-weights, kind="stable")[:_MODELS_SHOWN].tolist() if weights[m] > 0]
    rows = tuple(
        (
            format_model(models[m], table.lists),
            float(weights[m]),
            float(by_laplace[m]),
            posterior.middle_of(m, table.n_observed),
        )
        for m in shown
    )
    title = f"Weights of the models: {len(shown)} of {len(models):,} shown, together {weights[shown].sum():.3f}"
    columns = ("model", "posterior weight", "weight by Laplace alone", "median of N expected under it (persons)")
    return ResultTable(title, columns, rows)


def _prior_table(totals: dict[CoefficientPrior, Draws | None]) -> ResultTable:
    """Both priors side by side."""
    rows = tuple(
        (prior, *(("no upper limit",) * 3 if total is None else (total.quantile(q) for q in (0.5, 0.025, 0.975))))
        for prior, total in totals.items()
    )
    columns = ("prior of the coefficients", "median (persons)", "95 % from (persons)", "to (persons)")
    return ResultTable("N under each prior of the coefficients", columns, rows)


def _other_note(prior: CoefficientPrior, total: Draws | None, found: AveragedPosterior, own: Draws) -> str:
    """What the other prior says, in one sentence."""
    if total is None:
        return f"Under the {prior} prior of the coefficients the same lists set no upper limit to N."
    lower, middle, upper = (total.quantile(q) for q in (0.025, 0.5, 0.975))
    change = middle / own.quantile(0.5) - 1
    said = (
        f"Under the {prior} prior of the coefficients the same lists give {middle:,.0f} people (95 % credible interval "
        f"{lower:,.0f} to {upper:,.0f}): the median moves by {change:+.1%} and the upper end by "
        f"{upper / own.quantile(0.975) - 1:+.1%}."
    )
    failed = Diagnostics(found.checks)
    return said if failed.ok else f"{said} That computation: {failed.sentence}"


def _tail_note(total: Draws) -> tuple[str, ...]:
    """That the mean is made by a far tail, where it is."""
    if total.mean <= total.quantile(0.9):
        return ()
    return (
        "The posterior has so long a tail that its mean lies above nine tenths of it; read the median and the "
        "interval, not the mean.",
    )


_MODEL: type[Model] = HierarchicalLogLinearAverage  # mypy: it keeps the protocol
