"""What changed between two finished studies, and that it is all of it."""

import json
import re
import shutil

import pytest
from drawn_once import undrawn
from small_study import STUDY, TABLE, write_study

from estimation.errors import StudyError
from estimation.runs.compare_studies import compare_studies
from estimation.runs.run import run_study

ONE_COUNT = TABLE.replace("1,1,0,24", "1,1,0,25")


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    folder = tmp_path_factory.mktemp("old")
    with undrawn():
        return run_study(write_study(folder), folder / "out")


@pytest.fixture(scope="module")
def one_count(tmp_path_factory):
    """The same study with one more person on the lists A and B."""
    folder = tmp_path_factory.mktemp("one_count")
    with undrawn():
        return run_study(write_study(folder, table=ONE_COUNT), folder / "out")


@pytest.fixture
def copy(old, tmp_path):
    return shutil.copytree(old, tmp_path / "copy")


def rewrite(path, change):
    held = json.loads(path.read_text())
    change(held)
    path.write_text(json.dumps(held))


def numbers(tree, place=()):
    """Every number of a JSON tree by its keys and places: a plain walk, written without the package.

    Rows of a table are sorted by what they hold, so they are known by their first cell.
    """
    if isinstance(tree, dict) and "rows" in tree:
        tree = {**tree, "rows": {row[0]: row for row in tree["rows"]}}
    if isinstance(tree, dict):
        return {k: v for key, part in tree.items() for k, v in numbers(part, (*place, key)).items()}
    if isinstance(tree, list):
        return {k: v for at, part in enumerate(tree) for k, v in numbers(part, (*place, at)).items()}
    return {place: tree} if isinstance(tree, int | float) and not isinstance(tree, bool) else {}


def test_one_count_is_named_with_every_number_that_it_moved(old, one_count):
    difference = compare_studies(old, one_count)
    assert [str(cell) for cell in difference.cells] == ["history 110 (A and B only): 24 -> 25 (+1)"]
    assert difference.inputs + difference.study + difference.settings + difference.versions == ()
    before, after = (numbers(json.loads((folder / "results.json").read_text())) for folder in (old, one_count))
    assert before.keys() == after.keys()
    moved = sorted((before[place], after[place]) for place in before if before[place] != after[place])
    assert sorted((change.then, change.now) for change in difference.numbers) == moved
    assert len(moved) > 50
    said = {change.path for change in difference.numbers}
    for wanted in (
        "headline.lower",
        "headline.upper",
        "table.n_observed",
        "table.lists.A",
        "models[Bound].point",
        "models[Graphs].mean",
        "models[Coverage].upper",
    ):
        assert wanted in said
    assert any(re.fullmatch(r"sensitivity\..*delta = 1\]\.upper", path) for path in said)


def test_the_text_names_the_count_and_each_number_with_its_movement(old, one_count):
    text = str(compare_studies(old, one_count))
    results = [json.loads((folder / "results.json").read_text()) for folder in (old, one_count)]
    lower = [int(held["headline"]["lower"]) for held in results]
    assert lower[0] != lower[1]
    assert f"lower end of the interval: {lower[0]} -> {lower[1]} ({lower[1] - lower[0]:+}, " in text
    assert "  history 110 (A and B only): 24 -> 25 (+1)\n" in text
    assert "people observed: 217 -> 218 (+1, +0.46 %)" in text
    assert "on exactly 2: 59 -> 60 (+1, +1.7 %)" in text
    assert re.search(
        r"^Changed: 1 count of the table, \d+ numbers, \d+ sentences or other values\.$", text, re.MULTILINE
    )
    headlines = [held["headline"] for held in results]
    said = [f"{h['point']:,.0f} people, {h['lower']:,.0f} to {h['upper']:,.0f} (Graphs)" for h in headlines]
    assert f"Headline: {said[0]} -> {said[1]}" in text
    for label in ("Bound", "Graphs", "Coverage"):
        assert f"\n  models[{label}]\n" in text
    assert "Study file: the same" in text
    assert "Versions and machine: the same" in text


def test_the_same_two_folders_give_the_same_text_and_the_other_way_round_the_opposite(old, one_count):
    forth, back = compare_studies(old, one_count), compare_studies(one_count, old)
    assert str(forth) == str(compare_studies(old, one_count))
    assert [(c.then, c.now) for c in forth.cells] == [(c.now, c.then) for c in back.cells]
    assert {(c.path, c.then, c.now) for c in forth.numbers} == {(c.path, c.now, c.then) for c in back.numbers}


def test_a_study_does_not_differ_from_itself_run_at_another_time_with_other_workers(old, copy):
    rewrite(copy / "record.json", lambda held: held.update(time="2031-01-01T00:00:00+00:00", workers=9, seconds=1.0))
    difference = compare_studies(old, copy)
    assert difference.same
    assert "Nothing changed: the same went in and the same came out." in str(difference)
    assert difference.plain()["same"] is True


def test_json_holds_what_the_text_says(old, one_count):
    plain = json.loads(json.dumps(compare_studies(old, one_count).plain(), allow_nan=False))
    assert plain["cells"] == [{"history": "110", "lists": ["A", "B"], "old": 24, "new": 25, "moved_by": 1}]
    moved = {change["path"]: change for change in plain["numbers"]}
    assert moved["table.n_observed"] == {"path": "table.n_observed", "old": 217, "new": 218, "moved_by": 1}


def test_keys_of_the_study_seeds_and_versions_are_told_apart(old, copy):
    study = STUDY.replace("seed = 7", "seed = 8").replace("delta = 0.125\n", "delta = 0.25\n")
    (copy / "inputs" / "study.toml").write_text(study.replace('source = "The census of the town"', 'source = "X"'))

    def results(held):
        held["models"][1]["settings"]["delta"] = 0.25
        held["models"][1]["settings"]["n_0_max"] = 9
        held["models"][1]["seed"] = "8/1"

    rewrite(copy / "results.json", results)
    rewrite(copy / "record.json", lambda held: held["packages"].update(numpy="99.0"))
    difference = compare_studies(old, copy)
    assert [change.path for change in difference.study] == [
        "seed", "model[Graphs].settings.delta", "reference[Census].source",
    ]  # fmt: skip
    assert [change.path for change in difference.settings] == ["models[Graphs].settings.n_0_max"]
    assert [change.path for change in difference.versions] == ["packages.numpy"]
    assert difference.numbers == difference.words == ()
    text = str(difference)
    assert "  model[Graphs].settings.delta: 0.125 -> 0.25\n" in text
    assert '-> "99.0"' in text
    assert len(difference.doubts) == 2
    assert f"Doubt: {copy / 'results.json'} is not the file that its own SHA256SUMS describes." in text


def test_a_model_that_comes_or_goes_moves_no_other(old, copy):
    def results(held):
        held["models"].insert(0, {"label": "New", "estimable": False, "reason": "none"})
        held["models"] = [model for model in held["models"] if model["label"] != "Coverage"]

    rewrite(copy / "results.json", results)
    difference = compare_studies(old, copy)
    assert difference.numbers == ()
    assert sorted(change.path for change in difference.words) == ["models[Coverage]", "models[New]"]
    assert 'New]: nothing -> {"label": "New"' in str(difference)


def test_a_headline_without_a_number_is_said(old, copy):
    rewrite(copy / "results.json", lambda held: held.update(headline={"label": "Graphs", "estimable": False}))
    assert compare_studies(old, copy).headline.endswith("(Graphs) -> no number (Graphs).")
    rewrite(copy / "results.json", lambda held: held["headline"].update(point=300.0, lower=250, upper=None))
    assert "-> 300 people, 250 to no limit (Graphs), -" in compare_studies(old, copy).headline


@pytest.mark.parametrize(
    ("table", "cells", "inputs"),
    [
        (
            "B,A,C,count\n0,1,0,60\n1,0,0,50\n0,0,1,40\n1,1,0,24\n0,1,1,20\n1,0,1,15\n1,1,1,9\n",
            ["history 111 (A and B and C only): 8 -> 9 (+1)"],
            ["the lists stand in another order: A, B, C -> B, A, C"],
        ),
        (
            "A,B,count\n1,0,80\n0,1,65\n1,1,33\n",
            ["history 11 (A and B only): 32 -> 33 (+1)"],
            ["the list C is in the old table only", "counts are compared over the lists in both tables (A, B), people"],
        ),
        (
            "X,Y,count\n1,0,80\n0,1,65\n1,1,33\n",
            [],
            [f"the list {name} is in the" for name in "ABCXY"] + ["no list is in both tables"],
        ),
        (
            TABLE.replace("1,0,0,60\n0,1,0,50", "0,1,0,50\n1,0,0,60"),
            [],
            ["the table is another file with the same cou"],
        ),
    ],
)
def test_tables_with_other_lists_are_compared_as_far_as_they_can_be(old, copy, table, cells, inputs):
    (copy / "inputs" / "table.csv").write_text(table)
    rewrite(copy / "record.json", lambda held: held["inputs"]["table"].update(sha256="ab" * 32))
    difference = compare_studies(old, copy)
    assert [str(cell) for cell in difference.cells] == cells
    assert len(difference.inputs) == len(inputs)
    assert all(said.startswith(start) for said, start in zip(difference.inputs, inputs, strict=True))


def test_a_further_input_is_compared_line_by_line(old, copy, tmp_path):
    other = shutil.copytree(copy, tmp_path / "other")
    for folder, figure in ((copy, 300), (other, 310)):
        (folder / "inputs" / "claims.csv").write_text(f"who,figure\nPress,250\nMinistry,{figure}\n")
    assert compare_studies(copy, other).inputs == (
        "the input claims.csv is another file",
        "claims.csv, gone: Ministry,300",
        "claims.csv, added: Ministry,310",
    )
    assert compare_studies(old, copy).inputs == ("the input claims.csv is in the new study only",)


def test_a_folder_that_is_no_finished_study_is_refused_in_words(old, copy, tmp_path):
    with pytest.raises(StudyError, match="there is no such folder"):
        compare_studies(old, tmp_path / "nobody")
    (copy / "inputs" / "study.toml").write_text("title = ")
    with pytest.raises(StudyError, match="this is not TOML"):
        compare_studies(old, copy)
