"""The picture that suits a sensitivity: a curve over a number, a surface over two, or rows."""

from __future__ import annotations

from math import isfinite

from matplotlib.axes import Axes

from estimation.charts.curve import plot_curve
from estimation.charts.surface import plot_surface
from estimation.charts.tornado import plot_tornado
from estimation.sensitivity.alternatives import Sensitivity

__all__ = ["plot_sensitivity"]

_WIDE = 8.0
"""Values of which the largest is so many times the smallest are spread on a log axis."""


def plot_sensitivity(
    sensitivity: Sensitivity, ax: Axes | None = None, *, level: float = 0.95, counted: str = "people"
) -> Axes:
    """A sensitivity as a surface where two things change, a curve over three numbers or more, and rows otherwise.

    Parameters
    ----------
    sensitivity : Sensitivity
        A question with its answers.
    ax : Axes, optional
        Where to draw; without it, a figure of its own.
    level : float
        Level of the intervals.
    counted : str
        What is counted, for the label of the axis.

    Returns
    -------
    Axes
        The axes drawn on.

    Examples
    --------
    >>> import estimation as mse
    >>> table = mse.CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> graphs = mse.models.DecomposableGraphs()
    >>> over = mse.sensitivity.vary_setting(table, "delta", [1 / 64, 1 / 8, 1], model=graphs, rng=1)
    >>> [tick.get_text() for tick in mse.charts.plot_sensitivity(over).get_xticklabels()]
    ['1/64', '1/8', '1']
    """
    values = [alternative.value for alternative in sensitivity.alternatives]
    if all(isinstance(value, tuple) for value in values):
        return plot_surface(sensitivity, ax, level=level, counted=counted)
    numbers = {value for value in values if not isinstance(value, tuple) and isfinite(value)}
    if len(numbers) < 3 or len(numbers) < len(values):
        return plot_tornado(sensitivity, ax, level=level, counted=counted)
    wide = min(numbers) > 0 and max(numbers) / min(numbers) >= _WIDE
    return plot_curve(sensitivity, ax, scale="log" if wide else "linear", level=level, counted=counted)
