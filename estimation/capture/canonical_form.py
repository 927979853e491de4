"""The one form of a table: distinct histories in one order, so that the order of rows in a file changes nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from estimation.capture.problems import MAX_LISTS

__all__ = ["canonical_form"]


def canonical_form(
    patterns: npt.NDArray[np.bool_], counts: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Distinct histories with at least one person, ordered by the number of lists and then first list first."""
    n_lists = patterns.shape[1]
    packed = np.zeros((patterns.shape[0], MAX_LISTS // 8), dtype=np.uint8)
    bits = np.packbits(patterns, axis=1)
    packed[:, : bits.shape[1]] = bits
    words, where = np.unique(packed.view(">u8").reshape(-1), return_inverse=True)
    summed = np.zeros(words.size, dtype=np.int64)
    np.add.at(summed, where.reshape(-1), counts)
    words, summed = words[summed > 0], summed[summed > 0]
    as_bytes = words.astype(">u8").view(np.uint8).reshape(-1, MAX_LISTS // 8)
    distinct = np.unpackbits(as_bytes, axis=1, count=n_lists).astype(bool)
    # The first list is the highest bit of a word, so first list first is words from high to low.
    order = np.lexsort((np.arange(words.size)[::-1], distinct.sum(axis=1)))
    return np.ascontiguousarray(distinct[order]), np.ascontiguousarray(summed[order])
