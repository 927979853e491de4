"""`sample_partitions` on invented people: what it gives, who is linked, what ends it, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest
from encoded_people import pairs_that_agree, people_on_lists, ring
from plain_partition import encoded

from estimation.linkage.encoded import CandidatePairs
from estimation.linkage.partition_checks import partition_checks
from estimation.linkage.partition_constraints import DecisionsError
from estimation.linkage.sampler import PartitionPrior, sample_partitions


@pytest.fixture(scope="module")
def world():
    records, owners = people_on_lists(np.random.default_rng(8), 60)
    return records, pairs_that_agree(records), owners


def test_the_same_seed_gives_the_same_bytes_whatever_the_number_of_workers(world):
    records, pairs, _ = world
    one, two = (sample_partitions(records, pairs, rng=3, sweeps=30, workers=workers) for workers in (1, 2))
    assert one.persons.tobytes() == two.persons.tobytes()
    assert one.log_likelihood.tobytes() == two.log_likelihood.tobytes()
    other = sample_partitions(records, pairs, rng=4, sweeps=30)
    assert other.persons.tobytes() != one.persons.tobytes()


def test_opposite_starts_agree_on_the_number_of_people_and_each_draw_is_numbered_in_order(world):
    """The truth lies within the range of all draws: false alarm well below 1 in 100 by 300 draws of a fixed seed."""
    records, pairs, owners = world
    draws = sample_partitions(records, pairs, rng=1, sweeps=150)
    assert draws.n_people.min() <= len(np.unique(owners)) <= draws.n_people.max()
    for drawn in draws.persons.reshape(-1, records.n_records)[::50]:
        first = np.unique(drawn, return_index=True)[1]
        assert (np.diff(first) > 0).all()
    checks = {check.name: check for check in partition_checks(draws, records.list_of, records.lists)}
    assert checks["R-hat of people"].passed
    assert "people on list 1 and list 2 only" in "".join(checks)
    bad = draws.share_bad[:, None]
    wrong = (1 - bad) * draws.error_rates[..., 0] + bad * draws.error_rates[..., 1]
    assert ((draws.error_ends[..., 0] < wrong) & (wrong < draws.error_ends[..., 1])).all()
    linked = draws.link_probability > 0.9
    same = owners[pairs.first] == owners[pairs.second]
    assert same[linked].mean() > 0.9


def test_decisions_bind_every_draw(world):
    records, pairs, _ = world
    apart = (int(pairs.first[0]), int(pairs.second[0]))
    lonely = next(r for r in range(records.n_records) if r not in apart)
    draws = sample_partitions(
        records, pairs, rng=1, sweeps=40, burn_in=0, must_link=[(lonely, apart[0])], must_not_link=[apart]
    )
    assert (draws.persons[..., lonely] == draws.persons[..., apart[0]]).all()
    assert (draws.persons[..., apart[0]] != draws.persons[..., apart[1]]).all()


def test_a_list_declared_free_of_duplicates_has_nobody_twice(world):
    records, pairs, _ = world
    free = replace(records, duplicate_free=np.array([True, False, False]))
    draws = sample_partitions(free, pairs, rng=1, sweeps=40, burn_in=0)
    first_list = draws.persons[..., records.list_of == 0].reshape(-1, int((records.list_of == 0).sum()))
    assert all(len(np.unique(drawn)) == len(drawn) for drawn in first_list)
    assert draws.duplicates[0] == 0 < draws.duplicates[1]


def test_a_progress_that_raises_ends_the_chains_at_once(world):
    records, pairs, _ = world

    def interrupt(done, doing=""):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample_partitions(records, pairs, rng=1, sweeps=1_000_000, progress=interrupt)


def test_records_without_candidates_stay_alone(world):
    records, pairs, _ = world
    none = replace(pairs, first=pairs.first[:0], second=pairs.second[:0], weight=pairs.weight[:0])
    draws = sample_partitions(records, none, rng=1, sweeps=5)
    assert (draws.n_people == records.n_records).all()


def test_contradictions_are_refused_all_at_once(world):
    records, pairs, _ = world
    free = replace(records, duplicate_free=np.array([True, True, True]))
    a, b = np.flatnonzero(records.list_of == 0)[:2].tolist()
    with pytest.raises(DecisionsError, match="must not be linked") as raised:
        sample_partitions(free, pairs, rng=1, must_link=[(a, b), (b, 7)], must_not_link=[(a, 7)])
    assert len(raised.value.problems) == 2
    with pytest.raises(DecisionsError, match="there are records 0 to"):
        sample_partitions(records, pairs, rng=1, must_link=[(0, 10**6)])
    with pytest.raises(ValueError, match="after the burn-in"):
        sample_partitions(records, pairs, rng=1, sweeps=10, burn_in=10)


def test_more_lists_than_a_dense_table_of_histories_could_have_are_sampled():
    """34 lists: 2^34 histories."""
    records, owners = people_on_lists(np.random.default_rng(2), 40, n_lists=34, probability=0.06)
    pairs = pairs_that_agree(records, 3)
    draws = sample_partitions(records, pairs, rng=1, sweeps=75)
    truth = len(np.unique(owners))
    assert abs(np.median(draws.n_people) - truth) < 0.15 * truth


def test_given_and_family_name_exchanged_are_read_so_where_another_record_says_it():
    """Three records of one person, the second exchanged, among people with other names; all names in one space."""
    names, years = ring(200), ring(40)
    fields = [
        ("given", "person", names, (True,) * 4),
        ("family", "person", names, (True,) * 4),
        ("birth year", "person", years, (True,) * 4),
    ]
    rng = np.random.default_rng(3)
    strangers = [[int(rng.integers(100)), int(100 + rng.integers(100)), int(rng.integers(40))] for _ in range(60)]
    codes = [[10, 150, 7], [150, 10, 7], [10, 150, 7], *strangers]
    readings = [(record, 1, [row[1], row[0], row[2]]) for record, row in enumerate(codes)]
    records = encoded(["a", "b", "c"], np.arange(63) % 3, fields, codes, readings=readings)
    pairs = CandidatePairs(np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([3.0, 9.0, 3.0]))
    draws = sample_partitions(records, pairs, rng=1, sweeps=150)
    assert draws.link_probability.min() > 0.9
    assert draws.reading_probability[records.reading_starts[1] + 1] > 0.9
    assert draws.reading_probability[records.reading_starts[0]] > 0.9
    assert draws.reading_probability.sum() == pytest.approx(records.n_records)


def test_members_of_families_are_not_one_person_where_their_values_are_the_households():
    """40 families of two who share family name, place and day, each on two lists: nobody is linked to a brother.

    Half of them have a father of their own, which is learned.  Without households most are linked: nothing else
    explains that they agree.
    """
    rng = np.random.default_rng(11)
    given, family, place, day = ring(150), ring(200), ring(9), ring(300)
    fields = [
        ("given", "person", given, (True,) * 4),
        ("family", "household", family, (True,) * 4),
        ("father", "household", given, (True,) * 4),
        ("place", "household", place, (True, False, False, True)),
        ("event day", "household", day, (True,) * 4),
    ]
    codes, lists, owners = [], [], []
    for home in range(40):
        shared = [int(rng.integers(200)), int(rng.integers(9)), int(rng.integers(300))]
        names, fathers = rng.choice(150, 2, replace=False), rng.choice(150, 2, replace=False)[[0, home % 2]]
        for member in range(2):
            for k in range(2):
                name = (int(names[member]) + int(rng.choice([-1, 0, 0, 0, 0, 0, 0, 0, 0, 1]))) % 150
                codes.append([name if rng.random() < 0.85 else -1, shared[0], int(fathers[member]), *shared[1:]])
                lists.append(k)
                owners.append(2 * home + member)
    records = encoded(["a", "b"], lists, fields, codes)
    pairs, owners = pairs_that_agree(records), np.array(owners)
    brothers = owners[pairs.first] != owners[pairs.second]
    drawn = {
        with_households: sample_partitions(
            records, pairs, rng=1, sweeps=60, prior=PartitionPrior(with_households=with_households)
        )
        for with_households in (True, False)
    }
    links = {with_households: each.link_probability for with_households, each in drawn.items()}
    named = (records.codes[pairs.first, 0] >= 0) & (records.codes[pairs.second, 0] >= 0)
    apart = records.codes[pairs.first, 0] != records.codes[pairs.second, 0]
    assert links[True][brothers & named & apart].max() < 0.5
    assert links[True][brothers].sum() < 0.1 * links[False][brothers].sum()
    of_family, of_father = drawn[True].shared.mean(axis=(0, 1))[1:3]
    assert of_family > 0.95
    assert 0.4 < of_father < 0.9  # 3 of 4 have the household's: the father of one, or of both
