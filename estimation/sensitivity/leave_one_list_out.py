"""What if one of the lists did not exist?

People who were on that list only leave the table: the same total is estimated from less.  If the number depends on one
list, then it depends on whatever is wrong with that list.
"""

from __future__ import annotations

from math import nan

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.protocol import Model
from estimation.results.estimates import Result
from estimation.sensitivity.alternatives import Change, Sensitivity, compare_changes
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["leave_one_list_out"]


def leave_one_list_out(
    table: CaptureTable,
    *,
    model: Model,
    rng: RandomState,
    workers: int = 1,
    baseline: Result | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """N from all lists but one, for each list in turn.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists; at least two lists.
    model : Model
        Fitted to every table.
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
        One alternative for each list, in the order of the table.

    Raises
    ------
    SettingError
        When the table has one list: without it nothing is left.

    Examples
    --------
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "101": 3})
    >>> found = leave_one_list_out(table, model=ChaoLowerBound(), rng=1)
    >>> [(a.label, a.result.n_observed) for a in found.alternatives]
    [('without A', 37), ('without B', 47), ('without C', 67)]
    """
    if len(table.lists) < 2:
        problem = f"the table has one list ({table.lists[0]}); without it nothing is left to estimate from"
        raise SettingError("sensitivity leave_one_list_out", [problem])
    return compare_changes(
        "What if one of the lists did not exist?",
        table,
        model,
        [Change(f"without {name}", nan, table.drop([name]), model) for name in table.lists],
        rng=generator_of(rng),
        workers=workers,
        baseline=baseline,
        progress=progress,
        changed="the list that is left out",
    )
