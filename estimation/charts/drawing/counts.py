"""Counts on a log scale: a point each with the limits of its sampling error, and what models expect as lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.typing import LineStyleType
from scipy.special import chdtri

from estimation.capture.table import FloatArray, IntArray
from estimation.charts.drawing.frame import BESIDE, framed, mark
from estimation.charts.drawing.log_axis import log_axis
from estimation.charts.drawing.theme import ACCENT, inches_wide
from estimation.charts.drawing.words import wrapped

__all__ = ["ExpectedCounts", "axes_of_counts"]

_LEVEL = 0.95
_HEIGHT = 2.3
"""Of the picture without its ticks and the words below it.  Unit: inches."""
_LINE = 1.2
_NAME = 9.0
"""Type of the name of an axis.  Unit: points."""


@dataclass(frozen=True, slots=True)
class ExpectedCounts:
    """What a model expects in the place of each count, drawn as a line.

    Parameters
    ----------
    label : str
        The model in the legend.
    values : float array, shape (P,)
        Unit: persons, or persons per unit.
    line : LineStyleType
        Its line.
    colour : str
        Its colour.
    """

    label: str
    values: FloatArray
    line: LineStyleType
    colour: str


def axes_of_counts(
    ax: Axes | None,
    counts: IntArray,
    units: FloatArray,
    expected: Sequence[ExpectedCounts],
    *,
    counted: str,
    names: tuple[str, str],
    note: str,
) -> Axes:
    """Axes with counts at 1, 2 ... P, each divided by its unit, and lines of what is expected.

    Parameters
    ----------
    ax : Axes or None
        The caller's axes; without them, axes on a figure of their own.
    counts : int array, shape (P,)
        Unit: persons.  A count of 0 has no place on a log scale.
    units : float array, shape (P,)
        What each count is divided by.
    expected : sequence of ExpectedCounts
        Lines, already divided by the units.
    counted : str
        What is counted.
    names : tuple of str
        Names of the lower and of the vertical axis.
    note : str
        What is printed below.
    """
    width = inches_wide(ax)
    handles = [mark(f"{counted.capitalize()} observed, with 95 % limits", ACCENT, marker="o")]
    handles += [mark(each.label, each.colour, line=each.line, width=_LINE) for each in expected]
    lower = wrapped(names[0], width - BESIDE, _NAME)
    ax = framed(ax, _HEIGHT, lower, handles, width=width, note=note)
    places = np.arange(1, len(counts) + 1)
    for each in expected:
        ax.plot(places, each.values, color=each.colour, linestyle=each.line, linewidth=_LINE, zorder=1.5)
    _draw_counts(ax, places, counts, units)
    ax.set_xlim(0.6, len(places) + 0.4)
    _people_axis(ax, np.concatenate([counts / units, *(each.values for each in expected)]))
    ax.set_ylabel(wrapped(names[1], _HEIGHT, _NAME))
    return ax


def _draw_counts(ax: Axes, places: IntArray, counts: IntArray, units: FloatArray) -> None:
    """Each count divided by its unit, with exact 95 % Poisson limits."""
    tail = (1 - _LEVEL) / 2
    for place, count, unit in zip(places.tolist(), counts.tolist(), units.tolist(), strict=True):
        if count:
            low, high = chdtri(2 * count, 1 - tail) / 2, chdtri(2 * count + 2, tail) / 2
            ax.plot([place, place], [low / unit, high / unit], "-", color=ACCENT, linewidth=1.4, zorder=2)
            ax.plot([place], [count / unit], "o", color=ACCENT, markersize=5.5, zorder=3)


def _people_axis(ax: Axes, values: FloatArray) -> None:
    """Make the vertical axis a log scale of persons that holds the values above 0."""
    above = values[values > 0]
    low, high = (float(above.min()), float(above.max())) if above.size else (1.0, 10.0)
    ax.set_yscale("log")
    ax.set_ylim(low / 2.2, high * 1.8)
    log_axis(ax.yaxis, low / 2.2, high * 1.8, _HEIGHT, _people)
    ax.grid(axis="y")


def _people(value: float) -> str:
    """A number of persons, or a part of one.

    Examples
    --------
    >>> _people(1200.0), _people(0.5), _people(2.0)
    ('1,200', '0.5', '2')
    """
    return f"{value:,.0f}" if value >= 1 and np.isclose(value, round(value)) else f"{value:g}"
