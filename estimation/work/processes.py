"""Work done by other processes, or by an executor that is handed in, while this one keeps what is finished.

The seam is `concurrent.futures.Executor`: local processes by default, and anything else that has its ``submit``, for
example the executor of a cluster's client.  What is sent there and back must be picklable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from functools import partial
from typing import TypeVar

from estimation.work.local_processes import local_processes
from estimation.work.progress import Progress, silent
from estimation.work.turns import Turn, in_turn

__all__ = ["in_processes"]

S = TypeVar("S")
T = TypeVar("T")


def in_processes(
    work: Callable[[S], T],
    items: Sequence[S],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    keep: Callable[[int, T], None] | None = None,
    progress: Progress = silent,
    doing: Callable[[S], str] = str,
) -> list[T]:
    """What ``work`` makes of each item, in their order.

    Parameters
    ----------
    work : callable
        A function of a module, so that another process can import it.
    items : sequence
        What it is given, one at a time.
    workers : int
        Processes at most; with one, everything is done in this process.  Changes how long it takes, never the result.
    executor : Executor, optional
        Who does the work instead; it is not shut down.
    keep : callable
        Given each item's number and what was made of it, in this process, as soon as it is finished; also for what
        was under way when the work was stopped.
    progress : Progress
        Told the share of the items that are done, and the item done last.
    doing : callable
        What an item is called there.

    Examples
    --------
    >>> in_processes(abs, [-1, 2, -3])
    [1, 2, 3]
    """
    if executor is None and (workers < 2 or len(items) < 2):
        return _here(work, items, keep, progress, doing)
    turns = [Turn(doing(item), partial(work, item)) for item in items]
    with local_processes(min(workers, len(items))) if executor is None else nullcontext(executor) as pool:
        return in_turn(turns, pool, keep=keep, progress=progress, at_once=False)


def _here(
    work: Callable[[S], T],
    items: Sequence[S],
    keep: Callable[[int, T], None] | None,
    progress: Progress,
    doing: Callable[[S], str],
) -> list[T]:
    """The same, in this process and one after another."""
    results = []
    for number, item in enumerate(items):
        results.append(work(item))
        if keep is not None:
            keep(number, results[-1])
        progress(len(results) / len(items), doing(item))
    return results
