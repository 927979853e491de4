"""A Parquet file becomes a sheet, column by column: what cannot be converted stands as text, with a note."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from typing import TypeAlias

import pyarrow
import pyarrow.parquet

from estimation.capture.sheets.limits import LARGEST_BYTES, MOST_COLUMNS, MOST_ROWS, size_in_words
from estimation.capture.sheets.sheet import Cell, Sheet, cells_of
from estimation.errors import TableError
from estimation.text.characters import on_one_line

__all__ = ["grid_columns_from_parquet", "sheet_from_parquet"]

TypedCell: TypeAlias = str | int | float | datetime.date | tuple[str, ...] | None
"""A cell with its type."""

_NO_VALUE = (ValueError, OverflowError, LookupError, TypeError, pyarrow.ArrowException)
"""What pyarrow raises where a cell has no value in Python."""
_TEXTS = (pyarrow.types.is_string, pyarrow.types.is_large_string, pyarrow.types.is_binary)


def sheet_from_parquet(data: bytes, source: str) -> Sheet:
    """The columns of a Parquet file, without the row index that pandas may have left in it.

    Raises
    ------
    TableError
        When it is not a whole Parquet file, or larger than is read.
    """
    notes: list[str] = []
    try:
        read = _columns(data, source, notes)
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


def grid_columns_from_parquet(data: bytes, source: str) -> tuple[list[str], list[list[TypedCell]], list[str]]:
    """Headings, columns and notes, with dates as dates and lists of texts as tuples of texts.

    Raises
    ------
    TableError
        When it is not a whole Parquet file, or larger than is read.
    """
    notes: list[str] = []
    try:
        file = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(data))
        _refuse_large(file.metadata, source)
        table = file.read()
        fields = list(enumerate(table.schema))
        used = [(place, field) for place, field in fields if not field.name.startswith("__index_level_")]
        columns = [_typed(table.column(place), on_one_line(field.name), notes) for place, field in used]
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        reason = (str(error).splitlines() or ["no reason given"])[0][:200]
        raise TableError(source, [f"this is not a whole Parquet file ({reason}); write it again"]) from None
    return [on_one_line(field.name) for _, field in used], columns, notes


def _typed(column: pyarrow.ChunkedArray, name: str, notes: list[str]) -> list[TypedCell]:
    """The cells of a column; what is neither a text, a number, a date nor a list of texts stands as text."""
    kind = column.type
    if pyarrow.types.is_nested(kind) and not pyarrow.types.is_list(kind):
        notes.append(f"column {name!r} of type {kind} was not read")
        return [None] * len(column)
    try:
        values = column.to_pylist()
    except _NO_VALUE:
        values = [_as_text(scalar)[0] for chunk in column.chunks for scalar in chunk]
    return [_typed_cell(value) for value in values]


def _typed_cell(value: object) -> TypedCell:
    if isinstance(value, list):
        return tuple(str(part) for part in value if part is not None)
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return None if value != value else int(value) if value.is_integer() and abs(value) < 2**53 else value
    return value if value is None or isinstance(value, str | int | datetime.date) else str(value)


def _columns(data: bytes, source: str, notes: list[str]) -> list[tuple[str, Sequence[Cell]]]:
    """Headings and cells; of a column that is nested, too wide or bad, the type alone, with a note.

    Texts are read as codes of a dictionary, since a few bytes of a file can say the same long text a million times.
    """
    file = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(data))
    _refuse_large(file.metadata, source)
    fields = [field for field in file.schema_arrow if not field.name.startswith("__index_level_")]
    texts = [field.name for field in fields if _is_text(field.type)]
    file = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(data), read_dictionary=texts)
    flat = [field.name for field in fields if not _is_set_aside(field.type, file.metadata.num_rows)]
    try:
        table = file.read(columns=flat)
        whole = table.column_names == flat
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError):
        whole = False
    place = itertools.count()
    read: list[tuple[str, Sequence[Cell]]] = []
    for field in fields:
        name, column = on_one_line(field.name), None
        if not _is_set_aside(field.type, file.metadata.num_rows):
            column = table.column(next(place)) if whole else _alone(file, field.name)
        if column is not None:
            read.append((name, _cells(column, name, notes)))
            continue
        notes.append(f"column {name!r} of type {field.type} was not read")
        read.append((name, [f"<{field.type}>"] * file.metadata.num_rows))
    return read


def _is_text(kind: pyarrow.DataType) -> bool:
    return any(is_kind(kind) for is_kind in _TEXTS)


def _is_set_aside(kind: pyarrow.DataType, n_rows: int) -> bool:
    """Whether cells are lists or structures, or so wide that they would fill the memory."""
    wide = pyarrow.types.is_fixed_size_binary(kind) and kind.byte_width * n_rows > LARGEST_BYTES
    return bool(pyarrow.types.is_nested(kind) or wide)


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
    cells: list[Cell] = []
    odd = 0
    for chunk in column.chunks:
        is_coded = pyarrow.types.is_dictionary(chunk.type)
        values, n_odd = _values(chunk.dictionary if is_coded else chunk)
        odd += n_odd
        cells += _decoded(values, chunk.indices.to_pylist()) if is_coded else values
    if odd:
        notes.append(f"column {name!r}: {odd:,} values that Python cannot hold stand as text")
    return cells


def _decoded(values: list[Cell], codes: list[int | None]) -> list[Cell]:
    """The values that the codes of a dictionary stand for."""
    known: dict[int | None, Cell] = {
        code: values[code] for code in set(codes) if code is not None and 0 <= code < len(values)
    }
    known[None] = None
    try:
        return [known[code] for code in codes]
    except KeyError as error:
        raise ValueError(f"code {error} is not in its dictionary") from None


def _values(array: pyarrow.Array) -> tuple[list[Cell], int]:
    """The values of an array, and how many of them could not be converted."""
    try:
        return cells_of(array.to_pylist()), 0
    except _NO_VALUE:
        values = [_as_text(scalar) for scalar in array]
        return [value for value, _ in values], sum(1 for _, converted in values if not converted)


def _as_text(scalar: pyarrow.Scalar) -> tuple[Cell, bool]:
    """A cell, or its text, and whether it could be converted."""
    try:
        return cells_of([scalar.as_py()])[0], True
    except _NO_VALUE:
        return _raw(scalar), False


def _raw(scalar: pyarrow.Scalar) -> str:
    """Bytes that are no UTF-8 with their codes, numbers for dates outside the calendar, and of all else the type."""
    if hasattr(scalar, "as_buffer"):
        return str(scalar.as_buffer().to_pybytes().decode(errors="backslashreplace"))
    value = getattr(scalar, "value", None)
    if isinstance(value, pyarrow.Scalar):  # of a dictionary
        return _raw(value)
    return str(value) if isinstance(value, int) else f"<{scalar.type}>"
