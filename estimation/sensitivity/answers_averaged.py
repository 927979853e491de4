"""What a model answers on several tables, as one answer: estimates averaged, posteriors mixed.

The formulas are in `estimation.sensitivity.linkage_average`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt
from typing import cast

import numpy as np
from scipy.special import ndtri

from estimation.capture.table import FloatArray, IntArray
from estimation.results.totals import Draws, Grid, Interval, Point
from estimation.sensitivity.table_weights import TableWeights

__all__ = ["averaged_total"]

_DRAWS = 4000
"""Draws that stand for a mixture of posteriors, in `_CHAINS` chains."""

_CHAINS = 4


def averaged_total(
    totals: Sequence[Draws | Grid | Point], n_observed: int, weights: TableWeights
) -> tuple[Draws | Grid | Point, float]:
    """The average of what is known about N by each of some tables, and the Monte Carlo error of its number.

    Parameters
    ----------
    totals : sequence of Draws, Grid or Point
        What is known by each table; by one model, so that all are of one kind.
    n_observed : int
        People observed, the same in each table.  Unit: persons.
    weights : TableWeights
        Of the tables.

    Examples
    --------
    >>> from estimation.results.log_interval import point_with_log_interval
    >>> from estimation.sensitivity.table_weights import table_weights
    >>> two = [point_with_log_interval(value, 50, 100) for value in (900.0, 1100.0)]
    >>> total, error = averaged_total(two, 100, table_weights(np.zeros((2, 1)), None))
    >>> total.value, round(error)  # the standard deviation is 141
    (1000.0, 100)
    """
    if len(totals) == 1:
        return totals[0], totals[0].monte_carlo_error(0.5)
    if all(isinstance(total, Point) for total in totals):
        return _mean_point(cast(Sequence[Point], totals), n_observed, weights)
    posteriors = cast(Sequence[Draws | Grid], totals)
    values = _mixed(posteriors, weights.values)
    median = float(np.median(values))
    _, reach = weights.mean(np.array([1 - total.probability_at_least(np.floor(median) + 1) for total in posteriors]))
    low, high = np.quantile(values, np.clip([0.5 - reach, 0.5 + reach], 0, 1))
    return Draws(values.reshape(_CHAINS, -1)), float(high - low) / 2


def _mixed(posteriors: Sequence[Draws | Grid], weights: FloatArray) -> IntArray:
    """Values of N that are spread as the weighted mixture of some posteriors is, in an order that means nothing."""
    positive = np.clip(weights, 0, None)
    places = np.rint(np.cumsum(positive) / positive.sum() * _DRAWS).astype(np.int64)
    n_each = np.diff(places, prepend=0).tolist()
    parts = [_quantiles(total, n) for total, n in zip(posteriors, n_each, strict=True)]
    return np.random.default_rng(0).permutation(np.concatenate(parts))


def _quantiles(total: Draws | Grid, number: int) -> IntArray:
    """Evenly spaced quantiles of a posterior, as many as asked for."""
    probabilities = (np.arange(number) + 0.5) / max(number, 1)
    if isinstance(total, Draws):
        return np.quantile(total.values, probabilities, method="inverted_cdf").astype(np.int64)
    at = np.searchsorted(np.cumsum(total.probabilities), probabilities)
    return total.values[np.minimum(at, total.values.size - 1)]


def _mean_point(points: Sequence[Point], n_observed: int, weights: TableWeights) -> tuple[Point, float]:
    """The mean of some classical estimates, with the interval that adds the variance between them."""
    values, errors = (np.array([getattr(p, name) for p in points]) for name in ("value", "standard_error"))
    mean, error = weights.mean(values)
    value = max(mean, float(n_observed))
    spread = sqrt(float((errors**2).mean() + (1 + 1 / len(points)) * values.var(ddof=1)))
    intervals = tuple(
        _interval([p.intervals[at] for p in points], values, value, n_observed, error)
        for at in range(len(points[0].intervals))
    )
    return Point(value, spread, intervals, value_error=error), error


def _interval(each: Sequence[Interval], values: FloatArray, value: float, n_observed: int, error: float) -> Interval:
    """The interval at one level: each estimate's own distances on log n_0, and the variance between the estimates."""
    level, kind = each[0].level, each[0].kind
    ends = np.array([[one.lower, one.upper] for one in each]) - n_observed
    unseen = values - n_observed
    if not (unseen > 0).all() or not value > n_observed:
        lower, upper = (ends.mean(axis=0) + n_observed).tolist()
        return Interval(lower, upper, level, kind, (error, error))
    z = float(ndtri((1 + level) / 2))
    between = z**2 * (1 + 1 / len(each)) * float(np.log(unseen).var(ddof=1))
    with np.errstate(divide="ignore"):
        own = np.log(ends.clip(0.0)) - np.log(unseen)[:, None]
    down, up = np.sqrt((own**2).mean(axis=0) + between).tolist()
    middle = log(value - n_observed)
    found = (exp(middle - down), exp(middle + up) if up < np.inf else np.inf)
    moved = error / (value - n_observed)
    errors = (found[0] * moved, found[1] * moved if up < np.inf else 0.0)
    return Interval(n_observed + found[0], n_observed + found[1], level, kind, errors)
