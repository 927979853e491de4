"""The marks of the rows of a chart: points with their intervals, and what the legend says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.typing import LineStyleType

from estimation.charts.drawing.frame import mark
from estimation.charts.drawing.rows import Kind, Row
from estimation.charts.drawing.theme import ACCENT, GREY, INK, MARKED, PALE

__all__ = ["draw_interval", "handles_of"]


@dataclass(frozen=True, slots=True)
class _Mark:
    marker: str
    colour: str
    filling: str
    line: LineStyleType = "-"


_MARKS: dict[Kind, _Mark] = {
    "credible": _Mark("o", ACCENT, ACCENT),
    "confidence": _Mark("s", INK, "white"),
    "range across families": _Mark("d", INK, "white", (0, (5, 1.5))),
    "bound": _Mark(">", INK, "white"),
    "holds": _Mark("o", ACCENT, ACCENT),
    "misses": _Mark("s", MARKED, "white"),
    "average": _Mark("D", INK, PALE, "None"),
    "reference": _Mark("D", GREY, PALE, (0, (3, 1.5))),
}
_MEANINGS: dict[Kind, str] = {
    "credible": "Posterior median and {level} % credible interval",
    "confidence": "Point estimate and {level} % confidence interval",
    "range across families": "Median across families and range of their {level} % intervals",
    "bound": "Lower bound and its one-sided {level} % confidence limit",
    "reference": "Figure by others, with its interval if one was given",
}
_BEYOND = "The interval goes on beyond the axis"


def draw_interval(ax: Axes, row: Row, y: float) -> None:
    """Draw a row's point and interval; an interval that goes on beyond the axis ends in an arrow."""
    if row.kind not in _MARKS or row.point is None:
        return
    style = _MARKS[row.kind]
    left, right = ax.get_xlim()
    lower = row.point if row.lower is None else row.lower
    upper = row.point if row.upper is None else row.upper
    within = [max(lower, left), min(upper, right)]
    ax.plot(within, [y, y], color=style.colour, linestyle=style.line, linewidth=1.8, zorder=2.5)
    ends = [end for end in (row.lower, row.upper) if end is not None and left <= end <= right]
    ax.plot(ends, [y] * len(ends), "|", color=style.colour, markersize=6, markeredgewidth=1.2, zorder=2.5)
    for beyond, edge, arrow in ((lower < left, left, "<"), (upper > right, right, ">")):
        if beyond:
            ax.plot([edge], [y], arrow, color=style.colour, markersize=7, clip_on=False, zorder=2.6)
    ax.plot(
        [row.point],
        [y],
        style.marker,
        color=style.colour,
        markerfacecolor=style.filling,
        markersize=5.5,
        markeredgewidth=1.1,
        clip_on=False,
        zorder=2.7,
    )


def handles_of(
    rows: Sequence[Row], level: float, span: tuple[float, float], *, meanings: dict[Kind, str] | None = None
) -> list[Artist]:
    """What each mark means, for the marks that are there."""
    present = {row.kind for row in rows if row.point is not None}
    handles: list[Artist] = [
        mark(
            meaning.format(level=f"{level * 100:g}"),
            style.colour,
            line=style.line,
            marker=style.marker,
            filling=style.filling,
        )
        for kind, meaning in (_MEANINGS | (meanings or {})).items()
        if kind in present
        for style in [_MARKS[kind]]
    ]
    left, right = span
    ends = [end for row in rows for end in (row.lower, row.upper) if end is not None]
    if any(end < left or end > right for end in ends):
        handles.append(mark(_BEYOND, INK, marker=">"))
    return handles
