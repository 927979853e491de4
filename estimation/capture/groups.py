"""Groups of lists that share nobody: one says nothing about how many people another missed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from estimation.capture.table import IntArray

__all__ = ["about_groups", "groups_of_lists"]

_NAMED = 8  # lists or groups named in one sentence


def groups_of_lists(lists: tuple[str, ...], overlaps: IntArray) -> tuple[tuple[str, ...], ...]:
    """Lists that hang together through people they share, in the table's order; those with nobody are left out.

    Parameters
    ----------
    lists : tuple of str
        Their names.
    overlaps : int array, shape (J, J)
        People on each two lists, the sizes of the lists in the diagonal.  Unit: persons.

    Examples
    --------
    >>> groups_of_lists(("A", "B", "C"), np.array([[9, 0, 2], [0, 5, 0], [2, 0, 4]]))
    (('A', 'C'), ('B',))
    """
    left = [j for j in range(len(lists)) if overlaps[j, j] > 0]
    found = []
    while left:
        group, fresh = {left[0]}, [left[0]]
        while fresh:
            near = set(np.flatnonzero(overlaps[fresh.pop()] > 0).tolist()) - group
            group |= near
            fresh += near
        found.append(tuple(lists[j] for j in sorted(group)))
        left = [j for j in left if j not in group]
    return tuple(found)


def about_groups(groups: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """A sentence where there are several groups, else none.

    Examples
    --------
    >>> about_groups((("A", "C"), ("B",)))[0]
    'The lists fall into 2 groups that share nobody (A, C; B): one group says nothing about how many people another \
missed.'
    """
    if len(groups) < 2:
        return ()
    named = _listed((_listed(group) for group in groups), "; ")
    return (
        f"The lists fall into {len(groups)} groups that share nobody ({named}): one group says nothing about how many "
        "people another missed.",
    )


def _listed(names: Iterable[str], between: str = ", ") -> str:
    """Names as they are read, the first of them only where there are many."""
    named = list(names)
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return between.join(named[:_NAMED]) + more
