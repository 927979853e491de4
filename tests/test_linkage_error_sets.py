"""The sampler of `benchmarks/linkage_error_sets.py` against plain sums over all sets of wrong fields."""

import itertools
import sys
from pathlib import Path

import numpy as np
import pytest
from plain_partition import PlainDensity, partitions
from scipy.special import logsumexp
from scipy.stats import binomtest
from test_partition_kernel import FALSE_ALARM, FOUR, all_pairs, case, p_value

from estimation.linkage.partition_chain import numbered

pytestmark = pytest.mark.slow
VARIANTS = ("qualities", "table")


@pytest.fixture(scope="module")
def benchmark_file():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(Path(__file__).parent.parent / "benchmarks"), *sys.path])
        import linkage_error_sets

        yield linkage_error_sets


def chain_of(benchmark_file, variant):
    """A chain on four records under parameters that make many partitions likely, and p_k(S)."""
    records, values, rates = case(**FOUR, with_households=False)
    rng = np.random.default_rng(1)
    chain = benchmark_file.Chain(records, all_pairs(4), np.arange(4), variant, rng)
    chain.rates = rates
    if variant == "table":
        chain.law.of_lists = rng.dirichlet(np.full(8, 0.7), size=2)
        law = {(k, sets): chain.law.of_lists[k, bits(sets)] for k in range(2) for sets in all_sets()}
    else:
        law = {(k, sets): by_qualities(rates, k, sets) for k in range(2) for sets in all_sets()}
    return chain, PlainDensity(records, values, rates), law


def all_sets():
    return list(itertools.product((0, 1), repeat=3))


def bits(sets):
    return sum(wrong << f for f, wrong in enumerate(sets))


def by_qualities(rates, k, sets):
    shares = (1 - rates.bad[k], rates.bad[k])
    errors = rates.errors[k]
    return sum(
        shares[z] * np.prod([errors[f, z] if wrong else 1 - errors[f, z] for f, wrong in enumerate(sets)])
        for z in (0, 1)
    )


def likelihoods(density, law, group):
    """L of a group for every choice of the sets of wrong fields of its records."""
    records, found = density.records, {}
    for sets in itertools.product(all_sets(), repeat=len(group)):
        weight = np.prod([law[records.list_of[r], own] for r, own in zip(group, sets, strict=True)])
        for f in range(3):
            rows = [(int(records.codes[r, f]), own[f]) for r, own in zip(group, sets, strict=True)]
            shown = [(x, error) for x, error in rows if x >= 0]
            if len(shown) > 1:
                terms, none = density.terms(f, shown)
                weight *= sum(terms.values()) + none
        found[sets] = weight
    return found


def log_posterior(density, law):
    of_group, found = {}, {}
    for people in partitions(list(range(4))):
        for group in map(tuple, people):
            if group not in of_group:
                of_group[group] = np.log(sum(likelihoods(density, law, group).values()))
        labels = np.empty(4, dtype=int)
        for group in people:
            labels[group] = min(group)
        found[tuple(numbered(labels).tolist())] = density.log_prior(people) + sum(of_group[tuple(g)] for g in people)
    whole = logsumexp(list(found.values()))
    return {labels: log - whole for labels, log in found.items()}


def counted(chain, n_sweeps):
    """How often each partition is visited, every fifth sweep."""
    visited = np.empty((n_sweeps, 4), dtype=np.int64)
    chain.sweep(n_sweeps, visited)
    rows, times = np.unique([numbered(row) for row in visited[::5]], axis=0, return_counts=True)
    return dict(zip(map(tuple, rows.tolist()), times.tolist(), strict=True))


@pytest.mark.parametrize("variant", VARIANTS)
def test_partitions_are_visited_as_often_as_sums_over_all_sets_say(benchmark_file, variant):
    """A right sampler fails with probability 1e-4."""
    chain, density, law = chain_of(benchmark_file, variant)
    assert p_value(counted(chain, 20_000), log_posterior(density, law)) > FALSE_ALARM


def test_with_two_qualities_the_sums_are_those_of_the_density_that_ships(benchmark_file):
    _, density, law = chain_of(benchmark_file, "qualities")
    plain, shipped = log_posterior(density, law), density.log_posterior()
    assert plain == {labels: pytest.approx(log, abs=1e-9) for labels, log in shipped.items()}


def test_a_table_that_is_another_is_found_out(benchmark_file):
    """Planted: the probabilities of no wrong field and of one are exchanged on one list."""
    chain, density, law = chain_of(benchmark_file, "table")
    law[0, (0, 0, 0)], law[0, (1, 0, 0)] = law[0, (1, 0, 0)], law[0, (0, 0, 0)]
    assert p_value(counted(chain, 20_000), log_posterior(density, law)) < FALSE_ALARM


@pytest.mark.parametrize("variant", VARIANTS)
def test_fields_are_drawn_wrong_as_often_as_sums_over_all_sets_say(benchmark_file, variant):
    """All four records are one person; a right draw fails in one of the twelve cells with probability below 1e-3."""
    chain, density, law = chain_of(benchmark_file, variant)
    together = benchmark_file.Chain(chain.records, all_pairs(4), np.zeros(4, dtype=np.int64), variant, chain.rng)
    together.rates, together.law = chain.rates, chain.law
    n, wrong = 4_000, np.zeros((4, 3), dtype=int)
    for _ in range(n):
        together.sweep(0)
        wrong += together.output.wrong == 1
    found = likelihoods(density, law, range(4))
    expected = sum(np.array(sets) * weight for sets, weight in found.items()) / sum(found.values())
    shows = chain.records.codes >= 0
    assert (wrong[~shows] == 0).all()
    assert all(
        binomtest(int(times), n, share).pvalue > 5e-5
        for times, share in zip(wrong[shows], np.clip(expected[shows], 0, 1), strict=True)
    )


def test_a_table_learns_that_exactly_one_field_is_wrong(benchmark_file):
    """600 records a list of which one field is wrong, a fifth of the cells unknown; the share is .9 +- .05 or more."""
    rng = np.random.default_rng(1)
    wrong = np.eye(3, dtype=np.int8)[rng.integers(3, size=1200)]
    wrong[rng.random(wrong.shape) < 0.2] = -1
    table = benchmark_file.Table(np.array(all_sets()) == 1, 2)
    for _ in range(50):
        table.draw(np.repeat([0, 1], 600), wrong, rng)
    one = np.array(all_sets()).sum(axis=1) == 1
    assert (table.of_lists[:, one].sum(axis=1) > 0.85).all()
