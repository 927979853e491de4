"""One chain of the latent-class sampler, compiled: each function is one step that leaves the posterior as it is.

Symbols
-------
J lists, C histories seen, K classes.   n_omega : people seen with history omega.   n, n_0 : people seen, unseen.
lambda_kj : probability that list j holds a person of class k, prior Beta(a, b).   rho : probability of no list.
V_k : share of class k in what the classes before it left over, prior Beta(1, alpha), V_K = 1.   pi_k : its share.
alpha : concentration, its prior in `Prior`.   E_k = -alpha log(1 - V_k), which is Exponential(1) a priori.
c_k : people of class k, the unseen included.   t_k : people of the classes after k.

The state of a chain is one vector x of length D = K J + K: logit lambda_kj (at j K + k), log E_1 ... log E_{K-1} and
log alpha.  A sweep is, in this order,

1. `hamiltonian_move` of x with all classes and n_0 summed out.  Under p(N) ~ 1/N the sum over n_0 of
   binom(n - 1 + n_0, n_0) rho^n_0 is (1 - rho)^-n, so the likelihood is prod p_omega^n_omega / (1 - rho)^n.  With the
   sticks written as E_k / alpha (a funnel, non-centred) and a gradient, this is what moves along the direction that
   data determine least: a rarely seen class whose odds of capture fall while its share grows.
2. `draw_unseen` and `allocate`: n_0 ~ negative binomial (n, 1 - rho), then the classes of all N people, given x.
3. `swap_labels`, `trade_last` and `draw_log_alpha`: given the classes, with sticks and lambda integrated out.  A large
   class with the last label and a large alpha hold each other in place, so `trade_last` proposes both anew.
4. `draw_parameters`: sticks and lambda given the classes and alpha; alpha stays and E_k follows.

In 3 what was integrated out is drawn anew in 4 before anything is conditioned on it again (partially collapsed Gibbs,
van Dyk, Park 2008).  Given the classes the sticks integrate to a product of Beta integrals over k < K,
alpha Gamma(1 + c_k) Gamma(alpha + t_k) / Gamma(1 + alpha + c_k + t_k).  As t_{k-1} = c_k + t_k it telescopes to

    p(z | alpha) = alpha^{K-1} Gamma(alpha + c_K) / Gamma(1 + alpha + N)
                   prod_{k<K} Gamma(1 + c_k) / prod_{k<K-1} (alpha + t_k).

Shares are kept as logarithms, never as shares: sticks reach 1e-100 and less.  A `numpy.random.Generator` is advanced by
compiled code exactly as NumPy advances it.  All compiled functions stand in this one file, because Numba's cache
notices changes of the file that a function is in and of no other.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from estimation.capture import FloatArray, IntArray
from estimation.models.latent_class_state import Cells, Prior, Workspace

__all__ = [
    "MOST_UNSEEN",
    "OBSERVABLE",
    "allocate",
    "draw_log_alpha",
    "draw_parameters",
    "draw_unseen",
    "hamiltonian_move",
    "log_alpha_density",
    "marginal_density",
    "run_block",
    "swap_labels",
    "trade_last",
]

MOST_UNSEEN = 10**12
"""Above this the logarithms of factorials lose the digits that alpha is drawn by: the chain stops and says so."""

OBSERVABLE = (0.001, 0.01, 0.05, 0.1)
"""Chances of any list above which people, seen and unseen, are counted where a sweep's row has columns for it."""

_LOWEST, _CELL, _CELLS = -10.0, 0.5, 32
"""The grid of log alpha that `trade_last` proposes from: where it begins, its step, and how many cells it has."""

_LOST = 1000.0
"""A trajectory whose log density falls by this much has left where the step size works; it is given up."""


@njit(cache=True, nogil=True, error_model="numpy")
def _total(size: IntArray, first: int) -> int:
    """People of the classes from one on.  Written out, as other sums here: Numba's own take seconds to compile."""
    people = 0
    for k in range(first, size.size):
        people += size[k]
    return people


@njit(cache=True, nogil=True, error_model="numpy")
def _log_add(x: float, y: float) -> float:
    """log(e^x + e^y)."""
    if x < y:
        x, y = y, x
    return x if y == -np.inf else x + math.log1p(math.exp(y - x))


@njit(cache=True, nogil=True, error_model="numpy")
def _log_1p_exp(x: float) -> float:
    """log(1 + e^x)."""
    return x + math.log1p(math.exp(-x)) if x > 0 else math.log1p(math.exp(x))


@njit(cache=True, nogil=True, error_model="numpy")
def _log_1m_exp(x: float) -> float:
    """log(1 - e^x) for x < 0, also where e^x is next to 1."""
    return math.log(-math.expm1(x)) if x > -0.7 else math.log1p(-math.exp(x))


@njit(cache=True, nogil=True, error_model="numpy")
def _draw_log_gamma(rng: np.random.Generator, shape: float) -> float:
    """Logarithm of a Gamma(shape, 1) draw; below shape 1 it is G(shape + 1) U^(1/shape), which may be 1e-1000."""
    if shape < 1.0:
        return math.log(rng.standard_gamma(shape + 1.0)) - rng.standard_exponential() / shape
    return math.log(rng.standard_gamma(shape))


@njit(cache=True, nogil=True, error_model="numpy")
def _log_stick(log_e: float, log_alpha: float) -> float:
    """Log V = log(1 - exp(-E / alpha)), also where E / alpha underflows."""
    log_y = log_e - log_alpha
    return log_y - 0.5 * math.exp(log_y) if log_y < -18.0 else _log_1m_exp(-math.exp(log_y))


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_row(
    x: FloatArray, cells: Cells, c: int, log_missed: FloatArray, log_share: FloatArray, row: FloatArray
) -> float:
    """Relative probabilities of history c with each class, the largest made 1; returns its logarithm."""
    classes = row.size
    top = -np.inf
    for k in range(classes):
        value = log_share[k] + log_missed[k]
        for i in range(cells.starts[c], cells.starts[c + 1]):
            value += x[cells.members[i] * classes + k]
        row[k] = value
        top = max(top, value)
    for k in range(classes):
        row[k] = math.exp(row[k] - top) if row[k] > top - 700.0 else 0.0
    return top


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_captures(x: FloatArray, work: Workspace) -> None:
    """Odds and chance of capture, and log pi_k and the log probability of no list, from the state.

    With e = exp(-|logit|), log(1 - lambda) is -max(logit, 0) - log(1 + e): one logarithm of a product for all lists of
    a class, each factor of which is at most 2.
    """
    classes = work.size.size
    lists = x.size // classes - 1
    sticks = classes * lists
    left = 0.0
    for k in range(classes - 1):
        work.log_share[k] = left + _log_stick(x[sticks + k], x[-1])
        left -= math.exp(x[sticks + k] - x[-1])
    work.log_share[classes - 1] = left
    for k in range(classes):
        factors, above = 1.0, 0.0
        for j in range(lists):
            logit = x[j * classes + k]
            e = math.exp(-abs(logit))
            factors *= 1.0 + e
            if logit > 0.0:
                above += logit
                work.odds[j * classes + k] = 1.0 / e
                work.chance[j * classes + k] = 1.0 / (1.0 + e)
            else:
                work.odds[j * classes + k] = e
                work.chance[j * classes + k] = e / (1.0 + e)
        work.log_missed[k] = -above - math.log(factors)


@njit(cache=True, nogil=True, error_model="numpy")
def marginal_density(x: FloatArray, cells: Cells, prior: Prior, work: Workspace, gradient: FloatArray) -> float:
    """Log posterior density of the state with classes and n_0 summed out, up to a constant, and its gradient.

    The gradient is that of the complete data with class sizes and overlaps at their expectation (Fisher's identity):
    with c_k expected people of class k, unseen included, it is on_kj + a - (c_k + a + b) lambda_kj for logit lambda_kj.
    Probabilities of histories are products of odds where these are safely within floating point, and sums of logarithms
    where they are not.
    """
    classes = work.size.size
    sticks = x.size - classes
    log_alpha, alpha = x[-1], math.exp(x[-1])
    _fill_captures(x, work)
    value = (prior.alpha_shape - 0.5 * prior.alpha_precision * log_alpha) * log_alpha - prior.alpha_rate * alpha
    seen = 0.0
    for k in range(classes):
        seen -= math.exp(work.log_share[k]) * math.expm1(work.log_missed[k])
        work.missed[k] = math.exp(work.log_share[k] + work.log_missed[k])
        value += (prior.a + prior.b) * work.log_missed[k]
    for i in range(sticks):
        value += prior.a * x[i]
        gradient[i] = prior.a
    value -= cells.n * math.log(seen)
    for k in range(classes):
        work.expected[k] = cells.n * work.missed[k] / seen
    for c in range(cells.counts.size):
        value += cells.counts[c] * _add_expected(x, cells, c, work, gradient)
    for i in range(sticks):
        gradient[i] -= (work.expected[i % classes] + prior.a + prior.b) * work.chance[i]
    for_alpha = prior.alpha_shape - prior.alpha_precision * log_alpha - prior.alpha_rate * alpha
    after = work.expected[classes - 1]
    for k in range(classes - 2, -1, -1):
        log_e = x[sticks + k]
        e, y = math.exp(log_e), math.exp(log_e - log_alpha)
        # d/d log E of c_k log V_k + t_k log(1 - V_k), with log(1 - V_k) = -y.
        turn = 1.0 - 0.5 * y if y < 1e-6 else (y / math.expm1(y) if y < 700.0 else 0.0)
        slope = work.expected[k] * turn - after * y
        gradient[sticks + k] = slope + 1.0 - e
        value += log_e - e
        for_alpha -= slope
        after += work.expected[k]
    gradient[-1] = for_alpha
    return float(value)


@njit(cache=True, nogil=True, error_model="numpy")
def _add_expected(x: FloatArray, cells: Cells, c: int, work: Workspace, gradient: FloatArray) -> float:
    """Log probability of history c; adds its people, shared out over the classes, to the expectations."""
    row, classes = work.row, work.row.size
    for k in range(classes):
        row[k] = work.missed[k]
    for i in range(cells.starts[c], cells.starts[c + 1]):
        first = cells.members[i] * classes
        for k in range(classes):
            row[k] *= work.odds[first + k]
    total = 0.0
    for k in range(classes):
        total += row[k]
    top = 0.0
    if not 1e-280 < total < 1e280:
        top = _fill_row(x, cells, c, work.log_missed, work.log_share, row)
        total = 0.0
        for k in range(classes):
            total += row[k]
    people = cells.counts[c] / total
    for k in range(classes):
        row[k] *= people
        work.expected[k] += row[k]
    for i in range(cells.starts[c], cells.starts[c + 1]):
        first = cells.members[i] * classes
        for k in range(classes):
            gradient[first + k] += row[k]
    return float(top + math.log(total))


@njit(cache=True, nogil=True, error_model="numpy")
def hamiltonian_move(
    rng: np.random.Generator,
    x: FloatArray,
    cells: Cells,
    prior: Prior,
    work: Workspace,
    step: float,
    steps: int,
    scale: FloatArray,
) -> float:
    """One trajectory of leapfrog steps from a fresh momentum; x is replaced or kept; returns the chance of replacing.

    ``scale`` (D,) is the length of a step in each coordinate, per unit of ``step`` (the root of the inverse mass).
    """
    length = x.size
    place, momentum, gradient = work.place, work.momentum, work.gradient
    start = marginal_density(x, cells, prior, work, gradient)
    kinetic = 0.0
    for i in range(length):
        place[i] = x[i]
        momentum[i] = rng.standard_normal()
        kinetic += 0.5 * momentum[i] ** 2
        work.moments[0, i] += x[i]
        work.moments[1, i] += x[i] ** 2
        work.moments[2, i] += gradient[i]
        work.moments[3, i] += gradient[i] ** 2
    level = start - kinetic
    end = start
    for _ in range(steps):
        for i in range(length):
            momentum[i] += 0.5 * step * scale[i] * gradient[i]
            place[i] += step * scale[i] * momentum[i]
        end = marginal_density(place, cells, prior, work, gradient)
        if not (end > start - _LOST and end < np.inf):
            return 0.0
        for i in range(length):
            momentum[i] += 0.5 * step * scale[i] * gradient[i]
    for i in range(length):
        end -= 0.5 * momentum[i] ** 2
    chance = math.exp(min(0.0, end - level))
    if rng.random() < chance:
        for i in range(length):
            x[i] = place[i]
    return chance


@njit(cache=True, nogil=True, error_model="numpy")
def draw_unseen(rng: np.random.Generator, x: FloatArray, cells: Cells, work: Workspace) -> int:
    """n_0 given the state: negative binomial (n, 1 - rho) as a Poisson of a Gamma; -1 above `MOST_UNSEEN`.

    Leaves log pi and the log probabilities of no list in the workspace, where `allocate` reads them.
    """
    _fill_captures(x, work)
    missed, seen = -np.inf, -np.inf
    for k in range(work.size.size):
        missed = _log_add(missed, work.log_share[k] + work.log_missed[k])
        seen = _log_add(seen, work.log_share[k] + _log_1m_exp(work.log_missed[k]))
    log_mean = _draw_log_gamma(rng, float(cells.n)) + missed - seen
    if not log_mean < math.log(MOST_UNSEEN):
        return -1
    return int(rng.poisson(math.exp(log_mean)))


@njit(cache=True, nogil=True, error_model="numpy")
def _share_out(rng: np.random.Generator, people: int, row: FloatArray, work: Workspace, cells: Cells, c: int) -> None:
    """Adds a multinomial draw over the classes, as a chain of binomials, to the class counts; c < 0 is the unseen."""
    rest = 0.0
    for k in range(row.size):
        rest += row[k]
    for k in range(row.size):
        if people == 0:
            return
        certain = k == row.size - 1 or row[k] >= rest
        drawn = people if certain else rng.binomial(people, row[k] / rest)
        rest -= row[k]
        people -= drawn
        work.size[k] += drawn
        if c >= 0:
            for i in range(cells.starts[c], cells.starts[c + 1]):
                work.on[k, cells.members[i]] += drawn


@njit(cache=True, nogil=True, error_model="numpy")
def allocate(rng: np.random.Generator, x: FloatArray, n_0: int, cells: Cells, work: Workspace) -> None:
    """The classes of all people given the state, as the counts ``work.size`` and ``work.on``; after `draw_unseen`."""
    for k in range(work.size.size):
        work.size[k] = 0
        for j in range(work.on.shape[1]):
            work.on[k, j] = 0
    for c in range(cells.counts.size):
        _fill_row(x, cells, c, work.log_missed, work.log_share, work.row)
        _share_out(rng, cells.counts[c], work.row, work, cells, c)
    top = -np.inf
    for k in range(work.size.size):
        top = max(top, work.log_share[k] + work.log_missed[k])
    for k in range(work.size.size):
        work.row[k] = math.exp(work.log_share[k] + work.log_missed[k] - top)
    _share_out(rng, n_0, work.row, work, cells, -1)


@njit(cache=True, nogil=True, error_model="numpy")
def swap_labels(rng: np.random.Generator, alpha: float, work: Workspace) -> None:
    """Metropolis swaps of neighbouring labels, last pair to first and back, with sticks and lambda integrated out.

    For k + 1 < K only 1 / (alpha + t_k) changes; for the last pair Gamma(1 + c_{K-1}) Gamma(alpha + c_K) does.
    """
    classes = work.size.size
    for turn in range(2 * (classes - 1)):
        k = classes - 2 - turn if turn < classes - 1 else turn - classes + 1
        first, second = work.size[k], work.size[k + 1]
        if k == classes - 2:
            log_ratio = (
                math.lgamma(1.0 + second)
                + math.lgamma(alpha + first)
                - math.lgamma(1.0 + first)
                - math.lgamma(alpha + second)
            )
        else:
            after = _total(work.size, k + 2)
            log_ratio = math.log((alpha + after + second) / (alpha + after + first))
        if -rng.standard_exponential() < log_ratio:
            work.size[k], work.size[k + 1] = second, first
            for j in range(work.on.shape[1]):
                work.on[k, j], work.on[k + 1, j] = work.on[k + 1, j], work.on[k, j]


@njit(cache=True, nogil=True, error_model="numpy")
def log_alpha_density(log_alpha: float, prior: Prior, size: IntArray) -> float:
    """Log density of log alpha given the class sizes, sticks integrated out, up to a constant."""
    classes = size.size
    alpha = math.exp(log_alpha)
    after = float(_total(size, 0))
    value = (prior.alpha_shape + classes - 1) * log_alpha - prior.alpha_rate * alpha - math.lgamma(1.0 + alpha + after)
    value -= 0.5 * prior.alpha_precision * log_alpha**2
    # Gamma(alpha) = Gamma(1 + alpha) / alpha, so that an alpha that underflows still has a logarithm.
    last = size[classes - 1]
    value += math.lgamma(alpha + last) if last > 0 else math.lgamma(1.0 + alpha) - log_alpha
    for k in range(classes - 2):
        after -= size[k]
        value -= math.log(alpha + after) if after > 0 else log_alpha
    return value


@njit(cache=True, nogil=True, error_model="numpy")
def trade_last(rng: np.random.Generator, log_alpha: float, prior: Prior, work: Workspace) -> float:
    """Metropolis move that swaps the last label with a random other one and draws log alpha anew; returns log alpha.

    The proposal of log alpha has the density of log alpha given the proposed order, made constant over each cell of a
    grid; the chance of accepting has the same for the way back, so any grid leaves the posterior as it is.
    """
    size, last = work.size, work.size.size - 1
    here = math.floor((log_alpha - _LOWEST) / _CELL)
    if here < 0 or here >= _CELLS:
        return log_alpha
    total = -np.inf
    for i in range(_CELLS):
        total = _log_add(total, log_alpha_density(_LOWEST + (i + 0.5) * _CELL, prior, size))
    back = log_alpha_density(_LOWEST + (here + 0.5) * _CELL, prior, size) - total
    log_ratio = back - log_alpha_density(log_alpha, prior, size)
    other = int(rng.random() * last)
    log_ratio += math.lgamma(1.0 + size[last]) - math.lgamma(1.0 + size[other])
    size[last], size[other] = size[other], size[last]
    total, there, chosen = -np.inf, 0.0, 0
    for i in range(_CELLS):
        value = log_alpha_density(_LOWEST + (i + 0.5) * _CELL, prior, size)
        total = _log_add(total, value)
        if rng.random() < math.exp(value - total):
            there, chosen = value, i
    proposed = _LOWEST + (chosen + rng.random()) * _CELL
    log_ratio += log_alpha_density(proposed, prior, size) - (there - total)
    if -rng.standard_exponential() < log_ratio:
        for j in range(work.on.shape[1]):
            work.on[last, j], work.on[other, j] = work.on[other, j], work.on[last, j]
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


@njit(cache=True, nogil=True, error_model="numpy")
def draw_parameters(rng: np.random.Generator, log_alpha: float, x: FloatArray, prior: Prior, work: Workspace) -> None:
    """Sticks V_k ~ Beta(1 + c_k, alpha + t_k) and lambda_kj ~ Beta(a + on, b + off), drawn into the state as logits."""
    classes, lists = work.on.shape
    after = _total(work.size, 0)
    x[-1] = log_alpha
    for k in range(classes - 1):
        after -= work.size[k]
        logit = _draw_log_gamma(rng, 1.0 + work.size[k]) - _draw_log_gamma(rng, math.exp(log_alpha) + after)
        # E = -alpha log(1 - V) = alpha log(1 + e^logit), whose logarithm is logit + log alpha where e^logit vanishes.
        log_e = math.log(_log_1p_exp(logit)) if logit > -36.0 else logit
        x[classes * lists + k] = log_e + log_alpha
    for k in range(classes):
        for j in range(lists):
            off = work.size[k] - work.on[k, j]
            x[j * classes + k] = _draw_log_gamma(rng, prior.a + work.on[k, j]) - _draw_log_gamma(rng, prior.b + off)


@njit(cache=True, nogil=True, error_model="numpy")
def run_block(
    rng: np.random.Generator,
    x: FloatArray,
    cells: Cells,
    prior: Prior,
    work: Workspace,
    step: float,
    steps: int,
    scale: FloatArray,
    out: FloatArray,
) -> float:
    """Sweeps, one a row of ``out``: n_0, log alpha, occupied classes, and people above each of `OBSERVABLE`.

    Each Hamiltonian move has a random number of leapfrog steps, 1 to 2 ``steps`` - 1 (0: no such move).  Returns the
    mean chance of the moves, or -1 when n_0 went above `MOST_UNSEEN` and the chain stopped.
    """
    chance = 0.0
    for s in range(out.shape[0]):
        if steps > 0:
            length = 1 + int(rng.random() * (2 * steps - 1))
            chance += hamiltonian_move(rng, x, cells, prior, work, step, length, scale)
        n_0 = draw_unseen(rng, x, cells, work)
        if n_0 < 0:
            return -1.0
        allocate(rng, x, n_0, cells, work)
        for i in range(3, out.shape[1]):
            out[s, i] = 0.0
            for k in range(work.size.size):
                if -math.expm1(work.log_missed[k]) > OBSERVABLE[i - 3]:
                    out[s, i] += work.size[k]
        swap_labels(rng, math.exp(x[-1]), work)
        log_alpha = trade_last(rng, x[-1], prior, work)
        log_alpha = draw_log_alpha(rng, log_alpha, prior, work.size)
        draw_parameters(rng, log_alpha, x, prior, work)
        out[s, 0] = n_0
        out[s, 1] = log_alpha
        out[s, 2] = 0.0
        for k in range(work.size.size):
            out[s, 2] += work.size[k] > 0
    return float(chance / out.shape[0])
