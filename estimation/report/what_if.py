"""The parts of a report about what would change the number: each question with its answers, and what others claim."""

from __future__ import annotations

from collections.abc import Mapping

from estimation.claims import probability_at_least
from estimation.report import explorer, wording
from estimation.report.document import Block, Bullets, Paragraph, Section, Table
from estimation.report.figures import claims_figure, sensitivity_figure
from estimation.report.wording import persons, share
from estimation.results.estimates import NotEstimable
from estimation.sensitivity.alternatives import Sensitivity
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL

__all__ = ["claimed", "questions", "stated"]

_MOST_ROWS = 16
"""Answers of one question that a page has room for."""

_CERTAIN = 0.001
"""A probability below it, or as near to 1, is told as a bound."""


def questions(findings: Findings) -> Section | None:
    """The same question with one thing changed, for each question of the study; None when it asks none."""
    asked = {question: found for question, found in findings.sensitivities.items() if question.kind != "figure"}
    if not asked:
        return None
    blocks: list[Block] = [
        Paragraph(
            "Each of these changes one thing and leaves everything else as it is. Every answer is here, convenient or "
            "not; the file sensitivity.csv has them all."
        )
    ]
    for question, found in asked.items():
        blocks += [
            Paragraph(found.question, "title"),
            Paragraph(f"Asked of: {found.baseline.title}. {found.finding}"),
            sensitivity_figure(findings, question),
            *explorer.curve(question, found),
            *_rows(found),
        ]
    return Section("The same question with one thing changed", tuple(blocks))


def _rows(found: Sensitivity) -> tuple[Block, ...]:
    """The answers of one question as a table; none where the chart has them all, or has to do because of many."""
    if len(found.alternatives) > _MOST_ROWS or isinstance(found.alternatives[0].value, tuple):
        return ()
    answers = (
        ("As it is", found.baseline),
        *((wording.sentence_case(a.label), a.result) for a in found.alternatives),
    )
    refused = tuple(f"{label}: {result.reason}" for label, result in answers if isinstance(result, NotEstimable))
    is_same = len({result.n_observed for _, result in answers}) == 1
    columns = ("Changed", "Number", "Lower", "Upper", *(() if is_same else ("Observed",)))
    rows = tuple(
        (label, wording.figure(r), wording.lower(r), wording.upper(r), persons(r.n_observed))[: len(columns)]
        for label, r in answers
    )
    align = "l" + "r" * (len(columns) - 1)
    table = Table(f"The answers, in persons, with the {share(LEVEL)} interval.", columns, align, rows, marked=0)
    return (table, Paragraph("Not estimable, and why:"), Bullets(refused)) if refused else (table,)


def stated(findings: Findings) -> Section | None:
    """What would have to hold for each number that somebody states; None when the study asks about none."""
    asked = {question: found for question, found in findings.sensitivities.items() if question.kind == "figure"}
    if not asked:
        return None
    rows = tuple(
        (persons(question.figure or 0), wording.sentence_case(question.explanation or ""), found.finding)
        for question, found in asked.items()
    )
    return Section(
        "What would have to hold for a stated number",
        (
            Paragraph(
                "For each number that somebody states, by each explanation: how strongly lists would have to depend on "
                "each other, how many people would have to be out of reach of every list, or how many matches between "
                "lists would have to be wrong. None of these is known from the lists; whether one is plausible has to "
                "be argued from how the lists were made."
            ),
            Table(
                "What it would take.",
                ("Stated (persons)", "Explanation", "What would have to hold"),
                "lll",
                rows,
            ),
        ),
    )


def claimed(findings: Findings) -> Section | None:
    """What others say the number is, and how probable at least that is; None when the study names no claims."""
    claims = findings.study.claims
    if not claims:
        return None
    blocks: list[Block] = [
        Paragraph(
            "What others have said the number is, each with its source. None of these was used to make a number of "
            "this study. A list counts names or cases one by one; a total is asserted or extrapolated."
        ),
        Table(
            "Claims, in persons.",
            ("Who", "When", "Kind", "Figure", "In words"),
            "lllrl",
            tuple((c.who, c.when, c.kind, c.figure_text, c.words) for c in claims),
        ),
    ]
    if any(claim.figure is not None for claim in claims):
        blocks.append(claims_figure(findings))
    probabilities = {
        claim.label: probability_at_least(claim.figure, findings.results) for claim in claims if claim.figure
    }
    models = [label for label in findings.results if any(p[label] is not None for p in probabilities.values())]
    if models:
        blocks.append(_probabilities(findings, probabilities, models))
    blocks += [Paragraph("Where the claims can be read:"), Bullets(tuple(f"{c.label}: {c.citation}" for c in claims))]
    return Section("What others say the number is", tuple(blocks))


def _probabilities(
    findings: Findings, probabilities: Mapping[str, Mapping[str, float | None]], models: list[str]
) -> Table:
    """How probable at least each claimed number is, a row for each model."""
    numbered = [claim for claim in findings.study.claims if claim.figure is not None]
    return Table(
        "Probability that the number is at least the claim's, under each model that gives a probability, if the "
        "model's assumptions hold.",
        ("Model", *(f"At least {persons(c.figure or 0)}" for c in numbered)),
        "l" + "r" * len(numbered),
        tuple((label, *(_chance(probabilities[c.label][label]) for c in numbered)) for label in models),
        marked=models.index(findings.study.headline) if findings.study.headline in models else None,
    )


def _chance(probability: float | None) -> str:
    """A probability as it is read: none is called certain."""
    if probability is None:
        return "–"
    if _CERTAIN <= probability <= 1 - _CERTAIN:
        return f"{100 * probability:.1f} %"
    return f"under {100 * _CERTAIN:g} %" if probability < _CERTAIN else f"over {100 - 100 * _CERTAIN:g} %"
