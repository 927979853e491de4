"""CaptureTable: how many people were seen by exactly which lists.

Symbols
-------
J : number of lists.   C : number of distinct capture histories (patterns) seen.
n : people observed on at least one list.   f_k : people on exactly k lists.
n_j : people on list j.   m_ij : people on both list i and list j (and perhaps others).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from estimation.atomic import write_text
from estimation.errors import TableError

__all__ = ["MAX_LISTS", "BoolArray", "CaptureTable", "FloatArray", "IntArray"]

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

MAX_LISTS = 64
"""A history is one bit a list in a 64-bit word."""


def _problems(lists: Sequence[str], patterns: npt.NDArray[np.generic], counts: npt.NDArray[np.generic]) -> list[str]:
    """Everything wrong with the three parts of a table, one sentence each."""
    problems = []
    if not lists:
        problems.append("there is no list; a table needs at least one")
    if len(lists) > MAX_LISTS:
        problems.append(f"there are {len(lists)} lists; the most a table holds is {MAX_LISTS}: merge or drop some")
    for name in sorted({name for name in lists if list(lists).count(name) > 1}):
        problems.append(f"the list name {name!r} is used more than once; give each list its own name")
    if any(not name.strip() for name in lists):
        problems.append("a list has an empty name; name every list")
    if patterns.ndim != 2 or patterns.shape[1] != len(lists):
        problems.append(f"patterns have shape {patterns.shape}; with {len(lists)} lists it must be (C, {len(lists)})")
        return problems
    if counts.shape != (patterns.shape[0],):
        problems.append(f"{patterns.shape[0]} patterns but counts of shape {counts.shape}; give one count a pattern")
        return problems
    if not np.isin(patterns, (0, 1)).all():
        problems.append("patterns must be 0 or 1 (False or True)")
        return problems
    if not (np.issubdtype(counts.dtype, np.integer) or np.issubdtype(counts.dtype, np.floating)):
        problems.append(f"counts are of type {counts.dtype}; they must be whole numbers of persons")
        return problems
    unseen = np.flatnonzero(~patterns.astype(bool).any(axis=1)).tolist()
    if unseen:
        problems.append(f"pattern rows {unseen} are on no list; nobody observed them, so drop these rows")
    as_float = counts.astype(float)
    not_whole = np.flatnonzero(~(np.isfinite(as_float) & (as_float == np.floor(as_float)))).tolist()
    if not_whole:
        problems.append(f"counts in rows {not_whole} are not whole numbers; a count is a number of persons")
    negative = np.flatnonzero(as_float < 0).tolist()
    if negative:
        problems.append(f"counts in rows {negative} are negative; a count of persons cannot be")
    return problems


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CaptureTable:
    """How many people were seen by exactly which lists.

    The table is kept in one canonical form, so that two tables with the same content are equal, have the same
    checksum and give the same estimate: histories distinct, with at least one person each, ordered by the number
    of lists and then from the first list to the last.  A history that is not there was seen by nobody.

    Parameters
    ----------
    lists : sequence of str, length J
        Names of the lists.
    patterns : array of bool or 0/1, shape (C, J)
        Capture histories; ``patterns[c, j]`` says whether list j holds the people of history c.  No all-zero row.
        Rows may repeat; their counts are added.
    counts : array of int, shape (C,)
        People with exactly that history.  Unit: persons.

    Raises
    ------
    TableError
        For any of: no list, over 64 lists, a repeated or empty name, shapes that do not fit, an all-zero
        history, a count that is negative or not whole.  All problems are named together.

    Examples
    --------
    >>> table = CaptureTable(["police", "press"], [[1, 0], [0, 1], [1, 1]], [54, 30, 12])
    >>> table.n_observed, table.list_sizes.tolist(), table.frequencies.tolist()
    (96, [66, 42], [84, 12])
    >>> print(table)
    96 people on 2 lists (police 66, press 42), 3 distinct histories
    """

    lists: tuple[str, ...]
    patterns: BoolArray
    counts: IntArray

    def __init__(self, lists: Sequence[str], patterns: npt.ArrayLike, counts: npt.ArrayLike) -> None:
        given_patterns = np.asarray(patterns)
        given_counts = np.asarray(counts)
        if given_patterns.size == 0 and given_counts.size == 0:
            given_patterns = np.zeros((0, len(lists)), dtype=bool)
            given_counts = np.zeros(0, dtype=np.int64)
        problems = _problems(lists, given_patterns, given_counts)
        if problems:
            raise TableError("capture table", problems)
        as_bool = given_patterns.astype(bool)
        whole = given_counts.astype(np.int64)
        # Ordered by the number of lists, then the first list first.
        distinct, where = np.unique(~as_bool, axis=0, return_inverse=True)
        summed = np.zeros(distinct.shape[0], dtype=np.int64)
        np.add.at(summed, where.reshape(-1), whole)
        kept = ~distinct[summed > 0]
        summed = summed[summed > 0]
        order = np.argsort(kept.sum(axis=1), kind="stable")
        ordered_patterns = np.ascontiguousarray(kept[order])
        ordered_counts = np.ascontiguousarray(summed[order])
        ordered_patterns.flags.writeable = False
        ordered_counts.flags.writeable = False
        object.__setattr__(self, "lists", tuple(str(name) for name in lists))
        object.__setattr__(self, "patterns", ordered_patterns)
        object.__setattr__(self, "counts", ordered_counts)

    @classmethod
    def from_histories(cls, lists: Sequence[str], histories: Mapping[str, int]) -> CaptureTable:
        """A table from histories written as text, one 0/1 per list.

        Raises
        ------
        TableError
            When a history is not made of J zeros and ones, and for all that the constructor refuses.

        Examples
        --------
        >>> CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 2}).n_observed
        10
        """
        wrong = [h for h in histories if len(h) != len(lists) or set(h) - {"0", "1"}]
        if wrong:
            raise TableError("capture table", [f"history {h!r} is not {len(lists)} zeros and ones" for h in wrong])
        return cls(lists, [[c == "1" for c in h] for h in histories], list(histories.values()))

    @property
    def n_observed(self) -> int:
        """n, the people on at least one list.  Unit: persons."""
        return int(self.counts.sum())

    @property
    def list_sizes(self) -> IntArray:
        """n_j, shape (J,): the people on each list.  Unit: persons."""
        return self.counts @ self.patterns.astype(np.int64)

    @property
    def overlaps(self) -> IntArray:
        """m_ij, shape (J, J): the people on both lists of a pair; list sizes on the diagonal.  Unit: persons."""
        on = self.patterns.astype(np.int64)
        return cast(IntArray, on.T @ (self.counts[:, None] * on))

    @property
    def frequencies(self) -> IntArray:
        """f_k, shape (J,): the people on exactly 1, 2, ..., J lists.  Unit: persons."""
        seen_on = self.patterns.sum(axis=1)
        return np.bincount(seen_on, weights=self.counts, minlength=len(self.lists) + 1)[1:].astype(np.int64)

    @property
    def singletons(self) -> IntArray:
        """S_j, shape (J,): the people on list j and on no other.  Unit: persons."""
        alone = self.patterns.sum(axis=1) == 1
        return cast(IntArray, self.counts[alone] @ self.patterns[alone].astype(np.int64))

    @property
    def sha256(self) -> str:
        """Checksum of the table's canonical CSV text: the same content, the same checksum."""
        return hashlib.sha256(self._csv_text().encode()).hexdigest()

    def index(self, name: str) -> int:
        """Position of a list by its name.

        Raises
        ------
        TableError
            When no list has that name.
        """
        if name not in self.lists:
            raise TableError("capture table", [f"there is no list {name!r}; the lists are {', '.join(self.lists)}"])
        return self.lists.index(name)

    def count(self, *on: str) -> int:
        """People on exactly the lists named, and on no other.  Unit: persons.

        Examples
        --------
        >>> CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 2}).count("A")
        5
        """
        wanted = np.zeros(len(self.lists), dtype=bool)
        wanted[[self.index(name) for name in on]] = True
        return int(self.counts[(self.patterns == wanted).all(axis=1)].sum())

    def cells(self) -> IntArray:
        """All 2^J - 1 observable cells, shape (2^J,): the people with each history, empty histories included.

        Entry ``h`` is the history whose bit j (of value ``2**j``) says whether list j saw the person; entry 0 is the
        unseen cell and is 0 here.  Only for tables small enough to write out.

        Raises
        ------
        TableError
            Above 20 lists, where the full table has over a million cells.

        Examples
        --------
        >>> CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 2}).cells().tolist()
        [0, 5, 3, 2]
        """
        if len(self.lists) > 20:
            raise TableError("capture table", [f"{len(self.lists)} lists have 2^{len(self.lists)} cells: too many"])
        codes = self.patterns.astype(np.int64) @ (1 << np.arange(len(self.lists), dtype=np.int64))
        full = np.zeros(1 << len(self.lists), dtype=np.int64)
        full[codes] = self.counts
        return full

    def keep(self, names: Sequence[str]) -> CaptureTable:
        """The margin over some of the lists, in the order given: people on none of them leave the table.

        Also the way to put the lists in another order.

        Raises
        ------
        TableError
            When a name is not a list of the table, or none is given.

        Examples
        --------
        >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 5, "011": 3, "111": 2})
        >>> print(table.keep(["C", "B"]))
        5 people on 2 lists (C 5, B 5), 1 distinct history
        """
        columns = [self.index(name) for name in names]
        patterns = self.patterns[:, columns]
        seen = patterns.any(axis=1)
        return CaptureTable(names, patterns[seen], self.counts[seen])

    def drop(self, names: Iterable[str]) -> CaptureTable:
        """The table without some lists: people who were on those only leave it.

        Raises
        ------
        TableError
            When a name is not a list of the table, or no list would be left.
        """
        dropped = {self.lists[self.index(name)] for name in names}
        return self.keep([name for name in self.lists if name not in dropped])

    def merge(self, names: Sequence[str], into: str) -> CaptureTable:
        """Some lists made into one: a person is on the new list who was on any of them.

        The new list stands where the first of the merged lists stood; nobody leaves the table.

        Raises
        ------
        TableError
            When fewer than two lists are named, a name is not a list, or the new name is another list's.

        Examples
        --------
        >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 5, "010": 3, "111": 2})
        >>> print(table.merge(["B", "C"], into="BC"))
        10 people on 2 lists (A 7, BC 5), 3 distinct histories
        """
        columns = sorted({self.index(name) for name in names})
        if len(columns) < 2:
            raise TableError("capture table", [f"merging needs two lists or more, not {list(names)}"])
        rest = [j for j in range(len(self.lists)) if j not in columns]
        if into in {self.lists[j] for j in rest}:
            raise TableError("capture table", [f"{into!r} is the name of another list; choose another name"])
        place = sum(j < columns[0] for j in rest)
        merged = self.patterns[:, columns].any(axis=1)
        patterns = np.insert(self.patterns[:, rest], place, merged, axis=1)
        lists = [self.lists[j] for j in rest]
        lists.insert(place, into)
        return CaptureTable(lists, patterns, self.counts)

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write the table as counts per history: one 0/1 column a list and a ``count`` column.

        The file is written beside its place and then renamed, so it is whole or not there.

        Raises
        ------
        TableError
            When a list is named ``count``, the name of the column of counts.
        OSError
            When the file cannot be written.
        """
        if "count" in self.lists:
            raise TableError("capture table", ["a list is named 'count', as is the column of counts; rename the list"])
        return write_text(path, self._csv_text())

    def _csv_text(self) -> str:
        """The table as CSV text (RFC 4180 quoting), the form that is summed up in `sha256`."""

        def quoted(name: str) -> str:
            return '"' + name.replace('"', '""') + '"' if set(name) & set(',"\r\n') else name

        rows = [",".join([*(quoted(name) for name in self.lists), "count"])]
        for pattern, count in zip(self.patterns.astype(int).tolist(), self.counts.tolist(), strict=True):
            rows.append(",".join(str(value) for value in (*pattern, count)))
        return "\n".join(rows) + "\n"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CaptureTable):
            return NotImplemented
        return self._csv_text() == other._csv_text()

    def __hash__(self) -> int:
        return hash(self._csv_text())

    def __str__(self) -> str:
        sizes = ", ".join(f"{name} {size:,}" for name, size in zip(self.lists, self.list_sizes.tolist(), strict=True))
        histories = len(self.counts)
        ending = "history" if histories == 1 else "histories"
        lists = "list" if len(self.lists) == 1 else "lists"
        return f"{self.n_observed:,} people on {len(self.lists)} {lists} ({sizes}), {histories:,} distinct {ending}"

    def __repr__(self) -> str:
        return f"<CaptureTable: {self}>"
