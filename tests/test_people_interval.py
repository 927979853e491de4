"""The interval of the number of people contains a common error of the odds of links."""

import numpy as np
import pytest
from scipy.stats import norm

from estimation.linkage.people import ODDS_ERROR, people_of


def test_without_doubtful_links_the_interval_is_that_of_the_draws():
    found = people_of(np.full(400, 758), 2000)
    assert (found.median, found.lower, found.upper) == (758, 758, 758)
    assert found.interval == found.by_model


@pytest.mark.parametrize("spread", [2.0, 5.0, 12.0])
def test_the_interval_is_that_of_draws_whose_odds_are_wrong_together(spread):
    """Posteriors of n tilted by exp(epsilon n), epsilon normal, on a grid: exact where n is normal."""
    n = np.arange(500, 1501)
    log_posterior = norm.logpdf(n, 1000, spread)
    errors = np.linspace(-4, 4, 801) * ODDS_ERROR
    mixed = np.zeros(len(n))
    for error, weight in zip(errors, norm.pdf(errors, 0, ODDS_ERROR), strict=True):
        tilted = log_posterior + error * n
        tilted = np.exp(tilted - tilted.max())
        mixed += weight * tilted / tilted.sum()
    lower, upper = np.interp([0.025, 0.975], np.cumsum(mixed) / mixed.sum(), n)
    draws = np.round(norm.ppf((np.arange(4000) + 0.5) / 4000, 1000, spread)).astype(int)
    found = people_of(draws, 5000)
    rounding = 1 + 0.5 * (found.upper - found.lower) / (found.by_model.upper - found.by_model.lower)
    assert found.lower == pytest.approx(lower, abs=rounding)
    assert found.upper == pytest.approx(upper, abs=rounding)


def test_nobody_can_be_more_than_the_records_or_fewer_than_one():
    found = people_of(np.array([1, 10, 20, 30, 39]), 40)
    assert found.lower == 1
    assert found.upper == 40


def test_twice_the_doubt_makes_the_interval_more_than_twice_as_wide():
    rng = np.random.default_rng(1)
    narrow = people_of(np.round(rng.normal(1000, 3, 2000)).astype(int), 3000)
    wide = people_of(np.round(rng.normal(1000, 6, 2000)).astype(int), 3000)
    assert wide.upper - wide.lower > 2.5 * (narrow.upper - narrow.lower)
    assert wide.by_model.upper - wide.by_model.lower == pytest.approx(
        2 * (narrow.by_model.upper - narrow.by_model.lower), rel=0.15
    )
