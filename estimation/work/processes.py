"""Work done by other processes, or by an executor that is handed in, while this one keeps what is finished.

The seam is `concurrent.futures.Executor`: local processes by default, and anything else that has its ``submit``, for
example the executor of a cluster's client.  What is sent there and back must be picklable.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed, wait
from contextlib import contextmanager, nullcontext
from typing import TypeVar

from estimation.work.progress import Progress, silent

__all__ = ["in_processes", "process_pool"]

S = TypeVar("S")
T = TypeVar("T")


@contextmanager
def process_pool(workers: int) -> Iterator[Executor]:
    """Local processes; on the way out, work that has not begun is dropped, and what is under way is finished.

    Parameters
    ----------
    workers : int
        Processes at most.
    """
    # Processes are started afresh: a copy of one that has threads, as Numba's and BLAS's, may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_let_the_parent_stop_us)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


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
    results: dict[int, T] = {}
    with process_pool(min(workers, len(items))) if executor is None else nullcontext(executor) as pool:
        futures: dict[Future[T], int] = {pool.submit(work, item): number for number, item in enumerate(items)}
        try:
            for future in as_completed(futures):
                number = futures[future]
                results[number] = future.result()
                if keep is not None:
                    keep(number, results[number])
                progress(len(results) / len(items), doing(items[number]))
        except BaseException:
            for future in futures:
                future.cancel()
            wait(futures)
            for future, number in futures.items():
                if keep is not None and number not in results and not future.cancelled() and not future.exception():
                    keep(number, future.result())
            raise
    return [results[number] for number in range(len(items))]


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


def _let_the_parent_stop_us() -> None:
    """Leave Ctrl-C to the parent, so that work under way is finished and kept; do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_the_parent, daemon=True).start()


def _leave_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # a worker whose parent was killed would wait for its next work for ever
