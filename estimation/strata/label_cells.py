"""People by stratum and history, and those whose stratum is not known by history and possible strata.

A stratum is there where somebody is known to be of it.  Somebody whose labels are not all known can be of the strata
that these labels allow, unless they are on a list that could not have seen it, or on which nobody known of it is: such
a list is not in the stratum's table.

Symbols
-------
S strata.   R : pairs of a stratum and a history that anybody of it may have, the rows.   U : pairs of a history and
possible strata that people without known stratum have, the cells.   O : a cell with one of its strata, the options.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estimation.capture.stratified import Strata, StratifiedTable
from estimation.capture.table import BoolArray, IntArray
from estimation.errors import TableError
from estimation.text.counted import counted

__all__ = ["LabelCells"]


@dataclass(frozen=True, slots=True, eq=False)
class LabelCells:
    """Who is of which stratum, and who may be of which.

    Parameters
    ----------
    lists : tuple of str, length J
        All lists.
    strata : Strata
        Those of whom all is known, with the lists of each.
    patterns : bool array, shape (R, J)
        The history of each row, on all lists.
    begin : int array, shape (S + 1,)
        Rows begin[s] to begin[s + 1] - 1 are those of stratum s.
    known : int array, shape (R,)
        People known to be of each.  Unit: persons.
    people : int array, shape (U,)
        People of each cell.  Unit: persons.
    first : int array, shape (U + 1,)
        Options first[u] to first[u + 1] - 1 are those of cell u.
    stratum, row : int array, shape (O,)
        The stratum of each option, and its row.
    cell : int array
        The cell of each row of the table that they were made of; -1 where the stratum is known.
    """

    lists: tuple[str, ...]
    strata: Strata
    patterns: BoolArray
    begin: IntArray
    known: IntArray
    people: IntArray
    first: IntArray
    stratum: IntArray
    row: IntArray
    cell: IntArray

    @classmethod
    def of(cls, table: StratifiedTable, by: Sequence[str]) -> LabelCells:
        """The cells of a table.

        Raises
        ------
        TableError
            When a name is no label, nobody's stratum is known, or somebody can be of no stratum.
        """
        labels = [table.label(name) for name in by]
        codes = table.codes[:, [table.labels.index(label) for label in labels]]
        known = (codes < [len(label.values) for label in labels]).all(axis=1)
        strata = table.complete(by).by(by)
        values = [np.array([label.values.index(name[at]) for name in strata.tables]) for at, label in enumerate(labels)]
        histories, history = np.unique(table.patterns, axis=0, return_inverse=True)
        history = history.reshape(-1)
        unsure, member, people = _merged(history[~known], codes[~known], table.counts[~known])
        possible = _reachable(strata, table.lists, histories)[unsure[:, 0]]
        for at, label in enumerate(labels):
            possible &= label.allowed()[unsure[:, 1 + at]][:, values[at]]
        _check(table, by, possible, people, histories[unsure[:, 0]])
        place = {tuple(key): s for s, key in enumerate(np.column_stack(values).tolist())}
        of = np.array([place[tuple(key)] for key in codes[known].tolist()], dtype=np.int64)
        option, stratum = np.nonzero(possible)
        pairs = np.concatenate([np.column_stack([of, history[known]]), np.column_stack([stratum, unsure[option, 0]])])
        rows, row = np.unique(pairs, axis=0, return_inverse=True)
        row = row.reshape(-1)
        counts = np.bincount(row[: of.size], weights=table.counts[known], minlength=len(rows)).astype(np.int64)
        cell = np.full(known.size, -1)
        cell[~known] = member
        return cls(
            table.lists,
            strata,
            histories[rows[:, 1]],
            np.searchsorted(rows[:, 0], np.arange(len(place) + 1)),
            counts,
            people,
            np.searchsorted(option, np.arange(len(people) + 1)),
            stratum.astype(np.int64),
            row[of.size :].astype(np.int64),
            cell,
        )

    @property
    def unsure(self) -> BoolArray:
        """Whether somebody whose stratum is not known can be of each stratum, shape (S,)."""
        found: BoolArray = np.isin(np.arange(len(self.begin) - 1), self.stratum)
        return found

    def histories(self, stratum: int) -> tuple[tuple[str, ...], BoolArray]:
        """The lists of a stratum, by its place, and the histories of its rows on them."""
        tables = self.strata.tables.values()
        names = list(tables)[stratum].lists
        on = np.isin(self.lists, names)
        return names, self.patterns[self.begin[stratum] : self.begin[stratum + 1]][:, on]

    def completed(self, placed: IntArray) -> IntArray:
        """People of each row, shape (R,), with so many of each option.  Unit: persons."""
        added = np.bincount(self.row, weights=placed, minlength=self.known.size)
        found: IntArray = self.known + added.astype(np.int64)
        return found


def _merged(history: IntArray, codes: IntArray, counts: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """The different pairs of history and codes, shape (U, 1 + L), the place of each row's, and the people of each."""
    cells, member = np.unique(np.column_stack([history, codes]), axis=0, return_inverse=True)
    member = member.reshape(-1)
    return cells, member, np.bincount(member, weights=counts, minlength=len(cells)).astype(np.int64)


def _reachable(strata: Strata, lists: Sequence[str], histories: BoolArray) -> BoolArray:
    """Whether each history is on lists of each stratum alone, shape (H, S)."""
    outside = np.array([[name in out for name in lists] for out in strata.left_out.values()])
    found: BoolArray = histories.astype(np.float32) @ outside.T.astype(np.float32) == 0
    return found


def _check(table: StratifiedTable, by: Sequence[str], possible: BoolArray, people: IntArray, seen: BoolArray) -> None:
    """Refuse a table with somebody who can be of no stratum."""
    nowhere = ~possible.any(axis=1)
    if nowhere.any():
        first = " and ".join(np.array(table.lists)[seen[nowhere][0]].tolist())
        raise TableError(
            "stratified table",
            [
                f"{counted(int(people[nowhere].sum()), 'person', 'people')} without known {' and '.join(by)} (the "
                f"first on {first}) can be of "
                "no stratum in which somebody on their lists is known; name fewer labels, or use impute, which takes "
                "people with other histories"
            ],
        )
