"""Which pairs of records are weighed: all of them in small files, those that agree on a key in large ones.

Keys are joined by *or*: a pair that agrees on one of them is weighed, once.  Records of equal skeletons, dates and
places are brought together by Splink on DuckDB (`estimation.linkage.splink_adapter`); those of near spellings by lists
of neighbours (`estimation.linkage.near_pairs`), since no key is equal in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.encoded import CandidateKey, EncodedRecords
from estimation.linkage.near_pairs import NEAR_KEYS, near_pairs
from estimation.linkage.nominal_weights import NominalWeights
from estimation.lists.name_list import NameList

__all__ = ["BroughtTogether", "all_pairs", "pairs_by_keys"]

BroughtTogether: TypeAlias = tuple[float, NDArray[np.int64], NDArray[np.int64], CandidateKey | None]
"""The share of the work that is done, pairs of records, and the key that brought them together."""

_CHUNK = 2_000_000
"""Pairs at a time."""


def all_pairs(n_records: int) -> Iterator[BroughtTogether]:
    """Pairs of records in order, some at a time, with the share that is done then."""
    begin = 0
    while begin < n_records:
        rows = max(1, _CHUNK // max(n_records - begin, 1))
        own = np.arange(begin, min(begin + rows, n_records))
        n_later = n_records - 1 - own
        first = np.repeat(own, n_later)
        second = np.arange(len(first)) - np.repeat(np.cumsum(n_later) - n_later, n_later) + first + 1
        begin += rows
        yield min(begin / n_records, 1.0), first, second, None


def pairs_by_keys(
    name_lists: Sequence[NameList], encoded: EncodedRecords, weights: NominalWeights, most_pairs: int
) -> Iterator[BroughtTogether]:
    """Pairs that agree on a key and on none before it, key by key."""
    # Imported here because Splink and DuckDB take a second to load, and files of a few thousand records need neither.
    from estimation.linkage.blocking_keys import blocking_keys
    from estimation.linkage.common_values import narrowed
    from estimation.linkage.splink_adapter import pairs_by_key

    before = np.zeros(0, np.int64)
    keys = list(blocking_keys(name_lists, encoded))
    n_keys = len(keys) + len(NEAR_KEYS)
    for done, key in enumerate(keys, start=1):
        rows, n_narrowed, n_refused = narrowed(key.rows, key.narrower, most_pairs)
        first, second = pairs_by_key(rows)
        new, before = _new(first * encoded.n_records + second, before)
        counted = CandidateKey(key.name, len(first), int(new.sum()), 0, n_narrowed, n_refused)
        yield done / n_keys, first[new], second[new], counted
    for done, near in enumerate(NEAR_KEYS, start=len(keys) + 1):
        first, second, n_refused = near_pairs(encoded, weights, near, most_pairs=most_pairs)
        new, before = _new(first * encoded.n_records + second, before)
        counted = CandidateKey(near.name, len(first), int(new.sum()), 0, 0, n_refused)
        yield done / n_keys, first[new], second[new], counted


def _new(pairs: NDArray[np.int64], before: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which of some pairs are not among those before, and all of them; both in order."""
    at = np.searchsorted(before, pairs)
    new = np.ones(len(pairs), np.bool_)
    within = at < len(before)
    new[within] = before[at[within]] != pairs[within]
    return new, np.insert(before, at[new], pairs[new])
