"""Sensitivities as rows: each alternative's interval against the baseline's band, the largest change first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from estimation.charts.drawing.intervals import BAND_OF_BASELINE, band_of_baseline, is_unchanged
from estimation.charts.drawing.row_axes import HEADER, axes_of_rows, draw_marks, draw_observed, persons_axis
from estimation.charts.drawing.row_marks import handles_of
from estimation.charts.drawing.row_places import Place, plan_rows
from estimation.charts.drawing.rows import Row, limits, rows_of
from estimation.charts.drawing.theme import DOTTED, GREY, drawing, inches_wide
from estimation.charts.drawing.words import persons_label
from estimation.results.estimates import Estimate, Result

if TYPE_CHECKING:
    from estimation.sensitivity.alternatives import Alternative, Sensitivity

__all__ = ["plot_tornado"]


def plot_tornado(
    sensitivities: Sensitivity | Sequence[Sensitivity],
    ax: Axes | None = None,
    *,
    level: float = 0.95,
    counted: str = "people",
) -> Axes:
    """Every alternative of one or more questions in a row of its own, on the band of the baseline's interval.

    Below each question stands its baseline, then its alternatives: those that move the median most come first, those
    that are not estimable last.  None is left out; one that changes nothing is named in the baseline's row.

    Parameters
    ----------
    sensitivities : Sensitivity or sequence of Sensitivity
        The questions with their answers.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
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
        When there is no question, or a classical estimate has no interval at the level.

    Examples
    --------
    >>> import estimation as mse
    >>> table, model = mse.load_table("uk"), mse.models.ChaoLowerBound()
    >>> found = mse.sensitivity.leave_one_list_out(table, model=model, rng=1)
    >>> chart = mse.charts.plot_tornado(found, counted="victims")
    >>> chart.get_xlabel(), chart.get_yticklabels()[0].get_text()
    ('Number of victims (persons)', "Baseline: Chao's estimator")
    """
    questions = [sensitivities] if not isinstance(sensitivities, Sequence) else list(sensitivities)
    if not questions:
        raise ValueError("there is nothing to draw; give at least one sensitivity")
    with drawing():
        groups = [_rows(question, level, named=len(questions) > 1) for question in questions]
        rows = list(chain(*groups))
        width = inches_wide(ax)
        plan = plan_rows(rows, width, header=HEADER)
        n_observed = questions[0].baseline.n_observed
        baselines = [question.baseline for question in questions]
        span = limits(rows, n_observed, whole=_whole(baselines, level))
        known = any(isinstance(baseline, Estimate) for baseline in baselines)
        bands = [band_of_baseline("The baseline's point and interval")] if known else []
        handles = [*bands, *handles_of(rows, level, span)]
        ax = axes_of_rows(ax, rows, plan, persons_label(counted), handles)
        persons_axis(ax, plan, span)
        draw_observed(ax, plan, n_observed)
        first = 0
        for baseline, group in zip(baselines, groups, strict=True):
            _draw_band(ax, baseline, plan.places[first : first + len(group)], level)
            first += len(group)
        draw_marks(ax, rows, plan)
    return ax


def _rows(question: Sensitivity, level: float, *, named: bool) -> list[Row]:
    """The baseline's row, then those of the alternatives, the largest change first; the question above, if `named`."""
    baseline = question.baseline
    same = [alternative.label for alternative in question.alternatives if is_unchanged(alternative.result, baseline)]
    ordered = sorted(question.alternatives, key=lambda alternative: -_change(alternative, baseline))
    answers = [(alternative.label, alternative.result) for alternative in ordered if alternative.label not in same]
    answers.insert(0, (", ".join([f"Baseline: {baseline.title}", *same]), baseline))
    heading = [Row(question.question, "heading")] if named else []
    one = (rows_of({label: result}, (), level, n_observed=baseline.n_observed) for label, result in answers)
    return [*heading, *chain(*one)]


def _change(alternative: Alternative, baseline: Result) -> float:
    """By what factor the median moves, on the log scale; less than any where there is none."""
    if not isinstance(alternative.result, Estimate):
        return -1.0
    if not isinstance(baseline, Estimate):
        return 0.0
    return abs(float(np.log(alternative.result.median / baseline.median)))


def _whole(baselines: Sequence[Result], level: float) -> float:
    """Upper end of the baselines' intervals, as far as they have one."""
    uppers = [baseline.interval(level).upper for baseline in baselines if isinstance(baseline, Estimate)]
    return max((upper for upper in uppers if np.isfinite(upper)), default=0.0)


def _draw_band(ax: Axes, baseline: Result, places: Sequence[Place], level: float) -> None:
    """Draw a baseline's band and point behind the rows of its question."""
    if not isinstance(baseline, Estimate):
        return
    interval = baseline.interval(level)
    top, bottom = places[0].top, places[-1].bottom
    size = (min(interval.upper, ax.get_xlim()[1]) - interval.lower, bottom - top)
    ax.add_patch(Rectangle((interval.lower, top), *size, facecolor=BAND_OF_BASELINE, edgecolor="none", zorder=0.4))
    ax.plot([baseline.median] * 2, [top, bottom], color=GREY, linestyle=DOTTED, linewidth=1.2, zorder=1.2)
