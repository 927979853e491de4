"""Rows on a log axis of ratios: what studies say as points, what follows for the next, and one's own answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from estimation.charts.drawing.frame import mark
from estimation.charts.drawing.log_axis import log_axis
from estimation.charts.drawing.row_axes import axes_of_rows, draw_marks
from estimation.charts.drawing.row_places import plan_rows
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import ACCENT, DASHED, GREY, INK, MARKED, inches_wide

__all__ = ["LibraryRow", "axes_of_library", "bar_in_words", "ratio_in_words"]

_MARK = 0.13
"""Height of the mark of a row.  Unit: inches."""


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A row: points, or a bar from one end to the other with its middle.

    Parameters
    ----------
    label : str
        What it is; a heading where there is nothing to draw.
    numbers : str
        What stands beside it.
    points : tuple of float
        Ratios of published studies.
    bar : tuple of float, optional
        Lower end, middle and upper end.
    is_own : bool
        Whether the bar is one's own answer.
    """

    label: str
    numbers: str = ""
    points: tuple[float, ...] = ()
    bar: tuple[float, float, float] | None = None
    is_own: bool = False


def bar_in_words(bar: tuple[float, float, float], below_ten: str) -> str:
    """The middle of a bar with its ends.

    Examples
    --------
    >>> bar_in_words((0.5, 2.25, 12.4), ".2g")
    '2.2 (0.5 to 12)'
    """
    low, middle, high = (ratio_in_words(value, below_ten) for value in bar)
    return f"{middle} ({low} to {high})"


def ratio_in_words(value: float, below_ten: str) -> str:
    """A ratio, whole from ten on.

    Examples
    --------
    >>> ratio_in_words(2.134, ".2f"), ratio_in_words(1234.5, ".2f")
    ('2.13', '1,234')
    """
    return format(value, below_ten if value < 10 else ",.0f")


def axes_of_library(
    ax: Axes | None, rows: Sequence[LibraryRow], *, name: str, words: tuple[str, str, str], note: str, line: float
) -> Axes:
    """Axes with all rows drawn.

    Parameters
    ----------
    ax : Axes or None
        The caller's axes; without them, axes on a figure of their own.
    rows : sequence of LibraryRow
        In their order from above.
    name : str
        The name of the axis.
    words : tuple of str
        What a point, a bar of the library and a bar of one's own mean.
    note : str
        What is printed below.
    line : float
        Where a dashed line stands: the ratio that says nothing.
    """
    drawn = [Row(row.label, "none" if row.points or row.bar else "heading", row.numbers) for row in rows]
    plan = plan_rows(drawn, inches_wide(ax), heights=[_MARK] * len(rows), header=0.05)
    ax = axes_of_rows(ax, drawn, plan, name, _handles(rows, words), note=note)
    values = [value for row in rows for value in (*row.points, *(row.bar or ()))]
    low, high = min([line, *values]) / 1.15, max([line, *values]) * 1.15
    ax.set_xscale("log")
    ax.set_xlim(low, high)
    log_axis(ax.xaxis, low, high, plan.plot_width, lambda ratio: f"{ratio:,g}")
    ax.axvline(line, color=INK, linestyle=DASHED, linewidth=1.0)
    ax.grid(axis="x")
    draw_marks(ax, drawn, plan)
    for row, place in zip(rows, plan.places, strict=True):
        _draw(ax, place.middle, row)
    return ax


def _draw(ax: Axes, y: float, row: LibraryRow) -> None:
    if row.points:
        ax.plot(row.points, [y] * len(row.points), "|" if len(row.points) > 1 else "o", color=GREY, markersize=6)
    if row.bar:
        colour, marker = (ACCENT, "o") if row.is_own else (MARKED, "s")
        low, middle, high = row.bar
        ax.plot([low, high], [y, y], "-", color=colour, linewidth=3.5, solid_capstyle="butt")
        ax.plot([middle], [y], marker, color=colour, markerfacecolor="white", markersize=6, zorder=3)


def _handles(rows: Sequence[LibraryRow], words: tuple[str, str, str]) -> list[Artist]:
    several = any(len(row.points) > 1 for row in rows)
    handles: list[Artist] = [
        mark(words[0], GREY, marker="|" if several else "o"),
        mark(words[1], MARKED, marker="s", filling="white", line="-", width=3.5),
    ]
    if any(row.is_own for row in rows):
        handles.append(mark(words[2], ACCENT, marker="o", filling="white", line="-", width=3.5))
    return handles
