"""The public edition of what a study found: only what may stand beside its safe table, and numbers that are rounded.

A number with all its digits is as good as a checksum: whoever has this package can fit the model, with the same seed,
to every table that is possible and see which gives it.  So results are rounded by the rule for headlines before
anything is written, and what cannot be rounded (draws, curves of posteriors, tables, notes and reasons, which count
people) is left out.  What is written comes from the rounded results alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite, nan

from estimation.capture.disclosure.edition import Edition
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.rounding import rounded
from estimation.results.totals import Interval, Point
from estimation.sensitivity.alternatives import Sensitivity
from estimation.study.findings import Findings
from estimation.study.questions import Question
from estimation.study.study_file import LEVEL

__all__ = ["public_findings"]

_REASON = "The reason counts people and is not in the public edition."
_WITHHELD = "Left out of the public edition: "
_A_PAIR = 2
_TWO_LISTS = ("lincoln-petersen", "chapman")
"""Models whose number, with the sizes of two lists, gives back how many people are on both."""
_PAIRS = 2
"""Lists from which on people are one number where those on exactly two are not in the edition."""
_FREQUENCIES = ("chao",)
"""Models whose number gives back how many people are on exactly one and two lists."""


def public_findings(findings: Findings, edition: Edition) -> Findings:
    """What a public edition says of what was found.

    Parameters
    ----------
    findings : Findings
        What was found, with all its digits.
    edition : Edition
        What may be said of the table.

    Returns
    -------
    Findings
        With the edition, which says what was left out.
    """
    results = {label: _public(result, edition) for label, result in findings.results.items()}
    settings = {question: found for question, found in findings.sensitivities.items() if question.kind == "setting"}
    answers = {question: _rounded_answers(found, edition) for question, found in settings.items()}
    sensitivities = {question: found for question, found in answers.items() if not _any_withheld(found)}
    left_out = tuple(_left_out(findings, results, sensitivities))
    return replace(
        findings,
        results=results,
        sensitivities=sensitivities,
        strata={},
        table_notes=(),
        edition=replace(edition, left_out=left_out),
    )


def _public(result: Result, edition: Edition) -> Result:
    """A result without what counts people."""
    bare = replace(
        result,
        diagnostics=_rounded_checks(result.diagnostics),
        provenance=replace(result.provenance, data_sha256=""),
        tables=(),
    )
    if isinstance(bare, NotEstimable):
        return replace(bare, reason=_REASON, evidence=None)
    withheld = _withheld(bare, edition)
    if withheld:
        return NotEstimable(
            n_observed=bare.n_observed,
            model=bare.model,
            title=bare.title,
            reason=withheld,
            assumptions=bare.assumptions,
            provenance=bare.provenance,
        )
    number = rounded(bare, LEVEL)
    interval = Interval(number.lower, number.upper, LEVEL, bare.interval_kind)
    return replace(bare, total=Point(number.point, nan, (interval,)), notes=(), fit=None)


def _withheld(estimate: Estimate, edition: Edition) -> str:
    """Why the number of a model is not in the edition; nothing where it is."""
    if edition.safe.table.lists == edition.lists:
        return ""  # the table has no small cell, and nothing in it has to be hidden
    if estimate.model in _TWO_LISTS or _is_of_two_lists(estimate):
        return f"{_WITHHELD}its number gives back how many people are on both of its two lists."
    singles_and_pairs = edition.frequencies is not None and edition.pooled_from != _PAIRS
    if estimate.model in _FREQUENCIES and not singles_and_pairs:
        return f"{_WITHHELD}its number gives back how many people are on exactly one and exactly two lists."
    return ""


def _is_of_two_lists(estimate: Estimate) -> bool:
    """Whether the settings of a model name two lists that its number is about."""
    lists = dict(estimate.provenance.settings).get("lists")
    return isinstance(lists, tuple) and len(lists) == _A_PAIR


def _rounded_checks(diagnostics: Diagnostics) -> Diagnostics:
    """The checks, each with two digits of what was found."""
    return Diagnostics(
        tuple(
            replace(check, value=float(f"{check.value:.2g}")) if isfinite(check.value) else check
            for check in diagnostics.checks
        )
    )


def _rounded_answers(found: Sensitivity, edition: Edition) -> Sensitivity:
    """A question about settings with its answers rounded; its finding is made from them."""
    answers = tuple(replace(each, result=_public(each.result, edition)) for each in found.alternatives)
    return replace(found, baseline=_public(found.baseline, edition), alternatives=answers, sentence="")


def _any_withheld(found: Sensitivity) -> bool:
    """Whether an answer of a question is by a model whose number is not in the edition."""
    results = (found.baseline, *(each.result for each in found.alternatives))
    return any(isinstance(result, NotEstimable) and result.reason.startswith(_WITHHELD) for result in results)


def _left_out(findings: Findings, results: Mapping[str, Result], stay: Mapping[Question, Sensitivity]) -> Iterator[str]:
    """What is not in the edition, and why."""
    yield (
        "The saved models: their draws have all their digits, and with the seed whoever tries tables until one gives "
        "the same draws has found the table."
    )
    for label, result in results.items():
        if isinstance(result, NotEstimable) and isinstance(findings.results[label], Estimate):
            yield f"The number of the model “{label}”: {result.reason.removeprefix(_WITHHELD)}"
    gone = [question for question in findings.sensitivities if question not in stay]
    figures = dict.fromkeys(f"{question.figure:,.0f}" for question in gone if question.figure is not None)
    named = [question.key for question in gone if question.figure is None]
    named += [f"what would explain {', '.join(figures)}"] if figures else []
    if gone:
        yield (
            f"The questions {', '.join(named)}: their answers are numbers of other tables of the same people, name "
            "numbers of people, or give them back."
        )
    if any(isinstance(result, Estimate) and result.fit for result in findings.results.values()):
        yield "Whether each model fits the lists: its p-values and residuals are made from the cells of the table."
    if findings.strata:
        yield "The numbers by stratum: a stratum has fewer people, and its numbers give small cells of the table back."
    yield "The checksum of the table: a guessed table could be confirmed by it."
