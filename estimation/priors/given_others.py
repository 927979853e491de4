"""How two lists depend on each other given all the other lists: the odds ratio that a term of a log-linear model is.

Among people with one history on the other lists, not all zero, all four cells of two lists are seen.  A log-linear
model without an interaction of three lists says that the odds ratio is the same for every such history, so that it has
a likelihood in each of them, the one of `estimation.priors.pair_likelihood`, and their product over histories.  With
three lists that is the odds ratio among people on the third.  With more it is smaller as a rule than the odds ratio
among people on any other list (`estimation.priors.dependence`), which also has in it what the two lists share with
the others.

The discount to the population is as in `estimation.priors.discount`: where N is known, the people on none of the other
lists are a further history with four cells, and the two estimates, by maximum likelihood, are with and without it.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection
from functools import cache

import numpy as np
from scipy.optimize import minimize_scalar

from estimation.capture.table import CaptureTable
from estimation.priors import hierarchy
from estimation.priors.dependence import informative_pairs, pairs_of_study
from estimation.priors.discount import Discount, DiscountedPair, NormalPrior, discount_of, discounted
from estimation.priors.pair_likelihood import is_informative, log_likelihood
from estimation.priors.sources import studies, study_table

__all__ = ["conditional_dependence", "conditional_discount", "strata_of_pairs"]

_FARTHEST = 15.0
"""Log odds ratios are estimated up to here; only a pair whose likelihood has no top reaches it."""


def conditional_dependence(kind: str = "all", *, without: str | Collection[str] = ()) -> NormalPrior:
    """The prior of the log odds ratio of two lists given all the others, for a study of a kind.

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
    >>> prior = conditional_dependence()
    >>> round(prior.mean, 1), round(prior.sd, 1), round(prior.correlation, 1)
    (0.5, 1.1, 0.4)
    """
    *_, informative = informative_pairs(kind, without=without)
    named = {pair.study for pair in informative}
    tables = [study_table(study.table) for study in studies() if study.name in named]
    by_study = [[strata for strata in strata_of_pairs(table) if strata] for table in tables]
    found = hierarchy.posterior([pairs for pairs in by_study if pairs])
    return discounted(*hierarchy.moments(found.predictive), found.correlation, conditional_discount())


@cache
def conditional_discount() -> Discount:
    """By how much that log odds ratio is larger among people on another list, from the tables in which N is known.

    Examples
    --------
    >>> [(name, round(mean, 1)) for name, mean in conditional_discount().by_study]
    [('kosovo', 0.3), ('hepatitis_a', 0.8), ('synthetic_five_lists', 0.2)]
    """
    pairs = []
    for study in studies():
        if study.truth is not None:
            table = study_table(study.table)
            unseen = study.truth - table.n_observed
            of_all = strata_of_pairs(table, unseen=unseen)
            for pair, seen, everybody in zip(pairs_of_study(study), strata_of_pairs(table), of_all, strict=True):
                pairs.append(DiscountedPair(pair, _estimate(everybody), _estimate(seen)))
    return discount_of([one for one in pairs if abs(one.on_other_lists) < _FARTHEST - 1])


def strata_of_pairs(table: CaptureTable, *, unseen: int | None = None) -> list[hierarchy.Strata]:
    """For each pair of lists n_11, n_10, n_01, n_00 at each history on the others that says something of it.

    Parameters
    ----------
    table : CaptureTable
        The table.
    unseen : int, optional
        People on no list; where it is given, people on none of the other lists are counted, too.  Unit: persons.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 9, "010": 2, "111": 4, "101": 2, "011": 3})
    >>> strata_of_pairs(table)[0], strata_of_pairs(table, unseen=7)[0]
    (((4, 2, 3, 0),), ((0, 9, 2, 7), (4, 2, 3, 0)))
    """
    n_lists = len(table.lists)
    cells = table.cells()
    cells[0] = unseen or 0
    cube = cells.reshape((2,) * n_lists).transpose()  # one axis a list, in their order
    found = []
    for i, j in itertools.combinations(range(n_lists), 2):
        four = np.moveaxis(cube, (i, j), (0, 1)).reshape(4, -1)[::-1]
        strata = [(int(one[0]), int(one[1]), int(one[2]), int(one[3])) for one in four.T]
        counted = strata if unseen is not None else strata[1:]
        found.append(tuple(one for one in counted if is_informative(one)))
    return found


def _estimate(strata: hierarchy.Strata) -> float:
    """The log odds ratio of the greatest likelihood."""

    def loss(psi: float) -> float:
        return -float(sum(log_likelihood(cells, np.array([psi]))[0] for cells in strata))

    return float(minimize_scalar(loss, bounds=(-_FARTHEST, _FARTHEST), method="bounded").x)
