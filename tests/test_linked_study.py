"""A study whose people are drawn: of a linkage in the place of a table, and of lists of names that are linked first."""

import json
from datetime import datetime

import pytest
from drawn_once import undrawn
from small_linkage import small_linkage
from small_study import STUDY

from estimation.errors import LinkageError, StudyError
from estimation.linkage.decisions import Decision, RecordKey, decisions_csv
from estimation.linkage.saved import save_linkage
from estimation.models.linked.fit_draws import fit_draws
from estimation.runs.grid import run_grid
from estimation.runs.run import run_study
from estimation.runs.verify import verify_study
from estimation.study.linked_input import linked_input
from estimation.study.study_file import read_study
from estimation.work.seeds import generator_for

LIGHT_REPORT = '[report]\nformats = ["html"]\nleave_out = ["computation", "fit", "published", "model_tables"]\n\n'
FEW_MODELS = (
    STUDY.split('[[model]]\nlabel = "Two lists"')[0] + LIGHT_REPORT + "[sensitivity]\nleave_one_list_out = true\n"
)
BY_MONTH = '\n[strata]\nby = ["month"]\nmissing = "impute"\n'


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("linked-study")
    save_linkage(small_linkage(), folder / "linkage")
    (folder / "study.toml").write_text(FEW_MODELS.replace("table.csv", "linkage") + BY_MONTH, encoding="utf-8")
    with undrawn():
        run_study(folder / "study.toml", folder / "out")
    return folder


def test_the_numbers_of_a_study_are_pooled_over_the_draws(place):
    results = json.loads((place / "out" / "results.json").read_text(encoding="utf-8"))
    study = read_study(place / "study.toml")
    draws = small_linkage()
    pooled = fit_draws(study.models["Graphs"], draws, rng=generator_for(7, "Graphs"))
    assert results["headline"]["median"] == pooled.median
    assert results["linkage"]["people"]["median"] == draws.people.median
    assert results["linkage"]["records"] == len(draws.records)
    split = results["linkage"]["variance_of_n"]["Graphs"]
    assert 0 <= split["share_of_linkage"] < 1
    assert set(results["strata"]) == {"Bound", "Graphs"}


def test_the_folder_of_a_study_has_the_tables_and_no_row_about_a_person(place):
    names = {path.relative_to(place / "out").as_posix() for path in (place / "out").rglob("*") if path.is_file()}
    assert "inputs/linkage.tables.csv" in names
    assert not any("clusters" in name or name.endswith("draws.npz") for name in names)
    assert not (place / "out" / ".parts").exists() or not any((place / "out" / ".parts").glob("linkage/*"))


def test_a_study_of_a_linkage_is_verified_from_its_tables_alone(place):
    verified = verify_study(place / "out")
    assert verified.verdict == "identical", str(verified)


def test_questions_are_about_one_draw_and_the_report_says_so(place):
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert "about the table of one draw in the middle" in page
    assert "in one draw of who is the same person" in page


def test_what_goes_with_one_table_is_refused(place, tmp_path):
    with pytest.raises(StudyError, match="lists that are linked have a table for each draw"):
        run_study(place / "study.toml", tmp_path / "out", public=5)
    with pytest.raises(StudyError, match="lists of names are never copied"):
        run_study(place / "study.toml", tmp_path / "out", keep_persons=True)
    with pytest.raises(
        StudyError, match="its lists are linked, and have a table for each draw, which a grid does not pool"
    ):
        run_grid(place / "study.toml", tmp_path / "grid")
    other = place / "other.toml"
    text = (place / "study.toml").read_text(encoding="utf-8").replace('"impute"', '"joint"')
    other.write_text(f'{text}\n[lists.police]\nfile = "police.csv"\n', encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        read_study(other)
    problems = "\n".join(refused.value.problems)
    assert "it has a table and [lists]" in problems
    assert 'missing = "joint" draws labels for one table' in problems


def test_the_report_says_who_is_the_same_person_and_page_one_points_there(place):
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    draws = small_linkage()
    first, _, rest = page.partition("What would change it")
    assert f"{len(draws.records)} records of about {draws.people.median} people" in first
    assert f"name about {draws.people.median}" in first
    assert "Who is the same person" in rest
    assert "What linkage contributes to N" in rest


LISTS = """
[linkage]
sweeps = 40

[lists.police]
file = "synthetic_police.csv"
duplicate_free = true

[lists.press]
file = "synthetic_press.csv"
columns = { place = "place of death" }
labels = { group = "group" }

[strata]
by = ["place"]

[[model]]
"""


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("listed-study")
    heading = "given name,family name,date of birth,place of death,group\n"
    given, family = (
        ["arman", "bahar", "cyrus", "dara", "elham", "farid", "golnar", "hamid"],
        ["sarvrisan", "punehchin", "barfgar"],
    )
    rows = [
        f"{given[k % 8]},{family[k % 3]},{1940 + k}-0{1 + k % 9}-1{k % 9},{'north' if k % 2 else 'south'},a"
        for k in range(36)
    ]
    for name, chosen in (("police", rows[:26]), ("press", rows[8:])):
        (folder / f"synthetic_{name}.csv").write_text(heading + "\n".join(chosen) + "\n", encoding="utf-8")
    model = 'label = "Two"\nname = "nhoi"\n'
    text = STUDY.split("[[model]]")[0].replace("Graphs", "Two").replace('table = "table.csv"', "synthetic = true")
    (folder / "study.toml").write_text(text + LIGHT_REPORT + LISTS + model, encoding="utf-8")
    run_study(folder / "study.toml", folder / "out")
    return folder


def test_lists_of_names_become_people_strata_and_a_number_in_one_run(listed):
    results = json.loads((listed / "out" / "results.json").read_text(encoding="utf-8"))
    assert results["linkage"]["records"] == 54
    assert results["linkage"]["people"]["lower"] <= 36 <= results["linkage"]["people"]["upper"]
    assert results["headline"]["estimable"]
    strata = results["strata"]["Two"]["strata"]
    assert [each["labels"]["place"] for each in strata] == ["north", "south"]
    record = json.loads((listed / "out" / "record.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in record["inputs"]["lists"]] == ["synthetic_police.csv", "synthetic_press.csv"]


def test_no_row_about_a_person_and_no_name_is_in_the_folder_of_the_study(listed):
    for path in (listed / "out").rglob("*"):
        if path.is_file() and path.suffix in {".json", ".csv", ".html", ".toml"}:
            text = path.read_text(encoding="utf-8").lower()
            assert "sarvrisan" not in text, path.name
            assert "punehchin" not in text, path.name
    assert (listed / "out" / "inputs" / "study.synthetic.tables.csv").is_file()


@pytest.mark.slow
def test_a_study_of_lists_is_verified_from_its_tables_and_with_its_lists_linked_again(listed):
    alone = verify_study(listed / "out")
    assert alone.verdict == "identical", str(alone)
    assert "was not drawn again" in str(alone)
    again = verify_study(listed / "out", lists=listed)
    assert again.linked_again, str(again)
    assert "linked again, give the same tables of all draws" in str(again)


def test_lists_that_were_changed_since_are_not_verified(listed, tmp_path):
    for name in ("police", "press"):
        text = (listed / f"synthetic_{name}.csv").read_text(encoding="utf-8")
        (tmp_path / f"synthetic_{name}.csv").write_text(text + "omid,rudaki,1950-01-12,north,a\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"synthetic_police\.csv in .* is not the file that was linked"):
        verify_study(listed / "out", lists=tmp_path)


def test_keys_of_lists_are_checked_with_the_nearest_and_files_that_are_missing_are_named(listed):
    text = (listed / "study.toml").read_text(encoding="utf-8")
    broken = listed / "broken.toml"
    for old, new, problem in (
        ("duplicate_free", "duplicatefree", r"\[lists\], \[police\], key 'duplicatefree' is unknown; did you mean"),
        ("synthetic_press.csv", "synthetic_radio.csv", r"\[lists\], \[press\], key 'file' is 'synthetic_radio.csv'"),
        ("sweeps = 40", "sweeps = 40\ndecisions = 'd.csv'", r"key 'decisions' is 'd.csv', and there is no file"),
        (
            "sweeps = 40",
            "sweeps = 40\ndecisions = ['study.toml', 'e.csv', 'study.toml']",
            r"(?s)names 'study.toml' 2 times; name it once.*'decisions' is 'e.csv', and there is no file",
        ),
        ("synthetic = true", "", "is named 'synthetic_police.csv' and synthetic is not true"),
    ):
        broken.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(StudyError, match=problem):
            read_study(broken)


@pytest.mark.parametrize(
    ("declared", "n_decisions"), [("", 0), ("decisions = 'a.csv'", 1), ("decisions = ['a.csv', 'b.csv']", 2)]
)
def test_decisions_of_a_study_are_of_one_file_or_several(listed, monkeypatch, tmp_path, declared, n_decisions):
    for row, reviewer in ((12, "a"), (13, "b")):
        pair = RecordKey("police", row), RecordKey("press", row - 8)
        text = decisions_csv([Decision(*pair, "same", reviewer, datetime(2026, 3, 1))])
        (listed / f"{reviewer}.csv").write_text(text, encoding="utf-8")
    given = []

    def take(lists, **options):
        given.extend(options["decisions"])
        raise LinkageError("link", ["enough"])

    monkeypatch.setattr("estimation.linkage.linking.link", take)
    text = (listed / "study.toml").read_text(encoding="utf-8").replace("sweeps = 40", f"sweeps = 40\n{declared}")
    (listed / "decided.toml").write_text(text, encoding="utf-8")
    study = read_study(listed / "decided.toml")
    with pytest.raises(LinkageError, match="enough"):
        linked_input(study, tmp_path)
    assert [each.who for each in given] == ["a", "b"][:n_decisions]
    files = ["synthetic_police.csv", "synthetic_press.csv", "a.csv", "b.csv"]
    assert [path.name for path in study.linked_files] == files[: 2 + n_decisions]
