r"""What a table says before any model: sizes, overlaps, signs of dependence between lists, and what is wrong with it.

Two lists alone have no odds ratio: the people on neither are the ones not counted.  Among the people on at least
one *other* list all four cells are seen, so for lists i and j

.. math:: \theta_{ij} = \frac{n_{11} n_{00}}{n_{10} n_{01}}, \qquad
          \mathrm{se}(\log \theta_{ij}) = \sqrt{1/n_{11} + 1/n_{10} + 1/n_{01} + 1/n_{00}},

where n_11 counts those on i, j and another list, n_10 those on i and another but not j, and n_00 those on another
list but on neither.  Where a cell is 0, one half is added to all four.  Interval: log odds ratio, Wald, 95 %.

What it rests on: that lists i and j depend on one another among people whom a third list knows as they do among
people whom none knows.  It is a hint to be explained, not a correction: people who differ in how easily anybody
records them make all lists look dependent.

Symbols: J lists; n people observed; n_j on list j; m_ij on both i and j; f_k on exactly k lists; S_j on j only.

References: Haldane (1956); Anscombe (1956); International Working Group for Disease Monitoring and Forecasting (1995).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeAlias

import numpy as np

from estimation.capture.table import CaptureTable, IntArray

__all__ = ["Inspection", "ListSummary", "OddsRatio", "PairSummary", "inspect_table"]

_NamePairs: TypeAlias = tuple[tuple[str, str], ...]

_Z = NormalDist().inv_cdf(0.975)
_NAMED = 8  # lists or pairs named in one sentence
_FEW = 5  # below this in a cell the interval's 95 % is only roughly that

_TOGETHER = "more often together than independence would give: a total from these two alone would be too low"
_APART = "less often together than independence would give: a total from these two alone would be too high"
_UNCLEAR = "no clear sign"


@dataclass(frozen=True, slots=True)
class ListSummary:
    """One list.

    Parameters
    ----------
    name : str
        The list.
    size : int
        n_j, people on it.  Unit: persons.
    singletons : int
        S_j, people on it and on no other.  Unit: persons.
    share_elsewhere : float or None
        Share of its people who are on another list too; None for a list with nobody on it.
    """

    name: str
    size: int
    singletons: int
    share_elsewhere: float | None


@dataclass(frozen=True, slots=True)
class OddsRatio:
    """How much likelier people on one list are to be on another, among people on at least one other list.

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
        None where the people on other lists cannot say anything about the pair.
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
        """1 for more often together than independence would give, -1 for less often, 0 for no clear sign."""
        return 0 if self.odds_ratio is None else self.odds_ratio.sign

    @property
    def odds_ratio_text(self) -> str:
        """The odds ratio with its interval, for a table."""
        return "not estimable" if self.odds_ratio is None else str(self.odds_ratio)

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a table says before any model.

    Parameters
    ----------
    n_observed : int
        n, people on at least one list.  Unit: persons.
    lists : tuple of ListSummary
        In the table's order.
    pairs : tuple of PairSummary
        All J (J - 1) / 2 pairs of lists.
    frequencies : tuple of int
        f_1, ..., f_J.  Unit: persons.
    components : tuple of tuples of str
        Lists that hang together through people they share; one tuple when all do.  Lists with nobody are left out.
    identical : tuple of (str, str)
        Pairs of lists that hold exactly the same people.
    contained : tuple of (str, str)
        Pairs (inner, outer) where everyone on the inner list is on the outer one, which holds others too.
    sentences : tuple of str
        The findings in plain words.
    """

    n_observed: int
    lists: tuple[ListSummary, ...]
    pairs: tuple[PairSummary, ...]
    frequencies: tuple[int, ...]
    components: tuple[tuple[str, ...], ...]
    identical: _NamePairs
    contained: _NamePairs
    sentences: tuple[str, ...]

    @property
    def share_on_one_list(self) -> float | None:
        """Share of the people who are on one list only; None when nobody was observed."""
        return self.frequencies[0] / self.n_observed if self.n_observed else None

    @property
    def empty_pairs(self) -> tuple[PairSummary, ...]:
        """Pairs of lists that share nobody, though both hold people."""
        return _empty(self.lists, self.pairs)

    @property
    def empty_lists(self) -> tuple[str, ...]:
        """Lists that nobody is on."""
        return tuple(row.name for row in self.lists if row.size == 0)

    @property
    def connected(self) -> bool:
        """Whether all lists with people on them hang together through people they share."""
        return len(self.components) == 1


def inspect_table(table: CaptureTable) -> Inspection:
    """Sizes, overlaps, odds ratios, and what keeps lists from being used.

    Parameters
    ----------
    table : CaptureTable
        Any table, also an empty one or one of a single list.

    Returns
    -------
    Inspection

    Examples
    --------
    >>> from estimation.capture.table import CaptureTable
    >>> table = CaptureTable.from_histories(
    ...     ["A", "B", "C"],
    ...     {"100": 50, "010": 40, "001": 60, "110": 10, "101": 20, "011": 15, "111": 20},
    ... )
    >>> inspection = inspect_table(table)
    >>> print(inspection.pairs[0], inspection.pairs[0].odds_ratio_text)
    A and B 4.00 (1.73 to 9.26)
    >>> print(inspection.sentences[0])
    215 people are on at least one of 3 lists; 150 of them (70 %) are on one list only.
    """
    overlaps = table.overlaps
    lists = tuple(
        ListSummary(name, size, alone, (size - alone) / size if size else None)
        for name, size, alone in zip(table.lists, table.list_sizes.tolist(), table.singletons.tolist(), strict=True)
    )
    pairs = _pairs(table, overlaps)
    frequencies = tuple(table.frequencies.tolist())
    components = _components(table.lists, overlaps)
    identical, contained = _nested(table.lists, overlaps)
    sentences = (
        *_about_people(table.n_observed, frequencies),
        *_about_lists(lists, identical, contained, components),
        *_about_pairs(lists, pairs),
    )
    return Inspection(table.n_observed, lists, pairs, frequencies, components, identical, contained, sentences)


def _pairs(table: CaptureTable, overlaps: IntArray) -> tuple[PairSummary, ...]:
    """All pairs, with the four cells among people on at least one other list."""
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
        few = "; but few people show it" if min(cells) < _FEW else ""
        return {1: _TOGETHER + few, -1: _APART + few, 0: _UNCLEAR}[ratio.sign]
    if n_lists == 2:
        return "needs a third list: the people on neither are the ones not counted"
    n_11, n_10, n_01, n_00 = cells
    if not sum(cells):
        return "nobody is on another list, which would have to show it"
    absent = [name for name, seen in ((first, n_11 + n_10), (second, n_11 + n_01)) if not seen]
    if absent:
        return f"of the people on other lists nobody is on {' or '.join(absent)}"
    everywhere = [name for name, not_seen in ((first, n_01 + n_00), (second, n_10 + n_00)) if not not_seen]
    return f"all people on other lists are on {' and '.join(everywhere)}"


def _components(lists: tuple[str, ...], overlaps: IntArray) -> tuple[tuple[str, ...], ...]:
    """Groups of lists that hang together through people they share, in the table's order."""
    left = [j for j in range(len(lists)) if overlaps[j, j] > 0]
    found = []
    while left:
        group, fresh = {left[0]}, [left[0]]
        while fresh:
            near = set(np.flatnonzero(overlaps[fresh.pop()] > 0).tolist()) - group
            group |= near
            fresh += near
        found.append(tuple(lists[j] for j in sorted(group)))
        left = [j for j in left if j not in group]
    return tuple(found)


def _nested(lists: tuple[str, ...], overlaps: IntArray) -> tuple[_NamePairs, _NamePairs]:
    """Pairs of identical lists, and pairs (inner, outer) of a list within a larger one."""
    sizes = overlaps.diagonal()
    inside = (overlaps == sizes[:, None]) & (sizes[:, None] > 0)
    pairs = [(i, j) for i, j in np.argwhere(inside).tolist() if i != j]
    identical = tuple((lists[i], lists[j]) for i, j in pairs if i < j and inside[j, i])
    contained = tuple((lists[i], lists[j]) for i, j in pairs if not inside[j, i])
    return identical, contained


def _empty(lists: tuple[ListSummary, ...], pairs: tuple[PairSummary, ...]) -> tuple[PairSummary, ...]:
    held = {row.name for row in lists if row.size}
    return tuple(pair for pair in pairs if pair.both == 0 and {pair.first, pair.second} <= held)


def _about_people(n_observed: int, frequencies: tuple[int, ...]) -> list[str]:
    many = len(frequencies)
    if not n_observed:
        return ["Nobody is on any list; there is nothing to estimate from."]
    if many == 1:
        return [f"{n_observed:,} people are on the only list; one list says nothing about those who are not on it."]
    alone = frequencies[0]
    said = [
        f"{n_observed:,} people are on at least one of {many} lists; {alone:,} of them "
        f"({100 * alone / n_observed:.0f} %) are on one list only."
    ]
    highest = max(k for k, people in enumerate(frequencies, 1) if people)
    if highest == 1:
        said.append("Nobody is on two lists: without any overlap the number of people nobody saw cannot be estimated.")
    elif highest == 2 < many:
        said.append(
            "Nobody is on three lists or more, so the table says little about dependence between lists, or about "
            "people who are easier to record than others."
        )
    return said


def _about_lists(
    lists: tuple[ListSummary, ...],
    identical: _NamePairs,
    contained: _NamePairs,
    components: tuple[tuple[str, ...], ...],
) -> list[str]:
    said = []
    empty = [row.name for row in lists if not row.size]
    if empty:
        said.append(f"Nobody is on {_listed(empty)}; drop {'it' if len(empty) == 1 else 'them'} before estimating.")
    said += [
        f"{a} and {b} hold exactly the same people: one list given twice is not two sources." for a, b in identical
    ]
    if contained:
        named = _listed(f"{inner} within {outer}" for inner, outer in contained)
        said.append(
            f"A list within another adds nobody and may have been copied from it ({named}); ask how it was made."
        )
    if len(components) > 1:
        groups = _listed((", ".join(group) for group in components), "; ")
        said.append(
            f"The lists fall into {len(components)} groups that share nobody ({groups}): how many people one group "
            "missed cannot be learnt from another."
        )
    return said


def _about_pairs(lists: tuple[ListSummary, ...], pairs: tuple[PairSummary, ...]) -> list[str]:
    said = []
    empty = _empty(lists, pairs)
    if empty:
        verb = "shares" if len(empty) == 1 else "share"
        said.append(
            f"{len(empty)} of {len(pairs)} pairs of lists {verb} nobody ({_listed(map(str, empty))}); a model with a "
            "term for such a pair may have no finite answer."
        )
    if len(lists) == 2:
        said.append("Whether two lists depend on one another cannot be seen without a third: it has to be argued.")
    judged = [pair for pair in pairs if pair.odds_ratio is not None]
    together = [str(pair) for pair in judged if pair.sign > 0]
    apart = [str(pair) for pair in judged if pair.sign < 0]
    if together:
        said.append(
            f"Found together more often than independence would give, among people on another list: "
            f"{_listed(together)}. A total from such a pair alone would be too low."
        )
    if apart:
        said.append(
            f"Found together less often than independence would give, among people on another list: "
            f"{_listed(apart)}. A total from such a pair alone would be too high."
        )
    if judged and not (together or apart):
        said.append("No pair of lists shows a clear sign of dependence; a small table cannot show much.")
    elif judged:
        said.append(
            f"{len(judged)} pairs were looked at, each with a 95 % interval: even among independent lists about "
            "1 in 20 shows a sign by chance."
        )
    return said


def _listed(names: Iterable[str], between: str = ", ") -> str:
    """Names as they are read, the first of them only where there are many."""
    named = list(names)
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return between.join(named[:_NAMED]) + more


def _ratio(value: float) -> str:
    """An odds ratio as it is read."""
    if value < 0.01:
        return "below 0.01"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"
