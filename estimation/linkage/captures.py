"""Which lists are one capture: two releases of a list are two spellings of what its keeper knew, not two sources."""

from __future__ import annotations

from collections.abc import Sequence

from estimation.errors import LinkageError
from estimation.lists.name_list import NameList

__all__ = ["captures"]


def captures(name_lists: Sequence[NameList]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names of the captures, and for each list the place of its own among them.

    Releases of a list (`NameList.version_of`) are one capture, which is called by the list that they are releases of.

    Raises
    ------
    LinkageError
        When two lists have one name, or a list is a release of one that is not there or, in the end, of itself.

    Examples
    --------
    >>> first, second, other = NameList("2023", ()), NameList("2024", (), version_of="2023"), NameList("police", ())
    >>> captures([first, second, other])
    (('2023', 'police'), (0, 0, 1))
    """
    by_name = {one.name: one for one in name_lists}
    problems = [
        f"two lists are called {name}; give each a name of its own"
        for name in by_name
        if sum(one.name == name for one in name_lists) > 1
    ]
    problems += [
        f"list {one.name}: it is a release of {one.version_of}, which is none of the lists; they are "
        f"{', '.join(by_name)}"
        for one in name_lists
        if one.version_of and one.version_of not in by_name
    ]
    if problems:
        raise LinkageError("linkage", problems)
    roots = [_root(one, by_name) for one in name_lists]
    places = {root: place for place, root in enumerate(dict.fromkeys(roots))}
    return tuple(places), tuple(places[root] for root in roots)


def _root(one: NameList, by_name: dict[str, NameList]) -> str:
    seen = [one.name]
    while one.version_of:
        one = by_name[one.version_of]
        if one.name in seen:
            problem = f"lists {', '.join(seen)} are releases of each other in a circle; say which came first"
            raise LinkageError("linkage", [problem])
        seen.append(one.name)
    return one.name
