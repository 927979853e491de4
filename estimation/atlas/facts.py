"""What was found of a study, in sentences whose every number is computed or was published."""

from __future__ import annotations

from collections.abc import Iterator

from estimation.atlas.audit import Audit
from estimation.atlas.implied import implied_xi
from estimation.report import wording
from estimation.report.wording import listed, persons, several
from estimation.results.estimates import Estimate
from estimation.study.study_file import LEVEL

__all__ = ["facts"]


def facts(audit: Audit) -> tuple[str, ...]:
    """The sentences, in the order of a page.

    Parameters
    ----------
    audit : Audit
        The study, examined.
    """
    return tuple(
        fact
        for part in (_again, _models, _holding, _strata, _threshold, _implied, _without_a_list, _xi)
        for fact in part(audit)
    )


def _estimates(audit: Audit) -> dict[str, Estimate]:
    """The declared models that have a number, bounds left out."""
    return {
        label: result
        for label, result in audit.findings.results.items()
        if isinstance(result, Estimate) and not result.is_lower_bound
    }


def _again(audit: Audit) -> Iterator[str]:
    """How many of the published figures come out."""
    if all(found.published is None for found in audit.reproduced):
        return  # the page says at its head that no published number was found
    n = len(audit.reproduced)
    same = sum(found.mark == "reproduced" for found in audit.reproduced)
    tried = sum(found.ours is not None for found in audit.reproduced)
    why = "" if same == n else " The reason stands beside each that is not."
    yield (
        f"{wording.sentence_case(several(n, 'published figure'))}: {tried:,} computed again, {same:,} reproduced.{why}"
    )


def _models(audit: Audit) -> Iterator[str]:
    """From where to where the declared models go."""
    found = _estimates(audit)
    if len(found) > 1:
        low, high = (pick(found, key=lambda label: found[label].median) for pick in (min, max))
        all_numbers = sum(isinstance(result, Estimate) for result in audit.findings.results.values())
        aside = ", lower bounds aside," if all_numbers > len(found) else ""
        yield (
            f"{wording.sentence_case(several(len(found), 'model'))} declared for this table{aside} give from "
            f"{persons(found[low].median)} people (“{low}”) to {persons(found[high].median)} (“{high}”)."
        )


def _holding(audit: Audit) -> Iterator[str]:
    """Which intervals hold a published or known number."""
    found = _estimates(audit)
    for label, total in list(audit.totals.items())[:2]:
        intervals = {name: result.interval(LEVEL) for name, result in found.items()}
        holding = [name for name, interval in intervals.items() if interval.lower <= total <= interval.upper]
        named = f": {listed(holding)}" if holding else ""
        yield (
            f"{_what(label)}, {persons(total)}, is in the 95 % interval of {len(holding)} of {len(found)} "
            f"models{named}."
        )


def _what(label: str) -> str:
    return "The known number" if label == "known number" else f"The number “{label}”"


def _strata(audit: Audit) -> Iterator[str]:
    """Strata beside all people together."""
    for divided in audit.divided:
        total, pooled = divided.strata.total, divided.pooled
        if isinstance(total, Estimate) and isinstance(pooled, Estimate):
            yield (
                f"{divided.division.label} ({divided.division.computed.model}) the strata sum to "
                f"{persons(total.median)}; all people together by the same model give {persons(pooled.median)}."
            )
    for figure in audit.atlas.published.figures:
        selected = _selected(audit)
        if figure.own and figure.by_strata and figure.estimate is not None and selected is not None:
            label, result = selected
            yield (
                f"Published by {figure.by_strata}: {persons(figure.estimate)}; all people together by “{label}”: "
                f"{persons(result.median)}."
            )


def _selected(audit: Audit) -> tuple[str, Estimate] | None:
    """The model that a criterion selects, where one is declared and gives a number."""
    return next(
        ((label, result) for label, result in _estimates(audit).items() if result.model == "log-linear-select"), None
    )


def _threshold(audit: Audit) -> Iterator[str]:
    """What matching alone does to the study's own number."""
    own = [
        figure.estimate
        for figure in audit.atlas.published.figures
        if figure.own and figure.threshold is not None and figure.estimate is not None
    ]
    if len(own) > 1:
        yield (
            f"By the threshold of matching alone, the study's own number goes from {persons(min(own))} to "
            f"{persons(max(own))}."
        )


def _implied(audit: Audit) -> Iterator[str]:
    """What the number implies."""
    table = audit.findings.table
    for label, total in list(audit.totals.items())[:2]:
        xi = implied_xi(table, total)
        of_all = "" if xi is None else f", and the interaction of all lists at once, xi, is {xi:.2f} (1 is none)"
        number = "the known number" if label == "known number" else persons(total)
        yield f"If {number} is right, there are {total / table.n_observed:.2f} people for each one on a list{of_all}."


def _without_a_list(audit: Audit) -> Iterator[str]:
    """What becomes of a number without one list."""
    for question, found in audit.findings.sensitivities.items():
        if question.key == "leave_one_list_out":
            numbers = {a.label: a.result for a in found.alternatives if isinstance(a.result, Estimate)}
            if len(numbers) > 1 and isinstance(found.baseline, Estimate):
                low, high = (pick(numbers, key=lambda label: numbers[label].median) for pick in (min, max))
                yield (
                    f"With one list left out, “{audit.findings.study.questions.model}” goes from "
                    f"{persons(numbers[low].median)} ({low}) to {persons(numbers[high].median)} ({high}); with all "
                    f"lists it is {persons(found.baseline.median)}."
                )


def _xi(audit: Audit) -> Iterator[str]:
    """What becomes of a number with another interaction of all lists."""
    for question, found in audit.findings.sensitivities.items():
        numbers = [(a.value, a.result) for a in found.alternatives if isinstance(a.result, Estimate)]
        if question.key == "xi" and numbers:
            values = [(value, result.median) for value, result in numbers if isinstance(value, float)]
            (low, at_low), (high, at_high) = min(values), max(values)
            yield (
                f"With xi from {low:g} to {high:g} and the lists as they are, the number goes from "
                f"{persons(at_low)} to {persons(at_high)}; no table says what xi is."
            )
