"""Everything that can be wrong with the parts of a capture table, one sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from estimation.text.characters import name_faults
from estimation.text.twins import difference, same_to_the_eye

__all__ = ["MAX_LISTS", "MAX_PERSONS", "name_problems", "table_problems"]

MAX_LISTS = 64
"""A history is one bit a list in a 64-bit word."""

MAX_PERSONS = 2**53
"""The most persons a table holds: up to here every sum is exact, in whole numbers and in floating point."""

_LONGEST = 60  # letters of a name that a message repeats
_MOST_NAMED = 20  # rows named in one message; a wrong file of 100,000 rows must not print them all


def name_problems(lists: Sequence[str]) -> list[str]:
    """Everything wrong with the names of the lists, one sentence each.

    A name is one line of text that can be written to a file and read again (`estimation.text.characters`): not empty,
    no space at either end, no line break and no character that cannot be seen, and no other list's, to the eye either.

    Examples
    --------
    >>> name_problems(["police", "press", "police"])
    ["the list name 'police' is used 2 times; give each list its own name"]
    """
    problems = []
    if not lists:
        problems.append("there is no list; a table needs at least one")
    if len(lists) > MAX_LISTS:
        problems.append(f"there are {len(lists)} lists; the most a table holds is {MAX_LISTS}: merge or drop some")
    if any(not name.strip() for name in lists):
        problems.append("a list has an empty name; name every list")
    for name, times in Counter(lists).items():
        if times > 1 and name.strip():
            problems.append(f"the list name {name!r} is used {times} times; give each list its own name")
        if name.strip() and name != name.strip():
            problems.append(f"the list name {name!r} begins or ends with a space; remove it")
        problems += [f"the list name {_short(name)} {fault}" for fault in name_faults(name)]
    for twins in same_to_the_eye(lists):
        problems.append(
            f"the list names {difference(twins)} look the same; give each list a name that can be told from the others"
        )
    return problems


def _short(name: str) -> str:
    """A name as it stands in a message, with what cannot be seen made visible."""
    return repr(name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…")


def _rows(indexes: npt.NDArray[np.intp]) -> str:
    """Row numbers as text, the first of them only where there are many."""
    named = ", ".join(str(index) for index in indexes[:_MOST_NAMED].tolist())
    return named if len(indexes) <= _MOST_NAMED else f"{named} and {len(indexes) - _MOST_NAMED} more"


def _shape_problem(n_lists: int, patterns: npt.NDArray[np.generic], counts: npt.NDArray[np.generic]) -> str | None:
    """What keeps the three parts from being one table at all, if anything does."""
    if patterns.ndim != 2 or patterns.shape[1] != n_lists:
        return f"patterns have shape {patterns.shape}; with {n_lists} lists it must be (C, {n_lists})"
    if counts.shape != (patterns.shape[0],):
        return f"{patterns.shape[0]} patterns but counts of shape {counts.shape}; give one count a pattern"
    if patterns.dtype != np.bool_ and not np.isin(patterns, (0, 1)).all():
        return "patterns must be 0 or 1 (False or True)"
    if not (np.issubdtype(counts.dtype, np.integer) or np.issubdtype(counts.dtype, np.floating)):
        return f"counts are of type {counts.dtype}; they must be whole numbers of persons"
    return None


def table_problems(
    lists: Sequence[str], patterns: npt.NDArray[np.generic], counts: npt.NDArray[np.generic]
) -> list[str]:
    """Everything wrong with the three parts of a table, one sentence each."""
    problems = name_problems(lists)
    misshapen = _shape_problem(len(lists), patterns, counts)
    if misshapen:
        return [*problems, misshapen]
    unseen = np.flatnonzero(~patterns.astype(bool).any(axis=1))
    if unseen.size:
        problems.append(f"pattern rows {_rows(unseen)} are on no list; nobody observed them, so drop these rows")
    persons = counts.astype(float)
    whole = np.isfinite(persons) & (persons == np.floor(persons))
    if not whole.all():
        rows = _rows(np.flatnonzero(~whole))
        problems.append(f"counts in rows {rows} are not whole numbers; a count is a number of persons")
    negative = np.flatnonzero(persons < 0)
    if negative.size:
        problems.append(f"counts in rows {_rows(negative)} are negative; a count of persons cannot be")
    if persons[whole & (persons > 0)].sum() > MAX_PERSONS:
        problems.append(f"the counts add to more than {MAX_PERSONS:,}: no such number of persons ever lived")
    return problems
