"""A workbook (.xlsx, .xlsm) becomes a sheet: the one sheet with a table, or the one that is named."""

from __future__ import annotations

import datetime
import io
import itertools
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from xml.etree import ElementTree

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from estimation.capture.declared import Door, option
from estimation.capture.sheets.headings import Header, headings_of, n_above
from estimation.capture.sheets.limits import (
    LARGEST_WORKBOOK,
    MOST_COLUMNS,
    MOST_SHEET_CELLS,
    MOST_SHEET_ROWS,
    size_in_words,
)
from estimation.capture.sheets.sheet import Cell, Sheet
from estimation.errors import TableError
from estimation.toml_file import nearest

__all__ = ["grids_from_workbook", "sheet_from_workbook"]

TypedCell: TypeAlias = str | int | float | datetime.date | tuple[str, ...] | None
_Rows: TypeAlias = tuple[
    str,
    list[tuple[TypedCell, ...]],
    int,
    tuple[tuple[int, int, int, int], ...],
    tuple[str, ...],
    tuple[tuple[int, int], ...],
]
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FORMULA = re.compile(rb"<f[\s/>]")
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_SHEETS = ("xl/worksheets/", "xl/sharedStrings")
_NOT_READ = ("xl/media/", "xl/drawings/", "xl/charts/", "xl/pivot", "xl/embeddings/", "xl/externalLinks/", "customXml/")
_DAMAGED = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError),
    *(TypeError, ValueError, zipfile.BadZipFile, zlib.error),
)
"""What openpyxl raises on a workbook that is not whole; its XML errors are SyntaxErrors."""


class _Worksheet(Protocol):
    """What is used of a sheet of openpyxl, which has no types."""

    title: str
    sheet_state: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, values_only: bool) -> Iterator[tuple[object, ...]]: ...


class _Workbook(Protocol):
    """What is used of a workbook of openpyxl."""

    worksheets: list[_Worksheet]
    epoch: datetime.datetime

    def __getitem__(self, title: str) -> _Worksheet: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Grid:
    """The rows of a sheet that are not blank, without blanks at their ends, and the number of each."""

    title: str
    rows: list[list[Cell]]
    numbers: list[int]

    @property
    def size(self) -> str:
        """As a person says it."""
        n_rows, n_columns = len(self.rows), max(map(len, self.rows))
        rows, columns = "row" if n_rows == 1 else "rows", "column" if n_columns == 1 else "columns"
        return f"{self.title!r} ({n_rows:,} {rows}, {n_columns:,} {columns})"


def sheet_from_workbook(
    data: bytes, source: str, *, sheet: str | None = None, header: Header = None, door: Door = "python"
) -> Sheet:
    """The columns of a sheet; rows are named as in ``sheet 'People', row 7``.

    Whole numbers are ints, dates ISO text, TRUE and FALSE text, formula errors their text (``#N/A``).  Blank rows and
    columns are left out, and so is what stands above the headings; ``header`` is their row, or ``"none"``.

    Raises
    ------
    TableError
        When it is damaged, has a password, is larger than is read, holds no table, or holds several and none is named.
    """
    _refuse_bombs(data, source)
    notes: list[str] = []
    with _opened(data, source) as workbook:
        grids = _grids(workbook, sheet, source, notes)
        if not grids:
            raise TableError(source, ["the workbook holds no table: every sheet is empty"])
        if len(grids) > 1:
            sizes = ", ".join(grid.size for grid in grids)
            message = f"the workbook has {len(grids)} sheets with something in them: {sizes}; name the one to read: "
            raise TableError(source, [message + option(door, "sheet", grids[0].title)])
    _refuse_formulas_without_values(data, source, grids[0])
    return _sheet(grids[0], source, notes, header, door)


def grids_from_workbook(data: bytes, source: str) -> tuple[list[_Rows], bool, list[str]]:
    """Every sheet that can be seen and holds something, as it stands, and whether days are counted from 1904.

    Dates stay dates, and cells that are merged are named; a sheet is its title, its rows, the number of the first, the
    merged cells, no headings of its own, and the formulas without a stored value, which read as blank.

    Raises
    ------
    TableError
        When it is damaged, has a password, is larger than is read, or every sheet is empty.
    """
    _refuse_bombs(data, source)
    found: list[_Rows] = []
    notes: list[str] = []
    with _opened(data, source) as workbook:
        hidden = [each.title for each in workbook.worksheets if each.sheet_state != "visible"]
        if hidden:
            notes.append(f"hidden sheets were not read: {', '.join(map(repr, hidden))}")
        parts = _sheet_parts(data)
        left = MOST_SHEET_CELLS
        for each in workbook.worksheets:
            if each.title in hidden:
                continue
            each.reset_dimensions()
            rows = [tuple(_typed_cell(value) for value in values) for values in each.iter_rows(values_only=True)]
            left -= sum(map(len, rows))
            if left < 0:
                message = f"the sheets hold more than {MOST_SHEET_CELLS:,} cells; save the list as CSV"
                raise TableError(source, [message])
            while rows and all(cell is None for cell in rows[-1]):
                rows.pop()
            if rows:
                wide = max(map(len, rows))
                even = [row + (None,) * (wide - len(row)) for row in rows]
                part = parts.get(each.title, b"")
                found.append((each.title, even, 1, _merged(part), (), _uncalculated(part)))
        from_1904 = workbook.epoch.year == 1904
    if not found:
        raise TableError(source, ["the workbook holds no list: every sheet is empty"])
    return found, from_1904, notes


def _typed_cell(value: object) -> TypedCell:
    """A cell with its type; a date at midnight is a day."""
    if isinstance(value, datetime.datetime):
        return value.date() if value.time() == datetime.time() else value
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str):
        return None if not value or value.isspace() else value
    cell = _cell(value)
    return None if cell == "" else cell if isinstance(cell, str | int | float) else str(cell)


def _sheet_parts(data: bytes) -> dict[str, bytes]:
    """The XML of each sheet, by its title."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = set(packed.namelist())
        book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
        links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
        targets = {link.get("Id", ""): link.get("Target", "").lstrip("/") for link in links}
        parts = {}
        for sheet in book.iter(f"{_MAIN}sheet"):
            target = targets.get(sheet.get(_LINK, ""), "")
            part = target if target in names else f"xl/{target}"
            if part in names:
                parts[sheet.get("name", "")] = packed.read(part)
    return parts


def _merged(part: bytes) -> tuple[tuple[int, int, int, int], ...]:
    """The cells of a sheet that are merged."""
    merged = []
    for reference in _MERGED.findall(part):
        first_column, first_row, last_column, last_row = range_boundaries(reference.decode())
        merged.append((first_row, last_row, first_column - 1, last_column - 1))
    return tuple(merged)


def _uncalculated(part: bytes) -> tuple[tuple[int, int], ...]:
    """Row and column (from 0) of each formula of a sheet that no program has stored a value of."""
    if _FORMULA.search(part) is None:
        return ()
    found, row, column = [], 0, -1
    for event, element in ElementTree.iterparse(io.BytesIO(part), events=("start", "end")):
        if event == "start" and element.tag == f"{_MAIN}row":
            row, column = int(element.get("r", row + 1)), -1
        elif event == "end" and element.tag == f"{_MAIN}c":
            at = element.get("r")
            column = column + 1 if at is None else coordinate_to_tuple(at)[1] - 1
            value = element.find(f"{_MAIN}v")
            is_empty_text = value is not None and element.get("t") == "str"  # what ="" is stored as
            if element.find(f"{_MAIN}f") is not None and not is_empty_text and (value is None or not value.text):
                found.append((row, column))
            element.clear()
    return tuple(found)


def _refuse_bombs(data: bytes, source: str) -> None:
    """Refuse what unpacks to more than is read, before it is, and what has a password."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            locked = any(part.flag_bits & 1 for part in parts)
            used = [part for part in parts if not part.filename.startswith(_NOT_READ)]
            sheets = [part for part in used if part.filename.startswith(_SHEETS)]
            size, other = (
                sum(part.file_size for part in used),
                sum(part.file_size for part in used if part not in sheets),
            )
            large = size > LARGEST_WORKBOOK or other > LARGEST_WORKBOOK // 32
            too_many = not (locked or large) and _too_many_cells(packed.read(part) for part in sheets)
    except _DAMAGED as error:
        raise TableError(source, [_damaged(error)]) from None
    if locked:
        raise TableError(source, ["the workbook has a password; save it without one"])
    if large or too_many:
        message = (
            f"its {size_in_words(len(data))} unpack to {size_in_words(size)}; a workbook is read up to "
            f"{size_in_words(LARGEST_WORKBOOK)} and {MOST_SHEET_CELLS:,} cells: save the sheet as CSV"
        )
        raise TableError(source, [message])


def _too_many_cells(parts: Iterable[bytes]) -> bool:
    """Whether sheets (or the texts that they share) hold more cells than are read, or a row more than columns."""
    n_cells = 0
    for part in parts:
        n_cells += max(part.count(b"<c"), part.count(b"<si"))
        begins = [found.start() for found in re.finditer(b"<row", part)] if n_cells > 2 * MOST_COLUMNS else []
        if any(part.count(b"<c", a, b) > 2 * MOST_COLUMNS for a, b in itertools.pairwise([*begins, len(part)])):
            return True
    return n_cells > MOST_SHEET_CELLS


def _damaged(error: BaseException) -> str:
    reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
    return f"this is not a whole workbook ({reason}); open it in a spreadsheet and save it again as .xlsx, or as CSV"


@contextmanager
def _opened(data: bytes, source: str, *, values: bool = True) -> Iterator[_Workbook]:
    """The workbook, of which sheets are read row by row; what fails while it is open is damage."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations, which are not read
            workbook: _Workbook = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=values, keep_links=False
            )
            yield workbook
            workbook.close()
    except TableError:
        raise
    except _DAMAGED as error:
        raise TableError(source, [_damaged(error)]) from None


def _grids(workbook: _Workbook, sheet: str | None, source: str, notes: list[str]) -> list[_Grid]:
    """The sheets that hold something: the one that is named, or all that can be seen."""
    found = workbook.worksheets
    if sheet is not None:
        titles = [each.title for each in found]
        same = [t for t in titles if t == sheet] or [t for t in titles if t.strip().lower() == sheet.strip().lower()]
        if len(same) != 1:
            raise TableError(source, [f"there is no sheet {sheet[:40]!r}; {nearest(sheet[:40], titles)}"])
        found = [each for each in found if each.title == same[0]]
    hidden = [] if sheet is not None else [each.title for each in found if each.sheet_state != "visible"]
    if hidden:
        notes.append(f"hidden sheets were not read: {', '.join(map(repr, hidden))}")
    grids, left = [], MOST_SHEET_CELLS
    for each in found:
        if each.title not in hidden:
            grid, left = _grid(each, source, left)
            grids += [grid] if grid.rows else []
    return grids


def _grid(worksheet: _Worksheet, source: str, left: int) -> tuple[_Grid, int]:
    """The rows of one sheet, and how many cells may still be read of the others."""
    worksheet.reset_dimensions()  # what a file says of its own size may be wrong
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    for number, values in enumerate(worksheet.iter_rows(values_only=True), 1):
        left -= len(values)
        if left < 0 or number > MOST_SHEET_ROWS:
            message = (
                f"sheet {worksheet.title!r} is larger than is read ({MOST_SHEET_CELLS:,} cells in all sheets, "
                f"{MOST_SHEET_ROWS:,} rows); delete what lies outside the table, or save it as CSV"
            )
            raise TableError(source, [message])
        row = [_cell(value) for value in values]
        while row and row[-1] == "":
            row.pop()
        if row:
            rows.append(row)
            numbers.append(number)
    return _Grid(worksheet.title, rows, numbers), left


def _cell(value: object) -> Cell:
    """A cell as text or number, blank as empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return "" if value.isspace() else value
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat(" ") if isinstance(value, datetime.datetime) else str(value)


def _refuse_formulas_without_values(data: bytes, source: str, grid: _Grid) -> None:
    """A workbook that a program wrote may hold formulas that nobody has calculated: they would read as blank."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        if not any(b"<f>" in (part := packed.read(name)) or b"<f " in part for name in parts):
            return
    filled = dict(zip(grid.numbers, grid.rows, strict=True))
    first = ""
    with _opened(data, source, values=False) as workbook:
        worksheet = workbook[grid.title]
        worksheet.reset_dimensions()
        for number, values in enumerate(worksheet.iter_rows(values_only=True), 1):
            row = filled.get(number, [])
            for j, value in enumerate(values):
                if (isinstance(value, str) and value.startswith("=")) or hasattr(value, "ref"):
                    if j < len(row) and row[j] != "":
                        return
                    first = first or f"column {j + 1} of row {number}"
    if first:
        message = (
            f"no formula of sheet {grid.title!r} has a calculated value (the first is in {first}); open the workbook "
            "in a spreadsheet and save it, or save it as CSV"
        )
        raise TableError(source, [message])


def _sheet(grid: _Grid, source: str, notes: list[str], header: Header, door: Door) -> Sheet:
    """The columns below the headings."""
    wide = max(map(len, grid.rows))
    rows = [row + [""] * (wide - len(row)) for row in grid.rows]
    where = f"sheet {grid.title!r}, row "
    above = n_above(rows, grid.numbers, source, header, where=where, notes=notes, door=door)
    rows, numbers = rows[above:], grid.numbers[above:]
    filled = [j for j in range(wide) if any(row[j] != "" for row in rows)]
    first = tuple(rows[0][j] for j in filled)
    names, is_header = headings_of(first, header, notes)
    begins = int(header != "none")  # without headings the first row is one like the others
    columns: list[Sequence[Cell]] = [[row[j] for row in rows[begins:]] for j in filled]
    return Sheet(
        source,
        names,
        columns,
        lambda i: f"{where}{numbers[i + begins]}",
        form="workbook",
        header=is_header,
        first_row=first * begins,
        first_row_name=f"{where}{numbers[0]}" * begins,
        notes=tuple(notes),
    )
