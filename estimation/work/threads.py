"""Work done by threads while the thread that waits for it reports how far it is.

Where the progress raises, work that has not begun is dropped, and what is under way is asked to stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Event
from typing import TypeVar

from estimation.work.progress import Progress, silent

__all__ = ["in_threads"]

S = TypeVar("S")
T = TypeVar("T")

_EVERY = 0.1
"""Seconds between two looks at how far the work is."""


def in_threads(
    work: Callable[[S], T],
    items: Iterable[S],
    workers: int,
    *,
    progress: Progress = silent,
    share: Callable[[], float] | None = None,
    stop: Event | None = None,
) -> list[T]:
    """What ``work`` makes of each item, in their order.

    Parameters
    ----------
    work : callable
        Done by threads; leaves Python's lock where it takes long.
    items : iterable
        What it is given, one at a time.
    workers : int
        Threads at most; changes how long it takes, never the result.
    progress : callable
        Told how far the work is.
    share : callable, optional
        How far it is, from 0 to 1; by default, the share of the items that are done.
    stop : Event, optional
        Set when ``work`` failed or ``progress`` raised, so that nothing more is wanted.

    Examples
    --------
    >>> told = []
    >>> in_threads(lambda x: x * x, range(4), workers=2, progress=lambda done, doing="": told.append(done))
    [0, 1, 4, 9]
    >>> told[-1]
    1.0
    """
    with ThreadPoolExecutor(max(1, workers)) as pool:
        futures = [pool.submit(work, item) for item in items]
        waiting = set(futures)
        try:
            while waiting:
                done, waiting = wait(waiting, timeout=_EVERY, return_when=FIRST_EXCEPTION)
                for future in done:
                    future.result()  # raises what the work raised
                progress(1 - len(waiting) / len(futures) if share is None else share())
        except BaseException:
            # Whoever stops the program must not wait for work that nobody needs any more.
            if stop is not None:
                stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return [future.result() for future in futures]
