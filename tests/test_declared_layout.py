"""How a file is laid out can be declared where it is found wrongly: separator, headings, decimal mark, rows of sums."""

import io

import pytest
from small_study import STUDY
from typer.testing import CliRunner

from estimation import read_table
from estimation.capture.declared import SEPARATORS
from estimation.cli import app
from estimation.errors import TableError, TableWarning
from estimation.lists.list_reading import ListReading
from estimation.lists.recognised import holds_names
from estimation.study.study_file import read_study

pytestmark = pytest.mark.filterwarnings("ignore::estimation.errors.TableWarning")

ROWS = [["A", "B", "count"], ["1", "0", "5"], ["0", "1", "3"], ["1", "1", "2"]]
COMMON = "\n".join(",".join(row) for row in ROWS).encode()
TITLED = b"made,by,me,2019\nnot,the,headings,either\nA,B,count\n1,0,5\n0,1,3\n1,1,2\n"
BARE = b"1,0,5\n0,1,3\n1,1,2\n"


def text(separator):
    return "\n".join(separator.join(row) for row in ROWS).encode()


def refusal(source, **declared):
    with pytest.raises(TableError) as refused:
        read_table(source, name="deaths.csv", **declared)
    return str(refused.value)


def workbook(rows):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize("character", [*SEPARATORS, "~"])
def test_a_separator_is_declared_by_its_character_or_its_name(character):
    expected = read_table(COMMON)
    assert read_table(text(character), separator=character) == expected
    assert read_table(text(character), separator=SEPARATORS.get(character, character)) == expected


def test_a_text_that_two_separators_make_a_table_of_is_read_by_the_one_that_is_declared():
    both = b"A;x,B\n1;0,0\n0;1,1\n1;1,1\n"
    assert "such as separator='comma'" in refusal(both)
    declared = {"separator": "semicolon", "lists": ["A", "x,B"], "decimal": "."}
    with pytest.raises(TableError, match="'0,0' says neither"):  # with a decimal mark of its own it would be 0.0
        read_table(both, **declared)
    assert read_table(both.replace(b"0,0", b"0").replace(b"1,1", b"1"), **declared).lists == ("A", "x,B")


def test_a_separator_that_is_in_no_line_is_refused_with_the_first_line():
    message = refusal(text(";"), separator=",")
    assert message.startswith("deaths.csv: no line has a comma, and separator=',' was declared")
    assert "'A;B;count'" in message
    assert "give one character, or a name of one: comma" in refusal(COMMON, separator="commas")


def test_headings_are_taken_from_the_line_that_is_declared_and_what_is_above_is_not_read():
    assert "header" in refusal(TITLED)
    assert read_table(TITLED, header=3) == read_table(COMMON)
    assert read_table(b"sep=;\nx;y\n\n" + text(";"), header=4) == read_table(COMMON)


def test_a_line_that_an_export_would_have_written_as_a_note_can_hold_the_headings():
    assert read_table(b"# seen,B,count\n1,0,5\n0,1,3\n", header=1).lists == ("# seen", "B")


def test_without_headings_every_row_is_read_and_columns_are_called_by_their_places():
    assert "header='none'" in refusal(BARE)
    with pytest.warns(TableWarning, match="no headings, as declared"):
        table = read_table(BARE, header="none")
    assert table.lists == ("column 1", "column 2")
    assert table.n_observed == 10


@pytest.mark.parametrize(("header", "says"), [(2, "line 2 .* is blank"), (9, "line 9 .* is not there")])
def test_a_line_that_cannot_hold_headings_is_refused_by_its_number(header, says):
    with pytest.raises(TableError, match=f"deaths.csv: {says}.* or header='none'"):
        read_table(b"A,B\n\n1,0\n0,1\n", name="deaths.csv", header=header)


@pytest.mark.parametrize("declared", [{"header": 0}, {"header": True}, {"header": "first"}, {"decimal": ";"}])
def test_what_can_be_no_layout_is_refused(declared):
    (key,) = declared
    assert f"deaths.csv: {key} is " in refusal(COMMON, **declared)


def test_a_workbook_has_its_headings_in_the_row_that_is_declared():
    rows = [["made", "by me"], [], ["A", "B", "count"], [1, 0, 5], [0, 1, 3], [1, 1, 2]]
    assert read_table(workbook(rows), header=3) == read_table(COMMON)
    with pytest.warns(TableWarning, match="no headings"):
        assert read_table(workbook(rows[3:]), header="none").n_observed == 10
    with pytest.raises(TableError, match="row 2 was declared to hold the headings and is blank"):
        read_table(workbook(rows), header=2)
    assert "separator was given, and this is a workbook; leave it out" in refusal(workbook(rows), separator=";")


def test_histories_for_mark_are_a_table_with_columns_where_a_separator_is_declared():
    text = b"1101 5;\n0011 2;\n1111 3;\n"
    assert read_table(text, name="a.inp").n_observed == 10
    assert "this is histories for MARK" in refusal(text, header="none")
    assert read_table(text, name="a.inp", separator="blank").n_observed < 10  # "5;" is no number


def test_the_decimal_mark_is_declared_where_a_comma_could_be_either():
    text = b"A;B;count\n1;0;5,000\n0;1;3,000\n1;1;2,000\n"
    assert "'5,000' is not a number" in refusal(text)
    with pytest.warns(TableWarning, match="the comma is the decimal mark"):
        assert read_table(text, decimal=",") == read_table(COMMON)
    assert "'5,0' is not a number" in refusal(text.replace(b",000", b",0"), decimal=".")


def test_a_last_row_that_is_the_sum_of_the_others_can_be_people():
    sums = b"A,B,C,count\n1,0,0,5\n1,1,0,3\n0,1,1,2\n0,0,1,1\n2,2,2,11\n"
    with pytest.warns(TableWarning, match="row of totals"):
        assert read_table(sums).n_observed == 11
    assert "line 6" in refusal(sums, keep_totals=True)
    histories = b"history,count\n011,2\n100,3\n010,5\n111,10\n"
    assert read_table(histories, keep_totals=True).n_observed == 20


def test_study_file_and_command_say_the_same(tmp_path):
    (tmp_path / "table.csv").write_bytes(TITLED)
    columns = '[columns]\nseparator = "comma"\nheader = 3\ndecimal = "."\nkeep_totals = true\n\n[[model]]'
    (tmp_path / "study.toml").write_text(STUDY.replace("[[model]]", columns, 1))
    study = read_study(tmp_path / "study.toml")
    given = study.columns.given
    assert given == {"separator": "comma", "header": 3, "decimal": ".", "keep_totals": True}
    assert read_table(study.table, **given) == read_table(COMMON)
    words = ["--separator", "comma", "--header", "3", "--decimal", ".", "--keep-totals"]
    shown = CliRunner().invoke(app, ["inspect", str(tmp_path / "table.csv"), *words])
    assert "10 people observed on 2 lists: A, B" in shown.output
    refused = CliRunner().invoke(app, ["inspect", str(tmp_path / "table.csv"), "--header", "first"])
    assert "give the number of the line" in str(refused.exception) + refused.output


def test_the_rows_of_a_table_without_a_heading_of_names_are_not_looked_at(monkeypatch):
    """A million of them took `mse inspect` three times as long as to read the table."""
    monkeypatch.setattr(ListReading, "of", lambda *given: pytest.fail("rows were read"))
    assert not holds_names(b"id,place,police,press\n1,a,1,0\n2,b,1,1\n3,b,0,1\n")
    with pytest.raises(pytest.fail.Exception):
        holds_names(b"id,place,name,press\n1,a,A. B.,0\n")
