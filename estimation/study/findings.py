"""What a study found: every declared model fitted to its table, and the numbers of `results.json`.

Each model draws from a generator of its own, made from the study's seed and the model's label: adding, dropping or
reordering models changes no other model's numbers, and neither does the number of workers.  A finished model is
saved at once, so that a study that is stopped goes on where it stopped, to the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from estimation.capture.disclosure.edition import Edition
from estimation.capture.readers import TableFile, read_table_file
from estimation.capture.stratified import StratifiedTable, missing_problem
from estimation.capture.table import CaptureTable
from estimation.claims import Claim, probability_at_least
from estimation.errors import StudyError
from estimation.models.named_labels import NamesCovariates, covariates_of
from estimation.models.named_lists import NamesLists
from estimation.models.protocol import Model, has_target, settings_of
from estimation.results.as_json import Json, plain, summary_of
from estimation.results.estimates import Estimate, Result
from estimation.sensitivity.alternatives import Sensitivity
from estimation.strata.as_json import summary_of_strata
from estimation.strata.by_stratum import MISSING, StratumResults, estimate_by
from estimation.strata.protocol import PoolsStrata
from estimation.strata.saved import load_strata, save_strata
from estimation.study.cached_model import CachedModel, fit_key, results_in
from estimation.study.questions import Answer, Ask, Material, Question, questions_of, unanswerable
from estimation.study.saved_sensitivity import load_sensitivity, save_sensitivity
from estimation.study.strata_keys import DeclaredStrata, map_problems
from estimation.study.study_file import LEVEL, Study
from estimation.study.tasks import Task, do_tasks
from estimation.work.cache import Cache, key_of
from estimation.work.local_processes import LocalProcesses
from estimation.work.progress import Progress, silent
from estimation.work.seeds import generator_for

__all__ = ["Findings", "find", "numbers_of"]

_SCHEMA = 3
_HEAVY, _LIGHT = 4.0, 0.5
"""Parts of all work, beside 1 for a fit: what is computed until N has an effective sample size, and other questions."""
_QUOTED = ("estimable", "point", "mean", "median", "sd", "lower", "upper", "level", "interval_kind", "reason")


@dataclass(frozen=True, slots=True)
class Findings:
    """What a study found.

    Parameters
    ----------
    study : Study
        What was asked.
    read : TableFile
        The table as it was read, with the labels of a study with strata.
    table_notes : tuple of str
        What was handled while the table was read.
    results : mapping of str to Estimate or NotEstimable
        The answer of each declared model by its label, in the order declared; none is left out.
    sensitivities : mapping of Question to Sensitivity
        What becomes of the numbers when one thing is changed, in the order of `estimation.study.questions`.
    strata : mapping of str to StratumResults
        The answers of each declared model by stratum, by its label; empty in a study without strata.
    seconds : mapping of str to float or None
        How long each model and question took; None for an answer from the cache.
    edition : Edition or None
        What a public edition says of the table and what it leaves out (`estimation.study.public`); None for the study
        itself.
    """

    study: Study
    read: TableFile
    table_notes: tuple[str, ...]
    results: Mapping[str, Result]
    sensitivities: Mapping[Question, Sensitivity]
    strata: Mapping[str, StratumResults]
    seconds: Mapping[str, float | None]
    edition: Edition | None = None

    @property
    def table(self) -> CaptureTable:
        """Who was seen by which lists."""
        return self.read.table

    @property
    def headline(self) -> Result:
        """The answer of the model that was declared to carry the headline."""
        return self.results[self.study.headline]

    @property
    def sentence(self) -> str:
        """The headline in one line."""
        mark = "SYNTHETIC DATA. " if self.study.synthetic else ""
        return f"{mark}{self.study.title}: {self.headline}"


def find(
    study: Study,
    *,
    parts: Path,
    read: TableFile | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Findings:
    """Fit every model that a study declares, and answer every question that it asks.

    Parameters
    ----------
    study : Study
        What to do.
    parts : Path
        Folder for finished answers; those found there are not made again.
    read : TableFile, optional
        The study's table, where it has been read already.
    workers : int
        Threads that each fit and each question may use at most; changes no number.
    executor : Executor, optional
        Who fits the models and answers the questions, each as a whole and as soon as what it needs is there; by
        default this process does, one after another.  Changes no number.
    progress : Progress
        Told before each model and each question, and within a long fit how far it is.

    Raises
    ------
    TableError
        When the table cannot be read.
    StudyError
        When the table has too few lists for a question.
    """
    read = read or read_table_file(study.table, study.columns, door="study", strata=study.labels)
    table = read.table
    _check_answerable(study, read)
    models = study.models
    # Only the workers of an executor that is somebody's own may have no folder in common with this process.
    shares_folder = executor is None or isinstance(executor, LocalProcesses)
    cached = {label: CachedModel(model, parts) for label, model in models.items()} if shares_folder else models
    about = Material(table, cached, study.headline, lambda word: generator_for(study.seed, word))
    asks = questions_of(study.questions, about, figures=study.figures)
    tasks = [_fit(study, read, label, model, parts) for label, model in models.items()]
    tasks += [_question(study, table, question, ask, parts) for question, ask in asks.items()]
    n_whole = len(tasks)
    if read.strata is not None and study.strata is not None:
        labelled = study.strata.merged(read.strata)
        tasks += [
            _by_stratum(study, study.strata, labelled, label, model, parts)
            for label, model in study.models_of_strata.items()
        ]
    found = do_tasks(tasks, workers=workers, executor=executor, progress=progress)
    results = dict(zip(models, found.values[: len(models)], strict=True))
    sensitivities = dict(zip(asks, found.values[len(models) : n_whole], strict=True))
    strata = dict(zip(study.models_of_strata, found.values[n_whole:], strict=True))
    seconds = dict(zip([*models, *(task.name for task in tasks[len(models) :])], found.seconds, strict=True))
    return Findings(study, read, read.notes, results, sensitivities, strata, seconds)


def _fit(study: Study, read: TableFile, label: str, model: Model, parts: Path) -> Task[Any]:
    """Fit a declared model, with the generator that its label gives; one with covariates takes the labels too."""
    rng = generator_for(study.seed, label)
    key, given = fit_key(model, read.table, rng), read.table
    if covariates_of(model) and read.strata is not None:
        key, given = key_of(key, read.strata.sha256), cast(CaptureTable, read.strata)
    work = partial(model.fit, given, rng=rng)
    return Task(label, key, work, results_in(parts), weight=_HEAVY if has_target(model) else 1)


def _by_stratum(
    study: Study,
    declared: DeclaredStrata,
    table: StratifiedTable,
    label: str,
    model: Model | PoolsStrata,
    parts: Path,
) -> Task[Any]:
    """Fit a declared model to each stratum, or to all at once, with a generator of its own."""
    key = key_of("strata", table.sha256, study.seed, label, model.name, repr(settings_of(model)), repr(declared))
    work = partial(
        estimate_by,
        table,
        declared.by,
        model,
        rng=generator_for(study.seed, label, "strata"),
        missing=declared.missing,
        imputations=declared.imputations,
        imputed_by=declared.imputed_by,
        least=declared.least,
    )
    cache = Cache(parts / "strata", save_strata, load_strata)
    return Task(
        f"strata: {label}",
        key,
        work,
        cache,
        weight=2 * _HEAVY if isinstance(model, PoolsStrata) or has_target(model) else 2,
    )


def _unlabelled(study: Study, table: StratifiedTable | None) -> list[str]:
    """That labels are missing, where the study does not say what becomes of people without."""
    if study.strata is None or table is None or study.strata.missing != "refuse":
        return []
    missing = table.missing(study.strata.by)
    choices = ", ".join(f'missing = "{each}"' for each in MISSING if each != "refuse")
    return [f"[strata]: {missing_problem(missing, table.n_observed)}; say so with {choices}"] if missing else []


def _question(study: Study, table: CaptureTable, question: Question, ask: Ask, parts: Path) -> Task[Any]:
    """Answer a question; the answer depends on all that the study declares, and is known by that."""
    declared = [[label, model.name, repr(settings_of(model))] for label, model in study.models.items()]
    key = key_of(repr(question), table.sha256, study.seed, study.headline, repr(study.questions), declared)
    name = f"sensitivity: {question.key.replace('_', ' ')}"
    needs = () if ask.model is None else ([*study.models].index(ask.model),)
    cache = Cache(parts / "questions", save_sensitivity, load_sensitivity)
    heavy = ask.model is not None and question.kind != "figure" and has_target(study.models[ask.model])
    return Task(name, key, partial(_answer, ask.answer), cache, needs, _HEAVY if heavy else _LIGHT)


def _answer(answer: Answer, *baseline: Result, workers: int, progress: Progress) -> Sensitivity:
    """Answer a question."""
    return answer(*baseline, workers=workers, progress=lambda done, _="": progress(done))


def _check_answerable(study: Study, read: TableFile) -> None:
    """Refuse a table that a question, or the register, cannot be about."""
    table = read.table
    problems = [*unanswerable(study.questions, table), *_unlabelled(study, read.strata)]
    if read.strata is not None and study.strata is not None:
        problems += map_problems(study.strata, study.strata.merged(read.strata), study.path.parent)
    for label, model in (study.models | study.models_of_strata).items():
        wrong = model.wrong_lists(table) if isinstance(model, NamesLists) else None
        if isinstance(model, NamesCovariates) and model.covariates:
            wrong = wrong or model.wrong_covariates(read.strata or table)
        problems += [f"model {label!r}: {wrong}"] if wrong else []
    if study.register is not None and study.register.highest < table.n_observed:
        problems.append(
            f"[register] has room for {study.register.highest:,} people and the table has {table.n_observed:,}; either "
            "some of them are not on the register, or they are counted as alive: check both"
        )
    if problems:
        raise StudyError(str(study.path), problems)


def numbers_of(findings: Findings) -> dict[str, Json]:
    """Everything that was found, as an object for JSON: numbers and sentences, no times and no paths.

    Unit: persons.  The same study gives the same object, with any number of workers.
    """
    study = findings.study
    numbers: dict[str, Json] = {
        "schema": _SCHEMA,
        "title": study.title,
        "synthetic": study.synthetic,
        "seed": study.seed,
        "headline": {"label": study.headline, "sentence": findings.sentence, **_quoted(findings.headline)},
        "table": _table_json(findings),
        "models": [{"label": label, **summary_of(result, level=LEVEL)} for label, result in findings.results.items()],
        "references": [
            {"label": r.label, "source": r.source, "value": r.value, "lower": r.lower, "upper": r.upper}
            for r in study.references
        ],
    }
    if findings.edition is not None:
        numbers["edition"] = _edition_json(findings.edition)
    if study.register is not None:
        numbers["register"] = {
            "at_most": study.register.at_most,
            "known_survivors": study.register.known_survivors,
            "uncertainty": study.register.uncertainty,
            "source": study.register.source,
        }
    if study.claims:
        numbers["claims"] = [_claimed(claim, findings.results) for claim in study.claims]
    if findings.strata:
        numbers["strata"] = {label: summary_of_strata(found, level=LEVEL) for label, found in findings.strata.items()}
    if findings.sensitivities:
        numbers["sensitivity"] = {
            question.key: _question_json(question, found) for question, found in findings.sensitivities.items()
        }
    return numbers


def _table_json(findings: Findings) -> Json:
    """The margins of the table; in a public edition those alone that it may print."""
    table, edition = findings.table, findings.edition
    if edition is None:
        return {
            "sha256": table.sha256,
            "n_observed": table.n_observed,
            "lists": dict(zip(table.lists, table.list_sizes.tolist(), strict=True)),
            "frequencies": table.frequencies.tolist(),
            "notes": list(findings.table_notes),
        }
    return {
        "n_observed": edition.n_observed,
        "lists": dict(zip(edition.lists, edition.sizes or [None] * len(edition.lists), strict=True)),
        "frequencies": None if edition.frequencies is None else list(edition.frequencies),
        "frequencies_pooled_from": edition.pooled_from,
    }


def _edition_json(edition: Edition) -> Json:
    """That this is a public edition, by which rule, and what it leaves out."""
    return {
        "public": True,
        "minimum": edition.minimum,
        "margins": list(edition.safe.published.margins),
        "rule": edition.rule,
        "not_covered": edition.not_covered,
        "left_out": list(edition.left_out),
    }


def _claimed(claim: Claim, results: Mapping[str, Result]) -> Json:
    """A claim, and under each model that gives a posterior the probability that the number is at least the claim's."""
    probability = probability_at_least(claim.figure, results) if claim.figure else {}
    return {
        "who": claim.who,
        "when": claim.when,
        "kind": claim.kind,
        "figure": claim.figure,
        "to": claim.to,
        "words": claim.words,
        "citation": claim.citation,
        "probability_at_least": {label: p for label, p in probability.items() if p is not None},
    }


def _question_json(question: Question, found: Sensitivity) -> Json:
    """A question, its finding and its answers."""
    return {
        "kind": question.kind,
        "model": question.model,
        "figure": question.figure,
        "explanation": question.explanation,
        "question": found.question,
        "changed": plain(found.changed),
        "finding": found.finding,
        "baseline": _quoted(found.baseline),
        "alternatives": [
            {
                "label": a.label,
                "value": plain(a.value),
                **_quoted(a.result),
                "monte_carlo_error": a.monte_carlo_error,
            }
            for a in found.alternatives
        ],
    }


def _quoted(result: Result) -> dict[str, Json]:
    """The numbers of a result without what stands in the full summary already."""
    summary = summary_of(result, level=LEVEL)
    quoted = {name: summary[name] for name in _QUOTED if name in summary}
    return quoted | ({"is_lower_bound": result.is_lower_bound} if isinstance(result, Estimate) else {})
