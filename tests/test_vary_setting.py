"""Another setting of a model: another prior, another number of classes."""

import math

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.errors import SettingError
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.sensitivity.vary_setting import vary_setting, with_setting

KOSOVO = load_table("kosovo")


def rng():
    return np.random.default_rng(7)


def test_a_varied_delta_is_the_delta_path():
    model, deltas = DecomposableGraphs(delta=0.0625), [0.0625, 0.5]
    varied = vary_setting(KOSOVO, "delta", deltas, model=model, rng=rng())
    path = vary_setting(KOSOVO, "delta", deltas, model=model, rng=rng())
    assert [(a.label, a.value, a.result.median) for a in varied.alternatives] == [
        (a.label, a.value, a.result.median) for a in path.alternatives
    ]


def test_a_varied_xi_is_the_xi_curve():
    model, xis = NoHighestOrderInteraction(draws=1000), [0.5, 2.0]
    varied = vary_setting(KOSOVO, "xi", xis, model=model, rng=rng())
    curve = vary_setting(KOSOVO, "xi", xis, model=model, rng=rng())
    assert [a.result.median for a in varied.alternatives] == [a.result.median for a in curve.alternatives]


def test_every_other_setting_stays():
    model = with_setting(DecomposableGraphs(delta=0.5, include_saturated=True), "prior_on_n", "flat up to 30000")
    assert model == DecomposableGraphs(delta=0.5, include_saturated=True, prior_on_n="flat up to 30000")


def test_a_setting_in_words_has_no_place_on_an_axis():
    found = vary_setting(KOSOVO, "prior_on_n", ["1/N", "flat up to 30000"], model=DecomposableGraphs(), rng=rng())
    assert all(math.isnan(a.value) for a in found.alternatives)
    assert found.question == "What if decomposable graphs had another value of prior_on_n?"


def test_an_unknown_setting_names_the_nearest():
    with pytest.raises(SettingError, match="no setting 'delt'; did you mean 'delta'"):
        vary_setting(KOSOVO, "delt", [1.0], model=DecomposableGraphs(), rng=rng())


def test_a_value_that_does_not_fit_is_refused():
    with pytest.raises(SettingError, match="delta"):
        vary_setting(KOSOVO, "delta", ["much"], model=DecomposableGraphs(), rng=rng())


def test_no_value_is_refused():
    with pytest.raises(ValueError, match="give at least one"):
        vary_setting(KOSOVO, "delta", [], model=DecomposableGraphs(), rng=rng())
