"""The folder that is worked in, and what is under way: the state of the page, of which the study file is most.

What outlasts the server is in the folder: the study file, its tables, the results.  What is only here, and is lost
when the server ends, is a dropped file that was not written yet, and how far a run is.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

from estimation.app.messages import Plain
from estimation.app.plan import Plan
from estimation.app.study_toml import Edit, StudyText, changed, read_study_text, write_study_text
from estimation.app.warm import Refused, WarmWorker
from estimation.text.characters import name_faults

__all__ = ["TABLE_ENDINGS", "Desk", "Draft", "Run", "Taken"]

TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet", ".inp", ".gz", ".bz2", ".xz", ".dat", ".tab")
"""How the names of files end that are offered as tables."""

_MOST_FILES = 500
_TURN = 0.01


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was dropped on the page, in memory.

    Parameters
    ----------
    name : str
        What it was called.
    content : bytes
        What is in it.
    """

    name: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class Draft:
    """A file that is being looked at, and how it was read.

    Parameters
    ----------
    name : str
        What the file is called.
    taken : Taken or None
        Its bytes, where it is not in the folder yet.
    declared : dict of str to object
        What is declared about its columns.
    found : mapping or None
        How it was read (`estimation.app.jobs.reading.read`).
    declared_in : object
        Table and columns of the study file that it was begun from; None where it was not begun from the study.
    number : int
        Tells it from what is looked at in another tab.
    """

    name: str
    taken: Taken | None = None
    declared: dict[str, Any] = field(default_factory=dict)
    found: Mapping[str, Any] | None = None
    declared_in: object = None
    number: int = field(default_factory=count(1).__next__)


@dataclass(slots=True)
class Run:
    """A run of the study.

    Parameters
    ----------
    out : str
        The name of the folder of results.
    """

    out: str
    began: float = field(default_factory=monotonic)
    ended: float | None = None
    done: float = 0.0
    doing: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    first_answer: float | None = None
    problems: tuple[str, ...] = ()
    stopped: bool = False
    task: asyncio.Task[None] | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it has not ended."""
        return self.ended is None

    @property
    def seconds(self) -> float:
        """How long it takes, or took."""
        return (self.ended or monotonic()) - self.began


class Desk:
    """What the pages work on.

    Parameters
    ----------
    folder : Path
        The folder.
    study_name : str
        The name of the study file in it.
    """

    def __init__(self, folder: Path, study_name: str = "study.toml") -> None:
        self.folder = folder
        self.study_name = study_name
        self.reader = WarmWorker(
            "estimation.app.jobs.reading", "estimation.app.jobs.models", "estimation.app.jobs.checks"
        )
        self.runner = WarmWorker("estimation.app.jobs.studies")
        self.draft: Draft | None = None
        self.run: Run | None = None
        self.plan: Plan | None = None
        self.known: dict[str, Any] = {}

    def take(self, taken: Taken) -> None:
        """Look at a file that was dropped; the one that was looked at before is let go."""
        self.draft = Draft(taken.name, taken)

    @property
    def study(self) -> StudyText:
        """The study file as it is now."""
        return read_study_text(self.folder / self.study_name)

    def write(self, *edits: Edit) -> None:
        """Change the study file as it is now; it is made where it is not there.

        Raises
        ------
        OSError
            When it cannot be written.
        """
        study = self.study
        if study.problem:
            raise Refused(self.study_name, [study.problem])
        text = changed(study, *edits)
        if text != study.text or not study.is_there:
            write_study_text(study.path, text)

    def write_new(self, name: str, content: bytes) -> None:
        """Write a file into the folder that only its owner can read, never in the place of another.

        Raises
        ------
        Refused
            When there is a file of that name, or the name is none of a file in the folder.
        OSError
            When it cannot be written; nothing is left behind then.
        """
        if Path(name).name != name or name.startswith(".") or name_faults(name):
            raise Refused(name, ["this cannot be the name of a file in the folder; give another"])
        path = self.folder / name
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Refused(name, ["there is a file of this name in the folder; give another name"]) from None
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise OSError(error.errno, error.strerror or str(error), str(path)) from error
            raise

    def files(self, *endings: str) -> list[str]:
        """The names of the files in the folder that end so, in order."""
        found = (entry.name for entry in os.scandir(self.folder) if entry.is_file() and entry.name[0] != ".")
        return sorted(name for name in found if name.lower().endswith(endings))[:_MOST_FILES]

    @property
    def table(self) -> Path | None:
        """The table that the study names, or None."""
        name = self.study.get("table")
        return self.folder / name if isinstance(name, str) and name.strip() else None

    async def know(self, job: str, given: Mapping[str, Plain]) -> Plain:
        """What the reader says of something in the folder, which is asked once for each state of it."""
        key = repr((job, sorted(given.items())))
        if key not in self.known:
            if len(self.known) > 64:
                self.known.clear()
            self.known[key] = await self.reader.ask(job, given)
        return self.known[key]

    async def about_table(self, job: str, more: Mapping[str, Plain] | None = None) -> Plain:
        """What the reader says of the study's table as it is now; None where there is none.

        Parameters
        ----------
        job : str
            A key of `estimation.app.worker.JOBS`.
        more : mapping of str to object, optional
            What else the job is given.

        Raises
        ------
        Refused
            When it cannot be read.
        """
        study, table = self.study, self.table
        if table is None:
            lists = study.get("lists")
            return await self.know(job, {"lists": [*lists], "stamp": study.checksum}) if lists else None
        if not table.exists():
            raise Refused(table.name, ["there is no such file in the folder; put it there, or choose another"])
        status = table.stat()
        stamp = f"{study.checksum} {status.st_mtime_ns} {status.st_size}"
        given = {"path": str(table), "study": str(study.path), "stamp": stamp}
        return await self.know(job, {**given, **(more or {})})

    async def begin(self, job: str, out: str, given: Mapping[str, Any] | None = None) -> Run:
        """Begin what takes long; where something is under way, that goes on and nothing is begun.

        Parameters
        ----------
        job : str
            What the worker for runs does; it is given ``study``, ``out`` and what else there is.
        out : str
            The name of the folder that it writes to.
        given : mapping of str to object, optional
            What else it needs.
        """
        if self.run is not None and self.run.is_under_way:
            return self.run
        run = self.run = Run(out)
        places = {"study": str(self.folder / self.study_name), "out": str(self.folder / out)}
        run.task = asyncio.create_task(self._do(job, run, {**places, **(given or {})}))
        return run

    async def _do(self, job: str, run: Run, given: Mapping[str, Any]) -> None:
        def hear(news: Mapping[str, Any]) -> None:
            if "answered" in news:
                run.first_answer = run.first_answer or run.seconds
                run.answers[str(news["answered"])] = str(news["sentence"])
            else:
                run.done, run.doing = float(news["done"]), str(news["doing"])

        try:
            await self.runner.ask(job, given, news=hear)
        except Refused as refused:
            run.problems, run.stopped = refused.problems, refused.kind == "Stopped"
        finally:
            run.ended = monotonic()
        await self.warm()
        if run.stopped:
            await self.runner.ask("warm", {})

    async def stop(self) -> None:
        """Stop the run that is under way, and have the next worker ready."""
        run = self.run
        if run is None or not run.is_under_way:
            return
        await self.runner.stop()
        while run.is_under_way:
            await asyncio.sleep(_TURN)

    async def warm(self) -> None:
        """Start both workers, so that they are ready when they are needed."""
        await self.reader.start()
        await self.runner.start()

    async def close(self) -> None:
        """End both workers."""
        await self.runner.stop()
        await self.reader.stop()
