"""Where the rows of a chart go.

The vertical axis is in inches at the chart's own size, from the top down, so that a row is as high as its label
needs.  On wide charts labels stand to the left of the axes and numbers to the right; on narrow ones (a phone) both
stand above their row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import NARROW
from estimation.charts.drawing.words import text_inches, wrapped

__all__ = ["LINE", "MARK_HEIGHT", "Place", "Plan", "plan_rows"]

LINE = 0.13
"""Height of one line of the smallest type.  Unit: inches."""
MARK_HEIGHT = 0.1
"""Height of a point with its interval.  Unit: inches."""
_BETWEEN = 0.03
_BOLD = 1.15
"""How much wider bold type is."""
_ABOVE = 0.1
"""Room above a heading, and above the first figure by others."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one row goes.  Heights are in inches from the top.

    Parameters
    ----------
    label : str
        With its line breaks.
    top, bottom : float
        Edges of the row.
    words : float
        Middle of the words.
    words_bottom : float
        Lower edge of the words, where they stand above the mark.
    middle : float
        Middle of what is drawn.
    mark : float
        The line that the interval lies on, at the foot of what is drawn.
    """

    label: str
    top: float
    bottom: float
    words: float
    words_bottom: float
    middle: float
    mark: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything goes.

    Parameters
    ----------
    stacked : bool
        Whether words stand above their marks.
    places : tuple of Place
        One a row.
    height : float
        Of all rows.  Unit: inches.
    divider : float or None
        Where figures by others begin, below other rows.
    width : float
        Of the chart.  Unit: inches.
    label_column, number_column : float
        Width of the labels and of the numbers beside the picture; 0 where they stand above their marks.
    """

    stacked: bool
    places: tuple[Place, ...]
    height: float
    divider: float | None
    width: float
    label_column: float
    number_column: float

    @property
    def plot_width(self) -> float:
        """About what is left for the picture itself.  Unit: inches."""
        return self.width - 0.25 - self.label_column - self.number_column


def plan_rows(rows: Sequence[Row], width: float, *, heights: Sequence[float] = (), header: float = 0.0) -> Plan:
    """Place rows in a chart of this width, below a header; marks are so many inches high."""
    stacked = width < NARROW
    numbers = max((_wide(row.numbers, bold=row.bold) for row in rows), default=0.0)
    numbers += 0.2 if numbers else 0.0
    room = min(0.34 * width, width - numbers - 2.2) if numbers else 0.42 * width
    places: list[Place] = []
    y, divider = header, None
    others = next((i for i, row in enumerate(rows) if row.kind == "reference"), 0)
    for i, (row, high) in enumerate(zip(rows, heights or [MARK_HEIGHT] * len(rows), strict=True)):
        if i == others > 0:
            divider = y + _ABOVE / 2
            y += _ABOVE
        y += _ABOVE if row.kind == "heading" and places else 0.0
        place = _place(row, y, high, width=width, beside=None if stacked else room)
        places.append(place)
        y = place.bottom
    beside = [(p.label, row.bold) for p, row in zip(places, rows, strict=True) if row.kind != "heading" and not stacked]
    column = max((_wide(label, bold=bold) for label, bold in beside), default=0.0)
    return Plan(stacked, tuple(places), y + 0.06, divider, width, column, 0.0 if stacked else numbers)


def _place(row: Row, top: float, high: float, *, width: float, beside: float | None) -> Place:
    """The place of a row whose label has so much room beside the picture, or stands above its mark."""
    if row.kind == "heading":
        label = wrapped(row.label, (width - 0.3) / _BOLD)
        bottom = top + _lines(label) * LINE + _BETWEEN
        return Place(label, top, bottom, (top + bottom) / 2, bottom, bottom, bottom)
    room = width - _wide(row.numbers, bold=row.bold) - 0.5 if beside is None else beside
    label = wrapped(row.label, room / (_BOLD if row.bold else 1.0))
    words = max(_lines(label), _lines(row.numbers)) * LINE
    if beside is None:
        end = top + words + 0.02
        bottom = end + (high + 0.09 if row.point is not None or row.remark or high > MARK_HEIGHT else 0.03)
        foot = bottom - 0.045
        return Place(label, top, bottom, top + words / 2 + 0.01, end, foot - high / 2, foot - MARK_HEIGHT / 2)
    bottom = top + max(words, high + 0.03) + _BETWEEN * (1 if words < 2 * LINE else 2)
    middle = (top + bottom) / 2
    return Place(label, top, bottom, middle, top, middle, middle + (high - MARK_HEIGHT) / 2)


def _lines(text: str) -> int:
    return text.count("\n") + 1


def _wide(text: str, *, bold: bool) -> float:
    """Width of the longest line."""
    return max(text_inches(line) for line in text.split("\n")) * (_BOLD if bold else 1.0)
