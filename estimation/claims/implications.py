"""What a claim implies, and how probable the models hold it.

What two list sizes and a total imply.  With n_1 and n_2 people on two lists and N in all, independent lists share
m = n_1 n_2 / N people.  Where they share another number m of people, N holds either if the lists depend on each other
with the odds ratio theta = m (N - n_1 - n_2 + m) / ((n_1 - m)(n_2 - m)), or, the lists being independent among those
whom either could record at all, if a share u = 1 - n_1 n_2 / (m N) of the people could not be recorded by any list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeVar

from estimation.results.estimates import Estimate, Result
from estimation.results.labelled import check_labelled
from estimation.results.totals import Point

__all__ = ["Implication", "Need", "implication", "need", "probability_at_least", "spread"]

_T = TypeVar("_T")


def spread(ordered: Sequence[_T], most: int) -> list[_T]:
    """So many of some things in an order at most: the first, the last, and others evenly between them.

    Examples
    --------
    >>> spread([1, 2, 3], 3), spread(range(100), 4)
    ([1, 2, 3], [0, 33, 66, 99])
    """
    if len(ordered) <= most:
        return list(ordered)
    return [ordered[round(at * (len(ordered) - 1) / (most - 1))] for at in range(most)]


def probability_at_least(figure: float, results: Mapping[str, Result]) -> dict[str, float | None]:
    """The posterior probability that N is at least a figure, under each model, if its assumptions hold.

    None for a model that gives no number or a classical one: a confidence interval is no probability.

    Parameters
    ----------
    figure : float
        For example a claimed total.  Unit: persons.
    results : mapping of str to Estimate or NotEstimable
        Answers by label.

    Raises
    ------
    TypeError
        When it is given what is no mapping of labels to results.

    Examples
    --------
    >>> import numpy as np
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> from estimation.models.graphs.decomposable import DecomposableGraphs
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> models = {"graphs": DecomposableGraphs(), "bound": ChaoLowerBound()}
    >>> answers = {label: model.fit(table, rng=np.random.default_rng(1)) for label, model in models.items()}
    >>> found = probability_at_least(100, answers)
    >>> round(found["graphs"], 3), found["bound"]
    (0.685, None)
    """
    check_labelled(results)
    return {
        label: result.total.probability_at_least(figure)
        if isinstance(result, Estimate) and not isinstance(result.total, Point)
        else None
        for label, result in results.items()
    }


@dataclass(frozen=True, slots=True)
class Implication:
    """What a total implies for two lists of known size.

    Parameters
    ----------
    first, second : int
        n_1 and n_2, people on each list.  Unit: persons.
    total : int
        N.  Unit: persons.
    overlap : float
        n_1 n_2 / N, the people on both if the lists were independent.  Unit: persons.
    least, most : int
        People who can be on both at all.  Unit: persons.
    """

    first: int
    second: int
    total: int
    overlap: float
    least: int
    most: int


def implication(first: int, second: int, total: int) -> Implication:
    """What a total implies for the overlap of two lists.

    Parameters
    ----------
    first, second : int
        Sizes of the two lists.  Unit: persons.
    total : int
        The number that is claimed.  Unit: persons.

    Raises
    ------
    ValueError
        When a list is empty or larger than the total.

    Examples
    --------
    >>> implication(3000, 2000, 30000).overlap
    200.0
    """
    if not 0 < first <= total or not 0 < second <= total:
        raise ValueError(f"lists of {first:,} and {second:,} people cannot be part of {total:,}")
    return Implication(first, second, total, first * second / total, max(0, first + second - total), min(first, second))


@dataclass(frozen=True, slots=True)
class Need:
    """What would have to hold for a total, given the overlap of two lists.

    Parameters
    ----------
    total : int
        N.  Unit: persons.
    overlap : int
        m, people on both lists.  Unit: persons.
    independent : float
        n_1 n_2 / m, the total if the lists were independent.  Unit: persons.
    odds_ratio : float
        theta: by how much the odds of being on one list are larger for those who are on the other.
    zero_capture_share : float
        u: the share of all people whom neither list could have recorded, the lists being independent among the others;
        below 0 where independence by itself says more than the total.
    """

    total: int
    overlap: int
    independent: float
    odds_ratio: float
    zero_capture_share: float


def need(first: int, second: int, overlap: int, total: int) -> Need:
    """How strong a dependence, or how large a share with zero capture probability, would make a total true.

    Parameters
    ----------
    first, second : int
        Sizes of the two lists.  Unit: persons.
    overlap : int
        People on both.  Unit: persons.
    total : int
        The number that is claimed.  Unit: persons.

    Raises
    ------
    ValueError
        When so many people cannot be on both lists.

    Examples
    --------
    >>> needed = need(3000, 2000, 600, 30000)
    >>> needed.independent, round(needed.odds_ratio, 2), round(needed.zero_capture_share, 2)
    (10000.0, 4.57, 0.67)
    """
    implied = implication(first, second, total)
    if not implied.least <= overlap <= implied.most or overlap == 0:
        raise ValueError(
            f"{overlap:,} people cannot be on both of two lists of {first:,} and {second:,} among {total:,}; "
            f"it must be {max(implied.least, 1):,} to {implied.most:,}"
        )
    apart = (first - overlap) * (second - overlap)
    odds_ratio = overlap * (total - first - second + overlap) / apart if apart else inf
    independent = first * second / overlap
    return Need(total, overlap, independent, odds_ratio, 1 - independent / total)
