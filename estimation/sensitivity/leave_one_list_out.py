"""What if one of the lists did not exist?

People who were on that list only leave the table: the same total is estimated from less.  A list without which the
number is another one carries the number, and whatever is wrong with that list is wrong with the number.
"""

from __future__ import annotations

from math import nan

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model
from estimation.sensitivity.alternatives import Change, Sensitivity, compared

__all__ = ["leave_one_list_out"]


def leave_one_list_out(table: CaptureTable, *, model: Model, rng: np.random.Generator, workers: int = 1) -> Sensitivity:
    """N from all lists but one, for each list in turn.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists; at least two lists.
    model : Model
        Used for every table.
    rng : numpy.random.Generator
        The only source of randomness; every fit starts from the same state of it.
    workers : int
        Threads to use at most.

    Returns
    -------
    Sensitivity
        One alternative for each list, in the order of the table.

    Raises
    ------
    ValueError
        When the table has one list: without it nothing is left.

    Examples
    --------
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "101": 3})
    >>> found = leave_one_list_out(table, model=ChaoLowerBound(), rng=np.random.default_rng(1))
    >>> [(a.label, a.result.n_observed) for a in found.alternatives]
    [('without A', 37), ('without B', 47), ('without C', 67)]
    """
    if len(table.lists) < 2:
        raise ValueError(f"the table has one list ({table.lists[0]}); without it nothing is left to estimate from")
    changes = [Change(f"without {name}", nan, table.drop([name]), model) for name in table.lists]
    return compared("What if one of the lists did not exist?", table, model, changes, rng=rng, workers=workers)
