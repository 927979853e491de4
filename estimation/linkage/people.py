"""The number of people behind the records, from draws of who is the same person, with what the draws do not know.

The draws take it for granted that the model's odds of links are right.  They are odds of a model, and where they are
wrong they are wrong together: coincidences are a little more common among brothers and sisters than among strangers,
careless records err in ways of their own.  Let the log odds that the model gives to one person more be wrong by
epsilon ~ N(0, s^2), s = `ODDS_ERROR`, common to all doubtful links of a file.  That tilts the posterior of the
number of people n by exp(epsilon n), which moves its mean by epsilon Var(n) to first order.  So

    Var(n) becomes Var(n) (1 + ODDS_ERROR^2 Var(n)),

and the interval is stretched about its median by the root of the bracket, its ends rounded outwards.  A file without
doubtful links keeps its interval; one of many, whose errors would hide behind a Var(n) that grows only as fast as n,
gets what a common error makes of it.

`ODDS_ERROR` is a claim.  On ten simulated worlds of 600 people without families, on which the model was developed, the
error of the number of people divided by its variance had a mean square of .23, of which chance explains .13: a standard
deviation of .3.  In two of families, whose errors come together, it was -.9 and -.6.  It is .5 here.  docs/linkage.md
says how often the interval then holds on worlds that nothing was chosen on.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from estimation.results.rounding import persons
from estimation.results.totals import Interval, checked_level

__all__ = ["ODDS_ERROR", "People", "people_of"]

ODDS_ERROR = 0.5
"""Standard deviation of the error that the log odds of all links of a file have in common."""


@dataclass(frozen=True, slots=True)
class People:
    """The number of people behind the records, with its interval.

    Parameters
    ----------
    median : int
        Posterior median.  Unit: persons.
    interval : Interval
        Equal-tailed, with the error of the model's odds in it.
    by_model : Interval
        By the draws alone, as if the model's odds were right; its ends are numbers of people that were drawn.

    Examples
    --------
    >>> by_model = Interval(755, 760, 0.95, "credible")
    >>> print(People(758, Interval(754, 761, 0.95, "credible"), by_model))
    758 people (95 % credible interval 754 to 761)
    """

    median: int
    interval: Interval
    by_model: Interval

    @property
    def lower(self) -> int:
        """Lower end of the interval.  Unit: persons."""
        return int(self.interval.lower)

    @property
    def upper(self) -> int:
        """Upper end of the interval.  Unit: persons."""
        return int(self.interval.upper)

    @property
    def level(self) -> float:
        """Level of the interval."""
        return self.interval.level

    def __str__(self) -> str:
        noun = "person" if self.median == 1 else "people"
        return f"{persons(self.median)} {noun} ({self.interval})"


def people_of(n_people: NDArray[np.int64], most: int, level: float = 0.95) -> People:
    """The number of people from its draws.

    Parameters
    ----------
    n_people : (draws,) int64
        People in each draw.  Unit: persons.
    most : int
        How many there can be at most: the records.
    level : float
        Level of the interval.

    Raises
    ------
    ValueError
        When the level does not lie between 0 and 1.

    Examples
    --------
    >>> print(people_of(np.array([755, 757, 758, 758, 758, 759, 761]), 1000))
    758 people (95 % credible interval 754 to 762)
    """
    tail = (1 - checked_level(level)) / 2
    lower, median, upper = np.quantile(n_people, [tail, 0.5, 1 - tail], method="inverted_cdf").tolist()
    stretch = np.sqrt(1 + ODDS_ERROR**2 * np.var(n_people))
    wider = Interval(
        float(max(floor(median - stretch * (median - lower)), min(1, most))),
        float(min(ceil(median + stretch * (upper - median)), most)),
        level,
        "credible",
    )
    return People(int(median), wider, Interval(float(lower), float(upper), level, "credible"))
