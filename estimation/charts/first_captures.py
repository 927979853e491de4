"""When were people first recorded?  People by the first list that they are on, in the order of the lists."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from estimation.capture.table import CaptureTable
from estimation.charts.drawing.counts import ExpectedCounts, axes_of_counts
from estimation.charts.drawing.theme import DASHED, INK, drawing, inches_wide
from estimation.charts.drawing.words import shortened
from estimation.models.log_linear.expected_captures import expected_captures, first_captures

__all__ = ["plot_first_captures"]

_READING = (
    "Only of meaning where the lists are in time order. On a falling straight line: every list reaches the same share "
    "of those not yet recorded (M0 and Mb). Lists of different size move the points with the broken line. Points that "
    "fall away from it steeply and then level out: the people easily recorded were recorded first."
)


def plot_first_captures(table: CaptureTable, ax: Axes | None = None, *, counted: str = "people") -> Axes:
    """People by the first list that they are on, in the order of the table, on a log scale: log u_i over i.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists, these in time order (`CaptureTable.keep` puts them in another).
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
    >>> chart = mse.charts.plot_first_captures(mse.load_table("kosovo"), counted="people killed")
    >>> [label.get_text() for label in chart.get_xticklabels()]
    ['EXH', 'ABA', 'OSCE', 'HRW']
    """
    n_lists = len(table.lists)
    if n_lists < 2:
        raise ValueError("the table has one list; first captures are compared over two or more in time order")
    expected, first = expected_captures(table).first, first_captures(table)
    lines = [] if expected is None else [ExpectedCounts("People alike, independent lists (Mt)", expected, DASHED, INK)]
    nobody = " Lists that were nobody's first have no place on a log scale." if not first.all() else ""
    names = (
        "First list of a person, in the order of the table",
        f"{counted.capitalize()} on it and on no list before it (persons; log scale)",
    )
    with drawing():
        room = 0.75 * inches_wide(ax) / n_lists
        ax = axes_of_counts(ax, first, np.ones(n_lists), lines, counted=counted, names=names, note=_READING + nobody)
        ax.set_xticks(range(1, n_lists + 1), [shortened(name, room) for name in table.lists])
    return ax
