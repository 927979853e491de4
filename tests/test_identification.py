"""The identification statement of each model: parameters against observable histories, and what makes N estimable."""

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.models.bayesian_log_linear.averaged import HierarchicalLogLinearAverage
from estimation.models.graphs.chordal_graphs import chordal_graphs
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.log_linear.averaged import LogLinearAverage
from estimation.models.log_linear.heterogeneity import Heterogeneity
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.log_linear.selected import LogLinearSelect
from estimation.models.log_linear.terms import terms_of
from estimation.models.no_highest_order import NoHighestOrderInteraction

KOSOVO = load_table("kosovo")


def statement(model, table=KOSOVO):
    [note] = [note for note in model.fit(table, rng=1).notes if "histories that can be observed" in note]
    return note


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        (LogLinear(), 5),
        (LogLinear("[EXH ABA OSCE][EXH HRW][OSCE HRW]"), 11),
        (LogLinearAverage(), 11),
        (LogLinearSelect(interval="conditional"), 11),
        (Heterogeneity("Mth-Darroch"), 6),
        (HierarchicalLogLinearAverage(prior="unit-information"), 12),
        (DecomposableGraphs(), 12),
    ],
)
def test_a_model_with_fewer_parameters_than_histories_names_its_assumption(model, parameters):
    found = statement(model)
    assert f"has {parameters} parameters for the 15 histories" in found
    assert found.endswith("which no table can show.")


def test_a_saturated_model_fits_any_table_and_its_assumption_alone_gives_the_number():
    found = statement(NoHighestOrderInteraction(xi=2))
    assert "16 parameters for the 15 histories that can be observed, so it fits any table" in found
    assert found.endswith("comes from this alone: the interaction of all lists is known, xi = 2.")


def test_of_a_decomposable_graph_the_parameters_are_its_complete_sets_of_lists():
    graphs = chordal_graphs(4)
    rng = np.random.default_rng(1)
    for graph in rng.choice(len(graphs), 20, replace=False).tolist():
        cliques = [clique for clique in graphs.cliques[graph].tolist() if clique]
        terms = 1 + sum(2 ** near.bit_count() for _, near in graphs.elimination(graph))
        assert terms == terms_of(cliques, 4).sum()


def test_a_log_linear_model_says_where_its_likelihood_bounds_n():
    result = LogLinear().fit(KOSOVO, rng=1)
    interval = result.interval()
    ends = f"{interval.lower:,.0f} to {interval.upper:,.0f} (95 %)"
    assert any(f"the likelihood alone bounds N, with no prior: {ends}" in note for note in result.notes)
