"""The strongest change of each kind that a study tried, a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot, isfinite, log

from estimation.report.explorer import is_curve
from estimation.report.figures import sensitivity_name
from estimation.report.in_language import ENGLISH, about
from estimation.report.plain_english import change_in_plain_english
from estimation.results.estimates import NotEstimable, Result
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.study.findings import Findings
from estimation.study.questions import Question
from estimation.text.languages import Language, sentence

__all__ = ["strongest_changes"]

_ONE_INFLATION = "one_inflation"
"""A question whose first answer is the one to quote: the others are the ends of its interval."""

_NO_CHANGE = {
    "lists": sentence(
        "No change of the lists that the study tried moves the number by more than its calculation is accurate to, or "
        "there is no number to move."
    ),
    "linkage": sentence(
        "No change of the linkage that the study tried moves the number by more than its calculation is accurate to, "
        "or there is no number to move."
    ),
    "settings": sentence(
        "No change of the settings that the study tried moves the number by more than its calculation is accurate to, "
        "or there is no number to move."
    ),
}

_ERRORS = 2.0
"""Monte Carlo errors within which two answers are not told apart."""


def strongest_changes(findings: Findings, figure_numbers: Mapping[str, int], language: Language = ENGLISH) -> list[str]:
    """Of the questions about the lists, about their linkage and about settings, the answer that moves a number most.

    Parameters
    ----------
    findings : Findings
        What was found.
    figure_numbers : mapping of str to int
        The number of each figure by its name.
    language : Language
        What it is said in.
    """
    found = findings.sensitivities
    kinds = (
        # Two lists by themselves are asked by another model, so that more than the lists is changed.
        ("lists", {q: answer for q, answer in found.items() if q.kind == "lists" and q.model is not None}),
        ("linkage", {q: answer for q, answer in found.items() if q.kind == "linkage"}),
        ("settings", {q: answer for q, answer in found.items() if q.kind == "setting" and is_curve(q, answer)}),
    )
    return [_strongest(findings, kind, of_kind, figure_numbers, language) for kind, of_kind in kinds if of_kind]


def _strongest(
    findings: Findings,
    kind: str,
    questions: Mapping[Question, Sensitivity],
    figure_numbers: Mapping[str, int],
    language: Language,
) -> str:
    """Of some questions, the answer that is farthest from the answer with nothing changed."""
    found = [
        (_distance(alternative, sensitivity.baseline), question, alternative)
        for question, sensitivity in questions.items()
        for alternative in sensitivity.alternatives[: 1 if question.key == _ONE_INFLATION else None]
    ]
    distance, question, alternative = max(found, key=lambda each: each[0])
    if distance > 0:
        figure = figure_numbers.get(sensitivity_name(findings, question))
        return _changed(findings, question, alternative, figure, language)
    return language.say(_NO_CHANGE[kind])


def _distance(alternative: Alternative, baseline: Result) -> float:
    """How far apart two answers are, as a ratio; nothing where draws may have made the difference.

    Nothing as well where one is no number, or one alone is a bound.
    """
    result = alternative.result
    if isinstance(result, NotEstimable) or isinstance(baseline, NotEstimable):
        return 0.0
    if result.is_lower_bound != baseline.is_lower_bound:
        return 0.0
    error = hypot(alternative.monte_carlo_error, baseline.total.monte_carlo_error(0.5))
    if abs(result.median - baseline.median) <= _ERRORS * error:
        return 0.0
    ratio = result.median / baseline.median if baseline.median > 0 else 0.0
    return abs(log(ratio)) if ratio > 0 and isfinite(ratio) else 0.0


def _changed(
    findings: Findings, question: Question, alternative: Alternative, figure: int | None, language: Language
) -> str:
    """What one change makes of a number, with the figure that shows it, unless the report does without its part."""
    sensitivity = findings.sensitivities[question]
    values: dict[str, str | int] = {
        "change": change_in_plain_english(findings, question, alternative, language),
        "number": about(language, alternative.result),
        **({} if figure is None else {"figure": figure}),
    }
    if question.model == findings.study.headline:
        if figure is None:
            return language.say("{change}, the estimate would be {number}.", values)
        return language.say("{change}, the estimate would be {number} (figure {figure}).", values)
    values |= {
        "model": question.model or sensitivity.baseline.title,
        "before": about(language, sensitivity.baseline),
    }
    if figure is None:
        return language.say("{change}, the model “{model}” would give {number} instead of {before}.", values)
    return language.say(
        "{change}, the model “{model}” would give {number} instead of {before} (figure {figure}).", values
    )
