"""A prior distribution of N, as it is stated: its density and its cumulative probability."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from estimation.capture.table import FloatArray
from estimation.charts.drawing.frame import count_axis, framed, line_of_observed, mark
from estimation.charts.drawing.theme import ACCENT, DASHED, GREY, INK, MARKED, drawing, inches_wide
from estimation.charts.drawing.words import persons, persons_label
from estimation.models.graphs.prior_on_n import PriorOnN, parse_prior_on_n

__all__ = ["plot_prior_on_n"]

_HEIGHT = 2.0
"""Of the picture without its ticks and the words below it.  Unit: inches."""
_FILL = "#c7dfee"
_POINTS = 4000
_SHARES = (0.5, 0.9)


def plot_prior_on_n(
    prior_on_n: str, ax: Axes | None = None, *, n_observed: int | None = None, counted: str = "people"
) -> Axes:
    """The density and the cumulative probability of a prior on N, with the median and the number that 90 % is below.

    Parameters
    ----------
    prior_on_n : str
        The prior as in `estimation.models.DecomposableGraphs`, for example ``"log-normal(8000, 20000)"``.
    ax : Axes, optional
        Where to draw; without it, a figure of its own.
    n_observed : int, optional
        The people on at least one list, to mark them; N cannot be below.  Unit: persons.
    counted : str
        What is counted, for the label of the axis.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        When the text names no prior, or one that is no distribution: 1/N and flat without an upper bound.

    Examples
    --------
    >>> import estimation as mse
    >>> chart = mse.charts.plot_prior_on_n("log-normal(8000, 20000)", n_observed=4400)
    >>> [round(float(line.get_xdata()[0])) for line in chart.get_lines() if line.get_gid() == "quantile"]
    [8000, 20000]
    """
    prior = parse_prior_on_n(prior_on_n)
    if not prior.is_proper:
        raise ValueError(
            f'{prior_on_n!r} is no distribution and has nothing to draw; state an upper bound (" up to M"), or a prior '
            "by its median and the number that N is below with probability 90 %: log-normal(median, upper 90 %)"
        )
    people, density = _density(prior)
    below = np.cumsum(density) / density.sum()
    found = [float(people[np.searchsorted(below, share)]) for share in _SHARES]
    if prior.kind == "log-normal" and prior.upper is None:
        found = [prior.median, prior.percentile_90]
    with drawing():
        handles: list[Artist] = [
            Patch(facecolor=_FILL, edgecolor=ACCENT, label="Prior density (left, scaled to its peak)"),
            mark("Prior probability of at most so many (right)", INK, line=DASHED, width=1.2),
            mark(f"Half below {persons(found[0])}; 90 % below {persons(found[1])}", MARKED, line="-", width=1.2),
        ]
        if n_observed is not None:
            handles.append(line_of_observed(n_observed))
        width = inches_wide(ax)
        ax = framed(ax, _HEIGHT, persons_label(counted), handles, width=width, note=_note(people, below, n_observed))
        ax.fill_between(people, density / density.max(), color=_FILL, linewidth=0)
        ax.plot(people, density / density.max(), "-", color=ACCENT, linewidth=1.6)
        for place, share in zip(found, _SHARES, strict=True):
            ax.plot([place, place], [0, share], "-", color=MARKED, linewidth=1.2, gid="quantile")
        if n_observed is not None:
            ax.axvline(n_observed, color=INK, linestyle=DASHED, linewidth=1.0)
        ax.plot(people, below, color=INK, linestyle=DASHED, linewidth=1.2)
        _axes(ax, people, below, n_observed, max(int(width / 1.1), 2))
    return ax


def _density(prior: PriorOnN) -> tuple[FloatArray, FloatArray]:
    """Values of N, equally spaced, with the density there."""
    if prior.kind == "log-normal":
        end = prior.median * float(np.exp(3.5 * prior.log_sd))
    elif prior.kind == "gamma-poisson":
        end = prior.shape * prior.scale + 6 * float(np.sqrt(prior.shape * prior.scale * (1 + prior.scale)))
    else:
        end = float(prior.upper or 1)
    people = np.linspace(min(1.0, end / _POINTS), end if prior.upper is None else min(end, prior.upper), _POINTS)
    log_density = prior.log_density(people)
    density: FloatArray = np.exp(log_density - log_density.max())
    return people, density


def _note(people: FloatArray, below: FloatArray, n_observed: int | None) -> str:
    if n_observed is None:
        return ""
    share = float(below[np.searchsorted(people, n_observed) - 1]) if n_observed > people[0] else 0.0
    return (
        f"{100 * share:.0f} % of this prior lies below the {persons(n_observed)} people observed, where N cannot be; "
        "the model uses what is left of it."
    )


def _axes(ax: Axes, people: FloatArray, below: FloatArray, n_observed: int | None, ticks: int) -> None:
    end = float(people[np.searchsorted(below, 0.985)])
    ax.set_xlim(0, max(end, 1.15 * (n_observed or 0)))
    ax.set_ylim(0, 1.04)
    ax.set_yticks([])
    ax.set_ylabel("Prior density")
    count_axis(ax.xaxis, ticks)
    right = ax.twinx()
    right.set_ylim(ax.get_ylim())
    right.yaxis.set_major_formatter(PercentFormatter(1.0))
    right.set_ylabel("Probability of at most so many", color=GREY)
