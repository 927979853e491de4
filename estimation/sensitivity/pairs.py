"""What if only two of the lists were used, and those two were independent: every pair in turn.

For a pair of lists, whatever the other lists are, n_00 = n_10 n_01 / (n_11 xi) with xi = 1 for independent lists; see
`estimation.models.no_highest_order`.  Where the pairs disagree, not all of them are independent, and nothing in the
table says which of them to believe: that takes an argument about how the lists were made.

Reference: Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import nan

from estimation.capture.table import CaptureTable
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.results.estimates import Result
from estimation.sensitivity.alternatives import Change, Sensitivity, compare_changes
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["pairs"]


def pairs(
    table: CaptureTable,
    *,
    model: NoHighestOrderInteraction,
    rng: RandomState,
    workers: int = 1,
    baseline: Result | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """N from each pair of lists taken as independent, beside a model of all lists.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists, at least two.
    model : NoHighestOrderInteraction
        The baseline; its prior and its number of draws hold for every pair, whose xi is 1.
    rng : int, SeedSequence or Generator
        The only source of randomness; every fit starts from the same state of it, and it is left as it was.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The model's result for the table, where it is known; otherwise the model is fitted.
    progress : Progress
        Told how many of the fits are done, and how far the one under way is.

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
    >>> found = pairs(table, model=NoHighestOrderInteraction(), rng=1)
    >>> [alternative.label for alternative in found.alternatives]
    ['A and B', 'A and C', 'B and C']
    """
    changes = [
        Change(f"{first} and {second}", nan, table, replace(model, xi=1.0, lists=(first, second)))
        for first, second in combinations(table.lists, 2)
    ]
    return compare_changes(
        "What if two of the lists were independent, and the others were not used?",
        table,
        model,
        changes,
        rng=generator_of(rng),
        workers=workers,
        baseline=baseline,
        progress=progress,
        changed="the two lists taken as independent",
    )
