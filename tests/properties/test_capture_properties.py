"""What holds for every table: renaming, merging and dropping lists, and writing and reading."""

import tempfile
import warnings
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estimation.capture.inspection import inspect_table
from estimation.capture.problems import name_problems
from estimation.capture.readers import read_table
from estimation.capture.table import CaptureTable
from estimation.errors import TableWarning

NAMES = st.one_of(
    st.sampled_from(
        ["count", "n", "N", "Freq", "in_A", "in_", "Yes", "0", "1", "پزشکی قانونی", "a,b", 'the "press"', "d;e"]
    ),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8),
).filter(lambda name: not name_problems([name]))


patient = settings(deadline=None, max_examples=60)  # a busy machine is no failure


@st.composite
def tables(draw, min_lists=1, max_lists=5, min_people=0):
    lists = draw(st.lists(NAMES, min_size=min_lists, max_size=max_lists, unique=True))
    histories = st.lists(st.booleans(), min_size=len(lists), max_size=len(lists)).filter(any)
    patterns = draw(st.lists(histories, min_size=min_people, max_size=12))
    counts = draw(st.lists(st.integers(1, 10**9), min_size=len(patterns), max_size=len(patterns)))
    return CaptureTable(lists, patterns, counts)


@patient
@given(tables(), st.randoms(use_true_random=False))
def test_reordering_lists_reorders_their_sizes_and_changes_nothing_else(table, random):
    order = list(range(len(table.lists)))
    random.shuffle(order)
    again = table.keep([table.lists[j] for j in order])
    assert again.list_sizes.tolist() == [table.list_sizes[j] for j in order]
    assert again.overlaps.tolist() == table.overlaps[np.ix_(order, order)].tolist()
    assert again.frequencies.tolist() == table.frequencies.tolist()
    assert again.n_observed == table.n_observed
    assert again.keep(table.lists) == table


@patient
@given(tables(min_lists=2), st.data())
def test_merging_lists_never_changes_who_was_observed(table, data):
    names = data.draw(st.lists(st.sampled_from(table.lists), min_size=2, unique=True))
    merged = table.merge(names, into=names[0])
    assert merged.n_observed == table.n_observed
    assert merged.list_sizes[merged.index(names[0])] >= max(table.list_sizes[table.index(name)] for name in names)
    for name in set(table.lists) - set(names):
        assert merged.list_sizes[merged.index(name)] == table.list_sizes[table.index(name)]


@patient
@given(tables(min_lists=2), st.data())
def test_withholding_a_list_never_adds_observed_people(table, data):
    name = data.draw(st.sampled_from(table.lists))
    left = table.drop([name])
    assert left.n_observed == table.n_observed - table.singletons[table.index(name)]
    assert left.n_observed <= table.n_observed


@patient
@given(tables())
def test_the_same_people_are_counted_in_every_summary(table):
    assert table.frequencies.sum() == table.n_observed
    assert table.singletons.sum() == table.frequencies[0]
    assert table.list_sizes.sum() == (np.arange(1, len(table.lists) + 1) * table.frequencies).sum()
    assert table.overlaps.diagonal().tolist() == table.list_sizes.tolist()
    assert table.cells().sum() == table.n_observed


@patient
@given(tables())
def test_splitting_rows_and_shuffling_them_gives_the_same_table(table):
    patterns = np.vstack([table.patterns[::-1], table.patterns])
    counts = np.concatenate([table.counts[::-1] - 1, np.ones_like(table.counts)])
    again = CaptureTable(table.lists, patterns, counts)
    assert again == table
    assert again.sha256 == table.sha256


@patient
@given(tables(min_people=1))
def test_a_table_written_and_read_is_the_same_table(table):
    used = table.keep([name for name, size in zip(table.lists, table.list_sizes, strict=True) if size])
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", TableWarning)  # lists that nobody is on, and lists with the same people
        assert read_table(table.to_csv(Path(folder, "table.csv")), allow_twins=True) == used


@patient
@given(tables(min_people=1))
def test_a_frame_of_a_table_gives_the_same_table_again(table):
    used = table.keep([name for name, size in zip(table.lists, table.list_sizes, strict=True) if size])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TableWarning)  # lists that nobody is on, and lists with the same people
        assert CaptureTable.from_frame(table.to_frame(), allow_twins=True) == used


@patient
@given(tables())
def test_every_table_can_be_inspected(table):
    inspection = inspect_table(table)
    many = len(table.lists)
    assert len(inspection.pairs) == many * (many - 1) // 2
    grouped = [name for group in inspection.components for name in group]
    assert sorted((*grouped, *inspection.empty_lists)) == sorted(table.lists)
    assert inspection.sentences
    for pair in inspection.pairs:
        if pair.odds_ratio is not None:
            assert 0 < pair.odds_ratio.lower < pair.odds_ratio.value < pair.odds_ratio.upper < np.inf
