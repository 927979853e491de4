"""The picture that suits a sensitivity: a curve over a number, a surface over two, or rows."""

from __future__ import annotations

from math import isfinite

from matplotlib.axes import Axes

from estimation.charts.curve import plot_curve
from estimation.charts.surface import plot_surface
from estimation.charts.tornado import plot_tornado
from estimation.sensitivity.alternatives import Sensitivity

__all__ = ["plot_sensitivity"]

_FEWEST = 3
"""Fewer alternatives are rows, which have the numbers beside them."""
_WIDE = 8.0
"""Values of which the largest is so many times the smallest are spread on a log axis."""


def plot_sensitivity(
    sensitivity: Sensitivity, ax: Axes | None = None, *, level: float = 0.95, counted: str = "people"
) -> Axes:
    """A sensitivity as a surface where two things change, a curve over three numbers or more, and rows otherwise.

    Known sizes of lists (`mse.sensitivity.consistency`) are rows here; `plot_consistency` has them as ratios.

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
    if all(isinstance(alternative.value, tuple) for alternative in sensitivity.alternatives):
        return plot_surface(sensitivity, ax, level=level, counted=counted)
    places = _places(sensitivity)
    if not places:
        return plot_tornado(sensitivity, ax, level=level, counted=counted)
    wide = places[0] > 0 and places[-1] / places[0] >= _WIDE
    return plot_curve(sensitivity, ax, scale="log" if wide else "linear", level=level, counted=counted)


def _places(sensitivity: Sensitivity) -> list[float]:
    """The values that a curve would go over, the baseline's own among them; none where there is no curve.

    A curve has one answer at each of three values or more.  It passes through the baseline, or at least counts the same
    people: the known sizes of lists, for example, are values too, and no line joins them.
    """
    values = [a.value for a in sensitivity.alternatives if not isinstance(a.value, tuple) and isfinite(a.value)]
    if len(set(values)) < max(len(sensitivity.alternatives), _FEWEST):
        return []
    own, baseline = sensitivity.baseline_value, sensitivity.baseline
    if not isinstance(own, tuple) and isfinite(own):
        return sorted({*values, own})
    same = all(alternative.result.n_observed == baseline.n_observed for alternative in sensitivity.alternatives)
    return sorted(values) if same else []
