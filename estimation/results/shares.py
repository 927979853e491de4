"""What share of all people each of several groups is, on the lists and in all: who was missed.

Where people of one group are recorded less often than others, the lists make the group look smaller than it is.  The
identifying assumption is that of the model in each group: a share is as good as the numbers that it is made of.

Symbols
-------
S groups.   n_s : people of group s on a list.   N_s : all people of it.   v_s : the variance of a classical estimate.

The share on the lists is n_s / sum_r n_r, which is known.  The share of all people is N_s / sum_r N_r:

*Posteriors.*  Draw t of it is made from the draws t of all groups, those that are added for a total
(`estimation.results.sums`), so that a group that is large by luck makes the others' shares small in the same draw.

*Classical estimates.*  With R_s = sum_{r != s} N_r, log(N_s / R_s) has variance v_s / N_s^2 + sum_{r != s} v_r / R_s^2
(delta method, groups independent), and the interval is symmetric on the log odds, so that it stays within 0 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from scipy.special import expit, logit, ndtri

from estimation.results.estimates import Estimate
from estimation.results.sums import joint_draws
from estimation.results.totals import Point, checked_level
from estimation.work.seeds import RandomState, generator_of

__all__ = ["Share", "shares"]

_Group = TypeVar("_Group")


@dataclass(frozen=True, slots=True)
class Share:
    """A group's share of the people on the lists, and of all people.  Unit: shares, 0 to 1.

    Parameters
    ----------
    observed : float
        Of the people on at least one list.
    estimated : float
        Of all people: posterior median, or of the classical estimates.
    lower, upper : float
        Ends of its interval.
    level : float
        Level of the interval.
    kind : {"credible", "confidence"}
        What the interval is.
    """

    observed: float
    estimated: float
    lower: float
    upper: float
    level: float
    kind: Literal["credible", "confidence"]

    @property
    def recorded(self) -> Literal["less", "more", "alike"]:
        """Whether the group is recorded less or more often than the others; alike where the interval cannot tell."""
        if self.lower > self.observed:
            return "less"
        return "more" if self.upper < self.observed else "alike"


def shares(results: Mapping[_Group, Estimate], *, rng: RandomState, level: float = 0.95) -> dict[_Group, Share]:
    """The share of each group, on the lists and in all.

    Parameters
    ----------
    results : mapping of a group to Estimate
        Each group's own number, by one model; nobody is in two groups.
    rng : int, SeedSequence or Generator
        Draws from exact posteriors.
    level : float
        Level of the intervals.

    Raises
    ------
    ValueError
        For fewer than two groups, bounds or ranges across families, posteriors and classical estimates at once, or a
        level that is none.

    Examples
    --------
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.no_highest_order import NoHighestOrderInteraction
    >>> counts = {"women": {"10": 50, "01": 40, "11": 10}, "men": {"10": 50, "01": 40, "11": 40}}
    >>> tables = {group: CaptureTable.from_histories(["a", "b"], each) for group, each in counts.items()}
    >>> found = shares({g: NoHighestOrderInteraction().fit(t, rng=1) for g, t in tables.items()}, rng=1)
    >>> f"{found['women'].observed:.2f}, {found['women'].estimated:.2f}, {found['women'].recorded}"
    '0.43, 0.61, less'
    """
    estimates = list(results.values())
    if len(estimates) < 2:
        raise ValueError(f"{len(estimates)} groups; a share needs two or more")
    if any(each.is_lower_bound or each.interval_kind == "range across families" for each in estimates):
        raise ValueError(
            "a bound, or a range across families, is no distribution of N, so that no share follows from it"
        )
    tail = (1 - checked_level(level)) / 2
    observed = np.array([each.n_observed for each in estimates], dtype=float)
    observed /= observed.sum()
    points = [each.total for each in estimates if isinstance(each.total, Point)]
    if 0 < len(points) < len(estimates):
        raise ValueError(f"{len(points)} of {len(estimates)} are classical estimates; give those of one model")
    if points:
        ends = _of_points(points, float(-ndtri(tail)))
    else:
        drawn = np.stack(list(joint_draws([each.total for each in estimates], generator_of(rng))))
        part = drawn.reshape(len(drawn), -1) / drawn.sum(axis=0).ravel()
        ends = np.quantile(part, [0.5, tail, 1 - tail], axis=1).T
    kind: Literal["credible", "confidence"] = "credible" if estimates[0].interval_kind == "credible" else "confidence"
    return {
        group: Share(float(seen), float(middle), float(lower), float(upper), level, kind)
        for group, seen, (middle, lower, upper) in zip(results, observed, ends, strict=True)
    }


def _of_points(points: list[Point], reach: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Share, lower and upper end of each classical estimate, shape (S, 3)."""
    number = np.array([point.value for point in points])
    variance = np.array([point.standard_error**2 for point in points])
    rest = number.sum() - number
    spread = np.sqrt(variance / number**2 + (variance.sum() - variance) / rest**2)
    middle = logit(number / number.sum())
    return np.stack([expit(middle), expit(middle - reach * spread), expit(middle + reach * spread)], axis=1)
