"""The values that curves run over by default, and those known from elsewhere that are marked on them."""

import json
import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.stats import norm
from typer.testing import CliRunner

import estimation as mse
from estimation.cli import app
from estimation.errors import SettingError
from estimation.priors.known_values import known_interactions, known_odds_ratios
from estimation.sensitivity.default_values import INTERACTIONS, ODDS_RATIOS
from estimation.study.saved_sensitivity import load_sensitivity, save_sensitivity
from estimation.study.sensitivity_keys import OddsRatio

TWO = mse.CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})


def test_the_known_interactions_are_those_that_give_the_known_numbers_in_closed_form():
    """Kosovo by hand: r from the 15 published cells, over the 6,001 people on no list."""
    odd = [1131, 845, 936, 306, 181, 18, 42, 32]
    even = [177, 228, 106, 217, 31, 123, 27]
    by_hand = math.exp(np.log(odd).sum() - np.log(even).sum()) / 6001
    kosovo, hepatitis = known_interactions()
    assert kosovo.value == pytest.approx(by_hand)
    assert (round(kosovo.value, 1), round(hepatitis.value, 1)) == (2.1, 3.8)
    model = mse.models.NoHighestOrderInteraction(xi=hepatitis.value)
    assert model.fit(mse.load_table("hepatitis_a"), rng=1).median == pytest.approx(545, rel=0.05)


def test_the_default_values_reach_over_the_library_and_the_known_values():
    prior = mse.priors.population_dependence()
    within = np.diff(norm.cdf(np.log([ODDS_RATIOS[0], ODDS_RATIOS[-1]]), prior.mean, prior.sd))
    assert within > 0.94
    assert (ODDS_RATIOS[0], ODDS_RATIOS[-1]) == (0.25, 16)
    assert (INTERACTIONS[0], INTERACTIONS[-1]) == (0.25, 10)
    for known, values in ((known_odds_ratios(), ODDS_RATIOS), (known_interactions(), INTERACTIONS)):
        assert all(values[0] < one.value < values[-1] for one in known)


def test_a_curve_runs_over_them_where_no_values_are_given():
    ratios = mse.sensitivity.odds_ratio(TWO, pair=("A", "B"), rng=1)
    assert tuple(each.value for each in ratios.alternatives) == ODDS_RATIOS
    assert ratios.known == known_odds_ratios()
    model = mse.models.NoHighestOrderInteraction()
    of_all = mse.sensitivity.vary_setting(mse.load_table("hepatitis_a"), "xi", model=model, rng=1)
    assert tuple(each.value for each in of_all.alternatives) == INTERACTIONS
    assert of_all.known == known_interactions()
    with pytest.raises(SettingError, match="prior_count has no values to try by default; name some"):
        mse.sensitivity.vary_setting(TWO, "prior_count", model=model, rng=1)


def test_given_values_stay_and_an_interaction_of_some_lists_has_no_known_value():
    model = mse.models.NoHighestOrderInteraction(lists=("P", "Q"))
    found = mse.sensitivity.vary_setting(mse.load_table("hepatitis_a"), "xi", [0.5, 2.0], model=model, rng=1)
    assert [each.value for each in found.alternatives] == [0.5, 2.0]
    assert found.known == ()


def test_a_chart_marks_the_known_values_that_it_reaches():
    def marked(values):
        ax = mse.charts.plot_curve(mse.sensitivity.odds_ratio(TWO, values, pair=("A", "B"), rng=1), scale="log")
        lines = {line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1}
        words = " ".join(text.get_text() for text in ax.figure.findobj(plt.Text))
        plt.close(ax.figure)
        return {one.study for one in known_odds_ratios() if one.value in lines}, "Where N is known" in words

    assert marked(ODDS_RATIOS) == ({"kosovo", "hepatitis_a"}, True)
    assert marked((0.5, 1.0, 2.0)) == ({"kosovo"}, True)
    assert marked((0.5, 1.0)) == (set(), False)


def test_what_is_known_is_saved_with_an_answer(tmp_path):
    found = mse.sensitivity.odds_ratio(TWO, pair=("A", "B"), rng=1)
    save_sensitivity(found, tmp_path / "answer")
    assert load_sensitivity(tmp_path / "answer").known == found.known


def test_a_study_and_the_command_line_have_the_same_default(tmp_path):
    assert OddsRatio(pair=("A", "B")).values == ODDS_RATIOS
    (tmp_path / "table.csv").write_text("A,B,count\n1,0,54\n0,1,30\n1,1,12\n", encoding="utf-8")
    done = CliRunner().invoke(
        app,
        ["sensitivity", "odds-ratio", str(tmp_path / "table.csv"), "--pair", "A,B", "--json"],
        catch_exceptions=False,
    )
    assert done.exit_code == 0
    assert all(f"theta = {value:g}" in json.dumps(json.loads(done.stdout)) for value in ODDS_RATIOS)
