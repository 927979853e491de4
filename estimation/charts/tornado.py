"""What-ifs as rows: each alternative's interval against the baseline's band, the largest change first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle
from matplotlib.transforms import ScaledTranslation

from estimation.charts.drawing.row_marks import (
    draw_frame,
    draw_interval,
    draw_number,
    draw_observed,
    draw_on_picture,
    legend_below,
    legend_height,
)
from estimation.charts.drawing.row_places import MARK_HEIGHT, Plan, plan_rows
from estimation.charts.drawing.rows import Row, limits, rows_of
from estimation.charts.drawing.theme import (
    BAND_OF_BASELINE,
    DOTTED,
    GREY,
    INK,
    SMALL,
    drawing,
    inches_wide,
    is_unchanged,
    new_axes,
    shortened,
    text_inches,
    wrapped,
)
from estimation.results.estimates import Estimate, Result

if TYPE_CHECKING:
    from estimation.sensitivity.alternatives import Alternative, Sensitivity

__all__ = ["plot_tornado"]

_LINE = 0.155
_BOLD = 1.15
"""How much wider bold type is."""
_GAP = 0.12


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
    >>> import numpy as np
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.charts import plot_tornado
    >>> from estimation.models.no_highest_order import NoHighestOrderInteraction
    >>> from estimation.sensitivity.vary_setting import vary_setting
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    >>> curve = vary_setting(table, "xi", [0.5, 2], model=NoHighestOrderInteraction(), rng=np.random.default_rng(1))
    >>> plot_tornado(curve).get_xlabel()
    'Number of people (persons)'
    """
    questions = [sensitivities] if not isinstance(sensitivities, Sequence) else list(sensitivities)
    if not questions:
        raise ValueError("there is nothing to draw; give at least one sensitivity")
    with drawing():
        groups = [_rows(question, level) for question in questions]
        rows = [row for group in groups for row in group]
        width = inches_wide(ax)
        number_width = max(text_inches(row.said) for row in rows) + 0.2
        plan = plan_rows(rows, width, [MARK_HEIGHT] * len(rows), number_width=number_width)
        plan, blocks = _with_headings(plan, questions, groups, width)
        n_observed = questions[0].baseline.n_observed
        span = limits(rows, n_observed)
        band = Patch(facecolor=BAND_OF_BASELINE, edgecolor=GREY, linestyle=":")
        band.set_label(wrapped(f"The baseline's {100 * level:g} % interval; dotted: its point", width - 0.65))
        bands = [band] if any(isinstance(question.baseline, Estimate) for question in questions) else []
        if ax is None:
            ax = new_axes(plan.height + 0.5 + legend_height(rows, level, span[1], width, bands))
        draw_frame(ax, rows, plan, span, counted)
        for question, block in zip(questions, blocks, strict=True):
            _draw_block(ax, question, block, plan, level)
        draw_observed(ax, plan, n_observed)
        for row, mark_at, label_at in zip(rows, plan.mark_at, plan.label_at, strict=True):
            draw_interval(ax, row, mark_at)
            draw_number(ax, row, label_at, stacked=plan.stacked)
            if row.kind == "none":
                reason = shortened(row.remark, plan.plot_width - 0.1)
                indent = 0.0 if plan.stacked else 0.012
                draw_on_picture(ax, mark_at, reason, GREY, va="center", slant="italic", indent=indent)
        legend_below(ax, rows, plan, level, width, bands)
    return ax


def _rows(question: Sensitivity, level: float) -> list[Row]:
    """The baseline's row, then those of the alternatives, the largest change first."""
    baseline = question.baseline
    same = [alternative.label for alternative in question.alternatives if is_unchanged(alternative.result, baseline)]
    called = "".join(f", {label}" for label in same)
    ordered = sorted(question.alternatives, key=lambda alternative: -_change(alternative, baseline))
    named = [(alternative.label, alternative.result) for alternative in ordered if alternative.label not in same]
    named.insert(0, (f"Baseline: {baseline.title}{called}", baseline))
    return [_row(label, result, baseline.n_observed, level) for label, result in named]


def _row(label: str, result: Result, n_observed: int, level: float) -> Row:
    called = label if result.n_observed == n_observed else f"{label}\n{result.n_observed:,} observed"
    return rows_of({called: result}, (), level)[0]


def _change(alternative: Alternative, baseline: Result) -> float:
    """By what factor the median moves, on the log scale; less than any where there is none."""
    if not isinstance(alternative.result, Estimate):
        return -1.0
    if not isinstance(baseline, Estimate):
        return 0.0
    return abs(float(np.log(alternative.result.median / baseline.median)))


@dataclass(frozen=True, slots=True)
class _Block:
    """Where a question stands: its words, their top, and from where to where its rows go.  Unit: inches."""

    heading: str
    heading_at: float
    top: float
    bottom: float


def _with_headings(
    plan: Plan, questions: Sequence[Sensitivity], groups: Sequence[Sequence[Row]], width: float
) -> tuple[Plan, list[_Block]]:
    """The plan with room made above each question's rows for the question."""
    label_at, mark_at, blocks = list(plan.label_at), list(plan.mark_at), []
    first, added = 0, 0.0
    upper = [*(_top_of(plan, i) for i in range(len(label_at))), plan.height]
    for question, group in zip(questions, groups, strict=True):
        heading = wrapped(question.question, (width - 0.3) / _BOLD, 9)
        start = upper[first] + added
        added += (heading.count("\n") + 1) * _LINE * 9 / SMALL + _GAP + 0.06
        last = first + len(group)
        for i in range(first, last):
            label_at[i] += added
            mark_at[i] += added
        blocks.append(_Block(heading, start + _GAP, upper[first] + added, upper[last] + added))
        first = last
    shifted = replace(plan, label_at=tuple(label_at), mark_at=tuple(mark_at), height=plan.height + added)
    return shifted, blocks


def _top_of(plan: Plan, row: int) -> float:
    """Upper edge of a row."""
    if plan.stacked:
        return plan.label_at[row] - 0.03
    lines = plan.labels[row].count("\n") + 1
    return plan.label_at[row] - (max(lines * _LINE, MARK_HEIGHT + 0.05) + 0.13) / 2


def _draw_block(ax: Axes, question: Sensitivity, block: _Block, plan: Plan, level: float) -> None:
    """Draw a question above its rows, and its baseline's band behind them."""
    heading = ax.text(
        0,
        block.heading_at,
        block.heading,
        transform=ax.get_yaxis_transform() + ScaledTranslation(-plan.label_column, 0, ax.figure.dpi_scale_trans),
        fontsize=9,
        fontweight="bold",
        color=INK,
        va="top",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        zorder=3,
    )
    heading.set_in_layout(False)  # it is broken to fit, and must not narrow the picture
    if not isinstance(question.baseline, Estimate):
        return
    interval = question.baseline.interval(level)
    right = ax.get_xlim()[1]
    size = (min(interval.upper, right) - interval.lower, block.bottom - block.top)
    ax.add_patch(
        Rectangle((interval.lower, block.top), *size, facecolor=BAND_OF_BASELINE, edgecolor="none", zorder=0.4)
    )
    middle = question.baseline.median
    ax.plot([middle] * 2, [block.top, block.bottom], color=GREY, linestyle=DOTTED, linewidth=1.2, zorder=1.2)
