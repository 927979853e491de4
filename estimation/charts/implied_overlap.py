"""What the number of names that two lists share would say about a total."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from estimation.charts.drawing.theme import (
    ACCENT,
    GREY,
    INK,
    MARKED,
    SMALL,
    count_axis,
    drawing,
    inches_wide,
    new_axes,
    wrapped,
)
from estimation.claims import implication

__all__ = ["plot_implied_overlap"]

_DASHES = ((0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)), (0, (3, 1, 1, 1, 1, 1)))


def plot_implied_overlap(
    first: tuple[str, int], second: tuple[str, int], totals: Sequence[tuple[str, int]], ax: Axes | None = None
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
    'Names on both lists (persons)'
    """
    if not totals:
        raise ValueError("there is no total to compare with; give at least one")
    implied = [implication(first[1], second[1], total) for _, total in totals]
    smaller = min(first[1], second[1])
    with drawing():
        width = inches_wide(ax)
        if ax is None:
            ax = new_axes(3.6 if width > 4.7 else 4.2)
        highest = max(total for _, total in totals) * 1.2
        shared = np.arange(max(1, int(first[1] * second[1] / highest)), smaller + 1)
        ax.plot(shared, first[1] * second[1] / shared, color=INK, linewidth=2, label="If the lists are independent")
        for at, ((who, total), held) in enumerate(zip(totals, implied, strict=True)):
            colour, dashes = ((ACCENT, MARKED, GREY)[at % 3], _DASHES[at % len(_DASHES)])
            label = wrapped(f"{who}: {total:,}; independent lists would share {held.overlap:,.0f}", width - 1.0)
            ax.axhline(total, color=colour, linestyle=dashes, linewidth=1.4, label=label)
            ax.plot([held.overlap], [total], "o", color=colour, markerfacecolor="white", markersize=6, zorder=3)
        ax.set_xlim(0, smaller * 1.02)
        ax.set_ylim(0, highest)
        count_axis(ax.xaxis, 6)
        count_axis(ax.yaxis, 6)
        ax.grid(axis="both")
        ax.set_xlabel("Names on both lists (persons)")
        ax.set_ylabel("Number implied (persons)")
        title = (
            f"{first[0]}: {first[1]:,} names.  {second[0]}: {second[1]:,} names.  How many they share is not public."
        )
        ax.set_title(wrapped(title, width - 1.1), fontsize=SMALL, loc="left")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=1)
    return ax
