"""Numbers that lists give to people: evidence where lists share them, and nothing where each list counts for itself.

An identifier repeats, is mistyped, loses its zeros and becomes a decimal, so that it is a field like others and no key.
Two lists share their identifiers where a fifth or more of those of the shorter one, and three at least, are on the
other; a list shares them with itself where a twentieth of its records have one that another record has too.  Lists that
share are one group, which has one field; what lists of other groups give is never compared with it.  A column of which
one value stands for three records or more on average (a code of places, a category) identifies nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from estimation.lists.name_list import NameList, NameRecord

__all__ = ["bare_identifier", "groups_that_share"]

_SHARED, _REPEATED, _FEWEST = 0.2, 0.05, 3
_MOST_RECORDS = 3.0


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
    given = [_identifying(Counter(filter(None, map(bare_identifier, one.linkable)))) for one in name_lists]
    group = list(range(len(given)))
    shares = [_repeats(own) for own in given]
    for one, other in combinations(range(len(given)), 2):
        both = len(given[one].keys() & given[other].keys())
        if both >= max(_FEWEST, _SHARED * min(len(given[one]), len(given[other]))):
            shares[one] = shares[other] = True
            joined, into = group[other], group[one]
            group = [into if own == joined else own for own in group]
    return [
        tuple(place for place, own in enumerate(group) if own == number and shares[place])
        for number in dict.fromkeys(own for place, own in enumerate(group) if shares[place])
    ]


def _identifying(given: Counter[str]) -> Counter[str]:
    """The identifiers of a list, or none where its values stand for too many records each."""
    return given if given.total() < _MOST_RECORDS * len(given) or given.total() <= _FEWEST else Counter()


def _repeats(own: Counter[str]) -> bool:
    repeated = sum(count for count in own.values() if count > 1)
    return repeated >= max(_FEWEST, _REPEATED * own.total())
