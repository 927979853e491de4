"""False and missed matches corrected: what is conserved, what is drawn, and N over the rates of both.

The averages over corrected tables have their tests in `test_linkage_average.py`.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.classical.two_lists import LincolnPetersen
from estimation.models.log_linear.one_model import LogLinear
from estimation.results.estimates import NotEstimable
from estimation.sensitivity.corrected_linkage import (
    correct_false_matches,
    correct_linkage_errors,
    correct_missed_matches,
    n_matches,
)
from estimation.sensitivity.linkage_error import linkage_error

TABLE = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 600, "010": 450, "001": 250, "110": 180, "011": 120, "101": 140, "111": 90}
)
patient = settings(deadline=None, max_examples=60)


def rng(seed=1):
    return np.random.default_rng(seed)


@st.composite
def tables(draw, max_lists=5):
    n_lists = draw(st.integers(2, max_lists))
    histories = draw(st.lists(st.lists(st.booleans(), min_size=n_lists, max_size=n_lists).filter(any), max_size=10))
    counts = draw(st.lists(st.integers(1, 30), min_size=len(histories), max_size=len(histories)))
    return CaptureTable([f"list {j}" for j in range(n_lists)], histories, counts)


def moved(one, other):
    """People in other histories than before, from one table to the other."""
    return int(np.abs(one.cells() - other.cells()).sum())


@patient
@given(tables(), st.data(), st.integers(0, 99))
def test_correcting_false_matches_keeps_every_list_and_adds_a_person_each(table, data, seed):
    number = data.draw(st.integers(0, n_matches(table)))
    corrected = correct_false_matches(table, number, rng=rng(seed))
    assert corrected.list_sizes.tolist() == table.list_sizes.tolist()
    assert corrected.n_observed == table.n_observed + number
    assert n_matches(corrected) == n_matches(table) - number


@patient
@given(tables(), st.integers(0, 60), st.integers(0, 99))
def test_correcting_missed_matches_keeps_every_list_and_takes_a_person_each_or_says_it_cannot(table, number, seed):
    corrected = correct_missed_matches(table, number, rng=rng(seed))
    if corrected is not None:
        assert corrected.list_sizes.tolist() == table.list_sizes.tolist()
        assert corrected.n_observed == table.n_observed - number
    elif n_matches(table):
        assert number > 0


@patient
@given(tables(), st.data(), st.integers(0, 99))
def test_errors_are_nested_one_more_moves_one_record(table, data, seed):
    if n_matches(table):
        number = data.draw(st.integers(1, n_matches(table)))
        less, more = (correct_false_matches(table, k, rng=rng(seed)) for k in (number - 1, number))
        # One person leaves a history, one is on it without a list, and one is on that list alone.
        assert moved(less, more) == 3
        less, more = (correct_missed_matches(table, k, rng=rng(seed)) for k in (number - 1, number))
        assert more is None or moved(less, more) == 3


def test_without_any_match_everybody_is_on_one_list():
    corrected = correct_false_matches(TABLE, n_matches(TABLE), rng=rng())
    assert corrected.frequencies.tolist() == [int(TABLE.list_sizes.sum()), 0, 0]


def test_false_matches_are_drawn_as_said():
    # Each match is false with probability f = 1/2, each record of a person equally likely theirs: of 3 matched records
    # all stay together with probability (1 - f)^2, a given two with (2/3) f (1 - f).  5 sd: false-alarm rate 6e-7.
    table = CaptureTable.from_histories(["A", "B", "C"], {"111": 30_000})
    corrected = correct_false_matches(table, 30_000, rng=rng())
    for on, chance in ((("A", "B", "C"), 1 / 4), (("A", "B"), 1 / 6), (("A", "C"), 1 / 6), (("B", "C"), 1 / 6)):
        assert corrected.count(*on) == pytest.approx(30_000 * chance, abs=5 * np.sqrt(30_000 * chance * (1 - chance)))


def test_missed_matches_are_like_those_that_were_found():
    # 180, 120, 140 matches of two lists and 180 of three: 5 standard deviations of a multinomial share of 2,000.
    table = CaptureTable(TABLE.lists, TABLE.patterns, TABLE.counts * 100)
    corrected = correct_missed_matches(table, 2000, rng=rng())
    gained = corrected.count("A", "B", "C") - table.count("A", "B", "C")
    assert gained == pytest.approx(2000 * 180 / 620, abs=5 * np.sqrt(2000 * (180 / 620) * (440 / 620)))


def test_matches_that_cannot_have_been_missed_are_not_made_up():
    nobody_matched = CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 5})
    assert correct_missed_matches(nobody_matched, 1, rng=rng()) is None
    assert (
        correct_missed_matches(CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 4}), 4, rng=rng())
        is None
    )


def test_a_number_of_errors_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="621 false matches; the table has 620"):
        correct_false_matches(TABLE, 621, rng=rng())
    with pytest.raises(ValueError, match="-1 missed matches"):
        correct_missed_matches(TABLE, -1, rng=rng())


def test_correcting_leaves_the_generator_as_it_was():
    left, fresh = rng(), rng()
    correct_linkage_errors(TABLE, 30, 40, rng=left)
    assert left.random() == fresh.random()


def surface(false_match, missed_match, model=None, table=TABLE):
    return linkage_error(table, false_match, missed_match, model=model or LogLinear(), rng=rng())


def test_with_nothing_changed_the_surface_is_the_baseline():
    found = surface([0], [0])
    assert found.alternatives[0].result.provenance == found.baseline.provenance
    assert found.alternatives[0].result.total == found.baseline.total


def test_the_rates_are_shares_of_the_matches_and_of_the_true_matches():
    for alternative in surface([0, 0.1, 0.2], [0, 0.05, 0.2]).alternatives:
        f, m = alternative.value
        false = round(f * 620)
        change = alternative.result.n_observed - TABLE.n_observed
        missed = false - change
        assert missed / (620 - false + missed) == pytest.approx(m, abs=1 / 620)


def test_false_matches_hide_people_and_missed_ones_invent_them():
    found = surface([0, 0.1, 0.2], [0, 0.1, 0.2])
    medians = np.array([alternative.result.median for alternative in found.alternatives]).reshape(3, 3)
    assert (np.diff(medians, axis=0) > 0).all()
    assert (np.diff(medians, axis=1) < 0).all()


def test_two_lists_follow_the_formula():
    table = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    for alternative in surface([0, 0.25], [0, 0.1], LincolnPetersen(), table).alternatives:
        f, m = alternative.value
        matches = 120 - round(120 * f)
        matches += round(m / (1 - m) * matches)
        assert alternative.result.median == pytest.approx(660 * 420 / matches, rel=1e-12)


def test_a_rate_that_cannot_have_been_stays_in_the_surface_and_says_why():
    found = surface([0], [0, 0.9])
    assert isinstance(found.alternatives[1].result, NotEstimable)
    assert "the missed-match rate cannot be so high" in found.alternatives[1].result.reason
    assert found.finding.endswith(" Not estimable: 0 % false, 90 % missed.")


def test_rates_that_are_none_are_refused_together():
    with pytest.raises(SettingError, match=r"(?s)3 problems.*false_match -0\.1.*missed_match 1.*missed_match nan"):
        surface([-0.1], [1, float("nan")])


def test_two_draws_of_which_matches_are_in_error_agree_to_about_a_person():
    # One by one they would differ by sqrt(2 * 144 * 0.3 * 0.7) = 8 people in a history of 144 matches.
    for correct in (correct_false_matches, correct_missed_matches):
        drawn = np.array([correct(TABLE, 186, rng=rng(seed)).overlaps for seed in range(20)])
        assert (drawn.max(axis=0) - drawn.min(axis=0)).max() <= 8
        assert drawn.std(axis=0).max() < 2
