"""The range across families: its families, its ends, what it refuses, and how often it holds N."""

import json

import numpy as np
import pytest

import estimation as mse
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.log_linear.averaged import LogLinearAverage
from estimation.models.robust_range import RobustRange, robust_range
from estimation.results.as_json import summary_of
from estimation.results.estimates import Estimate, NotEstimable
from estimation.simulation import load_scenario, simulate

FOUR = ("independent", "dependent_pair", "two_hidden_classes", "partial_coverage")


def drawn(scenario, seed):
    return simulate(load_scenario(scenario), rng=seed).table


def members(result):
    return {row[0]: dict(zip(result.tables[0].columns, row, strict=True)) for row in result.tables[0].rows}


def test_the_range_reaches_from_the_lowest_to_the_highest_end_of_the_families_in_it():
    result = robust_range(drawn("two_hidden_classes", 3), rng=1, bayes_factor=1e300)
    rows = members(result)
    assert list(rows) == ["without heterogeneity", "Darroch", "Gamma2.5"]
    assert {row["in the range"] for row in rows.values()} == {"yes"}
    assert result.interval().lower == pytest.approx(min(row["2.5 % (persons)"] for row in rows.values()))
    assert result.interval().upper == pytest.approx(max(row["97.5 % (persons)"] for row in rows.values()))


def test_a_family_that_the_lists_speak_against_is_left_out_and_named():
    """Two lists exchange cases: people who differ would make every pair of lists dependent, and only one is."""
    table = drawn("dependent_pair", 2)
    strict, all_in = robust_range(table, rng=1), robust_range(table, rng=1, bayes_factor=1e300)
    out = [label for label, row in members(strict).items() if row["in the range"] == "no"]
    assert out
    assert all(members(strict)[label]["Bayes factor against it"] > 3 for label in out)
    assert any(note.startswith("Left out") and out[0] in note for note in strict.notes)
    lengths = [each.interval().upper - each.interval().lower for each in (strict, all_in)]
    assert lengths[0] < lengths[1]


@pytest.mark.filterwarnings("error")
def test_evidence_that_no_number_can_hold_is_written_in_words():
    """A million people, and a dependence of three lists that no form of heterogeneity gives."""
    counts = [100000, 150000, 20000, 120000, 15000, 30000, 5000, 300000, 40000, 60000, 9000, 80000, 11000, 50000, 10000]
    table = CaptureTable(list("ABCD"), [[h >> (3 - j) & 1 for j in range(4)] for h in range(1, 16)], counts)
    result = robust_range(table, rng=1)
    assert [row["Bayes factor against it"] for row in members(result).values()] == [1.0, "above 1e+300", "above 1e+300"]
    assert members(result)["Darroch"]["in the range"] == "no"


def test_the_ends_of_a_family_are_quantiles_of_the_mixture_of_its_models():
    """A million draws put the ends within 5 standard errors; they fail by chance once in a million."""
    table = mse.load_table("kosovo")
    row = members(robust_range(table, rng=1))["without heterogeneity"]
    average = LogLinearAverage(criterion="bic-of-cells")
    from estimation.models.log_linear.selected import explore

    family = explore(table, average.criterion, "hierarchical")
    rng, n = np.random.default_rng(5), table.n_observed
    which = rng.choice(len(family), 1_000_000, p=family.weights("bic-of-cells"))
    unseen, error = family.fits.unseen[which], family.fits.standard_error[which]
    draws = n + np.exp(np.log(unseen) + np.sqrt(np.log1p((error / unseen) ** 2)) * rng.standard_normal(which.size))
    for name, p in (("2.5 % (persons)", 0.025), ("median N (persons)", 0.5), ("97.5 % (persons)", 0.975)):
        assert (draws < row[name]).mean() == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / which.size))


def test_its_interval_says_what_it_is_wherever_it_stands():
    result = robust_range(mse.load_table("kosovo"), rng=1)
    assert isinstance(result, Estimate)
    assert result.interval().kind == result.interval_kind == "range across families"
    assert "95 % range across families" in str(result)
    assert "confidence interval " not in str(result) + result._repr_html_().replace("no confidence interval", "")
    assert mse.compare({"range": result}).loc[0, "interval_kind"] == "range across families"
    assert "range across families" in json.dumps(summary_of(result))
    assert any("no confidence interval" in note for note in result.notes)


def test_it_draws_nothing_and_its_ranges_lie_one_in_the_other():
    table = mse.load_table("kosovo")
    one, two = robust_range(table, rng=1), RobustRange().fit(table, rng=2)
    assert one.total.intervals == two.total.intervals
    for inner, outer in zip(one.total.intervals, one.total.intervals[1:], strict=False):
        assert outer.lower <= inner.lower <= one.median <= inner.upper <= outer.upper


def many_lists():
    on = np.eye(34, dtype=int) + np.eye(34, k=1, dtype=int)
    return CaptureTable([f"L{j}" for j in range(34)], on, np.arange(5, 39))


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (CaptureTable(["A"], [[1]], [50]), "at least 3 lists and the table has 1"),
        (
            CaptureTable.from_histories(["A", "B"], {"10": 30, "01": 20, "11": 8}),
            "at least 3 lists and the table has 2",
        ),
        (CaptureTable(["A", "B", "C"], np.eye(3, dtype=int), [30, 20, 10]), "nobody is on more than one list"),
        (many_lists(), "takes at most 8 lists and the table has 34"),
    ],
    ids=["one list", "two lists", "no overlap", "34 lists"],
)
def test_tables_that_carry_no_range_get_a_reason(table, reason):
    result = robust_range(table, rng=1)
    assert isinstance(result, NotEstimable)
    assert reason in result.reason


def test_a_family_without_an_estimate_is_named():
    """Nobody is on three lists: forms of heterogeneity that only they could show have no maximum or a negative one."""
    histories = {"100": 40, "010": 30, "001": 20, "110": 26, "011": 4, "101": 5}
    result = robust_range(CaptureTable.from_histories(["A", "B", "C"], histories), rng=1)
    refused = [label for label, row in members(result).items() if row["median N (persons)"] == ""]
    assert refused == ["Darroch", "Gamma2.5"]
    assert any(note.endswith("on this table: Darroch, Gamma2.5.") for note in result.notes)


def test_settings_that_cannot_be_are_refused_together():
    with pytest.raises(SettingError, match=r"(?s)shapes = 'Chao'.*bayes_factor = 0.5"):
        RobustRange(shapes=("Chao",), bayes_factor=0.5)


@pytest.mark.parametrize("scenario", FOUR)
def test_the_range_holds_the_true_number(scenario):
    """40 tables.  At 93 %, fewer than 32 of 40 hold N in 4 of 1,000 sets of tables."""
    found = [robust_range(drawn(scenario, seed), rng=1).interval() for seed in range(200, 240)]
    assert sum(interval.lower <= 2500 <= interval.upper for interval in found) >= 32


def test_an_average_over_alike_people_does_not_hold_it_where_they_differ():
    """The control: the same tables, of which the average without heterogeneity holds N in none (0 of 200 measured)."""
    found = [LogLinearAverage().fit(drawn("two_hidden_classes", seed), rng=1).interval() for seed in range(200, 240)]
    assert sum(interval.lower <= 2500 <= interval.upper for interval in found) <= 3
