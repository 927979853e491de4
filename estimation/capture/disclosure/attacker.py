"""What an attacker makes of all that is published: whether a small cell is still in doubt.

For a small cell of v people a table is looked for that agrees with everything published and in which the cell has
v + k - 1 people; failing that the largest value is looked for, and then the least.  Tables that are found for one cell
serve the others.  What is found is rounded and added up again in whole numbers before it counts.

Symbols
-------
k : the minimum.   x : numbers of people by history, whole and not negative.   known @ x = totals : what is published.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from estimation.capture.table import BoolArray, CaptureTable, IntArray

__all__ = ["WORK", "Effort", "EffortSpentError", "Knowledge", "first_in_reach", "possible_histories", "small_cells"]

_ALL_LISTS = 8
"""Lists up to which every history is thought possible; beyond, those that were seen and all of one or two lists."""
_NEAR = 0.2
"""How near to the best table one must come that serves many cells: another programme goes on from there."""
_TOGETHER = 40
"""Cells that one programme looks for a table for."""
_MOVABLE = 250
"""Cells beside those that a programme may change, the largest first."""
_NODES = 100
"""Branches of one integer programme at most; a cell that needs more counts as given away."""
WORK = 2_000_000
"""Work of one table, in cells of programmes; less than half a minute."""


class EffortSpentError(Exception):
    """No work is left, and the question is open."""


class Effort:
    """How much work is left; counted, not timed, so that every machine stops at the same place.

    Parameters
    ----------
    most : int
        Cells of all programmes together, at most.
    """

    def __init__(self, most: int = WORK) -> None:
        self._left = most

    def spend(self, cells: int) -> None:
        """Take some of it.

        Raises
        ------
        EffortSpentError
            When nothing is left.
        """
        self._left -= cells
        if self._left < 0:
            raise EffortSpentError


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What an attacker knows.

    Parameters
    ----------
    histories : BoolArray, shape (H, J)
        Histories that people may have.
    counts : IntArray, shape (H,)
        How many have them, which the attacker does not know.  Unit: persons.
    sums : BoolArray, shape (T, H)
        Which of them each total adds up that the attacker knows.
    least : int
        The least number of people that each can have.
    """

    histories: BoolArray
    counts: IntArray
    sums: BoolArray
    least: int = 0


def small_cells(counts: IntArray, minimum: int) -> BoolArray:
    """Which cells are small: of 1 to k - 1 people."""
    return np.asarray((counts > 0) & (counts < minimum))


def possible_histories(table: CaptureTable) -> tuple[BoolArray, IntArray]:
    """Histories that a reader must think possible, and the people who have them: shapes (H, J) and (H,).

    Fewer are a stricter test: a table that is found among them is possible whatever else is.
    """
    n_lists = len(table.lists)
    if n_lists <= _ALL_LISTS:
        codes = np.arange(1, 1 << n_lists)
        more = ((codes[:, None] >> np.arange(n_lists)) & 1).astype(bool)
    else:
        one = np.eye(n_lists, dtype=bool)
        first, second = np.triu_indices(n_lists, 1)
        more = np.vstack([one, one[first] | one[second]])
    both, where = np.unique(np.vstack([table.patterns, more]), axis=0, return_inverse=True)
    counts = np.zeros(len(both), dtype=np.int64)
    counts[where.reshape(-1)[: len(table.counts)]] = table.counts
    return both, counts


def first_in_reach(known: Knowledge, minimum: int, effort: Effort) -> int | None:
    """The first small cell that is not shown to be in doubt; None when all are.

    Parameters
    ----------
    known : Knowledge
        Everything that is published.
    minimum : int
        k; a small cell is in doubt that can be k or more, and has k possible values or more.
    effort : Effort
        Work that is left.

    Raises
    ------
    EffortSpentError
        When no work is left.
    """
    found = _Extremes(known, effort)
    cells = np.flatnonzero(small_cells(known.counts, minimum))
    hardest_first: list[int] = cells[np.argsort(-known.histories[cells].sum(axis=1), kind="stable")].tolist()
    for cell in hardest_first:
        if found.at_most(cell) < minimum:
            return cell
    left = hardest_first
    while left:
        for at in range(0, len(left), _TOGETHER):
            together = [cell for cell in left[at : at + _TOGETHER] if not found.in_doubt(cell, minimum)]
            found.look(together, known.counts[together] + minimum - 1, largest=True)
        still = [cell for cell in left if not found.in_doubt(cell, minimum)]
        if len(still) == len(left):
            break
        left = still
    for cell in left:
        if not found.in_doubt(cell, minimum):
            found.look([cell], known.counts[[cell]] + minimum - 1, largest=True)
        if not found.in_doubt(cell, minimum) and found.highest[cell] >= minimum:
            found.look([cell], found.highest[[cell]] - minimum + 1, largest=False)
        if not found.in_doubt(cell, minimum):
            return cell
    return None


class _Extremes:
    """The least and the largest value of each cell over the tables that were found."""

    def __init__(self, known: Knowledge, effort: Effort) -> None:
        # Totals of no history say nothing, and twice the same total says it once.
        sums = np.unique(known.sums[known.sums.any(axis=1)], axis=0).astype(np.int64)
        self.known, self.effort, self.sums = known, effort, sums
        self.totals = sums @ known.counts
        self.lowest, self.highest = known.counts.copy(), known.counts.copy()
        # Cells that stay as they are make fewer tables, and what is found among fewer is found among all.
        self.movable = np.sort(np.argsort(-known.counts, kind="stable")[:_MOVABLE])

    def in_doubt(self, cell: int, minimum: int) -> bool:
        """Whether a cell can be the minimum, and spans as many values as the minimum."""
        highest = int(self.highest[cell])
        return highest >= minimum and highest - int(self.lowest[cell]) >= minimum - 1

    def at_most(self, cell: int) -> int:
        """The smallest total that a cell is part of: it cannot be larger."""
        return int(self.totals[self.sums[:, cell] > 0].min(initial=np.iinfo(np.int64).max))

    def look(self, cells: list[int], wanted: IntArray, *, largest: bool) -> None:
        """Look for a table in which some cells are together as large, or as small, as is wanted or as can be."""
        free = np.union1d(cells, self.movable)
        here = np.searchsorted(free, cells)
        sums, counts, n = self.sums[:, free], self.known.counts[free], len(free)
        self.effort.spend(sums.size)
        upper = np.full(n, np.inf)
        lower = np.full(n, float(self.known.least))
        (upper if largest else lower)[here] = np.maximum(wanted, self.known.least)
        objective = np.zeros(n)
        objective[here] = -1.0 if largest else 1.0
        found = milp(
            objective,
            constraints=LinearConstraint(sums.astype(np.float64), sums @ counts, sums @ counts),
            integrality=np.ones(n, dtype=np.int64),
            bounds=Bounds(lower, upper),
            options={"node_limit": _NODES, "mip_rel_gap": _NEAR if len(cells) > 1 else 0.0},
        )
        if found.x is None:
            return
        table = self.known.counts.copy()
        table[free] = np.rint(found.x).astype(np.int64)
        if np.array_equal(self.sums @ table, self.totals) and (table >= self.known.least).all():
            self.lowest, self.highest = np.minimum(self.lowest, table), np.maximum(self.highest, table)
