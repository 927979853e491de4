"""A grid of strata x replicates x models on 1, 2 and 4 local processes and on a local Dask cluster.

Run as ``python benchmarks/grid.py``.  The tables are synthetic: 100 strata of 60 to 120 people on three lists in 20
replicates, decomposable graphs and the sparse stepwise model, 4,000 jobs.  The checksum shows that all results are
identical, whoever made them.

- *whole*, *jobs*, *read*, *tables*: the time in all and of its three phases, by the clock.  Reading, planning and the
  tables at the end are done by one process.
- *a job*: what workers measured around each fit, on average.  Where more processes than free cores share the machine it
  grows, and the time in all does not.
- *busy*: the share of the time of workers, in the phase of the jobs, that they spent in fits; the rest is overhead: to
  send, to wait, to store, and to start the processes.
- *CPU a job*: CPU seconds of this process, its workers and a local scheduler, all phases, by job.

On a machine with nothing else on it the speed-up on two cores is that of the clock.  On one that is shared it is to be
read from the two figures that others do not move: what share of the time workers are busy, and what a job costs in CPU
with two of them and with one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from estimation.runs.grid import run_grid
from estimation.work.cluster import cluster_at

STUDY = """
title = "Synthetic"
seed = 7
synthetic = true
headline = "Graphs"
[counted]
who = "Synthetic people"
where = "Synthetic places"
when = "One year"
excludes = "Nobody"
[strata]
by = ["place"]
[replicates]
folder = "replicates"
[[model]]
label = "Graphs"
name = "decomposable"
[[model]]
label = "Other"
name = "{model}"
"""
COMPARED = ("grid.parquet", "pooled.parquet", "totals.json")


def write_study(folder: Path, strata: int, replicates: int, model: str) -> Path:
    """Synthetic replicates of so many strata, each with another table, and their study."""
    rng, place = np.random.default_rng(1), folder / "replicates"
    place.mkdir(parents=True)
    for replicate in range(replicates):
        rows = ["in_A,in_B,in_C,place"]
        for stratum in range(strata):
            seen = rng.random((int(rng.integers(60, 120)), 3)) < rng.uniform(0.2, 0.6, 3)
            rows += [f"{a:d},{b:d},{c:d},place {stratum}" for a, b, c in seen[seen.any(axis=1)]]
        (place / f"synthetic-R{replicate + 1}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    path = folder / "study.toml"
    path.write_text(STUDY.format(model=model), encoding="utf-8")
    return path


@contextmanager
def local_cluster(workers: int) -> Iterator[str]:
    """The address of a cluster of Dask on this machine, a thread in each of its processes.

    Dask has the memory of its workers given back to the system at once, which doubles the CPU time of short fits; here
    they give it back as other processes do.
    """
    from distributed import LocalCluster

    os.environ |= {"MALLOC_TRIM_THRESHOLD_": "134217728", "MALLOC_MMAP_THRESHOLD_": "33554432"}
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        yield str(cluster.scheduler_address)


class Cpu:
    """CPU seconds of this process and of all below it, those that end meanwhile too; itself a progress."""

    def __init__(self) -> None:
        self.used: dict[int, float] = {}
        self.began = self.now()
        self.looked = 0.0

    def __call__(self, done: float, doing: str = "", /) -> None:
        """Look at what they have used, twice a second at most."""
        if time.monotonic() - self.looked > 0.5:
            self.now()

    def now(self) -> float:
        """What all of them have used so far."""
        import psutil

        self.looked = time.monotonic()
        here = psutil.Process()
        for process in (here, *here.children(recursive=True)):
            with suppress(psutil.Error):
                times = process.cpu_times()
                self.used[process.pid] = times.user + times.system
        return sum(self.used.values())


def timed(study: Path, out: Path, workers: int, *, dask: bool) -> dict[str, float | str]:
    """One grid into a new folder."""
    if dask:
        with local_cluster(workers) as address, cluster_at(address) as connected:
            cpu, start = Cpu(), time.perf_counter()
            run_grid(study, out, executor=connected.executor, progress=cpu)
            took, used = time.perf_counter() - start, cpu.now() - cpu.began
    else:
        cpu, start = Cpu(), time.perf_counter()
        run_grid(study, out, workers=workers, progress=cpu)
        took, used = time.perf_counter() - start, cpu.now() - cpu.began
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    jobs = sum(each["n"] for each in run["work"].values())
    worked = sum(each["seconds"] for each in run["work"].values())
    sha256 = hashlib.sha256(b"".join((out / name).read_bytes() for name in COMPARED)).hexdigest()
    return {
        "seconds": took,
        "jobs_seconds": run["phases"]["jobs"],
        "per_job": worked / jobs,
        "busy": worked / (workers * run["phases"]["jobs"]),
        "cpu_per_job": used / jobs,
        "reading": run["phases"]["reading and planning"],
        "tables": run["phases"]["tables"],
        "bytes": sum(path.stat().st_size for path in (out / "answers").iterdir()) / jobs,
        "sha256": sha256,
        "jobs": jobs,
    }


def main() -> None:
    """Print the table of times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strata", type=int, default=100)
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--model", default="sparse", help="the second model")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4], help="local processes")
    parser.add_argument("--dask", type=int, nargs="*", default=[2], help="workers of a local Dask cluster")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        study = write_study(Path(folder) / "study", given.strata, given.replicates, given.model)
        print(f"{given.strata} strata x {given.replicates} replicates x 2 models on {os.cpu_count()} cores; seconds")
        print(
            f"{'':16s} {'whole':>8s} {'jobs':>8s} {'read':>6s} {'tables':>6s} {'a job':>8s} {'busy':>6s} "
            f"{'CPU a job':>9s} {'speed-up':>8s} {'of jobs':>8s} {'bytes a job':>11s}  results"
        )
        first: dict[str, float | str] = {}
        for workers, dask in [*((n, False) for n in given.workers), *((n, True) for n in given.dask)]:
            name = f"{'Dask' if dask else 'local'}, {workers} worker{'s' * (workers != 1)}"
            found = timed(study, Path(folder) / f"out-{workers}-{dask}", workers, dask=dask)
            first = first or found
            print(
                f"{name:16s} {found['seconds']:8.1f} {found['jobs_seconds']:8.1f} {found['reading']:6.1f} "
                f"{found['tables']:6.1f} {found['per_job']:8.4f} {found['busy']:6.1%} {found['cpu_per_job']:9.4f} "
                f"{float(first['seconds']) / float(found['seconds']):8.2f} "
                f"{float(first['jobs_seconds']) / float(found['jobs_seconds']):8.2f} {found['bytes']:11,.0f}  "
                f"{str(found['sha256'])[:12]}",
                flush=True,
            )


if __name__ == "__main__":
    main()
