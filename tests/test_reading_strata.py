"""Columns that say where, when or who people were, in each form of a file."""

import warnings

import pytest

import estimation as mse
from estimation.errors import TableError, TableWarning


def read(text, *strata, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TableWarning)
        return mse.read_table(text.encode(), strata=strata, name="deaths.csv", **more)


def people_by(table, *names):
    return {stratum: each.n_observed for stratum, each in table.complete(names).by(names).tables.items()}


def test_counts_a_stratum_are_not_added_over_strata():
    table = read("a,b,sex,count\n1,0,f,5\n1,0,m,7\n0,1,f,4\n1,1,,2\n", "sex")
    assert people_by(table, "sex") == {("f",): 9, ("m",): 7}
    assert table.n_missing("sex") == 2
    assert table.margin() == read("a,b,count\n1,0,12\n0,1,4\n1,1,2\n")


def test_a_row_a_person_may_have_a_label_of_0_and_1_that_is_then_no_list():
    table = read("id,in_a,in_b,minor\n1,1,0,1\n2,0,1,0\n3,1,1,NA\n4,0,1,1\n", "minor")
    assert table.lists == ("a", "b")
    assert people_by(table, "minor") == {("0",): 1, ("1",): 2}
    assert table.n_missing("minor") == 1


def test_a_column_of_histories_may_stand_beside_labels():
    table = read("history,place,count\n110,north,5\n001,south,3\n010,north,2\n", "place", lists=["a", "b", "c"])
    assert people_by(table, "place") == {("north",): 7, ("south",): 3}


def test_a_person_has_the_label_that_any_of_their_rows_has():
    table = read("person,source,place\n1,police,n\n1,press,\n2,press,s\n3,police,unknown\n", "place")
    assert people_by(table, "place") == {("n",): 1, ("s",): 1}
    assert table.n_missing("place") == 1


def test_merged_rows_of_one_person_have_the_label_of_any():
    text = "id,a,b,place\n1,1,0,n\n1,0,1,\n2,1,0,s\n3,0,1,s\n"
    assert people_by(read(text, "place", merge_repeated=True), "place") == {("n",): 1, ("s",): 2}


@pytest.mark.parametrize(
    ("text", "strata", "more", "words"),
    [
        ("person,source,place\n1,police,n\n1,press,s\n2,press,s\n", ["place"], {}, "rows of one person say different"),
        ("a,b,count\n1,0,5\n0,1,4\n1,1,2\n", ["sex"], {}, "there is no column 'sex' to take as a label"),
        ("a,b,sex,count\n1,0,,5\n0,1,,4\n", ["sex"], {}, "column 'sex' is empty"),
        ("a,b,sex,count\n1,0,f,5\n0,1,m,4\n", ["sex", "sex"], {}, "the label 'sex' is named twice"),
        ("a,b,sex,count\n1,0,f,5\n0,1,m,4\n", ["count"], {"count": "count"}, "both as a label and as the counts"),
        ("captures,people\n1,50\n2,20\n3,4\n", ["people"], {}, "deaths.csv"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(text, strata, more, words):
    with pytest.raises(TableError, match=words):
        read(text, *strata, **more)


def test_without_labels_a_table_is_what_it_was():
    assert isinstance(read("a,b\n1,0\n0,1\n1,1\n"), mse.CaptureTable)
    assert isinstance(mse.read_table(b"a,b,sex\n1,0,f\n0,1,f\n1,1,m\n", strata=["sex"]), mse.StratifiedTable)


def test_a_text_for_several_values_is_no_value_and_what_a_list_covers_is_taken():
    text = "a,b,agent,count\n1,0,state,5\n0,1,rebels,4\n0,1,either,2\n1,1,state,1\n"
    sets, covers = {"agent": {"either": ["state", "rebels"]}}, {"a": {"agent": ["state"]}}
    table = read(text, "agent", sets=sets, covers=covers)
    assert (table.label("agent").values, table.n_missing("agent")) == (("rebels", "state"), 2)
    assert table.complete(["agent"]).by(["agent"]).left_out[("rebels",)] == {"a": "could not have seen agent rebels"}


def test_sets_and_covers_are_about_labels():
    with pytest.raises(TableError, match=r"name their columns with strata="):
        read("a,b,count\n1,0,5\n0,1,4\n", covers={"a": {"agent": ["state"]}})


def test_a_list_cannot_divide_the_people():
    with pytest.raises(TableError, match="'in_b' is marked as a list by its in_"):
        read("id,in_a,in_b\n1,1,0\n2,1,1\n", "b")
    with pytest.raises(TableError, match="b, which says 0 and 1, is to divide the people: if it is a list, do not"):
        read("a,b,c,count\n1,0,0,5\n0,1,0,4\n0,0,1,2\n1,1,1,1\n", "b")
