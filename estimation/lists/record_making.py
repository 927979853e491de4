"""From the rows of a sheet to records: names, dates, places and who counts, put together row by row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from estimation.capture.sheets.grid import GridCell
from estimation.lists.ages import Age, age_of
from estimation.lists.cell_problems import CellProblem, rows_in_words
from estimation.lists.cell_words import people_in, sex_of, sexes_of
from estimation.lists.columns import ColumnMap, place_called
from estimation.lists.date_text import folded
from estimation.lists.days import Days
from estimation.lists.declared import DeclaredList, ListDoor, list_option
from estimation.lists.identifiers import identifier_of
from estimation.lists.layout import BodyRow, cell_text
from estimation.lists.name_list import NameRecord, RecordKind
from estimation.lists.national_numbers import births_in_numbers
from estimation.lists.places import places_of
from estimation.lists.record_dates import RecordDates, read_dates
from estimation.lists.record_names import RowNames, read_row_names
from estimation.lists.statuses import Statuses, read_statuses

__all__ = ["Records", "make_records"]


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a sheet, what is wrong with its cells, and what was handled."""

    records: tuple[NameRecord, ...]
    problems: tuple[CellProblem, ...]
    notes: tuple[str, ...]


def make_records(
    rows: Sequence[BodyRow],
    columns: ColumnMap,
    declared: DeclaredList,
    door: ListDoor,
    *,
    epoch: Literal[0, 1900, 1904] = 0,
    assumed: Mapping[str, int] | None = None,
    sheet: str = "",
) -> Records:
    """The records of rows that stand for somebody.

    Parameters
    ----------
    rows : sequence of BodyRow
        With values carried down.
    columns : ColumnMap
        Which column holds what.
    declared : DeclaredList
        What is declared of the list.
    door : {"python", "command line", "study"}
        For whom messages name what can be declared.
    epoch : {0, 1900, 1904}
        From when the workbook counts days; 0 for other files.
    assumed : mapping of str to int, optional
        By key of a date the day of the month that stands for one that is not known.
    sheet : str
        The sheet of a workbook.
    """
    making = _Making(rows, columns, declared, door, sheet)
    names, name_problems, name_notes = read_row_names(rows, columns, declared, door)
    dates = read_dates(
        rows, columns, declared.dates, epoch=epoch, sections=making.section_dates(), assumed_days=assumed or {}
    )
    statuses = making.statuses()
    records: list[NameRecord] = []
    for at in range(len(rows)):
        records += making.records_of(at, names[at], dates, statuses)
    making.problems += [*name_problems, *dates.problems, *statuses.problems]
    making.notes += [*name_notes, *dates.notes, *statuses.notes]
    rough = {row.number: event for row, event in zip(rows, dates.rough_events, strict=True)}
    checked = making.checked(records, rough)
    making.problems = [p for p in making.problems if not _settled(p, declared)]
    return Records(tuple(checked), tuple(making.problems), tuple(making.notes))


def _settled(problem: CellProblem, declared: DeclaredList) -> bool:
    return declared.several != "refuse" and problem.words.startswith("the row stands for more than one person")


class _Making:
    """The rows with their columns, and the problems and notes that come up."""

    def __init__(
        self, rows: Sequence[BodyRow], columns: ColumnMap, declared: DeclaredList, door: ListDoor, sheet: str
    ) -> None:
        self._rows, self._columns, self._declared, self._door, self._sheet = rows, columns, declared, door, sheet
        self.problems: list[CellProblem] = []
        self.notes: list[str] = []
        self._labels = self._label_places()
        self._sexes = sexes_of({cell_text(self._cell(at, "sex")) for at in range(len(rows))})

    def _cell(self, at: int, key: str) -> GridCell:
        place = self._columns.places.get(key)  # type: ignore[call-overload]  # a key or none
        return None if place is None else self._rows[at].cells[place]

    def _heading(self, key: str) -> str:
        place = self._columns.places.get(key)  # type: ignore[call-overload]  # a key or none
        return "" if place is None else self._columns.headings[place]

    def _label_places(self) -> dict[str, int]:
        called = {label: place_called(text, self._columns.headings) for label, text in self._declared.labels.items()}
        return {label: place for label, place in called.items() if isinstance(place, int)}

    def section_dates(self) -> list[str]:
        """For each row the date on the section row above it, where sections are dates."""
        sections = [row.section for row in self._rows]
        with_digits = [text for text in sections if re.search(r"\d", folded(text))]
        return sections if len(with_digits) > 0.8 * len(sections) else []

    def statuses(self) -> Statuses:
        """Who counts."""
        if "status" not in self._columns.places:
            return Statuses((None,) * len(self._rows))
        cells = [self._cell(at, "status") for at in range(len(self._rows))]
        numbers = [row.number for row in self._rows]
        heading, counted = self._heading("status"), self._declared.statuses
        return read_statuses(cells, numbers, heading, counted, self._door, event=self._columns.event)

    def records_of(self, at: int, names: RowNames, dates: RecordDates, statuses: Statuses) -> list[NameRecord]:
        """The record of a row; several where it names several people and they are to be split."""
        row = self._rows[at]
        n_people = people_in(cell_text(self._cell(at, "number"))) if "number" in self._columns.places else None
        kind, n = self._kind(names, n_people)
        status = statuses.kinds[at]
        ages, sexes = self._described(names)
        age = dates.ages[at] or (ages[0] if len(ages) == 1 else None)
        birth = dates.births[at]
        event = dates.events[at]
        if birth is None and age is not None and event is not None and not _is_in_years(age):
            birth = age.born(event)  # an age in months says more than one in years
        record = NameRecord(
            row.number,
            names.people[0] if names.people and kind != "several" else tuple(n for some in names.people for n in some),
            kind=status or kind,
            n_people=n,
            birth=birth,
            event=dates.events[at],
            age=None if age is None else age.years,
            places=self._places(at, dates),
            sex=self._sexes[cell_text(self._cell(at, "sex"))] or (sexes[0] if len(set(sexes)) == 1 else ""),
            identifier=identifier_of(self._cell(at, "id")),
            sheet=self._sheet,
            cells=tuple(cell_text(cell) for cell in row.cells),
            labels={label: cell_text(row.cells[place]).strip() for label, place in self._labels.items()},
        )
        if record.kind != "several" or self._declared.several != "split":
            return [record]
        rest = n - len(names.people)
        others = [replace(record, kind="unnamed" if rest == 1 else "group of unnamed", n_people=rest, names=())]
        return [
            replace(
                record,
                kind="person",
                n_people=1,
                names=each,
                age=ages[i].years if len(ages) == len(names.people) else record.age,
                sex=sexes[i] if len(sexes) == len(names.people) else record.sex,
            )
            for i, each in enumerate(names.people)
        ] + (others if rest > 0 else [])

    def _kind(self, names: RowNames, n_people: int | None) -> tuple[RecordKind, int]:
        """What a row stands for, by its names and its number of people."""
        n = max(names.n_people, n_people or 1)
        if names.kind == "person" and n > 1:
            return "several", n
        if names.kind == "unnamed" and n > 1:
            return "group of unnamed", n
        return names.kind, n

    def _described(self, names: RowNames) -> tuple[list[Age], list[str]]:
        """Ages and sexes that stand in the cell of the name, in order."""
        ages, sexes = [], []
        for text in names.descriptions:
            numbers = re.search(r"[±~<>]?\s*\d.*", folded(text))
            cell = age_of(numbers[0].strip(" ,;")) if numbers else None
            if cell is not None and cell.age is not None:
                ages.append(cell.age)
            sex = sex_of(re.sub(r"\d+", " ", text))
            if sex:
                sexes.append(sex)
        return ages, sexes

    def _places(self, at: int, dates: RecordDates) -> tuple[str, ...]:
        found = places_of(cell_text(self._cell(at, "place")))
        if not found and dates.places[at]:
            found = places_of(dates.places[at])
        if not found and "place" not in self._columns.places and not self.section_dates():
            found = places_of(self._rows[at].section)
        return found

    def checked(self, records: Sequence[NameRecord], events: Mapping[int, Days | None]) -> list[NameRecord]:
        """The records, less what contradicts itself: ages of 0, national numbers, births after the event."""
        found = self._without_doubtful_zeros(list(records))
        found = self._against_numbers(found)
        return self._against_ages(found, events)

    def _without_doubtful_zeros(self, records: list[NameRecord]) -> list[NameRecord]:
        """Ages of 0 without a birth date, in lists that write numbers for ages that are not known."""
        place = self._columns.places.get("age")
        if place is None or self._declared.age_zero == "infant":
            return records
        codes = any(re.fullmatch(r"-\d+(\.0)?|999?", record.cells[place].strip()) for record in records)
        if not codes:
            return records
        found = []
        for record in records:
            if record.age == (0, 0) and record.birth is None:
                if self._declared.age_zero == "ask" and record.is_linkable:
                    words = "an age of 0 without a birth date is an infant or not known: other ages here are codes"
                    advice = f'Say which: {list_option(self._door, "age_zero", "missing")} or "infant".'
                    self.problems.append(CellProblem(record.row, self._heading("age"), "ask", words, advice))
                record = replace(record, age=None)
            found.append(record)
        return found

    def _against_numbers(self, records: list[NameRecord]) -> list[NameRecord]:
        """Births that a national number contradicts are asked."""
        for place in self._columns.ids:
            numbers = [record.cells[place] for record in records]
            found = births_in_numbers(numbers, [record.birth for record in records])
            if found is None:
                continue
            where, contradict = found
            heading = self._columns.headings[place]
            self.notes.append(f"{heading}: {where} hold the birth date")
            for at, days in contradict.items():
                birth = records[at].birth
                assert birth is not None
                named = " or ".join(day.isoformat() for day in days)
                words = f"it says {_in_words(birth)}, and the number in {heading} says {named}"
                key = "born" if "born" in self._columns.places else "born_year"
                advice = "Correct the one that is wrong."
                self.problems.append(CellProblem(records[at].row, self._heading(key), "ask", words, advice))
                records[at] = replace(records[at], birth=None)
        return records

    def _against_ages(self, records: list[NameRecord], events: Mapping[int, Days | None]) -> list[NameRecord]:
        """Births that the age at the event contradicts by more than a year, or that lie after the event."""
        near, found = [], []
        for record in records:
            event = events[record.row]
            if record.birth is not None and event is not None:
                gap = _years_apart(record, event)
                if record.birth.first >= event.last or gap > 1:
                    words = "the birth date does not agree with the age at the event, or lies after it"
                    self.problems.append(CellProblem(record.row, self._birth_heading(), "ask", words, "Correct one."))
                    record = replace(record, birth=None)
                elif gap == 1:
                    near.append(record.row)
            found.append(record)
        if near:
            self.notes.append(f"age and birth date differ by a year on {rows_in_words(near)}: both stay")
        return found

    def _birth_heading(self) -> str:
        return self._heading("born") or self._heading("born_year")


def _is_in_years(age: Age) -> bool:
    return not any(least % 12 or (most + 1) % 12 for least, most in age.months)


def _in_words(days: Days) -> str:
    if days.n_days == 1:
        return days.first.isoformat()
    return f"{days.first.isoformat()} to {days.last.isoformat()}"


def _years_apart(record: NameRecord, event: Days) -> int:
    """By how many years age and birth date contradict each other; 0 where they agree or one is missing."""
    if record.age is None or record.birth is None:
        return 0
    least, most = record.age
    youngest = event.first.year - record.birth.last.year - 1
    oldest = event.last.year - record.birth.first.year
    if record.birth.n_days == 1 == event.n_days:
        birth, on = record.birth.first, event.first
        youngest = oldest = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    return max(0, least - oldest, youngest - most)
