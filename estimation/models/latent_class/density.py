"""The latent-class posterior with all classes and n_0 summed out: its log density and gradient, compiled.

Symbols and the layout of a chain's state are those of `estimation.models.latent_class.kernel`.  Under p(N) ~ 1/N the
sum over n_0 of binom(n - 1 + n_0, n_0) rho^n_0 is (1 - rho)^-n, so the likelihood is prod p_omega^n_omega / (1 - rho)^n
with p_omega = sum_k pi_k prod_j lambda_kj^[j in omega] (1 - lambda_kj)^[j not in omega].

With o_kj the odds of capture, p_omega = sum_k (pi_k prod_j (1 - lambda_kj)) prod_{j in omega} o_kj.  Histories that
begin alike share the products (`estimation.models.latent_class.state.Cells`), so a gradient costs nodes x classes, and
2 exponentials a class, one a capture probability and a logarithm a history besides.

Of many histories most are nodes without children.  The products of such a node are used where they are made and never
stored, and the logarithms of those with one person are taken together (`_add_ends`): on 41,030 histories of
34 lists and 10 classes 1.1 ms instead of 1.8.
"""

from __future__ import annotations

import math

import numpy as np

from estimation.capture.table import FloatArray
from estimation.models.latent_class.state import (
    EXPECTED,
    MISSED,
    NONE,
    PULL,
    SHARE,
    SOME,
    STICK,
    TOP,
    TOTAL,
    Cells,
    Mixture,
    Prior,
)
from estimation.work.kernels import njit

__all__ = ["fill_captures", "fill_rows", "log_1p_exp", "marginal_density"]

_HIGHEST = 600.0
"""Logits and logarithms of E / alpha above this count as this: the end of floating point is near."""

_TINY = 1e-140
"""A class's probability of no list below which odds are not multiplied."""


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def log_1p_exp(x: float) -> float:
    """log(1 + e^x)."""
    return x + math.log1p(math.exp(-x)) if x > 0 else math.log1p(math.exp(x))


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _log_1m_exp(x: float) -> float:
    """log(1 - e^x) for x < 0, also where e^x is next to 1."""
    return math.log(-math.expm1(x)) if x > -0.7 else math.log1p(-math.exp(x))


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _log_stick(log_e: float, log_alpha: float) -> float:
    """Log V = log(1 - exp(-E / alpha)), also where E / alpha underflows."""
    log_y = log_e - log_alpha
    return log_y - 0.5 * math.exp(log_y) if log_y < -18.0 else _log_1m_exp(-math.exp(log_y))


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def fill_captures(x: FloatArray, mixture: Mixture) -> None:
    """Shares, odds of capture, capture probabilities, and each class's probability of no list, from the state.

    A class is seen with probability sum_j capture_j prod_{i<j} (1 - capture_i): no difference of numbers next to 1.
    """
    by_class, odds, capture = mixture.by_class, mixture.odds, mixture.capture
    lists, classes = odds.shape
    for k in range(classes):
        by_class[NONE, k] = 1.0
        by_class[SOME, k] = 0.0
    for j in range(lists):
        for k in range(classes):
            odds[j, k] = math.exp(min(x[j * classes + k], _HIGHEST))
        for k in range(classes):
            rest = 1.0 / (1.0 + odds[j, k])
            capture[j, k] = odds[j, k] * rest
            by_class[SOME, k] += by_class[NONE, k] * capture[j, k]
            by_class[NONE, k] *= rest
    left = 1.0
    for k in range(classes - 1):
        pull = math.exp(min(x[lists * classes + k] - x[-1], _HIGHEST))
        # V and 1 - V, each from the one that is a difference of numbers not next to each other.
        stick = -math.expm1(-pull) if pull < 0.5 else 1.0 - math.exp(-pull)
        rest = 1.0 - stick if pull < 0.5 else math.exp(-pull)
        by_class[PULL, k], by_class[STICK, k] = pull, stick
        by_class[SHARE, k] = left * stick
        left *= rest
    by_class[SHARE, classes - 1] = left
    for k in range(classes):
        by_class[MISSED, k] = by_class[SHARE, k] * by_class[NONE, k]


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _log_share_and_missed(x: FloatArray, lists: int, classes: int, k: int) -> tuple[float, float]:
    """Log pi_k and the log probability that class k is on no list, which nothing underflows."""
    log_share, log_none = 0.0, 0.0
    for i in range(k):
        log_share -= math.exp(x[lists * classes + i] - x[-1])
    if k < classes - 1:
        log_share += _log_stick(x[lists * classes + k], x[-1])
    for j in range(lists):
        log_none -= log_1p_exp(x[j * classes + k])
    return log_share, log_none


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def fill_rows(x: FloatArray, cells: Cells, nodes: int, mixture: Mixture) -> None:
    """Probabilities of each history with each class, up to a factor of the history's whose logarithm is in `TOP`.

    Of the first so many ``nodes``.

    They are products of odds, a node's from its parent's, where these cannot leave floating point: while no class's
    odds exceed 1 / `_TINY`, a class lost to underflow has less than 1e-18 of a sum above 1e10 `_TINY`.  A history where
    that is in doubt is done with logarithms.
    """
    rows, odds, by_class, by_node = mixture.rows, mixture.odds, mixture.by_class, mixture.by_node
    parent, first, marks, counts = cells.parent, cells.first, cells.marks, cells.counts
    classes = rows.shape[1]
    least = _least_total(by_class)
    for k in range(classes):
        rows[0, k] = by_class[MISSED, k]
    for i in range(1, nodes):
        above, j = parent[i], marks[first[i]]
        total = 0.0
        for k in range(classes):
            rows[i, k] = rows[above, k] * odds[j, k]
        for place in range(first[i] + 1, first[i + 1]):
            j = marks[place]
            for k in range(classes):
                rows[i, k] *= odds[j, k]
        for k in range(classes):
            total += rows[i, k]
        by_node[TOTAL, i], by_node[TOP, i] = total, 0.0
    for i in range(1, nodes):
        if counts[i] > 0 and not by_node[TOTAL, i] > least:
            by_node[TOTAL, i], by_node[TOP, i] = _row_by_logs(x, odds.shape[0], i, cells, rows[i])


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _least_total(by_class: FloatArray) -> float:
    """The sum of a row of products above which no class was lost to underflow; infinite where that may be anywhere."""
    least = 1e10 * _TINY
    for k in range(by_class.shape[1]):
        if by_class[NONE, k] < _TINY:
            least = np.inf
    return least


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _row_by_logs(x: FloatArray, lists: int, i: int, cells: Cells, row: FloatArray) -> tuple[float, float]:
    """The row of node i from sums of logarithms, its largest made 1; its sum and what it was divided by, a logarithm.

    No child of the node reads this row afterwards.
    """
    classes = row.size
    top, total = -np.inf, 0.0
    for k in range(classes):
        log_share, value = _log_share_and_missed(x, lists, classes, k)
        value += log_share
        node = i
        while node > 0:
            for place in range(cells.first[node], cells.first[node + 1]):
                value += x[cells.marks[place] * classes + k]
            node = cells.parent[node]
        row[k] = value
        top = max(top, value)
    for k in range(classes):
        row[k] = math.exp(row[k] - top)
        total += row[k]
    return total, top


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _log_none(x: FloatArray, lists: int, none: FloatArray) -> float:
    """Sum over the classes of the log probability of no list, with few logarithms taken."""
    value, product = 0.0, 1.0
    for k in range(none.size):
        if none[k] < _TINY:
            value += _log_share_and_missed(x, lists, none.size, k)[1]
            continue
        product *= none[k]
        if product < _TINY:
            value += math.log(product)
            product = 1.0
    return value + math.log(product)


@njit(cache=True, nogil=True, error_model="numpy")
def marginal_density(x: FloatArray, cells: Cells, prior: Prior, mixture: Mixture, gradient: FloatArray) -> float:
    """Log posterior density of the state with classes and n_0 summed out, up to a constant, and its gradient.

    The gradient is that of the complete data with class sizes and overlaps at their expectation (Fisher's identity):
    with c_k expected people of class k, unseen included, it is on_kj + a - (c_k + a + b) lambda_kj for logit lambda_kj.
    """
    by_class = mixture.by_class
    lists, classes = mixture.odds.shape
    log_alpha, alpha = x[-1], math.exp(x[-1])
    fill_captures(x, mixture)
    value = (prior.alpha_shape - 0.5 * prior.alpha_precision * log_alpha) * log_alpha - prior.alpha_rate * alpha
    seen = 0.0
    for k in range(classes):
        seen += by_class[SHARE, k] * by_class[SOME, k]
    value -= cells.n * math.log(seen)
    for k in range(classes):
        by_class[EXPECTED, k] = cells.n * by_class[MISSED, k] / seen
    value += (prior.a + prior.b) * _log_none(x, lists, by_class[NONE])
    total = 0.0
    for i in range(lists * classes):
        total += x[i]
        gradient[i] = prior.a
    value += prior.a * total
    value += _add_expected(x, cells, mixture, gradient)
    for j in range(lists):
        for k in range(classes):
            gradient[j * classes + k] -= (by_class[EXPECTED, k] + prior.a + prior.b) * mixture.capture[j, k]
    return float(value + _add_sticks(x, prior, by_class, gradient))


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _add_sticks(x: FloatArray, prior: Prior, by_class: FloatArray, gradient: FloatArray) -> float:
    """Log prior density of log E_k; the gradient by those and by log alpha."""
    log_alpha, alpha, value = x[-1], math.exp(x[-1]), 0.0
    classes = by_class.shape[1]
    first = x.size - classes
    for_alpha = prior.alpha_shape - prior.alpha_precision * log_alpha - prior.alpha_rate * alpha
    after = by_class[EXPECTED, classes - 1]
    for k in range(classes - 2, -1, -1):
        log_e, y, stick = x[first + k], by_class[PULL, k], by_class[STICK, k]
        # Where neither is cut off, E is the product.
        e = alpha * y if log_alpha > -_HIGHEST and log_e - log_alpha < _HIGHEST else math.exp(log_e)
        # d/d log E of c_k log V_k + t_k log(1 - V_k), with log(1 - V_k) = -y.
        turn = y * (1.0 - stick) / stick if y > 1e-300 else 1.0
        slope = by_class[EXPECTED, k] * turn - after * y
        gradient[first + k] = slope + 1.0 - e
        value += log_e - e
        for_alpha -= slope
        after += by_class[EXPECTED, k]
    gradient[x.size - 1] = for_alpha
    return value


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _add_expected(x: FloatArray, cells: Cells, mixture: Mixture, captured: FloatArray) -> float:
    """Log likelihood of the histories; adds their people, shared out over the classes, to the expectations.

    ``captured`` is the gradient; those on list j of class k are added at j K + k.
    """
    rows, flow, by_node, by_class = mixture.rows, mixture.flow, mixture.by_node, mixture.by_class
    parent, begin, marks, counts = cells.parent, cells.first, cells.marks, cells.counts
    classes = rows.shape[1]
    nodes = counts.size if cells.runs.size == 0 else cells.runs.size - 1
    value = 0.0
    fill_rows(x, cells, nodes, mixture)
    for k in range(classes):
        flow[0, k] = 0.0
    for i in range(1, nodes):
        people = 0.0
        if counts[i] > 0:
            people = counts[i] / by_node[TOTAL, i]
            value += counts[i] * (by_node[TOP, i] + math.log(by_node[TOTAL, i]))
        for k in range(classes):
            flow[i, k] = people * rows[i, k]
    if cells.runs.size > 0:
        value += _add_ends(x, cells, mixture, captured)
    for i in range(nodes - 1, 0, -1):
        above = parent[i]
        for place in range(begin[i], begin[i + 1]):
            first = marks[place] * classes
            for k in range(classes):
                captured[first + k] += flow[i, k]
        for k in range(classes):
            flow[above, k] += flow[i, k]
    for k in range(classes):
        by_class[EXPECTED, k] += flow[0, k]
    return value


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _add_ends(x: FloatArray, cells: Cells, mixture: Mixture, captured: FloatArray) -> float:
    """Log likelihood of the nodes without children that come last; adds their people to the expectations and the flow.

    A row is used where it is made.  Written out in one piece: handing slices on costs more than the sums do.
    """
    rows, flow, odds, row = mixture.rows, mixture.flow, mixture.odds, mixture.row
    runs, begin, marks, counts = cells.runs, cells.first, cells.marks, cells.counts
    classes, least = row.size, _least_total(mixture.by_class)
    value, product = 0.0, 1.0
    for i in range(runs.size - 1):
        for end in range(runs[i], runs[i + 1]):
            total, j = 0.0, marks[begin[end]]
            for k in range(classes):
                row[k] = rows[i, k] * odds[j, k]
            for place in range(begin[end] + 1, begin[end + 1]):
                j = marks[place]
                for k in range(classes):
                    row[k] *= odds[j, k]
            for k in range(classes):
                total += row[k]
            if not total > least:
                total, top = _row_by_logs(x, odds.shape[0], end, cells, row)
                value += counts[end] * top
            if counts[end] == 1:
                product *= total
                if product < _TINY:
                    value += math.log(product)
                    product = 1.0
            else:
                value += counts[end] * math.log(total)
            people = counts[end] / total
            for k in range(classes):
                row[k] *= people
                flow[i, k] += row[k]
            for place in range(begin[end], begin[end + 1]):
                first = marks[place] * classes
                for k in range(classes):
                    captured[first + k] += row[k]
    return value + math.log(product)
