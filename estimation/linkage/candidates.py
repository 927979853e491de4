"""Which pairs of records may be one person: brought together by keys, weighed, and the plausible ones retained.

A pair that is no candidate can be one person only through others, and what no candidate joins is counted as several
people: too few candidates make the number of people too high, and nothing later can mend it.  So there are many.  A
pair is a candidate where its nominal weight (`estimation.linkage.nominal_weights`) is above log R - 5.4, for R records,
or where it is one of the best eight of either record and above -8.  The cut grows with log R since the prior odds of a
pair fall with 1/R; an absolute one is wrong.

Files of a few thousand records need no keys: all pairs are weighed.  Weighing takes most of the time; pairs that were
weighed once are cut at as many places as one likes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from estimation.errors import SettingError
from estimation.linkage.best_pairs import best_pairs
from estimation.linkage.brought_together import all_pairs, pairs_by_keys
from estimation.linkage.encoded import CandidateKey, CandidatePairs, EncodedRecords
from estimation.linkage.nominal_weights import nominal_weights
from estimation.lists.name_list import NameList
from estimation.work.progress import Progress, silent

__all__ = ["CandidateCut", "WeighedPairs", "candidate_pairs", "cut_at", "weighed_pairs"]

_ROWS = 20
"""Rows of a list that a note names."""


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
    most_of_record : int
        Pairs above the cut that a record may have without being among the best of the other one.
    """

    below_log_r: float = 5.4
    best: int = 8
    floor: float = -8.0
    all_pairs_up_to: int = 12_000
    most_pairs: int = 1_000_000
    most_of_record: int = 100

    def __post_init__(self) -> None:
        least = {"best": 0, "all_pairs_up_to": 0, "most_pairs": 1, "most_of_record": 1}
        problems = [
            f"{name} = {value!r}; it must be a whole number, {fewest} or more"
            for name, fewest in least.items()
            if not isinstance(value := getattr(self, name), int) or value < fewest
        ]
        problems += [
            f"{name} = {value!r}; it must be a number"
            for name in ("below_log_r", "floor")
            if not isinstance(value := getattr(self, name), int | float) or value != value
        ]
        if problems:
            raise SettingError("candidates", problems)

    def looser(self, by: float = 4.0) -> CandidateCut:
        """A cut that lets more pairs in, by a number of nats and with twice the best of each record.

        Parameters
        ----------
        by : float
            How much lower the cut is.  Unit: nats.
        """
        return replace(
            self,
            below_log_r=self.below_log_r + by,
            best=2 * self.best,
            floor=self.floor - by,
            most_of_record=2 * self.most_of_record,
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
        The same lists, as `encode` makes it; R records.
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
    return cut_at(chosen, weighed_pairs(name_lists, encoded, cut=chosen, progress=progress), name_lists)


@dataclass(frozen=True, slots=True)
class WeighedPairs:
    """Pairs above a weight, of which a cut takes the candidates.

    Parameters
    ----------
    first, second : (E,) int64
        Records, in the order in which they were brought together.
    weight : (E,) float64
        Nominal weight of each.
    key : (E,) int8
        Which key brought each together.
    keys : tuple of CandidateKey
        The keys, candidates not yet counted; empty where all pairs were weighed.
    n_compared : int
        Pairs that were weighed.  Unit: pairs of records.
    above : float
        The weight that all of them are above.
    n_records : int
        R.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    weight: NDArray[np.float64]
    key: NDArray[np.int8]
    keys: tuple[CandidateKey, ...]
    n_compared: int
    above: float
    n_records: int


def weighed_pairs(
    name_lists: Sequence[NameList],
    encoded: EncodedRecords,
    *,
    cut: CandidateCut,
    of: NDArray[np.bool_] | None = None,
    progress: Progress = silent,
) -> WeighedPairs:
    """The pairs of records that a cut, or one that lets fewer in, could take.

    Parameters
    ----------
    name_lists, encoded, progress
        As for `candidate_pairs`.
    cut : CandidateCut
        The loosest that is wanted.
    of : (R,) bool, optional
        Records whose pairs are wanted; all unless given.  A pair of two of them is then a candidate where it is one
        among all pairs, since all other pairs of either are known.
    """
    weights = nominal_weights(encoded)
    if encoded.n_records <= cut.all_pairs_up_to:
        brought = all_pairs(encoded.n_records)
    else:
        brought = pairs_by_keys(name_lists, encoded, weights, cut.most_pairs)
    above = min(cut.floor, _least(cut, encoded.n_records))
    found = []
    keys: list[CandidateKey] = []
    n_compared = 0
    for done, first, second, key in brought:
        possible = _possible(encoded, first, second, of)
        first, second = first[possible], second[possible]
        weight = weights.of(first, second)
        near = weight > above
        found.append((first[near], second[near], weight[near], np.full(near.sum(), len(keys), np.int8)))
        n_compared += len(weight)
        keys += [key] if key else []
        progress(done, "weighing pairs of records")
    first, second, weight, by = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return WeighedPairs(first, second, weight, by, tuple(keys), n_compared, above, encoded.n_records)


def _possible(
    encoded: EncodedRecords, first: NDArray[np.int64], second: NDArray[np.int64], of: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    """(E,) which pairs can be one person, and have one of the records that are wanted."""
    lists = encoded.list_of[first]
    possible: NDArray[np.bool_] = (lists != encoded.list_of[second]) | ~encoded.duplicate_free[lists]
    return possible if of is None else possible & (of[first] | of[second])


def _least(cut: CandidateCut, n_records: int) -> float:
    """The weight above which every pair is a candidate."""
    return float(np.log(n_records)) - cut.below_log_r


def cut_at(cut: CandidateCut, weighed: WeighedPairs, name_lists: Sequence[NameList]) -> CandidatePairs:
    """The candidates among pairs that were weighed.

    Parameters
    ----------
    cut : CandidateCut
        That for which they were weighed, or one that lets fewer in.
    weighed : WeighedPairs
        By `weighed_pairs`.
    name_lists : sequence of NameList
        The lists, for the rows that a note names.

    Raises
    ------
    SettingError
        Where the cut would take pairs that were not weighed.
    """
    least = _least(cut, weighed.n_records)
    if min(cut.floor, least) < weighed.above:
        problem = f"pairs were weighed above {weighed.above:.2f} only; weigh them for this cut"
        raise SettingError("candidates", [problem])
    retained, crowded = best_pairs(
        weighed.first,
        weighed.second,
        weighed.weight,
        n_records=weighed.n_records,
        cut=least,
        best=cut.best,
        floor=cut.floor,
        most=cut.most_of_record,
    )
    counted = np.bincount(weighed.key[retained], minlength=len(weighed.keys))
    keys = tuple(replace(key, n_candidates=int(n)) for key, n in zip(weighed.keys, counted, strict=False))
    order = np.flatnonzero(retained)[np.lexsort((weighed.second[retained], weighed.first[retained]))]
    return CandidatePairs(
        weighed.first[order],
        weighed.second[order],
        weighed.weight[order],
        least,
        weighed.n_compared,
        keys,
        (
            _how_found(keys, weighed.n_compared, len(order), least, cut),
            *_of_keys(keys, cut.most_pairs),
            *_of_crowded(name_lists, crowded, cut.most_of_record),
        ),
    )


def _how_found(
    keys: Sequence[CandidateKey], n_compared: int, n_candidates: int, least: float, cut: CandidateCut
) -> str:
    """How many pairs were weighed, how many are candidates, and what each key added."""
    words = (
        f"Candidates: {n_candidates:,} of {n_compared:,} pairs of records that were weighed, those of a weight above "
        f"{least:.2f} and the best {cut.best} of each record above {cut.floor:g}."
    )
    if not keys:
        return words + "  All pairs were weighed."
    added = "; ".join(f"{key.name}, {key.n_new:,} ({key.n_candidates:,})" for key in keys)
    return f"{words}  Keys, with the pairs that each added to those before it and the candidates among them: {added}."


def _of_keys(keys: Sequence[CandidateKey], most_pairs: int) -> tuple[str, ...]:
    """Keys that were narrowed or refused, in words."""
    return tuple(
        f"Key '{key.name}': {key.n_narrowed} values are so common that each would bring together more than "
        f"{most_pairs:,} pairs of records; such records are compared only where they also agree on the year of birth, "
        f"the day or year of the event, or the place"
        + (f", and {key.n_refused} values are too common even so: they bring nobody together" if key.n_refused else "")
        + "."
        for key in keys
        if key.n_narrowed
    )


def _of_crowded(name_lists: Sequence[NameList], crowded: NDArray[np.int64], most: int) -> tuple[str, ...]:
    """Records that look like so many others that pairs of them were left out, by list and row."""
    if not len(crowded):
        return ()
    rows = [(one.name, record.row) for one in name_lists for record in one.linkable]
    by_list: dict[str, list[int]] = {}
    for record in crowded.tolist():
        by_list.setdefault(rows[record][0], []).append(rows[record][1])
    named = "; ".join(
        f"{name}, rows {', '.join(map(str, own[:_ROWS]))}"
        + (f" and {len(own) - _ROWS} more" if len(own) > _ROWS else "")
        for name, own in by_list.items()
    )
    return (
        f"{len(crowded)} records each look like more than {most} others, too many to tell them apart ({named}).  Most "
        "pairs of them are no candidates, so that people among them who are on several lists are counted more than "
        "once: give a further field, or leave such records out.",
    )
