"""How published figures are computed again: each fit once, on the people and lists that a figure is about.

Everything is prepared before anything is fitted: every table is read once, and what a figure names that its table does
not have is found then, all of it together.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np

from estimation.atlas.published import Computed, PublishedFigure
from estimation.atlas.study_folder import AtlasStudy
from estimation.capture.declared import Declared, Door, Labels
from estimation.capture.readers import read_table_file
from estimation.capture.stratified import StratifiedTable
from estimation.capture.stratified_parts import keep_lists, merge_lists
from estimation.capture.table import CaptureTable
from estimation.errors import EstimationError, StudyError, TableError, TableWarning
from estimation.models.named_labels import covariates_of
from estimation.results.estimates import Result
from estimation.strata.by_stratum import StratumResults, estimate_by, missing_key_problem
from estimation.strata.protocol import PoolsStrata

__all__ = ["Answer", "Question", "Tables", "answer", "figure_problems", "prepared", "question_of"]

Answer: TypeAlias = Result | StratumResults

_COMPARED = ("gives", "unit", "ends_unit", "monte_carlo_error", "table", "stratum")
"""Keys of a figure that say what is made of a fit, and change nothing in it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One fit: figures of the same fit share it.

    Parameters
    ----------
    key : str
        What makes it the same: the file, its columns and all that goes into the fit.
    name : str
        What it is called for whoever waits.
    table : CaptureTable or StratifiedTable
        The people and the lists.
    computed : Computed
        The model and, where there are some, the strata.
    """

    key: str
    name: str
    table: CaptureTable | StratifiedTable
    computed: Computed


@dataclass(slots=True)
class Tables:
    """Tables of files, each read once."""

    _read: dict[str, CaptureTable | StratifiedTable] = field(default_factory=dict)

    def table(
        self, file: Path, columns: Declared, labels: tuple[str, ...], *, by_number: bool
    ) -> CaptureTable | StratifiedTable:
        """The table of a file, with the labels of these columns.

        Parameters
        ----------
        file : Path
            The file.
        columns : Declared
            What is declared about its columns.
        labels : tuple of str
            Columns that are labels.
        by_number : bool
            Whether the file may say how often people were captured and not by which lists.
        """
        key = repr((file, columns, labels))
        if key not in self._read:
            with warnings.catch_warnings():
                if by_number:  # the study's file says itself that nothing tells by which lists
                    warnings.simplefilter("ignore", TableWarning)
                door: Door = "python" if by_number else "study"
                read = read_table_file(file, columns, door=door, strata=Labels(labels) if labels else None)
            self._read[key] = read.table if read.strata is None else read.strata
        return self._read[key]


def prepared(study: AtlasStudy, tables: Tables) -> list[Question | None]:
    """The fit of each figure of a study, in their order; None for one that is not computed.

    What a division into strata names is looked at too, so that nothing wrong is left to be found after hours of fits.

    Parameters
    ----------
    study : AtlasStudy
        The study.
    tables : Tables
        The tables that were read before.

    Raises
    ------
    StudyError
        When figures or divisions name labels, values, lists or strata that their tables do not have, or do not say
        what becomes of people whose label is missing: all of them, each with its figure.
    TableError
        When a table cannot be read.
    """
    questions: list[Question | None] = []
    problems: list[str] = []
    for at, figure in enumerate(study.published.figures, 1):
        questions.append(None)
        if figure.computed is None:
            continue
        try:
            questions[-1] = question_of(study, figure.computed, tables)
        except StudyError as error:
            problems += figure_problems(at, figure, error)
    for at, division in enumerate(study.published.divisions, 1):
        try:
            question_of(study, division.computed, tables)
        except StudyError as error:
            problems += [f"[strata {at}] ({division.label}): {problem}" for problem in error.problems]
    if problems:
        raise StudyError(str(study.published_file), problems)
    return questions


def figure_problems(at: int, figure: PublishedFigure, error: EstimationError) -> Iterator[str]:
    """The problems of a figure, each with its number and method.

    Parameters
    ----------
    at : int
        Its number, the first being 1.
    figure : PublishedFigure
        The figure.
    error : EstimationError
        What was raised.
    """
    for problem in error.problems:
        yield f"[figure {at}] ({figure.method}): {problem}"


def question_of(study: AtlasStudy, computed: Computed, tables: Tables) -> Question:
    """One fit on a table of a study, without how its answer is compared.

    Parameters
    ----------
    study : AtlasStudy
        The study.
    computed : Computed
        What is fitted.
    tables : Tables
        The tables that were read before.

    Raises
    ------
    StudyError
        When it names labels, values, lists or strata that the table does not have, or does not say what becomes of
        people whose label is missing.
    TableError
        When the table cannot be read.
    """
    file, columns = study.table_file(computed.table), Declared()
    if computed.table is None and study.study is not None:
        columns = study.study.columns
    by_number = file == study.frequencies_file
    fit = Computed(**{key: getattr(computed, key) for key in computed.__slots__ if key not in _COMPARED})
    try:
        table = tables.table(file, columns, computed.label_columns, by_number=by_number)
    except TableError as error:
        if not computed.label_columns:
            raise
        raise StudyError("atlas", [f"{error.where}: {problem}" for problem in error.problems]) from error
    try:
        part = _part(table, computed)
    except TableError as error:
        raise StudyError("atlas", [f"{file.name}: {problem}" for problem in error.problems]) from error
    _check_strata(part, computed, file.name)
    return Question(repr((file, columns, fit)), f"{study.name}: {computed.model}", part, fit)


def answer(question: Question) -> Answer | EstimationError:
    """The answer of one fit: of a table, or of all its strata; what was wrong with the question, where it was.

    Parameters
    ----------
    question : Question
        The fit.
    """
    computed, table = question.computed, question.table
    model = computed.as_model
    try:
        if isinstance(model, PoolsStrata) or (computed.by and isinstance(table, StratifiedTable)):
            assert isinstance(table, StratifiedTable), "columns that make strata were read as labels"
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
    except EstimationError as error:
        return error


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
        raise StudyError("atlas", [f"where: {name} is {value!r} of nobody; there are {', '.join(label.values)}"])
    rows = np.asarray(codes == label.values.index(value) if value else codes >= len(label.values))
    return table.with_codes(table.codes[rows], table.patterns[rows], table.counts[rows])


def _check_strata(table: CaptureTable | StratifiedTable, computed: Computed, file: str) -> None:
    """Refuse a stratum with a value that nobody has, and missing labels where nothing says what becomes of them."""
    if not isinstance(table, StratifiedTable):
        return
    for name, value in zip(computed.by, computed.stratum, strict=False):
        values = table.label(name).values
        if value not in values:
            raise StudyError("atlas", [f"stratum: {name} is {value!r} of nobody; there are {', '.join(values)}"])
    if computed.missing == "refuse" and (problem := missing_key_problem(table, computed.by)):
        raise StudyError("atlas", [f"{file}: {problem}"])
