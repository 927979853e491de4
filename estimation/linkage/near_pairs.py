"""Pairs of records whose names are near and that have something else in common, found without weighing all pairs.

A misspelling has neither the same skeleton nor the same first letter.  The near values of a name are known
(`NearValues`), and so are the records that have each: a record meets those with a near value of one field, and a pair
is taken where another field is near too.  The cost is the number of meetings, a few nanoseconds each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.encoded import MISSING, EncodedRecords
from estimation.linkage.nominal_weights import FieldValues, NominalWeights
from estimation.work.kernels import njit

__all__ = ["NEAR_KEYS", "NearKey", "near_pairs"]


@dataclass(frozen=True, slots=True)
class NearKey:
    """What is near in two records.

    Parameters
    ----------
    name : str
        What the records of a pair have in common.
    field : str
        The field by whose near values records meet.
    furthest : int
        The furthest level of two values of it.
    others : mapping of str to int
        Other fields, of which one must be at most so many levels apart.
    exchanged : bool
        Whether readings of exchanged and shifted names meet those as written.
    """

    name: str
    field: str
    furthest: int
    others: Mapping[str, int]
    exchanged: bool = False


NEAR_KEYS = (
    NearKey(
        "family name nearly, and another field nearly",
        "family",
        2,
        {"given": 2, "father": 1, "birth year": 0, "birth day": 1, "event day": 0},
        exchanged=True,
    ),
    NearKey(
        "given name nearly, and father or a date nearly",
        "given",
        2,
        {"father": 2, "birth year": 0, "birth day": 1, "event day": 0},
    ),
    NearKey("birth day nearly, and the year of birth", "birth day", 1, {"birth year": 0}),
)
"""The keys that near values give."""


def near_pairs(
    encoded: EncodedRecords, weights: NominalWeights, key: NearKey, *, most_pairs: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Pairs of records that are near in one field and in one of some others.

    Parameters
    ----------
    encoded : EncodedRecords
        R records.
    weights : NominalWeights
        Made for them.
    key : NearKey
        What must be near; a field that no record gives is passed over.
    most_pairs : int
        Two values that bring together more pairs of readings than that bring together nobody.

    Returns
    -------
    first, second : (M,) int64
        Records, ``first < second``, in order, each pair once.
    n_refused : int
        Pairs of values, or one value with itself, that were too common.
    """
    names = [one.name for one in encoded.fields]
    if key.field not in names:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), 0
    place = names.index(key.field)
    limits = np.array([key.others.get(name, -1) for name in names], np.int64)
    chosen = np.flatnonzero((encoded.codes[:, place] != MISSING) & (key.exchanged | (encoded.reading_kinds == 0)))
    chosen = chosen[np.argsort(encoded.codes[chosen, place], kind="stable")]
    record = np.repeat(np.arange(encoded.n_records), np.diff(encoded.reading_starts))[chosen]
    readings = _Readings(record, encoded.codes[chosen], encoded.reading_kinds[chosen])
    begins = np.searchsorted(readings.codes[:, place], np.arange(encoded.fields[place].near.n_values + 1))
    packed, n_refused = _meet(place, (key.furthest, most_pairs), limits, readings, begins, weights.values)
    packed.sort()
    packed = packed[np.diff(packed, prepend=-1) > 0]
    n = int(record.max(initial=0)) + 1
    return packed // n, packed % n, n_refused


class _Readings(NamedTuple):
    """Readings in the order of their values of the field by which they meet: record, (n, F) codes, kind."""

    record: NDArray[np.int64]
    codes: NDArray[np.int32]
    kinds: NDArray[np.int8]


@njit(cache=True, nogil=True)
def _meet(
    place: int,
    at_most: tuple[int, int],
    limits: NDArray[np.int64],
    readings: _Readings,
    begins: NDArray[np.int64],
    values: FieldValues,
) -> tuple[NDArray[np.int64], int]:
    """Pairs of records, packed into one number each, some of them more than once."""
    furthest, most_pairs = at_most
    levels = np.full((len(limits), values.agreement.shape[1]), 3, np.int8)
    found = np.empty(1 << 16, np.int64)
    n_found, n_refused = 0, 0
    n = readings.record.max() + 1
    for one in range(len(readings.record)):
        x = readings.codes[one, place]
        _mark(one, readings, limits, values, levels, False)
        begin = values.offsets[place] + x
        for near in range(values.starts[begin] - 1, values.starts[begin + 1]):
            y = x if near < values.starts[begin] else values.neighbours[near]
            if y < x or (y != x and values.levels[near] > furthest):
                continue
            if (begins[x + 1] - begins[x]) * (begins[y + 1] - begins[y]) > 2 * most_pairs:
                n_refused += one == begins[x]
                continue
            first = one + 1 if y == x else begins[y]
            room = n_found + begins[y + 1] - first
            if room > len(found):
                larger = np.empty(2 * room, np.int64)
                larger[:n_found] = found[:n_found]
                found = larger
            for other in range(first, begins[y + 1]):
                i, j = readings.record[one], readings.record[other]
                if i == j or (readings.kinds[one] != 0 and readings.kinds[other] != 0):
                    continue
                for f in range(len(limits)):
                    code = readings.codes[other, f]
                    if code >= 0 and levels[f, code] <= limits[f]:
                        found[n_found] = min(i, j) * n + max(i, j)
                        n_found += 1
                        break
        _mark(one, readings, limits, values, levels, True)
    return found[:n_found], n_refused


@njit(cache=True, nogil=True, inner=True)
def _mark(
    one: int,
    readings: _Readings,
    limits: NDArray[np.int64],
    values: FieldValues,
    levels: NDArray[np.int8],
    unmark: bool,
) -> None:
    """Write the levels of all values near those of a reading, or take them back."""
    for f in range(len(limits)):
        x = readings.codes[one, f]
        if limits[f] < 0 or x < 0:
            continue
        levels[f, x] = 3 if unmark else 0
        begin = values.offsets[f] + x
        for near in range(values.starts[begin], values.starts[begin + 1]):
            levels[f, values.neighbours[near]] = 3 if unmark else values.levels[near]
