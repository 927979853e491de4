"""From dependence among people on another list to dependence in the population, where N is known.

Where N is known, n_00 of two lists in the population is N less the people on either, and the log odds ratio can be set
beside that among people on any other list.  The difference is the discount.  Every pair of the known tables counts
alike; the means by table are beside it, for the tables are few and differ.

The prior of the log odds ratio of two lists in the population is normal: the predictive distribution of
`estimation.priors.dependence` moved by the discount, with the variance of the discount's mean over tables added.  Two
pairs of one study are correlated, because studies differ by more than their pairs do: what holds of one pair says
something of the others.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.priors.dependence import dependence, pairs_of_study
from estimation.priors.pair_likelihood import PairOfLists
from estimation.priors.sources import studies, study_table

__all__ = [
    "Discount",
    "DiscountedPair",
    "NormalPrior",
    "discount",
    "discount_of",
    "discounted",
    "population_dependence",
]


@dataclass(frozen=True, slots=True)
class DiscountedPair:
    """A pair of lists of a study in which N is known.

    Parameters
    ----------
    pair : PairOfLists
        Among the people on another list.
    in_population : float
        Log odds ratio with the true N.
    on_other_lists : float
        Log odds ratio among the people on another list.
    """

    pair: PairOfLists
    in_population: float
    on_other_lists: float


@dataclass(frozen=True, slots=True)
class Discount:
    """By how much the log odds ratio of two lists is larger among people on another list than in the population.

    Parameters
    ----------
    mean : float
        Mean over all pairs.
    standard_error : float
        Standard error of the mean over tables, each counted once.
    by_study : tuple of (str, float)
        Mean over the pairs of each table.
    pairs : tuple of DiscountedPair
        The pairs.
    """

    mean: float
    standard_error: float
    by_study: tuple[tuple[str, float], ...]
    pairs: tuple[DiscountedPair, ...]


@dataclass(frozen=True, slots=True)
class NormalPrior:
    """A normal prior of a log odds ratio.

    Parameters
    ----------
    mean, sd : float
        Mean and standard deviation.
    correlation : float
        Of the log odds ratios of two pairs of one study, which are alike.

    Raises
    ------
    SettingError
        When a number is not finite, or out of its range.
    """

    mean: float
    sd: float
    correlation: float = 0.0

    def __post_init__(self) -> None:
        problems = []
        if not (math.isfinite(self.mean) and math.isfinite(self.sd) and self.sd > 0):
            problems.append(f"mean = {self.mean}, sd = {self.sd}; both must be finite, and sd positive")
        if not 0 <= self.correlation <= 1:
            problems.append(f"correlation = {self.correlation}; it must be from 0 to 1")
        if problems:
            raise SettingError("normal prior", problems)

    @property
    def odds_ratio(self) -> tuple[float, float, float]:
        """The odds ratio: 2.5 %, median, 97.5 %.

        Examples
        --------
        >>> [round(ratio, 2) for ratio in NormalPrior(0.6, 1.0).odds_ratio]
        [0.26, 1.82, 12.94]
        """
        low, middle, high = (math.exp(self.mean + z * self.sd) for z in (-1.959964, 0, 1.959964))
        return low, middle, high


@cache
def discount() -> Discount:
    """The discount, from the tables in which N is known: Kosovo, hepatitis A, and five synthetic lists.

    Examples
    --------
    >>> [(name, round(mean, 1)) for name, mean in discount().by_study]
    [('kosovo', 0.2), ('hepatitis_a', 0.7), ('synthetic_five_lists', 0.2)]
    """
    pairs = []
    for study in studies():
        if study.truth is not None:
            table = study_table(study.table)
            for pair in pairs_of_study(study):
                observed = pair.odds_ratio
                if observed is not None:
                    true = _in_population(table, pair, study.truth)
                    pairs.append(DiscountedPair(pair, true, math.log(observed)))
    return discount_of(pairs)


def discount_of(pairs: Sequence[DiscountedPair]) -> Discount:
    """The discount that pairs show.

    Parameters
    ----------
    pairs : sequence of DiscountedPair
        Pairs of the tables in which N is known.
    """
    differences = np.array([one.on_other_lists - one.in_population for one in pairs])
    names = [one.pair.study for one in pairs]
    by_study = tuple(
        (name, float(differences[[other == name for other in names]].mean())) for name in dict.fromkeys(names)
    )
    means = np.array([mean for _, mean in by_study])
    return Discount(float(differences.mean()), float(means.std(ddof=1) / math.sqrt(means.size)), by_study, tuple(pairs))


def _in_population(table: CaptureTable, pair: PairOfLists, total: int) -> float:
    """The log odds ratio of two lists when N is known."""
    on = table.patterns.astype(bool)
    a, b = on[:, table.lists.index(pair.first)], on[:, table.lists.index(pair.second)]
    both, first, second = (int(table.counts[one].sum()) for one in (a & b, a & ~b, ~a & b))
    return math.log(both * (total - both - first - second) / (first * second))


def population_dependence(kind: str = "all", *, without: str | Collection[str] = ()) -> NormalPrior:
    """The prior of the log odds ratio of two lists in the population, for a study of a kind.

    Parameters
    ----------
    kind, without
        As in `estimation.priors.dependence`.

    Raises
    ------
    SettingError
        For a kind or a study that is not there.

    Examples
    --------
    >>> prior = population_dependence()
    >>> round(prior.mean, 1), round(prior.sd, 1), round(prior.correlation, 1)
    (0.6, 1.0, 0.5)
    """
    found = dependence(kind, without=without)
    return discounted(*found.predictive_moments, found.correlation, discount())


def discounted(mean: float, sd: float, correlation: float, by: Discount) -> NormalPrior:
    """The prior in the population: moved by the discount, whose error all pairs of a study share.

    Parameters
    ----------
    mean, sd, correlation : float
        Of the log odds ratios of the pairs of another study, among people on another list.
    by : Discount
        The discount.
    """
    variance = sd**2 + by.standard_error**2
    shared = correlation * sd**2 + by.standard_error**2
    return NormalPrior(mean - by.mean, math.sqrt(variance), shared / variance)
