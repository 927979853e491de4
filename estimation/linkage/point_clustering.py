"""One partition that stands for all draws: the one with the least posterior expected loss that is found.

Loss (Binder 1978): one for each pair of records that is put together and is not one person, and one for each pair that
is one person and is kept apart.  Its posterior expectation needs the pair probabilities p alone,

    E(partition) = sum over pairs together of (1 - p) + sum over pairs apart of p,

and falls into a sum over the components of the graph of pairs with p > 0.  In each component the search starts from the
draw with the least expected loss and then moves single records and joins two groups as long as the loss falls: never
worse than any draw, and a local minimum otherwise.

Whether a group is to be trusted is another question: the probability of exactly this group, the share of draws in
which its records are one person with nobody else's among them.  With a loss of 1 for a record in a wrong group and of
a < 1 for one that is left undecided, the expected loss is least where a record is decided if its group has a
probability above 1 - a.

References: Binder (1978), Biometrika 65:31-38; Lau, Green (2007), JCGS 16:526-558; for undecided records Sadinle
(2017), JASA 112:600-612.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from estimation.linkage.pairs import PairProbabilities

__all__ = ["group_probabilities", "least_loss_partition", "numbered"]

_NOTHING = 1e-9
"""A loss that falls by less has not fallen."""


def numbered(persons: NDArray[np.int64]) -> NDArray[np.int32]:
    """The same partition with persons 0, 1, ... in the order of the first record of each.

    Examples
    --------
    >>> numbered(np.array([7, 3, 7, 9])).tolist()
    [0, 1, 0, 2]
    """
    _, first, codes = np.unique(persons, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    return rank[codes]


def least_loss_partition(persons: NDArray[np.int32], pairs: PairProbabilities) -> NDArray[np.int32]:
    """The partition with the least expected loss that is found.

    Parameters
    ----------
    persons : (draws, R) int32
        The person of each record in each draw.
    pairs : PairProbabilities
        Those of these draws.

    Returns
    -------
    (R,) int32
        The person of each record: 0, 1, ... in the order of the first record of each.

    Examples
    --------
    >>> from estimation.linkage.pairs import pair_probabilities
    >>> drawn = np.array([[0, 0, 1], [0, 0, 1], [0, 1, 1]], dtype=np.int32)
    >>> least_loss_partition(drawn, pair_probabilities(drawn)).tolist()
    [0, 0, 1]
    """
    n_records = persons.shape[1]
    edges = coo_array((np.ones(len(pairs.first)), (pairs.first, pairs.second)), shape=(n_records, n_records))
    _, component = connected_components(edges, directed=False)
    start = _best_draws(persons, pairs, component)
    near: dict[int, list[tuple[int, float]]] = defaultdict(list)
    members: dict[int, list[int]] = defaultdict(list)
    for i, j, p in zip(pairs.first.tolist(), pairs.second.tolist(), pairs.probability.tolist(), strict=True):
        near[i].append((j, p))
        near[j].append((i, p))
    for record in sorted(near):
        members[int(component[record])].append(record)
    groups = dict(enumerate(start.tolist()))
    fresh = count(int(start.max(initial=0)) + 1)
    for records in members.values():
        _improve(groups, records, near, fresh)
    return numbered(np.array([groups[record] for record in range(n_records)], dtype=np.int64))


def _best_draws(
    persons: NDArray[np.int32], pairs: PairProbabilities, component: NDArray[np.int32]
) -> NDArray[np.int64]:
    """In each component the groups of the draw with the least expected loss there, the first of several."""
    n_records = persons.shape[1]
    of_pair = component[pairs.first]
    n_components = int(component.max(initial=-1)) + 1
    least = np.full(n_components, np.inf)
    chosen = np.zeros(n_records, dtype=np.int64)
    for drawn in persons:
        together = drawn[pairs.first] == drawn[pairs.second]
        loss = np.bincount(
            of_pair, np.where(together, 1 - pairs.probability, pairs.probability), minlength=n_components
        )
        better = loss < least - _NOTHING
        least = np.where(better, loss, least)
        here = better[component]
        chosen[here] = drawn[here]
    groups: NDArray[np.int64] = component.astype(np.int64) * max(n_records, 1) + chosen
    return groups


def _improve(
    groups: dict[int, int], records: list[int], near: dict[int, list[tuple[int, float]]], fresh: Iterator[int]
) -> None:
    """Move single records and join groups of a component as long as the expected loss falls."""
    sizes: dict[int, int] = defaultdict(int)
    for record in records:
        sizes[groups[record]] += 1
    moved = True
    while moved:
        moved = False
        for record in records:
            own = groups[record]
            gains: dict[int, float] = defaultdict(float)
            for other, p in near[record]:
                gains[groups[other]] += 2 * p
            best, gain = own, gains[own] - (sizes[own] - 1)
            for group in sorted(gains):
                if group != own and gains[group] - sizes[group] > gain + _NOTHING:
                    best, gain = group, gains[group] - sizes[group]
            if gain < -_NOTHING:
                best = next(fresh)
            if best != own:
                sizes[own] -= 1
                sizes[best] += 1
                groups[record] = best
                moved = True
        moved = _join(groups, sizes, records, near) or moved


def _join(
    groups: dict[int, int], sizes: dict[int, int], records: list[int], near: dict[int, list[tuple[int, float]]]
) -> bool:
    """Join the two groups whose union lowers the expected loss most; whether there are such."""
    between: dict[tuple[int, int], float] = defaultdict(float)
    for record in records:
        for other, p in near[record]:
            if groups[record] < groups[other]:
                between[groups[record], groups[other]] += 2 * p
    gains = {pair: weight - sizes[pair[0]] * sizes[pair[1]] for pair, weight in between.items()}
    pair = max(sorted(gains), key=lambda each: gains[each], default=None)
    if pair is None or gains[pair] <= _NOTHING:
        return False
    for record in records:
        if groups[record] == pair[1]:
            groups[record] = pair[0]
    sizes[pair[0]] += sizes.pop(pair[1])
    return True


def group_probabilities(persons: NDArray[np.int32], partition: NDArray[np.int32]) -> NDArray[np.float64]:
    """For each record the share of draws in which its group is exactly one person.

    Parameters
    ----------
    persons : (draws, R) int32
        The person of each record in each draw.
    partition : (R,) int32
        Groups of records, numbered in the order of their first record.

    Examples
    --------
    >>> drawn = np.array([[0, 0, 1], [0, 1, 1]], dtype=np.int32)
    >>> group_probabilities(drawn, np.array([0, 0, 1], dtype=np.int32)).tolist()
    [0.5, 0.5, 0.5]
    """
    _, first, size = np.unique(partition, return_index=True, return_counts=True)
    exact = np.zeros(len(first), dtype=np.int64)
    for drawn in persons:
        as_first = drawn == drawn[first[partition]]
        all_there = np.bincount(partition, as_first, minlength=len(first)) == size
        nobody_else = np.bincount(drawn)[drawn[first]] == size
        exact += all_there & nobody_else
    shares: NDArray[np.float64] = exact[partition] / max(len(persons), 1)
    return shares
