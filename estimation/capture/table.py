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
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import numpy.typing as npt

from estimation.capture.canonical_form import canonical_form
from estimation.capture.csv_text import csv_text, headings
from estimation.capture.declared import Declared
from estimation.capture.problems import table_problems
from estimation.capture.table_counts import BoolArray, FloatArray, IntArray, TableCounts
from estimation.errors import TableError
from estimation.files import write_output
from estimation.frames import html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BoolArray", "CaptureTable", "FloatArray", "IntArray"]

_MOST_ROWS = 20  # histories of one table in a notebook


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CaptureTable(TableCounts):
    """How many people were seen by exactly which lists.

    The table has one canonical form, so that two tables with the same content are equal, have the same
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
    allow_twins : bool
        Whether two lists that hold the same people are two sources all the same, as models must be told.

    Raises
    ------
    TableError
        For any of: no list, over 64 lists, a repeated or unusable name, shapes that do not fit, an all-zero
        history, a count that is negative or not whole, more than 2^53 persons.  All problems are named together.

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
    allow_twins: bool
    _sha256: str | None

    def __init__(
        self, lists: Sequence[str], patterns: npt.ArrayLike, counts: npt.ArrayLike, *, allow_twins: bool = False
    ) -> None:
        names = tuple(str(name) for name in lists)
        try:
            given_patterns, given_counts = np.asarray(patterns), np.asarray(counts)
        except ValueError:
            message = "the patterns do not all have the same length; give each history one 0/1 a list"
            raise TableError("capture table", [message]) from None
        if given_patterns.size == 0 and given_counts.size == 0 and given_patterns.shape in {(0,), (1, 0)}:
            given_patterns = np.zeros((0, len(names)), dtype=bool)
        given_counts = given_counts if given_counts.size else np.zeros(0, dtype=np.int64)
        problems = table_problems(names, given_patterns, given_counts)
        if problems:
            raise TableError("capture table", problems)
        distinct, summed = canonical_form(given_patterns.astype(bool), given_counts.astype(np.int64))
        distinct.flags.writeable = summed.flags.writeable = False
        for part, value in zip(fields(self), (names, distinct, summed, allow_twins, None), strict=True):
            object.__setattr__(self, part.name, value)

    @classmethod
    def from_histories(cls, lists: Sequence[str], histories: Mapping[str, int]) -> CaptureTable:
        """A table from histories written as text, one 0/1 per list.

        Parameters
        ----------
        lists : sequence of str, length J
            Names of the lists.
        histories : mapping of str to int
            People with each history, such as ``"101"``.  Unit: persons.

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

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        /,
        *,
        lists: Sequence[str] | None = None,
        count: str | None = None,
        id: str | None = None,  # noqa: A002 - one name for one thing, as --id and as in a study file
        ignore: Sequence[str] = (),
        drop_lists: Sequence[str] = (),
        history: str | None = None,
        source: str | None = None,
        na: Literal[0] | None = None,
        blank: Literal[0] | None = None,
        merge_repeated: bool = False,
        allow_twins: bool = False,
        replicate: str | None = None,
        yes: str | None = None,
        keep_totals: bool = False,
    ) -> CaptureTable:
        """A table from a pandas frame, by the rules of `mse.read_table`.

        Parameters
        ----------
        frame : pandas.DataFrame
            Counts per history or one row per person; cells 0/1, bool, Yes/No or categories of these.
        lists, count, id, ignore, drop_lists, history, source, na, blank, merge_repeated, allow_twins, replicate, yes, \
keep_totals
            What is declared about the columns, as for `mse.read_table`.

        Raises
        ------
        TableError
            With everything that is wrong in the frame; rows are numbered as by ``frame.iloc``.

        Examples
        --------
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"police": [1, 0, 1], "press": [0, 1, 1], "count": [54, 30, 12]})
        >>> CaptureTable.from_frame(frame).n_observed
        96
        """
        # Imported here because the forms of a table are built on this module.
        from estimation.capture.forms.understanding import understand, warn_of
        from estimation.capture.sheets.sheet import sheet_from_pandas

        sheet = sheet_from_pandas(frame, "frame")
        declared = Declared(
            lists=None if lists is None else tuple(lists),
            count=count,
            id=id,
            ignore=tuple(ignore),
            drop_lists=tuple(drop_lists),
            history=history,
            source=source,
            na=na,
            blank=blank,
            merge_repeated=merge_repeated,
            allow_twins=allow_twins,
            replicate=replicate,
            yes=yes,
            keep_totals=keep_totals,
        )
        understood = understand(sheet, declared, door="python")
        warn_of(sheet, understood.notes)
        return understood.table

    @property
    def sha256(self) -> str:
        """Checksum of the table's canonical CSV text: the same content, the same checksum; computed once."""
        if self._sha256 is None:
            object.__setattr__(self, "_sha256", hashlib.sha256(self.csv_text.encode()).hexdigest())
        return cast(str, self._sha256)

    def index(self, name: str) -> int:
        """Position of a list by its name.

        Parameters
        ----------
        name : str
            Name of the list.

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

        Parameters
        ----------
        *on : str
            Names of the lists.

        Examples
        --------
        >>> CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 2}).count("A")
        5
        """
        wanted = np.zeros(len(self.lists), dtype=bool)
        wanted[[self.index(name) for name in on]] = True
        return int(self.counts[(self.patterns == wanted).all(axis=1)].sum())

    def keep(self, names: Sequence[str]) -> CaptureTable:
        """The margin over some of the lists, in the order given: people on none of them leave the table.

        Also the way to put the lists in another order.

        Parameters
        ----------
        names : sequence of str
            The lists that stay.

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
        return CaptureTable(names, patterns[seen], self.counts[seen], allow_twins=self.allow_twins)

    def drop(self, names: Iterable[str]) -> CaptureTable:
        """The table without some lists: people who were on those only leave it.

        Parameters
        ----------
        names : iterable of str
            The lists that go.

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

        Parameters
        ----------
        names : sequence of str
            The lists that become one.
        into : str
            What it is called.

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
        return CaptureTable(lists, patterns, self.counts, allow_twins=self.allow_twins)

    def to_frame(self) -> pd.DataFrame:
        """The table as a pandas frame: one 0/1 column a list and a ``count`` column; `from_frame` reads it back.

        Columns are named as in `to_csv`.

        Examples
        --------
        >>> CaptureTable.from_histories(["A", "B"], {"10": 5, "11": 2}).to_frame().values.tolist()
        [[1, 0, 5], [1, 1, 2]]
        """
        # Imported here because pandas takes most of a second to load and estimating does not need it.
        import pandas as pd

        frame = pd.DataFrame(self.patterns.astype(np.int64), columns=headings(self.lists))
        frame["count"] = self.counts
        return frame

    def to_csv(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the table as counts per history: one 0/1 column a list and a ``count`` column.

        `estimation.capture.readers.read_table` reads it back as it is.  Where a list is itself named ``count`` or
        begins with ``in_`` or ``# ``, every list's column is written as ``in_<list>``, which the reader takes off
        again.  The file is whole or not there, and replaces another only with ``force``.

        Parameters
        ----------
        path : path
            The file to write.
        force : bool
            Whether a file that is there is replaced.

        Raises
        ------
        OutputError, OSError
            When the file cannot be written, or is there already.
        """
        return write_output(path, self.csv_text, force=force)

    @property
    def csv_text(self) -> str:
        """The table as CSV text (RFC 4180 quoting), the form that is summed up in `sha256`."""
        return csv_text(self.lists, self.patterns, self.counts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CaptureTable):
            return NotImplemented
        return (
            self.lists == other.lists
            and np.array_equal(self.patterns, other.patterns)
            and np.array_equal(self.counts, other.counts)
        )

    def __hash__(self) -> int:
        return hash((self.lists, self.patterns.tobytes(), self.counts.tobytes()))

    def __str__(self) -> str:
        sizes = ", ".join(f"{name} {size:,}" for name, size in zip(self.lists, self.list_sizes.tolist(), strict=True))
        histories = len(self.counts)
        ending = "history" if histories == 1 else "histories"
        lists = "list" if len(self.lists) == 1 else "lists"
        people = "person" if self.n_observed == 1 else "people"
        return f"{self.n_observed:,} {people} on {len(self.lists)} {lists} ({sizes}), {histories:,} distinct {ending}"

    def __repr__(self) -> str:
        return textwrap.shorten(f"<CaptureTable: {self}>", 400, placeholder=" ...>")

    def _repr_html_(self) -> str:
        marks = [["yes" if on else "" for on in pattern] for pattern in self.patterns[:_MOST_ROWS].tolist()]
        rows = [[*row, f"{count:,}"] for row, count in zip(marks, self.counts.tolist(), strict=False)]
        if len(self.counts) > _MOST_ROWS:
            more = len(self.counts) - _MOST_ROWS
            rows.append(
                [f"and {more:,} more histories", *[""] * (len(self.lists) - 1), f"{self.counts[_MOST_ROWS:].sum():,}"]
            )
        return html_table(str(self), [*self.lists, "people"], rows, right=[len(self.lists)])
