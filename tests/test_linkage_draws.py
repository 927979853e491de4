"""Draws of a linkage: their tables, labels of people, one partition for all, and no name in any of it."""

from itertools import combinations

import numpy as np
import pytest

from estimation.errors import TableError
from estimation.linkage.draws import LinkageDraws, RecordPlace
from estimation.linkage.pairs import pair_probabilities
from estimation.linkage.point_clustering import group_probabilities, least_loss_partition, numbered


def draws_of(persons, lists, list_of, labels=None, **more):
    labels = labels or [{}] * len(list_of)
    records = tuple(
        RecordPlace(at, row, labels=label) for row, (at, label) in enumerate(zip(list_of, labels, strict=True), 2)
    )
    return LinkageDraws(tuple(lists), records, np.array(persons, dtype=np.int32), **more)


def expected_loss(drawn, partition):
    """The slow way: over all pairs and draws."""
    return sum(
        np.mean([(partition[i] == partition[j]) != (one[i] == one[j]) for one in drawn])
        for i, j in combinations(range(len(partition)), 2)
    )


def partitions(n):
    """All partitions of n records, numbered by first record."""
    found = {(0,)}
    for _ in range(n - 1):
        found = {(*each, new) for each in found for new in range(max(each) + 2)}
    return found


def test_each_draw_is_a_table_of_who_was_seen_by_which_lists():
    draws = draws_of([[[0, 1, 0, 0], [0, 1, 2, 1]]], ["police", "press"], [0, 0, 1, 1])
    first, second = draws.tables
    assert (first.count("police"), first.count("police", "press"), first.n_observed) == (1, 1, 2)
    assert (second.count("police"), second.count("press"), second.count("police", "press")) == (1, 1, 1)
    assert draws.n_repeated["press"].tolist() == [1, 0]
    assert draws.n_links.tolist() == [2, 1]


def test_one_list_and_34_lists_and_lists_that_share_nobody_have_tables():
    assert draws_of([[[0, 1, 0]]], ["police"], [0, 0, 0]).tables[0].n_observed == 2
    many = [f"list {at}" for at in range(34)]
    assert draws_of([[list(range(34))]], many, list(range(34))).tables[0].frequencies[0] == 34
    assert draws_of([[[0] * 34]], many, list(range(34))).tables[0].count(*many) == 1


def test_the_label_of_a_person_is_the_most_frequent_then_that_of_the_first_list_then_missing():
    places = [{"place": text} for text in ("north", "south", "south", "east", "west", "")]
    draws = draws_of([[[0, 0, 0, 1, 1, 2]]], ["a", "b"], [0, 0, 1, 1, 0, 1], places)
    (table,) = draws.strata(["place"])
    by_label = table.to_frame().fillna({"place": "missing"}).groupby("place")["count"].sum().to_dict()
    assert by_label == {"south": 1, "west": 1, "missing": 1}


def test_labels_of_the_slow_way_are_those_of_the_fast_way():
    rng = np.random.default_rng(3)
    list_of, values = rng.integers(3, size=60), rng.choice(["x", "y", "z", ""], size=60)
    drawn = np.array([numbered(rng.integers(25, size=60)) for _ in range(4)])
    draws = draws_of(drawn[None], "abc", list_of.tolist(), [{"v": value} for value in values])
    for one, table in zip(drawn, draws.strata(["v"]), strict=True):
        slow: dict[str, int] = {}
        for person in range(one.max() + 1):
            mine = [(int(list_of[r]), values[r]) for r in range(60) if one[r] == person and values[r]]
            ranks = [(-sum(u == v for _, u in mine), min(at for at, u in mine if u == v), v) for _, v in mine]
            value = min(ranks)[2] if ranks else ""
            slow[value] = slow.get(value, 0) + 1
        frame = table.to_frame()
        assert frame.fillna({"v": ""}).groupby("v")["count"].sum().to_dict() == slow


def test_a_label_that_no_record_has_is_refused_with_those_there_are():
    draws = draws_of([[[0, 1]]], ["a"], [0, 0], [{"place": "x"}, {"place": "y"}])
    with pytest.raises(TableError, match=r"no record has a label 'palce'; did you mean 'place'"):
        draws.strata(["palce"])


def test_people_by_the_model_are_a_posterior_with_ends_that_were_drawn():
    rng = np.random.default_rng(1)
    drawn = [[numbered(rng.integers(9, size=12)) for _ in range(50)] for _ in range(2)]
    draws = draws_of(drawn, ["a"], [0] * 12)
    people = draws.people
    model = people.by_model
    assert {people.median, model.lower, model.upper} <= set(draws.n_people.tolist())
    assert (draws.n_people < model.lower).mean() <= 0.025
    assert (draws.n_people > model.upper).mean() <= 0.025
    assert people.lower <= model.lower
    assert model.upper <= people.upper
    assert people.interval.kind == "credible"
    assert draws.people_at(0.5).upper <= people.upper


def test_pair_probabilities_are_the_shares_of_draws():
    rng = np.random.default_rng(2)
    drawn = np.array([numbered(rng.integers(4, size=9)) for _ in range(30)])
    found = pair_probabilities(drawn)
    slow = {(i, j): np.mean(drawn[:, i] == drawn[:, j]) for i, j in combinations(range(9), 2)}
    named = zip(found.first.tolist(), found.second.tolist(), found.probability.tolist(), strict=True)
    fast = {(i, j): p for i, j, p in named}
    assert fast == pytest.approx({pair: p for pair, p in slow.items() if p})


@pytest.mark.parametrize("seed", range(12))
def test_the_point_clustering_has_the_least_expected_loss_of_all_partitions_or_of_all_draws_at_least(seed):
    rng = np.random.default_rng(seed)
    drawn = np.array([numbered(rng.integers(1 + rng.integers(6), size=6)) for _ in range(7)])
    chosen = least_loss_partition(drawn, pair_probabilities(drawn))
    assert chosen.tolist() == numbered(chosen.astype(np.int64)).tolist()
    assert expected_loss(drawn, chosen) <= min(expected_loss(drawn, one) for one in drawn) + 1e-9
    best = min(expected_loss(drawn, one) for one in partitions(6))
    assert expected_loss(drawn, chosen) <= best + 0.35  # a local search; of these twelve most reach the least


def test_groups_of_other_components_are_never_one():
    drawn = np.array([[0, 0, 0, 1, 1, 1], [0, 1, 2, 3, 4, 5], [0, 1, 1, 2, 3, 3]], dtype=np.int32)
    chosen = least_loss_partition(drawn, pair_probabilities(drawn))
    assert set(chosen[:3]) & set(chosen[3:]) == set()


def test_the_probability_of_a_group_asks_for_exactly_these_records():
    drawn = np.array([[0, 0, 1], [0, 0, 0], [0, 0, 1], [0, 1, 1]], dtype=np.int32)
    probability = group_probabilities(drawn, np.array([0, 0, 1], dtype=np.int32))
    assert probability.tolist() == [0.5, 0.5, 0.5]


def test_every_record_has_a_row_in_the_clusters_and_an_undecided_one_no_person():
    draws = draws_of([[[0, 0, 1, 2], [0, 1, 2, 3], [0, 0, 1, 2]]], ["a", "b"], [0, 1, 0, 1])
    clusters = draws.clusters()
    assert clusters.columns.tolist() == ["list", "row", "person", "probability"]
    assert clusters["row"].tolist() == [2, 3, 4, 5]
    assert clusters["person"].tolist() == [1, 1, 2, 3]
    assert draws.clusters(undecided_below=0.9)["person"].isna().tolist() == [True, True, False, False]
    assert draws.pairs()["probability"].tolist() == pytest.approx([2 / 3])


def test_draws_go_to_frames_and_arviz_and_are_printed_without_a_name():
    labels = [{"place": "Shahrak"}] * 3
    draws = draws_of(
        [[[0, 0, 1], [0, 1, 1]], [[0, 1, 2], [0, 0, 0]]], ["a", "b"], [0, 1, 0], labels, n_unlinkable={"a": 4}
    )
    frame = draws.to_frame()
    assert frame["people"].tolist() == [2, 2, 3, 1]
    assert frame["chain"].tolist() == [0, 0, 1, 1]
    assert draws.to_arviz().posterior["people"].shape == (2, 2)
    for text in (str(draws), repr(draws), draws._repr_html_()):
        assert "Shahrak" not in text
    assert ">4</td>" in draws._repr_html_()


def test_draws_of_another_number_of_records_are_refused():
    with pytest.raises(ValueError, match=r"it must be \(chains, draws, 2 records\)"):
        LinkageDraws(("a",), (RecordPlace(0, 2), RecordPlace(0, 3)), np.zeros((1, 2, 3), dtype=np.int32))
