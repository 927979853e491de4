"""Intervals for N under a selected log-linear model that include model-selection uncertainty.

An interval under the selected model is conditional on it.  At nominal 95 % one such interval covered 61 % of the time,
and 90 % with the selection repeated in each resample (Silverman, Chan, Vincent 2024).  Here each resample (see
`estimation.models.log_linear.bootstrap`) repeats the whole selection, and gives the N of the model it selects.

A resample on which no model gives an estimate is left out of the interval, and its share is reported.  Above 5 % there
is no estimate: where so large a share of the resamples sets no limit to N, an interval of the others is too narrow.

Resamples are added until the limits are known well enough, up to a stated most (`estimation.models.sampled_limits`).
They are drawn 1,000 at a time, so that the first are the same however many follow.

References
----------
Chan, Silverman, Vincent (2021), Journal of the American Statistical Association 116:1297-1306.
Silverman, Chan, Vincent (2024), Statistics and Computing 34:44.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from estimation.models.log_linear.terms import format_model
from estimation.models.sampled_limits import BLOCK, SampledLimits
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import ResultTable
from estimation.results.totals import Interval, Point
from estimation.work.progress import Progress, attempt, silent

__all__ = [
    "Choose",
    "ChosenPoint",
    "IntervalBy",
    "SelectionBootstrap",
    "bootstrap_problems",
    "choice_assumption",
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

_ERRORS = ("Monte Carlo error of lower (persons)", "Monte Carlo error of upper (persons)")


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

    def diagnostics(self, by: IntervalBy) -> Diagnostics:
        """Whether nearly every resample gives an estimate, and whether the limits are known."""
        share = self.share_without
        meaning = "Share of resamples on which no model gives an estimate; the interval leaves them out."
        name = "share of resamples without an estimate"
        return Diagnostics(
            (Check(name, share, _SHARE_LIMIT, share <= _SHARE_LIMIT, meaning), *self.limits(by).checks())
        )

    def limits(self, by: IntervalBy) -> SampledLimits:
        """How well the resamples know the limits of the intervals by percentiles or BCa."""
        return SampledLimits.of(self.intervals(by), int(self.people.sum()), len(self.totals), self._usable)

    @property
    def _usable(self) -> FloatArray:
        """N on the resamples that give an estimate; on fewer people it can be below those observed on the table.

        The truth cannot, so that these count as those observed.  Unit: persons.
        """
        usable: FloatArray = np.maximum(self.totals[np.isfinite(self.totals)], self.people.sum())
        return usable

    def intervals(self, by: IntervalBy) -> tuple[Interval, ...]:
        """The intervals at `estimation.results.log_interval.LEVELS`, by percentiles or BCa.

        Raises
        ------
        ValueError
            For the conditional interval, which needs no resample.
        """
        if by == "conditional":
            raise ValueError("the conditional interval is that of the selected model; use bca or percentile")
        if by == "percentile":
            return percentile_intervals(self._usable)
        return bca_intervals(self._usable, self.value, acceleration(self.without, self.people))

    def note(self, by: IntervalBy) -> str:
        """How the interval is computed, in a sentence or two."""
        several = len(_distinct(self.models[np.isfinite(self.totals)])[0])
        kind = "bias-corrected and accelerated limits" if by == "bca" else "percentile limits"
        same = "the same model each time" if several == 1 else f"{several:,} different models"
        note = (
            "The interval includes model-selection uncertainty: the selection is repeated in each of "
            f"{len(self.totals):,} resamples of the people observed and gives {same} ({kind}). The standard error is "
            "that under the selected model."
        )
        more = ', or use percentile limits (interval = "percentile")' if by == "bca" else ""
        note = " ".join((note, *self.limits(by).notes(more)))
        if not self.share_without:
            return note
        return f"{note} On {self.share_without:.1%} of the resamples no model gives an estimate; they are left out."

    def tables(self, table: CaptureTable, chosen: Point) -> tuple[ResultTable, ...]:
        """The three 95 % intervals, and how often each model is selected."""
        rows = tuple(
            (name, interval.lower, interval.upper, *interval.errors)
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
                ("interval", "lower (persons)", "upper (persons)", *_ERRORS),
                rows,
            ),
            self._chosen_table(table),
        )

    def _chosen_table(self, table: CaptureTable) -> ResultTable:
        finite = np.isfinite(self.totals)
        models, which, times = _distinct(self.models[finite])
        order = np.argsort(-times, kind="stable")[:_MOST_ROWS]
        rows = tuple(
            (
                format_model(models[k], table.lists),
                float(times[k] / len(self.totals)),
                float(np.median(self.totals[finite][which == k])),
            )
            for k in order.tolist()
        )
        return ResultTable(
            f"Models selected most often in {len(self.totals):,} resamples, of {len(models):,}",
            ("model", "share of resamples", "median N (persons)"),
            rows,
        )


def _distinct(models: BoolArray) -> tuple[BoolArray, IntArray, IntArray]:
    """The models that differ, in the order of `numpy.unique`; which of them each is, and how many are of each."""
    packed = np.packbits(models, axis=1)
    keys = packed.view(f"S{packed.shape[1]}").reshape(-1)  # sorted many times faster than rows of truth values
    _, first, which, times = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    return models[first], which, times


def selection_bootstrap(
    table: CaptureTable,
    choose: Choose,
    *,
    by: IntervalBy,
    resamples: int,
    most_resamples: int,
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
    by : {"bca", "percentile"}
        The limits that are to be known.
    resamples, most_resamples : int
        B at first, and at most (`resamples` where that is more).
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads at most; changes how long it takes, never the result.
    progress : callable
        Receives the share of the resamples that is done.
    """
    cells = table.cells()
    on_table, unseen = choose(cells[None, :])
    value = table.n_observed + float(unseen[0])
    left_one_out, people = without_one(cells)
    _, without = _chosen(choose, left_one_out, workers, silent)
    found = SelectionBootstrap(value, np.empty(0), on_table[:0], without, people)
    most, wanted, number = max(most_resamples, resamples), resamples, 0
    while (drawn := len(found.totals)) < wanted:
        sizes = [min(BLOCK, wanted - start) for start in range(drawn, wanted, BLOCK)]
        tables = np.vstack([resampled(cells, value, size, rng) for size in sizes])
        models, totals = _chosen(choose, tables, workers, attempt(progress, number, last=wanted == most))
        found = replace(
            found, totals=np.concatenate([found.totals, totals]), models=np.concatenate([found.models, models])
        )
        number += 1
        if found.why_not is None:
            wanted = found.limits(by).wanted(most)
    progress(1.0)
    return found


def _chosen(choose: Choose, tables: IntArray, workers: int, progress: Progress) -> tuple[BoolArray, FloatArray]:
    """The model selected on each table and its N."""
    parts = in_blocks(choose, tables, workers, progress)
    return (
        np.concatenate([model for model, _ in parts]),
        tables.sum(axis=1) + np.concatenate([unseen for _, unseen in parts]),
    )


@dataclass(frozen=True, slots=True)
class ChosenPoint:
    """N under a selected model, with the interval of the setting.

    Parameters
    ----------
    point : Point
        N, its standard error and its intervals.
    diagnostics : Diagnostics
        On the fit and the resamples.
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
    converged: Check,
    by: IntervalBy,
    resamples: int,
    most_resamples: int,
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
    converged : Check
        Whether the fit of the selected model converged.
    by : {"bca", "percentile", "conditional"}
        Which interval.
    resamples, most_resamples : int
        B at first, and at most (`resamples` where that is more).
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads at most; changes how long it takes, never the result.
    progress : callable
        Receives the share of the resamples that is done.
    """
    if by == "conditional":
        note = "The interval is conditional on that model: it excludes model-selection uncertainty and is too narrow."
        return ChosenPoint(conditional, Diagnostics((converged,)), note, ())
    bootstrap = selection_bootstrap(
        table,
        choose,
        by=by,
        resamples=resamples,
        most_resamples=most_resamples,
        rng=rng,
        workers=workers,
        progress=progress,
    )
    if bootstrap.why_not is not None:
        return bootstrap.why_not
    return ChosenPoint(
        Point(conditional.value, conditional.standard_error, bootstrap.intervals(by)),
        Diagnostics((*bootstrap.diagnostics(by).checks, converged)),
        bootstrap.note(by),
        bootstrap.tables(table, conditional),
    )
