"""Sentences that the package makes and the page says in other languages; what is not here is said in English.

A test holds each against what the package says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from estimation.text.languages import sentence

__all__ = ["ASSUMPTIONS", "FAILURES", "REASONS", "places_of"]

ASSUMPTIONS = (
    sentence("The two lists are independent: being on one makes nobody more or less likely to be on the other."),
    sentence(
        "For each person the lists are independent and have that person with the same probability, which may differ "
        "from person to person in any way; this gives a lower bound of the total, not an estimate of it."
    ),
    sentence("The lists are independent on average: the dependence of some pairs balances that of others."),
    sentence("The lists are independent: being on one makes nobody more or less likely to be on another."),
    sentence(
        "The dependence between the lists is the one of all hierarchical log-linear models with the best BIC; in "
        "particular, there is no interaction of all lists."
    ),
    sentence(
        "The dependence between the lists is one of the hierarchical log-linear models, weighted by BIC; in "
        "particular, there is no interaction of all lists."
    ),
    sentence(
        "The lists depend on each other only pair by pair, and only in the pairs that the table shows (p-value at most "
        "0.02)."
    ),
    sentence(
        "The dependence between the lists is one of the hierarchical log-linear models, all equally plausible before "
        "the table is seen; in particular, there is no interaction of all lists."
    ),
    sentence(
        "For each person the lists are independent, and a list has the same effect on everybody's log odds; capture "
        "probabilities may differ between people in any way, so the number is a lower bound and not an estimate of the "
        "total."
    ),
    sentence(
        "Either people are alike and the lists depend on each other as in a hierarchical log-linear model without an "
        "interaction of all lists; or lists depend on each other in pairs, and people differ in how easily they are "
        "recorded, by one of the forms Darroch, Gamma2.5."
    ),
    sentence(
        "There is no interaction of all lists at once: the dependence among all but one of them is the same for those "
        "on the remaining list as for those not on it."
    ),
    sentence(
        "The dependence between the lists follows a decomposable graph in which at least one pair of lists is "
        "independent given the others, for the people on no list as for those on some."
    ),
    sentence(
        "People fall into a few latent classes; within a class the lists are independent, and the people on no list "
        "belong to the same classes as those on some."
    ),
    sentence("There is no interaction of three or more lists, for the people on no list as for everybody else."),
    sentence(
        "There is no interaction of three or more lists, for the people on no list as for everybody else; of two lists "
        "the number rests on what was assumed about them beforehand."
    ),
    sentence("Among all people, there is no interaction of all lists at once; two lists would be independent."),
)
"""What makes the unseen estimable, under each model's default settings."""

FAILURES = (
    sentence(
        "Where people on one list are more often on the other than by chance, it is too low; where they avoid each "
        "other, too high."
    ),
    sentence(
        "Where all lists depend on each other at once, or people differ strongly in how easily they are recorded, its "
        "interval can miss the number however many people are on the lists."
    ),
    sentence(
        "Where people whom no list would ever record are many, or the lists say little of hidden groups, the answer is "
        "mostly the prior."
    ),
    sentence(
        "Where three lists or more depend on each other beyond their pairs, its interval can miss the number, mostly "
        "from below."
    ),
    sentence(
        "It is a lower bound where people differ in how easily they are recorded; where lists avoid each other, or "
        "differ much in size, not even that."
    ),
    sentence(
        "Where most pairs of lists depend on each other in the same direction, it is too low; with little overlap it "
        "is a bound at best."
    ),
    sentence(
        "Where an interaction that is left out is there, it is too low or too high, and its interval does not show it."
    ),
    sentence(
        "Where a pair of lists depends too weakly for the test to find it in a small table, its interval is too short."
    ),
    sentence(
        "Where people differ otherwise than by the shape that was chosen, it can be far off; forms that fit alike give "
        "numbers that lie far apart."
    ),
    sentence(
        "It covers the families that it spans and no others: where each of them is wrong, the range can miss the "
        "number, too."
    ),
    sentence(
        "Where the interaction of all lists is not the number that was stated, it is wrong by a factor that no table "
        "shows."
    ),
    sentence(
        "Where people differ in how easily they are recorded, or every list depends on every other, it is mostly too "
        "low."
    ),
    sentence(
        "Where people with the same covariates still differ, it is too low; with few people and many covariates its "
        "interval is too short."
    ),
)
"""When each model fails (`estimation.models.when_it_fails`)."""

REASONS = (
    sentence("list"),
    sentence("count"),
    sentence("id"),
    sentence("label"),
    sentence("history"),
    sentence("source"),
    sentence("set aside"),
    sentence("dropped list"),
    sentence("row names"),
    sentence("number of lists"),
    sentence("replicate"),
    sentence("its name"),
    sentence("declared"),
    sentence("nothing is known of it"),
    sentence("0 and 1, or two words for them"),
    sentence("credible"),
    sentence("confidence"),
    sentence("range across families"),
)
"""What columns were taken for and why, and the kinds of intervals."""

_PEOPLE = r"(?P<people>[\d,]+) people \(95 % "
_ENDS = r" interval (?P<lower>[\d,]+) to (?P<upper>[\d,]+|no upper limit)\); (?P<observed>[\d,]+) observed$"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(rf"^about {_PEOPLE}credible{_ENDS}"),
        sentence("about {people} people (95 % credible interval {lower} to {upper}); {observed} observed"),
    ),
    (
        re.compile(rf"^about {_PEOPLE}confidence{_ENDS}"),
        sentence("about {people} people (95 % confidence interval {lower} to {upper}); {observed} observed"),
    ),
)


def places_of(text: str) -> tuple[str, Mapping[str, str]] | None:
    """The sentence of which a text is an instance, and what stands in its places; None where it is none that is known.

    Examples
    --------
    >>> places_of("about 120 people (95 % credible interval 70 to 270); 66 observed")[1]["lower"]
    '70'
    """
    for pattern, english in _PATTERNS:
        if found := pattern.match(text):
            return english, found.groupdict()
    return None
