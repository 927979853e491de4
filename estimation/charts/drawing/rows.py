"""What the rows of a chart say: the label, the numbers, and the kind of what is marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from estimation.charts.drawing.words import persons
from estimation.claims import ReferenceFigure
from estimation.results.estimates import Estimate, Result
from estimation.results.totals import Interval

__all__ = ["Kind", "Row", "check_fields", "limits", "reading", "rows_of"]

Kind: TypeAlias = Literal[
    "credible",
    "confidence",
    "range across families",
    "bound",
    "holds",
    "misses",
    "average",
    "reference",
    "none",
    "heading",
]

_FURTHER = 2.5
"""An axis reaches no further than so many times the typical upper limit, unless a point lies there ..."""
_NEARLY = 1.5
"""... or so many times that far holds every interval whole."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what to call it, what to mark, and what to print.

    Parameters
    ----------
    label : str
        Name of the model, of a figure by others, or of what was changed.
    kind : str
        Which mark; ``"none"`` for what has none, ``"heading"`` for words above the rows that follow.
    numbers : str
        The number with its interval, as printed.
    point, lower, upper : float or None
        In the unit of the chart's axis.  None where there is none; an infinite upper limit means that there is no
        limit.
    remark : str
        Words in the place of the mark, for example why there is no number.
    bold : bool
        Whether the row stands out.
    """

    label: str
    kind: Kind = "none"
    numbers: str = ""
    point: float | None = None
    lower: float | None = None
    upper: float | None = None
    remark: str = ""
    bold: bool = False


def reading(point: float, lower: float | None, upper: float | None, *, bound: bool = False) -> str:
    """A number of persons with its interval, as printed beside a row."""
    numbers = f"at least {persons(point)}" if bound else persons(point)
    if lower is None and upper is None:
        return numbers
    if upper is None or np.isinf(upper):
        return f"{numbers} ({persons(lower or 0)} {'or more' if bound else 'and more, no upper limit'})"
    if lower is None:
        return f"{numbers} (up to {persons(upper)})"
    return f"{numbers} ({persons(lower)} to {persons(upper)})"


def _row_of_estimate(label: str, result: Estimate, interval: Interval, *, bold: bool) -> Row:
    kind: Kind = "bound" if interval.kind == "one-sided confidence" else interval.kind
    numbers = reading(result.median, interval.lower, interval.upper, bound=result.is_lower_bound)
    return Row(label, kind, numbers, result.median, interval.lower, interval.upper, bold=bold)


def rows_of(
    results: Mapping[str, Result],
    references: Sequence[ReferenceFigure],
    level: float,
    *,
    n_observed: int | None = None,
    bold: str | None = None,
) -> tuple[Row, ...]:
    """Rows for the results in their order, then for the figures by others.

    A result with other people observed than `n_observed` (the most, if it is not given) says how many in its label: it
    uses some of the lists, or another table than the dashed line stands for.

    Raises
    ------
    ValueError
        When there is nothing to draw, `bold` is no label, or a classical estimate has no interval at the level.
    """
    if not results and not references:
        raise ValueError("there is nothing to draw; give at least one result or reference figure")
    if bold is not None and bold not in results:
        raise ValueError(f"there is no result {bold!r} to make bold; there are: {', '.join(results)}")
    usual = max((r.n_observed for r in results.values()), default=0) if n_observed is None else n_observed
    rows = []
    for label, result in results.items():
        name = label if result.n_observed == usual else f"{label}\n{result.n_observed:,} observed"
        if isinstance(result, Estimate):
            rows.append(_row_of_estimate(name, result, result.interval(level), bold=label == bold))
        else:
            rows.append(Row(name, numbers="not estimable", remark=result.reason, bold=label == bold))
    for figure in references:
        numbers = reading(figure.value, figure.lower, figure.upper)
        rows.append(Row(figure.label, "reference", numbers, figure.value, figure.lower, figure.upper))
    return tuple(rows)


def limits(rows: Sequence[Row], n_observed: int | None, *, whole: float = 0.0) -> tuple[float, float]:
    """Ends of the axis: every point is inside; an interval may go on beyond the right end, and then says so.

    The axis reaches `whole` at least.
    """
    points = [row.point for row in rows if row.point is not None]
    uppers = [row.upper for row in rows if row.upper is not None and np.isfinite(row.upper)]
    lowers = [row.lower for row in rows if row.lower is not None]
    least = [*points, *lowers, *([n_observed] if n_observed is not None else [])]
    left, furthest = min(least), max([*points, *uppers, *least])
    right = 1.5 * furthest
    if uppers:
        reach = max(_FURTHER * float(np.median(uppers)), 1.15 * max(least), whole)
        right = furthest if furthest <= _NEARLY * reach else reach
    room = max(right - left, 0.02 * right, 1.0)
    return max(left - 0.04 * room, 0.0), right + 0.06 * room


def check_fields(wanted: Sequence[str] | None, fields: Sequence[str]) -> None:
    """Refuse to draw nothing, or a field that was not compared.

    Raises
    ------
    ValueError
        With the fields that there are.
    """
    if not fields:
        raise ValueError("there is nothing to draw; no field was compared")
    unknown = [name for name in wanted or () if name not in fields]
    if unknown:
        raise ValueError(f"there is no field {', '.join(unknown)}; there are {', '.join(fields)}")
