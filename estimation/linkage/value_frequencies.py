"""How common values are, and how many lie near them: what a coincidence between two strangers weighs.

Frequencies of a field follow a Pitman-Yor law (discount sigma, concentration theta; sigma < 0 is a symmetric Dirichlet
on theta / -sigma values), fitted to the values of people: few values that all are common (places), or many of which
most are seen once (family names).  The share of records within a level of a value is smoothed towards the share among
all pairs, with a weight s that is fitted by the beta-binomial likelihood of the counts, by field and level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

from estimation.linkage.encoded import EncodedRecords, NearValues

__all__ = ["ValueFrequencies", "fit_pitman_yor", "fit_smoothing", "value_frequencies"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_WEIGHTS = 2.0 ** np.arange(0, 15)
_DISCOUNTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_CONCENTRATIONS = 2.0 ** np.arange(0, 18)
_PER_VALUE = 2.0 ** np.arange(-3, 7)
_VALUES = np.array([1.0, 1.05, 1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 8.0, 16.0])


@dataclass(frozen=True, slots=True)
class ValueFrequencies:
    """Counts of the values of all fields, one field after another (V values in all).

    Parameters
    ----------
    value_starts : (F,) int64
        Where the values of each field begin.
    near_starts : (V + F,) int64
        Where the neighbours of each begin; one entry more for each field.
    neighbours, levels : int32 and int8
        Codes within the field, in order, and levels.
    width, alike : (V,) float64
        Records compatible with a value, and records that show it or mean it.
    near : (V, 3) float64
        Records at levels 1, 2, 3 around it.
    filled : (F,) float64
        Records that have the field.
    pairs : (F, 4) float64
        Pairs of records by level.
    smoothing : (F, 3) float64
        s_fl, the fitted weights.
    """

    value_starts: Integers
    near_starts: Integers
    neighbours: NDArray[np.int32]
    levels: NDArray[np.int8]
    width: Floats
    alike: Floats
    near: Floats
    filled: Floats
    pairs: Floats
    smoothing: Floats


def value_frequencies(records: EncodedRecords) -> ValueFrequencies:
    """Count the values of all fields, each record as it was written."""
    offsets: dict[int, int] = {}
    neighbours: list[NDArray[np.int32]] = []
    levels: list[NDArray[np.int8]] = []
    parts: list[tuple[Integers, Floats, Floats, Floats, float, Floats, Floats]] = []
    stored = 0
    for f, field in enumerate(records.fields):
        near = _in_order(field.near)
        if id(field.near) not in offsets:
            offsets[id(field.near)] = stored
            neighbours.append(near.neighbours)
            levels.append(near.levels)
            stored += len(near.neighbours)
        codes = records.codes[records.reading_starts[:-1], f]
        counts = np.bincount(codes[codes >= 0], minlength=near.n_values).astype(np.float64)
        parts.append((near.starts + offsets[id(field.near)], *_counted(near, counts)))
    sizes = [field.near.n_values for field in records.fields]
    return ValueFrequencies(
        value_starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64),
        near_starts=np.concatenate([part[0] for part in parts]).astype(np.int64),
        neighbours=np.concatenate(neighbours).astype(np.int32),
        levels=np.concatenate(levels).astype(np.int8),
        width=np.concatenate([part[1] for part in parts]),
        alike=np.concatenate([part[2] for part in parts]),
        near=np.concatenate([part[3] for part in parts]),
        filled=np.array([part[4] for part in parts]),
        pairs=np.array([part[5] for part in parts]),
        smoothing=np.array([part[6] for part in parts]),
    )


def _in_order(near: NearValues) -> NearValues:
    """The same with the neighbours of each value in the order of their codes."""
    rows = np.repeat(np.arange(near.n_values), np.diff(near.starts))
    order = np.lexsort((near.neighbours, rows))
    return NearValues(near.n_values, near.starts, near.neighbours[order], near.levels[order])


def _counted(near: NearValues, counts: Floats) -> tuple[Floats, Floats, Floats, float, Floats, Floats]:
    """Width, alike, near, filled, pairs and smoothing of one field."""
    rows = np.repeat(np.arange(near.n_values), np.diff(near.starts))

    def around(level: int, weights: Floats, wanted: NDArray[np.bool_] | None = None) -> Floats:
        chosen = near.levels == level if wanted is None else (near.levels == level) & wanted
        return np.bincount(rows[chosen], weights=weights[chosen], minlength=near.n_values).astype(np.float64)

    seen_near = counts[near.neighbours]
    compatible = around(0, seen_near)
    width = counts + compatible
    is_wider = width[near.neighbours] > width[rows]
    alike = counts + around(0, seen_near, ~is_wider)
    meant = seen_near * alike[rows] / np.maximum(alike[near.neighbours], 1.0)
    alike = alike + around(0, meant, is_wider)
    near1, near2, filled = around(1, seen_near), around(2, seen_near), float(counts.sum())
    near3 = filled - width - near1 - near2
    pairs = np.array([(counts * (width - 1)).sum(), *(counts @ found for found in (near1, near2, near3))]) / 2
    present = counts > 0
    smoothing = [fit_smoothing(found[present], filled - width[present]) for found in (near1, near2)]
    return width, alike, np.stack([near1, near2, near3], axis=1), filled, pairs, np.array([*smoothing, 100.0])


def fit_smoothing(near: Floats, others: Floats) -> float:
    """The weight s at which counts of neighbours are most likely beta-binomial(others, s u, s (1 - u)).

    Parameters
    ----------
    near : (V,) float64
        Records near each value.
    others : (V,) float64
        Records that could be.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> shares = rng.beta(64 * 0.05, 64 * 0.95, size=2000)
    >>> fit_smoothing(rng.binomial(500, shares).astype(float), np.full(2000, 500.0))
    64.0
    """
    total = others.sum()
    if near.sum() < 1 or near.sum() >= total:
        return 100.0
    cells, times = np.unique(np.stack([near, others], axis=1), axis=0, return_counts=True)
    found, whole = cells[:, :1], cells[:, 1:]
    a, b = _WEIGHTS * near.sum() / total, _WEIGHTS * (1 - near.sum() / total)
    log_likelihood = times @ (betaln(a + found, b + whole - found) - betaln(a, b))
    return float(_WEIGHTS[int(np.argmax(log_likelihood))])


def fit_pitman_yor(counts: Integers) -> tuple[float, float]:
    """Discount and concentration at which counts of values are most likely, on a grid.

    Parameters
    ----------
    counts : (values,) int64
        People with each value that anybody has.

    Examples
    --------
    >>> discount, concentration = fit_pitman_yor(np.array([40, 38, 45, 41]))  # four values, all common
    >>> discount < -4, round(concentration / -discount)
    (True, 4)
    >>> fit_pitman_yor(np.ones(50, dtype=np.int64))[1] > 1000  # nobody shares a value
    True
    """
    if counts.size == 0:
        return 0.0, 1.0
    sizes, times = np.unique(counts, return_counts=True)
    n, n_values = float(counts.sum()), float(counts.size)
    discount, concentration = (part.ravel() for part in np.meshgrid(_DISCOUNTS, _CONCENTRATIONS))
    per_value, values = (part.ravel() for part in np.meshgrid(_PER_VALUE, _VALUES * n_values))
    log_new = np.concatenate(
        [
            _log_new_values(discount, concentration, n_values),
            n_values * np.log(per_value) + gammaln(values + 1) - gammaln(values - n_values + 1),
        ]
    )
    discount = np.concatenate([discount, -per_value])
    concentration = np.concatenate([concentration, per_value * values])
    log_likelihood = log_new - gammaln(concentration + n) + gammaln(concentration)
    log_likelihood += (gammaln(sizes[:, None] - discount) - gammaln(1 - discount)).T @ times
    best = int(np.argmax(log_likelihood))
    return float(discount[best]), float(concentration[best])


def _log_new_values(discount: Floats, concentration: Floats, n_values: float) -> Floats:
    """Log of the product of concentration + i discount over i = 0 ... values - 1, for discounts of at least 0."""
    ratio = concentration / np.maximum(discount, 1e-9)
    with_discount = n_values * np.log(np.maximum(discount, 1e-9)) + gammaln(ratio + n_values) - gammaln(ratio)
    return np.where(discount > 0, with_discount, n_values * np.log(concentration))
