"""Lincoln-Petersen and Chapman."""

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
    assert "the 2 people who are only on other lists are not used" in result.notes[0]


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
