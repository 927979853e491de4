"""A file or frame as columns of cells, each row still knowing where it stood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cell", "Sheet", "can_be_row_names", "cells_of", "first_of", "sheet_from_pandas"]

Cell = str | int | float | Decimal | None
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns as they were found.

    Parameters
    ----------
    source : str
        What to call the table in a message: the path, or the name that came with the bytes.
    names : list of str
        Headings, without surrounding spaces; empty where a column has none.
    columns : list of sequences of cells
        One sequence a heading, all of one length.
    row_name : callable
        How a reader finds a row again: ``"line 7"`` of a text file.
    form : {"frame", "text", "workbook", "parquet", "mark"}
        What it was read from.
    header : bool
        Whether the headings are known to be headings.  False where the first row of a text or workbook reads like
        a row of values (``1,0,1``): then ``names`` are that row, and who uses the sheet decides what it is.
    first_row : tuple of cells
        The first row of a text or workbook, before anything was done to it; empty for other forms.
    first_row_name : str
        Where that row stands, such as ``"line 1"``; empty where ``first_row`` is.
    notes : tuple of str
        What was handled in reading that the owner should know, one sentence each, without the name of the file.
    sha256 : str
        SHA-256 of the bytes that were read, as they came; empty for a frame.
    separator : str
        What stands between the columns of a text, by its name; empty for other forms and for one column.
    """

    source: str
    names: list[str]
    columns: list[Sequence[Cell]]
    row_name: Callable[[int], str]
    form: Literal["frame", "text", "workbook", "parquet", "mark"] = "frame"
    header: bool = True
    first_row: tuple[Cell, ...] = ()
    first_row_name: str = ""
    notes: tuple[str, ...] = ()
    sha256: str = ""
    separator: str = ""

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


def can_be_row_names(column: Sequence[Cell]) -> bool:
    """Whether a column without a heading can be row names: no name twice, and not the 0 and 1 of a list.

    Examples
    --------
    >>> can_be_row_names(["1", "2", "3"]), can_be_row_names(["1", "0", "1"]), can_be_row_names(["1", "0"])
    (True, False, False)
    """
    names = {str(cell).strip().lower() for cell in column}
    return len(names) == len(column) and not (len(names) > 1 and names <= _COIN)


_COIN = {"0", "1", "0.0", "1.0", "yes", "no", "true", "false"}


def cells_of(values: Iterable[object]) -> list[Cell]:
    """Cells that can be compared and counted; anything unusual as its text."""
    return [v if isinstance(v, str | int | float | Decimal) or v is None else str(v) for v in values]


def sheet_from_pandas(frame: pd.DataFrame, source: str) -> Sheet:
    """The columns of a frame; rows are named as ``frame.iloc`` numbers them."""
    found = [frame.iloc[:, j] for j in range(frame.shape[1])]
    columns: list[Sequence[Cell]] = [cells_of(c.astype(object).where(c.notna(), None).tolist()) for c in found]
    return Sheet(source, [str(name).strip() for name in frame.columns], columns, lambda i: f"row {i} (by iloc)")
