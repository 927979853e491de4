"""The latent-class posterior with all classes and n_0 summed out: its log density and gradient, compiled.

Symbols and the layout of a chain's state are those of `estimation.models.latent_class.kernel`.  Under p(N) ~ 1/N the
sum over n_0 of binom(n - 1 + n_0, n_0) rho^n_0 is (1 - rho)^-n, so the likelihood is prod p_omega^n_omega / (1 - rho)^n
with p_omega = sum_k pi_k prod_j lambda_kj^[j in omega] (1 - lambda_kj)^[j not in omega].

With o_kj the odds of capture, p_omega = sum_k (pi_k prod_j (1 - lambda_kj)) prod_{j in omega} o_kj.  Histories that
begin alike share the products (`estimation.models.latent_class.state.Cells`), so a gradient costs nodes x classes, and
3 exponentials a class and one a capture probability besides.
"""

from __future__ import annotations

import math

import numpy as np

from estimation.capture.table import FloatArray
from estimation.models.latent_class.state import Cells, Prior, Workspace
from estimation.work.kernels import njit

__all__ = ["fill_captures", "fill_rows", "log_1p_exp", "marginal_density"]

_HIGHEST = 600.0
"""Logits and logarithms of E / alpha above this count as this: the end of floating point is near."""

_TINY = 1e-140
"""A class's probability of no list below which odds are not multiplied."""


@njit(cache=True, nogil=True, error_model="numpy")
def log_1p_exp(x: float) -> float:
    """log(1 + e^x)."""
    return x + math.log1p(math.exp(-x)) if x > 0 else math.log1p(math.exp(x))


@njit(cache=True, nogil=True, error_model="numpy")
def _log_1m_exp(x: float) -> float:
    """log(1 - e^x) for x < 0, also where e^x is next to 1."""
    return math.log(-math.expm1(x)) if x > -0.7 else math.log1p(-math.exp(x))


@njit(cache=True, nogil=True, error_model="numpy")
def _log_stick(log_e: float, log_alpha: float) -> float:
    """Log V = log(1 - exp(-E / alpha)), also where E / alpha underflows."""
    log_y = log_e - log_alpha
    return log_y - 0.5 * math.exp(log_y) if log_y < -18.0 else _log_1m_exp(-math.exp(log_y))


@njit(cache=True, nogil=True, error_model="numpy")
def fill_captures(x: FloatArray, work: Workspace) -> None:
    """Shares, odds of capture, capture probabilities, and each class's probability of no list, from the state.

    A class is seen with probability sum_j capture_j prod_{i<j} (1 - capture_i): no difference of numbers next to 1.
    """
    lists, classes = work.odds.shape
    for k in range(classes):
        work.none[k] = 1.0
        work.some[k] = 0.0
    for j in range(lists):
        odds, capture = work.odds[j], work.capture[j]
        for k in range(classes):
            odds[k] = math.exp(min(x[j * classes + k], _HIGHEST))
            rest = 1.0 / (1.0 + odds[k])
            capture[k] = odds[k] * rest
            work.some[k] += work.none[k] * capture[k]
            work.none[k] *= rest
    left = 1.0
    for k in range(classes - 1):
        work.pull[k] = math.exp(min(x[lists * classes + k] - x[-1], _HIGHEST))
        work.stick[k] = -math.expm1(-work.pull[k])
        work.share[k] = left * work.stick[k]
        left *= math.exp(-work.pull[k])
    work.share[classes - 1] = left
    for k in range(classes):
        work.missed[k] = work.share[k] * work.none[k]


@njit(cache=True, nogil=True, error_model="numpy")
def _log_share_and_missed(x: FloatArray, work: Workspace, k: int) -> tuple[float, float]:
    """Log pi_k and the log probability that class k is on no list, which nothing underflows."""
    lists, classes = work.odds.shape
    log_share, log_none = 0.0, 0.0
    for i in range(k):
        log_share -= math.exp(x[lists * classes + i] - x[-1])
    if k < classes - 1:
        log_share += _log_stick(x[lists * classes + k], x[-1])
    for j in range(lists):
        log_none -= log_1p_exp(x[j * classes + k])
    return log_share, log_none


@njit(cache=True, nogil=True, error_model="numpy")
def fill_rows(x: FloatArray, cells: Cells, work: Workspace) -> None:
    """Probabilities of each history with each class, up to a factor of the history's whose logarithm is in ``tops``.

    They are products of odds, a node's from its parent's, where these cannot leave floating point: while no class's
    odds exceed 1 / `_TINY`, a class lost to underflow has less than 1e-18 of a sum above 1e10 `_TINY`.  A history where
    that is in doubt is done with logarithms.
    """
    rows, odds, totals, missed = work.rows, work.odds, work.totals, work.missed
    parent, list_of, counts = cells.parent, cells.list_of, cells.counts
    classes = missed.size
    least = 1e10 * _TINY
    for k in range(classes):
        rows[0, k] = missed[k]
        if work.none[k] < _TINY:
            least = np.inf
    for i in range(1, counts.size):
        above, j = parent[i], list_of[i]
        total = 0.0
        for k in range(classes):
            rows[i, k] = rows[above, k] * odds[j, k]
        for k in range(classes):
            total += rows[i, k]
        totals[i] = total
    for i in range(1, counts.size):
        work.tops[i] = 0.0
        if counts[i] > 0 and not totals[i] > least:
            _fill_row_by_logs(x, cells, i, work)


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_row_by_logs(x: FloatArray, cells: Cells, i: int, work: Workspace) -> None:
    """The row of node i from sums of logarithms, its largest made 1; no child of it reads this row afterwards."""
    row, classes = work.rows[i], work.missed.size
    top = -np.inf
    for k in range(classes):
        log_share, value = _log_share_and_missed(x, work, k)
        value += log_share
        node = i
        while node > 0:
            value += x[cells.list_of[node] * classes + k]
            node = cells.parent[node]
        row[k] = value
        top = max(top, value)
    work.tops[i], work.totals[i] = top, 0.0
    for k in range(classes):
        row[k] = math.exp(row[k] - top)
        work.totals[i] += row[k]


@njit(cache=True, nogil=True, error_model="numpy")
def marginal_density(x: FloatArray, cells: Cells, prior: Prior, work: Workspace, gradient: FloatArray) -> float:
    """Log posterior density of the state with classes and n_0 summed out, up to a constant, and its gradient.

    The gradient is that of the complete data with class sizes and overlaps at their expectation (Fisher's identity):
    with c_k expected people of class k, unseen included, it is on_kj + a - (c_k + a + b) lambda_kj for logit lambda_kj.
    """
    lists, classes = work.odds.shape
    log_alpha, alpha = x[-1], math.exp(x[-1])
    fill_captures(x, work)
    value = (prior.alpha_shape - 0.5 * prior.alpha_precision * log_alpha) * log_alpha - prior.alpha_rate * alpha
    seen = 0.0
    for k in range(classes):
        seen += work.share[k] * work.some[k]
    value -= cells.n * math.log(seen)
    for k in range(classes):
        work.expected[k] = cells.n * work.missed[k] / seen
        log_none = math.log(work.none[k]) if work.none[k] > 0.0 else _log_share_and_missed(x, work, k)[1]
        value += (prior.a + prior.b) * log_none
    captured = gradient[: lists * classes].reshape(lists, classes)
    for j in range(lists):
        for k in range(classes):
            value += prior.a * x[j * classes + k]
            captured[j, k] = prior.a
    fill_rows(x, cells, work)
    value += _add_expected(cells, work, captured)
    for j in range(lists):
        capture, here = work.capture[j], captured[j]
        for k in range(classes):
            here[k] -= (work.expected[k] + prior.a + prior.b) * capture[k]
    for_alpha = prior.alpha_shape - prior.alpha_precision * log_alpha - prior.alpha_rate * alpha
    after = work.expected[classes - 1]
    for k in range(classes - 2, -1, -1):
        e, y, stick = math.exp(x[lists * classes + k]), work.pull[k], work.stick[k]
        # d/d log E of c_k log V_k + t_k log(1 - V_k), with log(1 - V_k) = -y.
        turn = y * (1.0 - stick) / stick if y > 1e-300 else 1.0
        slope = work.expected[k] * turn - after * y
        gradient[lists * classes + k] = slope + 1.0 - e
        value += x[lists * classes + k] - e
        for_alpha -= slope
        after += work.expected[k]
    gradient[-1] = for_alpha
    return float(value)


@njit(cache=True, nogil=True, error_model="numpy")
def _add_expected(cells: Cells, work: Workspace, captured: FloatArray) -> float:
    """Log likelihood of the histories; adds their people, shared out over the classes, to the expectations."""
    rows, flow, totals = work.rows, work.flow, work.totals
    parent, list_of, counts = cells.parent, cells.list_of, cells.counts
    classes = work.missed.size
    value = 0.0
    for k in range(classes):
        flow[0, k] = 0.0
    for i in range(1, counts.size):
        people = 0.0
        if counts[i] > 0:
            people = counts[i] / totals[i]
            value += counts[i] * (work.tops[i] + math.log(totals[i]))
        for k in range(classes):
            flow[i, k] = people * rows[i, k]
    for i in range(counts.size - 1, 0, -1):
        above, j = parent[i], list_of[i]
        for k in range(classes):
            captured[j, k] += flow[i, k]
        for k in range(classes):
            flow[above, k] += flow[i, k]
    for k in range(classes):
        work.expected[k] += flow[0, k]
    return value
