"""Chains of draws for a chart: values of a quantity, and chains set side by side along one axis.

Chains stand side by side and not on top of each other, so that they are told apart without colour.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from estimation.capture.table import FloatArray
from estimation.charts.drawing.theme import GREY
from estimation.charts.drawing.words import persons_label, text_inches
from estimation.results.totals import Draws

__all__ = ["HEIGHT", "draw_chain_axis", "quantity_label", "values_of"]


HEIGHT = 1.9
"""Of a picture of chains, without its ticks and the words below it.  Unit: inches."""


def values_of(draws: Draws, quantity: str) -> FloatArray:
    """The draws of one quantity, shape (chains, draws).

    Raises
    ------
    ValueError
        When the quantity was not monitored, with the names of those that were.
    """
    if quantity == "N":
        return draws.values.astype(float)
    if quantity not in draws.monitored:
        raise ValueError(f"there are no draws of {quantity!r}; there are: {', '.join(['N', *draws.monitored])}")
    return np.asarray(draws.monitored[quantity], dtype=float)


def quantity_label(quantity: str, counted: str) -> str:
    """The label of an axis of a quantity; N has a unit."""
    return persons_label(counted) if quantity == "N" else quantity


def draw_chain_axis(ax: Axes, chains: int, width: float) -> None:
    """Draw an axis with one unit a chain, a line between chains, and as many chain numbers as fit."""
    ax.set_xlim(0, chains)
    for boundary in range(1, chains):
        ax.axvline(boundary, color=GREY, linewidth=0.8)
    room = 0.8 * width / (text_inches(f"Chain {chains}") + 0.1)
    every = int(np.ceil(chains / max(room, 1)))
    named = range(0, chains, every)
    ax.set_xticks([chain + 0.5 for chain in named], [f"Chain {chain + 1}" for chain in named])
    ax.tick_params(axis="x", length=0)
