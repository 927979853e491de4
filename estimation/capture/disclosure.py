"""A table of overlapping lists that may be published: no small cell in it, and none that can be worked out from it.

A cell is the number of people with exactly one capture history.  A cell of one or two people may be a person whom a
reader knows, and tells on which other lists that person is.  Two rules take small cells out; the rule is written at the
top of the file.

merge
    Two lists at a time are made into one (a person is on it who was on either), until no cell is small.  The result is
    a table of fewer lists, to which models can still be fitted.
suppress
    Small cells are left blank, and so are further cells, so that no blank can be filled in by subtraction.  The table
    has all its lists, and no model can be fitted to it.

Symbols
-------
k : the minimum; a cell of 1 to k - 1 people is small.   x_h : people with history h.
n, n_j : people, people on list j.

What a reader is taken to know
------------------------------
The file, its rule, the number of people n and the size n_j of every list, as every report gives them.  Over all whole
numbers x that agree with these, the least and the largest possible value of a cell are found by integer programming;
each small cell must be left with at least k possible values, so that a reader cannot tell it from k or more.  Overlaps,
other tables of the same people and the table's checksum are taken to stay unpublished: from a checksum small cells can
be guessed and the guess confirmed.  A reader who runs the suppressing rule on every table that is possible may rule out
some of its values; the doubt is stated without that.

References
----------
Fischetti, Salazar-Gonzalez 2001; Willenborg, de Waal 2001, Elements of Statistical Disclosure Control.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.errors import SettingError, TableError
from estimation.files import write_output

__all__ = ["SafeTable", "merge_small_cells", "suppress_small_cells"]

_SUPPRESSED = "suppressed"
_GIVEN_AWAY = (
    "the number of people and the sizes of the lists alone give a small cell away, however the lists are merged; "
    "publish no table of these lists, or name a lower minimum"
)
_NOT_HIDDEN = (
    "the number of people, the sizes of the lists and the histories that nobody has give a small cell away, however "
    "many others are suppressed; merge lists instead, or name a lower minimum"
)


@dataclass(frozen=True, slots=True)
class SafeTable:
    """A table with its small cells taken out, and the rule by which that was done.

    Parameters
    ----------
    table : CaptureTable
        The table with all its cells, those that are not to be shown among them.
    hidden : tuple of bool, one a history
        Which cells are not shown.
    rule : tuple of str
        What was done and what must not be published beside it, one sentence or two each.
    """

    table: CaptureTable
    hidden: tuple[bool, ...]
    rule: tuple[str, ...]

    @property
    def text(self) -> str:
        """The file: the rule in lines that begin with ``#``, and the table as CSV."""
        header, *rows = self.table.csv_text.splitlines()
        rows = [
            f"{row.rpartition(',')[0]},{_SUPPRESSED}" if hidden else row
            for row, hidden in zip(rows, self.hidden, strict=True)
        ]
        return "".join(f"{line}\n" for line in (*(f"# {sentence}" for sentence in self.rule), header, *rows))

    def to_csv(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the file; `estimation.capture.readers.read_table` reads a merged table, and refuses a suppressed one.

        Raises
        ------
        OutputError, OSError
            When the file cannot be written, or is there already and may not be replaced (``force``).
        """
        return write_output(path, self.text, force=force)


def merge_small_cells(table: CaptureTable, *, minimum: int = 5) -> SafeTable:
    """The table with lists merged, two at a time, until no cell is below the minimum and none can be worked out.

    Each time the two lists are merged that leave the fewest people in small cells; of equals those that leave the
    most histories, and of equals the first in the table's order.

    Parameters
    ----------
    table : CaptureTable
        The table as it is.
    minimum : int
        k, the least number of people that a cell may show; 2 or more.  Unit: persons.

    Raises
    ------
    SettingError
        For a minimum below 2.
    TableError
        When the number of people and the sizes of the lists alone give a small cell away, or are themselves small.

    Examples
    --------
    >>> table = CaptureTable.from_histories(
    ...     ["A", "B", "C"], {"100": 60, "010": 50, "001": 40, "110": 24, "101": 20, "011": 15, "111": 2}
    ... )
    >>> print(merge_small_cells(table).table)
    211 people on 2 lists (A or B 171, C 77), 3 distinct histories
    """
    _check(table, minimum)
    merged = table
    groups: list[tuple[str, ...]] = [(name,) for name in table.lists]
    while _small(merged, minimum).any() or not _merged_is_safe(table, merged, groups, minimum):
        if len(groups) == 1:
            raise TableError("capture table", [_GIVEN_AWAY])
        merged, groups = _next_merger(merged, groups, minimum)
    made = [f"{' or '.join(group)} is {len(group)} lists made into one" for group in groups if len(group) > 1]
    done = f"{'; '.join(made)}: a person is on it who was on any of them." if made else _nothing(minimum)
    rule = (
        f"Table of overlapping lists with no cell below {minimum} people. Rule: merge lists until none is.",
        done,
        *_limits(minimum),
    )
    return SafeTable(merged, (False,) * len(merged.counts), rule)


def suppress_small_cells(table: CaptureTable, *, minimum: int = 5) -> SafeTable:
    r"""The table with its small cells left blank, and others too, so that no blank can be worked out.

    Further cells are added from the smallest up until every small cell has k possible values, and then given back from
    the largest down where that still holds.

    Parameters
    ----------
    table : CaptureTable
        The table as it is.
    minimum : int
        k, the least number of people that a cell may show; 2 or more.  Unit: persons.

    Raises
    ------
    SettingError
        For a minimum below 2.
    TableError
        When the number of people and the sizes of the lists alone give a small cell away, as with two lists they
        always do, or are themselves small.

    Examples
    --------
    >>> table = CaptureTable.from_histories(
    ...     ["A", "B", "C"], {"100": 60, "010": 50, "001": 40, "110": 24, "101": 20, "011": 15, "111": 2}
    ... )
    >>> safe = suppress_small_cells(table)
    >>> print("\n".join(safe.text.splitlines()[-8:]))
    A,B,C,count
    1,0,0,60
    0,1,0,50
    0,0,1,suppressed
    1,1,0,24
    1,0,1,suppressed
    0,1,1,suppressed
    1,1,1,suppressed
    """
    _check(table, minimum)
    small = _small(table, minimum)
    hidden = small.copy()
    others = [int(h) for h in np.argsort(table.counts, kind="stable") if not small[h]]
    added: list[int] = []
    while not _suppressed_is_safe(table, hidden, small, minimum):
        if len(added) == len(others):
            raise TableError("capture table", [_NOT_HIDDEN])
        added.append(others[len(added)])
        hidden[added[-1]] = True
    for history in reversed(added):
        hidden[history] = False
        hidden[history] = not _suppressed_is_safe(table, hidden, small, minimum)
    done = f"{int(hidden.sum())} of {len(hidden)} cells are suppressed." if hidden.any() else _nothing(minimum)
    sizes = ", ".join(f"{name} {size}" for name, size in zip(table.lists, table.list_sizes.tolist(), strict=True))
    rule = (
        f"Table of overlapping lists with no cell below {minimum} people. Rule: suppress those, and others with them.",
        f"{done} A suppressed cell holds one person or more; a history that is not listed was seen by nobody.",
        f"{table.n_observed} people; on each list: {sizes}.",
        *_limits(minimum),
    )
    return SafeTable(table, tuple(hidden.tolist()), rule)


def _check(table: CaptureTable, minimum: int) -> None:
    """Refuse a minimum that hides nothing, and totals that are small cells themselves."""
    if minimum < 2:
        raise SettingError("disclosure", [f"minimum is {minimum}; it must be 2 or more: a cell below it is suppressed"])
    sizes = zip(table.lists, table.list_sizes.tolist(), strict=True)
    problems = [
        f"list {name} holds {size} people, below the minimum of {minimum}: its size alone is a small cell; drop the "
        "list, or merge it with another first"
        for name, size in sizes
        if size < minimum
    ]
    if problems:
        raise TableError("capture table", problems)


def _nothing(minimum: int) -> str:
    return f"No cell was below {minimum} people, and the table is as it was."


def _limits(minimum: int) -> tuple[str, ...]:
    return (
        f"To a reader who knows the number of people and the size of each list, every cell that was below {minimum} "
        f"has at least {minimum} possible values.",
        "Publish beside it no overlap of lists, no other table of these people and no checksum of the table as it was.",
    )


def _small(table: CaptureTable, minimum: int) -> BoolArray:
    """Which cells are small, shape (C,)."""
    return np.asarray(table.counts < minimum)


def _next_merger(
    table: CaptureTable, groups: Sequence[tuple[str, ...]], minimum: int
) -> tuple[CaptureTable, list[tuple[str, ...]]]:
    """The table with the two lists merged that leave the fewest people in small cells."""
    best: tuple[tuple[int, int], CaptureTable, list[tuple[str, ...]]] | None = None
    for i, j in combinations(range(len(groups)), 2):
        joined = (*groups[i], *groups[j])
        merged = table.merge([table.lists[i], table.lists[j]], into=" or ".join(joined))
        score = int(merged.counts[_small(merged, minimum)].sum()), -len(merged.counts)
        if best is None or score < best[0]:
            left = [joined if at == i else group for at, group in enumerate(groups) if at != j]
            best = score, merged, left
    assert best is not None
    return best[1], best[2]


def _merged_is_safe(table: CaptureTable, merged: CaptureTable, groups: Sequence[tuple[str, ...]], minimum: int) -> bool:
    """Whether the merged table and the sizes of the lists as they were leave every small cell k possible values.

    Only histories that were seen are thought possible, which leaves a reader less doubt than there is.
    """
    small = _small(table, minimum)
    columns = [table.patterns[:, [table.index(name) for name in group]].any(axis=1) for group in groups]
    becomes = np.column_stack(columns)
    cells = (becomes[None, :, :] == merged.patterns[:, None, :]).all(axis=2)
    known = np.vstack([cells, table.patterns.T]).astype(np.float64)
    return _all_in_doubt(known, table.counts, np.flatnonzero(small), least=0, minimum=minimum)


def _suppressed_is_safe(table: CaptureTable, hidden: BoolArray, small: BoolArray, minimum: int) -> bool:
    """Whether what is shown leaves every small cell k possible values, a cell that is not shown being at least 1."""
    patterns = table.patterns[hidden]
    known = np.vstack([np.ones(len(patterns)), patterns.T]).astype(np.float64)
    return _all_in_doubt(known, table.counts[hidden], np.flatnonzero(small[hidden]), least=1, minimum=minimum)


def _all_in_doubt(known: FloatArray, counts: IntArray, cells: IntArray, *, least: int, minimum: int) -> bool:
    """Whether each of some cells spans k values or more over all whole numbers x >= least with known @ x as it is.

    Parameters
    ----------
    known : array of 0/1, shape (totals, C)
        Which cells make up each total that a reader knows.
    counts : array of int, shape (C,)
        The cells as they are.  Unit: persons.
    cells : array of int
        Those that must stay in doubt.
    """
    totals = known @ counts
    lowest, highest = counts.astype(np.int64).copy(), counts.astype(np.int64).copy()
    for cell in cells.tolist():
        for direction in (1.0, -1.0):
            if highest[cell] - lowest[cell] >= minimum - 1:
                break  # another cell's extreme has already shown this one's doubt
            objective = np.zeros(len(counts))
            objective[cell] = direction
            found = milp(
                objective,
                constraints=LinearConstraint(known, totals, totals),
                integrality=np.ones(len(counts), dtype=np.int64),
                bounds=Bounds(least, np.inf),
            )
            if found.x is None:
                return False  # what is not shown to be in doubt is not taken to be
            possible = np.rint(found.x).astype(np.int64)
            if not np.array_equal(known @ possible, totals):
                return False
            lowest, highest = np.minimum(lowest, possible), np.maximum(highest, possible)
        if highest[cell] - lowest[cell] < minimum - 1:
            return False
    return True
