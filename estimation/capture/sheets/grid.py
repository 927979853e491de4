"""A file as rows of cells exactly as they stand: titles, headings, blank rows, merged cells and notes among them.

A table of overlapping lists has its headings on top and one kind of cell below (`estimation.capture.sheets.sheet`).  A
list of names is what somebody laid out for people to read, and what is a heading, a person or a total is found later.
"""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from estimation.capture.declared import Door
from estimation.capture.sheets.decoding import text_of
from estimation.capture.sheets.delimited import rows_of_text
from estimation.capture.sheets.encodings import encoding_of
from estimation.capture.sheets.kinds import is_workbook, refuse_other_kinds
from estimation.capture.sheets.parquet import grid_columns_from_parquet
from estimation.capture.sheets.source import Content, Source, content_of
from estimation.errors import TableError

__all__ = ["Grid", "GridCell", "GridFile", "Merged", "grids_of"]

GridCell: TypeAlias = str | int | float | datetime.date | tuple[str, ...] | None
"""A cell as it stands: text, a number, a date with or without a time of day, a list of texts, or nothing."""

Merged: TypeAlias = tuple[int, int, int, int]
"""First and last row (as a spreadsheet numbers them) and first and last column (from 0) of cells that are merged."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a text or of one sheet.

    Parameters
    ----------
    title : str
        The sheet's name; empty for a text or a Parquet file.
    rows : list of tuples of cells
        All rows, blank ones too, each with as many cells as the widest.
    first_number : int
        What a spreadsheet calls the first of them.
    merged : tuple of Merged
        Cells that are merged.
    headings : tuple of str
        Headings, where the file itself tells them from rows (Parquet); otherwise they are among the rows.
    uncalculated : tuple of (int, int)
        Row (as a spreadsheet numbers it) and column (from 0) of formulas without a stored value, which read as blank.
    """

    title: str
    rows: list[tuple[GridCell, ...]]
    first_number: int = 1
    merged: tuple[Merged, ...] = ()
    headings: tuple[str, ...] = ()
    uncalculated: tuple[tuple[int, int], ...] = ()

    @property
    def n_columns(self) -> int:
        """Cells of a row."""
        return len(self.rows[0]) if self.rows else len(self.headings)


@dataclass(frozen=True, slots=True)
class GridFile:
    """What a file holds, as it stands.

    Parameters
    ----------
    source : str
        What messages call it.
    name : str
        The name of the file without its folder and endings.
    form : {"text", "workbook", "parquet"}
        What it is.
    grids : tuple of Grid
        Its sheets that hold something, or its one text.
    notes : tuple of str
        What was handled, without a name of a person.
    sha256 : str
        SHA-256 of the bytes that were read.
    counts_from_1904 : bool
        Whether numbers of days in the workbook count from 1904.
    """

    source: str
    name: str
    form: Literal["text", "workbook", "parquet"]
    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()
    sha256: str = ""
    counts_from_1904: bool = False


def grids_of(
    source: Source,
    *,
    name: str | None = None,
    encoding: str | None = None,
    door: Door = "python",
) -> GridFile:
    r"""The rows of a file, whatever it comes in.

    Parameters
    ----------
    source : path, bytes, or open file
        Text with a separator, a workbook or Parquet; what it is, the bytes say and not the name.
    name : str, optional
        What to call it in messages.
    encoding : str, optional
        The encoding of a text; where it is not named and the text is not UTF-8, it is guessed, and the guess is a note.
    door : {"python", "command line", "study"}
        For whom messages name the options.

    Raises
    ------
    TableError
        When it cannot be read, is empty, or its encoding can be two.

    Examples
    --------
    >>> file = grids_of(b"Victims of May\n\nName,Age\nSimin Punehchin,20\n", name="victims.csv")
    >>> file.grids[0].rows[0], file.grids[0].rows[3]
    (('Victims of May', ''), ('Simin Punehchin', '20'))
    """
    content = content_of(source, name)
    stem = content.name.rpartition(".")[0] or content.name
    data, called = content.data, content.source
    if not data.strip():
        raise TableError(called, ["the file is empty; a list of names needs headings and a row for each person"])
    if (data.startswith(b"PAR1") and data.endswith(b"PAR1")) or content.name.lower().endswith(".parquet"):
        headings, columns, notes = grid_columns_from_parquet(data, called)
        rows = [tuple(row) for row in zip(*columns, strict=True)]
        grid = Grid("", rows, headings=tuple(headings))
        return GridFile(called, stem, "parquet", (grid,), tuple(notes), content.sha256)
    refuse_other_kinds(data, content.name, called)
    if is_workbook(data):
        # Imported here because openpyxl takes half a second, and most lists are text.
        from estimation.capture.sheets.workbook import grids_from_workbook

        found, from_1904, notes = grids_from_workbook(data, called)
        grids = tuple(Grid(*parts) for parts in found)
        return GridFile(called, stem, "workbook", grids, tuple(notes), content.sha256, from_1904)
    return replace(_text_file(content, encoding, door), name=stem)


def _text_file(content: Content, encoding: str | None, door: Door) -> GridFile:
    """The rows of a text, numbered as a spreadsheet numbers them: a quoted cell may have several lines."""
    data, called = content.data, content.source
    guess = None if encoding is not None else encoding_of(data, called, door)
    text, notes = text_of(data, called, encoding=encoding or (guess.codec if guess else None), door=door)
    if guess is not None:
        notes = [guess.note]
    rows, begins, more = rows_of_text(text, called)
    wide = max(map(len, rows))
    even = [(*row, *itertools.repeat("", wide - len(row))) for row in rows]
    grid = Grid("", list(even), first_number=begins)
    return GridFile(called, "", "text", (grid,), (*notes, *more), content.sha256)
