"""Trace chart: the draws of one quantity in their order, chain beside chain."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from estimation.charts.drawing.chains import draw_chain_axis, quantity_label, values_of
from estimation.charts.drawing.theme import ACCENT, INK, MARKED, count_axis, drawing, inches_wide, new_axes, wrapped
from estimation.results.totals import Draws

__all__ = ["plot_trace"]

_POINTS = 3000
"""Points drawn over all chains: more would only make a vector file large."""


def plot_trace(draws: Draws, quantity: str = "N", ax: Axes | None = None, *, counted: str = "people") -> Axes:
    """Whether each chain settled, and whether all settled in the same place.

    The line of each chain's median is solid, those of its 2.5 and 97.5 % quantiles are dashed: chains that agree
    have theirs at the same heights.  Long chains are thinned for the picture, which the axis then says.

    Parameters
    ----------
    draws : Draws
        Chains of draws.
    quantity : str
        ``"N"`` (persons), or the name of a monitored quantity.
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
        When the quantity was not kept.

    Examples
    --------
    >>> from estimation.charts import plot_trace
    >>> print(plot_trace(Draws(np.arange(90, 130).reshape(2, 20))).get_xlabel())
    Draws in their order (20 a chain)
    Solid: the chain's median. Dashed: its 2.5 and 97.5 % quantiles.
    """
    with drawing():
        values = values_of(draws, quantity)
        chains, n = values.shape
        every = max(int(np.ceil(chains * n / _POINTS)), 1)
        width = inches_wide(ax)
        if ax is None:
            ax = new_axes(2.8)
        at = (np.arange(n)[::every] + 0.5) / n
        for chain in range(chains):
            ax.plot(chain + at, values[chain, ::every], "-", color=ACCENT, linewidth=0.5)
            low, middle, high = np.quantile(values[chain], [0.025, 0.5, 0.975])
            ax.plot([chain, chain + 1], [middle, middle], "-", color=INK, linewidth=1.3)
            for end in (low, high):
                ax.plot([chain, chain + 1], [end, end], "--", color=MARKED, linewidth=1.3)
        draw_chain_axis(ax, chains, width)
        thinned = "" if every == 1 else f"; one in {every:,} is drawn"
        said = f"Draws in their order ({n:,} a chain{thinned})"
        lines = "Solid: the chain's median. Dashed: its 2.5 and 97.5 % quantiles."
        ax.set_xlabel(wrapped(f"{said}\n{lines}", width - 0.9, 9))
        ax.set_ylabel(quantity_label(quantity, counted))
        if quantity == "N":
            count_axis(ax.yaxis, 5)
    return ax
