"""Modes of the posterior of N: where they are, their weights, and whether the chains agree on them.

Draws of log(n_0 + 1), spread over half a person on each side, all chains together, are smoothed by a Gaussian kernel of
Silverman's width.  Two peaks are two modes when the density between them falls to less than half of the lower one, or
to less than nine tenths of it and by more than three times the Monte Carlo error of that fall, which comes from batches
of draws; a mode with less than 1 in 100 draws belongs to its neighbour.  A chain that visited only one mode says
nothing about the weight of another; so weights are compared between chains.

Symbols
-------
n people observed, n_0 unobserved, N = n + n_0; M modes.

Reference: Silverman (1986), *Density Estimation for Statistics and Data Analysis*, sections 2.10 and 3.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.ndimage import gaussian_filter1d

from estimation.capture.table import FloatArray
from estimation.results.estimates import ResultTable
from estimation.results.totals import Draws

__all__ = ["Modes", "modes_of"]

_BINS = 400
_VALLEY = 0.5
_SHALLOW = 0.9
_ERRORS = 3.0
_BATCHES = 5
"""Batches of consecutive draws that a chain is cut into; they are longer than draws stay alike."""
_LEAST = 0.01
_GOLDEN = 0.6180339887498949
"""Multiples of it spread evenly between whole numbers, in any stretch of draws."""
_APART = 0.1
"""Chains whose shares of a mode differ by more than this disagree on its weight."""


@dataclass(frozen=True, slots=True, eq=False)
class Modes:
    """The modes of a sample of N, in increasing order of N.

    Parameters
    ----------
    peaks : tuple of int
        N where each mode is highest.  Unit: persons.
    ends : tuple of int
        N from which each mode but the first begins.  Unit: persons.
    shares : float array, shape (chains, M)
        Share of each chain's draws in each mode.
    """

    peaks: tuple[int, ...]
    ends: tuple[int, ...]
    shares: FloatArray

    @property
    def weights(self) -> tuple[float, ...]:
        """Share of all draws in each mode."""
        return tuple(self.shares.mean(axis=0).tolist())

    @property
    def agreed(self) -> bool:
        """Whether every chain has about the same share of its draws in each mode."""
        return bool(np.ptp(self.shares, axis=0).max() <= _APART)

    @property
    def sentence(self) -> str:
        """How many modes there are, and whether their weights can be trusted."""
        chains = len(self.shares)
        if len(self.peaks) == 1:
            return f"The {chains} chains agree on one mode of N."
        places = ", ".join(f"{peak:,}" for peak in self.peaks)
        modes = f"The posterior of N has {len(self.peaks)} modes, at about {places}"
        if self.agreed:
            weights = ", ".join(f"{weight:.2g}" for weight in self.weights)
            return f"{modes}; every chain visited each of them, and they agree on the weights ({weights})."
        worst = int(np.argmax(np.ptp(self.shares, axis=0)))
        least, most = self.shares[:, worst].min(), self.shares[:, worst].max()
        return (
            f"{modes}; the chains disagree on their weights (between {least:.0%} and {most:.0%} of a chain's draws are "
            f"in the mode at about {self.peaks[worst]:,}), so the probability of each mode is unknown: do not trust a "
            "number computed from these draws."
        )

    @property
    def table(self) -> ResultTable:
        """Each mode with its weight and the smallest and largest weight in any one chain."""
        begins = ("", *(f"{end:,}" for end in self.ends))
        lowest, highest = self.shares.min(axis=0).tolist(), self.shares.max(axis=0).tolist()
        rows = tuple(
            (m + 1, peak, begins[m], round(self.weights[m], 3), round(lowest[m], 3), round(highest[m], 3))
            for m, peak in enumerate(self.peaks)
        )
        columns = (
            "mode",
            "N at its peak (persons)",
            "lower boundary (persons)",
            "weight",
            "smallest weight in a chain",
            "largest weight in a chain",
        )
        return ResultTable("Modes of the posterior of N, and their weights by chain", columns, rows)


def modes_of(draws: Draws, n_observed: int) -> Modes:
    """The modes of draws of N.

    Parameters
    ----------
    draws : Draws
        Draws of N by chain.
    n_observed : int
        People observed.  Unit: persons.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> low, high = rng.normal(2000, 100, 500), rng.normal(9000, 500, 500)
    >>> modes_of(Draws(np.stack([low, high]).astype(int)), 1000).shares.tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    # n_0 is whole, and its logarithm a comb where it is small: each draw has a place of its own within half a person.
    within = (_GOLDEN * np.arange(draws.values.size) % 1.0).reshape(draws.values.shape)
    places = np.log(draws.values - n_observed + 0.5 + within)
    grid, batches = _densities(places)
    density = batches.mean(axis=0)
    peaks = _apart(batches)
    cuts = [low + int(np.argmin(density[low : high + 1])) for low, high in pairwise(peaks)]
    while cuts:
        shares = _shares(places, grid[cuts])
        weights = shares.mean(axis=0)
        small = int(np.argmin(weights))
        if weights[small] >= _LEAST:
            break
        # A mode of hardly any draws is joined to the neighbour that it is less cut off from.
        sides = [i for i in (small - 1, small) if 0 <= i < len(cuts)]
        joined = max(sides, key=lambda i: density[cuts[i]])
        lower = peaks[joined] if density[peaks[joined]] < density[peaks[joined + 1]] else peaks[joined + 1]
        peaks.remove(lower)
        del cuts[joined]
    return Modes(
        peaks=tuple(n_observed + max(0, round(float(np.expm1(grid[peak])))) for peak in peaks),
        ends=tuple(n_observed + round(float(np.expm1(grid[cut]))) for cut in cuts),
        shares=_shares(places, grid[cuts]),
    )


def _shares(places: FloatArray, cuts: FloatArray) -> FloatArray:
    """Share of each chain's draws between the cuts, shape (chains, cuts + 1)."""
    modes = np.searchsorted(cuts, places, side="right")
    return np.stack([(modes == m).mean(axis=1) for m in range(cuts.size + 1)], axis=1)


def _densities(places: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A grid over the draws, shape (B,), and the smoothed density of each batch of them on it, shape (batches, B)."""
    quarter, three_quarters = np.quantile(places, [0.25, 0.75])
    spreads = [spread for spread in (places.std(), (three_quarters - quarter) / 1.34) if spread > 0]
    width = 0.9 * min(spreads, default=1.0) * places.size**-0.2
    # No finer than one person at the lower quartile: within one the density is that of whole numbers.
    width = max(width, float(np.exp(-quarter)))
    edges = np.linspace(places.min() - 4 * width, places.max() + 4 * width, _BINS + 1)
    parts = [part for chain in places for part in np.array_split(chain, _BATCHES) if part.size]
    heights = np.array([np.histogram(part, edges)[0] / part.size for part in parts])
    densities = gaussian_filter1d(heights, width / (edges[1] - edges[0]), mode="constant")
    return (edges[:-1] + edges[1:]) / 2, densities


def _are_two(batches: FloatArray, peak: int, valley: int, other: int) -> bool:
    """Whether the valley between two peaks is deep, or shallow and no accident of the draws."""
    density = batches.mean(axis=0)
    lower = min(peak, other, key=lambda place: density[place])
    if density[valley] >= _SHALLOW * density[lower]:
        return False
    if density[valley] < _VALLEY * density[lower]:
        return True
    fall = batches[:, lower] - batches[:, valley]
    return bool(fall.mean() > _ERRORS * fall.std(ddof=1) / np.sqrt(len(fall)))


def _apart(batches: FloatArray) -> list[int]:
    """Places of the peaks with a valley between each two of them."""
    density = batches.mean(axis=0)
    peaks: list[int] = []
    valley = 0
    rising = np.r_[True, np.diff(density) > 0]
    falling = np.r_[np.diff(density) <= 0, True]
    for i in range(density.size):
        if peaks and density[i] < density[valley]:
            valley = i
        if not (rising[i] and falling[i]):
            continue
        if not peaks or _are_two(batches, peaks[-1], valley, i):
            peaks.append(i)
        elif density[i] > density[peaks[-1]]:
            peaks[-1] = i
        else:
            continue
        valley = i
    return peaks
