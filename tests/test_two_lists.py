"""Lincoln-Petersen and Chapman."""

from itertools import product
from math import exp, log, sqrt

import numpy as np
import pytest
from scipy.stats import norm

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.classical.two_lists import Chapman, LincolnPetersen
from estimation.results.estimates import Estimate, NotEstimable


def fit(model, table):
    return model.fit(table, rng=np.random.default_rng(1))


def two(n10, n01, n11):
    return CaptureTable.from_histories(["A", "B"], {"10": n10, "01": n01, "11": n11})


def test_lincoln_petersen_by_hand():
    result = fit(LincolnPetersen(), two(10, 5, 20))
    assert isinstance(result, Estimate)
    assert result.mean == pytest.approx(30 * 25 / 20)
    assert result.sd == pytest.approx(sqrt(30 * 25 * 10 * 5 / 20**3))


def test_chapman_by_hand():
    result = fit(Chapman(), two(10, 5, 20))
    assert result.mean == pytest.approx(31 * 26 / 21 - 1)
    assert result.sd == pytest.approx(sqrt(31 * 26 * 10 * 5 / (21**2 * 22)))


def test_the_interval_is_the_log_transform_on_the_unseen_by_hand():
    result = fit(LincolnPetersen(), two(10, 5, 20))
    unseen = 37.5 - 35
    factor = exp(norm.ppf(0.975) * sqrt(log(1 + result.sd**2 / unseen**2)))
    interval = result.interval(0.95)
    assert (interval.lower, interval.upper) == pytest.approx((35 + unseen / factor, 35 + unseen * factor))
    assert interval.kind == "confidence"


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.99])
def test_the_interval_never_reaches_below_the_people_observed(level):
    assert fit(Chapman(), two(40, 2, 3)).interval(level).lower >= 45


def test_a_level_that_was_not_computed_is_refused_by_name():
    with pytest.raises(ValueError, match=r"confidence intervals at 0\.5, 0\.8, 0\.9, 0\.95, 0\.99, not at 0\.42"):
        fit(Chapman(), two(10, 5, 20)).interval(0.42)


def test_two_of_three_lists_leave_the_third_aside_and_say_so():
    table = CaptureTable.from_histories(["A", "B", "C"], {"100": 10, "010": 5, "110": 20, "001": 2})
    result = fit(Chapman(("A", "B")), table)
    assert result.mean == fit(Chapman(), two(10, 5, 20)).mean
    assert result.n_observed == 37
    assert result.interval().lower >= 37
    assert any("the 2 people who are only on other lists are not used" in note for note in result.notes)


def test_the_interval_of_a_pair_is_about_those_on_neither_and_not_below_anybody_observed():
    table = CaptureTable.from_histories(
        ["A", "B", "C"], {"100": 200, "010": 150, "110": 60, "001": 300, "101": 80, "011": 60, "111": 30}
    )
    alone = fit(Chapman(), two(280, 210, 90))
    result = fit(Chapman(("A", "B")), table)
    for level in (0.5, 0.8, 0.9, 0.95, 0.99):
        theirs, ours = alone.interval(level), result.interval(level)
        assert (ours.lower, ours.upper) == (max(theirs.lower, 880), max(theirs.upper, 880))


def test_two_of_four_independent_lists_cover_the_truth_on_both_sides():
    """1,000 tables of 2,000 people: each side misses 2.5 %, within 4 binomial standard errors (false alarms 1e-4).

    Centred on the people of all four lists, the interval misses 5.3 % on one side and nobody on the other.
    """
    rng = np.random.default_rng(11)
    patterns = np.array(list(product([0, 1], repeat=4)))
    probabilities = np.where(patterns, (0.3, 0.25, 0.2, 0.35), (0.7, 0.75, 0.8, 0.65)).prod(axis=1)
    below = above = 0
    for counts in rng.multinomial(2000, probabilities, size=1000):
        table = CaptureTable(list("ABCD"), patterns[1:], counts[1:])
        interval = fit(Chapman(("A", "B")), table).interval()
        below += interval.upper < 2000
        above += interval.lower > 2000
    error = 4 * sqrt(0.025 * 0.975 / 1000)
    assert below / 1000 == pytest.approx(0.025, abs=error)
    assert above / 1000 == pytest.approx(0.025, abs=error)


@pytest.mark.parametrize(
    ("table", "lists", "words"),
    [
        (two(10, 5, 0), None, "nobody is on both A and B"),
        (two(0, 5, 9), None, "everybody on A is also on B"),
        (two(5, 0, 9), None, "everybody on B is also on A"),
        (two(0, 0, 9), None, "name exactly the same people"),
        (two(9, 0, 0), None, "nobody is on B"),
        (CaptureTable(["A"], [[1]], [5]), None, "at least 2 lists and the table has 1"),
        (CaptureTable(["A", "B"], [], []), None, "nobody is on A or B"),
        (
            CaptureTable.from_histories(["A", "B", "C"], {"111": 3, "100": 1}),
            None,
            "exactly 2 lists and the table has 3",
        ),
        (two(10, 5, 9), ("A", "Z"), "there is no list Z; the lists are A, B"),
        (
            CaptureTable.from_histories(["A", "B", "C"], {"100": 10, "010": 5, "110": 20, "001": 900}),
            ("A", "B"),
            "these two lists are not independent",
        ),
    ],
)
@pytest.mark.parametrize("model", [LincolnPetersen, Chapman])
def test_what_cannot_be_estimated_says_why(model, table, lists, words):
    result = fit(model(lists), table)
    assert isinstance(result, NotEstimable)
    assert words in result.reason


@pytest.mark.parametrize("model", [LincolnPetersen, Chapman])
def test_one_list_named_twice_is_a_setting_error(model):
    with pytest.raises(SettingError, match="names 'A' twice"):
        model(("A", "A"))
