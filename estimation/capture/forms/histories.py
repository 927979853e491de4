"""Capture histories as texts such as 1101: in a column, a row each, or as the headings of one row of counts."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from estimation.capture.forms.cells import quoted
from estimation.capture.forms.columns import Codes, Column
from estimation.capture.forms.counting import count_column
from estimation.capture.forms.headings import history_in, is_history
from estimation.capture.forms.identifiers import merged_by_id
from estimation.capture.forms.labels import labels_of_rows
from estimation.capture.forms.reading import Reading, Rows

__all__ = ["rows_of_histories", "rows_of_history_headings"]

_BETWEEN = re.compile(r"[\s,;:|/()\[\]{}'\"’`\-]+")
_HISTORY = re.compile(r"[01]{2,64}")
_ZEROS_AND_ONES = re.compile(r"[01]{1,64}")
_LEAST_LENGTH = 3


def _plain(text: str) -> str:
    """A history without what may stand between its digits, in ASCII digits."""
    joined = _BETWEEN.sub("", text)
    if joined.isascii():
        return joined
    return "".join(str(int(c)) if c.isdecimal() else c for c in joined)


def rows_of_histories(reading: Reading) -> Rows | None:
    """The rows of a sheet with a column of histories; None where there is none."""
    place = _history_column(reading)
    if place is None:
        return None
    column = reading.columns[place]
    words = [_plain(word) for word in column.words]
    _refuse_unreadable(reading, column, words)
    n_lists = max(map(len, words))
    names = _names(reading, n_lists)
    reading.take(place, "history", "declared" if reading.declared.history else "texts of 0 and 1 of one length")
    by_word = np.array([[int(c) for c in word] if word else [-1] * n_lists for word in words], dtype=np.int8)
    codes: Codes = by_word[column.at]
    counted = count_column(reading, codes, reading.free)
    count = None if counted is None else reading.columns[counted]
    labels = labels_of_rows(reading)
    rows = Rows(names, codes, count, reading.sheet.row_name, lambda row, at: column.text(row), labels)
    rows = merged_by_id(reading, rows)
    reading.notes.append(f"column {column.name!r} holds capture histories of {n_lists} lists")
    reading.take(reading.free, "set aside", "beside histories")
    return rows


def _history_column(reading: Reading) -> int | None:
    """The column of histories: declared, called so, or the only text of 0 and 1 where no column is a list."""
    if reading.declared.history is not None:
        return reading.place(reading.declared.history, "the histories")
    if reading.declared.lists is not None and all(name in reading.sheet.names for name in reading.declared.lists):
        return None
    able = [place for place in reading.free if _holds_histories(reading.columns[place])]
    named = [place for place in reading.free if is_history(reading.name(place)) and reading.columns[place].stated]
    named = [place for place in named if place in able or _has_dots(reading.columns[place])]
    binary = [place for place in reading.free if reading.columns[place].is_binary]
    if named and len(binary) < 2:
        return named[0]
    if len(able) != 1 or binary or not _is_telling(reading.columns[able[0]]):
        return None
    return able[0]


def _holds_histories(column: Column) -> bool:
    """Whether every cell is made of 0 and 1, some of two or more."""
    words = column.stated
    if not words or not all(_ZEROS_AND_ONES.fullmatch(_plain(word)) for word in words):
        return False
    return any(_HISTORY.fullmatch(_plain(word)) for word in words)


def _has_dots(column: Column) -> bool:
    """Whether the cells are histories in which a dot stands for an occasion that did not cover somebody."""
    return all(re.fullmatch(r"[01.]{2,64}", word) for word in map(_plain, column.stated))


def _is_telling(column: Column) -> bool:
    """Whether a column under any name can be nothing but histories."""
    words = [_plain(word) for word in column.stated]
    lengths = set(map(len, words))
    return max(lengths) >= _LEAST_LENGTH or (lengths == {2} and any(word.startswith("0") for word in words))


def _refuse_unreadable(reading: Reading, column: Column, words: Sequence[str]) -> None:
    """Refuse histories whose leading zeros are lost, and texts that are no histories."""
    for word, text in zip(words, column.words, strict=True):
        if word and not _ZEROS_AND_ONES.fullmatch(word):
            row = int(np.flatnonzero(column.at == column.words.index(text))[0])
            dots = "; a dot says that a list did not cover somebody, which no model here can use" if "." in text else ""
            reading.refuse(
                f"{reading.sheet.row_name(row)}, column {column.name}: {quoted(text)} is no capture history; a history "
                f"has one 0 or 1 for each list{dots}"
            )
    lengths = {len(word) for word in words if word}
    longest = max(lengths, default=0)
    if len(lengths) < 2 and longest > 1:
        return
    short = next((text for word, text in zip(words, column.words, strict=True) if word and len(word) < longest), "")
    row = int(np.flatnonzero(column.at == column.words.index(short))[0]) if short else 0
    reading.refuse(
        f"{reading.sheet.row_name(row)}, column {column.name}: the history {quoted(short)} has {len(_plain(short))} of "
        f"the {longest} digits that others have: leading zeros are lost, as a spreadsheet loses them; keep the column "
        "as text (0110, not 110)"
    )


def _names(reading: Reading, n_lists: int) -> tuple[str, ...]:
    """What the lists of the histories are called: as declared, or by their number."""
    declared = reading.declared.lists
    if declared is None:
        return tuple(f"list {k}" for k in range(1, n_lists + 1))
    if len(declared) != n_lists:
        reading.refuse(f"{len(declared)} lists are named and the histories have {n_lists}; name one for each digit")
    return tuple(declared)


def rows_of_history_headings(reading: Reading) -> Rows | None:
    """The rows of a sheet whose headings are histories, with the counts below them; None where they are none."""
    found = {place: history_in(reading.name(place)) for place in reading.free}
    histories = {place: history for place, history in found.items() if history}
    lengths = {len(history) for history in histories.values()}
    if len(histories) < 3 or len(lengths) > 1 or len(set(histories.values())) < len(histories):
        return None
    columns = reading.columns
    if any((columns[p].wholes[~columns[p].missing] < 0).any() for p in histories) or not any(
        columns[p].is_whole for p in histories
    ):
        return None
    if reading.n_rows > 1:
        reading.refuse(
            f"the headings are capture histories and there are {reading.n_rows} rows of counts below them: each row is "
            "a table of its own; leave one row in the file"
        )
    if reading.strata:
        reading.refuse("the headings are capture histories, so that no column can be a label; leave the labels out")
    n_lists = lengths.pop()
    places = list(histories)
    reading.take(places, "history", "the heading is a capture history")
    reading.take(reading.free, "set aside", "beside histories")
    reading.notes.append(f"the headings are capture histories of {n_lists} lists, with the counts below them")
    cells = [columns[place].text(0) for place in places]
    codes = np.array([[int(c) for c in histories[place]] for place in places], dtype=np.int8)
    where = reading.sheet.row_name(0)
    count = Column(
        "of counts", tuple(dict.fromkeys(cells)), np.array([list(dict.fromkeys(cells)).index(c) for c in cells])
    )
    return Rows(_names(reading, n_lists), codes, count, lambda row: f"{where}, column {reading.name(places[row])}")
