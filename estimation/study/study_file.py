"""A study file (TOML) becomes validated settings: what is counted, by which models, with which seed.

A study declares everything that can move its numbers before the first model runs::

    title = "..."                 table = "table.csv" (beside this file)      seed = 1
    headline = "label"            the model whose answer stands on top, chosen before anything is run
    [[headline_changed]]          on, before, after: that it was changed once there were results; optional
    synthetic = false             true if the people are invented; every chart and page then says so
    [counted]                     who, where, when, excludes
    [columns]                     what the columns of the table are (`estimation.capture.declared`); optional
    [lists.NAME]                  lists of names in the place of a table (`estimation.study.list_keys`)
    [linkage]                     how these are linked; optional
    [[model]]                     label, name, and [model.settings]; at least one
    [[reference]]                 label, source, value, and lower and upper if published; optional
    [strata]                      by, and what becomes of missing labels (`estimation.study.strata_keys`); optional
    [covers]                      the values of labels that a list could have seen; optional
    [replicates]                  imputed replicates in the place of one table (`estimation.study.replicate_keys`)
    [register]                    at_most, source, and uncertainty and known_survivors; optional
    claims = "claims.csv"         what others say the number is (`estimation.claims`), beside this file; optional
    [sensitivity]                 what to ask of the numbers (`estimation.study.sensitivity_keys`); optional
    [report]                      formats, language, tables, leave_out (`estimation.study.report_keys`); optional

The table may be the folder of a linkage (``mse link``): every model is then fitted to the tables of its draws.

Any other key is an error that names the nearest key there is, or what the key is called now.  `Study` and the
dataclasses in it declare the keys, and are the study in memory: each key is declared once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from math import isfinite
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo

from estimation.capture.declared import Declared, Labels
from estimation.claims import Claim, ClaimsFile, ReferenceFigure, read_claims
from estimation.claims.implications import spread
from estimation.errors import SettingError, StudyError
from estimation.linkage.as_table import is_linkage
from estimation.models.named_labels import covariates_of
from estimation.models.population_register import PopulationRegister, WithinRegister
from estimation.models.protocol import Model
from estimation.strata.joint_labels import check_joint
from estimation.strata.protocol import PoolsStrata
from estimation.study import list_keys, sensitivity_keys
from estimation.study.about import Counted, HeadlineChange
from estimation.study.besides_keys import headline_problem, model_problems, table_problem, wrong_besides
from estimation.study.declared_model import DeclaredModel
from estimation.study.list_keys import DeclaredFile, DeclaredLinkage
from estimation.study.replicate_keys import DeclaredReplicates, replicate_problems
from estimation.study.report_keys import DeclaredReport
from estimation.study.sensitivity_keys import Questions, inconsistencies
from estimation.study.stored_names import collisions, table_name
from estimation.study.strata_keys import Covers, DeclaredStrata, labels_of, strata_problems
from estimation.text.characters import name_faults
from estimation.toml_file import Name, Place, read_toml

__all__ = ["FILL_IN", "LEVEL", "NO_TABLE", "Study", "read_study"]

LEVEL = 0.95
"""Level of every interval in a study."""

_MOST_CLAIMED = 8
"""Claimed totals that are asked about where the study names none."""

NO_TABLE = Path()
"""The table of a study of replicates that names none."""

FILL_IN = "FILL IN"
"""How a text begins that a new study file leaves to its author."""

_OF_TABLES = (".csv", ".tsv", ".xlsx", ".parquet")

_RENAMED: Mapping[Place, str] = {
    ("roll",): "register",
    **{("sensitivity", *place): now for place, now in sensitivity_keys.RENAMED.items()},
}


def _table_beside(name: object, info: ValidationInfo) -> object:
    """The table's place, from the study file."""
    return str(Path(info.data["path"]).parent / name) if isinstance(name, str) and name.strip() else name


def _claims_beside(name: object, info: ValidationInfo) -> object:
    """The claims in a file beside the study file."""
    if not isinstance(name, str) or not name.strip():
        return name
    if Path(name).name != name:
        raise ValueError("put the file beside the study file and give its name alone")
    path = Path(info.data["path"]).parent / name
    return ClaimsFile(path, read_claims(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study as declared.

    Parameters
    ----------
    path : Path
        The study file.
    title : str
        Title of the report.
    table : Path
        The table of overlapping lists, or the folder of a linkage; not needed in a study of replicates or of lists of
        names that names none.
    lists, linkage : mapping of str to DeclaredFile, DeclaredLinkage
        Lists of names that are linked, ``[lists.NAME]`` in the file, and how.
    claims_file : ClaimsFile or None
        What others say the number is; ``claims`` in the file.
    seed : int
        Where all random numbers of the study start.
    synthetic : bool
        Whether the people are invented.
    headline : str
        Label of the model whose answer stands on top.
    headline_changes : tuple of HeadlineChange
        Each change of it once there were results; ``[[headline_changed]]`` in the file.
    counted : Counted
        What is counted, and what is not.
    columns : Declared
        What is declared about the columns of the table; ``[columns]`` in the file.
    declared : tuple of DeclaredModel
        Every model is run and every answer is reported; ``[[model]]`` in the file.
    references : tuple of ReferenceFigure
        Published figures, shown beside the study's own; ``[[reference]]`` in the file.
    strata : DeclaredStrata or None
        By what the people are divided: every declared model is fitted to each stratum, too; ``[strata]`` in the file.
    covers : mapping of str to mapping of str to tuple of str
        By list and label the values that the list could have seen; ``[covers]`` in the file.
    replicates : DeclaredReplicates or None
        Imputed replicates of one table, for a grid; ``[replicates]`` in the file.
    register : PopulationRegister or None
        No model's number can be larger than the population on it.
    questions : Questions
        What changes with each model's number when one thing is changed, and what would have to hold for stated
        numbers; may be empty; ``[sensitivity]`` in the file.
    report : DeclaredReport
        How it is reported; ``[report]`` in the file.
    """

    path: Path
    title: Name
    table: Annotated[Path, BeforeValidator(_table_beside)] = NO_TABLE
    lists: dict[Name, DeclaredFile] = field(default_factory=dict)
    linkage: DeclaredLinkage = field(default_factory=DeclaredLinkage)
    claims_file: Annotated[ClaimsFile | None, BeforeValidator(_claims_beside), Field(alias="claims")] = None
    seed: Annotated[int, Field(ge=0)]
    synthetic: bool = False
    headline: Name
    headline_changes: Annotated[tuple[HeadlineChange, ...], Field(alias="headline_changed")] = ()
    counted: Counted
    columns: Declared = field(default_factory=Declared)
    declared: Annotated[tuple[DeclaredModel, ...], Field(alias="model", min_length=1)]
    references: Annotated[tuple[ReferenceFigure, ...], Field(alias="reference")] = ()
    strata: DeclaredStrata | None = None
    covers: Covers = field(default_factory=dict)
    replicates: DeclaredReplicates | None = None
    register: PopulationRegister | None = None
    questions: Annotated[Questions, Field(alias="sensitivity")] = field(default_factory=Questions)
    report: DeclaredReport = field(default_factory=DeclaredReport)

    @property
    def models(self) -> dict[str, Model]:
        """The declared models by label, each within the register if there is one."""
        register = self.register
        if register is None:
            return self.models_without_register
        return {label: WithinRegister(model, register) for label, model in self.models_without_register.items()}

    @property
    def models_without_register(self) -> dict[str, Model]:
        """The declared models by label, as they are declared."""
        return {declared.label: declared.model for declared in self.declared}

    @property
    def models_of_strata(self) -> dict[str, Model | PoolsStrata]:
        """What is fitted to the strata, by label: the declared models, and those of ``[[strata.model]]``.

        Without the register, which has room for all people and not for those of one stratum.
        """
        if self.strata is None:
            return {}
        return {declared.label: declared.model_of_strata for declared in (*self.declared, *self.strata.declared)}

    @property
    def labels(self) -> Labels | None:
        """The columns that are labels, for strata or as covariates, and what is declared about them; None without."""
        models = [*self.models_without_register.values(), *self.models_of_strata.values()]
        return labels_of(self.strata, self.covers, [name for model in models for name in covariates_of(model)])

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What others say the number is."""
        return self.claims_file.claims if self.claims_file else ()

    @property
    def figures(self) -> tuple[float, ...]:
        """The stated numbers that are asked about, in order: those named, and claimed totals.  Unit: persons.

        Of many claimed totals some, from the least to the largest: each takes seconds to answer.
        """
        return tuple(sorted({*self.questions.figures, *spread(self.claimed_totals, _MOST_CLAIMED)}))

    @property
    def is_linked(self) -> bool:
        """Whether it has the tables of draws of a linkage in the place of one table."""
        return bool(self.lists) if self.table == NO_TABLE else is_linkage(self.table)

    @property
    def linked_files(self) -> tuple[Path, ...]:
        """The files of its lists of names and of decisions about them; none where it has a table."""
        return list_keys.files_of(self.lists, self.linkage, self.path.parent) if self.table == NO_TABLE else ()

    @property
    def stored_table(self) -> str:
        """What its table is called in the folder ``inputs`` of the finished study."""
        if self.table != NO_TABLE and not self.table.is_dir():
            return table_name(self.path, self.table)
        own = self.path if self.table == NO_TABLE else self.table
        return list_keys.tables_name(own.name, synthetic=self.synthetic)

    @property
    def beside(self) -> dict[str, Path]:
        """The files that the study needs beside its own and its table, by what they are."""
        strata_map = None if self.strata is None else self.strata.map
        files = {} if self.claims_file is None else {"claims": self.claims_file.path}
        return files | ({} if strata_map is None else {"boundaries": self.path.parent / strata_map.boundaries})

    @property
    def claimed_totals(self) -> tuple[float, ...]:
        """The totals that are claimed, each once and in order.  Unit: persons."""
        ends = (end for claim in self.claims if claim.kind == "total" for end in (claim.figure, claim.to) if end)
        return tuple(sorted(set(map(float, ends))))


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
        For bad TOML (with its line), a key that is missing or unknown (with the nearest known one, or its name of
        today), a value of the wrong type, a model or a setting that does not exist, a headline that is not a declared
        model, a table that is not there.  All problems are named together.
    """
    if Path(path).suffix.lower() in _OF_TABLES and Path(path).is_file():
        problem = f"this is a table or a list of names and no study file; write one with mse new {path}, and name that"
        raise StudyError(str(path), [problem])
    try:
        study = read_toml(path, Study, error=StudyError, given={"path": str(path)}, renamed=_RENAMED)
    except StudyError as error:
        raise StudyError(error.where, [*error.problems, *wrong_besides(Path(path), moved=table is not None)]) from error
    both = study.lists and study.table != NO_TABLE
    problems = ["it has a table and [lists], and a report is about one of them; leave one out"] if both else []
    if table is not None:
        study = replace(study, table=Path(table))
    problems += _inconsistencies(study)
    unusable = list(_unusable_models(study))
    problems += unusable or [
        *_about_linkage(study),
        *inconsistencies(study.questions, study.models),
        *_not_joint(study),
        *_wrongly_with_covariates(study),
    ]
    if problems:
        raise StudyError(str(path), problems)
    return study


def _unusable_models(study: Study) -> Iterator[str]:
    """Declared models that do not exist, or whose settings do not fit."""
    of_strata = () if study.strata is None else study.strata.declared
    for declared in (*study.declared, *of_strata):
        yield from model_problems(declared, of_strata=declared in of_strata)


def _not_joint(study: Study) -> Iterator[str]:
    """Declared models by which missing labels cannot be drawn, where they are to be."""
    if study.strata is None or study.strata.missing != "joint":
        return
    for label, model in study.models_of_strata.items():
        try:
            check_joint(model, study.strata.least)
        except SettingError as error:
            yield from (f'[strata] missing = "joint", model {label!r}: {problem}' for problem in error.problems)


def _wrongly_with_covariates(study: Study) -> Iterator[str]:
    """Models with covariates where their table is changed, which then has no labels, or is one of a register."""
    subjects = {study.questions.model or study.headline, *(varied.model for varied in study.questions.vary)}
    asks = any(getattr(study.questions, f.name) for f in fields(study.questions) if f.name != "model") or study.figures
    for label, model in study.models_without_register.items():
        if covariates_of(model) and study.register is not None:
            yield f"model {label!r} has covariates, and [register] goes with models without; leave one of them out"
        if covariates_of(model) and asks and label in subjects:
            yield (
                f"[sensitivity] is about {label!r}, which has covariates: its questions change the table, which has "
                "no labels then; name another model with model = "
            )


def _inconsistencies(study: Study) -> list[str]:
    """What is wrong in a study file whose every key is right by itself."""
    problems = [
        f"[counted], key {f.name!r} is not filled in yet; say it in words, since the report begins with it"
        for f in fields(study.counted)
        if getattr(study.counted, f.name).startswith(FILL_IN)
    ]
    of_strata = () if study.strata is None else study.strata.declared
    labels = [declared.label for declared in (*study.declared, *of_strata)]
    for kind, names in (("model", labels), ("reference", [r.label for r in study.references])):
        for name in sorted({name for name in names if names.count(name) > 1}):
            problems.append(f"the {kind} label {name!r} is used more than once; give each {kind} its own")
    headlines = [declared.label for declared in study.declared]
    problems += headline_problem(study.headline, headlines)
    for r in study.references:
        ends = [value for value in (r.lower, r.value, r.upper) if value is not None and isfinite(value)]
        if ends != sorted(ends):
            problems.append(f"reference {r.label!r}: lower, value and upper are not in order: {ends}")
        if (r.lower is None) != (r.upper is None):
            problems.append(f"reference {r.label!r} has one end of an interval; give both lower and upper, or neither")
    problems += strata_problems(study.strata, study.covers, study.path.parent)
    problems += replicate_problems(study.replicates, study.path.parent, synthetic=study.synthetic)
    return [*problems, *_about_files(study)]


def _about_linkage(study: Study) -> Iterator[str]:
    """What goes with one table and not with lists of names that are linked."""
    joint = study.strata is not None and study.strata.missing == "joint"
    labels = [label for label, model in study.models_without_register.items() if covariates_of(model)]
    if study.is_linked:
        yield from list_keys.linked_problems(study.columns, study.replicates, draws_jointly=joint, with_labels=labels)
    elif study.linkage != DeclaredLinkage():
        yield "[linkage] says how lists of names are linked, and there are none; add [lists.NAME], or leave it out"


def _about_files(study: Study) -> Iterator[str]:
    """What is wrong with the files that a study names, and with what they are called."""
    if study.table == NO_TABLE:
        if study.lists:
            yield from list_keys.list_problems(study.lists, study.linkage, study.path.parent, synthetic=study.synthetic)
            yield from collisions(study.path, study.stored_table, study.beside)
        elif study.replicates is None:
            yield "key 'table' is missing; add it, or [lists.NAME] for each list of names"
        return
    yield from collisions(study.path, study.stored_table, study.beside)
    for key, file in ({"this file": study.path, "table": study.table} | study.beside).items():
        yield from (f"the name of {key}, {file.name!r}, {fault}" for fault in name_faults(file.name))
    name = study.table.name
    yield from table_problem(study.table)
    named_so = "synthetic" in name.lower()
    if named_so and not study.synthetic:
        yield f"the table is named {name!r} and synthetic is not true; add: synthetic = true"
    if study.synthetic and not named_so:
        yield f"synthetic is true and the table is named {name!r}; put 'synthetic' into its name"
