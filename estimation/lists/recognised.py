"""Whether a file is a list of names, and what its lists and their columns are taken for, before anybody is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from estimation.capture.sheets.grid import Grid, grids_of
from estimation.capture.sheets.source import Source
from estimation.errors import TableError
from estimation.lists.column_map import map_columns
from estimation.lists.columns import ColumnMap
from estimation.lists.declared import ColumnKey, DeclaredList, ListDoor
from estimation.lists.layout import cell_text, find_headings
from estimation.lists.list_reading import ListReading

__all__ = ["ListGuess", "holds_names", "list_guesses"]

_ON_OR_OFF = frozenset({"0", "1", "yes", "no", "true", "false", "x", ""})


@dataclass(frozen=True, slots=True)
class ListGuess:
    """What a list of a file is taken for.

    Parameters
    ----------
    name : str
        What to call it.
    sheet : str
        The sheet that has to be named, or empty.
    part : str
        The part of the sheet that has to be named, or empty.
    n_rows : int
        Rows that stand for somebody.
    columns : mapping of ColumnKey to str
        Headings by what their columns hold.
    set_aside : tuple of str
        Headings of columns that are not used.
    questions : tuple of str
        What has two readings.
    """

    name: str
    sheet: str
    part: str
    n_rows: int
    columns: Mapping[ColumnKey, str]
    set_aside: tuple[str, ...]
    questions: tuple[str, ...]


def holds_names(file: Source) -> bool:
    r"""Whether a file is a list of names and no table of overlapping lists.

    It is one where a column has a heading for names and there are not two columns of 0 and 1 besides.

    Examples
    --------
    >>> holds_names(b"Name,Age\nSimin Punehchin,20\n"), holds_names(b"name,police,press\nS. P.,1,0\nA. B.,1,1\n")
    (True, False)
    >>> holds_names(b"police,press,count\n1,0,5\n1,1,3\n0,1,7\n")
    False
    """
    try:
        return bool(_readings(file, DeclaredList(), "python"))
    except TableError:
        return False


def list_guesses(
    file: Source, declared: DeclaredList | None = None, *, door: ListDoor = "python"
) -> tuple[ListGuess, ...]:
    """What the lists of a file are taken for: one for each sheet with people, and each part that the file tells apart.

    Parameters
    ----------
    file : path, bytes, or open file
        The file.
    declared : DeclaredList, optional
        What is declared of it.
    door : {"python", "command line", "study"}
        For whom questions name what can be declared.

    Raises
    ------
    TableError
        When it cannot be read.
    """
    readings = _readings(file, declared or DeclaredList(), door)
    found = []
    for reading in readings:
        columns = {key: reading.columns.headings[at] for key, at in reading.columns.places.items()}
        sheet = reading.grid.title if len(readings) > 1 else ""
        own = f"{reading.opened.name} {sheet}".strip()
        for part in reading.parts or (None,):
            found.append(
                ListGuess(
                    own if part is None else part.name,
                    sheet,
                    "" if part is None else part.prefix,
                    reading.n_rows if part is None else part.n_rows,
                    columns,
                    reading.columns.set_aside,
                    reading.columns.questions,
                )
            )
    return tuple(found)


def _readings(file: Source, declared: DeclaredList, door: ListDoor) -> list[ListReading]:
    opened = grids_of(file, name="bytes" if isinstance(file, bytes) else None, encoding=declared.encoding, door=door)
    grids = [grid for grid in opened.grids if _has_heading_of_names(grid, declared, door)]
    found = [ListReading.of(opened, grid, declared, door) for grid in grids]
    return [each for each in found if isinstance(each, ListReading) and _is_of_people(each)]


def _has_heading_of_names(grid: Grid, declared: DeclaredList, door: ListDoor) -> bool:
    """Whether a heading says that names stand below it, whatever does: all rows of a large table need not be read."""
    headings = find_headings(grid, header=declared.header)
    return headings is not None and bool(map_columns(headings.texts, (), declared, door).names)


def _is_of_people(reading: ListReading) -> bool:
    columns: ColumnMap = reading.columns
    if not columns.names or not reading.rows:
        return False
    used = set(columns.places.values())
    n_on_or_off = 0
    for at, heading in enumerate(columns.headings):
        values = {cell_text(row.cells[at]).strip().casefold() for row in reading.rows}
        whole = {re.sub(r"\.0$", "", value) for value in values}
        if at not in used and heading and whole <= _ON_OR_OFF and whole & {"0", "1", "yes", "true", "x"}:
            n_on_or_off += 1
    return n_on_or_off < 2
