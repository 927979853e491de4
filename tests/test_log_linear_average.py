"""The average over many log-linear models."""

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.log_linear.averaged import LogLinearAverage
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.log_linear.selected import explore


def fit(model, table):
    return model.fit(table, rng=np.random.default_rng(1))


@pytest.mark.parametrize("criterion", ["bic", "aic"])
def test_the_average_is_that_of_the_models_shown_where_all_are_shown(criterion):
    table = load_table("peru_state")
    result = fit(LogLinearAverage(criterion), table)
    rows = result.tables[0].rows
    weights = np.exp(-np.array([row[4] for row in rows]) / 2 + rows[0][4] / 2)
    weights /= weights.sum()
    each, errors = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    assert len(rows) == 8
    assert [row[5] for row in rows] == pytest.approx(weights.tolist(), rel=1e-10)
    assert result.mean == pytest.approx(weights @ each, rel=1e-12)
    assert result.sd == pytest.approx(np.sqrt(weights @ (errors**2 + (each - result.mean) ** 2)), rel=1e-12)


def test_weights_add_to_one_however_far_the_scores_are_apart():
    table = CaptureTable.from_histories(
        ["A", "B", "C"], {"100": 400000, "010": 300000, "001": 200000, "110": 9, "101": 90000, "011": 4, "111": 30000}
    )
    weights = explore(table, "bic", "hierarchical").weights("bic")
    assert weights.sum() == pytest.approx(1)
    assert np.isfinite(weights).all()


def test_with_two_lists_the_average_is_the_one_model():
    table = CaptureTable.from_histories(["A", "B"], {"10": 54, "01": 30, "11": 12})
    assert fit(LogLinearAverage(), table).mean == pytest.approx(fit(LogLinear(), table).mean, rel=1e-12)


def test_the_standard_error_is_never_below_that_of_equal_models():
    table = load_table("kosovo")
    family = explore(table, "bic", "hierarchical")
    within = family.weights("bic") @ family.fits.standard_error**2
    assert fit(LogLinearAverage(), table).sd ** 2 > within


def test_a_note_names_the_model_with_the_largest_weight_and_its_estimate():
    note = fit(LogLinearAverage(), load_table("kosovo")).notes[0]
    assert "the largest weight (0.371), [EXH ABA OSCE][EXH HRW][OSCE HRW], gives 10,357 people" in note


def test_a_wrong_setting_is_refused():
    with pytest.raises(SettingError, match="criterion = 'dic'; choose from bic, aic"):
        LogLinearAverage("dic")


def test_one_list_is_not_estimable():
    assert "at least 2 lists" in fit(LogLinearAverage(), CaptureTable(["A"], [[1]], [5])).reason
