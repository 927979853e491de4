"""Intervals by resampling people."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from estimation.models.log_linear.bootstrap import (
    acceleration,
    bca_intervals,
    in_blocks,
    percentile_intervals,
    resampled,
    without_one,
)
from estimation.results.log_interval import LEVELS

CELLS = np.array([0, 40, 30, 16, 20, 0, 9, 4])


N = 300.0


def test_a_resample_has_no_new_history_and_no_more_people_than_there_are():
    drawn = resampled(CELLS, CELLS.sum() + 1.0, 500, np.random.default_rng(1))
    assert drawn.shape == (500, 8)
    assert (drawn.sum(axis=1) <= CELLS.sum() + 1).all()
    assert (drawn[:, CELLS == 0] == 0).all()


def test_where_nobody_is_unseen_each_resample_has_the_people_observed():
    assert (resampled(CELLS, float(CELLS.sum()), 50, np.random.default_rng(1)).sum(axis=1) == CELLS.sum()).all()


@pytest.mark.parametrize("total", [N, 1e300])
def test_resamples_have_the_mean_and_variance_of_a_multinomial_of_all_people(total):
    # False alarms: one in 10,000 seeds for each cell and moment; the seed is fixed.
    many = 20_000
    drawn = resampled(CELLS, total, many, np.random.default_rng(1))
    counts = np.column_stack([drawn[:, CELLS > 0], drawn.sum(axis=1)])
    mean = np.append(CELLS[CELLS > 0], CELLS.sum())
    left = 1 - mean / total
    variance = mean * left
    fourth = 3 * variance**2 + variance * (1 - 6 * (1 - left) * left)
    assert (np.abs(counts.mean(axis=0) - mean) < 3.9 * np.sqrt(variance / many)).all()
    assert (np.abs(counts.var(axis=0) - variance) < 3.9 * np.sqrt((fourth - variance**2) / many)).all()


def test_one_seed_gives_one_set_of_resamples():
    first, second = (resampled(CELLS, N, 50, np.random.default_rng(3)) for _ in range(2))
    assert (first == second).all()
    assert (resampled(CELLS, N, 50, np.random.default_rng(4)) != first).any()


def test_one_person_is_taken_out_of_each_history_that_has_one():
    tables, people = without_one(CELLS)
    assert people.tolist() == [40, 30, 16, 20, 9, 4]
    assert (CELLS - tables).tolist() == np.eye(8, dtype=int)[CELLS > 0].tolist()


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_workers_change_no_block_and_no_order(workers):
    tables = resampled(CELLS, N, 497, np.random.default_rng(1))
    parts = in_blocks(lambda block: block @ np.arange(8), tables, workers)
    assert [len(part) for part in parts] == [200, 200, 97]
    assert (np.concatenate(parts) == tables @ np.arange(8)).all()


def test_the_acceleration_is_that_of_taking_out_every_person_in_turn():
    # N here is any statistic of the table: people by Lincoln and Petersen on the first two lists.
    def total(cells):
        return (cells[1] + cells[3]) * (cells[2] + cells[3]) / cells[3]

    tables, people = without_one(CELLS)
    each = np.array([total(table) for table in tables])
    one_by_one = np.repeat(each, people)
    moved = one_by_one.mean() - one_by_one
    assert acceleration(each, people) == pytest.approx((moved**3).sum() / (6 * (moved**2).sum() ** 1.5), rel=1e-12)


def test_a_history_whose_removal_leaves_no_estimate_does_not_count_in_the_acceleration():
    each, people = np.array([9.0, np.nan, 9.0, 12.0]), np.array([4, 1, 2, 3])
    kept = np.array([0, 2, 3])
    assert acceleration(each, people) == acceleration(each[kept], people[kept]) != 0
    assert acceleration(np.array([np.nan]), np.array([1])) == 0
    assert acceleration(np.array([7.0, 7.0]), np.array([1, 5])) == 0


@pytest.mark.parametrize("level", [0.5, 0.95])
@pytest.mark.parametrize("method", ["percentile", "BCa"])
def test_limits_are_those_of_scipy_on_the_same_resamples(method, level):
    values = np.random.default_rng(2).exponential(size=40).round(2)
    theirs = bootstrap(
        (values,), np.mean, method=method, confidence_level=level, n_resamples=999, rng=np.random.default_rng(1)
    )
    if method == "percentile":
        ours = percentile_intervals(theirs.bootstrap_distribution, [level])[0]
    else:
        left_out = (values.sum() - values) / (len(values) - 1)
        accelerated = acceleration(left_out, np.ones(40, dtype=np.int64))
        ours = bca_intervals(theirs.bootstrap_distribution, values.mean(), accelerated, [level])[0]
    assert (ours.lower, ours.upper) == pytest.approx(tuple(theirs.confidence_interval), rel=1e-9)


def test_every_level_has_its_interval_and_a_higher_one_contains_a_lower():
    totals = np.random.default_rng(1).lognormal(8, 0.3, 1000)
    for intervals in (percentile_intervals(totals), bca_intervals(totals, 2800.0, 0.04)):
        assert [interval.level for interval in intervals] == list(LEVELS)
        assert {interval.kind for interval in intervals} == {"confidence"}
        assert (np.diff([interval.lower for interval in intervals]) < 0).all()
        assert (np.diff([interval.upper for interval in intervals]) > 0).all()


@pytest.mark.parametrize("value", [0.0, 2000.0])
@pytest.mark.parametrize("accelerated", [-0.5, 0.0, 0.5])
def test_resamples_all_on_one_side_and_a_pole_still_give_limits_among_the_resamples(value, accelerated):
    for interval in bca_intervals(np.arange(1000.0, 1500.0), value, accelerated):
        assert 1000 <= interval.lower <= interval.upper <= 1499


def test_a_bias_of_zero_and_no_acceleration_is_the_percentile_interval():
    totals = np.arange(1000.0, 2001.0)
    corrected, plain = bca_intervals(totals, 1500.0, 0.0), percentile_intervals(totals)
    assert [i.lower for i in corrected] == pytest.approx([i.lower for i in plain], rel=1e-12)
    assert [i.upper for i in corrected] == pytest.approx([i.upper for i in plain], rel=1e-12)
