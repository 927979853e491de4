"""The moves of the partition sampler against a plain density: all partitions of few records, counted and computed."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from plain_partition import PlainDensity, encoded, near_values
from scipy.stats import chi2

from estimation.linkage.encoded import CandidatePairs
from estimation.linkage.partition_chain import (
    coded_records,
    new_output,
    new_partition,
    new_workspace,
    numbered,
)
from estimation.linkage.partition_constraints import units_of
from estimation.linkage.partition_kernel import sweep
from estimation.linkage.partition_rates import PartitionPrior, first_rates
from estimation.linkage.value_frequencies import value_frequencies

NAMES = near_values([[0, 1, 3, 3], [1, 0, 2, 3], [3, 2, 0, 3], [3, 3, 3, 0]])
DAYS = near_values(
    [[0, 1, 3, 0], [1, 0, 3, 0], [3, 3, 0, 3], [0, 0, 3, 0]]
)  # the last: a year, compatible with two days
HAS = (True, True, True, True)
FIELDS = [("given", "person", NAMES, HAS), ("family", "household", NAMES, HAS), ("event day", "household", DAYS, HAS)]
FALSE_ALARM = 1e-4
"""Of each comparison below; a wrong move fails each with certainty."""


def all_pairs(n):
    first, second = np.triu_indices(n, 1)
    return CandidatePairs(first, second, np.zeros(len(first)))


def counted(records, rates, values, *, with_households, n_sweeps, must_link=(), must_not_link=(), seed=1):
    """How often each partition is visited, every 10th sweep, and how many visits those are worth."""
    apart = list(must_not_link)
    units = units_of(records, must_link, apart)
    coded = coded_records(records, values, all_pairs(records.n_records), units, apart, with_households=with_households)
    rng = np.random.default_rng(seed)
    start = np.empty(records.n_records, dtype=np.int64)
    for unit in units:
        start[unit] = min(unit)
    state = new_partition(coded, start, rng, rates)
    visited = np.empty((n_sweeps, records.n_records), dtype=np.int64)
    sweep.run_sweeps(
        n_sweeps,
        3,
        visited,
        np.arange(len(units)),
        coded,
        rates,
        state,
        new_workspace(coded),
        new_output(coded),
        rng,
    )
    rows, inverse = np.unique(visited[::5], axis=0, return_inverse=True)
    labels = [tuple(numbered(row).tolist()) for row in rows]
    counts: dict[tuple[int, ...], int] = {}
    for label, times in zip(labels, np.bincount(inverse), strict=True):
        counts[label] = counts.get(label, 0) + int(times)
    return counts


def p_value(counts, log_posterior):
    """Chi-square of counts against probabilities; cells that expect fewer than 5 are one."""
    total = sum(counts.values())
    assert set(counts) <= set(log_posterior), "a partition was visited that has no density"
    expected = {label: total * np.exp(log) for label, log in log_posterior.items()}
    large = [label for label, mean in expected.items() if mean >= 5]
    seen = np.array([counts.get(label, 0) for label in large])
    mean = np.array([expected[label] for label in large])
    if total - mean.sum() > 5:
        seen, mean = np.append(seen, total - seen.sum()), np.append(mean, total - mean.sum())
    assert len(mean) > 2
    return float(chi2.sf(((seen - mean) ** 2 / mean).sum(), len(mean) - 1))


def case(*, codes, list_of, lists=("a", "b"), readings=None, duplicate_free=None, with_households=True, fields=FIELDS):
    """Records, their values and parameters under which many partitions are likely."""
    records = encoded(lists, list_of, fields, codes, readings=readings, duplicate_free=duplicate_free)
    values = value_frequencies(records)
    prior = PartitionPrior(with_households=with_households)
    rates = first_rates(records, values, prior)
    n_fields = len(fields)
    rng = np.random.default_rng(5)
    rates.errors[:] = rng.uniform(0.1, 0.4, rates.errors.shape)
    rates.error_levels[:, 1:] = rng.dirichlet([3, 3, 3], size=n_fields)
    rates.discount[:] = rng.uniform(-0.5, 0.3, n_fields)
    rates.concentration[:] = rng.uniform(1, 4, n_fields)
    rates.people_per_record[:] = rng.uniform(0.6, 0.9, n_fields)
    rates.near_errors[:] = rng.uniform(0.3, 0.7, n_fields)
    rates.bad[:] = 0.3
    rates.log_duplicates[~records.duplicate_free] = np.log(0.3)
    rates.log_truncation[~records.duplicate_free] = np.log(np.expm1(0.3))
    rates = rates._replace(household_weight=3.0, shared=np.array([0.5, 0.8, 0.4]))
    return records, values, rates


FOUR = {"codes": [[0, 0, 0], [1, 0, 3], [0, 1, 1], [2, 0, -1]], "list_of": [0, 1, 1, 0]}
FIVE = {"codes": [[0, 0, 0], [1, 0, 3], [0, 1, 1], [2, 0, -1], [0, 0, 2]], "list_of": [0, 1, 1, 0, 1]}
CASES = {
    "without households": (FIVE | {"with_households": False}, {}),
    "households": (FOUR, {}),
    "readings": (FOUR | {"readings": [(0, 1, [0, 1, 0]), (3, 1, [0, 2, -1])]}, {}),
    "duplicate-free": (FIVE | {"duplicate_free": [True, False], "with_households": False}, {}),
    "decisions": (FIVE | {"with_households": False}, {"must_link": [(0, 3)], "must_not_link": [(1, 2), (3, 4)]}),
    "decisions and households": (FOUR, {"must_link": [(0, 3)], "must_not_link": [(1, 2)]}),
}


@pytest.mark.parametrize("name", CASES)
def test_partitions_are_visited_as_often_as_the_density_of_all_of_them_says(name):
    settings, decisions = CASES[name]
    records, values, rates = case(**settings)
    with_households = settings.get("with_households", True)
    expected = PlainDensity(records, values, rates, with_households=with_households).log_posterior(**decisions)
    counts = counted(records, rates, values, with_households=with_households, n_sweeps=6_000, **decisions)
    assert p_value(counts, expected) > FALSE_ALARM


def test_the_comparison_finds_a_density_that_is_wrong_by_a_little():
    """Planted: lambda of one list is half as large again in the density as in the moves."""
    records, values, rates = case(**FIVE, with_households=False)
    counts = counted(records, rates, values, with_households=False, n_sweeps=16_000)
    rates.log_duplicates[0] = np.log(0.45)
    rates.log_truncation[0] = np.log(np.expm1(0.45))
    assert p_value(counts, PlainDensity(records, values, rates).log_posterior()) < FALSE_ALARM


def test_the_cached_file_names_the_state_of_those_that_it_calls():
    parts = sorted(path for path in Path(sweep.__file__).parent.glob("*.py") if path.name != "sweep.py")
    found = hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()
    assert found == sweep.PARTS_SHA256, f"write {found} into PARTS_SHA256 of partition_kernel/sweep.py"
