"""From influences to an answer: N with its interval, or the reason why there is none, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, pi, sqrt
from typing import Protocol

import numpy as np

from estimation.models.covariates import findings
from estimation.models.covariates.cross_fit import Crossed, cross_fitted, single_fit
from estimation.models.covariates.influence import Influences
from estimation.models.covariates.learners import Fitting, LearnerName
from estimation.models.covariates.missing_covariates import probability_known
from estimation.models.covariates.people import People
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import ResultTable
from estimation.results.log_interval import point_with_log_interval
from estimation.results.rounding import persons
from estimation.results.totals import Interval, Point
from estimation.text.counted import counted
from estimation.work.progress import Progress

__all__ = ["Answer", "answer_of"]

_MEDIAN = sqrt(pi / 2)
"""The standard error of a median, in those of a mean."""

_NONE = 1e-12  # without covariates nothing is truncated


class Settings(Protocol):
    """What of a model's settings is needed here."""

    @property
    def learner(self) -> LearnerName: ...
    @property
    def fitting(self) -> Fitting: ...
    @property
    def numeric(self) -> tuple[str, ...]: ...
    @property
    def xi(self) -> float: ...
    @property
    def xi_factors(self) -> tuple[float, ...]: ...
    @property
    def truncation(self) -> float: ...
    @property
    def folds(self) -> int: ...
    @property
    def splits(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """N, or why there is none.

    Parameters
    ----------
    point : Point or None
        N with its intervals.  Unit: persons.
    reason : str
        Why there is no point.
    diagnostics, notes, tables
        As in `estimation.results.estimates.Estimate`.
    """

    point: Point | None
    reason: str
    diagnostics: Diagnostics
    notes: tuple[str, ...]
    tables: tuple[ResultTable, ...]


def answer_of(
    settings: Settings, people: People, n_observed: int, rng: np.random.Generator, *, workers: int, progress: Progress
) -> Answer:
    """What the influences of some people say of N.

    Parameters
    ----------
    settings : Settings
        The model.
    people : People
        Those that the model is about.
    n_observed : int
        People on any list of the table.  Unit: persons.
    rng : numpy.random.Generator
        Deals people into folds, and seeds the fits.
    workers, progress
        As in `estimation.models.protocol.Model.fit`.
    """
    if not people.names:
        return _closed_form(settings, people, n_observed)
    numeric = tuple(name in settings.numeric for name in people.names)
    splits = cross_fitted(
        people,
        probability_known(people, numeric),
        numeric,
        settings.learner,
        settings.fitting,
        folds=settings.folds,
        splits=settings.splits,
        rng=rng,
        workers=workers,
        progress=progress,
    )
    totals = [split.influences(settings.truncation, settings.xi) for split in splits]
    middle = int(np.argsort([each.total for each in totals])[len(totals) // 2])
    crossed, found = splits[middle], totals[middle]
    error = _error_of_the_median(totals, found.total)
    steps = findings.ladder(crossed, settings.truncation, settings.xi)
    tables = (
        findings.truncation_table(crossed, steps, settings.xi),
        findings.under_dependence(found, settings.xi_factors),
        findings.carriers(crossed, found),
        findings.fitted_histories(crossed),
        findings.splits_table(totals),
    )
    diagnostics = Diagnostics(findings.checks(crossed, found, totals, settings.truncation, numeric))
    interval = findings.interval_of(found.total, error, found.n_observed)
    reason = _below(found, n_observed) or _moved(found, steps, settings.truncation, interval)
    if reason is not None:
        return Answer(None, reason, diagnostics, (), tables)
    spread = float(np.std([each.total for each in totals], ddof=1)) if len(totals) > 1 else 0.0
    point = _at_least(point_with_log_interval(found.total, error, found.n_observed), n_observed)
    point = replace(point, value_error=_MEDIAN * spread / sqrt(len(totals)))
    notes = (*_notes(people, n_observed, crossed), *_what_if(steps, tables[1], settings.truncation))
    return Answer(point, "", diagnostics, notes, tables)


def _closed_form(settings: Settings, people: People, n_observed: int) -> Answer:
    """Without covariates: nothing is fitted, split or truncated."""
    found = single_fit(people).influences(_NONE, settings.xi)
    reason = _below(found, n_observed)
    if reason is not None:
        return Answer(None, reason, Diagnostics(), (), ())
    point = _at_least(point_with_log_interval(found.total, found.standard_error, found.n_observed), n_observed)
    table = findings.under_dependence(found, settings.xi_factors)
    return Answer(point, "", Diagnostics(), (*_notes(people, n_observed, None), *_bounds(table)), (table,))


def _error_of_the_median(totals: Sequence[Influences], middle: float) -> float:
    """The standard error of the median over splits: how people were dealt is part of it.  Unit: persons."""
    with np.errstate(over="ignore", invalid="ignore"):
        squares = [each.standard_error**2 + (each.total - middle) ** 2 for each in totals]
    return sqrt(float(np.median(squares)))


def _at_least(point: Point, n_observed: int) -> Point:
    """The point with no interval that reaches below the people on any list.  Unit: persons."""
    intervals = tuple(
        replace(each, lower=max(each.lower, n_observed), upper=max(each.upper, n_observed)) for each in point.intervals
    )
    return replace(point, intervals=intervals)


def _below(found: Influences, n_observed: int) -> str | None:
    """That N is not above the people observed, or None where it is."""
    if isfinite(found.total) and found.total > n_observed:
        return None
    least = float(found.phi.min())
    return (
        f"the sum of influences is {persons(found.total)} people, and {n_observed:,} were observed: the overlap is too "
        f"thin where some people are (one of them takes {persons(abs(least - 1))} from N); use fewer covariates or "
        "coarser ones, a smoother learner (logistic), fewer lists, or a larger truncation"
    )


def _moved(
    found: Influences, steps: dict[float, Influences], truncation: float, interval: Interval | None
) -> str | None:
    """That half or twice the truncation moves N by more than its interval, or None where neither does."""
    if interval is None:
        return "N has no standard error: the influences are not finite; use fewer covariates or a larger truncation"
    for factor, word in ((0.5, "half"), (2.0, "twice")):
        other = steps[factor * truncation].total
        if not interval.lower <= other <= interval.upper:
            return (
                f"small probabilities are raised to {truncation:g}, which gives {persons(found.total)} people "
                f"({persons(interval.lower)} to {persons(interval.upper)}), and with {word} that it would be "
                f"{persons(other)}: the answer would be the truncation's; use fewer covariates or coarser ones, a "
                "smoother learner (logistic), or lists that overlap more"
            )
    return None


def _notes(people: People, n_observed: int, crossed: Crossed | None) -> tuple[str, ...]:
    """Who was used, and who was stood for."""
    notes = []
    used = int(people.counts.sum())
    if used + people.beside < n_observed:
        notes.append(
            f"Computed from {', '.join(people.lists)} alone, which name {used:,} people; the "
            f"{n_observed - used:,} people who are only on other lists are not used."
        )
    if people.beside:
        notes.append(
            f"{counted(people.beside, 'person', 'people')} on other lists "
            f"{'counts once' if people.beside == 1 else 'count once each'}; N is of the {used:,} people on "
            f"{', '.join(people.lists)} alone, and those like them."
        )
    missing = int(people.counts[~people.known].sum())
    if missing and crossed is not None:
        largest = float(1 / crossed.pi[crossed.rows].min())
        notes.append(
            f"A covariate is missing of {counted(missing, 'person', 'people')}, for whom people with the same history "
            "stand; one of these "
            f"counts as up to {largest:,.3g}."
        )
    return tuple(notes)


def _what_if(steps: dict[float, Influences], bounds: ResultTable, truncation: float) -> tuple[str, ...]:
    """What another truncation, and dependence given the covariates, would make of N."""
    half, twice = (persons(steps[factor * truncation].total) for factor in (0.5, 2.0))
    return (
        f"With half the truncation of small probabilities ({truncation:g}) it would be {half} people, with twice that "
        f"{twice}.",
        *_bounds(bounds),
    )


def _bounds(table: ResultTable) -> tuple[str, ...]:
    if not table.rows:
        return ()
    factor, *numbers = table.rows[-1]
    low, high, lower, upper = (persons(float(number)) for number in numbers)
    return (
        f"Where xi may be anything from 1/{factor} to {factor} times what is assumed, whatever the covariates, it is "
        f"{low} to {high} people (with the uncertainty of both, {lower} to {upper}).",
    )
