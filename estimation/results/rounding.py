"""The one rule by which a headline is rounded: to what its size and its Monte Carlo error support.

Each of the estimate and the two ends of its interval is rounded to a unit of its own.  The unit is the power of ten
that leaves the estimate three significant digits, and at least one person.  While the Monte Carlo error of the number
exceeds a fifth of the unit, the next larger unit of the series 1, 2, 5, 10, 20, 50, ... takes its place.  So another
seed, another machine or another number of workers seldom gives another headline: two runs round a number differently in
some fifth of cases at most, and then by one unit.

A unit is never larger than a fifth of the number that it rounds, so that rounding moves no number by more than 10 %: a
Monte Carlo error above 4 % of a number wants more draws, and rounding cannot mend it (125,316 with an error of 4,845 is
about 120,000, not 150,000).  Only a headline is rounded: tables, ``results.json`` and frames hold the numbers as they
were computed.

Symbols
-------
Q(p) : the quantile of the draws at probability p.   se(p) : standard error of the share of draws at or below Q(p).

    error of Q(p) = (Q(p + se(p)) - Q(p - se(p))) / 2

se(p) comes from batch means: each chain is cut into runs of S^(2/3) draws, longer than the draws stay alike.

References: Woodruff (1952) for the error of a quantile; Flegal, Jones (2010) for batch means.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.results.interval_kinds import IntervalKind, interval_name

if TYPE_CHECKING:
    from estimation.results.estimates import Estimate

__all__ = ["Rounded", "monte_carlo_error", "persons", "rounded", "rounding_unit"]

_DIGITS = 3
_STEPS = (1, 2, 5)
_ERRORS_IN_A_UNIT = 5
_LEAST_UNITS = 5


@dataclass(frozen=True, slots=True)
class Rounded:
    """An estimate and its interval as a headline gives them.

    Parameters
    ----------
    point, lower, upper : float
        Estimate and ends of the interval, each rounded, or the number observed where rounding would go below it;
        ``upper`` may be infinite.  Unit: persons.
    unit : int
        What the estimate is rounded to.  Unit: persons.
    level : float
        Level of the interval.
    kind : str
        As in `estimation.results.totals.Interval`.
    is_lower_bound : bool
        Whether the number bounds N from below.

    Examples
    --------
    >>> headline = Rounded(10_400, 9_000, 14_000, 100, 0.95, "credible", is_lower_bound=False)
    >>> print(f"{headline} ({headline.interval_text})")
    about 10,400 people (95 % credible interval 9,000 to 14,000)
    """

    point: float
    lower: float
    upper: float
    unit: int
    level: float
    kind: IntervalKind
    is_lower_bound: bool

    @property
    def interval_text(self) -> str:
        """The interval as it is read, with its level and kind."""
        return f"{interval_name(self.level, self.kind)} {persons(self.lower)} to {persons(self.upper)}"

    def __str__(self) -> str:
        return f"{'at least ' if self.is_lower_bound else ''}about {persons(self.point)} people"


def persons(value: float) -> str:
    """A number of persons as it is read: whole, with thousands separators.

    Examples
    --------
    >>> persons(10408.4), persons(float("inf"))
    ('10,408', 'no upper limit')
    """
    return f"{value:,.0f}" if isfinite(value) else "no upper limit"


def rounded(estimate: Estimate, level: float = 0.95) -> Rounded:
    """An estimate with its interval, rounded by the rule of this module.

    Parameters
    ----------
    estimate : Estimate
        What a model answered.
    level : float
        Level of the interval.

    Raises
    ------
    ValueError
        When the estimate has no interval at that level.
    """
    interval = estimate.interval(level)
    tail = (1 - level) / 2
    numbers = ((estimate.median, 0.5), (interval.lower, tail), (interval.upper, 1 - tail))
    units = [
        rounding_unit(estimate.median, estimate.total.monte_carlo_error(probability), value)
        for value, probability in numbers
    ]
    point, lower, upper = (
        max(unit * round(value / unit), estimate.n_observed) if isfinite(value) else value
        for (value, _), unit in zip(numbers, units, strict=True)
    )
    return Rounded(point, lower, upper, units[0], level, interval.kind, estimate.is_lower_bound)


def rounding_unit(point: float, error: float, number: float) -> int:
    """What a number of a headline is rounded to.  Unit: persons.

    Parameters
    ----------
    point : float
        The estimate.  Unit: persons.
    error : float
        Monte Carlo error of the number; 0 where nothing was drawn.  Unit: persons.
    number : float
        The estimate, or that end of its interval.  Unit: persons.

    Examples
    --------
    >>> rounding_unit(10_422, 0, 10_422), rounding_unit(10_422, 49, 9_019), rounding_unit(125_316, 4_845, 125_316)
    (100, 500, 20000)
    """
    power = max(floor(log10(point)) + 1 - _DIGITS, 0) if point >= 1 else 0
    units = (step * int(10**further) for further in count(power) for step in _STEPS)
    unit, larger = next(units), next(units)
    while error * _ERRORS_IN_A_UNIT > unit and larger * _LEAST_UNITS <= number:
        unit, larger = larger, next(units)
    return unit


def monte_carlo_error(values: IntArray, probability: float) -> float:
    """The standard error of a quantile of draws, by chain.  Unit: persons.

    Parameters
    ----------
    values : int array, shape (chains, draws)
        Draws of N.  Unit: persons.
    probability : float
        The probability of the quantile, between 0 and 1.

    Examples
    --------
    >>> draws = np.random.default_rng(1).normal(1000, 100, size=(4, 2500)).round().astype(int)
    >>> round(float(100 * np.sqrt(np.pi / 2 / draws.size)), 1), round(monte_carlo_error(draws, 0.5), 1)  # exact, found
    (1.3, 1.0)
    """
    below = values <= np.quantile(values, probability)
    means = _batch_means(below)
    if means.size < 2:
        return 0.0
    reach = float(means.std(ddof=1) / np.sqrt(means.size))
    lower, upper = np.quantile(values, np.clip([probability - reach, probability + reach], 0, 1))
    return float(upper - lower) / 2


def _batch_means(below: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> FloatArray:
    """The mean of each run of draws, all chains together; a rest too short for a run is left out."""
    chains, draws = below.shape
    length = max(int(draws ** (2 / 3)), 1)
    runs = draws // length
    means: FloatArray = below[:, : runs * length].reshape(chains * runs, length).mean(axis=1)
    return means
