"""The answer to a question on disk and back, exactly: its words in a .json file, its results beside it.

The .json file is written last, so that an answer stopped half-way is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from estimation.errors import StudyError
from estimation.files import write_text
from estimation.priors.known_values import KnownValue
from estimation.results.saved import load_result, save_result
from estimation.sensitivity.alternatives import Alternative, Sensitivity, Value

__all__ = ["load_sensitivity", "save_sensitivity"]


def save_sensitivity(found: Sensitivity, path: Path) -> None:
    """Write an answer to ``path`` with the ending .json, and its results to names that begin with it.

    Parameters
    ----------
    found : Sensitivity
        What to keep; every result in it is kept, draws included.
    path : Path
        Where, without an ending; the folder must be there.
    """
    results = (found.baseline, *(alternative.result for alternative in found.alternatives))
    for result, place in zip(results, _places(path, len(results)), strict=True):
        save_result(result, place, compress=False)
    words = {
        "question": found.question,
        "changed": found.changed,
        "sentence": found.sentence,
        "baseline_value": found.baseline_value,
        "known": [[each.study, each.title, each.value] for each in found.known],
        # NaN, where what was changed is no number, is written as Python reads it.
        "alternatives": [[each.label, each.value, each.error] for each in found.alternatives],
    }
    write_text(path.with_name(f"{path.name}.json"), json.dumps(words, ensure_ascii=False))


def load_sensitivity(path: Path) -> Sensitivity:
    """The answer that `save_sensitivity` wrote.

    Raises
    ------
    FileNotFoundError
        When there is none.
    StudyError
        When it is not whole, or a result of it is gone.
    """
    stored = path.with_name(f"{path.name}.json")
    content = stored.read_bytes()
    try:
        return _answer_of(json.loads(content), path)
    except (LookupError, TypeError, AttributeError, RecursionError, ValueError) as error:
        if isinstance(error, StudyError):
            raise
        raise StudyError(str(stored), ["this is not an answer that was saved here; delete it"]) from error


def _answer_of(words: dict[str, Any], path: Path) -> Sensitivity:
    """The answer whose words are these, and whose results lie beside them."""
    changed = words["changed"]
    baseline, *results = (load_result(place) for place in _places(path, 1 + len(words["alternatives"])))
    return Sensitivity(
        question=words["question"],
        baseline=baseline,
        alternatives=tuple(
            Alternative(label, _value(value), result, error)
            for (label, value, error), result in zip(words["alternatives"], results, strict=True)
        ),
        changed=changed if isinstance(changed, str) else (changed[0], changed[1]),
        sentence=words["sentence"],
        baseline_value=_value(words["baseline_value"]),
        known=tuple(KnownValue(*each) for each in words["known"]),
    )


def _value(written: float | list[float]) -> Value:
    """What is changed, as a sensitivity holds it."""
    return (written[0], written[1]) if isinstance(written, list) else written


def _places(path: Path, n_results: int) -> Iterator[Path]:
    """Where the results of an answer are: the baseline first."""
    return (path.with_name(f"{path.name}-{at:04d}") for at in range(n_results))
