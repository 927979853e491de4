"""The first page of a report, under the number: what is counted, what would change it, what it is not, what failed."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, log

from estimation.report.answers import differences
from estimation.report.document import Block, Bullets, Paragraph, Section
from estimation.report.explorer import is_curve
from estimation.report.wording import figure, persons, sentence_case, several
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.study.findings import Findings
from estimation.study.questions import Question
from estimation.study.study_file import LEVEL

__all__ = ["first_page"]

_EXPLANATIONS = ("zero capture probability", "list dependence")
"""What page one says of a stated number; the others stand inside."""


def first_page(findings: Findings) -> tuple[Section, ...]:
    """What a reader in a hurry must know beside the number, in a few sections of a few sentences.

    Parameters
    ----------
    findings : Findings
        What was found; every sentence is made from it.
    """
    return (
        Section("What is counted", (_counted(findings),)),
        Section("What would change the number", (Bullets(_would_change(findings)),)),
        Section("What it is not", (Bullets(_is_not(findings)),)),
        Section("Declared models that gave no number", _gave_none(findings)),
    )


def _counted(findings: Findings) -> Paragraph:
    said = findings.study.counted
    return Paragraph(
        f"{_sentence(said.who)} Where: {said.where}. When: {said.when}. Not counted: {_inner(said.excludes)}"
    )


def _sentence(text: str) -> str:
    """A text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _inner(text: str) -> str:
    """A text to go on with after a colon."""
    return _sentence(text[:1].lower() + text[1:] if text[1:2].islower() else text)


def _would_change(findings: Findings) -> tuple[str, ...]:
    """The strongest change of each kind that was tried."""
    said = [differences(findings)]
    asked = findings.sensitivities
    # Two lists by themselves are asked by another model, so that more than the lists is changed.
    lists = _strongest({q: found for q, found in asked.items() if q.kind == "lists" and q.model is not None})
    if lists is not None:
        said.append(f"The lists. {lists}")
    settings = _strongest({q: found for q, found in asked.items() if is_curve(q, found)})
    if settings is not None:
        said.append(f"An assumption or a setting. {settings}")
    said += _stated(findings)
    if not asked:
        said.append("The study asks nothing about its lists, its settings or its assumptions beyond these models.")
    return tuple(said)


def _strongest(asked: Mapping[Question, Sensitivity]) -> str | None:
    """Of some questions, the answer that is farthest from the answer with nothing changed; None if there is none."""
    found = [
        (_distance(alternative.result, sensitivity.baseline), sensitivity, alternative)
        for sensitivity in asked.values()
        for alternative in sensitivity.alternatives
    ]
    if not found:
        return None
    distance, sensitivity, alternative = max(found, key=lambda each: each[0])
    if distance > 0:
        return _changed(sensitivity, alternative)
    return "Nothing that was tried moves the number, or there is no number to move."


def _distance(result: Result, baseline: Result) -> float:
    """How far apart two answers are, as a ratio; nothing where one is no number, or one alone is a bound."""
    if isinstance(result, NotEstimable) or isinstance(baseline, NotEstimable):
        return 0.0
    if result.is_lower_bound != baseline.is_lower_bound:
        return 0.0
    ratio = result.median / baseline.median if baseline.median > 0 else 0.0
    return abs(log(ratio)) if ratio > 0 and isfinite(ratio) else 0.0


def _changed(sensitivity: Sensitivity, alternative: Alternative) -> str:
    """What one change makes of a number."""
    after, before = alternative.result, sensitivity.baseline
    assert isinstance(after, Estimate)
    assert isinstance(before, Estimate)
    answer = f"{sentence_case(alternative.label)}: {figure(after)} people ({after.interval(LEVEL)})"
    return (
        f"{sensitivity.question} {answer} where it was {figure(before)}, by {before.title}. Nothing else of this kind "
        "that was tried moves a number more."
    )


def _stated(findings: Findings) -> list[str]:
    """What it would take for the number that is farthest from ours among those that others state."""
    result = findings.headline
    asked = {q: found for q, found in findings.sensitivities.items() if q.figure and q.explanation in _EXPLANATIONS}
    if not asked or isinstance(result, NotEstimable):
        return []
    median = result.median
    stated = max((q.figure for q in asked if q.figure), key=lambda figure: abs(log(figure / median)))
    found = " ".join(found.finding for q, found in asked.items() if q.figure == stated)
    return [f"A stated number. Of those asked about, {persons(stated)} is farthest from this one. {found}"]


def _is_not(findings: Findings) -> tuple[str, ...]:
    """What the number must not be taken for."""
    result, study = findings.headline, findings.study
    said = []
    if isinstance(result, Estimate) and result.is_lower_bound:
        said.append("Not an estimate of the total: it is a lower bound, and the total may be larger.")
    said += [
        "Not a list of names, and no proof about any person: it cannot say of anybody whether that person is among "
        "those whom no list recorded.",
        "Not a finding of who is responsible: nothing here speaks of who did what to whom.",
        "Not free of assumptions: its interval holds if they do, and the lists by themselves cannot show that.",
    ]
    if study.register is not None:
        said.append(f"Not free of the register, which no Bayesian model here may exceed: {study.register.sentence}")
    if study.synthetic:
        said.append("Not about real people: the data are synthetic.")
    return tuple(said)


def _gave_none(findings: Findings) -> tuple[Block, ...]:
    """The declared models that gave no number, each with the first sentence of the reason."""
    refused = {label: r.reason for label, r in findings.results.items() if isinstance(r, NotEstimable)}
    if not refused:
        return (
            Paragraph(f"None. The study declares {several(len(findings.results), 'model')}, and each gave a number."),
        )
    return (Bullets(tuple(f"{label}: {_short(reason)}" for label, reason in refused.items())),)


def _short(reason: str) -> str:
    """The first sentence of a reason; the rest stands in the full record."""
    return _sentence(reason.split(". ")[0].split("; ")[0])
