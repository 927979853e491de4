"""Sensitivity: one estimate, and what it becomes when one thing is changed."""

from __future__ import annotations

import copy
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from textwrap import shorten
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.frames import Cell, frame_of, html_table
from estimation.models.protocol import Model, lighter_of
from estimation.priors.known_values import KnownValue
from estimation.results.estimates import RESULT_COLUMNS, Estimate, Result, result_row
from estimation.results.rounding import persons
from estimation.sensitivity.finding import finding_of
from estimation.work.progress import Progress, part, silent

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COLUMNS",
    "Alternative",
    "Change",
    "Sensitivity",
    "Value",
    "compare_changes",
    "fit_baseline",
    "fit_changes",
    "number_and_interval",
    "parts_of",
]

Value: TypeAlias = "float | tuple[float, float]"
"""What is changed, for the axis of a chart; two numbers where two things change together; NaN where it is no number."""

COLUMNS: Mapping[str, type] = MappingProxyType(
    {"label": str, "value": float, "second_value": float, **RESULT_COLUMNS, "monte_carlo_error": float}
)
"""The columns of a sensitivity as a frame: what was changed to what, the result, and the Monte Carlo error of its
number.  Unit: persons."""

_LONGEST_REPR = 400


@dataclass(frozen=True, slots=True, repr=False)
class Alternative:
    """The result with one thing changed.

    Parameters
    ----------
    label : str
        What was changed to what, for example ``"delta = 0.5"``.
    value : float or (float, float)
        The changed value, for the axis of a chart; two values where two things change together; NaN where what was
        changed is no number, for example a list left out.
    result : Estimate or NotEstimable
        The result then.
    error : float, optional
        Monte Carlo error of its number, where that is more than the draws of the result have: where tables were drawn.
        Unit: persons.
    """

    label: str
    value: Value
    result: Result
    error: float | None = None

    @property
    def monte_carlo_error(self) -> float:
        """How far another run would put the number: its standard error; 0 for an exact one.  Unit: persons."""
        return _error_of(self.result) if self.error is None else self.error

    def __repr__(self) -> str:
        return shorten(f"<Alternative {self.label}: {self.result}>", _LONGEST_REPR, placeholder=" ...>")


@dataclass(frozen=True, slots=True, repr=False)
class Sensitivity:
    """A question of the form "what if", with its answers.

    Parameters
    ----------
    question : str
        The question, in one sentence.
    baseline : Estimate or NotEstimable
        The result with nothing changed.
    alternatives : tuple of Alternative
        The results with one thing changed; none is left out, whether or not it is convenient.
    changed : str or (str, str)
        What is changed, with its unit, for the axis of a chart, for example ``"prior weight delta (persons)"``.
    sentence : str
        The finding, for a question whose answer is no range of medians; made from the numbers.
    baseline_value : float or (float, float)
        The value of the baseline, on the same axis as those of the alternatives; NaN where it is no number.
    known : tuple of KnownValue
        The values of what is changed in studies where N is known, for the axis of a chart.
    """

    question: str
    baseline: Result
    alternatives: tuple[Alternative, ...]
    changed: str | tuple[str, str] = ""
    sentence: str = ""
    baseline_value: Value = nan
    known: tuple[KnownValue, ...] = ()

    def __post_init__(self) -> None:
        if not self.alternatives:
            raise SettingError("sensitivity", ["without alternatives it answers nothing; give at least one"])

    @property
    def finding(self) -> str:
        """What the numbers say, in a few sentences."""
        return " ".join(
            part for part in (self.sentence or finding_of(self.baseline, self.alternatives), self._lighter) if part
        )

    @property
    def _lighter(self) -> str:
        """That the alternatives were computed with a smaller effective sample size than the baseline, if they were."""
        target = dict(self.baseline.provenance.settings).get("effective")
        targets = {dict(a.result.provenance.settings).get("effective") for a in self.alternatives}
        smaller = [value for value in targets if isinstance(value, int) and isinstance(target, int) and value < target]
        if not smaller:
            return ""
        return (
            f"The alternatives are computed until N has an effective sample size of {min(smaller):,}, the baseline "
            f"until it has {target:,}."
        )

    def rows(self, *, level: float = 0.95) -> list[dict[str, Cell]]:
        """One row for each result, the baseline first, with the keys ``COLUMNS``.

        Parameters
        ----------
        level : float
            Level of the intervals.

        Raises
        ------
        ValueError
            When a classical estimate has no interval at the level.
        """
        answers = (Alternative("baseline", self.baseline_value, self.baseline), *self.alternatives)
        return [
            {
                "label": each.label,
                **_values(each.value),
                **result_row(each.result, level=level),
                "monte_carlo_error": each.monte_carlo_error if isinstance(each.result, Estimate) else None,
            }
            for each in answers
        ]

    def to_frame(self, *, level: float = 0.95) -> pd.DataFrame:
        """The results as a pandas frame: the baseline first, then one row for each alternative.

        Parameters
        ----------
        level : float
            Level of the intervals.

        Returns
        -------
        pandas.DataFrame
            Columns: ``label``, ``value`` and ``second_value`` (what is changed, where it is a number), then those of a
            result: ``model``, ``estimable``, ``n_observed``, ``point``, ``mean``, ``median``, ``lower``, ``upper``,
            ``level``, ``interval_kind``, ``is_lower_bound``, ``reason``; and ``monte_carlo_error``, that of the number.
            Unit: persons.

        Raises
        ------
        ValueError
            When a classical estimate has no interval at the level.

        Examples
        --------
        >>> from estimation.models.classical.chao import ChaoLowerBound
        >>> from estimation.sensitivity.leave_one_list_out import leave_one_list_out
        >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "101": 3})
        >>> frame = leave_one_list_out(table, model=ChaoLowerBound(), rng=1).to_frame()
        >>> frame["label"].tolist(), frame["n_observed"].tolist()
        (['baseline', 'without A', 'without B', 'without C'], [67, 37, 47, 67])
        """
        return frame_of(self.rows(level=level), COLUMNS)

    def answers(self) -> list[list[str]]:
        """The answers for a reader under a heading, the baseline first; with Monte Carlo errors where there are any."""
        each = (Alternative("baseline", self.baseline_value, self.baseline), *self.alternatives)
        rows = [["", "people", "interval"], *([a.label, *number_and_interval(a.result)] for a in each)]
        errors = [persons(a.monte_carlo_error) if round(a.monte_carlo_error) >= 1 else "" for a in each]
        if not any(errors):
            return rows
        return [[*row, error] for row, error in zip(rows, ["Monte Carlo error", *errors], strict=True)]

    def __str__(self) -> str:
        return f"{self.question} {self.finding}"

    def __repr__(self) -> str:
        return shorten(f"<Sensitivity: {self}>", _LONGEST_REPR, placeholder=" ...>")

    def _repr_html_(self) -> str:
        heading, *answers = self.answers()
        table = html_table(self.question, heading, answers, right=[1, 3])
        return f"<div>{table}<p>{html.escape(self.finding)}</p></div>"


def number_and_interval(result: Result) -> tuple[str, str]:
    """The number of people in a result and its interval, as a reader sees them; else the reason why there is none."""
    if not isinstance(result, Estimate):
        return "not estimable", result.reason
    return f"{'at least ' if result.is_lower_bound else ''}{result.median:,.0f}", str(result.interval())


def _error_of(result: Result) -> float:
    return result.total.monte_carlo_error(0.5) if isinstance(result, Estimate) else 0.0


def _values(value: Value) -> dict[str, Cell]:
    first, second = value if isinstance(value, tuple) else (value, nan)
    return {"value": first if isfinite(first) else None, "second_value": second if isfinite(second) else None}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing changed, before it is known what becomes of the number.

    Parameters
    ----------
    label : str
        What is changed to what.
    value : float or (float, float)
        As in `Alternative`.
    table : CaptureTable
        The table with the change.
    model : Model
        The model with the change.
    """

    label: str
    value: Value
    table: CaptureTable
    model: Model


def parts_of(progress: Progress, changes: int, baseline: Result | None) -> tuple[Progress, Progress]:
    """The progress of the baseline, one fit where it is not known yet, and that of so many changes."""
    share = 1 / (changes + 1) if baseline is None else 0.0
    return part(progress, 0, share, "nothing changed"), part(progress, share, 1)


def fit_baseline(
    table: CaptureTable,
    model: Model,
    *,
    rng: np.random.Generator,
    workers: int = 1,
    baseline: Result | None = None,
    progress: Progress = silent,
) -> Result:
    """The result with nothing changed: the one that is known already, or else the model's, fitted now.

    Parameters
    ----------
    table : CaptureTable
        The table with nothing changed.
    model : Model
        The model with nothing changed.
    rng : numpy.random.Generator
        The only source of randomness; left as it was.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The model's result for the table, where it is known.
    progress : Progress
        Told how far the fit is.

    Raises
    ------
    SettingError
        When the baseline is by another model, or of another number of people observed.
    """
    if baseline is None:
        return model.fit(table, rng=copy.deepcopy(rng), workers=workers, progress=progress)
    if (baseline.model, baseline.n_observed) != (model.name, table.n_observed):
        problem = (
            f"the baseline is by {baseline.model} with {baseline.n_observed:,} people observed, and the question is "
            f"about {model.name} with {table.n_observed:,}; give the result of this model for this table, or none"
        )
        raise SettingError("sensitivity", [problem])
    return baseline


def fit_changes(
    changes: Sequence[Change],
    *,
    rng: np.random.Generator,
    workers: int = 1,
    lighter: bool = True,
    progress: Progress = silent,
) -> tuple[Alternative, ...]:
    """What becomes of the number under each of some changes.

    Every fit starts from the same state of the generator, which is left as it was: two alternatives differ by what was
    changed and not by their random draws, and an alternative does not depend on the others.

    Parameters
    ----------
    changes : sequence of Change
        What to change.
    rng : numpy.random.Generator
        The only source of randomness; left as it was.
    workers : int
        Threads to use at most.
    lighter : bool
        Whether models that have a lighter form (`estimation.models.protocol.Lighter`) are fitted in it.
    progress : Progress
        Told how many of the fits are done, and how far the one under way is.
    """
    found = []
    for number, change in enumerate(changes):
        model = lighter_of(change.model) if lighter else change.model
        within = part(progress, number / len(changes), (number + 1) / len(changes), change.label)
        result = model.fit(change.table, rng=copy.deepcopy(rng), workers=workers, progress=within)
        within(1.0)
        found.append(Alternative(change.label, change.value, result))
    return tuple(found)


def compare_changes(
    question: str,
    table: CaptureTable,
    model: Model,
    changes: Sequence[Change],
    *,
    rng: np.random.Generator,
    workers: int = 1,
    baseline: Result | None = None,
    changed: str = "",
    baseline_value: float = nan,
    known: tuple[KnownValue, ...] = (),
    lighter: bool = True,
    progress: Progress = silent,
) -> Sensitivity:
    """A model's result for a table, beside what becomes of it under each of some changes.

    The baseline starts from the same state of the generator as the alternatives do; see `fit_changes`.  A change that
    leaves table and model as they are has the baseline's result.

    Parameters
    ----------
    question : str
        The question, in one sentence.
    table : CaptureTable
        The table with nothing changed.
    model : Model
        The model with nothing changed.
    changes : sequence of Change
        What to change.
    rng : numpy.random.Generator
        The only source of randomness; left as it was.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The model's result for the table, where it is known; otherwise the model is fitted.
    changed, baseline_value, known
        As in `Sensitivity`.
    lighter, progress
        As in `fit_changes`.
    """
    first, others = parts_of(progress, len(changes), baseline)
    unchanged = fit_baseline(table, model, rng=rng, workers=workers, baseline=baseline, progress=first)
    alternatives = []
    for number, change in enumerate(changes):
        within = part(others, number / len(changes), (number + 1) / len(changes))
        if change.model == model and change.table.sha256 == table.sha256:  # nothing is changed
            alternatives.append(Alternative(change.label, change.value, unchanged))
        else:
            alternatives += fit_changes([change], rng=rng, workers=workers, lighter=lighter, progress=within)
    return Sensitivity(
        question=question,
        baseline=unchanged,
        alternatives=tuple(alternatives),
        changed=changed,
        baseline_value=baseline_value,
        known=known,
    )
