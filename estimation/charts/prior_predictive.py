"""The prior of N/n beside its posterior, for each prior that a model was fitted with: how far the lists moved it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from estimation.capture.table import FloatArray
from estimation.charts.drawing.frame import line_of_observed, mark
from estimation.charts.drawing.log_axis import log_axis
from estimation.charts.drawing.row_axes import axes_of_rows, draw_marks
from estimation.charts.drawing.row_places import plan_rows
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import ACCENT, DASHED, GREY, INK, drawing, inches_wide
from estimation.charts.drawing.words import SMALL, persons, persons_label
from estimation.models.prior_and_posterior import PRIOR_AND_POSTERIOR
from estimation.results.estimates import Result

__all__ = ["plot_prior_predictive"]

_MARK = 0.14
"""Height of the bar of a row.  Unit: inches."""
_FACTORS = 0.45
"""Height of the axis of expansion factors.  Unit: inches."""
_FURTHEST = 10.0
"""The axis ends at this many times the posteriors' upper ends, however far a prior goes on."""
_GIVEN = (
    "The prior is what the model's priors make of the total once it is known how many people were observed, and "
    "nothing else about the lists."
)


@dataclass(frozen=True, slots=True)
class _Bar:
    """Median and 95 % interval of the expansion factor; ends that are no longer numbers are infinite."""

    lower: float
    median: float
    upper: float

    def __str__(self) -> str:
        return f"N/n {_factor(self.median)} ({_factor(self.lower)} to {_factor(self.upper)})"


def plot_prior_predictive(result: Result, ax: Axes | None = None, *, counted: str = "people") -> Axes:
    """The prior of N, given only how many people were observed, and the posterior, given their lists.

    A pair of rows for each prior that the result has in its table "Prior and posterior of N/n": the model's own first.

    Parameters
    ----------
    result : Estimate or NotEstimable
        What a Bayesian model says.
    ax : Axes, optional
        Where to draw; without it, a figure of its own.
    counted : str
        What is counted, for the label of the axis.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        When the result has no such table, as a classical estimate.

    References
    ----------
    Gabry and others (2019), Visualization in Bayesian workflow, J. R. Stat. Soc. A 182:389-402.

    Examples
    --------
    >>> import estimation as mse
    >>> result = mse.models.NoHighestOrderInteraction().fit(mse.load_table("kosovo"), rng=1)
    >>> [label.get_text() for label in mse.charts.plot_prior_predictive(result).get_yticklabels()]
    ['Prior', 'Posterior']
    """
    found = next((table.rows for table in result.tables if table.title == PRIOR_AND_POSTERIOR), ())
    if not found:
        raise ValueError(f"{result.title} has no table of its prior and posterior, so there is nothing to draw")
    n_observed = result.n_observed
    bars = [(str(row[0]), _bar(row[1:4]), _bar(row[4:7])) for row in found]
    with drawing():
        width = inches_wide(ax)
        rows = [row for label, prior, posterior in bars for row in _rows(label, prior, posterior)]
        drawn = [bar for _, prior, posterior in bars for bar in (None, prior, posterior)]
        plan = plan_rows(rows, width, heights=[_MARK] * len(rows), header=0.05)
        name = persons_label(counted).replace("(persons)", "(persons; log scale)")
        ax = axes_of_rows(ax, rows, plan, name, _handles(n_observed), above=_FACTORS, note=_GIVEN)
        _axes_of_people(ax, n_observed, n_observed * _right(bars), plan.plot_width)
        draw_marks(ax, rows, plan)
        for row, bar, place in zip(rows, drawn, plan.places, strict=True):
            if bar is not None:
                colour, marker = (GREY, "s") if row.label == "Prior" else (ACCENT, "o")
                _draw_bar(ax, place.middle, bar, n_observed, colour, marker)
    return ax


def _bar(cells: tuple[str | int | float, ...]) -> _Bar | None:
    """Quantiles from a table; None where there is no estimate."""
    if "not estimable" in cells:
        return None
    return _Bar(*(inf if isinstance(cell, str) else float(cell) for cell in cells))


def _rows(label: str, prior: _Bar | None, posterior: _Bar | None) -> list[Row]:
    return [
        Row(label[:1].upper() + label[1:], kind="heading"),
        Row("Prior", numbers="" if prior is None else str(prior)),
        Row("Posterior", remark="not estimable") if posterior is None else Row("Posterior", numbers=str(posterior)),
    ]


def _right(bars: list[tuple[str, _Bar | None, _Bar | None]]) -> float:
    """Upper end of the axis, on which posteriors always fit and priors unless they go on too far."""
    posteriors = [bar.upper for _, _, bar in bars if bar is not None and np.isfinite(bar.upper)]
    priors = [bar.upper for _, bar, _ in bars if bar is not None and np.isfinite(bar.upper)]
    most = _FURTHEST * max(posteriors, default=_FURTHEST)
    return float(1.15 * max([1.1, *posteriors, *(min(upper, most) for upper in priors)]))


def _factor(value: float) -> str:
    """An expansion factor with three figures that matter.

    Examples
    --------
    >>> _factor(1.0), _factor(2.3716), _factor(72032.0), _factor(inf)
    ('1.00', '2.37', '72,032', 'above 10,000')
    """
    if value == inf:
        return "above 10,000"
    return f"{value:.2f}" if value < 10 else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def _draw_bar(ax: Axes, y: float, bar: _Bar, n_observed: int, colour: str, marker: str) -> None:
    """Draw an interval with its median; an arrow where it goes on beyond the axis."""
    right = ax.get_xlim()[1]
    lower, median, upper = (n_observed * factor for factor in (bar.lower, bar.median, bar.upper))
    ax.plot([min(lower, right), min(upper, right)], [y, y], "-", color=colour, linewidth=3.5, solid_capstyle="butt")
    if upper > right:
        ax.plot([right], [y], ">", color=colour, markersize=7, clip_on=False)
    if median <= right:
        ax.plot([median], [y], marker, color=colour, markerfacecolor="white", markersize=6, zorder=3)


def _handles(n_observed: int) -> list[Artist]:
    return [
        mark("Prior: median and 95 % interval", GREY, marker="s", filling="white", line="-", width=3.5),
        mark("Posterior: median and 95 % interval", ACCENT, marker="o", filling="white", line="-", width=3.5),
        line_of_observed(n_observed),
    ]


def _axes_of_people(ax: Axes, n_observed: int, right: float, inches: float) -> None:
    """Log axes of persons below and of expansion factors above."""
    ax.set_xscale("log")
    ax.set_xlim(n_observed / (right / n_observed) ** 0.03, right)
    ax.axvline(n_observed, color=INK, linestyle=DASHED, linewidth=1.0)
    log_axis(ax.xaxis, n_observed, right, inches, persons)
    ax.grid(axis="x")

    def factor_of(people: npt.ArrayLike) -> FloatArray:
        return np.asarray(people, dtype=np.float64) / n_observed

    def people_of(factors: npt.ArrayLike) -> FloatArray:
        return np.asarray(factors, dtype=np.float64) * n_observed

    top = ax.secondary_xaxis("top", functions=(factor_of, people_of))
    top.set_xlim(*factor_of(ax.get_xlim()))
    log_axis(top.xaxis, 1.0, right / n_observed, inches, lambda factor: f"{factor:g}")
    top.tick_params(labelsize=SMALL)
    top.set_xlabel("Expansion factor N/n", fontsize=SMALL)
