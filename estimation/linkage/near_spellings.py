"""Spellings that are one or two edits apart, by their letters alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from estimation.work.kernels import njit

__all__ = ["near_spellings"]


def near_spellings(spellings: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
    """Pairs of different spellings at level 1 (one edit) or 2 (two edits, or six letters of ten alike).

    Examples
    --------
    >>> first, second, level = near_spellings(["karimi", "karami", "tehrani"])
    >>> first.tolist(), second.tolist(), level.tolist()
    ([0], [1], [1])
    """
    longest = max((len(spelling) for spelling in spellings), default=1)
    letters = np.zeros((len(spellings), longest), np.int32)
    for row, spelling in enumerate(spellings):
        letters[row, : len(spelling)] = [ord(letter) for letter in spelling]
    lengths = np.array([len(spelling) for spelling in spellings], np.int64)
    levels = _levels(letters, lengths)
    first, second = np.nonzero(levels)
    return first, second, levels[first, second]


@njit(cache=True, nogil=True)
def _levels(letters: NDArray[np.int32], lengths: NDArray[np.int64]) -> NDArray[np.int8]:
    """(V, V) level 1 or 2 above the diagonal, 0 elsewhere."""
    n = len(lengths)
    levels = np.zeros((n, n), np.int8)
    width = letters.shape[1] + 1
    rows = np.zeros((3, width), np.int64)
    for i in range(n):
        for j in range(i + 1, n):
            longer = max(lengths[i], lengths[j])
            if abs(lengths[i] - lengths[j]) > max(2, 0.4 * longer):
                continue
            for b in range(lengths[j] + 1):
                rows[0, b] = b
            for a in range(1, lengths[i] + 1):
                now, last, before = a % 3, (a - 1) % 3, (a - 2) % 3
                rows[now, 0] = a
                for b in range(1, lengths[j] + 1):
                    same = letters[i, a - 1] == letters[j, b - 1]
                    edits = min(rows[last, b - 1] + (0 if same else 1), rows[last, b] + 1, rows[now, b - 1] + 1)
                    if (
                        a > 1
                        and b > 1
                        and letters[i, a - 1] == letters[j, b - 2]
                        and letters[i, a - 2] == letters[j, b - 1]
                    ):
                        edits = min(edits, rows[before, b - 2] + 1)
                    rows[now, b] = edits
            edits = rows[lengths[i] % 3, lengths[j]]
            if edits <= 1:
                levels[i, j] = 1
            elif (edits == 2 and longer >= 5) or 1 - edits / longer >= 0.6:
                levels[i, j] = 2
    return levels
