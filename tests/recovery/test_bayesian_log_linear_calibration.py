"""Simulation-based calibration (Talts et al. 2018): truth drawn from the prior is a draw from the posterior.

Three lists.  The prior is narrower than the default so that the simulated tables are of a size that lists have; the
computation is the same.  Chains are thinned by 10, ranks put into 10 bins, and compared with uniform by chi-square.
"""

import numpy as np
import pytest
from scipy import stats

from estimation.models.bayesian_log_linear.all_pairs import BayesianLogLinear
from estimation.models.bayesian_log_linear.predictive_checks import design

LISTS = 3
MODEL = BayesianLogLinear(
    unseen_median=150,
    intercept_sd=0.7,
    main_effect_mean=-0.7,
    main_effect_mean_sd=0.4,
    main_effect_sd=0.5,
    interaction_scale=0.5,
    chains=2,
    draws=600,
    warmup=300,
    target_accept=0.95,
)


def rank_p_values(replications, *, seed, truth=MODEL):
    """p-values of uniform ranks of n_0, log mu_0, tau and gamma_23; `truth` draws what `MODEL` is fitted to."""
    ranks = []
    for part in np.random.default_rng(seed).spawn(replications):
        truth_rng, data_rng, fit_rng, rank_rng = part.spawn(4)
        coefficients, tau = truth.draw_prior(LISTS, 1.0, 1, truth_rng)
        counts = data_rng.poisson(np.exp(design(LISTS) @ coefficients[0]))
        unseen = data_rng.poisson(np.exp(coefficients[0, 0]))
        posterior = MODEL.sample(counts, rng=fit_rng, workers=2)
        thinned = posterior.coefficients[:, ::10].reshape(-1, coefficients.shape[1])
        drawn = rank_rng.poisson(np.exp(thinned[:, 0]))
        # n_0 is a whole number: ties are broken at random.
        tied = int(rank_rng.integers((drawn == unseen).sum() + 1))
        ranks.append(
            (
                (drawn < unseen).sum() + tied,
                (thinned[:, 0] < coefficients[0, 0]).sum(),
                (posterior.tau[:, ::10] < tau[0]).sum(),
                (thinned[:, -1] < coefficients[0, -1]).sum(),
            )
        )
    possible = 2 * MODEL.draws // 10 + 1
    bins = np.array(ranks) * 10 // possible
    expected = np.bincount(np.arange(possible) * 10 // possible, minlength=10) * replications / possible
    return [float(stats.chisquare(np.bincount(column, minlength=10), expected).pvalue) for column in bins.T]


@pytest.mark.slow
def test_ranks_of_the_truth_are_uniform_over_the_prior():
    # False-alarm rate: 4 quantities at 0.0025 each, 1 % in all (Bonferroni).
    p_values = rank_p_values(300, seed=20)
    assert min(p_values) > 0.0025


@pytest.mark.slow
def test_ranks_reveal_a_wrong_prior():
    # Truth has five times as many unseen people as the model believes: a control that must fail.
    wrong = BayesianLogLinear(
        unseen_median=5 * 150,
        intercept_sd=MODEL.intercept_sd,
        main_effect_mean=MODEL.main_effect_mean,
        main_effect_mean_sd=MODEL.main_effect_mean_sd,
        main_effect_sd=MODEL.main_effect_sd,
        interaction_scale=MODEL.interaction_scale,
    )
    p_values = rank_p_values(100, seed=21, truth=wrong)
    assert min(p_values) < 0.0025


def test_ranks_of_the_truth_are_uniform_in_a_few_replications():
    # False-alarm rate: 4 quantities at 0.00025 each, 0.1 % in all.
    assert min(rank_p_values(15, seed=22)) > 0.00025
