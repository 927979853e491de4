"""The compiled inner loops of `estimation.models.bayesian_log_linear.marginal_likelihood`, whose symbols they share.

The sum-to-zero design is never written out.  Its column of term t is (-1)^|t| (-1)^|t & h| over histories h, so x theta
is a Walsh-Hadamard transform, and the product of the columns of s and t is that of the term s xor t.  With m_t the mean
of column t under the probabilities p_h, which is one more transform, the Hessian is

    H_st = n (m_{s xor t} - m_s m_t) + I / sigma^2

and costs one subtraction an entry.  All probabilities are made from their logarithms less the largest.

A form of heterogeneity z adds one coefficient, tau >= 0, which comes last and is computed with as log tau, so that no
step leaves the range and the density, the Jacobian tau included, has one mode inside it (the density of theta and tau
is log-concave, and so is tau). With s_t the mean of the product of z and column t, one more transform,

    H_{t, log tau} = n tau (s_t - m_t mean(z))
    H_{log tau, log tau} = tau^2 (n Var(z) + 1 / sigma^2) + 1 (at the mode)

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

_LOG_HALF_NORMAL = float(np.log(2.0))
"""What a normal density gains where it is cut at its middle: tau cannot be negative."""

DEGREES = 6.0
"""Of the t that proposes coefficients: tails heavier than those of any of these posteriors."""


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
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


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _terms(model: BoolArray) -> tuple[IntArray, FloatArray]:
    """The terms of a model but the intercept, and the sign (-1)^|t| of each."""
    terms = np.empty(model.size, np.int64)
    width = 0
    for term in range(1, model.size):
        if model[term]:
            terms[width] = term
            width += 1
    sign = np.ones(width)
    for i in range(width):
        left = terms[i]
        while left:
            left &= left - 1
            sign[i] = -sign[i]
    return terms[:width], sign


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _log_likelihood(
    terms: IntArray, sign: FloatArray, form: FloatArray, counts: FloatArray, theta: FloatArray, probability: FloatArray
) -> tuple[float, float]:
    """The multinomial log likelihood without its coefficient, and log r; fills the probabilities of all 2^J histories.

    Entry 0, of those on no list, is made 0: the probabilities are those of being observed with a history.
    """
    for c in range(counts.size):
        probability[c] = 0.0
    for i in range(terms.size):
        probability[terms[i]] = sign[i] * theta[i]
    _transform(probability)
    if form.size:
        tau = np.exp(theta[-1])
        for c in range(counts.size):
            probability[c] += tau * form[c]
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


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _log_prior(theta: FloatArray, precision: float, with_form: bool) -> float:
    """The log prior density of theta, and of log tau where it comes last, without what is the same for all theta."""
    if not with_form:
        return -0.5 * precision * float(theta @ theta)
    return float(theta[-1] - 0.5 * precision * (theta[:-1] @ theta[:-1] + np.exp(2.0 * theta[-1])))


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _curvature(
    terms: IntArray, sign: FloatArray, people: float, moments: FloatArray, with_form: FloatArray, tau: float,
    precision: float, lower: FloatArray,
) -> float:  # fmt: skip
    """The Cholesky factor of H into `lower`; returns log det H.

    `moments` has those of the columns less their signs, and `with_form` those of the products of the columns and the
    form of heterogeneity, then the mean of the square of the form; it is empty where the model has no form.
    """
    log_determinant = 0.0
    for i in range(lower.shape[0]):
        for j in range(i + 1):
            if i < terms.size:
                covariance = moments[terms[i] ^ terms[j]] - moments[terms[i]] * moments[terms[j]]
                value = people * sign[i] * sign[j] * covariance
                least = precision
            elif j < i:
                value = people * tau * sign[j] * (with_form[terms[j]] - moments[terms[j]] * with_form[0])
            else:
                least = tau * tau * precision + 1.0
                value = people * tau * tau * (with_form[-1] - with_form[0] ** 2)
            if i == j:
                value += least
            for k in range(j):
                value -= lower[i, k] * lower[j, k]
            if i > j:
                lower[i, j] = value / lower[j, j]
            else:
                # H is at least the prior's precision in every direction; rounding must not take it below.
                lower[i, i] = np.sqrt(max(value, least))
                log_determinant += 2.0 * np.log(lower[i, i])
    return log_determinant


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _solve_upper(lower: FloatArray, right: FloatArray) -> None:
    """Overwrites `right` with the solution of L' x = right."""
    for i in range(right.size - 1, -1, -1):
        value = right[i]
        for k in range(i + 1, right.size):
            value -= lower[k, i] * right[k]
        right[i] = value / lower[i, i]


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _form_moments(form: FloatArray, probability: FloatArray) -> FloatArray:
    """As `_curvature` wants them: of the products of the columns, less their signs, and a form; of its square."""
    found = np.empty(form.size + 1 if form.size else 0)
    if form.size:
        for c in range(form.size):
            found[c] = probability[c] * form[c]
        found[-1] = found[:-1] @ form
        _transform(found[:-1])
    return found


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _stepped(theta: FloatArray, step: FloatArray, length: float, wide: bool, tried: FloatArray) -> bool:
    """A step of some length into `tried`; false where tau would not be positive."""
    for i in range(theta.size):
        tried[i] = theta[i] + length * step[i]
    if not wide:
        return True
    if length * step[-1] <= -1.0:
        return False
    tried[-1] = theta[-1] + np.log1p(length * step[-1])
    return True


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _from_axes(lower: FloatArray, place: FloatArray, wide: bool) -> None:
    """Overwrites a place by the axes of the curvature with the coefficients less their mode.

    Given tau, theta is near a line in tau and not in its logarithm: as far along as tau / mode - 1 says.
    """
    by_log = place[-1] / lower[-1, -1]
    if wide:
        place[-1] = np.expm1(by_log) * lower[-1, -1]
    _solve_upper(lower, place)
    if wide:
        place[-1] = by_log


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _to_mode(
    terms: IntArray, sign: FloatArray, form: FloatArray, counts: FloatArray, precision: float, theta: FloatArray,
    lower: FloatArray,
) -> tuple[float, float]:  # fmt: skip
    """Newton's method from `theta` to the mode; returns the log density there and log det H; fills its factor.

    A step in log tau is that of Newton's method in tau, in which the density is log-concave.
    """
    people = 0.0
    probability = np.empty(counts.size)
    observed = np.zeros(counts.size)
    for c in range(1, counts.size):
        observed[c] = counts[c]
        people += counts[c]
    on_form = float(observed @ form) if form.size else 0.0
    _transform(observed)
    step = np.empty(theta.size)
    tried = np.empty(theta.size)
    wide = form.size > 0
    tau = 1.0
    reached = _log_likelihood(terms, sign, form, counts, theta, probability)[0] + _log_prior(theta, precision, wide)
    log_determinant = 0.0
    for _ in range(_NEWTON_STEPS):
        products = _form_moments(form, probability)
        _transform(probability)
        for i in range(terms.size):
            step[i] = sign[i] * (observed[terms[i]] - people * probability[terms[i]]) - precision * theta[i]
        if wide:
            tau = np.exp(theta[-1])
            step[-1] = tau * (on_form - people * products[0] - precision * tau) + 1.0
        log_determinant = _curvature(terms, sign, people, probability, products, tau, precision, lower)
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
            if _stepped(theta, step, length, wide, tried):
                value = _log_likelihood(terms, sign, form, counts, tried, probability)[0]
                value += _log_prior(tried, precision, wide)
                if value >= reached - 1e-12 * (1.0 + abs(reached)):
                    break
            length *= 0.5
        for i in range(theta.size):
            theta[i] = tried[i]
        reached = value
    return reached, log_determinant


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _form_of(model: BoolArray, forms: FloatArray) -> FloatArray:
    """The form of heterogeneity of a model, shape (2^J,); empty where it has none."""
    for column in range(forms.shape[0]):
        if model[forms.shape[1] + column]:
            found: FloatArray = forms[column]
            return found
    return np.empty(0)


@njit(cache=True, nogil=True, error_model="numpy")
def integrate(
    counts: FloatArray, models: BoolArray, forms: FloatArray, log_scales: FloatArray, log_prior: FloatArray,
    joint: FloatArray,
) -> None:  # fmt: skip
    """Fills log p(n, u | model), walking up and then down from the middle until it is negligible."""
    middle = 0
    for level in range(1, log_scales.size):
        if abs(log_scales[level]) < abs(log_scales[middle]):
            middle = level
    for m in range(models.shape[0]):
        terms, sign = _terms(models[m, : counts.size])
        form = _form_of(models[m], forms)
        width = terms.size + (1 if form.size else 0)
        lower = np.empty((width, width))
        centre = np.zeros(width)
        best = -np.inf
        for direction in (1, -1):
            theta = np.empty(width)
            for i in range(width):
                theta[i] = centre[i]
            level = middle if direction == 1 else middle - 1
            while 0 <= level < log_scales.size:
                value, log_determinant = _to_mode(terms, sign, form, counts, np.exp(-log_scales[level]), theta, lower)
                value += log_prior[level] - 0.5 * (width * log_scales[level] + log_determinant)
                if form.size:
                    value += _LOG_HALF_NORMAL
                joint[m, level] = value
                best = max(best, value)
                if level == middle:
                    for i in range(width):
                        centre[i] = theta[i]
                if value < best - _NEGLIGIBLE:
                    break
                level += direction


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _stretch_sides(
    terms: IntArray, sign: FloatArray, form: FloatArray, counts: FloatArray, precision: float, mode: FloatArray,
    lower: FloatArray, top: float, sides: FloatArray,
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
                for k in range(mode.size):
                    axis[k] = 0.0
                axis[i] = distance if side == 1 else -distance
                _from_axes(lower, axis, form.size > 0)
                for k in range(mode.size):
                    axis[k] += mode[k]
                value = _log_likelihood(terms, sign, form, counts, axis, probability)[0]
                value += _log_prior(axis, precision, form.size > 0)
                sides[side, i] = max(sides[side, i], distance / np.sqrt(2.0 * max(top - value, 1e-6)))
            sides[side, i] = min(sides[side, i], _WIDEST)


@njit(cache=True, nogil=True, error_model="numpy")
def weigh(
    counts: FloatArray, models: BoolArray, forms: FloatArray, log_scales: FloatArray, which: IntArray,
    level: IntArray, normals: FloatArray, stretch: FloatArray, constants: FloatArray, log_weights: FloatArray,
    log_odds: FloatArray, cells: FloatArray,
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
            terms, sign = _terms(models[which[s], : counts.size])
            form = _form_of(models[which[s]], forms)
            width = terms.size + (1 if form.size else 0)
            mode = np.zeros(width)
            lower = np.empty((width, width))
            sides = np.empty((2, width))
            at = -1
        if level[s] != at:
            at = level[s]
            precision = np.exp(-log_scales[at])
            top, log_determinant = _to_mode(terms, sign, form, counts, precision, mode, lower)
            _stretch_sides(terms, sign, form, counts, precision, mode, lower, top, sides)
        theta = np.empty(width)
        for i in range(width):
            theta[i] = normals[s, i] * stretch[s]
        quadratic = theta @ theta
        wider = 0.0
        for i in range(width):
            side = sides[1 if theta[i] > 0 else 0, i]
            theta[i] *= side
            wider += np.log(side)
        _from_axes(lower, theta, form.size > 0)
        for i in range(width):
            theta[i] += mode[i]
        value, log_odds[s] = _log_likelihood(terms, sign, form, counts, theta, probability)
        if cells.shape[0] > 0:
            for c in range(counts.size):
                cells[s, c] = probability[c]
        value += _log_prior(theta, precision, form.size > 0)
        value -= 0.5 * width * (np.log(2.0 * np.pi) + log_scales[at])
        if form.size:
            value += _LOG_HALF_NORMAL
        proposed = constants[width] + 0.5 * log_determinant - wider
        proposed -= 0.5 * (DEGREES + width) * np.log1p(quadratic / DEGREES)
        log_weights[s] = value - proposed
