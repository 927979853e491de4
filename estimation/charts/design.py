"""Designs side by side: how wide the interval would be with the lists as planned, with one more, with more names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from estimation.charts.drawing.frame import mark
from estimation.charts.drawing.row_axes import axes_of_rows
from estimation.charts.drawing.row_places import plan_rows
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import DASHED, INK, MARKED, PALE, drawing, inches_wide

if TYPE_CHECKING:
    from estimation.simulation.designs import Design, Designs

__all__ = ["plot_design"]

_BAR = 0.16
_LEVEL = 95
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
    >>> import estimation as mse
    >>> model = mse.models.Chapman(("police", "press"))
    >>> found = mse.simulation.design({"police": 300, "press": 200}, 1000, model=model, rng=1, replications=20)
    >>> mse.charts.plot_design(found).get_xlabel()
    'Width of the 95 % interval (% of 1,000 people)'
    """
    with drawing():
        width = inches_wide(ax)
        rows = [Row(each.label, numbers=_numbers(each)) for each in designs.designs]
        plan = plan_rows(rows, width, heights=[_BAR] * len(rows), header=0.03)
        name = f"Width of the {_LEVEL} % interval (% of {designs.total:,} people)"
        ax = axes_of_rows(ax, rows, plan, name, _handles(designs), note=_note(designs))
        _width_axis(ax, designs, plan.plot_width)
        for each, place in zip(designs.designs, plan.places, strict=True):
            _draw_bar(ax, each, place.middle, planned=each is designs.designs[0])
    return ax


def _note(designs: Designs) -> str:
    replications = designs.designs[0].score.replications
    return f"Median over {replications} drawn tables of the interval, credible or confidence, by {designs.model}."


def _numbers(each: Design) -> str:
    """Width and coverage as printed beside a row."""
    if each.width is None or each.score.coverage is None:
        return "not estimable"
    wide = f"{100 * each.width:.1f} %" if math.isfinite(each.width) else "no limit"
    return f"{wide}, coverage {100 * each.score.coverage.value:.0f} %"


def _width_axis(ax: Axes, designs: Designs, inches: float) -> None:
    """Make the lower axis one of widths from 0, with the planned width across all rows."""
    widths = [each.width for each in designs.designs if each.width is not None and math.isfinite(each.width)]
    ends = [
        each.width + _ERRORS * each.score.length.error
        for each in designs.designs
        if each.width in widths and each.score.length and math.isfinite(each.score.length.error)
    ]
    ax.set_xlim(0, max(108 * max(widths, default=1.0), 102 * max(ends, default=0.0)))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=max(int(inches / 0.6), 2), steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.grid(axis="x")
    planned = designs.designs[0].width
    if planned is not None and math.isfinite(planned):
        ax.axvline(100 * planned, color=INK, linestyle=DASHED, linewidth=1.0, zorder=1.5)


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


def _handles(designs: Designs) -> list[Line2D | Patch]:
    """What each mark means, for the marks that are there."""
    others = [each.width for each in designs.designs[1:] if each.width is not None and math.isfinite(each.width)]
    planned = designs.designs[0].width
    handles: list[Line2D | Patch] = []
    if planned is not None and math.isfinite(planned):
        handles.append(Patch(facecolor="white", edgecolor=MARKED, hatch="////", label="As planned; dashed: its width"))
    if others:
        handles.append(Patch(facecolor=PALE, label="Another design"))
    if handles:
        handles.append(mark("95 % Monte Carlo error", INK, line="-", marker="|", width=1.4))
    return handles
