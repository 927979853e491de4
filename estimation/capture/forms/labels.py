"""Columns that say where, when or who people were: labels, by which a table is divided into strata."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from estimation.capture.forms.headings import flagged_in
from estimation.capture.forms.reading import Reading
from estimation.capture.label_problems import MOST_VALUES
from estimation.capture.table import IntArray
from estimation.text.spreadsheet import original_cell

__all__ = [
    "MISSING",
    "label_places",
    "labels_of_persons",
    "labels_of_rows",
    "set_flags_aside",
    "take_labels",
    "words_of_labels",
]

MISSING = -1
"""The code of a label that is not known; others are places of the column's words."""

_NAMED = 3


def take_labels(reading: Reading) -> None:
    """Take the columns that were declared to be labels, before any is taken for a list."""
    names = reading.strata
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        reading.refuse(f"the label {twice[0]!r} is named twice; name each once")
    others = {
        "a list": reading.declared.lists or (),
        "the counts": (reading.declared.count,),
        "the identifier": (reading.declared.id,),
        "a column to ignore": reading.declared.ignore,
    }
    for name in names:
        for what, declared in others.items():
            if name in declared:
                reading.refuse(f"column {name!r} is named both as a label and as {what}; it can be one of the two")
        column = reading.columns[reading.place(name, "a label")]
        if column.name.startswith("in_"):
            reading.refuse(
                f"column {column.name!r} is marked as a list by its in_, and a list cannot divide the people: those on "
                "it are seen by it; name a column that says where, when or who they were"
            )
        if len(column.stated) > MOST_VALUES:
            reading.refuse(
                f"column {name!r} has {len(column.stated):,} different values; a label has at most {MOST_VALUES:,}: "
                "this one seems to tell people apart; name a label with fewer values"
            )
        if not column.stated:
            reading.refuse(f"column {name!r} is empty, so nobody is of any stratum by it; name another label")
    reading.take(label_places(reading), "label", "declared")


def set_flags_aside(reading: Reading) -> None:
    """Set aside the columns that say in which rows another column was imputed: they are 0 and 1, and no lists."""
    declared = {*(reading.declared.lists or ()), reading.declared.count, reading.declared.id}
    flags = [
        place
        for place in reading.free
        if flagged_in(reading.name(place)) in reading.sheet.names and reading.name(place) not in declared
    ]
    reading.take(flags, "set aside", "it says where another column was imputed")


def label_places(reading: Reading) -> list[int]:
    """Where the labels are."""
    return [reading.place(name, "a label") for name in reading.strata]


def labels_of_rows(reading: Reading) -> IntArray:
    """The code of each label of each row of the sheet, shape (rows, L)."""
    codes = np.full((reading.n_rows, len(reading.strata)), MISSING, dtype=np.int64)
    for at, place in enumerate(label_places(reading)):
        column = reading.columns[place]
        codes[:, at] = np.where(column.missing, MISSING, column.at)
    return codes


def labels_of_persons(reading: Reading, member: npt.NDArray[np.intp], n_persons: int) -> IntArray:
    """The labels of persons who have several rows each: what any of them says, refused where two say different things.

    Parameters
    ----------
    member : int array, shape (rows,)
        The person of each row of the sheet.
    n_persons : int
        How many there are.
    """
    codes = labels_of_rows(reading)
    found = np.full((n_persons, codes.shape[1]), MISSING, dtype=np.int64)
    problems = []
    for at, name in enumerate(reading.strata):
        known = np.flatnonzero(codes[:, at] != MISSING)
        found[member[known], at] = codes[known, at]
        differ = known[found[member[known], at] != codes[known, at]]
        if differ.size:
            where = ", ".join(reading.sheet.row_name(row) for row in differ[:_NAMED].tolist())
            more = f" and {differ.size - _NAMED:,} more rows" if differ.size > _NAMED else ""
            problems.append(
                f"column {name!r}: rows of one person say different things ({where}{more}); a person is of one "
                "stratum, so correct the rows, or leave the label empty in both"
            )
    if problems:
        reading.refuse(*problems)
    return found


def words_of_labels(reading: Reading, codes: IntArray) -> Mapping[str, list[str | None]]:
    """The labels as texts, None where one is missing."""
    texts: dict[str, list[str | None]] = {}
    for at, place in enumerate(label_places(reading)):
        # The last one is that of MISSING.
        words: list[str | None] = [*map(original_cell, reading.columns[place].words), None]
        texts[reading.strata[at]] = [words[code] for code in codes[:, at].tolist()]
    return texts
