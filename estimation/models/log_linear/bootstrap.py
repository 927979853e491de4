"""Bootstrap intervals: the whole estimate, with every selection in it, is computed again on each resample.

A resample draws the number of people observed among N, and as many from those observed, with replacement: a multinomial
of all N people, those unobserved included.  Nothing else is assumed about the estimate, so whatever it selects on the
table it selects again.

Published bootstraps of this kind draw exactly n people each time, and so leave out that n itself would have been
another: of the variance of N, N (N - n) / n.  Where most people are unobserved this is next to nothing; where most
are observed, the interval is too narrow without it.

Symbols
-------
n : people observed.   n_c : people with history c, of C distinct ones.   N : the estimate on the table.
N*_1 ... N*_B : on the resamples.   N_(c) : on the table with one person of history c taken out.
z(p) : quantile of the standard normal; Phi its distribution function; G : share of the N* at or below a value.

    resample            n* ~ Binomial(N, n / N),   n*_c ~ Multinomial(n*, n_c / n)
    percentile limits   G^-1(p),  p = (1 - level) / 2 and (1 + level) / 2
    BCa limits          G^-1(Phi(z_0 + (z_0 + z(p)) / (1 - a (z_0 + z(p)))))
    bias correction     z_0 = z(share of the N* below N, half of those equal to it)
    acceleration        a = sum n_c d_c^3 / (6 (sum n_c d_c^2)^1.5),
                        d_c = (mean of the N_(c), weighted by n_c) - N_(c)

References
----------
Buckland, Garthwaite (1991), Biometrics 47:255-268, for the resamples; Efron (1987), Journal of the American
Statistical Association 82:171-185; DiCiccio, Efron (1996), Statistical Science
11:189-228; Chan, Silverman, Vincent (2021), Journal of the American Statistical Association 116:1297-1306.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from scipy.special import ndtr, ndtri

from estimation.capture.problems import MAX_PERSONS
from estimation.capture.table import FloatArray, IntArray
from estimation.results.log_interval import LEVELS
from estimation.results.totals import Interval
from estimation.work.progress import Progress, silent
from estimation.work.threads import in_threads

__all__ = ["acceleration", "bca_intervals", "in_blocks", "percentile_intervals", "resampled", "without_one"]

T = TypeVar("T")

_FEWEST, _MOST, _CELLS = 20, 200, 5_000
"""Tables a thread takes at a time, by how many cells they have together: so many that the loops over them outweigh what
is done once a block, and so few that 200 models of 8 lists on each of them fit in memory."""


def resampled(cells: IntArray, total: float, resamples: int, rng: np.random.Generator) -> IntArray:
    """Tables that might have been observed, shape (B, C).

    Parameters
    ----------
    cells : int array, shape (C,)
        The table.  Unit: persons.
    total : float
        N on it, at least the people observed.  Unit: persons.
    resamples : int
        B.
    rng : numpy.random.Generator
        The only source of randomness.

    Examples
    --------
    >>> resampled(np.array([0, 5, 3, 2]), 40.0, 3, np.random.default_rng(1)).sum(axis=1).tolist()
    [10, 15, 7]
    """
    people = int(cells.sum())
    # In so large a population the binomial is a Poisson, and N need not be a whole number that fits a machine word.
    if total > MAX_PERSONS:
        observed = rng.poisson(people, size=resamples)
    else:
        observed = rng.binomial(round(total), min(people / total, 1.0), size=resamples)
    return rng.multinomial(observed, cells / people)


def without_one(cells: IntArray) -> tuple[IntArray, IntArray]:
    """The table with one person of each history taken out in turn, and the people with that history.

    Returns
    -------
    tables : int array, shape (C', C)
        One for each history that somebody has.  Unit: persons.
    people : int array, shape (C',)
        n_c.  Unit: persons.

    Examples
    --------
    >>> tables, people = without_one(np.array([0, 5, 3, 0]))
    >>> tables.tolist(), people.tolist()
    ([[0, 4, 3, 0], [0, 5, 2, 0]], [5, 3])
    """
    there = np.flatnonzero(cells)
    tables = np.tile(cells, (there.size, 1))
    tables[np.arange(there.size), there] -= 1
    return tables, cells[there]


def in_blocks(
    estimate: Callable[[IntArray], T], tables: IntArray, workers: int, progress: Progress = silent
) -> list[T]:
    """The results of `estimate` on the tables, a block of them at a time; the blocks do not depend on the workers.

    Parameters
    ----------
    estimate : callable
        From some tables, shape (F, C), to anything, by kernels that leave Python's lock.
    tables : int array, shape (B, C)
        All of them.  Unit: persons.
    workers : int
        Threads at most.
    progress : callable
        Receives the share of the blocks that is done.

    Examples
    --------
    >>> in_blocks(lambda tables: int(tables.sum()), np.ones((500, 2), dtype=np.int64), workers=2)
    [400, 400, 200]
    """
    size = min(max(_CELLS // tables.shape[1], _FEWEST), _MOST)
    blocks = [tables[at : at + size] for at in range(0, len(tables), size)]
    return in_threads(estimate, blocks, workers, progress=progress)


def acceleration(without: FloatArray, people: IntArray) -> float:
    """How fast the standard error changes with N, from the estimates with one person taken out.

    Histories whose removal leaves no estimate do not count; zero where the estimate does not move.

    Parameters
    ----------
    without : float array, shape (C,)
        N with one person of each history taken out; NaN where there is none.  Unit: persons.
    people : int array, shape (C,)
        People with each history.  Unit: persons.

    Examples
    --------
    >>> round(acceleration(np.array([9.0, 9.0, 12.0]), np.array([1, 1, 1])), 4)
    -0.068
    """
    finite = np.isfinite(without)
    weights, values = people[finite], without[finite]
    if not finite.any():
        return 0.0
    moved = np.average(values, weights=weights) - values
    spread = float(weights @ moved**2)
    return float(weights @ moved**3) / (6 * spread**1.5) if spread > 0 else 0.0


_FEW = 5
"""Resamples beyond an end, below which its Monte Carlo error is only known to be no more than so much."""

_PLACES = 10
"""Then it is half the distance between the resamples so many places below the end and above it."""


def _between(
    totals: FloatArray, at: FloatArray, levels: Sequence[float], moved: FloatArray | float = 0.0
) -> tuple[Interval, ...]:
    """Intervals between the quantiles of the resamples at `at`, shape (2, levels), with their Monte Carlo errors.

    Other resamples would put another share below each end, by sqrt(p (1 - p) / B) and by one resample at least, and
    shift p itself by `moved`: the error of an end is that, times the slope of the quantiles between three times as far
    below p and above it.  Where fewer than five resamples lie beyond an end, no slope is known there, and the error is
    half the distance between the resamples ten places below it and above it: more than it is, and not less.
    """
    lower, upper = np.quantile(totals, at)
    reach = np.maximum(np.sqrt(at * (1 - at) / len(totals)) + moved, 1 / len(totals))
    below, above = (np.clip(at + side * 3 * reach, 0, 1) for side in (-1, 1))
    errors = (np.quantile(totals, above) - np.quantile(totals, below)) / (above - below) * reach
    near = [np.quantile(totals, np.clip(at + side * _PLACES / len(totals), 0, 1)) for side in (-1, 1)]
    is_thin = np.minimum(at, 1 - at) * len(totals) < _FEW
    errors = np.where(is_thin, np.maximum(errors, (near[1] - near[0]) / 2), errors)
    return tuple(
        Interval(float(low), float(high), level, "confidence", (float(errors[0, i]), float(errors[1, i])))
        for i, (low, high, level) in enumerate(zip(lower, upper, levels, strict=True))
    )


def _tails(levels: Sequence[float]) -> FloatArray:
    upper = (1 + np.array(levels)) / 2
    return np.stack([1 - upper, upper])


def percentile_intervals(totals: FloatArray, levels: Sequence[float] = LEVELS) -> tuple[Interval, ...]:
    """The intervals between two quantiles of the resamples.

    Parameters
    ----------
    totals : float array, shape (B,)
        N on each resample, all finite.  Unit: persons.
    levels : sequence of float
        Levels.

    Examples
    --------
    >>> print(percentile_intervals(np.arange(1001.0), [0.9])[0])
    90 % confidence interval 50 to 950
    """
    return _between(totals, _tails(levels), levels)


def bca_intervals(
    totals: FloatArray, value: float, accelerated: float, levels: Sequence[float] = LEVELS
) -> tuple[Interval, ...]:
    """The bias-corrected and accelerated intervals (Efron 1987).

    Parameters
    ----------
    totals : float array, shape (B,)
        N on each resample, all finite.  Unit: persons.
    value : float
        N on the table.  Unit: persons.
    accelerated : float
        a, as from `acceleration`.
    levels : sequence of float
        Levels.

    Examples
    --------
    >>> print(bca_intervals(np.arange(1001.0), 500.0, 0.0, [0.9])[0])
    90 % confidence interval 50 to 950
    >>> print(bca_intervals(np.arange(1001.0), 450.0, 0.05, [0.9])[0])
    90 % confidence interval 40 to 936
    """
    share = (totals < value).mean() + (totals == value).mean() / 2
    # Where every resample is on one side, the share is known only to be within half a resample of 0 or 1.
    least = 0.5 / len(totals)
    bias = ndtri(np.clip(share, least, 1 - least))
    shifted = bias + ndtri(_tails(levels))
    slowed = 1 - accelerated * shifted
    # At a pole of the formula the limit is the outermost resample.
    inner = np.divide(shifted, slowed, out=np.where(shifted < 0, -np.inf, np.inf), where=slowed > 0)
    # How far the share below p moves with the bias, which is itself known from the resamples alone.
    share_error = np.sqrt(max(share * (1 - share), least) / len(totals))
    density = np.exp((bias**2 - (bias + inner) ** 2) / 2)
    slope = 1 + np.divide(1, slowed**2, out=np.zeros_like(slowed), where=slowed > 0)
    return _between(totals, ndtr(bias + inner), levels, share_error * density * slope)
