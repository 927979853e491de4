"""How much people differ in a scenario: the probability of being on each list, over people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from estimation.capture.table import FloatArray
from estimation.charts.drawing.frame import mark
from estimation.charts.drawing.row_axes import axes_of_rows
from estimation.charts.drawing.row_places import plan_rows
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import ACCENT, GREY, INK, drawing, inches_wide

if TYPE_CHECKING:
    from estimation.simulation.scenario import Scenario

__all__ = ["plot_capture_probabilities"]

_ROW = 0.16
_SHARES = (0.05, 0.1, 0.5, 0.9, 0.95)


def plot_capture_probabilities(scenario: Scenario, ax: Axes | None = None, *, counted: str = "people") -> Axes:
    """The capture probability on each list over all people of a scenario: its median, and where 80 and 90 % lie.

    Parameters
    ----------
    scenario : Scenario
        The population and its lists, for example of a design with people who differ.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    counted : str
        Who is recorded, for the label of the axis.

    Returns
    -------
    Axes
        The axes drawn on.

    Examples
    --------
    >>> import estimation as mse
    >>> chart = mse.charts.plot_capture_probabilities(mse.simulation.load_scenario("two_hidden_classes"))
    >>> chart.get_xlabel()
    'Probability that a person is on the list (over all people)'
    """
    people = np.array([group.people for group in scenario.groups])
    capture = np.array([group.capture for group in scenario.groups])
    ends = [_quantiles(capture[:, j], people) for j in range(len(scenario.lists))]
    with drawing():
        width = inches_wide(ax)
        rows = [
            Row(name, numbers=f"{100 * found[2]:.0f} % ({100 * found[0]:.0f} to {100 * found[4]:.0f} %)")
            for name, found in zip(scenario.lists, ends, strict=True)
        ]
        plan = plan_rows(rows, width, heights=[_ROW] * len(rows), header=0.03)
        name = f"Probability that a person is on the list (over all {counted})"
        ax = axes_of_rows(ax, rows, plan, name, _handles())
        ax.set_xlim(0, min(1.0, 1.08 * max(found[4] for found in ends)))
        ax.xaxis.set_major_formatter(PercentFormatter(1.0))
        ax.grid(axis="x")
        for found, place in zip(ends, plan.places, strict=True):
            ax.plot(found[[0, 4]], [place.mark] * 2, "-", color=GREY, linewidth=1.2, zorder=2)
            ax.plot(found[[1, 3]], [place.mark] * 2, "-", color=ACCENT, linewidth=4, solid_capstyle="butt", zorder=2.1)
            ax.plot([found[2]], [place.mark], "o", color=INK, markersize=5, zorder=3)
    return ax


def _quantiles(values: FloatArray, people: FloatArray) -> FloatArray:
    """The values below which so many people lie."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(people[order]) / people.sum()
    found: FloatArray = values[order][np.minimum(np.searchsorted(reached, _SHARES), len(values) - 1)]
    return found


def _handles() -> list[Artist]:
    return [
        mark("The median person", INK, marker="o"),
        mark("80 % of people", ACCENT, line="-", width=4),
        mark("90 % of people", GREY, line="-", width=1.2),
    ]
