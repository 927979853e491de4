"""Values of a key that are so common that they would bring together more pairs than there is time for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.splink_adapter import KeyRows

__all__ = ["narrowed"]


def narrowed(rows: KeyRows, narrower: NDArray[np.int64], most_pairs: int) -> tuple[KeyRows, int, int]:
    """A key of which no value brings together more than a number of pairs.

    A value that would is joined with something else that the records have; what is too common even so brings nobody
    together, and neither do records that have nothing else.

    Parameters
    ----------
    rows : KeyRows
        Values by row, n of them.
    narrower : (n,) int64
        What else each record has; -1 for nothing.
    most_pairs : int
        Pairs that a value may bring together.  Unit: pairs of rows.

    Returns
    -------
    rows : KeyRows
        The same rows, with other codes.
    n_narrowed, n_refused : int
        Values that were joined with something else, and values, so joined, that bring nobody together.

    Examples
    --------
    >>> codes = np.array([5, 5, 5, 5, 6, 6])
    >>> rows, *counted = narrowed(KeyRows(np.arange(6), codes, codes), np.array([1, 1, 2, -1, 1, 1]), 3)
    >>> rows.one.tolist(), counted
    ([1, 1, 2, -1, 3, 3], [1, 0])
    """
    sides = np.stack([rows.one, rows.other])
    values, codes = np.unique(sides, return_inverse=True)
    codes = np.where(sides < 0, -1, codes.reshape(sides.shape))
    common = _n_pairs(codes, len(values)) > most_pairs
    if not common.any():
        return rows, 0, 0
    is_common = common[codes] & (codes >= 0)
    both, codes = np.unique(
        codes * (int(narrower.max()) + 2) + np.where(is_common, narrower + 1, 0), return_inverse=True
    )
    codes = np.where((sides < 0) | (is_common & (narrower < 0)), -1, codes.reshape(sides.shape))
    refused = _n_pairs(codes, len(both)) > most_pairs
    one, other = np.where(refused[codes] & (codes >= 0), -1, codes).astype(np.int64)
    return KeyRows(rows.record, one, other, rows.low, rows.high), int(common.sum()), int(refused.sum())


def _n_pairs(codes: NDArray[np.int64], n_values: int) -> NDArray[np.int64]:
    """(n_values,) pairs of rows that each value brings together, at most."""
    one, other = (np.bincount(side[side >= 0], minlength=n_values).astype(np.int64) for side in codes)
    both = (codes[0] == codes[1]).all()
    pairs: NDArray[np.int64] = one * (one - 1) // 2 if both else one * other
    return pairs
