"""One row a person and source: who is on a list has a row with its name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.forms.cells import NOT, ON
from estimation.capture.forms.columns import Column
from estimation.capture.forms.headings import (
    is_about_persons,
    is_count,
    is_id,
    is_maybe_count,
    is_property,
    is_row_number,
    is_source,
    is_value,
)
from estimation.capture.forms.labels import labels_of_persons
from estimation.capture.forms.reading import Keys, Reading, Rows
from estimation.capture.problems import MAX_LISTS
from estimation.capture.sheets.sheet import first_of

__all__ = ["rows_of_sources"]


def rows_of_sources(reading: Reading) -> Rows | None:
    """The rows of a sheet with a row a person and source, one a person; None where it is of another form."""
    found = _person_and_source(reading)
    if found is None:
        return None
    person, source, value = found
    _refuse_no_header(reading, (person, source))
    people, sources = reading.columns[person], reading.columns[source]
    reading.take(person, "id", "a row a person and source")
    reading.take(source, "source", "a row a person and source")
    on = np.ones(reading.n_rows, dtype=bool)
    if value is not None:
        reading.take(value, "value", "0 and 1, a row a person and source")
        on = reading.columns[value].codes == ON
    _refuse_gaps(reading, people, sources)
    codes = np.full((len(people.words), len(sources.words)), NOT, dtype=np.int8)
    codes[people.at[on], sources.at[on]] = ON
    pairs = len(set(zip(people.at[on].tolist(), sources.at[on].tolist(), strict=True)))
    twice = int(on.sum()) - pairs
    reading.notes.append(f"each row is a person ({people.name!r}) and a list ({sources.name!r})")
    if twice:
        reading.notes.append(f"{twice:,} rows repeat a person on the same list; a person is on a list once")
    reading.take(reading.free, "set aside", "beside person and source")
    first = np.unique(people.at, return_index=True)[1].tolist()
    name = reading.sheet.row_name
    labels = labels_of_persons(reading, people.at, len(people.words))
    return Rows(sources.words, codes, None, lambda row: name(first[row]), labels=labels)


def _person_and_source(reading: Reading) -> tuple[int, int, int | None] | None:
    """Where the persons, the sources and the 0 and 1 are; asked where they can be told apart in two ways."""
    declared, columns = reading.declared, reading.columns
    if declared.lists is not None and declared.source is None:
        return None
    binary = [place for place in reading.free if columns[place].is_binary]
    value = next((place for place in binary if is_value(reading.name(place))), None)
    ids = [p for p in reading.free if is_id(reading.name(p)) and not is_source(reading.name(p))]
    if declared.id is not None:
        ids = [reading.place(declared.id, "the identifier")]
    if declared.source is not None:
        source = reading.place(declared.source, "the sources")
        others = [p for p in ids or _names(reading, [source]) if p != source]
        if len(others) != 1:
            reading.ask(
                "it is not known which column tells people apart",
                [{"id": reading.name(place), "source": declared.source} for place in others[:4]],
            )
        return others[0], source, value
    if declared.history is not None or [place for place in binary if place != value]:
        return None
    ids = [place for place in ids if not columns[place].is_distinct and not columns[place].is_blank]
    named = [p for p in reading.free if is_source(reading.name(p)) and p not in ids and not columns[p].is_distinct]
    sources = named or [p for p in _names(reading, ids) if not columns[p].is_distinct]
    if len(ids) == 1 and len(sources) == 1:
        return ids[0], sources[0], value
    if len(ids) == 1 and len(sources) > 1:
        ways: list[Keys] = [{"id": reading.name(ids[0]), "source": reading.name(place)} for place in sources[:4]]
        reading.ask("each row is a person and something else, of which one may name the list", ways)
    if ids or not named:
        return _two_names(reading)
    people = [place for place in _names(reading, named) if not columns[place].is_distinct]
    if len(named) == 1 and len(people) == 1:
        return people[0], named[0], value
    if len(named) == 1 and people:
        ways = [{"id": reading.name(place), "source": reading.name(named[0])} for place in people[:4]]
        reading.ask(f"column {reading.name(named[0])!r} names lists, and one of the others the person", ways)
    return None


def _names(reading: Reading, others: Sequence[int]) -> list[int]:
    """Columns of names or numbers that may stand for persons or lists."""
    no_names = (is_count, is_maybe_count, is_property, is_row_number, is_about_persons, is_value)
    return [
        place
        for place in reading.free
        if place not in others
        and not reading.columns[place].is_blank
        and not reading.columns[place].is_binary
        and not any(known(reading.name(place)) for known in no_names)
    ]


def _two_names(reading: Reading) -> tuple[int, int, int | None] | None:
    """Two columns of names and nothing else may be person and source, the one or the other."""
    names = [p for p in _names(reading, []) if not reading.columns[p].is_whole]
    if len(names) != 2 or len(names) != len(reading.free):
        return None
    if any(reading.columns[place].is_distinct for place in names):
        return None
    first, second = sorted(names, key=lambda place: -len(reading.columns[place].words))
    if len(reading.columns[second].words) > MAX_LISTS:
        return None
    _refuse_no_header(reading, (first, second))
    if len(reading.columns[first].words) > MAX_LISTS:
        return first, second, None
    one, other = reading.name(first), reading.name(second)
    reading.ask(
        f"{one!r} and {other!r} are two columns of names, as of a row a person and list",
        [{"id": one, "source": other}, {"id": other, "source": one}],
    )


def _refuse_no_header(reading: Reading, places: Sequence[int]) -> None:
    """Refuse headings that stand among the cells below them."""
    for place in places:
        if reading.name(place) in reading.columns[place].words:
            row = ", ".join(reading.sheet.names)
            reading.refuse(
                f"the first row is {row[:80]!r}, and {reading.name(place)!r} stands below it too: this reads like a "
                "row of cells and not like headings; write a line with headings above it (person,source)"
            )


def _refuse_gaps(reading: Reading, people: Column, sources: Column) -> None:
    """Refuse rows without a person or a list, and more lists than a table holds."""
    name = reading.sheet.row_name
    problems = []
    for column, what in ((people, "the person"), (sources, "the list")):
        rows = np.flatnonzero(column.missing).tolist()
        problems += [
            f"{name(row)}, column {column.name}: {what} is missing; name it, or remove the row" for row in rows
        ]
    if problems:
        reading.refuse(*first_of(problems, "rows without a person or a list"))
    if len(sources.words) > MAX_LISTS:
        reading.refuse(
            f"column {sources.name!r} names {len(sources.words):,} lists; the most a "
            f"table holds is {MAX_LISTS}: is this column the list? Merge or drop some"
        )
