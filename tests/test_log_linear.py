"""One log-linear model on a table."""

import itertools

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.classical.two_lists import LincolnPetersen
from estimation.models.log_linear.one_model import LogLinear
from estimation.results.estimates import Estimate, NotEstimable

THREE = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 40, "010": 30, "001": 20, "110": 16, "101": 9, "011": 4, "111": 3}
)


def fit(model, table):
    return LogLinear(model).fit(table, rng=np.random.default_rng(1))


def measures(result):
    return dict(result.tables[0].rows)


def test_two_lists_are_lincoln_petersen():
    table = CaptureTable.from_histories(["A", "B"], {"10": 54, "01": 30, "11": 12})
    rng = np.random.default_rng(1)
    assert fit(None, table).mean == pytest.approx(LincolnPetersen().fit(table, rng=rng).mean, rel=1e-12)
    assert measures(fit(None, table))["deviance"] == pytest.approx(0, abs=1e-10)


def test_no_model_is_the_model_of_single_lists():
    assert fit(None, THREE).mean == fit("[A][B][C]", THREE).mean


def test_fitted_cells_keep_every_margin_of_the_model_and_residuals_are_pearsons():
    cells = [row[:4] for row in fit("[A B][C]", THREE).tables[1].rows]
    fitted = {tuple(on.split(" + ")): value for on, _, value, _ in cells}
    observed = {tuple(on.split(" + ")): value for on, value, _, _ in cells}
    for margin in (("A",), ("B",), ("C",), ("A", "B"), ()):
        inside = [on for on in fitted if set(margin) <= set(on)]
        assert sum(fitted[on] for on in inside) == pytest.approx(sum(observed[on] for on in inside), rel=1e-10)
    for _, seen, mean, residual in cells:
        assert residual == pytest.approx((seen - mean) / np.sqrt(mean), rel=1e-12)
    assert len(cells) == 7


def test_every_history_is_in_the_table_of_residuals_the_furthest_off_first():
    table = fit(None, load_table("uk")).tables[1]
    assert len(table.rows) == 63
    deviates = [abs(row[4]) for row in table.rows]
    assert deviates == sorted(deviates, reverse=True)


def test_relabelling_the_lists_never_changes_the_number():
    numbers = [fit("[A B][B C]", THREE.keep(order)).mean for order in itertools.permutations("ABC")]
    assert numbers == pytest.approx([numbers[0]] * 6, rel=1e-12)


def test_the_interval_is_the_models_own_and_never_reaches_below_those_observed():
    result = fit("[A B][A C]", THREE)
    for level in (0.5, 0.8, 0.9, 0.95, 0.99):
        interval = result.interval(level)
        assert THREE.n_observed <= interval.lower < result.mean < interval.upper
        assert interval.kind == "confidence"


def test_the_reader_is_told_that_the_interval_takes_the_model_as_given():
    assert "is conditional on the model" in fit(None, THREE).notes[0]
    assert "[A B]" in fit("[A B]", THREE).assumptions[0]


def test_an_empty_overlap_in_the_model_is_the_extended_estimate_and_said():
    table = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 30, "001": 20, "101": 9, "011": 4})
    result = fit("[A B][C]", table)
    assert "Nobody is on A and B together" in result.notes[1]
    assert {row[0]: row[2] for row in result.tables[1].rows}["A + B"] == 0
    # What is left: C is independent of a list that is either A or B, whose halves meet nowhere.
    assert result.mean == pytest.approx(table.n_observed + 20 * 70 / 13, rel=0.2)
    assert result.sd > 0


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("[A X]", "'X' is not a list of this table; there are A, B, C"),
        ("[A B C]", r"interaction of all lists, \[A B C\].*saturated"),
        ("[A A B]", "A is named twice in one generator"),
    ],
)
def test_a_model_that_does_not_fit_the_table_is_not_estimable_and_says_why(model, reason):
    result = fit(model, THREE)
    assert isinstance(result, NotEstimable)
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(result.reason)


def test_a_misspelt_list_is_answered_with_the_nearest():
    assert "did you mean 'OSCE'?" in fit("[EXH OSC]", load_table("kosovo")).reason


def test_a_likelihood_without_a_maximum_names_the_lists():
    reason = fit("[A B]", load_table("synthetic_artificial_3")).reason
    assert "no maximum" in reason
    assert "on A and C or on B and C goes to zero" in reason
    assert "[A B]" in reason


def test_an_aliased_term_is_named():
    reason = fit("[A B][A C][B C]", load_table("synthetic_artificial_3")).reason
    assert "nobody on A and C or on B and C" in reason
    assert "cannot tell apart" in reason
    assert "n_0" in reason


def test_a_list_without_people_one_list_and_a_list_twice_are_not_estimable():
    empty = CaptureTable(["A", "B", "C"], [[1, 0, 0], [0, 1, 0], [1, 1, 0]], [5, 6, 2])
    assert "nobody is on C" in fit(None, empty).reason
    assert "needs at least 2 lists" in fit(None, CaptureTable(["A"], [[1]], [5])).reason
    twice = CaptureTable(["A", "B", "C"], [[1, 1, 0], [0, 0, 1], [1, 1, 1]], [5, 6, 2])
    assert "exactly the same people" in fit(None, twice).reason


def test_lists_with_the_same_people_are_fitted_where_they_are_allowed_and_so_is_what_is_made_of_the_table():
    twins = CaptureTable(["A", "B", "C"], [[1, 1, 0], [0, 0, 1], [1, 1, 1]], [50, 60, 20], allow_twins=True)
    assert isinstance(fit(None, twins), Estimate)
    assert isinstance(fit(None, twins.keep(["C", "A", "B"])), Estimate)
    assert isinstance(fit(None, twins.merge(["B", "C"], into="B or C")), NotEstimable)  # one list in another
    assert twins == CaptureTable(twins.lists, twins.patterns, twins.counts)  # the same people


def test_lists_that_never_meet_are_not_estimable():
    apart = CaptureTable(["A", "B", "C"], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [5, 6, 2])
    result = fit(None, apart)
    assert isinstance(result, NotEstimable)
    assert "no maximum" in result.reason


@pytest.mark.parametrize("model", ["[A", "", "[]"])
def test_a_text_that_is_no_model_is_refused_at_birth(model):
    with pytest.raises(SettingError, match="write a model as"):
        LogLinear(model)


def test_the_result_does_not_depend_on_the_generator():
    one = LogLinear("[A B]").fit(THREE, rng=np.random.default_rng(1))
    other = LogLinear("[A B]").fit(THREE, rng=np.random.default_rng(2))
    assert isinstance(one, Estimate)
    assert one.total == other.total
