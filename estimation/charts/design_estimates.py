"""The estimates that each design would give, against the number that the tables were drawn with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from estimation.capture.table import FloatArray
from estimation.charts.drawing.frame import mark
from estimation.charts.drawing.row_axes import axes_of_rows, persons_axis
from estimation.charts.drawing.row_places import plan_rows
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import ACCENT, BAND, INK, MARKED, drawing, inches_wide
from estimation.charts.drawing.words import SMALL, persons, persons_label

if TYPE_CHECKING:
    from estimation.simulation.designs import Design, Designs

__all__ = ["plot_design_estimates"]

_BODY = 0.36
"""Height of the bars of a row.  Unit: inches."""
_BINS = 44
_FILL = "#c7dfee"
_OUTER = 0.02
"""Share of the estimates at either end that need not be on the axis."""
_FURTHEST = 3.0


def plot_design_estimates(designs: Designs, ax: Axes | None = None, *, counted: str = "people") -> Axes:
    """How often each estimate was given under each design, with the true number and the band that counts as near.

    Parameters
    ----------
    designs : Designs
        From `estimation.simulation.design`.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    counted : str
        What is counted, for the label of the axis.

    Returns
    -------
    Axes
        The axes drawn on.

    Examples
    --------
    >>> import estimation as mse
    >>> model = mse.models.Chapman(("police", "press"))
    >>> found = mse.simulation.design({"police": 300, "press": 200}, 1000, model=model, rng=1, replications=20)
    >>> mse.charts.plot_design_estimates(found).get_xlabel()
    'Number of people (persons)'
    """
    total, near = designs.total, designs.near
    with drawing():
        width = inches_wide(ax)
        rows = [
            Row(each.label, numbers=_numbers(each, near), remark="" if _given(each).size else "not estimable")
            for each in designs.designs
        ]
        plan = plan_rows(rows, width, heights=[_BODY] * len(rows), header=0.03)
        span = _span(designs)
        ax = axes_of_rows(ax, rows, plan, persons_label(counted), _handles(designs), note=_note(designs, span))
        ax.axvspan(total * (1 - near), total * (1 + near), color=BAND, zorder=0.4)
        persons_axis(ax, plan, span)
        ax.axvline(total, color=MARKED, linewidth=1.4, zorder=3)
        for each, place in zip(designs.designs, plan.places, strict=True):
            foot = place.mark + _BODY / 2 - 0.02 if plan.stacked else place.middle + _BODY / 2
            _draw_row(ax, _given(each), foot, span)
            if not _given(each).size:
                ax.text(
                    0.01,
                    foot - _BODY / 2,
                    "not estimable",
                    transform=ax.get_yaxis_transform(),
                    fontsize=SMALL,
                    va="center",
                )
    return ax


def _given(each: Design) -> FloatArray:
    return np.array([value for value in each.estimates if value is not None], dtype=np.float64)


def _numbers(each: Design, near: float) -> str:
    found = each.within(near)
    return f"{100 * found.value:.0f} % within {100 * near:.3g} %"


def _span(designs: Designs) -> tuple[float, float]:
    """The part of the axis that holds the band and nearly all estimates."""
    every = np.concatenate([_given(each) for each in designs.designs])
    ends = [designs.total * (1 - 1.5 * designs.near), designs.total * (1 + 1.5 * designs.near)]
    if every.size:
        low, high = np.quantile(every, [_OUTER, 1 - _OUTER])
        ends += [float(low), min(float(high), _FURTHEST * designs.total)]
    reach = max(ends) - min(ends)
    return max(min(ends) - 0.04 * reach, 0.0), max(ends) + 0.04 * reach


def _draw_row(ax: Axes, estimates: FloatArray, foot: float, span: tuple[float, float]) -> None:
    """Bars that stand on the foot of a row, scaled to the highest; the median below them."""
    inside = estimates[(estimates >= span[0]) & (estimates <= span[1])]
    if not inside.size:
        return
    heights, edges = np.histogram(inside, bins=_BINS, range=span)
    tops = foot - 0.86 * _BODY * heights / heights.max()
    ax.fill_between(np.repeat(edges, 2)[1:-1], foot, np.repeat(tops, 2), color=_FILL, linewidth=0, zorder=2)
    ax.step(edges, np.append(tops, tops[-1]), where="post", linestyle="-", color=ACCENT, linewidth=0.8, zorder=2.1)
    middle = float(np.median(estimates))
    if span[0] <= middle <= span[1]:
        ax.plot([middle, middle], [foot, foot - 0.9 * _BODY], "-", color=INK, linewidth=1.4, zorder=2.5)


def _handles(designs: Designs) -> list[Artist]:
    return [
        Patch(facecolor=_FILL, edgecolor=ACCENT, label="Estimates, one a drawn table"),
        mark("Their median", INK, line="-", width=1.4),
        mark(f"True number, {persons(designs.total)}", MARKED, line="-", width=1.4),
        Patch(facecolor=BAND, edgecolor="#dddddd", label=f"Within {100 * designs.near:.3g} % of it"),
    ]


def _note(designs: Designs, span: tuple[float, float]) -> str:
    """How many tables there are, and what is not in the picture."""
    parts = [f"{designs.designs[0].score.replications} drawn tables each, {designs.model}."]
    outside = sum(int(((e < span[0]) | (e > span[1])).sum()) for e in map(_given, designs.designs))
    missing = sum(each.score.not_estimable for each in designs.designs)
    if outside:
        parts.append(f"{outside} estimate{'s' * (outside != 1)} lie{'s' * (outside == 1)} beyond the axis.")
    if missing:
        parts.append(
            f"{missing} table{'s' * (missing != 1)} gave no estimate and count{'s' * (missing == 1)} as not near."
        )
    return " ".join(parts)
