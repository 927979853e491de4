"""Where the rows of a chart of intervals go.

The vertical axis is in inches at the chart's own size, from the top down, so that a row is as high as its label
needs.  On wide charts labels stand to the left of the axes; on narrow ones (a phone) each stands above its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import text_inches, wrapped

__all__ = ["MARK_HEIGHT", "Plan", "plan_rows"]

_LINE = 0.155
"""Height of one line of the smallest type.  Unit: inches."""
_NARROW = 4.7
MARK_HEIGHT = 0.12
"""Height of a point with its interval.  Unit: inches."""
_HEADER = 0.24


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything goes.  Heights are in inches from the top.

    Parameters
    ----------
    stacked : bool
        Whether labels stand above their rows.
    labels : tuple of str
        Labels with their line breaks.
    label_at, mark_at : tuple of float
        Middle of the label (its top, when stacked), and the line that the interval lies on.
    height : float
        Of all rows.
    heading_at : float or None
        Where figures by others begin.
    label_column, plot_width : float
        Width of the labels beside the picture, and about what is left for the picture itself.
    """

    stacked: bool
    labels: tuple[str, ...]
    label_at: tuple[float, ...]
    mark_at: tuple[float, ...]
    height: float
    heading_at: float | None
    label_column: float
    plot_width: float


def plan_rows(rows: Sequence[Row], width: float, heights: Sequence[float], *, number_width: float) -> Plan:
    """Place rows whose pictures are so many inches high in a chart of this width, with room for their numbers."""
    stacked = width < _NARROW
    room = width - number_width - 0.3 if stacked else min(0.34 * width, width - number_width - 2.2)
    labels = tuple(wrapped(row.label, room) for row in rows)
    label_at, mark_at, y, heading_at = [], [], _HEADER, None
    for row, label, picture in zip(rows, labels, heights, strict=True):
        if row.kind == "reference" and heading_at is None:
            heading_at = y + 0.08
            y += 0.28
        text = (label.count("\n") + 1) * _LINE
        high = text + picture + 0.16 if stacked else max(text, picture + 0.05) + 0.13
        label_at.append(y + 0.03 if stacked else y + high / 2)
        mark_at.append(y + text + picture + 0.02 if stacked else y + high / 2 + picture / 2 - MARK_HEIGHT / 2)
        y += high
    longest = 0.0 if stacked else max(text_inches(line) for label in labels for line in label.split("\n"))
    plot_width = width - 0.25 - longest - (0.0 if stacked else number_width)
    return Plan(stacked, labels, tuple(label_at), tuple(mark_at), y + 0.08, heading_at, longest, plot_width)
