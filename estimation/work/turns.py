"""Work done by an executor in its turn: as soon as what it needs of other work is there.

Which order things are done in, and by how many, changes nothing of what is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from estimation.work.local_processes import LocalProcesses
from estimation.work.progress import Progress, silent

__all__ = ["Turn", "in_turn"]

T = TypeVar("T")

_EVERY = 0.1
"""Seconds between two looks at how far local processes are."""


@dataclass(frozen=True, slots=True)
class Turn(Generic[T]):
    """A piece of work that may need what others made.

    Parameters
    ----------
    name : str
        What it is called for whoever waits.
    work : callable
        Given what was made of the pieces that it needs, in their order; it and they are sent to another process.
    needs : tuple of int
        The numbers of those pieces.
    weight : float
        What part of the whole it is.
    """

    name: str
    work: Callable[..., T]
    needs: tuple[int, ...] = ()
    weight: float = 1.0


def in_turn(
    turns: Sequence[Turn[T]],
    executor: Executor,
    *,
    known: Mapping[int, T] | None = None,
    keep: Callable[[int, T], None] | None = None,
    progress: Progress = silent,
    at_once: bool = True,
) -> list[T]:
    """What is made of each piece of work, in their order.

    What most others need is begun first, and then what weighs most, so that no long piece is left for the end; local
    processes are given one piece more than they can do at a time, and the others later.  Where the progress raises,
    work that has not begun is dropped.

    Parameters
    ----------
    turns : sequence of Turn
        What to do.
    executor : Executor
        Who does it.
    known : mapping of int to object, optional
        What is known already, by the number of its piece.
    keep : callable
        Given each piece's number and what was made of it, in this process, as soon as it is finished.
    progress : Progress
        Told the share that is done, and the piece done last; with local processes, the one that is under way longest.
    at_once : bool
        Whether local processes end at once where the progress raises; others finish what is under way, and it is kept.
    """
    course = _Course(turns, executor, keep or _nothing, dict(known or {}))
    course.begin()
    try:
        while course.waiting:
            for future in course.finished():
                number = course.take(future)
                progress(course.share, turns[number].name)
            course.begin()
            if isinstance(executor, LocalProcesses):
                progress(course.share, course.under_way)
    except BaseException:
        course.end(at_once=at_once)
        raise
    return [course.made[number] for number in range(len(turns))]


def _nothing(number: int, made: object) -> None:
    """Keep nothing."""


@dataclass(slots=True)
class _Course(Generic[T]):
    """How far some turns are.

    Parameters
    ----------
    turns, executor
        As in `in_turn`.
    keep : callable
        Given what was made, by number, as soon as it is taken.
    made : dict of int to object
        What was made, by number.
    waiting : dict of Future to int
        What is under way or waits for its worker.
    tickets : dict of int to int
        The ticket of each number, with local processes.
    """

    turns: Sequence[Turn[T]]
    executor: Executor
    keep: Callable[[int, T], None]
    made: dict[int, T]
    waiting: dict[Future[Any], int] = field(default_factory=dict)
    tickets: dict[int, int] = field(default_factory=dict)

    def begin(self) -> None:
        """Hand in what has not been, and whose needs are there; what most others need comes first."""
        handed = {*self.made, *self.waiting.values()}
        ready = [n for n, turn in enumerate(self.turns) if n not in handed and self.made.keys() >= {*turn.needs}]
        needed = [need for turn in self.turns for need in turn.needs]
        room = len(ready)
        if isinstance(self.executor, LocalProcesses):  # one waits for the first process that is free
            room = max(self.executor.workers + 1 - len(self.waiting), 0)
        for number in sorted(ready, key=lambda n: (-needed.count(n), -self.turns[n].weight))[:room]:
            turn = self.turns[number]
            given = [self.made[need] for need in turn.needs]
            if isinstance(self.executor, LocalProcesses):
                self.tickets[number], future = self.executor.submit_followed(turn.work, *given)
                self.waiting[future] = number
            else:
                self.waiting[self.executor.submit(turn.work, *given)] = number

    def finished(self) -> set[Future[Any]]:
        """Wait until something is finished, or for a moment where the share can be read."""
        every = _EVERY if isinstance(self.executor, LocalProcesses) else None
        return wait(self.waiting, timeout=every, return_when=FIRST_COMPLETED).done

    def take(self, future: Future[Any]) -> int:
        """Take what was made, or raise what the work raised; gives its number."""
        value = future.result()
        number = self.waiting.pop(future)
        self.made[number] = value.here() if number in self.tickets else value
        self.keep(number, self.made[number])
        return number

    def end(self, *, at_once: bool) -> None:
        """Begin nothing more, and take what was finished meanwhile."""
        for future in self.waiting:
            future.cancel()
        if at_once and isinstance(self.executor, LocalProcesses):
            self.executor.stop()
        wait(self.waiting)
        for future in [*self.waiting]:
            if not future.cancelled() and not future.exception():
                self.take(future)

    @property
    def share(self) -> float:
        """What share of the whole is done."""
        whole = sum(turn.weight for turn in self.turns)
        begun = sum(self.turns[n].weight * self._share(n) for n in self.tickets if n not in self.made)
        return (sum(self.turns[n].weight for n in self.made) + begun) / whole

    def _share(self, number: int) -> float:
        assert isinstance(self.executor, LocalProcesses)
        return self.executor.share(self.tickets[number]) or 0.0

    @property
    def under_way(self) -> str:
        """What is being done."""
        begun = [
            number
            for number, ticket in self.tickets.items()
            if number not in self.made
            and isinstance(self.executor, LocalProcesses)
            and self.executor.share(ticket) is not None
        ]
        names = [self.turns[number].name for number in sorted(begun, key=self.tickets.__getitem__)]
        return f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else "".join(names)
