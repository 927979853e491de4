"""From files of names to people: `link` and `mse link`, what stops them in clear words, and nothing left behind."""

import csv
import json
from datetime import date, datetime

import numpy as np
import pytest
from typer.testing import CliRunner

import estimation as mse
from estimation.cli import app
from estimation.errors import LinkageError, SettingError
from estimation.linkage.decisions import Decision, RecordKey
from estimation.linkage.linking import LinkageSettings, link
from estimation.linkage.self_check import self_check
from estimation.lists.days import Days
from estimation.lists.name_list import NameList, NameRecord, PersonName

GIVEN = [
    "arman",
    "bahar",
    "cyrus",
    "dara",
    "elham",
    "farid",
    "golnar",
    "hamid",
    "iraj",
    "jaleh",
    "kamran",
    "leila",
    "mina",
    "navid",
    "omid",
    "parvin",
]
FAMILY = [
    "sarvrisan",
    "punehchin",
    "barfgar",
    "abrisham",
    "derakhtvar",
    "kuhzad",
    "rudaki",
    "setarvan",
    "mahtab",
    "baranak",
]
FEW = LinkageSettings(sweeps=24, looser=False)


def people(n=40):
    """Invented people who differ in name and birth."""
    rng = np.random.default_rng(5)
    return [
        (
            GIVEN[k % 16],
            FAMILY[(k * 7 + k // 16) % 10],
            date(1940 + k, 1 + k % 12, 1 + int(rng.integers(28))),
        )
        for k in range(n)
    ]


def write(path, rows, heading=("given name", "family name", "date of birth", "place of death")):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    return str(path)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Three lists of forty invented people: 20 on the first, 20 on the second (10 of both), 15 on the third."""
    folder, everybody = tmp_path_factory.mktemp("lists"), list(enumerate(people()))
    chosen = {"police": everybody[:20], "press": everybody[10:30], "graves": everybody[25:40]}
    return [
        write(folder / f"synthetic_{name}.csv", [(g, f, b.isoformat(), f"town {k % 3}") for k, (g, f, b) in rows])
        for name, rows in chosen.items()
    ]


def lists_of(*chosen, **more):
    everybody = people()
    return [
        NameList(
            name,
            tuple(
                NameRecord(
                    row,
                    (PersonName(given, family=family),),
                    birth=Days.between(born, born.fromordinal(born.toordinal() + 1)),
                )
                for row, (given, family, born) in enumerate((everybody[k] for k in places), 2)
            ),
            **more,
        )
        for name, places in chosen
    ]


def run(*words):
    return CliRunner().invoke(app, [*map(str, words)])


@pytest.fixture(scope="module")
def linked(files, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "linkage"
    found = run("link", *files, "--out", out, "--seed", 1, "--sweeps", 30, "--json", "--workers", 2)
    assert found.exit_code == 0, found.output
    return out, json.loads(found.stdout.splitlines()[-1])


def test_files_become_people_and_a_line_for_every_record(linked):
    out, found = linked
    assert found["records"] == 55
    assert found["people"]["lower"] <= 40 <= found["people"]["upper"]
    assert set(found["duplicates"]) == {"synthetic_police", "synthetic_press", "synthetic_graves"}
    with (out / "clusters.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["list"], row["row"]) for row in rows[:2]] == [("synthetic_police", "2"), ("synthetic_police", "3")]
    assert len(rows) == 55
    person = {(row["list"], int(row["row"])): row["person"] for row in rows}
    twins = [(("synthetic_police", 12 + k), ("synthetic_press", 2 + k)) for k in range(10)]
    assert sum(person[one] == person[other] for one, other in twins) >= 9


def test_no_name_is_in_the_folder_or_in_what_is_printed(linked, files):
    out, found = linked
    words = {*GIVEN, *FAMILY}
    for path in out.iterdir():
        text = path.read_bytes().decode("latin-1").lower()
        assert not [word for word in words if word in text], path.name
    assert not [word for word in words if word in json.dumps(found)]
    assert found["files"][0]["columns"] == {
        "given": "given name",
        "family": "family name",
        "born": "date of birth",
        "place": "place of death",
    }


def test_the_folder_is_the_same_bytes_whatever_the_workers(linked, files, tmp_path):
    out, _ = linked
    again = run("link", *files, "--out", tmp_path / "again", "--seed", 1, "--sweeps", 30, "--workers", 1)
    assert again.exit_code == 0, again.output
    for path in out.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name
    assert "With looser candidates" in again.stdout.replace("\n", " ")


def test_the_folder_goes_on_to_a_number_by_place(linked):
    out, _ = linked
    draws = mse.read_linkage(out)
    assert set(draws.labels) == {"place"}
    found = mse.fit_draws(mse.models.NoHighestOrderInteraction(), draws, rng=1)
    assert found.n_observed == pytest.approx(40, abs=2)
    assert (
        sum(table.n_observed for table in draws.strata(["place"])[0].by(["place"]).tables.values()) == draws.n_people[0]
    )


def test_a_second_linkage_never_replaces_the_first_unless_it_is_wanted(linked, files):
    out, _ = linked
    refused = run("link", *files, "--out", out)
    assert refused.exit_code == 2
    assert "there is a linkage already" in refused.output


def test_stopped_it_writes_nothing(files, tmp_path, monkeypatch):
    def stopped(*given, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr("estimation.linkage.linking.sample_partitions", stopped)
    found = run("link", *files, "--out", tmp_path / "linkage")
    assert found.exit_code == 130
    assert list(tmp_path.iterdir()) == []


def test_one_list_alone_shows_its_duplicates():
    draws = link(lists_of(("police", [*range(12), 3, 4])), rng=1, settings=FEW)
    assert draws.people.lower <= 12 <= draws.people.upper
    assert np.median(draws.n_repeated["police"]) == 2
    assert draws.tables[0].lists == ("police",)


def test_one_list_free_of_duplicates_has_as_many_people_as_records():
    draws = link(lists_of(("police", range(9)), duplicate_free=True), rng=1, settings=FEW)
    assert (draws.n_people == 9).all()


def test_lists_that_share_nobody_have_no_links():
    draws = link(lists_of(("police", range(15)), ("press", range(20, 35))), rng=1, settings=FEW)
    assert draws.people.median == 30
    assert all(table.count("police", "press") == 0 for table in draws.tables) or draws.people.upper == 30


def test_releases_of_a_list_are_one_capture_and_keep_their_rows():
    first, second = lists_of(("2023", range(10)), ("2024", range(8)))
    second = NameList(second.name, second.records, version_of="2023")
    draws = link([first, second, *lists_of(("press", range(5, 12)))], rng=1, settings=FEW)
    assert draws.lists == ("2023", "press")
    clusters = draws.clusters()
    assert set(clusters["list"]) == {"2023", "2024", "press"}
    assert draws.people.median == 12


def test_what_people_decided_holds_and_contradictions_are_named_by_row():
    lists = lists_of(("police", range(8)), ("press", range(8)))
    when = datetime(2026, 3, 1)
    same = Decision(RecordKey("police", 2), RecordKey("press", 3), "same", "A.", when)
    draws = link(lists, rng=1, settings=FEW, decisions=[same])
    assert (draws.drawn[:, 0] == draws.drawn[:, 9]).all()
    assert draws.review == {"the same person": 1}
    other = Decision(RecordKey("police", 2), RecordKey("press", 3), "different", "B.", when)
    with pytest.raises(LinkageError, match="as many people say same as say different"):
        link(lists, rng=1, settings=FEW, decisions=[same, other])


def test_lists_that_cannot_be_linked_are_named_together():
    nobody = NameList("graves", (NameRecord(2, kind="unnamed"), NameRecord(3, kind="group of unnamed", n_people=8)))
    police = lists_of(("police", range(4)))
    with pytest.raises(LinkageError) as refused:
        link([nobody, *police, *police], rng=1)
    text = str(refused.value)
    assert "graves: none of its 2 rows is one person with a name" in text
    assert "two lists are called police" in text
    with pytest.raises(LinkageError, match="there is no list"):
        link([], rng=1)
    with pytest.raises(SettingError, match="chains = 1; it must be a whole number, 2 or more"):
        LinkageSettings(chains=1)


def test_the_unnamed_are_counted_apart_and_lists_that_are_one_source_are_asked_about():
    police, press = lists_of(("police", range(12)), ("press", range(12)))
    unnamed = NameRecord(30, kind="group of unnamed", n_people=8)
    draws = link([NameList("police", (*police.records, unnamed)), press], rng=1, settings=FEW)
    assert draws.n_unlinkable == {"police": 8}
    notes = "\n".join(draws.notes)
    assert "police: 8 people not linked (8 in groups without names)" in notes
    assert "police and press share 100% of the names as written" in notes


BAD = {
    "no names": ([("1", "1988-01-01")], ("number", "date"), "name"),
    "all dates blank": ([("ali", "sarvrisan", "", "")], None, None),
    "30 February": ([("ali", "sarvrisan", "30/02/1960", "x"), ("mina", "abrisham", "12/02/1960", "x")], None, "row 2"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_said_in_clear_words_by_row_and_without_a_name(tmp_path, name):
    rows, heading, said = BAD[name]
    more = {} if heading is None else {"heading": heading}
    path = write(tmp_path / "synthetic_list.csv", rows, **more)
    found = run("link", path, "--out", tmp_path / "out", "--sweeps", 10)
    assert found.exit_code in (0, 2), found.output
    assert (found.exit_code == 2) == (name == "no names")
    assert said is None or said in found.output
    assert "sarvrisan" not in found.output


def test_options_about_a_list_that_is_not_there_are_refused_with_the_nearest(files, tmp_path):
    for words in (
        ["--columns", "polise:given=x"],
        ["--duplicate-free", "polise"],
        ["--declare", "synthetic_police: sevral = 'split'"],
        ["--columns", "synthetic_police:givn=given name"],
        ["--columns", "synthetic_police:given name"],
    ):
        found = run("link", *files, "--out", tmp_path / "out", *words)
        assert found.exit_code == 2, words
        assert "internal error" not in found.output
    assert "is not of the form key=heading" in found.output
    twice = run("link", files[0], files[0], "--out", tmp_path / "out")
    assert "two lists are called" in twice.output


@pytest.mark.slow
def test_copies_written_from_the_fitted_model_are_found_again_and_never_called_coverage():
    lists = lists_of(("police", range(24)), ("press", range(12, 36)))
    found = self_check(lists, link(lists, rng=1, settings=FEW), rng=1, settings=FEW, n_copies=2)
    assert all(truth <= 36 for truth in found.truths)
    assert all(abs(people.median - truth) <= 4 for truth, people in zip(found.truths, found.found, strict=True))
    assert "This is no coverage" in found.note


def test_a_review_sample_is_drawn_answered_and_stands_beside_the_model(files, tmp_path):
    out = tmp_path / "linkage"
    found = run("link", *files, "--out", out, "--sweeps", 24, "--review-sample", 12)
    assert found.exit_code == 0, found.output
    sheets = tmp_path / "linkage-review"
    assert sorted(path.name for path in sheets.iterdir()) == ["reviewer_1.csv", "reviewer_2.csv", "sample.json"]
    blank = run("reviewed", out)
    assert blank.exit_code == 2
    assert "have no answer" in blank.output
    second = (sheets / "reviewer_2.csv").read_bytes()
    (sheets / "reviewer_2.csv").write_bytes(second.decode("utf-8").encode("utf-16"))
    both = " ".join(run("reviewed", out, "--decided", tmp_path / "third.csv").output.split())
    assert "reviewer_1.csv: 12 drawn records have no answer (samples 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more)" in both
    assert "reviewer_2.csv: it is not UTF-8; save it as CSV UTF-8" in both
    assert "third.csv: it cannot be read (No such file or directory)" in both
    with (sheets / "reviewer_1.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    at = {name: place for place, name in enumerate(rows[0])}
    born = {}
    for row in rows[1:]:
        if row[at["role"]] == "drawn":
            born[row[0]] = (row[at["given"]], row[at["born"]])
        else:
            row[at["same_person"]] = "yes" if (row[at["given"]], row[at["born"]]) == born[row[0]] else "no"
    for name in ("reviewer_1.csv", "reviewer_2.csv"):
        with (sheets / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    answer = json.loads(run("reviewed", out, "--json").stdout)
    assert answer["sample"]["interval"]["lower"] <= 40 <= answer["sample"]["interval"]["upper"]
    assert answer["sample"]["disagreements"] == 0
    assert "by the sample" in run("reviewed", out).stdout.lower()
