"""Bayesian model average over all hierarchical log-linear models, and over models with heterogeneity if wanted.

Symbols
-------
J lists; h a history, n_h people with it; n all that were observed; n_0 those on no list.   X : sum-to-zero design of
the complete table of 2^J histories, entries 1 and -1.   theta : the k coefficients of a model but the intercept alpha.

Likelihood, over the 2^J - 1 histories that can be observed, those that nobody has included::

    n_h ~ Poisson(mu_h),   log mu_h = alpha + x_h theta,   n_0 ~ Poisson(mu_0),   N = n + n_0

Identifying assumption: the lists follow one of the hierarchical models with all main effects; there is no interaction
of all lists.  With heterogeneity: or one of those with interactions of two lists and a form of heterogeneity that is
known, with tau z_h added to x_h theta, tau >= 0 (`estimation.models.bayesian_log_linear.averaged_family`).

Prior: every model the same;  alpha flat;  theta | sigma^2 ~ Normal(0, sigma^2 C (X'X)^{-1}), C = 2^J;  tau | sigma^2
the same, Normal(0, sigma^2) cut at zero.

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
are drawn over models, sigma^2 and theta, which correct it, then draws of N from the particles. Up to 5 lists all models
are enumerated (8, 113 and 6,893; with heterogeneity of three forms 29, 304 and 9,964). With 6 there are 7.8 million:
four chains walk over them, and are checked against each other (see
`estimation.models.bayesian_log_linear.averaged_posterior`); heterogeneity asks for 5 lists at most.

References
----------
King, Brooks (2001), Biometrika 88:317-336; Overstall, King (2014), Journal of Statistical Software 58(7); Ntzoufras,
Dellaportas, Forster (2003), Journal of Statistical Planning and Inference 111:165-180, for the unit-information prior;
Sabanes Bove, Held (2011), Bayesian Analysis 6:387-410, for the other; Rivest, Baillargeon (2007), Biometrics
63:999-1006, for the forms of heterogeneity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, get_args

import numpy as np

from estimation.capture.table import CaptureTable, IntArray
from estimation.models.bayesian_log_linear.averaged_family import BayesianFamily, averaged_models
from estimation.models.bayesian_log_linear.averaged_posterior import (
    SCALE,
    SHAPE,
    AveragedPosterior,
    CoefficientPrior,
    averaged_posterior,
    prior_scales,
    walked_posterior,
)
from estimation.models.bayesian_log_linear.averaged_prior import averaged_expansion
from estimation.models.bayesian_log_linear.marginal_likelihood import history_probabilities
from estimation.models.bayesian_log_linear.model_walk import MAX_LISTS_WALKED
from estimation.models.identification import identification_note
from estimation.models.log_linear.heterogeneity_designs import Shape
from estimation.models.log_linear.selected import SHAPES, families_named, person_assumption
from estimation.models.log_linear.terms import MAX_ENUMERATED, format_model
from estimation.models.predictive.checks import (
    PredictiveCheck,
    evenly,
    notes_of,
    predicted_cells,
    predictive_check,
    tables_of,
)
from estimation.models.predictive.fit_checked import FitChecked
from estimation.models.prior_and_posterior import HasPrior, prior_total_draws
from estimation.models.protocol import (
    CLOSED_POPULATION,
    PRIOR_ON_N,
    Model,
    check_settings,
    estimate,
    no_overlap,
    not_estimable,
    unusable_lists,
)
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Result, ResultTable
from estimation.results.totals import Draws
from estimation.text.described import described_by
from estimation.work.progress import Progress, part, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["HierarchicalLogLinearAverage"]

_PARTICLES = 200_000
_CHAINS, _DRAWS = 4, 4000
_STATES, _THIN = 40_000, 2
"""Of each chain that walks: some 107,000 steps, of which the last 80,000 count."""

_SHARE_OF_TIME: Mapping[CoefficientPrior, float] = {"sabanes-bove-held": 0.75, "unit-information": 0.25}
"""About; an unknown sigma^2 is summed over."""

_MOST_ROWS = 10

_FORMS = tuple(shape for shape in get_args(Shape) if shape != "Chao")
"""Chao's form gives a lower bound, which is no estimate to average."""


@dataclass(frozen=True, slots=True)
class HierarchicalLogLinearAverage(FitChecked):
    """The number of people averaged over all hierarchical log-linear models (Overstall, King 2014).

    One of the models holds, and none has an interaction of all lists (the identifying assumption).  Every model has the
    same prior probability; normal prior on the coefficients, p(N) proportional to 1/N.  With heterogeneity, models with
    pairs are there again with each form of it, whose coefficient has half the same normal prior.

    Parameters
    ----------
    prior : {"sabanes-bove-held", "unit-information"}
        Prior of the coefficients: their variance is estimated from the table, or fixed at the information in one cell.
        The estimate under the other prior is always in a note and a table of the result.
    family : {"hierarchical", "with heterogeneity"}
        All hierarchical models; or all of them, and again those with interactions of two lists with each form of
        heterogeneity (5 lists at most).
    shapes : tuple of str
        The forms of heterogeneity that join the family with heterogeneity (no other): ``Poisson2``, ``Darroch``,
        ``Gamma3.5``, ``Gamma2.5``.
    fit_check : bool
        Whether the fit to the lists is checked by simulated tables, which changes none of the numbers.

    Raises
    ------
    SettingError
        When a setting is not one of those named.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 30, "001": 20, "110": 26, "011": 4})
    >>> result = HierarchicalLogLinearAverage().fit(table, rng=1)
    >>> result.tables[1].columns
    ('prior of the coefficients', 'median (persons)', '2.5 % (persons)', '97.5 % (persons)')
    """

    name: ClassVar[str] = "bayesian-log-linear-average"
    title: ClassVar[str] = "Bayesian log-linear average"

    prior: CoefficientPrior = field(
        default="sabanes-bove-held",
        metadata={
            "question": "What if the prior on the log-linear coefficients were another?",
            "axis": "prior on the log-linear coefficients",
        },
    )

    family: BayesianFamily = "hierarchical"
    shapes: tuple[Shape, ...] = SHAPES

    def __post_init__(self) -> None:
        problems = []
        for setting, kind in (("prior", CoefficientPrior), ("family", BayesianFamily)):
            value = getattr(self, setting)
            if value not in get_args(kind):
                problems.append(f"{setting} = {value!r}; it must be {' or '.join(map(repr, get_args(kind)))}")
        unknown = [shape for shape in self.shapes if shape not in _FORMS]
        if unknown or not self.shapes:
            problems.append(f"shapes = {', '.join(unknown) or 'none'}; choose from {', '.join(_FORMS)}")
        check_settings(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        spread = (
            "with variance 1 (unit information)"
            if self.prior == "unit-information"
            else f"with one variance for all, itself inverse gamma({SHAPE / 2:g}, {SCALE / 2:g}) (Sabanes Bove, Held)"
        )
        wide = self.family == "with heterogeneity"
        cut = "; so is the coefficient of a form of heterogeneity, cut at 0" if wide else ""
        return (
            f"The dependence between the lists is one of the {families_named(self.family)}, all equally plausible "
            "before the table is seen; in particular, there is no interaction of all lists.",
            f"The main effects and interactions of a model (sum-to-zero) are normal about 0 {spread}{cut}.",
            PRIOR_ON_N,
            person_assumption(self.family, self.shapes),
            CLOSED_POPULATION,
        )

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        most = MAX_LISTS_WALKED if self.family == "hierarchical" else MAX_ENUMERATED
        return unusable_lists(table, minimum=2, maximum=most) or no_overlap(table)

    @described_by(HasPrior.prior_total)
    def prior_total(self, table: CaptureTable, *, rng: RandomState, draws: int = 4000) -> IntArray:
        """Draws of N given only how many people are observed; see `estimation.models.prior_and_posterior.HasPrior`."""
        rng = generator_of(rng)
        expansion = averaged_expansion(
            len(table.lists), self.prior, draws=draws, rng=rng, family=self.family, shapes=self.shapes
        )
        return prior_total_draws(expansion, table.n_observed, rng=rng)

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """The posterior of N and of the models; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        other: CoefficientPrior = "unit-information" if self.prior == "sabanes-bove-held" else "sabanes-bove-held"
        # Each prior has a generator of its own, so that it gives the same numbers as the answer and beside the answer.
        generators = dict(zip(sorted(get_args(CoefficientPrior)), rng.spawn(2), strict=True))
        found, totals = {}, {}
        share = _SHARE_OF_TIME[self.prior]
        for prior, of_prior in ((self.prior, part(progress, 0, share)), (other, part(progress, share, 1))):
            posterior = self._posterior(table, prior, rng=generators[prior], workers=workers, progress=of_prior)
            found[prior] = posterior
            totals[prior] = _total(posterior, table.n_observed, generators[prior]) if posterior.limited else None
        own, total = found[self.prior], totals[self.prior]
        tables = (_model_table(own, table), _prior_table(totals))
        diagnostics = Diagnostics(own.checks)
        if total is None or not diagnostics.ok:
            reason = _IMPROPER if total is None else f"the posterior could not be computed. {diagnostics.sentence}"
            return not_estimable(self, table, rng, reason, diagnostics=diagnostics, evidence=total, tables=tables)
        check = _predictive_check(own, table, self.title, generators[self.prior]) if self.fit_check else None
        notes = (
            _other_note(other, totals[other], found[other], total),
            *_tail_note(total),
            *_walk_note(own),
            _identification(own, table),
        )
        return estimate(
            self,
            table,
            rng,
            total,
            diagnostics=diagnostics,
            notes=(*notes, *notes_of(check)),
            tables=(*tables, *tables_of(check)),
            fit=check.fit if check else None,
        )

    def _posterior(
        self,
        table: CaptureTable,
        prior: CoefficientPrior,
        *,
        rng: np.random.Generator,
        workers: int,
        progress: Progress,
    ) -> AveragedPosterior:
        """The posterior over all models: enumerated, or by chains where there are too many."""
        cells, scales, n_lists = table.cells(), prior_scales(prior), len(table.lists)
        if n_lists <= MAX_ENUMERATED:
            models = averaged_models(n_lists, self.family, self.shapes)
            draws = _CHAINS * _DRAWS
            return averaged_posterior(
                cells, scales, models=models, draws=draws, size=_PARTICLES, rng=rng, workers=workers, progress=progress
            )
        return walked_posterior(
            cells,
            scales,
            chains=_CHAINS,
            draws=_DRAWS,
            states=_STATES,
            thin=_THIN,
            rng=rng,
            workers=workers,
            progress=progress,
        )


_IMPROPER = (
    "the posterior of N is improper: neither the lists nor the prior bound n_0 (a draw exceeds 10^15 people); use the "
    "unit-information prior, or lists that overlap more"
)


def _total(posterior: AveragedPosterior, n_observed: int, rng: np.random.Generator) -> Draws:
    shape = (_CHAINS, _DRAWS)
    log_unseen = posterior.log_unseen.reshape(shape)
    return Draws(n_observed + rng.poisson(np.exp(log_unseen)), {"log mu_0": log_unseen})


_FITS_ANY_TABLE = "among the models averaged is one with a parameter for every observable history"


def _predictive_check(
    posterior: AveragedPosterior, table: CaptureTable, title: str, generator: np.random.Generator
) -> PredictiveCheck:
    """Replicated tables by draws of model, sigma^2 and coefficients."""
    rng = generator.spawn(1)[0]
    chosen = posterior.chosen[evenly(posterior.chosen.size)]
    cells = history_probabilities(posterior.evidence, posterior.particles, chosen, table.cells()[1:], rng=rng)
    check = predictive_check(table, predicted_cells(table, cells), title=title, rng=rng)
    return replace(check, fit=replace(check.fit, remark=_FITS_ANY_TABLE))


def _model_table(posterior: AveragedPosterior, table: CaptureTable) -> ResultTable:
    """The models with the largest weights."""
    models, by_laplace = posterior.evidence.models, posterior.evidence.weights
    weights = posterior.particles.model_weights(len(models))
    listed = [m for m in np.argsort(-weights, kind="stable")[:_MOST_ROWS].tolist() if weights[m] > 0]
    rows = tuple(
        (
            format_model(models[m], table.lists),
            float(weights[m]),
            float(by_laplace[m]),
            posterior.middle_of(m, table.n_observed),
        )
        for m in listed
    )
    visited = "" if posterior.walks is None else " visited"
    together = f"together {weights[listed].sum():.3f}"
    title = f"Weights of the models: {len(listed)} of {len(models):,}{visited} listed, {together}"
    columns = ("model", "posterior weight", "weight by Laplace's method", "median of the expected N (persons)")
    return ResultTable(title, columns, rows)


def _prior_table(totals: dict[CoefficientPrior, Draws | None]) -> ResultTable:
    """Both priors side by side."""
    rows = tuple(
        (prior, *(("no upper limit",) * 3 if total is None else (total.quantile(q) for q in (0.5, 0.025, 0.975))))
        for prior, total in totals.items()
    )
    columns = ("prior of the coefficients", "median (persons)", "2.5 % (persons)", "97.5 % (persons)")
    return ResultTable("N under each prior of the coefficients", columns, rows)


def _other_note(prior: CoefficientPrior, total: Draws | None, found: AveragedPosterior, own: Draws) -> str:
    """The estimate under the other prior, in one sentence."""
    if total is None:
        return f"Under the {prior} prior of the coefficients the table does not bound N."
    lower, middle, upper = (total.quantile(q) for q in (0.025, 0.5, 0.975))
    change = middle / own.quantile(0.5) - 1
    note = (
        f"Under the {prior} prior of the coefficients N is {middle:,.0f} people (95 % credible interval "
        f"{lower:,.0f} to {upper:,.0f}): the median changes by {change:+.1%} and the upper end by "
        f"{upper / own.quantile(0.975) - 1:+.1%}."
    )
    failed = Diagnostics(found.checks)
    return note if failed.ok else f"{note} That computation: {failed.sentence}"


def _identification(posterior: AveragedPosterior, table: CaptureTable) -> str:
    """The identification statement, of the model with the largest weight."""
    models = posterior.evidence.models
    model = models[int(posterior.particles.model_weights(len(models)).argmax())]
    return identification_note(
        f"The model with the largest weight, {format_model(model, table.lists)},",
        int(model.sum()),
        len(table.lists),
        because="the lists have no other interactions, the one of all lists among them",
    )


def _tail_note(total: Draws) -> tuple[str, ...]:
    """A note where a long tail determines the mean."""
    if total.mean <= total.quantile(0.9):
        return ()
    return (
        "The posterior has so long a tail that its mean exceeds its 90 % quantile; use the median and the interval, "
        "not the mean.",
    )


def _walk_note(posterior: AveragedPosterior) -> tuple[str, ...]:
    """How the models were searched, where they are too many to enumerate."""
    walks = posterior.walks
    if walks is None:
        return ()
    n_lists = walks.models.shape[1].bit_length() - 1
    return (
        f"With {n_lists} lists there are too many models to enumerate: {len(walks.visits)} chains from different "
        f"models computed the weights of {walks.looked_at:,} and visited {len(walks.models):,}, which have about "
        f"{walks.mass_met:.0%} of the posterior.",
    )
