"""Chains of the latent-class sampler run side by side, in rounds of sweeps until their checks pass.

When it stops
-------------
After each round, R-hat and the effective sample sizes of N, log alpha and the number of occupied classes are computed
from the sweeps that count.  It stops when R-hat of each is at most 1.01, both effective sample sizes of each are 400,
and both of N have reached the target.  Until then rounds follow that are as long as the effective sample size so far
says is needed, and at most as long as all before them.

Which sweeps count: all after the warm-up, unless after a round some R-hat is above 1.05.  So far apart the chains had
not forgotten where they started, or one of them has found what others have not: what went before becomes warm-up.

When it gives up before the most sweeps it may make: after 16 times the first round, with some R-hat above 1.1 that has
not fallen by half since a quarter of those sweeps.  R-hat less 1 falls by three quarters where four times the sweeps
bring chains together, and stays as it is where each is caught in a mode of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Event
from typing import Protocol, TypeVar

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray
from estimation.models.latent_class.chains import Chain
from estimation.models.latent_class.state import Cells, Prior
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check
from estimation.work.progress import Progress, attempt, part, silent
from estimation.work.threads import in_threads

__all__ = ["Plan", "Run", "monitored_of", "sample"]

T = TypeVar("T")

_STARTED = 0.01
"""Share of the work after which the chains have started."""
_WARM = 1.05
"""An R-hat above this after a round makes warm-up of all sweeps so far."""
_APART, _PATIENT = 1.1, 32
"""An R-hat above the first after so many times the first round, no closer to 1 than it was, and the chains give up."""
_STATES = 100
"""States stored of each chain, at least; at most twice as many."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long chains run: until the effective sample size of N is ``effective``; at most ``draws`` of each are stored.

    ``warmup`` sweeps are discarded, the first round has ``sweeps``, and all rounds together at most ``max_sweeps``.
    """

    warmup: int
    sweeps: int
    max_sweeps: int
    draws: int
    effective: int


@dataclass(frozen=True, slots=True)
class Run:
    """What the chains drew in the sweeps that count.

    Parameters
    ----------
    unseen, log_alpha, occupied : float array, shape (chains, draws)
        n_0 (persons), log alpha, and the number of occupied classes.
    observable : float array, shape (chains, draws, T)
        People whose probability of being on any list is above each of
        `estimation.models.latent_class.kernel.OBSERVABLE`.  Unit: persons.
    states : float array, shape (chains, S, D)
        The state x of the chain (`estimation.models.latent_class.kernel` has its layout) after every so many sweeps;
        S is at least 100.
    checks : tuple of Check
        R-hat and effective sample sizes of N and of the other two, over all sweeps that count.
    swept : int
        Sweeps a chain has made after its warm-up.
    no_closer_since : int
        Sweeps after which the chains were as close to each other as now, where they gave up for that; otherwise 0.
    """

    unseen: FloatArray
    log_alpha: FloatArray
    occupied: FloatArray
    observable: FloatArray
    states: FloatArray
    checks: tuple[Check, ...]
    swept: int
    no_closer_since: int = 0

    @property
    def furthest_apart(self) -> float:
        """The largest R-hat less 1."""
        return max((check.value - 1.0 for check in self.checks if check.name.startswith("R-hat")), default=0.0)


def monitored_of(log_alpha: FloatArray, occupied: FloatArray) -> Mapping[str, FloatArray]:
    """The quantities monitored beside N, by their names in a result."""
    return {"log alpha": log_alpha, "occupied classes": occupied}


class _Sweeps:
    """The sweeps that count, of all chains: their rows, and states at most `_STATES` x 2 of each."""

    def __init__(self, n: int) -> None:
        self._n = n
        self.every = 1
        self.clear()

    def clear(self) -> None:
        """None count."""
        self._rows: list[FloatArray] = []
        self._states: list[FloatArray] = []

    @property
    def length(self) -> int:
        """How many count of each chain."""
        return sum(rows.shape[1] for rows in self._rows)

    def add(self, drawn: list[tuple[FloatArray, FloatArray]]) -> None:
        """A round of each chain."""
        self._rows.append(np.stack([rows for rows, _ in drawn]))
        self._states.append(np.stack([states for _, states in drawn]))
        while sum(states.shape[1] for states in self._states) >= 2 * _STATES:
            self._states = [np.concatenate(self._states, axis=1)[:, 1::2]]
            self.every *= 2

    def checked(self, draws: int, swept: int) -> Run:
        """Their checks, and at most ``draws`` of each chain, evenly spaced."""
        rows = np.concatenate(self._rows, axis=1)
        unseen, log_alpha, occupied = (np.ascontiguousarray(rows[:, :, i]) for i in range(3))
        checks = chain_checks({"N": self._n + unseen, **monitored_of(log_alpha, occupied)})
        # To within a sweep evenly spaced, and as many as were wanted.
        stored = rows[:, np.linspace(0, rows.shape[1] - 1, min(draws, rows.shape[1])).astype(int)]
        unseen, log_alpha, occupied = (np.ascontiguousarray(stored[:, :, i]) for i in range(3))
        states = np.concatenate(self._states, axis=1)
        return Run(unseen, log_alpha, occupied, stored[:, :, 3:].copy(), states, checks, swept)


def _next_round(run: Run, plan: Plan, counted: int) -> int:
    """Sweeps of the next round: as many as seem needed, at most as many as have been made, or 0 where it may stop."""
    wanted = {"R-hat": 1.0, "bulk": plan.effective, "tail": plan.effective}
    needed = 1.0
    for check in run.checks:
        kind = check.name.split()[0]
        if kind == "R-hat":
            ratio = (check.value - 1.0) / (check.limit - 1.0)
        else:
            ratio = (wanted[kind] if check.name.endswith(" of N") else check.limit) / max(check.value, 1.0)
        needed = max(needed, ratio)
    if needed == 1.0:
        return 0
    length = min(max((1.1 * needed - 1.0) * counted, plan.sweeps / 2), run.swept)
    return min(int(length), plan.max_sweeps - run.swept)


def sample(
    table: CaptureTable,
    prior: Prior,
    plan: Plan,
    *,
    classes: int,
    rngs: list[np.random.Generator],
    workers: int,
    progress: Progress = silent,
) -> Run:
    """Chains run until their checks pass and N has its effective sample size, or to the most sweeps they may make.

    Parameters
    ----------
    rngs : list of numpy.random.Generator
        One a chain.
    workers : int
        Threads.
    progress : callable
        Receives the share of the sweeps that is done, with room left for the rounds that may yet follow.

    Raises
    ------
    Escaped
        When a chain's n_0 went above `estimation.models.latent_class.kernel.MOST_UNSEEN`.
    """
    stop = Event()
    starting = part(progress, 0.0, _STARTED)
    starting(0.0, f"latent classes: {table.counts.size:,} capture histories become a tree")
    cells, chains = Cells.of(table), list[Chain]()
    for c, (rng, spread) in enumerate(zip(rngs, np.linspace(0.0, 1.0, len(rngs)).tolist(), strict=True)):
        starting(c / len(rngs), f"latent classes: chain {c + 1} of {len(rngs)} gets its start")
        chains.append(Chain(table, prior, classes=classes, rng=rng, spread=spread, cells=cells))

    def together(work: Callable[[Chain], T], sweeps: int, progress: Progress) -> list[T]:
        before = sum(chain.swept for chain in chains)

        def share() -> float:
            return (sum(chain.swept for chain in chains) - before) / (len(chains) * sweeps)

        return in_threads(work, chains, workers, progress=progress, share=share, stop=stop)

    begun = plan.warmup / (plan.warmup + plan.sweeps) / 2
    warming = part(progress, _STARTED, begun, f"latent classes: {plan.warmup:,} sweeps of warm-up of each chain")
    together(lambda chain: chain.warm_up(plan.warmup, stop), plan.warmup, warming)
    sweeping = part(progress, begun, 1.0, "latent classes: sweeps until the checks pass")
    return _rounds(
        table.n_observed,
        plan,
        lambda n, every, of_round: together(lambda chain: chain.advance_with_states(n, stop, every=every), n, of_round),
        sweeping,
    )


class _Advance(Protocol):
    """Sweeps of all chains, with the states after every so many."""

    def __call__(self, sweeps: int, every: int, progress: Progress, /) -> list[tuple[FloatArray, FloatArray]]: ...


def _rounds(n_observed: int, plan: Plan, advance: _Advance, progress: Progress) -> Run:
    """Rounds of sweeps after the warm-up, until nothing more is needed or allowed."""
    counted, apart = _Sweeps(n_observed), dict[int, float]()
    swept, number, sweeps = 0, 0, plan.sweeps
    while True:
        counted.every = counted.every if counted.length else max(sweeps // _STATES, 1)
        of_round = attempt(progress, number, last=swept + sweeps >= plan.max_sweeps)
        counted.add(advance(sweeps, counted.every, of_round))
        swept += sweeps
        run = counted.checked(plan.draws, swept)
        sweeps = _next_round(run, plan, counted.length)
        if sweeps == 0:
            return run
        cold, apart[swept] = run.furthest_apart > _WARM - 1.0, run.furthest_apart
        if cold and sweeps < swept:
            return run
        since = [then for then, far in apart.items() if 4 * then <= swept and run.furthest_apart > 0.5 * far]
        if since and run.furthest_apart > _APART - 1.0 and swept >= _PATIENT * plan.sweeps:
            return replace(run, no_closer_since=max(since))
        if cold:
            counted.clear()
        number += 1
