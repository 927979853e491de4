"""A grid that is planned: its study, its tables and every job; all is read and checked before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from estimation.capture.readers import read_table_file
from estimation.capture.stratified import StratifiedTable
from estimation.errors import StudyError
from estimation.models.named_labels import covariates_of
from estimation.runs.grid_jobs import Plan, cuts_of, plan_of
from estimation.strata.protocol import PoolsStrata
from estimation.strata.replicates import Replicate, Replicates, read_replicates
from estimation.study.study_file import Study
from estimation.work.progress import Progress

__all__ = ["SETTINGS", "PlannedGrid", "Setting", "inputs_of", "planned"]

Setting: TypeAlias = Literal["light", "declared"]
SETTINGS: tuple[Setting, ...] = ("light", "declared")
"""The forms of the models; see `estimation.runs.grid.run_grid`."""


@dataclass(frozen=True, slots=True)
class PlannedGrid:
    """A grid that is planned.

    Parameters
    ----------
    study : Study
        What is asked.
    replicates : Replicates
        Its tables.
    plan : Plan
        Its jobs.
    setting : {"light", "declared"}
        The form of the models.
    """

    study: Study
    replicates: Replicates
    plan: Plan
    setting: Setting


def inputs_of(study: Study) -> list[Path]:
    """The files that a grid of a study reads."""
    if study.is_linked:
        return [study.path]
    if study.replicates is None:
        return [study.path, study.table]
    return [study.path, *study.replicates.paths(study.path.parent)]


def planned(study: Study, setting: Setting, readers: Executor | None, progress: Progress) -> PlannedGrid:
    """Everything read and checked, and every job known."""
    strata = study.strata
    problems = list(_not_for_a_grid(study))
    if problems:
        raise StudyError(str(study.path), problems)
    replicates = _merged(study, _replicates(study, readers, progress))
    cuts = list(cuts_of(replicates, strata, seed=study.seed))
    # The register has room for all people and not for those of one stratum.
    models = study.models if strata is None else study.models_without_register
    plan = plan_of(cuts, models, study.questions, headline=study.headline, seed=study.seed, light=setting == "light")
    return PlannedGrid(study, replicates, plan, setting)


def _not_for_a_grid(study: Study) -> Iterator[str]:
    """What a study declares that is not one fit of one model to one table."""
    strata = study.strata
    if study.is_linked:
        yield "its lists are linked, and have a table for each draw, which a grid does not pool; leave it to mse run"
    if strata is not None and strata.missing not in ("refuse", "complete", "impute"):
        problem = f"[strata] missing is {strata.missing!r}, which a grid cannot do: each of its fits is by itself"
        yield f'{problem}; write missing = "impute", which draws within the history'
    for label, model in study.models_of_strata.items():
        if isinstance(model, PoolsStrata):
            yield f"model {label!r} is over all strata at once, and each fit of a grid by itself; leave it to mse run"
    for label, model in study.models_without_register.items():
        if covariates_of(model):
            yield f"model {label!r} has covariates, and the tables of a grid have none; leave it to mse run"


def _merged(study: Study, replicates: Replicates) -> Replicates:
    """The replicates with the values of labels that the study makes one."""
    strata = study.strata
    if strata is None or not strata.merge:
        return replicates
    merged = (
        replace(each, table=strata.merged(each.table)) if isinstance(each.table, StratifiedTable) else each
        for each in replicates.replicates
    )
    return replace(replicates, replicates=tuple(merged))


def _replicates(study: Study, readers: Executor | None, progress: Progress) -> Replicates:
    """The replicates of a study, or its one table."""
    if study.replicates is None:
        read = read_table_file(study.table, study.columns, door="study", strata=study.labels)
        table = read.table if read.strata is None else read.strata
        return Replicates(read.table.lists, (Replicate("", study.table.name, read.sha256, table),), read.notes)
    beside, declared = study.path.parent, study.replicates
    return read_replicates(
        declared.paths(beside),
        strata=study.labels or (),
        columns=study.columns,
        manifest=None if declared.manifest is None else beside / declared.manifest,
        door="study",
        executor=readers,
        progress=progress,
    )
