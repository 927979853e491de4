"""Raw name lists of a scenario: their people are those of the table, every kind of error as frequent as it says."""

import csv
import tomllib
from collections import Counter

import pytest

from estimation.capture.datasets import data_folder
from estimation.errors import ScenarioError
from estimation.simulation import load_scenario, read_scenario, simulate, write_simulated

PRISONS = "synthetic_prison_killings"
FOLDER = data_folder() / PRISONS


@pytest.fixture(scope="module")
def written():
    return simulate(load_scenario(PRISONS), rng=1).written


def rows_of(name):
    with (FOLDER / f"synthetic_names_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_people_of_the_lists_are_those_of_the_table(written):
    drawn = simulate(load_scenario(PRISONS), rng=1)
    on = {(name, person) for name, _, person, _ in written.truth if person is not None}
    histories = Counter()
    for person in {person for _, person in on}:
        histories[tuple((name, person) in on for name in drawn.table.lists)] += 1
    expected = dict(zip(map(tuple, drawn.table.patterns.tolist()), drawn.table.counts.tolist(), strict=True))
    assert histories == expected


def test_the_truth_has_a_line_for_every_row_of_every_file(written):
    for name, rows in written.files.items():
        of_list = [(row, person) for listed, row, person, _ in written.truth if listed == name]
        assert [row for row, _ in of_list] == list(range(2, len(rows) + 1))
    unnamed = [name for name, _, person, kind in written.truth if kind == "unnamed" and person is None]
    assert unnamed == ["grave_sites"] * 60


def test_names_and_dates_are_in_the_script_and_calendar_of_their_list():
    for name in ("testimony", "leaked_documents", "grave_sites"):
        rows = rows_of(name)
        assert not any(cell.isascii() and cell for row in rows for cell in (row["نام"], row["نام خانوادگی"]))
        assert {"۱۳۷۳"} >= {
            cell
            for row in rows
            for cell in row["تاریخ اعدام"].replace(" ", "/").split("/")
            if len(cell) == 4 and "۱" in cell
        }
    for name in ("audio_recordings", "missing_prisoners"):
        rows = rows_of(name)
        assert all(row["Given name"].isascii() and row["Date of death"].isascii() for row in rows)
        assert {row["Date of death"][-4:] for row in rows} == {"", "1994"}


def scenario_with(tmp_path, rates):
    """A scenario of one place and 1,000 people on one list, all of them, with these rates."""
    path = tmp_path / "scenario.toml"
    path.write_text(
        f"""
title = "Synthetic"
note = "A list by name."
lists = ["A", "B"]
by = ["place", "month"]
[[group]]
name = "all"
capture = {{ A = 1.0, B = 0.1 }}
[[stratum]]
labels = ["north", "1"]
people = {{ all = 1000 }}
[names]
first_month = "1373/04"
place = "place"
month = "month"
months = ["1"]
[names.places.north]
persian = "شمال"
latin = ["north", "the north"]
[[names.list]]
list = "A"
script = "latin"
calendar = "gregorian"
columns = ["given", "father", "family", "age", "place", "date"]
{rates}
""",
        encoding="utf-8",
    )
    return path


def share_wrong(tmp_path, rates, differs):
    """The share of people of whom the list says something that is not so."""
    made = simulate(read_scenario(scenario_with(tmp_path, rates)), rng=3).written
    people = {person.number: person for person in made.people}
    rows = [dict(zip(made.files["A"][0], row, strict=True)) for row in made.files["A"][1:]]
    truth = [people[person] for _, _, person, _ in made.truth]
    return sum(differs(row, person) for row, person in zip(rows, truth, strict=True)) / len(people), len(rows)


def family_differs(row, person):
    return row["Family name"].lower() != person.family.latin[0]


KINDS = {
    "typo = 0.2": family_differs,
    "exchanged = 0.2": lambda row, person: row["Given name"].lower() == person.family.latin[0],
    "wrong_age = 0.2": lambda row, person: row["Age"] != str(person.age),
    "missing = { father = 0.2 }": lambda row, person: row["Father"] == "",
    "by_month = 0.2": lambda row, person: len(row["Date of death"].split()) == 2,
    "by_year = 0.2": lambda row, person: len(row["Date of death"].split()) == 1,
}


@pytest.mark.parametrize("rates", KINDS)
def test_an_error_comes_as_often_as_its_rate_says(tmp_path, rates):
    """Of 1,000: the standard deviation of the share is .0126, and four of them are exceeded once in 16,000 runs.

    One typo in four exchanges two letters or puts one in the place of itself, so that some change nothing.
    """
    share, n_rows = share_wrong(tmp_path, rates, KINDS[rates])
    assert n_rows == 1000
    assert share == pytest.approx(0.2, abs=0.0506)


def test_without_rates_nothing_is_wrong(tmp_path):
    for differs in KINDS.values():
        assert share_wrong(tmp_path, "", differs)[0] == 0


def test_other_spellings_nicknames_and_second_records_come_too(tmp_path):
    spellings, _ = share_wrong(tmp_path, "other_spelling = 1.0", family_differs)
    assert 0.3 < spellings < 1
    given = lambda row, person: row["Given name"].lower() == person.given.nickname != ""  # noqa: E731
    assert share_wrong(tmp_path, "nickname = 1.0", given)[0] > 0.05
    _, n_rows = share_wrong(tmp_path, "twice = 0.1", family_differs)
    assert n_rows == pytest.approx(1100, abs=38)


OTHER_LIST = '[[names.list]]\nlist = "{}"\nscript = "{}"\ncalendar = "solar"\ncolumns = ["{}"]'


@pytest.mark.parametrize(
    ("rates", "problem"),
    [
        ("tpyo = 0.1", "key 'tpyo' is unknown; did you mean 'typo'"),
        ("typo = 1.5", "typo = 1.5; it must lie between 0 and 1"),
        ("missing = { fater = 0.1 }", "it has no such column; did you mean 'father'"),
        ("by_month = 0.6\nby_year = 0.6", "more than all dates together"),
        ("unnamed = -1", "unnamed = -1"),
        (
            '[[names.list]]\nlist = "C"\nscript = "latin"\ncalendar = "solar"\ncolumns = ["name"]',
            "there is no such list",
        ),
        ('[[names.list]]\nlist = "B"\nscript = "latin"\ncalendar = "solar"\ncolumns = ["age"]', "have no name"),
        ('[[names.list]]\nlist = "B"\nscript = "greek"\ncalendar = "solar"\ncolumns = ["name"]', "greek"),
    ],
)
def test_a_bad_key_or_rate_is_said(tmp_path, rates, problem):
    with pytest.raises(ScenarioError, match=problem):
        read_scenario(scenario_with(tmp_path, rates))


def test_a_place_or_month_that_is_not_written_is_said(tmp_path):
    path = scenario_with(tmp_path, "")
    text = path.read_text(encoding="utf-8")
    assert tomllib.loads(text)
    path.write_text(
        text.replace("[names.places.north]", "[names.places.south]").replace('months = ["1"]', 'months = ["2"]')
    )
    with pytest.raises(ScenarioError) as raised:
        read_scenario(path)
    assert len(raised.value.problems) == 2


def test_nothing_else_that_is_drawn_changes_and_a_scenario_without_names_writes_none(tmp_path):
    folder = write_simulated(simulate(load_scenario("independent"), rng=1), tmp_path)
    assert not list(folder.glob("*name*"))
