"""The posterior density of the pairwise-prior model about its mode, compiled once and cached.

With q standard normals x, of which the prior makes the coefficients, log(mu / mu_0) = o + D x.  The log posterior::

    log p(x) = sum_omega n_omega log mu_omega - n log sum_omega mu_omega - x'x / 2 + const

is strictly concave, so that Newton's method finds its one mode m.  With L L' the inverse of the negative Hessian there,
the sampler moves z in x = m + L z, in which the posterior is close to a standard normal however many people there are.

Symbols
-------
D : the columns of the design scaled by the prior; a row a history.   q : coefficients, d among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from estimation.capture.table import FloatArray
from estimation.models.nuts import DENSITY, Address, CFunction, CompiledDensity, sampled_density
from estimation.work.kernels import carray, cfunc, njit

__all__ = ["Whitened", "density_of", "value_and_gradient", "whitened"]

_STEPS, _CLOSE = 200, 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Whitened:
    """The mode and what spreads the posterior about it.

    Parameters
    ----------
    mode : float array, shape (q,)
        m.
    scale : float array, shape (q, q)
        L.
    """

    mode: FloatArray
    scale: FloatArray


def whitened(counts: FloatArray, offset: FloatArray, design: FloatArray) -> Whitened:
    """The mode of the posterior, by Newton's method with halved steps, and L.

    Parameters
    ----------
    counts, offset : float array, shape (2^J - 1,)
        People with each history (persons), and the part of log mu that no coefficient moves.
    design : float array, shape (2^J - 1, q)
        D.
    """
    x = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        value, slope, curvature = _derivatives(x, counts, offset, design)
        step = np.linalg.solve(curvature, slope)
        while _derivatives(x + step, counts, offset, design)[0] < value and np.abs(step).max() > _CLOSE:
            step /= 2
        x = x + step
        if np.abs(step).max() <= _CLOSE:
            break
    return Whitened(x, np.linalg.cholesky(np.linalg.inv(_derivatives(x, counts, offset, design)[2])))


def _derivatives(
    x: FloatArray, counts: FloatArray, offset: FloatArray, design: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """The log posterior, its gradient and its negative Hessian."""
    log_mu = offset + design @ x
    log_sum = np.logaddexp.reduce(log_mu)
    share = np.exp(log_mu - log_sum)
    n = counts.sum()
    mean = share @ design
    curvature = n * ((design.T * share) @ design - np.outer(mean, mean)) + np.eye(x.size)
    return float(counts @ log_mu - n * log_sum - x @ x / 2), design.T @ (counts - n * share) - x, curvature


@njit(cache=True, nogil=True, error_model="numpy")
def value_and_gradient(
    z: FloatArray,
    gradient: FloatArray,
    counts: FloatArray,
    offset: FloatArray,
    design: FloatArray,
    mode: FloatArray,
    scale: FloatArray,
) -> float:
    """The log density of z up to a constant; the gradient is written into its array.

    ``offset`` is o + D m and ``design`` is D L.
    """
    value: float = 0.0
    n, largest = 0.0, -np.inf
    for i in range(z.size):
        gradient[i] = 0.0
    for j in range(z.size):
        x = mode[j]
        for i in range(z.size):
            x += scale[j, i] * z[i]
        value -= 0.5 * x * x
        for i in range(z.size):
            gradient[i] -= x * scale[j, i]
    log_mu = np.empty(counts.size)
    for omega in range(counts.size):
        log_mu[omega] = offset[omega]
        for i in range(z.size):
            log_mu[omega] += design[omega, i] * z[i]
        value += counts[omega] * log_mu[omega]
        n += counts[omega]
        largest = max(largest, log_mu[omega])
    total = 0.0
    for omega in range(counts.size):
        log_mu[omega] = np.exp(log_mu[omega] - largest)
        total += log_mu[omega]
    for omega in range(counts.size):
        residual = counts[omega] - n * log_mu[omega] / total
        for i in range(z.size):
            gradient[i] += residual * design[omega, i]
    value -= n * (largest + np.log(total))
    return value


@cache
def _compiled() -> CFunction:
    """The density as the sampler calls it; nothing in it depends on a table."""

    def called(dimension: int, z: Address, gradient: Address, value: Address, data: Address) -> int:
        q = dimension
        n = int(carray(data, (1,))[0])
        packed = carray(data, (1 + n * (2 + q) + q * (1 + q),))[1:]
        slope = carray(gradient, (dimension,))
        design = packed[2 * n : (2 + q) * n].reshape(n, q)
        mode = packed[(2 + q) * n : (2 + q) * n + q]
        scale = packed[(2 + q) * n + q :].reshape(q, q)
        value[0] = value_and_gradient(carray(z, (q,)), slope, packed[:n], packed[n : 2 * n], design, mode, scale)
        return 0 if np.isfinite(value[0]) and np.isfinite(slope).all() else 4

    return cfunc(DENSITY)(called)


def density_of(counts: FloatArray, offset: FloatArray, design: FloatArray, about: Whitened) -> CompiledDensity:
    """What the sampler needs of the density for one table.

    Parameters
    ----------
    counts, offset : float array, shape (2^J - 1,)
        People with each history (persons), and o.
    design : float array, shape (2^J - 1, q)
        D.
    about : Whitened
        m and L.
    """
    moved = (offset + design @ about.mode, (design @ about.scale).ravel())
    packed = np.concatenate([[counts.size], counts, *moved, about.mode, about.scale.ravel()])
    return sampled_density(_compiled(), packed, dimension=about.mode.size)
