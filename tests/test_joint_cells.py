"""A capture model as the prior of the overlap table: the chain over links and N against all partitions written out."""

from collections import Counter

import numpy as np
import pytest
from scipy.special import betaln, gammaln, logsumexp

from estimation.capture.table import CaptureTable
from estimation.models.bayesian_log_linear.all_pairs import BayesianLogLinear
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.linked.joint_cells import JointCells, all_histories

LISTS = ("a", "b")
LIST_OF = np.array([0, 0, 0, 1, 1])
"""Three records of one list, two of the other, none twice: 13 matchings."""


def matchings():
    """All ways in which records of the second list are matched with those of the first, as histories counted."""
    found = []
    for first in (None, 0, 1, 2):
        for second in (None, 0, 1, 2):
            if first is None or first != second:
                found.append((first, second))
    return found


def counts_of(matching):
    both = sum(each is not None for each in matching)
    return np.array([0, 3 - both, 2 - both, both])


def log_weight_of_independence(counts, most=20_000):
    """log of the sum over n_0 of p(N) N! / n_0! times Beta integrals: two independent lists with Beta(1/2, 1/2)."""
    n, sizes = counts.sum(), np.array([counts[1] + counts[3], counts[2] + counts[3]])
    unseen = np.arange(most)
    total = n + unseen
    parts = gammaln(total) - gammaln(unseen + 1)
    for size in sizes:
        parts = parts + betaln(0.5 + size, 0.5 + total - size) - betaln(0.5, 0.5)
    # The sum goes on as x^-2 or faster; what is left out is about the last term times its place.
    return logsumexp(np.r_[parts, parts[-1] + np.log(most)])


def chain(model, log_likelihood, sweeps, seed):
    """Matchings drawn one after another given the cells, and the cells given them; also N at each sweep."""
    rng, options = np.random.default_rng(seed), matchings()
    at = next(k for k, each in enumerate(options) if counts_of(each)[3] == 1)
    start = CaptureTable(LISTS, all_histories(2), counts_of(options[at])[1:])
    cells = JointCells(model, start, rng=rng, spread=0.5, n_records=5)
    visited = []
    table = np.array([counts_of(each) for each in options])
    people = table.sum(axis=1)
    for _ in range(sweeps):
        weights = cells.draw(table[at])
        log_p = log_likelihood + table[:, 1:] @ weights.log_cells[1:] + weights.log_people[people] + gammaln(people + 1)
        at = rng.choice(len(options), p=np.exp(log_p - logsumexp(log_p)))
        visited.append(at)
    return np.array(visited), cells.totals


def test_histories_are_in_the_order_of_the_cells_of_a_table():
    table = CaptureTable(["a", "b", "c"], all_histories(3), np.arange(1, 8))
    assert table.cells().tolist() == [0, 1, 2, 3, 4, 5, 6, 7]


def test_links_and_people_are_drawn_from_the_posterior_that_enumeration_gives():
    log_likelihood = np.random.default_rng(5).normal(0, 1, len(matchings()))
    tables = [counts_of(each) for each in matchings()]
    exact = log_likelihood + [log_weight_of_independence(counts) for counts in tables]
    exact = np.exp(exact - logsumexp(exact))
    visited, _ = chain(DecomposableGraphs(), log_likelihood, 2400, seed=1)
    shares = np.bincount(visited, minlength=len(exact)) / len(visited)
    # Batch means of 30 give the error of each share; the largest of 13 is above 4.5 of them in one run of 10,000.
    batches = np.array([np.bincount(part, minlength=len(exact)) / len(part) for part in np.split(visited, 30)])
    error = batches.std(axis=0, ddof=1) / np.sqrt(30)
    assert (np.abs(shares - exact) < 4.5 * error + 1e-3).all()


def test_another_prior_of_people_gives_another_posterior_of_links():
    # The control: with p(n) proportional to n in the place of 1/n the shares move far beyond the error above.
    tables = np.array([counts_of(each) for each in matchings()])
    exact = np.array([log_weight_of_independence(counts) for counts in tables])
    wrong = exact + 2 * np.log(tables.sum(axis=1))
    by_people = [np.bincount(tables.sum(axis=1), weights=np.exp(w - logsumexp(w))) for w in (exact, wrong)]
    assert np.abs(by_people[0] - by_people[1]).max() > 0.03


def test_people_are_poisson_where_the_model_says_so():
    table = CaptureTable(("a", "b", "c"), all_histories(3), [9, 8, 3, 7, 2, 3, 2])
    cells = JointCells(
        BayesianLogLinear(unseen_median=30), table, rng=np.random.default_rng(1), spread=0.5, n_records=60
    )
    weights = cells.draw(table.cells())
    mean = int(np.argmax(weights.log_people[1:])) + 1
    assert 10 < mean < 60
    steps = np.diff(weights.log_people[1:])
    assert (np.diff(steps) < 0).all()  # log-concave, as a Poisson probability is
    assert Counter(np.isfinite(weights.log_cells)) == {True: 8}


def test_totals_are_people_and_unseen_of_each_call():
    table = CaptureTable(LISTS, all_histories(2), [40, 30, 20])
    cells = JointCells(DecomposableGraphs(), table, rng=np.random.default_rng(1), spread=0.5, n_records=110)
    for _ in range(400):
        cells.draw(table.cells())
    assert (cells.totals >= 90).all()
    assert np.median(cells.totals[50:]) == pytest.approx(DecomposableGraphs().fit(table, rng=1).median, rel=0.1)
