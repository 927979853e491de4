"""A world of invented people and the name lists that sources wrote of them, with the truth beside each record.

What every such world gives: name lists as a reader would make them of files, the true person of every linkable record,
and N.  `world_of_independent_errors` and `world_of_families` draw two kinds of world that a linkage can be scored on;
neither uses any part of a model of linkage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from estimation.capture.table import CaptureTable, IntArray
from estimation.lists.days import Days
from estimation.lists.name_list import NameList, NameRecord, PersonName

__all__ = ["NameWorld", "WrittenRecord", "days_of_year", "name_list_of"]


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """What one record of a list holds; an empty part was not written.

    Parameters
    ----------
    person : int
        Whose record it is: a number from 0 to N - 1.
    given, father, family : str
        Parts of the name.
    birth, event : Days, optional
        A day, or a year of which the day was not written.
    place : str
        Place of the event.
    """

    person: int
    given: str = ""
    father: str = ""
    family: str = ""
    birth: Days | None = None
    event: Days | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class NameWorld:
    """Name lists of invented people, and who is who.

    Parameters
    ----------
    lists : tuple of NameList
        J lists, as a reader would make them.
    persons : (R,) int array
        The person of each linkable record, list after list in the order of each: 0, 1, ..., n_total - 1.
    people : tuple of WrittenRecord
        The N people as they are, on a list or not.
    """

    lists: tuple[NameList, ...]
    persons: IntArray
    people: tuple[WrittenRecord, ...]

    @property
    def n_total(self) -> int:
        """N, all the people, on a list or not.  Unit: persons."""
        return len(self.people)

    @property
    def n_people(self) -> int:
        """People with at least one record: what a linkage is to find.  Unit: persons."""
        return len(np.unique(self.persons))

    @property
    def n_records(self) -> int:
        """Records that can be linked."""
        return len(self.persons)

    @property
    def table(self) -> CaptureTable:
        """Who is on exactly which lists, by the truth."""
        seen = np.zeros((self.n_total, len(self.lists)), dtype=np.bool_)
        seen[self.persons, self.list_of] = True
        patterns, counts = np.unique(seen[seen.any(axis=1)], axis=0, return_counts=True)
        return CaptureTable(tuple(each.name for each in self.lists), patterns, counts)

    @property
    def list_of(self) -> IntArray:
        """The list of each linkable record, by its place in ``lists``, shape (R,)."""
        sizes = [len(each.linkable) for each in self.lists]
        return np.repeat(np.arange(len(sizes)), sizes)


def days_of_year(year: int, day: int | None) -> Days:
    """A year, or a day of it counted from 0, day 365 of a year that has none being its last.

    Examples
    --------
    >>> days_of_year(1950, None).n_days, days_of_year(1950, 31).first
    (365, datetime.date(1950, 2, 1))
    """
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    if day is None:
        return Days.between(first, after, text=f"{year}")
    one = min(first + timedelta(days=day), after - timedelta(days=1))
    return Days.between(one, one + timedelta(days=1), text=one.isoformat())


def name_list_of(name: str, records: Sequence[WrittenRecord]) -> NameList:
    """The list that a reader would make of what was written, in the order that it was written in.

    Examples
    --------
    >>> written = name_list_of("A", [WrittenRecord(0, given="ali", family="sarvrisan")])
    >>> written.linkable[0].names[0].family, written.records[0].row
    ('sarvrisan', 2)
    """
    return NameList(
        name,
        tuple(
            NameRecord(
                row=row,
                names=(PersonName(given=each.given, father=each.father, family=each.family),),
                birth=each.birth,
                event=each.event,
                places=(each.place,) if each.place else (),
            )
            for row, each in enumerate(records, 2)
        ),
    )
