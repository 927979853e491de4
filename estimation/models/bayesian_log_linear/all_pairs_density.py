"""The posterior density of the log-linear model of all pairs and its gradient, compiled once and cached.

With x = (u, v, t), the standard normals of the intercept and main effects, those of the pairs, and t = log s, where s
is tau over the scale of its half-normal prior (`estimation.models.bayesian_log_linear.all_pairs` has the model)::

    log mu = offset + M u + s P v
    log p(x) = sum_omega (n_omega log mu_omega - mu_omega) - (u'u + v'v + s^2) / 2 + t + const

and with r_omega = n_omega - mu_omega the gradient is (M'r - u, s P'r - v, s r'P v - s^2 + 1).

Symbols
-------
M, P : columns of the design for intercept and main effects, and for pairs, scaled by the prior; a row a history.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from estimation.capture.table import FloatArray
from estimation.models.nuts import DENSITY, Address, CFunction, CompiledDensity, sampled_density
from estimation.work.kernels import carray, cfunc, njit

__all__ = ["density_of", "value_and_gradient"]


@njit(cache=True, nogil=True, error_model="numpy")
def value_and_gradient(
    x: FloatArray, gradient: FloatArray, counts: FloatArray, offset: FloatArray, main: FloatArray, pairs: FloatArray
) -> float:
    """The log density at a place up to a constant; the gradient is written into its array."""
    n_main, n_pairs = main.shape[1], pairs.shape[1]
    spread = np.exp(x[-1])
    value: float = x[-1] - 0.5 * spread * spread
    gradient[-1] = 1 - spread * spread
    for i in range(n_main + n_pairs):
        value -= 0.5 * x[i] * x[i]
        gradient[i] = -x[i]
    for omega in range(counts.size):
        log_mu, paired = offset[omega], 0.0
        for i in range(n_main):
            log_mu += main[omega, i] * x[i]
        for i in range(n_pairs):
            paired += pairs[omega, i] * x[n_main + i]
        log_mu += spread * paired
        mu = np.exp(log_mu)
        value += counts[omega] * log_mu - mu
        residual = counts[omega] - mu
        for i in range(n_main):
            gradient[i] += residual * main[omega, i]
        for i in range(n_pairs):
            gradient[n_main + i] += residual * spread * pairs[omega, i]
        gradient[-1] += residual * spread * paired
    return value


@cache
def _compiled() -> CFunction:
    """The density as the sampler calls it; nothing in it depends on a table."""

    def called(dimension: int, x: Address, gradient: Address, value: Address, data: Address) -> int:
        sizes = carray(data, (3,))
        n, n_main, n_pairs = int(sizes[0]), int(sizes[1]), int(sizes[2])
        packed = carray(data, (3 + n * (2 + n_main + n_pairs),))[3:]
        slope = carray(gradient, (dimension,))
        main = packed[2 * n : (2 + n_main) * n].reshape(n, n_main)
        pairs = packed[(2 + n_main) * n :].reshape(n, n_pairs)
        value[0] = value_and_gradient(carray(x, (dimension,)), slope, packed[:n], packed[n : 2 * n], main, pairs)
        return 0 if np.isfinite(value[0]) and np.isfinite(slope).all() else 4

    return cfunc(DENSITY)(called)


def density_of(counts: FloatArray, offset: FloatArray, main: FloatArray, pairs: FloatArray) -> CompiledDensity:
    """What the sampler needs of the density for one table.

    Parameters
    ----------
    counts, offset : float array, shape (2^J - 1,)
        People with each history (persons), and the part of log mu that no coefficient moves.
    main, pairs : float array, shape (2^J - 1, ...)
        M and P.
    """
    packed = np.concatenate([[counts.size, main.shape[1], pairs.shape[1]], counts, offset, main.ravel(), pairs.ravel()])
    return sampled_density(_compiled(), packed, dimension=main.shape[1] + pairs.shape[1] + 1)
