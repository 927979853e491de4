"""Models as Markov chains over completed tables: on one table the draws are those of the model's own posterior."""

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.models.bayesian_log_linear.all_pairs import BayesianLogLinear
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.results.convergence import monte_carlo_errors

LISTS = ("A", "B", "C")
HISTORIES = ((np.arange(1, 8)[:, None] >> np.arange(3)) & 1).astype(bool)
COUNTS = np.array([120, 90, 30, 100, 40, 35, 15])
TABLE = CaptureTable(LISTS, HISTORIES, COUNTS)
PAIRS = BayesianLogLinear(unseen_median=300.0)
MODELS = [
    NoHighestOrderInteraction(),
    NoHighestOrderInteraction(lists=("B", "C"), xi=0.8),
    DecomposableGraphs(fit_check=False),
    DecomposableGraphs(include_saturated=True, delta=0.5, fit_check=False),
    pytest.param(PAIRS, marks=pytest.mark.slow),
]


def drawn(model, sweeps, *, counts=COUNTS, seed=1):
    sampler = model.cell_sampler(LISTS, HISTORIES, counts, rng=np.random.default_rng(seed), spread=0.5)
    for _ in range(50):
        sampler.draw(counts)
    draws = [sampler.draw(counts) for _ in range(sweeps)]
    return np.array([each.unseen for each in draws]), np.exp([each.log_seen for each in draws])


@pytest.mark.parametrize(
    "model", MODELS, ids=["nhoi", "nhoi of two lists", "decomposable", "with the saturated graph", "all pairs"]
)
def test_n_is_that_of_the_fit_and_histories_are_probabilities_among_those_observed(model):
    """Ends and middle within 6 Monte Carlo errors of both: once in some 10^8 runs of three comparisons."""
    fitted = model.fit(TABLE, rng=2).total
    unseen, seen = drawn(model, 3000)
    assert seen.sum(axis=1) == pytest.approx(1.0)
    found = (COUNTS.sum() + unseen)[None]
    for p, error in zip((0.1, 0.5, 0.9), monte_carlo_errors(found, (0.1, 0.5, 0.9))[2:], strict=True):
        assert abs(np.quantile(found, p) - fitted.quantile(p)) < 6 * np.hypot(error, fitted.monte_carlo_error(p)) + 1


@pytest.mark.slow
def test_latent_classes_have_the_posterior_of_their_fit():
    """As above, within 6 Monte Carlo errors of both; sweeps are dependent, and the errors say so."""
    model = LatentClass(other_priors=False, fit_check=False)
    fitted = model.fit(TABLE, rng=2).total
    unseen, seen = drawn(model, 12_000)
    assert seen.sum(axis=1) == pytest.approx(1.0)
    found = (COUNTS.sum() + unseen)[None]
    for p, error in zip((0.1, 0.5, 0.9), monte_carlo_errors(found, (0.1, 0.5, 0.9))[2:], strict=True):
        assert abs(np.quantile(found, p) - fitted.quantile(p)) < 6 * np.hypot(error, fitted.monte_carlo_error(p)) + 1


def test_latent_classes_go_on_where_a_history_empties_and_fills_again():
    """The classes of a history that nobody has now are forgotten; else splits and merges count people who are gone."""
    model = LatentClass(classes=4, warmup=200)
    sampler = model.cell_sampler(LISTS, HISTORIES, COUNTS, rng=np.random.default_rng(1), spread=0.5)
    emptied = COUNTS * (np.arange(7) != 3)
    for counts in [COUNTS, emptied] * 20:
        found = sampler.draw(counts)
        work = sampler._chain._work
        assert work.people[1:].sum() == counts.sum()
        assert np.exp(found.log_seen).sum() == pytest.approx(1.0)
