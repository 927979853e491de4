"""The compiled inner loops of `estimation.models.bayesian_log_linear.marginal_likelihood`, whose symbols they share.

The sum-to-zero design is never written out.  Its column of term t is (-1)^|t| (-1)^|t & h| over histories h, so x theta
is a Walsh-Hadamard transform, and the product of the columns of s and t is that of the term s xor t.  With m_t the mean
of column t under the probabilities p_h, which is one more transform, the Hessian is

    H_st = n (m_{s xor t} - m_s m_t) + I / sigma^2

and costs one subtraction an entry.  All probabilities are made from their logarithms less the largest.

Reference: Fino, Algazi (1976), IEEE Transactions on Computers C-25:1142-1146, for the transform.
"""

from __future__ import annotations

import numpy as np

from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.work.kernels import njit

__all__ = ["DEGREES", "integrate", "weigh"]

_NEWTON_STEPS = 200
_DECREMENT = 1e-10
"""A step that promises less than this is the last one."""

_NEGLIGIBLE = 25.0
"""Values of sigma^2 are left out where the log density has fallen this far below its peak: a share of 1e-11."""

_DISTANCES = (1.0, 2.5)
_NARROWEST, _WIDEST = 0.8, 5.0
"""Of the proposal, in standard deviations by the curvature: where its reach is measured, and limits to it."""

DEGREES = 6.0
"""Of the t that proposes coefficients: tails heavier than those of any of these posteriors."""


@njit(cache=True, nogil=True, error_model="numpy")
def _transform(values: FloatArray) -> None:
    """The Walsh-Hadamard transform, in place: entry t becomes the sum over h of (-1)^|t & h| of entry h."""
    half = 1
    while half < values.size:
        for start in range(0, values.size, 2 * half):
            for i in range(start, start + half):
                first, second = values[i], values[i + half]
                values[i] = first + second
                values[i + half] = first - second
        half *= 2


@njit(cache=True, nogil=True, error_model="numpy")
def _terms(model: BoolArray) -> tuple[IntArray, FloatArray]:
    """The terms of a model but the intercept, and the sign (-1)^|t| of each."""
    terms = np.flatnonzero(model)[1:]
    sign = np.ones(terms.size)
    for i in range(terms.size):
        left = terms[i]
        while left:
            left &= left - 1
            sign[i] = -sign[i]
    return terms, sign


@njit(cache=True, nogil=True, error_model="numpy")
def _log_likelihood(
    terms: IntArray, sign: FloatArray, counts: FloatArray, theta: FloatArray, probability: FloatArray
) -> tuple[float, float]:
    """The multinomial log likelihood without its coefficient, and log r; fills the probabilities of all 2^J histories.

    Entry 0, of those on no list, is made 0: the probabilities are those of being observed with a history.
    """
    probability[:] = 0.0
    for i in range(terms.size):
        probability[terms[i]] = sign[i] * theta[i]
    _transform(probability)
    unseen = probability[0]
    top = -np.inf
    for c in range(1, counts.size):
        top = max(top, probability[c])
    total = 0.0
    whole = 0.0
    people = 0.0
    for c in range(1, counts.size):
        total += counts[c] * (probability[c] - top)
        people += counts[c]
        probability[c] = np.exp(probability[c] - top)
        whole += probability[c]
    probability[0] = 0.0
    for c in range(1, counts.size):
        probability[c] /= whole
    return float(total - people * np.log(whole)), float(unseen - top - np.log(whole))


@njit(cache=True, nogil=True, error_model="numpy")
def _curvature(
    terms: IntArray, sign: FloatArray, people: float, moments: FloatArray, precision: float, lower: FloatArray
) -> float:
    """The Cholesky factor of H into `lower`; returns log det H.  `moments`: of the columns less their signs."""
    log_determinant = 0.0
    for i in range(terms.size):
        for j in range(i + 1):
            covariance = moments[terms[i] ^ terms[j]] - moments[terms[i]] * moments[terms[j]]
            value = people * sign[i] * sign[j] * covariance
            if i == j:
                value += precision
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
    terms: IntArray, sign: FloatArray, counts: FloatArray, precision: float, theta: FloatArray, lower: FloatArray
) -> tuple[float, float]:
    """Newton's method from `theta` to the mode; returns the log density there and log det H; fills its factor."""
    people = counts[1:].sum()
    probability = np.empty(counts.size)
    observed = counts.copy()
    observed[0] = 0.0
    _transform(observed)
    step = np.empty(theta.size)
    tried = np.empty(theta.size)
    reached = _log_likelihood(terms, sign, counts, theta, probability)[0] - 0.5 * precision * float(theta @ theta)
    log_determinant = 0.0
    for _ in range(_NEWTON_STEPS):
        _transform(probability)
        for i in range(theta.size):
            step[i] = sign[i] * (observed[terms[i]] - people * probability[terms[i]]) - precision * theta[i]
        log_determinant = _curvature(terms, sign, people, probability, precision, lower)
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
            value = _log_likelihood(terms, sign, counts, tried, probability)[0] - 0.5 * precision * float(tried @ tried)
            if value >= reached - 1e-12 * (1.0 + abs(reached)):
                break
            length *= 0.5
        theta[:] = tried
        reached = value
    return reached, log_determinant


@njit(cache=True, nogil=True, error_model="numpy")
def integrate(
    counts: FloatArray, models: BoolArray, log_scales: FloatArray, log_prior: FloatArray, joint: FloatArray
) -> None:
    """Fills log p(n, u | model), walking up and then down from the middle until it is negligible."""
    middle = np.argmin(np.abs(log_scales))
    for m in range(models.shape[0]):
        terms, sign = _terms(models[m])
        lower = np.empty((terms.size, terms.size))
        centre = np.zeros(terms.size)
        best = -np.inf
        for direction in (1, -1):
            theta = centre.copy()
            level = middle if direction == 1 else middle - 1
            while 0 <= level < log_scales.size:
                value, log_determinant = _to_mode(terms, sign, counts, np.exp(-log_scales[level]), theta, lower)
                value += log_prior[level] - 0.5 * (terms.size * log_scales[level] + log_determinant)
                joint[m, level] = value
                best = max(best, value)
                if level == middle:
                    centre[:] = theta
                if value < best - _NEGLIGIBLE:
                    break
                level += direction


@njit(cache=True, nogil=True, error_model="numpy")
def _stretch_sides(
    terms: IntArray, sign: FloatArray, counts: FloatArray, precision: float, mode: FloatArray, lower: FloatArray,
    top: float, sides: FloatArray,
) -> None:  # fmt: skip
    """How much farther the density reaches along each axis of its curvature, to either side, than its curvature says.

    Where nobody has some history the density falls steeply on one side and slowly on the other (Geweke 1989).
    """
    probability = np.empty(counts.size)
    axis = np.empty(mode.size)
    for i in range(mode.size):
        for side in range(2):
            sides[side, i] = _NARROWEST
            for distance in _DISTANCES:
                axis[:] = 0.0
                axis[i] = distance if side == 1 else -distance
                _solve_upper(lower, axis)
                axis += mode
                value = _log_likelihood(terms, sign, counts, axis, probability)[0] - 0.5 * precision * float(
                    axis @ axis
                )
                sides[side, i] = max(sides[side, i], distance / np.sqrt(2.0 * max(top - value, 1e-6)))
            sides[side, i] = min(sides[side, i], _WIDEST)


@njit(cache=True, nogil=True, error_model="numpy")
def weigh(
    counts: FloatArray, models: BoolArray, log_scales: FloatArray, which: IntArray, level: IntArray,
    normals: FloatArray, stretch: FloatArray, constants: FloatArray, log_weights: FloatArray, log_odds: FloatArray,
    cells: FloatArray,
) -> None:  # fmt: skip
    """Draws the coefficients of each particle; fills log density over proposal, log r, and probabilities.

    Particles come sorted by model and sigma^2.  `constants` has the logarithm of the t's constant by k.  `cells`, for
    the probabilities of the histories, has no rows where nobody wants them.
    """
    probability = np.empty(counts.size)
    before = -1
    for s in range(which.size):
        if which[s] != before:
            before = which[s]
            terms, sign = _terms(models[which[s]])
            width = terms.size
            mode = np.zeros(width)
            lower = np.empty((width, width))
            sides = np.empty((2, width))
            at = -1
        if level[s] != at:
            at = level[s]
            precision = np.exp(-log_scales[at])
            top, log_determinant = _to_mode(terms, sign, counts, precision, mode, lower)
            _stretch_sides(terms, sign, counts, precision, mode, lower, top, sides)
        theta = normals[s, :width] * stretch[s]
        quadratic = theta @ theta
        wider = 0.0
        for i in range(width):
            side = sides[1 if theta[i] > 0 else 0, i]
            theta[i] *= side
            wider += np.log(side)
        _solve_upper(lower, theta)
        theta += mode
        value, log_odds[s] = _log_likelihood(terms, sign, counts, theta, probability)
        if cells.shape[0] > 0:
            cells[s] = probability
        value -= 0.5 * precision * float(theta @ theta)
        value -= 0.5 * width * (np.log(2.0 * np.pi) + log_scales[at])
        proposed = constants[width] + 0.5 * log_determinant - wider
        proposed -= 0.5 * (DEGREES + width) * np.log1p(quadratic / DEGREES)
        log_weights[s] = value - proposed
