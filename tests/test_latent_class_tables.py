"""What stands beside a latent-class number: its distance from the prior, the observable people, chains and classes.

The overlaps of known distributions are compared at 4 Monte Carlo standard errors of sums of 40 shares (6 in 100,000).
"""

import numpy as np
import pytest
from scipy import stats

from estimation.models.latent_class.modes import modes_of
from estimation.models.latent_class.summaries import (
    classes_in_use,
    each_chain,
    observable,
    observable_note,
    overlap,
    prior_and_posterior,
    prior_note,
)
from estimation.results.totals import Draws

THRESHOLDS = (0.001, 0.01)


def lognormal(seed, mean, sd, size=(4, 2000), n=1000):
    return (n + np.exp(np.random.default_rng(seed).normal(mean, sd, size))).astype(np.int64)


class TestOverlap:
    def test_of_two_normals_is_the_closed_form(self):
        before, after = lognormal(1, 8, 1).ravel(), lognormal(2, 9, 1)
        known = 2 * stats.norm.cdf(-0.5)
        # Bins lower it a little less than they raise it: 40 of them are off by less than 0.01 here.
        assert overlap(before, after) == pytest.approx(known, abs=4 * np.sqrt(known * (1 - known) / 8000) + 0.01)

    def test_is_one_for_the_same_and_next_to_nothing_for_what_is_far_away(self):
        before = lognormal(1, 8, 1)
        assert overlap(before, before) == 1
        assert overlap(before, lognormal(2, 16, 1)) == pytest.approx(1 / 40, abs=0.001)

    def test_does_not_depend_on_the_scale(self):
        before, after = lognormal(1, 8, 1), lognormal(2, 9, 1)
        assert overlap(before * 7, after * 7) == overlap(before, after)


class TestHowFarItMoved:
    def test_the_table_holds_both_in_persons_and_for_each_one_seen(self):
        before, after = lognormal(1, 6, 1).ravel(), Draws(lognormal(2, 8, 0.2))
        first, second = prior_and_posterior(before, after, 1000).rows
        assert first[2] == round(np.median(before))
        assert second[2] == round(after.quantile(0.5))
        assert second[5] == pytest.approx(after.quantile(0.5) / 1000, rel=1e-3)
        assert (first[-1], second[-1]) == (1.0, overlap(before, after.values))

    def test_a_note_says_that_a_number_comes_from_the_prior(self):
        before = lognormal(1, 8, 1).ravel()
        assert "this number comes from the prior more than from the lists" in prior_note(
            before, Draws(lognormal(2, 8.2, 1)), 1000
        )
        assert "comes from the prior" not in prior_note(before, Draws(lognormal(2, 9, 0.2)), 1000)

    def test_a_note_says_that_the_prior_gave_the_number_a_low_probability(self):
        before = lognormal(1, 5, 0.5).ravel()
        said = prior_note(before, Draws(lognormal(2, 9, 0.2)), 1000)
        assert "The prior-posterior overlap is at most 2.5%. The prior gave such a total a low probability" in said


class TestObservable:
    def test_the_table_has_n_itself_and_one_row_for_each_threshold(self):
        total = lognormal(1, 8, 1)
        counts = np.stack([total, total // 2], axis=2).astype(float)
        rows = observable(total, counts, THRESHOLDS).rows
        assert [row[0] for row in rows] == [0.0, 0.001, 0.01]
        assert rows[0][1:] == rows[1][1:]
        assert rows[2][1] == round(np.median(total // 2))

    def test_a_note_is_made_where_the_upper_end_falls(self):
        total = lognormal(1, 8, 1)
        all_reached, half = (np.stack([total, part], axis=2).astype(float) for part in (total, total // 2))
        assert observable_note(total, all_reached, THRESHOLDS) is None
        said = observable_note(total, half, THRESHOLDS)
        assert "is above 1%, there are" in said
        assert f"{np.median(total // 2):,.0f}" in said


def test_each_chain_has_a_row_with_its_share_in_each_mode():
    values = np.concatenate([lognormal(1, 7, 0.1, (2, 500)), lognormal(2, 10, 0.1, (1, 500))])
    draws = Draws(values, {"log alpha": values * 0.0 - 1, "occupied classes": values * 0.0 + 3})
    table = each_chain(draws, modes_of(draws, 1000))
    assert [row[6:] for row in table.rows] == [(1, 0), (1, 0), (0, 1)]
    assert [row[1] for row in table.rows] == [round(m) for m in np.median(values, axis=1).tolist()]
    assert table.columns[6].startswith("share of draws in mode 1, N about 2,")


def test_shares_of_the_number_of_classes_add_to_one():
    assert classes_in_use(np.array([[2.0, 3.0], [3.0, 3.0]])).rows == ((2, 0.25), (3, 0.75))
