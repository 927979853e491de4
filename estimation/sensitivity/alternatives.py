"""Sensitivity: one estimate, and what it becomes when one thing is changed."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model
from estimation.results.estimates import Estimate, Result

__all__ = ["Alternative", "Change", "Sensitivity", "answers", "compared"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """The answer with one thing changed.

    Parameters
    ----------
    label : str
        What was changed to what, for example ``"delta = 0.5"``.
    value : float or (float, float)
        The changed value, for the axis of a chart; two values where two things change together; NaN where what was
        changed is no number, for example a list left out.
    result : Estimate or NotEstimable
        The answer then.
    """

    label: str
    value: float | tuple[float, float]
    result: Result


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """A question of the form "what if", with its answers.

    Parameters
    ----------
    question : str
        The question, in one sentence.
    baseline : Estimate or NotEstimable
        The answer with nothing changed.
    alternatives : tuple of Alternative
        The answers with one thing changed; none is left out, whether or not it is convenient.
    changed : str or (str, str)
        What is changed, with its unit, for the axis of a chart, for example ``"prior weight delta (persons)"``.
    said : str
        The finding, for a question whose answer is no range of medians; made from the numbers.
    """

    question: str
    baseline: Result
    alternatives: tuple[Alternative, ...]
    changed: str | tuple[str, str] = ""
    said: str = ""

    def __post_init__(self) -> None:
        if not self.alternatives:
            raise ValueError("a sensitivity without alternatives answers nothing; give at least one")

    @property
    def finding(self) -> str:
        """What the numbers say, in one sentence."""
        if self.said:
            return self.said
        estimated = [(a, a.result) for a in self.alternatives if isinstance(a.result, Estimate)]
        missing = [a.label for a in self.alternatives if not isinstance(a.result, Estimate)]
        left = f"; not estimable at {', '.join(missing)}" if missing else ""
        if not estimated:
            return f"Not estimable at any of {', '.join(missing)}."
        lowest, low = min(estimated, key=lambda pair: pair[1].median)
        highest, high = max(estimated, key=lambda pair: pair[1].median)
        said = (
            f"The median goes from {low.median:,.0f} ({lowest.label}) to {high.median:,.0f} ({highest.label}), "
            f"a factor of {high.median / low.median:.2f}"
        )
        if isinstance(self.baseline, Estimate):
            interval = self.baseline.interval()
            outside = [a.label for a, e in estimated if not interval.lower <= e.median <= interval.upper]
            said += (
                f", and leaves the {interval.level:.0%} interval of the baseline at {', '.join(outside)}"
                if outside
                else f", and stays inside the {interval.level:.0%} interval of the baseline"
            )
        return f"{said}{left}."


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
    value: float | tuple[float, float]
    table: CaptureTable
    model: Model


def answers(changes: Sequence[Change], *, rng: np.random.Generator, workers: int = 1) -> tuple[Alternative, ...]:
    """What becomes of the number under each of some changes.

    Every fit starts from the same state of the generator, which is left as it was: two alternatives differ by what was
    changed and not by luck, and an alternative is the same whichever others are asked for.

    Parameters
    ----------
    changes : sequence of Change
        What to change.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads to use at most.
    """
    return tuple(
        Alternative(c.label, c.value, c.model.fit(c.table, rng=copy.deepcopy(rng), workers=workers)) for c in changes
    )


def compared(
    question: str,
    table: CaptureTable,
    model: Model,
    changes: Sequence[Change],
    *,
    rng: np.random.Generator,
    workers: int = 1,
    changed: str = "",
) -> Sensitivity:
    """A model's answer for a table, beside what becomes of it under each of some changes.

    The baseline starts from the same state of the generator as the answers do; see `answers`.

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
    changed : str
        As in `Sensitivity`.
    """
    return Sensitivity(
        question=question,
        baseline=model.fit(table, rng=copy.deepcopy(rng), workers=workers),
        alternatives=answers(changes, rng=rng, workers=workers),
        changed=changed,
    )
