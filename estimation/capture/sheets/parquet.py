"""A Parquet file becomes a sheet, column by column: what cannot be converted stands as text, with a note."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow
import pyarrow.parquet

from estimation.capture.sheets.limits import LARGEST_BYTES, MOST_COLUMNS, MOST_ROWS, size_in_words
from estimation.capture.sheets.sheet import Cell, Sheet, cells_of
from estimation.errors import TableError

__all__ = ["sheet_from_parquet"]


def sheet_from_parquet(data: bytes, source: str) -> Sheet:
    """The columns of a Parquet file, without the row index that pandas may have left in it.

    Raises
    ------
    TableError
        When it is not a whole Parquet file, or larger than is read.
    """
    notes: list[str] = []
    try:
        file = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(data))
        _refuse_large(file.metadata, source)
        read = _columns(file, notes)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        reason = (str(error).splitlines() or ["no reason given"])[0][:200]
        message = f"this is not a whole Parquet file ({reason}); write it again"
        raise TableError(source, [message]) from None
    names = [name for name, _ in read]
    return Sheet(
        source, names, [cells for _, cells in read], lambda i: f"row {i + 1}", form="parquet", notes=tuple(notes)
    )


def _columns(file: pyarrow.parquet.ParquetFile, notes: list[str]) -> list[tuple[str, Sequence[Cell]]]:
    """Headings and cells; where the whole cannot be read, column by column, and of a bad one the type alone."""
    try:
        table = file.read()
        columns = [(str(name), table.column(j)) for j, name in enumerate(table.column_names)]
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError):
        columns = [(field.name, _alone(file, field.name)) for field in file.schema_arrow]
    read: list[tuple[str, Sequence[Cell]]] = []
    for j, (name, column) in enumerate(columns):
        if name.startswith("__index_level_"):
            continue
        if column is not None:
            read.append((name.strip(), _cells(column, name.strip(), notes)))
            continue
        kind = file.schema_arrow.field(j).type
        notes.append(f"column {name.strip()!r} of type {kind} cannot be read; write it again if it is needed")
        read.append((name.strip(), [f"<{kind}>"] * file.metadata.num_rows))
    return read


def _alone(file: pyarrow.parquet.ParquetFile, name: str) -> pyarrow.ChunkedArray | None:
    """One column, if it can be read and is the only one of its name."""
    try:
        table = file.read(columns=[name])
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError):
        return None
    return table.column(0) if table.column_names == [name] else None


def _refuse_large(metadata: pyarrow.parquet.FileMetaData, source: str) -> None:
    """Refuse what would fill the memory, before any of it is read."""
    if metadata.num_rows > MOST_ROWS:
        message = (
            f"there are {metadata.num_rows:,} rows; the most that is read is {MOST_ROWS:,}: save counts per history"
        )
        raise TableError(source, [message])
    if metadata.num_columns > MOST_COLUMNS:
        columns = f"there are {metadata.num_columns:,} columns; the most that is read is {MOST_COLUMNS:,}"
        raise TableError(source, [columns])
    size = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if size > LARGEST_BYTES:
        message = f"it unpacks to {size_in_words(size)}; the most that is read is {size_in_words(LARGEST_BYTES)}"
        raise TableError(source, [message])


def _cells(column: pyarrow.ChunkedArray, name: str, notes: list[str]) -> list[Cell]:
    """The cells of a column, or their text where one of them has no value in Python."""
    try:
        return cells_of(column.to_pylist())
    except (ValueError, OverflowError, LookupError, TypeError, pyarrow.ArrowException):
        cells = [_as_text(cell) for chunk in column.chunks for cell in chunk]
    odd = sum(1 for _, converted in cells if not converted)
    notes.append(f"column {name!r}: {odd:,} cells of type {column.type} have no value in a table and stand as text")
    return [cell for cell, _ in cells]


def _as_text(scalar: pyarrow.Scalar) -> tuple[Cell, bool]:
    """A cell, or its text, and whether it could be converted."""
    try:
        return cells_of([scalar.as_py()])[0], True
    except (ValueError, OverflowError, LookupError, TypeError, pyarrow.ArrowException):
        return _raw(scalar), False


def _raw(scalar: pyarrow.Scalar) -> str:
    """Bytes that are no UTF-8 with their codes, numbers for dates outside the calendar, and of all else the type."""
    if hasattr(scalar, "as_buffer"):
        return str(scalar.as_buffer().to_pybytes().decode(errors="backslashreplace"))
    value = getattr(scalar, "value", None)
    if isinstance(value, pyarrow.Scalar):  # of a dictionary
        return _raw(value)
    return str(value) if isinstance(value, int) else f"<{scalar.type}>"
