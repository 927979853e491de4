"""Priors from "so many people for each one seen": the match to what was asked, and draws against closed forms.

False alarms: Kolmogorov-Smirnov tests fail one time in 1,000 when all is right; quantiles are compared at 4 Monte Carlo
standard errors (6 in 100,000 each); seeds are fixed.
"""

import numpy as np
import pytest
from scipy import stats
from scipy.special import digamma, polygamma

from estimation.errors import SettingError
from estimation.models.latent_class.alpha_prior import AlphaPrior
from estimation.models.latent_class.expansion_prior import expansion_prior, prior_expansion_draws
from estimation.models.prior_and_posterior import prior_total_draws

NEAR_ONE_CLASS = AlphaPrior("log-normal", -60.0, 0.1)


def expansions(capture, *, alpha=NEAR_ONE_CLASS, classes=3, n_lists=3, draws=20_000, seed=1):
    rng = np.random.default_rng(seed)
    return prior_expansion_draws(alpha, capture, classes=classes, n_lists=n_lists, draws=draws, rng=rng)


class TestTheBeta:
    @pytest.mark.parametrize("n_lists", [2, 3, 10, 34])
    def test_has_the_moments_of_the_gamma_with_the_asked_quantiles(self, n_lists):
        prior = expansion_prior(1.1, 5, n_lists=n_lists)
        a, b = prior.capture_a, prior.capture_b
        mean = n_lists * (digamma(a + b) - digamma(b))
        variance = n_lists * (polygamma(1, b) - polygamma(1, a + b))
        gamma = stats.gamma(mean**2 / variance, scale=variance / mean)
        asked = np.log([5 / 4, 1.1 / 0.1])
        assert gamma.ppf([0.025, 0.975]) == pytest.approx(asked, rel=1e-6)

    @pytest.mark.parametrize(
        ("lower", "upper", "n_lists", "probability"),
        [
            (1.1, 5, 4, 0.95),
            (1.1, 5, 34, 0.95),
            (1.5, 3, 3, 0.9),
            (2, 200, 5, 0.95),
            (5, 6, 4, 0.95),
            (1.05, 1.2, 6, 0.5),
        ],
    )
    def test_gives_what_was_asked_where_all_people_are_alike(self, lower, upper, n_lists, probability):
        prior = expansion_prior(lower, upper, n_lists=n_lists, probability=probability)
        drawn = expansions((prior.capture_a, prior.capture_b), n_lists=n_lists)
        tail = (1 - probability) / 2
        # 4 Monte Carlo standard errors, and half a point in a hundred for the Gamma that stands for a sum.
        allowed = 4 * np.sqrt(tail * (1 - tail) / drawn.size) + 0.005
        assert (drawn < lower).mean() == pytest.approx(tail, abs=allowed)
        assert (drawn > upper).mean() == pytest.approx(tail, abs=allowed)
        assert prior.one_class == pytest.approx(np.quantile(drawn, [tail, 1 - tail]), rel=0.05)

    def test_of_more_lists_has_fewer_captures_on_each(self):
        means = [(p := expansion_prior(1.1, 5, n_lists=j)).capture_a / (p.capture_a + p.capture_b) for j in (2, 4, 8)]
        assert means == sorted(means, reverse=True)

    def test_is_the_same_each_time(self):
        first = expansion_prior(1.3, 4, n_lists=3)
        expansion_prior.cache_clear()
        assert expansion_prior(1.3, 4, n_lists=3) == first

    @pytest.mark.parametrize("ends", [(1.001, 1000), (1.0001, 10_000)])
    def test_that_cannot_be_had_is_refused_with_the_nearest(self, ends):
        with pytest.raises(
            SettingError, match=r"no Beta prior on the capture probabilities .* \(the nearest one: \d\d%"
        ):
            expansion_prior(*ends, n_lists=3)

    def test_for_next_to_a_point_is_refused(self):
        with pytest.raises(SettingError, match="if it is very narrow, a wider"):
            expansion_prior(2, 2.000001, n_lists=3)

    @pytest.mark.parametrize("ends", [(1, 5), (0.5, 2), (5, 1.1), (2, 2), (2, float("inf"))])
    def test_of_what_is_no_range_is_refused(self, ends):
        with pytest.raises(SettingError, match="is no interval of the expansion factor N/n; both ends must be above 1"):
            expansion_prior(*ends, n_lists=3)

    def test_of_a_probability_that_is_none_is_refused(self):
        with pytest.raises(SettingError, match=r"the probability 95 must lie between 0 and 1"):
            expansion_prior(1.1, 5, n_lists=3, probability=95)


class TestPriorDraws:
    def test_of_one_class_are_one_over_a_product_of_betas(self):
        drawn = expansions((1.0, 1.0), n_lists=1)
        # One list and Beta(1, 1): the chance of being seen is uniform.
        assert stats.kstest(1 / drawn, "uniform").pvalue > 0.001

    def test_of_many_equal_classes_average_their_chances(self):
        # With a huge alpha the last class has everything: the sticks before it are each next to nothing.
        drawn = expansions((1.0, 1.0), alpha=AlphaPrior("log-normal", 60.0, 0.1), n_lists=1)
        assert stats.kstest(1 / drawn, "uniform").pvalue > 0.001

    def test_have_the_stick_breaking_mean_and_variance(self):
        # alpha = 1, two classes: V uniform, E[V^2 + (1 - V)^2] = 2/3, so the variance of the chance is 2/3 of 1/12.
        drawn = 1 / expansions((1.0, 1.0), alpha=AlphaPrior("log-normal", 0.0, 0.01), classes=2, n_lists=1)
        assert drawn.mean() == pytest.approx(0.5, abs=4 * np.sqrt(1 / 18 / drawn.size))
        squares = (drawn - 0.5) ** 2
        assert squares.mean() == pytest.approx(1 / 18, abs=4 * squares.std() / np.sqrt(drawn.size) + 1e-4)

    def test_of_hardly_any_captures_stay_numbers(self):
        drawn = expansions((1e-3, 1.0))
        assert np.isfinite(drawn).all()
        assert prior_total_draws(drawn, 100, rng=np.random.default_rng(1)).min() >= 100
