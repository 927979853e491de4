"""What the likelihood says of N without a prior, and the priors that stand beside the stated one.

Nothing here is random but the fits of the last class, with fixed seeds.
"""

import numpy as np
import pytest
from scipy.special import gammaln, xlogy

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.models.latent_class.class_likelihood import profile_likelihood
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.latent_class.identification import class_limits, identification
from estimation.models.latent_class.other_priors import UNDER_EACH_PRIOR
from estimation.models.prior_and_posterior import PRIOR_AND_POSTERIOR

KOSOVO, HEPATITIS = load_table("kosovo"), load_table("hepatitis_a")


def expected_table(shares, capture):
    """The table in which each history has its expected number of people, of classes with these probabilities."""
    n_lists = len(capture[0])
    patterns = np.array([[history >> j & 1 for j in range(n_lists)] for history in range(1, 2**n_lists)])
    people = sum(
        share * np.where(patterns == 1, lambda_, 1 - np.array(lambda_)).prod(axis=1)
        for share, lambda_ in zip(shares, capture, strict=True)
    )
    counts = people.round().astype(int)
    return CaptureTable(list("ABCDE"[:n_lists]), patterns[counts > 0], counts[counts > 0])


TWO_APART = expected_table([8000, 12_000], [[0.6, 0.5, 0.55, 0.6, 0.5], [0.15, 0.1, 0.2, 0.12, 0.15]])
"""20,000 people of two classes, the less recorded one still on some list with probability 0.55."""


class TestProfile:
    def test_with_one_class_is_the_closed_form_of_independent_lists(self):
        unseen = np.geomspace(500.0, 50_000, 9)
        found = profile_likelihood(KOSOVO, 1, unseen).values
        total, on = KOSOVO.n_observed + unseen, KOSOVO.list_sizes.astype(float)
        known = sum(xlogy(o, o / total) + xlogy(total - o, 1 - o / total) for o in on)
        np.testing.assert_allclose(found, known + gammaln(total + 1) - gammaln(unseen + 1), rtol=1e-12)

    def test_never_falls_when_a_class_is_added(self):
        unseen = np.geomspace(500.0, 500_000, 12)
        one, two, three = (profile_likelihood(HEPATITIS, k, unseen).values for k in (1, 2, 3))
        assert (two >= one - 1e-3).all()
        assert (three >= two - 1e-3).all()

    def test_limits_do_not_depend_on_the_order_of_the_lists(self):
        turned = KOSOVO.keep(KOSOVO.lists[::-1])
        assert class_limits(turned, 2).upper == pytest.approx(class_limits(KOSOVO, 2).upper, rel=0.01)


class TestTheStatement:
    def test_of_kosovo_says_that_the_upper_end_is_set_by_the_prior(self):
        found = identification(KOSOVO, 30)
        three, four = found.rows[2:]
        assert (found.selected, three.parameters) == (three, 14)
        assert "14 parameters for 14 degrees of freedom" in found.sentence
        # By an independent audit 9,400 and 6,300, without an upper end.
        assert three.lower == pytest.approx(9400, rel=0.01)
        assert four.lower == pytest.approx(6300, rel=0.01)
        assert np.isinf([three.upper, four.upper]).all()
        assert found.sentence.endswith("the upper end is set by the prior.")

    def test_of_two_classes_that_the_lists_tell_apart_bounds_n_above_and_covers(self):
        found = identification(TWO_APART, 30)
        assert found.selected.classes == 2
        assert found.selected.lower < 20_000 < found.selected.upper < 25_000
        assert "N is between" in found.sentence
        assert "the upper end is set by the prior" not in found.sentence

    def test_of_one_class_more_than_there_are_has_no_upper_end(self):
        assert np.isinf(class_limits(expected_table([20_000], [[0.3, 0.2, 0.25, 0.3]]), 2).upper)

    @pytest.mark.parametrize(
        "low", [[0.1, 0.1, 0.15, 0.1], pytest.param([0.2, 0.1, 0.15, 0.1], marks=pytest.mark.slow)]
    )
    def test_a_saturated_number_of_classes_has_no_upper_end_on_large_tables_either(self, low):
        """Three classes on four lists: 14 parameters for 14 degrees of freedom."""
        assert np.isinf(class_limits(expected_table([100_000, 150_000], [[0.5, 0.4, 0.5, 0.4], low]), 3).upper)

    def test_gives_as_many_figures_as_tell_its_ends_apart_from_each_other_and_from_those_observed(self):
        table = expected_table([12_400], [[0.9, 0.8, 0.85, 0.7]])
        found = identification(table, 30)
        lower, upper = (int(word.replace(",", "")) for word in found.sentence.split("between ")[1].split()[:3:2])
        assert table.n_observed <= lower < upper
        assert abs(np.array([lower - found.selected.lower, upper - found.selected.upper])).max() <= 1

    def test_of_many_lists_is_not_computed_and_says_so(self):
        patterns = np.eye(7, dtype=int)
        found = identification(CaptureTable(list("ABCDEFG"), patterns, np.full(7, 3)), 30)
        assert "is computed for at most 6 lists, and the table has 7" in found


@pytest.fixture(scope="module")
def result():
    return LatentClass(classes=4, effective=400, fit_check=False).fit(HEPATITIS, rng=1)


class TestThePriorsBeside:
    def test_are_three_rows_with_the_stated_one_first(self, result):
        tables = {table.title: table.rows for table in result.tables}
        labels = ["N/n from 1.1 to 10 (this estimate)", "N/n from 1.05 to 20", "published prior, Beta(1, 1)"]
        assert [row[0] for row in tables[PRIOR_AND_POSTERIOR]] == labels
        assert [row[0] for row in tables[UNDER_EACH_PRIOR]] == labels
        assert tables[UNDER_EACH_PRIOR][0][1] == round(result.median)
        # Before the lists, the wide prior reaches further on both sides, and the published one hardly anywhere.
        stated, wide, published = tables[PRIOR_AND_POSTERIOR]
        assert wide[1] < stated[1] < stated[3] < wide[3]
        assert published[3] < stated[3] / 2

    def test_are_fitted_lightly_and_a_note_says_so(self, result):
        assert any(
            note.startswith("Under other priors, fitted to an effective sample size of 400") for note in result.notes
        )
        assert any(note.startswith("Without a prior, by the profile likelihood alone") for note in result.notes)

    def test_change_no_number_of_the_estimate_and_can_be_left_out(self, result):
        alone = LatentClass(classes=4, effective=400, other_priors=False, fit_check=False).fit(HEPATITIS, rng=1)
        assert (alone.total.values == result.total.values).all()
        assert len(next(t for t in alone.tables if t.title == PRIOR_AND_POSTERIOR).rows) == 1
        assert not any(note.startswith(("Under other priors", "Without a prior")) for note in alone.notes)

    def test_the_published_prior_has_the_default_beside_it(self):
        result = LatentClass(classes=4, effective=400, fit_check=False, capture_a=1, capture_b=1).fit(HEPATITIS, rng=1)
        rows = next(t for t in result.tables if t.title == UNDER_EACH_PRIOR).rows
        assert [row[0] for row in rows] == [
            "published prior, Beta(1, 1) (this estimate)",
            "N/n from 1.05 to 20",
            "N/n from 1.1 to 10",
        ]
