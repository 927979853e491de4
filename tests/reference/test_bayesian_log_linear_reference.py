"""The posterior against a second route, exact importance sampling; and Kosovo against maximum likelihood.

With three lists the seven log mu and the seven coefficients are one to one, and the Poisson likelihood of a cell is,
in log mu, the density of the logarithm of a Gamma(n_omega, 1) variable.  So: draw every mu from its Gamma, solve for
alpha, beta and gamma, and weigh by their prior, in which b is integrated out in closed form and tau by quadrature.
Nothing is shared with the package but the model.

On Kosovo, N by maximum likelihood in the log-linear model with all pairs is 14,341.66 (Rcapture 1.4-4, the model
[12, 13, 14, 23, 24, 34] of ``closedpMS.t``).  Under a wide prior it lies in the central half of the posterior.
"""

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from estimation.capture.table import CaptureTable
from estimation.models.bayesian_log_linear.all_pairs import BayesianLogLinear
from estimation.results.convergence import chain_checks
from estimation.results.estimates import Estimate

HEPATITIS = {"111": 28, "110": 21, "101": 17, "100": 69, "011": 18, "010": 55, "001": 63}
KOSOVO_HISTORIES = "1000 0100 0010 0001 1100 1010 1001 0110 0101 0011 1110 1101 1011 0111 1111"
KOSOVO_COUNTS = [1131, 845, 936, 306, 177, 228, 106, 217, 31, 123, 181, 18, 42, 32, 27]


def importance_sample(model, size, rng):
    """alpha, E(log tau | .) and log weight of each draw."""
    x = {history: np.log(rng.gamma(count, size=size)) for history, count in HEPATITIS.items()}
    alpha = x["100"] + x["010"] + x["001"] - x["110"] - x["101"] - x["011"] + x["111"]
    beta = np.column_stack([x["100"], x["010"], x["001"]]) - alpha[:, None]
    gamma = np.column_stack(
        [
            x["110"] - x["100"] - x["010"] + alpha,
            x["101"] - x["100"] - x["001"] + alpha,
            x["011"] - x["010"] - x["001"] + alpha,
        ]
    )
    log_tau = np.linspace(-8, 3, 200)
    log_prior_tau = stats.halfnorm.logpdf(np.exp(log_tau), scale=model.interaction_scale) + log_tau
    squares = (gamma**2).sum(axis=1, keepdims=True)
    joint = log_prior_tau - 3 * log_tau - squares / (2 * np.exp(2 * log_tau))
    covariance = np.full((3, 3), model.main_effect_mean_sd**2) + np.eye(3) * model.main_effect_sd**2
    weight = (
        stats.norm.logpdf(alpha, np.log(sum(HEPATITIS.values())), model.intercept_sd)
        + stats.multivariate_normal.logpdf(beta, np.full(3, model.main_effect_mean), covariance)
        + logsumexp(joint, axis=1)
    )
    return alpha, np.exp(joint - logsumexp(joint, axis=1, keepdims=True)) @ log_tau, weight


@pytest.mark.parametrize("scale", [1.0, pytest.param(2.0, marks=pytest.mark.slow)])
def test_the_posterior_agrees_with_importance_sampling(scale):
    # 6 comparisons at 4 Monte Carlo errors of both routes: false-alarm rate below 4e-4.
    table = CaptureTable.from_histories(["P", "Q", "E"], HEPATITIS)
    result = BayesianLogLinear(interaction_scale=scale).fit(table, rng=np.random.default_rng(5), workers=2)
    assert isinstance(result, Estimate)
    model, rng = BayesianLogLinear(interaction_scale=scale), np.random.default_rng(6)
    parts = [importance_sample(model, 2000, rng) for _ in range(50)]  # in parts that fit a processor's cache
    alpha, log_tau, log_weight = (np.concatenate(part) for part in zip(*parts, strict=True))
    weight = np.exp(log_weight - logsumexp(log_weight))
    drawn_alpha, drawn_tau = result.total.monitored["log mu_0"], result.total.monitored["log tau"]
    centre = weight @ alpha
    for exact, drawn in (
        (alpha, drawn_alpha),
        ((alpha - centre) ** 2, (drawn_alpha - centre) ** 2),
        (log_tau, drawn_tau),
    ):
        effective = chain_checks({"x": drawn})[1].value
        ours = drawn.std() / np.sqrt(effective)
        theirs = np.sqrt((weight**2) @ (exact - weight @ exact) ** 2)
        assert theirs < ours * 2
        assert abs(drawn.mean() - weight @ exact) < 4 * np.hypot(ours, theirs)


def kosovo():
    return CaptureTable.from_histories(
        ["EXH", "ABA", "OSCE", "HRW"], dict(zip(KOSOVO_HISTORIES.split(), KOSOVO_COUNTS, strict=True))
    )


@pytest.mark.slow
def test_kosovo_with_a_wide_prior_comes_near_maximum_likelihood():
    table = kosovo()
    wide = BayesianLogLinear(intercept_sd=5, main_effect_mean_sd=5, main_effect_sd=5, interaction_scale=5)
    result = wide.fit(table, rng=np.random.default_rng(1), workers=2)
    assert isinstance(result, Estimate)
    # However wide the prior of tau, tau is learnt from the pairs and draws them together: near, and not equal.
    assert result.total.quantile(0.25) < 14_341.66 < result.total.quantile(0.75)
    assert result.notes[0].startswith("The model does not fit the table")
