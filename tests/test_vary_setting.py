"""Another setting of a model: another prior, another number of classes, of any dataclass that is a model."""

import copy
import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.cached_model import CachedModel
from estimation.models.classical.two_lists import LincolnPetersen
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.population_register import PopulationRegister, WithinRegister
from estimation.models.protocol import Model
from estimation.models.registry import make_model
from estimation.sensitivity.vary_setting import vary_setting, with_setting

KOSOVO = load_table("kosovo")
SMALL = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 50, "010": 40, "001": 30, "110": 20, "101": 10, "011": 12, "111": 8}
)
LARGE = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 600, "010": 450, "001": 250, "110": 180, "011": 120, "101": 140, "111": 90}
)


def rng(seed=1):
    return np.random.default_rng(seed)


@dataclass(frozen=True)
class Mine:
    """A user's own model: Lincoln-Petersen of two lists, times a factor."""

    name: ClassVar[str] = "mine"
    title: ClassVar[str] = "My model"
    assumptions: ClassVar[tuple[str, ...]] = ("The lists are independent.",)

    factor: float = field(default=1.0, metadata={"question": "What if I were wrong?", "axis": "my factor"})
    lists: tuple[str, str] = ("ABA", "HRW")

    def __post_init__(self):
        if self.factor <= 0:
            raise ValueError(f"factor = {self.factor}; it must be above 0")

    def why_not(self, table):
        return None

    def fit(self, table, *, rng, workers=1, progress=None):
        result = LincolnPetersen(self.lists).fit(table, rng=rng)
        return replace(result, model=self.name, total=replace(result.total, value=result.median * self.factor))


@dataclass(frozen=True)
class Around:
    """A user's own model around a model, with nothing else."""

    model: Model

    @property
    def name(self):
        return self.model.name

    @property
    def title(self):
        return self.model.title

    @property
    def assumptions(self):
        return self.model.assumptions

    def why_not(self, table):
        return self.model.why_not(table)

    def fit(self, table, *, rng, workers=1, progress=None):
        return self.model.fit(table, rng=rng, workers=workers)


class TestDelta:
    def test_each_point_is_the_model_at_that_delta(self):
        model = DecomposableGraphs(prior_on_n="flat")
        found = vary_setting(SMALL, "delta", [0.1, 1.0], model=model, rng=1)
        for alternative, delta in zip(found.alternatives, [0.1, 1.0], strict=True):
            alone = replace(model, delta=delta).fit(SMALL, rng=1)
            assert (alternative.label, alternative.value) == (f"delta = {delta:g}", delta)
            assert alternative.result.mean == alone.mean
        assert found.baseline.provenance.settings == model.fit(SMALL, rng=1).provenance.settings

    def test_the_question_and_the_axis_are_those_of_delta(self):
        found = vary_setting(SMALL, "delta", [1.0], model=DecomposableGraphs(delta=0.5), rng=1)
        assert found.question == "What if a capture history had another prior weight, delta?"
        assert found.changed == "prior weight of a capture history, delta (persons)"
        assert found.baseline_value == 0.5

    @pytest.mark.parametrize(("value", "said"), [(0, r"delta = 0\.0"), ("much", "delta = 'much'")])
    def test_a_wrong_delta_is_refused(self, value, said):
        with pytest.raises(SettingError, match=said):
            vary_setting(SMALL, "delta", [0.5, value], model=DecomposableGraphs(), rng=1)


class TestXi:
    def test_each_point_is_the_model_at_that_xi_whichever_others_are_asked_for(self):
        model = NoHighestOrderInteraction(lists=("A", "B"))
        found = vary_setting(LARGE, "xi", [1.0, 0.8], model=model, rng=rng())
        for alternative, xi in zip(found.alternatives, [1.0, 0.8], strict=True):
            alone = replace(model, xi=xi).fit(LARGE, rng=rng())
            assert (alternative.label, alternative.value) == (f"xi = {xi:g}", xi)
            assert (alternative.result.total.values == alone.total.values).all()
            assert alternative.result.provenance == alone.provenance

    def test_the_smaller_xi_the_more_people_are_unseen(self):
        found = vary_setting(LARGE, "xi", [2, 1.5, 1, 0.9, 0.8, 0.5], model=NoHighestOrderInteraction(), rng=1)
        medians = [alternative.result.median for alternative in found.alternatives]
        assert medians == sorted(set(medians))

    def test_an_xi_that_the_table_contradicts_stays_in_the_curve(self):
        table = CaptureTable.from_histories(
            ["A", "B", "C"], {"100": 30, "010": 35, "001": 150, "110": 12, "101": 15, "011": 15, "111": 8}
        )
        found = vary_setting(table, "xi", [0.3, 3], model=NoHighestOrderInteraction(lists=("A", "B")), rng=1)
        assert found.finding.endswith(" Not estimable: xi = 3.")

    def test_the_question_and_the_axis_are_those_of_xi(self):
        found = vary_setting(LARGE, "xi", [2], model=NoHighestOrderInteraction(draws=1000), rng=1)
        assert found.question == "What if the interaction of the lists, xi, were another?"
        assert found.changed == "interaction of the lists, xi (1: none)"
        assert found.baseline_value == 1


class TestAnyModel:
    def test_a_users_own_dataclass_is_varied(self):
        found = vary_setting(KOSOVO, "factor", [0.5, "2"], model=Mine(), rng=1)
        half, double = (a.result.median for a in found.alternatives)
        assert (half, double) == (found.baseline.median / 2, found.baseline.median * 2)
        assert (found.question, found.changed) == ("What if I were wrong?", "my factor")
        assert found.alternatives[0].value == 0.5

    def test_its_values_are_checked_against_the_type_of_the_field(self):
        assert with_setting(Mine(), "lists", ["EXH", "ABA"]) == Mine(lists=("EXH", "ABA"))
        with pytest.raises(SettingError, match="model mine: factor = 'much'; it must be a number"):
            with_setting(Mine(), "factor", "much")
        with pytest.raises(SettingError, match=r"model mine: factor = -1\.0; it must be above 0"):
            with_setting(Mine(), "factor", -1)
        with pytest.raises(SettingError, match="mine has no setting 'facto'; did you mean 'factor'"):
            with_setting(Mine(), "facto", 1)

    def test_one_text_is_enough_where_any_number_of_them_may_stand(self):
        assert make_model("robust-range", {"shapes": "Darroch"}).shapes == ("Darroch",)
        with pytest.raises(SettingError, match="lists names 1 list; an interaction is between at least 2"):
            make_model("nhoi", {"lists": "EXH"})

    @pytest.mark.parametrize("value", [1.1, "abc", (1.1,), (1.1, 5, 7)])
    def test_an_interval_that_is_none_is_refused_with_what_it_takes(self, value):
        with pytest.raises(SettingError, match=r"latent-class: expansion = .*; it takes 2 values, with a comma"):
            make_model("latent-class", {"expansion": value})

    def test_a_model_that_is_no_dataclass_has_no_settings(self):
        class Plain:
            name = title = "plain"
            assumptions = ("None.",)
            factor = 1.0

            def why_not(self, table):
                return None

            def fit(self, table, *, rng, workers=1, progress=None):
                return LincolnPetersen().fit(table, rng=rng)

        with pytest.raises(SettingError, match="model plain: Plain is no dataclass"):
            vary_setting(KOSOVO, "factor", [2], model=Plain(), rng=1)

    @pytest.mark.parametrize("model", [Mine(), DecomposableGraphs()], ids=["own", "packaged"])
    @pytest.mark.parametrize(
        "around",
        [
            Around,
            lambda model: CachedModel(model, Path("folder")),
            lambda model: WithinRegister(model, PopulationRegister(20_000, "A register")),
            lambda model: Around(WithinRegister(model, PopulationRegister(20_000, "A register"))),
        ],
        ids=["own", "cached", "register", "two"],
    )
    def test_a_model_around_a_model_is_varied_inside(self, model, around):
        setting = "factor" if isinstance(model, Mine) else "delta"
        assert with_setting(around(model), setting, 0.5) == around(replace(model, **{setting: 0.5}))
        with pytest.raises(SettingError, match=f"did you mean '{setting}'"):
            with_setting(around(model), setting[:-1], 0.5)

    def test_a_setting_of_the_outer_model_is_varied_outside(self):
        larger = PopulationRegister(30_000, "Another")
        model = WithinRegister(Mine(), PopulationRegister(20_000, "A register"))
        assert with_setting(model, "register", larger) == WithinRegister(Mine(), larger)

    def test_the_question_is_that_of_the_setting_inside(self):
        found = vary_setting(KOSOVO, "factor", [2.0], model=Around(Mine(factor=3.0)), rng=1)
        assert (found.question, found.baseline_value) == ("What if I were wrong?", 3.0)


def test_every_other_setting_stays():
    model = with_setting(DecomposableGraphs(delta=0.5, include_saturated=True), "prior_on_n", "flat up to 30000")
    assert model == DecomposableGraphs(delta=0.5, include_saturated=True, prior_on_n="flat up to 30000")


def test_a_setting_in_words_has_no_place_on_an_axis():
    found = vary_setting(SMALL, "prior_on_n", ["1/N", "flat up to 30000"], model=DecomposableGraphs(), rng=1)
    assert all(math.isnan(a.value) for a in found.alternatives)
    assert math.isnan(found.baseline_value)
    assert (found.question, found.changed) == ("What if the prior on N were another?", "prior on N")


def test_a_setting_without_words_of_its_own_is_asked_about_by_its_name():
    found = vary_setting(SMALL, "include_saturated", [True], model=DecomposableGraphs(), rng=1)
    assert found.question == "Decomposable graphs: what if include_saturated had another value?"
    assert found.changed == "include_saturated"


def test_an_unknown_setting_names_the_nearest():
    with pytest.raises(SettingError, match="no setting 'delt'; did you mean 'delta'"):
        vary_setting(SMALL, "delt", [1.0], model=DecomposableGraphs(), rng=1)


def test_no_value_is_refused():
    with pytest.raises(ValueError, match="give at least one"):
        vary_setting(SMALL, "delta", [], model=DecomposableGraphs(), rng=1)


def test_the_model_is_left_as_it_was():
    model = Mine()
    before = copy.deepcopy(model)
    with_setting(model, "factor", 2.0)
    assert model == before


def test_an_interval_is_varied_as_an_interval():
    model = LatentClass(classes=3, chains=2, effective=400, other_priors=False, fit_check=False)
    found = vary_setting(LARGE, "expansion", [[1.1, 5], (2, 10)], model=model, rng=rng())
    assert [a.label for a in found.alternatives] == ["expansion = 1.1 to 5", "expansion = 2 to 10"]
    low, high = (a.result.interval() for a in found.alternatives)
    assert low.upper < high.upper


def test_an_interval_that_a_stated_beta_leaves_without_effect_is_refused():
    with pytest.raises(SettingError, match=r"expansion = 1.1 to 10 changes nothing: other settings stand"):
        with_setting(LatentClass(capture_a=1, capture_b=1), "expansion", (1.1, 10))
