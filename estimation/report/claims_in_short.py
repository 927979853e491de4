"""What page one says of each total that others state: how probable at least so many are, and what it would take."""

from __future__ import annotations

from math import inf, log

from estimation.claims import Claim, probability_at_least
from estimation.report.document import Paragraph, Section
from estimation.report.wording import percent, percents, persons
from estimation.results.estimates import Estimate, NotEstimable
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL

__all__ = ["claims_in_short"]

_MOST = 3
"""Claims that page one has room for."""


def claims_in_short(findings: Findings) -> tuple[Section, ...]:
    """A section for each claimed total and each figure of the study; the farthest from the number where they are many.

    Parameters
    ----------
    findings : Findings
        What was found.
    """
    claims = [claim for claim in findings.study.claims if claim.kind == "total" and claim.figure is not None]
    claimed = {end for claim in claims for end in (claim.figure, claim.to) if end}
    figures = [figure for figure in findings.study.figures if figure not in claimed]
    written = [
        *(
            (float(claim.figure or 0), f"The claim of {claim.figure_text}", _of_claim(findings, claim))
            for claim in claims
        ),
        *((figure, f"The figure of {persons(figure)}", _of_figure(findings, figure)) for figure in figures),
    ]
    farthest = sorted(written, key=lambda each: _distance(findings, each[0]), reverse=True)[:_MOST]
    return tuple(Section(each[1], (Paragraph(each[2]),)) for each in written if each in farthest)


def _distance(findings: Findings, figure: float) -> float:
    result = findings.headline
    return inf if isinstance(result, NotEstimable) or result.median <= 0 else abs(log(figure / result.median))


def _of_claim(findings: Findings, claim: Claim) -> str:
    """Who states it, and what there is to say of each end of its range."""
    ends = [float(end) for end in (claim.figure, claim.to) if end is not None]
    return f"Source: {claim.who}, {claim.when}. " + " ".join(_of_figure(findings, end) for end in ends)


def _of_figure(findings: Findings, figure: float) -> str:
    """How probable at least so many people are, and what it would take."""
    return " ".join(sentence for sentence in (_probability(findings, figure), _takes(findings, figure)) if sentence)


def _probability(findings: Findings, figure: float) -> str:
    """The probability of at least so many, under the headline's model and under the others."""
    probabilities = probability_at_least(figure, findings.results)
    own = probabilities[findings.study.headline]
    others = [p for label, p in probabilities.items() if p is not None and label != findings.study.headline]
    opening = f"The probability that the number is at least {persons(figure)} is"
    if own is not None:
        rest = f" and {percents(others)} under the others" if others else ""
        return f"{opening} {percent(own)} under this model{rest}."
    against = _against_interval(findings.headline, figure)
    return f"{against} {opening} {percents(others)} under the models that give one.".strip() if others else against


def _against_interval(result: Estimate | NotEstimable, figure: float) -> str:
    """Where a figure lies against an interval that is no statement of probability."""
    if isinstance(result, NotEstimable):
        return ""
    if result.is_lower_bound:
        if figure < result.median:
            return f"{persons(figure)} lies below the lower bound."
        return f"A lower bound says nothing against {persons(figure)}."
    interval = result.interval(LEVEL)
    where = "below" if figure < interval.lower else "above" if figure > interval.upper else "inside"
    return f"{persons(figure)} lies {where} the interval of this model."


def _takes(findings: Findings, figure: float) -> str:
    """What the headline's model says it would take: people whom no list could record."""
    result = findings.headline
    explanations = [
        found
        for question, found in findings.sensitivities.items()
        if question.figure == figure and question.explanation == "zero capture probability"
    ]
    if not explanations or isinstance(result, NotEstimable) or result.is_lower_bound:
        return ""
    if result.median >= figure:
        return f"The estimate of this model already reaches {persons(figure)}."
    share = explanations[0].alternatives[0].value
    assert isinstance(share, float)
    return (
        f"The number would be {persons(figure)} if {percent(share)} of all people could not be on any list (zero "
        "capture probability)."
    )
