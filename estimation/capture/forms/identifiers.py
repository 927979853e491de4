"""Rows of the same person: one identifier on two rows is asked about, and merged where that is declared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from estimation.capture.forms.cells import BLANK, NOT, NOT_KNOWN, ON, WRONG
from estimation.capture.forms.columns import Column
from estimation.capture.forms.headings import is_id, is_property
from estimation.capture.forms.labels import labels_of_persons
from estimation.capture.forms.reading import Reading, Rows
from estimation.text.counted import counted

__all__ = ["merged_by_id"]

_RANK = {NOT: 0, BLANK: 1, NOT_KNOWN: 2, WRONG: 3, ON: 4}
_MOST_NAMED = 3


def merged_by_id(reading: Reading, rows: Rows) -> Rows:
    """The rows with one for each person, where a column tells people apart."""
    place = _id_column(reading)
    if place is None:
        if reading.declared.merge_repeated:
            reading.refuse(f"no column tells people apart; name it: {reading.option('id', 'person_id')}")
        return rows
    column = reading.columns[place]
    reading.take(place, "id", "declared" if reading.declared.id else "its name")
    if rows.count is not None and reading.declared.id is None:
        return rows
    times = np.bincount(column.at, minlength=len(column.words))
    again = [k for k in np.flatnonzero(times > 1).tolist() if column.words[k]]
    if not again:
        return rows
    if not reading.declared.merge_repeated:
        _ask(reading, rows, column, place, again)
    if rows.count is not None:
        reading.refuse("rows with counts cannot be merged by an identifier; leave the counts or the identifier out")
    return _merged(reading, rows, column, again)


def _id_column(reading: Reading) -> int | None:
    if reading.declared.id is not None:
        return reading.place(reading.declared.id, "the identifier")
    named = [p for p in reading.free if is_id(reading.name(p)) and not is_property(reading.name(p))]
    named = [place for place in named if not reading.columns[place].is_blank]
    distinct = [place for place in named if reading.columns[place].is_distinct]
    if distinct or not named:
        return distinct[0] if distinct else None
    return max(named, key=lambda place: len(reading.columns[place].words))


def _ask(reading: Reading, rows: Rows, column: Column, place: int, again: list[int]) -> None:
    pairs = []
    for k in again[:_MOST_NAMED]:
        where = [rows.row_name(row) for row in np.flatnonzero(column.at == k).tolist()]
        pairs.append(" and ".join(where[:4]) + (" ..." if len(where) > 4 else ""))
    more = f", and {len(again) - _MOST_NAMED:,} more identifiers" if len(again) > _MOST_NAMED else ""
    reading.ask(
        f"the same {column.name!r} stands on more than one row ({'; '.join(pairs)}{more}): the rows may be one person, "
        "on every list that any of them has, or each row a person of its own",
        [{"merge_repeated": True}, reading.also_ignored([place])],
    )


def _merged(reading: Reading, rows: Rows, column: Column, again: list[int]) -> Rows:
    """One row for each identifier, on every list that any of its rows has; rows without one stay as they are."""
    blank = column.words.index("") if "" in column.words else -1
    person = np.where(column.at == blank, len(column.words) + np.arange(len(column.at)), column.at)
    _, first, member = np.unique(person, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place_of = np.empty_like(order)
    place_of[order] = np.arange(len(order))
    member = place_of[member.reshape(-1)]
    by_rank = np.array(sorted(_RANK, key=lambda code: _RANK[code]), dtype=np.int8)
    rank = np.zeros(5, dtype=np.int8)
    for code, value in _RANK.items():
        rank[code + 3] = value
    merged = np.zeros((len(first), rows.codes.shape[1]), dtype=np.int8)
    np.maximum.at(merged, member, rank[rows.codes + 3])
    n_rows = int(np.isin(column.at, again).sum())
    reading.notes.append(
        f"{counted(n_rows, 'row')} with {counted(len(again), 'identifier')} between them were merged, as declared: a "
        "person is on every "
        "list that any of the rows has"
    )
    places = np.sort(first).tolist()
    name, text = rows.row_name, rows.text
    return replace(
        rows,
        codes=by_rank[merged],
        labels=labels_of_persons(reading, member, len(first)),
        row_name=lambda row: name(places[row]),
        text=lambda row, list_place: text(places[row], list_place),
    )
