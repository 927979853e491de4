"""Results added: the total over strata of separate people, by adding what is known about each.

Symbols
-------
S strata.   N_s : people of stratum s.   n_s : those observed.   v_s : the variance of a classical estimate of N_s.

*Posteriors.*  Given their own tables the N_s are independent, so that draw t of N = sum_s N_s is the sum of the draws t
of all strata.  Chains are added draw by draw: their autocorrelation, and with it the Monte Carlo error, is that of the
sum.  Of strata with fewer draws than others all are taken, evenly spaced, as many as the stratum with the fewest has;
an exact posterior is drawn from.

*Classical estimates.*  N = sum_s N_s with variance sum_s v_s, and the log interval on the unseen, N - sum_s n_s.  A
sum of which a part is a lower bound is a lower bound itself, with its one limit.

*Published strata*, of which only limits are known.  The plain sum of lower ends and of upper ends is the interval of
the total only where the strata are perfectly correlated: all are as high as can be at once.  Where they are
independent, distances of each end from the point add as squares,

    N - sqrt(sum_s (N_s - L_s)^2)   to   N + sqrt(sum_s (U_s - N_s)^2).

Both are given: which of them is right depends on what the strata share, and a published interval does not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from estimation.capture.table import IntArray
from estimation.results.log_interval import bound_with_log_limit, point_with_log_interval
from estimation.results.totals import Draws, Grid, Interval, Point

__all__ = ["PublishedTotal", "joint_draws", "sum_of_published", "sum_of_totals"]

_CHAINS, _DRAWS = 4, 2_500
"""Draws of a total of exact posteriors."""


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


def sum_of_totals(
    totals: Sequence[Draws | Grid | Point], n_observed: int, rng: np.random.Generator, *, is_lower_bound: bool = False
) -> Draws | Point:
    """What is known about the sum of independent numbers of people.

    Parameters
    ----------
    totals : sequence of Draws, Grid or Point
        What is known about each; posteriors, or classical estimates.  Unit: persons.
    n_observed : int
        People observed, of all of them together.  Unit: persons.
    rng : numpy.random.Generator
        Draws from exact posteriors.
    is_lower_bound : bool
        Whether a classical estimate among them bounds its number from below.

    Raises
    ------
    ValueError
        For none, or posteriors and classical estimates at once, which cannot be added.
    """
    points = [total for total in totals if isinstance(total, Point)]
    if not totals or 0 < len(points) < len(totals):
        raise ValueError(
            f"{len(points)} of {len(totals)} are classical estimates; add posteriors, or classical estimates"
        )
    if points:
        value, variance = sum(point.value for point in points), sum(point.standard_error**2 for point in points)
        made = bound_with_log_limit if is_lower_bound else point_with_log_interval
        return made(value, float(np.sqrt(variance)), n_observed)
    each = joint_draws(totals, rng)
    added = next(each).copy()
    for values in each:
        added += values
    return Draws(added)


def joint_draws(totals: Sequence[Draws | Grid | Point], rng: np.random.Generator) -> Iterator[IntArray]:
    """Draws of each of several numbers of people, all of one shape (chains, draws): draw t of one goes with t of all.

    Parameters
    ----------
    totals : sequence of Draws or Grid
        What is known about each; at least one.  Unit: persons.
    rng : numpy.random.Generator
        Draws from exact posteriors.
    """
    shapes = [total.values.shape for total in totals if isinstance(total, Draws)]
    chains, draws = (min(sizes) for sizes in zip(*shapes, strict=True)) if shapes else (_CHAINS, _DRAWS)
    for total, own in zip(totals, rng.spawn(len(totals)), strict=True):
        yield _some_draws(total, chains, draws, own)


def _some_draws(total: Draws | Grid | Point, chains: int, draws: int, rng: np.random.Generator) -> IntArray:
    """Draws of one number, shape (chains, draws)."""
    if isinstance(total, Grid):
        return rng.choice(total.values, size=(chains, draws), p=total.probabilities)
    assert isinstance(total, Draws)  # `sum_of_totals` adds classical estimates itself
    evenly = np.linspace(0, total.values.shape[1] - 1, draws).astype(int)
    return total.values[:chains, evenly]
