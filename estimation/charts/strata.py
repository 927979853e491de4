"""Strata side by side: one row a stratum, a panel for each value of the first label, all on one scale of persons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from estimation.capture.stratified import Stratum
from estimation.charts.drawing.frame import mark
from estimation.charts.drawing.log_axis import log_axis
from estimation.charts.drawing.row_axes import axes_of_rows, draw_marks, persons_axis
from estimation.charts.drawing.row_marks import handles_of
from estimation.charts.drawing.row_places import Plan, plan_rows
from estimation.charts.drawing.rows import Row, limits, reading
from estimation.charts.drawing.stratum_rows import ALL_STRATA, TALL, chosen, panels, spans_widely
from estimation.charts.drawing.theme import GREY, drawing, inches_wide
from estimation.charts.drawing.words import persons, persons_label
from estimation.results.estimates import Estimate, Result
from estimation.results.rounding import rounded
from estimation.strata.by_stratum import StratumResults

__all__ = ["plot_strata"]

_TOP_AXIS = 0.25
"""Room for the axis above.  Unit: inches."""
_STRETCH = 0.6
"""The total is drawn on a log axis that it makes longer by this part at most."""


def plot_strata(
    found: StratumResults,
    ax: Axes | None = None,
    *,
    strata: Sequence[Stratum] | None = None,
    level: float = 0.95,
    counted: str = "people",
) -> Axes:
    """Every stratum's number with its interval, and the people on a list, on one scale; the total at the end.

    What is not estimable keeps its row and says why.  With several labels there is a panel for each value of the first
    and a row for each value of the others.  The axis is a log axis where the numbers are far apart.  Numbers are
    rounded as in a headline (`estimation.results.rounding`).

    Parameters
    ----------
    found : StratumResults
        What a model answers for each stratum.  Unit: persons.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    strata : sequence of Stratum, optional
        Those to draw, where one page has no room for all; the scale is that of all of them, and the total stands
        below the last.
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
        When there is no stratum, one that is named is none of the results, or a classical estimate has no interval at
        the level.

    Examples
    --------
    >>> import estimation as mse
    >>> rows, sexes = [[1, 0], [0, 1], [1, 1]] * 2, ["f"] * 3 + ["m"] * 3
    >>> table = mse.StratifiedTable(["a", "b"], rows, {"sex": sexes}, [50, 40, 20, 30, 30, 30])
    >>> found = mse.strata.estimate_by(table, ["sex"], mse.models.Chapman(), rng=1)
    >>> [label.get_text() for label in mse.charts.plot_strata(found).get_yticklabels()]
    ['f', 'm', 'Total']
    """
    drawn = chosen(found, strata)
    with drawing():
        span, is_log = _scale(list(found.results.values()), found.total, level)
        rows, observed = _rows_and_observed(found, drawn, level, span)
        width = inches_wide(ax)
        plan = plan_rows(rows, width, header=0.03)
        above = _TOP_AXIS if plan.height > TALL else 0.0
        name = persons_label(counted)
        name = name.replace("(persons)", "(persons; log scale)") if is_log else name
        ax = axes_of_rows(ax, rows, plan, name, _handles(rows, observed, level, span), above=above)
        _persons_axis(ax, plan, span, is_log=is_log)
        if above:
            ax.tick_params(axis="x", top=True, labeltop=True)
        draw_marks(ax, rows, plan)
        for people, place in zip(observed, plan.places, strict=True):
            if people is not None:
                ax.plot([people], [place.mark], "x", color=GREY, markersize=4.5, zorder=2.4, clip_on=False)
    return ax


def _panels(found: StratumResults, strata: Sequence[Stratum]) -> list[tuple[str, list[tuple[str, Stratum]]]]:
    return list(panels(found.labels, strata))


def _row(name: str, result: Result, level: float, *, bold: bool = False) -> Row:
    """A stratum's row, or the total's."""
    if not isinstance(result, Estimate):
        remark = f"{persons(result.n_observed)} on a list; {result.reason}"
        return Row(name, numbers="not estimable", remark=remark, bold=bold)
    interval, given = result.interval(level), rounded(result, level)
    numbers = reading(given.point, given.lower, given.upper, bound=given.is_lower_bound)
    kind = "bound" if interval.kind == "one-sided confidence" else interval.kind
    return Row(name, kind, numbers, result.median, interval.lower, interval.upper, bold=bold)


def _scale(results: Sequence[Result], total: Result, level: float) -> tuple[tuple[float, float], bool]:
    """Ends of the axis of all strata, and whether it is a log axis."""
    estimates = [result for result in results if isinstance(result, Estimate)]
    observed = [estimate.n_observed for estimate in estimates]
    intervals = [estimate.interval(level) for estimate in estimates]
    rows = [
        Row("", point=each.median, lower=ends.lower, upper=ends.upper)
        for each, ends in zip(estimates, intervals, strict=True)
    ]
    if not observed:
        return (0.0, 1.2 * max(result.n_observed for result in results)), False
    low, high = limits(rows, min(observed))
    points = [estimate.median for estimate in estimates]
    if not spans_widely([*points, *observed]):
        return (low, high), False
    uppers = [ends.upper for ends in intervals if np.isfinite(ends.upper)]
    low, high = min(*observed, *points), max(min(max(uppers, default=0.0), 30 * max(points)), *points)
    if isinstance(total, Estimate):
        ends = total.interval(level)
        furthest = ends.upper if np.isfinite(ends.upper) else total.median
        high = furthest if np.log(furthest / high) <= _STRETCH * np.log(high / low) else high
    return (low / 1.25, high * 1.25), True


def _rows_and_observed(
    found: StratumResults, drawn: Sequence[Stratum], level: float, span: tuple[float, float]
) -> tuple[list[Row], list[int | None]]:
    """All rows, and the people on a list of each that has a mark to compare them with."""
    rows: list[Row] = []
    observed: list[int | None] = []
    for heading, members in _panels(found, drawn):
        rows.append(Row(heading, "heading"))
        observed.append(None)
        for name, stratum in members:
            result = found.results[stratum]
            rows.append(_row(name, result, level))
            observed.append(result.n_observed if isinstance(result, Estimate) else None)
    if drawn[-1] == list(found.results)[-1]:
        row = _row("Total", found.total, level, bold=True)
        if row.point is not None and row.point > span[1]:
            row = Row(row.label, numbers=row.numbers, remark="larger than this axis reaches", bold=True)
        rows += [Row(ALL_STRATA, "heading"), row]
        observed += [None, found.total.n_observed if row.point is not None else None]
    return rows, observed


def _persons_axis(ax: Axes, plan: Plan, span: tuple[float, float], *, is_log: bool) -> None:
    if not is_log:
        persons_axis(ax, plan, span)
        return
    ax.set_xscale("log")
    ax.set_xlim(*span)
    log_axis(ax.xaxis, *span, plan.plot_width, persons)
    ax.grid(axis="x")


def _handles(
    rows: Sequence[Row], observed: Sequence[int | None], level: float, span: tuple[float, float]
) -> list[Artist]:
    marks = handles_of(rows, level, span)
    return [*marks, *([mark("People on at least one list", GREY, marker="x")] if any(observed) else [])]
