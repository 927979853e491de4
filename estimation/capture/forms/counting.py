"""Which column holds the number of people of each row, where one does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.forms.cells import ON
from estimation.capture.forms.columns import Codes, Column, n_different
from estimation.capture.forms.headings import is_count, is_id, is_maybe_count, is_n_captures, is_property, is_row_number
from estimation.capture.forms.reading import Keys, Reading, listed
from estimation.capture.problems import MAX_LISTS

__all__ = ["count_column", "counts_of_0_and_1", "each_history_once"]

_ENOUGH_ROWS = 5
_OFTEN = 3
_CODES = 5
_YEARS = (1000, 2200)
_LEAST_LISTS = 3
_MOST_COMPLETE = 12


def each_history_once(codes: Codes) -> bool:
    """Whether no history stands in two rows."""
    n_rows, n_lists = codes.shape
    if not n_lists or not 0 < n_rows <= _CODES ** min(n_lists, MAX_LISTS):
        return False
    return bool(n_different(codes) == n_rows)


def count_column(reading: Reading, codes: Codes, places: Sequence[int]) -> int | None:
    """The column of counts among those that are no lists; None where every row is one person.

    Parameters
    ----------
    reading : Reading
        What is read; asked where two readings are possible.
    codes : int array, shape (rows, lists)
        What the rows say of each list.
    places : sequence of int
        The columns that are no lists.
    """
    if reading.declared.count is not None:
        place = reading.place(reading.declared.count, "the counts")
        reading.take(place, "count", "declared")
        return place
    left = _without_row_sums(reading, codes, [p for p in places if not reading.columns[p].is_blank])
    called = [place for place in left if is_count(reading.name(place))]
    if len(called) > 1:
        called = [p for p in called if not reading.columns[p].is_binary] or called[:1]
    if len(called) > 1:
        both = " and ".join(repr(reading.name(place)) for place in called)
        reading.ask(f"{both} could both be the counts", [{"count": reading.name(place)} for place in called])
    if called:
        _ask_about_counts_of_persons(reading, codes, called[0], left)
        reading.take(called[0], "count", "its name")
        return called[0]
    return _count_by_its_cells(reading, codes, left)


def _without_row_sums(reading: Reading, codes: Codes, places: list[int]) -> list[int]:
    """The columns but those that say on how many lists each row is: no counts, and never to be multiplied by."""
    sums, once, left = (codes == ON).sum(axis=1), each_history_once(codes), []
    for place in places:
        column = reading.columns[place]
        is_sum = bool(codes.size) and ((column.wholes == sums) | column.missing).all() and not column.missing.all()
        varied = bool((sums > 1).any())
        if not is_sum or not varied or (once and is_count(column.name)):
            left.append(place)
            continue
        if once and not is_n_captures(column.name):
            reading.ask(
                f"column {column.name!r} equals the number of lists that each row is on, and each history stands once: "
                "it may say just that, each row being one person, or be the number of people of each row",
                [reading.also_ignored([place]), {"count": column.name}],
            )
        reading.take(place, "number of lists", "it equals the number of lists that each row is on")
        reading.notes.append(
            f"column {column.name!r} equals the number of lists that each row is on, in all of them: it is no count, "
            "and was set aside"
        )
    return left


def _ask_about_counts_of_persons(reading: Reading, codes: Codes, place: int, others: Sequence[int]) -> None:
    """A column called count in a sheet that otherwise has a row a person may count something else."""
    column = reading.columns[place]
    ids = [other for other in others if _tells_apart(reading.columns[other])]
    many = not reading.strata and len(others) == 1 and len(codes) > _OFTEN * n_different(codes)
    if not (ids or many) or each_history_once(codes) or not column.is_whole:
        return
    why = f"every row has its own {reading.name(ids[0])!r}" if ids else "each history stands on many rows"
    reading.ask(
        f"{why}, as where a row is one person, and {column.name!r} is above 1: it may be the number of people of a "
        "row, or something about one person",
        [{"count": column.name}, reading.also_ignored([place])],
    )


def _tells_apart(column: Column) -> bool:
    return is_id(column.name) and column.is_distinct and not column.is_blank


def _count_by_its_cells(reading: Reading, codes: Codes, places: Sequence[int]) -> int | None:
    """The counts under any other heading: whole numbers, some above 1, with each history once."""
    able = [place for place in places if _can_be_counts(reading.columns[place])]
    once = each_history_once(codes)
    if not able and once and len(codes) >= _ENOUGH_ROWS:
        able = [place for place in places if _is_property_like_counts(reading.columns[place])]
        if able:
            _ask(reading, able, "each history stands once")
    if not able:
        return None
    named = [place for place in able if is_maybe_count(reading.name(place))]
    describing = [p for p in places if p not in able and not _can_be_counts(reading.columns[p])]
    describing = [p for p in describing if not is_row_number(reading.name(p))]
    if not once:
        if not (named or _once_in_each_group(reading, codes, describing)):
            return None
        _ask(reading, named or able, "the histories repeat")
    place = able[0]
    if len(able) == 1 and not describing and _is_clear(reading.columns[place], codes):
        why = "whole numbers, some above 1, and each history once"
        reading.take(place, "count", why)
        if not named:
            reading.notes.append(f"column {reading.name(place)!r} was taken as the number of people: {why}")
        return place
    _ask(reading, able, "each history stands once")
    return None


def _can_be_counts(column: Column) -> bool:
    """Whether a column without a telling name may hold counts."""
    if not column.is_whole or is_property(column.name) or is_n_captures(column.name):
        return False
    numbers_rows = column.is_numbered and (is_row_number(column.name) or is_id(column.name) or len(column.at) > 3)
    return not numbers_rows and not (is_id(column.name) and column.is_distinct)


def _is_property_like_counts(column: Column) -> bool:
    """Whether whole numbers are called like an age, and are no years: people of an age group are counted so, too."""
    least, most = int(column.wholes.min()), int(column.wholes.max())
    return column.is_whole and is_property(column.name) and not (_YEARS[0] <= least and most <= _YEARS[1])


def _is_clear(column: Column, codes: Codes) -> bool:
    """Whether counts can be nothing else: many histories, each once, and not 0 and 1 but for one odd cell."""
    complete = codes.shape[1] <= _MOST_COMPLETE and len(codes) >= 2 ** codes.shape[1] - 1
    odd = column.is_mostly_binary and int((column.wholes > 1).sum()) == 1
    return (complete or len(codes) >= _ENOUGH_ROWS) and not odd


def _once_in_each_group(reading: Reading, codes: Codes, places: Sequence[int]) -> bool:
    """Whether each history stands once in each group, such as a place and month, of which there are few."""
    groups = [reading.columns[p] for p in places if len(reading.columns[p].words) * 2 <= reading.n_rows]
    return bool(groups) and n_different(np.column_stack([codes, *(c.at for c in groups)])) == len(codes)


def _ask(reading: Reading, places: Sequence[int], why: str) -> None:
    names = [reading.name(place) for place in places]
    ways: list[Keys] = [{"count": name} for name in names[:6]]
    reading.ask(
        f"{listed(map(repr, names))} may be the number of people of each row ({why}), or say something else of one "
        "person a row",
        [*ways, reading.also_ignored(places)],
    )


def counts_of_0_and_1(reading: Reading, lists: Sequence[int]) -> int | None:
    """The column of counts among those of 0 and 1 alone, or a question: a list would stand in the same cells."""
    once = {place: _each_once_without(reading, lists, place) for place in lists}
    for place in lists:
        column = reading.columns[place]
        all_one = bool((column.codes == ON).all())
        sure = (once[place] or all_one) if is_count(column.name) else is_maybe_count(column.name) and all_one
        if sure and (is_count(column.name) or not once[place]):
            reading.take(place, "count", "its name")
            return place
    called = [place for place in lists if is_count(reading.name(place))]
    called += [place for place in lists if is_maybe_count(reading.name(place)) and once[place]]
    complete = len(lists) > _LEAST_LISTS and reading.n_rows >= 2 ** min(len(lists) - 1, 30) - 1
    doubtful = called or [place for place in (lists[-1], lists[0]) if complete and once[place]]
    if doubtful:
        names = " or ".join(repr(reading.name(place)) for place in doubtful)
        ways: list[Keys] = [{"count": reading.name(place)} for place in doubtful]
        reading.ask(
            f"all columns hold only 0 and 1, and {names} may be the number of people of each row, which is 0 or 1",
            [*ways, {"lists": tuple(map(reading.name, lists))}],
        )
    for place in lists:
        if is_maybe_count(reading.name(place)):
            reading.notes.append(
                f"column {reading.name(place)!r} holds only 0 and 1 and was taken as a list; if it holds the counts, "
                f"say so: {reading.option('count', reading.name(place))}"
            )
    return None


def _each_once_without(reading: Reading, lists: Sequence[int], place: int) -> bool:
    """Whether the histories over all lists but one stand once each."""
    codes = _codes(reading, [other for other in lists if other != place])
    return each_history_once(codes) and not (codes < 0).any()


def _codes(reading: Reading, places: Sequence[int]) -> Codes:
    if not places:
        return np.zeros((reading.n_rows, 0), dtype=np.int8)
    return np.column_stack([reading.columns[place].codes for place in places])
