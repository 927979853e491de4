"""A study run by the call that ``mse run`` makes, with its progress and each answer as it comes."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
