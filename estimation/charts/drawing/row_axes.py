"""Axes of rows: labels, numbers, headings, and the axis of persons below, with the line of the people observed."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from estimation.charts.drawing.frame import count_axis, framed
from estimation.charts.drawing.row_marks import draw_interval
from estimation.charts.drawing.row_places import Place, Plan
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import DASHED, GREY, INK
from estimation.charts.drawing.words import SMALL, persons, shortened, slant_of, text_inches, wrapped

__all__ = ["HEADER", "axes_of_rows", "draw_marks", "draw_observed", "persons_axis"]

HEADER = 0.19
"""Room above the rows for the number of people observed.  Unit: inches."""


def axes_of_rows(
    ax: Axes | None,
    rows: Sequence[Row],
    plan: Plan,
    name: str,
    handles: Sequence[Artist],
    *,
    above: float = 0.0,
    note: str = "",
) -> Axes:
    """Axes with the words of all rows; what they mark is still to be drawn.

    Parameters
    ----------
    ax : Axes or None
        The caller's axes; without them, axes on a figure of their own.
    rows, plan : sequence of Row, Plan
        What the rows say, and where.
    name : str
        The name of the lower axis, with its unit.
    handles : sequence of Artist
        What each mark means.
    above : float
        Height of an axis above the rows.  Unit: inches.
    note : str
        A sentence below the marks.
    """
    name = wrapped(name, plan.plot_width + 2 * min(plan.label_column, plan.number_column), 9)
    ax = framed(ax, plan.height + above, name, handles, width=plan.width, left=plan.label_column, note=note)
    ax.set_ylim(plan.height, 0)
    ax.spines["left"].set_visible(False)
    ax.set_yticks([])
    if not plan.stacked:
        beside = [(row, place) for row, place in zip(rows, plan.places, strict=True) if row.kind != "heading"]
        ax.set_yticks([place.words for _, place in beside], [place.label for _, place in beside], linespacing=1.15)
        for (row, _), label in zip(beside, ax.get_yticklabels(), strict=True):
            label.set_fontweight("bold" if row.bold else "normal")
        ax.tick_params(axis="y", length=0)
    for row, place in zip(rows, plan.places, strict=True):
        _draw_words(ax, row, place, plan)
    if plan.divider is not None:
        ax.axhline(plan.divider, color=GREY, linewidth=0.8)
    return ax


def _draw_words(ax: Axes, row: Row, place: Place, plan: Plan) -> None:
    """Draw the number, and whatever words lie on the picture, with no line behind them."""
    if row.kind == "heading":
        _clear(ax, place.top - 0.03, place.bottom)
        _write(ax, 0, place, place.label, shift=-72 * plan.label_column, bold=True).set_in_layout(False)
    elif plan.stacked:
        _clear(ax, place.top, place.words_bottom)
        _write(ax, 0, place, place.label, bold=row.bold)
    colour = GREY if row.kind == "reference" or row.numbers == "not estimable" else INK
    shift = 0 if plan.stacked else 9
    _write(ax, 1, place, row.numbers, shift=shift, right=plan.stacked, bold=row.bold, colour=colour)


def _clear(ax: Axes, top: float, bottom: float) -> None:
    """Hide lines and bands behind words that lie on the picture."""
    ax.axhspan(top, bottom, facecolor="white", edgecolor="none", zorder=2.2)


def _write(
    ax: Axes,
    at: float,
    place: Place,
    text: str,
    *,
    shift: float = 0,
    right: bool = False,
    bold: bool = False,
    colour: str = INK,
) -> Artist:
    return ax.annotate(
        text,
        (at, place.words),
        xycoords=ax.get_yaxis_transform(),
        xytext=(shift, 0),
        textcoords="offset points",
        ha="right" if right else "left",
        va="center",
        fontsize=SMALL,
        fontweight="bold" if bold else "normal",
        color=colour,
        linespacing=1.15,
        annotation_clip=False,
        zorder=3,
    )


def persons_axis(ax: Axes, plan: Plan, span: tuple[float, float]) -> None:
    """Make the lower axis one of persons, with as many ticks as fit."""
    ax.set_xlim(*span)
    count_axis(ax.xaxis, int(plan.plot_width / (text_inches(persons(span[1])) + 0.3)))
    ax.grid(axis="x")


def draw_observed(ax: Axes, plan: Plan, n_observed: int) -> None:
    """Draw the people observed as a dashed line with its number above the rows."""
    left, right = ax.get_xlim()
    ax.axvline(n_observed, color=INK, linestyle=DASHED, linewidth=1.0, zorder=1.5)
    text = f"{n_observed:,} observed"
    # To the right of the line if it fits there.
    after = (n_observed - left) / (right - left) + (text_inches(text) + 0.1) / plan.plot_width < 1
    ax.annotate(
        text,
        (n_observed, HEADER / 2),
        xytext=(4 if after else -4, 0),
        textcoords="offset points",
        ha="left" if after else "right",
        va="center",
        fontsize=SMALL,
    )


def draw_marks(ax: Axes, rows: Sequence[Row], plan: Plan) -> None:
    """Draw each row's interval, or its remark where it has none."""
    for row, place in zip(rows, plan.places, strict=True):
        draw_interval(ax, row, place.mark)
        if row.remark:
            indent = 0.0 if plan.stacked else 0.012
            ax.text(
                indent,
                place.mark,
                shortened(row.remark, plan.plot_width - 0.1),
                transform=ax.get_yaxis_transform(),
                fontsize=SMALL,
                fontstyle=slant_of(row.remark),
                color=GREY,
                va="center",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
                zorder=3,
            )
