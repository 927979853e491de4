"""A run that is killed, wherever it is, is finished by the same call, to the same bytes."""

import os
import shutil
import signal
import sys
import time

import pytest
from small_study import STUDY, TABLE, write_study

from estimation.runs.manifest import read_manifest, strayed
from estimation.runs.run import run_study

KILLS = 51
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
    """Run a study in a process of its own, everything imported already; gives its id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        run_study(study, out)
        status = 0
    finally:
        os._exit(status)


def whole(folder):
    """What is wrong with a finished study, unfinished answers beside it aside."""
    found = strayed(folder, read_manifest(folder))
    return {name: wrong for name, wrong in found.items() if not name.startswith(".parts")}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork") or sys.platform == "darwin", reason="processes are not forked here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_killed_at_any_time_a_study_is_finished_by_the_same_call_to_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    study = write_study(tmp_path / "study", *CHANGES)
    older = run_study(write_study(tmp_path / "older", *CHANGES, table=TABLE.replace("60", "66")), tmp_path / "first")
    run_study(study, tmp_path / "warm")
    began = time.monotonic()
    assert os.waitpid(start(study, tmp_path / "whole"), 0)[1] == 0
    lasted = time.monotonic() - began
    expected, states = content(tmp_path / "whole"), {"old": 0, "new": 0, "none": 0}
    for kill in range(KILLS):
        out = tmp_path / "out"
        shutil.rmtree(out, ignore_errors=True)
        if kill % 3 == 0:
            shutil.copytree(older, out)
        child = start(study, out)
        time.sleep(lasted * 1.02 * kill / (KILLS - 1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if (out / "record.json").exists():
            assert whole(out) == {}
            states["old" if (out / "inputs" / "table.csv").read_text() != TABLE else "new"] += 1
        else:
            states["none"] += 1
        assert os.waitpid(start(study, out), 0)[1] == 0, kill
        assert content(out) == expected, kill
        assert whole(out) == {}
    assert states["old"] > 5, states
    assert states["none"] > 20, states
