"""The same people in two scripts and two calendars are found again, whatever one of the lists does to them."""

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.linkage.candidates import candidate_pairs
from estimation.linkage.encode import encode
from estimation.linkage.pairs import pair_probabilities, pairs_within
from estimation.linkage.point_clustering import least_loss_partition
from estimation.linkage.sampler import sample_partitions
from estimation.lists.readers import read_names
from estimation.simulation.invented_names import PLACES
from estimation.simulation.name_writing import NameWriting, WrittenList
from estimation.simulation.written_names import NamedStratum, write_names
from estimation.text.spreadsheet import csv_of

COLUMNS = ("given", "father", "family", "age", "place", "date")
KINDS = {
    "nothing": {},
    "other spelling": {"other_spelling": 1.0},
    "slips": {"typo": 0.5},
    "given and family name exchanged": {"exchanged": 1.0},
    "nicknames": {"nickname": 1.0},
    "wrong days": {"wrong_day": 1.0},
    "wrong ages": {"wrong_age": 1.0},
    "months only": {"by_month": 1.0},
    "years only": {"by_year": 1.0},
    "no father": {"missing": {"father": 1.0}},
    "no age": {"missing": {"age": 1.0}},
    "no date": {"missing": {"date": 1.0}},
    "no place": {"missing": {"place": 1.0}},
    "everybody twice": {"twice": 1.0},
}
MIXED = {
    **{"other_spelling": 0.3, "typo": 0.1, "exchanged": 0.1, "nickname": 0.1, "wrong_day": 0.2, "wrong_age": 0.2},
    **{"by_month": 0.2, "by_year": 0.1, "missing": {"father": 0.3, "age": 0.2, "date": 0.1, "place": 0.1}},
}


def lists_of(rates, folder, *, on_both, alone):
    """Two lists as they are read, and the true person of each record: so many people of each month and place."""
    lists = (
        WrittenList(list="persian", script="persian", calendar="solar", columns=COLUMNS),
        WrittenList(list="latin", script="latin", calendar="gregorian", columns=COLUMNS, **rates),
    )
    places = {place.latin[0]: place for place in PLACES[:4]}
    writing = NameWriting(
        first_month="1373/04", place="place", month="month", months=("1", "2", "3"), places=places, lists=lists
    )
    table = CaptureTable(("persian", "latin"), [[1, 0], [0, 1], [1, 1]], [alone, alone, on_both])
    strata = [NamedStratum((place, month), table) for place in places for month in "123"]
    made = write_names(writing, table.lists, ("place", "month"), strata, rng=np.random.default_rng(1))
    found = []
    for name in table.lists:
        path = folder / f"synthetic_{name}.csv"
        path.write_text(csv_of(made.files[name]), encoding="utf-8")
        found.append(read_names(path, name=name))
    truth = {(name, row): person for name, row, person, _ in made.truth}
    return found, np.array([truth[each.name, record.row] for each in found for record in each.linkable])


def recall_and_precision(lists, truth, sweeps):
    encoded = encode(lists)
    drawn = sample_partitions(encoded, candidate_pairs(lists, encoded), rng=1, sweeps=sweeps)
    draws = drawn.persons.reshape(-1, len(truth))
    persons = least_loss_partition(draws, pair_probabilities(draws))
    numbered = np.unique(truth, return_inverse=True)[1].astype(np.int32)
    linked, true = (
        {*zip(*(side.tolist() for side in pairs_within(each)), strict=True)} for each in (persons, numbered)
    )
    return len(linked & true) / len(true), len(linked & true) / len(linked)


def test_people_whom_one_list_spoils_in_many_ways_are_found(tmp_path):
    lists, truth = lists_of(MIXED, tmp_path, on_both=2, alone=0)
    assert [len(each.linkable) for each in lists] == [24, 24]
    recall, precision = recall_and_precision(lists, truth, sweeps=60)
    assert recall >= 0.9
    assert precision >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_people_are_found_where_every_record_of_a_list_is_spoilt_in_one_way(tmp_path, kind):
    lists, truth = lists_of(KINDS[kind], tmp_path, on_both=10, alone=2)
    recall, precision = recall_and_precision(lists, truth, sweeps=200)
    assert recall >= 0.95
    assert precision >= 0.8


def test_that_a_list_is_in_another_script_is_no_error_of_its_records(tmp_path):
    lists, truth = lists_of({}, tmp_path, on_both=2, alone=1)
    encoded = encode(lists)
    written = encoded.codes[encoded.reading_starts[:-1]]
    n_first = len(lists[0].linkable)
    pairs = [
        (one, n_first + int(np.flatnonzero(truth[n_first:] == truth[one])[0]))
        for one in range(n_first)
        if truth[one] in truth[n_first:]
    ]
    assert len(pairs) == 24
    for f, field in enumerate(encoded.fields):
        if field.name not in {"given", "father", "family"}:
            continue
        levels = [level_between(field.near, *(int(written[record, f]) for record in pair)) for pair in pairs]
        assert levels.count(0) >= 22, field.name  # one name of a few has a spelling that sounds otherwise
        apart = [
            level_between(field.near, int(written[one, f]), int(written[k, f]))
            for one, _ in pairs
            for k in range(n_first, len(truth))
            if truth[k] != truth[one]
        ]
        assert apart.count(0) < 0.1 * len(apart), field.name


def level_between(near, one, other):
    """The level between two values."""
    if one == other:
        return 0
    around = range(near.starts[one], near.starts[one + 1])
    return next((int(near.levels[at]) for at in around if near.neighbours[at] == other), 3)
