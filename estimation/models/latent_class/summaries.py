"""What stands beside a latent-class estimate: the observable part of N, its chains and its classes.

Observable population size
--------------------------
People of a class that hardly any list records leave hardly a trace: their number comes from the prior, and the risk of
an estimate of all N is unbounded.  N_t counts only those, observed or not, whose probability of being on any list is
above t, and is estimated far better.

Reference: Johndrow, Lum, Manrique-Vallier (2019), Biometrika 106:197-210.
"""

from __future__ import annotations

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.latent_class.modes import Modes
from estimation.results.estimates import ResultTable
from estimation.results.totals import Draws

__all__ = [
    "classes_in_use",
    "each_chain",
    "observable",
    "observable_note",
]

_QUANTILES = (0.025, 0.5, 0.975)
_NOTED = 0.01
"""Threshold of the observable population size in the note: of those below it, fewer than 1 in 100 are on a list."""
_MATTERS = 0.05
"""The note is made when the upper end of the interval of N falls by this part without the hardly observable."""


def observable(total: IntArray, counts: FloatArray, thresholds: tuple[float, ...]) -> ResultTable:
    """The observable population size at each threshold, with N itself as the threshold 0.

    Parameters
    ----------
    total : int array, shape (chains, draws)
        N.  Unit: persons.
    counts : float array, shape (chains, draws, T)
        People whose probability of any list is above each threshold.  Unit: persons.
    thresholds : tuple of float, length T
        The thresholds.
    """
    rows = []
    for threshold, values in zip((0.0, *thresholds), (total, *np.moveaxis(counts, 2, 0)), strict=True):
        lower, median, upper = np.quantile(values, _QUANTILES).tolist()
        rows.append((threshold, round(median), round(lower), round(upper)))
    columns = ("probability of any list above", "median (persons)", "2.5 % (persons)", "97.5 % (persons)")
    return ResultTable(
        "Observable population size: people whose probability of being on any list exceeds a threshold",
        columns,
        tuple(rows),
    )


def observable_note(total: IntArray, counts: FloatArray, thresholds: tuple[float, ...]) -> str | None:
    """The estimate without those who have next to zero probability of being on any list, where it differs."""
    reached = counts[:, :, thresholds.index(_NOTED)]
    lower, median, upper = np.quantile(reached, _QUANTILES)
    if upper > (1 - _MATTERS) * np.quantile(total, _QUANTILES[2]):
        return None
    return (
        f"Counting only people whose probability of being on any list is above {_NOTED:.0%}, there are {median:,.0f} "
        f"(95 % {lower:,.0f} to {upper:,.0f}); the rest of the interval above is people with hardly any probability of "
        "being recorded, whose number the lists cannot show."
    )


def each_chain(draws: Draws, modes: Modes) -> ResultTable:
    """N by chain; the last columns show which modes the chain visited."""
    log_alpha, occupied = draws.monitored["log alpha"], draws.monitored["occupied classes"]
    rows = []
    for c, values in enumerate(draws.values):
        lower, median, upper = (round(q) for q in np.quantile(values, _QUANTILES).tolist())
        shares = (round(share, 3) for share in modes.shares[c].tolist())
        of_classes = round(float(np.median(log_alpha[c])), 2), round(float(occupied[c].mean()), 2)
        rows.append((c + 1, median, lower, upper, *of_classes, *shares))
    columns = (
        "chain",
        "median of N (persons)",
        "2.5 % (persons)",
        "97.5 % (persons)",
        "median of log alpha",
        "mean number of occupied classes",
        *(f"share of draws in mode {m + 1}, N about {peak:,}" for m, peak in enumerate(modes.peaks)),
    )
    return ResultTable("N by chain", columns, tuple(rows))


def classes_in_use(occupied: FloatArray) -> ResultTable:
    """The posterior of the number of occupied classes, the unobserved people included."""
    numbers, times = np.unique(occupied.astype(np.int64), return_counts=True)
    shares = times / occupied.size
    rows = tuple((int(k), round(float(share), 4)) for k, share in zip(numbers, shares, strict=True))
    return ResultTable("Number of occupied classes", ("classes", "posterior probability"), rows)
