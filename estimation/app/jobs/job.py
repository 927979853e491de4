"""What a worker asks of a job, and jobs that need less of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from estimation.capture.readers import TableFile, read_table_file
from estimation.capture.table import CaptureTable
from estimation.study.columns_in import columns_in

if TYPE_CHECKING:
    from estimation.app.worker import Tell

__all__ = ["of_request", "of_table", "study_table"]

_Answer = TypeVar("_Answer")


def of_request(answer: Callable[[Mapping[str, Any]], _Answer]) -> Callable[[Mapping[str, Any], bytes, Tell], _Answer]:
    """A job that takes no file and tells nothing on its way, as the worker calls every job.

    Parameters
    ----------
    answer : callable
        Gives the answer to what was asked.
    """

    @wraps(answer)
    def job(given: Mapping[str, Any], body: bytes, tell: Tell) -> _Answer:
        del body, tell
        return answer(given)

    return job


def of_table(
    answer: Callable[[CaptureTable, Mapping[str, Any]], _Answer],
) -> Callable[[Mapping[str, Any], bytes, Tell], _Answer]:
    """A job on the table of a study that need not be finished: what was asked has its ``path``, and the ``study``.

    Parameters
    ----------
    answer : callable
        Gives the answer, from the table and what else was asked.
    """

    @of_request
    @wraps(answer)
    def job(given: Mapping[str, Any]) -> _Answer:
        return answer(study_table(given).table, given)

    return job


def study_table(given: Mapping[str, Any]) -> TableFile:
    """The table of a study file that need not be finished, with what the file declares of its columns.

    Parameters
    ----------
    given : mapping
        ``path`` of the table and ``study``.
    """
    return read_table_file(given["path"], columns_in(given["study"]), name=Path(given["path"]).name, door="study")
