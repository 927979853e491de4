"""Which of the compared pairs become candidates: those above a cut, and the best of each record.

The best of a record are chosen by weight alone.  Where its last place is shared by more pairs than three times the
places, none of those has it: which record comes first in a file decides nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estimation.work.kernels import njit

__all__ = ["best_pairs"]

_SHARED = 3
"""Times the places of a record that pairs of one weight may take."""


def best_pairs(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    weight: NDArray[np.float64],
    *,
    n_records: int,
    cut: float,
    best: int,
    floor: float,
) -> NDArray[np.bool_]:
    """(E,) whether a pair is above the cut, or above the floor and among the best of one of its two records.

    Examples
    --------
    >>> first, second = np.array([0, 0, 1]), np.array([1, 2, 2])
    >>> best_pairs(first, second, np.array([3.0, -1.0, -2.0]), n_records=3, cut=0.0, best=1, floor=-8.0).tolist()
    [True, True, False]
    """
    if best == 0:
        return weight > cut
    least = np.maximum(_least_of_best(first, second, weight, n_records, best, _SHARED * best + 1), floor)
    at_least = np.minimum(least[first], least[second])
    chosen: NDArray[np.bool_] = (weight > cut) | ((weight >= at_least) & (weight > floor))
    return chosen


@njit(cache=True, nogil=True)
def _least_of_best(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    weight: NDArray[np.float64],
    n_records: int,
    best: int,
    most: int,
) -> NDArray[np.float64]:
    """(R,) the weight that a pair of each record must have to be one of its best."""
    top = np.full((n_records, most), -np.inf)
    for pair in range(len(weight)):
        for record in (first[pair], second[pair]):
            own, place = top[record], most - 1
            if weight[pair] <= own[place]:
                continue
            while place > 0 and own[place - 1] < weight[pair]:
                own[place] = own[place - 1]
                place -= 1
            own[place] = weight[pair]
    least = np.empty(n_records)
    for record in range(n_records):
        last = top[record, best - 1]
        shared = np.isfinite(last) and top[record, most - 1] == last
        least[record] = np.nextafter(last, np.inf) if shared else last
    return least
