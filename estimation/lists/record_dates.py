"""When each record was born and when the event was: from one column, from year, month and day apart, or from notes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from estimation.capture.sheets.grid import GridCell
from estimation.lists.ages import Age, age_of
from estimation.lists.cell_problems import CellProblem, rows_counted, rows_in_words
from estimation.lists.columns import ColumnMap
from estimation.lists.date_and_place import date_before, split_place
from estimation.lists.dates import DateReader
from estimation.lists.days import Days
from estimation.lists.declared import DateRules
from estimation.lists.layout import BodyRow, cell_text
from estimation.lists.name_words import is_missing

__all__ = ["RecordDates", "date_reader", "read_dates"]

_BORN = re.compile(
    r"(?:\bborn(?: on| in)?|\bb\.|\bdob|\bnac(?:ido|ida|ió)?(?: el)?|\bnée? le|\bgeb(?:oren)?\.?|"
    r"\bрод(?:ился|илась|\.)|\bрожд\w*|متولد|تولد|موالید|مواليد|\brođen[a]?|\brođ\.)\s*:?\s*([^;()\[\]|]+)",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"(?:\bage[d]?|\bedad(?: de)?|\bâge|\bâgée? de|\balter|\bвозраст|\bstar(?:ost)?|سن|العمر|عمره|عمرها)\s*:?\s*"
    r"([^\W\d_]{0,8}\.?\s?[±~<>]?\s?\d{1,3}(?:\s?[-–]\s?\d{1,3})?)",
    re.IGNORECASE,
)
_LONGEST_LIFE = 110


@dataclass(frozen=True, slots=True)
class RecordDates:
    """The dates of all rows.

    Parameters
    ----------
    events, births : tuple of Days or None
        One a row.
    ages : tuple of Age or None
        One a row, of an age at the event.
    places : tuple of str
        What stands beside a date in its cell, where date and place share one.
    rough_events : tuple of Days or None
        The events, and of one that does not exist its year: enough to compare an age with.
    problems : tuple of CellProblem
        What is refused or asked.
    notes : tuple of str
        What was handled.
    """

    events: tuple[Days | None, ...]
    births: tuple[Days | None, ...]
    ages: tuple[Age | None, ...]
    places: tuple[str, ...]
    rough_events: tuple[Days | None, ...]
    problems: tuple[CellProblem, ...]
    notes: tuple[str, ...]


def date_reader(rules: DateRules) -> DateReader:
    """The reader of a column's dates under what is declared."""
    period = None
    if rules.period is not None:
        first, last = (date.fromisoformat(day) for day in rules.period)
        period = first, last + timedelta(days=1)
    return DateReader(
        period=period,
        order=rules.order,
        calendar=rules.calendar,
        year=rules.year,
        impossible=rules.impossible,
        widen=rules.widen,
        southern=rules.southern,
        serials=rules.serials,
        zone=rules.zone,
        old_style=rules.old_style,
    )


def read_dates(
    rows: Sequence[BodyRow],
    columns: ColumnMap,
    rules: DateRules,
    *,
    epoch: Literal[0, 1900, 1904] = 0,
    sections: Sequence[str] = (),
    assumed_days: Mapping[str, int] | None = None,
) -> RecordDates:
    """The dates of all rows, each column read as a whole.

    Parameters
    ----------
    rows : sequence of BodyRow
        Rows that stand for somebody.
    columns : ColumnMap
        Which column holds what.
    rules : DateRules
        What is declared of dates.
    epoch : {0, 1900, 1904}
        From when the workbook counts days; 0 for other files.
    sections : sequence of str
        For each row the date that stands on the section row above it, where there is no column of dates.
    assumed_days : mapping of str to int, optional
        By key (``"died"``, ``"born"``) the day of the month that stands for one that is not known.
    """
    reading = _Dates(rows, columns, date_reader(rules), epoch)
    events, places = reading.column("died", list(sections), (assumed_days or {}).get("died"))
    births, _ = reading.column("born", [], (assumed_days or {}).get("born"))
    ages = reading.ages()
    births, ages = reading.from_notes(births, ages)
    rough = [event or reading.rough.get(at) for at, event in enumerate(events)]
    return RecordDates(
        tuple(events),
        tuple(births),
        tuple(ages),
        tuple(places),
        tuple(rough),
        tuple(reading.problems),
        tuple(reading.notes),
    )


class _Dates:
    """The columns of dates and ages, one after the other."""

    def __init__(
        self, rows: Sequence[BodyRow], columns: ColumnMap, reader: DateReader, epoch: Literal[0, 1900, 1904]
    ) -> None:
        self._rows, self._columns, self._reader, self._epoch = rows, columns, reader, epoch
        self.problems: list[CellProblem] = []
        self.notes: list[str] = []
        self.rough: dict[int, Days] = {}
        self._births = replace(reader, period=_life_before(reader.period), year=None)

    def column(
        self, key: Literal["died", "born"], sections: Sequence[str], assumed: int | None
    ) -> tuple[list[Days | None], list[str]]:
        """Events or births, and what else stands in their cells."""
        cells, places = self._cells_of(key)
        parts = self._parts_of(key)
        found: list[Days | None] = [None] * len(self._rows)
        if any(map(_says, cells)):
            found = self._read(key, cells, self._heading(key))
        if key == "died" and self._columns.until is not None:
            found = self._until(found, self._columns.until)
        if assumed is not None:
            found = self._without_assumed(found, key, assumed)
        missing = [at for at, days in enumerate(found) if days is None and not _says(cells[at])]
        if any(_says(parts[at]) for at in missing):
            only = [parts[at] if at in set(missing) else None for at in range(len(parts))]
            found = [
                old or new for old, new in zip(found, self._read(key, only, self._heading(f"{key}_year")), strict=True)
            ]
        if not any(found) and any(sections):
            found = self._read(key, sections, "the section above")
        return found, places

    def _until(self, found: Sequence[Days | None], place: int) -> list[Days | None]:
        """Events from the earliest date to the latest one, which stands in a column of its own."""
        heading = self._columns.headings[place]
        latest = self._read("died", [row.cells[place] for row in self._rows], heading)
        events: list[Days | None] = []
        for row, first, last in zip(self._rows, found, latest, strict=True):
            if first is not None and last is not None and first.first >= last.last:
                words = f"it lies before {self._heading('died')}"
                self.problems.append(CellProblem(row.number, heading, "ask", words, "Correct one."))
                events.append(None)
            elif first is None or last is None:
                events.append(first or last)
            else:
                events.append(Days.between(first.first, last.last, text=f"{first.text} - {last.text}"))
        return events

    def _heading(self, key: str) -> str:
        place = self._columns.places.get(key)  # type: ignore[call-overload]  # a key or none
        return self._columns.headings[place] if place is not None else ""

    def _cells_of(self, key: Literal["died", "born"]) -> tuple[list[GridCell], list[str]]:
        place = self._columns.places.get(key)
        if place is None:
            return [None] * len(self._rows), [""] * len(self._rows)
        cells = [row.cells[place] for row in self._rows]
        if key not in self._columns.with_place:
            return cells, [""] * len(cells)
        both = [split_place(cell) if isinstance(cell, str) else (cell, "") for cell in cells]
        return [first for first, _ in both], [second for _, second in both]

    def _parts_of(self, key: Literal["died", "born"]) -> list[GridCell]:
        """Dates made of a year, a month and a day in columns of their own."""
        found = [self._columns.places.get(f"{key}_{part}") for part in ("year", "month", "day")]  # type: ignore[call-overload]
        if found[0] is None:
            return [None] * len(self._rows)
        return [_joined(*("" if at is None else _part(row.cells[at]) for at in found)) for row in self._rows]

    def _read(self, key: str, cells: Sequence[GridCell], heading: str) -> list[Days | None]:
        """One column; what is refused or asked becomes a problem and is missing."""
        reader = self._births if key == "born" else self._reader
        cells = [None if isinstance(cell, str) and _is_unknown(cell) else cell for cell in cells]
        column = reader.read(cells, epoch=self._epoch)
        refused = [at for at, cell in enumerate(column.cells) if cell.verdict == "refuse"]
        if key == "died" and refused:
            years = replace(reader, impossible="year").read([cells[at] for at in refused], epoch=self._epoch).cells
            self.rough |= {at: cell.days for at, cell in zip(refused, years, strict=True) if cell.days is not None}
        self.notes += [f"{heading}: {note}" for note in column.notes]
        by_note: dict[str, int] = {}
        for row, cell in zip(self._rows, column.cells, strict=True):
            if cell.verdict in {"ask", "refuse"}:
                verdict: Literal["ask", "refuse"] = "ask" if cell.verdict == "ask" else "refuse"
                self.problems.append(CellProblem(row.number, heading, verdict, cell.words))
            elif cell.age is not None:
                self.problems.append(CellProblem(row.number, heading, "ask", cell.words))
            for note in cell.notes:
                by_note[note] = by_note.get(note, 0) + 1
        self.notes += [f"{heading}: {note} ({rows_counted(n)})" for note, n in by_note.items() if "outside" in note]
        return [cell.days for cell in column.cells]

    def _without_assumed(self, found: Sequence[Days | None], key: str, assumed: int) -> list[Days | None]:
        """Days that stand for a day that is not known, as their month."""
        wide: list[Days | None] = []
        n = 0
        for days in found:
            if days is not None and days.n_days == 1 and days.first.day == assumed:
                n += 1
                after = (days.first.replace(day=1) + timedelta(days=32)).replace(day=1)
                wide.append(Days.between(days.first.replace(day=1), after, text=days.text))
            else:
                wide.append(days)
        self.notes.append(
            f"{self._heading(key)}: day {assumed} stands for a day that is not known, as the workbook says: "
            f"{n:,} dates were read as their month"
        )
        return wide

    def ages(self) -> list[Age | None]:
        """The ages of a column."""
        place = self._columns.places.get("age")
        if place is None:
            return [None] * len(self._rows)
        found: list[Age | None] = []
        cells = {cell: age_of(cell) for cell in {row.cells[place] for row in self._rows}}
        in_words: list[int] = []
        for row in self._rows:
            cell = cells[row.cells[place]]
            if cell.verdict == "refuse":
                self.problems.append(CellProblem(row.number, self._heading("age"), "refuse", cell.words))
            elif cell.words:
                in_words.append(row.number)
            found.append(cell.age)
        if in_words:
            words = "a word for an age group stands in the place of an age; it stays as read, and no age is known"
            self.notes.append(f"{rows_in_words(in_words)}, {self._heading('age')}: {words}")
        return found

    def from_notes(
        self, births: Sequence[Days | None], ages: Sequence[Age | None]
    ) -> tuple[list[Days | None], list[Age | None]]:
        """Births and ages that only the notes give."""
        texts = [" | ".join(cell_text(row.cells[at]) for at in self._columns.notes) for row in self._rows]
        born = [_BORN.search(text) if birth is None else None for text, birth in zip(texts, births, strict=True)]
        found, seen = list(births), list(ages)
        if any(born):
            cells = self._births.read([date_before(match[1]).strip(" .,") if match else None for match in born]).cells
            for at, cell in enumerate(cells):
                if cell.verdict == "ok" and cell.days is not None:
                    found[at] = cell.days
            rows = [self._rows[at].number for at, cell in enumerate(cells) if cell.verdict == "ok"]
            if rows:
                self.notes.append(
                    f"the birth date of {rows_counted(len(rows))} was read from the notes (first: row {rows[0]})"
                )
        aged = 0
        for at, text in enumerate(texts):
            match = _AGED.search(text) if seen[at] is None and not self._is_refused(at, "age") else None
            cell_of_age = age_of(match[1].strip()) if match else None
            if cell_of_age is not None and cell_of_age.age is not None:
                seen[at] = cell_of_age.age
                aged += 1
        if aged:
            self.notes.append(f"the age of {rows_counted(aged)} was read from the notes")
        return found, seen

    def _is_refused(self, at: int, key: str) -> bool:
        heading = self._heading(key)
        return any(p.row == self._rows[at].number and p.column == heading for p in self.problems)


def _life_before(period: tuple[date, date] | None) -> tuple[date, date] | None:
    """The period in which people of a list can have been born."""
    return None if period is None else (date(max(1, period[0].year - _LONGEST_LIFE), 1, 1), period[1])


def _says(cell: GridCell) -> bool:
    return cell is not None and not is_missing(cell_text(cell))


def _is_unknown(text: str) -> bool:
    """Whether a text without digits says that a date is not known, in any language of names."""
    return not any(map(str.isdigit, text)) and is_missing(text)


def _part(cell: GridCell) -> str:
    text = cell_text(cell).strip()
    return "" if is_missing(text) else re.sub(r"\.0+$", "", text)


def _joined(year: str, month: str, day: str) -> GridCell:
    """A date from its parts, as far as they go."""
    if not year:
        return None
    if not month:
        return year
    if not month.isdigit():
        return f"{day} {month} {year}".strip()
    return f"{year}/{month}/{day}" if day else f"{year}-{month}-00"
