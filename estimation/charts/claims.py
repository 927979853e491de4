"""Claims: what was counted and what was asserted, each at its figure, on one axis of persons."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from estimation.charts.drawing.frame import mark
from estimation.charts.drawing.log_axis import log_axis
from estimation.charts.drawing.row_axes import axes_of_rows, draw_marks
from estimation.charts.drawing.row_places import plan_rows
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import ACCENT, INK, drawing, inches_wide
from estimation.charts.drawing.words import SMALL, persons, persons_label
from estimation.claims import Claim

__all__ = ["plot_claims"]

_MARK = 0.15
"""Height of a mark with its number.  Unit: inches."""


def plot_claims(claimed: Sequence[Claim], ax: Axes | None = None, *, counted: str = "people", note: str = "") -> Axes:
    """Who claims how many: lists as filled squares, totals as open diamonds, a range as a bar; nothing is estimated.

    Parameters
    ----------
    claimed : sequence of Claim
        The claims, in the order to show them; one without a number keeps its row, with its words.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    counted : str
        What is counted, for the label of the axis.
    note : str
        A sentence that must stand on the chart, for example that no estimate can be made from these claims.

    Returns
    -------
    Axes
        The axes drawn on; figures are on a log scale.

    Raises
    ------
    ValueError
        When no claim is given, or none has a number.

    Examples
    --------
    >>> from estimation.charts import plot_claims
    >>> from estimation.claims import Claim
    >>> chart = plot_claims([Claim("A ministry", "1990", "list", 1200, None, "1,200 names", "A report")])
    >>> chart.get_xlabel()
    'Number of people (persons; log scale)'
    """
    figures = [figure for claim in claimed for figure in (claim.figure, claim.to) if figure is not None]
    if not figures:
        raise ValueError("there is no claim with a number to draw; give at least one")
    with drawing():
        width = inches_wide(ax)
        rows = [Row(claim.label, remark="no number given" if claim.figure is None else "") for claim in claimed]
        plan = plan_rows(rows, width, heights=[_MARK] * len(rows), header=0.03)
        label = persons_label(counted).replace("(persons)", "(persons; log scale)")
        ax = axes_of_rows(ax, rows, plan, label, _handles(claimed), note=note)
        ax.set_xscale("log")
        ax.set_xlim(min(figures) / 1.35, max(figures) * 1.9)
        log_axis(ax.xaxis, *ax.get_xlim(), plan.plot_width, persons)
        ax.grid(axis="x")
        draw_marks(ax, rows, plan)
        for claim, place in zip(claimed, plan.places, strict=True):
            _draw(ax, claim, place.middle)
    return ax


def _draw(ax: Axes, claim: Claim, y: float) -> None:
    """Draw a claim's figure, or its range, with the figure in words beside it."""
    if claim.figure is None:
        return
    end = claim.figure if claim.to is None else claim.to
    listed = claim.kind == "list"
    colour, marker = (INK, "s") if listed else (ACCENT, "D")
    if end > claim.figure:
        ax.plot([claim.figure, end], [y, y], "-", color=colour, linewidth=1.8)
        marker = "|"
    ax.plot([claim.figure, end], [y, y], marker, color=colour, markerfacecolor=INK if listed else "white", markersize=6)
    ax.annotate(claim.figure_text, (end, y), xytext=(8, 0), textcoords="offset points", va="center", fontsize=SMALL)


def _handles(claimed: Sequence[Claim]) -> list[Artist]:
    """What each mark means, for the marks that are there."""
    with_number = [claim for claim in claimed if claim.figure is not None]
    kinds = {claim.kind for claim in with_number}
    handles: list[Artist] = []
    if "list" in kinds:
        handles.append(mark("List: names or cases counted", INK, marker="s"))
    if "total" in kinds:
        handles.append(mark("Total: asserted or extrapolated", ACCENT, marker="D", filling="white"))
    if any(claim.to is not None for claim in with_number):
        handles.append(mark("Range, in the colour of its kind", ACCENT, line="-", marker="|"))
    return handles
