"""Results added: the total over strata of separate people, by adding what is known about each.

Symbols
-------
S strata.   N_s : people of stratum s.   n_s : those observed.   v_s : the variance of a classical estimate of N_s.

*Posteriors.*  Given their own tables the N_s are independent, so that draw t of N = sum_s N_s is the sum of the draws t
of all strata.  Chains are added draw by draw: their autocorrelation, and with it the Monte Carlo error, is that of the
sum.  Of strata with fewer draws than others all are taken, evenly spaced, as many as the stratum with the fewest has;
an exact posterior is drawn from.

*Classical estimates.*  N = sum_s N_s with variance sum_s v_s, and the log interval on the unseen, N - sum_s n_s; at
a level at which the interval of a part has no upper limit, that of the sum has none.  A sum of which a part is a lower
bound is a lower bound itself, with its one limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from estimation.capture.table import IntArray
from estimation.results.log_interval import bound_with_log_limit, point_with_log_interval
from estimation.results.totals import Draws, Grid, Point

__all__ = ["joint_draws", "sum_of_totals"]

_CHAINS, _DRAWS = 4, 2_500
"""Draws of a total of exact posteriors."""


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
        return _as_open_as(made(value, float(np.sqrt(variance)), n_observed), points)
    each = joint_draws(totals, rng)
    added = next(each).copy()
    for values in each:
        added += values
    return Draws(added)


def _as_open_as(total: Point, points: Sequence[Point]) -> Point:
    """A total whose intervals have no upper limit where that of a part has none: nothing bounds a sum more."""
    open_at = {each.level for point in points for each in point.intervals if np.isinf(each.upper)}
    intervals = [replace(each, upper=np.inf) if each.level in open_at else each for each in total.intervals]
    return replace(total, intervals=tuple(intervals))


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
