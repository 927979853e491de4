"""The margins of a table that a study prints: one list, each with its name, its words and where it is printed.

A margin is a set of totals: numbers of people that are each a sum of cells.  What a study prints of its table and what
is not on this list must not exist; a new margin has its place here first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

import numpy as np

from estimation.capture.table import BoolArray

__all__ = ["MARGINS", "ORDINARY", "Margin", "Published", "editions"]

_POOLED_AT_MOST = 6
"""Lists from which on the people by number of lists are pooled, at most: of many lists few people are on more."""
_SUBSETS_AT_MOST = 12
"""Lists of which a study can ask every choice; see `estimation.sensitivity.subsets`."""


@dataclass(frozen=True, slots=True)
class Margin:
    """Totals of one kind.

    Parameters
    ----------
    words : str
        What the numbers are, for the owner of the table.
    where : tuple of str
        What prints them, in a study or on the command line.
    sums : callable
        From capture histories, shape (C, J), to the totals, shape (T, C): which histories each of them adds up.
    """

    words: str
    where: tuple[str, ...]
    sums: Callable[[BoolArray], BoolArray]


def _stack(rows: Sequence[BoolArray], patterns: BoolArray) -> BoolArray:
    return np.array(rows, dtype=bool).reshape(len(rows), len(patterns))


def _people(patterns: BoolArray) -> BoolArray:
    return np.ones((1, len(patterns)), dtype=bool)


def _list_sizes(patterns: BoolArray) -> BoolArray:
    return np.ascontiguousarray(patterns.T)


def _frequencies(patterns: BoolArray) -> BoolArray:
    n_lists = patterns.shape[1]
    return _stack([patterns.sum(axis=1) == k for k in range(1, n_lists + 1)], patterns)


def _singletons(patterns: BoolArray) -> BoolArray:
    alone = patterns.sum(axis=1) == 1
    return np.asarray(patterns.T & alone, dtype=bool)


def _overlaps(patterns: BoolArray) -> BoolArray:
    pairs = combinations(range(patterns.shape[1]), 2)
    return _stack([np.asarray(patterns[:, i] & patterns[:, j]) for i, j in pairs], patterns)


def _overlaps_elsewhere(patterns: BoolArray) -> BoolArray:
    return np.asarray(_overlaps(patterns) & (patterns.sum(axis=1) >= 3), dtype=bool)


def _choices(patterns: BoolArray) -> BoolArray:
    n_lists = patterns.shape[1]
    sizes = range(3, n_lists) if n_lists <= _SUBSETS_AT_MOST else ()
    chosen = [list(names) for size in sizes for names in combinations(range(n_lists), size)]
    return _stack([np.asarray(patterns[:, names].any(axis=1)) for names in chosen], patterns)


def _histories(patterns: BoolArray) -> BoolArray:
    return np.eye(len(patterns), dtype=bool)


MARGINS: Mapping[str, Margin] = MappingProxyType(
    {
        "people": Margin(
            "the number of people",
            ("results.json", "report", "sensitivity.csv", "models/", "charts/", "mse inspect"),
            _people,
        ),
        "list_sizes": Margin(
            "the number of people on each list",
            ("results.json", "report", "charts/overlaps.svg", "charts of consistency", "mse inspect"),
            _list_sizes,
        ),
        "frequencies": Margin(
            "the number of people on exactly 1, 2, ... lists",
            ("results.json", "report", "the question one_inflation", "models/", "mse inspect"),
            _frequencies,
        ),
        "singletons": Margin(
            "the number of people on each list and on no other",
            ("report", "sensitivity.csv: people observed without each list", "the question consistency", "mse inspect"),
            _singletons,
        ),
        "overlaps": Margin(
            "the number of people on both of each two lists",
            ("report", "models of two lists", "the question pairs", "mse inspect"),
            _overlaps,
        ),
        "overlaps_elsewhere": Margin(
            "the odds ratio of each two lists, which counts the people on both and on a further list",
            ("report", "mse inspect"),
            _overlaps_elsewhere,
        ),
        "choices": Margin(
            "the number of people on any of each choice of lists",
            ("sensitivity.csv: people observed, under the questions subsets and consistency",),
            _choices,
        ),
        "histories": Margin(
            "the number of people with each capture history",
            ("charts/overlaps.svg", "report", "inputs/"),
            _histories,
        ),
    }
)
"""Every margin, from the one that gives least away to the one that gives all away."""


@dataclass(frozen=True, slots=True)
class Published:
    """Which margins stand beside a table.

    Parameters
    ----------
    margins : tuple of str
        Names of `MARGINS`.
    pooled_from : int, optional
        Of the people by number of lists, those on so many lists or more are one number; None where each is its own.

    Examples
    --------
    >>> Published(("people", "frequencies"), 2).words
    ('the number of people', 'the number of people on exactly 1 list, and on 2 lists or more')
    """

    margins: tuple[str, ...]
    pooled_from: int | None = None

    def sums(self, patterns: BoolArray) -> BoolArray:
        """Which of some histories each total adds up, shape (T, C)."""
        found = [self._pooled(patterns) if name == "frequencies" else MARGINS[name].sums(patterns) for name in self]
        return np.vstack([np.zeros((0, len(patterns)), dtype=bool), *found])

    def _pooled(self, patterns: BoolArray) -> BoolArray:
        """The people by number of lists."""
        single = MARGINS["frequencies"].sums(patterns)
        if self.pooled_from is None:
            return single
        return np.vstack([single[: self.pooled_from - 1], single[self.pooled_from - 1 :].any(axis=0)])

    def __iter__(self) -> Iterator[str]:
        return iter(self.margins)

    @property
    def words(self) -> tuple[str, ...]:
        """What is published, one phrase a margin."""
        return tuple(self._words(name) for name in self)

    def _words(self, name: str) -> str:
        if name != "frequencies" or self.pooled_from is None:
            return MARGINS[name].words
        single = ", ".join(map(str, range(1, self.pooled_from)))
        lists = "list" if self.pooled_from == 2 else "lists"
        return f"the number of people on exactly {single} {lists}, and on {self.pooled_from} lists or more"

    @property
    def left_out(self) -> tuple[str, ...]:
        """The margins that are not published, by name."""
        return tuple(name for name in MARGINS if name not in self.margins)


ORDINARY = Published(tuple(MARGINS))
"""What a study prints that is not a public edition: everything."""


def editions(n_lists: int) -> Iterator[Published]:
    """What a public edition may print, from the most to the least.

    The people by number of lists are pooled from the top, since few are on many lists; then they go, and then the
    sizes of the lists.  The others are never in a public edition: they give nearly every small cell away.

    Examples
    --------
    >>> [(" ".join(p), p.pooled_from) for p in editions(3)]  # doctest: +NORMALIZE_WHITESPACE
    [('people list_sizes frequencies', None), ('people list_sizes frequencies', 2), ('people list_sizes', None),
    ('people', None)]
    """
    known = ("people", "list_sizes")
    yield Published((*known, "frequencies"))
    for pooled_from in range(min(n_lists - 1, _POOLED_AT_MOST), 1, -1):
        yield Published((*known, "frequencies"), pooled_from)
    yield Published(known)
    yield Published(("people",))
