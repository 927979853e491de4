"""N before the lists were looked at, beside N with them: how far the data moved the answer from its prior."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from estimation.capture.table import FloatArray, IntArray
from estimation.charts.drawing.theme import (
    ACCENT,
    GREY,
    INK,
    SMALL,
    drawing,
    inches_wide,
    new_axes,
    persons,
    persons_label,
    text_inches,
    wrapped,
)
from estimation.results.estimates import Estimate, Result
from estimation.results.totals import Point

__all__ = ["plot_prior_predictive"]

_HEIGHT = 3.3
_INNER = 0.5
_FURTHEST = 30.0
"""The axis ends at this many times the posterior's upper end, however far the prior goes on."""
_NICE = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)


def plot_prior_predictive(
    result: Result, before: IntArray, ax: Axes | None = None, *, level: float = 0.95, counted: str = "people"
) -> Axes:
    """The prior of N, given only how many people were seen, and below it the posterior, given their lists.

    The prior p(N) ~ 1/N of the total itself has no sum and cannot be drawn.  What is drawn first is what the priors of
    the capture probabilities and of the classes make of it once it is known how many were seen.

    Parameters
    ----------
    result : Estimate or NotEstimable
        What the model says with the lists.
    before : int array, shape (draws,)
        Draws of N given only how many were seen, as `estimation.models.latent_class.gibbs.LatentClass.prior_total`
        gives them.  Unit: persons.
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
    """
    total = result.total if isinstance(result, Estimate) else None
    if isinstance(total, Point):
        raise ValueError(f"{result.title} is a classical estimate: it has no prior to draw beside it")
    n_observed = result.n_observed
    if n_observed == 0:
        raise ValueError("nobody was observed, so there is no number for each one seen to draw")
    tail = (1 - level) / 2
    at = (tail, (1 - _INNER) / 2, 0.5, (1 + _INNER) / 2, 1 - tail)
    prior = np.quantile(before, at)
    posterior = None if total is None else np.array([total.quantile(q) for q in at])
    with drawing():
        width = inches_wide(ax)
        if ax is None:
            ax = new_axes(_HEIGHT)
        right = _right(prior, posterior)
        ax.set_xscale("log")
        ax.set_xlim(n_observed / (right / n_observed) ** 0.03, right)
        ax.set_ylim(1.65, -0.65)
        ax.set_yticks([])
        ax.axvline(n_observed, color=INK, linestyle=(0, (4, 3)), linewidth=1.0)
        _row(
            ax, 0.0, f"Before the lists: given only that {n_observed:,} were seen", prior, n_observed, GREY, "s", width
        )
        if posterior is None:
            _say(ax, 1.0, f"With the lists: not estimable by {result.title}", width)
        else:
            _row(ax, 1.0, f"With the lists: {result.title}", posterior, n_observed, ACCENT, "o", width)
        _axes_of_people(ax, n_observed, right, 0.85 * width)
        said = f"{persons_label(counted)[:-1]}; log scale)"
        marks = (
            f"Point: median. Thick bar: {_INNER * 100:g} %, thin bar: {level * 100:g} % credible interval. "
            "The prior of the total itself, 1/N, has no sum and cannot be drawn: the upper bars are what the prior of "
            "the capture probabilities makes of the number seen."
        )
        ax.set_xlabel(wrapped(said, width - 0.6, 9) + "\n" + wrapped(marks, width - 0.6, 9))
    return ax


def _right(prior: FloatArray, posterior: FloatArray | None) -> float:
    """Upper end of the axis, on which the posterior always fits and the prior unless it goes on too far."""
    if posterior is None:
        return float(1.15 * prior[-1])
    return float(1.15 * max(posterior[-1], min(prior[-1], _FURTHEST * posterior[-1])))


def _row(
    ax: Axes, y: float, label: str, quantiles: FloatArray, n_observed: int, colour: str, marker: str, width: float
) -> None:
    """Draw nested intervals with their median, what they are above them and their numbers below."""
    right = ax.get_xlim()[1]
    lower, inner_lower, median, inner_upper, upper = quantiles.tolist()
    ax.plot([lower, min(upper, right)], [y, y], "-", color=colour, linewidth=1.8, solid_capstyle="butt")
    ax.plot([inner_lower, min(inner_upper, right)], [y, y], "-", color=colour, linewidth=7, solid_capstyle="butt")
    if upper > right:
        ax.plot([right], [y], ">", color=colour, markersize=7, clip_on=False)
    ax.plot([min(median, right)], [y], marker, color=colour, markerfacecolor="white", markersize=7, zorder=3)
    _say(ax, y, label, width)
    times = [f"{q / n_observed:.3g}" for q in (median, lower, upper)]
    people = f"{persons(median)} ({persons(lower)} to {persons(upper)})"
    per_seen = f"{times[0]} ({times[1]} to {times[2]}) for each one seen"
    fits = text_inches(f"{people}; {per_seen}") < width - 0.8
    _write(ax, y, 0.14, f"{people}; {per_seen}" if fits else f"{people};\n{per_seen}", SMALL)


def _say(ax: Axes, y: float, label: str, width: float) -> None:
    _write(ax, y, -0.17, wrapped(label, width - 0.8, 9), 9)


def _write(ax: Axes, y: float, below: float, text: str, size: float) -> None:
    """Write to the right of the line of those observed, so that the line crosses no word."""
    ax.annotate(
        text,
        (0.045, y + below),
        xycoords=("axes fraction", "data"),
        va="top" if below > 0 else "bottom",
        fontsize=size,
        color=INK,
    )


def _axes_of_people(ax: Axes, n_observed: int, right: float, width: float) -> None:
    """Log axes of persons below and of people for each one seen above, with round ticks, as many as fit."""
    inches_per_log = width / np.log(ax.get_xlim()[1] / ax.get_xlim()[0])
    below = _ticks(n_observed, right, inches_per_log, persons)
    ax.set_xticks(below, [persons(tick) for tick in below])
    ax.xaxis.set_minor_locator(NullLocator())

    def per_seen(people: npt.ArrayLike) -> FloatArray:
        return np.asarray(people, dtype=np.float64) / n_observed

    def people_of(times: npt.ArrayLike) -> FloatArray:
        return np.asarray(times, dtype=np.float64) * n_observed

    top = ax.secondary_xaxis("top", functions=(per_seen, people_of))
    above = _ticks(1.0, right / n_observed, inches_per_log, lambda times: f"{times:g}")
    top.set_xticks(above, [f"{tick:g}" for tick in above])
    top.xaxis.set_minor_locator(NullLocator())
    top.tick_params(labelsize=SMALL)
    top.set_xlabel(f"For each one seen (dashed: the {n_observed:,} observed)", fontsize=SMALL)


def _ticks(low: float, high: float, inches_per_log: float, name: Callable[[float], str]) -> list[float]:
    """Round values from low to high whose names do not touch, the roundest first."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    half: dict[float, float] = {}
    for wanted in ((1.0,), (2.0, 5.0), (3.0, 1.5), _NICE):
        for tick in (m * 10.0**p for p in powers for m in wanted):
            if tick in half or not low <= tick <= high:
                continue
            wide = text_inches(name(tick)) / 2
            if all(inches_per_log * abs(np.log(tick / t)) > wide + taken + 0.12 for t, taken in half.items()):
                half[tick] = wide
    return sorted(half)
