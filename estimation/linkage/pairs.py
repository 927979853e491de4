"""How probable it is that two records are of one person: the share of draws in which they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["PairProbabilities", "pair_probabilities", "pairs_within"]

_AT_ONCE = 4_000_000
"""Pairs that are counted at a time, so that memory does not grow with the number of draws."""


@dataclass(frozen=True, slots=True)
class PairProbabilities:
    """The pairs of records that are one person in at least one draw.

    Parameters
    ----------
    first, second : (P,) int64
        Records, ``first < second``, in order, each pair once.
    probability : (P,) float64
        Share of the draws in which both are of one person.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    probability: NDArray[np.float64]


def pairs_within(persons: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs of records of one person in one draw.

    Parameters
    ----------
    persons : (R,) int32
        The person of each record.

    Examples
    --------
    >>> [part.tolist() for part in pairs_within(np.array([0, 1, 0, 0], dtype=np.int32))]
    [[0, 2, 0], [2, 3, 3]]
    """
    order = np.argsort(persons, kind="stable").astype(np.int64)
    by_person = persons[order]
    firsts, seconds = [], []
    for apart in range(1, int(np.bincount(persons).max(initial=0))):
        same = np.flatnonzero(by_person[apart:] == by_person[:-apart])
        firsts.append(order[same])
        seconds.append(order[same + apart])
    nothing = np.zeros(0, dtype=np.int64)
    return np.concatenate([nothing, *firsts]), np.concatenate([nothing, *seconds])


def pair_probabilities(persons: NDArray[np.int32]) -> PairProbabilities:
    """The share of draws in which two records are of one person, for all pairs that ever are.

    Parameters
    ----------
    persons : (draws, R) int32
        The person of each record in each draw.

    Examples
    --------
    >>> found = pair_probabilities(np.array([[0, 0, 1], [0, 1, 1]], dtype=np.int32))
    >>> found.first.tolist(), found.second.tolist(), found.probability.tolist()
    ([0, 1], [1, 2], [0.5, 0.5])
    """
    n_draws, n_records = persons.shape
    keys, counts = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    waiting: list[NDArray[np.int64]] = []
    for at, drawn in enumerate(persons, 1):
        first, second = pairs_within(drawn)
        waiting.append(first * n_records + second)
        if at == n_draws or sum(map(len, waiting)) > _AT_ONCE:
            new, seen = np.unique(np.concatenate(waiting), return_counts=True)
            every = np.concatenate([keys, new])
            keys, places = np.unique(every, return_inverse=True)
            counts = np.bincount(places, weights=np.concatenate([counts, seen]), minlength=len(keys)).astype(np.int64)
            waiting = []
    return PairProbabilities(keys // max(n_records, 1), keys % max(n_records, 1), counts / max(n_draws, 1))
