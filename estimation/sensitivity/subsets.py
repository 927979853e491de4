"""What if only some of the lists existed?

Every choice of three lists or more (of two, where a table has no more) is a table of its own about the same total.  If
their estimates differ by more than their intervals, the assumptions fail for some of them.
"""

from __future__ import annotations

from itertools import combinations

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.protocol import Model
from estimation.results.estimates import Result
from estimation.sensitivity.alternatives import Change, Sensitivity, compare_changes
from estimation.text.counted import counted
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["subsets"]

_MOST_LISTS = 12
"""Lists of which all choices can be tried: 4,017 of them."""


def subsets(
    table: CaptureTable,
    *,
    model: Model,
    rng: RandomState,
    smallest: int = 3,
    workers: int = 1,
    baseline: Result | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """N from each choice of some of the lists.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists; more lists than ``smallest``, and at most 12.
    model : Model
        Fitted to every table.
    rng : int, SeedSequence or Generator
        The only source of randomness; every fit starts from the same state of it, and it is left as it was.
    smallest : int
        The fewest lists of a choice.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The model's result for the table, where it is known; otherwise the model is fitted.
    progress : Progress
        Told how many of the fits are done, and how far the one under way is.

    Returns
    -------
    Sensitivity
        One alternative for each choice but the whole table, the largest first; its value is the number of lists.

    Raises
    ------
    SettingError
        When there is nothing to choose from, or too much: above 12 lists.

    Examples
    --------
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "101": 3})
    >>> found = subsets(table, model=ChaoLowerBound(), rng=1, smallest=2)
    >>> [a.label for a in found.alternatives]
    ['A + B', 'A + C', 'B + C']
    """
    n_lists = len(table.lists)
    if not 2 <= smallest < n_lists:
        problem = (
            f"the table has {counted(n_lists, 'list')}; choosing {smallest} or more of them leaves nothing to compare"
        )
        raise SettingError("sensitivity subsets", [problem])
    if n_lists > _MOST_LISTS:
        problem = f"the table has {n_lists} lists and {2**n_lists:,} choices; drop or merge to {_MOST_LISTS} first"
        raise SettingError("sensitivity subsets", [problem])
    chosen = [names for size in range(n_lists - 1, smallest - 1, -1) for names in combinations(table.lists, size)]
    return compare_changes(
        "What if only some of the lists existed?",
        table,
        model,
        [Change(" + ".join(names), float(len(names)), table.keep(names), model) for names in chosen],
        rng=generator_of(rng),
        workers=workers,
        baseline=baseline,
        progress=progress,
        changed="number of lists",
        baseline_value=float(n_lists),
    )
