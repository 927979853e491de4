"""Draws of who is the same person, without anybody's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from estimation.capture.table import CaptureTable

__all__ = ["LinkageDraws", "RecordPlace"]


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where a record stands.

    Parameters
    ----------
    list : int
        Which list, by its place in `LinkageDraws.lists`.
    row : int
        Its row as a spreadsheet shows it.
    sheet : str
        The sheet of a workbook, or empty.
    labels : mapping of str to str
        Labels for strata (place, month), where they are wanted.
    """

    list: int
    row: int
    sheet: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkageDraws:
    """Draws of the partition of records into people.

    Parameters
    ----------
    lists : tuple of str
        Names of the lists.
    records : tuple of RecordPlace
        The linkable records, R of them.
    persons : (chains, draws, R) int32
        For each draw which person each record is of: 0, 1, ... in the order of the first record of each.
    n_unlinkable : mapping of str to int
        By list the people in rows that were not linked: unnamed bodies, groups.  Unit: persons.
    notes : tuple of str
        What a reader should know of them: candidates, checks that failed, the shift under looser candidates.
    """

    lists: tuple[str, ...]
    records: tuple[RecordPlace, ...]
    persons: NDArray[np.int32]
    n_unlinkable: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def n_people(self) -> NDArray[np.int64]:
        """People in each draw, all chains one after another.  Unit: persons."""
        largest: NDArray[np.int32] = self.persons.reshape(-1, len(self.records)).max(axis=1)
        return largest.astype(np.int64) + 1

    @property
    def tables(self) -> tuple[CaptureTable, ...]:
        """For each draw who was seen by exactly which lists."""
        return tuple(self._table(drawn) for drawn in self.persons.reshape(-1, len(self.records)))

    def _table(self, persons: NDArray[np.int32]) -> CaptureTable:
        seen = np.zeros((int(persons.max()) + 1, len(self.lists)), dtype=np.bool_)
        seen[persons, [record.list for record in self.records]] = True
        patterns, counts = np.unique(seen, axis=0, return_counts=True)
        return CaptureTable(self.lists, patterns, counts)
