"""Numbers that lists give to people: evidence where lists share them, and nothing where each list counts for itself.

An identifier repeats, is mistyped, loses its zeros and becomes a decimal, so that it is a field like others and no key.
Two lists share their identifiers where a fifth or more of those of the shorter one, and three at least, are on the
other; a list shares them with itself where a twentieth of its records have one that another record has too.  In both
cases half of the records with one identifier must have a given or a family name that is near: numbers that every list,
or every section of one, counts for itself are the same by chance, and stand beside names that differ.  Lists that share
are one group, which has one field; what lists of other groups give is never compared with it.  A column of which one
value stands for three records or more on average (a code of places, a category) identifies nobody.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice, product

from estimation.lists.name_list import NameList, NameRecord
from estimation.lists.spelling import spelling_level

__all__ = ["bare_identifier", "groups_that_share"]

_SHARED, _REPEATED, _FEWEST = 0.2, 0.05, 3
_MOST_RECORDS = 3.0
_NEAR_NAMES = 0.5
_LOOKED_AT = 60
"""Pairs of records with one identifier whose names are compared."""

_ANYTHING_ELSE = 3
_OfList = Mapping[str, Sequence[NameRecord]]
"""The records of a list by their identifier."""


def bare_identifier(record: NameRecord) -> str:
    """The identifier of a record without what programs add and remove: case, spaces, zeros before, a decimal of zero.

    Examples
    --------
    >>> bare_identifier(NameRecord(2, identifier=" 00417.0"))
    '417'
    """
    return re.sub(r"\.0+$", "", "".join(record.identifier.casefold().split())).lstrip("0")


def groups_that_share(name_lists: Sequence[NameList]) -> list[tuple[int, ...]]:
    """Groups of lists, by their places, that share identifiers; a list that shares them with none is in no group.

    Examples
    --------
    >>> from estimation.lists.name_list import PersonName
    >>> numbered = lambda name, *numbers: NameList(
    ...     name, tuple(NameRecord(2, (PersonName("ali"),), identifier=number) for number in numbers)
    ... )
    >>> groups_that_share([numbered("a", "1", "2", "3"), numbered("b", "7", "8", "9"), numbered("c", "1", "2", "03")])
    [(0, 2)]
    """
    given = [_identifying(one) for one in name_lists]
    group = list(range(len(given)))
    shares = [_repeats(own) and _are_people(_twice(own)) for own in given]
    for one, other in combinations(range(len(given)), 2):
        both = given[one].keys() & given[other].keys()
        enough = len(both) >= max(_FEWEST, _SHARED * min(len(given[one]), len(given[other])))
        if enough and _are_people(_on_both(given[one], given[other], sorted(both))):
            shares[one] = shares[other] = True
            joined, into = group[other], group[one]
            group = [into if own == joined else own for own in group]
    return [
        tuple(place for place, own in enumerate(group) if own == number and shares[place])
        for number in dict.fromkeys(own for place, own in enumerate(group) if shares[place])
    ]


def _identifying(one: NameList) -> dict[str, list[NameRecord]]:
    """The records of a list by identifier, or none where one value stands for too many records."""
    given: dict[str, list[NameRecord]] = defaultdict(list)
    for record in one.linkable:
        if identifier := bare_identifier(record):
            given[identifier].append(record)
    n = sum(map(len, given.values()))
    return dict(given) if n < _MOST_RECORDS * len(given) or n <= _FEWEST else {}


def _repeats(own: _OfList) -> bool:
    repeated = sum(len(records) for records in own.values() if len(records) > 1)
    return repeated >= max(_FEWEST, _REPEATED * sum(map(len, own.values())))


def _twice(own: _OfList) -> Iterator[tuple[NameRecord, NameRecord]]:
    """Two records of a list for each identifier that comes again."""
    return ((records[0], records[1]) for records in own.values() if len(records) > 1)


def _on_both(one: _OfList, other: _OfList, both: Sequence[str]) -> Iterator[tuple[NameRecord, NameRecord]]:
    """A record of either list for each identifier that both have, spread over them."""
    step = max(1, len(both) // _LOOKED_AT)
    return ((one[identifier][0], other[identifier][0]) for identifier in both[::step])


def _are_people(pairs: Iterator[tuple[NameRecord, NameRecord]]) -> bool:
    """Whether records with one identifier have near names, as far as they can be compared."""
    found = [near for pair in islice(pairs, _LOOKED_AT) if (near := _near_names(*pair)) is not None]
    return not found or sum(found) >= _NEAR_NAMES * len(found)


def _near_names(one: NameRecord, other: NameRecord) -> bool | None:
    """Whether a given or a family name is near; None where no part is given on both sides."""
    parts = [
        (getattr(a, role), getattr(b, role)) for a, b in product(one.names, other.names) for role in ("given", "family")
    ]
    both = [(a, b) for a, b in parts if a and b]
    return any(spelling_level(a, b) < _ANYTHING_ELSE for a, b in both) if both else None
