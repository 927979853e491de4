"""Sensitivities as one plain table, a row for each result, for scripts and spreadsheets."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pyarrow
import pyarrow.csv
import pyarrow.parquet

from estimation.errors import SettingError
from estimation.files import write_output
from estimation.frames import Cell
from estimation.sensitivity import alternatives
from estimation.sensitivity.alternatives import Sensitivity
from estimation.text.spreadsheet import safe_cell

__all__ = ["COLUMNS", "csv_bytes", "rows_of", "write_sensitivities"]

COLUMNS: Mapping[str, type] = MappingProxyType({"question": str, **alternatives.COLUMNS})
"""The columns: the name of the question, then those of a sensitivity as a frame.  Unit: persons."""

_TYPES: Mapping[type, pyarrow.DataType] = {
    str: pyarrow.string(),
    float: pyarrow.float64(),
    int: pyarrow.int64(),
    bool: pyarrow.bool_(),
}


def rows_of(sensitivities: Mapping[str, Sensitivity], *, level: float = 0.95) -> list[dict[str, Cell]]:
    """One row for each result, the baseline of each question first.

    Parameters
    ----------
    sensitivities : mapping of str to Sensitivity
        By the name of their question.
    level : float
        Level of the intervals.

    Returns
    -------
    list of dict
        With the keys `COLUMNS`; None where there is no value, and for the upper end of an interval without upper
        limit.

    Examples
    --------
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> from estimation.sensitivity.leave_one_list_out import leave_one_list_out
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "101": 3})
    >>> found = leave_one_list_out(table, model=ChaoLowerBound(), rng=1)
    >>> [(row["label"], round(row["point"])) for row in rows_of({"leave_one_list_out": found})]
    [('baseline', 116), ('without A', 77), ('without B', 208), ('without C', 176)]
    """
    return [{"question": name, **row} for name, found in sensitivities.items() for row in found.rows(level=level)]


def csv_bytes(sensitivities: Mapping[str, Sensitivity], *, level: float = 0.95) -> bytes:
    """The table as CSV, in UTF-8 with a heading; a missing value is an empty cell.

    A text that a spreadsheet would compute has an apostrophe before it (`estimation.text.spreadsheet`).
    """
    content = io.BytesIO()
    table = _table(sensitivities, level)
    for at, column in enumerate(table.schema):
        if column.type == pyarrow.string():
            safe = [text and safe_cell(text) for text in table.column(at).to_pylist()]
            table = table.set_column(at, column, pyarrow.array(safe, pyarrow.string()))
    pyarrow.csv.write_csv(table, content)
    return content.getvalue()


def write_sensitivities(
    sensitivities: Mapping[str, Sensitivity],
    path: str | os.PathLike[str],
    *,
    level: float = 0.95,
    force: bool = False,
) -> Path:
    """Write the table as CSV or Parquet, by the ending of the file; a file that is there is replaced with ``force``.

    Raises
    ------
    SettingError
        For another ending than .csv or .parquet.
    OutputError, OSError
        When the file is there already or cannot be written; an older file is left as it was then.
    """
    ending = Path(path).suffix.lower()
    if ending == ".csv":
        return write_output(path, csv_bytes(sensitivities, level=level), force=force)
    if ending != ".parquet":
        raise SettingError(str(path), [f"a file with the ending {ending!r} is not written; name it .csv or .parquet"])
    content = io.BytesIO()
    pyarrow.parquet.write_table(_table(sensitivities, level), content)
    return write_output(path, content.getvalue(), force=force)


def _table(sensitivities: Mapping[str, Sensitivity], level: float) -> pyarrow.Table:
    schema = pyarrow.schema([(name, _TYPES[kind]) for name, kind in COLUMNS.items()])
    return pyarrow.Table.from_pylist(rows_of(sensitivities, level=level), schema=schema)
