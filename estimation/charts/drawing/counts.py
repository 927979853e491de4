"""Counts on a log scale: a point each, with the limits of its sampling error."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from scipy.special import chdtri

from estimation.capture.table import FloatArray, IntArray
from estimation.charts.drawing.log_axis import log_axis
from estimation.charts.drawing.theme import ACCENT

__all__ = ["draw_counts", "people_axis"]

_LEVEL = 0.95


def draw_counts(ax: Axes, places: IntArray, counts: IntArray, units: FloatArray) -> None:
    """Draw counts, each divided by its unit, with exact 95 % Poisson limits; a count of 0 has no place.

    Parameters
    ----------
    ax : Axes
        With a log scale below.
    places : int array, shape (P,)
        Where each count stands.
    counts : int array, shape (P,)
        Unit: persons.
    units : float array, shape (P,)
        What each is divided by.
    """
    tail = (1 - _LEVEL) / 2
    for place, count, unit in zip(places.tolist(), counts.tolist(), units.tolist(), strict=True):
        if count:
            low, high = chdtri(2 * count, 1 - tail) / 2, chdtri(2 * count + 2, tail) / 2
            ax.plot([place, place], [low / unit, high / unit], "-", color=ACCENT, linewidth=1.4, zorder=2)
            ax.plot([place], [count / unit], "o", color=ACCENT, markersize=5.5, zorder=3)


def people_axis(ax: Axes, values: FloatArray, inches: float) -> None:
    """Make the vertical axis a log scale of persons that holds the values above 0."""
    above = values[values > 0]
    low, high = (float(above.min()), float(above.max())) if above.size else (1.0, 10.0)
    ax.set_yscale("log")
    ax.set_ylim(low / 2.2, high * 1.8)
    log_axis(ax.yaxis, low / 2.2, high * 1.8, inches, _people)
    ax.grid(axis="y")


def _people(value: float) -> str:
    """A number of persons, or a part of one.

    Examples
    --------
    >>> _people(1200.0), _people(0.5), _people(2.0)
    ('1,200', '0.5', '2')
    """
    return f"{value:,.0f}" if value >= 1 and np.isclose(value, round(value)) else f"{value:g}"
