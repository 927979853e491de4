"""The tables of draws of a linkage: equal ones once, in an order in which the first few are spread over all draws.

Successive draws of a Markov chain are alike.  Draws are therefore taken in the order of the van der Corput sequence
(half, quarter, three quarters, ...), chains in turn: the first m lie nearly evenly over all, and more can follow them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.capture.table import CaptureTable, IntArray
from estimation.linkage.draws import LinkageDraws
from estimation.linkage.linked_tables import LinkedTables
from estimation.results.effective_size import mean_size

__all__ = ["DrawnTables", "draws_in_turn"]

_FEWEST_DRAWS = 8
"""Draws of a chain below which nothing is known of how alike successive ones are."""


@dataclass(frozen=True, slots=True)
class DrawnTables:
    """The tables of all draws.

    Parameters
    ----------
    tables : tuple of CaptureTable
        The different tables, in the order of `order`.
    of_draw : int array, shape (D,)
        For each draw, in the order in which draws are taken, which table it has.
    effective : float
        Independent draws that all D are worth, by the autocorrelation of the number of people.

    Examples
    --------
    >>> from estimation.linkage.draws import RecordPlace
    >>> records = tuple(RecordPlace(list=k % 2, row=k) for k in range(4))
    >>> persons = np.array([[[0, 0, 1, 2], [0, 1, 2, 3], [0, 0, 1, 2]]], dtype=np.int32)
    >>> drawn = DrawnTables.of(LinkageDraws(("a", "b"), records, persons))
    >>> len(drawn.tables), drawn.counts(3).tolist()
    (2, [2, 1])
    """

    tables: tuple[CaptureTable, ...]
    of_draw: IntArray
    effective: float

    @classmethod
    def of(cls, draws: LinkageDraws | LinkedTables) -> DrawnTables:
        """Those of the draws of a linkage."""
        chains, length = draws.shape
        places = draws_in_turn(draws)
        all_tables = draws.tables
        known: dict[str, int] = {}
        different: list[CaptureTable] = []
        of_draw = np.empty(len(places), dtype=np.int64)
        for number, place in enumerate(places):
            table = all_tables[place]
            of_draw[number] = known.setdefault(table.sha256, len(different))
            if of_draw[number] == len(different):
                different.append(table)
        people = draws.n_people.reshape(chains, length).astype(np.float64)
        varies = length >= _FEWEST_DRAWS and np.ptp(people) > 0
        size = mean_size(people) if varies else float(people.size)
        worth = float(min(max(size, 1.0), people.size)) if np.isfinite(size) else float(people.size)
        return cls(tuple(different), of_draw, worth)

    @property
    def n_draws(self) -> int:
        """D."""
        return len(self.of_draw)

    def counts(self, n_draws: int) -> IntArray:
        """How many of the first so many draws have each table; shape (tables that any of them has,)."""
        return np.bincount(self.of_draw[:n_draws]).astype(np.int64)

    def n_different(self, n_draws: int) -> int:
        """How many different tables the first so many draws have."""
        return int(self.of_draw[:n_draws].max()) + 1


def draws_in_turn(draws: LinkageDraws | LinkedTables) -> list[int]:
    """The places of the draws, all chains one after another, in the order in which draws are taken.

    Examples
    --------
    >>> from estimation.linkage.draws import RecordPlace
    >>> draws_in_turn(LinkageDraws(("a",), (RecordPlace(0, 2),), np.zeros((2, 4, 1), dtype=np.int32)))
    [0, 4, 2, 6, 1, 5, 3, 7]
    """
    chains, length = draws.shape
    bits = max(length - 1, 1).bit_length()
    turned = [int(f"{at:0{bits}b}"[::-1], 2) for at in range(1 << bits)]
    return [chain * length + at for at in turned if at < length for chain in range(chains)]
