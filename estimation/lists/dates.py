"""Dates of a column become sets of days, each cell by itself or by what the column decides: order, calendar, century.

No cell is read by guesswork.  What can be read in one way is read; what can be read in two is left open with both
readings; a day that its calendar does not have is refused and never moved to one that it has.

Examples
--------
>>> column = DateReader().read(["1367/5/8", "summer 1367", "30 February 1988", "n/k", "07/08/1988"])
>>> [cell.verdict for cell in column.cells]
['ok', 'ok', 'refuse', 'missing', 'ask']
>>> print(column.cells[4].words)
07/08/1988 is 7 August 1988 or 8 July 1988; say which with dates.order = "day first" or "month first"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from estimation.lists.ages import Age, age_of, says_an_age
from estimation.lists.calendars import CalendarName, ImpossibleDateError
from estimation.lists.date_cells import Moment, cell_of, days_off, local_day
from estimation.lists.date_columns import Heap, heaps_of, widened
from estimation.lists.date_evidence import decided
from estimation.lists.date_impossible import without_impossible
from estimation.lists.date_parsing import NOT_A_DATE, parsed
from estimation.lists.date_readings import Reading, UndecidedDateError, readings_of
from estimation.lists.date_swaps import exchanged, exchanged_days, off_by_an_epoch
from estimation.lists.date_text import folded, is_missing, month_named_listopad
from estimation.lists.date_written import Expression, Problem, Serial
from estimation.lists.date_years import ColumnFacts
from estimation.lists.days import Days

__all__ = ["DateCell", "DateColumn", "DateReader", "Verdict"]

Verdict = Literal["ok", "missing", "ask", "refuse"]
"""What became of a cell: read; said to be unknown; readable in two ways; not a date that there is."""

_PLACEHOLDERS = frozenset(
    day.toordinal()
    for day in (
        date(1900, 1, 1),
        date(1970, 1, 1),
        date(1899, 12, 30),
        date(1899, 12, 31),
        date(9999, 12, 31),
        date.min,
    )
)
"""Days that stand for "not known" in spreadsheets and databases."""

_NOTHING = re.compile(
    r"0+([/.-]0+)*|99([/.-]99)+([/.-]9+)?|9999([/.-]9+)*|9999[/.-]12[/.-]31|9{6,}|0?1[/.-]0?1[/.-]0{2,3}1|0{3}1([/.-]0?1)*|11[/.-]11[/.-]1111"
)
"""Numbers that fill a field whose date is not known."""

_OUTSIDE = "it lies outside the list's period"


@dataclass(frozen=True, slots=True)
class DateCell:
    """What a cell of a date column says.

    Parameters
    ----------
    verdict : {"ok", "missing", "ask", "refuse"}
        What became of it.
    days : Days, optional
        The days that it can mean, where it is read.
    readings : tuple of Days
        Both readings, or all, where it is to be asked.
    words : str
        What is wrong with it and what to do, for a message; it repeats the cell only where that is nothing but a date.
    notes : tuple of str
        What was assumed, or what its owner should look at, where it is read.
    calendar : str
        The calendar that it is written in, where it is read.
    age : Age, optional
        An age that stands in the place of a date.
    """

    verdict: Verdict
    days: Days | None = None
    readings: tuple[Days, ...] = ()
    words: str = ""
    notes: tuple[str, ...] = ()
    calendar: str = ""
    age: Age | None = None


@dataclass(frozen=True, slots=True)
class DateColumn:
    """The cells of a column and what they decided together.

    Parameters
    ----------
    cells : tuple of DateCell
        One a row, in the order of the column.
    order : {"", "day first", "month first", "mixed"}
        Of day and month where both are numbers: by what was declared, or else by the numbers above 12.
    calendars : frozenset of str
        Calendars that its dates are in for certain.
    heaps : tuple of Heap
        Days that more of its dates are than there should be.
    notes : tuple of str
        What its owner should know of the column as a whole.
    """

    cells: tuple[DateCell, ...]
    order: str = ""
    calendars: frozenset[CalendarName] = frozenset()
    heaps: tuple[Heap, ...] = ()
    notes: tuple[str, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many cells became that."""
        return sum(cell.verdict == verdict for cell in self.cells)


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads the dates of a column.

    Parameters
    ----------
    period : (date, date), optional
        First day that the list covers and the day after the last: it tells the century of a year of two digits, a
        Solar year from an Islamic one, and where "after" ends.
    order : {"", "day first", "month first"}
        For cells that the column leaves open.
    calendar : {"", "gregorian", "solar", "islamic"}
        For cells that do not say.
    year : int, optional
        Of cells that have none.
    impossible : {"refuse", "month", "year"}
        What becomes of a day that does not exist: refused, or read as its month or its year.
    widen : tuple of {"1 January", "1 Farvardin", "day 15"}
        Heaped days that are known to stand for the whole year or month.
    southern : bool, optional
        Whether seasons are those of the southern half of the earth.
    serials : {0, 1900, 1904}
        From when numbers count days, if they do.
    zone : str
        The time zone in which time stamps of universal time were dates, such as ``"Asia/Tehran"``.
    old_style : {"as written", "either"}
        Whether Gregorian dates may be Julian ones: then both days are taken.

    Examples
    --------
    >>> reader = DateReader(order="day first")
    >>> reader.read(["07/08/1988"]).cells[0].days.first
    datetime.date(1988, 8, 7)
    """

    period: tuple[date, date] | None = None
    order: Literal["", "day first", "month first"] = ""
    calendar: CalendarName | Literal[""] = ""
    year: int | None = None
    impossible: Literal["refuse", "month", "year"] = "refuse"
    widen: tuple[str, ...] = ()
    southern: bool | None = None
    serials: Literal[0, 1900, 1904] = 0
    zone: str = ""
    old_style: Literal["as written", "either"] = "as written"

    def read(self, cells: Sequence[object], *, epoch: Literal[0, 1900, 1904] = 0) -> DateColumn:
        """Read a column.

        Parameters
        ----------
        cells : sequence of object
            Texts, numbers, dates and time stamps, as the file has them.
        epoch : {0, 1900, 1904}
            The date system of the workbook that they are from; 0 for other files.
        """
        values = [cell_of(cell) for cell in cells]
        moments = [value for value in values if isinstance(value, Moment)]
        different = [value for value in dict.fromkeys(values) if isinstance(value, str | int)]
        listopad = month_named_listopad(value for value in different if isinstance(value, str))
        expressions = {value: _expression(value, listopad) for value in different}
        counts = _counts(values)
        facts = decided(
            ((expression, counts[value]) for value, expression in expressions.items()),
            self._declared(expressions, counts, len(moments), epoch),
            [moment.day for moment in moments],
            persian_digits=any(isinstance(value, str) and _is_persian(value) for value in expressions),
        )
        cells_by_value: dict[object, DateCell] = {v: self._cell(v, e, facts) for v, e in expressions.items()}
        cells_by_value.update(self._typed(moments, facts))
        found = [_MISSING if value is None else cells_by_value[value] for value in values]
        self._mark_exchanged(found, values, expressions)
        found, heaps = self._without_heaps(found)
        return DateColumn(tuple(found), facts.order, facts.calendars, heaps, _column_notes(facts, heaps))

    def _declared(
        self, expressions: Mapping[str | int, Expression], counts: Mapping[object, int], n_moments: int, epoch: int
    ) -> ColumnFacts:
        """What is known before any cell is read."""
        n_serials = sum(counts[value] for value, expression in expressions.items() if isinstance(expression, Serial))
        n_dates = sum(counts[value] for value, e in expressions.items() if not isinstance(e, Problem)) + n_moments
        is_of_numbers = epoch and (n_moments or 2 * n_serials > n_dates)
        period = self.period and (self.period[0].toordinal(), self.period[1].toordinal())
        return ColumnFacts(
            period=period,
            order=self.order,
            calendar=self.calendar,
            southern=self.southern,
            old_style=self.old_style,
            epoch=self.serials or (epoch if is_of_numbers else 0),
            year=None if self.year is None else (self.calendar or _calendar_of_year(self.year), self.year),
            is_year_declared=self.year is not None,
        )

    def _cell(self, value: str | int, expression: Expression, facts: ColumnFacts) -> DateCell:
        """A cell of text."""
        text = str(value)
        plain = folded(text)
        if is_missing(plain) or _NOTHING.fullmatch(plain):
            return _MISSING
        if says_an_age(plain):
            return DateCell(
                "missing", words="it is an age and no date: tell which column is the age", age=age_of(text).age
            )
        try:
            readings = readings_of(expression, facts)
        except UndecidedDateError as undecided:
            days = tuple(Days(reading.intervals, text) for reading in undecided.readings)
            return DateCell("ask", readings=days, words=f"{text}: {undecided}")
        except ImpossibleDateError as error:
            return self._impossible(text, expression, str(error), facts)
        if len(readings) > 1 or readings[0].is_unusual:
            return _open(text, readings, facts)
        return _ok(text, readings[0], facts)

    def _impossible(self, text: str, expression: Expression, problem: str, facts: ColumnFacts) -> DateCell:
        if problem == NOT_A_DATE:
            return DateCell("refuse", words=f"{NOT_A_DATE}; correct it, or empty the cell")
        coarser = without_impossible(expression, "month" if self.impossible == "month" else "year", facts)
        if coarser is not None and self.impossible != "refuse":
            cell = _ok(text, coarser, facts)
            return DateCell("ok", cell.days, notes=(f"{problem}: read as {coarser.words}", *cell.notes))
        hint = f', or set dates.impossible = "year" to read {coarser.words}' if coarser is not None else ""
        return DateCell("refuse", words=f"{text}: {problem}" + ("" if ";" in problem else f"; correct it{hint}"))

    def _typed(self, moments: Sequence[Moment], facts: ColumnFacts) -> dict[object, DateCell]:
        """Cells that the file types as dates or time stamps."""
        different = list(dict.fromkeys(moments))
        off = frozenset() if self.zone else days_off(moments)
        shift = off_by_an_epoch([moment.day for moment in different], facts.period)
        found: dict[object, DateCell] = {}
        for moment in different:
            day = local_day(moment, self.zone) if self.zone and moment.is_utc else moment.day
            text = date.fromordinal(day).isoformat()
            if day in _PLACEHOLDERS:
                found[moment] = _MISSING
            elif moment in off:
                hint = 'it is a midnight in universal time: say where with dates.zone, such as "Asia/Tehran"'
                found[moment] = _either_day(text, (day, day + 1), hint)
            elif shift:
                hint = "the workbook counts days from 1904 or from 1900, and one of them lies in the list's period"
                found[moment] = _either_day(text, (day, day + shift), hint)
            else:
                found[moment] = _ok(text, Reading(((day, day + 1),), "gregorian", text), facts)
        return found

    def _mark_exchanged(
        self, found: list[DateCell], values: Sequence[object], expressions: Mapping[str | int, Expression]
    ) -> None:
        """Typed dates whose day and month a spreadsheet may have exchanged are asked."""
        if self.order:
            return
        typed = {
            place: value.day
            for place, (value, cell) in enumerate(zip(values, found, strict=True))
            if isinstance(value, Moment) and cell.verdict == "ok"
        }
        if not typed:
            return
        texts = sum(_is_day_first(expressions[v]) for v in values if isinstance(v, str | int))
        spans = [(c.days.intervals[0][0], c.days.intervals[-1][1]) if c.days else None for c in found]
        for place in exchanged_days(typed, spans, day_first_texts=texts):
            other = exchanged(typed[place])
            if other is not None:
                hint = "a spreadsheet may have exchanged day and month, since texts are day first; correct it"
                found[place] = _either_day(date.fromordinal(typed[place]).isoformat(), (typed[place], other), hint)

    def _without_heaps(self, found: Sequence[DateCell]) -> tuple[list[DateCell], tuple[Heap, ...]]:
        heaps = heaps_of([cell.days for cell in found], [cell.calendar for cell in found])
        if not self.widen:
            return list(found), heaps
        return [
            DateCell("ok", wide, notes=(*cell.notes, "a heaped day, read as agreed"), calendar=cell.calendar)
            if cell.days and (wide := widened(cell.days, cell.calendar, self.widen))
            else cell
            for cell in found
        ], heaps


_MISSING = DateCell("missing")


def _expression(value: str | int, listopad: str) -> Expression:
    text = folded(str(value))
    text = text.replace("listopada", listopad).replace("listopad", listopad) if listopad else text
    return Problem("") if is_missing(text) or says_an_age(text) else parsed(text)


def _counts(values: Iterable[object]) -> dict[object, int]:
    counts: dict[object, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def _is_persian(text: str) -> bool:
    return any("۰" <= letter <= "۹" for letter in text)


def _calendar_of_year(year: int) -> CalendarName:
    return "gregorian" if year > 1600 else "solar"


def _is_day_first(expression: Expression) -> bool:
    written = getattr(expression, "written", ())
    return any(w.pair is not None and w.pair[0] > 12 >= w.pair[1] for w in written)


def _ok(text: str, reading: Reading, facts: ColumnFacts) -> DateCell:
    if len(reading.intervals) == 1 and reading.first in _PLACEHOLDERS and reading.last - reading.first == 1:
        return _MISSING
    notes = reading.notes
    if facts.period and (reading.last <= facts.period[0] or reading.first >= facts.period[1]):
        notes = (*notes, _OUTSIDE)
    return DateCell("ok", Days(reading.intervals, text), notes=notes, calendar=reading.calendar)


def _open(text: str, readings: Sequence[Reading], facts: ColumnFacts) -> DateCell:
    """A cell with several readings, and the declaration that chooses among them."""
    if len({reading.calendar for reading in readings}) > 1:
        hint = "say which with dates.calendar, or what time the list covers with dates.period"
    elif len({reading.words[-4:] for reading in readings}) > 1:
        hint = "say what time the list covers with dates.period"
    elif "listopad" in text.casefold():
        hint = "Croatian and Polish; write the month as a number"
    else:
        hint = 'say which with dates.order = "day first" or "month first"'
    words = " or ".join(dict.fromkeys(reading.words for reading in readings))
    return DateCell(
        "ask", readings=tuple(Days(r.intervals, text) for r in readings), words=f"{text} is {words}; {hint}"
    )


def _either_day(text: str, days: tuple[int, int], hint: str) -> DateCell:
    named = " or ".join(date.fromordinal(day).isoformat() for day in days)
    return DateCell(
        "ask", readings=tuple(Days(((day, day + 1),), text) for day in days), words=f"it is {named}: {hint}"
    )


def _column_notes(facts: ColumnFacts, heaps: Sequence[Heap]) -> tuple[str, ...]:
    notes = [str(heap) for heap in heaps]
    if facts.order == "mixed":
        notes.append("some dates are day first and some month first: decide each that can be either")
    if len(facts.calendars) > 1:
        notes.append(f"its dates are in {len(facts.calendars)} calendars: {', '.join(sorted(facts.calendars))}")
    return tuple(notes)
