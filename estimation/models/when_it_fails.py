"""When each model fails: which way its number goes where what it assumes does not hold, in a sentence for a reader."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from estimation.text.languages import sentence

__all__ = ["WHEN_IT_FAILS"]

_TWO_LISTS = sentence(
    "Where people on one list are more often on the other than by chance, it is too low; where they avoid each other, "
    "too high."
)
_HIERARCHICAL = sentence(
    "Where all lists depend on each other at once, or people differ strongly in how easily they are recorded, its "
    "interval can miss the number however many people are on the lists."
)
_CLASSES = sentence(
    "Where people whom no list would ever record are many, or the lists say little of hidden groups, the answer is "
    "mostly the prior."
)
_PAIRS = sentence(
    "Where three lists or more depend on each other beyond their pairs, its interval can miss the number, mostly from "
    "below."
)

WHEN_IT_FAILS: Mapping[str, str] = MappingProxyType(
    {
        "lincoln-petersen": _TWO_LISTS,
        "chapman": _TWO_LISTS,
        "chao": sentence(
            "It is a lower bound where people differ in how easily they are recorded; where lists avoid each other, or "
            "differ much in size, not even that."
        ),
        "sample-coverage": sentence(
            "Where most pairs of lists depend on each other in the same direction, it is too low; with little overlap "
            "it is a bound at best."
        ),
        "log-linear": sentence(
            "Where an interaction that is left out is there, it is too low or too high, and its interval does not show "
            "it."
        ),
        "log-linear-select": _HIERARCHICAL,
        "log-linear-average": _HIERARCHICAL,
        "sparse": sentence(
            "Where a pair of lists depends too weakly for the test to find it in a small table, its interval is too "
            "short."
        ),
        "bayesian-log-linear-average": _HIERARCHICAL,
        "heterogeneity": sentence(
            "Where people differ otherwise than by the shape that was chosen, it can be far off; forms that fit alike "
            "give numbers that lie far apart."
        ),
        "robust-range": sentence(
            "It covers the families that it spans and no others: where each of them is wrong, the range can miss the "
            "number, too."
        ),
        "nhoi": sentence(
            "Where the interaction of all lists is not the number that was stated, it is wrong by a factor that no "
            "table shows."
        ),
        "decomposable": sentence(
            "Where people differ in how easily they are recorded, or every list depends on every other, it is mostly "
            "too low."
        ),
        "latent-class": _CLASSES,
        "latent-class-pymc": _CLASSES,
        "bayesian-log-linear": _PAIRS,
        "pairwise-prior": _HIERARCHICAL,
        "doubly-robust": sentence(
            "Where people with the same covariates still differ, it is too low; with few people and many covariates "
            "its interval is too short."
        ),
    }
)
"""By the name of the model."""
