"""What is wrong with lists, decisions and options is in words that name the file or list, and what to do."""

import re
from dataclasses import replace

import pytest
from small_linkage import small_linkage
from typer.testing import CliRunner

import estimation as mse
from estimation.cli import app
from estimation.errors import LinkageError, SettingError
from estimation.linkage.candidates import CandidateCut
from estimation.linkage.linking import link as link_lists
from estimation.linkage.list_notes import list_notes
from estimation.lists.name_list import NameList, NameRecord, PersonName

HEADINGS = "given name,father's name,family name,date of death"
ROWS = (
    "Zorblad,Quennix,Gralmenko,1988-08-03",
    "Vashimel,Torkwin,Xanthirov,1988-08-15",
    "Ulpharo,Brenzak,Bolqueste,1988-09-02",
)


@pytest.fixture
def lists(tmp_path):
    for name, rows in (("police", ROWS), ("press", ROWS[:2])):
        (tmp_path / f"{name}.csv").write_text("\n".join([HEADINGS, *rows]), encoding="utf-8")
    return tmp_path


def link(folder, *words, files=("police.csv", "press.csv")):
    out = ["--out", str(folder / "linked"), "--sweeps", "10"]
    given = CliRunner().invoke(app, ["link", *(str(folder / file) for file in files), *out, *map(str, words)])
    assert given.exit_code in (0, 2), given.output
    assert not any(name in given.output for name in ("Zorblad", "Gralmenko", "Vashimel", "Bolqueste"))
    return given.exit_code, " ".join(given.output.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--duplicate-free", "polic"], "--duplicate-free: no list is called 'polic'; did you mean 'police'?"),
        (
            ["--columns", "police:given=given name,given=family name"],
            "'given' is given two columns, 'given name' and 'family name'; name one",
        ),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(lists, words, message):
    status, output = link(lists, *words)
    assert status == 2
    assert message in output
    assert not (lists / "linked").exists()


def test_an_example_of_an_option_names_the_list(lists):
    (lists / "press.csv").write_text("day\n1988-08-03\n", encoding="utf-8")
    status, output = link(lists)
    assert status == 2
    assert (
        "press.csv: no column of names was found; the headings are 'day': say which holds what, such as --declare"
        in output
    )
    assert "'press: columns.name = \"day\"'" in output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such file; check the path and the spelling"),
        (b"", "the file is empty; a file of decisions is what the page of mse review saves"),
        (b"a,b\n1,2\n", "there is no column first list"),
        (b"decision\n" + b"x" * 200_000 + b"\n", "it is no CSV file"),
    ],
)
def test_a_file_that_holds_no_decisions_is_refused(lists, content, message):
    if content is not None:
        (lists / "decided.csv").write_bytes(content)
    status, output = link(lists, "--decisions", lists / "decided.csv")
    assert status == 2
    assert message in output


def test_rows_alike_on_a_list_that_is_declared_free_of_duplicates_are_named(lists):
    (lists / "police.csv").write_text("\n".join([HEADINGS, *ROWS, ROWS[0]]), encoding="utf-8")
    status, output = link(lists, "--duplicate-free", "police")
    assert status == 0
    assert "police is declared free of duplicates, and records agree in all that is read of them (rows 2, 5)" in output
    assert "closed form" not in output  # draws were made, even where no two of them differ


def test_many_records_that_nothing_tells_apart_are_named_by_list_and_row():
    same = tuple(NameRecord(row, (PersonName("zorblad", family="gralmenko"),)) for row in range(2, 62))
    alone = NameRecord(62, (PersonName("vashimel", family="gralmenko"),))
    [note] = (each for each in list_notes([NameList("police", (*same, alone))]) if "tells them apart" in each)
    assert note.startswith("60 records agree in all that is read of them, and nothing tells them apart (police, rows 2")
    assert "gralmenko" not in note


def test_one_record_says_nothing_of_candidates(lists):
    (lists / "alone.csv").write_text("\n".join([HEADINGS, ROWS[0]]), encoding="utf-8")
    status, output = link(lists, files=["alone.csv"])
    assert status == 0
    assert "1 record on 1 list: 1 person" in output
    assert "are candidates with the record" not in output


ONE = NameList("police", (NameRecord(2, (PersonName("zorblad", family="gralmenko"),)),))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (ONE, "this is one list; give a sequence of lists"),
        ([], "there is no list"),
        ([ONE, "press.csv"], "item 2 is a str and no list of names; read it with read_names"),
        ([ONE, ONE], "two lists are called police"),
        ([replace(ONE, name="po\x1b[31m")], "has ESCAPE (U+001B) as letter 3; remove it"),
        ([NameList("press", (NameRecord(2),))], "press: none of its 1 rows is one person with a name"),
    ],
)
def test_what_is_no_sequence_of_lists_is_refused_before_anything_is_computed(given, message):
    with pytest.raises(LinkageError, match=re.escape(message)):
        link_lists(given, rng=1)


def test_settings_of_another_kind_are_refused():
    with pytest.raises(SettingError, match="settings is a dict; give LinkageSettings"):
        link_lists([ONE], rng=1, settings={"sweeps": 10})
    with pytest.raises(SettingError, match=r"(?s)best = 'x'; it must be a whole number.*below_log_r = nan"):
        CandidateCut(best="x", below_log_r=float("nan"))


def test_draws_of_another_kind_and_classes_of_models_are_refused_and_one_draw_says_nothing_of_the_linkage():
    draws = small_linkage()
    with pytest.raises(SettingError, match=r"(?s)give a model, Chapman\(\).*draws is a CaptureTable; give what link"):
        mse.fit_draws(mse.models.Chapman, draws.tables[0], rng=1)
    one = replace(draws, persons=draws.persons[:1, :1])
    found = mse.fit_draws(mse.models.NoHighestOrderInteraction(), one, rng=1)
    assert any("There is one draw of the linkage" in note for note in found.notes)
    assert not any("Of the variance of N" in note for note in found.notes)


def test_a_value_of_one_row_alone_is_not_among_the_common_ones(tmp_path):
    rows = ["Name,Status,Place", *["Simin Punehchin,killed,Rasht"] * 4, "Azar Barfabi,gone says Farid,house of Zorblad"]
    (tmp_path / "list.csv").write_text("\n".join(rows), encoding="utf-8")
    found = CliRunner().invoke(app, ["inspect", str(tmp_path / "list.csv")])
    assert found.exit_code == 0, found.output
    assert "Rasht (4)" in found.output
    assert "Farid" not in found.output
    assert "Zorblad" not in found.output


def test_a_row_of_headings_that_may_be_the_first_person_is_not_repeated(tmp_path):
    (tmp_path / "list.csv").write_text("\n".join([*ROWS]), encoding="utf-8")
    status, output = link(tmp_path, "--declare", "header=1", files=["list.csv"])
    assert status == 2
    assert "none of the 4 cells of the row of headings says what a column holds" in output
