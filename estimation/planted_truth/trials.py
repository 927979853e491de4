"""Trials: draw tables from scenarios whose truth is known, fit models to them, and keep every answer.

Replication r of a scenario is one table, and every model is shown the same one.  Its generator is made from the seed,
the scenario's name and r; the model's own also from the model's label.  So neither the number of workers, nor their
order, nor which other models or scenarios are asked for moves an answer.

Trials are done in batches.  With a folder, each finished batch is kept at once under a name that is a checksum of all
that went into it: what is stopped goes on where it stopped, to the same bytes, and nothing is reused that was made
from another scenario, setting, seed or version.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from estimation.atomic import write_text
from estimation.errors import SettingError
from estimation.models.protocol import Model, settings_of
from estimation.provenance import package_version
from estimation.results import Estimate
from estimation.simulate import Scenario, simulate

__all__ = ["LEVEL", "Progress", "Trial", "run_trials", "silent"]

LEVEL = 0.95
"""Level of the intervals that are scored."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what was done, and how many batches of how many are done; may raise to stop, and a later run goes on."""

_BATCH = 10


def silent(doing: str, done: int, of: int) -> None:
    """A `Progress` that tells nobody."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One model's answer to one table.

    Parameters
    ----------
    scenario, model : str
        Name of the scenario and label of the model.
    replication : int
        Number of the table, from 0.
    n_total : int
        N, the truth.  Unit: persons.
    n_observed : int
        People in the table.  Unit: persons.
    point, lower, upper : float or None
        Median (for a classical estimate, the point) and interval; None where not estimable.  Unit: persons.
    is_lower_bound : bool
        Whether the model bounds N from below.
    reason : str
        Why there is no number.
    """

    scenario: str
    model: str
    replication: int
    n_total: int
    n_observed: int
    point: float | None
    lower: float | None
    upper: float | None
    is_lower_bound: bool
    reason: str


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some replications of one scenario, for one model."""

    name: str
    scenario: Scenario
    label: str
    model: Model
    seed: int
    replications: tuple[int, int]

    @property
    def key(self) -> dict[str, object]:
        """All that goes into the answers; what a scenario is called and said to be about does not."""
        described = {name: value for name, value in asdict(self.scenario).items() if name not in ("title", "note")}
        return {
            "scenario": self.name,
            "described": hashlib.sha256(json.dumps(described).encode()).hexdigest(),
            "label": self.label,
            "model": self.model.name,
            "settings": json.loads(json.dumps(settings_of(self.model))),
            "seed": self.seed,
            "replications": list(self.replications),
            "version": package_version(),
        }


def run_trials(
    scenarios: Mapping[str, Scenario],
    models: Mapping[str, Model],
    *,
    replications: Mapping[str, int],
    seed: int,
    workers: int = 1,
    folder: Path | None = None,
    progress: Progress = silent,
) -> tuple[Trial, ...]:
    """Every model's answer to every replication of every scenario.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        By the name that seeds them.
    models : mapping of str to Model
        By label.
    replications : mapping of str to int
        Tables that each model is shown, by its label.
    seed : int
        Where all random numbers start.
    workers : int
        Processes to use; changes no number.
    folder : Path, optional
        Where finished batches are kept and looked for.
    progress : callable
        Told of each batch.

    Returns
    -------
    tuple of Trial
        By scenario, model and replication, in the orders given.

    Raises
    ------
    SettingError
        When there is nothing to do, or a model is to see fewer than one table.
    """
    _check(scenarios, models, replications)
    batches = [
        _Batch(name, scenario, label, model, seed, (start, min(start + _BATCH, replications[label])))
        for name, scenario in scenarios.items()
        for label, model in models.items()
        for start in range(0, replications[label], _BATCH)
    ]
    done: dict[int, list[Trial]] = {}
    for number, trials in _finished(batches, workers, folder):
        done[number] = trials
        progress(f"{batches[number].name}: {batches[number].label}", len(done), len(batches))
    return tuple(trial for number in range(len(batches)) for trial in done[number])


def _check(scenarios: Mapping[str, Scenario], models: Mapping[str, Model], replications: Mapping[str, int]) -> None:
    """Raise, with every problem, where there is nothing to do."""
    problems = []
    if not scenarios:
        problems.append("there is no scenario; give at least one")
    if not models:
        problems.append("there is no model; give at least one")
    for label in models:
        if replications[label] < 1:
            problems.append(f"{label} is to see {replications[label]} tables; let it see at least 1")
    if problems:
        raise SettingError("planted truth", problems)


def _finished(batches: Sequence[_Batch], workers: int, folder: Path | None) -> Iterator[tuple[int, list[Trial]]]:
    """Each batch with its number as it is finished; those kept from before come first."""
    waiting = []
    for number, batch in enumerate(batches):
        kept = _kept(batch, folder)
        if kept is None:
            waiting.append(number)
        else:
            yield number, kept
    if workers < 2 or len(waiting) < 2:
        for number in waiting:
            yield number, _run(batches[number], folder)
        return
    # Processes are started afresh: a copy of one that has threads, as Numba's and BLAS's, may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(waiting)), mp_context=context, initializer=_let_the_parent_stop_us)
    try:
        futures: dict[Future[list[Trial]], int] = {
            pool.submit(_run, batches[number], folder): number for number in waiting
        }
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _let_the_parent_stop_us() -> None:
    """Leave Ctrl-C to the parent, so that a batch that is being fitted is finished and kept; do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_the_parent, daemon=True).start()


def _leave_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # a worker whose parent was killed would wait for its next batch for ever


def _generator(seed: int, *words: str | int) -> np.random.Generator:
    """A generator that depends on these words and on nothing else."""
    digest = hashlib.sha256(json.dumps(words).encode()).digest()
    return np.random.default_rng(np.random.SeedSequence([seed, int.from_bytes(digest[:8], "big")]))


def _run(batch: _Batch, folder: Path | None) -> list[Trial]:
    """The trials of a batch; kept, if there is a folder for it."""
    trials = [_trial(batch, replication) for replication in range(*batch.replications)]
    if folder is not None:
        content = json.dumps({"key": batch.key, "trials": [asdict(trial) for trial in trials]}, indent=1)
        write_text(_place(batch, folder), content + "\n")
    return trials


def _trial(batch: _Batch, replication: int) -> Trial:
    drawn = simulate(batch.scenario, rng=_generator(batch.seed, batch.name, replication))
    result = batch.model.fit(drawn.table, rng=_generator(batch.seed, batch.name, replication, batch.label))
    point = lower = upper = None
    if isinstance(result, Estimate):
        interval = result.interval(LEVEL)
        point, lower, upper = float(result.median), float(interval.lower), float(interval.upper)
    return Trial(
        scenario=batch.name,
        model=batch.label,
        replication=replication,
        n_total=drawn.n_total,
        n_observed=drawn.table.n_observed,
        point=point,
        lower=lower,
        upper=upper,
        is_lower_bound=isinstance(result, Estimate) and result.is_lower_bound,
        reason="" if isinstance(result, Estimate) else result.reason,
    )


def _place(batch: _Batch, folder: Path) -> Path:
    return folder / f"{hashlib.sha256(json.dumps(batch.key).encode()).hexdigest()[:32]}.json"


def _kept(batch: _Batch, folder: Path | None) -> list[Trial] | None:
    """The trials of a batch that was finished before, if it was."""
    if folder is None or not _place(batch, folder).is_file():
        return None
    content = json.loads(_place(batch, folder).read_text(encoding="utf-8"))
    return [Trial(**trial) for trial in content["trials"]] if content["key"] == batch.key else None
