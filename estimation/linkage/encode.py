"""Name lists become numbers: codes of the values of each reading of each record, and how values lie apart.

Fields, and whose value each is
-------------------------------
======================  =========  =====================================================================
given                   person     one vocabulary for all parts of a name, so that a reading can move a
father, grandfather     household  spelling from one part to another
family                  household
birth year, birth day   person     from a date of birth, or the year from an age and a dated event
age                     person     where no year of birth is known (`estimation.linkage.births`)
event year, event day   event
place                   household  alternatives of one place
sex                     person     equal or not
identifier              person     where lists share them (`estimation.linkage.identifiers`)
======================  =========  =====================================================================

A value is a set of alternatives, and two values are as near as the nearest of them.  A field that no record has is left
out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from estimation.errors import LinkageError
from estimation.linkage.births import births_and_ages
from estimation.linkage.captures import captures
from estimation.linkage.encoded import MISSING, EncodedField, EncodedRecords, FieldScope, NearValues
from estimation.linkage.identifiers import bare_identifier, groups_that_share
from estimation.linkage.near_dates import age_levels, day_levels, days_of_year, year_levels, years_of
from estimation.linkage.near_values import near_by_level, near_by_spelling, no_near_values
from estimation.linkage.readings import NAME_PARTS, NameReading, name_readings
from estimation.lists.days import Days
from estimation.lists.name_list import NameList, NameRecord

__all__ = ["encode"]

V = TypeVar("V", bound=Hashable)

_NAME_SCOPES: dict[str, FieldScope] = {
    "given": "person",
    "father": "household",
    "grandfather": "household",
    "family": "household",
}
_Column: TypeAlias = tuple[str, FieldScope, NDArray[np.int32], NearValues]


def encode(name_lists: Sequence[NameList]) -> EncodedRecords:
    """The linkable records of some lists as numbers, in the order of the lists and of their rows.

    Parameters
    ----------
    name_lists : sequence of NameList
        One or more; releases of one list (`NameList.version_of`) are one capture.

    Raises
    ------
    LinkageError
        When there is no list, a list has no linkable record, two have one name, or a release is of no list.

    Examples
    --------
    >>> from estimation.lists.name_list import PersonName
    >>> police = NameList("police", (NameRecord(2, (PersonName("ali", family="karimi"),), sex="m"),))
    >>> press = NameList("press", (NameRecord(2, (PersonName("ali", family="karami"),), sex="f"),))
    >>> encoded = encode([police, press])
    >>> [field.name for field in encoded.fields]
    ['given', 'family', 'sex']
    >>> encoded.codes.tolist(), encoded.reading_kinds.tolist()
    ([[0, 1, 1], [1, 0, 1], [0, 2, 0], [2, 0, 0]], [0, 1, 0, 1])
    """
    _refuse_nothing_to_link(name_lists)
    lists, capture_of = captures(name_lists)
    records = [record for one in name_lists for record in one.linkable]
    chains = any(name.grandfather for record in records for name in record.names)
    readings = [name_readings(record.names, chains=chains) for record in records]
    n_readings = np.array([len(own) for own in readings])
    columns = [*_name_columns(readings), *_other_columns(records, n_readings)]
    columns += _identifier_columns(name_lists, n_readings)
    given = [column for column in columns if (column[2] != MISSING).any()]
    empty = [column[0] for column in columns if not (column[2] != MISSING).any()]
    sizes = [len(one.linkable) for one in name_lists]
    return EncodedRecords(
        lists,
        np.repeat(np.array(capture_of, np.int32), sizes),
        np.array([_is_duplicate_free(place, name_lists, capture_of) for place in range(len(lists))]),
        tuple(EncodedField(name, scope, near, _levels_of(name, near)) for name, scope, _, near in given),
        np.concatenate([[0], np.cumsum(n_readings)]).astype(np.int64),
        np.stack([codes for _, _, codes, _ in given], axis=1),
        np.array([kind for own in readings for kind, _ in own], np.int8),
        notes=_notes(empty, name_lists),
    )


def _refuse_nothing_to_link(name_lists: Sequence[NameList]) -> None:
    if not name_lists:
        raise LinkageError("linkage", ["there is no list to link; give one or more"])
    problems = [
        f"list {one.name}: no record of one named person, so that nothing on it can be linked: say which columns have "
        "the names, or leave the list out and count its people apart"
        for one in name_lists
        if not one.linkable
    ]
    if problems:
        raise LinkageError("linkage", problems)


def _is_duplicate_free(place: int, name_lists: Sequence[NameList], capture_of: Sequence[int]) -> bool:
    """Whether nobody is on a capture twice: one of several releases has its people on each of them."""
    own = [one for one, capture in zip(name_lists, capture_of, strict=True) if capture == place]
    return len(own) == 1 and own[0].duplicate_free


def _name_columns(readings: Sequence[Sequence[NameReading]]) -> list[_Column]:
    """Given, father, grandfather and family name of each reading, in one vocabulary."""
    code: dict[tuple[str, ...], int] = {}
    codes = np.array(
        [
            [code.setdefault(part, len(code)) if part else MISSING for part in parts]
            for own in readings
            for _, parts in own
        ],
        np.int32,
    )
    near = near_by_spelling(list(code))
    return [(part, _NAME_SCOPES[part], codes[:, place], near) for place, part in enumerate(NAME_PARTS)]


def _other_columns(records: Sequence[NameRecord], n_readings: NDArray[np.int64]) -> list[_Column]:
    """Dates, place and sex of each record, once for each of its readings."""
    births, ages = births_and_ages(records)
    events = [record.event for record in records]
    sexes = [{"f": 0, "m": 1}.get(record.sex, MISSING) for record in records]
    age_sets = [() if age is None else tuple(range(age[0], age[1] + 1)) for age in ages]
    places = [tuple(sorted(set(record.places))) for record in records]
    years, days = [births, events], [births, events]
    (birth_years, event_years), near_years = _dates(years, years_of, year_levels)
    (birth_days, event_days), near_days = _dates(days, days_of_year, day_levels)
    age_codes, age_values = _coded(age_sets)
    place_codes, place_values = _coded(places)
    near_ages = near_by_level(age_levels(age_values)) if age_values else no_near_values(0)
    columns: list[_Column] = [
        ("birth year", "person", birth_years, near_years),
        ("birth day", "person", birth_days, near_days),
        ("age", "person", age_codes, near_ages),
        ("event year", "household", event_years, near_years),
        ("event day", "household", event_days, near_days),
        ("place", "household", place_codes, near_by_spelling(place_values)),
        ("sex", "person", np.array(sexes, np.int32), no_near_values(2)),
    ]
    return [(name, scope, np.repeat(codes, n_readings), near) for name, scope, codes, near in columns]


def _identifier_columns(name_lists: Sequence[NameList], n_readings: NDArray[np.int64]) -> list[_Column]:
    """Identifiers, in a column for each group of lists that share them."""
    columns: list[_Column] = []
    for number, group in enumerate(groups_that_share(name_lists), start=1):
        given = [
            (bare_identifier(record),) if place in group and record.identifier else ()
            for place, one in enumerate(name_lists)
            for record in one.linkable
        ]
        codes, values = _coded([own if own != ("",) else () for own in given])
        near = near_by_spelling(values) if len(values) <= _MOST_NEAR else no_near_values(len(values))
        name = "identifier" if number == 1 else f"identifier {number}"
        columns.append((name, "person", np.repeat(codes, n_readings), near))
    return columns


_MOST_NEAR = 20_000
"""Different identifiers up to which mistyped ones are looked for: numbers have more neighbours than names."""


def _dates(
    columns: Sequence[Sequence[Days | None]],
    part: Callable[[Days], tuple[int, ...]],
    levels: Callable[[list[tuple[int, ...]]], NDArray[np.int8]],
) -> tuple[list[NDArray[np.int32]], NearValues]:
    """Codes of a part of several columns of dates, in one vocabulary."""
    parts = [part(days) if days is not None else () for column in columns for days in column]
    codes, values = _coded(parts)
    near = near_by_level(levels(values)) if values else no_near_values(0)
    return list(codes.reshape(len(columns), -1)), near


def _coded(values: Sequence[tuple[V, ...]]) -> tuple[NDArray[np.int32], list[tuple[V, ...]]]:
    """Codes of values in the order in which they come, and the values; an empty one is missing."""
    code: dict[tuple[V, ...], int] = {}
    codes = [code.setdefault(value, len(code)) if value else MISSING for value in values]
    return np.array(codes, np.int32), list(code)


def _levels_of(name: str, near: NearValues) -> tuple[bool, bool, bool, bool]:
    """Which levels the values of a field can have."""
    return True, bool((near.levels == 1).any()), bool((near.levels == 2).any()), True


def _notes(empty: Sequence[str], name_lists: Sequence[NameList]) -> tuple[str, ...]:
    """What was left out, and which records say so little that they can hardly be linked."""
    notes = [f"No record gives: {', '.join(empty)}.  These are not compared."] if empty else []
    for group in groups_that_share(name_lists):
        own = ", ".join(name_lists[place].name for place in group)
        notes.append(f"Identifiers of {own} are compared with each other: enough of them occur more than once.")
    for one in name_lists:
        rows = [str(record.row) for record in one.linkable if _is_bare(record)]
        if rows:
            few = ", ".join(rows[:_ROWS]) + (f" and {len(rows) - _ROWS} more" if len(rows) > _ROWS else "")
            notes.append(
                f"{one.name}, rows {few}: one part of a name and nothing else; such a record can be linked to almost "
                "anybody and says little of who it is."
            )
    return tuple(notes)


_ROWS = 20
"""Rows that a note names."""


def _is_bare(record: NameRecord) -> bool:
    """Whether a record has one part of a name and nothing else that is compared."""
    n_parts = len({part for name in record.names for part in NAME_PARTS if getattr(name, part)})
    rest = (record.birth, record.event, record.age, record.places, record.sex)
    return n_parts <= 1 and not any(rest)
