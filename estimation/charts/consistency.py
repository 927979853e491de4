"""Known sizes: each list's size as a model estimates it from the other lists, over the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from estimation.charts.drawing.frame import mark
from estimation.charts.drawing.intervals import called
from estimation.charts.drawing.log_axis import log_axis
from estimation.charts.drawing.row_axes import axes_of_rows, draw_marks
from estimation.charts.drawing.row_marks import handles_of
from estimation.charts.drawing.row_places import plan_rows
from estimation.charts.drawing.rows import Kind, Row
from estimation.charts.drawing.theme import DASHED, INK, drawing, inches_wide
from estimation.results.estimates import Estimate
from estimation.sensitivity.consistency import ReferenceScores, Scores, known_size, score

if TYPE_CHECKING:
    from estimation.sensitivity.alternatives import Alternative, Sensitivity

__all__ = ["plot_consistency"]

_FURTHER = 6.0
"""The axis reaches no further than so many times the outermost estimates; an interval that goes on has an arrow."""


def plot_consistency(
    found: Mapping[str, Sensitivity],
    ax: Axes | None = None,
    *,
    published: Sequence[ReferenceScores] = (),
    minimum_seen: int = 0,
    level: float = 0.95,
) -> Axes:
    """Each list's estimate over its known size, with its interval, table by table; published scores below.

    An interval that misses the truth has a mark of its own, and a list that is not estimable keeps its row.

    Parameters
    ----------
    found : mapping of str to Sensitivity
        By the name of the table, from `estimation.sensitivity.consistency.consistency`.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    published : sequence of ReferenceScores
        Scores by others, in rows of their own below those of the model.
    minimum_seen : int
        Lists of whose people fewer are on other lists are left out; a note says how many.  Unit: persons.
    level : float
        Level of the intervals.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        When there is nothing to draw, a classical estimate has no interval at the level, or an alternative has no
        known size.

    References
    ----------
    Binette, Steorts (2022), Journal of the Royal Statistical Society A.

    Examples
    --------
    >>> import estimation as mse
    >>> table, model = mse.load_table("australia"), mse.models.LogLinear()
    >>> found = mse.sensitivity.consistency(table, model=model, rng=1)
    >>> chart = mse.charts.plot_consistency({"Australia": found}, minimum_seen=30)
    >>> [label.get_text() for label in chart.get_yticklabels()]
    ['B, 64 of 77 on other lists', 'C, 62 of 260 on other lists', 'This model']
    """
    if not found:
        raise ValueError("there is nothing to draw; give the internal consistency of at least one table")
    with drawing():
        width = inches_wide(ax)
        tried = {name: [a for a in s.alternatives if a.result.n_observed >= minimum_seen] for name, s in found.items()}
        scores = score((a for s in found.values() for a in s.alternatives), minimum_seen=minimum_seen, level=level)
        rows = [*_list_rows(tried, level), *_score_rows(scores, published)]
        plan = plan_rows(rows, width, header=0.03)
        span = _limits(rows)
        results = [one.result for alternatives in tried.values() for one in alternatives]
        meanings = _meanings(called(results, level))
        handles = [*handles_of(rows, level, span, meanings=meanings), mark("Known size", INK, line=DASHED, width=1.0)]
        left_out = f"Left out: {scores.n_too_few} with fewer than {minimum_seen} people on the other lists."
        ax = axes_of_rows(
            ax,
            rows,
            plan,
            "Estimate over known size (ratio; log scale)",
            handles,
            note=left_out if scores.n_too_few else "",
        )
        ax.set_xscale("log")
        ax.set_xlim(*span)
        log_axis(ax.xaxis, *span, plan.plot_width, lambda ratio: f"{ratio:,g}")
        ax.grid(axis="x")
        ax.axvline(1, color=INK, linestyle=DASHED, linewidth=1.0, zorder=1.5)
        draw_marks(ax, rows, plan)
    return ax


def _meanings(names: tuple[str, str]) -> dict[Kind, str]:
    """What the marks mean, given what points and intervals are called."""
    point, interval = names
    return {
        "holds": f"{point[:1].upper()}{point[1:]} with its {interval}, which holds the known size",
        "misses": "The same; its interval misses the known size",
        "average": "Geometric mean of the ratios; RMS: root mean square of their logs",
    }


def _list_rows(tried: Mapping[str, Sequence[Alternative]], level: float) -> list[Row]:
    """The lists of each table; below its name where there are several."""
    rows = []
    for name, alternatives in tried.items():
        if alternatives and len(tried) > 1:
            rows.append(Row(name, "heading"))
        for one in alternatives:
            known = known_size(one)
            label = f"{one.label}, {one.result.n_observed:,} of {known:,.0f} on other lists"
            if not isinstance(one.result, Estimate):
                rows.append(Row(label, numbers="not estimable"))
                continue
            interval = one.result.interval(level)
            ratio, lower, upper = (float(end) / known for end in (one.result.median, interval.lower, interval.upper))
            end = f"to {_ratio(upper)}" if np.isfinite(upper) else "and more"
            kind: Kind = "holds" if lower <= 1 <= upper else "misses"
            rows.append(Row(label, kind, f"{_ratio(ratio)} ({_ratio(lower)} {end})", ratio, lower, upper))
    return rows


def _score_rows(scores: Scores, published: Sequence[ReferenceScores]) -> list[Row]:
    """The average over the lists, for the model and as published for others."""
    rows = [Row("On average over the lists", "heading")]
    if scores.mean is None or scores.root_mean_square is None or scores.coverage is None:
        rows.append(Row("This model", numbers="not estimable"))
    else:
        rows.append(_average("This model", scores.mean, scores.root_mean_square, scores.coverage))
    rows.extend(_average(f"{p.label}, published", p.mean, p.root_mean_square, p.coverage) for p in published)
    return rows


def _average(label: str, mean: float, root_mean_square: float, coverage: float) -> Row:
    ratio = float(np.exp(mean))
    numbers = f"{_ratio(ratio)}; RMS {root_mean_square:.2f}; coverage {coverage * 100:.0f} %"
    return Row(label, "average", numbers, ratio)


def _ratio(value: float) -> str:
    """A ratio with two figures that matter.

    Examples
    --------
    >>> _ratio(0.4567), _ratio(1.04), _ratio(23.4), _ratio(4321.0)
    ('0.46', '1.0', '23', '4,321')
    """
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _limits(rows: Sequence[Row]) -> tuple[float, float]:
    """Ends of the axis: every point is inside, and every interval unless it goes on too far."""
    ratios = [1.0, *(row.point for row in rows if row.point is not None)]
    ends = [end for row in rows for end in (row.lower, row.upper) if end is not None and np.isfinite(end) and end > 0]
    left = max(min([*ratios, *ends]), min(ratios) / _FURTHER) / 1.15
    right = min(max([*ratios, *ends]), max(ratios) * _FURTHER) * 1.15
    return left, right
