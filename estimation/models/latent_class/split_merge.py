"""A class split in two, or two made one, in one step: how a chain of latent classes leaves a wrong number of them.

A move for z, the classes of all people, and n_0 at once, given alpha, with sticks and lambda integrated out (symbols:
`estimation.models.latent_class.kernel`).  With m_ik people of history i in class k, n_0k unseen people of class k, and
everything that the move leaves alone left out, the target is

    Gamma(N) / Gamma(1 + alpha + N) * p(order of the sizes | alpha) * prod_{k<K} Gamma(1 + c_k)
    * prod_k [ prod_j B(a + on_kj, b + c_k - on_kj) / n_0k! ] * prod_i n_i! / prod_k m_ik!.

A split takes a class with seen people and a label with none.  Two seen people, drawn at random, are the seeds of a
mixture of two classes that a few steps of expectation and maximisation, and a last one with draws, fit to the seen
people of both labels together: the launch (Jain, Neal 2004; Dahl 2005).  Each history's people are then shared out over
the two by a binomial draw, and n_0k is drawn anew for each of the two labels given the seen people they now have.  A
merge is the way back: it makes the same launch and asks how probable it would have made the present split.  The launch
depends only on the seen people of the two labels together and on nothing that the move changes, so given the launch
the ratio of Metropolis and Hastings is that of the target times that of the proposals.

n_0k is proposed as `estimation.models.latent_class.unseen` does; what that leaves out is in the ratio.  Cost: steps of
the launch x nodes, whatever the number of classes.

References: Jain, Neal (2004), *A Split-Merge Markov Chain Monte Carlo Procedure for the Dirichlet Process Mixture
Model*, Journal of Computational and Graphical Statistics 13; Dahl (2005), *Sequentially-Allocated Merge-Split Sampler*.
"""

from __future__ import annotations

import math

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.latent_class.density import log_1p_exp
from estimation.models.latent_class.state import (
    CONTRAST,
    GATHERED,
    HALF,
    ODDS,
    UNION,
    Cells,
    Pair,
    Prior,
    Workspace,
)
from estimation.models.latent_class.unseen import (
    draw_unseen_from,
    log_class,
    log_sizes,
    log_unseen_probability,
    shape_of_unseen,
)
from estimation.work.kernels import njit

__all__ = ["UNSEEN_SHA256", "split_or_merge"]

UNSEEN_SHA256 = "19dd99d323c5fb1e4aca22f724bd3f16bf3772d53094dd9257c4c0e85bc2e52d"
"""Of `unseen.py`; a test compares.  It changes this file with that one, so that nothing stale is run."""

LAUNCH_STEPS = 6
"""Steps of expectation and maximisation before the one with draws."""


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _spread(base: float, cells: Cells, odds: FloatArray, contrast: FloatArray) -> None:
    """Each node's log odds of being of the first of the two classes, from those of nobody and the contrast of lists."""
    odds[0] = base
    for i in range(1, odds.size):
        odds[i] = odds[cells.parent[i]]
        for place in range(cells.first[i], cells.first[i + 1]):
            odds[i] += contrast[cells.marks[place]]


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _gather(rng: np.random.Generator, draw: bool, cells: Cells, pair: Pair) -> tuple[float, float]:
    """Shares the seen people of both classes out over the two, expected or drawn, and counts them by list; sizes."""
    by_list, flow, union = pair.by_list, pair.by_node, pair.seen[UNION]
    parent, begin, marks = cells.parent, cells.first, cells.marks
    for j in range(by_list.shape[1]):
        by_list[GATHERED, j], by_list[GATHERED + 1, j] = 0.0, 0.0
    first, both = 0.0, 0.0
    flow[0, 0], flow[1, 0] = 0.0, 0.0
    for i in range(1, union.size):
        mine = 0.0
        if union[i] > 0:
            probability = 1.0 / (1.0 + math.exp(-flow[ODDS, i]))
            mine = float(rng.binomial(union[i], probability)) if draw else union[i] * probability
            first += mine
            both += union[i]
        flow[0, i], flow[1, i] = mine, union[i] - mine
    for i in range(union.size - 1, 0, -1):
        for side in range(2):
            for place in range(begin[i], begin[i + 1]):
                by_list[GATHERED + side, marks[place]] += flow[side, i]
            flow[side, parent[i]] += flow[side, i]
    return first, both - first


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _seed(rng: np.random.Generator, seen: int, cells: Cells, union: IntArray, by_list: FloatArray) -> float:
    """Contrast between two seen people at random, each mixed with all people of the two classes; log odds of nobody."""
    for j in range(by_list.shape[1]):
        pooled = 0.5 * (by_list[GATHERED, j] + by_list[GATHERED + 1, j] + 0.5) / (seen + 1.0)
        by_list[0, j], by_list[1, j] = pooled, pooled
    for side in range(2):
        rest, node = rng.random() * seen, 0
        while rest >= 0.0 and node < union.size - 1:
            node += 1
            rest -= union[node]
        while node > 0:
            for place in range(cells.first[node], cells.first[node + 1]):
                by_list[side, cells.marks[place]] += 0.5
            node = cells.parent[node]
    return _contrast(1.0, 1.0, by_list)


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _contrast(first: float, second: float, by_list: FloatArray) -> float:
    """Contrast of lists from the captures of the two; log odds of somebody on no list, their sizes given."""
    base = math.log(first) - math.log(second)
    for j in range(by_list.shape[1]):
        none = math.log1p(-by_list[0, j]) - math.log1p(-by_list[1, j])
        by_list[CONTRAST, j] = math.log(by_list[0, j]) - math.log(by_list[1, j]) - none
        base += none
    return base


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _refit(
    rng: np.random.Generator, draw: bool, sizes: tuple[float, float], prior: Prior, by_list: FloatArray
) -> float:
    """Captures and sizes of the two from the people shared out, and the contrast of lists; log odds of nobody."""
    first, second = 0.0, 0.0
    for side in range(2):
        seen = sizes[0] if side == 0 else sizes[1]
        none = 1.0
        for j in range(by_list.shape[1]):
            none *= 1.0 - by_list[side, j]
        people = seen / max(1.0 - none, 1e-9)
        for j in range(by_list.shape[1]):
            on = by_list[GATHERED + side, j]
            capture = (prior.a + on) / (prior.a + prior.b + people)
            if draw:
                yes = rng.standard_gamma(prior.a + on)
                capture = yes / (yes + rng.standard_gamma(prior.b + people - on))
            by_list[side, j] = min(max(capture, 1e-9), 1.0 - 1e-9)
        if side == 0:
            first = people + 1.0
        else:
            second = people + 1.0
    return _contrast(first, second, by_list)


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _launch(rng: np.random.Generator, seen: int, cells: Cells, prior: Prior, pair: Pair) -> None:
    """Log odds of the first of two classes for each node: depends on the people of both and on ``rng`` alone."""
    odds, by_list = pair.by_node[ODDS], pair.by_list
    for i in range(odds.size):
        odds[i] = 0.0
    for turn in range(LAUNCH_STEPS + 2):
        draw = turn > LAUNCH_STEPS
        sizes = _gather(rng, draw, cells, pair)
        if turn == 0:
            base = _seed(rng, seen, cells, pair.seen[UNION], by_list)
        else:
            base = _refit(rng, draw, sizes, prior, by_list)
        _spread(base, cells, odds, by_list[CONTRAST])


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _deal(rng: np.random.Generator, now: IntArray, draw: bool, pair: Pair) -> float:
    """Shares out each history's people after the launch, or leaves them; log probability but for the coefficients.

    Row `HALF` gets the people of the first class; what is left alone is the present share, ``now``.
    """
    union, half, odds = pair.seen[UNION], pair.seen[HALF], pair.by_node[ODDS]
    log_q = 0.0
    for i in range(1, union.size):
        if union[i] == 0:
            continue
        mine = now[i]
        if draw:
            mine = rng.binomial(union[i], 1.0 / (1.0 + math.exp(-odds[i])))
        half[i] = mine
        # log of the probability of the second class, and that of the first, which is higher by the log odds.
        other = -log_1p_exp(odds[i])
        log_q += union[i] * other + (mine * odds[i] if mine > 0 else 0.0)
    return log_q


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _count(cells: Cells, seen: IntArray, on: IntArray) -> tuple[int, int]:
    """People on each list of the two classes after a deal (third row: of both), and their seen people."""
    first, both = 0, 0
    for j in range(on.shape[1]):
        on[0, j], on[2, j] = 0, 0
    for i in range(1, seen.shape[1]):
        if seen[UNION, i] > 0:
            first += seen[HALF, i]
            both += seen[UNION, i]
            node = i
            while node > 0:
                for place in range(cells.first[node], cells.first[node + 1]):
                    on[0, cells.marks[place]] += seen[HALF, i]
                    on[2, cells.marks[place]] += seen[UNION, i]
                node = cells.parent[node]
    for j in range(on.shape[1]):
        on[1, j], on[3, j] = on[2, j] - on[0, j], 0
    return first, both - first


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _log_choice(chosen: int, size: IntArray, unseen: IntArray) -> float:
    """Log of the probability of splitting a class into ``chosen`` over that of merging back, with ``chosen`` empty.

    A split takes a class with seen people and a label without, half the time the first such label; a merge an ordered
    pair of classes with seen people.
    """
    used, first = 0, -1
    for k in range(size.size):
        if k != chosen and size[k] > unseen[k]:
            used += 1
        elif first < 0:
            first = k
    label = 0.5 / (size.size - used) + (0.5 if chosen == first else 0.0)
    return math.log(label / used) + math.log(float((used + 1) * used))


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _pick(rng: np.random.Generator, seen: bool, but: int, size: IntArray, unseen: IntArray) -> int:
    """A random class with seen people, or without, other than one; -1 where there is none."""
    there = 0
    for k in range(size.size):
        there += (size[k] > unseen[k]) == seen and k != but
    if there == 0:
        return -1
    place = int(rng.random() * there)
    if not seen and rng.random() < 0.5:
        place = 0
    for k in range(size.size):
        if (size[k] > unseen[k]) == seen and k != but:
            if place == 0:
                return k
            place -= 1
    return -1


@njit(cache=True, nogil=True, error_model="numpy")
def split_or_merge(rng: np.random.Generator, log_alpha: float, cells: Cells, prior: Prior, work: Workspace) -> bool:
    """One proposal to split a class or to merge two; True if accepted.  ``people``, ``size`` and ``on`` follow."""
    people, size, pair = work.people, work.size, work.pair
    split, keep, drop = rng.random() < 0.5, -1, -1
    for turn in range(2):
        keep, drop = drop, _pick(rng, turn == 0 or not split, drop, size, people[0])
    if keep < 0 or drop < 0:
        return False
    for i in range(1, people.shape[0]):
        pair.seen[UNION, i] = people[i, keep] + people[i, drop]
    _launch(rng, size[keep] + size[drop] - people[0, keep] - people[0, drop], cells, prior, pair)
    log_q = _deal(rng, people[:, keep], split, pair)
    first, second = _count(cells, pair.seen, pair.on)
    if first == 0 or second == 0:
        return False
    log_choice = _log_choice(drop, size, people[0])
    # Rows of n_0: the first and the second class of the split, both in one, and the label left empty.
    n_0, log_target = pair.unseen, 0.0
    for side in range(4):
        seen = first + second if side == 2 else (first if side == 0 else (second if side == 1 else 0))
        place, scale = shape_of_unseen(seen, pair.on[side], cells.n, prior)
        if (side < 2) == split:
            n_0[side] = draw_unseen_from(rng, place, scale)
            if n_0[side] < 0:
                return False
        else:
            n_0[side] = people[0, keep if side % 2 == 0 else drop]
        log_own = log_class(seen, pair.on[side], int(n_0[side]), prior) - log_unseen_probability(
            n_0[side], place, scale
        )
        log_target += log_own if side < 2 else -log_own
    before_keep, before_drop = size[keep], size[drop]
    now = log_sizes(log_alpha, size)
    size[keep] = first + int(n_0[0]) if split else first + second + int(n_0[2])
    size[drop] = second + int(n_0[1]) if split else int(n_0[3])
    log_ratio = log_target - log_q - log_choice
    log_ratio = log_sizes(log_alpha, size) - now + (log_ratio if split else -log_ratio)
    if not -rng.standard_exponential() < log_ratio:
        size[keep], size[drop] = before_keep, before_drop
        return False
    _settle(keep, drop, split, people, work.on, pair)
    return True


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _settle(keep: int, drop: int, split: bool, people: IntArray, on: IntArray, pair: Pair) -> None:
    """Puts an accepted proposal into ``people`` and ``on``."""
    side = 0 if split else 2
    people[0, keep], people[0, drop] = int(pair.unseen[side]), int(pair.unseen[side + 1])
    for i in range(1, people.shape[0]):
        mine = pair.seen[HALF if split else UNION, i]
        people[i, keep] = mine if pair.seen[UNION, i] > 0 else 0
        people[i, drop] = pair.seen[UNION, i] - people[i, keep]
    for j in range(on.shape[1]):
        on[keep, j], on[drop, j] = pair.on[side, j], pair.on[side + 1, j]
