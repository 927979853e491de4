"""The part of a report with the same question asked again, one thing changed: each question with all its answers."""

from __future__ import annotations

from estimation.report import explorer, wording
from estimation.report.document import Block, Bullets, Paragraph, Part, Section, Table
from estimation.report.figures import sensitivity_figure
from estimation.report.wording import persons, share
from estimation.results.estimates import NotEstimable
from estimation.sensitivity.alternatives import Sensitivity
from estimation.study.findings import Findings
from estimation.study.questions import Question
from estimation.study.study_file import LEVEL

__all__ = ["one_thing_changed"]

_MOST_ROWS = 16
"""Answers of one question that a page has room for."""


def one_thing_changed(findings: Findings) -> Section | None:
    """The same question with one thing changed, for each question of the study; None when it asks none."""
    questions = [question for question in findings.sensitivities if question.kind != "figure"]
    if not questions:
        return None
    gone = "" if findings.edition is None else " Questions that a public edition leaves out are named below."
    opening = Paragraph(
        "Each of these changes one thing and leaves everything else as it is. Every answer is here, convenient or not; "
        f"the file sensitivity.csv has them all.{gone}"
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
    answers = (
        ("Baseline", found.baseline),
        *((wording.sentence_case(a.label), a.result) for a in found.alternatives),
    )
    refused = tuple(f"{label}: {result.reason}" for label, result in answers if isinstance(result, NotEstimable))
    is_same = len({result.n_observed for _, result in answers}) == 1
    columns = ("Changed", "Estimate", "Lower", "Upper", *(() if is_same else ("Observed",)))
    rows = tuple(
        (label, wording.figure(r), wording.lower(r), wording.upper(r), persons(r.n_observed))[: len(columns)]
        for label, r in answers
    )
    align = "l" + "r" * (len(columns) - 1)
    caption = f"The estimates, in persons, with the {share(LEVEL)} interval."
    table = Table(caption, columns, align, rows, marked=0, is_folded=True)
    return (table, Paragraph("Not estimable, and why:"), Bullets(refused)) if refused else (table,)
