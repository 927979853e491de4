"""The best of many log-linear models."""

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.log_linear.selected import LogLinearSelect, explore
from estimation.models.log_linear.terms import format_model, hierarchical_models
from estimation.results.estimates import NotEstimable
from estimation.results.log_interval import LEVELS

CONDITIONAL = LogLinearSelect(interval="conditional")


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
    assert fit(LogLinearSelect(criterion, interval="conditional"), table).total == scores[min(scores)]


def test_the_conditional_interval_says_that_it_is_conditional():
    result = fit(CONDITIONAL, load_table("kosovo"))
    assert "conditional on that model" in result.notes[0]
    assert "too narrow" in result.notes[0]
    assert any("is conditional on the selected model" in sentence for sentence in result.assumptions)


def test_models_without_an_estimate_are_left_out_and_counted():
    table = load_table("synthetic_artificial_3")
    family = explore(table, "bic", "hierarchical")
    assert sorted(family.codes.tolist()) == [0, 0, 0, 0, 1, 1, 1, 2]
    assert np.isnan(family.total[~family.usable]).all()
    assert (family.weights("bic")[~family.usable] == 0).all()
    assert any(note.startswith("4 of the 8 models are left out") for note in fit(CONDITIONAL, table).notes)


def test_pairs_are_among_the_hierarchical_models():
    table = load_table("lesbian")
    pairs, every = explore(table, "bic", "pairs"), explore(table, "bic", "hierarchical")
    assert len(pairs) == 64
    assert np.isin(pairs.score("bic").round(6), every.score("bic").round(6)).all()


def test_the_search_finds_the_best_of_all_where_all_can_be_scored(monkeypatch):
    # Five-list tables whose best model is two or more changes away from where the plain descent stops.
    table = load_table("uk_five_lists")
    best = explore(table, "bic", "hierarchical").score("bic").min()
    monkeypatch.setattr("estimation.models.log_linear.selected.MAX_ENUMERATED", 4)
    found = explore(table, "bic", "hierarchical")
    assert len(found) < 3000
    assert found.score("bic").min() == pytest.approx(best, abs=1e-9)


def test_a_table_of_six_lists_is_searched_and_says_so():
    table = load_table("uk")
    result = fit(LogLinearSelect("bic", "pairs", "conditional"), table)
    assert "With 6 lists there are too many models to score all of them" in result.notes[1]
    start = fit(LogLinear(), table)
    assert result.tables[0].rows[0][4] < dict(start.tables[0].rows)["BIC"]


def test_the_list_order_never_changes_the_choice():
    table = load_table("kosovo")
    moved = table.keep(list(reversed(table.lists)))
    assert fit(CONDITIONAL, moved).mean == pytest.approx(fit(CONDITIONAL, table).mean, rel=1e-10)


def test_every_wrong_setting_is_named_together():
    said = (
        r"5 problems\n.*criterion = 'dic'.*bic, aic, bic-of-cells\n.*family = 'all'.*\n"
        r".*interval = 'wald'; choose from bca.*\n"
        r".*resamples = 5; .*at least 200\n.*candidates = 0"
    )
    with pytest.raises(SettingError, match=said):
        LogLinearSelect("dic", "all", "wald", 5, 0)


def test_the_interval_includes_selection_uncertainty_by_default():
    table = load_table("kosovo")
    included, conditional = fit(LogLinearSelect(resamples=200, most_resamples=200), table), fit(CONDITIONAL, table)
    assert (included.mean, included.sd) == (conditional.mean, conditional.sd)
    assert [interval.level for interval in included.total.intervals] == list(LEVELS)
    wide, narrow = included.interval(), conditional.interval()
    assert wide.lower < narrow.lower < narrow.upper < wide.upper
    assert "the selection is repeated in each of 200 resamples" in included.notes[0]
    assert not any("is conditional on the selected model" in sentence for sentence in included.assumptions)
    rows = next(t for t in included.tables if t.title.startswith("95 % confidence intervals")).rows
    assert rows[0][1:] == (wide.lower, wide.upper, *wide.errors)
    assert rows[2][1:] == (narrow.lower, narrow.upper, 0, 0)


def test_candidates_are_the_best_models_and_the_note_says_how_many():
    table = load_table("kosovo")
    few = fit(LogLinearSelect(resamples=200, most_resamples=200, candidates=3), table)
    assert "Each resample selects from the best 3 on the table." in few.notes[0]
    chosen = next(t for t in few.tables if t.title.startswith("Models selected most often")).rows
    assert {row[0] for row in chosen} == {row[0] for row in few.tables[0].rows[:3]}
    assert "selects from the best" not in fit(LogLinearSelect(resamples=200, most_resamples=200), table).notes[0]


def test_one_candidate_leaves_the_model_as_it_is():
    result = fit(LogLinearSelect(resamples=200, most_resamples=200, candidates=1), load_table("kosovo"))
    assert "gives the same model each time" in result.notes[0]


def test_too_few_and_too_many_lists_are_not_estimable():
    assert "at least 2 lists" in fit(LogLinearSelect(), CaptureTable(["A"], [[1]], [5])).reason
    nine = CaptureTable([f"L{j}" for j in range(9)], np.vstack([np.eye(9), np.ones((1, 9))]), [5] * 10)
    assert "at most 8 lists" in fit(LogLinearSelect(), nine).reason


def test_lists_that_never_meet_are_not_estimable():
    apart = CaptureTable(["A", "B", "C"], np.eye(3), [5, 6, 2])
    assert "no maximum" in fit(LogLinearSelect(), apart).reason
