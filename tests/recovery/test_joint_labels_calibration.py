"""Simulation-based calibration of labels drawn with the numbers of two strata: ranks of the truth are uniform.

Of a pair of strata with n people observed together, the model of `estimation.strata.joint_labels` gives n_1 = k with
probability proportional to 1 / (k (n - k)); theta has its prior whatever n is; histories have f_s, and n_0s is negative
binomial.  Labels are then hidden by history.  What depends on the observed alone may decide that a table is drawn anew:
here that somebody of each stratum is known on each list.  Odds of no list above a million, some one draw of theta in
thousands, are drawn anew too: no chain would follow them.

Reference: Talts, Betancourt, Simpson, Vehtari, Gelman (2018), arXiv:1804.06788.
"""

import numpy as np
import pytest
from scipy.stats import chi2

from estimation.capture.stratified import StratifiedTable
from estimation.models.graphs.chordal_graphs import chordal_graphs
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.graphs.graph_predictive import history_probabilities
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.strata.joint_chain import JointChain, starting_labels
from estimation.strata.label_cells import LabelCells

HISTORIES = ((np.arange(1, 8)[:, None] >> np.arange(3)) & 1).astype(bool)
ODD = np.where(HISTORIES.sum(axis=1) % 2 == 1, 1.0, -1.0)
HIDDEN = np.array([0.7, 0.2, 0.1, 0.5, 0.1, 0.3, 0.0])
PEOPLE, DRAWS, APART = 90, 19, 12
DELTA = 0.5


def saturated(rng):
    """f of the seven histories, and the odds of being on no list."""
    f = rng.dirichlet(np.ones(7))
    return f, np.exp(ODD @ np.log(f))


def by_graph(rng):
    graphs = chordal_graphs(3).without_complete()
    p = history_probabilities(np.zeros((1, 8)), graphs.elimination(int(rng.integers(len(graphs)))), DELTA, rng)[0]
    return p[1:] / p[1:].sum(), p[0] / p[1:].sum()


def drawn(prior, rng):
    """A table with labels hidden, and N of both strata; None where it is to be drawn anew."""
    k = np.arange(1, PEOPLE)
    first = int(rng.choice(k, p=(1 / (k * (PEOPLE - k))) / (1 / (k * (PEOPLE - k))).sum()))
    rows, places, counts, totals = [], [], [], []
    for place, n in (("n", first), ("s", PEOPLE - first)):
        f, odds = prior(rng)
        if not odds < 1e6:
            return None
        seen = rng.multinomial(n, f)
        hidden = rng.binomial(seen, HIDDEN)
        totals.append(n + rng.poisson(rng.standard_gamma(n) * odds))
        if ((seen - hidden) @ HISTORIES == 0).any():
            return None
        rows += [*HISTORIES, *HISTORIES]
        places += [place] * 7 + [None] * 7
        counts += [*(seen - hidden), *hidden]
    return StratifiedTable(["A", "B", "C"], rows, {"place": places}, counts), totals


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "prior"),
    [(NoHighestOrderInteraction(), saturated), (DecomposableGraphs(delta=DELTA, fit_check=False), by_graph)],
    ids=["nhoi", "decomposable"],
)
def test_ranks_of_the_true_numbers_are_uniform(model, prior):
    """400 tables, 20 ranks, N of one stratum and of both: chi-square below its 1 - 1e-5 quantile each."""
    rng, tables = np.random.default_rng(1), 400
    ranks = np.zeros((2, DRAWS + 1))
    made = 0
    while made < tables:
        found = drawn(prior, rng)
        if found is None:
            continue
        table, (north, south) = found
        cells = LabelCells.of(table, ["place"])
        if cells.people.sum() == 0:
            continue
        start = starting_labels(cells, rng, spread=0.5)
        chain = JointChain(cells, [None, None], model, start=start, rng=rng.spawn(1)[0], spread=rng.random())
        chain.advance(200)
        draws = chain.advance(DRAWS * APART)[APART - 1 :: APART].astype(float)
        both = np.column_stack([draws[:, 0], draws.sum(axis=1)]) + rng.uniform(0, 0.5, (DRAWS, 2))
        truth = np.array([north, north + south]) + rng.uniform(0, 0.5, 2)
        for quantity, rank in enumerate((both < truth).sum(axis=0)):
            ranks[quantity, rank] += 1
        made += 1
    wanted = tables / (DRAWS + 1)
    assert (((ranks - wanted) ** 2 / wanted).sum(axis=1) < chi2.ppf(1 - 1e-5, DRAWS)).all(), ranks
