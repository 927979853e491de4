"""The exact likelihood of the odds ratio of two lists, given how many people each of them and both hold.

Symbols
-------
n_11, n_10, n_01, n_00 : people on both of two lists, on one only, on neither, all among those on another list.
psi : log odds ratio of the two lists among those people.   r = n_11 + n_10,  c = n_11 + n_01,  m : all four.

Given the margins r, c and m, n_11 is noncentral hypergeometric::

    p(n_11 | psi) = w(n_11) exp(psi n_11) / sum_x w(x) exp(psi x),      w(x) = binom(r, x) binom(m - r, c - x)

with x from max(0, r + c - m) to min(r, c).  Capture probabilities of the lists drop out, and an empty cell needs
nothing added to it: the likelihood then only bounds psi on one side.  Where the margins leave one value of x the pair
says nothing, and has no likelihood.

Adding one half to empty cells, as moment methods do, turns "no overlap, and none expected" into an odds ratio with a
standard error; pairs of small lists then all look alike, whatever they are.

References: Fisher (1935), J. R. Stat. Soc. 98:39-82; Cornfield (1956).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from estimation.capture.table import CaptureTable, FloatArray

__all__ = ["PairOfLists", "cells_of_pairs", "is_informative", "log_likelihood"]


@dataclass(frozen=True, slots=True)
class PairOfLists:
    """Two lists of a study, among the people on another of its lists.

    Parameters
    ----------
    study : str
        Name of the study.
    first, second : str
        The lists.
    kinds : tuple of str
        What kind each of them is.
    cells : tuple of int
        n_11, n_10, n_01, n_00.  Unit: persons.
    """

    study: str
    first: str
    second: str
    kinds: tuple[str, str]
    cells: tuple[int, int, int, int]

    @property
    def odds_ratio(self) -> float | None:
        """The sample odds ratio; None where a cell is empty, so that there is none.

        Examples
        --------
        >>> PairOfLists("a study", "A", "B", ("NGO", "state"), (4, 2, 3, 6)).odds_ratio
        4.0
        """
        both, first, second, neither = self.cells
        return None if 0 in self.cells else both * neither / (first * second)

    @property
    def is_informative(self) -> bool:
        """Whether the margins leave more than one overlap possible.

        Examples
        --------
        >>> PairOfLists("a study", "A", "B", ("NGO", "state"), (0, 0, 3, 6)).is_informative
        False
        """
        return is_informative(self.cells)


def cells_of_pairs(table: CaptureTable) -> list[tuple[str, str, tuple[int, int, int, int]]]:
    """Each pair of lists with n_11, n_10, n_01, n_00 among the people on any other list.  Unit: persons.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 9, "111": 4, "101": 2, "011": 3, "001": 6})
    >>> cells_of_pairs(table)[0]
    ('A', 'B', (4, 2, 3, 6))
    """
    found = []
    for i, j in itertools.combinations(range(len(table.lists)), 2):
        others = [k for k in range(len(table.lists)) if k not in (i, j)]
        seen = table.patterns[:, others].any(axis=1)
        a, b = table.patterns[:, i].astype(bool), table.patterns[:, j].astype(bool)
        cells = [int(table.counts[seen & one & two].sum()) for one, two in ((a, b), (a, ~b), (~a, b), (~a, ~b))]
        found.append((table.lists[i], table.lists[j], (cells[0], cells[1], cells[2], cells[3])))
    return found


def log_likelihood(cells: tuple[int, int, int, int], log_odds_ratio: FloatArray) -> FloatArray:
    """The log likelihood of each of several log odds ratios, given the margins, shape (K,).

    Parameters
    ----------
    cells : tuple of int
        n_11, n_10, n_01, n_00.  Unit: persons.
    log_odds_ratio : float array, shape (K,)
        Values of psi.

    Examples
    --------
    >>> np.exp(log_likelihood((1, 0, 0, 1), np.array([0.0, np.log(3)]))).round(3)  # theta / (1 + theta)
    array([0.5 , 0.75])
    """
    both, first, second, _ = cells
    low, high = _support(cells)
    row, column, all_four = both + first, both + second, sum(cells)
    x = np.arange(low, high + 1, dtype=np.float64)
    parts = np.stack([x, row - x, column - x, all_four - row - column + x])
    log_weight: FloatArray = -gammaln(parts + 1).sum(axis=0)
    terms = log_weight + np.multiply.outer(log_odds_ratio, x)
    largest = terms.max(axis=1)  # in logs until here: the weights of large margins overflow
    log_sum = largest + np.log(np.exp(terms - largest[:, None]).sum(axis=1))
    found: FloatArray = log_weight[both - low] + log_odds_ratio * both - log_sum
    return found


def is_informative(cells: tuple[int, int, int, int]) -> bool:
    """Whether the margins leave more than one overlap possible.

    Parameters
    ----------
    cells : tuple of int
        n_11, n_10, n_01, n_00.  Unit: persons.
    """
    low, high = _support(cells)
    return low < high


def _support(cells: tuple[int, int, int, int]) -> tuple[int, int]:
    """The least and the most that n_11 can be, given the margins."""
    both, first, second, neither = cells
    return max(0, both - neither), both + min(first, second)
