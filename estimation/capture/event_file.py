"""Events of recording people in a file: what a spreadsheet has of them, and an empty form to fill in.

A row says of one event how many of its people had been recorded before by a combination of earlier events:

    event,recorded before by,people
    police,nobody,120
    press,nobody,40
    press,police,13
    ngo,total,40
    ngo,police,9
    ngo,press,4
    ngo,police + press,3

``nobody`` (or an empty cell) is for those recorded for the first time; ``total`` is for all people of the event, in its
place or beside it.  The order of events is that of their first rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from estimation.capture.convert_events import MOST_EVENTS, Event, earlier_combinations
from estimation.capture.problems import name_problems
from estimation.capture.sheets.reading import sheet_of
from estimation.capture.sheets.sheet import Cell, Sheet, first_of
from estimation.capture.sheets.source import Source
from estimation.errors import TableError
from estimation.text.counted import counted
from estimation.text.spreadsheet import csv_of

__all__ = ["event_form", "read_events"]

_COLUMNS = ("event", "recorded before by", "people")
_NOBODY, _TOTAL, _ANY = "nobody", "total", "any"


@dataclass(slots=True)
class _Found:
    """What the rows of one event say so far."""

    new: int | None = None
    total: int | None = None
    before: dict[tuple[str, ...], int] = field(default_factory=dict)


def event_form(names: Sequence[str]) -> str:
    r"""An empty form for events, as CSV: every combination has its row, and the people are to be filled in.

    Raises
    ------
    TableError
        For fewer than 2 or more than 10 events, and for names that repeat or cannot be used.

    Examples
    --------
    >>> event_form(["police", "press"]).splitlines()[2:]
    ['press,nobody,', 'press,police,']
    """
    problems = name_problems(tuple(names))
    if not 2 <= len(names) <= MOST_EVENTS:
        problems.append(f"{counted(len(names), 'event')} will not do; give 2 to {MOST_EVENTS}, in their order")
    problems += [f"the event {name!r} has a + in it, which joins names; write 'and'" for name in names if "+" in name]
    if problems:
        raise TableError("events", problems)
    rows: list[list[object]] = [list(_COLUMNS)]
    for at, name in enumerate(names):
        rows.append([name, _NOBODY, ""])
        rows += [[name, " + ".join(before), ""] for before in earlier_combinations(names[:at])]
    return csv_of(rows)


def read_events(source: Source, /, *, name: str | None = None) -> tuple[Event, ...]:
    r"""The events of a text file or workbook with the columns ``event``, ``recorded before by`` and ``people``.

    Parameters
    ----------
    source : path, bytes, or open file
        As for `estimation.read_table`.
    name : str, optional
        What to call it in messages.

    Returns
    -------
    tuple of Event
        In the order of their first rows, for `estimation.convert_events`.

    Raises
    ------
    TableError
        When it cannot be read, a column is missing, a cell is no number, or an event has neither the people recorded
        for the first time nor its total.  All problems are named together, with their rows.

    Examples
    --------
    >>> text = b"event,recorded before by,people\npolice,nobody,120\npress,nobody,40\npress,police,13\n"
    >>> read_events(text, name="visits.csv")[1]
    Event(name='press', recorded=53, before={('police',): 13})
    """
    sheet = sheet_of(source, name=name)
    event, before, people = _columns(sheet)
    found: dict[str, _Found] = {}
    problems = []
    for at, cells in enumerate(zip(event, before, people, strict=True)):
        called, combination, count = (_text(cell) for cell in cells)
        if not (called or combination or count):
            continue
        problem = _add(found, called, combination, count)
        if problem:
            problems.append(f"{sheet.row_name(at)}: {problem}")
    problems += list(chain.from_iterable(_wrong_totals(called, rows) for called, rows in found.items()))
    if problems:
        raise TableError(sheet.source, first_of(problems, "such rows"))
    return tuple(
        Event(called, (rows.new or 0) + sum(rows.before.values()) if rows.total is None else rows.total, rows.before)
        for called, rows in found.items()
    )


def _columns(sheet: Sheet) -> list[Sequence[Cell]]:
    """The three columns by their headings."""
    headings = [" ".join(name.lower().split()) for name in sheet.names]
    missing = [column for column in _COLUMNS if column not in headings]
    if missing:
        there = ", ".join(filter(None, sheet.names)) or "no headings"
        raise TableError(
            sheet.source,
            [
                f"the column {column!r} is missing; the columns are {', '.join(_COLUMNS)} (here: {there})"
                for column in missing
            ],
        )
    return [sheet.columns[headings.index(column)] for column in _COLUMNS]


def _text(cell: Cell) -> str:
    """A cell as text; whole numbers of a workbook without their point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _add(found: dict[str, _Found], called: str, combination: str, count: str) -> str:
    """Take one row in; what is wrong with it, or nothing."""
    if not called:
        return "the event has no name"
    earlier = [name for name in found if name != called]
    rows = found.setdefault(called, _Found())
    digits = count.replace(",", "")
    if not digits.isdecimal():
        return (
            f"the people are {count!r}; write a whole number, 0 for nobody"
            if count
            else "the people are left empty; write 0 for nobody"
        )
    word = combination.lower()
    if word in ("", _NOBODY):
        return _once(rows, "new", int(digits), f"{called} has two rows for people recorded before by nobody")
    if word == _TOTAL:
        return _once(rows, "total", int(digits), f"{called} has two totals")
    if word == _ANY and _ANY not in earlier:
        if len(earlier) > 1:
            return (
                "the people recorded before by any event do not give the histories from the third event on; give the "
                "number for each combination"
            )
        combination = earlier[0] if earlier else combination
    names = tuple(part.strip() for part in combination.split("+"))
    if names in rows.before:
        return f"{called} has two rows for {combination}"
    rows.before[names] = int(digits)
    return ""


def _once(rows: _Found, part: str, people: int, problem: str) -> str:
    if getattr(rows, part) is not None:
        return problem
    setattr(rows, part, people)
    return ""


def _wrong_totals(called: str, rows: _Found) -> list[str]:
    """Whether the people of an event are known, and once only."""
    if rows.new is None and rows.total is None:
        return [f"{called}: neither the people recorded before by nobody nor the total are given; add one of the rows"]
    added = (rows.new or 0) + sum(rows.before.values())
    if rows.new is not None and rows.total is not None and rows.total != added:
        return [f"{called}: its total is {rows.total:,}, and its other rows add to {added:,}; correct one of them"]
    return []
