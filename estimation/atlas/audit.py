"""What an audit page is made of: a study's models and questions answered, its figures again, strata beside all people.

The study is run as declared (`estimation.study.findings`), with the published figures as its references and two
questions of every study alike: what becomes of the number without each list, and with another interaction of all lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from estimation.atlas.published import Division
from estimation.atlas.reproduction import Reproduced, answer_of, reproduced_of
from estimation.atlas.study_folder import AtlasStudy
from estimation.capture.readers import read_table_file
from estimation.claims import ReferenceFigure
from estimation.errors import StudyError
from estimation.results.estimates import Estimate, Result
from estimation.strata.by_stratum import StratumResults
from estimation.study.findings import Findings, find
from estimation.study.sensitivity_keys import Questions
from estimation.study.study_file import Study
from estimation.work.progress import Progress, silent
from estimation.work.seeds import generator_of

__all__ = ["Audit", "Divided", "audit"]

_XI = (0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
_QUICK = (
    "log-linear-average",
    "bayesian-log-linear-average",
    "sparse",
    "log-linear-select",
    "nhoi",
    "decomposable",
)
"""Models that are asked about the lists, the first that is declared: none of them takes long."""
_LEAST_LISTS = 4
"""Lists from which on one can be left out: most models need three."""


@dataclass(frozen=True, slots=True)
class Divided:
    """A division of a study's people into strata, with its answers.

    Parameters
    ----------
    division : Division
        How the people are divided, and by which model.
    strata : StratumResults
        Each stratum's number and their total.
    pooled : Estimate or NotEstimable
        The same model on the study's own table, all people together.
    """

    division: Division
    strata: StratumResults
    pooled: Result


@dataclass(frozen=True, slots=True)
class Audit:
    """A published study, examined.

    Parameters
    ----------
    atlas : AtlasStudy
        The study and what was published.
    findings : Findings
        The answers of its models, and of the questions.
    reproduced : tuple of Reproduced
        The published figures computed again.
    divided : tuple of Divided
        Its people by strata, beside all together.
    """

    atlas: AtlasStudy
    findings: Findings
    reproduced: tuple[Reproduced, ...]
    divided: tuple[Divided, ...]

    @property
    def totals(self) -> Mapping[str, float]:
        """Numbers of people that somebody published, and the known one, by what they are.  Unit: persons."""
        published = self.atlas.published
        n = self.findings.table.n_observed
        totals = {
            figure.short_label: figure.estimate
            for figure in published.figures
            if figure.own
            and figure.estimate is not None
            and figure.estimate > n
            and (figure.threshold is None or figure.n == n)
        }
        return totals | ({} if published.truth is None else {"known number": published.truth})


def audit(
    atlas: AtlasStudy, *, parts: Path, workers: int = 1, executor: Executor | None = None, progress: Progress = silent
) -> Audit:
    """Examine a study; finished answers in ``parts`` are not computed again.

    Parameters
    ----------
    atlas : AtlasStudy
        The study.
    parts : Path
        Folder for finished answers.
    workers : int
        Threads that each fit may use at most; changes no number.
    executor : Executor, optional
        Who fits the models; by default this process does.
    progress : Progress
        Told what is being done.

    Raises
    ------
    StudyError
        When the study has no public table.
    """
    if atlas.study is None:
        raise StudyError(str(atlas.folder), ["its table is not public, so that there is nothing to examine"])
    findings = find(examined(atlas.study, atlas), parts=parts, workers=workers, executor=executor, progress=progress)
    divided = tuple(_divided(atlas, division) for division in atlas.published.divisions)
    return Audit(atlas, findings, tuple(reproduced_of(atlas)), divided)


def examined(study: Study, atlas: AtlasStudy) -> Study:
    """The study with the published figures as references, and the questions that are the same for all studies."""
    models = study.models_without_register
    label = next((label for name in _QUICK for label, model in models.items() if model.name == name), None)
    questions = Questions(
        model=label,
        leave_one_list_out=label is not None and atlas.n_lists >= _LEAST_LISTS,
        xi=_XI if _has_answer_by_xi(study) else (),
    )
    return replace(study, questions=questions, references=_references(atlas), strata=None, claims_file=None)


def _has_answer_by_xi(study: Study) -> bool:
    """Whether the model whose assumption is xi is declared and gives a number for the study's table."""
    declared = next((model for model in study.models_without_register.values() if model.name == "nhoi"), None)
    if declared is None:
        return False
    table = read_table_file(study.table, study.columns, door="study", strata=study.labels).table
    return isinstance(declared.fit(table, rng=generator_of(study.seed)), Estimate)


def _references(atlas: AtlasStudy) -> tuple[ReferenceFigure, ...]:
    """The study's own published figures and the known number, to be drawn beside the models."""
    published = atlas.published
    figures = [
        ReferenceFigure(
            label=figure.short_label,
            source=figure.source,
            value=figure.estimate,
            lower=figure.lower,
            upper=figure.upper,
        )
        for figure in published.figures
        if figure.own and figure.estimate is not None
    ]
    if published.truth is not None:
        figures.append(ReferenceFigure(label="Known number", source=published.truth_source, value=published.truth))
    return tuple(figures)


def _divided(atlas: AtlasStudy, division: Division) -> Divided:
    """The people by strata, and all together by the same model on the study's own table."""
    computed = division.computed
    strata = answer_of(atlas, computed)
    together = replace(
        computed,
        by=(),
        stratum=(),
        labels=computed.label_columns if division.same_table else (),
        table=computed.table if division.same_table else None,
    )
    pooled = answer_of(atlas, together)
    assert isinstance(strata, StratumResults), "a division has strata"
    assert not isinstance(pooled, StratumResults), "all people together are one table"
    return Divided(division, strata, pooled)
