"""What a reader of the page can go through: a slider along each changed value, and the models to choose from."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import Literal

from estimation.capture.stratified import called
from estimation.report import wording
from estimation.report.document import Explorer, Place
from estimation.report.wording import persons, share
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.sensitivity.alternatives import Sensitivity
from estimation.strata.by_stratum import StratumResults
from estimation.study.findings import Findings
from estimation.study.questions import Question
from estimation.study.study_file import LEVEL

__all__ = ["curve", "is_curve", "rows", "strata"]

_AT_FIRST = 12
"""Strata that are shown before a reader chooses."""


def is_curve(question: Question, found: Sensitivity) -> bool:
    """Whether a question changes one number by steps, so that its answers lie on a curve.

    Parameters
    ----------
    question : Question
        What is asked; known sizes of lists are no steps of one thing, and a stated figure is not changed.
    found : Sensitivity
        Its answers.
    """
    values = [a.value for a in found.alternatives]
    return (
        question.kind not in ("consistency", "figure")
        and len(set(values)) > 1
        and all(not isinstance(value, tuple) and isfinite(value) for value in values)
        and any(isinstance(a.result, Estimate) for a in found.alternatives)
    )


def curve(question: Question, found: Sensitivity) -> tuple[Explorer, ...]:
    """A slider along the values of a question; none where they are no steps of one number."""
    if not is_curve(question, found):
        return ()
    answers = [(a.value, a.label, a.result) for a in found.alternatives if not isinstance(a.value, tuple)]
    ordered = sorted([*answers, *_unchanged(found)], key=lambda answer: answer[0])
    places = tuple(
        _place(label, result, words=f"At {label}: {_words(result)}", value=value) for value, label, result in ordered
    )
    unchanged = (at for at, (_, _, result) in enumerate(ordered) if _same(result, found.baseline))
    changed = found.changed if isinstance(found.changed, str) else ", ".join(found.changed)
    reading = (
        f"Upwards: people. Line and dots: the number, by {found.baseline.title}. Band between dashes: its "
        f"{share(LEVEL)} interval. The axes need not begin at zero. Computed at the dots only; × marks a value at "
        "which there is no number."
    )
    return (
        Explorer(
            "curve",
            f"Move along the curve. {found.question}",
            changed or question.key,
            reading,
            places,
            next(unchanged, len(places) // 2),
        ),
    )


def rows(findings: Findings) -> tuple[Explorer, ...]:
    """The answers of all models and the published figures, to be shown or hidden; none for a single answer."""
    headline = findings.study.headline
    places = [
        _place(label, result, words=_words(result), is_headline=label == headline)
        for label, result in findings.results.items()
    ]
    for r in findings.study.references:
        interval = f", {persons(r.lower)} to {persons(r.upper)}" if r.lower is not None and r.upper is not None else ""
        words = f"{persons(r.value)} people{interval}; published by others."
        places.append(Place(r.label, words, None, r.value, r.lower, r.upper, "published"))
    if len(places) == 1:
        return ()
    reading = (
        "Diamond: the headline. Triangle: a lower bound. Open square: published by others. Line: the interval. The "
        "axis fits what is shown and need not begin at zero."
    )
    return (Explorer("rows", "Choose what to compare", "Shown", reading, tuple(places)),)


def strata(label: str, found: StratumResults) -> tuple[Explorer, ...]:
    """The answers of a model in each stratum, to be shown or hidden, by the first label where there are several.

    Parameters
    ----------
    label : str
        The model.
    found : StratumResults
        Its answers.
    """
    several_labels = len(found.labels) > 1
    at_first = set(sorted(found.results, key=lambda stratum: -found.results[stratum].n_observed)[:_AT_FIRST])
    places = [
        replace(
            _place(called(found.labels, stratum), result, words=_with_observed(result)),
            group=stratum[0] if several_labels else "",
            is_open=stratum in at_first,
        )
        for stratum, result in found.results.items()
    ]
    total = _place("All strata together", found.total, words=_with_observed(found.total))
    few = (
        f" At first the {_AT_FIRST} strata with the most people on a list are shown." if len(places) > _AT_FIRST else ""
    )
    reading = (
        f"Circle: the number of a stratum, by “{label}”. Diamond: all strata together. Triangle: a lower bound. Line: "
        f"the interval. The axis fits what is shown and need not begin at zero.{few}"
    )
    return (
        Explorer(
            "rows",
            "Choose which strata to compare",
            "Shown",
            reading,
            (*places, replace(total, mark="total")),
            choose_by=found.labels[0] if several_labels else "",
        ),
    )


def _with_observed(result: Result) -> str:
    """An answer in words, with the people on a list."""
    words = _words(result)
    return f"{words[:1].upper()}{words[1:]} {persons(result.n_observed)} are on a list."


def _place(label: str, result: Result, *, words: str, value: float | None = None, is_headline: bool = False) -> Place:
    """One answer, and what of it can be drawn."""
    if isinstance(result, NotEstimable):
        return Place(label, words, value, mark="headline" if is_headline else "plain")
    interval = result.interval(LEVEL)
    lower, upper = (end if isfinite(end) else None for end in (interval.lower, interval.upper))
    mark: Literal["bound", "headline", "plain"] = (
        "bound" if result.is_lower_bound else "headline" if is_headline else "plain"
    )
    return Place(label, words, value, result.median, lower, upper, mark)


def _unchanged(found: Sensitivity) -> list[tuple[float, str, Result]]:
    """The answer with nothing changed, where it lies on the curve and is none of the alternatives."""
    value = found.baseline_value
    if isinstance(value, tuple) or not isfinite(value) or any(a.value == value for a in found.alternatives):
        return []
    return [(value, f"{value:g}, the baseline", found.baseline)]


def _same(result: Result, baseline: Result) -> bool:
    """Whether an answer is that with nothing changed."""
    if isinstance(result, NotEstimable) or isinstance(baseline, NotEstimable):
        return False
    return result.median == baseline.median and result.interval(LEVEL) == baseline.interval(LEVEL)


def _words(result: Result) -> str:
    """An answer in words, with its interval, or why there is none."""
    if isinstance(result, NotEstimable):
        return f"not estimable: {result.reason.rstrip('.')}."
    return f"{wording.figure(result)} people, {result.interval(LEVEL)}."
