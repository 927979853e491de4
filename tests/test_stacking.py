"""Stacking by PSIS-LOO: against closed forms, what the weights know, and what is refused.

Most tests use conjugate models of the observed histories, whose leave-one-out predictions are known: with Dirichlet
weights a_w, counts n_w and n people, p_w = (n_w - 1 + a_w) / (n - 1 + sum a).

False alarms are stated where there is randomness; the seeds are fixed.
"""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.optimize import minimize

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.bayesian_log_linear.averaged import HierarchicalLogLinearAverage
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.protocol import provenance_of
from estimation.models.stacking import stack
from estimation.results.convergence import pareto_smoothed
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.totals import Draws

HISTORIES = (np.arange(1, 8)[:, None] >> np.arange(3)) & 1
ON = HISTORIES.sum(axis=1)
DRAWS = 4000


@dataclass(frozen=True)
class Conjugate:
    """Dirichlet on the histories, or on the number of lists with every list alike; n_0 is xi times a fixed formula."""

    alike: bool = False
    weight: float = 1.0
    xi: float = 1.0
    name: str = "conjugate"
    title: str = "Conjugate"
    assumptions: tuple[str, ...] = ("The number on no list is a stated multiple of a formula.",)

    def parameters(self, counts):
        by = ON if self.alike else np.arange(1, 8)
        return np.array([counts[by == part].sum() + self.weight for part in np.unique(by)]), by - 1

    def exact(self, counts):
        a, part = self.parameters(counts)
        return (a[part] - 1) / (a.sum() - 1) / np.bincount(part)[part]

    def fit(self, table, *, rng, workers=1, progress=None):
        rng = np.random.default_rng(rng)
        counts = table.cells()[1:]
        a, part = self.parameters(counts)
        cells = rng.dirichlet(a, DRAWS)[:, part] / np.bincount(part)[part]
        odds = np.exp(np.log(np.maximum(cells, 1e-300)) @ (2.0 * (ON % 2) - 1)) / cells.sum(axis=1) * self.xi
        total = table.n_observed * (1 + np.minimum(odds, 1e6))
        return Estimate(
            Draws(total.astype(np.int64).reshape(4, -1)), table.n_observed, self.name, self.title, self.assumptions,
            Diagnostics(), provenance_of(self, table, rng), predicted=cells,
        )  # fmt: skip


def table_of(counts):
    return CaptureTable(["A", "B", "C"], HISTORIES, counts)


COUNTS = np.array([60, 50, 20, 55, 25, 15, 12])
TABLE = table_of(COUNTS)


def column(result, name):
    scores = result.tables[0]
    return {row[0]: row[scores.columns.index(name)] for row in scores.rows}


def test_smoothed_ratios_leave_one_person_out_as_the_closed_form_does():
    """Monte Carlo: 5 standard errors of the mean of the ratios, one in 1.7 million seeds for each history."""
    for model in (Conjugate(), Conjugate(alike=True)):
        predicted = model.fit(TABLE, rng=1).predicted
        log_weights, shapes = pareto_smoothed(np.log(predicted).T)
        found = (np.exp(log_weights) * predicted.T).sum(axis=1)
        error = found * (1 / predicted).std(axis=0) / (1 / predicted).mean(axis=0) / np.sqrt(DRAWS)
        assert (np.abs(found - model.exact(COUNTS)) < 5 * error).all()
        assert (shapes < 0.5).all()


def test_models_of_one_observed_law_have_one_score_whatever_n_they_give():
    fits = {"one": Conjugate().fit(TABLE, rng=1), "four times": Conjugate(xi=4.0).fit(TABLE, rng=1)}
    assert fits["four times"].median > 1.5 * fits["one"].median
    found = stack(fits, TABLE, rng=1)
    elpd, weights = column(found, "elpd"), column(found, "weight")
    assert elpd["one"] == elpd["four times"]
    assert weights["one"] == weights["four times"] == pytest.approx(0.5)
    assert fits["one"].median < found.median < fits["four times"].median
    assert "say nothing about the people on no list" in found.notes[0]
    assert "do not tell apart one, four times" in found.notes[1]
    # Other draws of the same law: the scores differ by their Monte Carlo error, less than a unit of log score.
    again = stack({"one": fits["one"], "other": Conjugate(xi=4.0).fit(TABLE, rng=2)}, TABLE, rng=1)
    assert abs(np.subtract(*column(again, "elpd").values())) < 0.2


def test_a_small_difference_tells_nothing_apart_however_small_its_standard_error():
    """Seven histories of 20 people: more weight predicts each person a little better, and everybody alike."""
    table = table_of(np.full(7, 20))
    found = stack({f"{a:g}": Conjugate(weight=a).fit(table, rng=1) for a in (1.0, 5.0)}, table, rng=1)
    difference, error = (
        column(found, name)["1"] for name in ("difference from the best", "standard error of the difference")
    )
    assert difference == pytest.approx(140 * np.log(20 / 146 * 174 / 24), abs=0.2)
    assert -difference > 2 * error
    assert "do not tell apart 5, 1" in found.notes[1]


@pytest.mark.parametrize(
    "alike", [pytest.param(True, marks=pytest.mark.slow, id="lists alike"), pytest.param(False, id="lists that differ")]
)
def test_the_weight_goes_to_the_law_that_made_the_lists(alike):
    """30 tables of 300 people; the right model had most of the weight in 92 % (lists alike) and 99 % of 400 others.

    At 92 % fewer than 21 of 30 come once in 14,000 sets of tables.
    """
    law = np.where(alike, np.array([0.6, 0.3, 0.1])[ON - 1] / np.bincount(ON)[ON], np.arange(7, 0, -1) / 28)
    rng, right = np.random.default_rng(5), 0
    for _ in range(30):
        table = table_of(rng.multinomial(300, law))
        fits = {name: Conjugate(alike=name == "alike").fit(table, rng=rng) for name in ("alike", "free")}
        right += column(stack(fits, table, rng=rng), "weight")["alike" if alike else "free"] > 0.5
    assert right >= 21


def test_the_weights_are_the_best_on_the_simplex_by_a_general_optimiser():
    models = {"free": Conjugate(), "alike": Conjugate(alike=True), "flat": Conjugate(weight=200.0)}
    found = stack({label: model.fit(TABLE, rng=1) for label, model in models.items()}, TABLE, rng=1)
    exact = np.array([model.exact(COUNTS) for model in models.values()])
    best = minimize(
        lambda w: -(COUNTS @ np.log(w @ exact)), np.full(3, 1 / 3), bounds=[(0, 1)] * 3,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1}, method="SLSQP", options={"ftol": 1e-12},
    )  # fmt: skip
    weights = np.array([column(found, "weight")[label] for label in models])
    # The scores of the program are of draws, the optimiser's exact: compare what is reached and not where.
    assert COUNTS @ np.log(weights @ exact) == pytest.approx(-best.fun, abs=0.01)
    assert sum(weights) == pytest.approx(1)


def test_the_draws_are_those_of_the_models_by_their_weights_and_the_same_at_the_same_seed():
    fits = {"free": Conjugate().fit(TABLE, rng=1), "alike": Conjugate(alike=True, xi=30.0).fit(TABLE, rng=1)}
    first, again, other = (stack(fits, TABLE, rng=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.total.values, again.total.values)
    assert (first.total.values != other.total.values).any()
    weights = column(first, "weight")
    middle = 0.5 * (fits["free"].interval().upper + fits["alike"].interval().lower)
    if fits["free"].interval().upper < fits["alike"].interval().lower:
        share = (first.total.values > middle).mean()
        assert share == pytest.approx(weights["alike"], abs=0.05)


def test_one_person_whom_the_posterior_rests_on_takes_the_weights_away_unless_the_models_are_there():
    """One person of a history under a prior that hardly expects anybody: the ratios' tail has shape 1."""
    counts = np.array([60, 50, 20, 55, 25, 15, 1])
    table = table_of(counts)
    models = {"free": Conjugate(weight=0.05), "alike": Conjugate(alike=True)}
    fits = {label: model.fit(table, rng=1) for label, model in models.items()}
    refused = stack(fits, table, rng=1)
    assert isinstance(refused, NotEstimable)
    assert "Pareto k is above 0.7 (free: A + B + C)" in refused.reason
    assert column(refused, "histories with too large a k") == {"free": 1, "alike": 0}
    found = stack(fits, table, rng=1, models=models)
    assert isinstance(found, Estimate)
    # What is left is the Monte Carlo error of a probability of 0.0002 whose draws vary by 4.5 times their mean.
    gap = column(found, "elpd")["free"] - counts @ np.log(models["free"].exact(counts))
    assert abs(gap) < 5 * 4.5 / np.sqrt(DRAWS) + 0.05


class TestWhatIsRefused:
    def test_all_that_is_wrong_is_named_together(self):
        own = Conjugate().fit(TABLE, rng=1)
        fits = {
            "bound": ChaoLowerBound().fit(TABLE, rng=1),
            "other table": Conjugate().fit(table_of(COUNTS + 1), rng=1),
            "from a file": replace(own, predicted=None),
            "own": own,
        }
        with pytest.raises(SettingError) as refused:
            stack(fits, TABLE, rng=1)
        text = str(refused.value)
        for part in (
            "bound is a classical estimate", "other table was fitted to another table",
            "from a file has no draws of the histories",
        ):  # fmt: skip
            assert part in text
        assert "own " not in text

    def test_one_model_alone(self):
        with pytest.raises(SettingError, match="1 results; stacking weighs two Bayesian models or more"):
            stack({"own": Conjugate().fit(TABLE, rng=1)}, TABLE, rng=1)


@pytest.fixture(scope="module")
def kosovo():
    models = {
        "graphs": DecomposableGraphs(),
        "hierarchical": HierarchicalLogLinearAverage("unit-information"),
        "with heterogeneity": HierarchicalLogLinearAverage("unit-information", family="with heterogeneity"),
    }
    return {label: model.fit(load_table("kosovo"), rng=1) for label, model in models.items()}


def test_packaged_models_have_the_draws_that_it_needs(kosovo):
    found = stack(kosovo, load_table("kosovo"), rng=1)
    assert found.diagnostics.ok
    medians = [result.median for result in kosovo.values()]
    assert min(medians) <= found.median <= max(medians)
    assert found.assumptions[0].endswith("no list can show whether it should be.")
    assert len(found.assumptions) == 4


def test_a_model_that_does_not_check_its_fit_is_refused_with_what_to_do(kosovo):
    bare = HierarchicalLogLinearAverage("unit-information", fit_check=False).fit(load_table("kosovo"), rng=1)
    with pytest.raises(SettingError, match="of a model with fit_check"):
        stack({**kosovo, "bare": bare}, load_table("kosovo"), rng=1)
