"""The frame around a picture: axes of its own, the name of the axis below, and under it what each mark means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Affine2D, ScaledTranslation, Transform
from matplotlib.typing import LineStyleType

from estimation.charts.drawing.theme import DASHED, INK, new_axes
from estimation.charts.drawing.words import SMALL, persons, text_inches, wrapped

__all__ = ["BESIDE", "count_axis", "framed", "line_of_observed", "mark"]

BESIDE = 0.9
"""Width of a vertical axis with its name and numbers.  Unit: inches."""
_EDGE = 0.07
"""From the edge of a figure to its words.  Unit: inches."""
_TICKS = 0.47
"""From the picture to below the name of its axis, when that has one line.  Unit: inches."""
_NAME = 0.15
"""Height of a further line of that name.  Unit: inches."""
_HANDLE = 0.36
"""Width of a mark in the legend with the space beside it.  Unit: inches."""
_APART = 0.2
_SAFE = 0.93
"""Share of the width that a line of a note takes at most: on a screen letters are up to so much wider than drawn."""
_ENTRY, _LINE = 0.165, 0.13
"""Height of an entry of one line, and of a further line.  Unit: inches."""


def framed(
    ax: Axes | None,
    height: float,
    name: str,
    handles: Sequence[Artist],
    *,
    width: float,
    left: float = 0.0,
    note: str = "",
) -> Axes:
    """Axes for a picture of this height, the name of its lower axis, and beneath it what each mark means.

    Parameters
    ----------
    ax : Axes or None
        The caller's axes; without them, axes on a figure of their own.
    height : float
        Of the picture on a figure of its own, with whatever is above it.  Unit: inches.
    name : str
        The name of the lower axis with its unit, broken where it must be.
    handles : sequence of Artist
        Marks with their labels; labels are broken, and marks stand side by side where they fit.
    width : float
        Of the chart.  Unit: inches.
    left : float
        How far the words beneath the caller's axes begin to the left of them.  Unit: inches.
    note : str
        A sentence below the marks.
    """
    room = width - (2 * _EDGE if ax is None else max(2 * _EDGE, BESIDE - left))
    legend, note = _legend(handles, room), wrapped(note, _SAFE * room)
    below = _TICKS + _NAME * name.count("\n")
    noted = _LINE * (note.count("\n") + 1) + 0.1 if note else 0.0
    words: Transform
    if ax is None:
        beneath = legend.height + noted
        ax = new_axes(height + below + beneath, beneath)
        words = _corner(ax, _EDGE, beneath)
        in_layout = False
    else:
        words = ax.transAxes + ScaledTranslation(-left, -below, ax.figure.dpi_scale_trans)
        in_layout = True
    ax.set_xlabel(name)
    if handles:
        _draw_legend(ax, handles, words, legend.columns).set_in_layout(in_layout)
    lower = words + ScaledTranslation(0, -legend.height - 0.04, ax.figure.dpi_scale_trans)
    ax.text(0, 0, note, transform=lower, va="top", fontsize=SMALL, linespacing=1.15).set_in_layout(in_layout)
    return ax


def _corner(ax: Axes, left: float, up: float) -> Transform:
    """A place so many inches from the lower left corner of the figure, which stays whole in a notebook.

    A notebook saves a figure with ``bbox_inches="tight"``: cut to what is in its layout, and its corner moved.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.add_artist(Rectangle((0, 0), 1, 1, fill=False, linewidth=0))
    width, height = figure.get_size_inches()
    return figure.dpi_scale_trans + ScaledTranslation(left / width, up / height, cast(Affine2D, figure.transFigure))


def _draw_legend(ax: Axes, handles: Sequence[Artist], corner: Transform, columns: int) -> Legend:
    return ax.legend(
        handles=list(handles),
        loc="upper left",
        bbox_to_anchor=(0, 0),
        bbox_transform=corner,
        ncols=columns,
        handlelength=2.0,
        handletextpad=0.7,
        columnspacing=1.4,
        labelspacing=0.4,
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    """Columns of the legend, and its height in inches."""

    columns: int
    height: float


def _legend(handles: Sequence[Artist], width: float) -> _Shape:
    """Break the labels to the width; as many columns as they fit into."""
    for handle in handles:
        handle.set_label(wrapped(str(handle.get_label()), width - _HANDLE))
    labels = [str(handle.get_label()) for handle in handles]
    columns = next((n for n in (4, 3, 2) if n <= len(labels) and _fit(_split(labels, n), width)), 1)
    high = [max(_ENTRY + _LINE * label.count("\n") for label in row) for row in _rows(_split(labels, columns))]
    return _Shape(columns, sum(high) + 0.05 * bool(labels))


def _split(labels: Sequence[str], columns: int) -> list[Sequence[str]]:
    """Labels by column, as Matplotlib shares them out: the first columns have one more where they do not divide."""
    each, more = divmod(len(labels), columns)
    starts = [i * each + min(i, more) for i in range(columns + 1)]
    return [labels[start:end] for start, end in pairwise(starts)]


def _rows(split: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[column[i] for column in split if i < len(column)] for i in range(len(split[0]) if split else 0)]


def _fit(split: Sequence[Sequence[str]], width: float) -> bool:
    """Whether columns fit side by side without a broken line."""
    if any("\n" in label for column in split for label in column):
        return False
    wide = sum(_HANDLE + max(text_inches(label) for label in column) for column in split)
    return wide + _APART * (len(split) - 1) <= width


def mark(
    label: str, colour: str, *, line: LineStyleType = "None", marker: str = "", filling: str = "", width: float = 1.8
) -> Line2D:
    """A line, a point or both for the legend."""
    return Line2D(
        [],
        [],
        color=colour,
        linestyle=line,
        linewidth=width,
        marker=marker,
        markersize=5.5,
        markeredgewidth=1.1,
        markerfacecolor=filling or colour,
        label=label,
    )


def line_of_observed(n_observed: int) -> Line2D:
    """The legend's entry for the dashed line of the people observed."""
    return mark(f"{persons(n_observed)} observed", INK, line=DASHED, width=1.0)


def count_axis(axis: Axis, ticks: int) -> None:
    """Make an axis one of whole numbers with thousands separators and at most so many steps."""
    axis.set_major_locator(MaxNLocator(nbins=max(ticks, 1), integer=True, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
