"""Do people differ in how easily they are recorded?  People by their number of lists, against equal people."""

from __future__ import annotations

from math import comb

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.typing import LineStyleType

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.charts.drawing.counts import draw_counts, people_axis
from estimation.charts.drawing.frame import framed, mark
from estimation.charts.drawing.theme import ACCENT, DASHED, GREY, INK, drawing, inches_wide
from estimation.charts.drawing.words import wrapped
from estimation.models.log_linear.expected_captures import expected_captures

__all__ = ["plot_heterogeneity"]

_HEIGHT = 2.3
"""Of the picture without its ticks and the words below it.  Unit: inches."""
_READING = (
    "On a straight line: people alike and lists of one size (M0). Lists of different size bend it down (broken line). "
    "Points that bend up from the broken line: people differ in how easily they are recorded, or lists are positively "
    "dependent; the picture cannot tell which. It says nothing of the people on no list."
)


def plot_heterogeneity(table: CaptureTable, ax: Axes | None = None, *, counted: str = "people") -> Axes:
    """People on exactly k lists, per combination of k lists, on a log scale: log(f_k / C(J, k)) over k.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
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
        When the table has fewer than two lists.

    References
    ----------
    Rivest, Baillargeon (2007), Biometrics 63:999-1006.

    Examples
    --------
    >>> import estimation as mse
    >>> mse.charts.plot_heterogeneity(mse.load_table("kosovo"), counted="people killed").get_xlabel()
    'Number of lists, k'
    """
    n_lists = len(table.lists)
    if n_lists < 2:
        raise ValueError(f"the table has {n_lists} lists; people are compared by how many of two or more they are on")
    with drawing():
        width = inches_wide(ax)
        expected, frequencies = expected_captures(table), table.frequencies
        lines: list[tuple[FloatArray | None, str, LineStyleType, str]] = [
            (expected.alike, "People alike and lists of one size (M0)", "-", GREY),
            (expected.independent, "People alike, lists of different size (Mt)", DASHED, INK),
        ]
        handles: list[Artist] = [mark(f"{counted.capitalize()} observed, with 95 % limits", ACCENT, marker="o")]
        handles += [
            mark(label, colour, line=style, width=1.2) for values, label, style, colour in lines if values is not None
        ]
        ax = framed(ax, _HEIGHT, "Number of lists, k", handles, width=width, note=_note(frequencies))
        places = np.arange(1, n_lists + 1)
        combinations = np.array([comb(n_lists, k) for k in places], dtype=np.float64)
        for values, _, style, colour in lines:
            if values is not None:
                ax.plot(places, values / combinations, color=colour, linestyle=style, linewidth=1.2, zorder=1.5)
        draw_counts(ax, places, frequencies, combinations)
        drawn = [values for values, *_ in lines if values is not None]
        _axes(ax, places, counted, np.concatenate([frequencies, *drawn]) / np.tile(combinations, 1 + len(drawn)))
    return ax


def _note(frequencies: IntArray) -> str:
    nobody = [str(k) for k, count in enumerate(frequencies.tolist(), 1) if not count]
    missing = f" Nobody is on exactly {' or '.join(nobody)} lists, which has no place on a log scale." if nobody else ""
    return _READING + missing


def _axes(ax: Axes, places: IntArray, counted: str, values: FloatArray) -> None:
    ax.set_xticks(places.tolist(), [str(k) for k in places.tolist()])
    ax.set_xlim(0.6, len(places) + 0.4)
    people_axis(ax, values, _HEIGHT)
    ax.set_ylabel(
        wrapped(
            f"{counted.capitalize()} on exactly k lists, per combination of k lists (persons; log scale)", _HEIGHT, 9
        )
    )
