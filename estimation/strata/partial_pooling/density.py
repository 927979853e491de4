"""The posterior density of the log-linear model over strata and its gradient, compiled once and cached.

    log likelihood of stratum s = sum_theta t_theta alpha_theta - n log L,   L = sum over w != 0 of mu_w / mu_0

and its gradient is t_theta - n P(theta in w).  Sums over the subsets of each history, and over the histories around
each effect, are taken list by list (2^J J / 2 additions; Yates's algorithm).  Priors and places are those of
`estimation.strata.partial_pooling.effects`, the model is that of `estimation.strata.partial_pooling.log_linear`.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from estimation.capture.table import FloatArray
from estimation.models.nuts import DENSITY, Address, CFunction, CompiledDensity, sampled_density
from estimation.strata.partial_pooling.effects import (
    HEADER,
    Packed,
    alphas_of,
    log_seen_of,
    parts_of,
    places_of,
    sizes_of,
    spreads_of,
    walks_of,
)
from estimation.work.kernels import carray, cfunc, njit

__all__ = ["density_of", "value_and_gradient"]


@njit(cache=True, nogil=True, error_model="numpy")
def _likelihood(data: FloatArray, alpha: FloatArray, slope: FloatArray) -> float:
    """The log likelihood of all strata; its gradient in alpha is written into ``slope``."""
    n_strata, n_effects, n_lists, _, _, _ = sizes_of(data)
    observed, lists, _, _, together, masks = parts_of(data)
    cells = np.empty(1 << n_lists)
    value = 0.0
    for s in range(n_strata):
        own_lists = int(lists[s])
        value -= observed[s] * log_seen_of(alpha[s], masks[s], own_lists, cells)
        for j in range(own_lists):
            bit = 1 << j
            for w in range(1 << own_lists):
                if not w & bit:
                    cells[w] += cells[w | bit]
        for e in range(n_effects):
            slope[s, e] = 0.0
            if masks[s, e] >= 0:
                value += together[s, e] * alpha[s, e]
                slope[s, e] = together[s, e] - observed[s] * cells[int(masks[s, e])]
    return value


@njit(cache=True, nogil=True, error_model="numpy")
def _half_normals(x: FloatArray, gradient: FloatArray, first: int, many: int) -> float:
    """The log density of logarithms whose exponentials are half-normal; the gradient is set."""
    value = 0.0
    for i in range(first, first + many):
        square = np.exp(2 * x[i])
        value += x[i] - 0.5 * square
        gradient[i] = 1 - square
    return value


@njit(cache=True, nogil=True, error_model="numpy")
def _normals(x: FloatArray, gradient: FloatArray, first: int, many: int) -> float:
    """The log density of standard normals, up to a constant; the gradient is set."""
    value = 0.0
    for i in range(first, first + many):
        value -= 0.5 * x[i] * x[i]
        gradient[i] = -x[i]
    return value


@njit(cache=True, nogil=True, error_model="numpy")
def _into_own_parts(x: FloatArray, gradient: FloatArray, data: FloatArray, slope: FloatArray) -> None:
    """The gradient in alpha, carried on to the strata's own parts and their spreads."""
    sizes = sizes_of(data)
    n_strata, n_effects, n_lists, _, _, _ = sizes
    _, _, _, at_spread, at_own = places_of(sizes)
    spread = spreads_of(x, at_spread, data, n_effects, n_lists)
    for s in range(n_strata):
        for e in range(n_effects):
            at = at_own + s * n_effects + e
            gradient[at] += slope[s, e] * spread[e]
            if data[13 if e >= n_lists else 12] < 0:
                gradient[at_spread + e] += slope[s, e] * spread[e] * x[at]


@njit(cache=True, nogil=True, error_model="numpy")
def _into_walks(x: FloatArray, gradient: FloatArray, data: FloatArray, slope: FloatArray) -> None:
    """The gradient in M, carried on to the walks' steps and spreads."""
    sizes = sizes_of(data)
    n_strata, n_effects, n_lists, n_times, _, _ = sizes
    _, at_walk, at_steps, _, _ = places_of(sizes)
    _, _, times, _, _, _ = parts_of(data)
    spread = spreads_of(x, at_walk, data, n_effects, n_lists)
    walk = walks_of(x, at_steps, spread, n_times)
    scale = np.sqrt(6.0 * n_times / (n_times * n_times - 1.0))
    by_time = np.zeros(n_times)
    for e in range(n_effects):
        by_time[:] = 0.0
        for s in range(n_strata):
            by_time[int(times[s])] += slope[s, e]
        mean = by_time.sum() / n_times
        after = 0.0
        for t in range(n_times - 1, 0, -1):
            after += by_time[t] - mean
            gradient[at_steps + (t - 1) * n_effects + e] += after * spread[e] * scale
        if data[13 if e >= n_lists else 12] < 0:
            for t in range(n_times):
                gradient[at_walk + e] += by_time[t] * walk[t, e]


@njit(cache=True, nogil=True, error_model="numpy")
def _into_means(x: FloatArray, gradient: FloatArray, data: FloatArray, slope: FloatArray) -> None:
    """The gradient in M, carried on to the means and the covariates."""
    sizes = sizes_of(data)
    n_strata, n_effects, n_lists, _, n_covariates, _ = sizes
    at_covariates, _, _, _, _ = places_of(sizes)
    _, _, _, covariates, _, _ = parts_of(data)
    kappa = data[9] * np.exp(x[1 + n_effects]) if n_effects > n_lists else 0.0
    for e in range(n_effects):
        whole = 0.0
        for s in range(n_strata):
            whole += slope[s, e]
            for c in range(n_covariates):
                gradient[at_covariates + c * n_effects + e] += data[14] * covariates[s, c] * slope[s, e]
        if e < n_lists:
            gradient[0] += data[7] * whole
            gradient[1 + e] += data[8] * whole
        else:
            gradient[1 + e] += kappa * whole
            gradient[1 + n_effects] += kappa * x[1 + e] * whole


@njit(cache=True, nogil=True, error_model="numpy")
def value_and_gradient(x: FloatArray, gradient: FloatArray, data: FloatArray) -> float:
    """The log density at a place up to a constant; the gradient is written into its array."""
    sizes = sizes_of(data)
    n_strata, n_effects, _, n_times, n_covariates, own = sizes
    at_covariates, at_walk, at_steps, at_spread, at_own = places_of(sizes)
    value = _normals(x, gradient, 0, 1 + n_effects)
    value += _half_normals(x, gradient, 1 + n_effects, at_covariates - 1 - n_effects)
    value += _normals(x, gradient, at_covariates, n_covariates * n_effects)
    value += _half_normals(x, gradient, at_walk, at_steps - at_walk)
    value += _normals(x, gradient, at_steps, n_effects * (n_times - 1))
    value += _half_normals(x, gradient, at_spread, own * n_effects)
    value += _normals(x, gradient, at_own, own * n_strata * n_effects)
    slope = np.empty((n_strata, n_effects))
    value += _likelihood(data, alphas_of(x, data), slope)
    if own:
        _into_own_parts(x, gradient, data, slope)
    if n_times > 1:
        _into_walks(x, gradient, data, slope)
    _into_means(x, gradient, data, slope)
    return value


@cache
def _compiled() -> CFunction:
    """The density as the sampler calls it; nothing in it depends on a table."""

    def called(dimension: int, x: Address, gradient: Address, value: Address, data: Address) -> int:
        sizes = carray(data, (6,))
        n_strata, n_effects, n_covariates = int(sizes[0]), int(sizes[1]), int(sizes[4])
        length = HEADER + n_strata * (3 + n_covariates + 2 * n_effects)
        slope = carray(gradient, (dimension,))
        value[0] = value_and_gradient(carray(x, (dimension,)), slope, carray(data, (length,)))
        return 0 if np.isfinite(value[0]) and np.isfinite(slope).all() else 4

    return cfunc(DENSITY)(called)


def density_of(packed: Packed) -> CompiledDensity:
    """What the sampler needs of the density for one set of strata."""
    return sampled_density(_compiled(), packed.data, dimension=packed.dimension)
