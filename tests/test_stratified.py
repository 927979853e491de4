import numpy as np
import pytest

import estimation as mse
from estimation.capture.stratified import StratifiedTable
from estimation.errors import TableError

LISTS = ["police", "press", "families"]
SETS = {"age": {"5 or more": ["5-9", "10-14"]}}


def table(**more):
    rows = [[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1], [1, 0, 1], [0, 1, 0]]
    labels = {"sex": ["f", "f", "m", "m", None, ""], "age": ["5-9", "10-14", "5-9", None, "0-4", "5 or more"]}
    return StratifiedTable(LISTS, rows, labels, [5, 4, 3, 2, 1, 6], sets=SETS, **more)


class TestWhatItHolds:
    def test_people_are_counted_with_and_without_labels(self):
        given = table()
        assert (given.n_observed, given.n_missing("sex"), given.n_missing("age")) == (21, 7, 8)
        assert given.margin().list_sizes.tolist() == [9, 13, 3]

    def test_values_stand_in_their_order_and_sets_are_no_values(self):
        label = table().label("age")
        assert (label.values, label.sets) == (("0-4", "5-9", "10-14"), (("5-9", "10-14"),))
        assert label.allowed().tolist()[-1] == [False, True, True]

    def test_rows_that_are_alike_are_added_whatever_their_order(self):
        rows, labels, counts = [[1, 0], [0, 1], [1, 0]], ["a", "b", "a"], [2, 3, 4]
        first = StratifiedTable(LISTS[:2], rows, {"place": labels}, counts)
        other = StratifiedTable(LISTS[:2], rows[::-1], {"place": labels[::-1]}, counts[::-1])
        assert first == other
        assert len(first.counts) == 2

    def test_the_frame_has_everybody_with_what_is_known(self):
        frame = table().to_frame()
        assert frame["count"].sum() == 21
        assert set(frame["age"].dropna()) == {"0-4", "5-9", "10-14", "5 or more"}

    def test_its_csv_text_is_read_back_as_the_same_table_and_has_the_same_checksum(self):
        given = table()
        read = mse.read_table(given.csv_text.encode(), strata=["sex", "age"], sets=SETS, name="counts.csv")
        assert (read, read.sha256) == (given, given.sha256)
        other = mse.read_table(given.csv_text.encode(), strata=["sex", "age"], name="counts.csv")
        assert other.sha256 != given.sha256  # "5 or more" is a value of its own where it is not declared

    def test_a_label_that_a_spreadsheet_would_compute_is_read_back_as_it_was(self):
        given = StratifiedTable(["a", "b"], [[1, 0], [1, 1]], {"age": ["+60", "=0"]}, [3, 4])
        read = mse.read_table(given.csv_text.encode(), strata=["age"], name="counts.csv")
        assert read.label("age").values == given.label("age").values
        assert read == given

    def test_fewer_labels_add_the_rows_that_are_alike_without_the_others(self):
        fewer = table().only(["sex"])
        assert [label.name for label in fewer.labels] == ["sex"]
        assert (fewer.n_observed, fewer.n_missing("sex"), fewer.margin()) == (21, 7, table().margin())

    def test_what_is_open_has_no_person_in_it(self):
        assert "by sex (2 values, missing of 7), age (3 values, missing of 8)" in str(table())
        assert "people without" in table()._repr_html_()


class TestStrata:
    def test_a_stratum_has_its_own_people_and_the_lists_they_are_on(self):
        strata = table().complete(["sex"]).by(["sex"])
        assert list(strata.tables) == [("f",), ("m",)]
        assert strata.tables[("f",)].lists == ("police", "press")
        assert strata.left_out[("f",)] == {"families": "nobody"}
        assert sum(each.n_observed for each in strata.tables.values()) == 14

    def test_a_list_below_the_least_size_leaves_with_those_on_no_other(self):
        strata = table().complete(["sex"]).by(["sex"], least=3)
        assert strata.left_out[("m",)] == {"families": "2 people"}
        assert strata.tables[("m",)].n_observed == 3

    def test_who_misses_a_label_is_of_no_stratum_and_that_is_said_with_the_choices(self):
        with pytest.raises(TableError, match=r"sex of 7 and age of 8 of 21 people are missing.*complete.*impute"):
            table().by(["sex", "age"])

    def test_a_list_leaves_the_strata_that_it_could_not_have_seen(self):
        rows, places = [[1, 0], [1, 1], [0, 1], [0, 1]], ["north", "north", "north", "south"]
        given = StratifiedTable(
            ["police", "press"], rows, {"place": places}, [5, 2, 4, 3], covers={"police": {"place": ["north"]}}
        )
        strata = given.by(["place"])
        assert strata.left_out[("south",)] == {"police": "could not have seen place south"}
        assert strata.tables[("north",)].lists == ("police", "press")

    def test_a_million_rows_are_a_matter_of_seconds(self):
        rng = np.random.default_rng(1)
        rows = rng.random((1_000_000, 4)) < 0.4
        rows = rows[rows.any(axis=1)]
        places = np.array([f"place {k}" for k in range(200)])[rng.integers(0, 200, len(rows))].tolist()
        given = StratifiedTable(["a", "b", "c", "d"], rows, {"place": places}, np.ones(len(rows), dtype=int))
        assert sum(each.n_observed for each in given.by(["place"]).tables.values()) == len(rows)


@pytest.mark.parametrize(
    ("labels", "more", "words"),
    [
        ({}, {}, "there is no label; a table without one is a capture table"),
        ({"sex": ["f"]}, {}, "label 'sex' has 1 values for 2 rows"),
        ({"sex": ["", None]}, {}, "label 'sex' has no value: it is missing everywhere"),
        ({"sex": ["f", "m"]}, {"sets": {"sax": {"x": ["f", "m"]}}}, "no label 'sax'.*did you mean 'sex'"),
        ({"sex": ["f", "m"]}, {"sets": {"sex": {"x": ["f", "n"]}}}, "'x' stands for 'n', which nobody has"),
        ({"sex": ["f", "m"]}, {"covers": {"polize": {"sex": ["f"]}}}, "no list 'polize'.*did you mean 'police'"),
        ({"sex": ["f", "m"]}, {"covers": {"press": {"sax": ["f"]}}}, "no label 'sax'"),
        ({"sex": ["f", "m"]}, {"covers": {"press": {"sex": ["f"]}}}, "3 people on 'press' have a sex that it is said"),
    ],
)
def test_what_is_wrong_is_said(labels, more, words):
    with pytest.raises(TableError, match=words):
        StratifiedTable(["police", "press"], [[1, 0], [0, 1]], labels, [2, 3], **more)


def test_a_label_that_tells_people_apart_is_none():
    n = 5_001
    with pytest.raises(TableError, match="5,001 values; the most is 5,000: it seems to tell people apart"):
        StratifiedTable(["a", "b"], [[1, 0]] * n, {"id": [str(k) for k in range(n)]}, [1] * n)


class TestMerging:
    def test_values_become_one_and_nobody_is_lost(self):
        merged = table().merge("age", {"under 10": ["0-4", "5-9"]})
        assert merged.label("age").values == ("10-14", "under 10")
        assert merged.margin() == table().margin()
        assert (merged.n_missing("age"), merged.n_observed) == (8, 21)

    def test_a_text_for_values_that_become_one_is_that_value(self):
        merged = table().merge("age", {"5-14": ["5-9", "10-14"]})
        assert merged.label("age").values == ("0-4", "5-14")
        assert merged.n_missing("age") == 2  # the six of whom "5 or more" was known are of 5-14 now

    def test_a_list_that_covers_a_part_of_what_becomes_one_is_refused(self):
        rows = [[1, 0], [0, 1], [0, 1]]
        given = StratifiedTable(["a", "b"], rows, {"month": ["7", "8", "9"]}, [5, 4, 3], covers={"a": {"month": ["7"]}})
        with pytest.raises(TableError, match="'a' covers '7' of what becomes month 'summer', and not the others"):
            given.merge("month", {"summer": ["7", "8"]})
        assert given.merge("month", {"late": ["8", "9"]}).covers == {"a": {"month": ("7",)}}

    @pytest.mark.parametrize(
        ("groups", "words"),
        [
            ({"young": ["0-5"]}, "no value '0-5' to merge"),
            ({"young": ["0-4", "5-9"], "old": ["5-9"]}, "'5-9' is merged into two"),
            ({"10-14": ["0-4", "5-9"]}, "'10-14' is the name of what stays"),
        ],
    )
    def test_what_cannot_be_merged(self, groups, words):
        with pytest.raises(TableError, match=words):
            table().merge("age", groups)
