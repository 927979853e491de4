"""How commands end: with one exit status for each kind of end, on any output stream, and never with a traceback."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from estimation.cli import main

SMALL = "A,B,C,count\n1,0,0,50\n0,1,0,40\n0,0,1,60\n1,1,0,10\n1,0,1,20\n0,1,1,15\n1,1,1,20\n"
DISJOINT = "A,B,C,count\n1,0,0,50\n0,1,0,40\n0,0,1,60\n"
STUDY = """title = "Small"
table = "table.csv"
seed = 1
headline = "Two"
[counted]
who = "people"
where = "here"
when = "then"
excludes = "nobody"
[[model]]
label = "Two"
name = "chapman"
[model.settings]
lists = ["A", "B"]
"""


@pytest.fixture
def mse(monkeypatch, capsys):
    """Run `mse` in this process; gives (exit status, standard output, standard error)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["mse", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        output = capsys.readouterr()
        return end.value.code, output.out, output.err

    return run


@pytest.fixture
def small(tmp_path):
    (tmp_path / "table.csv").write_text(SMALL, encoding="utf-8")
    return tmp_path / "table.csv"


def process(*arguments, text=True, **options):
    """Run `mse` in a process of its own."""
    environment = {**os.environ, **options.pop("env", {})}
    command = [sys.executable, "-m", "estimation.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output="stdout" not in options, text=text, env=environment, **options)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--model", "chapman", "--set", "lists=A,D"),
        ("--model", "nhoi", "--set", "lists=A,D"),
        ("--model", "log-linear", "--set", "model=[A D]"),
        ("--model", "chapman", "--set", "lists=A,D", "--register", "900", "--register-source", "town"),
        ("--model", "chapmann"),
        ("--model", "decomposable", "--set", "detla=1"),
        ("--model", "decomposable", "--set", f"delta={'[' * 3000}"),
        ("--model", "latent-class", "--set", f"draws={'9' * 5000}"),
        ("--model", "latent-class", "--set", f"draws=0x{'f' * 9000}"),
        ("--model", "latent-class", "--set", "draws=1e20"),
    ],
)
def test_a_misspelt_list_model_or_setting_ends_with_2(mse, small, arguments):
    status, out, err = mse("estimate", small, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("mse: model")
    assert len(err) < 600


def test_an_error_is_json_too_where_json_is_asked_for(mse, small):
    status, out, err = mse("estimate", small, "--model", "chapmann", "--json")
    assert status == 2
    found = json.loads(out)["error"]
    assert (found["where"], found["exit_status"]) == ("model", 2)
    assert found["problems"][0] in err
    status, out, _ = mse("link", small.parent / "no.csv", "--out", small.parent / "out", "--json")
    assert status == 2
    assert json.loads(out)["error"]["problems"] == ["there is no such file; check the path and the spelling"]
    status, out, err = mse("estimate", small, "--seed", "x", "--json")
    assert (status, json.loads(out)["error"]["where"]) == (2, "usage")
    assert "Usage" in err


def test_a_misspelt_list_ends_with_2_in_a_question_and_in_a_study(mse, small):
    for question in (
        ("leave-one-list-out", small, "--model", "chapman", "--set", "lists=A,D"),
        ("odds-ratio", small, "--pair", "A,D", "--values", "1,2"),
        ("tipping", small, "--figure", "900", "--model", "chao", "--among", "A,D"),
    ):
        status, out, err = mse("sensitivity", *question)
        assert (status, out) == (2, ""), question
        assert "D" in err
    study = small.parent / "study.toml"
    study.write_text(STUDY.replace('["A", "B"]', '["A", "D"]'), encoding="utf-8")
    status, _, err = mse("run", study, "--out", small.parent / "out")
    assert status == 2
    assert "model 'Two': there is no list D; the lists are A, B, C" in err


def test_no_answer_at_all_ends_with_3(mse, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text(DISJOINT, encoding="utf-8")
    commands = [
        ("estimate", table, "--model", "chapman", "--json"),
        ("estimate", table, "--model", "chao"),
        ("sensitivity", "leave-one-list-out", table, "--model", "chao"),
    ]
    for command in commands:
        status, out, _ = mse(*command)
        assert status == 3, command
        assert out


def test_a_study_or_a_design_without_any_answer_ends_with_3(mse, tmp_path, monkeypatch):
    made = tmp_path / "made"
    made.mkdir()
    monkeypatch.setattr("estimation.runs.run.run_study", lambda *paths, **settings: made)
    for estimable, expected in ((False, 3), (True, 0)):
        results = {
            "title": "Small",
            "headline": {"sentence": "Small: not estimable"},
            "models": [{"estimable": False}, {"estimable": estimable}],
        }
        (made / "results.json").write_text(json.dumps(results), encoding="utf-8")
        status, _, err = mse("run", tmp_path / "study.toml", "--out", tmp_path / "out")
        assert (status or 0) == expected, err
    disjoint = ("design", "--list", "A=1", "--list", "B=1", "--total", "100000", "--replications", "2")
    assert mse(*disjoint, "--model", "chapman")[0] == 3


def test_an_internal_error_ends_with_70_and_a_message_to_report_that_holds_no_data(mse, small, monkeypatch):
    def fault(*arguments, **settings):
        raise KeyError("Agim Krasniqi")

    monkeypatch.delenv("MSE_TRACEBACK", raising=False)
    monkeypatch.setattr("estimation.models.classical.chao.ChaoLowerBound.fit", fault)
    status, out, err = mse("estimate", small, "--model", "chao", "--seed=5")
    assert (status, out) == (70, "")
    assert "internal error" in err
    assert "please report" in err
    assert "mse estimate --model --seed\n" in err
    assert "KeyError" in err
    assert "cli/tables.py:" in err
    assert "Krasniqi" not in err
    assert str(small) not in err
    assert "Traceback" not in err
    monkeypatch.setenv("MSE_TRACEBACK", "1")
    status, _, err = mse("estimate", small, "--model", "chao")
    assert status == 70
    assert "Traceback" in err


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (KeyboardInterrupt(), 130, "stopped"),
        (MemoryError(), 2, "memory"),
        (OSError(28, "No space left on device", "/disk/out.csv"), 2, "/disk/out.csv: No space left on device"),
        (RecursionError("deep"), 70, "internal error"),
        (OverflowError("big"), 70, "internal error"),
    ],
)
def test_each_kind_of_end_has_its_status(mse, small, monkeypatch, error, status, words):
    def fault(*arguments, **settings):
        raise error

    monkeypatch.setattr("estimation.models.classical.chao.ChaoLowerBound.fit", fault)
    found, _, err = mse("estimate", small, "--model", "chao")
    assert found == status
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_output_of_any_encoding_never_fails_and_json_is_json(monkeypatch, tmp_path, encoding):
    table = tmp_path / "liste.csv"
    table.write_text(SMALL.replace("A,B,C", "ABA,محلی,Český"), encoding="utf-8")
    for command in (["inspect", str(table)], ["sensitivity", "pairs", str(table), "--json"]):
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "argv", ["mse", *command])
        with pytest.raises(SystemExit) as end:
            main()
        assert not end.value.code
        if "--json" in command:
            output = stream.buffer.getvalue().decode(encoding)
            assert "Český" in json.dumps(json.loads(output), ensure_ascii=False)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes, closed streams and /dev/full of Unix")
class TestStreams:
    def test_a_reader_that_leaves_ends_it_without_a_word(self, tmp_path):
        errors = tmp_path / "errors"
        command = f"{sys.executable} -m estimation.cli tables 2>{errors} | head -1; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
        first, status = done.stdout.splitlines()
        assert first.startswith("australia")
        assert status in {"0", "141"}
        assert errors.read_text() == ""

    def test_a_full_disk_is_a_message(self):
        if not Path("/dev/full").exists():
            pytest.skip("there is no /dev/full")
        with Path("/dev/full").open("w") as full:
            done = process("tables", stdout=full, stderr=subprocess.PIPE)
        assert done.returncode == 2
        assert done.stderr.startswith("mse: ")
        assert "No space left" in done.stderr

    def test_closed_streams_are_no_fault(self):
        quick, with_progress = "tables", "estimate kosovo --model chao"
        for closing, arguments in ((">&-", quick), ("2>&-", quick), (">&- 2>&-", with_progress)):
            command = f"{sys.executable} -m estimation.cli {arguments} {closing}"
            done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
            assert done.returncode == 0, (closing, done.stderr)


@pytest.mark.parametrize(
    ("model", "setting"),
    [
        ("decomposable", "delta=1e308"),
        ("decomposable", "delta=1e-320"),
        ("decomposable", "n_0_max=100000000000"),
        ("latent-class", "chains=1000000000"),
        ("latent-class", "classes=1000000000"),
        ("bayesian-log-linear", "draws=100000000000000000000"),
        ("bayesian-log-linear", "chains=1000000000"),
        ("log-linear-select", "resamples=100000000000000"),
        ("nhoi", "draws=100000000000000"),
        ("nhoi", "prior_count=1e308"),
    ],
)
def test_a_setting_with_which_no_fit_would_end_is_refused_at_once(mse, small, model, setting):
    status, out, err = mse("estimate", small, "--model", model, "--set", setting)
    assert (status, out) == (2, "")
    assert setting.partition("=")[0] in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("estimate", "--model", "chao", "--register", "9" * 35, "--register-source", "town"),
        ("estimate", "--model", "chao", "--register=900", "--register-source=x", "--register-uncertainty=700"),
        ("sensitivity", "tipping", "--figure", "1e308", "--model", "chao"),
        ("sensitivity", "odds-ratio", "--pair", "A,B", "--values", "5e-324"),
    ],
)
def test_numbers_beyond_any_population_are_refused(mse, small, arguments):
    at = 2 if arguments[0] == "sensitivity" else 1
    status, _, err = mse(*arguments[:at], small, *arguments[at:])
    assert status == 2
    assert "internal" not in err


def test_a_time_that_is_none_is_refused_before_anything_is_loaded(mse, small, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    status, _, err = mse("estimate", small, "--model", "chao")
    assert status == 2
    assert err.startswith("mse: SOURCE_DATE_EPOCH: the environment variable is 'abc'")


@pytest.mark.parametrize("loading", ["typer", "estimation.cli.tables"])
def test_whoever_stops_it_while_it_loads_sees_no_traceback(loading):
    program = f"""
import importlib.abc, signal, sys

class Stop(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == {loading!r}:
            signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may have had it ignored
sys.meta_path.insert(0, Stop())
sys.argv = ["mse", "tables"]
from estimation.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "mse: stopped\n")
