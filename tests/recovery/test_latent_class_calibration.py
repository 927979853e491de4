"""Simulation-based calibration of the latent-class sampler (Talts and others 2018).

p(N) ~ 1/N cannot be drawn from, but given n and the parameters n_0 is negative binomial (n, 1 - rho) under it, and the
likelihood of the observed histories given n is multinomial.  So: draw the parameters from their priors; n people from
the probabilities of the histories among those seen; n_0 from the negative binomial.  The posterior given those
histories is what the sampler aims at, and the rank of the truth among draws from it is uniform.

False alarms: each chi-square test of ranks fails one time in 1,000 when all is right; seeds are fixed.
"""

from itertools import product
from threading import Event

import numpy as np
import pytest
from scipy import stats

from estimation.capture.table import CaptureTable
from estimation.models.latent_class import state as latent_class_state
from estimation.models.latent_class.chains import Chain
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.latent_class.rounds import Plan, sample
from estimation.models.latent_class.state import Prior

DRAWS, BINS = 99, 10
PRIOR = Prior(0.25, 0.25, 1.0, 1.0)


def simulated(rng, prior, *, classes, lists, n):
    """A table of n people, with n_0 and log alpha behind it."""
    alpha = max(rng.gamma(prior.alpha_shape, 1 / prior.alpha_rate), 1e-300)
    log_rest = np.append(0.0, np.cumsum(-rng.standard_exponential(classes - 1) / alpha))
    share = np.exp(log_rest) - np.append(np.exp(log_rest[1:]), 0.0)
    lambda_ = rng.beta(prior.a, prior.b, (classes, lists))
    patterns = np.array(list(product([False, True], repeat=lists)))
    p = np.array([share @ np.where(pattern, lambda_, 1 - lambda_).prod(axis=1) for pattern in patterns])
    counts = rng.multinomial(n, p[1:] / p[1:].sum())
    table = CaptureTable([f"L{j}" for j in range(lists)], patterns[1:], counts)
    return table, rng.poisson(rng.standard_gamma(n) * p[0] / p[1:].sum()), np.log(alpha)


def ranks(replications, *, seed, fitted=PRIOR, classes=3, lists=3, n=40, thin=8, warmup=500):
    """Ranks of the true n_0 and log alpha among 99 draws each, shape (replications, 2); ties are broken at random."""
    found = np.empty((replications, 2), dtype=int)
    for row, rng in zip(found, np.random.default_rng(seed).spawn(replications), strict=True):
        table, *truth = simulated(rng, PRIOR, classes=classes, lists=lists, n=n)
        chain = Chain(table, fitted, classes=classes, rng=rng.spawn(1)[0], spread=rng.random())
        chain.warm_up(warmup, Event())
        drawn = chain.advance(DRAWS * thin, Event())[thin - 1 :: thin]
        for i in range(2):
            below, same = (drawn[:, i] < truth[i]).sum(), (drawn[:, i] == truth[i]).sum()
            row[i] = below + rng.integers(0, same + 1)
    return found


def p_values(found):
    bins = found * BINS // (DRAWS + 1)
    return [stats.chisquare(np.bincount(bins[:, i], minlength=BINS)).pvalue for i in range(2)]


def test_ranks_are_uniform_over_50_replications():
    # Five expected in each of 10 bins; 1,000 replications are below.
    assert min(p_values(ranks(50, seed=1, warmup=200))) > 0.001


@pytest.mark.slow
def test_a_wrong_prior_of_the_captures_is_noticed():
    assert p_values(ranks(120, seed=2, fitted=Prior(0.25, 0.25, 1.0, 5.0)))[0] < 1e-6


def ranks_where_it_stops(replications, *, seed, prior, fitted=None, classes=6, lists=4, n=100):
    """The same of chains that stop by themselves, as in a fit: four dispersed ones, an effective sample size of 400."""
    found = np.empty((replications, 2), dtype=int)
    plan = Plan(warmup=200, sweeps=200, max_sweeps=3200, draws=1000, effective=400)
    for row, rng in zip(found, np.random.default_rng(seed).spawn(replications), strict=True):
        table, *truth = simulated(rng, prior, classes=classes, lists=lists, n=n)
        run = sample(table, fitted or prior, plan, classes=classes, rngs=rng.spawn(4), workers=1)
        for i, values in enumerate((run.unseen, run.log_alpha)):
            drawn = values.T.reshape(-1)[np.linspace(0, values.size - 1, DRAWS).astype(int)]
            below, same = (drawn < truth[i]).sum(), (drawn == truth[i]).sum()
            row[i] = below + rng.integers(0, same + 1)
    return found


def of_expansion(lists):
    """The default prior, N/n from 1.1 to 10, on so many lists."""
    return Prior(0.25, 0.25, *LatentClass().capture_numbers(lists))


@pytest.mark.slow
@pytest.mark.parametrize("prior", [PRIOR, of_expansion(4)], ids=["published", "expansion"])
def test_ranks_are_uniform_where_chains_stop_by_themselves(prior):
    # Minutes of CPU each.
    found = p_values(ranks_where_it_stops(500, seed=5, prior=prior))
    assert min(found) > 0.001, found


@pytest.mark.slow
def test_the_wrong_one_of_the_two_priors_is_noticed():
    found = p_values(ranks_where_it_stops(250, seed=6, prior=of_expansion(4), fitted=PRIOR))
    assert found[0] < 1e-6, found


@pytest.mark.slow
@pytest.mark.parametrize(("classes", "lists", "n"), [(3, 3, 40), (6, 4, 200)])
def test_ranks_are_uniform_over_1000_replications(classes, lists, n):
    found = p_values(ranks(1000, seed=3, classes=classes, lists=lists, n=n, thin=15))
    assert min(found) > 0.001, found


@pytest.mark.slow
def test_ranks_are_uniform_with_the_moves_that_tables_of_many_histories_have(monkeypatch):
    monkeypatch.setattr(latent_class_state, "MANY", 0)
    found = p_values(ranks(500, seed=8, classes=6, lists=4, n=100, thin=15))
    assert min(found) > 0.001, found


@pytest.mark.slow
def test_a_wrong_prior_of_alpha_is_noticed_over_1000_replications():
    assert p_values(ranks(1000, seed=4, fitted=Prior(1.0, 1.0, 1.0, 1.0)))[1] < 1e-6
