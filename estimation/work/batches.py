"""Many short pieces of work, handed to an executor in batches of seconds.

A fit of milliseconds costs more to send than to make, and a batch of hours leaves workers idle at the end.  So pieces
of one kind, which take about as long as each other, go together in batches that take some seconds by what those before
took, and shorter ones towards the end.  What is made of a piece depends on the piece alone: which batch it was in, by
whom it was done and how long it took change nothing.

Workers may be lost.  Where an executor can do nothing more it is a `WorkersLostError`; what was finished by then was
taken.
"""

from __future__ import annotations

import os
import socket
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Generic, TypeVar

from threadpoolctl import threadpool_limits

from estimation.errors import EstimationWarning
from estimation.work.local_processes import LocalProcesses
from estimation.work.progress import Progress, silent

__all__ = ["Failure", "Piece", "WorkersLostError", "in_batches"]

T = TypeVar("T")

_SECONDS = 2.0
"""How long a batch is to take."""
_SHORTEST = 0.1
_MOST_PIECES = 1_000
_LEAST_AHEAD = 16
"""Batches that an executor of unknown size is given before any of its workers is known."""
_EVERY = 0.1
"""Seconds between two reports of progress."""
_NEWEST = 0.3
"""Weight of the newest batch in what a piece is taken to cost."""


class WorkersLostError(RuntimeError):
    """The workers are gone, or the connection to them: nothing more can be done, and what was finished was taken."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work.

    Parameters
    ----------
    name : str
        What it is called for whoever waits.
    kind : str
        Pieces of one kind take about as long as each other.
    given : callable
        Makes what the work is given, when it is sent.
    """

    name: str
    kind: str
    given: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Failure:
    """A piece that could not be done, through a fault of the program or of its worker.

    Parameters
    ----------
    name : str
        The piece.
    error : BaseException
        What was raised.
    """

    name: str
    error: BaseException


def in_batches(
    pieces: Sequence[Piece],
    work: Callable[[Any], T],
    executor: Executor | None,
    *,
    take: Callable[[int, T, float], None],
    progress: Progress = silent,
    doing: str = "pieces",
    seconds: float = _SECONDS,
) -> tuple[Failure, ...]:
    """Do some pieces of work; gives those that failed, each by itself and not with the batch that it was in.

    Parameters
    ----------
    pieces : sequence of Piece
        What to do.
    work : callable
        A function of a module, that another process can import; given what a piece gives.
    executor : Executor or None
        Who does it; None for this process, one piece after another.
    take : callable
        Given the number of a piece, what was made of it, and the seconds that it took, as soon as it is there.
    progress : Progress
        Told the share that is done, how many pieces, and how many failed.
    doing : str
        What pieces are called there.
    seconds : float
        How long a batch is to take.

    Raises
    ------
    WorkersLostError
        When the executor is broken, or gives work back undone.

    Examples
    --------
    >>> made = {}
    >>> pieces = [Piece(str(n), "square", lambda n=n: n) for n in (-1, 2, -3)]
    >>> in_batches(pieces, abs, None, take=lambda number, value, seconds: made.update({number: value}))
    ()
    >>> made
    {0: 1, 1: 2, 2: 3}
    """
    course: _Course[T] = _Course(pieces, work, executor, take, progress, doing, seconds)
    for number, piece in enumerate(pieces):
        course.left.setdefault(piece.kind, deque()).append(number)
    if executor is None:
        return course.here()
    try:
        course.send(executor)
        while course.waiting:
            done = wait(course.waiting, timeout=_EVERY, return_when=FIRST_COMPLETED).done
            for future in done:
                course.take_in(future)
            course.report()
            course.send(executor)
    except BaseException:
        course.end(executor)
        raise
    return tuple(course.failures)


@contextmanager
def _alike() -> Iterator[None]:
    """Make one piece as any other worker would: sums in one thread, since their order moves last digits; no warnings.

    What a reader of a result should know stands in its notes.
    """
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", EstimationWarning)
        yield


def _timed(work: Callable[[Any], T], given: object) -> tuple[T, float]:
    """What is made of a piece, and how many seconds it took."""
    start = perf_counter()
    return work(given), perf_counter() - start


def _do(work: Callable[[Any], T], given: Sequence[object]) -> tuple[str, list[tuple[T, float]]]:
    """In a worker: what is made of each piece of a batch, how long it took, and who did it."""
    with _alike():
        made = [_timed(work, each) for each in given]
    return f"{socket.gethostname()} {os.getpid()} {threading.get_ident()}", made


@dataclass(slots=True)
class _Course(Generic[T]):
    """How far some pieces are.

    Parameters
    ----------
    pieces, work, executor, take, progress, doing, seconds
        As in `in_batches`.
    left : dict of str to deque of int
        The pieces that were not sent yet, by kind.
    waiting : dict of Future to tuple of int
        What is under way or waits for its worker.
    cost : dict of str to float
        What a piece of each kind is taken to cost.  Unit: seconds.
    workers : set of str
        Who has given something back.
    """

    pieces: Sequence[Piece]
    work: Callable[[Any], T]
    executor: Executor | None
    take: Callable[[int, T, float], None]
    progress: Progress
    doing: str
    seconds: float
    left: dict[str, deque[int]] = field(default_factory=dict)
    waiting: dict[Future[tuple[str, list[tuple[T, float]]]], tuple[int, ...]] = field(default_factory=dict)
    cost: dict[str, float] = field(default_factory=dict)
    workers: set[str] = field(default_factory=set)
    alone: deque[int] = field(default_factory=deque)
    failures: list[Failure] = field(default_factory=list)
    n_done: int = 0
    reported: float = 0.0

    def here(self) -> tuple[Failure, ...]:
        """Do everything in this process."""
        with _alike():
            for number, piece in enumerate(self.pieces):
                self.take(number, *_timed(self.work, piece.given()))
                self.n_done += 1
                self.report()
        return ()

    def send(self, executor: Executor) -> None:
        """Hand in as many batches as keep all workers busy."""
        if isinstance(executor, LocalProcesses):
            n_workers = executor.workers
            ahead = 2 * n_workers
        else:
            n_workers = max(len(self.workers), 1)
            ahead = max(3 * n_workers, _LEAST_AHEAD)
        while len(self.waiting) < ahead:
            batch = self._next(n_workers)
            if not batch:
                return
            given = [self.pieces[number].given() for number in batch]
            try:
                self.waiting[executor.submit(_do, self.work, given)] = batch
            except (RuntimeError, OSError, EOFError) as error:  # a broken executor is a RuntimeError
                self._put_back(batch)
                raise WorkersLostError(str(error) or type(error).__name__) from error

    def _next(self, n_workers: int) -> tuple[int, ...]:
        """The next batch: first what failed with others, then kinds not known yet, then what costs most."""
        if self.alone:
            return (self.alone.popleft(),)
        kinds = [kind for kind, numbers in self.left.items() if numbers]
        if not kinds:
            return ()
        kind = max(kinds, key=lambda each: self.cost.get(each, float("inf")))
        if kind not in self.cost:
            under_way = {self.pieces[numbers[0]].kind for numbers in self.waiting.values()}
            others = [each for each in kinds if each in self.cost]
            if kind in under_way and others:  # one is enough to learn from, and the others need not wait for it
                kind = max(others, key=self.cost.__getitem__)
        numbers = self.left[kind]
        size = 1
        if kind in self.cost:
            whole = sum(len(self.left[each]) * self.cost.get(each, self.cost[kind]) for each in kinds)
            wanted = min(self.seconds, max(_SHORTEST, whole / n_workers / 3))
            size = max(1, min(int(wanted / max(self.cost[kind], 1e-6)), _MOST_PIECES))
        return tuple(numbers.popleft() for _ in range(min(size, len(numbers))))

    def _put_back(self, batch: Sequence[int]) -> None:
        self.alone.extend(batch)

    def take_in(self, future: Future[tuple[str, list[tuple[T, float]]]]) -> None:
        """Take what a batch gave; of one that failed each piece is tried by itself, before it counts as failed."""
        batch = self.waiting.pop(future)
        if future.cancelled():
            self._put_back(batch)
            raise WorkersLostError("work was given back undone: the scheduler has gone, or has cancelled it")
        error = future.exception()
        if isinstance(error, BrokenExecutor):
            self._put_back(batch)
            raise WorkersLostError(str(error) or type(error).__name__) from error
        if error is not None:
            if len(batch) > 1:
                self._put_back(batch)
            else:
                self.failures.append(Failure(self.pieces[batch[0]].name, error))
            return
        worker, made = future.result()
        self.workers.add(worker)
        kind, mean = self.pieces[batch[0]].kind, sum(took for _, took in made) / len(made)
        earlier = self.cost.get(kind)
        self.cost[kind] = mean if earlier is None else (1 - _NEWEST) * min(earlier, 2 * mean) + _NEWEST * mean
        for number, (value, took) in zip(batch, made, strict=True):
            self.take(number, value, took)
            self.n_done += 1

    def report(self) -> None:
        """Say how far it is, some ten times a second at most."""
        now = perf_counter()
        if now - self.reported >= _EVERY or self.n_done == len(self.pieces):
            self.reported = now
            failed = f", {len(self.failures):,} failed" if self.failures else ""
            self.progress(
                self.n_done / len(self.pieces), f"{self.n_done:,} of {len(self.pieces):,} {self.doing}{failed}"
            )

    def end(self, executor: Executor) -> None:
        """Begin nothing more, and take what was finished meanwhile."""
        for future in self.waiting:
            future.cancel()
        if isinstance(executor, LocalProcesses):
            executor.stop()
            wait(self.waiting)
        for future in [*self.waiting]:
            if future.done() and not future.cancelled() and not future.exception():
                self.take_in(future)
