"""`mse`, as a user meets it: what it prints, and how it ends."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.registry import default_models

KEYS = {
    "estimable", "model", "n_observed", "mean", "median", "lower", "upper", "level", "interval_kind", "assumptions",
    "diagnostics",
}  # fmt: skip


def test_help_lists_every_command(mse):
    status, out, _ = mse("--help")
    assert status == 0
    assert all(command in out for command in ("inspect", "estimate", "run", "verify", "tables", "models"))


def test_python_m_estimation_is_mse():
    done = subprocess.run(
        [sys.executable, "-m", "estimation.cli", "--help"], capture_output=True, text=True, check=True
    )
    assert "Multiple systems estimation" in done.stdout


def test_estimate_prints_the_number_and_what_it_rests_on(mse):
    status, out, err = mse("estimate", "kosovo", "--model", "chapman", "--set", "lists=ABA,HRW")
    assert status == 0
    assert out.startswith(
        "4,400 people observed on 4 lists: EXH, ABA, OSCE, HRW\n\nabout 9,620 people (95 % confidence "
    )
    assert "more or less likely to be on the other" in out
    assert "4,400 observed" in out
    assert err == ""


def test_estimate_json_is_one_object_with_the_promised_keys(mse):
    settings = ("--set", "delta=0.0625", "--set", "include_saturated=true", "--set", "n_0_max=40000")
    status, out, _ = mse("estimate", "kosovo", "--model", "decomposable", *settings, "--json")
    assert status == 0
    found = json.loads(out)
    assert set(found) >= KEYS
    assert found["estimable"] is True
    assert found["model"] == "decomposable"
    assert found["n_observed"] == 4400
    assert found["mean"] == pytest.approx(12_749.344, abs=0.0005)
    assert (found["lower"], found["upper"], found["level"]) == (9827, 16544, 0.95)
    assert found["interval_kind"] == "credible"


def test_a_model_written_with_commas_and_brackets_reaches_the_model_whole(mse):
    status, _, err = mse("estimate", "kosovo", "--model", "log-linear", "--set", "model=[EXH,ABA,OSCE][EXH,HRV]")
    assert status == 2
    assert "did you mean 'HRW'?" in err


def test_not_estimable_ends_with_3_and_says_why_in_both_forms(mse):
    status, out, _ = mse("estimate", "kosovo", "--model", "chapman", "--json")
    assert status == 3
    found = json.loads(out)
    assert found["estimable"] is False
    assert "exactly 2 lists" in found["reason"]
    status, out, _ = mse("estimate", "kosovo", "--model", "chapman")
    assert status == 3
    assert "\nnot estimable by Chapman: it takes exactly 2 lists" in out


def test_a_file_of_another_kind_is_told_from_the_one_that_is_wanted(mse, tmp_path):
    table, study, nowhere = tmp_path / "deaths.csv", tmp_path / "study.toml", tmp_path / "nowhere"
    table.write_text("A,B,count\n1,0,54\n0,1,30\n1,1,12\n", encoding="utf-8")
    study.write_text("title = 'a study'\n", encoding="utf-8")
    for arguments, words in (
        (("run", table, "--out", tmp_path / "out"), f"no study file; write one with mse new {table}"),
        (("inspect", study), "this is a study file and no table; run it with mse run"),
        (("inspect", tmp_path), f"or a table in this folder, such as {table}"),
        (("verify", nowhere), "there is no such folder; name the folder of a study"),
    ):
        status, _, err = mse(*arguments)
        assert status == 2
        assert words in err, err


def test_what_a_missing_option_is_stands_beside_its_name(mse):
    status, _, err = mse("sensitivity", "leave-one-list-out", "kosovo")
    assert status == 2
    assert "Missing option '--model'. Name of the model (mse models)." in err


def test_one_person_on_one_list_is_one_person(mse, tmp_path):
    file = tmp_path / "one.csv"
    file.write_text("A,B,count\n1,0,1\n", encoding="utf-8")
    status, out, _ = mse("inspect", file)
    assert status == 0
    assert "1 person is on the only list" in out
    assert "1 people" not in out
    assert "1 lists" not in out


@pytest.fixture
def small(tmp_path):
    file = tmp_path / "small.csv"
    file.write_text(
        "A,B,C,count\n1,0,0,50\n0,1,0,40\n0,0,1,60\n1,1,0,10\n1,0,1,20\n0,1,1,15\n1,1,1,20\n", encoding="utf-8"
    )
    return file


class TestEstimateWithoutAModel:
    def test_two_lists_are_estimated_by_chapman_and_the_others_say_why_not(self, mse, tmp_path):
        file = tmp_path / "two.csv"
        file.write_text("A,B,count\n1,0,54\n0,1,30\n1,1,12\n", encoding="utf-8")
        status, out, _ = mse("estimate", file)
        assert status == 0
        assert "none of them is the answer" in out
        assert "Two lists, Chapman" in out
        assert re.search(r"  - latent-class, latent-class-pymc: .*3 lists", out)

    def test_each_model_of_the_default_set_answers_as_it_does_alone(self, mse, small, monkeypatch):
        def shorter(table):
            found = default_models(table)
            return {**found, "Latent classes": replace(found["Latent classes"], chains=2, effective=400)}

        monkeypatch.setattr("estimation.models.registry.default_models", shorter)
        status, out, _ = mse("estimate", small, "--json", "--seed", "3")
        assert status == 0
        found = json.loads(out)
        assert found["n_observed"] == 215
        by_label = {answer["label"]: answer for answer in found["answers"]}
        assert set(by_label) == {
            "Sample coverage", "Heterogeneity, lower bound (Mth, Chao)", "Log-linear, averaged", "Decomposable graphs",
            "No highest-order interaction", "Latent classes",
        }  # fmt: skip
        for answer in found["answers"]:
            assert ("point" in answer) == answer["estimable"]
        assert by_label["Heterogeneity, lower bound (Mth, Chao)"]["is_lower_bound"] is True
        _, alone, _ = mse("estimate", small, "--json", "--seed", "3", "--model", "nhoi")
        label = "No highest-order interaction"
        assert {"lists": ["A", "B", "C"], **by_label[label]} == {"label": label, **json.loads(alone)}
        assert "exactly 2 lists" in found["why_not"]["chapman"]
        assert found["why_not"]["decomposable"] is None

    def test_a_register_bounds_every_model(self, mse, small, monkeypatch):
        fast = {"Chao": ChaoLowerBound(), "Graphs": DecomposableGraphs()}
        monkeypatch.setattr("estimation.models.registry.default_models", lambda table: fast)
        register = ("--register", "400", "--register-source", "town register of 1999")
        _, out, _ = mse("estimate", small, "--json", *register)
        answers = json.loads(out)["answers"]
        assert [answer["label"] for answer in answers] == list(fast)
        for answer in answers:
            assert any("town register of 1999" in sentence for sentence in answer["assumptions"])
            if answer["estimable"] and answer["interval_kind"] == "credible":
                assert answer["upper"] <= 400

    def test_a_table_that_carries_no_model_ends_with_3(self, mse, tmp_path):
        file = tmp_path / "one.csv"
        file.write_text("A,count\n1,54\n", encoding="utf-8")
        status, out, _ = mse("estimate", file)
        assert status == 3
        assert "can be fitted, with their default settings: none" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("estimate", "kosovo", "--model", "chapmann"), "did you mean 'chapman'?"),
        (("estimate", "kosovo", "--model", "decomposable", "--set", "detla=1"), "did you mean 'delta'?"),
        (("estimate", "kosovo", "--model", "decomposable", "--set", "delta=soft"), "delta"),
        (("estimate", "kosovo", "--model", "decomposable", "--set", "delta=-1"), "delta"),
        (("estimate", "kosovo", "--model", "decomposable", "--set", "delta"), "not of the form key=value"),
        (
            ("estimate", "kosovo", "--model", "chao", "--set", "bias_corrected=true", "--set", "bias_corrected=false"),
            "bias_corrected is set more than once",
        ),
        (("estimate", "kosvo", "--model", "chao"), "kosovo"),
        (("estimate", "no/such/file.csv", "--model", "chao"), "no/such/file.csv"),
        (("inspect", "no_such.csv"), "no_such.csv"),
        (("estimate", "kosovo", "--set", "delta=1"), "a setting belongs to one model"),
        (("estimate", "kosovo", "--model", "chao", "--seed", "x"), "--seed"),
        (("verify", "no/such/folder"), "no/such/folder"),
        (("run", "no/such/study.toml", "--out", "x"), "no/such/study.toml"),
    ],
)
def test_bad_input_ends_with_2_and_one_message_without_a_traceback(mse, arguments, words):
    status, out, err = mse(*arguments)
    assert status == 2
    assert words in err
    assert "Traceback" not in err
    assert out == ""


def test_inspect_shows_sizes_pairs_and_what_each_model_needs(mse):
    status, out, _ = mse("inspect", "kosovo")
    assert status == 0
    assert "4,400 people observed on 4 lists: EXH, ABA, OSCE, HRW" in out
    for name in ("EXH", "ABA", "OSCE", "HRW", "decomposable", "can be fitted", "chapman: it takes exactly 2 lists"):
        assert name in out


def test_inspect_of_a_list_of_names_prints_its_account_and_no_name_unless_wanted(mse, tmp_path):
    rows = [
        "Name,Date of death,City",
        *["Simin Punehchin,30 February 1988,Rasht"] * 2,
        "N.N. (3 women),1988,Rasht",
        "Total,5,",
    ]
    (tmp_path / "list.csv").write_text("\n".join(rows), encoding="utf-8")
    status, out, err = mse("inspect", str(tmp_path / "list.csv"))
    assert (status, err) == (0, "")
    assert "2 are records of one named person" in out
    assert "3 people in rows of several people without names (row 4)" in out
    assert "not read, a total: row 5" in out
    assert "rows 2, 3, Date of death: 30 February 1988" in out
    assert "Rasht (3)" in out
    assert "Punehchin" not in out
    assert "Simin Punehchin (2)" in mse("inspect", str(tmp_path / "list.csv"), "--names")[1]


def test_inspect_draws_the_overlaps_on_request(mse, tmp_path):
    status, out, _ = mse("inspect", "kosovo", "--chart", tmp_path / "overlaps.svg")
    assert status == 0
    assert "<svg" in (tmp_path / "overlaps.svg").read_text(encoding="utf-8")
    assert "Overlaps drawn in" in out
    status, _, err = mse("inspect", "kosovo", "--chart", tmp_path / "overlaps.docx")
    assert status == 2
    assert ".svg, .pdf, .png or .eps" in err


def test_a_table_with_repeated_histories_is_read_and_the_sum_is_said(mse, tmp_path):
    file = tmp_path / "deaths.csv"
    file.write_text("A,B,count\n1,0,4\n1,0,6\n0,1,5\n1,1,20\n", encoding="utf-8")
    status, out, err = mse("estimate", file, "--model", "lincoln-petersen")
    assert status == 0
    assert "\nabout 38 people" in out
    assert err.startswith("note: ")


def test_every_packaged_table_is_listed(mse):
    status, out, _ = mse("tables")
    assert status == 0
    assert "kosovo" in out
    assert "4,400 people on 4 lists" in out


def test_every_model_is_listed_with_its_assumption(mse):
    status, out, _ = mse("models")
    assert status == 0
    assert "latent-class" in out
    assert "independent" in out


def test_the_same_seed_gives_the_same_json_for_any_number_of_workers(mse):
    command = ("estimate", "kosovo", "--model", "sample-coverage", "--seed", "7", "--json")
    assert mse(*command, "--workers", 1) == mse(*command, "--workers", 2)


def test_a_study_that_is_stopped_says_how_to_go_on_and_ends_with_130(mse, monkeypatch, tmp_path):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("estimation.runs.run.run_study", stopped)
    status, _, err = mse("run", "data/kosovo/study.toml", "--out", tmp_path / "out")
    assert status == 130
    assert "the same command goes on from there" in err
