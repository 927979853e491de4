"""The models to begin with on a table."""

from estimation.capture.table import CaptureTable
from estimation.models.registry import MODELS, default_models
from estimation.models.when_it_fails import WHEN_IT_FAILS

THREE = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 60, "010": 50, "001": 40, "110": 24, "101": 20, "011": 15, "111": 8}
)


def test_two_lists_begin_with_chapman_and_dependent_lists_and_three_with_one_model_of_each_way():
    two = THREE.keep(["A", "B"])
    assert [model.name for model in default_models(two).values()] == ["chapman", "pairwise-prior"]
    assert [model.name for model in default_models(THREE).values()] == [
        "sample-coverage", "heterogeneity", "log-linear-average", "decomposable", "nhoi", "latent-class",
    ]  # fmt: skip


def test_a_model_that_cannot_be_fitted_is_not_in_the_set():
    apart = CaptureTable.from_histories(["A", "B", "C"], {"100": 60, "010": 50, "001": 40})
    models = default_models(apart)
    assert "sample-coverage" not in {model.name for model in models.values()}
    assert all(model.why_not(apart) is None for model in models.values())
    assert default_models(THREE.keep(["A"])) == {}


def test_the_bound_of_the_set_is_called_a_bound():
    (label,) = (label for label, model in default_models(THREE).items() if model.name == "heterogeneity")
    assert "lower bound" in label
    assert "lower bound" in default_models(THREE)[label].assumptions[0]


def test_each_model_says_when_it_fails():
    assert set(WHEN_IT_FAILS) == set(MODELS)
