"""What if only two of the lists were used, and those two were independent: every pair in turn.

For a pair of lists, whatever the others did, n_00 = n_10 n_01 / (n_11 xi) with xi = 1 for independent lists; see
`estimation.models.no_highest_order`.  Where the pairs disagree, not all of them are independent, and no number on which
of them to believe comes from the table: that takes an argument about how the lists were made.

Reference: Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import nan

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.sensitivity.alternatives import Change, Sensitivity, compared

__all__ = ["pairs"]


def pairs(
    table: CaptureTable, *, model: NoHighestOrderInteraction, rng: np.random.Generator, workers: int = 1
) -> Sensitivity:
    """N from each pair of lists taken as independent, beside a model of all lists.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists, at least two.
    model : NoHighestOrderInteraction
        The baseline; its prior and its draws hold for every pair, whose xi is 1.
    rng : numpy.random.Generator
        The only source of randomness; every pair starts from the same state of it.
    workers : int
        Threads to use at most.

    Returns
    -------
    Sensitivity
        One alternative for each pair, in the order of the table's lists.

    Raises
    ------
    ValueError
        When the table has fewer than two lists.

    References
    ----------
    Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics.

    Examples
    --------
    >>> table = CaptureTable.from_histories(
    ...     ["A", "B", "C"], {"100": 600, "010": 450, "001": 250, "110": 180, "011": 120, "101": 140, "111": 90}
    ... )
    >>> pairs = pairs(table, model=NoHighestOrderInteraction(), rng=np.random.default_rng(1))
    >>> [alternative.label for alternative in pairs.alternatives]
    ['A and B', 'A and C', 'B and C']
    """
    changes = [
        Change(f"{first} and {second}", nan, table, replace(model, xi=1.0, lists=(first, second)))
        for first, second in combinations(table.lists, 2)
    ]
    return compared(
        "What if two of the lists were independent, and the others were not used?",
        table,
        model,
        changes,
        rng=rng,
        workers=workers,
        changed="the two lists taken as independent",
    )
