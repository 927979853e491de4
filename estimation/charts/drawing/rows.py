"""What the rows of a chart of intervals say: the label, the numbers, and the mark of the kind of interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from estimation.charts.drawing.theme import persons
from estimation.claims import ReferenceFigure
from estimation.results.estimates import Estimate, Result
from estimation.results.totals import Interval

__all__ = ["Kind", "Row", "limits", "rows_of"]

Kind: TypeAlias = Literal["credible", "confidence", "bound", "reference", "none"]

_FURTHER = 2.5
"""An axis reaches no further than so many times the typical upper limit, unless a point lies there."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what to call it, what to mark, and what to print.

    Parameters
    ----------
    label : str
        Name of the model, or of a figure by others.
    kind : str
        Which mark; ``"none"`` for what is not estimable.
    said : str
        The number with its interval, in words.
    point, lower, upper : float or None
        Unit: persons.  None where there is none; an infinite upper limit means that there is no limit.
    remark : str
        Why there is no number.
    """

    label: str
    kind: Kind
    said: str
    point: float | None = None
    lower: float | None = None
    upper: float | None = None
    remark: str = ""


def _reading(point: float, lower: float | None, upper: float | None, *, bound: bool = False) -> str:
    """A number with its interval, as printed beside a row."""
    said = f"at least {persons(point)}" if bound else persons(point)
    if lower is None and upper is None:
        return said
    if upper is None or np.isinf(upper):
        return f"{said} ({persons(lower or 0)} and more, no upper limit)"
    if lower is None:
        return f"{said} (up to {persons(upper)})"
    return f"{said} ({persons(lower)} to {persons(upper)})"


def _row_of_estimate(label: str, result: Estimate, interval: Interval) -> Row:
    kind: Kind = "bound" if result.is_lower_bound else interval.kind
    said = _reading(result.median, interval.lower, interval.upper, bound=result.is_lower_bound)
    return Row(label, kind, said, result.median, interval.lower, interval.upper)


def rows_of(results: Mapping[str, Result], references: Sequence[ReferenceFigure], level: float) -> tuple[Row, ...]:
    """Rows for the results in their order, then for the figures by others.

    Raises
    ------
    ValueError
        When there is nothing to draw, or a classical estimate has no interval at the level.
    """
    if not results and not references:
        raise ValueError("there is nothing to draw; give at least one result or reference figure")
    most = max((result.n_observed for result in results.values()), default=0)
    rows = []
    for label, result in results.items():
        # A model may use some of the lists only; its n is then not the one that the dashed line shows.
        called = label if result.n_observed == most else f"{label}\n{result.n_observed:,} observed"
        if isinstance(result, Estimate):
            rows.append(_row_of_estimate(called, result, result.interval(level)))
        else:
            rows.append(Row(called, "none", "not estimable", remark=result.reason))
    for figure in references:
        said = _reading(figure.value, figure.lower, figure.upper)
        rows.append(Row(figure.label, "reference", said, figure.value, figure.lower, figure.upper))
    return tuple(rows)


def limits(rows: Sequence[Row], n_observed: int | None) -> tuple[float, float]:
    """Ends of the axis: every point is inside; an interval may go on beyond the right end, and then says so."""
    points = [row.point for row in rows if row.point is not None]
    uppers = [row.upper for row in rows if row.upper is not None and np.isfinite(row.upper)]
    lowers = [row.lower for row in rows if row.lower is not None]
    least = [*points, *lowers, *([n_observed] if n_observed is not None else [])]
    left, furthest = min(least), max([*points, *uppers, *least])
    typical = float(np.median(uppers)) if uppers else 0.6 * furthest
    right = min(furthest, max(_FURTHER * typical, 1.15 * max(least))) if uppers else _FURTHER * typical
    room = max(right - left, 0.02 * right, 1.0)
    return max(left - 0.04 * room, 0.0), right + 0.06 * room
