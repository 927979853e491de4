"""Steps on the order of the classes and on alpha, given how many people each class has; compiled.

Symbols are those of `estimation.models.latent_class.kernel`, which has the density, p(z | alpha), with sticks and
lambda integrated out.
"""

from __future__ import annotations

import math

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.latent_class.state import Prior
from estimation.models.latent_class.unseen import log_order
from estimation.work.kernels import njit

__all__ = ["UNSEEN_SHA256", "draw_log_alpha", "log_alpha_density", "swap_labels", "total_from", "trade_last"]

UNSEEN_SHA256 = "19dd99d323c5fb1e4aca22f724bd3f16bf3772d53094dd9257c4c0e85bc2e52d"
"""Of `unseen.py`, as in `estimation.models.latent_class.split_merge`."""

_LOWEST, _CELL = -10.0, 1.0
"""The grid of log alpha that `trade_last` proposes from: where it begins and its step."""


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def total_from(size: IntArray, first: int) -> int:
    """People of the classes from one on.  Written out, as other sums here: Numba's own take seconds to compile."""
    people = 0
    for k in range(first, size.size):
        people += size[k]
    return people


@njit(cache=True, nogil=True, error_model="numpy")
def swap_labels(rng: np.random.Generator, alpha: float, size: IntArray, on: IntArray) -> None:
    """Metropolis swaps of neighbouring labels, last pair to first and back, with sticks and lambda integrated out.

    For k + 1 < K only 1 / (alpha + t_k) changes; for the last pair Gamma(1 + c_{K-1}) Gamma(alpha + c_K) does.
    """
    classes = size.size
    for turn in range(2 * (classes - 1)):
        k = classes - 2 - turn if turn < classes - 1 else turn - classes + 1
        first, second = size[k], size[k + 1]
        if k == classes - 2:
            log_ratio = (
                math.lgamma(1.0 + second)
                + math.lgamma(alpha + first)
                - math.lgamma(1.0 + first)
                - math.lgamma(alpha + second)
            )
        else:
            after = total_from(size, k + 2)
            log_ratio = math.log((alpha + after + second) / (alpha + after + first))
        if -rng.standard_exponential() < log_ratio:
            size[k], size[k + 1] = second, first
            for j in range(on.shape[1]):
                on[k, j], on[k + 1, j] = on[k + 1, j], on[k, j]


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _whatever_the_order(log_alpha: float, prior: Prior, classes: int, people: int) -> float:
    """The part of the log density of log alpha in which all orders of the class sizes are alike."""
    alpha = math.exp(log_alpha)
    value = (prior.alpha_shape + classes - 1 - 0.5 * prior.alpha_precision * log_alpha) * log_alpha
    return value - prior.alpha_rate * alpha - math.lgamma(1.0 + alpha + people)


@njit(cache=True, nogil=True, error_model="numpy")
def log_alpha_density(log_alpha: float, prior: Prior, size: IntArray) -> float:
    """Log density of log alpha given the class sizes, sticks integrated out, up to a constant."""
    common = _whatever_the_order(log_alpha, prior, size.size, total_from(size, 0))
    return common + log_order(log_alpha, size)


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _fill_grid(size: IntArray, grid: FloatArray) -> float:
    """Density of log alpha at the middle of each cell, the largest made 1; returns the logarithm of their sum.

    ``grid[0]`` is filled anew; ``grid[1]`` has what is the same whatever the order of the classes.
    """
    top, total = -np.inf, 0.0
    for i in range(grid.shape[1]):
        grid[0, i] = grid[1, i] + log_order(_LOWEST + (i + 0.5) * _CELL, size)
        top = max(top, grid[0, i])
    for i in range(grid.shape[1]):
        grid[0, i] = math.exp(grid[0, i] - top)
        total += grid[0, i]
    return top + math.log(total)


@njit(cache=True, nogil=True, error_model="numpy")
def trade_last(
    rng: np.random.Generator, log_alpha: float, prior: Prior, size: IntArray, on: IntArray, grid: FloatArray
) -> float:
    """Metropolis move that swaps the last label with a random other one and draws log alpha anew; returns log alpha.

    The proposal of log alpha has the density of log alpha given the proposed order, made constant over each cell of a
    grid; the acceptance rate has the same for the way back, so any grid leaves the posterior as it is.
    """
    last = size.size - 1
    here = math.floor((log_alpha - _LOWEST) / _CELL)
    if here < 0 or here >= grid.shape[1]:
        return log_alpha
    people = total_from(size, 0)
    for i in range(grid.shape[1]):
        grid[1, i] = _whatever_the_order(_LOWEST + (i + 0.5) * _CELL, prior, last + 1, people)
    log_total = _fill_grid(size, grid)
    back = grid[1, here] + log_order(_LOWEST + (here + 0.5) * _CELL, size) - log_total
    log_ratio = back - log_alpha_density(log_alpha, prior, size)
    other = int(rng.random() * last)
    log_ratio += math.lgamma(1.0 + size[last]) - math.lgamma(1.0 + size[other])
    size[last], size[other] = size[other], size[last]
    log_total = _fill_grid(size, grid)
    total = 0.0
    for i in range(grid.shape[1]):
        total += grid[0, i]
    there, rest = 0, rng.random() * total - grid[0, 0]
    while rest >= 0.0 and there < grid.shape[1] - 1:
        there += 1
        rest -= grid[0, there]
    proposed = _LOWEST + (there + rng.random()) * _CELL
    forth = grid[1, there] + log_order(_LOWEST + (there + 0.5) * _CELL, size) - log_total
    log_ratio += log_alpha_density(proposed, prior, size) - forth
    if -rng.standard_exponential() < log_ratio:
        for j in range(on.shape[1]):
            on[last, j], on[other, j] = on[other, j], on[last, j]
        return proposed
    size[last], size[other] = size[other], size[last]
    return log_alpha


@njit(cache=True, nogil=True, error_model="numpy")
def draw_log_alpha(rng: np.random.Generator, log_alpha: float, prior: Prior, size: IntArray) -> float:
    """One slice-sampling step on log alpha, stepping out and shrinking (Neal 2003)."""
    level = log_alpha_density(log_alpha, prior, size) - rng.standard_exponential()
    lower = log_alpha - 2.0 * rng.random()
    upper = lower + 2.0
    while log_alpha_density(lower, prior, size) > level:
        lower -= 2.0
    while log_alpha_density(upper, prior, size) > level:
        upper += 2.0
    while True:
        proposed = lower + (upper - lower) * rng.random()
        if log_alpha_density(proposed, prior, size) >= level:
            return proposed
        if proposed < log_alpha:
            lower = proposed
        else:
            upper = proposed
