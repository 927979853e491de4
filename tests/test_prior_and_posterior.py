"""N before and after the lists are seen: how far the lists moved it, for draws and for an exact posterior.

The overlaps of known distributions are compared at 4 Monte Carlo standard errors of sums of 40 shares (6 in 100,000).
"""

import numpy as np
import pytest
from scipy import stats

from estimation.models.prior_and_posterior import (
    UnderPrior,
    overlap,
    prior_and_posterior,
    prior_note,
    prior_total_draws,
)
from estimation.results.totals import Draws, Grid


def lognormal(seed, mean, sd, size=(4, 2000), n=1000):
    return (n + np.exp(np.random.default_rng(seed).normal(mean, sd, size))).astype(np.int64)


def under(before, after, label="a prior"):
    return UnderPrior(label, before, after)


class TestOverlap:
    def test_of_two_normals_is_the_closed_form(self):
        before, after = lognormal(1, 8, 1).ravel(), Draws(lognormal(2, 9, 1))
        known = 2 * stats.norm.cdf(-0.5)
        # Bins lower it a little less than they raise it: 40 of them are off by less than 0.01 here.
        assert overlap(before, after) == pytest.approx(known, abs=4 * np.sqrt(known * (1 - known) / 8000) + 0.01)

    def test_is_one_for_the_same_and_next_to_nothing_for_what_is_far_away(self):
        before = lognormal(1, 8, 1)
        assert overlap(before.ravel(), Draws(before)) == 1
        assert overlap(before.ravel(), Draws(lognormal(2, 16, 1))) == pytest.approx(1 / 40, abs=0.001)

    def test_does_not_depend_on_the_scale(self):
        before, after = lognormal(1, 8, 1), lognormal(2, 9, 1)
        assert overlap(before.ravel() * 7, Draws(after * 7)) == overlap(before.ravel(), Draws(after))

    def test_of_a_grid_is_that_of_its_draws(self):
        values, times = np.unique(lognormal(2, 5, 1, n=100), return_counts=True)
        everything = np.arange(values[0], values[-1] + 1)
        shares = np.zeros(everything.size)
        shares[values - values[0]] = times
        before = lognormal(1, 5.5, 1, n=100).ravel()
        drawn = Draws(np.repeat(values, times)[None, :])
        assert overlap(before, Grid(everything, shares)) == pytest.approx(overlap(before, drawn), abs=1e-3)


class TestHowFarItMoved:
    def test_the_table_has_a_row_for_each_prior(self):
        before, after = lognormal(1, 6, 1).ravel(), Draws(lognormal(2, 8, 0.2))
        first, second = prior_and_posterior([under(before, after), under(before, None, "other")], 1000).rows
        assert first[2] == pytest.approx(np.median(before) / 1000, rel=1e-3)
        assert first[5] == pytest.approx(after.quantile(0.5) / 1000, rel=1e-3)
        assert first[-1] == overlap(before, after)
        assert second[:4] == ("other", *first[1:4])
        assert set(second[4:]) == {"not estimable"}

    def test_a_factor_of_millions_is_named_and_not_printed(self):
        before = np.array([1000, 2000, 10**12])
        row = prior_and_posterior([under(before, None)], 1000).rows[0]
        assert row[3] == "above 10,000"
        assert "to above 10,000" in prior_note(under(before, None), 1000)

    @pytest.mark.parametrize(
        ("mean", "sd", "words"),
        [
            (8.1, 1, "this number comes from the prior more than from the lists"),
            (8.6, 0.8, "More than half of the prior is where the posterior is"),
            (9, 0.2, None),
        ],
    )
    def test_a_note_says_how_much_of_a_number_is_the_priors(self, mean, sd, words):
        note = prior_note(under(lognormal(1, 8, 1).ravel(), Draws(lognormal(2, mean, sd))), 1000)
        assert ("answers under other priors" in note) == (words is not None)
        assert words is None or words in note

    def test_a_note_says_that_the_prior_gave_the_number_a_low_probability(self):
        note = prior_note(under(lognormal(1, 5, 0.5).ravel(), Draws(lognormal(2, 9, 0.2))), 1000)
        assert "The prior-posterior overlap is at most 2.5%. The prior gave such a total a low probability" in note


def test_totals_are_negative_binomial_around_the_expansion():
    drawn = prior_total_draws(np.full(20_000, 2.5), 40, rng=np.random.default_rng(3)) - 40
    known = stats.nbinom(40, 1 / 2.5)
    for q in (45, 60, 75):
        p = known.cdf(q)
        assert (drawn <= q).mean() == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / drawn.size))
