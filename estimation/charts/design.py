"""Designs side by side: how wide the interval would be with the lists as planned, with one more, with more names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from estimation.charts.drawing.row_marks import draw_on_picture
from estimation.charts.drawing.row_places import Plan, plan_rows
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import (
    GREY,
    INK,
    MARKED,
    PALE,
    SMALL,
    drawing,
    inches_wide,
    new_axes,
    text_inches,
    wrapped,
)

if TYPE_CHECKING:
    from estimation.simulation.design import Design, Designs

__all__ = ["plot_design"]

_BAR = 0.16
_LEVEL = 95
_HANDLE = 0.65
_ERRORS = 1.96


def plot_design(designs: Designs, ax: Axes | None = None) -> Axes:
    """The width of the interval under each design as a bar, with its Monte Carlo error and how often it holds N.

    Parameters
    ----------
    designs : Designs
        From `estimation.simulation.design.design`.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.

    Returns
    -------
    Axes
        The axes drawn on.

    Examples
    --------
    >>> import numpy as np
    >>> from estimation import charts
    >>> from estimation.simulation.design import design
    >>> from estimation.models.classical.two_lists import Chapman
    >>> rng, model = np.random.default_rng(1), Chapman(("police", "press"))
    >>> found = design({"police": 300, "press": 200}, 1000, model=model, rng=rng, replications=20)
    >>> charts.plot_design(found).get_xlabel()
    'Width of the 95 % interval (% of 1,000 people)'
    """
    with drawing():
        rows = [Row(each.label, "none", _said(each)) for each in designs.designs]
        width = inches_wide(ax)
        number_width = max(text_inches(row.said) for row in rows) + 0.2
        plan = plan_rows(rows, width, [_BAR] * len(rows), number_width=number_width)
        handles = _handles(designs, width)
        said = f"Width of the {_LEVEL} % interval (% of {designs.total:,} people)"
        label = wrapped(said, plan.plot_width, 9)
        below = 0.45 + 0.15 * label.count("\n")
        if ax is None:
            legend = sum(0.17 + 0.13 * str(handle.get_label()).count("\n") for handle in handles)
            ax = new_axes(plan.height + below + 0.1 + legend)
        _draw_frame(ax, designs, plan, label)
        for each, row, label_at, mark_at in zip(designs.designs, rows, plan.label_at, plan.mark_at, strict=True):
            _draw_bar(ax, each, mark_at, planned=each is designs.designs[0])
            _print(ax, row.said, label_at, stacked=plan.stacked)
        beneath = ax.transAxes + ScaledTranslation(-plan.label_column, -below, ax.figure.dpi_scale_trans)
        ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=beneath, handlelength=2.2)
    return ax


def _said(each: Design) -> str:
    """Width and coverage as printed beside a row."""
    if each.width is None or each.score.coverage is None:
        return "not estimable"
    wide = f"{100 * each.width:.1f} %" if math.isfinite(each.width) else "no limit"
    return f"{wide}, covers {100 * each.score.coverage.value:.0f} %"


def _draw_frame(ax: Axes, designs: Designs, plan: Plan, label: str) -> None:
    """Draw the axis of widths from 0, the labels, and the planned width across all rows."""
    widths = [each.width for each in designs.designs if each.width is not None and math.isfinite(each.width)]
    ax.set_xlim(0, 108 * max(widths, default=1.0))
    ax.set_ylim(plan.height, 0)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(label)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=max(int(plan.plot_width / 0.6), 2)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.grid(axis="x")
    if plan.stacked:
        ax.set_yticks([])
        for name, y in zip(plan.labels, plan.label_at, strict=True):
            draw_on_picture(ax, y, name, INK, va="top")
    else:
        ax.set_yticks(plan.label_at, plan.labels)
        ax.tick_params(axis="y", length=0)
    planned = designs.designs[0].width
    if planned is not None and math.isfinite(planned):
        ax.axvline(100 * planned, color=INK, linestyle=(0, (4, 3)), linewidth=1.0, zorder=1.5)


def _draw_bar(ax: Axes, each: Design, y: float, *, planned: bool) -> None:
    """Draw a design's width with its Monte Carlo error; the plan is hatched."""
    if each.width is None or not math.isfinite(each.width):
        return
    (bar,) = ax.barh(y, 100 * each.width, height=_BAR, zorder=2, facecolor=PALE)
    if planned:
        bar.set(facecolor="white", edgecolor=MARKED, hatch="////")
    error = each.score.length.error if each.score.length else math.inf
    if math.isfinite(error):
        ends = [100 * (each.width - _ERRORS * error), 100 * (each.width + _ERRORS * error)]
        ax.plot(ends, [y, y], "-", color=INK, linewidth=1.4, zorder=3, clip_on=False)
        ax.plot(ends, [y, y], "|", color=INK, markersize=6, zorder=3, clip_on=False)


def _print(ax: Axes, said: str, y: float, *, stacked: bool) -> None:
    """Print the numbers at the right of the row; above it on narrow charts."""
    ax.annotate(
        said,
        (1.0, y),
        xycoords=ax.get_yaxis_transform(),
        xytext=(0 if stacked else 9, 0),
        textcoords="offset points",
        ha="right" if stacked else "left",
        va="top" if stacked else "center",
        fontsize=SMALL,
        color=GREY if said == "not estimable" else INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        annotation_clip=False,
        zorder=4,
    )


def _handles(designs: Designs, width: float) -> list[Line2D | Patch]:
    """What each mark means."""
    score = designs.designs[0].score
    planned = Patch(facecolor="white", edgecolor=MARKED, hatch="////")
    planned.set_label("As planned; dashed: its width")
    other = Patch(facecolor=PALE)
    said = f"Median over {score.replications} drawn tables, by {designs.model}; bar: 95 % Monte Carlo error"
    other.set_label(wrapped(said, width - _HANDLE))
    return [planned, other]
