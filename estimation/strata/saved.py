"""The answers by stratum on disk and back, exactly: their words in a .json file, each result beside it.

The .json file is written last, so that answers stopped half-way are none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from estimation.errors import StudyError
from estimation.files import write_text
from estimation.results.saved import load_result, save_result
from estimation.strata.by_stratum import StratumResults

__all__ = ["load_strata", "save_strata"]


def save_strata(found: StratumResults, path: Path) -> None:
    """Write the answers to ``path`` with the ending .json, and each result to a name that begins with it.

    Parameters
    ----------
    found : StratumResults
        What to write; draws included.
    path : Path
        Where, without an ending; the folder must be there.
    """
    beside = () if found.complete_cases is None else (found.complete_cases,)
    results = (found.total, *found.results.values(), *beside)
    for result, place in zip(results, _places(path, len(results)), strict=True):
        save_result(result, place, compress=False)
    words = {
        "labels": found.labels,
        "strata": [[stratum, found.lists[stratum], list(found.left_out[stratum].items())] for stratum in found.results],
        "notes": found.notes,
        "complete_cases": bool(beside),
    }
    write_text(path.with_name(f"{path.name}.json"), json.dumps(words, ensure_ascii=False))


def load_strata(path: Path) -> StratumResults:
    """The answers that `save_strata` wrote.

    Raises
    ------
    FileNotFoundError
        When there are none.
    StudyError
        When they are not whole, or a result is gone.
    """
    stored = path.with_name(f"{path.name}.json")
    content = stored.read_bytes()
    try:
        return _found(json.loads(content), path)
    except (LookupError, TypeError, AttributeError, RecursionError, ValueError) as error:
        if isinstance(error, StudyError):
            raise
        raise StudyError(str(stored), ["these are not answers that were saved here; delete the file"]) from error


def _found(words: dict[str, Any], path: Path) -> StratumResults:
    """The answers whose words are these, and whose results lie beside them."""
    strata = [tuple(stratum) for stratum, _, _ in words["strata"]]
    beside = bool(words["complete_cases"])
    total, *results = (load_result(place) for place in _places(path, 1 + len(strata) + beside))
    return StratumResults(
        labels=tuple(words["labels"]),
        results=dict(zip(strata, results, strict=not beside)),
        lists={tuple(stratum): tuple(lists) for stratum, lists, _ in words["strata"]},
        left_out={tuple(stratum): dict(out) for stratum, _, out in words["strata"]},
        total=total,
        notes=tuple(words["notes"]),
        complete_cases=results[-1] if beside else None,
    )


def _places(path: Path, n_results: int) -> Iterator[Path]:
    """Where the results are: the total first."""
    return (path.with_name(f"{path.name}-{at:05d}") for at in range(n_results))
