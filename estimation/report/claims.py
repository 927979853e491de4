"""The parts of a report about figures by others: what would explain each, what is published, what is claimed."""

from __future__ import annotations

from collections.abc import Mapping

from estimation.claims import Claim, probability_at_least
from estimation.report import wording
from estimation.report.document import Block, Bullets, Paragraph, Section, Table
from estimation.report.figures import claims_figure
from estimation.report.sensitivity import ON_ONE_DRAW
from estimation.report.wording import persons
from estimation.results.estimates import Estimate, NotEstimable
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL

__all__ = ["claimed", "explanations", "published"]

_MOST_BESIDE = 8
"""Claimed numbers that can have a column each."""

_NO_VALIDATION = (
    "That an estimate comes near one such figure does not validate it, not even a near-census: models with other "
    "assumptions, and the same model with other priors, may come as near, and one table cannot tell a right assumption "
    "from luck. How often the intervals of a method cover a known truth is what simulation shows."
)

_CERTAIN = 0.001
"""A probability below it, or as near to 1, is given as a bound."""


def explanations(findings: Findings) -> Section | None:
    """What would have to hold for each number that somebody states; None when the study asks about none."""
    questions = {question: found for question, found in findings.sensitivities.items() if question.kind == "figure"}
    if not questions:
        return None
    rows = tuple(
        (persons(question.figure or 0), wording.sentence_case(question.explanation or ""), found.finding)
        for question, found in questions.items()
    )
    totals = findings.study.claimed_totals
    left_out = len(totals) - len(set(totals) & set(findings.study.figures))
    others = (
        f"{persons(left_out)} of the {persons(len(totals))} claimed totals are not asked about here; what the study "
        "names under “figures” is."
    )
    return Section(
        "What would explain a stated number",
        (
            Paragraph(
                "For each number that somebody states, by each explanation: how many people would have to have zero "
                "capture probability, how strongly lists would have to depend on each other, or how many links between "
                "lists would have to be in error. The lists show none of these; whether one is plausible has to be "
                "argued from how the lists were made."
            ),
            *([Paragraph(ON_ONE_DRAW)] if findings.linked is not None else []),
            *([Paragraph(others)] if left_out else []),
            Table("What it would take.", ("Stated (persons)", "Explanation", "What would have to hold"), "lll", rows),
        ),
    )


def published(findings: Findings) -> Section | None:
    """Figures published by others beside the headline; None when the study names none."""
    references, result = findings.study.references, findings.headline
    if not references:
        return None
    rows = []
    for r in references:
        interval = f"{persons(r.lower)} to {persons(r.upper)}" if r.lower is not None and r.upper is not None else "–"
        rows.append((r.label, persons(r.value), interval, _place(result, r.value)))
    return Section(
        "Published figures",
        (
            Table(
                "Figures published by others, in persons; none of them was used to make the numbers of this study.",
                ("Source", "Figure", "Its interval", "Against the headline's interval"),
                "lrll",
                tuple(rows),
            ),
            Bullets(tuple(f"{r.label}: {r.source}" for r in references)),
            Paragraph(_NO_VALIDATION),
        ),
    )


def _place(result: Estimate | NotEstimable, value: float) -> str:
    """Where a figure lies against the interval of the headline."""
    if isinstance(result, NotEstimable):
        return "there is no headline number"
    interval = result.interval(LEVEL)
    if value < interval.lower:
        return "below it"
    return "above it" if value > interval.upper else "inside"


def claimed(findings: Findings) -> Section | None:
    """What others say the number is, and how probable at least that is; None when the study names no claims."""
    claims = findings.study.claims
    if not claims:
        return None
    blocks: list[Block] = [
        Paragraph(
            "What others say the number is, each with its source. None of these was used to make a number of "
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
    probabilities = {claim: probability_at_least(claim.figure, findings.results) for claim in claims if claim.figure}
    models = [label for label in findings.results if any(p[label] is not None for p in probabilities.values())]
    if models:
        blocks.append(_probabilities(findings, probabilities, models))
    blocks += [Paragraph("Where the claims can be read:"), Bullets(tuple(f"{c.label}: {c.citation}" for c in claims))]
    return Section("Claims about the number", tuple(blocks))


def _probabilities(
    findings: Findings, probabilities: Mapping[Claim, Mapping[str, float | None]], models: list[str]
) -> Table:
    """How probable at least each claimed number is: a row a model, or a row a number where there are many."""
    caption = (
        "Probability that the number is at least the claim's, under each model that gives a probability, if the "
        "model's assumptions hold."
    )
    if len(probabilities) > _MOST_BESIDE:
        by_figure = {claim.figure or 0: by_model for claim, by_model in probabilities.items()}
        rows = tuple(
            (persons(figure), *(_probability(by_figure[figure][label]) for label in models))
            for figure in sorted(by_figure)
        )
        return Table(caption, ("At least (persons)", *models), "r" * (1 + len(models)), rows, is_folded=True)
    return Table(
        caption,
        ("Model", *(f"At least {persons(c.figure or 0)}" for c in probabilities)),
        "l" + "r" * len(probabilities),
        tuple((label, *(_probability(by_model[label]) for by_model in probabilities.values())) for label in models),
        marked=models.index(findings.study.headline) if findings.study.headline in models else None,
    )


def _probability(probability: float | None) -> str:
    """A probability as it is read: none is called certain."""
    if probability is None:
        return "–"
    if _CERTAIN <= probability <= 1 - _CERTAIN:
        return f"{100 * probability:.1f} %"
    return f"under {100 * _CERTAIN:g} %" if probability < _CERTAIN else f"over {100 - 100 * _CERTAIN:g} %"
