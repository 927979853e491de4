"""Where an estimate crosses a figure as one thing is changed step by step.

What is changed is a place on a line of steps, 0 where nothing is.  The search goes from step to step until the quantity
first lies on the other side of the figure; then it halves the step in which it crossed.  A result that is not estimable
counts as one that has not crossed, so that what is found is always an estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from estimation.results.estimates import Estimate, Result
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.text.counted import counted

__all__ = ["Crossing", "estimate_or_finding", "find_crossing"]


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where the quantity crosses the figure, or the furthest place that was tried.

    Parameters
    ----------
    place : float
        The first place found to have crossed; where none has, the last that was estimable.
    result : Estimate
        The result there.
    crossed : bool
        Whether it has.
    """

    place: float
    result: Estimate
    crossed: bool


def find_crossing(
    fit_at: Callable[[float], Result],
    quantity: Callable[[Estimate], float],
    figure: float,
    *,
    start: Estimate,
    steps: Sequence[float],
    precision: float,
) -> Crossing:
    """The first place on a line of steps where a quantity of the result reaches a figure.

    Parameters
    ----------
    fit_at : callable
        The result at a place.
    quantity : callable
        The quantity of an estimate that has to reach the figure, for example its median.  Unit: persons.
    figure : float
        Unit: persons.
    start : Estimate
        The result at place 0.
    steps : sequence of float
        Places to try, one after another, away from 0.
    precision : float
        The search ends when two places are no further apart; 1 for whole numbers.

    Returns
    -------
    Crossing

    Examples
    --------
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.classical.two_lists import LincolnPetersen
    >>> def more_on_one(people: float):
    ...     table = CaptureTable.from_histories(["A", "B"], {"10": 54 + int(people), "01": 30, "11": 12})
    ...     return LincolnPetersen().fit(table, rng=1)
    >>> found = find_crossing(
    ...     more_on_one, lambda e: e.median, 300, start=more_on_one(0), steps=range(10, 50, 10), precision=1
    ... )
    >>> found.place, found.result.median, found.crossed
    (20, 301.0, True)
    """
    upwards = quantity(start) < figure
    before, last = 0.0, Crossing(0.0, start, False)
    if quantity(start) == figure:
        return Crossing(0.0, start, True)
    for step in steps:
        there = _at(fit_at, quantity, figure, step, upwards=upwards)
        if there is not None and there.crossed:
            return _narrowed(fit_at, quantity, figure, before, there, precision, upwards=upwards)
        before = step
        last = there or last
    return last


def _at(
    fit_at: Callable[[float], Result],
    quantity: Callable[[Estimate], float],
    figure: float,
    place: float,
    *,
    upwards: bool,
) -> Crossing | None:
    result = fit_at(place)
    if not isinstance(result, Estimate):
        return None
    found = quantity(result)
    return Crossing(place, result, found >= figure if upwards else found <= figure)


def _narrowed(
    fit_at: Callable[[float], Result],
    quantity: Callable[[Estimate], float],
    figure: float,
    before: float,
    there: Crossing,
    precision: float,
    *,
    upwards: bool,
) -> Crossing:
    """The step from `before` halved until it is no longer than the precision, or the figure is met to half a person."""
    while abs(there.place - before) > precision and abs(quantity(there.result) - figure) > 0.5:
        middle = (there.place + before) / 2
        if precision >= 1:
            middle = round(middle)
        between = _at(fit_at, quantity, figure, middle, upwards=upwards)
        if between is not None and between.crossed:
            there = between
        else:
            before = middle
    return there


def estimate_or_finding(
    question: str, baseline: Result, figure: float, value: float, changed: str
) -> Estimate | Sensitivity:
    """The baseline, where a change can be searched for that brings it to the figure; else the finding that none can.

    There is nothing to search for where there is no estimate, or where as many people are on the lists already.

    Parameters
    ----------
    question : str
        The question that was asked.
    baseline : Estimate or NotEstimable
        The result with nothing changed.
    figure : float
        Unit: persons.
    value : float
        The value of the baseline, as in `Sensitivity`.
    changed : str
        As in `Sensitivity`.
    """
    if isinstance(baseline, Estimate) and figure > baseline.n_observed:
        return baseline
    if isinstance(baseline, Estimate):
        sentence = (
            f"{counted(baseline.n_observed, 'person is', 'people are')} on the lists: no change brings the "
            f"total down to {figure:,.0f}."
        )
    else:
        sentence = f"There is no estimate to bring to {figure:,.0f}: {baseline.reason}."
    unchanged = (Alternative("baseline", value, baseline),)
    return Sensitivity(question, baseline, unchanged, changed, sentence, value)
