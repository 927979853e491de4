"""Work done by threads while the thread that waits for it tells how far it is.

What is told is a share from 0 to 1, by a function of the caller's (see `estimation.models.protocol.ShareDone`).  It
is told by the waiting thread and from no other, some ten times a second at most, so that it costs nothing; and where
it raises, work that has not begun is dropped, and what is under way is asked to stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Event
from typing import TypeVar

from estimation.models.protocol import ShareDone, silent

__all__ = ["attempt", "in_threads", "part"]

S = TypeVar("S")
T = TypeVar("T")

_EVERY = 0.1
"""Seconds between two looks at how far the work is."""

_FIRST_ATTEMPT = 0.75


def part(progress: ShareDone, start: float, end: float) -> ShareDone:
    """A `ShareDone` for work that is the part of the whole from one share of it to another.

    Examples
    --------
    >>> told = []
    >>> part(told.append, 0.5, 0.75)(1.0)
    >>> told
    [0.75]
    """
    if progress is silent:
        return silent

    def told(done: float) -> None:
        progress(start + (end - start) * done)

    return told


def attempt(progress: ShareDone, number: int, *, last: bool) -> ShareDone:
    """A `ShareDone` for one of several attempts, of which most fits need only the first.

    Each attempt has three quarters of what those before it left, and the last one all of it.

    Parameters
    ----------
    progress : callable
        For all attempts together.
    number : int
        0 for the first.
    last : bool
        Whether no other can follow.

    Examples
    --------
    >>> told = []
    >>> for number, last in ((0, False), (1, True)):
    ...     attempt(told.append, number, last=last)(1.0)
    >>> told
    [0.75, 1.0]
    """
    left = (1 - _FIRST_ATTEMPT) ** number
    return part(progress, 1 - left, 1.0 if last else 1 - left * (1 - _FIRST_ATTEMPT))


def in_threads(
    work: Callable[[S], T],
    items: Iterable[S],
    workers: int,
    *,
    progress: ShareDone = silent,
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
    >>> in_threads(lambda x: x * x, range(4), workers=2, progress=told.append)
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
