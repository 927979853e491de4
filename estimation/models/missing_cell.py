"""The missing cell: the probability of being on no list, from the observable histories and an assumption on them.

Symbols are those of `estimation.models.no_highest_order`.

References: Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics; Marsaglia, Tsang (2000) for gamma variates.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray

__all__ = ["Margin", "draw_unseen", "is_odd", "log_odds_draws", "margin_of", "n_unseen_odds"]

_BATCH = 2_000_000
"""Gamma variates drawn at a time."""


def is_odd(n_lists: int) -> BoolArray:
    """Whether each of the 2^J - 1 observable histories is on an odd number of lists."""
    return np.asarray(np.bitwise_count(np.arange(1, 1 << n_lists)) % 2 == 1)


def _log_ratio(log_values: FloatArray) -> FloatArray:
    """The log of r, shape (...): odd histories less even ones; `log_values` has shape (..., C)."""
    n_lists = log_values.shape[-1].bit_length()
    return np.asarray(log_values @ np.where(is_odd(n_lists), 1.0, -1.0))


def n_unseen_odds(cell_probabilities: npt.ArrayLike, xi: float = 1.0) -> FloatArray:
    """The odds of being on no list, n_0 / n, from any fitted probabilities of the observable histories.

    Parameters
    ----------
    cell_probabilities : array, shape (..., 2^J - 1)
        Probability of, or expected people with, each observable history, in the order of `CaptureTable.cells` without
        its first entry; every one above 0.  They need not add to 1.
    xi : float
        Product of the odd histories' probabilities over that of the even ones', history 0 included.

    Returns
    -------
    float array, shape (...)
        pi_0 / (1 - pi_0) = r / xi.  Times n it is the expected n_0.

    Raises
    ------
    ValueError
        When the last axis does not have 2^J - 1 entries, one is not above 0, or xi is not.

    References
    ----------
    Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics.

    Examples
    --------
    >>> round(float(n_unseen_odds([54, 30, 12]) * 96), 9)  # 54 * 30 / 12
    135.0
    """
    values = np.asarray(cell_probabilities, dtype=np.float64)
    cells = values.shape[-1] if values.ndim else 0
    if cells < 3 or cells & (cells + 1):
        raise ValueError(f"{cells} histories are given; J lists have 2^J - 1 of them, for example 3, 7 or 15")
    if not (np.isfinite(values) & (values > 0)).all():
        raise ValueError(
            "a history has probability 0 or none; r is a product and a ratio of all of them, so each must be above 0"
        )
    if not (np.isfinite(xi) and xi > 0):
        raise ValueError(f"xi = {xi}; it is an odds ratio and must be above 0")
    # Logs until here: the product of n_draws small probabilities underflows.
    return np.asarray(np.exp(_log_ratio(np.log(values)) - np.log(xi) - np.log(values.sum(axis=-1))))


@dataclass(frozen=True, slots=True)
class Margin:
    """The table on the lists that the assumption is about.

    Parameters
    ----------
    cells : int array, shape (2^K - 1,)
        People with each history on the K lists used.  Unit: persons.
    merged : int
        Histories of the table in each cell.
    beside : int
        People on other lists only.  Unit: persons.
    merged_beside : int
        Their histories.
    """

    cells: IntArray
    merged: int
    beside: int
    merged_beside: int

    @property
    def n(self) -> int:
        """People observed.  Unit: persons."""
        return int(self.cells.sum()) + self.beside


def margin_of(table: CaptureTable, lists: tuple[str, ...] | None) -> Margin:
    """The margin of a table on some of its lists; on all of them for None."""
    used = table if lists is None else table.keep(lists)
    merged = 1 << (len(table.lists) - len(used.lists))
    return Margin(used.cells()[1:], merged, table.n_observed - used.n_observed, merged - 1)


def _log_gamma(shape: FloatArray, size: int, rng: np.random.Generator) -> FloatArray:
    """Logs of gamma variates, shape (size, C); also for shapes whose variates underflow."""
    # Gamma(a) is Gamma(a + 1) U^(1/a) (Marsaglia, Tsang 2000); its log cannot underflow.
    more = np.log(rng.standard_gamma(shape + 1, size=(size, shape.size)))
    return np.asarray(more - rng.standard_exponential((size, shape.size)) / shape)


def log_odds_draws(margin: Margin, delta: float, xi: float, size: int, rng: np.random.Generator) -> FloatArray:
    """Draws of log(pi_0 / (1 - pi_0)), shape (size,); NaN where a draw contradicts the assumption.

    Parameters
    ----------
    margin : Margin
        The table.
    delta : float
        Dirichlet weight of each history of the table.  Unit: persons.
    xi : float
        As in `n_unseen_odds`.
    size : int
        Number of draws.
    rng : numpy.random.Generator
        The only source of randomness.
    """
    shape = margin.cells + delta * margin.merged
    beside = margin.beside + delta * margin.merged_beside
    sums = _sums(tuple(map(float, shape)), float(beside), size, _Start(repr(rng.bit_generator.state), rng))
    rng.bit_generator.state = sums.after
    # r / xi against pi_00*, both before they are divided by the sum of the gamma variates.
    log_r = sums.log_ratio - np.log(xi)
    gap = np.full(size, np.nan)
    above = log_r > sums.log_rest
    gap[above] = np.log1p(-np.exp(sums.log_rest[above] - log_r[above]))
    odds: FloatArray = log_r + gap - sums.log_total
    return odds


@dataclass(frozen=True, slots=True)
class _Start:
    """A generator in the state that it has now; those in one state are the same."""

    state: str
    rng: np.random.Generator = field(compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """What the log odds need of gamma variates, shape (size,) each, and the state of the generator afterwards."""

    log_ratio: FloatArray
    log_rest: FloatArray
    log_total: FloatArray
    after: Mapping[str, object]


@lru_cache(maxsize=8)
def _sums(shape: tuple[float, ...], beside: float, size: int, start: _Start) -> _Sums:
    """The sums of gamma variates, which do not depend on xi: a question of xi draws them once."""
    rng, shapes = copy.deepcopy(start.rng), np.array(shape)
    log_ratio, log_rest, log_total = np.empty(size), np.full(size, -np.inf), np.empty(size)
    step = max(1, _BATCH // (shapes.size + 1))
    for first in range(0, size, step):
        batch = slice(first, min(first + step, size))
        log_cells = _log_gamma(shapes, batch.stop - first, rng)
        if beside > 0:
            log_rest[batch] = _log_gamma(np.array([beside]), batch.stop - first, rng)[:, 0]
        log_ratio[batch] = _log_ratio(log_cells)
        log_total[batch] = np.logaddexp(np.logaddexp.reduce(log_cells, axis=1), log_rest[batch])
    return _Sums(log_ratio, log_rest, log_total, rng.bit_generator.state)


def draw_unseen(
    log_odds: FloatArray, n_observed: int | FloatArray, rng: np.random.Generator, *, most: float = 1e12
) -> IntArray | None:
    """Draws of n_0 given the log odds of being on no list, under p(N) ~ 1/N; None when a mean exceeds ``most``.

    Parameters
    ----------
    log_odds : float array, any shape
        log(p_0 / (1 - p_0)), one for each draw of the parameters.
    n_observed : int or float array
        n; an array has one number for each place of the last axis.  Unit: persons.
    rng : numpy.random.Generator
        The only source of randomness.
    most : float
        A mean above this says that the posterior of N is improper.  Unit: persons.

    Returns
    -------
    int array of the same shape, or None
        Negative binomial (n, 1 - p_0), as a Poisson of a Gamma.  Unit: persons.

    Examples
    --------
    >>> unseen = draw_unseen(np.full(10_000, np.log(0.5)), 200, np.random.default_rng(1))
    >>> bool(99 < unseen.mean() < 101)
    True
    """
    log_mean = np.log(rng.standard_gamma(n_observed, np.shape(log_odds))) + log_odds
    if not log_mean.max() < np.log(most):
        return None
    return rng.poisson(np.exp(log_mean)).astype(np.int64)
