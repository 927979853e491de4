"""Which of the compared pairs become candidates: those above a cut, and the best of each record.

The best of a record are chosen by weight alone.  Where its last place is shared by more pairs than three times the
places, none of those has it: which record comes first in a file decides nothing.

A record above the cut with hundreds of others says too little: a common name and nothing else.  Such a pair is a
candidate only if it is among the best hundred of one of its records, and what was left out is counted.
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
    most: int,
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which pairs are above the cut, or above the floor and among the best of one of their two records.

    Parameters
    ----------
    first, second : (E,) int64
        Records, R of them.
    weight : (E,) float64
        Weights.
    n_records, cut, best, floor : int or float
        R; the weight above which all are chosen; how many below it of each record, and the weight that those must have.
    most : int
        Pairs above the cut that a record may have without being among the best of the other one.

    Returns
    -------
    chosen : (E,) bool
        The candidates.
    crowded : (C,) int64
        Records of which pairs above the cut were left out.

    Examples
    --------
    >>> first, second, weight = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([3.0, -1.0, -2.0])
    >>> chosen, crowded = best_pairs(first, second, weight, n_records=3, cut=0.0, best=1, floor=-8.0, most=100)
    >>> chosen.tolist(), crowded.tolist()
    ([True, True, False], [])
    """
    above = weight > cut
    chosen = above & ~_crowd(first, second, weight, above, n_records, most)
    crowded = np.unique(np.concatenate([side[above & ~chosen] for side in (first, second)]))
    if best:
        least = _least_of_best(first, second, weight, n_records, best, _SHARED * best + 1)
        chosen |= (weight >= np.minimum(least[first], least[second])) & (weight > floor)
    return chosen, crowded


def _crowd(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    weight: NDArray[np.float64],
    above: NDArray[np.bool_],
    n_records: int,
    most: int,
) -> NDArray[np.bool_]:
    """(E,) whether both records of a pair have too many above the cut, and it is among the best of neither."""
    n_above = np.bincount(first[above], minlength=n_records) + np.bincount(second[above], minlength=n_records)
    crowded = n_above > most
    crowd = np.zeros(len(first), np.bool_)
    between = np.flatnonzero(above & crowded[first] & crowded[second])
    if len(between):
        place = np.where(crowded, np.cumsum(crowded) - 1, -1)
        of = np.flatnonzero(above & (crowded[first] | crowded[second]))
        n_crowded = int(crowded.sum())
        least = _least_of_best(place[first[of]], place[second[of]], weight[of], n_crowded, most, _SHARED * most + 1)
        crowd[between] = weight[between] < np.minimum(least[place[first[between]]], least[place[second[between]]])
    return crowd


@njit(cache=True, nogil=True)
def _least_of_best(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    weight: NDArray[np.float64],
    n_records: int,
    best: int,
    most: int,
) -> NDArray[np.float64]:
    """(R,) the weight that a pair of each record must have to be one of its best; records below 0 are passed over."""
    top = np.full((n_records, most), -np.inf)
    for pair in range(len(weight)):
        for record in (first[pair], second[pair]):
            if record < 0 or weight[pair] <= top[record, most - 1]:
                continue
            own, place = top[record], most - 1
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
