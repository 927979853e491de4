"""CaptureTable: what it counts, what it refuses, and the one form it is kept in."""

import hashlib
import pickle

import numpy as np
import pytest

from estimation.capture.problems import MAX_LISTS, MAX_PERSONS, name_problems
from estimation.capture.table import CaptureTable
from estimation.errors import TableError

# A, B, C: only A 5, only B 3, only C 2, A and B 7, A and C 0, B and C 4, all three 1.
HISTORIES = {"100": 5, "010": 3, "001": 2, "110": 7, "101": 0, "011": 4, "111": 1}


@pytest.fixture
def table() -> CaptureTable:
    return CaptureTable.from_histories(["A", "B", "C"], HISTORIES)


class TestWhatItCounts:
    def test_people_lists_and_overlaps_are_as_counted_by_hand(self, table):
        assert table.n_observed == 22
        assert table.list_sizes.tolist() == [13, 15, 7]
        assert table.overlaps.tolist() == [[13, 8, 1], [8, 15, 5], [1, 5, 7]]
        assert table.frequencies.tolist() == [10, 11, 1]
        assert table.singletons.tolist() == [5, 3, 2]

    def test_people_on_exactly_some_lists(self, table):
        assert table.count("A") == 5
        assert table.count("B", "A") == 7
        assert table.count("A", "C") == 0
        assert table.count("A", "B", "C") == 1
        assert table.count() == 0

    def test_cells_put_each_history_at_its_binary_place(self, table):
        assert table.cells().tolist() == [0, 5, 3, 7, 2, 0, 4, 1]

    def test_cells_of_21_lists_are_refused_as_too_many(self):
        wide = CaptureTable([f"L{j}" for j in range(21)], np.eye(21), np.ones(21))
        with pytest.raises(TableError, match=r"21 lists have 2\^21 cells: too many"):
            wide.cells()

    def test_it_says_itself_in_words(self, table):
        assert str(table) == "22 people on 3 lists (A 13, B 15, C 7), 6 distinct histories"
        assert repr(CaptureTable(["A"], [[1]], [1])) == "<CaptureTable: 1 person on 1 list (A 1), 1 distinct history>"


class TestTheOneForm:
    def test_repeated_histories_are_added_and_empty_ones_left_out(self):
        table = CaptureTable(["A", "B"], [[0, 1], [1, 1], [0, 1], [1, 0]], [2, 0, 3, 4])
        assert table.patterns.tolist() == [[True, False], [False, True]]
        assert table.counts.tolist() == [4, 5]

    def test_histories_are_ordered_by_number_of_lists_then_first_list_first(self, table):
        assert ["".join(map(str, row)) for row in table.patterns.astype(int)] == [
            *("100", "010", "001"),
            *("110", "011", "111"),
        ]

    def test_order_of_rows_and_type_of_numbers_do_not_matter(self, table):
        again = CaptureTable(
            ("A", "B", "C"),
            np.array([[float(c) for c in history] for history in reversed(HISTORIES)]),
            np.array(list(reversed(HISTORIES.values())), dtype=np.float32),
        )
        assert again == table
        assert hash(again) == hash(table)
        assert again.sha256 == table.sha256

    def test_other_names_or_counts_or_histories_are_another_table(self, table):
        assert table != CaptureTable(["A", "B", "D"], table.patterns, table.counts)
        assert table != CaptureTable(table.lists, table.patterns, table.counts + 1)
        assert table != table.keep(["C", "B", "A"])
        assert table != "a table"

    def test_arrays_are_copies_that_cannot_be_written(self):
        counts = np.array([1, 2])
        table = CaptureTable(["A", "B"], [[1, 0], [0, 1]], counts)
        counts[0] = 100
        assert table.counts.tolist() == [1, 2]
        with pytest.raises(ValueError, match="read-only"):
            table.counts[0] = 5
        with pytest.raises(ValueError, match="read-only"):
            table.patterns[0, 0] = False

    def test_it_survives_pickling(self, table):
        assert pickle.loads(pickle.dumps(table)) == table


class TestItsEnds:
    def test_64_lists_are_told_apart_to_the_last(self):
        names = [f"L{j}" for j in range(MAX_LISTS)]
        everyone = np.vstack([np.eye(64), np.ones((1, 64)), np.eye(64)])
        table = CaptureTable(names, everyone, np.arange(129))
        assert table.n_observed == 128 * 129 // 2
        assert len(table.counts) == 65
        assert table.patterns[:64].tolist() == np.eye(64, dtype=bool).tolist()
        assert table.counts[:64].tolist() == [j + 65 + j for j in range(64)]
        assert table.count("L63") == 191
        assert table.overlaps[0, 63] == 64
        assert table.frequencies[63] == 64

    def test_65_lists_are_refused(self):
        with pytest.raises(TableError, match="there are 65 lists; the most a table holds is 64"):
            CaptureTable([f"L{j}" for j in range(65)], np.eye(65), np.ones(65))

    @pytest.mark.parametrize("patterns", [[], [[]], np.zeros((0, 2))])
    def test_an_empty_table_has_lists_and_nobody_on_them(self, patterns):
        table = CaptureTable(["A", "B"], patterns, [])
        assert table.n_observed == 0
        assert table.patterns.shape == (0, 2)
        assert table.list_sizes.tolist() == [0, 0]
        assert table.overlaps.tolist() == [[0, 0], [0, 0]]
        assert table.frequencies.tolist() == [0, 0]
        assert table.singletons.tolist() == [0, 0]
        assert table.cells().tolist() == [0, 0, 0, 0]
        assert str(table) == "0 people on 2 lists (A 0, B 0), 0 distinct histories"
        assert table == CaptureTable(["A", "B"], [[1, 1]], [0])

    def test_one_list_is_a_table(self):
        table = CaptureTable(["A"], [[1], [1]], [4, 5])
        assert (table.n_observed, table.frequencies.tolist()) == (9, [9])

    def test_large_counts_stay_exact(self):
        table = CaptureTable(["A", "B"], [[1, 0], [1, 1]], [MAX_PERSONS - 1, 1])
        assert table.n_observed == MAX_PERSONS
        assert table.list_sizes.tolist() == [MAX_PERSONS, 1]
        assert table.overlaps[0, 0] == MAX_PERSONS
        assert table.frequencies.tolist() == [MAX_PERSONS - 1, 1]


class TestWhatItRefuses:
    @pytest.mark.parametrize(
        ("lists", "patterns", "counts", "words"),
        [
            ([], [], [], "there is no list"),
            (["A", "A"], [[1, 0]], [1], "'A' is used 2 times"),
            (["A", " "], [[1, 0]], [1], "a list has an empty name"),
            (["A", " B"], [[1, 0]], [1], "' B' begins or ends with a space"),
            (["A", "B\nC"], [[1, 0]], [1], r"LINE FEED \(U\+000A\) as letter 2"),
            (["A", "B"], [[1, 0, 1]], [1], r"shape \(1, 3\); with 2 lists it must be \(C, 2\)"),
            (["A", "B"], [[1, 0], [1]], [1, 1], "do not all have the same length"),
            (["A", "B"], np.zeros((0, 3)), [], r"shape \(0, 3\)"),
            (["A", "B"], [[1, 0]], [1, 2], r"1 patterns but counts of shape \(2,\)"),
            (["A", "B"], [[1, 2]], [1], "patterns must be 0 or 1"),
            (["A", "B"], [[1, np.nan]], [1], "patterns must be 0 or 1"),
            (["A", "B"], [["1", "0"]], [1], "patterns must be 0 or 1"),
            (["A", "B"], [[1, 0]], ["many"], "whole numbers of persons"),
            (["A", "B"], [[1, 0]], [True], "counts are of type bool"),
            (["A", "B"], [[1, 0], [0, 0]], [1, 1], r"pattern rows 1 are on no list; nobody observed them"),
            (["A", "B"], [[1, 0], [0, 0]], [1, 0], r"pattern rows 1 are on no list"),
            (["A", "B"], [[1, 0]], [1.5], "counts in rows 0 are not whole numbers"),
            (["A", "B"], [[1, 0]], [np.nan], "counts in rows 0 are not whole numbers"),
            (["A", "B"], [[1, 0]], [-1], "counts in rows 0 are negative"),
            (["A", "B"], [[1, 0]], [1e300], "add to more than 9,007,199,254,740,992"),
            (["A", "B"], [[1, 0]], np.array([2**63 + 5], dtype=np.uint64), "no such number of persons ever lived"),
        ],
    )
    def test_it_says_what_is_wrong(self, lists, patterns, counts, words):
        with pytest.raises(TableError, match=words):
            CaptureTable(lists, patterns, counts)

    def test_all_problems_are_said_together(self):
        with pytest.raises(TableError) as caught:
            CaptureTable(["A", "A"], [[0, 0], [1, 0], [1, 1]], [1, -2, 1.5])
        assert len(caught.value.problems) == 4

    def test_a_thousand_wrong_rows_are_counted_rather_than_listed(self):
        with pytest.raises(TableError, match=r"18, 19 and 980 more are negative"):
            CaptureTable(["A"], np.ones((1000, 1)), -np.ones(1000))

    def test_histories_as_text_must_be_zeros_and_ones_for_every_list(self):
        with pytest.raises(TableError, match="history '1' is not 2 zeros and ones") as caught:
            CaptureTable.from_histories(["A", "B"], {"1": 3, "12": 4, "11": 5})
        assert len(caught.value.problems) == 2

    def test_a_name_that_can_be_written_in_any_script_is_fine(self):
        assert name_problems(["پزشکی قانونی", "می\u200cگویند", "Defensoría, Lima", 'the "press"', "B&H"]) == []


class TestOtherListsFromTheSamePeople:
    def test_a_margin_keeps_the_people_on_the_lists_kept_in_the_order_given(self, table):
        margin = table.keep(["C", "A"])
        assert margin.lists == ("C", "A")
        assert margin == CaptureTable.from_histories(["C", "A"], {"10": 6, "01": 12, "11": 1})

    def test_reordering_loses_nobody(self, table):
        assert table.keep(["C", "A", "B"]).keep(["A", "B", "C"]) == table

    def test_dropping_lists_is_the_margin_over_the_others(self, table):
        assert table.drop(["B"]) == table.keep(["A", "C"])
        assert table.drop([]) == table

    def test_dropping_all_lists_is_refused(self, table):
        with pytest.raises(TableError, match="there is no list"):
            table.drop(["A", "B", "C"])

    def test_keeping_a_list_twice_is_refused(self, table):
        with pytest.raises(TableError, match="'A' is used 2 times"):
            table.keep(["A", "A"])

    def test_merged_lists_hold_whoever_was_on_any_of_them(self, table):
        merged = table.merge(["A", "C"], into="AC")
        assert merged == CaptureTable.from_histories(["AC", "B"], {"10": 7, "01": 3, "11": 12})
        assert table.merge(["C", "B"], into="B").lists == ("A", "B")

    def test_merging_all_lists_leaves_one_with_everybody(self, table):
        assert table.merge(["A", "B", "C"], into="any") == CaptureTable(["any"], [[1]], [22])

    @pytest.mark.parametrize(
        ("names", "into", "words"),
        [
            (["A"], "AB", "merging needs two lists or more"),
            (["A", "A"], "AB", "merging needs two lists or more"),
            (["A", "D"], "AD", "there is no list 'D'; the lists are A, B, C"),
            (["A", "B"], "C", "'C' is the name of another list"),
        ],
    )
    def test_a_merge_that_makes_no_sense_is_refused(self, table, names, into, words):
        with pytest.raises(TableError, match=words):
            table.merge(names, into=into)

    @pytest.mark.parametrize("verb", ["keep", "drop"])
    def test_a_name_that_is_no_list_is_refused(self, table, verb):
        with pytest.raises(TableError, match="there is no list 'Z'"):
            getattr(table, verb)(["Z"])


class TestAsText:
    def test_the_file_is_one_column_a_list_and_a_count(self, table, tmp_path):
        written = table.to_csv(tmp_path / "table.csv")
        assert written.read_text() == "A,B,C,count\n1,0,0,5\n0,1,0,3\n0,0,1,2\n1,1,0,7\n0,1,1,4\n1,1,1,1\n"

    def test_the_checksum_is_the_files(self, table, tmp_path):
        written = table.to_csv(tmp_path / "table.csv")
        assert hashlib.sha256(written.read_bytes()).hexdigest() == table.sha256

    def test_an_empty_table_is_its_header(self, tmp_path):
        assert CaptureTable(["A", "B"], [], []).to_csv(tmp_path / "t.csv").read_text() == "A,B,count\n"

    def test_names_with_commas_and_quotes_are_quoted(self, tmp_path):
        table = CaptureTable(['the "press"', "a,b", "c;d"], [[1, 1, 1]], [1])
        header = table.to_csv(tmp_path / "t.csv").read_text().splitlines()[0]
        assert header == '"the ""press""","a,b","c;d",count'

    @pytest.mark.parametrize("name", ["count", "in_Lima"])
    def test_a_name_that_a_reader_would_take_for_something_else_is_marked(self, tmp_path, name):
        table = CaptureTable([name, "B"], [[1, 0], [1, 1]], [3, 4])
        assert table.to_csv(tmp_path / "t.csv").read_text().splitlines()[0] == f"in_{name},in_B,count"
