"""A study file (TOML) becomes validated settings: what is counted, by which models, with which seed.

A study declares everything that can move its numbers before the first model runs::

    title = "..."                 table = "table.csv" (beside this file)      seed = 1
    headline = "label"            the model whose answer stands on top, chosen before anything is run
    synthetic = false             true if the people are invented; every chart and page then says so
    [counted]                     who, where, when, excludes
    [[model]]                     label, name, and [model.settings]; at least one
    [[reference]]                 label, source, value, and lower and upper if published; optional
    [register]                        at_most, source, and uncertainty and known_survivors: those at risk; optional
    claims = "claims.csv"         what others say the number is (`estimation.claims`), beside this file; optional
    [sensitivity]                 what to ask of the numbers (`estimation.study.questions`); optional

Any other key is an error that names the nearest key there is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from pydantic import Field

from estimation.claims import Claim, ReferenceFigure, read_claims
from estimation.errors import ClaimsError, SettingError, StudyError
from estimation.models.population_register import PopulationRegister, WithinRegister
from estimation.models.protocol import Model
from estimation.models.registry import make_model
from estimation.study.questions import LinkageError, OddsRatio, Questions, Varied, inconsistencies
from estimation.toml_file import Part, Text, nearest, read_toml

__all__ = ["LEVEL", "Counted", "DeclaredModel", "Study", "read_study"]

LEVEL = 0.95
"""Level of every interval in a study."""


class _CountedPart(Part):
    who: Text
    where: Text
    when: Text
    excludes: Text


class _ModelPart(Part):
    label: Text
    name: Text
    settings: dict[str, object] = Field(default_factory=dict)


class _ReferencePart(Part):
    label: Text
    source: Text
    value: float = Field(ge=0)
    lower: float | None = Field(default=None, ge=0)
    upper: float | None = Field(default=None, ge=0)


class _RegisterPart(Part):
    at_most: int
    source: Text
    uncertainty: float = 0.0
    known_survivors: int = 0


class _StudyPart(Part):
    title: Text
    table: Text
    claims: Text | None = None
    seed: int = Field(ge=0)
    synthetic: bool = False
    headline: Text
    counted: _CountedPart
    model: list[_ModelPart] = Field(min_length=1)
    reference: list[_ReferencePart] = Field(default_factory=list)
    register_: _RegisterPart | None = Field(default=None, alias="register")
    sensitivity: Questions = Questions()


_PARTS: Mapping[tuple[str, ...], type[Part]] = {
    (): _StudyPart,
    ("counted",): _CountedPart,
    ("model",): _ModelPart,
    ("reference",): _ReferencePart,
    ("register",): _RegisterPart,
    ("sensitivity",): Questions,
    ("sensitivity", "vary"): Varied,
    ("sensitivity", "odds_ratio"): OddsRatio,
    ("sensitivity", "linkage_error"): LinkageError,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What a study counts, in words.

    Parameters
    ----------
    who, where, when : str
        The people, the place and the time.
    excludes : str
        What is not counted.
    """

    who: str
    where: str
    when: str
    excludes: str


@dataclass(frozen=True, slots=True)
class DeclaredModel:
    """A model that a study declares, under the label its answer goes by.

    Parameters
    ----------
    label : str
        For a reader, for example ``"Latent classes"``; distinct within the study.
    model : Model
        The model with its settings.
    """

    label: str
    model: Model


@dataclass(frozen=True, slots=True)
class Study:
    """A study as declared.

    Parameters
    ----------
    path : Path
        The study file.
    table : Path
        The table of overlapping lists.
    title : str
        Title of the report.
    seed : int
        Where all random numbers of the study start.
    synthetic : bool
        Whether the people are invented.
    counted : Counted
        What is counted, and what is not.
    models : tuple of DeclaredModel
        Every one is run and every answer is shown.
    headline : str
        Label of the model whose answer stands on top.
    references : tuple of ReferenceFigure
        Published figures, shown beside the study's own.
    register : PopulationRegister or None
        Those at risk: no model's number can be larger.
    claims_file : Path or None
        Where the claims are.
    claims : tuple of Claim
        What others say the number is.
    questions : Questions
        Values of delta at which the first of the models of decomposable graphs is run again; may be empty.
    """

    path: Path
    table: Path
    title: str
    seed: int
    synthetic: bool
    counted: Counted
    models: tuple[DeclaredModel, ...]
    headline: str
    references: tuple[ReferenceFigure, ...]
    register: PopulationRegister | None
    claims_file: Path | None
    claims: tuple[Claim, ...]
    questions: Questions

    @property
    def figures(self) -> tuple[float, ...]:
        """The numbers that somebody states, in order: those asked about, and the claimed totals.  Unit: persons."""
        claimed = [end for claim in self.claims if claim.kind == "total" for end in (claim.figure, claim.to) if end]
        return tuple(sorted({*self.questions.figures, *map(float, claimed)}))


def read_study(path: str | os.PathLike[str], *, table: str | os.PathLike[str] | None = None) -> Study:
    """A study from its file, with every problem in it found before anything runs.

    Parameters
    ----------
    path : path
        The study file.
    table : path, optional
        Where the table is now, for a study whose table has been moved; by default where the file says.

    Raises
    ------
    StudyError
        For bad TOML (with its line), a key that is missing or unknown (with the nearest known one), a value of the
        wrong type, a model or a setting that does not exist, a headline that is not a declared model, a table that
        is not there.  All problems are named together.
    """
    source = Path(path)
    part = read_toml(source, _StudyPart, parts=_PARTS, error=StudyError)
    where = Path(table) if table is not None else source.parent / part.table
    problems = _inconsistencies(part, where)
    models: list[DeclaredModel] = []
    for declared in part.model:
        try:
            models.append(DeclaredModel(declared.label, make_model(declared.name, declared.settings)))
        except SettingError as error:
            problems += [f"model {declared.label!r}: {problem}" for problem in error.problems]
    if len(models) == len(part.model):
        problems += inconsistencies(part.sensitivity, {declared.label: declared.model for declared in models})
    register: PopulationRegister | None = None
    if part.register_ is not None:
        try:
            register = PopulationRegister(**part.register_.model_dump())
            models = [DeclaredModel(declared.label, WithinRegister(declared.model, register)) for declared in models]
        except SettingError as error:
            problems += [f"[register]: {problem}" for problem in error.problems]
    claims: tuple[Claim, ...] = ()
    if part.claims is not None and Path(part.claims).name != part.claims:
        problems.append(f"claims is {part.claims!r}; put the file beside the study file and give its name alone")
    elif part.claims is not None:
        try:
            claims = read_claims(source.parent / part.claims)
        except ClaimsError as error:
            problems += [f"claims {part.claims!r}: {problem}" for problem in error.problems]
    if problems:
        raise StudyError(str(source), problems)
    return Study(
        path=source,
        table=where,
        title=part.title,
        seed=part.seed,
        synthetic=part.synthetic,
        counted=Counted(part.counted.who, part.counted.where, part.counted.when, part.counted.excludes),
        models=tuple(models),
        headline=part.headline,
        references=tuple(ReferenceFigure(r.label, r.source, r.value, r.lower, r.upper) for r in part.reference),
        register=register,
        claims_file=source.parent / part.claims if part.claims else None,
        claims=claims,
        questions=part.sensitivity,
    )


def _inconsistencies(part: _StudyPart, table: Path) -> list[str]:
    """What is wrong in a study file whose every key is right by itself."""
    problems = []
    labels = [declared.label for declared in part.model]
    for kind, names in (("model", labels), ("reference", [r.label for r in part.reference])):
        for name in sorted({name for name in names if names.count(name) > 1}):
            problems.append(f"the {kind} label {name!r} is used more than once; give each {kind} its own")
    if part.headline not in labels:
        hint = nearest(part.headline, labels)
        problems.append(f"headline is {part.headline!r}, which is not the label of a declared model; {hint}")
    for r in part.reference:
        ends = [value for value in (r.lower, r.value, r.upper) if value is not None and isfinite(value)]
        if ends != sorted(ends):
            problems.append(f"reference {r.label!r}: lower, value and upper are not in order: {ends}")
        if (r.lower is None) != (r.upper is None):
            problems.append(f"reference {r.label!r} has one end of an interval; give both lower and upper, or neither")
    if not table.is_file():
        problems.append(f"table is {part.table!r}, and there is no file {table}")
    named_so = "synthetic" in table.name.lower()
    if named_so and not part.synthetic:
        problems.append(f"the table is named {table.name!r} and synthetic is not true; add: synthetic = true")
    if part.synthetic and not named_so:
        problems.append(f"synthetic is true and the table is named {table.name!r}; put 'synthetic' into its name")
    return problems
