"""From rows to the table: what is missing, who is on no list, lists that hold nobody or the same people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, lgamma

import numpy as np
import numpy.typing as npt

from estimation.capture.forms.cells import BLANK, NOT, NOT_KNOWN, ON, WRONG, quoted, wrong_count
from estimation.capture.forms.labels import label_places
from estimation.capture.forms.reading import Reading, Rows, listed, people
from estimation.capture.problems import name_problems
from estimation.capture.sheets.sheet import first_of
from estimation.capture.table import BoolArray, CaptureTable, IntArray
from estimation.errors import TableError
from estimation.text.twins import same_but_for_case
from estimation.toml_file import nearest

__all__ = ["BY_CHANCE", "Finished", "table_of_rows"]

BY_CHANCE = 1e-6
"""Below this probability, two independent lists do not hold exactly the same people."""

_LEAST_SUMMED = 4
"""Rows above a last row whose count is their sum, from which on this is hardly chance."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The table in a sheet, and its rows before those with the same history were added.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    patterns : bool array, shape (rows, lists)
        The history of each row.
    counts : int array, shape (rows,)
        Its people.  Unit: persons.
    labels : int array, shape (rows, L), optional
        What it says of each label.
    """

    table: CaptureTable
    patterns: BoolArray
    counts: IntArray
    labels: IntArray | None


def table_of_rows(reading: Reading, rows: Rows) -> Finished:
    """The table, or everything that is wrong with it."""
    names = name_problems(rows.lists)
    reading.notes.extend(
        f"the lists {' and '.join(map(repr, names))} differ by capital letters only; if they are one list, merge them"
        for names in same_but_for_case(rows.lists)
    )
    rows = _without_unseen(reading, _without_dropped(reading, rows))
    counts, wrong_counts = _counts(rows)
    problems = names + _wrong_cells(reading, rows)
    if not problems and not wrong_counts:
        rows = _without_gaps(reading, rows)
        counts, _ = _counts(rows)
    problems += wrong_counts
    unseen = np.flatnonzero((rows.codes == NOT).all(axis=1) & (counts != 0)) if rows.lists else np.zeros(0, np.intp)
    problems += _unseen(reading, rows, unseen)
    if not problems and not counts.any():
        problems.append("every count is 0; nobody was observed")
    if problems:
        reading.refuse(*problems)
    _note_likely_total(reading, rows, counts)
    seen = counts > 0
    patterns, numbers = (rows.codes == ON)[seen], counts[seen]
    names_left, patterns = _without_empty_lists(reading, rows.lists, patterns)
    _refuse_twins(reading, names_left, patterns, numbers)
    try:
        table = CaptureTable(names_left, patterns, numbers, allow_twins=reading.declared.allow_twins)
    except TableError as error:
        reading.refuse(*error.problems)
    if rows.count is not None and not (reading.declared.drop_lists or reading.strata):
        _note_repeated(reading, rows, np.flatnonzero(seen), patterns)
    return Finished(table, patterns, numbers, None if rows.labels is None else rows.labels[seen])


def _without_dropped(reading: Reading, rows: Rows) -> Rows:
    """The rows without the lists that are to be left out, and without the people who are on those only."""
    dropped = reading.declared.drop_lists
    problems = [
        f"there is no list {name!r} to drop; {nearest(name, rows.lists)}" for name in dropped if name not in rows.lists
    ]
    if problems:
        reading.refuse(*problems)
    if not dropped:
        return rows
    for place, role in list(reading.roles.items()):
        if role.role == "list" and role.name.removeprefix("in_") in {name.removeprefix("in_") for name in dropped}:
            reading.take(place, "dropped list", "declared")
    left = [place for place, name in enumerate(rows.lists) if name not in dropped]
    codes = rows.codes[:, left]
    seen = np.flatnonzero((codes != NOT).any(axis=1))
    text = rows.text
    found = _some_rows(replace(rows, text=lambda row, place: text(row, left[place])), codes, seen)
    found = replace(found, lists=tuple(rows.lists[place] for place in left))
    gone, _ = _counts(_some_rows(rows, rows.codes, np.setdiff1d(np.arange(len(codes)), seen)))
    if gone.sum():
        reading.notes.append(f"{people(int(gone.sum()), 'is')} only on {listed(dropped)} and left the table with it")
    return found


def _some_rows(rows: Rows, codes: npt.NDArray[np.int8], left: npt.NDArray[np.intp]) -> Rows:
    name, text, places = rows.row_name, rows.text, left.tolist()
    return replace(
        rows,
        codes=codes[left],
        labels=None if rows.labels is None else rows.labels[left],
        count=None if rows.count is None else replace(rows.count, at=rows.count.at[left]),
        row_name=lambda row: name(places[row]),
        text=lambda row, place: text(places[row], place),
    )


def _without_unseen(reading: Reading, rows: Rows) -> Rows:
    """The rows without the cell of those whom nobody saw, where it has no number."""
    if rows.count is None or not rows.lists:
        return rows
    nobody = (rows.codes == NOT).all(axis=1) & (rows.count.missing | (rows.count.wholes == 0))
    if not nobody.any():
        return rows
    where = ", ".join(rows.row_name(row) for row in np.flatnonzero(nobody).tolist()[:5])
    reading.notes.append(f"{where}: the people on no list, without a number: what is to be estimated; left out")
    return _some_rows(rows, rows.codes, np.flatnonzero(~nobody))


def _counts(rows: Rows) -> tuple[IntArray, list[str]]:
    """The number of people of each row, with 1 where it cannot be read, and what is wrong."""
    if rows.count is None:
        return np.ones(len(rows.codes), dtype=np.int64), []
    numbers = rows.count.wholes
    wrong = [
        f"{rows.row_name(row)}, column {rows.count.name}: {wrong_count(rows.count.text(row))}"
        for row in np.flatnonzero(numbers < 0).tolist()
    ]
    return np.where(numbers < 0, 1, numbers), first_of(wrong, "counts that cannot be used")


def _wrong_cells(reading: Reading, rows: Rows) -> list[str]:
    """Cells that say neither on the list nor not."""
    wrong = [
        f"{rows.row_name(row)}, list {name}: {quoted(rows.text(row, place))} says neither that the person is on the "
        "list nor that they are not"
        for place, name in enumerate(rows.lists)
        for row in np.flatnonzero(rows.codes[:, place] == WRONG).tolist()
    ]
    if wrong:
        names = [name for place, name in enumerate(rows.lists) if (rows.codes[:, place] == WRONG).any()]
        wrong[0] += f"; look it up in the source, or set the column aside if it is no list: {_aside(reading, names)}"
    return first_of(wrong, "cells that say neither")


def _aside(reading: Reading, names: Sequence[str]) -> str:
    """How columns are set aside, by their headings."""
    headings = reading.sheet.names
    return reading.option("ignore", [name if name in headings else f"in_{name}" for name in names])


def _without_gaps(reading: Reading, rows: Rows) -> Rows:
    """The rows with what empty and unknown cells were declared to mean; asked where that is not declared."""
    codes = rows.codes.copy()
    nothing = np.flatnonzero((codes == BLANK).all(axis=1)).tolist()
    if rows.count is not None and 0 < len(nothing) < len(codes):
        named = listed((rows.row_name(row) for row in nothing), most=5)
        reading.refuse(f"{named}: a count without a cell of any list; remove the row if it is a total, or fill it in")
    marks_only, declared_zero = not (codes == NOT).any() and (codes == ON).any(), False
    _ask_about_one_word(reading, rows)
    for code, key, words in ((BLANK, "blank", "empty"), (NOT_KNOWN, "na", "N/A or not known")):
        per_list = [(name, int((codes[:, place] == code).sum())) for place, name in enumerate(rows.lists)]
        gaps = [(name, n) for name, n in per_list if n]
        if not gaps:
            continue
        counted = listed((f"{name} {n:,}" for name, n in gaps), most=20)
        most = [name for name, n in gaps if 2 * n > len(codes)]
        if code == BLANK and marks_only:
            codes[codes == BLANK] = NOT
            reading.notes.append("a list holds a mark or nothing: an empty cell means that a person is not on it")
            continue
        if getattr(reading.declared, key) == 0:
            codes[codes == code] = NOT
            reading.notes.append(f"cells that are {words} were taken as not on the list, as declared ({counted})")
            declared_zero = True
            if most and code == NOT_KNOWN:
                reading.notes.append(f"most people are {words} on {listed(most)}, which may never have covered them")
            continue
        _ask_about_gaps(reading, rows, code, key, f"cells are {words}, of {len(codes):,} rows: {counted}", most)
    found = replace(rows, codes=codes)
    nobody = (codes == NOT).all(axis=1) & (rows.codes != NOT).any(axis=1)
    if not declared_zero or not nobody.any():
        return found
    left, _ = _counts(_some_rows(rows, rows.codes, np.flatnonzero(nobody)))
    reading.notes.append(f"{people(int(left.sum()), 'is')} then on no list, so that nobody observed them: left out")
    return _some_rows(found, codes, np.flatnonzero(~nobody))


def _ask_about_one_word(reading: Reading, rows: Rows) -> None:
    """A word for not, and nothing else but empty cells, may as well be the mark of those on the list."""
    if (rows.codes == ON).any() or not (rows.codes == BLANK).any() or not (rows.codes == NOT).any():
        return
    row, place = np.argwhere(rows.codes == NOT)[0].tolist()
    word = rows.text(row, place)
    reading.ask(
        f"the lists hold {quoted(word)} and empty cells alone: it may be the mark of those on them", [{"yes": word}]
    )


def _ask_about_gaps(reading: Reading, rows: Rows, code: int, key: str, what: str, most: Sequence[str]) -> None:
    """Ask what cells mean that say nothing: not on the list, or nothing at all."""
    row, place = np.argwhere(rows.codes == code)[0].tolist()
    gaps = [name for at, name in enumerate(rows.lists) if (rows.codes[:, at] == code).any()]
    warning = f"; for most people there is nothing on {listed(most)}, which may never have covered them" if most else ""
    ways: list[dict[str, int | tuple[str, ...]]] = [{key: 0}]
    if len(gaps) < len(rows.lists):
        ways.append({"drop_lists": (*reading.declared.drop_lists, *gaps)})
    reading.ask(
        f"{what} (first: {rows.row_name(row)}, list {rows.lists[place]}){warning}; such a cell may mean that the "
        "person is not on the list, or that nobody looked",
        ways,
    )


def _unseen(reading: Reading, rows: Rows, places: npt.NDArray[np.intp]) -> list[str]:
    """Rows on no list, of whom there are people."""
    others = [
        reading.name(place)
        for place, role in reading.roles.items()
        if role.role == "set aside" and reading.columns[place].is_binary
    ]
    what_to_do = "remove the row"
    if others:
        what_to_do = (
            f"if {listed(others)} {'is a list' if len(others) == 1 else 'are lists'} too, name all lists, and leave "
            f"out what is not wanted with {reading.option('drop_lists', others)}"
        )
    as_labels = [reading.name(place) for place in label_places(reading) if reading.columns[place].is_binary]
    if as_labels:
        what_to_do = (
            f"{listed(as_labels)}, which {'says' if len(as_labels) == 1 else 'say'} 0 and 1, is to divide the people: "
            "if it is a list, do not name it as a label"
        )
    problems = []
    for row in places.tolist():
        total = rows.count is not None and len(rows.codes) > 2 and _is_sum_of_others(rows.count.wholes, row)
        why = "its count is the sum of the other rows: if it is a row of totals, remove it" if total else what_to_do
        problems.append(f"{rows.row_name(row)}: on no list, so nobody observed them; {why}")
    return first_of(problems, "rows on no list")


def _note_likely_total(reading: Reading, rows: Rows, counts: IntArray) -> None:
    """Note a last row that may be the sum of the rows above, though it has a history of its own."""
    last = len(counts) - 1
    if rows.count is not None and last >= _LEAST_SUMMED and counts[last] > 1 and _is_sum_of_others(counts, last):
        reading.notes.append(
            f"{rows.row_name(last)}: its count is the sum of all counts above; if it is a row of totals, remove it"
        )


def _is_sum_of_others(counts: IntArray, row: int) -> bool:
    return 2 * int(counts[row]) == int(np.maximum(counts, 0).sum())


def _without_empty_lists(
    reading: Reading, lists: tuple[str, ...], patterns: BoolArray
) -> tuple[tuple[str, ...], BoolArray]:
    """The lists that somebody is on."""
    used = [bool(column.any()) for column in patterns.T]
    if all(used) or not any(used):
        return lists, patterns
    empty = [name for name, is_used in zip(lists, used, strict=True) if not is_used]
    reading.notes.append(f"nobody is on {listed(empty)}, which {'was' if len(empty) == 1 else 'were'} left out")
    return tuple(name for name, is_used in zip(lists, used, strict=True) if is_used), patterns[:, used]


def _refuse_twins(reading: Reading, lists: Sequence[str], patterns: BoolArray, numbers: IntArray) -> None:
    """Refuse two lists with the same people where chance is out; note them where it is not."""
    first: dict[bytes, str] = {}
    total = int(numbers.sum())
    for place, name in enumerate(lists):
        column = patterns[:, place]
        other = first.setdefault(column.tobytes(), name)
        if other == name:
            continue
        size = int(numbers[column].sum())
        probability = exp(lgamma(size + 1) + lgamma(total - size + 1) - lgamma(total + 1))  # 1 / C(total, size)
        same = f"lists {other} and {name} hold exactly the same {size:,} of {total:,} people"
        likely = f"a probability of {probability:.2g}" if probability > 1e-50 else "a probability below 1e-50"
        if probability >= BY_CHANCE or reading.declared.allow_twins:
            reading.notes.append(f"{same}; two independent lists of this size would do so by chance with {likely}")
            continue
        reading.ask(
            f"{same}, which two independent lists of this size would do by chance with {likely}: one list given twice "
            "is not two sources",
            [{"drop_lists": (*reading.declared.drop_lists, name)}, {"allow_twins": True}],
        )


def _note_repeated(reading: Reading, rows: Rows, seen: npt.NDArray[np.intp], patterns: BoolArray) -> None:
    """Note that counts of the same history were added."""
    _, first = np.unique(patterns, axis=0, return_index=True)
    repeated = len(seen) - len(first)
    if repeated and rows.count is not None and (rows.count.wholes[seen] > 1).any():
        again = np.delete(seen, first)
        where = ", ".join(rows.row_name(row) for row in again[:5].tolist()) + (", ..." if repeated > 5 else "")
        reading.notes.append(
            f"{repeated:,} row{'s' * (repeated > 1)} repeat{'s' * (repeated == 1)} a history that stands above "
            f"({where}); the counts were added"
        )
