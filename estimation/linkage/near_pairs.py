"""Pairs of records whose names are near and that have something else in common, found without weighing all pairs.

A misspelling is neither a skeleton nor a first letter.  The near values of a name are known (`NearValues`), and so are
the records that have each: a record meets those with a near value of one field, and a pair is taken where another field
is near too.  Both readings of exchanged names meet.  The cost is the number of meetings, some hundred million for
100,000 records with common names, at some ten million a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.encoded import EncodedRecords
from estimation.linkage.nominal_weights import FieldValues, NominalWeights, level_between
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
    """

    name: str
    field: str
    furthest: int
    others: Mapping[str, int]


NEAR_KEYS = (
    NearKey(
        "family name nearly, and another field nearly",
        "family",
        2,
        {"given": 2, "father": 1, "birth year": 1, "birth day": 1, "event day": 0},
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
    column = encoded.codes[:, place]
    order = np.argsort(column, kind="stable")
    n_values = encoded.fields[place].near.n_values
    begins = np.searchsorted(column[order], np.arange(n_values + 1))
    record = np.repeat(np.arange(encoded.n_records), np.diff(encoded.reading_starts))
    of_readings = (record, encoded.codes, encoded.reading_kinds)
    packed, n_refused = _meet(place, key.furthest, limits, of_readings, (order, begins), weights.values, most_pairs)
    packed = np.unique(packed)
    return packed // encoded.n_records, packed % encoded.n_records, n_refused


@njit(cache=True, nogil=True)
def _meet(
    place: int,
    furthest: int,
    limits: NDArray[np.int64],
    of_readings: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int8]],
    by_value: tuple[NDArray[np.int64], NDArray[np.int64]],
    values: FieldValues,
    most_pairs: int,
) -> tuple[NDArray[np.int64], int]:
    """Pairs of records, packed into one number each, some of them more than once."""
    order, begins = by_value
    found = np.empty(1 << 16, np.int64)
    n_found, n_refused = 0, 0
    for x in range(len(begins) - 1):
        begin = values.offsets[place] + x
        for near in range(values.starts[begin] - 1, values.starts[begin + 1]):
            y = x if near < values.starts[begin] else values.neighbours[near]
            if y < x or (y != x and values.levels[near] > furthest):
                continue
            if (begins[x + 1] - begins[x]) * (begins[y + 1] - begins[y]) > 2 * most_pairs:
                n_refused += 1
                continue
            for one in order[begins[x] : begins[x + 1]]:
                room = n_found + begins[y + 1] - begins[y]
                if room > len(found):
                    larger = np.empty(2 * room, np.int64)
                    larger[:n_found] = found[:n_found]
                    found = larger
                for other in order[begins[y] : begins[y + 1]]:
                    pair = _packed(one, other, limits, of_readings, values)
                    if pair >= 0:
                        found[n_found] = pair
                        n_found += 1
    return found[:n_found], n_refused


@njit(cache=True, nogil=True, inner=True)
def _packed(
    one: int,
    other: int,
    limits: NDArray[np.int64],
    of_readings: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int8]],
    values: FieldValues,
) -> int:
    """The two records of two readings as one number; -1 where they are one or have nothing else in common."""
    record, codes, kinds = of_readings
    i, j = record[one], record[other]
    if i == j or (kinds[one] != 0 and kinds[other] != 0):
        return -1
    for f in range(len(limits)):
        x, y = codes[one, f], codes[other, f]
        if limits[f] >= 0 and x >= 0 and y >= 0 and level_between(f, x, y, values) <= limits[f]:
            return int(min(i, j) * (record[-1] + 1) + max(i, j))
    return -1
