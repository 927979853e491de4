"""Numbers and results in the language of page one, by the rules of `estimation.report.wording`."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from estimation.results.estimates import Estimate, Result
from estimation.results.rounding import Rounded, rounded
from estimation.study.study_file import LEVEL
from estimation.text.languages import Language, language, sentence

__all__ = [
    "ENGLISH",
    "about",
    "begun",
    "ended",
    "interval_text",
    "percent",
    "percents",
    "persons",
    "quoted",
]

ENGLISH = language("en", "report")

_NEARLY_NONE = 0.01
"""A probability below it, or as near to 1, is given as a bound."""

_INTERVALS = {
    "credible": sentence("{level} credible interval {lower} to {upper}"),
    "confidence": sentence("{level} confidence interval {lower} to {upper}"),
    "one-sided confidence": sentence("{level} one-sided confidence interval {lower} to {upper}"),
    "range across families": sentence("{level} range across families {lower} to {upper}"),
}


def persons(language: Language, value: float) -> str:
    """A number of persons: whole, with thousands separators; words where there is no number.

    Examples
    --------
    >>> persons(ENGLISH, 10408.4), persons(ENGLISH, float("inf"))
    ('10,408', 'no limit')
    """
    return language.number(value) if isfinite(value) else language.say("no limit")


def percent(language: Language, probability: float) -> str:
    """A probability or a share as a whole percentage; none is called certain.

    Examples
    --------
    >>> percent(ENGLISH, 0.114), percent(ENGLISH, 0.0004), percent(ENGLISH, 0.9999)
    ('11 %', 'less than 1 %', 'more than 99 %')
    """
    if probability < _NEARLY_NONE:
        return language.say("less than {share}", {"share": language.percentage(round(100 * _NEARLY_NONE))})
    if probability > 1 - _NEARLY_NONE:
        return language.say("more than {share}", {"share": language.percentage(round(100 - 100 * _NEARLY_NONE))})
    return language.percentage(int(f"{100 * probability:.0f}"))


def percents(language: Language, probabilities: Sequence[float]) -> str:
    """The least and the largest of some probabilities.

    Examples
    --------
    >>> percents(ENGLISH, [0.47, 0.985, 0.65]), percents(ENGLISH, [0.2])
    ('47 % to 98 %', '20 %')
    """
    least, most = percent(language, min(probabilities)), percent(language, max(probabilities))
    return least if least == most else language.say("{low} to {high}", {"low": least, "high": most})


def about(language: Language, result: Result) -> str:
    """The number of a result, rounded by the rule for headlines, or that there is none.  Unit: persons."""
    if not isinstance(result, Estimate):
        return language.say("not estimable")
    people = persons(language, rounded(result, LEVEL).point)
    return language.say("at least {people}", {"people": people}) if result.is_lower_bound else people


def interval_text(language: Language, number: Rounded) -> str:
    """The interval of a headline as it is read, with its level and kind."""
    ends = {
        end: language.number(value) if isfinite(value) else language.say("no upper limit")
        for end, value in (("lower", number.lower), ("upper", number.upper))
    }
    return language.say(_INTERVALS[number.kind], {"level": language.percentage(round(100 * number.level)), **ends})


def quoted(language: Language, name: str) -> str:
    """A name in the quotation marks of the language."""
    return language.say("“{name}”", {"name": name})


def begun(text: str) -> str:
    """A sentence with a capital at its beginning, in a script that has capitals."""
    return text[:1].upper() + text[1:]


def ended(text: str) -> str:
    """A text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?", "؟")) else f"{text}."
