"""The values that a curve runs over where none are given, and the values known from elsewhere to mark on it.

Odds ratios of two lists: 0.25 to 16, which holds the prior of the library of published studies
(`estimation.priors.population_dependence`, 0.26 to 13).  Interactions of all lists: 0.25 to 10; published studies imply
0.7 to 9.5, triples of lists within a fourth 0.4 to 1.2, and the two studies in which N is known 2.1 and 3.8.
"""

from __future__ import annotations

from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.priors.known_values import KnownValue, known_interactions

__all__ = ["INTERACTIONS", "ODDS_RATIOS", "known_values_of", "values_of_setting"]

ODDS_RATIOS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Odds ratios theta of two lists."""

INTERACTIONS = (0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
"""Interactions xi of all lists."""


def values_of_setting(model: object, setting: str) -> tuple[float, ...] | None:
    """The values of a setting to try where none are given; None where there are none to propose.

    Examples
    --------
    >>> values_of_setting(NoHighestOrderInteraction(), "xi")
    (0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
    """
    return INTERACTIONS if isinstance(model, NoHighestOrderInteraction) and setting == "xi" else None


def known_values_of(model: object, setting: str) -> tuple[KnownValue, ...]:
    """The values of a setting in studies where N is known; none where the setting is not of a kind that they show.

    Examples
    --------
    >>> [round(one.value, 1) for one in known_values_of(NoHighestOrderInteraction(), "xi")]
    [2.1, 3.8]
    >>> known_values_of(NoHighestOrderInteraction(), "prior_count")
    ()
    """
    is_of_all = isinstance(model, NoHighestOrderInteraction) and model.lists is None
    return known_interactions() if is_of_all and setting == "xi" else ()
