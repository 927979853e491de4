"""Results as tables: the same columns wherever a result is a row of a frame or a file, and HTML for notebooks.

Unit of every number: persons, but for the level of an interval.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from estimation.results.estimates import Estimate, Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RESULT_COLUMNS", "Cell", "frame_of", "html_table", "result_row"]

Cell: TypeAlias = "str | float | int | bool | None"
"""What a cell of a frame or a file may hold; None where there is nothing."""

RESULT_COLUMNS: Mapping[str, type] = MappingProxyType(
    {
        "model": str,
        "estimable": bool,
        "n_observed": int,
        "point": float,
        "mean": float,
        "median": float,
        "lower": float,
        "upper": float,
        "level": float,
        "interval_kind": str,
        "is_lower_bound": bool,
        "reason": str,
    }
)
"""The columns of a result and the type of each; ``point`` is the number that the headline quotes."""

_DTYPES: Mapping[type, str] = MappingProxyType({str: "object", bool: "boolean", int: "Int64", float: "float64"})


def result_row(result: Result, *, level: float = 0.95) -> dict[str, Cell]:
    """A result as one row.

    Parameters
    ----------
    result : Estimate or NotEstimable
        The answer of a model.
    level : float
        Level of the interval.

    Returns
    -------
    dict
        With the keys `RESULT_COLUMNS`; None where there is no number, and for the upper end of an interval without
        upper limit.

    Raises
    ------
    ValueError
        When a classical estimate has no interval at the level.

    Examples
    --------
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> row = result_row(ChaoLowerBound().fit(table, rng=1))
    >>> row["model"], row["estimable"], round(row["point"]), row["interval_kind"]
    ('chao', True, 155, 'confidence')
    """
    row: dict[str, Cell] = dict.fromkeys(RESULT_COLUMNS)
    row |= {"model": result.model, "estimable": isinstance(result, Estimate), "n_observed": result.n_observed}
    if not isinstance(result, Estimate):
        return row | {"reason": result.reason}
    interval = result.interval(level)
    return row | {
        "point": _finite(result.median),
        "mean": _finite(result.mean),
        "median": _finite(result.median),
        "lower": _finite(interval.lower),
        "upper": _finite(interval.upper),
        "level": level,
        "interval_kind": interval.kind,
        "is_lower_bound": result.is_lower_bound,
    }


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def frame_of(rows: Sequence[Mapping[str, Cell]], columns: Mapping[str, type]) -> pd.DataFrame:
    """Rows as a pandas frame whose columns have one type each, whatever is missing in them.

    Parameters
    ----------
    rows : sequence of mapping
        One value, or None, for each column.
    columns : mapping of str to type
        The columns in their order; each of type str, bool, int or float.

    Examples
    --------
    >>> frame_of([{"label": "a", "n": 3}, {"label": "b", "n": None}], {"label": str, "n": int})["n"].sum()
    np.int64(3)
    """
    # Imported here because pandas takes most of a second to load and most uses of a result do not need it.
    import pandas as pd

    frame = pd.DataFrame.from_records([dict(row) for row in rows], columns=list(columns))
    return frame.astype({name: _DTYPES[kind] for name, kind in columns.items()})


def html_table(
    caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()
) -> str:
    """An HTML table for a notebook; every text is escaped.

    Parameters
    ----------
    caption : str
        What the table shows.
    headings : sequence of str
        One for each column.
    rows : sequence of sequence of str
        One text for each column.
    right : collection of int
        Places of the columns that are set to the right, as numbers are.

    Examples
    --------
    >>> html_table("Lists", ["list", "people"], [["A & B", "12"]], right=[1]).count("<td")
    2
    """

    def cells(tag: str, texts: Sequence[str]) -> str:
        sides = ("right" if at in right else "left" for at in range(len(texts)))
        return "".join(
            f'<{tag} style="text-align:{side}">{html.escape(text)}</{tag}>'
            for side, text in zip(sides, texts, strict=True)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (
        f'<table><caption style="text-align:left">{html.escape(caption)}</caption>'
        f"<thead><tr>{cells('th', headings)}</tr></thead><tbody>{body}</tbody></table>"
    )
