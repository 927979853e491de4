"""How large the lists are and how they overlap: an UpSet chart (Lex et al. 2014)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from estimation.capture.table import BoolArray, CaptureTable, IntArray
from estimation.charts.drawing.frame import count_axis, framed
from estimation.charts.drawing.theme import ACCENT, BAND, GREY, INK, PALE, drawing, inches_wide
from estimation.charts.drawing.words import SMALL, persons, shortened, text_inches

__all__ = ["plot_upset"]

_ROW = 0.19
"""Height of a list's row.  Unit: inches."""
_BARS = 1.7
_BETWEEN = 0.12
_NARROWEST = 0.155
"""The narrowest column whose count can still be read.  Unit: inches."""

_FEWEST = 5
_OTHERS_AT_MOST = 1.25
"""Height of the bar of all other histories, at most, in terms of the largest single history."""


@dataclass(frozen=True, slots=True)
class _Histories:
    """The histories drawn, the largest first, and how many people and histories the rest are."""

    patterns: BoolArray
    counts: IntArray
    others: int
    people_in_others: int

    @property
    def columns(self) -> int:
        return len(self.counts) + (self.others > 0)


@dataclass(frozen=True, slots=True)
class _Parts:
    """Widths of the parts, from left to right.  Unit: inches."""

    sizes: float
    names: float
    matrix: float

    @property
    def total(self) -> float:
        return self.sizes + self.names + self.matrix


def plot_upset(
    table: CaptureTable, ax: Axes | None = None, *, max_histories: int = 20, counted: str = "people"
) -> Axes:
    """The sizes of the lists, and how many people were on exactly which of them.

    A column is a capture history: its dots are the lists that the people were on, its bar is how many people that
    is.  Histories go from the largest to the smallest; those that do not fit are summed in a hatched last bar,
    broken off where it would dwarf the others.

    Parameters
    ----------
    table : CaptureTable
        The lists.  Unit of its counts: persons.
    ax : Axes, optional
        Where to draw, on axes set into it; without it, a figure of its own, as high as the lists need.
    max_histories : int
        Show at most so many histories, and at most as many as can be told apart at the chart's width.
    counted : str
        What is counted, for the labels of the axes.

    Returns
    -------
    Axes
        The axes drawn on; its ``child_axes`` are the bars, the matrix and the list sizes.

    Raises
    ------
    ValueError
        When ``max_histories`` is not at least 1.

    References
    ----------
    Lex, Gehlenborg, Strobelt, Vuillemot, Pfister (2014), IEEE Trans. Visualization and Computer Graphics 20(12).

    Examples
    --------
    >>> import estimation as mse
    >>> table = mse.CaptureTable.from_histories(["police", "press"], {"10": 54, "01": 30, "11": 12})
    >>> chart = mse.charts.plot_upset(table)
    >>> [text.get_text() for text in chart.child_axes[0].texts]
    ['54', '30', '12']
    """
    if max_histories < 1:
        raise ValueError(f"max_histories is {max_histories}; show at least 1")
    with drawing():
        width = inches_wide(ax)
        names = _names(table.lists, 0.26 * width)
        parts = _parts(names, width)
        largest = _largest(table, min(max_histories, int(parts.matrix / _NARROWEST) - 1))
        matrix_height = _ROW * len(names)
        ax = framed(ax, _BARS + _BETWEEN + matrix_height, "", [], width=width, note=_summary(table, counted))
        ax.set_axis_off()
        across = 1 - parts.matrix / parts.total
        below = matrix_height / (_BARS + _BETWEEN + matrix_height)
        above = (matrix_height + _BETWEEN) / (_BARS + _BETWEEN + matrix_height)
        bars = ax.inset_axes((across, above, 1 - across, 1 - above))
        matrix = ax.inset_axes((across, 0, 1 - across, below))
        sizes = ax.inset_axes((0, 0, parts.sizes / parts.total, below))
        _draw_bars(bars, largest, parts.matrix, counted)
        _draw_matrix(matrix, largest, names, parts.matrix)
        _draw_sizes(sizes, table.list_sizes, parts.sizes)
    return ax


def _names(lists: tuple[str, ...], room: float) -> list[str]:
    """The names of the lists as far as there is room, numbered if they could not be told apart otherwise."""
    names = [shortened(name, room) for name in lists]
    if len(set(names)) == len(names):
        return names
    return [shortened(f"{number}. {name}", room) for number, name in enumerate(lists, 1)]


def _parts(names: list[str], width: float) -> _Parts:
    """Share out the width: the names take what they need, the list sizes a fifth at most."""
    for_names = max(text_inches(name) for name in names) + 0.16
    sizes = min(1.1, 0.2 * width)
    return _Parts(sizes, for_names, width - 0.25 - sizes - for_names)


def _largest(table: CaptureTable, most: int) -> _Histories:
    order = np.argsort(-table.counts, kind="stable")
    drawn, rest = order[:most], order[most:]
    return _Histories(table.patterns[drawn], table.counts[drawn], len(rest), int(table.counts[rest].sum()))


def _summary(table: CaptureTable, counted: str) -> str:
    j, histories = len(table.lists), len(table.counts)
    lists, ending = "list" if j == 1 else "lists", "history" if histories == 1 else "histories"
    return f"{table.n_observed:,} {counted} on {j} {lists}, {histories:,} capture {ending}."


def _across(largest: _Histories) -> int:
    """Columns that the width is shared by: few histories do not make fat bars."""
    return max(largest.columns, _FEWEST)


def _draw_bars(ax: Axes, largest: _Histories, width: float, counted: str) -> None:
    """Draw how many people have each history, with the count on every bar."""
    people = [*largest.counts.tolist(), *([largest.people_in_others] if largest.others else [])]
    # The sum of the others may dwarf every history: its bar is then broken off, and its number says how much it is.
    cut = _OTHERS_AT_MOST * max(largest.counts.tolist(), default=0)
    heights = [*largest.counts.tolist(), *([min(largest.people_in_others, cut)] if largest.others else [])]
    ax.bar(range(len(largest.counts)), largest.counts, width=0.66, color=ACCENT)
    if largest.others:
        last = largest.columns - 1
        ax.bar(last, heights[last], width=0.66, color="white", edgecolor=INK, hatch="////")
        if people[last] > cut:
            ax.plot([last - 0.5, last + 0.5], [0.82 * cut, 0.9 * cut], "-", color="white", linewidth=5)
    ax.set_xlim(-0.6, _across(largest) - 0.4)
    ax.set_xticks([])
    widest = max((text_inches(persons(number)) for number in people), default=0.0)
    upright = widest + 0.04 > width / _across(largest)
    room = (widest + 0.08) if upright else 0.2
    ax.set_ylim(0, max([*heights, 1]) * _BARS / (_BARS - room))
    for x, (number, height) in enumerate(zip(people, heights, strict=True)):
        ax.annotate(
            persons(number),
            (x, height),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            rotation=90 if upright else 0,
            fontsize=SMALL,
        )
    count_axis(ax.yaxis, 4)
    ax.set_ylabel(f"{counted.capitalize()} on exactly\nthese lists (persons)", fontsize=SMALL)
    if not heights:
        ax.text(0.5, 0.5, f"No {counted} on any list", transform=ax.transAxes, ha="center", color=GREY)


def _draw_matrix(ax: Axes, largest: _Histories, names: list[str], width: float) -> None:
    """Draw which lists each history is made of; the first list is at the top."""
    j = len(names)
    ax.set_ylim(j - 0.5, -0.5)
    ax.set_xlim(-0.6, _across(largest) - 0.4)
    for row in range(0, j, 2):
        ax.axhspan(row - 0.5, row + 0.5, color=BAND, linewidth=0)
    size = min(6.5, 72 * 0.6 * width / _across(largest), 72 * 0.55 * _ROW)
    off_columns, off_rows = np.nonzero(~largest.patterns)
    columns, rows = np.nonzero(largest.patterns)
    ax.plot(off_columns, off_rows, "o", color=PALE, markersize=0.45 * size)
    for column, pattern in enumerate(largest.patterns):
        on = np.flatnonzero(pattern)
        ax.plot([column, column], [on[0], on[-1]], "-", color=INK, linewidth=1.4)
    ax.plot(columns, rows, "o", color=INK, markersize=size)
    ax.set_yticks(range(j), names)
    ax.tick_params(axis="y", length=0)
    ax.set_xticks([])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    if largest.others:
        ending = "history" if largest.others == 1 else "histories"
        ax.annotate(
            f"{largest.others:,} other {ending}",
            (largest.columns - 0.6, j - 0.5),
            xytext=(0, -4),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=SMALL,
        )


def _draw_sizes(ax: Axes, sizes: IntArray, width: float) -> None:
    """Draw the list sizes as bars that grow to the left, with the number at the end of each."""
    j = len(sizes)
    ax.barh(range(j), sizes, height=0.62, color=GREY)
    ax.set_ylim(j - 0.5, -0.5)
    room = min(max(text_inches(persons(size)) for size in sizes.tolist()) + 0.08, 0.8 * width)
    ax.set_xlim(max(int(sizes.max()), 1) * width / (width - room), 0)
    for row, size in enumerate(sizes.tolist()):
        ax.annotate(
            persons(size),
            (size, row),
            xytext=(-2, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=SMALL,
        )
    ax.set_yticks([])
    ax.set_xticks([])
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.set_xlabel("On the list\n(persons)", fontsize=SMALL)
