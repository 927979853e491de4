r"""People who differ in how easily every list records them, as groups of a scenario.

Model: the log odds of person i of being on list j are :math:`b_j + \sigma z_i` with :math:`z_i` standard normal, so
that who is easily recorded by one list is so by all.  :math:`\sigma = \log(r) / 1.2816` where at the 90th percentile of
people the odds are r times those at the median.  The b_j are such that the share of all people on list j is what is
asked for.

The normal distribution is cut into 50 equally large groups with the mean z of each, stretched to a variance of 1; where
there are fewer people than that, into as many groups as people.

Symbols: p_j share of all people on list j; r odds ratio; sigma standard deviation of the log odds.

Reference: Coull, Agresti (1999), Biometrics 55:294-301.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from statistics import NormalDist

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from estimation.capture.table import FloatArray
from estimation.simulation.scenario import Group

__all__ = ["heterogeneous_groups"]

_GROUPS = 50
_NORMAL = NormalDist()
_FURTHEST = 60.0
"""Log odds between which b_j is looked for."""


def heterogeneous_groups(total: int, shares: Sequence[float], odds_ratio: float) -> tuple[Group, ...]:
    """Groups of people whose log odds of capture are normal.

    Parameters
    ----------
    total : int
        All the people, observed or not.  Unit: persons.
    shares : sequence of float, length J
        The share of all people on each list, from 0 to 1.
    odds_ratio : float
        How many times the odds of capture at the 90th percentile of people are those at the median; 1 for people who
        are alike, and then there is one group.

    Examples
    --------
    >>> heterogeneous_groups(100, [0.5], 1.0)
    (Group(name='everyone', people=100, capture=(0.5,)),)
    >>> groups = heterogeneous_groups(1000, [0.3], 3.0)
    >>> round(sum(group.people * group.capture[0] for group in groups), 6)
    300.0
    """
    if odds_ratio == 1:
        return (Group("everyone", total, tuple(shares)),)
    n_groups = min(_GROUPS, total)
    ends = np.rint(np.linspace(0, total, n_groups + 1)).astype(int)
    people = np.diff(ends)
    z = _means_of_parts(n_groups) * log(odds_ratio) / _NORMAL.inv_cdf(0.9)
    capture = np.column_stack([_captured(share, z, people / total) for share in shares])
    return tuple(
        Group(f"part {at + 1} of {n_groups}", int(count), tuple(row))
        for at, (count, row) in enumerate(zip(people.tolist(), capture.tolist(), strict=True))
    )


def _means_of_parts(n_parts: int) -> FloatArray:
    """The mean of a standard normal in each of its equally probable parts, stretched to a variance of 1."""
    density = [0.0, *(_NORMAL.pdf(_NORMAL.inv_cdf(k / n_parts)) for k in range(1, n_parts)), 0.0]
    means = -np.diff(np.array(density)) * n_parts
    spread = float(np.sqrt((means**2).mean()))
    stretched: FloatArray = means / spread if spread else means
    return stretched


def _captured(share: float, log_odds: FloatArray, weights: FloatArray) -> FloatArray:
    """Capture probabilities with these differences in log odds, and this share over all."""
    if share in (0.0, 1.0):
        return np.full(len(log_odds), share)
    b = brentq(lambda b: float(weights @ expit(b + log_odds)) - share, -_FURTHEST, _FURTHEST, xtol=1e-12)
    captured: FloatArray = expit(b + log_odds)
    return captured
