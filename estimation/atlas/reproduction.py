"""Published figures computed again: each becomes reproduced, not with the reason, or unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from estimation.atlas.agreement import comparison_of_ends, is_reproduced, number_of, tolerance
from estimation.atlas.published import Computed, PublishedFigure
from estimation.atlas.study_folder import AtlasStudy, read_atlas_study, study_names
from estimation.capture.declared import Declared, Labels
from estimation.capture.readers import read_table_file
from estimation.capture.stratified import StratifiedTable
from estimation.capture.stratified_parts import keep_lists, merge_lists
from estimation.capture.table import CaptureTable
from estimation.errors import StudyError
from estimation.models.named_labels import covariates_of
from estimation.results.as_json import Json
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.rounding import persons
from estimation.strata.by_stratum import StratumResults, estimate_by
from estimation.work.processes import in_processes
from estimation.work.progress import Progress, silent

__all__ = ["Mark", "Reproduced", "answer_of", "reproduced_of", "run"]

Mark: TypeAlias = Literal["reproduced", "not", "unknown"]


@dataclass(frozen=True, slots=True)
class Reproduced:
    """A published figure, and what came out when it was computed again.

    Parameters
    ----------
    study : str
        Name of the study.
    method : str
        The method, in words.
    published : float or str or None
        The published number; its range in words where only that was published.  Unit: persons.
    ours : float or str or None
        Ours, unrounded; None where nothing was computed.  Unit: persons.
    mark : {"reproduced", "not", "unknown"}
        Whether ours is the published number; unknown where the table is not public.
    reason : str
        Why, and how the ranges compare.
    """

    study: str
    method: str
    published: float | str | None
    ours: float | str | None
    mark: Mark
    reason: str

    def plain(self) -> dict[str, Json]:
        """The same as plain values, for JSON."""
        return asdict(self)


def run(
    names: Sequence[str | Path] | None = None, *, workers: int = 1, progress: Progress = silent
) -> list[Reproduced]:
    """The published figures of studies computed again, in the order of the studies and of their figures.

    Parameters
    ----------
    names : sequence of str or path, optional
        Packaged studies by name, or folders; by default all packaged ones.
    workers : int
        Processes at most; changes no number.
    progress : Progress
        Told which answer was computed last.

    Returns
    -------
    list of Reproduced
        One a figure.

    Raises
    ------
    StudyError
        When there is no such study, or one of its files says something that cannot be done.
    TableError
        When a table cannot be read.

    Examples
    --------
    >>> found = run(["congenital_anomaly"])
    >>> [(each.published, round(each.ours, 2), each.mark) for each in found]
    [(617.82, 617.82, 'reproduced')]
    """
    chosen = [read_atlas_study(name) for name in (study_names() if names is None else names)]
    figures = [(study, figure) for study in chosen for figure in study.published.figures]
    questions = list(_questions(figures))
    answers = in_processes(_answer, questions, workers=workers, progress=progress, doing=_doing)
    by_question = dict(zip(map(repr, questions), answers, strict=True))
    return [_reproduced(study, figure, by_question) for study, figure in figures]


def reproduced_of(study: AtlasStudy) -> list[Reproduced]:
    """The figures of one study computed again, in their order."""
    figures = [(study, figure) for figure in study.published.figures]
    by_question = {repr(question): _answer(question) for question in _questions(figures)}
    return [_reproduced(study, figure, by_question) for _, figure in figures]


def answer_of(study: AtlasStudy, computed: Computed) -> Result | StratumResults:
    """The answer of one fit on a table of a study: of the table, or of all its strata."""
    return _answer(_question(study, computed))


def _reproduced(
    study: AtlasStudy, figure: PublishedFigure, by_question: Mapping[str, Result | StratumResults]
) -> Reproduced:
    """A figure beside its answer, where it has one."""
    if figure.computed is None:
        return _not_computed(study.name, figure)
    answer = by_question[repr(_question(study, figure.computed))]
    return _marked(study.name, figure, _of_figure(answer, figure.computed))


@dataclass(frozen=True, slots=True)
class _Question:
    """One fit: figures of the same fit share it."""

    file: Path
    columns: Declared
    computed: Computed


def _question(study: AtlasStudy, computed: Computed) -> _Question:
    """What is computed, without how it is compared."""
    own = computed.table is None and study.study is not None
    columns = study.study.columns if own and study.study is not None else Declared()
    fit = {
        key: value
        for key, value in ((key, getattr(computed, key)) for key in computed.__slots__)
        if key not in ("gives", "unit", "ends_unit", "monte_carlo_error", "table", "stratum")
    }
    return _Question(study.table_file(computed.table), columns, Computed(**fit))


def _questions(figures: Sequence[tuple[AtlasStudy, PublishedFigure]]) -> Iterator[_Question]:
    """Each fit once."""
    seen: set[str] = set()
    for study, figure in figures:
        if figure.computed is None:
            continue
        question = _question(study, figure.computed)
        if repr(question) not in seen:
            seen.add(repr(question))
            yield question


def _doing(question: _Question) -> str:
    return f"{question.file.parent.name}: {question.computed.model}"


def _answer(question: _Question) -> Result | StratumResults:
    """The answer of one fit: of a table, or of all its strata."""
    computed = question.computed
    model = computed.as_model
    columns = computed.label_columns
    read = read_table_file(question.file, question.columns, door="study", strata=Labels(columns) if columns else None)
    table = _part(read.table if read.strata is None else read.strata, computed)
    if computed.by and isinstance(table, StratifiedTable):
        return estimate_by(
            table,
            computed.by,
            model,
            rng=computed.seed,
            missing=computed.missing,
            imputations=computed.imputations,
            imputed_by=computed.imputed_by,
            least=computed.least,
        )
    if isinstance(table, StratifiedTable) and not covariates_of(model):
        table = table.margin()
    return model.fit(table, rng=computed.seed)  # type: ignore[arg-type]  # a model with covariates takes labels


def _of_figure(answer: Result | StratumResults, computed: Computed) -> Result:
    """The answer that a figure is about: of one stratum, or of all together."""
    if not isinstance(answer, StratumResults):
        return answer
    if not computed.stratum:
        return answer.total
    if computed.stratum not in answer.results:
        strata = "; ".join(", ".join(stratum) for stratum in answer.results)
        problem = f"[figure.computed] stratum {', '.join(computed.stratum)} has nobody; there are {strata}"
        raise StudyError("atlas", [problem])
    return answer.results[computed.stratum]


def _part(table: CaptureTable | StratifiedTable, computed: Computed) -> CaptureTable | StratifiedTable:
    """The people and lists that a figure is about."""
    if isinstance(table, StratifiedTable):
        for label, value in computed.where.items():
            table = _with_value(table, label, value)
        for into, names in computed.merge.items():
            table = merge_lists(table, names, into)
        return keep_lists(table, computed.lists) if computed.lists else table
    for into, names in computed.merge.items():
        table = table.merge(names, into)
    return table.keep(computed.lists) if computed.lists else table


def _with_value(table: StratifiedTable, name: str, value: str) -> StratifiedTable:
    """The people with one value of a label; with an empty one, those of whom it is missing."""
    label = table.label(name)
    codes = table.codes[:, [each.name for each in table.labels].index(name)]
    if value and value not in label.values:
        known = ", ".join(label.values)
        raise StudyError("atlas", [f"[figure.computed] where: {name} is {value!r} of nobody; there are {known}"])
    rows = np.asarray(codes == label.values.index(value) if value else codes >= len(label.values))
    return table.with_codes(table.codes[rows], table.patterns[rows], table.counts[rows])


def _marked(study: str, figure: PublishedFigure, result: Result) -> Reproduced:
    """A figure beside its answer."""
    computed, published = figure.computed, _published(figure)
    assert computed is not None, "only a figure that is computed has an answer"
    if isinstance(result, NotEstimable):
        reason = "; ".join(filter(None, [figure.why_not, f"{_how(computed)} gives no number: {result.reason}"]))
        return Reproduced(study, figure.method, published, None, "not", reason)
    same = is_reproduced(result, figure, computed)
    ours = _ours(result, figure, computed)
    parts = [*([] if same else [figure.why_not or _difference(result, figure, computed)]), _how(computed)]
    if computed.gives != "interval":
        parts.append(comparison_of_ends(result, figure))
    if figure.unlisted is not None:
        unlisted = number_of(result, computed) - result.n_observed
        parts.append(f"unlisted: published {persons(figure.unlisted)}, ours {unlisted:,.1f}")
    if figure.n is not None and figure.n != result.n_observed:
        parts.append(f"{figure.n:,} people on the lists there, {result.n_observed:,} here")
    mark: Mark = "reproduced" if same else "not"
    return Reproduced(study, figure.method, published, ours, mark, "; ".join(filter(None, parts)))


def _published(figure: PublishedFigure) -> float | str | None:
    return figure.estimate if figure.estimate is not None else figure.in_words


def _ours(result: Estimate, figure: PublishedFigure, computed: Computed) -> float | str:
    """Our number; both ends in words where only a range was published."""
    if computed.gives != "interval":
        return number_of(result, computed)
    interval = result.interval(figure.level or 0.95)
    return f"{persons(result.median)} ({persons(interval.lower)} to {persons(interval.upper)})"


def _how(computed: Computed) -> str:
    """The model and its settings."""
    settings = ", ".join(f"{key} {value}" for key, value in computed.settings.items())
    strata = f" by {' and '.join(computed.by)}" if computed.by else ""
    strata += f": {', '.join(computed.stratum)}" if computed.stratum else ""
    which = "" if computed.gives in ("point", "interval") else f", {computed.gives}"
    return f"{computed.model}{f' ({settings})' if settings else ''}{strata}{which}"


def _difference(result: Estimate, figure: PublishedFigure, computed: Computed) -> str:
    """By how much ours is another number."""
    if computed.gives == "interval" or figure.estimate is None:
        return comparison_of_ends(result, figure)
    apart = number_of(result, computed) - figure.estimate
    if abs(apart) < tolerance(result, computed):
        return "the number is the same and its range is not"
    return f"ours is {persons(abs(apart))} {'more' if apart > 0 else 'fewer'}"


def _not_computed(study: str, figure: PublishedFigure) -> Reproduced:
    mark: Mark = "unknown" if figure.unknown else "not"
    reason = figure.unknown or figure.why_not or ""
    return Reproduced(study, figure.method, _published(figure), None, mark, reason)
