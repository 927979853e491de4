"""Any model within a register of those at risk."""

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.models.cached_model import CachedModel
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.population_register import PopulationRegister, WithinRegister, within_register
from estimation.models.protocol import Model
from estimation.results.estimates import Estimate, NotEstimable
from estimation.sensitivity.vary_setting import vary_setting, with_setting

KOSOVO = load_table("kosovo")
REGISTER = PopulationRegister(12_000, "a register", uncertainty=0.05)
NHOI = NoHighestOrderInteraction(draws=1000, xi=2.0)


def rng():
    return np.random.default_rng(3)


def test_it_answers_what_the_register_makes_of_the_models_answer():
    one, other = rng(), rng()
    wanted = within_register(NHOI.fit(KOSOVO, rng=one), REGISTER, rng=one)
    found = WithinRegister(NHOI, REGISTER).fit(KOSOVO, rng=other)
    assert isinstance(found, Estimate)
    assert (found.total.values == wanted.total.values).all()
    assert found.provenance == wanted.provenance


def test_it_is_a_model_and_says_that_there_is_a_register():
    model = WithinRegister(NHOI, REGISTER)
    assert isinstance(model, Model)
    assert (model.name, model.title) == (NHOI.name, NHOI.title)
    assert model.assumptions == (*NHOI.assumptions, REGISTER.sentence)
    assert model.why_not(KOSOVO) is None
    assert WithinRegister(NHOI, REGISTER).why_not(KOSOVO.keep(["ABA"])) == NHOI.why_not(KOSOVO.keep(["ABA"]))


def test_more_people_than_the_register_holds_give_no_number_and_say_what_to_check():
    found = WithinRegister(NHOI, PopulationRegister(4_000, "a register")).fit(KOSOVO, rng=rng())
    assert isinstance(found, NotEstimable)
    assert "4,400 people were observed and the register has room for 4,000" in found.reason


def test_a_setting_can_be_varied_within_a_register(tmp_path):
    model = WithinRegister(DecomposableGraphs(), PopulationRegister(12_000, "a register"))
    assert with_setting(model, "delta", 0.5) == WithinRegister(DecomposableGraphs(delta=0.5), model.register)
    kept = CachedModel(model, tmp_path)
    found = vary_setting(KOSOVO, "delta", [0.5], model=kept, rng=rng())
    assert found.alternatives[0].result.interval().upper <= 12_000


def test_another_register_is_another_question(tmp_path):
    medians = {
        CachedModel(WithinRegister(DecomposableGraphs(), PopulationRegister(most, "a register")), tmp_path)
        .fit(KOSOVO, rng=rng())
        .median
        for most in (11_000, 12_000)
    }
    assert len(medians) == 2


@pytest.mark.parametrize("uncertainty", [0.0, 0.05])
def test_the_same_seed_gives_the_same_draws(uncertainty):
    model = WithinRegister(NHOI, PopulationRegister(20_000, "a register", uncertainty=uncertainty))
    one, other = (model.fit(KOSOVO, rng=rng()) for _ in range(2))
    assert (one.total.values == other.total.values).all()
