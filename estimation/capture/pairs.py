r"""Two lists at a time: how many people they share, and whether they depend on each other.

Two lists alone have no odds ratio: the people on neither are the ones not counted.  Among the people on at least
one *other* list all four cells are seen, so for lists i and j

.. math:: \theta_{ij} = \frac{n_{11} n_{00}}{n_{10} n_{01}}, \qquad
          \mathrm{se}(\log \theta_{ij}) = \sqrt{1/n_{11} + 1/n_{10} + 1/n_{01} + 1/n_{00}},

where n_11 counts those on i, j and another list, n_10 those on i and another but not j, and n_00 those on another
list but on neither.  Where a cell is 0, one half is added to all four.  Interval: log odds ratio, Wald, 95 %.

The odds ratio rests on an assumption: lists i and j depend on each other among people on a third list as they do among
people on no other list.  It is a hint to be explained, not a correction: heterogeneity of the capture probabilities
makes all lists look dependent.

Symbols: J lists; n people observed; n_j on list j; m_ij on both i and j.

References: Haldane (1956); Anscombe (1956); International Working Group for Disease Monitoring and Forecasting (1995).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from estimation.capture.table import CaptureTable

__all__ = ["LEVEL", "OddsRatio", "PairSummary", "pair_summaries"]

LEVEL = 0.95
"""Level of the interval of an odds ratio."""

_Z = NormalDist().inv_cdf((1 + LEVEL) / 2)
_FEW = 5  # below this in a cell the interval's 95 % is only roughly that

_POSITIVE = "positively dependent (odds ratio above 1): a total from these two alone would be too low"
_NEGATIVE = "negatively dependent (odds ratio below 1): a total from these two alone would be too high"
_UNCLEAR = "no clear sign of dependence"


@dataclass(frozen=True, slots=True)
class OddsRatio:
    """Odds ratio of two lists, among people on at least one other list.

    Parameters
    ----------
    value, lower, upper : float
        Odds ratio and its 95 % confidence interval; 1 is independence.
    cells : tuple of int
        n_11, n_10, n_01, n_00.  Unit: persons.
    corrected : bool
        Whether one half was added to all cells because one of them is 0.

    Examples
    --------
    >>> str(OddsRatio(0.0312, 0.0018, 0.5432, (0, 24, 31, 52), corrected=True))
    '0.03 (below 0.01 to 0.54), with 0.5 added to each cell'
    """

    value: float
    lower: float
    upper: float
    cells: tuple[int, int, int, int]
    corrected: bool

    @property
    def sign(self) -> int:
        """1 where the whole interval lies above 1, -1 where it lies below, else 0."""
        return int(self.lower > 1) - int(self.upper < 1)

    def __str__(self) -> str:
        text = f"{_ratio(self.value)} ({_ratio(self.lower)} to {_ratio(self.upper)})"
        return f"{text}, with 0.5 added to each cell" if self.corrected else text


@dataclass(frozen=True, slots=True)
class PairSummary:
    """Two lists.

    Parameters
    ----------
    first, second : str
        The lists.
    both : int
        m_ij, people on both, and perhaps on others.  Unit: persons.
    odds_ratio : OddsRatio or None
        None where the people on other lists say nothing about the pair.
    hint : str
        What the odds ratio, or its absence, suggests.
    """

    first: str
    second: str
    both: int
    odds_ratio: OddsRatio | None
    hint: str

    @property
    def sign(self) -> int:
        """1 for positively dependent, -1 for negatively dependent, 0 for no clear sign."""
        return 0 if self.odds_ratio is None else self.odds_ratio.sign

    @property
    def distance(self) -> float:
        """How far the interval of the odds ratio is from 1, on a log scale; 0 where it holds 1 or there is none."""
        if self.odds_ratio is None or not self.sign:
            return 0.0
        return min(abs(math.log(self.odds_ratio.lower)), abs(math.log(self.odds_ratio.upper)))

    @property
    def odds_ratio_text(self) -> str:
        """The odds ratio with its interval, for a table."""
        return "not estimable" if self.odds_ratio is None else str(self.odds_ratio)

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"


def pair_summaries(table: CaptureTable) -> tuple[PairSummary, ...]:
    """All J (J - 1) / 2 pairs of lists, with the four cells among people on at least one other list.

    Examples
    --------
    >>> table = CaptureTable.from_histories(
    ...     ["A", "B", "C"],
    ...     {"100": 50, "010": 40, "001": 60, "110": 10, "101": 20, "011": 15, "111": 20},
    ... )
    >>> pair = pair_summaries(table)[0]
    >>> print(pair, pair.odds_ratio_text)
    A and B 4.00 (1.73 to 9.26)
    """
    overlaps = table.overlaps
    on_three = table.patterns.sum(axis=1) >= 3
    n_11 = CaptureTable(table.lists, table.patterns[on_three], table.counts[on_three]).overlaps
    sizes = table.list_sizes
    elsewhere = sizes - table.singletons
    found = []
    for i in range(len(table.lists)):
        for j in range(i + 1, len(table.lists)):
            both = int(overlaps[i, j])
            n_00 = table.n_observed - int(sizes[i]) - int(sizes[j]) + both
            cells = (int(n_11[i, j]), int(elsewhere[i]) - both, int(elsewhere[j]) - both, n_00)
            ratio = _odds_ratio(cells)
            first, second = table.lists[i], table.lists[j]
            found.append(PairSummary(first, second, both, ratio, _hint(ratio, first, second, cells, len(table.lists))))
    return tuple(found)


def _odds_ratio(cells: tuple[int, int, int, int]) -> OddsRatio | None:
    """Odds ratio with its interval, or None where a whole row or column of the four cells is empty."""
    n_11, n_10, n_01, n_00 = cells
    if not all((n_11 + n_10, n_01 + n_00, n_11 + n_01, n_10 + n_00)):
        return None
    corrected = 0 in cells
    a, b, c, d = (cell + 0.5 if corrected else float(cell) for cell in cells)
    log_ratio = math.log(a) + math.log(d) - math.log(b) - math.log(c)
    reach = _Z * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    value, lower, upper = (math.exp(x) for x in (log_ratio, log_ratio - reach, log_ratio + reach))
    return OddsRatio(value, lower, upper, cells, corrected)


def _hint(ratio: OddsRatio | None, first: str, second: str, cells: tuple[int, int, int, int], n_lists: int) -> str:
    """What an odds ratio suggests, or why there is none."""
    if ratio is not None:
        few = ", seen in few people" if min(cells) < _FEW else ""
        return {1: _POSITIVE + few, -1: _NEGATIVE + few, 0: _UNCLEAR}[ratio.sign]
    if n_lists == 2:
        return "not estimable from two lists alone: the people on neither are not observed"
    n_11, n_10, n_01, n_00 = cells
    if not sum(cells):
        return "not estimable: nobody is on another list"
    absent = [name for name, seen in ((first, n_11 + n_10), (second, n_11 + n_01)) if not seen]
    if absent:
        return f"not estimable: of the people on other lists nobody is on {' or '.join(absent)}"
    everywhere = [name for name, not_seen in ((first, n_01 + n_00), (second, n_10 + n_00)) if not not_seen]
    return f"not estimable: all people on other lists are on {' and '.join(everywhere)}"


def _ratio(value: float) -> str:
    """An odds ratio as it is read."""
    if value < 0.01:
        return "below 0.01"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"
