"""What a study found: every declared model fitted to its table, and the numbers of `results.json`.

Each model draws from a generator of its own, made from the study's seed and the model's label: adding, dropping or
reordering models changes no other model's numbers, and neither does the number of workers.  A finished model is
saved at once, so that a study that is stopped goes on where it stopped, to the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Protocol

import numpy as np

from estimation.capture import CaptureTable
from estimation.errors import StudyError, TableWarning
from estimation.models.decomposable import DecomposableGraphs
from estimation.models.protocol import settings_of
from estimation.provenance import package_version
from estimation.readers import read_table
from estimation.results import Estimate, Result
from estimation.saved import load_result, save_result
from estimation.sensitivity.delta_path import delta_path
from estimation.sensitivity.sensitivity import Sensitivity
from estimation.study import LEVEL, DeclaredModel, Study
from estimation.summary import Json, number, plain, summary_of

__all__ = ["Findings", "Progress", "find", "generator_for", "numbers_of", "silent", "steps_of"]

_SCHEMA = 1
_DELTA = "sensitivity to delta"
_QUOTED = ("estimable", "point", "mean", "median", "sd", "lower", "upper", "level", "interval_kind", "reason")


class Progress(Protocol):
    """Told what is being done; may raise to stop the study, which can then go on later."""

    def __call__(self, doing: str, done: int, of: int) -> None:
        """One thing of ``of`` is about to be done, after ``done`` others."""
        ...


def silent(doing: str, done: int, of: int) -> None:
    """A `Progress` that tells nobody."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a study found.

    Parameters
    ----------
    study : Study
        What was asked.
    table : CaptureTable
        Who was seen by which lists.
    table_notes : tuple of str
        What was handled while the table was read.
    results : mapping of str to Estimate or NotEstimable
        The answer of each declared model by its label, in the order declared; none is left out.
    path : Sensitivity or None
        The decomposable graphs at other values of delta.
    seconds : mapping of str to float or None
        How long each model took; None where it was kept from a run that was stopped.
    """

    study: Study
    table: CaptureTable
    table_notes: tuple[str, ...]
    results: Mapping[str, Result]
    path: Sensitivity | None
    seconds: Mapping[str, float | None]

    @property
    def headline(self) -> Result:
        """The answer of the model that was declared to carry the headline."""
        return self.results[self.study.headline]

    @property
    def sentence(self) -> str:
        """The headline in one line."""
        mark = "SYNTHETIC DATA. " if self.study.synthetic else ""
        return f"{mark}{self.study.title}: {self.headline}"


def generator_for(seed: int, label: str) -> np.random.Generator:
    """The generator of one model of a study: depends on the seed and the label, and on nothing else.

    Examples
    --------
    >>> first, again, other = (generator_for(7, label).random() for label in ("A", "A", "B"))
    >>> first == again, first == other
    (True, False)
    """
    word = int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big")
    return np.random.default_rng(np.random.SeedSequence([seed, word]))


def steps_of(study: Study) -> int:
    """Number of things to do: one a model, and the path over delta."""
    return len(study.models) + bool(study.deltas)


def find(study: Study, *, parts: Path, workers: int = 1, progress: Progress = silent) -> Findings:
    """Fit every model that a study declares.

    Parameters
    ----------
    study : Study
        What to do.
    parts : Path
        Folder for finished models; those found there are not fitted again.
    workers : int
        Threads to use at most; changes no number.
    progress : Progress
        Told before each model.

    Raises
    ------
    TableError
        When the table cannot be read.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = read_table(study.table)
    for warning in caught:
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    # By its name alone: where the table lies is no finding.
    where, name = str(study.table), study.table.name
    notes = tuple(str(w.message).replace(where, name) for w in caught if issubclass(w.category, TableWarning))
    results: dict[str, Result] = {}
    seconds: dict[str, float | None] = {}
    of = steps_of(study)
    for done, declared in enumerate(study.models):
        progress(declared.label, done, of)
        results[declared.label], seconds[declared.label] = _fitted(study, declared, table, parts, workers)
    path = None
    graphs = next((d.model for d in study.models if isinstance(d.model, DecomposableGraphs)), None)
    if study.deltas and graphs is not None:
        progress(_DELTA, of - 1, of)
        start = perf_counter()
        rng = generator_for(study.seed, _DELTA)
        path = delta_path(table, study.deltas, model=graphs, rng=rng, workers=workers)
        seconds[_DELTA] = perf_counter() - start
    return Findings(study, table, notes, results, path, seconds)


def _fitted(
    study: Study, declared: DeclaredModel, table: CaptureTable, parts: Path, workers: int
) -> tuple[Result, float | None]:
    """The answer of one model and how long it took, or its answer from an earlier run that was stopped."""
    settings = [[name, plain(value)] for name, value in settings_of(declared.model)]
    asked = [table.sha256, declared.label, declared.model.name, settings, study.seed, package_version()]
    place = parts / hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:32]
    if place.with_suffix(".json").exists():
        try:
            return load_result(place), None
        except StudyError:
            place.with_suffix(".json").unlink()
    start = perf_counter()
    result = declared.model.fit(table, rng=generator_for(study.seed, declared.label), workers=workers)
    seconds = perf_counter() - start
    save_result(result, place)
    return result, seconds


def numbers_of(findings: Findings) -> dict[str, Json]:
    """Everything that was found, as an object for JSON: numbers and sentences, no times and no paths.

    Unit: persons.  The same study gives the same object, with any number of workers.
    """
    study, table = findings.study, findings.table
    numbers: dict[str, Json] = {
        "schema": _SCHEMA,
        "title": study.title,
        "synthetic": study.synthetic,
        "seed": study.seed,
        "headline": {"label": study.headline, "sentence": findings.sentence, **_quoted(findings.headline)},
        "table": {
            "sha256": table.sha256,
            "n_observed": table.n_observed,
            "lists": dict(zip(table.lists, table.list_sizes.tolist(), strict=True)),
            "frequencies": table.frequencies.tolist(),
            "notes": list(findings.table_notes),
        },
        "models": [{"label": label, **summary_of(result, level=LEVEL)} for label, result in findings.results.items()],
        "references": [
            {"label": r.label, "source": r.source, "value": r.value, "lower": r.lower, "upper": r.upper}
            for r in study.references
        ],
    }
    if findings.path is not None:
        numbers["sensitivity"] = {
            "delta": {
                "question": findings.path.question,
                "finding": findings.path.finding,
                "alternatives": [
                    {"label": a.label, "value": plain(a.value), **_quoted(a.result)}
                    for a in findings.path.alternatives
                ],
            }
        }
    return numbers


def _quoted(result: Result) -> dict[str, Json]:
    """The numbers of a result without what stands in the full summary already."""
    summary = summary_of(result, level=LEVEL)
    quoted = {name: summary[name] for name in _QUOTED if name in summary}
    return quoted | ({"is_lower_bound": result.is_lower_bound} if isinstance(result, Estimate) else {})
