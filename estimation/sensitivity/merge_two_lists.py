"""What if two of the lists were one source?

Lists that copied from each other, or that asked the same people, are one source that was written down twice.  Merged,
a person is on the new list who was on either; nobody leaves the table, and the overlap of the two says nothing more.
"""

from __future__ import annotations

from itertools import combinations
from math import nan

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model
from estimation.sensitivity.alternatives import Change, Sensitivity, compared

__all__ = ["merge_two_lists"]


def merge_two_lists(table: CaptureTable, *, model: Model, rng: np.random.Generator, workers: int = 1) -> Sensitivity:
    """N with two lists taken as one, for each pair of lists.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists; at least three lists.
    model : Model
        Used for every table.
    rng : numpy.random.Generator
        The only source of randomness; every fit starts from the same state of it.
    workers : int
        Threads to use at most.

    Returns
    -------
    Sensitivity
        One alternative for each pair of lists.

    Raises
    ------
    ValueError
        When the table has fewer than three lists: merged, nothing would overlap.

    Examples
    --------
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "101": 3})
    >>> found = merge_two_lists(table, model=ChaoLowerBound(), rng=np.random.default_rng(1))
    >>> [(a.label, a.result.n_observed) for a in found.alternatives]
    [('A and B as one', 67), ('A and C as one', 67), ('B and C as one', 67)]
    """
    if len(table.lists) < 3:
        raise ValueError(f"the table has {len(table.lists)} lists; with two of them as one, nothing overlaps")
    changes = [
        Change(f"{one} and {other} as one", nan, table.merge([one, other], into=_free_name(table, one, other)), model)
        for one, other in combinations(table.lists, 2)
    ]
    return compared("What if two of the lists were one source?", table, model, changes, rng=rng, workers=workers)


def _free_name(table: CaptureTable, one: str, other: str) -> str:
    """A name for the merged list that no list has."""
    name = f"{one}+{other}"
    while name in table.lists:
        name += "+"
    return name
