"""Worlds of invented people and their name lists: the truth fits the lists, and each kind of world is what it says."""

from functools import cache

import numpy as np
import pytest

from estimation.simulation.misheard import misheard
from estimation.simulation.name_world_families import world_of_families
from estimation.simulation.name_world_independent import misspelt, world_of_independent_errors

WORLDS = {"independent": world_of_independent_errors, "families": world_of_families}
LARGE = [(kind, seed) for kind in WORLDS for seed in (2, 3, 4)]


@cache
def large_world(kind, seed):
    """A world of 3,000 people, made once for all tests of it."""
    return WORLDS[kind](3000, rng=seed)


def records_of(world):
    return [record for each in world.lists for record in each.linkable]


def wrong_fields(world):
    """Whether given name, family name and birth year of each record are not those of its person; NaN where missing."""
    rows = []
    for person, record in zip(world.persons, records_of(world), strict=True):
        true, written = world.people[person], record.names[0]
        years = record.birth and record.birth.first.year != true.birth.first.year
        rows.append([written.given != true.given, written.family != true.family, np.nan if years is None else years])
    return np.array(rows, dtype=float)


@pytest.mark.parametrize("kind", WORLDS)
def test_the_same_seed_gives_the_same_world_and_another_seed_another(kind):
    one, again, other = (WORLDS[kind](60, rng=seed) for seed in (5, 5, 6))
    assert one.lists == again.lists
    assert np.array_equal(one.persons, again.persons)
    assert one.lists != other.lists


@pytest.mark.parametrize("kind", WORLDS)
def test_the_truth_has_a_person_for_every_record_and_nobody_else(kind):
    world = WORLDS[kind](200, rng=1)
    assert len(records_of(world)) == len(world.persons) == world.n_records
    assert set(world.persons.tolist()) <= set(range(world.n_total))
    assert world.table.n_observed == world.n_people < world.n_total == 200
    for at, each in enumerate(world.lists):
        own = world.persons[world.list_of == at]
        assert world.table.list_sizes[at] == len(np.unique(own)) <= len(each.linkable)


def test_errors_are_independent_in_the_one_world_and_come_together_in_the_other():
    """Correlation of two fields' errors over some 4,000 records: standard error .016, so 4 of them are .064."""
    strongest = {}
    for kind in WORLDS:
        wrong = wrong_fields(large_world(kind, 2))
        wrong = wrong[~np.isnan(wrong).any(axis=1)]
        strongest[kind] = np.corrcoef(wrong.T)[np.triu_indices(3, 1)]
    assert np.abs(strongest["independent"]).max() < 0.064
    assert strongest["families"].min() > 0.064


def test_families_share_name_place_and_day_and_are_caught_unevenly():
    world = large_world("families", 3)
    alike = {}
    for person in world.people:
        alike.setdefault((person.family, person.father, person.place, person.event), []).append(person.given)
    siblings = [names for names in alike.values() if len(names) > 1]
    assert sum(map(len, siblings)) > 300
    # Twins of one given name would be people whom no linkage could tell apart.
    assert sum(len(set(names)) < len(names) for names in siblings) < 5
    patterns, counts = world.table.patterns, world.table.counts
    on_all, expected = counts[patterns.all(axis=1)].sum(), 3000 * np.prod(world.table.list_sizes / 3000)
    # Independent lists would have 46 +- 7 people on all four; uneven capture makes it many more.
    assert on_all > expected + 6 * np.sqrt(expected)


def test_clerks_who_exchange_given_and_family_name_are_there():
    """Of some 5,000 records 2 to 3 % by some 15 % of 200 clerks: the bounds are four standard deviations away."""
    world = large_world("families", 4)
    turned = sum(
        record.names[0].family == world.people[person].given
        for person, record in zip(world.persons, records_of(world), strict=True)
    )
    assert 30 < turned < 200


def test_a_misspelt_name_is_near_and_a_misheard_one_follows_the_rules():
    rng = np.random.default_rng(5)
    assert all(misspelt("karim", errors, rng) != "karim" for errors in (1, 2) for _ in range(200))
    heard = {misheard("karin", rng) for _ in range(200)}
    assert heard == {"karin", "karen"}
    assert {misheard("karan", rng) for _ in range(200)} == {"karan", "kar"}
    assert misheard("llo", rng) == "llo"


@pytest.mark.parametrize(("kind", "seed"), LARGE)
def test_every_date_that_is_written_wrongly_is_still_a_date(kind, seed):
    """Wrong months and days meet in some 600 records of a world of 3,000: 31 September comes up in each."""
    assert large_world(kind, seed).n_records > 3000
