"""One column a list: which columns are lists, and what the others are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.forms.cells import ON, WRONG
from estimation.capture.forms.columns import Codes, Column
from estimation.capture.forms.counting import count_column, counts_of_0_and_1, each_history_once
from estimation.capture.forms.headings import (
    is_about_persons,
    is_count,
    is_id,
    is_mark,
    is_maybe_count,
    is_property,
    is_source,
)
from estimation.capture.forms.identifiers import merged_by_id
from estimation.capture.forms.labels import labels_of_rows
from estimation.capture.forms.reading import Keys, Reading, Rows, listed

__all__ = ["codes_of", "rows_of_lists"]

_MARK = "in_"
_MOST_BINARY = 64
_FEW = 10


def rows_of_lists(reading: Reading) -> Rows:
    """The rows of a sheet with one column a list."""
    places = _lists_of(reading)
    reading.take(places, "list", _why(reading))
    codes = codes_of(reading, places)
    counted = next((place for place, role in reading.roles.items() if role.role == "count"), None)
    if counted is None:
        counted = count_column(reading, codes, reading.free)
    if counted in places:
        places = [place for place in places if place != counted]
        codes = codes_of(reading, places)
    names = tuple(_names(reading, places))
    rows = Rows(
        names,
        codes,
        None if counted is None else reading.columns[counted],
        reading.sheet.row_name,
        lambda row, at: reading.columns[places[at]].text(row),
        labels_of_rows(reading),
    )
    rows = merged_by_id(reading, rows)
    _set_aside(reading)
    return rows


def codes_of(reading: Reading, places: Sequence[int]) -> Codes:
    """What the cells of some columns say, shape (rows, columns)."""
    if not places:
        return np.zeros((reading.n_rows, 0), dtype=np.int8)
    return np.column_stack([reading.columns[place].codes for place in places])


def _why(reading: Reading) -> str:
    if reading.declared.lists is not None:
        return "declared"
    return "marked in_" if any(map(is_mark, reading.sheet.names)) else "0 and 1, or two words for them"


def _names(reading: Reading, places: Sequence[int]) -> list[str]:
    """What the lists are called: as declared, or as the columns are, without the mark."""
    if reading.declared.lists is not None:
        by_place = {reading.place(name, "a list"): name for name in reading.declared.lists}
        return [by_place[place] for place in places]
    return [
        reading.name(place).removeprefix(_MARK) if is_mark(reading.name(place)) else reading.name(place)
        for place in places
    ]


def _lists_of(reading: Reading) -> list[int]:
    """Where the lists are: those declared, or those marked, or the columns of 0 and 1."""
    declared = reading.declared
    if declared.lists is not None:
        places = [reading.place(name, "a list") for name in declared.lists]
        if declared.count is not None and reading.place(declared.count, "the counts") in places:
            reading.refuse(f"column {declared.count!r} is named both as a list and as the counts")
        return places
    free = [place for place in reading.free if reading.name(place) not in {declared.count, declared.id}]
    marked = [place for place in free if is_mark(reading.name(place))]
    if marked:
        _ask_about_unmarked(reading, marked, [place for place in free if place not in marked])
        return marked
    return _unmarked(reading, free)


def _ask_about_unmarked(reading: Reading, marked: list[int], others: list[int]) -> None:
    """A further column of 0 and 1 beside marked ones may be a list whose mark was forgotten, or the counts."""
    doubtful = [
        place
        for place in others
        if reading.columns[place].is_binary
        and not any(known(reading.name(place)) for known in (is_about_persons, is_id, is_property, is_count))
    ]
    if not doubtful:
        return
    names = tuple(_names(reading, marked))
    ways: list[Keys] = [
        {"lists": (*names, *map(reading.name, doubtful))},
        reading.also_ignored(doubtful),
    ]
    counts = [place for place in doubtful if is_maybe_count(reading.name(place))]
    if counts and reading.declared.count is None and each_history_once(codes_of(reading, marked)):
        ways.append({"count": reading.name(counts[0])})
    ones = all((reading.columns[place].codes == ON).all() for place in doubtful)
    if counts == doubtful and ones:
        return
    what = " and ".join(repr(reading.name(place)) for place in doubtful)
    hold = "holds" if len(doubtful) == 1 else "hold"
    reading.ask(f"the lists are marked in_, and {what} {hold} 0 and 1 without the mark: a list as well, or not", ways)


def _unmarked(reading: Reading, free: list[int]) -> list[int]:
    """The columns of 0 and 1, where nothing is marked."""
    columns = reading.columns
    binary = [place for place in free if columns[place].is_binary]
    _refuse_persons_as_columns(reading, binary, free)
    whole = [
        place for place in free if columns[place].is_whole or (is_count(reading.name(place)) and place not in binary)
    ]
    has_counts = reading.declared.count is not None or any(_counts_named(columns[place]) for place in whole)
    if not has_counts and len(binary) > 1:
        counted = counts_of_0_and_1(reading, binary)
        if counted is not None:
            binary = [place for place in binary if place != counted]
            has_counts = True
    _ask_about_persons(reading, binary)
    if not binary:
        _ask_about_two_words(reading, free)
    places = binary + _lists_with_wrong_cells(reading, free, binary, has_counts=has_counts)
    if not places:
        _refuse_without_lists(reading, free)
    return sorted(places)


def _counts_named(column: Column) -> bool:
    return is_count(column.name) and not column.is_binary


def _ask_about_persons(reading: Reading, binary: list[int]) -> None:
    """Columns of 0 and 1 that are called like something about a person are asked about."""
    doubtful = [
        p for p in binary if is_about_persons(reading.name(p)) or is_property(reading.name(p)) or is_id(reading.name(p))
    ]
    if doubtful:
        names = " and ".join(repr(reading.name(place)) for place in doubtful)
        one = len(doubtful) == 1
        reading.ask(
            f"{names} {'holds' if one else 'hold'} 0 and 1 and {'is' if one else 'are'} called like something about a "
            "person: no list, or a list like the others",
            [reading.also_ignored(doubtful), {"lists": tuple(map(reading.name, binary))}],
        )


def _ask_about_two_words(reading: Reading, free: list[int]) -> None:
    """Columns with the same two words, of which it is not known which means on the list."""
    by_words: dict[frozenset[str], list[int]] = {}
    for place in free:
        words = frozenset(reading.columns[place].stated)
        if len(words) == 2:
            by_words.setdefault(words, []).append(place)
    for words, places in by_words.items():
        if len(places) > 1:
            one, other = sorted(words)
            names = listed(reading.name(place) for place in places)
            reading.ask(
                f"{names} hold {one!r} and {other!r}, of which one means on the list and the other not",
                [{"yes": one}, {"yes": other}],
            )


def _lists_with_wrong_cells(reading: Reading, free: list[int], binary: list[int], *, has_counts: bool) -> list[int]:
    """Columns that are lists but for some cells, which are then named one by one."""
    codes = codes_of(reading, binary)
    once = each_history_once(codes)
    found = []
    for place in free:
        column = reading.columns[place]
        if place in binary or not column.is_mostly_binary or is_count(column.name) or place in reading.roles:
            continue
        sums = (codes == ON).sum(axis=1)
        if ((column.wholes == sums) | column.missing).all() and binary:
            continue
        if column.is_whole and _is_a_number_of_something(column):
            continue
        if binary and not has_counts:
            _ask_about_another_coding(reading, place, binary)
        may_count = column.is_whole and (once or not binary or is_maybe_count(column.name)) and not has_counts
        if not (may_count or is_id(column.name) or is_property(column.name) or is_about_persons(column.name)):
            found.append(place)
    return found


def _ask_about_another_coding(reading: Reading, place: int, binary: list[int]) -> None:
    """A column of two words beside columns of 0 and 1, one of them no word of a list, may be a list as well."""
    column = reading.columns[place]
    wrong = int((column.codes == WRONG).sum())
    if len(column.stated) != 2 or wrong * _FEW <= len(column.at) or wrong < 2:
        return
    one, other = column.stated
    reading.ask(
        f"column {column.name!r} holds {one!r} and {other!r}: no list, or a list with one of them for those on it",
        [reading.also_ignored([place]), {"yes": one}, {"yes": other}],
    )


def _is_a_number_of_something(column: Column) -> bool:
    """Whether whole numbers, some of them 0 and 1, are no list with a few wrong cells."""
    above = column.wholes[column.wholes > 1]
    return len(np.unique(above)) > 1 and len(above) * _FEW > len(column.at)


def _refuse_persons_as_columns(reading: Reading, binary: list[int], free: list[int]) -> None:
    """A row a list and a column a person is the table on its side."""
    heads = [p for p in free if p not in binary and is_source(reading.name(p)) and reading.columns[p].is_distinct]
    if heads and len(binary) > reading.n_rows:
        first, last = reading.name(binary[0]), reading.name(binary[-1])
        reading.refuse(
            f"each row is a list and each column a person ({first} to {last}): turn the table, so that each row is a "
            f"person and each column a list ({listed(reading.columns[heads[0]].stated)})"
        )
    if len(binary) > _MOST_BINARY and len(binary) > 4 * reading.n_rows:
        reading.refuse(
            f"there are {len(binary):,} columns of 0 and 1 and {reading.n_rows:,} rows: if each column is a person, "
            "turn the table, so that each row is a person and each column a list"
        )


def _refuse_without_lists(reading: Reading, free: list[int]) -> None:
    """Say what each column looks like, where none is a list."""
    looks = listed((f"{reading.name(place)!r} holds {_looks(reading.columns[place])}" for place in free), most=10)
    named = reading.option("lists", [reading.name(place) for place in free[:2]])
    reading.refuse(
        f"there is no list: {looks or 'there is no column'}; a list is a column with 0 and 1, yes and no, or a mark "
        f"for those on it. Where lists are written in another way, recode them so, then name them, as in {named}"
    )


def _looks(column: Column) -> str:
    if column.is_whole:
        return "whole numbers"
    if (column.wholes[~column.missing] >= 0).all():
        return "numbers"
    return "text" if column.stated else "nothing"


def _set_aside(reading: Reading) -> None:
    """What is left says nothing of lists; said in a note where the lists were found and not marked or declared."""
    quiet = reading.declared.lists is not None or any(map(is_mark, reading.sheet.names))
    about: dict[str, list[str]] = {}
    for place in reading.free:
        column = reading.columns[place]
        what = "empty" if column.is_blank else "numbers" if (column.wholes[~column.missing] >= 0).all() else "text"
        reading.take(place, "set aside", what)
        if reading.name(place):
            about.setdefault(what, []).append(reading.name(place))
    if about and not quiet:
        words = "; ".join(f"{listed(names)} ({what})" for what, names in about.items())
        reading.notes.append(f"columns that are no lists were set aside: {words}")
