"""Draw the rows of a chart of intervals: axis, labels, the line of people observed, intervals, legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from estimation.charts.drawing.row_places import Plan
from estimation.charts.drawing.rows import Kind, Row
from estimation.charts.drawing.theme import (
    ACCENT,
    GREY,
    INK,
    PALE,
    SMALL,
    count_axis,
    persons,
    persons_label,
    text_inches,
    wrapped,
)

__all__ = [
    "draw_frame",
    "draw_interval",
    "draw_number",
    "draw_observed",
    "draw_on_picture",
    "legend_below",
    "legend_height",
]


@dataclass(frozen=True, slots=True)
class _Mark:
    marker: str
    colour: str
    filling: str
    line: Literal["-"] | tuple[float, tuple[float, float]] = "-"


_MARKS: dict[Kind, _Mark] = {
    "credible": _Mark("o", ACCENT, ACCENT),
    "confidence": _Mark("s", INK, "white"),
    "bound": _Mark(">", INK, "white"),
    "reference": _Mark("D", GREY, PALE, (0, (3, 1.5))),
}
_MEANINGS: dict[Kind, str] = {
    "credible": "Posterior median and {level:g} % credible interval",
    "confidence": "Point estimate and {level:g} % confidence interval",
    "bound": "Lower bound for the number, with its {level:g} % confidence interval",
    "reference": "Figure by others, with its interval if one was given",
}
_BEYOND = "The interval goes on beyond the axis"
_HANDLE = 0.65
_LABEL_LINE = 0.15


def draw_frame(ax: Axes, rows: Sequence[Row], plan: Plan, span: tuple[float, float], counted: str) -> None:
    """Draw what belongs to all rows: the axis of persons, the labels, the divider above figures by others."""
    ax.set_xlim(*span)
    ax.set_ylim(plan.height, 0)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(wrapped(persons_label(counted), plan.plot_width, 9))
    count_axis(ax.xaxis, int(plan.plot_width / (text_inches(persons(span[1])) + 0.3)))
    ax.grid(axis="x")
    if plan.stacked:
        ax.set_yticks([])
        for label, y in zip(plan.labels, plan.label_at, strict=True):
            draw_on_picture(ax, y, label, INK, va="top")
    else:
        ax.set_yticks(plan.label_at, plan.labels)
        ax.tick_params(axis="y", length=0)
    if plan.heading_at is not None:
        ax.axhline(plan.heading_at, color=GREY, linewidth=0.8)
        draw_on_picture(ax, plan.heading_at + 0.05, "Figures by others", GREY, va="top")


def draw_on_picture(
    ax: Axes, y: float, text: str, colour: str, *, va: str, slant: str = "normal", indent: float = 0.0
) -> None:
    """Draw text at the left end of the picture, with lines passing behind it."""
    ax.text(
        indent,
        y,
        text,
        transform=ax.get_yaxis_transform(),
        fontsize=SMALL,
        fontstyle=slant,
        color=colour,
        va=va,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        zorder=3,
    )


def draw_observed(ax: Axes, plan: Plan, n_observed: int) -> None:
    """Draw the people observed as a dashed line with its number."""
    left, right = ax.get_xlim()
    ax.axvline(n_observed, color=INK, linestyle=(0, (4, 3)), linewidth=1.0, zorder=1.5)
    said = f"{n_observed:,} observed"
    # To the right of the line if it fits there.
    after = (n_observed - left) / (right - left) + (text_inches(said) + 0.1) / plan.plot_width < 1
    ax.annotate(
        said,
        (n_observed, 0.11),
        xytext=(4 if after else -4, 0),
        textcoords="offset points",
        ha="left" if after else "right",
        va="center",
        fontsize=SMALL,
    )


def draw_number(ax: Axes, row: Row, y: float, *, stacked: bool) -> None:
    """Print the number at the right of the row; above it on narrow charts."""
    ax.annotate(
        row.said,
        (1.0, y),
        xycoords=ax.get_yaxis_transform(),
        xytext=(0 if stacked else 9, 0),
        textcoords="offset points",
        ha="right" if stacked else "left",
        va="top" if stacked else "center",
        fontsize=SMALL,
        color=GREY if row.kind in ("none", "reference") else INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        annotation_clip=False,
        zorder=3,
    )


def draw_interval(ax: Axes, row: Row, y: float) -> None:
    """Draw a row's point and interval; an interval that goes on beyond the axis ends in an arrow."""
    if row.kind == "none" or row.point is None:
        return
    mark = _MARKS[row.kind]
    right = ax.get_xlim()[1]
    lower = row.point if row.lower is None else row.lower
    upper = row.point if row.upper is None else row.upper
    ax.plot([lower, min(upper, right)], [y, y], color=mark.colour, linestyle=mark.line, linewidth=1.8, zorder=2.5)
    ends = [end for end in (row.lower, row.upper) if end is not None and end <= right]
    ax.plot(ends, [y] * len(ends), "|", color=mark.colour, markersize=6, markeredgewidth=1.2, zorder=2.5)
    if upper > right:
        ax.plot([right], [y], ">", color=mark.colour, markersize=7, clip_on=False, zorder=2.6)
    ax.plot(
        [row.point],
        [y],
        mark.marker,
        color=mark.colour,
        markerfacecolor=mark.filling,
        markersize=5.5,
        markeredgewidth=1.1,
        clip_on=False,
        zorder=2.7,
    )


def _legend_handles(rows: Sequence[Row], level: float, right: float, width: float) -> list[Artist]:
    present = {row.kind for row in rows}
    handles: list[Artist] = []
    for kind, mark in _MARKS.items():
        if kind in present:
            line = Line2D([], [], color=mark.colour, linestyle=mark.line, linewidth=1.8, marker=mark.marker)
            line.set(markerfacecolor=mark.filling, markersize=5.5, markeredgewidth=1.1)
            line.set_label(wrapped(_MEANINGS[kind].format(level=level * 100), width - _HANDLE))
            handles.append(line)
    if any(row.upper is not None and row.upper > right for row in rows):
        handles.append(Line2D([], [], linestyle="None", marker=">", markersize=7, color=INK, label=_BEYOND))
    return handles


def legend_height(rows: Sequence[Row], level: float, right: float, width: float, more: Sequence[Artist] = ()) -> float:
    """Height of the legend in inches."""
    labels = [str(handle.get_label()) for handle in (*more, *_legend_handles(rows, level, right, width))]
    return sum(0.17 + 0.13 * label.count("\n") for label in labels) + 0.08


def legend_below(
    ax: Axes, rows: Sequence[Row], plan: Plan, level: float, width: float, more: Sequence[Artist] = ()
) -> None:
    """Draw under the axis what each mark means, for the marks that are there."""
    handles = [*more, *_legend_handles(rows, level, ax.get_xlim()[1], width)]
    if handles:
        down = 0.5 + _LABEL_LINE * ax.get_xlabel().count("\n")
        beneath = ax.transAxes + ScaledTranslation(-plan.label_column, -down, ax.figure.dpi_scale_trans)
        ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=beneath, handlelength=2.2)
