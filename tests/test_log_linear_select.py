"""The best of many log-linear models."""

import numpy as np
import pytest

from estimation.capture import CaptureTable
from estimation.datasets import load_table
from estimation.errors import SettingError
from estimation.models.hierarchical import format_model, hierarchical_models
from estimation.models.log_linear import LogLinear
from estimation.models.log_linear_select import LogLinearSelect, explore
from estimation.results import NotEstimable


def fit(model, table):
    return model.fit(table, rng=np.random.default_rng(1))


@pytest.mark.parametrize("criterion", ["bic", "aic"])
@pytest.mark.parametrize("name", ["palembang", "peru_state", "synthetic_artificial_3", "gaza"])
def test_the_best_is_the_least_of_the_models_fitted_one_by_one(criterion, name):
    table = load_table(name)
    scores = {}
    for model in hierarchical_models(3):
        result = fit(LogLinear(format_model(model, table.lists)), table)
        if not isinstance(result, NotEstimable):
            scores[dict(result.tables[0].rows)[criterion.upper()]] = result.total
    assert fit(LogLinearSelect(criterion), table).total == scores[min(scores)]


def test_the_interval_says_that_it_is_conditional():
    result = fit(LogLinearSelect(), load_table("kosovo"))
    assert "conditional on that model" in result.notes[0]
    assert "too narrow" in result.notes[0]
    assert any("takes the chosen model as given" in sentence for sentence in result.assumptions)


def test_models_without_an_estimate_are_left_out_and_counted():
    table = load_table("synthetic_artificial_3")
    family = explore(table, "bic", "hierarchical")
    assert sorted(family.codes.tolist()) == [0, 0, 0, 0, 1, 1, 1, 2]
    assert np.isnan(family.total[~family.usable]).all()
    assert (family.weights("bic")[~family.usable] == 0).all()
    assert any(note.startswith("4 of the 8 models were left out") for note in fit(LogLinearSelect(), table).notes)


def test_pairs_are_among_the_hierarchical_models():
    table = load_table("lesbian")
    pairs, every = explore(table, "bic", "pairs"), explore(table, "bic", "hierarchical")
    assert len(pairs) == 64
    assert np.isin(pairs.score("bic").round(6), every.score("bic").round(6)).all()


def test_the_search_finds_the_best_of_all_where_all_can_be_scored(monkeypatch):
    # Five-list tables whose best model is two or more changes away from where the plain descent stops.
    table = load_table("uk_five_lists")
    best = explore(table, "bic", "hierarchical").score("bic").min()
    monkeypatch.setattr("estimation.models.log_linear_select.MAX_ENUMERATED", 4)
    found = explore(table, "bic", "hierarchical")
    assert len(found) < 3000
    assert found.score("bic").min() == pytest.approx(best, abs=1e-9)


def test_a_table_of_six_lists_is_searched_and_says_so():
    table = load_table("uk")
    result = fit(LogLinearSelect("bic", "pairs"), table)
    assert "With 6 lists there are too many models to score all of them" in result.notes[1]
    start = fit(LogLinear(), table)
    assert result.tables[0].rows[0][4] < dict(start.tables[0].rows)["BIC"]


def test_the_list_order_never_changes_the_choice():
    table = load_table("kosovo")
    moved = table.keep(list(reversed(table.lists)))
    assert fit(LogLinearSelect(), moved).mean == pytest.approx(fit(LogLinearSelect(), table).mean, rel=1e-10)


def test_every_wrong_setting_is_named_together():
    with pytest.raises(SettingError, match=r"2 problems\n.*criterion = 'dic'.*bic, aic\n.*family = 'all'"):
        LogLinearSelect("dic", "all")


def test_too_few_and_too_many_lists_are_not_estimable():
    assert "at least 2 lists" in fit(LogLinearSelect(), CaptureTable(["A"], [[1]], [5])).reason
    nine = CaptureTable([f"L{j}" for j in range(9)], np.vstack([np.eye(9), np.ones((1, 9))]), [5] * 10)
    assert "at most 8 lists" in fit(LogLinearSelect(), nine).reason


def test_lists_that_never_meet_are_not_estimable():
    apart = CaptureTable(["A", "B", "C"], np.eye(3), [5, 6, 2])
    assert "no maximum" in fit(LogLinearSelect(), apart).reason
