"""A study by an executor: the same bytes, and nothing that is finished is done again."""

import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from small_study import write_study
from test_questions import ASKED, ONE_LIST
from test_questions import asking as asking_with_claims

from estimation.results.totals import Draws
from estimation.runs.run import run_study
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.study.findings import find
from estimation.study.numbers import numbers_of
from estimation.study.saved_sensitivity import load_sensitivity, save_sensitivity
from estimation.study.study_file import read_study
from estimation.study.tasks import Task, do_tasks, study_processes
from estimation.work.cache import Cache

TEXTS = (lambda text, path: path.write_text(text), lambda path: path.read_text())
"""Saves and loads an answer that is text."""


def asking(folder, text=ASKED):
    """A study with every kind of question, and few of the dearest, those of a figure."""
    return asking_with_claims(folder, text, claims=ONE_LIST)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The numbers of a study with every question, found by one process."""
    folder = tmp_path_factory.mktemp("alone")
    return json.dumps(numbers_of(find(read_study(asking(folder)), parts=folder / "parts")))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What a run of the small study writes, by one process."""
    folder = tmp_path_factory.mktemp("whole")
    return run_study(write_study(folder / "a"), folder / "one")


def by(executor, folder, **more):
    return json.dumps(numbers_of(find(read_study(asking(folder)), parts=folder / "parts", executor=executor, **more)))


def test_threads_of_an_executor_find_the_same_numbers(alone, tmp_path):
    with ThreadPoolExecutor(3) as executor:
        assert by(executor, tmp_path) == alone


@pytest.mark.usefixtures("drawn_once")
def test_a_process_of_an_executor_gives_the_same_bytes_and_shares_no_folder(whole, tmp_path):
    # One process: starting it costs more than all that it does, and several of them are the next test's.
    few = "[sensitivity]\nleave_one_list_out = true\n"
    study = read_study(asking(tmp_path, few))
    here = json.dumps(numbers_of(find(study, parts=tmp_path / "here")))
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        assert json.dumps(numbers_of(find(study, parts=tmp_path / "there", executor=executor))) == here
    with ThreadPoolExecutor(2) as executor:
        out = run_study(write_study(tmp_path / "b"), tmp_path / "two", executor=executor)
    assert (out / "results.json").read_bytes() == (whole / "results.json").read_bytes()


def test_local_processes_give_the_same_bytes_and_share_what_is_finished_within_a_question(alone, whole, tmp_path):
    with study_processes(2) as processes:
        assert by(processes, tmp_path) == alone
        out = run_study(write_study(tmp_path / "b"), tmp_path / "two", executor=processes, workers=2)
    fits = list((tmp_path / "parts").glob("*.json"))
    assert len(fits) > 4  # those of questions among them
    for chart in (whole / "charts").iterdir():
        assert chart.read_bytes() == (out / "charts" / chart.name).read_bytes()
    assert (out / "results.json").read_bytes() == (whole / "results.json").read_bytes()


def _kernels_are_loaded():
    return "estimation.work.loaded_kernels" in sys.modules and "numba.core.typing.arraydecl" in sys.modules


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copies on Linux alone")
def test_a_process_begins_with_all_that_numba_loads_at_a_first_kernel():
    with study_processes(2) as processes:
        assert processes.submit(_kernels_are_loaded).result()


def test_one_worker_needs_no_process():
    with study_processes(1) as processes:
        assert processes is None


ENDLESS = """[[model]]
label = "Endless"
name = "latent-class"
[model.settings]
warmup = 1000000

[[reference]]"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_stopped_run_ends_with_all_its_processes_and_goes_on_from_what_is_finished(sent, status, tmp_path):
    study, out = write_study(tmp_path, ("[[reference]]", ENDLESS)), tmp_path / "out"
    command = [sys.executable, "-m", "estimation.cli", "run", str(study), "--out", str(out), "--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as run:
        try:
            until(lambda: run.poll() is not None or len(list((out / ".parts").glob("*.sums"))) >= 4)
            os.killpg(run.pid, sent) if sent is signal.SIGINT else run.send_signal(sent)
            error = run.communicate(timeout=60)[1]
        finally:
            run.kill()  # a run that ignores the signal would be waited for without end
    assert run.returncode == status
    until(lambda: not of_session(run.pid))
    assert sent is signal.SIGKILL or "stopped; what is finished is cached" in error
    assert len(list((out / ".parts").glob("*.sums"))) >= 4


def until(reached):
    """Wait until something holds, a minute at most."""
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.1)


def of_session(session):
    """The processes of a session that run."""
    listed = subprocess.run(["ps", "-o", "stat=", "-s", str(session)], capture_output=True, text=True, check=False)
    return [state for state in listed.stdout.split() if not state.startswith("Z")]


def test_what_an_executor_finished_before_it_was_stopped_is_not_done_again(alone, tmp_path):
    def stop(done, doing=""):
        if doing.startswith("sensitivity"):
            raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as executor, pytest.raises(KeyboardInterrupt):
        by(executor, tmp_path, progress=stop)
    done = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "parts").rglob("*.json")}
    assert len(list((tmp_path / "parts").glob("*.json"))) == 4
    assert list((tmp_path / "parts" / "questions").glob("*.json"))
    found = find(read_study(tmp_path / "study.toml"), parts=tmp_path / "parts")
    assert json.dumps(numbers_of(found)) == alone
    assert [found.seconds[label] for label in found.results] == [None] * 4
    assert done == {p.name: p.stat().st_mtime_ns for p in (tmp_path / "parts").rglob("*.json") if p.name in done}


def test_a_changed_question_is_another_task(tmp_path):
    def kept(text):
        find(read_study(asking(tmp_path, text)), parts=tmp_path / "parts")
        return len([p for p in (tmp_path / "parts" / "questions").glob("*.json") if "-" not in p.stem])

    delta = "[sensitivity]\ndelta = [0.0625, 0.125, 1]\n"
    first, again, changed = kept(delta), kept(delta), kept(delta.replace("1]", "2]"))
    assert again == first
    assert changed > again


def test_tasks_are_answered_in_their_order_and_those_that_are_cached_take_no_time(tmp_path):
    cache = Cache(tmp_path, *TEXTS)
    tasks = [
        Task(f"task {n}", f"key{n}", lambda *, workers, progress, n=n: f"{n} by {workers}", cache) for n in range(4)
    ]
    cache.put("key2", "known")
    with ThreadPoolExecutor(2) as executor:
        found = do_tasks(tasks, workers=3, executor=executor)
    assert found.values == ("0 by 3", "1 by 3", "known", "3 by 3")
    assert [seconds is None for seconds in found.seconds] == [False, False, True, False]
    assert do_tasks(tasks).values == found.values


def test_an_answer_comes_back_from_disk_exactly(tmp_path):
    study = read_study(write_study(tmp_path))
    results = find(study, parts=tmp_path / "parts").results
    found = Sensitivity(
        question="What if?",
        baseline=results["Graphs"],
        alternatives=(
            Alternative("without A", np.nan, results["Two lists"]),
            Alternative("both", (0.1, 1 / 3), results["Bound"]),
        ),
        changed=("false", "missed"),
    )
    save_sensitivity(found, tmp_path / "one.two")
    back = load_sensitivity(tmp_path / "one.two")
    assert (back.question, back.changed, back.finding) == (found.question, found.changed, found.finding)
    assert [a.label for a in back.alternatives] == ["without A", "both"]
    assert np.isnan(back.alternatives[0].value)
    assert back.alternatives[1].value == (0.1, 1 / 3)
    assert back.alternatives[1].result.total == found.alternatives[1].result.total
    assert (back.baseline.total.probabilities == found.baseline.total.probabilities).all()
    next(tmp_path.glob("one.two-0001.json")).unlink()
    with pytest.raises(ValueError, match="there is no saved result here"):
        load_sensitivity(tmp_path / "one.two")


def test_draws_are_given_to_another_process_as_they_are():
    draws = Draws(np.array([[5, 6], [7, 8]]), {"log alpha": np.array([[0.1, 0.2], [0.3, 0.4]])})
    again = pickle.loads(pickle.dumps(draws))
    assert (again.values == draws.values).all()
    assert (again.monitored["log alpha"] == draws.monitored["log alpha"]).all()
    assert not again.values.flags.writeable
    with pytest.raises(TypeError, match="does not support item assignment"):
        again.monitored["log alpha"] = draws.values


def test_the_study_of_these_tests_asks_every_kind_of_question():
    assert all(key in ASKED for key in ("leave_one_list_out", "vary", "odds_ratio", "linkage_error", "figures"))
