"""A study file written from a table: what it says, and that it runs once what is counted is filled in."""

import json
import tomllib
from contextlib import nullcontext

import pytest
from drawn_once import undrawn
from small_study import TABLE

from estimation.capture.datasets import load_table
from estimation.capture.readers import read_table
from estimation.errors import ClaimsError, OutputError, StudyError
from estimation.models.registry import default_models
from estimation.runs.run import run_study
from estimation.study.new_study import write_new_study, write_new_study_of_lists
from estimation.study.study_file import FILL_IN, read_study

TWO = "police,press,count\n1,0,54\n0,1,30\n1,1,12\n"
CLAIMS = "who,when,kind,figure,to,words,citation\nA paper,1991,total,350,,many,P1\n"


def new(folder, text=TABLE, name="table.csv", **more):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return write_new_study(folder / name, folder / "study.toml", **more)


def filled(study):
    study.write_text(study.read_text(encoding="utf-8").replace(FILL_IN, "Filled in"), encoding="utf-8")
    return study


def test_it_declares_the_default_models_and_a_headline_among_them(tmp_path):
    study = read_study(filled(new(tmp_path / "small_town")))
    table = tmp_path / "small_town" / "table.csv"
    assert study.models == default_models(read_table(table))
    assert study.headline == "Latent classes"
    assert (study.title, study.table, study.synthetic) == ("Small town", table, False)


@pytest.mark.parametrize(("text", "label"), [(TABLE, "Latent classes"), (TWO, "Two lists, Chapman")])
def test_it_runs_once_what_is_counted_is_filled_in(tmp_path, text, label):
    study = filled(new(tmp_path, text))
    short = study.read_text(encoding="utf-8").replace(
        'name = "latent-class"\n', 'name = "latent-class"\n[model.settings]\nchains = 2\neffective = 400\n'
    )
    study.write_text(short, encoding="utf-8")
    # A chart for each question and check takes seconds; those of two lists are drawn.
    with undrawn() if label == "Latent classes" else nullcontext():
        out = run_study(study, tmp_path / "out")
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results["headline"]["label"] == label
    assert results["headline"]["point"] > results["table"]["n_observed"]
    assert all(model["estimable"] for model in results["models"])
    assert results["sensitivity"]


def test_what_is_not_filled_in_is_named_and_nothing_else(tmp_path):
    with pytest.raises(StudyError) as caught:
        read_study(new(tmp_path))
    assert [problem.split(";")[0] for problem in caught.value.problems] == [
        f"[counted], key {key!r} is not filled in yet" for key in ("who", "where", "when", "excludes")
    ]


def test_questions_behind_a_mark_can_be_asked_as_they_stand(tmp_path):
    study = filled(new(tmp_path))
    text = study.read_text(encoding="utf-8")
    asked = text.replace("# pairs", "pairs").replace("# consistency", "consistency").replace("# odds", "odds")
    study.write_text(asked.replace("# linkage", "linkage").replace("# figures", "figures"), encoding="utf-8")
    questions = read_study(study).questions
    assert questions.odds_ratio.pair == ("A", "B")
    assert questions.figures == (2 * 217,)
    assert questions.pairs
    assert questions.linkage_error is not None


def test_each_model_stands_under_what_it_assumes(tmp_path):
    text = new(tmp_path).read_text(encoding="utf-8")
    flat = " ".join(text.replace("\n# ", " ").split())
    for model in default_models(load_table("kosovo")).values():
        assert f"It assumes: {model.assumptions[0]}" in flat


def test_a_study_file_is_never_written_over(tmp_path):
    study = new(tmp_path)
    before = study.read_bytes()
    with pytest.raises(OutputError, match="there is such a file already"):
        new(tmp_path)
    assert study.read_bytes() == before


def test_the_table_may_lie_elsewhere_and_names_may_hold_any_letter(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "studies").mkdir()
    (tmp_path / "data" / 'the "dead" of پارس.csv').write_text('"A ""x""",B,C,count' + TABLE[11:], encoding="utf-8")
    study = write_new_study(tmp_path / "data" / 'the "dead" of پارس.csv', tmp_path / "studies" / "study.toml")
    held = tomllib.loads(study.read_text(encoding="utf-8"))
    assert held["table"] == '../data/the "dead" of پارس.csv'
    assert held["title"] == 'The "dead" of پارس'
    assert read_study(filled(study)).table.is_file()


def test_a_synthetic_table_gives_a_synthetic_study(tmp_path):
    assert read_study(filled(new(tmp_path, name="synthetic_town.csv"))).synthetic


def test_claims_are_declared_and_must_lie_beside_the_study(tmp_path):
    (tmp_path / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    assert read_study(filled(new(tmp_path, claims=tmp_path / "claims.csv"))).claims[0].figure == 350
    with pytest.raises(StudyError, match="put the file beside the study file"):
        new(tmp_path / "other", claims=tmp_path / "claims.csv")
    (tmp_path / "claims.csv").write_text("who\n", encoding="utf-8")
    with pytest.raises(ClaimsError, match="column 'when' is missing"):
        new(tmp_path / "third", claims=tmp_path / "claims.csv")


def test_a_table_that_no_model_fits_gives_the_reasons_and_no_file(tmp_path):
    with pytest.raises(StudyError, match=r"model chapman: .*nobody is on"):
        new(tmp_path, "A,B,count\n1,0,5\n0,1,3\n")
    assert not (tmp_path / "study.toml").exists()


POLICE = (
    "Name,Date of arrest,Date of death,City\nSimin Punehchin,1988-07-30,1988-08-01,Rasht\nAzar Barfabi,,1988,Rasht\n"
)
PRESS = "نام,نام خانوادگی,تاریخ مرگ\nسیمین,پونه‌چین,۱۳۶۷/۵/۱۰\nناشناس,,۳۱ اسفند ۱۳۶۷\n"


def test_lists_of_names_become_sections_with_the_guess_of_their_columns_and_what_is_open(tmp_path):
    for name, text in (("police.csv", POLICE), ("press.csv", PRESS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [tmp_path / "police.csv", tmp_path / "press.csv"]
    text = write_new_study_of_lists(files, tmp_path / "study.toml").read_text(encoding="utf-8")
    lists = tomllib.loads(text)["lists"]
    assert lists["press"] == {
        "file": "press.csv",
        "columns": {"given": "نام", "family": "نام خانوادگی", "died": "تاریخ مرگ"},
    }
    assert "died" not in lists["police"]["columns"], "which of two dates is the event is for the author to say"
    assert "which date is the event" in text
    assert "Esfand 1367 has 29 days" in text
    assert "Punehchin" not in text
    assert set(read_study(filled(tmp_path / "study.toml")).lists) == {"police", "press"}


def test_one_list_of_names_is_too_few_for_a_study(tmp_path):
    (tmp_path / "police.csv").write_text(POLICE, encoding="utf-8")
    with pytest.raises(StudyError, match="one list of names; a study needs two or more"):
        write_new_study_of_lists([tmp_path / "police.csv"], tmp_path / "study.toml")
