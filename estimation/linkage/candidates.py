"""Which pairs of records may be one person: brought together by keys, weighed, and the plausible ones retained.

A pair that is no candidate can be one person only through others, and what no candidate joins is counted as several
people: too few candidates make the number of people too high, and nothing later can mend it.  So there are many.  A
pair is a candidate where its nominal weight (`estimation.linkage.nominal_weights`) is above log R - 5.4, for R records,
or where it is one of the best eight of either record and above -8.  The cut grows with log R since the prior odds of a
pair fall with 1/R; an absolute one is wrong.

Files of a few thousand records need no keys: all pairs are weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from estimation.errors import SettingError
from estimation.linkage.best_pairs import best_pairs
from estimation.linkage.brought_together import BroughtTogether, all_pairs, pairs_by_keys
from estimation.linkage.encoded import CandidateKey, CandidatePairs, EncodedRecords
from estimation.linkage.nominal_weights import NominalWeights, nominal_weights
from estimation.lists.name_list import NameList
from estimation.work.progress import Progress, silent

__all__ = ["CandidateCut", "candidate_pairs"]

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
            f"{name} = {value!r}; it must be {fewest} or more"
            for name, fewest in least.items()
            if (value := getattr(self, name)) < fewest
        ]
        if problems:
            raise SettingError("candidates", problems)

    def looser(self, by: float = 4.0) -> CandidateCut:
        """A cut that lets more pairs in, by a number of nats and with twice the best of each record."""
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
    least = float(np.log(encoded.n_records)) - chosen.below_log_r
    weights = nominal_weights(encoded)
    if encoded.n_records <= chosen.all_pairs_up_to:
        brought = all_pairs(encoded.n_records)
    else:
        brought = pairs_by_keys(name_lists, encoded, weights, chosen.most_pairs)
    weighed = _weighed(encoded, weights, brought, min(chosen.floor, least), progress)
    retained, crowded = best_pairs(
        weighed.first,
        weighed.second,
        weighed.weight,
        n_records=encoded.n_records,
        cut=least,
        best=chosen.best,
        floor=chosen.floor,
        most=chosen.most_of_record,
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
            _how_found(keys, weighed.n_compared, len(order), least, chosen),
            *_of_keys(keys, chosen.most_pairs),
            *_of_crowded(name_lists, crowded, chosen.most_of_record),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Pairs above a weight, which key brought each together, and the keys."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    weight: NDArray[np.float64]
    key: NDArray[np.int8]
    keys: tuple[CandidateKey, ...]
    n_compared: int


def _weighed(
    encoded: EncodedRecords,
    weights: NominalWeights,
    brought: Iterable[BroughtTogether],
    floor: float,
    progress: Progress,
) -> _Weighed:
    """Those of the pairs brought together that can be one person and are above a weight."""
    found = []
    keys: list[CandidateKey] = []
    n_compared = 0
    for done, first, second, key in brought:
        lists = encoded.list_of[first]
        possible = (lists != encoded.list_of[second]) | ~encoded.duplicate_free[lists]
        first, second = first[possible], second[possible]
        weight = weights.of(first, second)
        near = weight > floor
        found.append((first[near], second[near], weight[near], np.full(near.sum(), len(keys), np.int8)))
        n_compared += len(weight)
        keys += [key] if key else []
        progress(done, "weighing pairs of records")
    first, second, weight, by = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _Weighed(first, second, weight, by, tuple(keys), n_compared)


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
