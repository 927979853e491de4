import re
from pathlib import Path

import pytest
from small_study import write_study

from estimation.errors import StudyError
from estimation.study.study_file import read_study

ROOT = Path(__file__).parent.parent


def refusal(tmp_path, *changes, **more):
    with pytest.raises(StudyError, match=r"study\.toml") as caught:
        read_study(write_study(tmp_path, *changes, **more))
    return caught.value.problems


def test_a_study_file_becomes_settings(tmp_path):
    study = read_study(write_study(tmp_path))
    assert study.title == "People of a small town"
    assert study.seed == 7
    assert study.table == tmp_path / "table.csv"
    assert list(study.models) == ["Bound", "Graphs", "Two lists", "Coverage"]
    assert study.models["Graphs"].delta == 0.125
    assert study.references[0].upper == 360
    assert study.questions.delta == (0.0625, 0.125, 1.0)
    assert not study.synthetic


def test_the_kosovo_study_is_a_valid_study_with_two_published_figures(tmp_path):
    study = read_study(ROOT / "data" / "kosovo" / "study.toml")
    assert [r.value for r in study.references] == [10356, 10401]
    assert {model.name for model in study.models.values()} >= {"chao", "decomposable", "latent-class"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("seed = 7", "sead = 7"), "key 'sead' is unknown; did you mean 'seed'?"),
        (("who =", "whom ="), "[counted], key 'whom' is unknown; did you mean 'who'?"),
        (("excludes =", "exclude ="), "[counted], key 'exclude' is unknown; did you mean 'excludes'?"),
        (('label = "Graphs"', 'lable = "Graphs"'), "[model 2], key 'lable' is unknown; did you mean 'label'?"),
        (("source =", "sorce ="), "[reference 1], key 'sorce' is unknown; did you mean 'source'?"),
        (("delta = [", "deltas = ["), "[sensitivity], key 'deltas' is unknown; did you mean 'delta'?"),
        (("[sensitivity]", "[sensitivty]"), "key 'sensitivty' is unknown; did you mean 'sensitivity'?"),
    ],
)
def test_a_misspelt_key_is_named_with_the_nearest_one(tmp_path, change, said):
    assert said in refusal(tmp_path, change)


def test_a_key_like_no_other_is_answered_with_all_keys(tmp_path):
    (problem,) = refusal(tmp_path, ("seed = 7", "seed = 7\nzzz = 1"))
    assert problem.startswith("key 'zzz' is unknown; there are title, table, lists, linkage, claims, seed")


def test_a_misspelt_setting_or_model_is_named_before_anything_runs(tmp_path):
    problems = refusal(tmp_path, ("delta = 0.125", "detla = 0.125"), ('"sample-coverage"', '"sample-covrage"'))
    assert len(problems) == 2
    assert re.search(r"model 'Graphs': .*'detla'; did you mean 'delta'\?", problems[0])
    assert re.search(r"model 'Coverage': .*'sample-covrage'; did you mean 'sample-coverage'\?", problems[1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("seed = 7", 'seed = "7"'), "key 'seed' is '7'; it must be a whole number"),
        (("seed = 7", "seed = 7.0"), "key 'seed' is 7.0; it must be a whole number"),
        (("seed = 7", "seed = true"), "key 'seed' is True; it must be a whole number"),
        (("seed = 7", "seed = -1"), "key 'seed' is -1: input should be greater than or equal to 0"),
        (('title = "People of a small town"', "title = 3"), "key 'title' is 3; it must be text in quotes"),
        (("value = 350", 'value = "350"'), "[reference 1], key 'value' is '350'; it must be a number"),
        (("delta = [0.0625, 0.125, 1]", "delta = 1"), "[sensitivity], key 'delta' is 1; it must be a list"),
        (("[0.0625,", "[0,"), "[sensitivity], key 'delta 1' is 0: input should be greater than 0"),
        (('who = "People"', 'who = " "'), "[counted], key 'who' is ' ': string should have at least 1 character"),
        (('who = "People"\n', ""), "[counted], key 'who' is missing; add it"),
        (("seed = 7", "seed = 7\nsynthetic = 1"), "key 'synthetic' is 1; it must be true or false"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_must_be(tmp_path, change, said):
    assert refusal(tmp_path, change) == (said,)


def test_all_problems_of_a_file_come_together(tmp_path):
    assert len(refusal(tmp_path, ("seed = 7", 'seed = "7"'), ("source =", "sorce ="), ("who =", "whom ="))) == 5


def test_beside_a_wrong_key_a_wrong_table_model_and_headline_are_told(tmp_path):
    wrong = [("seed = 7", "sead = 7"), ("headline =", 'headline = "None of them" #')]
    path = write_study(tmp_path, *wrong, ('name = "decomposable"', 'name = "decomposible"'))
    (tmp_path / "table.csv").unlink()
    with pytest.raises(StudyError) as caught:
        read_study(path)
    _, _, *others = caught.value.problems
    assert len(others) == 3
    for other, told in zip(
        others, ("there is no file", "there is no model", "headline is 'None of them'"), strict=True
    ):
        assert told in other


def test_what_does_not_fit_together_is_refused_together(tmp_path):
    problems = refusal(
        tmp_path,
        ('headline = "Graphs"', 'headline = "Graph"'),
        ('label = "Two lists"', 'label = "Bound"'),
        ("lower = 340", "lower = 355"),
        ("[0.0625, 0.125, 1]", "[0.125, 0.125]"),
    )
    assert [problem.split(";")[0] for problem in problems] == [
        "the model label 'Bound' is used more than once",
        "headline is 'Graph', which is not the label of a declared model",
        "reference 'Census': lower, value and upper are not in order: [355.0, 350.0, 360.0]",
        "[sensitivity] delta: a value is named twice",
    ]
    assert "did you mean 'Graphs'?" in problems[1]


def test_half_an_interval_and_a_path_over_no_model_are_refused(tmp_path):
    problems = refusal(tmp_path, ("lower = 340\n", ""), ('"decomposable"\n[model.settings]\ndelta = 0.125', '"chao"'))
    assert "give both lower and upper, or neither" in problems[0]
    assert "'decomposable', which is not declared" in problems[1]


def test_bad_toml_names_its_line(tmp_path):
    (problem,) = refusal(tmp_path, ("seed = 7", "seed = "))
    assert "this is not TOML" in problem
    assert "line 4" in problem


def test_a_file_that_is_not_there_is_a_folder_or_is_not_utf8_is_refused(tmp_path):
    with pytest.raises(StudyError, match="there is no such file"):
        read_study(tmp_path / "nobody.toml")
    with pytest.raises(StudyError, match="this is a folder"):
        read_study(tmp_path)
    (tmp_path / "study.toml").write_bytes(b'title = "\xe9"')
    with pytest.raises(StudyError, match="byte 9 is not UTF-8"):
        read_study(tmp_path / "study.toml")


def test_a_table_that_is_not_there_is_refused_and_may_be_named_elsewhere(tmp_path):
    path = write_study(tmp_path / "study")
    elsewhere = (tmp_path / "study" / "table.csv").rename(tmp_path / "moved.csv")
    with pytest.raises(StudyError, match=r"table is 'table\.csv', and there is no file"):
        read_study(path)
    assert read_study(path, table=elsewhere).table == elsewhere


def test_a_synthetic_table_must_be_declared_and_named_so(tmp_path):
    (problem,) = refusal(tmp_path, ('"table.csv"', '"synthetic_town.csv"'))
    assert problem.endswith("synthetic is not true; add: synthetic = true")
    (problem,) = refusal(tmp_path, ("seed = 7", "seed = 7\nsynthetic = true"))
    assert problem.endswith("put 'synthetic' into its name")
    both = write_study(tmp_path, ('"table.csv"', '"synthetic_town.csv"'), ("seed = 7", "seed = 7\nsynthetic = true"))
    assert read_study(both).synthetic
