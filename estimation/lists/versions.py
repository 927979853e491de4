"""Whether two lists are releases of one: they share most of their identifiers, or most of their names.

Two releases are one capture with several spellings.  Taken for two lists they would make it seem that hardly anybody
was missed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from estimation.lists.name_list import NameList
from estimation.lists.normal import normalise

__all__ = ["releases_of_one_list"]

_LEAST, _MOST_SHARED = 5, 0.6


def releases_of_one_list(lists: Sequence[NameList]) -> list[str]:
    """A sentence for each two lists that share most identifiers or names and are not declared versions of each other.

    Parameters
    ----------
    lists : sequence of NameList
        At least two, or there is nothing to compare.

    Examples
    --------
    >>> releases_of_one_list([])
    []
    """
    sentences = []
    for first, second in combinations(lists, 2):
        if _are_declared(first, second):
            continue
        for what, sets in (("identifiers", _identifiers), ("whole names", _names)):
            one, other = sets(first), sets(second)
            least = min(len(one), len(other))
            shared = len(one & other)
            if least >= _LEAST and shared > _MOST_SHARED * least:
                sentences.append(
                    f"lists {first.name} and {second.name} share {shared:,} of {least:,} {what}: if one is another "
                    f'release of the other, both are one capture; declare version_of = "{first.name}" for {second.name}'
                )
                break
    return sentences


def _are_declared(first: NameList, second: NameList) -> bool:
    root = {first.version_of or first.name, second.version_of or second.name}
    return len(root) == 1


def _identifiers(of: NameList) -> set[str]:
    """Identifiers without zeros in front and endings such as .0, which spreadsheets take and give; only long ones."""
    plain = (re.sub(r"\.0+$", "", normalise(record.identifier)).lstrip("0") for record in of.records)
    return {text for text in plain if len(text) >= 4}


def _names(of: NameList) -> set[str]:
    """Whole names of two parts or more, with the birth year where it is given."""
    found = set()
    for record in of.linkable:
        name = record.names[0]
        parts = [normalise(part) for part in (name.given, name.father, name.grandfather, name.family) if part]
        if len(parts) > 1:
            found.add(" ".join([*parts, str(record.birth.first.year) if record.birth else ""]))
    return found
