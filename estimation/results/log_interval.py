"""The confidence interval of a classical estimate, by the log transform on the number unseen (Chao 1987).

An interval symmetric about N can reach below the number of people observed, which is absurd.  Taking n_0 = N - n to
be log-normal gives an interval that starts at n or above.

Symbols
-------
N : point estimate.   v : its variance.   n : people observed.   z : normal quantile.

    C = exp(z sqrt(log(1 + v / (N - n)^2))),     n + (N - n) / C   to   n + (N - n) C

A lower bound of N says nothing of how large N is, and has one limit: n + (N - n) / C, with z for the level on one side.

Reference: Chao (1987), Biometrics 43:783-791; Burnham, as cited there.
"""

from __future__ import annotations

from math import exp, inf, log1p, sqrt

from scipy.special import ndtri

from estimation.results.totals import Interval, Point

__all__ = ["LEVELS", "bound_with_log_limit", "point_with_log_interval"]

LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99)
"""Levels at which a classical estimate carries its interval."""


def point_with_log_interval(value: float, standard_error: float, n_observed: int, *, sd_error: float = 0.0) -> Point:
    """A point estimate with its confidence intervals at `LEVELS`, none of which reaches below the number observed.

    Parameters
    ----------
    value : float
        The point estimate, above ``n_observed``.  Unit: persons.
    standard_error : float
        Its standard error.  Unit: persons.
    n_observed : int
        People observed, of whom ``value`` counts the others.  Unit: persons.
    sd_error : float
        Monte Carlo error of the standard error, where it comes from resamples; the ends have theirs from it.

    Raises
    ------
    ValueError
        When the estimate is not above the number observed, where the transform has no meaning.

    Examples
    --------
    >>> point = point_with_log_interval(9621.9, 810.9, 2661)
    >>> print(point.intervals[3])
    95 % confidence interval 8,205 to 11,401
    """
    unseen, spread = _unseen_and_spread(value, standard_error, n_observed)
    spread_error = sqrt(log1p(((standard_error + sd_error) / unseen) ** 2)) - spread
    intervals = []
    for level in LEVELS:
        reach = float(ndtri((1 + level) / 2))
        factor, moved = exp(reach * spread), reach * spread_error
        errors = (unseen / factor * moved, unseen * factor * moved)
        ends = (n_observed + unseen / factor, n_observed + unseen * factor)
        intervals.append(Interval(*ends, level, "confidence", errors))
    return Point(value, standard_error, tuple(intervals), sd_error)


def bound_with_log_limit(value: float, standard_error: float, n_observed: int) -> Point:
    """A lower bound with its one-sided confidence limits at `LEVELS`: intervals without an upper end.

    Parameters
    ----------
    value : float
        The bound, above ``n_observed``.  Unit: persons.
    standard_error : float
        Its standard error.  Unit: persons.
    n_observed : int
        People observed.  Unit: persons.

    Raises
    ------
    ValueError
        When the bound is not above the number observed.

    Examples
    --------
    >>> print(bound_with_log_limit(8591.2, 213.5, 4400).intervals[3])
    95 % one-sided confidence interval 8,255 to no upper limit
    """
    unseen, spread = _unseen_and_spread(value, standard_error, n_observed)
    limits = [n_observed + unseen / exp(float(ndtri(level)) * spread) for level in LEVELS]
    return Point(
        value,
        standard_error,
        tuple(Interval(limit, inf, level, "one-sided confidence") for limit, level in zip(limits, LEVELS, strict=True)),
    )


def _unseen_and_spread(value: float, standard_error: float, n_observed: int) -> tuple[float, float]:
    """N - n, and the standard deviation of its logarithm."""
    unseen = value - n_observed
    if not unseen > 0:
        raise ValueError(f"the estimate {value} is not above the {n_observed} observed; no log interval exists")
    # log1p keeps the width right when the variance is tiny beside the number unseen.
    return unseen, sqrt(log1p((standard_error / unseen) ** 2))
