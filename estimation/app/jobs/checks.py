"""What keeps a study from being run, before anybody runs it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimation.app.jobs.job import of_request
from estimation.errors import EstimationError
from estimation.runs.output_folder import check_folder
from estimation.study.study_file import read_study

if TYPE_CHECKING:
    from estimation.results.as_json import Json

__all__ = ["check"]


@of_request
def check(given: Mapping[str, Any]) -> list[Json]:
    """Everything that keeps a study from being run, one sentence each.

    Parameters
    ----------
    given : mapping
        ``study``, and ``out``, the folder of results.
    """
    problems: list[Json] = []
    try:
        study = read_study(given["study"])
        check_folder(Path(given["out"]), inputs=[study.path, *study.linked_files, *study.beside.values()])
    except EstimationError as error:
        problems += error.problems
    return problems
