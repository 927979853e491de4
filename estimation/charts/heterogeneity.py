"""Do people differ in how easily they are recorded?  People by their number of lists, against equal people."""

from __future__ import annotations

from math import comb

import numpy as np
from matplotlib.axes import Axes
from matplotlib.typing import LineStyleType

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.charts.drawing.counts import ExpectedCounts, axes_of_counts
from estimation.charts.drawing.theme import DASHED, GREY, INK, drawing
from estimation.models.log_linear.expected_captures import expected_captures

__all__ = ["plot_heterogeneity"]

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
        raise ValueError("the table has one list; people are compared by how many of two or more they are on")
    expected, frequencies = expected_captures(table), table.frequencies
    combinations = np.array([comb(n_lists, k) for k in range(1, n_lists + 1)], dtype=np.float64)
    models: list[tuple[str, FloatArray | None, LineStyleType, str]] = [
        ("People alike and lists of one size (M0)", expected.alike, "-", GREY),
        ("People alike, lists of different size (Mt)", expected.independent, DASHED, INK),
    ]
    lines = [
        ExpectedCounts(label, values / combinations, line, colour)
        for label, values, line, colour in models
        if values is not None
    ]
    names = (
        "Number of lists, k",
        f"{counted.capitalize()} on exactly k lists, per combination of k lists (persons; log scale)",
    )
    with drawing():
        ax = axes_of_counts(ax, frequencies, combinations, lines, counted=counted, names=names, note=_note(frequencies))
        ax.set_xticks(range(1, n_lists + 1), [str(k) for k in range(1, n_lists + 1)])
    return ax


def _note(frequencies: IntArray) -> str:
    nobody = [str(k) for k, count in enumerate(frequencies.tolist(), 1) if not count]
    missing = f" Nobody is on exactly {' or '.join(nobody)} lists, which has no place on a log scale." if nobody else ""
    return _READING + missing
