"""Which pairs of records may be one person: brought together by keys, weighed, and the plausible ones retained.

A pair that is no candidate can be one person only through others, and what no candidate joins is counted as several
people: too few candidates make the number of people too high, and nothing later can mend it.  So there are many.  A
pair is a candidate where its nominal weight (`estimation.linkage.nominal_weights`) is above log R - 5.4, for R records,
or where it is one of the best eight of either record and above -8.  The cut grows with log R since the prior odds of a
pair fall with 1/R; an absolute one is wrong.

Files of a few thousand records need no keys: all pairs are weighed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.best_pairs import best_pairs
from estimation.linkage.encoded import CandidatePairs, EncodedRecords
from estimation.linkage.nominal_weights import nominal_weights
from estimation.lists.name_list import NameList
from estimation.work.progress import Progress, silent

__all__ = ["CandidateCut", "candidate_pairs"]

_CHUNK = 2_000_000
"""Pairs weighed at a time."""


@dataclass(frozen=True, slots=True)
class CandidateCut:
    """How plausible a pair must be to become a candidate.

    Parameters
    ----------
    below_log_r : float
        A pair is a candidate where its weight is above log R less this.
    best : int
        Pairs of each record that are candidates below the cut.
    floor : float
        Weight below which no pair is a candidate.
    all_pairs_up_to : int
        Records up to which all pairs are weighed, without keys.  Unit: records.
    most_pairs : int
        Pairs that one value of a key may bring together.  Unit: pairs of records.
    """

    below_log_r: float = 5.4
    best: int = 8
    floor: float = -8.0
    all_pairs_up_to: int = 3_000
    most_pairs: int = 1_000_000

    def __post_init__(self) -> None:
        if self.best < 0 or self.all_pairs_up_to < 0 or self.most_pairs < 1:
            raise ValueError("candidates: best and all_pairs_up_to are 0 or more, and most_pairs is 1 or more")

    def looser(self, by: float = 4.0) -> CandidateCut:
        """A cut that lets more pairs in, by a number of nats and with twice the best of each record."""
        return CandidateCut(
            self.below_log_r + by, 2 * self.best, self.floor - by, self.all_pairs_up_to, self.most_pairs
        )


def candidate_pairs(
    name_lists: Sequence[NameList],
    encoded: EncodedRecords,
    *,
    cut: CandidateCut | None = None,
    progress: Progress = silent,
) -> CandidatePairs:
    """The pairs of records that may be one person.

    Parameters
    ----------
    name_lists : sequence of NameList
        The lists, whose names give the keys.
    encoded : EncodedRecords
        The same lists, as `estimation.linkage.encode.encode` makes it; R records.
    cut : CandidateCut, optional
        How plausible a pair must be.
    progress : Progress
        Receives how far it is.

    Returns
    -------
    CandidatePairs
        Pairs within a list too, except on lists that are declared free of duplicates.

    Examples
    --------
    >>> from estimation.linkage.encode import encode
    >>> from estimation.lists.name_list import NameRecord, PersonName
    >>> name = lambda row, given, family: NameRecord(row, (PersonName(given, family=family),))
    >>> police = NameList("police", (name(2, "ali", "karimi"), name(3, "sara", "tehrani")), duplicate_free=True)
    >>> press = NameList("press", (name(2, "ali", "karami"),))
    >>> pairs = candidate_pairs([police, press], encode([police, press]))
    >>> pairs.first.tolist(), pairs.second.tolist()
    ([0, 1], [2, 2])
    """
    chosen = cut or CandidateCut()
    least = float(np.log(encoded.n_records)) - chosen.below_log_r
    weights = nominal_weights(encoded)
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
    n_compared = 0
    for done, first, second in _all_pairs(encoded.n_records):
        possible = _may_be_one(encoded, first, second)
        first, second = first[possible], second[possible]
        weight = weights.of(first, second)
        near = weight > min(chosen.floor, least)
        found.append((first[near], second[near], weight[near]))
        n_compared += len(weight)
        progress(done, "weighing pairs of records")
    first, second = (np.concatenate([part[place] for part in found]).astype(np.int64) for place in (0, 1))
    weight = np.concatenate([part[2] for part in found])
    retained = best_pairs(
        first, second, weight, n_records=encoded.n_records, cut=least, best=chosen.best, floor=chosen.floor
    )
    return CandidatePairs(first[retained], second[retained], weight[retained], least, n_compared)


def _all_pairs(n_records: int) -> Iterator[tuple[float, NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of records in order, some at a time, with the share that is done then."""
    begin = 0
    while begin < n_records:
        rows = max(1, _CHUNK // max(n_records - begin, 1))
        own = np.arange(begin, min(begin + rows, n_records))
        n_later = n_records - 1 - own
        first = np.repeat(own, n_later)
        second = np.arange(len(first)) - np.repeat(np.cumsum(n_later) - n_later, n_later) + first + 1
        begin += rows
        yield min(begin / n_records, 1.0), first, second


def _may_be_one(encoded: EncodedRecords, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(E,) whether two records are not both of a list that has nobody twice."""
    lists = encoded.list_of[first]
    possible: NDArray[np.bool_] = (lists != encoded.list_of[second]) | ~encoded.duplicate_free[lists]
    return possible
