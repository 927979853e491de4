"""Whether a number computed again is the published one.

A number with nothing random in it is the same where it becomes the published one when the digits below the last one
that was published are rounded or cut: sources do either.  The ends of a range may be rounded outwards besides.  A
sampled number is the same within three standard errors of the difference: that of the published number as the file
states it, and the Monte Carlo error of ours.
"""

from __future__ import annotations

from math import hypot

import numpy as np

from estimation.atlas.published import Computed, PublishedFigure
from estimation.results.estimates import Estimate
from estimation.results.rounding import persons
from estimation.results.totals import Grid, Interval, Point

__all__ = ["comparison_of_ends", "is_reproduced", "is_same_number", "number_of", "same_digits"]

_ERRORS = 3.0
_LEVEL = 0.95
_SLACK = 1e-6
"""What floating-point numbers may be beyond a half of the last digit."""


def number_of(result: Estimate, computed: Computed) -> float:
    """The number of an answer that the published one is compared with.  Unit: persons."""
    if computed.gives == "least relative error":
        return _least_relative_error(result)
    return result.mean if computed.gives == "mean" else result.median


def is_same_number(result: Estimate, published: float, computed: Computed) -> bool:
    """Whether ours is the published number, whatever its range is.

    Parameters
    ----------
    result : Estimate
        Our answer.
    published : float
        The published number.  Unit: persons.
    computed : Computed
        What of the answer is compared, and how closely.
    """
    ours, theirs = number_of(result, computed), computed.monte_carlo_error
    if theirs is None:
        return same_digits(ours, published, computed.unit)
    error = 0.0 if isinstance(result.total, Point) else result.total.monte_carlo_error(0.5)
    return abs(ours - published) < max(computed.unit, _ERRORS * hypot(theirs, error))


def same_digits(ours: float, published: float, unit: float) -> bool:
    """Whether a number becomes the published one where its digits below ``unit`` are rounded, or cut.

    Parameters
    ----------
    ours, published : float
        The numbers.  Unit: persons.
    unit : float
        The last digit of the published one.  Unit: persons.

    Examples
    --------
    >>> same_digits(10356.5, 10356, 1), same_digits(10355.5, 10356, 1), same_digits(1100, 2000, 1000)
    (True, True, False)
    """
    return -unit / 2 - _SLACK * unit <= ours - published < unit


def is_reproduced(result: Estimate, figure: PublishedFigure, computed: Computed) -> bool:
    """Whether ours is the published number, and where ``ends_unit`` says so, its range the published range.

    Parameters
    ----------
    result : Estimate
        Our answer.
    figure : PublishedFigure
        What was published.
    computed : Computed
        What of the answer is compared, and how closely.
    """
    if computed.gives == "interval":
        return _same_ends(result, figure, computed.ends_unit or computed.unit)
    assert figure.estimate is not None, "a figure that is computed has an estimate"
    if not is_same_number(result, figure.estimate, computed):
        return False
    return computed.ends_unit is None or _same_ends(result, figure, computed.ends_unit)


def comparison_of_ends(result: Estimate, figure: PublishedFigure) -> str:
    """The published range and ours, in words; empty where none was published.

    Parameters
    ----------
    result : Estimate
        Our answer.
    figure : PublishedFigure
        What was published.
    """
    if figure.lower is None or figure.upper is None:
        return ""
    published = f"published {persons(figure.lower)} to {persons(figure.upper)}"
    interval = _interval(result, figure)
    if interval is None:
        return f"range: {published}, and ours has none at that level"
    ours = f"ours {persons(interval.lower)} to {persons(interval.upper)}"
    if figure.level is None:
        return f"range: {published}, its level not stated; {ours} ({100 * _LEVEL:g} %)"
    return f"{100 * figure.level:g} % range: {published}, {ours}"


def _least_relative_error(result: Estimate) -> float:
    """The number d with the least E((N - d)^2 / N^2): E(1/N) / E(1/N^2); a point is itself.  Unit: persons."""
    total = result.total
    if isinstance(total, Point):
        return total.value
    weights = total.probabilities if isinstance(total, Grid) else np.full(total.values.size, 1.0)
    inverse = 1.0 / total.values.ravel()
    return float((weights * inverse).sum() / (weights * inverse**2).sum())


def _same_ends(result: Estimate, figure: PublishedFigure, unit: float) -> bool:
    interval = _interval(result, figure)
    if interval is None or figure.lower is None or figure.upper is None:
        return False
    return abs(interval.lower - figure.lower) < unit and abs(interval.upper - figure.upper) < unit


def _interval(result: Estimate, figure: PublishedFigure) -> Interval | None:
    """Our interval at the level of the published range; None where a classical answer has none at it."""
    try:
        return result.interval(figure.level or _LEVEL)
    except ValueError:
        return None
