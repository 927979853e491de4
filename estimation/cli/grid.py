"""`mse grid`: strata x replicates x models x questions, on this machine, on a cluster, or as an array of jobs.

Everything heavier than argument parsing is imported inside the function that needs it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.cli.ending import NOT_ESTIMABLE, STOPPED
from estimation.cli.options import WorkersOption, workers_of
from estimation.cli.output import Bar
from estimation.cli.streams import json_line
from estimation.cli.terminal import say
from estimation.errors import SettingError
from estimation.text.counted import counted

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from estimation.runs.grid_planned import Setting

__all__ = ["app"]

app = typer.Typer()

_MOST_REASONS = 5
_PARTS = 100
"""Tasks of an array, where it is not said how many."""


@app.command()
def grid(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="A study file (TOML).")],
    out: Annotated[Path, typer.Option(help="Folder for the tables and the answers.")],
    workers: WorkersOption = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A scheduler of Dask that does the work: tcp://host:8786.")
    ] = None,
    slurm: Annotated[
        bool, typer.Option("--slurm", help="Write the script of a SLURM array that does the work, and run nothing.")
    ] = False,
    parts: Annotated[
        int | None, typer.Option(min=1, help=f"Tasks of the array (with --slurm; by default {_PARTS}).")
    ] = None,
    part: Annotated[
        int | None, typer.Option(min=0, help="Do this part of them, from 0, and store its answers: what a task does.")
    ] = None,
    setting: Annotated[
        str,
        typer.Option(help="light: models stop at an effective sample size of N of 400; or declared, as in the file."),
    ] = "light",
    known: Annotated[
        list[Path] | None, typer.Option(metavar="DIR", help="Take answers from this finished grid; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: what totals.json holds.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an earlier grid's files that were edited since.")
    ] = False,
) -> None:
    """Fit all models to all strata of all replicates.

    Writes grid.parquet (a row a job: stratum, replicate, model, question, and the number or the reason), pooled.parquet
    (each stratum pooled over replicates, and the total) and totals.json.  A table that recurs is fitted once.
    Stopped half-way, the same command goes on where it stopped and gives the same bytes, on any number of workers.
    Exit status 3 when no job has a number.
    """
    from estimation.runs.grid import run_grid

    form = _form(setting)
    _check_parts(slurm=slurm, part=part, parts=parts, scheduler=scheduler)
    if slurm:
        _write_script(study, out, parts or _PARTS, workers_of(workers), setting, known or [], force=force)
        return
    part_of = None if part is None or parts is None else (part, parts)
    try:
        with _executor(scheduler) as executor, Bar() as progress:
            run_grid(
                study,
                out,
                workers=workers_of(workers),
                executor=executor,
                setting=form,
                known=known or [],
                part_of=part_of,
                force=force,
                progress=progress,
            )
    except KeyboardInterrupt:
        say("mse: stopped; what is finished is stored, and the same command goes on from there", err=True)
        raise typer.Exit(STOPPED) from None
    if part_of is not None:
        say(f"Part {part} of {parts} is done. When all are: the same command without --part and --parts.")
        return
    _say_found(out, as_json=as_json)


def _form(setting: str) -> Setting:
    """The form of the models, by its name."""
    from estimation.runs.grid_planned import SETTINGS

    for form in SETTINGS:
        if form == setting:
            return form
    raise SettingError("--setting", [f"{setting!r} is none of {', '.join(SETTINGS)}"])


def _check_parts(*, slurm: bool, part: int | None, parts: int | None, scheduler: str | None) -> None:
    """Refuse options that do not go together."""
    problems = []
    if slurm and part is not None:
        problems.append("--slurm writes the script and --part does a part; give one of them")
    if part is not None and parts is None:
        problems.append("--part needs --parts, of how many it is one")
    if parts is not None and part is None and not slurm:
        problems.append("--parts needs --part, or --slurm")
    if part is not None and parts is not None and part >= parts:
        problems.append(f"--part is {part}; of {parts} parts the last one is {parts - 1}")
    if scheduler is not None and (slurm or part is not None):
        problems.append("--scheduler does the whole grid; leave --slurm and --part out")
    if problems:
        raise SettingError("mse grid", problems)


@contextmanager
def _executor(scheduler: str | None) -> Iterator[Executor | None]:
    """Who does the work; None for processes of this machine."""
    if scheduler is None:
        yield None
        return
    from estimation.work.cluster import cluster_at

    with cluster_at(scheduler) as cluster:
        say(f"{cluster.n_workers} workers; dashboard: {cluster.dashboard}", err=True)
        yield cluster.executor


def _write_script(
    study: Path, out: Path, parts: int, workers: int, setting: str, known: list[Path], *, force: bool
) -> None:
    """Write the script of the array, with places that do not depend on where it is submitted from."""
    from estimation.files import write_bytes
    from estimation.runs.grid_folder import check_grid_folder
    from estimation.runs.grid_planned import inputs_of
    from estimation.runs.grid_slurm import SCRIPT, slurm_script
    from estimation.study.study_file import read_study

    check_grid_folder(out, inputs=inputs_of(read_study(study)), force=force, force_option="--force")
    out.mkdir(parents=True, exist_ok=True)
    place = out.resolve()
    command = ["mse", "grid", str(study.resolve()), "--out", str(place), "--setting", setting]
    for folder in known:
        command += ["--known", str(folder.resolve())]
    script = write_bytes(place / SCRIPT, slurm_script(command, place, parts=parts, workers=workers).encode())
    say(f"Wrote {script}. Look at its #SBATCH lines, and then:\n")
    say(f"  sbatch {script}")
    say(f"\nWhen all {parts} tasks are done, on one machine:\n")
    say(f"  mse grid {study} --out {out} --setting {setting}")


def _say_found(out: Path, *, as_json: bool) -> None:
    """Print the totals, what has no number and why, and where the files are."""
    from estimation.runs.grid_folder import JOBS, POOLED, RUN, TOTALS

    found = json.loads((out / TOTALS).read_text(encoding="utf-8"))
    if as_json:
        typer.echo(json_line(found))
    else:
        run = json.loads((out / RUN).read_text(encoding="utf-8"))
        given = [found["title"], *(model["label"] for model in found["models"])]
        say(
            f"\n{found['title']}: {counted(found['jobs'], 'job')}, of which {counted(found['answers'], 'is', 'are')} "
            "different\n",
            given=given,
        )
        for model in found["models"]:
            total = model["total"]
            say(f"  {model['label']}: {total['sentence']}", given=given)
        if found["n_without"]:
            say(f"\n{found['n_without']:,} of {found['n_rows']:,} rows have no number:")
            for reason, times in [*found["why_not"].items()][:_MOST_REASONS]:
                say(f"  ! {times:,}: {reason}")
        for note in found["notes"]:
            say(f"note: {note}", given=given)
        say(f"\n{run['n_known']:,} answers were there already; {run['seconds']:,.1f} seconds\n")
        for name in (JOBS, POOLED, TOTALS):
            say(f"  {out / name}")
    if found["n_without"] == found["n_rows"]:
        raise typer.Exit(NOT_ESTIMABLE)
