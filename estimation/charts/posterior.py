"""Posterior densities of N by model, each in its own row over one axis of persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from scipy.ndimage import gaussian_filter1d

from estimation.capture.table import FloatArray
from estimation.charts.drawing.row_axes import HEADER, axes_of_rows, draw_marks, draw_observed, persons_axis
from estimation.charts.drawing.row_marks import handles_of
from estimation.charts.drawing.row_places import MARK_HEIGHT, plan_rows
from estimation.charts.drawing.rows import Row, limits, rows_of
from estimation.charts.drawing.theme import ACCENT, drawing, inches_wide
from estimation.charts.drawing.words import SMALL, persons, persons_label
from estimation.claims import ReferenceFigure
from estimation.results.estimates import Estimate, Result
from estimation.results.labelled import check_labelled
from estimation.results.totals import Draws, Grid, Point

__all__ = ["plot_posterior"]

_BODY = 0.42
"""Height of a density and the interval under it.  Unit: inches."""
_GAP = 0.07
_BINS = 300
_FILL = "#c7dfee"
_CURVE = "Posterior density, scaled to its own peak"


def plot_posterior(
    results: Mapping[str, Result],
    ax: Axes | None = None,
    *,
    references: Sequence[ReferenceFigure] = (),
    level: float = 0.95,
    counted: str = "people",
) -> Axes:
    """What each model says about N: its posterior density, with the interval marked under it.

    Each density is scaled to its own peak.  An exact posterior is drawn unsmoothed; draws are smoothed on whole
    numbers of persons by a Gaussian kernel whose width follows Silverman's rule, reflected at the people observed,
    so that no density is drawn below them.  Classical estimates are a point with an interval in their row.

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
    TypeError
        When it is given what is no mapping of labels to results.
    ValueError
        When there is nothing to draw, or a classical estimate has no interval at the level.

    References
    ----------
    Silverman (1986), *Density Estimation for Statistics and Data Analysis*, sections 2.10 and 3.4.

    Examples
    --------
    >>> import estimation as mse
    >>> result = mse.models.DecomposableGraphs().fit(mse.load_table("kosovo"), rng=1)
    >>> mse.charts.plot_posterior({"Decomposable graphs": result}, counted="people killed").get_xlabel()
    'Number of people killed (persons)'
    """
    check_labelled(results)
    with drawing():
        rows = [_without_numbers(row) for row in rows_of(results, references, level)]
        n_observed = max((result.n_observed for result in results.values()), default=None)
        densities = [_posterior_of(result) for result in results.values()]
        heights = [_BODY if density else MARK_HEIGHT for density in (*densities, *[None] * len(references))]
        width = inches_wide(ax)
        plan = plan_rows(rows, width, heights=heights, header=0.03 if n_observed is None else HEADER)
        span = limits(rows, n_observed)
        curve = [Patch(facecolor=_FILL, edgecolor=ACCENT, label=_CURVE)] if any(densities) else []
        handles = [*curve, *handles_of(rows, level, span)]
        ax = axes_of_rows(ax, rows, plan, persons_label(counted), handles)
        persons_axis(ax, plan, span)
        if n_observed is not None:
            draw_observed(ax, plan, n_observed)
        draw_marks(ax, rows, plan)
        for row, place in zip(rows, plan.places, strict=True):
            if row.kind != "bound" and row.upper is not None and row.upper > span[1]:
                _print_end(ax, row.upper, place.mark)
        for place, density, result in zip(plan.places, densities, results.values(), strict=False):
            if density:
                _draw_density(ax, density, result.n_observed, place.mark - _GAP)
    return ax


def _without_numbers(row: Row) -> Row:
    """A row whose mark alone says how much; one without a mark says why."""
    return replace(row, numbers="", remark=f"not estimable: {row.remark}" if row.kind == "none" else "")


def _print_end(ax: Axes, upper: float, y: float) -> None:
    """Print where an interval ends that goes on beyond the axis."""
    ax.annotate(
        f"to {persons(upper)}" if np.isfinite(upper) else "no upper limit",
        (ax.get_xlim()[1], y),
        xytext=(-4, -3),
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=SMALL,
    )


def _posterior_of(result: Result) -> Draws | Grid | None:
    """The posterior of N, if the result has one."""
    return result.total if isinstance(result, Estimate) and not isinstance(result.total, Point) else None


def _draw_density(ax: Axes, total: Draws | Grid, n_observed: int, base: float) -> None:
    """Draw one density upwards from its base line (the vertical axis points down)."""
    values, heights = _density(total, n_observed, ax.get_xlim()[1])
    tops = base - (_BODY - _GAP) * heights / heights.max()
    ax.fill_between(values, tops, base, color=_FILL, linewidth=0, zorder=0.9)
    # The outline rises from the base line: a posterior may begin at the people observed with much of its mass.
    ax.plot(np.r_[values[0], values], np.r_[base, tops], "-", color=ACCENT, linewidth=1.1, zorder=2.1)


def _density(total: Draws | Grid, n_observed: int, right: float) -> tuple[FloatArray, FloatArray]:
    """The posterior mass in equal steps of whole persons, from the people observed to the end of the axis.

    Returns
    -------
    values, heights : float arrays, shape (B,)
        Middles of the steps (persons) and the mass in each.
    """
    exact = isinstance(total, Grid)
    weights = total.probabilities if isinstance(total, Grid) else np.full(total.values.size, 1 / total.values.size)
    drawn = total.values.reshape(-1)
    lowest = min(n_observed, int(drawn.min()))
    width = 0.0 if exact else _kernel_width(drawn.astype(float))
    # Steps hold equally many whole numbers each: otherwise the heights would beat.
    step = max(int(np.ceil((right - lowest) / _BINS)), 1)
    bins = int(np.ceil((right + 4 * width - lowest + 1) / step))
    edges = lowest - 0.5 + step * np.arange(bins + 1)
    heights = np.histogram(drawn, edges, weights=weights)[0].astype(float)
    if width > 0:
        heights = gaussian_filter1d(heights, width / step, mode="reflect")
    middles = (edges[:-1] + edges[1:]) / 2
    seen = np.flatnonzero((middles <= right) & (heights > 1e-4 * heights.max()))
    if seen.size == 0:
        return np.array([float(lowest)]), np.array([1.0])
    part = slice(int(seen[0]), int(seen[-1]) + 1)
    return middles[part], heights[part]


def _kernel_width(values: FloatArray) -> float:
    """Silverman's rule: 0.9 times the smaller of sd and IQR / 1.34, times S to the power of -1/5.  Unit: persons."""
    quarter, three_quarters = np.quantile(values, [0.25, 0.75])
    spreads = [spread for spread in (values.std(), (three_quarters - quarter) / 1.34) if spread > 0]
    return float(0.9 * min(spreads, default=0.0) * values.size**-0.2)
