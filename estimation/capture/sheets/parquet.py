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
    try:
        file = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(data))
        _refuse_large(file.metadata, source)
        table = file.read()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        reason = (str(error).splitlines() or ["no reason given"])[0][:200]
        message = f"this is not a whole Parquet file ({reason}); write it again"
        raise TableError(source, [message]) from None
    columns: list[Sequence[Cell]] = []
    names: list[str] = []
    notes: list[str] = []
    for j, name in enumerate(table.column_names):
        if name.startswith("__index_level_"):
            continue
        names.append(name.strip())
        columns.append(_cells(table.column(j), names[-1], notes))
    return Sheet(source, names, columns, lambda i: f"row {i + 1}", form="parquet", notes=tuple(notes))


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
        buffer = scalar.as_buffer() if hasattr(scalar, "as_buffer") else None
        text = (
            str(getattr(scalar, "value", ""))
            if buffer is None
            else buffer.to_pybytes().decode(errors="backslashreplace")
        )
        return text, False
