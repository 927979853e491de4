"""Rank chart: do the chains visit every part of the distribution equally often?"""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from scipy.special import gammaln

from estimation.capture.table import FloatArray
from estimation.charts.drawing.chains import HEIGHT, draw_chain_axis, values_of
from estimation.charts.drawing.frame import BESIDE, count_axis, framed, mark
from estimation.charts.drawing.theme import ACCENT, DASHED, GREY, INK, PALE, drawing, inches_wide
from estimation.charts.drawing.words import wrapped
from estimation.results.totals import Draws

__all__ = ["plot_rank"]


def plot_rank(draws: Draws, quantity: str = "N", ax: Axes | None = None) -> Axes:
    """How each chain's draws rank among those of all chains: level where the chains agree.

    A chain that sits too high leans to the right, one too low to the left.  The grey band holds 95 % of steps if
    chains agree and draws are independent; chains that move slowly leave it more often without disagreeing.
    Draws of equal value share their ranks evenly.

    Parameters
    ----------
    draws : Draws
        Chains of draws.
    quantity : str
        ``"N"``, or the name of a monitored quantity.
    ax : Axes, optional
        Where to draw; without it, a figure of its own.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        When the quantity was not monitored.

    References
    ----------
    Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), Bayesian Analysis 16(2), 667-718.

    Examples
    --------
    >>> import numpy as np
    >>> from estimation.charts import plot_rank
    >>> from estimation.results.totals import Draws
    >>> draws = Draws(np.random.default_rng(1).integers(9000, 12000, size=(4, 500)))
    >>> plot_rank(draws).get_xlabel()
    'Rank of N among the draws of all chains, from low to high'
    """
    with drawing():
        values = values_of(draws, quantity)
        chains, n = values.shape
        bins = int(np.clip(n // 10, 2, 20))
        width = inches_wide(ax)
        name = wrapped(f"Rank of {quantity} among the draws of all chains, from low to high", width - BESIDE, 9)
        ax = framed(ax, HEIGHT, name, _handles(), width=width)
        low, high = _expected(n, chains * n, round(chains * n / bins))
        ax.axhspan(low, high, color=PALE, alpha=0.6, linewidth=0)
        ax.axhline(n / bins, color=INK, linestyle=DASHED, linewidth=1.0)
        edges = np.linspace(0, 1, bins + 1)
        for chain, counts in enumerate(_rank_counts(values, bins)):
            ax.stairs(counts, chain + edges, baseline=None, color=ACCENT, linewidth=1.2)
        draw_chain_axis(ax, chains, width)
        ax.set_ylim(0, None)
        ax.set_ylabel("Draws in the bin (count)")
        count_axis(ax.yaxis, 5)
        if chains == 1:
            ax.text(0.5, 0.5, "One chain: nothing to compare", transform=ax.transAxes, ha="center", color=GREY)
    return ax


def _expected(of_chain: int, draws: int, ranks: int) -> tuple[int, int]:
    """How many of so many ranks a chain has where its draws stand among all draws at random: 2.5 % and 97.5 % quantile.

    Hypergeometric; summed here, as SciPy's distributions take longer to load than a chart to be drawn.

    Examples
    --------
    >>> _expected(100, 400, 20)
    (2, 9)
    """
    at = np.arange(max(0, ranks + of_chain - draws), min(ranks, of_chain) + 1)
    log_chosen = gammaln(at + 1) + gammaln(ranks - at + 1)
    log_chosen += gammaln(of_chain - at + 1) + gammaln(draws - ranks - of_chain + at + 1)
    share = np.exp(log_chosen.min() - log_chosen)
    low, high = at[np.searchsorted(share.cumsum() / share.sum(), (0.025, 0.975))].tolist()
    return low, high


def _handles() -> list[Artist]:
    return [
        mark("Draws of the chain", ACCENT, line="-", width=1.2),
        mark("Equally many in each bin", INK, line=DASHED, width=1.0),
        Patch(facecolor=PALE, alpha=0.6, label="Holds 95 % of bins if chains agree and draws are independent"),
    ]


def _rank_counts(values: FloatArray, bins: int) -> FloatArray:
    """Draws of each chain by bin of their rank among all, shape (chains, bins), ties spread over their ranks."""
    distinct, where = np.unique(values, return_inverse=True)
    by_value = np.zeros((values.shape[0], distinct.size))
    np.add.at(by_value, (np.arange(values.shape[0])[:, None], where.reshape(values.shape)), 1)
    ranks = np.r_[0, np.cumsum(by_value.sum(axis=0))]
    edges = np.linspace(0, values.size, bins + 1)
    return np.array([np.diff(np.interp(edges, ranks, np.r_[0, np.cumsum(chain)])) for chain in by_value])
