"""Missing labels imputed by a model of the labels given the lists: against closed forms, and where donors are few."""

import numpy as np
import pytest
from scipy.stats import betabinom

from estimation.capture.stratified import StratifiedTable
from estimation.errors import SettingError, TableError
from estimation.models.classical.two_lists import Chapman
from estimation.strata.by_stratum import estimate_by
from estimation.strata.missing_labels import imputed


def drawn_to(table, place, pattern, times, by):
    """People of a history who are of a place, over imputations."""
    found = []
    for k in range(times):
        each = imputed(table, ["place"], rng=k, by=by).table.by(["place"]).tables[(place,)]
        names = [name for name, on in zip(table.lists, pattern, strict=True) if on]
        found.append(each.count(*names))
    return np.array(found)


def test_with_two_lists_it_is_saturated_and_draws_as_a_beta_binomial():
    """30 known on A alone, 12 of the north, and 40 without label: prior weights move the closed form by a person.

    Of 40 imputations mean and standard deviation within 5 standard errors and that person: once in some 10^5 runs.
    """
    rows = [[1, 0], [0, 1], [1, 1]] * 2 + [[1, 0]]
    places = ["n"] * 3 + ["s"] * 3 + [None]
    table = StratifiedTable(["A", "B"], rows, {"place": places}, [12, 40, 25, 18, 30, 20, 40])
    found = drawn_to(table, "n", (1, 0), 40, "model") - 12
    exact = betabinom(40, 12, 18)
    assert abs(found.mean() - exact.mean()) < 5 * exact.std() / np.sqrt(40) + 1
    assert abs(found.std() - exact.std()) < 5 * exact.std() / np.sqrt(80) + 1


def few_donors():
    """Of everybody on A nine in ten are of the north, of others one in ten; nobody on A and C has a label."""
    rows, places, counts = [], [], []
    for pattern in ([1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1]):
        north = 90 if pattern[0] else 10
        rows += [pattern, pattern]
        places += ["n", "s"]
        counts += [2 * north, 2 * (100 - north)]
    return StratifiedTable(["A", "B", "C"], [*rows, [1, 0, 1]], {"place": [*places, None]}, [*counts, 100])


def test_where_nobody_with_the_history_has_a_label_it_borrows_from_the_lists_and_the_hot_deck_from_everybody():
    """Nine in ten are right; the hot deck takes the share among all people, 42 in 100."""
    table = few_donors()
    assert 75 < drawn_to(table, "n", (1, 0, 1), 8, "model").mean() < 97
    assert drawn_to(table, "n", (1, 0, 1), 8, "hot deck").mean() < 60


def test_other_labels_stay_and_everybody_gets_one_that_is_possible():
    sets = {"agent": {"state or rebels": ["state", "rebels"]}}
    labels = {
        "agent": ["state", "rebels", "others", "state or rebels", "state", "rebels", "others", None],
        "sex": ["f", "m", "f", "m", "m", "f", None, "f"],
    }
    rows = [[1, 0]] * 4 + [[1, 1]] * 4
    table = StratifiedTable(["A", "B"], rows, labels, [9, 8, 7, 30, 9, 8, 7, 20], sets=sets)
    drawn = imputed(table, ["agent"], rng=1, by="model")
    assert drawn.by_model == 50
    assert drawn.table.n_observed == table.n_observed
    assert drawn.table.n_missing("sex") == 7
    agents = {agent: each for (agent,), each in drawn.table.by(["agent"]).tables.items()}
    assert agents["others"].count("A") == 7


def test_it_is_an_option_of_the_estimate_and_says_what_it_did():
    found = estimate_by(
        few_donors(),
        ["place"],
        Chapman(lists=("A", "B")),
        rng=1,
        missing="impute",
        imputed_by="model",
        imputations=3,
    )
    assert "place of 100 people, where missing, were drawn by a model of the labels given the lists" in found.notes[0]


def test_what_is_wrong_is_named():
    with pytest.raises(SettingError, match="by = 'guess'; it must be one of 'hot deck', 'model'"):
        imputed(few_donors(), ["place"], rng=1, by="guess")
    with pytest.raises(TableError, match="there is no label 'palce'"):
        imputed(few_donors(), ["palce"], rng=1, by="model")
