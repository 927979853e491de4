"""What if only some of the lists existed?

Every choice of three lists or more (of two, where a table has no more) is a table of its own about the same total.  If
their answers differ by more than their intervals, the assumptions fail for some of them.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model
from estimation.sensitivity.alternatives import Change, Sensitivity, compared

__all__ = ["subsets"]

_MOST_LISTS = 12
"""Lists of which all choices can be tried: 4,017 of them."""


def subsets(
    table: CaptureTable, *, model: Model, rng: np.random.Generator, smallest: int = 3, workers: int = 1
) -> Sensitivity:
    """N from each choice of some of the lists.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists; more lists than ``smallest``, and at most 12.
    model : Model
        Used for every table.
    rng : numpy.random.Generator
        The only source of randomness; every fit starts from the same state of it.
    smallest : int
        Lists to keep at least.
    workers : int
        Threads to use at most.

    Returns
    -------
    Sensitivity
        One alternative for each choice but the whole table, the largest first; its value is the number of lists.

    Raises
    ------
    ValueError
        When there is nothing to choose from, or too much: above 12 lists.

    Examples
    --------
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "101": 3})
    >>> found = subsets(table, model=ChaoLowerBound(), rng=np.random.default_rng(1), smallest=2)
    >>> [a.label for a in found.alternatives]
    ['A, B', 'A, C', 'B, C']
    """
    many = len(table.lists)
    if not 2 <= smallest < many:
        raise ValueError(f"the table has {many} lists; choosing {smallest} or more of them leaves nothing to compare")
    if many > _MOST_LISTS:
        raise ValueError(f"the table has {many} lists and {2**many:,} choices; drop or merge to {_MOST_LISTS} first")
    kept = [names for size in range(many - 1, smallest - 1, -1) for names in combinations(table.lists, size)]
    changes = [Change(", ".join(names), float(len(names)), table.keep(names), model) for names in kept]
    return compared(
        "What if only some of the lists existed?", table, model, changes, rng=rng, workers=workers, changed="lists kept"
    )
