"""A table that may be published beside certain margins: no small cell in it, and none that can be worked out.

Two rules take small cells out (what is promised, and against whom, is in `estimation.capture.disclosure`); the rule and
the margins it counts on are written at the top of the file.

merge
    Two lists at a time are made into one (a person is on it who was on either), until no cell is small and no reader
    can work one out.  The result is a table of fewer lists, to which models can still be fitted.
suppress
    Small cells are left blank, and so are further cells, until no reader can work a small one out.  The table has all
    its lists, and no model can be fitted to it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from estimation.capture.disclosure.attacker import (
    WORK,
    Effort,
    EffortSpentError,
    Knowledge,
    first_in_reach,
    possible_histories,
    small_cells,
)
from estimation.capture.disclosure.margins import MARGINS, Published, editions
from estimation.capture.disclosure.merging import Groups, knowledge_of_merged, mergers, sentence_of, unmerged
from estimation.capture.table import BoolArray, CaptureTable
from estimation.errors import SettingError, TableError
from estimation.files import write_output
from estimation.text.counted import counted

__all__ = ["SafeTable", "can_stand_alone", "merge_small_cells", "suppress_small_cells"]

_SUPPRESSED = "suppressed"
_MANY_LISTS = 16
_UNSETTLED = (
    "whether a reader can work a small cell out of this table was not settled in the work that is allowed: it has too "
    "many lists or too many small cells; merge or drop lists first, or name a lower minimum"
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
    published : Published
        The margins of the table as it was that may be published beside it.
    groups : tuple of tuples of str
        The lists that each of its lists is made of.
    """

    table: CaptureTable
    hidden: tuple[bool, ...]
    rule: tuple[str, ...]
    published: Published
    groups: Groups

    @property
    def text(self) -> str:
        """The file: the rule in lines that begin with ``#``, and the table as CSV."""
        header, *rows = self.table.csv_text.splitlines()
        rows = [
            f"{row.rpartition(',')[0]},{_SUPPRESSED}" if hidden else row
            for row, hidden in zip(rows, self.hidden, strict=True)
        ]
        return "".join(f"{line}\n" for line in (*(f"# {sentence}" for sentence in self.rule), header, *rows))

    @property
    def sha256(self) -> str:
        """Checksum of the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def to_csv(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the file; `estimation.capture.readers.read_table` reads a merged table, and refuses a suppressed one.

        Raises
        ------
        OutputError, OSError
            When the file cannot be written, or is there already and may not be replaced (``force``).
        """
        return write_output(path, self.text, force=force)


def merge_small_cells(table: CaptureTable, *, minimum: int = 5, published: Published | None = None) -> SafeTable:
    """The table with lists merged, two at a time, until no cell is below the minimum and none can be worked out.

    Each time the two lists are merged that leave the fewest people in small cells; of equals those that leave the
    most histories, and of equals the first in the table's order.  Among the last mergers, from which no small cell is
    left, the first is taken beside which no small cell can be worked out.

    Parameters
    ----------
    table : CaptureTable
        The table as it is.
    minimum : int
        k, the least number of people that a cell may show; 2 or more.  Unit: persons.
    published : Published, optional
        The margins that are published beside it; by default as many as a public edition may have
        (`estimation.capture.disclosure.margins.editions`) and still a table of two lists or more.

    Raises
    ------
    SettingError
        For a minimum below 2.
    TableError
        When no table of two lists or more is safe beside the margins, or the work that is allowed does not settle it.

    Examples
    --------
    >>> table = CaptureTable.from_histories(
    ...     ["A", "B", "C"], {"100": 60, "010": 50, "001": 40, "110": 24, "101": 20, "011": 15, "111": 2}
    ... )
    >>> safe = merge_small_cells(table)
    >>> print(safe.table)
    211 people on 2 lists (A or B 171, C 77), 3 distinct histories
    >>> safe.published.words
    ('the number of people', 'the number of people on each list')
    """
    _check(table, minimum)
    if not small_cells(table.counts, minimum).any():
        return _untouched(table, minimum, published)
    merged_tables = list(mergers(table, minimum))

    def merged_beside(margins: Published, effort: Effort) -> SafeTable | None:
        for merged, groups in merged_tables:
            if first_in_reach(knowledge_of_merged(table, merged, groups, margins), minimum, effort) is None:
                rule = _merged_rule(groups, minimum, margins)
                return SafeTable(merged, (False,) * len(merged.counts), rule, margins, groups)
        return None

    return _most_published(table, minimum, published, merged_beside, "however the lists are merged")


def suppress_small_cells(table: CaptureTable, *, minimum: int = 5, published: Published | None = None) -> SafeTable:
    r"""The table with its small cells left blank, and others too, so that no blank can be worked out.

    Further cells are added from the smallest up until no small cell can be worked out, and then given back from the
    largest down where that still holds.

    Parameters
    ----------
    table : CaptureTable
        The table as it is.
    minimum : int
        k, the least number of people that a cell may show; 2 or more.  Unit: persons.
    published : Published, optional
        The margins that are published beside it, as in `merge_small_cells`; a table is taken with the most margins.

    Raises
    ------
    SettingError
        For a minimum below 2.
    TableError
        When the margins give a small cell away however many cells are suppressed, or the work that is allowed does not
        settle it.

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
    if not small_cells(table.counts, minimum).any():
        return _untouched(table, minimum, published)

    def suppressed_beside(margins: Published, effort: Effort) -> SafeTable | None:
        hidden = _suppressed(table, minimum, margins, effort)
        if hidden is None or hidden.all():  # a table of blanks is none
            return None
        rule = _suppressed_rule(hidden, minimum, margins)
        return SafeTable(table, tuple(hidden.tolist()), rule, margins, unmerged(table))

    return _most_published(table, minimum, published, suppressed_beside, "however many cells are suppressed")


def can_stand_alone(table: CaptureTable, published: Published, *, minimum: int, effort: Effort) -> bool:
    """Whether margins without any table leave every small cell in doubt.

    Parameters
    ----------
    table : CaptureTable
        The table as it is.
    published : Published
        The margins.
    minimum : int
        k.  Unit: persons.
    effort : Effort
        Work that is left.

    Raises
    ------
    EffortSpentError
        When no work is left.
    """
    histories, counts = possible_histories(table)
    known = Knowledge(histories, counts, published.sums(histories))
    return first_in_reach(known, minimum, effort) is None


def _check(table: CaptureTable, minimum: int) -> None:
    """Refuse a minimum that hides nothing, and lists that are small cells themselves."""
    if minimum < 2:
        raise SettingError("disclosure", [f"minimum is {minimum}; it must be 2 or more: a cell below it is suppressed"])
    sizes = zip(table.lists, table.list_sizes.tolist(), strict=True)
    problems = [
        f"list {name} holds {counted(size, 'person', 'people')}, below the minimum of {minimum}: its size alone is a "
        "small cell; drop the "
        "list, or merge it with another first"
        for name, size in sizes
        if 0 < size < minimum
    ]
    if problems:
        raise TableError("capture table", problems)


def _untouched(table: CaptureTable, minimum: int, published: Published | None) -> SafeTable:
    """A table that has no small cell: everything may be published beside it."""
    margins = published or next(editions(len(table.lists)))
    rule = (
        f"Table of overlapping lists with no cell below {minimum} people.",
        f"No cell was below {minimum} people, and the table is as it was.",
    )
    return SafeTable(table, (False,) * len(table.counts), rule, margins, unmerged(table))


def _most_published(
    table: CaptureTable,
    minimum: int,
    published: Published | None,
    beside: Callable[[Published, Effort], SafeTable | None],
    however: str,
) -> SafeTable:
    """The safe table beside the most margins: beside those that are given, or as many as an edition may print."""
    levels = list(editions(len(table.lists))) if published is None else [published]
    work = WORK if len(table.lists) <= _MANY_LISTS else WORK // 8  # with many lists each programme takes longer
    is_open = False
    for margins in levels:
        effort = Effort(work // len(levels))
        try:
            safe = beside(margins, effort) if can_stand_alone(table, margins, minimum=minimum, effort=effort) else None
        except EffortSpentError:
            is_open = True
            continue
        if safe is not None:
            return safe
    raise TableError("capture table", [_UNSETTLED if is_open else _refusal(table, minimum, published, however)])


def _suppressed(table: CaptureTable, minimum: int, margins: Published, effort: Effort) -> BoolArray | None:
    """Which cells to leave blank, so that none of the small ones can be worked out; None when nothing does it."""
    sums = margins.sums(table.patterns)

    def safe(hidden: BoolArray) -> bool:
        known = Knowledge(table.patterns[hidden], table.counts[hidden], sums[:, hidden], least=1)
        return first_in_reach(known, minimum, effort) is None

    hidden = small_cells(table.counts, minimum)
    if not safe(np.ones_like(hidden)):
        return None
    others = [int(h) for h in np.argsort(table.counts, kind="stable") if not hidden[h]]
    added: list[int] = []
    while not safe(hidden):
        added.append(others[len(added)])
        hidden[added[-1]] = True
    for history in reversed(added):
        hidden[history] = False
        hidden[history] = not safe(hidden)
    return hidden


def _merged_rule(groups: Groups, minimum: int, margins: Published) -> tuple[str, ...]:
    return (
        f"Table of overlapping lists with no cell below {minimum} people. Rule: merge lists until none is.",
        sentence_of(groups),
        *_limits(minimum, margins),
    )


def _suppressed_rule(hidden: BoolArray, minimum: int, margins: Published) -> tuple[str, ...]:
    return (
        f"Table of overlapping lists with no cell below {minimum} people. Rule: suppress those, and others with them.",
        f"{int(hidden.sum())} of {len(hidden)} cells are suppressed. A suppressed cell holds one person or more; a "
        "history that is not listed was seen by nobody.",
        *_limits(minimum, margins),
    )


def _limits(minimum: int, margins: Published) -> tuple[str, ...]:
    return (
        f"Of the table as it was, these may be published beside it: {'; '.join(margins.words)}. To a reader who knows "
        f"these, every cell that was below {minimum} people has at least {minimum} possible values, {minimum} or more "
        "among them.",
        f"Not beside it: {'; '.join(MARGINS[name].words for name in margins.left_out)}; any other number of people of "
        "that table, another table of these people, or a checksum of the table.",
        f"A report that mse run writes prints these, unless it is a public edition (mse run --public {minimum}).",
        "Estimates are made from the whole table; where a small cell carries one, it tells something of that cell.",
    )


def _refusal(table: CaptureTable, minimum: int, published: Published | None, however: str) -> str:
    """Why no table is safe, and which margins would have to go."""
    if published is None:
        return (
            f"no table of two lists or more, with a number in it, leaves every cell below {minimum} people in doubt, "
            f"{however} and whatever else is left out; publish no table of these lists, or name a lower minimum"
        )
    effort = Effort()
    try:
        safe = (m for m in editions(len(table.lists)) if can_stand_alone(table, m, minimum=minimum, effort=effort))
        most = next(safe, None)
    except EffortSpentError:
        most = None
    gone = [name for name in published if most is None or name not in most.margins]
    gone = gone or [name for name in published if name != "people"]  # alone they could stay, but beside no table
    printed = "; ".join(f"{MARGINS[name].words} (in {', '.join(MARGINS[name].where)})" for name in gone)
    pooled = "" if most is None or most.pooled_from is None else f"; and of those by number of lists, {most.words[-1]}"
    stay = f" Without a table could stay: {'; '.join(most.words[:2])}{pooled}." if most else ""
    return (
        f"what is published beside the table gives a cell below {minimum} people away, {however}. These would have to "
        f"go: {printed}.{stay}"
    )
