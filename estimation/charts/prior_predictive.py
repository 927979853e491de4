"""The prior of N beside its posterior: how far the lists moved the answer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from estimation.capture.table import FloatArray, IntArray
from estimation.charts.drawing.frame import line_of_observed, mark
from estimation.charts.drawing.log_axis import log_axis
from estimation.charts.drawing.row_axes import axes_of_rows, draw_marks
from estimation.charts.drawing.row_places import plan_rows
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import ACCENT, DASHED, GREY, INK, drawing, inches_wide
from estimation.charts.drawing.words import SMALL, persons, persons_label
from estimation.results.estimates import Estimate, Result
from estimation.results.totals import Point

__all__ = ["plot_prior_predictive"]

_MARK = 0.3
"""Height of the bars of a row.  Unit: inches."""
_FACTORS = 0.45
"""Height of the axis of expansion factors.  Unit: inches."""
_INNER = 0.5
_FURTHEST = 30.0
"""The axis ends at this many times the posterior's upper end, however far the prior goes on."""
_IMPROPER = (
    "The prior 1/N of the total is improper and cannot be drawn: the upper row is what the prior on the capture "
    "probabilities makes of the number observed."
)


def plot_prior_predictive(
    result: Result, before: IntArray, ax: Axes | None = None, *, level: float = 0.95, counted: str = "people"
) -> Axes:
    """The prior of N, given only how many people were observed, and below it the posterior, given their lists.

    The prior p(N) ~ 1/N of the total itself is improper and cannot be drawn.  What is drawn first is what the priors on
    the capture probabilities and on the classes make of it once it is known how many were observed.

    Parameters
    ----------
    result : Estimate or NotEstimable
        What the model says with the lists.
    before : int array, shape (draws,)
        Draws of N given only how many were observed, from `mse.models.LatentClass.prior_total`.  Unit: persons.
    ax : Axes, optional
        Where to draw; without it, a figure of its own.
    level : float
        Level of the outer intervals; the inner ones have 50 %.
    counted : str
        What is counted, for the label of the axis.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        For a classical estimate, which has no prior, or when nobody was observed.

    References
    ----------
    Gabry and others (2019), Visualization in Bayesian workflow, J. R. Stat. Soc. A 182:389-402.

    Examples
    --------
    >>> import numpy as np
    >>> import estimation as mse
    >>> result = mse.models.DecomposableGraphs().fit(mse.load_table("uk"), rng=1)
    >>> before = np.random.default_rng(1).integers(2744, 40_000, size=1000)  # in the place of a model's own
    >>> [label.get_text() for label in mse.charts.plot_prior_predictive(result, before).get_yticklabels()]
    ['Prior, given 2,744 observed', 'Posterior: Decomposable graphs']
    """
    total = result.total if isinstance(result, Estimate) else None
    if isinstance(total, Point):
        raise ValueError(f"{result.title} is a classical estimate: it has no prior to draw beside it")
    n_observed = result.n_observed
    if n_observed == 0:
        raise ValueError("nobody was observed, so there is no expansion factor N/n to draw")
    tail = (1 - level) / 2
    at = (tail, (1 - _INNER) / 2, 0.5, (1 + _INNER) / 2, 1 - tail)
    prior = np.quantile(before, at)
    posterior = None if total is None else np.array([total.quantile(q) for q in at])
    with drawing():
        width = inches_wide(ax)
        rows = [
            _row(f"Prior, given {persons(n_observed)} observed", prior, n_observed),
            _row(f"Posterior: {result.title}", posterior, n_observed),
        ]
        plan = plan_rows(rows, width, heights=[_MARK] * 2, header=0.05)
        name = persons_label(counted).replace("(persons)", "(persons; log scale)")
        ax = axes_of_rows(ax, rows, plan, name, _handles(n_observed, level), above=_FACTORS, note=_IMPROPER)
        _axes_of_people(ax, n_observed, _right(prior, posterior), plan.plot_width)
        draw_marks(ax, rows, plan)
        for quantiles, place, look in zip((prior, posterior), plan.places, ((GREY, "s"), (ACCENT, "o")), strict=True):
            if quantiles is not None:
                _draw_bars(ax, place.middle, quantiles, *look)
    return ax


def _right(prior: FloatArray, posterior: FloatArray | None) -> float:
    """Upper end of the axis, on which the posterior always fits and the prior unless it goes on too far."""
    if posterior is None:
        return float(1.15 * prior[-1])
    return float(1.15 * max(posterior[-1], min(prior[-1], _FURTHEST * posterior[-1])))


def _row(label: str, quantiles: FloatArray | None, n_observed: int) -> Row:
    """The median with the outer interval, as a number of persons and as an expansion factor."""
    if quantiles is None:
        return Row(label, remark="not estimable")
    lower, _, median, _, upper = quantiles.tolist()
    people = f"{persons(median)} ({persons(lower)} to {persons(upper)})"
    factors = [_factor(quantile / n_observed) for quantile in (median, lower, upper)]
    return Row(label, numbers=f"{people}\nN/n {factors[0]} ({factors[1]} to {factors[2]})")


def _factor(value: float) -> str:
    """An expansion factor with three figures that matter.

    Examples
    --------
    >>> _factor(1.0), _factor(2.3716), _factor(72032.0)
    ('1.00', '2.37', '72,032')
    """
    return f"{value:.2f}" if value < 10 else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def _draw_bars(ax: Axes, y: float, quantiles: FloatArray, colour: str, marker: str) -> None:
    """Draw nested intervals with their median; an arrow where the outer one goes on beyond the axis."""
    right = ax.get_xlim()[1]
    lower, inner_lower, median, inner_upper, upper = quantiles.tolist()
    ax.plot([lower, min(upper, right)], [y, y], "-", color=colour, linewidth=1.8, solid_capstyle="butt")
    ax.plot([inner_lower, min(inner_upper, right)], [y, y], "-", color=colour, linewidth=7, solid_capstyle="butt")
    if upper > right:
        ax.plot([right], [y], ">", color=colour, markersize=7, clip_on=False)
    ax.plot([min(median, right)], [y], marker, color=colour, markerfacecolor="white", markersize=6, zorder=3)


def _handles(n_observed: int, level: float) -> list[Artist]:
    return [
        mark("Median", GREY, marker="o", filling="white"),
        mark(f"{_INNER * 100:g} % credible interval", GREY, line="-", width=5),
        mark(f"{level * 100:g} % credible interval", GREY, line="-"),
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
