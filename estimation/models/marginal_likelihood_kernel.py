"""The compiled inner loops of `estimation.models.marginal_likelihood`, whose symbols they share.

The Hessian is H = n sum p_h (x_h - mean)(x_h - mean)' + I / sigma^2: centred, so that it stays positive definite
whatever rounding does.  All chances are made from log chances less the largest.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from estimation.capture import BoolArray, FloatArray, IntArray

__all__ = ["DEGREES", "integrate", "weigh"]

_NEWTON_STEPS = 200
_DECREMENT = 1e-10
"""A step that promises less than this is the last one."""

_NEGLIGIBLE = 25.0
"""Values of sigma^2 are left out where the log density has fallen this far below its peak: a share of 1e-11."""

DEGREES = 6.0
"""Of the t that proposes coefficients: tails heavier than those of any of these posteriors."""


@njit(cache=True, nogil=True, error_model="numpy")
def _log_likelihood(x: FloatArray, counts: FloatArray, theta: FloatArray, chance: FloatArray) -> float:
    """Fills the chances of the observable histories; the multinomial log likelihood without its coefficient."""
    top = -np.inf
    for c in range(counts.size):
        eta = 0.0
        for i in range(theta.size):
            eta += x[c, i] * theta[i]
        chance[c] = eta
        top = max(top, eta)
    total = 0.0
    whole = 0.0
    people = 0.0
    for c in range(counts.size):
        total += counts[c] * (chance[c] - top)
        people += counts[c]
        chance[c] = np.exp(chance[c] - top)
        whole += chance[c]
    for c in range(counts.size):
        chance[c] /= whole
    return float(total - people * np.log(whole))


@njit(cache=True, nogil=True, error_model="numpy")
def _curvature(
    x: FloatArray, people: float, chance: FloatArray, mean: FloatArray, precision: float, lower: FloatArray
) -> float:
    """The Cholesky factor of H into `lower`; returns log det H."""
    width = mean.size
    for i in range(width):
        for j in range(i + 1):
            lower[i, j] = 0.0
        lower[i, i] = precision
    for c in range(chance.size):
        for i in range(width):
            weighted = people * chance[c] * (x[c, i] - mean[i])
            for j in range(i + 1):
                lower[i, j] += weighted * (x[c, j] - mean[j])
    log_determinant = 0.0
    for i in range(width):
        for j in range(i + 1):
            value = lower[i, j]
            for k in range(j):
                value -= lower[i, k] * lower[j, k]
            if i > j:
                lower[i, j] = value / lower[j, j]
            else:
                # H is at least the prior's precision in every direction; rounding must not take it below.
                lower[i, i] = np.sqrt(max(value, precision))
                log_determinant += 2.0 * np.log(lower[i, i])
    return log_determinant


@njit(cache=True, nogil=True, error_model="numpy")
def _solve_upper(lower: FloatArray, right: FloatArray) -> None:
    """Overwrites `right` with the solution of L' x = right."""
    for i in range(right.size - 1, -1, -1):
        value = right[i]
        for k in range(i + 1, right.size):
            value -= lower[k, i] * right[k]
        right[i] = value / lower[i, i]


@njit(cache=True, nogil=True, error_model="numpy")
def _to_mode(
    x: FloatArray, counts: FloatArray, precision: float, theta: FloatArray, lower: FloatArray
) -> tuple[float, float]:
    """Newton's method from `theta` to the mode; returns the log density there and log det H; fills its factor."""
    people = counts.sum()
    chance = np.empty(counts.size)
    mean = np.empty(theta.size)
    step = np.empty(theta.size)
    tried = np.empty(theta.size)
    reached = _log_likelihood(x, counts, theta, chance) - 0.5 * precision * float(theta @ theta)
    log_determinant = 0.0
    for _ in range(_NEWTON_STEPS):
        mean[:] = 0.0
        step[:] = -precision * theta
        for c in range(counts.size):
            for i in range(theta.size):
                mean[i] += chance[c] * x[c, i]
                step[i] += (counts[c] - people * chance[c]) * x[c, i]
        log_determinant = _curvature(x, people, chance, mean, precision, lower)
        decrement = 0.0
        for i in range(theta.size):
            value = step[i]
            for k in range(i):
                value -= lower[i, k] * step[k]
            step[i] = value / lower[i, i]
            decrement += step[i] ** 2
        if decrement < _DECREMENT:
            break
        _solve_upper(lower, step)
        length = 1.0
        for _ in range(40):
            tried[:] = theta + length * step
            value = _log_likelihood(x, counts, tried, chance) - 0.5 * precision * float(tried @ tried)
            if value >= reached - 1e-12 * (1.0 + abs(reached)):
                break
            length *= 0.5
        theta[:] = tried
        reached = value
    return reached, log_determinant


@njit(cache=True, nogil=True, error_model="numpy")
def _columns(design: FloatArray, terms: BoolArray) -> FloatArray:
    """The design's rows, with the columns of a model but the intercept."""
    held = np.flatnonzero(terms)[1:]
    x = np.empty((design.shape[0], held.size))
    for c in range(design.shape[0]):
        for i in range(held.size):
            x[c, i] = design[c, held[i]]
    return x


@njit(cache=True, nogil=True, error_model="numpy")
def integrate(
    design: FloatArray, counts: FloatArray, models: BoolArray, log_scales: FloatArray, log_prior: FloatArray,
    joint: FloatArray,
) -> None:  # fmt: skip
    """Fills log p(n, u | model), walking up and then down from the middle until it is negligible."""
    middle = np.argmin(np.abs(log_scales))
    for m in range(models.shape[0]):
        x = _columns(design, models[m])
        lower = np.empty((x.shape[1], x.shape[1]))
        centre = np.zeros(x.shape[1])
        best = -np.inf
        for direction in (1, -1):
            theta = centre.copy()
            level = middle if direction == 1 else middle - 1
            while 0 <= level < log_scales.size:
                value, log_determinant = _to_mode(x, counts, np.exp(-log_scales[level]), theta, lower)
                value += log_prior[level] - 0.5 * (x.shape[1] * log_scales[level] + log_determinant)
                joint[m, level] = value
                best = max(best, value)
                if level == middle:
                    centre[:] = theta
                if value < best - _NEGLIGIBLE:
                    break
                level += direction


@njit(cache=True, nogil=True, error_model="numpy")
def weigh(
    design: FloatArray, counts: FloatArray, models: BoolArray, log_scales: FloatArray, which: IntArray, level: IntArray,
    normals: FloatArray, stretch: FloatArray, constants: FloatArray, log_weights: FloatArray, log_odds: FloatArray,
) -> None:  # fmt: skip
    """Draws the coefficients of each particle; fills log density over proposal, and log r.

    Particles come sorted by model and sigma^2.  `constants` has the logarithm of the t's constant by k.
    """
    chance = np.empty(counts.size)
    before = -1
    for s in range(which.size):
        if which[s] != before:
            before = which[s]
            complete = _columns(design, models[which[s]])
            x = complete[1:].copy()
            width = x.shape[1]
            mode = np.zeros(width)
            lower = np.empty((width, width))
            at = -1
        if level[s] != at:
            at = level[s]
            precision = np.exp(-log_scales[at])
            log_determinant = _to_mode(x, counts, precision, mode, lower)[1]
        theta = normals[s, :width] * stretch[s]
        quadratic = theta @ theta
        _solve_upper(lower, theta)
        theta += mode
        value = _log_likelihood(x, counts, theta, chance) - 0.5 * precision * float(theta @ theta)
        value -= 0.5 * width * (np.log(2.0 * np.pi) + log_scales[at])
        proposed = constants[width] + 0.5 * log_determinant
        proposed -= 0.5 * (DEGREES + width) * np.log1p(quadratic / DEGREES)
        log_weights[s] = value - proposed
        # log r by the observable history of the largest chance, which cannot be too small for its logarithm.
        likely = np.argmax(chance)
        log_odds[s] = np.log(chance[likely])
        for i in range(width):
            log_odds[s] += (complete[0, i] - x[likely, i]) * theta[i]
