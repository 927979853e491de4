"""The study file as the page edits it: what others wrote in it stays, to the character."""

import tomllib

import pytest

study_toml = pytest.importorskip(
    "estimation.app.study_toml", reason="tomlkit is not installed (the extra [app] has it)"
)

BY_HAND = """\
# Our study, third attempt.
title = "Deaths"   # may still change
seed = 7
headline = "Graphs"

[counted]
who = "Civilians"  # not soldiers
where = "A town"

[own]  # a key that the page does not know
note = '''keep
this'''

# The first model, for what it assumes.
[[model]]
label = "Graphs"
name = "decomposable"
[model.settings]
delta = 0.5  # argued for in the appendix

[[model]]
label = "Bound"
name = "chao"
"""


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(BY_HAND, encoding="utf-8")
    return study_toml.read_study_text(path)


def test_writing_what_stands_there_already_changes_no_byte(study):
    edits = [
        study_toml.put_value(("title",), "Deaths"),
        study_toml.put_value(("seed",), 7),
        study_toml.put_value(("counted", "where"), "A town"),
        study_toml.put_value(("columns",), None),
        study_toml.set_models(study.models),
    ]
    assert study_toml.changed(study, *edits) == BY_HAND


def test_a_change_keeps_every_comment_and_every_unknown_key(study):
    models = [{**study.models[0], "settings": {"delta": 1.0}}, {"label": "Two", "name": "chapman", "settings": {}}]
    edits = [study_toml.put_value(("title",), "Killings"), study_toml.set_models(models)]
    edits.append(study_toml.put_value(("synthetic",), True))
    edits.append(study_toml.put_value(("counted", "who"), "Children"))
    text = study_toml.changed(study, *edits)
    for comment in [line[line.index("#") :] for line in BY_HAND.splitlines() if "#" in line]:
        assert comment in text
    values = tomllib.loads(text)
    assert (values["title"], values["synthetic"], values["counted"]["who"]) == ("Killings", True, "Children")
    assert values["own"] == {"note": "keep\nthis"}
    assert [model["label"] for model in values["model"]] == ["Graphs", "Two"]
    assert values["model"][0]["settings"] == {"delta": 1.0}


def test_models_come_and_go_in_a_file_that_has_none(tmp_path):
    empty = study_toml.read_study_text(tmp_path / "none.toml")
    models = [{"label": "A", "name": "chao", "settings": {"lists": ["x", "y"]}}, {"label": "B", "name": "nhoi"}]
    text = study_toml.changed(empty, study_toml.put_value(("seed",), 1), study_toml.set_models(models))
    values = tomllib.loads(text)
    assert values["model"] == [{"label": "A", "name": "chao", "settings": {"lists": ["x", "y"]}}, models[1]]


def test_a_file_that_is_no_toml_is_said_and_not_touched(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text("title = \n", encoding="utf-8")
    study = study_toml.read_study_text(path)
    assert "not TOML" in study.problem
    assert study.is_there
    assert study.models == []


def test_the_permissions_of_a_study_stay_and_a_new_one_is_its_owners_alone(tmp_path, study):
    study.path.chmod(0o640)
    study_toml.write_study_text(study.path, "seed = 1\n")
    assert study.path.stat().st_mode & 0o777 == 0o640
    study_toml.write_study_text(tmp_path / "new.toml", "seed = 1\n")
    assert (tmp_path / "new.toml").stat().st_mode & 0o777 == 0o600
