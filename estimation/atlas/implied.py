"""What a number of people implies about a table: N/n, the interaction of all lists, the odds ratio of each pair.

Where N is given, the people on no list are known, and with them every cell of the table of two lists.  Among the people
on any other list all four cells are observed whatever N is; of lists that depend on each other there, the one does not
follow from the other.

Symbols
-------
n people on a list; N all people; r the product of the counts of histories with an odd number of lists over that of
those with an even one.

    xi = r / (N - n)        n_00 = N - n_11 - n_10 - n_01        odds ratio = n_11 n_00 / (n_10 n_01)

Reference: Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics 80:ujad028.
"""

from __future__ import annotations

from itertools import combinations
from math import exp, inf, log

import numpy as np

from estimation.capture.table import CaptureTable

__all__ = ["implied_xi", "population_odds_ratios"]


def implied_xi(table: CaptureTable, total: float) -> float | None:
    """The interaction of all lists at once that goes with a number of people; 1 is none.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    total : float
        The number of people.  Unit: persons.

    Returns
    -------
    float or None
        None where a history has nobody or nobody is on no list, so that the ratio says nothing.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 40, "01": 30, "11": 12})
    >>> implied_xi(table, 182), implied_xi(table, 132)
    (1.0, 2.0)
    """
    cells = table.cells()
    unseen = total - table.n_observed
    if unseen <= 0 or (cells[1:] == 0).any():
        return None
    sizes = np.array([history.bit_count() for history in range(1, cells.size)])
    signs = np.where(sizes % 2 == 1, 1.0, -1.0)
    return round(exp(float((signs * np.log(cells[1:])).sum()) - log(unseen)), 12)


def population_odds_ratios(table: CaptureTable, total: float) -> dict[tuple[str, str], float]:
    """The odds ratio of each two lists among all people, where their number is given.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    total : float
        The number of people.  Unit: persons.

    Returns
    -------
    dict of (str, str) to float
        By the pair; infinite where nobody is on one of the two alone.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 40, "01": 30, "11": 12})
    >>> population_odds_ratios(table, 182)
    {('A', 'B'): 1.0}
    """
    ratios = {}
    overlaps, sizes = table.overlaps, table.list_sizes
    for i, j in combinations(range(len(table.lists)), 2):
        both = int(overlaps[i, j])
        first, second = int(sizes[i]) - both, int(sizes[j]) - both
        neither = total - both - first - second
        ratios[table.lists[i], table.lists[j]] = both * neither / (first * second) if first * second else inf
    return ratios
