"""The answers of sensitivities as a plain table, one row an answer, for scripts and spreadsheets."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TypeAlias

import pyarrow
import pyarrow.csv
import pyarrow.parquet

from estimation.errors import SettingError
from estimation.files import write_bytes
from estimation.results.estimates import Estimate, Result
from estimation.sensitivity.alternatives import Sensitivity

__all__ = ["COLUMNS", "answer_rows", "csv_bytes", "write_answers"]

Cell: TypeAlias = str | float | int | bool | None

_TYPES: Mapping[str, pyarrow.DataType] = {
    "asked": pyarrow.string(),
    "answer": pyarrow.string(),
    "value": pyarrow.float64(),
    "second_value": pyarrow.float64(),
    "model": pyarrow.string(),
    "estimable": pyarrow.bool_(),
    "n_observed": pyarrow.int64(),
    "point": pyarrow.float64(),
    "lower": pyarrow.float64(),
    "upper": pyarrow.float64(),
    "level": pyarrow.float64(),
    "interval_kind": pyarrow.string(),
    "is_lower_bound": pyarrow.bool_(),
    "reason": pyarrow.string(),
}
COLUMNS = tuple(_TYPES)
"""The columns: what was asked and changed to what, and what became of the number.  Unit: persons."""


def answer_rows(asked: Mapping[str, Sensitivity], *, level: float = 0.95) -> list[dict[str, Cell]]:
    """One row for each answer, the baseline of each question first.

    Parameters
    ----------
    asked : mapping of str to Sensitivity
        Sensitivities by the name of their question.
    level : float
        Level of the intervals.

    Returns
    -------
    list of dict
        With the keys `COLUMNS`; what there is not is None, as is an upper end where there is no upper limit.

    Examples
    --------
    >>> import numpy as np
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> from estimation.sensitivity.leave_one_list_out import leave_one_list_out
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "101": 3})
    >>> found = leave_one_list_out(table, model=ChaoLowerBound(), rng=np.random.default_rng(1))
    >>> [(row["answer"], round(row["point"])) for row in answer_rows({"leave one out": found})]
    [('baseline', 141), ('without A', 117), ('without B', 370), ('without C', 285)]
    """
    rows = []
    for name, found in asked.items():
        rows.append({"asked": name, "answer": "baseline", **_values(()), **_numbers(found.baseline, level)})
        for alternative in found.alternatives:
            value = alternative.value
            values = _values(value if isinstance(value, tuple) else (value,))
            rows.append({"asked": name, "answer": alternative.label, **values, **_numbers(alternative.result, level)})
    return rows


def csv_bytes(asked: Mapping[str, Sensitivity], *, level: float = 0.95) -> bytes:
    """The table as CSV, in UTF-8 with a heading; what there is not is an empty cell."""
    content = io.BytesIO()
    pyarrow.csv.write_csv(_table(asked, level), content)
    return content.getvalue()


def write_answers(asked: Mapping[str, Sensitivity], path: str | os.PathLike[str], *, level: float = 0.95) -> Path:
    """Write the table as CSV or Parquet, as the ending of the file says.

    Raises
    ------
    SettingError
        For another ending than .csv or .parquet.
    OSError
        When the file cannot be written; an older file is left as it was then.
    """
    ending = Path(path).suffix.lower()
    if ending == ".csv":
        return write_bytes(path, csv_bytes(asked, level=level))
    if ending != ".parquet":
        raise SettingError(str(path), [f"a file with the ending {ending!r} is not written; name it .csv or .parquet"])
    content = io.BytesIO()
    pyarrow.parquet.write_table(_table(asked, level), content)
    return write_bytes(path, content.getvalue())


def _table(asked: Mapping[str, Sensitivity], level: float) -> pyarrow.Table:
    return pyarrow.Table.from_pylist(answer_rows(asked, level=level), schema=pyarrow.schema(list(_TYPES.items())))


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _values(values: Sequence[float]) -> dict[str, Cell]:
    first, second, *_ = (*map(_finite, values), None, None)
    return {"value": first, "second_value": second}


def _numbers(result: Result, level: float) -> dict[str, Cell]:
    held: dict[str, Cell] = {"model": result.model, "estimable": isinstance(result, Estimate)}
    held["n_observed"] = result.n_observed
    if not isinstance(result, Estimate):
        empty = ("point", "lower", "upper", "level", "interval_kind", "is_lower_bound")
        return {**held, **dict.fromkeys(empty), "reason": result.reason}
    interval = result.interval(level)
    return {
        **held,
        "point": _finite(result.median),
        "lower": _finite(interval.lower),
        "upper": _finite(interval.upper),
        "level": level,
        "interval_kind": interval.kind,
        "is_lower_bound": result.is_lower_bound,
        "reason": None,
    }
