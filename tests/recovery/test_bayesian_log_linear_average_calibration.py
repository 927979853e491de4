"""Simulation-based calibration of the Bayesian log-linear average (Talts et al. 2018).

The intercept's prior is flat and cannot be drawn from; but given n, the number observed, everything else has a proper
prior.  So n is fixed; a model is drawn uniformly, sigma^2 and the coefficients from their prior, the observed histories
from the multinomial distribution and n_0 from a Poisson distribution with mean r Gamma(n, 1).  The rank of the true n_0
among posterior draws is then uniform.  Tables with an empty list or without overlap are drawn again, which keeps it
uniform, because whether they occur depends on the table alone.

With heterogeneity the model drawn may have a form of it, whose column is written out here as what least squares leaves
of it, and whose coefficient is the size of a normal draw.

The published inverse gamma prior of sigma^2 (a = b = 0.001) is nearly improper: a draw of sigma^2 from it overflows.
The same computation is tested under a = b = 8.

False alarms: each test of uniformity fails a right program at one in 10,000 seeds (chi-squared, 20 bins; the seeds
are fixed).
"""

import numpy as np
import pytest
from scipy.stats import chisquare

from estimation.capture.table import CaptureTable
from estimation.models.bayesian_log_linear.averaged import HierarchicalLogLinearAverage
from estimation.models.bayesian_log_linear.averaged_family import averaged_models
from estimation.models.bayesian_log_linear.averaged_posterior import averaged_posterior, prior_scales

FALSE_ALARM = 1e-4
UNIT = prior_scales("unit-information")
LATTICE = prior_scales("sabanes-bove-held")[0]
GAMMA = (LATTICE, -4 * LATTICE - 4 * np.exp(-LATTICE))


def sum_to_zero(many):
    """The design of the complete table, entries 1 and -1; rows are histories and columns terms."""
    cells, terms = np.arange(1 << many)[:, None], np.arange(1 << many)
    return 1.0 - 2.0 * (np.bitwise_count(terms & ~cells) % 2)


def unit_variance(_rng):
    return 1.0


def inverse_gamma_variance(rng):
    return 1 / rng.gamma(4, 1 / 4)


FORMS = {
    "Poisson2": lambda k: 2.0**k - 1,
    "Darroch": lambda k: k**2 / 2,
    "Gamma3.5": lambda k: -np.log((3.5 + k) / 3.5),
}


def columns(many):
    """The columns of heterogeneity, over all histories, in the places that a wide model has for them."""
    signs = sum_to_zero(many)[:, [0, *(1 << np.arange(many))]]
    values = np.column_stack([form(np.bitwise_count(np.arange(1 << many))) for form in FORMS.values()])
    left = values - signs @ np.linalg.lstsq(signs, values, rcond=None)[0]
    return left / np.sqrt((left**2).mean(axis=0))


def drawn(many, n_observed, variance, rng, models):
    """The unseen and the observed cells, from the prior given n."""
    chosen = models[rng.integers(len(models))]
    terms, forms = chosen[: 1 << many].copy(), chosen[1 << many :][: len(FORMS)]
    terms[0] = False
    spread = np.sqrt(variance(rng))
    theta = rng.standard_normal(terms.sum()) * spread
    eta = sum_to_zero(many)[:, terms] @ theta
    if forms.any():
        eta = eta + columns(many)[:, forms][:, 0] * abs(rng.standard_normal()) * spread
    mean = np.exp(eta - eta[1:].max())
    unseen = rng.poisson(min(rng.gamma(n_observed) * mean[0] / mean[1:].sum(), 1e17))
    return unseen, np.concatenate([[0], rng.multinomial(n_observed, mean[1:] / mean[1:].sum())])


def ranks(many, n_observed, variance, scales, repetitions, seed, *, family="hierarchical", fitted=None):
    """The share of posterior draws below the true n_0, ties split at random."""
    rng = np.random.default_rng(seed)
    histories = (np.arange(1, 1 << many)[:, None] >> np.arange(many)) & 1
    model, found = HierarchicalLogLinearAverage(), []
    models = averaged_models(many, family, tuple(FORMS))
    averaged = averaged_models(many, fitted or family, tuple(FORMS))
    while len(found) < repetitions:
        unseen, cells = drawn(many, n_observed, variance, rng, models)
        if model.why_not(CaptureTable([f"L{j}" for j in range(many)], histories, cells[1:])) is not None:
            continue
        posterior = averaged_posterior(cells, scales, models=averaged, draws=999, size=20_000, rng=rng)
        draws = rng.poisson(np.exp(np.minimum(posterior.log_unseen, np.log(1e17))))
        found.append(((draws < unseen).sum() + rng.random() * (1 + (draws == unseen).sum())) / 1000)
    return np.array(found)


def p_value(ranks_found):
    return chisquare(np.histogram(ranks_found, bins=20, range=(0, 1))[0]).pvalue


def test_ranks_on_three_lists_are_uniform_under_unit_information():
    assert p_value(ranks(3, 200, unit_variance, UNIT, 200, seed=1)) > FALSE_ALARM  # 2,000 in the slow tests below


@pytest.mark.slow
def test_ranks_on_three_lists_are_uniform_when_the_variance_is_learnt():
    assert p_value(ranks(3, 200, inverse_gamma_variance, GAMMA, 300, seed=2)) > FALSE_ALARM


@pytest.mark.slow
def test_ranks_under_too_narrow_a_prior_are_not_uniform():
    narrow = (np.array([np.log(0.1)]), np.zeros(1))
    assert p_value(ranks(3, 200, unit_variance, narrow, 400, seed=3)) < FALSE_ALARM


@pytest.mark.slow
@pytest.mark.parametrize(
    ("many", "n_observed", "variance", "scales"),
    [
        (3, 60, unit_variance, UNIT),
        (4, 500, unit_variance, UNIT),
        (4, 500, inverse_gamma_variance, GAMMA),
    ],
    ids=["three lists, few people", "four lists, unit information", "four lists, variance learnt"],
)
def test_ranks_of_many_tables_are_uniform(many, n_observed, variance, scales):
    assert p_value(ranks(many, n_observed, variance, scales, 2000, seed=many)) > FALSE_ALARM


@pytest.mark.slow
@pytest.mark.parametrize(
    ("many", "n_observed", "variance", "scales"),
    [(3, 200, unit_variance, UNIT), (4, 500, unit_variance, UNIT), (4, 500, inverse_gamma_variance, GAMMA)],
    ids=["three lists", "four lists", "four lists, variance learnt"],
)
def test_ranks_are_uniform_with_heterogeneity_in_the_family(many, n_observed, variance, scales):
    found = ranks(many, n_observed, variance, scales, 500, seed=many + 10, family="with heterogeneity")
    assert p_value(found) > FALSE_ALARM


@pytest.mark.slow
def test_ranks_are_not_uniform_where_the_family_that_is_fitted_leaves_heterogeneity_out():
    found = ranks(4, 500, unit_variance, UNIT, 500, seed=5, family="with heterogeneity", fitted="hierarchical")
    assert p_value(found) < FALSE_ALARM
