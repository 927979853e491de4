"""Two columns that say the same of a person: the second part of a name, or a question which one is meant.

Birth and event, both scripts, the two calendars of one date, and a name in two parts are legitimately two columns.  Two
columns of given names, or two dates that could be the event, are not: which one is read changes who is who, so that
neither is taken in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from estimation.capture.sheets.grid import GridCell
from estimation.lists.columns import Column, ColumnMap, by_letter
from estimation.lists.date_words import MARKS
from estimation.lists.declared import COLUMN_KEYS, ColumnKey, ListDoor, list_option
from estimation.lists.headings import Heading
from estimation.lists.layout import cell_text
from estimation.lists.normal import normalise

__all__ = ["is_second_part", "rival_questions"]

_OF_NAMES: frozenset[ColumnKey] = frozenset(["name", "given", "father", "grandfather", "mother", "family"])
_OF_DATES: frozenset[ColumnKey] = frozenset(["born", "died"])
_OF_NUMBERS: frozenset[ColumnKey] = frozenset(
    ["age", "born_year", "born_month", "born_day", "died_year", "died_month", "died_day"]
)
_OF_WORDS: frozenset[ColumnKey] = frozenset(["place", "number", "status"])
"""Of these a list may have several whose headings differ: the town and the street, the dead and the wounded."""

_CALENDARS = {
    normalise(mark): calendar for calendar, marks in MARKS.items() for mark in marks.split(",") if len(mark) > 1
}
_SECOND = re.compile(r"(?:^|\s)(?:2|ii|second|segundo|second[ao]|deuxieme|zweiter|دوم|الثانی)(?:\s|$)")
_NUMBER = re.compile(r"[\d\s]+")


def is_second_part(heading: Heading) -> bool:
    """Whether a heading is that of the second part of a name, such as a second family name.

    Examples
    --------
    >>> from estimation.lists.headings import heading_of
    >>> is_second_part(heading_of("Apellido 2")), is_second_part(heading_of("Apellido"))
    (True, False)
    """
    return _SECOND.search(normalise(heading.text.replace("_", " "))) is not None


def rival_questions(
    columns: Sequence[Column], found: ColumnMap, rows: Sequence[Sequence[GridCell]], door: ListDoor
) -> Iterator[str]:
    """A question for each thing that two columns or more could hold; none for what is declared.

    Parameters
    ----------
    columns : sequence of Column
        All columns.
    found : ColumnMap
        What they were taken for.
    rows : sequence of sequences of cells
        The rows: columns that are the same in every cell are one reading.
    door : {"python", "command line", "study"}
        For whom the question names what can be declared.
    """
    for key, place in found.places.items():
        if found.why[key] == "declared":
            continue
        chosen = columns[place]
        left = [c for c in columns if c.place not in found.used and c.n_filled]
        rivals = [c for c in left if _reads_alike(key, chosen, c) and not _is_same(rows, chosen, c)]
        if rivals:
            yield _question(key, sorted([chosen, *rivals], key=lambda c: c.place), door)


def _reads_alike(key: ColumnKey, chosen: Column, other: Column) -> bool:
    """Whether a column could have been taken for what another one was taken for."""
    if key in _OF_NAMES:
        is_text = not other.looks_like_dates and not other.is_whole
        return is_text and other.script == chosen.script and _same_subject(chosen, other, "name")
    if key in _OF_DATES:
        both = other.looks_like_dates and chosen.looks_like_dates
        return both and _same_subject(chosen, other, "date") and _calendar(chosen.heading) == _calendar(other.heading)
    if key in _OF_NUMBERS:
        both = other.whole >= 0.5 and chosen.whole >= 0.5
        return both and _same_subject(chosen, other, "date") and _calendar(chosen.heading) == _calendar(other.heading)
    if key == "sex":
        return _same_subject(chosen, other, "")
    own, its = (_NUMBER.sub(" ", normalise(c.heading.text)).strip() for c in (chosen, other))
    return key in _OF_WORDS and own == its


def _same_subject(chosen: Column, other: Column, apart_from: str) -> bool:
    """Whether two headings are about the same, and about anything."""
    own, its = (set(c.heading.concepts) for c in (chosen, other))
    return bool(its) and own - {apart_from} == its - {apart_from}


def _calendar(heading: Heading) -> str:
    """The calendar that a heading names; empty where it names none."""
    words = f" {normalise(heading.text.replace('_', ' '))} "
    return next((calendar for mark, calendar in _CALENDARS.items() if f" {mark} " in words), "")


def _is_same(rows: Sequence[Sequence[GridCell]], first: Column, second: Column) -> bool:
    """Whether two columns are the same in every cell."""
    both = ((cell_text(row[first.place]), cell_text(row[second.place])) for row in rows)
    return all(own == its or normalise(own) == normalise(its) for own, its in both)


def _question(key: ColumnKey, several: Sequence[Column], door: ListDoor) -> str:
    texts = [column.heading.text for column in several]
    differ = len({normalise(text) for text in texts}) == len(texts)
    listed = " and ".join(f"{by_letter(c.place)} ({c.heading.text[:60]!r})" for c in several)
    written = texts if differ else [by_letter(column.place) for column in several]
    examples = " or ".join(list_option(door, f"columns.{key}", text) for text in written)
    count = "both" if len(several) == 2 else "all"
    return f"{listed} can {count} be {key} ({COLUMN_KEYS[key]}): which one is? Say {examples}"
