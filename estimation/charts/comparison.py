"""Estimates side by side: one row a model, with its interval, the kind of interval, and the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from estimation.charts.drawing.row_marks import (
    draw_frame,
    draw_interval,
    draw_number,
    draw_observed,
    draw_on_picture,
    legend_below,
    legend_height,
)
from estimation.charts.drawing.row_places import MARK_HEIGHT, plan_rows
from estimation.charts.drawing.rows import limits, rows_of
from estimation.charts.drawing.theme import GREY, drawing, inches_wide, new_axes, shortened, text_inches
from estimation.claims import ReferenceFigure
from estimation.results.estimates import Result

__all__ = ["plot_comparison"]


def plot_comparison(
    results: Mapping[str, Result],
    ax: Axes | None = None,
    *,
    references: Sequence[ReferenceFigure] = (),
    level: float = 0.95,
    counted: str = "people",
) -> Axes:
    """Every model's answer in one picture, with the numbers; what is not estimable keeps its row.

    Credible intervals have a filled circle at the median, confidence intervals an open square at the point, lower
    bounds a triangle that points right.  An interval too wide for the axis, or without an upper limit, ends in an
    arrow; its numbers are printed all the same.

    Parameters
    ----------
    results : mapping of str to Estimate or NotEstimable
        Results by the label of their row.  Unit: persons.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    references : sequence of ReferenceFigure
        Figures by others, in rows of their own below a line.
    level : float
        Level of the intervals.
    counted : str
        What is counted, for the label of the axis.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        When there is nothing to draw, or a classical estimate has no interval at the level.

    Examples
    --------
    >>> from estimation.charts import plot_comparison
    >>> from estimation.claims import ReferenceFigure
    >>> published = ReferenceFigure("Ball et al. 2002", "Report to the ICTY", 10356, 9002, 12122)
    >>> chart = plot_comparison({}, references=[published], counted="people killed")
    >>> chart.get_xlabel()
    'Number of people killed (persons)'
    """
    with drawing():
        rows = rows_of(results, references, level)
        n_observed = max((result.n_observed for result in results.values()), default=None)
        number_width = max(text_inches(row.said) for row in rows) + 0.2
        width = inches_wide(ax)
        plan = plan_rows(rows, width, [MARK_HEIGHT] * len(rows), number_width=number_width)
        span = limits(rows, n_observed)
        if ax is None:
            ax = new_axes(plan.height + 0.5 + legend_height(rows, level, span[1], width))
        draw_frame(ax, rows, plan, span, counted)
        if n_observed is not None:
            draw_observed(ax, plan, n_observed)
        for row, mark_at, label_at in zip(rows, plan.mark_at, plan.label_at, strict=True):
            draw_interval(ax, row, mark_at)
            draw_number(ax, row, label_at, stacked=plan.stacked)
            if row.kind == "none":
                reason = shortened(row.remark, plan.plot_width - 0.1)
                indent = 0.0 if plan.stacked else 0.012
                draw_on_picture(ax, mark_at, reason, GREY, va="center", slant="italic", indent=indent)
        legend_below(ax, rows, plan, level, width)
    return ax
