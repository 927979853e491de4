"""The part of a report with the same question asked again, one thing changed: each question with all its answers."""

from __future__ import annotations

from dataclasses import replace

from estimation.report import explorer, wording
from estimation.report.document import Block, Bullets, Paragraph, Part, Section, Table
from estimation.report.figures import sensitivity_figure
from estimation.report.wording import persons, share
from estimation.results.estimates import Estimate, NotEstimable
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.study.findings import Findings
from estimation.study.questions import Question
from estimation.study.study_file import LEVEL

__all__ = ["ON_ONE_DRAW", "one_thing_changed"]

ON_ONE_DRAW = (
    "Who is the same person is not certain, and the reported estimates are pooled over draws of it. These answers, and "
    "the baseline beside them, are about the table of one draw in the middle: they say by how much a change moves the "
    "number, and their intervals leave out what the linkage contributes."
)
"""What a table of one draw stands for, where lists were linked."""

_MOST_ROWS = 16
"""Answers of one question that a page has room for."""


def one_thing_changed(findings: Findings) -> Section | None:
    """The same question with one thing changed, for each question of the study; None when it asks none."""
    questions = [question for question in findings.sensitivities if question.kind != "figure"]
    if not questions:
        return None
    gone = "" if findings.edition is None else " Questions that a public edition leaves out are named below."
    drawn = "" if findings.linked is None else f" {ON_ONE_DRAW}"
    opening = Paragraph(
        "Each of these changes one thing and leaves everything else as it is. Every answer is here, convenient or not; "
        f"the file sensitivity.csv has them all.{gone}{drawn}"
    )
    return Section("Sensitivity: one thing changed", (opening, *(_part(findings, question) for question in questions)))


def _part(findings: Findings, question: Question) -> Part:
    found = findings.sensitivities[question]
    blocks = (
        Paragraph(found.finding),
        sensitivity_figure(findings, question),
        *explorer.curve(question, found),
        *_rows(found),
    )
    return Part(found.question, blocks)


def _rows(found: Sensitivity) -> tuple[Block, ...]:
    """The answers of one question as a table; none where the chart has them all, or has to do because of many."""
    if len(found.alternatives) > _MOST_ROWS or isinstance(found.alternatives[0].value, tuple):
        return ()
    answers = [replace(each, label=wording.sentence_case(each.label)) for each in found.alternatives]
    answers.insert(0, Alternative("Baseline", found.baseline_value, found.baseline))
    refused = tuple(f"{a.label}: {a.result.reason}" for a in answers if isinstance(a.result, NotEstimable))
    is_same = len({a.result.n_observed for a in answers}) == 1
    is_exact = all(round(a.monte_carlo_error) < 1 for a in answers)
    observed, errors = () if is_same else ("Observed",), () if is_exact else ("Monte Carlo error",)
    columns = ("Changed", "Estimate", "Lower", "Upper", *observed, *errors)
    rows = tuple(
        (
            *(a.label, wording.figure(a.result), wording.lower(a.result), wording.upper(a.result)),
            *(() if is_same else (persons(a.result.n_observed),)),
            *(() if is_exact else (persons(a.monte_carlo_error) if isinstance(a.result, Estimate) else "",)),
        )
        for a in answers
    )
    align = "l" + "r" * (len(columns) - 1)
    caption = f"The estimates, in persons, with the {share(LEVEL)} interval."
    table = Table(caption, columns, align, rows, marked=0, is_folded=True)
    return (table, Paragraph("Not estimable, and why:"), Bullets(refused)) if refused else (table,)
