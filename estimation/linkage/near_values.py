"""Which values of a field lie near each other: spellings, years and days of a year, each with its alternatives.

A value is a set of alternatives: two spellings of one name, the two years that "1367" of the Solar calendar reaches
into, the days of a month.  How far two values lie apart is the least over their alternatives, so that a value agrees
with whatever it can be.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.encoded import NearValues
from estimation.lists.normal import script_of
from estimation.lists.spelling import near_spellings

__all__ = ["near_by_level", "near_by_part", "near_by_spelling", "no_near_values"]

_FURTHEST = 3
"""The level of values that are not near."""


def no_near_values(n_values: int) -> NearValues:
    """Values of which no two are near, such as the sexes.

    Examples
    --------
    >>> no_near_values(2).starts.tolist()
    [0, 0, 0]
    """
    return NearValues(n_values, np.zeros(n_values + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int8))


def near_by_level(levels: NDArray[np.int8]) -> NearValues:
    """Values by the matrix of their levels.

    Parameters
    ----------
    levels : (V, V) int8
        Level of every two values, symmetric; 3 for those that are not near.

    Examples
    --------
    >>> near = near_by_level(np.array([[0, 1, 3], [1, 0, 3], [3, 3, 0]], np.int8))
    >>> near.starts.tolist(), near.neighbours.tolist(), near.levels.tolist()
    ([0, 1, 2, 2], [1, 0], [1, 1])
    """
    close = levels < _FURTHEST
    np.fill_diagonal(close, val=False)
    first, second = np.nonzero(close)
    return _by_first(len(levels), first, second, levels[first, second])


def near_by_part(
    parts: Sequence[Sequence[int]], first: NDArray[np.int64], second: NDArray[np.int64], levels: NDArray[np.int8]
) -> NearValues:
    """Values that are sets of parts, by how the parts lie: the least level over the parts of each.

    Parameters
    ----------
    parts : sequence of sequences of int
        Codes of the parts of each value, V of them.
    first, second : (M,) int64
        Parts that are near each other, each pair once and ``first < second``.
    levels : (M,) int8
        Their levels, 0 to 2.

    Examples
    --------
    Two values share part 1, and part 2 is one small error from part 0.

    >>> near = near_by_part([(0, 1), (1,), (2,)], np.array([0]), np.array([2]), np.array([1], np.int8))
    >>> near.neighbours.tolist(), near.levels.tolist()
    ([1, 2, 0, 0], [0, 1, 0, 1])
    """
    n_values = len(parts)
    value = np.repeat(np.arange(n_values), [len(own) for own in parts])
    part = np.array([code for own in parts for code in own], dtype=np.int64)
    order = np.argsort(part, kind="stable")
    owners, n_parts = value[order], int(part.max(initial=-1)) + 1
    starts = np.concatenate([[0], np.cumsum(np.bincount(part, minlength=n_parts))])
    same = np.arange(n_parts)
    one = np.concatenate([same, first, second])
    other = np.concatenate([same, second, first])
    level = np.concatenate([np.zeros(n_parts, np.int8), levels, levels])
    edge, left = _members(starts, owners, one)
    again, right = _members(starts, owners, other[edge])
    left, edge = left[again], edge[again]
    order = np.lexsort((level[edge], right, left))
    left, right, level = left[order], right[order], level[edge][order]
    nearest = np.ones(len(left), np.bool_)
    nearest[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    nearest &= left != right
    return _by_first(n_values, left[nearest], right[nearest], level[nearest])


def near_by_spelling(values: Sequence[Sequence[str]]) -> NearValues:
    """Values that are sets of spellings, by the levels of `estimation.lists.spelling`.

    Spellings in two scripts that sound alike can be the same name, level 0: that a list is in another script is no
    error of its records.

    Examples
    --------
    >>> near = near_by_spelling([("karimi",), ("karami", "rezaei"), ("کریمی",), ("tehrani",)])
    >>> near.neighbours.tolist(), near.levels.tolist()
    ([1, 2, 0, 2, 0, 1], [1, 0, 1, 2, 0, 2])
    """
    code: dict[str, int] = {}
    parts = [[code.setdefault(spelling, len(code)) for spelling in own] for own in values]
    first, second, levels = near_spellings(list(code))
    scripts = np.array([script_of(spelling) for spelling in code])
    levels[(levels == 1) & (scripts[first] != scripts[second])] = 0
    return near_by_part(parts, first, second, levels)


def _members(
    starts: NDArray[np.int64], owners: NDArray[np.int64], which: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each of some groups its members: the place of the group among them, and the member."""
    sizes = starts[which + 1] - starts[which]
    place = np.repeat(np.arange(len(which)), sizes)
    within = np.arange(len(place)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return place, owners[starts[which][place] + within]


def _by_first(
    n_values: int, first: NDArray[np.int64], second: NDArray[np.int64], levels: NDArray[np.int8]
) -> NearValues:
    """Pairs in order of their first value, as `NearValues` stores them."""
    starts = np.concatenate([[0], np.cumsum(np.bincount(first, minlength=n_values))]).astype(np.int64)
    return NearValues(n_values, starts, second.astype(np.int32), levels.astype(np.int8))
