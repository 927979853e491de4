"""A grid: strata x replicates x models x questions, on one machine or many, and one tidy table out.

Everything is read, checked and planned before anything is fitted (`estimation.runs.grid_jobs`).  Then fits and
questions go in batches to local processes, or to any `concurrent.futures.Executor`
(`estimation.work.batches`), and each answer is stored as soon as it is there (`estimation.runs.grid_answers`): whatever
stops a grid, a worker, the scheduler or this process, the same call goes on from what was stored, to the same bytes.
The number of workers changes none of them.  What the folder holds stands in `estimation.runs.grid_folder`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

from estimation.errors import StudyError
from estimation.files import file_sha256
from estimation.provenance import package_version
from estimation.results.as_json import Json
from estimation.results.estimates import Result
from estimation.runs.grid_answers import AnswerFiles, Answers
from estimation.runs.grid_folder import ANSWERS, JOBS, POOLED, RUN, TOTALS, check_grid_folder, grid_folder, write_grid
from estimation.runs.grid_jobs import Asking, Fit, Plan, answer_question, fit_once
from estimation.runs.grid_planned import PlannedGrid, Setting, inputs_of, planned
from estimation.runs.grid_tables import (
    JOB_COLUMNS,
    POOLED_COLUMNS,
    parquet_bytes,
    pooled_of,
    rows_of_jobs,
    rows_of_pooled,
    totals_json,
    why_not,
)
from estimation.runs.run import json_text
from estimation.study.machine import environment
from estimation.study.study_file import read_study
from estimation.work.batches import Failure, Piece, WorkersLostError, in_batches
from estimation.work.local_processes import local_processes
from estimation.work.progress import Progress, part, silent

__all__ = ["run_grid"]

_SCHEMA = 1
_MODULES = ("estimation.runs.grid_jobs", "estimation.results.convergence", "estimation.models.latent_class.gibbs")
"""What the processes of most grids need."""
_READ, _DONE = 0.02, 0.95
"""Shares of all work after reading and planning, and before the tables are made."""
_NEW_POOLS = 3
"""How often local processes are started again, where one of them was killed."""
_NAMED = 3
_NO_FIGURES = (
    "stated figures and claimed totals are about all people and not about a stratum: a grid does not ask about them, "
    "mse run does"
)


def run_grid(
    study: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    setting: Setting = "light",
    known: Sequence[str | os.PathLike[str]] = (),
    part_of: tuple[int, int] | None = None,
    force: bool = False,
    progress: Progress = silent,
) -> Path:
    """Fit every model of a study to every stratum of every replicate, answer its questions, pool and add.

    Stopped half-way, the same call goes on from what is stored, and gives the same bytes.

    Parameters
    ----------
    study : path
        The study file: ``[strata]`` says by what it is divided, ``[replicates]`` where the replicates are.
    out : path
        Folder to write to: new, empty, or that of an earlier grid, whose answers are used.
    workers : int
        Local processes; with one, everything is done in this process.  Changes no number.
    executor : concurrent.futures.Executor, optional
        Who does the work instead: the executor of a cluster, for example.  It is not shut down.
    setting : {"light", "declared"}
        Models in their lighter form, which stops at an effective sample size of N of 400 where the full one goes on to
        2,000 and has no tables beside the number, or as declared.
    known : sequence of path
        Folders of other grids: an answer to the same question about the same table is taken from there.
    part_of : (int, int), optional
        Do the part of that number, from 0, of so many, and write answers alone; for an array of jobs.
    force : bool
        Replace files of an earlier grid that were edited since.
    progress : Progress
        Told how much is done.

    Returns
    -------
    Path
        ``out``.

    Raises
    ------
    StudyError
        For a study file with mistakes, a folder that holds other things, workers that were lost (what was finished is
        stored), and jobs that failed through a fault of the program, each with its name.
    TableError
        For replicates that are damaged or have different lists, or missing labels of which the study does not say
        what becomes of them; nothing is fitted then.
    OutputError
        When the folder cannot be written to.
    """
    began, start = datetime.now(UTC), perf_counter()
    declared, folder = read_study(study), Path(out)
    inputs = inputs_of(declared)
    check_grid_folder(folder, inputs=inputs, force=force)
    others = [_answers_of(Path(each)) for each in known]
    progress(0.0, "reading")
    with ExitStack() as stack:
        hands = _Workers(workers, executor, stack)
        reading = part(progress, 0.0, _READ)
        try:
            grid = planned(declared, setting, hands.readers(), reading)
        except BrokenExecutor as lost:  # a process was killed while it read
            hands.renew(lost, str(declared.path))
            grid = planned(declared, setting, None, reading)
        stack.enter_context(grid_folder(folder, inputs=inputs, force=force, is_part=part_of is not None))
        answers = Answers(folder / ANSWERS)
        answers.find(*others)
        answers.adopt((*grid.plan.fits, *grid.plan.questions))
        n_known = sum(key in answers for key in (*grid.plan.fits, *grid.plan.questions))
        times = [perf_counter()]
        _do_all(grid, answers, part_of, hands, part(progress, _READ, _DONE))
        times.append(perf_counter())
        if part_of is None:
            progress(_DONE, "tables")
            files = _files(grid, answers)
            about: dict[str, Json] = {"started": began.isoformat(timespec="seconds")}
            about |= {"workers": workers, "n_known": n_known}
            files[RUN] = json_text(about | _timing(grid.plan, answers, [start, *times, perf_counter()])).encode()
            write_grid(folder, files)
        answers.close()
    progress(1.0, "done")
    return folder


def _answers_of(folder: Path) -> Path:
    """The folder of the answers of a grid."""
    for place in (folder / ANSWERS, folder):
        if any(place.glob("*.sums")):
            return place
    raise StudyError(str(folder), ["no grid was run here: there are no answers to take; check the path"])


@dataclass(slots=True)
class _Workers:
    """Who does the work: this process, local processes that are started when there is work, or whoever was given."""

    number: int
    given: Executor | None
    stack: ExitStack
    own: Executor | None = None
    renewed: int = 0

    def executor(self) -> Executor | None:
        if self.given is not None or self.number < 2:
            return self.given
        if self.own is None:
            self.own = self.stack.enter_context(local_processes(self.number, modules=_MODULES))
        return self.own

    def readers(self) -> Executor | None:
        """Who reads files that are on this machine; processes that do the work later load what they need meanwhile."""
        return self.executor() if self.given is None else None

    def renew(self, lost: RuntimeError, where: str) -> None:
        """Start local processes again where one of them was killed; workers of others are theirs to start."""
        if self.given is not None or self.renewed == _NEW_POOLS:
            problem = (
                f"the workers were lost ({lost}); what is finished is stored, and the same call goes on from there"
            )
            raise StudyError(where, [problem]) from lost
        self.own, self.renewed = None, self.renewed + 1


def _do_all(
    grid: PlannedGrid, answers: Answers, part_of: tuple[int, int] | None, workers: _Workers, progress: Progress
) -> None:
    """Do what is not known: the fits, then the questions about them.

    Raises
    ------
    StudyError
        When workers were lost, or jobs failed through a fault of the program; all others are done and stored by then.
    """
    plan, where = grid.plan, str(grid.study.path)
    middle = len(plan.fits) / max(len(plan.fits) + len(plan.questions), 1)
    fits = {
        key: Piece(fit.name, _kind(fit), partial(_itself, fit))
        for key, fit in plan.fits.items()
        if _is_in(key, part_of)
    }
    failures = _do(fits, fit_once, answers, workers, where, "fits", part(progress, 0.0, middle))
    about_fits = {
        key: Piece(each.name, each.name.partition(",")[0], partial(_with_baseline, each, answers))
        for key, each in plan.questions.items()
        if _is_in(each.baseline or key, part_of) and (each.baseline is None or each.baseline in answers)
    }
    failures += _do(about_fits, answer_question, answers, workers, where, "questions", part(progress, middle, 1.0))
    if failures:
        first = [f"{each.name}: {type(each.error).__name__}: {each.error}" for each in failures[:_NAMED]]
        more = [f"and {len(failures) - _NAMED:,} more"] if len(failures) > _NAMED else []
        what = (
            f"{len(failures):,} jobs failed through a fault of the program or of a worker; all others are stored, and "
        )
        raise StudyError(where, [f"{what}the same call tries these again: {'; '.join([*first, *more])}"])


def _kind(fit: Fit) -> str:
    """Fits that take about as long as each other: by the model, and the number of lists and of histories."""
    return f"{fit.name.partition(',')[0]} {len(fit.table.lists)} {len(fit.table.counts).bit_length()}"


def _itself(fit: Fit) -> Fit:
    return fit


def _with_baseline(asking: Asking, answers: Answers) -> tuple[Asking, Result | None]:
    """A question and the answer that it is about."""
    return asking, None if asking.baseline is None else answers.result(asking.baseline)


def _is_in(key: str, part_of: tuple[int, int] | None) -> bool:
    """Whether an answer is of a part of the grid; a question is of the part that its baseline is of."""
    return part_of is None or int(key[:8], 16) % part_of[1] == part_of[0]


def _do(
    pieces: Mapping[str, Piece],
    work: Callable[[Any], AnswerFiles],
    answers: Answers,
    workers: _Workers,
    where: str,
    doing: str,
    progress: Progress,
) -> list[Failure]:
    """Do what is not known yet, and store it; gives what failed."""
    try:
        while left := [key for key in pieces if key not in answers]:

            def take(number: int, files: AnswerFiles, seconds: float, keys: Sequence[str] = left) -> None:
                answers.put(keys[number], files, seconds)

            todo = [pieces[key] for key in left]
            try:
                return [*in_batches(todo, work, workers.executor(), take=take, progress=progress, doing=doing)]
            except WorkersLostError as lost:
                workers.renew(lost, where)
    finally:
        answers.write()
    return []


def _files(grid: PlannedGrid, answers: Answers) -> dict[str, bytes]:
    """The tables and the totals of a finished grid."""
    study, plan = grid.study, grid.plan
    rule = "stacked" if study.replicates is None else study.replicates.rule
    pooled = [pooled_of(plan, answers, label, rule=rule, seed=study.seed) for label in plan.models]
    labels = plan.cuts[0].strata.labels
    rows = list(rows_of_jobs(plan, answers))
    numbers: dict[str, Json] = {
        "schema": _SCHEMA,
        "title": study.title,
        "synthetic": study.synthetic,
        "seed": study.seed,
        "study_sha256": file_sha256(study.path),
        "version": package_version(),
        "setting": grid.setting,
        "by": list(labels),
        "lists": list(grid.replicates.lists),
        "replicates": [{"name": r.name, "file": r.file, "sha256": r.sha256} for r in grid.replicates.replicates],
        "tables": len(plan.cuts),
        "rule": rule,
        "jobs": len(plan.jobs),
        "answers": len(plan.fits) + len(plan.questions),
        "n_rows": len(rows),
        "n_without": sum(not row["estimable"] for row in rows),
        "why_not": dict(why_not(rows)),
        "models": totals_json(pooled, plan.models),
        "notes": [*grid.replicates.notes, *([_NO_FIGURES] if study.figures else [])],
    }
    return {
        JOBS: parquet_bytes(rows, labels, JOB_COLUMNS),
        POOLED: parquet_bytes(rows_of_pooled(plan, pooled), labels, POOLED_COLUMNS),
        TOTALS: json_text(numbers).encode(),
    }


def _timing(plan: Plan, answers: Answers, times: Sequence[float]) -> dict[str, Json]:
    """How long it took, in all, by phase, and by model and question, and on what."""
    by_kind: dict[str, list[float]] = {}
    for pieces in (plan.fits, plan.questions):
        for key, piece in pieces.items():
            by_kind.setdefault(piece.name.partition(",")[0], []).append(answers.seconds(key))
    each: dict[str, Json] = {
        kind: {"n": len(took), "seconds": round(sum(took), 3), "longest": round(max(took), 3)}
        for kind, took in by_kind.items()
    }
    phases = {
        name: round(after - before, 3)
        for name, (before, after) in zip(("reading and planning", "jobs", "tables"), pairwise(times), strict=True)
    }
    return {
        "seconds": round(times[-1] - times[0], 3),
        "phases": dict(phases),
        "work": each,
        "environment": dict(environment()),
    }
