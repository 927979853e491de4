"""A table with labels: who was seen by exactly which lists, and what is known of where, when and who they were.

A *stratum* is one value of each of some labels: women of 15 to 29, or Ayacucho in 1984.  What is not known of somebody
is *missing*, which is no stratum: nothing may be known of a label, or only that it has one of some values, where a
source says "state or unknown".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from estimation.capture.csv_text import headings
from estimation.capture.label_problems import cover_problems, label_problems, merged_covers
from estimation.capture.labels import Label, label_and_codes, merged_label
from estimation.capture.problems import table_problems
from estimation.capture.strata_tables import Strata, Stratum, called, missing_problem
from estimation.capture.table import BoolArray, CaptureTable, IntArray
from estimation.errors import TableError
from estimation.frames import html_table
from estimation.text.counted import counted
from estimation.text.spreadsheet import csv_of
from estimation.toml_file import nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Strata", "StratifiedTable", "Stratum", "called", "missing_problem"]


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class StratifiedTable:
    """Counts of people by the lists that saw them and by labels, some of which may be missing.

    Parameters
    ----------
    lists : sequence of str, length J
        Names of the lists.
    patterns : array of bool or 0/1, shape (C, J)
        Capture histories.  Rows may repeat; those that are alike, labels included, are added.
    labels : mapping of str to sequence of str or None, length C
        The value of each label in each row; None or an empty text where it is missing.
    counts : array of int, shape (C,)
        People of each row.  Unit: persons.
    sets : mapping of str to mapping of str to sequence of str
        By label, the texts that stand for one of several values:
        ``{"agent": {"state or unknown": ["state", "not determined"]}}``.
    covers : mapping of str to mapping of str to sequence of str
        By list and label, the values that the list could have seen, where it could not have seen all.  Whom a list
        could not have seen is a structural zero, and the list leaves the table of such a stratum.

    Raises
    ------
    TableError
        For what `CaptureTable` refuses, labels of another length, a label that has no value or more than 5,000, a list
        with somebody whom it could not have seen, and names that are no list or no label.

    Examples
    --------
    >>> table = StratifiedTable(
    ...     ["police", "press"], [[1, 0], [0, 1], [1, 1], [0, 1]], {"sex": ["f", "f", "m", None]}, [5, 3, 2, 1]
    ... )
    >>> table.n_observed, table.n_missing("sex")
    (11, 1)
    >>> table.complete(["sex"]).by(["sex"]).tables[("f",)].n_observed
    8
    """

    lists: tuple[str, ...]
    labels: tuple[Label, ...]
    patterns: BoolArray
    codes: IntArray
    counts: IntArray
    covers: Mapping[str, Mapping[str, tuple[str, ...]]]

    def __init__(
        self,
        lists: Sequence[str],
        patterns: npt.ArrayLike,
        labels: Mapping[str, Sequence[str | None]],
        counts: npt.ArrayLike,
        *,
        sets: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
        covers: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    ) -> None:
        names, seen, people = tuple(map(str, lists)), np.asarray(patterns), np.asarray(counts)
        problems = table_problems(names, seen, people) + label_problems(labels, len(people), sets or {})
        if problems:
            raise TableError("stratified table", problems)
        found, columns = [], []
        for name, values in labels.items():
            label, column = label_and_codes(name, values, (sets or {}).get(name, {}))
            found.append(label)
            columns.append(column)
        coded = np.stack(columns, axis=1) if columns else np.zeros((len(people), 0), dtype=np.int64)
        covered = {
            name: {label: tuple(map(str, values)) for label, values in by_label.items()}
            for name, by_label in (covers or {}).items()
        }
        _fill(self, names, tuple(found), seen.astype(bool), coded, people.astype(np.int64), covered)
        problems = cover_problems(self)
        if problems:
            raise TableError("stratified table", problems)

    @property
    def n_observed(self) -> int:
        """n, the people on at least one list.  Unit: persons."""
        return int(self.counts.sum())

    def label(self, name: str) -> Label:
        """A label by its name.

        Parameters
        ----------
        name : str
            Name of the label.

        Raises
        ------
        TableError
            When none has it.
        """
        return self.labels[self._place(name)]

    def n_missing(self, name: str) -> int:
        """People of whom a label is not known, or not exactly.  Unit: persons.

        Parameters
        ----------
        name : str
            Name of the label.
        """
        place = self._place(name)
        return int(self.counts[self.codes[:, place] >= len(self.labels[place].values)].sum())

    def missing(self, names: Sequence[str]) -> dict[str, int]:
        """The labels among some that are missing of anybody, and of how many people.  Unit: persons.

        Parameters
        ----------
        names : sequence of str
            Names of the labels.
        """
        counted = {name: self.n_missing(name) for name in names}
        return {name: people for name, people in counted.items() if people}

    def margin(self) -> CaptureTable:
        """The table without labels."""
        return CaptureTable(self.lists, self.patterns, self.counts)

    def complete(self, names: Sequence[str]) -> StratifiedTable:
        """The people of whom all of some labels are known; whoever misses one leaves the table.

        Parameters
        ----------
        names : sequence of str
            Names of the labels.

        Raises
        ------
        TableError
            When a name is no label.
        """
        known = np.ones(len(self.counts), dtype=bool)
        for place in map(self._place, names):
            known &= self.codes[:, place] < len(self.labels[place].values)
        return self.with_codes(self.codes[known], self.patterns[known], self.counts[known])

    def with_codes(
        self, codes: IntArray, patterns: BoolArray, counts: IntArray, *, lists: tuple[str, ...] | None = None
    ) -> StratifiedTable:
        """The same labels for other people, with codes as in `estimation.capture.labels.Label`, shape (C, L), and the
        same lists or others.

        Parameters
        ----------
        codes : int array, shape (C, L)
            Places of the values, as in `estimation.capture.labels.Label`.
        patterns : bool array, shape (C, J)
            Capture histories.
        counts : int array, shape (C,)
            People of each row.  Unit: persons.
        lists : tuple of str, optional
            Names of the lists; by default those of this table.
        """
        made, names = object.__new__(StratifiedTable), self.lists if lists is None else lists
        covers = {name: covered for name, covered in self.covers.items() if name in names}
        _fill(made, names, self.labels, patterns, codes, counts, covers)
        return made

    def by(self, names: Sequence[str], *, least: int = 1) -> Strata:
        """A table for each stratum: who has which value of some labels.

        A list leaves the table of a stratum where fewer than ``least`` people of it are on the list, with those who
        are on no other, or where it could not have seen the stratum.

        Parameters
        ----------
        names : sequence of str
            The labels.
        least : int
            People of a stratum that a list must have; 0 leaves lists with nobody in its table.  Unit: persons.

        Raises
        ------
        TableError
            When a name is no label, none is given, there is nobody, or somebody's label is missing: a table for each
            stratum would not have them.

        Examples
        --------
        >>> table = StratifiedTable(["a", "b"], [[1, 0], [1, 1], [0, 1]], {"year": ["1988", "1988", "1989"]}, [4, 2, 1])
        >>> {year: str(table) for year, table in table.by(["year"]).tables.items()}[("1989",)]
        '1 person on 1 list (b 1), 1 distinct history'
        """
        places = [self._place(name) for name in names]
        if not places:
            raise TableError("stratified table", ["no label is named; name at least one"])
        if not self.counts.size:
            everything = " and ".join(names)
            raise TableError("stratified table", [f"there is nobody of whom {everything} is known; name fewer labels"])
        missing = self.missing(names)
        if missing:
            raise TableError("stratified table", [missing_problem(missing, self.n_observed)])
        rows_of = _rows_by_stratum(self.codes[:, places])
        tables: dict[Stratum, CaptureTable] = {}
        left_out: dict[Stratum, Mapping[str, str]] = {}
        for codes, rows in rows_of.items():
            stratum = tuple(self.labels[place].values[code] for place, code in zip(places, codes, strict=True))
            # Two lists that differ elsewhere may hold the same few people of one stratum.
            whole = CaptureTable(self.lists, self.patterns[rows], self.counts[rows], allow_twins=True)
            out = self._lists_out(dict(zip(names, stratum, strict=True)), whole, least)
            tables[stratum] = whole.drop(out) if len(out) < len(self.lists) else whole
            left_out[stratum] = out
        return Strata(tuple(names), tables, left_out)

    def _lists_out(self, stratum: Mapping[str, str], table: CaptureTable, least: int) -> dict[str, str]:
        """The lists that leave the table of a stratum, and why."""
        out = {}
        for name, size in zip(table.lists, table.list_sizes.tolist(), strict=True):
            covered = self.covers.get(name, {})
            unseen = [
                f"{label} {value}" for label, value in stratum.items() if value not in covered.get(label, (value,))
            ]
            if unseen:
                out[name] = f"could not have seen {', '.join(unseen)}"
            elif size < least:
                out[name] = counted(size, "person", "people") if size else "nobody"
        return out

    def to_frame(self) -> pd.DataFrame:
        """A row for each history and labels: a 0/1 column a list, a column a label (None where missing), ``count``."""
        # Imported here because pandas takes most of a second to load and estimating does not need it.
        import pandas as pd

        frame = pd.DataFrame(self.patterns.astype(np.int64), columns=list(self.lists))
        for place, label in enumerate(self.labels):
            frame[label.name] = np.array(label.texts, dtype=object)[self.codes[:, place]]
        frame["count"] = self.counts
        return frame

    def only(self, names: Sequence[str]) -> StratifiedTable:
        """The same people with some of their labels; rows that are alike without the others are added.

        Parameters
        ----------
        names : sequence of str
            The labels that stay.

        Raises
        ------
        TableError
            When a name is no label.
        """
        places = [self._place(name) for name in names]
        made = object.__new__(StratifiedTable)
        covers = {
            name: {label: values for label, values in by_label.items() if label in names}
            for name, by_label in self.covers.items()
        }
        labels = tuple(self.labels[place] for place in places)
        _fill(made, self.lists, labels, self.patterns, self.codes[:, places], self.counts, covers)
        return made

    def merge(self, name: str, groups: Mapping[str, Sequence[str]]) -> StratifiedTable:
        """The same people with some values of a label made one: ``merge("month", {"summer": ["7", "8"]})``.

        Parameters
        ----------
        name : str
            Name of the label.
        groups : mapping of str to sequence of str
            Values that become one, by what they are called then.

        Raises
        ------
        TableError
            As `estimation.capture.labels.merged_label`, and when a list covers a part of what becomes one.
        """
        place = self._place(name)
        label, new = merged_label(self.labels[place], groups)
        codes = self.codes.copy()
        codes[:, place] = new[codes[:, place]]
        made = object.__new__(StratifiedTable)
        labels = (*self.labels[:place], label, *self.labels[place + 1 :])
        _fill(made, self.lists, labels, self.patterns, codes, self.counts, merged_covers(self, name, groups))
        return made

    @property
    def csv_text(self) -> str:
        """Counts per history and labels as CSV text, which `read_table` reads with ``strata``; empty where missing."""
        columns = [np.array(label.texts, dtype=object)[self.codes[:, at]] for at, label in enumerate(self.labels)]
        rows: list[list[object]] = [[*headings(self.lists), *(label.name for label in self.labels), "count"]]
        for at, seen in enumerate(self.patterns.astype(np.int64).tolist()):
            rows.append([*seen, *(column[at] for column in columns), int(self.counts[at])])
        return csv_of(rows)

    @property
    def sha256(self) -> str:
        """A checksum of the counts, the labels, and what is declared of sets and of covers."""
        declared = [
            [list(map(list, label.sets)) for label in self.labels],
            {name: dict(by_label) for name, by_label in self.covers.items()},
        ]
        return hashlib.sha256((self.csv_text + json.dumps(declared, sort_keys=True)).encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StratifiedTable):
            return NotImplemented
        return (
            (self.lists, self.labels, self.covers) == (other.lists, other.labels, other.covers)
            and np.array_equal(self.patterns, other.patterns)
            and np.array_equal(self.codes, other.codes)
            and np.array_equal(self.counts, other.counts)
        )

    def __hash__(self) -> int:
        return hash((self.lists, self.labels, self.patterns.tobytes(), self.codes.tobytes(), self.counts.tobytes()))

    def __str__(self) -> str:
        named = ", ".join(
            f"{label.name} ({counted(len(label.values), 'value')}, missing of {self.n_missing(label.name):,})"
            for label in self.labels
        )
        return f"{self.margin()}; by {named}"

    def __repr__(self) -> str:
        return f"<StratifiedTable: {self}>"

    def _repr_html_(self) -> str:
        rows = [[label.name, f"{len(label.values):,}", f"{self.n_missing(label.name):,}"] for label in self.labels]
        return html_table(str(self.margin()), ["label", "values", "people without"], rows, right=[1, 2])

    def _place(self, name: str) -> int:
        names = [label.name for label in self.labels]
        if name not in names:
            raise TableError("stratified table", [f"there is no label {name!r}; {nearest(name, names)}"])
        return names.index(name)


def _rows_by_stratum(codes: IntArray) -> dict[tuple[int, ...], npt.NDArray[np.intp]]:
    """The rows of each stratum, the strata in the order of their codes."""
    strata, member = np.unique(codes, axis=0, return_inverse=True)
    order = np.argsort(member.reshape(-1), kind="stable")
    starts = np.searchsorted(member.reshape(-1)[order], np.arange(len(strata) + 1))
    return {tuple(row): order[starts[at] : starts[at + 1]] for at, row in enumerate(strata.tolist())}


def _fill(
    table: StratifiedTable,
    lists: tuple[str, ...],
    labels: tuple[Label, ...],
    patterns: BoolArray,
    codes: IntArray,
    counts: IntArray,
    covers: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> None:
    """The one form of a table: rows that differ, with at least one person, in one order."""
    packed = np.packbits(patterns, axis=1)
    keys = np.column_stack([codes, patterns.sum(axis=1), packed.astype(np.int64)])
    _, first, member = np.unique(keys[counts > 0], axis=0, return_index=True, return_inverse=True)
    rows = np.flatnonzero(counts > 0)
    summed = np.bincount(member.reshape(-1), weights=counts[rows], minlength=len(first)).astype(np.int64)
    parts = (lists, labels, patterns[rows[first]], codes[rows[first]], summed, covers)
    for part, value in zip(fields(table), parts, strict=True):
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        object.__setattr__(table, part.name, value)
