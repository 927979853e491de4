"""One log-linear model, named by its generators.

Likelihood: the number of people with history h is Poisson with mean mu_h, independently.
Identifying assumption: there is no interaction of lists beyond those of the model, in particular none of all lists.

Symbols
-------
J lists; h a history; t a term, a set of lists; alpha_t its coefficient.

    log mu_h = sum over terms t of the model inside h of alpha_t         n_0 = exp(alpha_0),   N = n + n_0
    SE(N) = sqrt(n_0 + n_0^2 Var(alpha_0)); interval by profile likelihood

A model is hierarchical and has all main effects.  An overlap of the model that nobody is in has coefficient minus
infinity and its cells leave the table; a model whose likelihood has no maximum, or more than one, gives no number.

References
----------
Fienberg (1972), Biometrika 59:591-603; Cormack (1989), Biometrics 45:395-413; Cormack (1992), Biometrics 48:567-576;
Rivest, Levesque (2001), Biometrics 57:555-560; Chan, Silverman, Vincent (2021), JASA 116:1297-1306.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.errors import SettingError
from estimation.models.identification import identification_note
from estimation.models.log_linear.convergence import family_check
from estimation.models.log_linear.family import MAX_LISTS_FITTED, Family, empty_terms, fit_family, why_not
from estimation.models.log_linear.goodness_of_fit import FitCheck, check_fit, leverages, refit_terms
from estimation.models.log_linear.profile_likelihood import profile_intervals
from estimation.models.log_linear.terms import format_model, main_effects, model_design, parse_generators, terms_of
from estimation.models.log_linear.terms import text_problems as _text_problems
from estimation.models.named_lists import NamesLists
from estimation.models.predictive.fit_checked import FitChecked
from estimation.models.protocol import (
    CLOSED_POPULATION,
    SAME_PROBABILITIES,
    Model,
    check_settings,
    estimate,
    not_estimable,
    unusable_lists,
)
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Result
from estimation.results.rounding import persons
from estimation.results.totals import Point
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["LogLinear", "fit_of", "model_notes", "profile_point", "terms_note"]

_LEVEL = 0.95


def profile_point(family: Family, table: CaptureTable, which: int) -> Point:
    """N by one model of a family, with its standard error and profile-likelihood intervals.  Unit: persons."""
    unseen = float(family.fits.unseen[which])
    intervals = profile_intervals(
        model_design(family.models),
        table.cells()[1:].astype(np.float64),
        family.columns[which],
        family.retained[which],
        unseen,
    )
    return Point(table.n_observed + unseen, float(family.fits.standard_error[which]), intervals)


def terms_note(family: Family, table: CaptureTable, which: int) -> str:
    """The identification statement of one model of a family."""
    return identification_note(
        format_model(family.models[which], table.lists),
        int(family.columns[which].sum()),
        len(table.lists),
        because="the lists have no other interactions, the one of all lists among them",
    )


def _limits(point: Point) -> str:
    """What the likelihood says of N under the model: there is no prior, and the interval is by profile likelihood."""
    interval = next(found for found in point.intervals if found.level == _LEVEL)
    ends = f"{persons(interval.lower)} to {persons(interval.upper)}"
    return f"Under this model the likelihood alone bounds N, with no prior: {ends} (95 %)."


def model_notes(family: Family, table: CaptureTable, which: int) -> tuple[str, ...]:
    """A note where overlaps in the model are empty, and the identification statement."""
    empty = empty_terms(family.models[which], family.columns[which], table.lists)
    statement = terms_note(family, table, which)
    if not empty:
        return (statement,)
    return (
        f"Nobody is on {empty} together, and the model has these interactions: their coefficients are minus infinity "
        "(extended maximum-likelihood estimate), and the histories that contain them have expected count zero.",
        statement,
    )


def fit_of(
    family: Family,
    table: CaptureTable,
    which: int,
    *,
    rng: np.random.Generator | None,
    choose: Callable[[IntArray], BoolArray] | None = None,
) -> FitCheck:
    """Goodness of fit of one model: deviance, criteria, p-values, and each history with its residuals.

    Parameters
    ----------
    family : Family
        Models fitted to the table.
    table : CaptureTable
        Who was seen by which lists.
    which : int
        The model.
    rng : numpy.random.Generator, optional
        The only source of randomness; None where resamples are not wanted.
    choose : callable, optional
        Where the model was selected on the table: from other tables, shape (F, 2^J), to the model selected on each.
    """
    terms, columns, retained = family.models[which], family.columns[which], family.retained[which]
    mean, design = family.fitted(which), model_design(terms)
    leverage = np.ones(len(mean))
    leverage[retained] = leverages(design[np.ix_(retained, columns)], mean[retained])

    def refit(tables: IntArray) -> FloatArray:
        chosen = terms[None, :] if choose is None else choose(np.pad(tables, ((0, 0), (1, 0))))
        return refit_terms(tables, chosen)

    degrees = int(retained.sum() - columns.sum())
    model = format_model(terms, table.lists)
    return check_fit(
        table,
        mean,
        leverage,
        (("degrees of freedom", degrees), ("AIC", family.score("aic")[which]), ("BIC", family.score("bic")[which])),
        title=model,
        refit=refit,
        is_fixed=choose is None,
        rng=rng,
    )


@dataclass(frozen=True, slots=True)
class LogLinear(FitChecked):
    """The number of people under one log-linear model, with its profile-likelihood interval (Fienberg 1972).

    There is no interaction of lists beyond those of the model (the identifying assumption).

    Parameters
    ----------
    model : str, optional
        The generators, for example ``"[EXH ABA OSCE][EXH HRW]"`` (see
        `estimation.models.log_linear.terms.parse_generators`).  By default the lists are independent.
    fit_check : bool
        Whether the fit to the lists is checked by simulated tables, which changes none of the numbers.

    Raises
    ------
    SettingError
        When the text names no list, or its brackets do not close.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "001": 15, "110": 8, "011": 6})
    >>> print(LogLinear("[A B][B C]").fit(table, rng=1).reason)
    the likelihood of [A B][B C] has no maximum: it increases without end as the expected number on A and C goes to \
zero; leave out an interaction ([A B], [B C]) or merge lists
    >>> print(LogLinear().fit(table, rng=1))
    about 190 people (95 % confidence interval 132 to 301); 79 observed
    """

    name: ClassVar[str] = "log-linear"
    title: ClassVar[str] = "Log-linear model"

    model: str | None = None

    def __post_init__(self) -> None:
        problems = [] if self.model is None else _text_problems(self.model)
        check_settings(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        if self.model is None:
            first = "The lists are independent: being on one makes nobody more or less likely to be on another."
        else:
            first = (
                f"The lists interact as in {self.model} and in no other way; in particular, there is no interaction of "
                "all lists."
            )
        return (
            first,
            SAME_PROBABILITIES,
            CLOSED_POPULATION,
        )

    @described_by(NamesLists.wrong_lists)
    def wrong_lists(self, table: CaptureTable) -> str | None:
        """What is wrong with the lists that the model names, or None."""
        try:
            self.terms(table)
        except SettingError as error:
            return "; ".join(error.problems)
        return None

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        shared = unusable_lists(table, minimum=2, maximum=MAX_LISTS_FITTED)
        if shared is not None:
            return shared
        wrong = self.wrong_lists(table)
        if wrong is not None:
            return wrong
        terms = self.terms(table)
        if terms.all():
            return (
                f"the model has the interaction of all lists, [{' '.join(table.lists)}]; this saturated model fits any "
                "n_0 equally well, so leave that interaction out"
            )
        family = fit_family(table, terms[None, :])
        return None if family.usable[0] else why_not(family, table)

    def terms(self, table: CaptureTable) -> BoolArray:
        """The terms of the model on a table's lists, shape (2^J,).

        Parameters
        ----------
        table : CaptureTable
            Who was seen by which lists.

        Raises
        ------
        SettingError
            When the model names a list that the table does not have.
        """
        n_lists = len(table.lists)
        return (
            main_effects(n_lists)
            if self.model is None
            else terms_of(parse_generators(self.model, table.lists), n_lists)
        )

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Estimate N under the model; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        family = fit_family(table, self.terms(table)[None, :])
        check = fit_of(family, table, 0, rng=rng.spawn(1)[0] if self.fit_check else None)
        point = profile_point(family, table, 0)
        return estimate(
            self,
            table,
            rng,
            point,
            diagnostics=Diagnostics((family_check(family, table, family.usable),)),
            notes=(
                "The interval is conditional on the model: if the model was selected on this table, it is too narrow.",
                *model_notes(family, table, 0),
                _limits(point),
            ),
            tables=check.tables,
            fit=check.fit,
        )
