"""What the number of names that two lists share would say about a total."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from estimation.charts.drawing.frame import BESIDE, count_axis, framed, mark
from estimation.charts.drawing.theme import ACCENT, GREY, INK, MARKED, drawing, inches_wide
from estimation.charts.drawing.words import persons, persons_label, wrapped
from estimation.claims import implication

__all__ = ["plot_implied_overlap"]

_HEIGHT = 2.4
"""Of the picture without its ticks and the words below it.  Unit: inches."""
_DASHES = ((0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)), (0, (3, 1, 1, 1, 1, 1)))


def plot_implied_overlap(
    first: tuple[str, int],
    second: tuple[str, int],
    totals: Sequence[tuple[str, int]],
    ax: Axes | None = None,
    *,
    counted: str = "people",
) -> Axes:
    """The total that independent lists imply for each number of shared names, with claimed totals as lines.

    Where the curve crosses a line, independence and the claim agree.  Right of the crossing the claim needs lists that
    depend on each other, or people whom neither list could record; left of it, lists that avoid each other.

    Parameters
    ----------
    first, second : (str, int)
        Name and size of each list.  Unit: persons.
    totals : sequence of (str, int)
        Who claims what total.  Unit: persons.
    ax : Axes, optional
        Where to draw; without it, a figure of its own.
    counted : str
        What is counted, for the labels of the axes.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        When no total is given, or a list is larger than one of them.

    Examples
    --------
    >>> from estimation.charts import plot_implied_overlap
    >>> chart = plot_implied_overlap(("A", 3000), ("B", 2000), [("a newspaper", 30000)])
    >>> chart.get_xlabel()
    'People on both lists, A (3,000) and B (2,000) (persons)'
    """
    if not totals:
        raise ValueError("there is no total to compare with; give at least one")
    implied = [implication(first[1], second[1], total) for _, total in totals]
    smaller = min(first[1], second[1])
    with drawing():
        width = inches_wide(ax)
        handles: list[Artist] = [mark("If the lists are independent", INK, line="-", width=2.0)]
        looks = [((ACCENT, MARKED, GREY)[at % 3], _DASHES[at % len(_DASHES)]) for at in range(len(totals))]
        for (who, total), crossing, (colour, dashes) in zip(totals, implied, looks, strict=True):
            text = f"{who}: {persons(total)}; independent lists would share {persons(crossing.overlap)}"
            handles.append(mark(text, colour, line=dashes, marker="o", filling="white", width=1.4))
        lists = " and ".join(f"{name} ({persons(size)})" for name, size in (first, second))
        name = wrapped(f"{counted.capitalize()} on both lists, {lists} (persons)", width - BESIDE, 9)
        ax = framed(ax, _HEIGHT, name, handles, width=width)
        highest = max(total for _, total in totals) * 1.2
        shared = np.arange(max(1, int(first[1] * second[1] / highest)), smaller + 1)
        ax.plot(shared, first[1] * second[1] / shared, color=INK, linewidth=2)
        for (_, total), crossing, (colour, dashes) in zip(totals, implied, looks, strict=True):
            ax.axhline(total, color=colour, linestyle=dashes, linewidth=1.4)
            ax.plot([crossing.overlap], [total], "o", color=colour, markerfacecolor="white", markersize=6, zorder=3)
        ax.set_xlim(0, smaller * 1.02)
        ax.set_ylim(0, highest)
        count_axis(ax.xaxis, 6)
        count_axis(ax.yaxis, 6)
        ax.grid(axis="both")
        ax.set_ylabel(persons_label(counted))
    return ax
