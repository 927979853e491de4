"""Processes of this machine: they share its folders, say how far they are, and end at once when they are stopped."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

from estimation.errors import EstimationWarning
from estimation.work.pipes import errors_of_pipes
from estimation.work.progress import Progress, silent

__all__ = ["LocalProcesses", "Outcome", "local_processes", "progress_here"]

T = TypeVar("T")

_PLACES = 1024
"""Pieces of work whose shares can be read at once: more than are ever under way."""

_NEARLY = 1 - 2.0**-20
"""The largest share of a piece that is told."""


class LocalProcesses(ProcessPoolExecutor):
    """Processes of this machine, each started when there is work for it.

    On Linux each is a copy of one process that has loaded the modules (``forkserver``), so that they are loaded once;
    elsewhere each loads what it needs (``spawn``).  None is a copy of this process: a copy of one that has threads, as
    Numba's and BLAS's, may hang.

    Parameters
    ----------
    workers : int
        Processes at most.
    modules : sequence of str
        What most of them need.
    """

    def __init__(self, workers: int, *, modules: Sequence[str] = ()) -> None:
        context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
        if sys.platform == "linux":
            context.set_forkserver_preload([*modules])
            resource_tracker.ensure_running()  # first, for when it starts it lets interrupts through
            with _interrupts_later():
                forkserver.ensure_running()  # it loads them while this process goes on
        self.workers = workers
        self._tickets = count()
        self._shares = context.RawArray("d", [-1.0] * _PLACES)
        self._end_of_run, self._stops = context.Pipe(duplex=False)
        super().__init__(workers, mp_context=context, initializer=_begin, initargs=(self._shares, self._end_of_run))

    def submit_followed(self, work: Callable[..., T], /, *given: object) -> tuple[int, Future[Outcome[T]]]:
        """Submit work whose share can be read by its ticket."""
        ticket = next(self._tickets)
        return ticket, self.submit(_tell, ticket, work, *given)

    def share(self, ticket: int) -> float | None:
        """What share of the work with that ticket is done; None where it has not begun, or is long finished."""
        share = self._shares[ticket % _PLACES] - ticket
        return share if 0 <= share < 1 else None

    def stop(self) -> None:
        """End all processes, whatever they are doing."""
        self._stops.close()


@contextmanager
def local_processes(workers: int, *, modules: Sequence[str] = ()) -> Iterator[LocalProcesses]:
    """Processes of this machine; on the way out, work that has not begun is dropped, and what is under way is finished.

    Parameters
    ----------
    workers, modules
        As in `LocalProcesses`.
    """
    with errors_of_pipes():
        pool = LocalProcesses(workers, modules=modules)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Ctrl-C is for this process, after this; what is started here never gets it, in whatever it is busy loading."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What work gave in another process, and what it warned of there.

    Parameters
    ----------
    value : T
        What it gave.
    warnings : tuple of (str, type)
        The message and the category of each warning.
    """

    value: T
    warnings: tuple[tuple[str, type[Warning]], ...]

    def here(self) -> T:
        """The value; what was warned of is warned of here."""
        for message, category in self.warnings:
            warnings.warn(message, category, stacklevel=2)
        return self.value


_shares: MutableSequence[float] = []
"""In a local process, the shares that its parent reads."""

_progress: Progress = silent
"""In a local process, the progress of the work that it is doing."""


def progress_here() -> Progress:
    """The progress of the work that this process was given; silent where nobody waits for it."""
    return _progress


def _begin(shares: MutableSequence[float], end_of_run: Connection) -> None:
    """Leave Ctrl-C to the parent; end when it says so, and do not outlive it."""
    global _shares  # this process is the object whose state it is
    _shares = shares
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, args=(end_of_run,), daemon=True).start()


def _end_with_the_parent(end_of_run: Connection) -> None:
    """Wait for the end of the parent, or of its wish that this process goes on."""
    parent = multiprocessing.parent_process()
    wait([end_of_run, *([] if parent is None else [parent.sentinel])])
    os._exit(1)  # a process whose parent was killed would wait for its next work for ever


def _tell(ticket: int, work: Callable[..., T], *given: object) -> Outcome[T]:
    """Do the work and tell how far it is."""
    global _progress  # as above

    def tell(done: float, doing: str = "", /) -> None:
        del doing
        _shares[ticket % _PLACES] = ticket + min(max(done, 0.0), _NEARLY)

    tell(0.0)
    _progress = tell
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", EstimationWarning)
            value = work(*given)
        return Outcome(value, tuple((str(each.message), each.category) for each in caught))
    finally:
        _progress = silent
