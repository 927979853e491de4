"""A run that is killed, wherever it is, is finished by the same call, to the same bytes."""

import multiprocessing
import shutil
import sys
import time

import pytest
from small_study import STUDY, TABLE, write_study

from estimation.runs.manifest import read_manifest, strayed
from estimation.runs.run import run_study

KILLS = 51
PROCESSES = multiprocessing.get_context("forkserver")
"""From a process without threads, so that what is killed is all there is."""

MODELS = """[[model]]
label = "Bound"
name = "chao"

[[model]]
label = "Coverage"
name = "sample-coverage"

[[model]]
label = "Assumed"
name = "nhoi"

[sensitivity]
leave_one_list_out = true
"""
CHANGES = ((STUDY[STUDY.index("[[model]]") :], MODELS), ('headline = "Graphs"', 'headline = "Assumed"'))


def content(folder):
    """Every file of a finished study but those that hold how long it took."""
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: text for name, text in found.items() if name not in ("record.json", "SHA256SUMS")}


def start(study, out):
    """Run a study in a process of its own, everything imported already."""
    process = PROCESSES.Process(target=run_study, args=(study, out))
    process.start()
    return process


def end_of(process):
    """The exit status of a process, which is waited for."""
    process.join(120)
    return process.exitcode


def whole(folder):
    """What is wrong with a finished study, unfinished answers beside it aside."""
    found = strayed(folder, read_manifest(folder))
    return {name: wrong for name, wrong in found.items() if not name.startswith(".parts")}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are not forked here")
def test_killed_at_any_time_a_study_is_finished_by_the_same_call_to_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    study = write_study(tmp_path / "study", *CHANGES)
    older = run_study(write_study(tmp_path / "older", *CHANGES, table=TABLE.replace("60", "66")), tmp_path / "first")
    run_study(study, tmp_path / "warm")
    PROCESSES.set_forkserver_preload(["estimation.runs.run", "estimation.models.no_highest_order", "matplotlib.pyplot"])
    assert end_of(start(study, tmp_path / "first run in a process")) == 0
    began = time.monotonic()
    assert end_of(start(study, tmp_path / "whole")) == 0
    lasted = time.monotonic() - began
    expected, states = content(tmp_path / "whole"), {"old": 0, "new": 0, "none": 0}
    for kill in range(KILLS):
        out = tmp_path / "out"
        shutil.rmtree(out, ignore_errors=True)
        if kill % 3 == 0:
            shutil.copytree(older, out)
        process = start(study, out)
        time.sleep(lasted * 1.02 * kill / (KILLS - 1))
        process.kill()
        process.join()
        if (out / "record.json").exists():
            assert whole(out) == {}
            states["old" if (out / "inputs" / "table.csv").read_text() != TABLE else "new"] += 1
        else:
            states["none"] += 1
        assert end_of(start(study, out)) == 0, kill
        assert content(out) == expected, kill
        assert whole(out) == {}
    assert states["old"] > 5, states
    assert states["none"] > 20, states
