"""How far two spellings of a part of a name lie apart, on four levels.

=====  ==========================================================================================================
level  spellings
=====  ==========================================================================================================
0      equal once normalised, whether words are joined or not
1      one edit (a letter more, less, another, or two exchanged: optimal string alignment) in three letters or
       more; one skeleton and vowels that agree, within a script or across; initials of the other
2      at most four edits in ten letters (two in five); one skeleton of three consonants or more, whatever the
       vowels; across scripts skeletons of four consonants or more one edit apart; the one begins or ends the
       other, as Baset in Abdolbaset
3      anything else
=====  ==========================================================================================================

Edits are those of the names without their spaces, of which the first 100 letters count.  `near_spellings` finds all
pairs at levels 0 to 2 exactly, in memory that grows with the pairs: names are sorted by length, and those of a block
are compared with names that are not too long to be near.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from estimation.lists.normal import Sounds, normalise, script_of, sounds
from estimation.lists.vowels import sound_alike, vowels_agree

__all__ = ["near_spellings", "spelling_level"]

_MOST_EDITS, _LETTERS = 4, 10
"""Edits at level 2, in so many letters."""

_LONGEST = 100
_ONE_EDIT_FROM, _ANY_VOWELS_FROM, _SKELETON_EDIT_FROM = 3, 3, 4
_PART_FROM = {"arabic": 3}
_BLOCK = 512
_Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]


def spelling_level(a: str, b: str) -> int:
    """The level of two spellings of a part of a name.

    Parameters
    ----------
    a, b : str
        Two spellings, neither of them empty.

    Returns
    -------
    int
        0 to 3.

    Examples
    --------
    >>> spelling_level("Ali Akbar", "علی‌اکبر"), spelling_level("Ali Akbar", "ALIAKBAR")
    (1, 0)
    >>> spelling_level("Hossein", "Husayn"), spelling_level("Л.", "Лев"), spelling_level("Baset", "Abdolbaset")
    (1, 1, 2)
    >>> spelling_level("حسین", "Hasan"), spelling_level("Hossein", "Ahmad")
    (2, 3)
    """
    a, b = normalise(a), normalise(b)
    one, other = a.replace(" ", "")[:_LONGEST], b.replace(" ", "")[:_LONGEST]
    longer = max(len(one), len(other))
    if not one or not other:
        return 3
    edits = OSA.distance(one, other)
    if edits == 0:
        return 0
    left, right = sounds(a), sounds(b)
    are_alike, n_shared = sound_alike(left, right)
    if (edits == 1 and longer >= _ONE_EDIT_FROM) or _are_initials(a.split(), b.split()) or are_alike:
        return 1
    is_near = (
        _LETTERS * edits <= _MOST_EDITS * longer
        or n_shared >= _ANY_VOWELS_FROM
        or _have_near_skeletons(left, right)
        or _is_part(one, other, left, right)
    )
    return 2 if is_near else 3


def near_spellings(spellings: Sequence[str]) -> _Pairs:
    """All pairs of spellings at levels 0, 1 and 2.

    Parameters
    ----------
    spellings : sequence of str
        Different ones, V of them.

    Returns
    -------
    first, second : (M,) int64
        Their places, ``first < second``, in order, each pair once.
    level : (M,) int8
        Their levels.

    Examples
    --------
    >>> first, second, level = near_spellings(["karimi", "tehrani", "karami", "کریمی"])
    >>> first.tolist(), second.tolist(), level.tolist()
    ([0, 0, 2], [2, 3, 3], [1, 1, 2])
    """
    names = [normalise(spelling) for spelling in spellings]
    heard = [sounds(name) for name in names]
    keys = [name.replace(" ", "")[:_LONGEST] for name in names]
    found = (
        *(pairs for places in _letters_in_common(keys) for pairs in _near_by_edits(keys, places)),
        *_near_by_skeleton(heard),
        *_near_by_skeleton_edit(heard),
        _pairs_of(_parts(names, heard), 2),
        _pairs_of(_initials(names), 1),
    )
    n = max(len(names), 1)
    codes = np.concatenate([(np.minimum(i, j) * n + np.maximum(i, j)) * 4 + level for i, j, level in found])
    codes.sort()
    pairs, level = codes // 4, (codes % 4).astype(np.int8)
    nearest = np.ones(len(pairs), np.bool_)
    nearest[1:] = pairs[1:] != pairs[:-1]
    return pairs[nearest] // n, pairs[nearest] % n, level[nearest]


def _letters_in_common(keys: Sequence[str]) -> list[NDArray[np.int64]]:
    """Names by script, those in several or another one with each: two in different scripts have no letter in common."""
    scripts = np.array([_script_of_all(key) for key in keys], dtype=np.str_)
    mixed = scripts == ""
    pure = [script for script in ("arabic", "latin", "cyrillic") if (scripts == script).any()]
    groups = [(scripts == script) | mixed for script in pure] or [mixed]
    filled = np.array([bool(key) for key in keys], np.bool_)
    return [np.flatnonzero(group & filled) for group in groups]


def _script_of_all(key: str) -> str:
    """The script of all letters of a name, or nothing where it has others or digits."""
    scripts = {script_of(letter) for letter in set(key)}
    return scripts.pop() if len(scripts) == 1 and "other" not in scripts else ""


def _pairs_of(pairs: Sequence[tuple[int, int]], level: int) -> _Pairs:
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1], np.full(len(both), level, np.int8)


def _near_by_edits(keys: Sequence[str], places: NDArray[np.int64]) -> Iterator[_Pairs]:
    """Pairs whose letters are near, block by block of names sorted by length."""
    order = places[np.argsort([len(keys[place]) for place in places], kind="stable")]
    in_order = [keys[place] for place in order]
    lengths = np.array([len(key) for key in in_order], np.int64)
    for start in range(0, len(in_order), _BLOCK):
        block = in_order[start : start + _BLOCK]
        longest = len(block[-1]) * _LETTERS // (_LETTERS - _MOST_EDITS)
        stop = int(np.searchsorted(lengths, max(longest, _ONE_EDIT_FROM), side="right"))
        most = max(1, longest * _MOST_EDITS // _LETTERS)
        edits = cdist(block, in_order[start:stop], scorer=OSA.distance, dtype=np.uint8, score_cutoff=most)
        row, column = np.nonzero(edits <= most)
        later = column > row
        row, column = row[later], column[later]
        n_edits, longer = edits[row, column].astype(np.int64), lengths[start + column]
        level = np.where(
            n_edits == 0,
            0,
            np.where(
                (n_edits == 1) & (longer >= _ONE_EDIT_FROM),
                1,
                np.where(_LETTERS * n_edits <= _MOST_EDITS * longer, 2, 3),
            ),
        ).astype(np.int8)
        near = level < 3
        yield order[start + row[near]], order[start + column[near]], level[near]


def _near_by_skeleton(heard: Sequence[Sounds]) -> Iterator[_Pairs]:
    """Pairs of one skeleton: at level 1 where the vowels agree, else at 2 if it is long enough."""
    groups: dict[str, dict[Sounds, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, own in enumerate(heard):
        for reading in own.readings:
            groups[reading.skeleton][replace(reading, other=None)].append(place)
    alike: list[tuple[int, int]] = []
    for skeleton, patterns in groups.items():
        for places in patterns.values():
            alike += combinations(places, 2)
        for (one, places), (other, others) in combinations(patterns.items(), 2):
            agree = vowels_agree(one, other)
            if agree or len(skeleton) >= _ANY_VOWELS_FROM:
                yield _product(places, others, 1 if agree else 2)
    yield _pairs_of(alike, 1)


def _product(places: Sequence[int], others: Sequence[int], level: int) -> _Pairs:
    first = np.repeat(np.array(places, np.int64), len(others))
    second = np.tile(np.array(others, np.int64), len(places))
    return first, second, np.full(len(first), level, np.int8)


def _near_by_skeleton_edit(heard: Sequence[Sounds]) -> Iterator[_Pairs]:
    """Pairs in different scripts whose skeletons are one edit apart."""
    by_script: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, own in enumerate(heard):
        if len(own.skeleton) >= _SKELETON_EDIT_FROM - 1:
            by_script[own.script][own.skeleton].append(place)
    for one, other in combinations(by_script.values(), 2):
        left, right = list(one), list(other)
        for start in range(0, len(left), _BLOCK):
            block = left[start : start + _BLOCK]
            edits = cdist(block, right, scorer=OSA.distance, dtype=np.uint8, score_cutoff=1)
            for row, column in zip(*np.nonzero(edits == 1), strict=True):
                if max(len(block[row]), len(right[column])) >= _SKELETON_EDIT_FROM:
                    yield _product(one[block[row]], other[right[column]], 2)


def _have_near_skeletons(a: Sounds, b: Sounds) -> bool:
    return (
        a.script != b.script
        and max(len(a.skeleton), len(b.skeleton)) >= _SKELETON_EDIT_FROM
        and bool(OSA.distance(a.skeleton, b.skeleton, score_cutoff=1) == 1)
    )


def _is_part(one: str, other: str, a: Sounds, b: Sounds) -> bool:
    """Whether the shorter of two names in one script begins or ends the longer one."""
    shorter, longer = sorted((one, other), key=len)
    enough = len(shorter) >= _PART_FROM.get(a.script, 4)
    return enough and a.script == b.script and (longer.startswith(shorter) or longer.endswith(shorter))


def _parts(names: Sequence[str], heard: Sequence[Sounds]) -> list[tuple[int, int]]:
    """Pairs of which one begins or ends the other."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    keys = [name.replace(" ", "")[:_LONGEST] for name in names]
    for place, (key, own) in enumerate(zip(keys, heard, strict=True)):
        places[own.script, key].append(place)
    found: list[tuple[int, int]] = []
    for place, (key, own) in enumerate(zip(keys, heard, strict=True)):
        sizes = range(_PART_FROM.get(own.script, 4), len(key))
        ends = {end for size in sizes for end in (key[:size], key[len(key) - size :])}
        found += [(place, other) for end in ends for other in places.get((own.script, end), ())]
    return found


def _are_initials(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether every word of the one is a word of the other or its initial, in turn, and some word is an initial."""
    if len(one) != len(other):
        shorter, longer = sorted((one, other), key=len)
        if len(shorter) > 1 or len(shorter[0]) > 1:
            return False
        return longer[0].startswith(shorter[0])
    return (1 in map(len, one) or 1 in map(len, other)) and all(
        a == b or (1 in {len(a), len(b)} and a[0] == b[0]) for a, b in zip(one, other, strict=True)
    )


def _initials(names: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of which one is the other with initials."""
    words = [name.split() for name in names]
    by_letter: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(words):
        if own:
            by_letter[own[0][0]].append(place)
    short = [place for place, own in enumerate(words) if 1 in map(len, own)]
    return [
        (place, other)
        for place in short
        for other in by_letter[words[place][0][0]]
        if other != place and _are_initials(words[place], words[other])
    ]
