"""The number of people by the number of lists that each is on, where nothing says which lists these are."""

from __future__ import annotations

import numpy as np

from estimation.capture.forms.columns import Column
from estimation.capture.forms.headings import is_count, is_id, is_maybe_count, is_n_captures
from estimation.capture.forms.reading import Reading
from estimation.capture.frequencies import MOST_CAPTURES, CaptureFrequencies

__all__ = ["frequencies_in"]


def frequencies_in(reading: Reading) -> CaptureFrequencies | None:
    """The people by their number of captures; None where the sheet is of another form."""
    columns = reading.columns
    free = [place for place in reading.free if not columns[place].is_blank]
    named = [p for p in free if is_n_captures(reading.name(p)) and _are_mostly_numbers(columns[p])]
    declared = reading.declared.count
    counted = [reading.place(declared, "the counts")] if declared is not None else []
    counted = counted or [
        p for p in free if p not in named and (is_count(reading.name(p)) or is_maybe_count(reading.name(p)))
    ]
    others = [p for p in free if p not in named and p not in counted]
    if (
        not named
        and len(counted) == len(others) == 1
        and columns[others[0]].is_distinct
        and columns[others[0]].is_whole
    ):
        numbers = columns[others[0]].wholes
        if declared is not None or bool((numbers == 1 + np.arange(len(numbers))).all()):
            named, others = others, []
    if len(named) != 1 or any(columns[p].is_binary or columns[p].is_mostly_binary for p in others):
        return None
    if not counted and not all(is_id(reading.name(p)) for p in others):
        counted, others = others[:1], others[1:]
    if len(counted) > 1 or (counted and not columns[named[0]].is_distinct):
        return None
    return _frequencies(reading, named[0], counted[0] if counted else None)


def _are_mostly_numbers(column: Column) -> bool:
    return 2 * int((column.wholes >= 0).sum()) >= len(column.at)


def _frequencies(reading: Reading, place: int, counted: int | None) -> CaptureFrequencies:
    captures = reading.columns[place]
    name = reading.sheet.row_name
    count = None if counted is None else reading.columns[counted]
    unseen = np.zeros(reading.n_rows, dtype=bool)
    if count is not None:
        unseen = (captures.wholes == 0) & (count.missing | (count.wholes == 0))
    problems = []
    for row in np.flatnonzero(~unseen).tolist():
        k = int(captures.wholes[row])
        if not 1 <= k <= MOST_CAPTURES:
            problems.append(
                f"{name(row)}: {captures.text(row)[:40]!r} is no number of captures; it is a whole number from 1 to "
                f"{MOST_CAPTURES}, and the people who were not captured have no row"
            )
        elif count is not None and count.wholes[row] < 0:
            problems.append(f"{name(row)}, column {count.name}: {count.text(row)[:40]!r} is no number of people")
    if problems:
        reading.refuse(*problems[:20])
    by_number = np.zeros(int(captures.wholes.max()), dtype=np.int64)
    people = np.ones(reading.n_rows, dtype=np.int64) if count is None else count.wholes
    np.add.at(by_number, captures.wholes[~unseen] - 1, people[~unseen])
    reading.take(place, "number of lists", "its name, or whole numbers from 1 beside the counts")
    if counted is not None:
        reading.take(counted, "count", "beside the number of captures")
    reading.notes.append(
        f"column {captures.name!r} is the number of captures: on how many lists people are is known, and not on which"
    )
    if not by_number.any():
        reading.refuse("every count is 0; nobody was observed")
    return CaptureFrequencies(by_number.tolist())
