"""The curve over xi."""

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.sensitivity.vary_setting import vary_setting

TABLE = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 600, "010": 450, "001": 250, "110": 180, "011": 120, "101": 140, "111": 90}
)


def curve(xis, model=None):
    return vary_setting(TABLE, "xi", xis, model=model or NoHighestOrderInteraction(), rng=np.random.default_rng(1))


def test_each_point_is_the_model_at_that_xi_whichever_others_are_asked_for():
    found = curve([1.0, 0.8], NoHighestOrderInteraction(lists=("A", "B")))
    for alternative, xi in zip(found.alternatives, [1.0, 0.8], strict=True):
        alone = NoHighestOrderInteraction(xi, ("A", "B")).fit(TABLE, rng=np.random.default_rng(1))
        assert (alternative.label, alternative.value) == (f"xi = {xi:g}", xi)
        assert (alternative.result.total.values == alone.total.values).all()
        assert alternative.result.provenance == alone.provenance


def test_the_baseline_is_the_model_as_given():
    found = curve([0.5], NoHighestOrderInteraction(0.9))
    alone = NoHighestOrderInteraction(0.9).fit(TABLE, rng=np.random.default_rng(1))
    assert (found.baseline.total.values == alone.total.values).all()


def test_the_smaller_xi_the_more_people_are_unseen():
    medians = [alternative.result.median for alternative in curve([2, 1.5, 1, 0.9, 0.8, 0.5]).alternatives]
    assert medians == sorted(medians)
    assert len(set(medians)) == len(medians)


def test_an_xi_the_table_contradicts_stays_in_the_curve():
    table = CaptureTable.from_histories(
        ["A", "B", "C"], {"100": 30, "010": 35, "001": 150, "110": 12, "101": 15, "011": 15, "111": 8}
    )
    model = NoHighestOrderInteraction(lists=("A", "B"))
    found = vary_setting(table, "xi", [0.3, 3], model=model, rng=np.random.default_rng(1))
    assert found.finding.endswith("not estimable at xi = 3.")


def test_a_wrong_xi_is_refused():
    with pytest.raises(SettingError, match=r"xi = 0\.0"):
        curve([0.5, 0])


def test_a_curve_without_xis_is_refused():
    with pytest.raises(ValueError, match="give at least one"):
        curve([])
