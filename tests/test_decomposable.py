"""Decomposable graphs against the formula written out slowly, and against a closed form on two lists."""

from itertools import combinations, permutations
from math import exp, lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.graphs import graph_posterior as graph_posterior_module
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.registry import make_model
from estimation.results.estimates import Estimate, NotEstimable

THREE = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 5, "010": 4, "001": 3, "110": 2, "101": 1, "011": 2, "111": 1}
)
FOUR = CaptureTable.from_histories(
    ["A", "B", "C", "D"],
    {"1000": 6, "0100": 3, "0010": 5, "0001": 2, "1100": 2, "0110": 1, "0011": 2, "1010": 1, "1101": 1, "1111": 1},
)
SPARSE = CaptureTable.from_histories(["A", "B", "C"], {"100": 3, "001": 2, "011": 1})


def fit(table, workers=1, **settings):
    return DecomposableGraphs(**settings).fit(table, rng=np.random.default_rng(1), workers=workers)


# The slow version: graphs by trying all, cliques and junction tree from their definitions, the formula as published.


def decomposable_graphs(n):
    """Each decomposable graph as (cliques, separators), found by taking simplicial vertices away."""
    for edges in range(1 << n * (n - 1) // 2):
        adjacent = {v: set() for v in range(n)}
        for bit, (i, j) in enumerate(combinations(range(n), 2)):
            if edges >> bit & 1:
                adjacent[i].add(j)
                adjacent[j].add(i)
        left = set(range(n))
        while True:
            simplicial = [v for v in left if all(j in adjacent[i] for i, j in combinations(adjacent[v] & left, 2))]
            if not simplicial:
                break
            left.remove(simplicial[0])
        if left:
            continue
        complete = [
            frozenset(some)
            for size in range(1, n + 1)
            for some in combinations(range(n), size)
            if all(j in adjacent[i] for i, j in combinations(some, 2))
        ]
        cliques = [c for c in complete if not any(c < other for other in complete)]
        yield cliques, spanning_separators(cliques)


def spanning_separators(cliques):
    group = list(range(len(cliques)))
    separators = []
    pairs = sorted(combinations(range(len(cliques)), 2), key=lambda p: -len(cliques[p[0]] & cliques[p[1]]))
    for a, b in pairs:
        if group[a] != group[b]:
            group = [group[a] if g == group[b] else g for g in group]
            separators.append(cliques[a] & cliques[b])
    return separators  # empty ones too: #C - 1 in all


def log_marginal(table, members, n_0, delta):
    """LML(D) as in the module's docstring."""
    members = sorted(members)
    delta_d = delta * 2 ** (len(table.lists) - len(members))
    cells = {}
    for pattern, count in zip(table.patterns.tolist(), table.counts.tolist(), strict=True):
        key = tuple(pattern[j] for j in members)
        cells[key] = cells.get(key, 0) + count
    zero = tuple(False for _ in members)
    cells[zero] = cells.get(zero, 0) + n_0
    return sum(lgamma(count + delta_d) - lgamma(delta_d) for count in cells.values())


def slow(table, delta, n_0_max, log_prior, saturated):
    """p(n_0), the weights of the graphs and their means, by the published formula."""
    n, n_lists = table.n_observed, len(table.lists)
    joint = {}
    for cliques, separators in decomposable_graphs(n_lists):
        if len(cliques) == 1 and not saturated:
            continue
        row = []
        for n_0 in range(n_0_max + 1):
            value = log_prior(n + n_0) + lgamma(n + n_0 + 1) - lgamma(n_0 + 1)
            value += sum(log_marginal(table, c, n_0, delta) for c in cliques)
            value -= sum(log_marginal(table, s, n_0, delta) for s in separators)
            pairs = len(cliques) - len(separators)
            value += pairs * (lgamma(2**n_lists * delta) - lgamma(n + n_0 + 2**n_lists * delta))
            row.append(value)
        name = ", ".join(sorted(".".join(table.lists[j] for j in sorted(c)) for c in cliques))
        joint["[" + name + "]"] = row
    top = max(max(row) for row in joint.values())
    weights = {name: [exp(value - top) for value in row] for name, row in joint.items()}
    total = sum(sum(row) for row in weights.values())
    posterior = [sum(row[k] for row in weights.values()) / total for k in range(n_0_max + 1)]
    graphs = {
        name: (sum(row) / total, sum((n + k) * w for k, w in enumerate(row)) / sum(row))
        for name, row in weights.items()
    }
    return np.array(posterior), graphs


@pytest.mark.parametrize("table", [THREE, SPARSE, FOUR], ids=["three", "sparse", "four"])
@pytest.mark.parametrize("saturated", [False, True])
@pytest.mark.parametrize(
    ("delta", "prior", "log_prior"),
    [
        (0.125, "1/N", lambda n: -log(n)),
        (1.0, "flat", lambda n: 0.0),
        (0.5, "log-normal(200, 400)", lambda n: -log(n) - (log(n / 200) * 1.2815515655 / log(2)) ** 2 / 2),
        (0.5, "gamma-poisson(3, 20)", lambda n: lgamma(n + 3) - lgamma(n + 1) + n * log(20 / 21)),
    ],
)
def test_the_fast_posterior_is_the_formula_written_out(table, saturated, delta, prior, log_prior):
    most = 40 if table is FOUR else 150  # it takes its time, with 60 graphs
    expected, graphs = slow(table, delta, most, log_prior, saturated)
    found = fit(table, delta=delta, prior_on_n=prior, include_saturated=saturated, n_0_max=most)
    assert found.total.values.tolist() == list(range(table.n_observed, table.n_observed + most + 1))
    assert found.total.probabilities == pytest.approx(expected, abs=1e-10)
    for name, weight, mean in found.tables[0].rows:
        assert (weight, mean) == pytest.approx(graphs[name], rel=1e-9)
    assert len(found.tables[0].rows) == min(20, len(graphs))


def test_the_adaptive_grid_gives_the_sum_over_a_very_long_one():
    free = fit(FOUR, delta=0.5)
    long = fit(FOUR, delta=0.5, n_0_max=300_000)
    assert free.mean == pytest.approx(long.mean, rel=1e-5)
    assert free.interval() == long.interval()
    assert free.diagnostics.ok


def test_two_lists_are_the_closed_form_of_independence():
    table = CaptureTable.from_histories(["A", "B"], {"10": 20, "01": 30, "11": 12})
    delta, n_a, n_b = 0.25, 32, 42
    people = np.arange(62, 2000)
    log_p = np.array(
        [
            lgamma(n + 1) - lgamma(n - 61) - log(n)
            + lgamma(n - n_a + 2 * delta) + lgamma(n - n_b + 2 * delta) - 2 * lgamma(n + 4 * delta)
            for n in people.tolist()
        ]
    )  # fmt: skip
    expected = np.exp(log_p - log_p.max())
    found = fit(table, n_0_max=1999 - 62)
    assert found.total.probabilities == pytest.approx(expected / expected.sum(), abs=1e-10)
    assert [row[:2] for row in found.tables[0].rows] == [("[A, B]", 1.0)]


def test_an_upper_bound_in_the_prior_cuts_the_posterior_there():
    free = fit(THREE, n_0_max=500)
    bounded = fit(THREE, prior_on_n="1/N up to 60")
    kept = free.total.probabilities[: 60 - 18 + 1]
    assert bounded.total.values[-1] == 60
    assert bounded.total.probabilities[-43:] == pytest.approx(kept / kept.sum(), abs=1e-10)
    assert bounded.diagnostics.ok


@settings(max_examples=30, deadline=None)
@given(
    counts=st.lists(st.integers(0, 40), min_size=7, max_size=7),
    order=st.permutations(range(3)),
)
def test_the_order_of_the_lists_never_changes_n_and_n_is_at_least_the_observed(counts, order):
    histories = [[h >> j & 1 for j in range(3)] for h in range(1, 8)]
    table = CaptureTable(["A", "B", "C"], histories, counts)
    turned = table.keep([table.lists[j] for j in order]) if table.n_observed else table
    first, second = fit(table, prior_on_n="1/N up to 5000"), fit(turned, prior_on_n="1/N up to 5000")
    assert type(first) is type(second)
    if isinstance(first, Estimate):
        assert first.mean == pytest.approx(second.mean, rel=1e-9)
        assert first.total.values[0] >= table.n_observed


def test_the_order_of_five_lists_never_changes_n():
    rng = np.random.default_rng(5)
    histories = np.array([[h >> j & 1 for j in range(5)] for h in range(1, 32)])
    table = CaptureTable(list("ABCDE"), histories, rng.poisson(6, 31))
    means = {round(fit(table.keep(order)).mean, 6) for order in list(permutations("ABCDE"))[::30]}
    assert len(means) == 1


def test_the_number_of_workers_changes_no_bit(monkeypatch):
    monkeypatch.setattr(graph_posterior_module, "_GRAPHS_AT_ONCE", 7)
    one, two = fit(FOUR, workers=1), fit(FOUR, workers=2)
    assert one.total.probabilities.tolist() == two.total.probabilities.tolist()
    assert one.tables == two.tables


def test_the_same_data_give_the_same_posterior_whatever_the_seed():
    other = DecomposableGraphs().fit(FOUR, rng=np.random.default_rng(99))
    assert other.total.probabilities.tolist() == fit(FOUR).total.probabilities.tolist()


def test_leaving_out_the_saturated_graph_reports_the_weight_it_would_have():
    with_it, without = fit(THREE, include_saturated=True, n_0_max=2000), fit(THREE, n_0_max=2000)
    weight = {row[0]: row[1] for row in with_it.tables[0].rows}["[A.B.C]"]
    assert f"its weight would be {weight:.2g}." in without.notes[0]
    assert f"has weight {weight:.2g};" in with_it.notes[0]
    assert "[A.B.C]" not in {row[0] for row in without.tables[0].rows}


def test_delta_is_named_as_a_choice():
    assert "delta = 0.0625 is a choice" in fit(FOUR, n_0_max=1000).notes[1]
    assert "prior of weight 0.5 each" in DecomposableGraphs(delta=0.5).assumptions[2]


def test_a_grid_cut_short_is_not_trusted():
    result = fit(THREE, n_0_max=5)
    assert not result.diagnostics.ok
    assert result.diagnostics.sentence.startswith("Not to be trusted: posterior mass outside the grid of N is 0.")


def test_a_posterior_that_never_decays_gives_no_number():
    table = CaptureTable.from_histories(["A", "B", "C"], {"100": 9, "010": 8, "001": 7, "110": 1})
    result = fit(table, delta=0.01, prior_on_n="flat", include_saturated=True)
    assert isinstance(result, NotEstimable)
    assert "never decays" in result.reason
    assert "up to M" in result.reason


def test_a_tail_beyond_every_grid_gives_no_number():
    table = CaptureTable.from_histories(["A", "B", "C"], {"100": 9, "010": 8, "001": 7, "110": 1})
    result = fit(table, delta=0.01, include_saturated=True)
    assert isinstance(result, NotEstimable)
    assert "of the posterior lies above N =" in result.reason


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (CaptureTable(["A"], [[1]], [5]), "at least 2 lists"),
        (CaptureTable.from_histories([*"ABCDEFGH"], {"11111111": 5, "10000000": 1}), "at most 7 lists"),
        (CaptureTable.from_histories(["A", "B", "C"], {"100": 9, "110": 1}), "nobody is on C"),
        (CaptureTable(["A", "B"], [], []), "nobody is on A or B"),
        (CaptureTable.from_histories(["A", "B", "C"], {"110": 9, "001": 1, "111": 2}), "exactly the same people"),
        (CaptureTable.from_histories(["A", "B"], {"10": 9, "01": 3}), "nobody is on more than one list"),
    ],
)
def test_a_table_that_cannot_carry_the_graphs_gives_no_number(table, reason):
    result = fit(table)
    assert isinstance(result, NotEstimable)
    assert reason in result.reason


def test_a_bound_below_the_observed_gives_no_number():
    assert "bounds N by 10, and 18 people were observed" in fit(THREE, prior_on_n="1/N up to 10").reason


def test_a_bound_at_the_observed_leaves_nobody_unseen():
    assert fit(THREE, prior_on_n="1/N up to 18").total.values.tolist() == [18]


def test_all_wrong_settings_are_named_together():
    with pytest.raises(SettingError, match="3 problems") as caught:
        DecomposableGraphs(delta=0, n_0_max=0, prior_on_n="uniform")
    assert [problem.split(" = ")[0] for problem in caught.value.problems] == ["delta", "n_0_max", "prior_on_n"]


@pytest.mark.parametrize("delta", [-1.0, 0.0, float("nan"), float("inf")])
def test_a_delta_that_is_no_weight_is_refused(delta):
    with pytest.raises(SettingError, match="must be above 0"):
        DecomposableGraphs(delta=delta)


def test_settings_written_as_text_make_the_model():
    made = make_model("decomposable", {"delta": "0.5", "prior_on_n": "flat", "n_0_max": "300"})
    assert made == DecomposableGraphs(delta=0.5, prior_on_n="flat", n_0_max=300)


def test_settings_written_as_text_that_are_wrong_are_named_one_by_one():
    with pytest.raises(SettingError, match="model decomposable: 2 problems") as caught:
        make_model("decomposable", {"delta": "-1", "prior_on_n": "uniform"})
    assert [problem.split(" = ")[0] for problem in caught.value.problems] == ["delta", "prior_on_n"]


def test_a_saturated_graph_with_much_weight_is_warned_of_first():
    """The decomposable graphs of five lists with delta 0.5: known to end in the saturated graph with weight 0.995."""
    table = load_table("uk_five_lists")
    warned = fit(table, delta=0.5, include_saturated=True)
    assert warned.notes[0].startswith("Warning: The saturated graph is included and has weight 1")
    assert "does not come from the lists" in warned.notes[0]
    little = fit(load_table("kosovo"), delta=0.5, include_saturated=True)  # weight 0.064
    assert not any(note.startswith("Warning") for note in little.notes)
