"""What the answers of a sensitivity say, in sentences made from the numbers.

An answer is compared with the baseline by its number and by its interval: numbers that stay inside the baseline's
interval can have intervals that reach far beyond it.  A range is a range of the answers that have an estimate, and how
many of all answers these are stands before it; one answer is no range.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from estimation.results.estimates import Estimate, Result
from estimation.results.rounding import persons

if TYPE_CHECKING:
    from estimation.sensitivity.alternatives import Alternative

__all__ = ["beside_baseline", "estimated", "finding_of", "monte_carlo_sentence", "number_word", "range_of_answers"]

_MOST_NAMED = 12
"""Answers that one sentence names."""


def estimated(alternatives: Sequence[Alternative]) -> list[tuple[str, Estimate]]:
    """The answers that have an estimate, each with its label."""
    return [(a.label, a.result) for a in alternatives if isinstance(a.result, Estimate)]


def finding_of(baseline: Result, alternatives: Sequence[Alternative]) -> str:
    """The range of the answers, their intervals beside the baseline's, and which answers are missing.

    Parameters
    ----------
    baseline : Estimate or NotEstimable
        The result with nothing changed.
    alternatives : sequence of Alternative
        The results with one thing changed.
    """
    missing = [a.label for a in alternatives if not isinstance(a.result, Estimate)]
    if len(missing) == len(alternatives):
        return f"Not estimable at any of {_named(missing, len(alternatives))}."
    sentences = [range_of_answers(alternatives), *beside_baseline(baseline, alternatives)]
    sentences += monte_carlo_sentence(alternatives)
    if missing:
        sentences.append(f"Not estimable: {_named(missing, len(alternatives))}.")
    return " ".join(sentences)


def _named(labels: Sequence[str], n_answers: int) -> str:
    """The answers that are meant, or how many they are where a sentence has no room for their names."""
    if len(labels) > _MOST_NAMED:
        return f"{len(labels)} of the {n_answers} answers"
    return ", ".join(labels)


def number_word(estimates: Sequence[Estimate]) -> str:
    """What the number of these estimates is called: a median, an estimate or a lower bound.

    Parameters
    ----------
    estimates : sequence of Estimate
        At least one.
    """
    if all(estimate.is_lower_bound for estimate in estimates):
        return "lower bound"
    return "median" if all(estimate.interval_kind == "credible" for estimate in estimates) else "estimate"


def range_of_answers(alternatives: Sequence[Alternative]) -> str:
    """The lowest and the highest number of the answers, and how many of the answers have one, in one sentence."""
    answers = estimated(alternatives)
    word = number_word([answer for _, answer in answers])
    lowest, low = min(answers, key=lambda pair: pair[1].median)
    highest, high = max(answers, key=lambda pair: pair[1].median)
    if len(answers) == 1:
        found = f"the {word} is {low.median:,.0f} ({lowest})"
    elif low.median == high.median:
        found = f"the {word} is {low.median:,.0f} at each of them"
    else:
        found = (
            f"the {word} ranges from {low.median:,.0f} ({lowest}) to {high.median:,.0f} ({highest}), a factor of "
            f"{high.median / low.median:.2f}"
        )
    if len(answers) == len(alternatives):
        return f"{found[:1].upper()}{found[1:]}."
    has = "has" if len(answers) == 1 else "have"
    return f"{len(answers)} of {len(alternatives)} answers {has} an estimate: {found}."


def beside_baseline(baseline: Result, alternatives: Sequence[Alternative]) -> list[str]:
    """Which numbers lie outside the baseline's interval and how far the intervals reach; nothing without a baseline."""
    answers = estimated(alternatives)
    if not isinstance(baseline, Estimate) or not answers:
        return []
    own = baseline.interval()
    within = f"the {own.name} of the baseline"
    outside = [label for label, answer in answers if not own.lower <= answer.median <= own.upper]
    intervals = [answer.interval() for _, answer in answers]
    lowest, highest = min(each.lower for each in intervals), max(each.upper for each in intervals)
    word, several = number_word([answer for _, answer in answers]), len(answers) > 1
    numbers, stay, reach = (f"{word}s", "stay", "reach") if several else (word, "stays", "reaches")
    whose = "their intervals" if several else "its interval"
    far = f"{whose} {reach} from {persons(lowest)} to {persons(highest)}"
    if outside:
        beyond = f"It lies outside {within} for {_named(outside, len(answers))}."
        return [beyond, f"{far[:1].upper()}{far[1:]}."]
    within += f", {persons(own.lower)} to {persons(own.upper)}"
    if own.lower <= lowest and highest <= own.upper:
        return [f"The {numbers} and {whose} stay inside {within}."]
    return [f"The {numbers} {stay} inside {within}; {far}."]


def monte_carlo_sentence(alternatives: Sequence[Alternative]) -> list[str]:
    """The largest Monte Carlo error of the answers; nothing where all are exact to a person."""
    errors = [a.monte_carlo_error for a in alternatives if isinstance(a.result, Estimate)]
    largest = max(errors, default=0.0)
    if round(largest) < 1:
        return []
    return [f"Monte Carlo errors are up to {persons(largest)} {'person' if round(largest) == 1 else 'people'}."]
