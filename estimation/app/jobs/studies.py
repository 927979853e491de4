"""A study checked, and run by the call that ``mse run`` makes, with its progress and each answer as it comes."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimation.errors import EstimationError
from estimation.results.estimates import Estimate, NotEstimable
from estimation.runs.output_folder import check_folder
from estimation.runs.run import run_study
from estimation.study.study_file import read_study
from estimation.study.tasks import study_processes

if TYPE_CHECKING:
    from estimation.app.worker import Tell
    from estimation.results.as_json import Json

__all__ = ["check", "run", "warm"]


def _workers() -> int:
    return os.cpu_count() or 1


def warm(given: Mapping[str, Any], body: bytes, tell: Tell) -> bool:
    """Have the process of which local processes are copies load what they need."""
    del given, body, tell
    with study_processes(_workers()) as processes:
        if processes is not None:
            processes.submit(os.getpid).result()
    return True


def check(given: Mapping[str, Any], body: bytes, tell: Tell) -> list[Json]:
    """Everything that keeps a study from being run, one sentence each.

    Parameters
    ----------
    given : mapping
        ``study``, and ``out``, the folder of results.
    body : bytes
        Not used.
    tell : callable
        Not used.
    """
    del body, tell
    problems: list[Json] = []
    try:
        study = read_study(given["study"])
        check_folder(Path(given["out"]), inputs=[study.path, *study.linked_files, *study.beside.values()])
    except EstimationError as error:
        problems += error.problems
    return problems


def run(given: Mapping[str, Any], body: bytes, tell: Tell) -> str:
    """Run a study into a folder.

    Parameters
    ----------
    given : mapping
        ``study``, ``out``, ``public`` (a number or None) and ``force``.
    body : bytes
        Not used.
    tell : callable
        Told the share that is done, and each model's answer.
    """
    del body

    def progress(done: float, doing: str = "", /) -> None:
        tell({"done": done, "doing": doing})

    def answered(label: str, answer: object) -> None:
        if isinstance(answer, Estimate | NotEstimable):
            tell({"answered": label, "sentence": str(answer)})

    with study_processes(_workers()) as processes, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        finished = run_study(
            given["study"],
            given["out"],
            public=given["public"],
            force=bool(given["force"]),
            workers=_workers(),
            executor=processes,
            progress=progress,
            answered=answered,
        )
    return str(finished)
