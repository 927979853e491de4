"""Comparisons and charts take results by label; whoever gives a result or a list of them is told so."""

import pytest

import estimation as mse

RESULT = mse.models.Chapman().fit(mse.CaptureTable.from_histories(["A", "B"], {"10": 54, "01": 30, "11": 12}), rng=1)
DOORS = {
    "compare": mse.compare,
    "comparison": mse.charts.plot_comparison,
    "posterior": mse.charts.plot_posterior,
    "variance split": mse.charts.plot_variance_split,
    "expansion": lambda results: mse.charts.plot_expansion(mse.priors.expansion("killings"), results=results),
    "probability": lambda results: mse.claims.probability_at_least(100, results),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("given", "said"), [(RESULT, "of type Estimate"), ([RESULT], "of type list")])
def test_results_without_labels_are_refused_with_an_example(door, given, said):
    with pytest.raises(TypeError, match=r"such as \{'Latent classes': result\}; this is " + said):
        DOORS[door](given)


@pytest.mark.parametrize("door", DOORS)
def test_what_is_no_result_is_named_by_its_label(door):
    with pytest.raises(TypeError, match="'Two lists' is no result of a model: this is of type int"):
        DOORS[door]({"Two lists": 232})
