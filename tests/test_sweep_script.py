"""The sweep as an analyst runs it, from the command line."""

import csv
import runpy
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from estimation.capture.datasets import load_table, table_names
from estimation.models.registry import make_model
from estimation.sensitivity.table import COLUMNS

pytestmark = pytest.mark.whole
SCRIPT = Path(__file__).parent.parent / "scripts/sweep_settings.py"


def command(folder, workers):
    return [sys.executable, str(SCRIPT), "--quick", "--out", str(folder), "--workers", str(workers)]


def in_this_process(arguments):
    """The same command without the second that another Python takes to load the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", arguments[1:])
        runpy.run_path(arguments[1], run_name="__main__")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.glob("answers.*")}


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep") / "out"
    in_this_process(command(folder, 1))
    return folder


@pytest.fixture(scope="module")
def rows(swept):
    with (swept / "answers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_run_again_it_reads_what_is_kept_and_writes_the_same_bytes(swept):
    before, parts = contents(swept), {path: path.stat().st_mtime_ns for path in (swept / "parts").iterdir()}
    in_this_process(command(swept, 1))
    assert contents(swept) == before
    assert {path: path.stat().st_mtime_ns for path in (swept / "parts").iterdir()} == parts


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_stopped_half_way_two_workers_go_on_to_the_same_bytes(swept, tmp_path):
    # The whole sweep takes a minute, so that it cannot be done before the signal comes.
    whole = [part for part in command(tmp_path, 1) if part != "--quick"]
    # A shell that runs the tests in the background has them, and all that they start, ignore Ctrl-C.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    stopped = subprocess.Popen(whole, stderr=subprocess.PIPE, text=True, preexec_fn=heeding)
    assert stopped.stderr.readline().startswith("1 of ")
    stopped.send_signal(signal.SIGINT)
    said = stopped.communicate(timeout=120)[1]
    assert stopped.returncode == 1
    assert "stopped; run the same command again to go on" in said
    assert "Traceback" not in said
    assert contents(tmp_path) == {}
    kept = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "parts").iterdir()}
    assert kept
    subprocess.run(command(tmp_path, 2), check=True, capture_output=True)
    assert set(contents(swept)) == {"answers.csv", "answers.parquet"}
    assert contents(tmp_path) == contents(swept)
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "parts").iterdir()}.items() >= kept.items()


def test_every_answer_has_its_row(rows):
    assert tuple(rows[0]) == tuple(COLUMNS)
    for name in ("kosovo", "hiv"):
        for model in ("sample-coverage", "decomposable"):
            answers = [row["label"] for row in rows if row["question"] == f"{name}/{model}/leave_one_list_out"]
            assert answers == ["baseline", *(f"without {each}" for each in load_table(name).lists)]
    assert all(row["point"] if row["estimable"] == "True" else row["reason"] for row in rows)


def test_the_whole_sweep_names_tables_models_and_settings_that_there_are():
    swept = runpy.run_path(str(SCRIPT))
    for model, varied in swept["MODELS"].items():
        for setting, values in varied.items():
            for value in values:
                assert getattr(make_model(model, {setting: value}), setting) == value
    assert set(swept["TABLES"]) <= set(table_names())
