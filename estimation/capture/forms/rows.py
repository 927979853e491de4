"""Rows that are no people: the row of the sums, and the other tables in one file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from estimation.capture.forms.cells import quoted
from estimation.capture.forms.columns import Column, rows_left
from estimation.capture.forms.headings import is_replicate, is_row_number, is_total
from estimation.capture.forms.reading import Reading

__all__ = ["one_replicate", "without_total_rows"]

_MOST_TRIED = 4
_LEAST_ROWS = 3


def one_replicate(reading: Reading) -> Reading:
    """The rows of one table, where a column tells several apart; that has to be declared."""
    declared = set(reading.declared.lists or ())
    places = [
        place for place in reading.free if is_replicate(reading.name(place)) and reading.name(place) not in declared
    ]
    for place in places:
        column = reading.columns[place]
        values = column.stated
        reading.take(place, "replicate", "its name")
        if len(values) < 2 and reading.declared.replicate is None:
            continue
        wanted = reading.declared.replicate
        if wanted is None:
            first = ", ".join(map(quoted, values[:_MOST_TRIED]))
            more = f" and {len(values) - _MOST_TRIED} more" if len(values) > _MOST_TRIED else ""
            ways = [{"replicate": value} for value in values[:_MOST_TRIED]]
            reading.ask(
                f"column {column.name!r} tells {len(values):,} tables apart ({first}{more}); one table is read at a "
                "time, never all of them as one",
                ways,
            )
        if wanted not in values:
            reading.refuse(f"column {column.name!r} has no {wanted!r}; there are {', '.join(values[:20])}")
        left = np.flatnonzero(column.at == column.words.index(wanted))
        return replace(reading, sheet=rows_left(reading.sheet, left))
    if reading.declared.replicate is not None:
        reading.refuse("there is no column called replicate, so there is one table; leave the choice of one out")
    return reading


def without_total_rows(reading: Reading) -> Reading:
    """The rows without a row of sums."""
    found = set() if reading.declared.keep_totals else _named_totals(reading) or _unnamed_total(reading)
    if not found:
        return reading
    rows = np.array(sorted(found), dtype=np.intp)
    left = np.setdiff1d(np.arange(reading.n_rows), rows)
    names = ", ".join(reading.sheet.row_name(row) for row in rows.tolist())
    verb = "is a row of totals and was" if len(rows) == 1 else "are rows of totals and were"
    reading.notes.append(f"{names} {verb} left out")
    return replace(reading, sheet=rows_left(reading.sheet, left))


def _named_totals(reading: Reading) -> set[int]:
    """Rows that are called so; each must hold a sum of the others, or it may be a person."""
    found: set[int] = set()
    for column in reading.columns:
        words = [k for k, word in enumerate(column.words) if not word[-1:].isdigit() and is_total(word)]
        if words and not column.is_binary:
            found.update(np.flatnonzero(np.isin(column.at, words)).tolist())
    if not found or len(found) == reading.n_rows:
        return set()
    others = np.setdiff1d(np.arange(reading.n_rows), np.array(sorted(found), dtype=np.intp))
    wrong = [row for row in sorted(found) if not any(_is_sum(column, row, others) for column in reading.columns)]
    if wrong and len(found) * 4 < reading.n_rows:
        names = ", ".join(reading.sheet.row_name(row) for row in wrong)
        reading.refuse(
            f"{names}: this is called a total and holds no sum of the other rows; remove it if it is a total, or "
            f"say {reading.option('keep_totals', True)} if it is people"
        )
    return set() if wrong else found


def _unnamed_total(reading: Reading) -> set[int]:
    """The last row, where everything in it is the sum of what stands above."""
    last = reading.n_rows - 1
    if last < _LEAST_ROWS:
        return set()
    above = np.arange(last)
    filled = [
        column
        for place, column in enumerate(reading.columns)
        if column.text(last) and place not in reading.roles and not is_row_number(column.name)
    ]
    quickest_first = sorted(filled, key=lambda column: len(column.words))
    return {last} if filled and all(_is_sum(column, last, above) for column in quickest_first) else set()


def _is_sum(column: Column, row: int, others: np.ndarray[tuple[int], np.dtype[np.intp]]) -> bool:
    """Whether a cell above 1 is the sum of the other cells of its column."""
    numbers = column.wholes
    total = int(numbers[row])
    return total > 1 and total == int(np.maximum(numbers[others], 0).sum())
