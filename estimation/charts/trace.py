"""Trace chart: the draws of one quantity in their order, chain beside chain."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from estimation.charts.drawing.chains import HEIGHT, draw_chain_axis, quantity_label, values_of
from estimation.charts.drawing.frame import BESIDE, count_axis, framed, mark
from estimation.charts.drawing.theme import ACCENT, INK, MARKED, drawing, inches_wide
from estimation.charts.drawing.words import wrapped
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
        When the quantity was not monitored.

    Examples
    --------
    >>> import numpy as np
    >>> from estimation.charts import plot_trace
    >>> from estimation.results.totals import Draws
    >>> draws = Draws(np.random.default_rng(1).integers(9000, 12000, size=(4, 500)))
    >>> chart = plot_trace(draws, counted="people killed")
    >>> chart.get_xlabel(), chart.get_ylabel()
    ('Draws in their order (500 a chain)', 'Number of people killed (persons)')
    """
    with drawing():
        values = values_of(draws, quantity)
        chains, n = values.shape
        every = max(int(np.ceil(chains * n / _POINTS)), 1)
        width = inches_wide(ax)
        thinned = "" if every == 1 else f"; one in {every:,} is drawn"
        name = wrapped(f"Draws in their order ({n:,} a chain{thinned})", width - BESIDE, 9)
        handles = [
            mark("The chain's median", INK, line="-", width=1.3),
            mark("Its 2.5 and 97.5 % quantiles", MARKED, line="--", width=1.3),
        ]
        ax = framed(ax, HEIGHT, name, handles, width=width)
        at = (np.arange(n)[::every] + 0.5) / n
        for chain in range(chains):
            ax.plot(chain + at, values[chain, ::every], "-", color=ACCENT, linewidth=0.5)
            low, middle, high = np.quantile(values[chain], [0.025, 0.5, 0.975])
            ax.plot([chain, chain + 1], [middle, middle], "-", color=INK, linewidth=1.3)
            for end in (low, high):
                ax.plot([chain, chain + 1], [end, end], "--", color=MARKED, linewidth=1.3)
        draw_chain_axis(ax, chains, width)
        ax.set_ylabel(quantity_label(quantity, counted))
        if quantity == "N":
            count_axis(ax.yaxis, 5)
    return ax
