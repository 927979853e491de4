"""Trials: draw tables from scenarios whose truth is known, fit models to them, and cache every result.

Replication r of a scenario is one table, and every model is fitted to the same one.  Its generator is made from the
seed, the scenario's name and r; the model's own also from the model's label.  So neither the number of workers, nor
their order, nor the other models and scenarios change a result.

Trials are done in batches.  With a folder, each finished batch is cached at once under a name that is a checksum of all
that went into it: a study that was stopped goes on where it stopped, to the same bytes, and nothing is reused from
another scenario, setting, seed or version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

from estimation.errors import SettingError
from estimation.files import write_text
from estimation.models.named_labels import covariates_of
from estimation.models.protocol import Model, has_target, lighter_of, settings_of_numbers
from estimation.results.estimates import Estimate
from estimation.simulation.draw import simulate
from estimation.simulation.scenario import Scenario
from estimation.work.cache import Cache, key_of
from estimation.work.processes import in_processes
from estimation.work.progress import Progress, part, silent
from estimation.work.seeds import generator_for

__all__ = ["LEVEL", "Trial", "run_trials"]

LEVEL = 0.95
"""Level of the intervals that are scored."""


_BATCH = 10

_SEEDED_AS: Mapping[str, str] = MappingProxyType({"zero_capture_group": "uncatchable_group"})
"""Scenarios that are seeded by a former name, so that the published coverage page keeps its numbers."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One model's result for one table.

    Parameters
    ----------
    scenario, model : str
        Name of the scenario and label of the model.
    replication : int
        Number of the table, from 0.
    n_total : int
        N, the true number of people.  Unit: persons.
    n_observed : int
        People in the table.  Unit: persons.
    point, lower, upper : float or None
        Median (for a classical estimate, the point) and interval; None where not estimable.  Unit: persons.
    is_lower_bound : bool
        Whether the model bounds N from below.
    reason : str
        Why there is no estimate.
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
    def word(self) -> str:
        """What the scenario is called where random numbers are made."""
        return _SEEDED_AS.get(self.name, self.name)

    @property
    def key(self) -> str:
        """Checksum of all that goes into the results; the title and the note of a scenario do not."""
        linkage = {"missed_match": 0.0, "false_match": 0.0}
        described = {
            name: value
            for name, value in asdict(self.scenario).items()
            if name not in ("title", "note") and linkage.get(name) != value
        }
        model = self.model
        return key_of(
            self.word,
            described,
            self.label,
            model.name,
            settings_of_numbers(model),
            self.seed,
            list(self.replications),
        )


def run_trials(
    scenarios: Mapping[str, Scenario],
    models: Mapping[str, Model],
    *,
    replications: int,
    seed: int,
    workers: int = 1,
    executor: Executor | None = None,
    folder: Path | None = None,
    progress: Progress = silent,
) -> tuple[Trial, ...]:
    """Every model's result for every replication of every scenario.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        By name; the name seeds its tables.
    models : mapping of str to Model
        By label.
    replications : int
        Tables of each scenario.
    seed : int
        Where all random numbers start.
    workers : int
        Processes to use; changes no number.
    executor : Executor, optional
        Who fits the models instead of local processes.
    folder : Path, optional
        Where finished batches are cached.
    progress : Progress
        Receives each finished batch.

    Returns
    -------
    tuple of Trial
        By scenario, model and replication, in the orders given.

    Raises
    ------
    SettingError
        When there is no scenario, no model or no table.
    """
    _check(scenarios, models, replications)
    batches = [
        _Batch(name, scenario, label, model, seed, (start, min(start + _BATCH, replications)))
        for name, scenario in scenarios.items()
        for label, model in models.items()
        for start in range(0, replications, _BATCH)
    ]
    cache = None if folder is None else Cache(folder, _save, _load)
    finished = [None if cache is None else cache.get(batch.key) for batch in batches]
    waiting = [number for number, trials in enumerate(finished) if trials is None]

    def keep(at: int, trials: list[Trial]) -> None:
        finished[waiting[at]] = trials
        if cache is not None:
            cache.put(batches[waiting[at]].key, trials)

    in_processes(
        _run,
        [batches[number] for number in waiting],
        workers=workers,
        executor=executor,
        keep=keep,
        progress=part(progress, 1 - len(waiting) / len(batches), 1),
        doing=lambda batch: f"{batch.name}: {batch.label}",
    )
    return tuple(trial for trials in finished for trial in trials or ())


def _check(scenarios: Mapping[str, Scenario], models: Mapping[str, Model], replications: int) -> None:
    """Raise, with every problem, where there is nothing to do."""
    problems = []
    if not scenarios:
        problems.append("there is no scenario; give at least one")
    if not models:
        problems.append("there is no model; give at least one")
    if replications < 1:
        problems.append(f"models would be fitted to {replications} tables; give at least 1")
    if problems:
        raise SettingError("coverage study", problems)


def _run(batch: _Batch) -> list[Trial]:
    """The trials of a batch."""
    return [_trial(batch, replication) for replication in range(*batch.replications)]


def _trial(batch: _Batch, replication: int) -> Trial:
    drawn = simulate(batch.scenario, rng=generator_for(batch.seed, batch.word, replication))
    # As shipped, but for simulated tables by which a fit is checked, which change no number.
    model = batch.model if has_target(batch.model) else lighter_of(batch.model)
    # Who names covariates takes a table with labels.
    table = (drawn.labelled or drawn.people) if covariates_of(model) else drawn.table
    rng = generator_for(batch.seed, batch.word, replication, batch.label)
    result = model.fit(table, rng=rng)  # type: ignore[arg-type]
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


def _save(trials: list[Trial], path: Path) -> None:
    write_text(path.with_suffix(".json"), json.dumps([asdict(trial) for trial in trials], indent=1) + "\n")


def _load(path: Path) -> list[Trial]:
    written = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    try:
        return [Trial(**trial) for trial in written]
    except TypeError as error:
        raise ValueError(f"{path}: the file has no trials in it") from error
