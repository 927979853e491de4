"""Intervals for N under a selected log-linear model that include model-selection uncertainty.

An interval under the selected model is conditional on it.  At nominal 95 % one such interval covered 61 % of the time,
and 90 % with the selection repeated in each resample (Silverman, Chan, Vincent 2024).  Here each resample (see
`estimation.models.log_linear.bootstrap`) repeats the whole selection, and gives the N of the model it selects.

A resample on which no model gives an estimate is left out of the interval, and its share is reported.  Above 5 % there
is no estimate: where so large a share of the resamples sets no limit to N, an interval of the others is too narrow.

References
----------
Chan, Silverman, Vincent (2021), Journal of the American Statistical Association 116:1297-1306.
Silverman, Chan, Vincent (2024), Statistics and Computing 34:44.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.log_linear.bootstrap import (
    acceleration,
    bca_intervals,
    in_blocks,
    percentile_intervals,
    resampled,
    without_one,
)
from estimation.models.log_linear.existence import FINE, codes_of, reduced
from estimation.models.log_linear.family import Criterion, is_convex, penalty
from estimation.models.log_linear.poisson_fit import fit_each
from estimation.models.log_linear.terms import format_model, lists_of, model_design
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import ResultTable
from estimation.results.totals import Interval, Point
from estimation.work.progress import Progress, silent

__all__ = [
    "Choose",
    "ChosenPoint",
    "IntervalBy",
    "SelectionBootstrap",
    "bootstrap_problems",
    "choice_assumption",
    "choose_best",
    "chosen_point",
    "selection_bootstrap",
]

IntervalBy: TypeAlias = Literal["bca", "percentile", "conditional"]

Choose: TypeAlias = Callable[[IntArray], tuple[BoolArray, FloatArray]]
"""From tables, shape (F, 2^J), to the model selected on each, shape (F, 2^J), and its n_0, shape (F,); NaN for none."""

_FEWEST = 200
"""With fewer resamples than this a 95 % limit rests on less than five of them."""

_SHARE_LIMIT = 0.05

_MOST_ROWS = 10


def bootstrap_problems(interval: str, resamples: int) -> list[str]:
    """What is wrong with the two settings, one sentence each.

    Examples
    --------
    >>> bootstrap_problems("bca", 20)
    ['resamples = 20; a 95 % limit needs at least 200']
    """
    problems = []
    if interval not in get_args(IntervalBy):
        problems.append(f"interval = {interval!r}; choose from {', '.join(get_args(IntervalBy))}")
    if resamples < _FEWEST:
        problems.append(f"resamples = {resamples}; a 95 % limit needs at least {_FEWEST}")
    return problems


def choice_assumption(interval: IntervalBy) -> str:
    """The assumption of the interval."""
    if interval == "conditional":
        return "The interval is conditional on the selected model."
    return "People are recorded independently of one another, so that resamples of them show the sampling error of N."


def choose_best(cells: IntArray, models: BoolArray, criterion: Criterion) -> tuple[BoolArray, FloatArray]:
    """The model with the best score on each table, and its n_0.

    Parameters
    ----------
    cells : int array, shape (F, 2^J)
        The tables, cell 0 first, as in `CaptureTable.cells`.  Unit: persons.
    models : bool array, shape (M, 2^J) or (M, 2^J + H)
        Those to select from, as terms and columns of heterogeneity.
    criterion : {"bic", "aic", "bic-of-cells"}
        The criterion of selection.

    Returns
    -------
    chosen : bool array, shape (F, 2^J)
        Its terms.
    unseen : float array, shape (F,)
        Its n_0; NaN where no model gives an estimate.  Unit: persons.

    Examples
    --------
    >>> from estimation.models.log_linear.terms import hierarchical_models
    >>> chosen, unseen = choose_best(np.array([[0, 54, 30, 12], [0, 20, 10, 5]]), hierarchical_models(2), "bic")
    >>> unseen.round(6).tolist()
    [135.0, 40.0]
    """
    tables, tried = np.repeat(cells, len(models), axis=0), np.tile(models, (len(cells), 1))
    columns, retained = reduced(tried, tables)
    fits = fit_each(model_design(models), tables[:, 1:], columns, retained)
    usable = (codes_of(columns, retained, tables, fits) == FINE) & fits.converged & is_convex(models, fits)
    each = penalty(criterion, tables.sum(axis=1), lists_of(models))
    score = np.where(usable, each * tried.sum(axis=1) - 2 * fits.log_likelihood, np.inf)
    best = score.reshape(len(cells), len(models)).argmin(axis=1)
    rows = np.arange(len(cells)) * len(models) + best
    return models[best], np.where(usable[rows], fits.unseen[rows], np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class SelectionBootstrap:
    """N on each resample, under the model selected on it.

    Parameters
    ----------
    value : float
        N on the table.  Unit: persons.
    totals : float array, shape (B,)
        N on each resample; NaN where no model gives an estimate.  Unit: persons.
    models : bool array, shape (B, 2^J)
        The model selected on each, as terms.
    without : float array, shape (C,)
        N with one person of each history taken out; NaN where there is none.  Unit: persons.
    people : int array, shape (C,)
        People with each history.  Unit: persons.
    """

    value: float
    totals: FloatArray
    models: BoolArray
    without: FloatArray
    people: IntArray

    @property
    def share_without(self) -> float:
        """The share of resamples on which no model gives an estimate."""
        return float(np.isnan(self.totals).mean())

    @property
    def why_not(self) -> str | None:
        """Why the resamples give no interval, or None."""
        if self.share_without <= _SHARE_LIMIT:
            return None
        return (
            f"on {self.share_without:.0%} of the resamples no model gives an estimate (limit {_SHARE_LIMIT:.0%}), so "
            "that an interval from the others is too narrow; merge lists that hardly overlap, or set "
            'interval = "conditional"'
        )

    @property
    def diagnostics(self) -> Diagnostics:
        """Whether nearly every resample gives an estimate."""
        share = self.share_without
        meaning = "Share of resamples on which no model gives an estimate; the interval leaves them out"
        return Diagnostics(
            (
                Check(
                    "share of resamples without an estimate", share, _SHARE_LIMIT, share <= _SHARE_LIMIT, f"{meaning}."
                ),
            )
        )

    def intervals(self, by: IntervalBy) -> tuple[Interval, ...]:
        """The intervals at `estimation.results.log_interval.LEVELS`, by percentiles or BCa.

        Raises
        ------
        ValueError
            For the conditional interval, which needs no resample.
        """
        # On a resample of fewer people N can be below those observed on the table, and the truth cannot.
        totals = np.maximum(self.totals[np.isfinite(self.totals)], self.people.sum())
        if by == "conditional":
            raise ValueError("the conditional interval is that of the selected model; use bca or percentile")
        if by == "percentile":
            return percentile_intervals(totals)
        return bca_intervals(totals, self.value, acceleration(self.without, self.people))

    def note(self, by: IntervalBy) -> str:
        """How the interval is computed, in a sentence or two."""
        several = len(np.unique(self.models[np.isfinite(self.totals)], axis=0))
        kind = "bias-corrected and accelerated limits" if by == "bca" else "percentile limits"
        same = "the same model each time" if several == 1 else f"{several:,} different models"
        note = (
            "The interval includes model-selection uncertainty: the selection is repeated in each of "
            f"{len(self.totals):,} resamples of the people observed and gives {same} ({kind}). The standard error is "
            "that under the selected model."
        )
        if not self.share_without:
            return note
        return f"{note} On {self.share_without:.1%} of the resamples no model gives an estimate; they are left out."

    def tables(self, table: CaptureTable, chosen: Point) -> tuple[ResultTable, ...]:
        """The three 95 % intervals, and how often each model is selected."""
        rows = tuple(
            (name, interval.lower, interval.upper)
            for name, intervals in (
                ("with selection, BCa", self.intervals("bca")),
                ("with selection, percentile", self.intervals("percentile")),
                ("conditional on the selected model", chosen.intervals),
            )
            for interval in intervals
            if interval.level == 0.95
        )
        return (
            ResultTable(
                "95 % confidence intervals with and without model selection",
                ("interval", "lower (persons)", "upper (persons)"),
                rows,
            ),
            self._chosen_table(table),
        )

    def _chosen_table(self, table: CaptureTable) -> ResultTable:
        finite = np.isfinite(self.totals)
        models, which, times = np.unique(self.models[finite], axis=0, return_inverse=True, return_counts=True)
        order = np.argsort(-times, kind="stable")[:_MOST_ROWS]
        rows = tuple(
            (
                format_model(models[k], table.lists),
                float(times[k] / len(self.totals)),
                float(np.median(self.totals[finite][which.reshape(-1) == k])),
            )
            for k in order.tolist()
        )
        return ResultTable(
            f"Models selected most often in {len(self.totals):,} resamples, of {len(models):,}",
            ("model", "share of resamples", "median N (persons)"),
            rows,
        )


def selection_bootstrap(
    table: CaptureTable,
    choose: Choose,
    *,
    resamples: int,
    rng: np.random.Generator,
    workers: int,
    progress: Progress = silent,
) -> SelectionBootstrap:
    """The whole selection repeated on resamples, and with one person of each history taken out.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    choose : callable
        The selection; see `Choose`.  It must give an estimate on the table.
    resamples : int
        B.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads at most; changes how long it takes, never the result.
    progress : callable
        Receives the share of the resamples that is done.
    """
    cells = table.cells()
    value = table.n_observed + float(choose(cells[None, :])[1][0])
    left_one_out, people = without_one(cells)
    every = np.vstack([left_one_out, resampled(cells, value, resamples, rng)])
    parts = in_blocks(choose, every, workers, progress)
    models = np.concatenate([model for model, _ in parts])
    totals = every.sum(axis=1) + np.concatenate([unseen for _, unseen in parts])
    first = len(people)
    return SelectionBootstrap(value, totals[first:], models[first:], totals[:first], people)


@dataclass(frozen=True, slots=True)
class ChosenPoint:
    """N under a selected model, with the interval of the setting.

    Parameters
    ----------
    point : Point
        N, its standard error and its intervals.
    diagnostics : Diagnostics
        On the resamples.
    note : str
        How the interval is computed.
    tables : tuple of ResultTable
        The intervals and the models selected in the resamples; none for the conditional interval.
    """

    point: Point
    diagnostics: Diagnostics
    note: str
    tables: tuple[ResultTable, ...]


def chosen_point(
    table: CaptureTable,
    conditional: Point,
    choose: Choose,
    *,
    by: IntervalBy,
    resamples: int,
    rng: np.random.Generator,
    workers: int,
    progress: Progress = silent,
) -> ChosenPoint | str:
    """N under a selected model with its interval; or why the resamples give none.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    conditional : Point
        N under the model selected on the table, with the intervals that are conditional on it.
    choose : callable
        The selection; see `Choose`.
    by : {"bca", "percentile", "conditional"}
        Which interval.
    resamples : int
        B.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads at most; changes how long it takes, never the result.
    progress : callable
        Receives the share of the resamples that is done.
    """
    if by == "conditional":
        note = "The interval is conditional on that model: it excludes model-selection uncertainty and is too narrow."
        return ChosenPoint(conditional, Diagnostics(), note, ())
    bootstrap = selection_bootstrap(table, choose, resamples=resamples, rng=rng, workers=workers, progress=progress)
    if bootstrap.why_not is not None:
        return bootstrap.why_not
    return ChosenPoint(
        Point(conditional.value, conditional.standard_error, bootstrap.intervals(by)),
        bootstrap.diagnostics,
        bootstrap.note(by),
        bootstrap.tables(table, conditional),
    )
