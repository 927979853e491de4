"""What a study found: every declared model fitted to its table, or to those of all draws of its linkage.

Each model draws from a generator of its own, made from the study's seed and the model's label: adding, dropping or
reordering models changes no other model's numbers, and neither does the number of workers.  A finished model is
saved at once, so that a study that is stopped goes on where it stopped, to the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from estimation.capture.disclosure.edition import Edition
from estimation.capture.readers import TableFile, read_table_file
from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.errors import StudyError
from estimation.linkage.as_table import central_table_file
from estimation.linkage.linked_tables import LinkedTables
from estimation.models.cached_model import CachedModel, fit_key, results_in
from estimation.models.linked.fit_draws import fit_draws
from estimation.models.named_labels import NamesCovariates, covariates_of
from estimation.models.named_lists import NamesLists
from estimation.models.protocol import Model, has_target, settings_of
from estimation.results.estimates import Result
from estimation.sensitivity.alternatives import Sensitivity
from estimation.strata.by_stratum import StratumResults, estimate_by, missing_key_problem
from estimation.strata.over_draws import estimate_draws_by
from estimation.strata.protocol import PoolsStrata
from estimation.strata.saved import load_strata, save_strata
from estimation.study.linked_input import as_declared
from estimation.study.questions import Answer, Ask, Material, Question, questions_of, unanswerable
from estimation.study.saved_sensitivity import load_sensitivity, save_sensitivity
from estimation.study.strata_keys import DeclaredStrata, map_problems
from estimation.study.study_file import Study
from estimation.study.tasks import Answered, Task, do_tasks, nobody
from estimation.work.cache import Cache, key_of
from estimation.work.local_processes import LocalProcesses
from estimation.work.progress import Progress, silent
from estimation.work.seeds import generator_for

__all__ = ["Findings", "find"]

_HEAVY, _LIGHT, _OVER_DRAWS = 4.0, 0.5, 8.0
"""Parts of all work, beside 1 for a fit: what is computed until N has an effective sample size, other questions, and a
model over draws of a linkage."""


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
    linked : LinkedTables or None
        The tables of all draws of a linkage as stored, over which the results are pooled; ``read`` is then the table
        of one draw in the middle, and every question is about that.
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
    linked: LinkedTables | None = None

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
    read: TableFile | LinkedTables | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress = silent,
    answered: Answered = nobody,
) -> Findings:
    """Fit every model that a study declares, and answer every question that it asks.

    Parameters
    ----------
    study : Study
        What to do.
    parts : Path
        Folder for finished answers; those found there are not made again.
    read : TableFile or LinkedTables, optional
        The study's table, where it has been read already, or the tables of all draws of its linkage.
    workers : int
        Threads that each fit and each question may use at most; changes no number.
    executor : Executor, optional
        Who fits the models and answers the questions, each as a whole and as soon as what it needs is there; by
        default this process does, one after another.  Changes no number.
    progress : Progress
        Told before each model and each question, and within a long fit how far it is.
    answered : callable
        Told the label of each model and its answer, and the name of each question and its answer, as soon as it is
        there.

    Raises
    ------
    TableError
        When the table cannot be read.
    StudyError
        When the table has too few lists for a question.
    """
    given = read or read_table_file(study.table, study.columns, door="study", strata=study.labels)
    raw = given if isinstance(given, LinkedTables) else None
    linked = None if raw is None else as_declared(raw, study.strata, study.labels)
    table_file = central_table_file(linked) if linked is not None else cast(TableFile, given)
    table = table_file.table
    _check_answerable(study, table_file)
    models = study.models
    # Only the workers of an executor that is somebody's own may have no folder in common with this process.
    shares_folder = executor is None or isinstance(executor, LocalProcesses)
    cached = {label: CachedModel(model, parts) for label, model in models.items()} if shares_folder else models
    about = Material(table, cached, study.headline, lambda word: generator_for(study.seed, word))
    asks = questions_of(study.questions, about, figures=study.figures)
    tasks, places = _fits(study, table_file, linked, asks, parts)
    first_question = len(tasks)
    tasks += [_question(study, table, question, ask, parts, places) for question, ask in asks.items()]
    first_of_strata = len(tasks)
    if table_file.strata is not None and study.strata is not None:
        tables = linked or study.strata.merged(table_file.strata)
        tasks += [
            _by_stratum(study, study.strata, tables, label, model, parts)
            for label, model in study.models_of_strata.items()
        ]
    found = do_tasks(tasks, workers=workers, executor=executor, progress=progress, answered=answered)
    results = dict(zip(models, found.values[: len(models)], strict=True))
    sensitivities = dict(zip(asks, found.values[first_question:first_of_strata], strict=True))
    strata = dict(zip(study.models_of_strata, found.values[first_of_strata:], strict=True))
    seconds = dict(zip([*models, *(task.name for task in tasks[len(models) :])], found.seconds, strict=True))
    return Findings(study, table_file, table_file.notes, results, sensitivities, strata, seconds, linked=raw)


def _fits(
    study: Study, read: TableFile, linked: LinkedTables | None, asks: Mapping[Question, Ask], parts: Path
) -> tuple[list[Task[Any]], dict[str, int]]:
    """The fit of each declared model, and by label the fit that is the baseline of questions about it.

    Over draws of a linkage questions are about one table in the middle, to which the models that are asked are fitted
    too.
    """
    if linked is None:
        tasks = [_fit(study, read, label, model, parts) for label, model in study.models.items()]
        return tasks, {label: at for at, label in enumerate(study.models)}
    tasks = [_fit_linked(study, linked, label, model, parts) for label, model in study.models.items()]
    places = {}
    for label in dict.fromkeys(ask.model for ask in asks.values() if ask.model is not None):
        places[label] = len(tasks)
        own = _fit(study, read, label, study.models[label], parts)
        tasks.append(replace(own, name=f"{label}, on one draw of the linkage"))
    return tasks, places


def _fit(study: Study, read: TableFile, label: str, model: Model, parts: Path) -> Task[Any]:
    """Fit a declared model, with the generator that its label gives; one with covariates takes the labels too."""
    rng = generator_for(study.seed, label)
    key, given = fit_key(model, read.table, rng), read.table
    if covariates_of(model) and read.strata is not None:
        key, given = key_of(key, read.strata.sha256), cast(CaptureTable, read.strata)
    work = partial(model.fit, given, rng=rng)
    return Task(label, key, work, results_in(parts), weight=_HEAVY if has_target(model) else 1)


def _fit_linked(study: Study, linked: LinkedTables, label: str, model: Model, parts: Path) -> Task[Any]:
    """Fit a declared model to the tables of all draws of the linkage, with the generator that its label gives."""
    rng = generator_for(study.seed, label)
    key = key_of("draws", linked.sha256, fit_key(model, linked.central_table, rng))
    return Task(label, key, partial(fit_draws, model, linked, rng=rng), results_in(parts), weight=_OVER_DRAWS)


def _by_stratum(
    study: Study,
    declared: DeclaredStrata,
    table: StratifiedTable | LinkedTables,
    label: str,
    model: Model | PoolsStrata,
    parts: Path,
) -> Task[Any]:
    """Fit a declared model to each stratum, or to all at once, with a generator of its own."""
    key = key_of(
        "strata",
        table.sha256,
        study.seed,
        label,
        model.name,
        repr(settings_of(model)),
        repr(declared),
        repr(study.covers),
    )
    rng = generator_for(study.seed, label, "strata")
    missing, imputed_by, least = declared.missing, declared.imputed_by, declared.least
    how: dict[str, Any] = {"rng": rng, "missing": missing, "imputed_by": imputed_by, "least": least}
    if isinstance(table, LinkedTables):
        work: Callable[..., StratumResults] = partial(estimate_draws_by, table, declared.by, model, **how)
    else:
        work = partial(estimate_by, table, declared.by, model, imputations=declared.imputations, **how)
    cache = Cache(parts / "strata", save_strata, load_strata)
    weight = 2 * _HEAVY if isinstance(model, PoolsStrata) or has_target(model) else 2
    return Task(f"strata: {label}", key, work, cache, weight=weight)


def _unlabelled(study: Study, table: StratifiedTable | None) -> list[str]:
    """That labels are missing, where the study does not say what becomes of people without."""
    if study.strata is None or table is None or study.strata.missing != "refuse":
        return []
    problem = missing_key_problem(table, study.strata.by)
    return [f"[strata]: {problem}"] if problem else []


def _question(
    study: Study, table: CaptureTable, question: Question, ask: Ask, parts: Path, places: Mapping[str, int]
) -> Task[Any]:
    """Answer a question; the answer depends on all that the study declares, and is known by that."""
    declared = [[label, model.name, repr(settings_of(model))] for label, model in study.models.items()]
    key = key_of(repr(question), table.sha256, study.seed, study.headline, repr(study.questions), declared)
    name = f"sensitivity: {question.key.replace('_', ' ')}"
    needs = () if ask.model is None else (places[ask.model],)
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
