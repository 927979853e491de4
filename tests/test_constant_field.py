"""A field in which all records agree says nothing: it links nobody."""

from dataclasses import replace
from datetime import date

import numpy as np

from estimation.linkage.candidates import candidate_pairs
from estimation.linkage.encode import encode
from estimation.linkage.sampler import sample_partitions
from estimation.lists.days import Days
from estimation.simulation.name_world_independent import world_of_independent_errors


def people(lists):
    """The mean number of people over the draws."""
    encoded = encode(lists)
    drawn = sample_partitions(encoded, candidate_pairs(lists, encoded), rng=1, sweeps=60)
    return float(np.mean(drawn.persons.max(axis=2) + 1))


def test_lists_of_one_year_have_as_many_people_as_the_same_lists_without_the_year():
    """The chains' error of the mean is below one person of 85; with the year every link was rewarded: a third fewer."""
    world = world_of_independent_errors(100, rng=2)
    year = Days.between(date(1988, 1, 1), date(1989, 1, 1))
    dated = [
        replace(each, records=tuple(replace(record, event=year) for record in each.records)) for each in world.lists
    ]
    without, with_year = people(world.lists), people(dated)
    assert abs(with_year - without) < 4
    assert abs(with_year - world.n_people) < 5
