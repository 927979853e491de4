"""A study whose people are drawn: of a linkage in the place of a table, and of lists of names that are linked first."""

import json

import pytest
from small_linkage import small_linkage
from small_study import STUDY

from estimation.errors import StudyError
from estimation.linkage.saved import save_linkage
from estimation.models.linked.fit_draws import fit_draws
from estimation.runs.run import run_study
from estimation.runs.verify import verify_study
from estimation.study.study_file import read_study
from estimation.work.seeds import generator_for

FEW_MODELS = STUDY.split('[[model]]\nlabel = "Two lists"')[0] + "[sensitivity]\nleave_one_list_out = true\n"
BY_MONTH = '\n[strata]\nby = ["month"]\nmissing = "impute"\n'


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("linked-study")
    save_linkage(small_linkage(), folder / "linkage")
    (folder / "study.toml").write_text(FEW_MODELS.replace("table.csv", "linkage") + BY_MONTH, encoding="utf-8")
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
