"""What a grid has to do: strata x replicates x models x questions, each as a job, and equal jobs as one.

A job's answer depends on its table, its model with its settings, and the seed of the study, and on nothing else: the
generator of a fit is made from the seed, the checksum of the table and the words of the model, so that equal tables get
equal answers wherever they recur, and are fitted once.  A question starts from the state of the generator that made
the answer it is about, as in a study.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import numpy as np

from estimation.capture.stratified import Strata, Stratum, called
from estimation.capture.table import CaptureTable
from estimation.errors import EstimationError
from estimation.frames import Cell
from estimation.models.cached_model import fit_key
from estimation.models.protocol import Model, lighter_of, not_estimable, settings_of
from estimation.results.estimates import Estimate, Result, result_row
from estimation.results.totals import Draws
from estimation.runs.grid_answers import AnswerFiles, files_of_result, files_of_rows
from estimation.strata.missing_labels import imputed
from estimation.strata.replicates import Replicates
from estimation.study.questions import Material, Question, questions_of, unanswerable
from estimation.study.sensitivity_keys import Questions
from estimation.study.strata_keys import DeclaredStrata
from estimation.work.cache import key_of
from estimation.work.progress import silent
from estimation.work.seeds import generator_for

__all__ = ["Asking", "Cut", "Fit", "Job", "Plan", "answer_question", "cuts_of", "fit_once", "plan_of"]

_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Cut:
    """One table cut into strata: a replicate, or a replicate with one imputation of its missing labels.

    Parameters
    ----------
    replicate : str or None
        What it is called; None where there is one table and nothing imputed.
    strata : Strata
        A table for each stratum; one without labels in a study without strata.
    """

    replicate: str | None
    strata: Strata


@dataclass(frozen=True, slots=True)
class Fit:
    """A model to fit to a table.

    Parameters
    ----------
    key : str
        The name of its answer.
    name : str
        What it is called: the first stratum and replicate that has it.
    table : CaptureTable
        Who was seen by which lists.
    model : Model
        What is fitted.
    seed : int
        Of the study.
    why_not : str or None
        Why there is nothing to fit, where no list is left.
    """

    key: str
    name: str
    table: CaptureTable
    model: Model
    seed: int
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """A question to answer about a table.

    Parameters
    ----------
    key, name, table, seed
        As in `Fit`.
    question : Questions
        The one question, as a study declares it.
    models : mapping of str to Model
        The models of the study by label.
    headline : str
        Label of the one that carries the headline.
    baseline : str or None
        Name of the answer that the question is about; None where it brings a model of its own.
    """

    key: str
    name: str
    table: CaptureTable
    seed: int
    question: Questions
    models: Mapping[str, Model]
    headline: str
    baseline: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """What one or several rows of a grid are about.

    Parameters
    ----------
    cut : int
        Which cut its table is of.
    stratum : Stratum
        The values of its labels.
    model : str or None
        Label of the model; None where a question brings its own.
    question : str or None
        What the question is called; None for the model's own answer.
    key : str or None
        The name of its answer; None where the question cannot be asked of this table.
    why_not : str or None
        Why it cannot.
    """

    cut: int
    stratum: Stratum
    model: str | None
    question: str | None
    key: str | None
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All jobs of a grid, and what has to be done for them.

    Parameters
    ----------
    cuts : tuple of Cut
        The tables.
    jobs : tuple of Job
        By cut, stratum, model and question, in their order.
    models : mapping of str to Model
        What is fitted, by label, in the form that it is fitted in.
    fits : mapping of str to Fit
        What is fitted, each once, by the name of its answer.
    questions : mapping of str to Asking
        What is asked, each once.
    """

    cuts: tuple[Cut, ...]
    jobs: tuple[Job, ...]
    models: Mapping[str, Model]
    fits: Mapping[str, Fit]
    questions: Mapping[str, Asking]


def cuts_of(replicates: Replicates, declared: DeclaredStrata | None, *, seed: int) -> Iterator[Cut]:
    """Each replicate cut into strata; where labels are imputed, each as often as makes ``imputations`` of all.

    Parameters
    ----------
    replicates : Replicates
        The tables.
    declared : DeclaredStrata or None
        By what each is divided; None for one stratum of all.
    seed : int
        Of the study.
    """
    only = len(replicates.replicates) == 1
    for replicate in replicates.replicates:
        table, name = replicate.table, None if only else replicate.name
        if declared is None or isinstance(table, CaptureTable):
            whole = table if isinstance(table, CaptureTable) else table.margin()
            yield Cut(name, Strata((), {(): whole}, {(): {}}))
        elif declared.missing == "impute" and table.missing(declared.by):
            for k in range(-(-declared.imputations // len(replicates.replicates))):
                rng = generator_for(seed, "imputation", replicate.name, k)
                drawn = imputed(table, declared.by, rng=rng, by=declared.imputed_by)
                number = f"imputation {k + 1}"
                yield Cut(number if only else f"{name}, {number}", drawn.table.by(declared.by, least=declared.least))
        else:
            known = table.complete(declared.by) if declared.missing == "complete" else table
            yield Cut(name, known.by(declared.by, least=declared.least))


def plan_of(
    cuts: Sequence[Cut], models: Mapping[str, Model], questions: Questions, *, headline: str, seed: int, light: bool
) -> Plan:
    """All jobs of a grid.

    Parameters
    ----------
    cuts : sequence of Cut
        The tables.
    models : mapping of str to Model
        The models of the study by label.
    questions : Questions
        What is asked of them; stated figures are about the whole and not about strata, and are left out.
    headline : str
        Label of the model that carries the headline.
    seed : int
        Of the study.
    light : bool
        Whether models take their lighter form (`estimation.models.protocol.lighter_of`).
    """
    used = {label: lighter_of(model) if light else model for label, model in models.items()}
    jobs: list[Job] = []
    fits: dict[str, Fit] = {}
    asking_of: dict[str, Asking] = {}
    single = list(_one_by_one(questions))
    for at, cut in enumerate(cuts):
        for stratum, table in cut.strata.tables.items():
            name = ", ".join(part for part in (called(cut.strata.labels, stratum), cut.replicate) if part) or "all"
            reason = cut.strata.no_list_left(stratum)
            keys = {}
            for label, model in used.items():
                keys[label] = fit_key(model, table, rng_of_model(model, table, seed))
                keys[label] = keys[label] if reason is None else key_of(keys[label], reason)
                fits.setdefault(keys[label], Fit(keys[label], f"{label}, {name}", table, model, seed, reason))
                jobs.append(Job(at, stratum, label, None, keys[label]))
            for one in single:
                job, asking = _ask(one, table, used, headline, seed, keys, name)
                jobs.append(replace(job, cut=at, stratum=stratum))
                if asking is not None:
                    asking_of.setdefault(asking.key, asking)
    return Plan(tuple(cuts), tuple(jobs), used, fits, asking_of)


def _one_by_one(questions: Questions) -> Iterator[Questions]:
    """Each question of a study by itself."""
    alone = Questions(model=questions.model)
    for key in (f.name for f in fields(questions) if f.name not in ("model", "figures")):
        value = getattr(questions, key)
        for one in ((each,) for each in value) if key == "vary" else [value] if value else []:
            given: dict[str, Any] = {key: one}
            yield replace(alone, **given)


def _ask(
    one: Questions,
    table: CaptureTable,
    models: Mapping[str, Model],
    headline: str,
    seed: int,
    keys: Mapping[str, str],
    name: str,
) -> tuple[Job, Asking | None]:
    """One question about one table: its job, and what has to be done unless it cannot be asked of this table."""
    ((question, model),) = _questions(one, table, models, headline, seed)
    why_not = unanswerable(one, table)
    if why_not:
        reason = why_not[0].partition(": ")[2].removesuffix("; remove the key")
        return Job(0, (), model, question.key, None, reason), None
    baseline = keys[model] if model is not None else None
    settings = [words_of(each) for each in models.values()]
    key = key_of("question", question.key, repr(one), baseline or [table.sha256, seed], settings, headline)
    asking = Asking(key, f"{question.key}, {name}", table, seed, one, models, headline, baseline)
    return Job(0, (), model, question.key, key), asking


def _questions(
    one: Questions, table: CaptureTable, models: Mapping[str, Model], headline: str, seed: int
) -> list[tuple[Question, str | None]]:
    material = Material(table, models, headline, partial(_rng_of, models, table, seed))
    return [(question, ask.model) for question, ask in questions_of(one, material).items()]


def words_of(model: Model) -> str:
    """A model and its settings as words, from which its generator is made."""
    settings = [[name, repr(value)] for name, value in settings_of(model)]
    return json.dumps([type(model).__qualname__, model.name, settings])


def rng_of_model(model: Model, table: CaptureTable, seed: int) -> np.random.Generator:
    """The generator of a fit, by what is fitted to what."""
    return generator_for(seed, table.sha256, words_of(model))


def _rng_of(models: Mapping[str, Model], table: CaptureTable, seed: int, word: str) -> np.random.Generator:
    """The generator of a model by its label, or of what a question calls by a word of its own."""
    return rng_of_model(models[word], table, seed) if word in models else generator_for(seed, table.sha256, word)


def fit_once(fit: Fit) -> AnswerFiles:
    """In a worker: the answer of a fit.  What a model refuses of one stratum is a reason, and no end of the grid."""
    rng = rng_of_model(fit.model, fit.table, fit.seed)
    if fit.why_not is not None:
        return _files_of(not_estimable(fit.model, fit.table, rng, fit.why_not))
    try:
        result = fit.model.fit(fit.table, rng=rng)
    except EstimationError as error:
        rng = rng_of_model(fit.model, fit.table, fit.seed)
        result = not_estimable(fit.model, fit.table, rng, "; ".join(error.problems))
    return _files_of(result)


def _files_of(result: Result) -> AnswerFiles:
    """A result, and its row: Monte Carlo errors of the ends take longer than all else that is done with it."""
    row: dict[str, Cell] = {**result_row(result, level=_LEVEL)}
    if isinstance(result, Estimate):
        row["monte_carlo_error"] = (
            _error_of(result.total.monte_carlo_error(0.5)) if isinstance(result.total, Draws) else 0.0
        )
    return {**files_of_result(result), **files_of_rows([row])}


def answer_question(given: tuple[Asking, Result | None]) -> AnswerFiles:
    """In a worker: the alternatives of a question, one row each."""
    asking, baseline = given
    rng_of = partial(_rng_of, asking.models, asking.table, asking.seed)
    material = Material(asking.table, asking.models, asking.headline, rng_of)
    (ask,) = questions_of(asking.question, material).values()
    try:
        found = ask.answer(*(() if baseline is None else (baseline,)), workers=1, progress=silent)
    except EstimationError as error:
        row: dict[str, Cell] = {"estimable": False, "n_observed": asking.table.n_observed}
        return files_of_rows([row | {"reason": "; ".join(error.problems)}])
    return files_of_rows(
        [
            {
                "alternative": each.label,
                **result_row(each.result, level=_LEVEL),
                "monte_carlo_error": _error_of(each.monte_carlo_error),
            }
            for each in found.alternatives
        ]
    )


def _error_of(error: float) -> float | None:
    """A Monte Carlo error, or None where there is none."""
    return float(error) if np.isfinite(error) else None
