"""A study run by the call that ``mse run`` makes, with its progress and each answer as it comes."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from estimation.errors import EstimationError
from estimation.results.estimates import Estimate, NotEstimable
from estimation.runs.run import run_study
from estimation.study.tasks import study_processes

if TYPE_CHECKING:
    from estimation.app.worker import Tell

__all__ = ["run", "warm"]


def _workers() -> int:
    return os.cpu_count() or 1


def warm(given: Mapping[str, Any], body: bytes, tell: Tell) -> bool:
    """Have the process of which local processes are copies load what they need."""
    del given, body, tell
    with study_processes(_workers()) as processes:
        if processes is not None:
            processes.submit(os.getpid).result()
    return True


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

    Raises
    ------
    EstimationError
        When the study cannot be run, or its results cannot be written.
    """
    del body

    def progress(done: float, doing: str = "", /) -> None:
        tell({"done": done, "doing": doing})

    def answered(label: str, answer: object) -> None:
        if isinstance(answer, Estimate | NotEstimable):
            tell({"answered": label, "sentence": str(answer)})

    try:
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
    except OSError as error:
        problem = (
            f"the results could not be written ({error.strerror or error}); make room on the disk, or let this user "
            "write to the folder, and run it again: earlier results are as they were"
        )
        raise EstimationError(given["out"], [problem]) from error
    return str(finished)
