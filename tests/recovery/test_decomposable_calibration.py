"""Simulation-based calibration of the decomposable graphs (Talts et al. 2018).

N is drawn from its prior, a graph uniformly, the probabilities of the histories from the hyper-Dirichlet prior of that
graph (for each list, given its neighbours among those placed before it, independent Beta variables: Dawid, Lauritzen
1993) and the table from all of them.  The posterior probability of values below the true N, with ties broken at random,
is then exactly uniform.  Tables that cannot carry the model are drawn again, which keeps it uniform, because whether
they can depends on the table alone.

False alarms: each test of uniformity fails a right program at one in 10,000 seeds (chi-squared, 20 bins; the seeds
are fixed).
"""

from itertools import product

import numpy as np
import pytest
from scipy.stats import chisquare

from estimation.capture.table import CaptureTable
from estimation.models.graphs.chordal_graphs import chordal_graphs
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.results.estimates import Estimate

FALSE_ALARM = 1e-4
SHAPE, SCALE = 8.0, 40.0
PRIOR = f"gamma-poisson({SHAPE}, {SCALE})"


def neighbours(n_lists, edges):
    pairs = [(i, j) for i in range(n_lists) for j in range(i + 1, n_lists)]
    joined = {v: set() for v in range(n_lists)}
    for bit, (i, j) in enumerate(pairs):
        if edges >> bit & 1:
            joined[i].add(j)
            joined[j].add(i)
    return joined


def elimination_order(n_lists, joined):
    left, order = set(range(n_lists)), []
    while left:
        v = next(v for v in left if all(b in joined[a] for a in joined[v] & left for b in joined[v] & left if a != b))
        order.append((v, sorted(joined[v] & left)))
        left.remove(v)
    return order


def drawn_table(n_lists, delta, rng):
    """N and a table from the model; the saturated graph is never drawn."""
    people = rng.poisson(rng.gamma(SHAPE, SCALE))
    edges = int(rng.choice(chordal_graphs(n_lists).without_complete().edges))
    histories = np.array(list(product([False, True], repeat=n_lists)))
    probability = np.ones(len(histories))
    for v, around in elimination_order(n_lists, neighbours(n_lists, edges)):
        weight = delta * 2 ** (n_lists - len(around) - 1)
        for given in product([False, True], repeat=len(around)):
            same = (histories[:, around] == given).all(axis=1)
            on = rng.beta(weight, weight)
            probability[same] *= np.where(histories[same, v], on, 1 - on)
    counts = rng.multinomial(people, probability / probability.sum())
    return people, CaptureTable([f"L{j}" for j in range(n_lists)], histories[1:], counts[1:])


def ranks(n_lists, delta, model, repetitions, seed):
    """Posterior probability below the true N, with the probability of the true N itself split at random."""
    rng = np.random.default_rng(seed)
    found = []
    while len(found) < repetitions:
        people, table = drawn_table(n_lists, delta, rng)
        result = model.fit(table, rng=rng)
        if isinstance(result, Estimate):
            total = result.total
            below = total.probabilities[total.values < people].sum()
            found.append(below + rng.random() * total.probabilities[total.values == people].sum())
    return np.array(found)


def p_value(ranks_found):
    return chisquare(np.histogram(ranks_found, bins=20, range=(0, 1))[0]).pvalue


def test_ranks_on_three_lists_are_uniform():
    model = DecomposableGraphs(delta=1.0, prior_on_n=PRIOR)
    assert p_value(ranks(3, 1.0, model, 100, seed=11)) > FALSE_ALARM  # 4,000 in the slow tests below


@pytest.mark.slow
def test_ranks_under_a_wrong_delta_are_not_uniform():
    model = DecomposableGraphs(delta=0.02, prior_on_n=PRIOR)
    assert p_value(ranks(3, 1.0, model, 600, seed=12)) < FALSE_ALARM


@pytest.mark.slow
def test_ranks_under_a_wrong_prior_on_n_are_not_uniform():
    model = DecomposableGraphs(delta=1.0, prior_on_n=f"gamma-poisson({8 * SHAPE}, {SCALE / 4})")
    assert p_value(ranks(3, 1.0, model, 600, seed=13)) < FALSE_ALARM


@pytest.mark.slow
@pytest.mark.parametrize(("n_lists", "delta"), [(3, 0.125), (4, 0.5), (5, 1.0)])
def test_ranks_of_many_tables_are_uniform(n_lists, delta):
    model = DecomposableGraphs(delta=delta, prior_on_n=PRIOR)
    assert p_value(ranks(n_lists, delta, model, 4000, seed=n_lists)) > FALSE_ALARM
