"""The total of strata of which only numbers and limits are published.

Symbols
-------
N_s, L_s, U_s : a stratum's published number and the ends of its interval.

The plain sum of lower ends and of upper ends is the interval of the total only where the strata are perfectly
correlated: all are as high as can be at once.  Where they are independent, distances of each end from the point add as
squares,

    N - sqrt(sum_s (N_s - L_s)^2)   to   N + sqrt(sum_s (U_s - N_s)^2).

Both are given: which of them is right depends on what the strata share, and a published interval does not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estimation.results.totals import Interval

__all__ = ["PublishedTotal", "sum_of_published"]


@dataclass(frozen=True, slots=True)
class PublishedTotal:
    """A total of published strata.

    Parameters
    ----------
    point : float
        The sum of the points.  Unit: persons.
    correlated : Interval
        The sum of the ends: right where the strata are perfectly correlated.
    independent : Interval
        From the squares of the distances of the ends: right where they are independent.
    """

    point: float
    correlated: Interval
    independent: Interval

    def __str__(self) -> str:
        return (
            f"{self.point:,.0f} people; {self.correlated.lower:,.0f} to {self.correlated.upper:,.0f} were the strata "
            f"perfectly correlated, {self.independent.lower:,.0f} to {self.independent.upper:,.0f} were they "
            "independent"
        )


def sum_of_published(points: Sequence[float], intervals: Sequence[Interval]) -> PublishedTotal:
    """The total of strata of which only points and limits are published, with both ways to add them.

    Parameters
    ----------
    points : sequence of float
        The published number of each stratum.  Unit: persons.
    intervals : sequence of Interval
        Its limits; all of one level and kind.

    Raises
    ------
    ValueError
        For no stratum, unequal numbers of points and intervals, levels or kinds that differ, or a point outside its
        interval.

    Examples
    --------
    >>> limits = [Interval(90, 120, 0.95, "credible"), Interval(35, 80, 0.95, "credible")]
    >>> print(sum_of_published([100, 50], limits))
    150 people; 125 to 200 were the strata perfectly correlated, 132 to 186 were they independent
    """
    if not points or len(points) != len(intervals):
        raise ValueError(f"{len(points)} points and {len(intervals)} intervals; give one interval a point")
    if len({(each.level, each.kind) for each in intervals}) > 1:
        raise ValueError(
            "the intervals are of different levels or kinds; only those of one level and kind can be added"
        )
    for point, each in zip(points, intervals, strict=True):
        if not each.lower <= point <= each.upper:
            raise ValueError(f"the number {point:,.0f} is outside its own interval, {each}")
    level, kind = intervals[0].level, intervals[0].kind
    number = np.array(points, dtype=float)
    below = number - [each.lower for each in intervals]
    above = np.array([each.upper for each in intervals]) - number
    total = float(number.sum())
    return PublishedTotal(
        total,
        Interval(total - float(below.sum()), total + float(above.sum()), level, kind),
        Interval(total - float(np.sqrt((below**2).sum())), total + float(np.sqrt((above**2).sum())), level, kind),
    )
