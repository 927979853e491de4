"""What a number rests on, and what one change does to it, in words that need no statistics: for page one alone.

Everywhere else a report gives the model's own sentences, in the words of the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from estimation.report.wording import percent, persons
from estimation.results.estimates import Estimate
from estimation.sensitivity.alternatives import Alternative
from estimation.study.findings import Findings
from estimation.study.questions import Question

__all__ = ["assumption_in_plain_english", "change_in_plain_english"]

_INDEPENDENT = "being on one of the two lists does not make a person more or less likely to be on the other"
_GROUPS = (
    "people fall into a few groups, which we cannot observe; that within a group being on one list does not make a "
    "person more or less likely to be on another; and that the people on no list belong to the same groups"
)
_PATTERN = (
    "the lists overlap in a way that a pattern among many can describe, and that the overlap of all lists at once "
    "holds no surprise"
)
_ASSUMPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "lincoln-petersen": _INDEPENDENT,
        "chapman": _INDEPENDENT,
        "sample-coverage": (
            "where some pairs of lists share more people than chance alone would give, other pairs share fewer, so "
            "that on average it evens out"
        ),
        "log-linear-select": f"{_PATTERN}; the pattern that fits best is taken",
        "log-linear-average": f"{_PATTERN}; the better a pattern fits, the more it counts",
        "bayesian-log-linear-average": f"{_PATTERN}; the better a pattern fits, the more it counts",
        "sparse": "only certain pairs of lists hang together, and that the table shows which",
        "decomposable": (
            "what links the lists is a simple network in which at least two lists have no direct link; "
            "every such network is tried, and the better it fits, the more it counts"
        ),
        "bayesian-log-linear": "lists may hang together in pairs, but not three or more in a way of their own",
        "latent-class": _GROUPS,
        "latent-class-pymc": _GROUPS,
    }
)
"""How "We assume that" goes on, by the name of a model whose assumption is the same under all its settings."""

_PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "leave_one_list_out": "{}",
        "subsets": "With {} alone",
        "merge_two_lists": "With {}",
    }
)
"""How the label of an answer begins a sentence, by the key of its question; otherwise it is a setting."""


def assumption_in_plain_english(result: Estimate) -> str:
    """What makes the number estimable, as a sentence for a judge or a journalist.

    A model whose assumption depends on its settings, or that is not one of this package, speaks for itself.
    """
    plain = _ASSUMPTIONS.get(result.model)
    sentence = f"The model assumes: {result.assumptions[0]}" if plain is None else f"We assume that {plain}."
    return sentence if sentence.endswith(".") else f"{sentence}."


def change_in_plain_english(findings: Findings, question: Question, alternative: Alternative) -> str:
    """What was changed, as the beginning of a sentence that ends with the number it gives."""
    if question.key == "one_inflation" and not isinstance(alternative.value, tuple):
        singles = int(findings.table.frequencies[0])
        return (
            f"If {persons(alternative.value)} people and not {persons(singles)} were on one list only, as those on two "
            "and three lists would make one expect"
        )
    ratios = findings.study.questions.odds_ratio
    if question.key == "odds_ratio" and ratios is not None and not isinstance(alternative.value, tuple):
        first, second = ratios.pair
        likelier = "more" if alternative.value > 1 else "less"
        odds = f"an odds ratio of {alternative.value:g}"
        return f"If people on {first} were {likelier} likely to be on {second} too ({odds})"
    if question.key == "linkage_error" and isinstance(alternative.value, tuple):
        false, missed = alternative.value
        wrong = [f"{percent(false)} of the matches between the lists were false"] if false else []
        wrong += [f"{percent(missed)} of the true matches were missed"] if missed else []
        return f"If {' and '.join(wrong) or 'all matches were right'}"
    phrase = _PHRASES.get(question.key, "With another setting ({})").format(alternative.label)
    return f"{phrase[:1].upper()}{phrase[1:]}"
