"""Whether a number computed again is the published one.

A number with nothing random in it is the same where it differs by less than one in the last digit that was published:
sources round, and some cut.  A sampled one is the same within three standard errors of the difference: that of the
published number as the file states it, and the Monte Carlo error of ours.
"""

from __future__ import annotations

from math import hypot

import numpy as np

from estimation.atlas.published import Computed, PublishedFigure
from estimation.results.estimates import Estimate
from estimation.results.rounding import persons
from estimation.results.totals import Grid, Interval, Point

__all__ = ["comparison_of_ends", "is_reproduced", "number_of", "tolerance"]

_ERRORS = 3.0


def number_of(result: Estimate, computed: Computed) -> float:
    """The number of an answer that the published one is compared with.  Unit: persons."""
    if computed.gives == "least relative error":
        return _least_relative_error(result)
    return result.mean if computed.gives == "mean" else result.median


def tolerance(result: Estimate, computed: Computed) -> float:
    """How far ours may be from the published number.  Unit: persons."""
    theirs = computed.monte_carlo_error
    if theirs is None:
        return computed.unit
    ours = 0.0 if isinstance(result.total, Point) else result.total.monte_carlo_error(0.5)
    return max(computed.unit, _ERRORS * hypot(theirs, ours))


def is_reproduced(result: Estimate, figure: PublishedFigure, computed: Computed) -> bool:
    """Whether ours is the published number, and where ``ends_unit`` says so, its range the published range."""
    if computed.gives == "interval":
        return _same_ends(result, figure, computed.ends_unit or computed.unit)
    assert figure.estimate is not None, "a figure that is computed has an estimate"
    if abs(number_of(result, computed) - figure.estimate) >= tolerance(result, computed):
        return False
    return computed.ends_unit is None or _same_ends(result, figure, computed.ends_unit)


def comparison_of_ends(result: Estimate, figure: PublishedFigure) -> str:
    """The published range and ours, in words; empty where none was published."""
    interval = _interval(result, figure)
    if figure.lower is None or figure.upper is None or interval is None:
        return ""
    published = f"{persons(figure.lower)} to {persons(figure.upper)}"
    return f"range: published {published}, ours {persons(interval.lower)} to {persons(interval.upper)}"


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
        return result.interval(figure.level or 0.95)
    except ValueError:
        return None
