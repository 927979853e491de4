"""What a study has to do, as tasks: fit each declared model, answer each question; what is finished is cached.

Tasks are done here, one after another, or by an executor: local processes, or the machines of a cluster.  An executor
is given whole tasks and gives back whole answers, which this process caches: its workers need no folder in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from time import perf_counter
from typing import Generic, Protocol, TypeVar

from estimation.work.cache import Cache
from estimation.work.processes import in_processes
from estimation.work.progress import Progress, part, silent

__all__ = ["Answers", "Task", "Work", "do_tasks"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Work(Protocol[T_co]):
    """What is done in a task: a pure function that another process can import and be given."""

    def __call__(self, *, workers: int, progress: Progress) -> T_co:
        """Do it with so many threads at most."""
        ...


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """One fit or one question.

    Parameters
    ----------
    name : str
        What it is called for whoever waits.
    key : str
        The name of its answer in the cache: a checksum of all that goes into it.
    work : Work
        Gives the answer.
    """

    name: str
    key: str
    work: Work[T]


@dataclass(frozen=True, slots=True)
class Answers(Generic[T]):
    """What tasks gave, in their order.

    Parameters
    ----------
    values : tuple
        The answer of each task.
    seconds : tuple of float or None
        How long each took; None for an answer from the cache.
    """

    values: tuple[T, ...]
    seconds: tuple[float | None, ...]


def do_tasks(
    tasks: Sequence[Task[T]],
    cache: Cache[T],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Answers[T]:
    """Do some tasks, but for those whose answers are cached; each answer is cached as soon as it is there.

    Parameters
    ----------
    tasks : sequence of Task
        What to do.
    cache : Cache
        For the answers.
    workers : int
        Threads a task may use at most; changes no answer.
    executor : Executor, optional
        Who does the tasks, each as a whole; by default this process does, one after another.
    progress : Progress
        Told which task is being done, or was done last, and the share that is done.
    """
    if executor is None:
        return _here(tasks, cache, workers, progress)
    cached = [cache.get(task.key) for task in tasks]
    left = [(task, workers) for task, answer in zip(tasks, cached, strict=True) if answer is None]
    made = iter(
        in_processes(
            _timed,
            left,
            executor=executor,
            keep=lambda at, answer: cache.put(left[at][0].key, answer[0]),
            progress=progress,
            doing=lambda item: item[0].name,
        )
    )
    pairs = [(answer, None) if answer is not None else next(made) for answer in cached]
    return Answers(tuple(answer for answer, _ in pairs), tuple(seconds for _, seconds in pairs))


def _here(tasks: Sequence[Task[T]], cache: Cache[T], workers: int, progress: Progress) -> Answers[T]:
    """In this process, one after another."""
    values: list[T] = []
    seconds: list[float | None] = []
    for done, task in enumerate(tasks):
        progress(done / len(tasks), task.name)
        within = part(progress, done / len(tasks), (done + 1) / len(tasks), task.name)
        cached = cache.get(task.key)
        if cached is not None:
            values.append(cached)
            seconds.append(None)
            continue
        made, took = _timed((task, workers), within)
        cache.put(task.key, made)
        values.append(made)
        seconds.append(took)
    return Answers(tuple(values), tuple(seconds))


def _timed(item: tuple[Task[T], int], progress: Progress = silent) -> tuple[T, float]:
    """The answer of a task, and how many seconds it took."""
    task, workers = item
    start = perf_counter()
    return task.work(workers=workers, progress=progress), perf_counter() - start
