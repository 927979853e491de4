"""From one draw of who is the same person to who was seen by exactly which lists, with labels if they are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from estimation.capture.stratified import StratifiedTable

__all__ = ["histories_of", "labels_of_people"]


def histories_of(
    persons: NDArray[np.int32], list_of: NDArray[np.int64], n_lists: int
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Capture histories, shape (C, J), and the people with each, shape (C,).

    Parameters
    ----------
    persons : (R,) int32
        The person of each record: 0, 1, ...
    list_of : (R,) int64
        The list of each record.
    n_lists : int
        J, the number of lists.

    Examples
    --------
    >>> seen, people = histories_of(np.array([0, 1, 0], dtype=np.int32), np.array([0, 0, 1]), 2)
    >>> seen.astype(int).tolist(), people.tolist()
    ([[1, 0], [1, 1]], [1, 1])
    """
    patterns, counts = np.unique(_seen(persons, list_of, n_lists), axis=0, return_counts=True)
    return patterns, counts


def _seen(persons: NDArray[np.int32], list_of: NDArray[np.int64], n_lists: int) -> NDArray[np.bool_]:
    """Which lists saw each person, shape (people, J)."""
    seen = np.zeros((int(persons.max(initial=-1)) + 1, n_lists), dtype=np.bool_)
    seen[persons, list_of] = True
    return seen


def labels_of_people(
    drawn: NDArray[np.int32],
    list_of: NDArray[np.int64],
    lists: Sequence[str],
    given: Mapping[str, Sequence[str]],
) -> Iterator[StratifiedTable]:
    """A table with labels for each draw.

    Parameters
    ----------
    drawn : (draws, R) int32
        The person of each record.
    list_of : (R,) int64
        The list of each record.
    lists : sequence of str, length J
        Names of the lists.
    given : mapping of str to sequence of str, length R
        What each record says of each label; empty where it says nothing.
    """
    values = {name: sorted({text for text in texts if text}) for name, texts in given.items()}
    codes = []
    for name, texts in given.items():
        place = {text: at for at, text in enumerate(values[name])}
        codes.append(np.array([place.get(text, -1) for text in texts], dtype=np.int64))
    for persons in drawn:
        rows = [_seen(persons, list_of, len(lists)).astype(np.int64)]
        rows += [_agreed(persons, list_of, code)[:, None] for code in codes]
        distinct, counts = np.unique(np.concatenate(rows, axis=1), axis=0, return_counts=True)
        labels = {
            name: [values[name][code] if code >= 0 else None for code in distinct[:, len(lists) + at].tolist()]
            for at, name in enumerate(given)
        }
        yield StratifiedTable(lists, distinct[:, : len(lists)], labels, counts)


def _agreed(persons: NDArray[np.int32], list_of: NDArray[np.int64], codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The label of each person: the most frequent, on ties of the first list, then the first value; -1 without one."""
    n_people, known = int(persons.max()) + 1, codes >= 0
    agreed = np.full(n_people, -1, dtype=np.int64)
    if not known.any():
        return agreed
    n_values = int(codes.max()) + 1
    keys, places, counts = np.unique(
        persons[known].astype(np.int64) * n_values + codes[known], return_inverse=True, return_counts=True
    )
    first_list = np.full(len(keys), np.iinfo(np.int64).max)
    np.minimum.at(first_list, places, list_of[known])
    order = np.lexsort((keys, first_list, -counts, keys // n_values))
    people, first = np.unique(keys[order] // n_values, return_index=True)
    agreed[people] = keys[order][first] % n_values
    return agreed
