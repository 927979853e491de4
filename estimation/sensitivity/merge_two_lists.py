"""What if two of the lists were one source?

Lists that copied from each other, or that asked the same people, are one source that was written down twice.  Merged,
a person is on the new list who was on either; nobody leaves the table, and the overlap of the two counts for nothing.
"""

from __future__ import annotations

from itertools import combinations
from math import nan

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.protocol import Model
from estimation.results.estimates import Result
from estimation.sensitivity.alternatives import Change, Sensitivity, compare_changes
from estimation.text.counted import counted
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["merge_two_lists"]


def merge_two_lists(
    table: CaptureTable,
    *,
    model: Model,
    rng: RandomState,
    workers: int = 1,
    baseline: Result | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """N with two lists merged into one, for each pair of lists.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists; at least three lists.
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
        One alternative for each pair of lists.

    Raises
    ------
    SettingError
        When the table has fewer than three lists: merged, nothing would overlap.

    Examples
    --------
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "101": 3})
    >>> found = merge_two_lists(table, model=ChaoLowerBound(), rng=1)
    >>> [(a.label, a.result.n_observed) for a in found.alternatives]
    [('A and B merged', 67), ('A and C merged', 67), ('B and C merged', 67)]
    """
    if len(table.lists) < 3:
        problem = f"the table has {counted(len(table.lists), 'list')}; with two of them merged, nothing overlaps"
        raise SettingError("sensitivity merge_two_lists", [problem])
    pairs = combinations(table.lists, 2)
    return compare_changes(
        "What if two of the lists were one source?",
        table,
        model,
        [Change(f"{one} and {other} merged", nan, _merge(table, one, other), model) for one, other in pairs],
        rng=generator_of(rng),
        workers=workers,
        baseline=baseline,
        progress=progress,
        changed="the two lists that are merged",
    )


def _merge(table: CaptureTable, one: str, other: str) -> CaptureTable:
    """The table with two lists as one, under a name that no list has."""
    name = f"{one}+{other}"
    while name in table.lists:
        name += "+"
    return table.merge([one, other], into=name)
