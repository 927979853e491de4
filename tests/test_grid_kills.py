"""Whatever is killed, and whenever, the same call finishes a grid to the same bytes: workers, scheduler, client."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_grid import write_grid_study

from estimation.cli import app
from estimation.errors import StudyError
from estimation.runs.grid import run_grid
from estimation.work.cluster import cluster_at

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals here"),
    pytest.mark.filterwarnings("default"),
]

COMPARED = ("grid.parquet", "pooled.parquet", "totals.json", "SHA256SUMS")
KILLS = 12
CLIENT = "import sys; from estimation.runs.grid import run_grid; run_grid(sys.argv[1], sys.argv[2], workers=2)"
STUDY_WITH_GRAPHS = ('name = "sample-coverage"', 'name = "decomposable"')


def content(folder):
    return {name: (folder / name).read_bytes() for name in COMPARED}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    path = write_grid_study(tmp_path_factory.mktemp("study"), towns=30, replicates=3)
    path.write_text(path.read_text().replace(*STUDY_WITH_GRAPHS))
    return path


@pytest.fixture(scope="module")
def whole(study):
    return content(run_grid(study, study.parent / "whole"))


def children_of(pid):
    """The processes below one, by /proc."""
    found, left = [], [pid]
    while left:
        tasks = Path(f"/proc/{left.pop()}/task")
        for children in tasks.glob("*/children"):
            own = [int(child) for child in children.read_text().split()]
            found, left = found + own, left + own
    return found


@contextmanager
def cluster(n_workers=2):
    """A scheduler of Dask and its workers, each a process, and the address; all are ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "dask"]
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet
    )
    arguments = ["worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--death-timeout", "20"]
    workers = [subprocess.Popen([*dask, *arguments], **quiet) for _ in range(n_workers)]
    try:
        yield address, scheduler, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def test_a_client_that_is_killed_at_any_time_is_followed_by_one_that_finishes(study, whole, tmp_path):
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", CLIENT, study, tmp_path / "out"], check=True)
    lasted, moments = time.monotonic() - began, random.Random(1)
    assert content(tmp_path / "out") == whole
    cut_short = 0
    for _ in range(KILLS):
        shutil.rmtree(tmp_path / "out")
        client = subprocess.Popen([sys.executable, "-c", CLIENT, study, tmp_path / "out"])
        time.sleep(lasted * moments.uniform(0.2, 1.0))
        client.kill()
        client.wait()
        cut_short += not (tmp_path / "out" / "SHA256SUMS").exists()
        assert content(run_grid(study, tmp_path / "out")) == whole
    assert cut_short > KILLS / 3


def test_local_workers_that_are_killed_are_started_again(study, whole, tmp_path):
    killed, moments = 0, random.Random(2)
    for kill in range(KILLS // 2):
        out = tmp_path / str(kill)
        client = subprocess.Popen([sys.executable, "-c", CLIENT, study, out])
        time.sleep(moments.uniform(2.0, 5.0))
        below = children_of(client.pid)
        if below:
            os.kill(below[-1], signal.SIGKILL)
            killed += 1
        assert client.wait(120) == 0
        assert content(out) == whole
    assert killed


def test_the_script_of_an_array_run_by_bash_does_the_grid(study, whole, tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "estimation.cli", "grid", str(study), "--out", str(out)]
    subprocess.run([*command, "--slurm", "--parts", "3", "--workers", "1"], check=True)
    (tmp_path / "bin").mkdir()
    mse = tmp_path / "bin" / "mse"
    mse.write_text(f'#!/bin/sh\nexec {sys.executable} -m estimation.cli "$@"\n')
    mse.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "SLURM_CPUS_PER_TASK": "1"}
    tasks = [
        subprocess.Popen(["bash", str(out / "grid.slurm")], env={**environment, "SLURM_ARRAY_TASK_ID": str(task)})
        for task in range(3)
    ]
    assert [task.wait(300) for task in tasks] == [0, 0, 0]
    assert not (out / "grid.parquet").exists()
    subprocess.run([*command, "--workers", "1"], check=True)
    assert content(out) == whole
    run = json.loads((out / "run.json").read_text())
    assert run["n_known"] == json.loads((out / "totals.json").read_text())["answers"]


def test_a_cluster_gives_the_same_bytes_and_loses_a_worker_without_harm(study, whole, tmp_path):
    with cluster() as (address, _, workers), cluster_at(address) as connected:
        assert content(run_grid(study, tmp_path / "out", executor=connected.executor)) == whole
        workers[0].kill()
        assert content(run_grid(study, tmp_path / "again", executor=connected.executor)) == whole


@pytest.mark.parametrize("moment", [0.05, 0.3, 0.8])
def test_a_worker_of_a_cluster_killed_in_the_middle_does_no_harm(study, whole, tmp_path, moment):
    with cluster() as (address, _, workers), cluster_at(address) as connected:

        def kill(done, doing=""):
            if done > moment and workers[0].poll() is None:
                workers[0].kill()

        assert content(run_grid(study, tmp_path / "out", executor=connected.executor, progress=kill)) == whole
        assert workers[0].poll() is not None


@pytest.mark.parametrize("moment", [0.05, 0.3, 0.8])
def test_a_scheduler_that_is_killed_is_said_and_the_next_call_finishes(study, whole, tmp_path, moment):
    out = tmp_path / "out"
    with cluster() as (address, scheduler, _), cluster_at(address) as connected:

        def kill(done, doing=""):
            if done > moment and scheduler.poll() is None:
                scheduler.kill()

        with pytest.raises(StudyError, match=r"the workers were lost .* what is finished is stored"):
            run_grid(study, out, executor=connected.executor, progress=kill)
    assert not (out / "grid.parquet").exists()
    assert content(run_grid(study, out)) == whole
    assert json.loads((out / "run.json").read_text())["n_known"] > 0 or moment < 0.1


def test_the_command_takes_a_scheduler_and_names_its_dashboard(study, whole, tmp_path):
    from typer.testing import CliRunner

    with cluster() as (address, _, _):
        run = CliRunner().invoke(app, ["grid", str(study), "--out", str(tmp_path / "out"), "--scheduler", address])
    assert run.exit_code == 0, run.output
    assert "dashboard" in run.stderr
    assert content(tmp_path / "out") == whole
