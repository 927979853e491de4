"""How strongly two records look like one person before anything is learned: a nominal log likelihood ratio.

For each field that both records give, at level l between their values x and y,

    level 0   log(.85 / P(coincidence)),  P(coincidence) = (n_y - .5) / (n - 1 + .5 V)
    level l   log(m_l / u_l),             m = (.09, .04, .02) for levels 1, 2, 3, over the levels that the field has

n_y : records whose value can be y (the commoner of x and y).  n : records with the field.  V : its different values.
u_l : share of all pairs of records at level l, at least .001.  A rare value says more than a common one, and a field
that is wrong in one record of seven by chance says little against.

A pair gets the best weight over the readings of both records, of which one at least is read as it is written; another
reading costs log 20.  The weight chooses candidates and does nothing else: the sampler fits its own error rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.encoded import MISSING, EncodedField, EncodedRecords, NearValues
from estimation.work.kernels import njit

__all__ = ["FieldValues", "NominalWeights", "nominal_weights"]

_RIGHT, _WRONG = 0.85, (0.09, 0.04, 0.02)
_LEAST_SHARE = 1e-3
_OTHER_READING = float(-np.log(20.0))
_PRIOR_WEIGHT = 0.5
_FURTHEST = 3


class FieldValues(NamedTuple):
    """What values weigh: (F, V) agreement, (F, 4) difference by level; and `NearValues` of all fields, end to end."""

    agreement: NDArray[np.float64]
    difference: NDArray[np.float64]
    starts: NDArray[np.int64]
    neighbours: NDArray[np.int32]
    levels: NDArray[np.int8]
    offsets: NDArray[np.int64]


class _Readings(NamedTuple):
    """Readings of records, and (F,) whether a field has one value in all readings of a record."""

    starts: NDArray[np.int64]
    codes: NDArray[np.int32]
    kinds: NDArray[np.int8]
    same: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class NominalWeights:
    """Weights of pairs of the records that it was made for, by `nominal_weights`."""

    values: FieldValues
    readings: _Readings

    def of(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
        """(E,) weights of pairs of records."""
        weights: NDArray[np.float64] = _weights(first, second, self.readings, self.values)
        return weights


def nominal_weights(encoded: EncodedRecords) -> NominalWeights:
    """The weights of agreement and difference in some records.

    Examples
    --------
    >>> from estimation.linkage.encode import encode
    >>> from estimation.lists.name_list import NameList, NameRecord, PersonName
    >>> name = lambda given, family: NameRecord(2, (PersonName(given, family=family),))
    >>> three = NameList("a", (name("ali", "karimi"), name("ali", "karami"), name("sara", "tehrani")))
    >>> weights = nominal_weights(encode([three])).of(np.array([0, 0]), np.array([1, 2]))
    >>> bool(weights[0] > weights[1])
    True
    """
    written = encoded.codes[encoded.reading_starts[:-1]]
    most = max(field.near.n_values for field in encoded.fields)
    agreement = np.zeros((len(encoded.fields), most))
    difference = np.zeros((len(encoded.fields), _FURTHEST + 1))
    for place, field in enumerate(encoded.fields):
        codes = written[:, place]
        counts = np.bincount(codes[codes != MISSING], minlength=field.near.n_values)
        agreement[place, : field.near.n_values] = _agreement(field, counts)
        difference[place] = _difference(field, counts)
    values = FieldValues(agreement, difference, *_end_to_end([field.near for field in encoded.fields]))
    readings = _Readings(encoded.reading_starts, encoded.codes, encoded.reading_kinds, _as_written_in_all(encoded))
    return NominalWeights(values, readings)


def _end_to_end(
    nears: Sequence[NearValues],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int8], NDArray[np.int64]]:
    """Starts, neighbours and levels of several, each of those that fields share once; where each field begins."""
    different = {id(near): near for near in nears}
    begins = np.cumsum([0, *(near.n_values + 1 for near in different.values())])
    before = np.cumsum([0, *(len(near.neighbours) for near in different.values())])
    offset = dict(zip(different, begins, strict=False))
    return (
        np.concatenate([near.starts + more for near, more in zip(different.values(), before, strict=False)]),
        np.concatenate([near.neighbours for near in different.values()]),
        np.concatenate([near.levels for near in different.values()]),
        np.array([offset[id(near)] for near in nears], np.int64),
    )


def _agreement(field: EncodedField, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    can_be = np.maximum(counts + field.near.around(counts, 0), 2)  # two records at least, where there is a coincidence
    n, n_values = counts.sum(), (counts > 0).sum()
    coincidence: NDArray[np.float64] = (can_be - _PRIOR_WEIGHT) / max(n - 1 + _PRIOR_WEIGHT * n_values, 1.0)
    return np.log(_RIGHT / np.minimum(coincidence, 1.0))


def _difference(field: EncodedField, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    n = float(counts.sum())
    pairs = np.array([(counts * field.near.around(counts, level)).sum() for level in (1, 2)])
    same = (counts * (counts - 1.0)).sum() + (counts * field.near.around(counts, 0)).sum()
    every = max(n * (n - 1), 1.0)
    shares = np.maximum([*(pairs / every), (every - same - pairs.sum()) / every], _LEAST_SHARE)
    possible = np.array(field.has_level[1:])
    wrong = np.where(possible, _WRONG, 0.0)
    wrong *= sum(_WRONG) / max(wrong.sum(), _LEAST_SHARE)
    weights = np.zeros(_FURTHEST + 1)
    weights[1:][possible] = np.log(wrong[possible] / shares[possible])
    return weights


def _as_written_in_all(encoded: EncodedRecords) -> NDArray[np.bool_]:
    """(F,) whether a field has one value in all readings of a record: it is then looked at once."""
    record = np.repeat(np.arange(encoded.n_records), np.diff(encoded.reading_starts))
    written = encoded.codes[encoded.reading_starts[:-1]]
    same: NDArray[np.bool_] = (encoded.codes == written[record]).all(axis=0)
    return same


@njit(cache=True, nogil=True, inner=True)
def _level(f: int, x: int, y: int, values: FieldValues) -> int:
    """The level of two values of a field that are given."""
    if x == y:
        return 0
    begin = values.offsets[f] + x
    low, high = values.starts[begin], values.starts[begin + 1]
    while low < high:
        middle = (low + high) // 2
        if values.neighbours[middle] < y:
            low = middle + 1
        else:
            high = middle
    if low == values.starts[begin + 1] or values.neighbours[low] != y:
        return 3
    return int(values.levels[low])


@njit(cache=True, nogil=True, inner=True)
def _of_field(f: int, x: int, y: int, values: FieldValues) -> float:
    """Weight of one field; nothing where a value is missing."""
    if x < 0 or y < 0:
        return 0.0
    level = _level(f, x, y, values)
    if level == 0:
        return float(min(values.agreement[f, x], values.agreement[f, y]))
    return float(values.difference[f, level])


@njit(cache=True, nogil=True)
def _weights(
    first: NDArray[np.int64], second: NDArray[np.int64], readings: _Readings, values: FieldValues
) -> NDArray[np.float64]:
    """(E,) the best weight of each pair over the readings of both."""
    starts, codes, kinds, same = readings.starts, readings.codes, readings.kinds, readings.same
    weights = np.empty(len(first))
    for pair in range(len(first)):
        i, j = first[pair], second[pair]
        in_all = 0.0
        for f in range(codes.shape[1]):
            if same[f]:
                in_all += _of_field(f, codes[starts[i], f], codes[starts[j], f], values)
        best = -np.inf
        for a in range(starts[i], starts[i + 1]):
            for b in range(starts[j], starts[j + 1]):
                if kinds[a] != 0 and kinds[b] != 0:
                    continue
                weight = in_all if kinds[a] == kinds[b] else in_all + _OTHER_READING
                for f in range(codes.shape[1]):
                    if not same[f]:
                        weight += _of_field(f, codes[a, f], codes[b, f], values)
                best = max(best, weight)
        weights[pair] = best
    return weights
