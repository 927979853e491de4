"""Simulation-based calibration of the log-linear model under the prior of published studies (Talts and others 2018).

p(N) ~ 1/N cannot be drawn from; but given n, the number observed, everything else has a proper prior.  So n is fixed;
the coefficients are drawn from their prior, the observed histories from the multinomial distribution, and n_0 from the
negative binomial.  The rank of what was drawn among posterior draws is then uniform.

Draws are thinned to 120 that are all but independent.  The controls draw from another prior than the model's, and must
fail.
"""

import numpy as np
import pytest
from scipy import stats

from estimation.models.bayesian_log_linear.pairwise_prior import PairwisePrior

MODEL = PairwisePrior()
OBSERVED, KEPT = 400, 120
QUANTITIES = ("n_0", "mean of gamma", "gamma_12", "mean of beta")


def rank_p_values(replications, *, lists, seed, truth=MODEL):
    """p-values of uniform ranks of each of `QUANTITIES`, by chi-square over 10 bins."""
    fitted = PairwisePrior(chains=2, draws=600, warmup=300)
    offset, design = truth._scaled_design(lists)
    ranks = []
    for part in np.random.default_rng(seed).spawn(replications):
        truth_rng, fit_rng, rank_rng = part.spawn(3)
        normals = truth_rng.standard_normal(design.shape[1])
        log_mu = offset + design @ normals
        log_seen = np.logaddexp.reduce(log_mu)
        counts = truth_rng.multinomial(OBSERVED, np.exp(log_mu - log_seen))
        unseen = truth_rng.poisson(truth_rng.gamma(OBSERVED) * np.exp(min(-log_seen, 30.0)))
        found = fitted.sample(counts, rng=fit_rng).coefficients[:, ::10]
        drawn = found.reshape(KEPT, -1)
        rate = rank_rng.gamma(OBSERVED, 1 / OBSERVED, KEPT) * np.exp(np.minimum(drawn[:, 0], 36))
        n_0 = rank_rng.poisson(rate)
        tied = int(rank_rng.integers((n_0 == unseen).sum() + 1))
        below = features(drawn, lists) < features(truth.coefficients(normals, np.zeros(()), lists), lists)
        ranks.append([(n_0 < unseen).sum() + tied, *below.sum(axis=-1)])
    bins = np.array(ranks) * 10 // (KEPT + 1)
    expected = np.bincount(np.arange(KEPT + 1) * 10 // (KEPT + 1), minlength=10) * replications / (KEPT + 1)
    return [float(stats.chisquare(np.bincount(column, minlength=10), expected).pvalue) for column in bins.T]


def features(coefficients, lists):
    """What is ranked beside n_0, the first axis; the draws, where there are several, the last."""
    beta, gamma = coefficients[..., 1 : 1 + lists], coefficients[..., 1 + lists :]
    found = np.stack([gamma.mean(axis=-1), gamma[..., 0], beta.mean(axis=-1)])
    return found if found.ndim > 1 else found[:, None]


def test_ranks_of_the_truth_are_uniform_in_a_few_replications():
    # False-alarm rate: 4 quantities at 0.0003 each, 0.12 % in all.
    assert min(rank_p_values(25, lists=3, seed=22)) > 0.0003


def test_a_wrong_prior_is_noticed_in_a_few_replications():
    # In truth lists are far more dependent than the model believes; it must fail for n_0 and for the mean of gamma.
    found = rank_p_values(25, lists=3, seed=23, truth=PairwisePrior(log_odds_ratio_mean=3.6))
    assert max(found[:2]) < 0.0003


@pytest.mark.slow
@pytest.mark.parametrize("lists", [2, 3, 4, 5])
def test_ranks_of_the_truth_are_uniform_over_the_prior(lists):
    # False-alarm rate: 4 quantities at 0.0025 each, 1 % a case.
    assert min(rank_p_values(300, lists=lists, seed=20 + lists)) > 0.0025


@pytest.mark.slow
@pytest.mark.parametrize(
    "truth",
    [PairwisePrior(log_odds_ratio_mean=1.6), PairwisePrior(log_odds_ratio_sd=2.0)],
    ids=["more dependence", "pairs that differ more"],
)
def test_ranks_reveal_a_wrong_prior(truth):
    assert min(rank_p_values(300, lists=4, seed=21, truth=truth)) < 0.0025
