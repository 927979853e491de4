"""The people of a class that nobody saw, and what the sizes of the classes add to the target; compiled.

Symbols are those of `estimation.models.latent_class.kernel` and `estimation.models.latent_class.split_merge`; sticks
and lambda are integrated out.  n_0k is proposed from a log-logistic with the mode and curvature of its own conditional
density given the seen people of the class, nearly

    Gamma(1 + c_k) / n_0k! * prod_j Gamma(b + c_k - on_kj) / Gamma(a + b + c_k);

what that leaves out is in the ratio of Metropolis and Hastings: of a split or a merge, and of `redraw_unseen`, where
the proposal is a move by itself.
"""

from __future__ import annotations

import math

import numpy as np

from estimation.capture.table import IntArray
from estimation.models.latent_class.state import Cells, Prior, Workspace
from estimation.work.kernels import njit

__all__ = [
    "draw_unseen_from",
    "log_class",
    "log_order",
    "log_sizes",
    "log_unseen_probability",
    "redraw_unseen",
    "shape_of_unseen",
]

_MOST = 1e12
"""A proposal with more unseen people than this is refused, as the chain itself stops there."""


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def log_order(log_alpha: float, size: IntArray) -> float:
    """Log of Gamma(alpha + c_K) / prod_{k<K-1} (alpha + t_k), with few logarithms taken."""
    classes = size.size
    alpha = math.exp(log_alpha)
    # Gamma(alpha) = Gamma(1 + alpha) / alpha, so that an alpha that underflows still has a logarithm.
    after = size[classes - 1]
    value = math.lgamma(alpha + after) if after > 0 else math.lgamma(1.0 + alpha) - log_alpha
    product = 1.0
    for k in range(classes - 2, 0, -1):
        after += size[k]
        if after == 0:
            value -= log_alpha
            continue
        product *= alpha + after
        if product > 1e250:
            value -= math.log(product)
            product = 1.0
    return value - math.log(product)


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def log_sizes(log_alpha: float, size: IntArray) -> float:
    """The part of the target that has the sizes of the classes and nothing else."""
    people = 0
    value = log_order(log_alpha, size)
    for k in range(size.size):
        people += size[k]
        if k < size.size - 1:
            value += math.lgamma(1.0 + size[k])
    return value + math.lgamma(float(people)) - math.lgamma(1.0 + math.exp(log_alpha) + people)


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def log_class(seen: int, on: IntArray, unseen: int, prior: Prior) -> float:
    """The part of the target that one class has of its own: its captures, integrated out, and its unseen."""
    people = seen + unseen
    value = -math.lgamma(1.0 + unseen) - on.size * math.lgamma(prior.a + prior.b + people)
    for j in range(on.size):
        value += math.lgamma(prior.a + on[j]) + math.lgamma(prior.b + people - on[j])
    return value


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _pull(log_unseen: float, seen: int, on: IntArray, prior: Prior) -> float:
    """Slope of the log density of log(n_0k + 1/2) at a place, with digamma(x) taken as log(x - 1/2)."""
    middle = math.exp(log_unseen)
    people = seen + middle - 0.5
    ratio, value = (people + 0.5) / middle, 0.0
    for j in range(on.size):
        left, right = prior.b + people - on[j], prior.a + prior.b + people
        ratio *= max(left - 0.5, 0.2 * left) / max(right - 0.5, 0.2 * right)
        if ratio < 1e-250:
            value += math.log(ratio)
            ratio = 1.0
    return (value + math.log(ratio)) * middle + 1.0


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def shape_of_unseen(seen: int, on: IntArray, n: int, prior: Prior) -> tuple[float, float]:
    """Place and scale of the logistic of log(n_0k + 1/2) that is proposed from."""
    low, high = -3.0, math.log(1000.0 * (n + 1.0))
    for _ in range(30):
        place = 0.5 * (low + high)
        if _pull(place, seen, on, prior) > 0.0:
            low = place
        else:
            high = place
    place = 0.5 * (low + high)
    bend = (_pull(place - 0.01, seen, on, prior) - _pull(place + 0.01, seen, on, prior)) / 0.02
    # A logistic of scale s bends by 1 / (2 s^2) at its peak.
    return place, 1.0 / math.sqrt(2.0 * min(max(bend, 0.25), 1e8))


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def log_unseen_probability(unseen: float, place: float, scale: float) -> float:
    """Log probability of floor(e^u) = ``unseen`` for a logistic u."""
    upper = (math.log(unseen + 1.0) - place) / scale
    if unseen == 0:
        return -math.log1p(math.exp(-upper)) if upper > 0 else upper - math.log1p(math.exp(upper))
    lower = (math.log(unseen) - place) / scale
    # F(upper) - F(lower) = (1 - e^(lower - upper)) / ((1 + e^-upper) (1 + e^lower)).
    value = math.log(-math.expm1(-math.log1p(1.0 / unseen) / scale))
    value -= math.log1p(math.exp(-upper)) if upper > 0 else math.log1p(math.exp(upper)) - upper
    value -= lower + math.log1p(math.exp(-lower)) if lower > 0 else math.log1p(math.exp(lower))
    return value


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def draw_unseen_from(rng: np.random.Generator, place: float, scale: float) -> float:
    """A draw from that: -1 above `_MOST`."""
    uniform = rng.random()
    drawn = math.exp(min(place + scale * (math.log(uniform) - math.log1p(-uniform)), 40.0)) if uniform > 0 else 0.0
    return math.floor(drawn) if drawn < _MOST else -1.0


@njit(cache=True, nogil=True, error_model="numpy")
def redraw_unseen(rng: np.random.Generator, log_alpha: float, cells: Cells, prior: Prior, work: Workspace) -> None:
    """The unseen people of each class in turn, proposed anew given its seen people; ``people`` and ``size`` follow.

    Independence proposals of n_0k, accepted by Metropolis and Hastings, with sticks and lambda integrated out: a class
    that hardly anybody was seen of gets any number of unseen people in one step.
    """
    people, size, on = work.people, work.size, work.on
    for k in range(size.size):
        before = people[0, k]
        seen = size[k] - before
        place, scale = shape_of_unseen(seen, on[k], cells.n, prior)
        unseen = draw_unseen_from(rng, place, scale)
        if unseen < 0:
            continue
        log_ratio = log_class(seen, on[k], int(unseen), prior) - log_unseen_probability(unseen, place, scale)
        log_ratio -= log_class(seen, on[k], before, prior) - log_unseen_probability(float(before), place, scale)
        log_ratio -= log_sizes(log_alpha, size)
        size[k] = seen + int(unseen)
        log_ratio += log_sizes(log_alpha, size)
        if -rng.standard_exponential() < log_ratio:
            people[0, k] = int(unseen)
        else:
            size[k] = seen + before
