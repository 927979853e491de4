"""Records as numbers, for the partition sampler: codes of values, how far values lie apart, which pairs are candidates.

Levels
------
Two values of a field are at level 0 (they can be the same: equal, two sets that share a day or a spelling, or names
in two scripts that sound alike), 1 (one small error apart), 2 (a larger one) or 3 (anything else).  Only levels 0 to 2
between different values are stored, so that memory grows with near pairs of values and not with their square.

Readings
--------
A record can be read in more than one way: as written, with given and family name exchanged, with a chain of names
shifted by one place.  Each reading is a row of codes; which one holds is a hidden state of the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["MISSING", "CandidateKey", "CandidatePairs", "EncodedField", "EncodedRecords", "FieldScope", "NearValues"]

MISSING = -1
"""The code of a value that is not given."""

FieldScope: TypeAlias = Literal["person", "household"]
"""Whose value it is: one person's; all people's of a household (family name, father, place); or a person's that people
of a household often share (the day of death)."""


@dataclass(frozen=True, slots=True)
class NearValues:
    """Different values of one kind (names; years; days of a year; places) that are near each other.

    Parameters
    ----------
    n_values : int
        Values, coded 0, 1, ...
    starts : (n_values + 1,) int64
        Where the neighbours of each value begin in the next two.
    neighbours : (M,) int32
        For each value the others at levels 0, 1 and 2, by code; symmetric.
    levels : (M,) int8
        Their levels.
    """

    n_values: int
    starts: NDArray[np.int64]
    neighbours: NDArray[np.int32]
    levels: NDArray[np.int8]

    def around(self, counts: NDArray[np.int64], level: int) -> NDArray[np.float64]:
        """(V,) how many have a value at a level from each value, by how many have each; its own are not among them."""
        value = np.repeat(np.arange(self.n_values), np.diff(self.starts))
        at = self.levels == level
        of_each = counts[self.neighbours[at]].astype(np.float64)
        return np.bincount(value[at], weights=of_each, minlength=self.n_values).astype(np.float64)


@dataclass(frozen=True, slots=True)
class EncodedField:
    """One compared field.

    Parameters
    ----------
    name : str
        ``"given"``, ``"father"``, ``"grandfather"``, ``"family"``, ``"birth year"``, ``"birth day"``, ``"age"``,
        ``"event year"``, ``"event day"``, ``"place"``, ``"sex"``, ``"identifier"``.
    scope : {"person", "household"}
        Whose value it is.
    near : NearValues
        How its values lie; fields of one kind (parts of a name) share one object, so that a reading can move a value
        from one field to another.
    has_level : (4,) bool
        Which levels the field can have at all: sex has 0 and 3.
    """

    name: str
    scope: FieldScope
    near: NearValues
    has_level: tuple[bool, bool, bool, bool]


@dataclass(frozen=True, slots=True)
class EncodedRecords:
    """The linkable records of all lists.

    Parameters
    ----------
    lists : tuple of str
        Names of the lists (captures), J of them.
    list_of : (R,) int32
        The list of each record.
    duplicate_free : (J,) bool
        Lists on which nobody is twice.
    fields : tuple of EncodedField
        F compared fields.
    reading_starts : (R + 1,) int64
        Where the readings of each record begin; each has one or more.
    codes : (Q, F) int32
        Values of each reading, `MISSING` where not given; the first of a record is the one as written.
    reading_kinds : (Q,) int8
        0 as written, 1 exchanged, 2 shifted.
    notes : tuple of str
        What was left out and why, by row number and without names.
    """

    lists: tuple[str, ...]
    list_of: NDArray[np.int32]
    duplicate_free: NDArray[np.bool_]
    fields: tuple[EncodedField, ...]
    reading_starts: NDArray[np.int64]
    codes: NDArray[np.int32]
    reading_kinds: NDArray[np.int8]
    notes: tuple[str, ...] = ()

    @property
    def n_records(self) -> int:
        """Records of all lists."""
        return len(self.list_of)


@dataclass(frozen=True, slots=True)
class CandidateKey:
    """One key that brings records together: pairs that agree on it are compared.

    Parameters
    ----------
    name : str
        What the records of a pair agree on.
    n_pairs : int
        Pairs that agree on it.  Unit: pairs of records.
    n_new : int
        Those that agree on none of the keys before it.
    n_candidates : int
        Those of the new ones that became candidates.
    n_narrowed, n_refused : int
        Values so common that they were joined with another field, and values too common even so, on which no records
        were brought together.
    """

    name: str
    n_pairs: int
    n_new: int
    n_candidates: int
    n_narrowed: int = 0
    n_refused: int = 0


@dataclass(frozen=True, slots=True)
class CandidatePairs:
    """Pairs of records that may be one person; any other pair is one only through them.

    Parameters
    ----------
    first, second : (E,) int64
        Records, ``first < second``, in order, each pair once.
    weight : (E,) float64
        Nominal log likelihood ratio of each.
    cut : float
        Weight above which every compared pair is a candidate; below it only the best of a record are.
    n_compared : int
        Pairs whose weight was computed.  Unit: pairs of records.
    keys : tuple of CandidateKey
        What each key added; empty where all pairs were compared.
    notes : tuple of str
        What a reader should know: keys that were narrowed or refused, and why.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    weight: NDArray[np.float64]
    cut: float = float("-inf")
    n_compared: int = 0
    keys: tuple[CandidateKey, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.first)
