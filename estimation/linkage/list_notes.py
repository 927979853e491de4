"""What a reader of a linkage should know of its lists: who was not linked, and lists that may be one source twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from estimation.linkage.captures import captures
from estimation.lists.cell_problems import rows_in_words
from estimation.lists.identifiers import comparable_identifier
from estimation.lists.name_list import NameList, NameRecord

__all__ = ["all_that_is_read", "list_notes", "not_linked", "unlinkable_people"]

_DEAD = ("unnamed", "group of unnamed", "several")
"""Kinds of rows that stand for people whom a list counts, and who are not linked."""

_WORDS = {
    "unnamed": "without a name",
    "group of unnamed": "in groups without names",
    "several": "in rows of several people",
    "alive": "alive",
    "not a death": "of whom the row says something else than what is counted",
}
_MOST_SHARED = 0.5
_MOST_NAMES = 0.8
_MOST_GROUPS = 8
_MOST_ALIKE = 50
"""Records of one content above which they are called many."""
_FEWEST = 10
"""Records with an identifier, or a name, below which sharing them says nothing."""


def not_linked(one: NameList) -> dict[str, int]:
    """The people in rows of a list that are not linked, by kind.  Unit: persons.

    Examples
    --------
    >>> rows = NameRecord(2, kind="unnamed"), NameRecord(3, kind="group of unnamed", n_people=8)
    >>> not_linked(NameList("graves", rows))
    {'unnamed': 1, 'group of unnamed': 8}
    """
    counted: Counter[str] = Counter()
    for record in one.records:
        if not record.is_linkable:
            counted["unnamed" if record.kind == "person" else record.kind] += record.n_people
    return dict(counted)


def unlinkable_people(name_lists: Sequence[NameList]) -> dict[str, int]:
    """By list the people whom it counts in rows that cannot be linked; lists without any are left out.  Unit: persons.

    Of several releases of a list those of the release with the most.
    """
    lists, capture_of = captures(name_lists)
    most = dict.fromkeys(lists, 0)
    for one, capture in zip(name_lists, capture_of, strict=True):
        people = sum(count for kind, count in not_linked(one).items() if kind in _DEAD)
        most[lists[capture]] = max(most[lists[capture]], people)
    return {name: people for name, people in most.items() if people}


def list_notes(name_lists: Sequence[NameList]) -> tuple[str, ...]:
    """Sentences about the lists: rows and people by number, and no name."""
    return (
        *_read(name_lists),
        *_denied(name_lists),
        *_many_alike(name_lists),
        *_unlinked(name_lists),
        *_twice(name_lists),
    )


def _read(name_lists: Sequence[NameList]) -> Iterator[str]:
    """What was handled while the lists were read, and what could not be read and is missing."""
    for one in name_lists:
        yield from (f"{one.name}: {note}" for note in (*one.notes, *one.problems))


def _denied(name_lists: Sequence[NameList]) -> Iterator[str]:
    """Records that agree in all that is read of them, on a list that is declared free of duplicates."""
    for one in name_lists:
        if not one.duplicate_free:
            continue
        again = [numbers for numbers in _rows_alike(one).values() if len(numbers) > 1]
        if again:
            named = "; ".join(rows_in_words(numbers) for numbers in again[:_MOST_GROUPS])
            more = f"; and {len(again) - _MOST_GROUPS:,} such groups more" if len(again) > _MOST_GROUPS else ""
            yield (
                f"{one.name} is declared free of duplicates, and records agree in all that is read of them ({named}"
                f"{more}): they count as different people. If they are not, take back the declaration."
            )


def _many_alike(name_lists: Sequence[NameList]) -> Iterator[str]:
    """Records that nothing tells apart, where they are so many that whoever they are decides the number of people."""
    rows: dict[tuple[object, ...], dict[str, list[int]]] = {}
    for one in name_lists:
        for alike, numbers in _rows_alike(one).items():
            rows.setdefault(alike, {})[one.name] = numbers
    for by_list in rows.values():
        n = sum(map(len, by_list.values()))
        if n > _MOST_ALIKE:
            named = "; ".join(f"{name}, {rows_in_words(numbers)}" for name, numbers in by_list.items())
            yield (
                f"{n:,} records agree in all that is read of them, and nothing tells them apart ({named}): how many "
                "people they are is the model's guess. Give a further field, or leave them out and count them apart."
            )


def _rows_alike(one: NameList) -> dict[tuple[object, ...], list[int]]:
    """Rows of a list by all that records are compared by."""
    rows: dict[tuple[object, ...], list[int]] = {}
    for record in one.linkable:
        rows.setdefault(all_that_is_read(record), []).append(record.row)
    return rows


def all_that_is_read(record: NameRecord) -> tuple[object, ...]:
    """What a record is compared by: records with the same cannot be told apart.

    Examples
    --------
    >>> all_that_is_read(NameRecord(2, age=(30, 30))) == all_that_is_read(NameRecord(9, age=(30, 30)))
    True
    """
    birth, event = (date and date.intervals for date in (record.birth, record.event))
    return record.names, birth, event, record.places, record.sex, record.age, record.identifier


def _unlinked(name_lists: Sequence[NameList]) -> Iterator[str]:
    for one in name_lists:
        counted = not_linked(one)
        if counted:
            kinds = ", ".join(f"{count:,} {_WORDS[kind]}" for kind, count in counted.items())
            people = sum(counted.values())
            yield f"{one.name}: {people:,} {'person' if people == 1 else 'people'} not linked ({kinds})."
    unnamed = sum(unlinkable_people(name_lists).values())
    if unnamed:
        who = "1 person" if unnamed == 1 else f"{unnamed:,} people"
        are = "is" if unnamed == 1 else "are"
        yield (
            f"{who} in rows that cannot be linked {are} in no table: each may be a person of another record "
            "or one who is on no other list. An unnamed body is never linked to anything by itself."
        )


def _twice(name_lists: Sequence[NameList]) -> Iterator[str]:
    """Pairs of lists that share most of their identifiers or names, and are not declared to be one."""
    _, capture_of = captures(name_lists)
    of_list = dict(zip((one.name for one in name_lists), capture_of, strict=True))
    for one, other in combinations(name_lists, 2):
        if of_list[one.name] == of_list[other.name]:
            continue
        shared = [
            f"{_share(*texts):.0%} of the {what}"
            for what, least, texts in (
                ("identifiers", _MOST_SHARED, tuple(_identifiers(each) for each in (one, other))),
                ("names as written", _MOST_NAMES, tuple(_names(each) for each in (one, other))),
            )
            if min(map(len, texts)) >= _FEWEST and _share(*texts) > least
        ]
        if shared:
            yield (
                f"{one.name} and {other.name} share {' and '.join(shared)} of the shorter one: if one is a release of "
                "the other, or copied from it, they are one source, and say so (version_of)."
            )


def _share(one: set[object], other: set[object]) -> float:
    return len(one & other) / min(len(one), len(other))


def _identifiers(one: NameList) -> set[object]:
    return {comparable_identifier(record.identifier) for record in one.linkable if record.identifier}


def _names(one: NameList) -> set[object]:
    return {_name(record) for record in one.linkable}


def _name(record: NameRecord) -> tuple[object, ...]:
    first = record.names[0]
    return first.given, first.father, first.grandfather, first.family, record.birth and record.birth.intervals
