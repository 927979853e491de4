"""A review by command, from lists to lists: linked, asked, answered by a simulated reviewer, and linked again."""

import csv
from itertools import combinations

import pytest
from typer.testing import CliRunner

from estimation.cli import app
from estimation.linkage.saved import read_linkage

HEADING = ["given name", "family name", "date of birth", "place of death"]
GIVEN = ["arman", "bahar", "cyrus", "dara", "elham", "farid"]
FAMILY = ["sarvrisan", "punehchin", "barfgar"]


def written(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADING, *rows])
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two synthetic lists of invented people; of some who are on both the second list leaves the date of birth open."""
    people = [
        (given, FAMILY[(at + turn) % 3], f"{1940 + 3 * at + turn}-0{1 + at}-1{turn}", ("north", "south")[at % 2])
        for turn in range(3)
        for at, given in enumerate(GIVEN)
    ]
    doubtful = [(given, family[:5], "", place) for given, family, _, place in people[2:8]]
    folder = tmp_path_factory.mktemp("reviewed")
    return [
        written(folder / "synthetic_police.csv", people[:14]),
        written(folder / "synthetic_press.csv", [*doubtful, *people[10:]]),
    ]


@pytest.fixture(scope="module")
def linked(files):
    return link(files, "before")


def link(files, name, *more):
    out = files[0].with_name(name)
    words = ["link", *files, "--out", out, "--seed", 1, "--sweeps", 30, "--workers", 1, *more]
    found = CliRunner().invoke(app, list(map(str, words)))
    return out, found


def answered(sheet, place, answer_of):
    """The sheet of questions as a reviewer fills it in; `answer_of` gives the answer to a question by its number."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {"decision": answer_of(int(row["question"])), "who": "R.", "when": "2026-03-01", "why": "simulated"}
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return rows


def keys_of(row):
    return tuple((row[f"{side} list"], int(row[f"{side} row"])) for side in ("first", "second"))


def probabilities(out):
    frame = read_linkage(out).pairs()
    places = zip(frame["first list"], frame["first row"], frame["second list"], frame["second row"], strict=True)
    return {frozenset([(a, b), (c, d)]): p for (a, b, c, d), p in zip(places, frame["probability"], strict=True)}


def test_what_a_reviewer_decided_is_certain_in_the_next_linkage(files, linked, mse):
    before, found = linked
    assert found.exit_code == 0, found.output
    status, _, err = mse("review", before, *files, "--force")
    assert status == 0, err
    sheet = before.with_name("before-questions") / "review.csv"
    decided = answered(sheet, files[0].with_name("decisions.csv"), lambda number: ("same", "different")[number % 2])
    answers = {frozenset(keys_of(row)): row["decision"] for row in decided}
    assert {"same", "different"} <= set(answers.values())
    doubted = probabilities(before)
    assert all(0 < doubted[pair] < 1 for pair in answers)
    after, found = link(files, "after", "--decisions", files[0].with_name("decisions.csv"))
    assert found.exit_code == 0, found.output
    assert "reviewed by R." in found.output
    certain = probabilities(after)
    assert {pair: certain.get(pair, 0.0) for pair in answers} == {
        pair: float(answer == "same") for pair, answer in answers.items()
    }
    with (after / "clusters.csv").open(encoding="utf-8") as file:
        person = {(row["list"], int(row["row"])): row["person"] for row in csv.DictReader(file)}
    for pair, answer in answers.items():
        one, other = pair
        assert (person[one] == person[other]) == (answer == "same")


def test_decisions_that_contradict_each_other_are_refused_with_the_file_and_its_rows(files, linked, mse):
    first, second, third = ("synthetic_police", 2), ("synthetic_press", 2), ("synthetic_press", 3)
    rows = ["first list,first row,second list,second row,decision,who,when"]
    for (one, other), answer in zip(
        combinations((first, second, third), 2), ("same", "same", "different"), strict=True
    ):
        rows.append(f"{one[0]},{one[1]},{other[0]},{other[1]},{answer},R.,2026-03-01")
    place = files[0].with_name("contradiction.csv")
    place.write_text("\n".join(rows), encoding="utf-8")
    out = files[0].with_name("never")
    status, _, err = mse("link", *files, "--out", out, "--decisions", place)
    assert status == 2
    assert "contradiction.csv: synthetic_press row 2 is synthetic_police row 2 (row 2)" in err
    assert "synthetic_press row 2 is synthetic_press row 3, which row 4 denies; correct one of them" in err
    assert not out.exists()


def test_decisions_about_another_file_are_refused_since_its_rows_may_be_other_people(files, linked, mse, tmp_path):
    before, _ = linked
    mse("review", before, *files, "--force")
    place = tmp_path / "decisions.csv"
    answered(before.with_name("before-questions") / "review.csv", place, lambda _: "same")
    police, press = files
    longer = tmp_path / press.name
    heading, rest = press.read_text(encoding="utf-8").split("\n", 1)
    longer.write_text(f"{heading}\nomid,rudaki,1950-01-12,north\n{rest}", encoding="utf-8")
    status, _, err = mse("link", police, longer, "--out", tmp_path / "never", "--decisions", place)
    assert status == 2
    assert "the file of synthetic_press is not the one that was reviewed" in err
    assert "synthetic_police" not in err
    assert "rudaki" not in err
    assert not (tmp_path / "never").exists()


def test_a_sheet_that_nobody_filled_in_is_said(files, linked, mse):
    before, _ = linked
    mse("review", before, *files, "--force")
    sheet = before.with_name("before-questions") / "review.csv"
    _, found = link(files, "unanswered", "--decisions", sheet)
    assert found.exit_code == 0, found.output
    assert "no row has a decision" in found.output
