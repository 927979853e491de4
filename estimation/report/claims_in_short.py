"""What page one says of each total that others state: how probable at least so many are, and what it would take."""

from __future__ import annotations

from math import inf, log

from estimation.claims import Claim, probability_at_least
from estimation.report.document import Paragraph, Section
from estimation.report.in_language import ENGLISH, percent, percents, persons
from estimation.results.estimates import Estimate, NotEstimable
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL
from estimation.text.languages import Language

__all__ = ["claims_in_short"]

_MOST = 3
"""Claims that page one has room for."""


def claims_in_short(findings: Findings, language: Language = ENGLISH) -> tuple[Section, ...]:
    """A section for each claimed total and each figure of the study; the farthest from the number where they are many.

    Parameters
    ----------
    findings : Findings
        What was found.
    language : Language
        What it is said in.
    """
    claims = [claim for claim in findings.study.claims if claim.kind == "total" and claim.figure is not None]
    claimed = {end for claim in claims for end in (claim.figure, claim.to) if end}
    figures = [figure for figure in findings.study.figures if figure not in claimed]
    written = [
        *(
            (float(claim.figure or 0), _heading(claim, language), _of_claim(findings, claim, language))
            for claim in claims
        ),
        *(
            (
                figure,
                language.say("The figure of {people}", {"people": persons(language, figure)}),
                _of_figure(findings, figure, language),
            )
            for figure in figures
        ),
    ]
    farthest = sorted(written, key=lambda each: _distance(findings, each[0]), reverse=True)[:_MOST]
    return tuple(Section(each[1], (Paragraph(each[2]),)) for each in written if each in farthest)


def _distance(findings: Findings, figure: float) -> float:
    result = findings.headline
    return inf if isinstance(result, NotEstimable) or result.median <= 0 else abs(log(figure / result.median))


def _heading(claim: Claim, language: Language) -> str:
    """The number that is claimed, or its range."""
    ends = [persons(language, end) for end in (claim.figure, claim.to) if end is not None]
    stated = language.say("{low} to {high}", {"low": ends[0], "high": ends[1]}) if len(ends) > 1 else ends[0]
    return language.say("The claim of {people}", {"people": stated})


def _of_claim(findings: Findings, claim: Claim, language: Language) -> str:
    """Who states it, and what there is to say of each end of its range."""
    ends = [float(end) for end in (claim.figure, claim.to) if end is not None]
    source = language.say("Source: {who}, {when}.", {"who": claim.who, "when": claim.when})
    return " ".join([source, *(_of_figure(findings, end, language) for end in ends)])


def _of_figure(findings: Findings, figure: float, language: Language) -> str:
    """How probable at least so many people are, and what it would take."""
    sentences = (_probability(findings, figure, language), _takes(findings, figure, language))
    return " ".join(sentence for sentence in sentences if sentence)


def _probability(findings: Findings, figure: float, language: Language) -> str:
    """The probability of at least so many, under the headline's model and under the others."""
    probabilities = probability_at_least(figure, findings.results)
    own = probabilities[findings.study.headline]
    others = [p for label, p in probabilities.items() if p is not None and label != findings.study.headline]
    values = {"people": persons(language, figure)}
    if own is not None and others:
        return language.say(
            "The probability that the number is at least {people} is {own} under this model and {others} under the "
            "others.",
            {**values, "own": percent(language, own), "others": percents(language, others)},
        )
    if own is not None:
        return language.say(
            "The probability that the number is at least {people} is {own} under this model.",
            {**values, "own": percent(language, own)},
        )
    against = _against_interval(findings.headline, figure, language)
    if not others:
        return against
    under = language.say(
        "The probability that the number is at least {people} is {others} under the models that give one.",
        {**values, "others": percents(language, others)},
    )
    return f"{against} {under}".strip()


def _against_interval(result: Estimate | NotEstimable, figure: float, language: Language) -> str:
    """Where a figure lies against an interval that is no statement of probability."""
    if isinstance(result, NotEstimable):
        return ""
    say, people = language.say, {"people": persons(language, figure)}
    if result.is_lower_bound:
        if figure < result.median:
            return say("{people} lies below the lower bound.", people)
        return say("A lower bound says nothing against {people}.", people)
    interval = result.interval(LEVEL)
    if figure < interval.lower:
        return say("{people} lies below the interval of this model.", people)
    if figure > interval.upper:
        return say("{people} lies above the interval of this model.", people)
    return say("{people} lies inside the interval of this model.", people)


def _takes(findings: Findings, figure: float, language: Language) -> str:
    """What the headline's model says it would take: people whom no list could record."""
    result, people = findings.headline, persons(language, figure)
    explanations = [
        found
        for question, found in findings.sensitivities.items()
        if question.figure == figure and question.explanation == "zero capture probability"
    ]
    if not explanations or isinstance(result, NotEstimable) or result.is_lower_bound:
        return ""
    if result.median >= figure:
        return language.say("The estimate of this model already reaches {people}.", {"people": people})
    share = explanations[0].alternatives[0].value
    assert isinstance(share, float)
    return language.say(
        "The number would be {people} if {share} of all people could not be on any list (zero capture probability).",
        {"people": people, "share": percent(language, share)},
    )
