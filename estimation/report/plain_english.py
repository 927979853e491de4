"""What a number rests on, and what one change does to it, in words that need no statistics: for page one alone.

Everywhere else a report gives the model's own sentences, in the words of the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, combinations
from types import MappingProxyType

from estimation.report.in_language import ENGLISH, begun, ended, percent, persons
from estimation.results.estimates import Estimate
from estimation.sensitivity.alternatives import Alternative
from estimation.study.findings import Findings
from estimation.study.questions import Question
from estimation.text.languages import Language, sentence

__all__ = ["assumption_in_plain_english", "change_in_plain_english"]

_INDEPENDENT = sentence(
    "We assume that being on one of the two lists does not make a person more or less likely to be on the other."
)
_GROUPS = sentence(
    "We assume that people fall into a few groups, which we cannot observe; that within a group being on one list does "
    "not make a person more or less likely to be on another; and that the people on no list belong to the same groups."
)
_ONE_PATTERN = sentence(
    "We assume that the lists overlap in a way that a pattern among many can describe, and that the overlap of all "
    "lists at once holds no surprise; the pattern that fits best is taken."
)
_MANY_PATTERNS = sentence(
    "We assume that the lists overlap in a way that a pattern among many can describe, and that the overlap of all "
    "lists at once holds no surprise; the better a pattern fits, the more it counts."
)
_ASSUMPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "lincoln-petersen": _INDEPENDENT,
        "chapman": _INDEPENDENT,
        "sample-coverage": sentence(
            "We assume that where some pairs of lists share more people than chance alone would give, other pairs "
            "share fewer, so that on average it evens out."
        ),
        "log-linear-select": _ONE_PATTERN,
        "log-linear-average": _MANY_PATTERNS,
        "bayesian-log-linear-average": _MANY_PATTERNS,
        "sparse": sentence("We assume that only certain pairs of lists hang together, and that the table shows which."),
        "decomposable": sentence(
            "We assume that what links the lists is a simple network in which at least two lists have no direct link; "
            "every such network is tried, and the better it fits, the more it counts."
        ),
        "bayesian-log-linear": sentence(
            "We assume that lists may hang together in pairs, but not three or more in a way of their own."
        ),
        "pairwise-prior": sentence(
            "We assume that two lists hang together about as strongly as two lists did in published studies, but not "
            "three or more in a way of their own."
        ),
        "latent-class": _GROUPS,
        "latent-class-pymc": _GROUPS,
    }
)
"""The sentence of a model whose assumption is the same under all its settings, by its name."""


def assumption_in_plain_english(result: Estimate, language: Language = ENGLISH) -> str:
    """What makes the number estimable, as a sentence for a judge or a journalist, or the same in their language.

    A model whose assumption depends on its settings, or that is not one of this package, speaks for itself.
    """
    plain = _ASSUMPTIONS.get(result.model)
    if plain is None:
        return language.say("The model assumes: {assumption}", {"assumption": ended(result.assumptions[0])})
    return language.say(plain)


def change_in_plain_english(
    findings: Findings, question: Question, alternative: Alternative, language: Language = ENGLISH
) -> str:
    """What was changed, as the beginning of a sentence that ends with the number it gives."""
    say, ratios = language.say, findings.study.questions.odds_ratio
    if question.key == "one_inflation" and not isinstance(alternative.value, tuple):
        singles = int(findings.table.frequencies[0])
        return say(
            "If {people} people and not {singles} were on one list only, as those on two and three lists would make "
            "one expect",
            {"people": persons(language, alternative.value), "singles": persons(language, singles)},
        )
    if question.key == "odds_ratio" and ratios is not None and not isinstance(alternative.value, tuple):
        first, second = ratios.pair
        values = {"first": first, "second": second, "ratio": language.in_digits(f"{alternative.value:g}")}
        if alternative.value > 1:
            return say("If people on {first} were more likely to be on {second} too (an odds ratio of {ratio})", values)
        return say("If people on {first} were less likely to be on {second} too (an odds ratio of {ratio})", values)
    if question.key == "linkage_error" and isinstance(alternative.value, tuple):
        return _linkage_errors(*alternative.value, language)
    names = _lists_of(findings, question, alternative)
    if question.key == "leave_one_list_out" and names:
        return say("Without {list}", {"list": names[0]})
    if question.key == "merge_two_lists" and names:
        return say("With {first} and {second} merged", {"first": names[0], "second": names[1]})
    if question.key == "subsets" and names:
        return say("With {lists} alone", {"lists": language.enumerated(names)})
    return begun(say("With another setting ({label})", {"label": alternative.label}))


def _linkage_errors(false: float, missed: float, language: Language) -> str:
    """How many matches were wrong, where some were."""
    say, rates = language.say, {"false": percent(language, false), "missed": percent(language, missed)}
    if false and missed:
        return say(
            "If {false} of the matches between the lists were false and {missed} of the true matches were missed", rates
        )
    if false:
        return say("If {false} of the matches between the lists were false", {"false": rates["false"]})
    if missed:
        return say("If {missed} of the true matches were missed", {"missed": rates["missed"]})
    return say("If all matches were right")


def _lists_of(findings: Findings, question: Question, alternative: Alternative) -> tuple[str, ...]:
    """The lists that one answer of a question about lists is about; none where that cannot be told."""
    lists, n = findings.table.lists, len(findings.table.lists)
    by_key: dict[str, list[tuple[str, ...]]] = {
        "leave_one_list_out": [(name,) for name in lists],
        "merge_two_lists": list(combinations(lists, 2)),
        "subsets": list(chain.from_iterable(combinations(lists, size) for size in range(n - 1, 0, -1))),
    }
    choices = by_key.get(question.key, [])
    answers = findings.sensitivities[question].alternatives
    at = next((at for at, answer in enumerate(answers) if answer is alternative), len(choices))
    return choices[at] if at < len(choices) else ()
