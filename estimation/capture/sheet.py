"""A file or frame as columns of cells, each row still knowing where it stood."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow
import pyarrow.parquet

from estimation.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cell", "Sheet", "first_of", "sheet_from_csv", "sheet_from_pandas", "sheet_from_parquet"]

Cell = str | int | float | Decimal | None
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns as they were found.

    Parameters
    ----------
    source : str
        What to call the table in a message.
    names : list of str
        Headings, without surrounding spaces; empty where a column has none.
    columns : list of sequences of cells
        One sequence a heading, all of one length.
    row_name : callable
        How a reader finds a row again: ``"line 7"`` of a text file.
    """

    source: str
    names: list[str]
    columns: list[Sequence[Cell]]
    row_name: Callable[[int], str]

    @property
    def n_rows(self) -> int:
        """Rows below the heading."""
        return len(self.columns[0]) if self.columns else 0


def first_of(found: list[str], kind: str) -> list[str]:
    """The first problems of one kind, and how many more there are.

    Examples
    --------
    >>> first_of([f"line {i}" for i in range(22)], "such lines")[-2:]
    ['line 19', 'and 2 more such lines']
    """
    more = len(found) - _MOST_NAMED
    return found if more <= 0 else [*found[:_MOST_NAMED], f"and {more:,} more {kind}"]


def _cells(values: Iterable[object]) -> list[Cell]:
    """Cells that can be compared and counted; anything unusual as its text."""
    return [v if isinstance(v, str | int | float | Decimal) or v is None else str(v) for v in values]


def sheet_from_pandas(frame: pd.DataFrame, source: str) -> Sheet:
    """The columns of a frame; rows are named as ``frame.iloc`` numbers them."""
    columns: list[Sequence[Cell]] = [_cells(frame.iloc[:, j].tolist()) for j in range(frame.shape[1])]
    return Sheet(source, [str(name).strip() for name in frame.columns], columns, lambda i: f"row {i} (by iloc)")


def sheet_from_parquet(file: Path) -> Sheet:
    """The columns of a Parquet file, without the row index that pandas may have left in it.

    Raises
    ------
    TableError
        When it is not a whole Parquet file.
    """
    try:
        read = pyarrow.parquet.ParquetFile(file).read()
    except (pyarrow.ArrowException, OSError) as error:
        message = f"this is not a whole Parquet file ({str(error).splitlines()[0]}); write it again"
        raise TableError(str(file), [message]) from None
    columns_read = [j for j, name in enumerate(read.column_names) if not name.startswith("__index_level_")]
    columns: list[Sequence[Cell]] = [_cells(read.column(j).to_pylist()) for j in columns_read]
    return Sheet(str(file), [read.column_names[j].strip() for j in columns_read], columns, lambda i: f"row {i + 1}")


def sheet_from_csv(file: Path) -> Sheet:
    """The columns of a CSV file; rows are named by the line an editor shows them on.

    Raises
    ------
    TableError
        When it is not text in UTF-8, not CSV, empty, or its rows differ in length.
    """
    text = _without_notes(_text_of(file))
    rows, lines = _rows_of(file, text)
    if not rows:
        raise TableError(str(file), ["the file is empty; it needs a header with the names of the lists, and rows"])
    header, rows, lines = [name.strip() for name in rows[0]], rows[1:], lines[1:]
    if rows and all(len(row) == len(header) + 1 for row in rows):
        if all(not row[-1].strip() for row in rows):
            rows = [row[:-1] for row in rows]  # a comma too many at the end of every row
        else:
            header = ["", *header]  # R's write.table leaves the column of row names without a heading
    uneven = [
        f"line {line}: {len(row)} fields where the header has {len(header)}; a comma is missing or too many"
        for line, row in zip(lines, rows, strict=True)
        if len(row) != len(header)
    ]
    if uneven:
        raise TableError(str(file), first_of(uneven, "rows of the wrong length"))
    columns: list[Sequence[Cell]] = list(zip(*rows, strict=True)) if rows else [() for _ in header]
    return Sheet(str(file), header, columns, lambda i: f"line {lines[i]}")


def _without_notes(text: str) -> str:
    """The text with the lines above the header emptied that begin with ``# ``, as an export writes its rule."""
    lines = text.split("\n")
    notes = len(list(itertools.takewhile(lambda line: line.startswith("# "), lines)))
    return "\n".join([""] * notes + lines[notes:])


def _text_of(file: Path) -> str:
    """The file as text, without a byte order mark."""
    content = file.read_bytes()
    if file.suffix.lower() == ".gz":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise TableError(str(file), [f"this is not a whole gzip file ({error}); compress it again"]) from None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError(str(file), ["the text is in UTF-16; save it as UTF-8 (in Excel: 'CSV UTF-8')"])
    if b"\0" in content:
        raise TableError(str(file), [f"byte {content.index(0)} is zero: this is not a text file; save it as CSV"])
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = (
            f"byte {error.start} (line {line}) is 0x{content[error.start]:02x}, which is not UTF-8; "
            "save the file as UTF-8 (in Excel: 'CSV UTF-8')"
        )
        raise TableError(str(file), [message]) from None


def _rows_of(file: Path, text: str) -> tuple[list[list[str]], list[int]]:
    """Rows that are not blank, and the line each begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    begins = 1
    try:
        for row in reader:
            if any(map(str.strip, row)):
                rows.append(row)
                lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        message = f"line {begins}: this is not CSV ({error}); look for a quotation mark that is not closed"
        raise TableError(str(file), [message]) from None
    return rows, lines


def _delimiter(text: str) -> str:
    """Comma, or the semicolon or tab that some spreadsheets write in its place."""
    for delimiter in ",;\t":
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths = [len(row) for row in itertools.islice(filter(None, reader), 2)]
        if widths and widths[0] > 1 and widths[-1] - widths[0] in (0, 1):
            return delimiter
    return ","
