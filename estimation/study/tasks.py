"""What a study has to do, as tasks: fit each declared model, answer each question; what is finished is cached.

Tasks are done here, one after another, or by an executor: local processes, or the machines of a cluster.  An executor
is given whole tasks and gives back whole answers, which this process caches: its workers need no folder in common.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, Generic, TypeAlias, TypeVar

from estimation.work.cache import Cache
from estimation.work.local_processes import local_processes, progress_here
from estimation.work.progress import Progress, part, silent
from estimation.work.turns import Turn, in_turn

__all__ = ["Answered", "Answers", "Task", "do_tasks", "nobody", "study_processes"]

T = TypeVar("T")

Answered: TypeAlias = Callable[[str, Any], None]
"""Told the name of a finished task and its answer, by the thread that waits for all of them."""


def nobody(name: str, answer: object) -> None:
    """An `Answered` that tells nobody."""


_MODULES = (
    "estimation.cli.studies",
    "estimation.study.findings",
    "estimation.results.convergence",
    "estimation.models.latent_class.gibbs",
    "estimation.models.graphs.decomposable",
    "estimation.work.loaded_kernels",
    "estimation.report.drawing",
)
"""What the processes of most studies need: the models with samplers or kernels, their checks, and the charts."""


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """One fit or one question.

    Parameters
    ----------
    name : str
        What it is called for whoever waits.
    key : str
        The name of its answer in the cache: a checksum of all that goes into it.
    work : callable
        Gives the answer: a pure function that another process can import and be given.  Given the answers that it
        needs, and by keyword ``workers``, the threads to use at most, and ``progress``.
    cache : Cache
        For the answer.
    needs : tuple of int
        The tasks whose answers it needs, by their numbers, all less than its own.
    weight : float
        What part of all work it is.
    """

    name: str
    key: str
    work: Callable[..., T]
    cache: Cache[T]
    needs: tuple[int, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Answers:
    """What tasks gave, in their order.

    Parameters
    ----------
    values : tuple
        The answer of each task.
    seconds : tuple of float or None
        How long each took; None for an answer from the cache.
    """

    values: tuple[Any, ...]
    seconds: tuple[float | None, ...]


def do_tasks(
    tasks: Sequence[Task[Any]],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress = silent,
    answered: Answered = nobody,
) -> Answers:
    """Do some tasks, but for those whose answers are cached; each answer is cached as soon as it is there.

    Parameters
    ----------
    tasks : sequence of Task
        What to do.
    workers : int
        Threads a task may use at most; changes no answer.
    executor : Executor, optional
        Who does the tasks, each as a whole; by default this process does, one after another.
    progress : Progress
        Told which task is being done, or was done last, and the share that is done.
    answered : callable
        Told the name of each task and its answer, as soon as it is there.
    """
    if executor is None:
        return _here(tasks, workers, progress, answered)
    cached = {number: task.cache.get(task.key) for number, task in enumerate(tasks)}
    for number, answer in cached.items():
        if answer is not None:
            answered(tasks[number].name, answer)

    def keep(number: int, pair: tuple[Any, float | None]) -> None:
        tasks[number].cache.put(tasks[number].key, pair[0])
        answered(tasks[number].name, pair[0])

    pairs: list[tuple[Any, float | None]] = in_turn(
        [Turn(task.name, partial(_timed, task.work, workers), task.needs, task.weight) for task in tasks],
        executor,
        known={number: (answer, None) for number, answer in cached.items() if answer is not None},
        keep=keep,
        progress=progress,
    )
    return Answers(tuple(answer for answer, _ in pairs), tuple(seconds for _, seconds in pairs))


@contextmanager
def study_processes(workers: int) -> Iterator[Executor | None]:
    """Local processes that have loaded what models, questions and charts need; None where one worker is enough.

    Parameters
    ----------
    workers : int
        Processes at most.
    """
    if workers < 2:
        yield None
        return
    with local_processes(workers, modules=_MODULES) as processes:
        yield processes


def _here(tasks: Sequence[Task[Any]], workers: int, progress: Progress, answered: Answered) -> Answers:
    """In this process, one after another."""
    pairs: list[tuple[Any, float | None]] = []
    done, whole = 0.0, sum(task.weight for task in tasks)
    for task in tasks:
        within = part(progress, done / whole, (done + task.weight) / whole, task.name)
        progress(done / whole, task.name)
        done += task.weight
        cached = task.cache.get(task.key)
        if cached is not None:
            pairs.append((cached, None))
            answered(task.name, cached)
            continue
        pairs.append(_timed(task.work, workers, *(pairs[need] for need in task.needs), progress=within))
        task.cache.put(task.key, pairs[-1][0])
        answered(task.name, pairs[-1][0])
    return Answers(tuple(answer for answer, _ in pairs), tuple(seconds for _, seconds in pairs))


def _timed(
    work: Callable[..., T], workers: int, /, *needed: tuple[Any, float | None], progress: Progress | None = None
) -> tuple[T, float]:
    """The answer of a task, and how many seconds it took."""
    start = perf_counter()
    answer = work(*(value for value, _ in needed), workers=workers, progress=progress or progress_here())
    return answer, perf_counter() - start
