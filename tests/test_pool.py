"""Pooling over tables that are draws of what was not known."""

from pathlib import Path

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.classical.two_lists import Chapman
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.pool import pool
from estimation.results.totals import Draws

COLOMBIA = Path(__file__).parent.parent.parent / "shared" / "data" / "colombia_disappearance_draws.parquet"

# Published with the report of the Colombian truth commission: documented; lower end, mean, upper end.
PUBLISHED = {
    "1985": (2_110, 2_286, 2_502),
    "2001": (10_200, 14_220, 23_360),
    "2002": (18_187, 21_850, 26_530),
    "2016": (1_419, 1_740, 2_770),
}


def drawn(values, n_observed):
    provenance = Provenance("0" * 64, "0", "1", ())
    return Estimate(Draws(np.atleast_2d(values)), n_observed, "m", "M", ("assumed",), Diagnostics(), provenance)


def on_tables(model, n=4):
    tables = [CaptureTable.from_histories(["A", "B"], {"10": 50 + 9 * k, "01": 40, "11": 20}) for k in range(n)]
    return [model.fit(table, rng=1) for table in tables]


@pytest.mark.skipif(not COLOMBIA.exists(), reason="the public draws are not beside the project")
@pytest.mark.parametrize("year", PUBLISHED)
def test_the_rule_of_the_truth_commission_gives_what_it_published(year):
    import pandas as pd

    frame = pd.read_parquet(COLOMBIA)
    frame = frame[frame.stratum_name.astype(str) == year]
    results = [drawn(of.N.to_numpy(), int(of.n_obs.iloc[0])) for _, of in frame.groupby("replica")]
    pooled = pool(results, rule="truth commission")
    interval = pooled.interval()
    assert (round(interval.lower, -1), round(interval.upper, -1)) == (
        round(PUBLISHED[year][0], -1),
        round(PUBLISHED[year][2], -1),
    )
    assert round(pooled.median) == PUBLISHED[year][1]


def test_stacked_draws_are_all_draws_with_the_same_weight_for_each_table():
    pooled = pool([drawn(np.arange(100, 200), 90), drawn(np.arange(300, 400), 80)])
    assert sorted(pooled.total.values.ravel().tolist()) == [*range(100, 200), *range(300, 400)]
    assert pooled.n_observed == 85


def test_exact_posteriors_are_mixed_exactly():
    results = on_tables(NoHighestOrderInteraction())
    assert pool(results).mean == pytest.approx(np.mean([each.mean for each in results]))


def test_rubins_interval_is_longer_the_more_the_tables_differ_and_that_of_the_commission_longer_still():
    rng = np.random.default_rng(1)

    def length(apart, rule):
        results = [drawn(100 + np.exp(rng.normal(5 + apart * k, 0.2, 4000)).astype(int), 100) for k in range(5)]
        interval = pool(results, rule=rule).interval()
        return interval.upper - interval.lower

    assert length(0.0, "rubin") < length(0.1, "rubin") < length(0.3, "rubin") < length(0.3, "truth commission")


def test_rubins_rule_of_equal_tables_is_the_answer_of_one():
    results = on_tables(Chapman(lists=("A", "B")), n=1) * 3
    pooled, alone = pool(results, rule="rubin"), results[0]
    assert pooled.median == pytest.approx(alone.median)
    assert pooled.interval().upper == pytest.approx(alone.interval().upper, rel=1e-6)


def test_one_table_without_a_number_leaves_the_pool_without_one():
    results = on_tables(Chapman(lists=("A", "B")))
    missing = NotEstimable(5, "chapman", "Chapman", "nobody is on both", ("a",), results[0].provenance)
    found = pool([*results, missing], rule="rubin")
    assert isinstance(found, NotEstimable)
    assert "1 of 5 tables gave no number, the first because nobody is on both" in found.reason


@pytest.mark.parametrize(
    ("results", "rule", "words"),
    [
        (on_tables(Chapman(lists=("A", "B"))), "mean", "there is no rule 'mean'"),
        (on_tables(Chapman(lists=("A", "B")), n=1), "rubin", "pooling needs two or more"),
        (on_tables(Chapman(lists=("A", "B"))), "stacked", "no draws to stack; use rule='rubin'"),
        (on_tables(ChaoLowerBound()), "rubin", "bounds cannot be pooled"),
        ([*on_tables(Chapman(lists=("A", "B"))), *on_tables(NoHighestOrderInteraction())], "rubin", "of 2 models"),
    ],
)
def test_what_cannot_be_pooled_is_said(results, rule, words):
    with pytest.raises(ValueError, match=words):
        pool(results, rule=rule)
