"""In which ways the name of a record can be read: as written, given and family name exchanged, a chain shifted.

Alternatives of one reading (alias, maiden name, another script) are one set of spellings for each part of the name, and
a comparison takes the best over them.  What a part *is* differs between readings: which one holds is for the sampler to
find.

A chain of given name, father, grandfather and family name with one of the last three missing can be another chain with
another one missing: three names are given, father and family name in one list and given, father and grandfather in the
next.  Such readings are made only where some list has grandfathers; few readings make few coincidences.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from estimation.lists.name_list import PersonName

__all__ = ["NAME_PARTS", "NameReading", "Spellings", "name_readings"]

NAME_PARTS = ("given", "father", "grandfather", "family")
"""The parts of a name, in the order of a chain."""

Spellings: TypeAlias = tuple[str, ...]
"""Alternatives of one part, in order; empty where it is not given."""

NameReading: TypeAlias = tuple[int, tuple[Spellings, Spellings, Spellings, Spellings]]
"""Its kind (0 as written, 1 exchanged, 2 shifted) and its parts."""

_WRITTEN, _EXCHANGED, _SHIFTED = 0, 1, 2
_KINDS = {"exchanged": _EXCHANGED, "shifted": _SHIFTED}


def name_readings(names: Sequence[PersonName], *, chains: bool = False) -> list[NameReading]:
    """The ways in which a name can be read, the one as written first.

    Parameters
    ----------
    names : sequence of PersonName
        Those of a record, at least one; what their reader calls exchanged or shifted is a reading of its own.
    chains : bool
        Whether a chain with one part missing is also read with another one missing.

    Examples
    --------
    >>> readings = name_readings([PersonName("ali", family="karimi"), PersonName("ali", family="karami")])
    >>> readings[0]
    (0, (('ali',), (), (), ('karami', 'karimi')))
    >>> readings[1]
    (1, (('karami', 'karimi'), (), (), ('ali',)))
    >>> [parts for kind, parts in name_readings([PersonName("a", "b", "", "c")], chains=True) if kind == 2]
    [(('a',), ('b',), ('c',), ()), (('a',), (), ('b',), ('c',))]
    """
    written = [name for name in names if name.origin not in _KINDS] or list(names[:1])
    given, father, grandfather, family = parts = _parts(written)
    readings = [(_WRITTEN, parts)]
    if given and family:
        readings.append((_EXCHANGED, (family, father, grandfather, given)))
    readings += [(_KINDS[name.origin], _parts([name])) for name in names if name.origin in _KINDS]
    later = [part for part in (father, grandfather, family) if part]
    if chains and given and len(later) == 2:
        first, second = later
        chain = ((first, second, ()), (first, (), second), ((), first, second))
        readings += [(_SHIFTED, (given, *rest)) for rest in chain]
    different: dict[tuple[Spellings, Spellings, Spellings, Spellings], int] = {}
    for kind, parts in readings:
        different.setdefault(parts, kind)
    return [(kind, parts) for parts, kind in different.items()]


def _parts(names: Sequence[PersonName]) -> tuple[Spellings, Spellings, Spellings, Spellings]:
    """For each part the spellings that some names give, in order."""
    given, father, grandfather, family = (
        tuple(sorted({spelling for name in names if (spelling := getattr(name, part))})) for part in NAME_PARTS
    )
    return given, father, grandfather, family
