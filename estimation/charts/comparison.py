"""Estimates side by side: one row a model, with its interval, the kind of interval, and the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matplotlib.axes import Axes

from estimation.charts.drawing.row_axes import HEADER, axes_of_rows, draw_marks, draw_observed, persons_axis
from estimation.charts.drawing.row_marks import handles_of
from estimation.charts.drawing.row_places import plan_rows
from estimation.charts.drawing.rows import Row, limits, reading, rows_of
from estimation.charts.drawing.theme import drawing, inches_wide
from estimation.charts.drawing.words import persons_label
from estimation.claims import ReferenceFigure
from estimation.results.estimates import Estimate, Result
from estimation.results.labelled import check_labelled
from estimation.results.rounding import rounded

__all__ = ["plot_comparison"]


def plot_comparison(
    results: Mapping[str, Result],
    ax: Axes | None = None,
    *,
    references: Sequence[ReferenceFigure] = (),
    headline: str | None = None,
    level: float = 0.95,
    counted: str = "people",
) -> Axes:
    """Every model's answer in one picture, with the numbers; what is not estimable keeps its row.

    Credible intervals have a filled circle at the median, confidence intervals an open square at the point, lower
    bounds a triangle that points right.  An interval too wide for the axis, or without an upper limit, ends in an
    arrow; its numbers are printed all the same, rounded as in a headline (`estimation.results.rounding`).

    Parameters
    ----------
    results : mapping of str to Estimate or NotEstimable
        Results by the label of their row.  Unit: persons.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    references : sequence of ReferenceFigure
        Figures by others, in rows of their own below a line.
    headline : str, optional
        The label of a result to print in bold.
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
    TypeError
        When it is given what is no mapping of labels to results.
    ValueError
        When there is nothing to draw, or a classical estimate has no interval at the level.

    Examples
    --------
    >>> import estimation as mse
    >>> table = mse.load_table("kosovo")
    >>> models = {"Chao": mse.models.ChaoLowerBound(), "Graphs": mse.models.DecomposableGraphs()}
    >>> results = {label: model.fit(table, rng=1) for label, model in models.items()}
    >>> chart = mse.charts.plot_comparison(results, headline="Graphs", counted="people killed")
    >>> chart.get_xlabel(), [label.get_text() for label in chart.get_yticklabels()]
    ('Number of people killed (persons)', ['Chao', 'Graphs'])
    """
    check_labelled(results)
    with drawing():
        rows = _with_rounded_numbers(rows_of(results, references, level, bold=headline), results, level)
        n_observed = max((result.n_observed for result in results.values()), default=None)
        width = inches_wide(ax)
        plan = plan_rows(rows, width, header=0.03 if n_observed is None else HEADER)
        span = limits(rows, n_observed)
        ax = axes_of_rows(ax, rows, plan, persons_label(counted), handles_of(rows, level, span))
        persons_axis(ax, plan, span)
        if n_observed is not None:
            draw_observed(ax, plan, n_observed)
        draw_marks(ax, rows, plan)
    return ax


def _with_rounded_numbers(rows: Sequence[Row], results: Mapping[str, Result], level: float) -> list[Row]:
    """The rows with each result's numbers as its headline gives them."""
    rounded_rows = []
    for row, result in zip(rows, results.values(), strict=False):
        if isinstance(result, Estimate):
            given = rounded(result, level)
            row = replace(row, numbers=reading(given.point, given.lower, given.upper, bound=given.is_lower_bound))
        rounded_rows.append(row)
    return [*rounded_rows, *rows[len(rounded_rows) :]]
