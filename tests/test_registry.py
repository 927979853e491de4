"""The models by name: all keep one protocol, speak alike, and say why they cannot be fitted."""

import ast
from pathlib import Path

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models import registry
from estimation.models.protocol import CLOSED_POPULATION, Model
from estimation.models.registry import MODELS, make_model, why_not_by_model

THREE = CaptureTable.from_histories(
    ["P", "Q", "E"], {"111": 28, "110": 21, "101": 17, "100": 69, "011": 18, "010": 55, "001": 63}
)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_keeps_the_protocol_and_assumes_a_closed_population(name):
    model = make_model(name, {})
    assert isinstance(model, Model)
    assert model.name == name
    assert CLOSED_POPULATION in model.assumptions[1:], "the first assumption is the identifying one"


def test_mypy_is_open_every_model():
    tree = ast.parse(Path(registry.__file__).read_text(encoding="utf-8"))
    shown = {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "models"
    }
    assert shown == {place.partition(":")[2] for place in MODELS.values()} | {"WithinRegister"}


BAD = {
    "lincoln-petersen": {"lists": ("A", "A")},
    "chapman": {"lists": ("A", "A")},
    "sample-coverage": {"resamples": 1},
    "log-linear": {"model": "[A"},
    "log-linear-select": {"resamples": 1},
    "log-linear-average": {"criterion": "dic"},
    "sparse": {"threshold": 2},
    "bayesian-log-linear-average": {"prior": "flat"},
    "heterogeneity": {"model": "Mtb"},
    "nhoi": {"xi": -1},
    "robust-range": {"bayes_factor": 0.5},
    "decomposable": {"delta": 0},
    "latent-class": {"classes": 1},
    "latent-class-pymc": {"classes": 1},
    "bayesian-log-linear": {"chains": 1},
    "pairwise-prior": {"chains": 1},
    "doubly-robust": {"folds": 1},
}


def test_every_model_that_can_refuse_a_value_is_tried():
    assert set(BAD) == set(MODELS) - {"chao"}


@pytest.mark.parametrize("name", BAD)
def test_a_refused_value_names_the_model_as_the_command_line_does(name):
    with pytest.raises(SettingError) as directly:
        registry.model_class(name)(**BAD[name])
    assert str(directly.value).startswith(f"model {name}: ")
    with pytest.raises(SettingError, match=f"^model {name}: "):
        make_model(name, BAD[name])


def test_why_not_is_none_exactly_where_the_model_gives_no_reason_of_its_own():
    found = why_not_by_model(THREE)
    assert list(found) == list(MODELS)
    assert found["chapman"].startswith("it takes exactly 2 lists and the table has 3")
    assert {name for name, reason in found.items() if reason} == {"lincoln-petersen", "chapman"}


def test_two_lists_without_overlap_carry_no_model():
    apart = CaptureTable(["A", "B"], [[1, 0], [0, 1]], [5, 3])
    reasons = why_not_by_model(apart)
    assert [name for name, reason in reasons.items() if reason is None] == []
    assert "nobody is on more than one list" in reasons["decomposable"]
    assert "at least 3 lists" in reasons["latent-class"]


def test_a_seed_is_as_good_as_a_generator():
    assert str(make_model("nhoi", {}).fit(THREE, rng=1)) == str(
        make_model("nhoi", {}).fit(THREE, rng=np.random.default_rng(1))
    )
