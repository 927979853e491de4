"""Chains of the latent-class sampler: dispersed starts, warm-up, threads, and rounds until the checks pass.

When it stops
-------------
After each round, R-hat and the effective sample sizes of N, log alpha and the number of occupied classes are computed
from the sweeps that count.  It stops when R-hat of each is at most 1.01, both effective sample sizes of each are 400,
and both of N have reached the target.  Until then rounds follow that are as long as the effective sample size so far
says is needed, and at most as long as all before them.

Which sweeps count: all after the warm-up, unless after a round some R-hat is above 1.05.  So far apart the chains had
not forgotten where they started, or one of them has found what others have not: what went before becomes warm-up.

Each chain has its own generator and its own memory, so the number of threads changes nothing but the time it takes.
Compiled sweeps come in short blocks that release Python's lock; between blocks a chain checks whether it should stop,
which is how an interrupt ends all of them.

The metric of the Hamiltonian moves is diagonal, with the fourth root of var(x) / var(gradient) as the length of a step
in each coordinate.  Labels swap, which makes var(x) far wider than any one arrangement of the classes; on the
Kosovo table this metric took steps five times as long, in units of its own scale, as one from var(x) alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Protocol, TypeVar

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray
from estimation.models.latent_class.kernel import OBSERVABLE, draw_parameters, run_block
from estimation.models.latent_class.state import MOMENTS, Cells, Prior, Workspace
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check
from estimation.work.progress import Progress, attempt, part, silent
from estimation.work.threads import in_threads

__all__ = ["Chain", "Escaped", "Plan", "Run", "monitored_of", "sample"]

BLOCK = 50
"""Sweeps between two looks at whether to stop and, in warm-up, between two corrections of the step."""

LEAPFROG_STEPS = 40
"""Mean number of leapfrog steps of a move.  Effective draws of N per CPU second with 5, 10, 20, 40 and 80: Kosovo 380,
1,459, 2,037, 3,120 and 2,533; UK 839, 1,224, 2,646, 4,985 and 2,454.  A move at every second or fourth sweep instead of
each gave Kosovo 3,322 and 2,063, UK 3,955 and 1,725."""

T = TypeVar("T")

_STARTED = 0.01
"""Share of the work after which the chains have started."""
_COLUMNS = 3 + len(OBSERVABLE)
_TARGET_ACCEPT = 0.8
_FIRST_STEP = 0.1
_COST = 5e6
"""Products of a probability and an odds in a block, at most, so that also huge tables are heard of within a second."""
_WARM = 1.05
"""An R-hat above this after a round makes warm-up of all sweeps so far."""
_STATES = 100
"""States stored of each chain, at least; at most twice as many."""
_REFITS = (0.15, 0.3, 0.55, 0.85)
"""Parts of the warm-up at which the metric is fitted again; the first only discards the way from the start."""


class Escaped(Exception):  # noqa: N818  # it is an outcome that `fit` turns into NotEstimable, not an error
    """A chain's n_0 exceeded `estimation.models.latent_class.kernel.MOST_UNSEEN`: the posterior is improper."""


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
    """

    unseen: FloatArray
    log_alpha: FloatArray
    occupied: FloatArray
    observable: FloatArray
    states: FloatArray
    checks: tuple[Check, ...]
    swept: int


def monitored_of(log_alpha: FloatArray, occupied: FloatArray) -> Mapping[str, FloatArray]:
    """The quantities monitored beside N, by their names in a result."""
    return {"log alpha": log_alpha, "occupied classes": occupied}


class Chain:
    """One chain: its place, its generator, its step and its metric.

    Parameters
    ----------
    table : CaptureTable
        The data.
    prior : Prior
        Settings of the prior.
    classes : int
        K, the truncation.
    rng : numpy.random.Generator
        This chain's own.
    spread : float
        0 to 1, this chain's place among the starting points: from small n_0 and alpha to large ones.
    steps : int
        Mean number of leapfrog steps of a Hamiltonian move; 0 for none.
    used : int, optional
        Occupied classes at the start; drawn by default.
    cells : Cells, optional
        The table as `Cells.of` makes it, where several chains share it.

    Attributes
    ----------
    swept : int
        Sweeps made so far, warm-up included.
    """

    __slots__ = ("_block_size", "_cells", "_log_step", "_prior", "_rng", "_scale", "_steps", "_work", "_x", "swept")

    def __init__(
        self,
        table: CaptureTable,
        prior: Prior,
        *,
        classes: int,
        rng: np.random.Generator,
        spread: float,
        steps: int = LEAPFROG_STEPS,
        used: int | None = None,
        cells: Cells | None = None,
    ) -> None:
        self._cells = Cells.of(table) if cells is None else cells
        # Numba would compile the sweeps again, for half a minute, for a prior of whole numbers.
        self._prior = Prior(*map(float, prior))
        self._rng = rng
        self._work = Workspace.for_table(classes, len(table.lists), self._cells.counts.size)
        self._x = np.zeros(classes * len(table.lists) + classes)
        self._scale = np.ones(self._x.size)
        self._log_step = np.log(_FIRST_STEP)
        self._steps = steps
        self._block_size = int(min(max(_COST / (self._cells.counts.size * classes * max(steps, 1)), 1), BLOCK))
        self.swept = 0
        self._start(table, spread, used)

    def _start(self, table: CaptureTable, spread: float, used: int | None) -> None:
        """One class, or some that gather about people drawn at random; then parameters given that.

        Half the chains start with one class, so that chains that cannot change their number of classes do not agree.
        """
        work, rng = self._work, self._rng
        if used is None:
            used = 1 if rng.random() < 0.5 else int(rng.integers(2, work.size.size + 1))
        patterns = table.patterns.astype(np.int64)
        centres = patterns[rng.choice(table.counts.size, used, p=table.counts / table.n_observed)]
        apart = patterns.sum(axis=1)[:, None] + centres.sum(axis=1) - 2 * patterns @ centres.T
        nearest = apart == apart.min(axis=1)[:, None]
        dealt = rng.multinomial(table.counts, nearest / nearest.sum(axis=1)[:, None])
        work.size[:used] += dealt.sum(axis=0)
        work.on[:used] += dealt.T @ patterns
        unseen = int(table.n_observed * 0.1 * 300**spread)
        work.size[:used] += rng.multinomial(unseen, rng.dirichlet(np.ones(used)))
        log_alpha = float(np.log(0.05) + spread * np.log(100))
        draw_parameters(rng, log_alpha, self._x, self._prior, work.size, work.on)

    def _block(self, sweeps: int, every: int = 0) -> tuple[FloatArray, FloatArray, float]:
        """Rows of sweeps, the state after every so many of them (none by default), and the acceptance rate."""
        out, states = np.empty((sweeps, _COLUMNS)), np.empty((sweeps // every if every else 0, self._x.size))
        step = float(np.exp(self._log_step))
        acceptance = run_block(
            self._rng,
            self._x,
            self._cells,
            self._prior,
            self._work,
            step,
            self._steps,
            self._scale,
            out,
            states,
            max(every, 1),
        )
        if acceptance < 0:
            raise Escaped
        self.swept += sweeps
        return out, states, float(acceptance)

    def _refit_scale(self, sweeps: int) -> None:
        """The metric from the moments summed since the last time; unchanged where they are not informative."""
        mean_x, mean_xx, mean_g, mean_gg = self._work.path[MOMENTS:] / max(sweeps, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = ((mean_xx - mean_x**2) / (mean_gg - mean_g**2)) ** 0.25
        usable = np.isfinite(scale) & (scale > 1e-4) & (scale < 1e4)
        self._scale = np.where(usable, scale, self._scale)

    def warm_up(self, sweeps: int, stop: Event) -> None:
        """Sweeps that are discarded, while step size and metric are tuned."""
        refits = [round(part * sweeps) for part in _REFITS]
        summed = 0
        size = self._block_size
        for done in range(0, sweeps, size):
            if stop.is_set():
                return
            last = done >= refits[-1]
            _, _, acceptance = self._block(min(size, sweeps - done))
            summed += size
            self._log_step += (0.5 if last else 1.5) * (size / BLOCK) ** 0.5 * (acceptance - _TARGET_ACCEPT)
            if any(done < place <= done + size for place in refits):
                if done + size >= refits[1]:
                    self._refit_scale(summed)
                self._work.path[MOMENTS:] = 0.0
                summed = 0

    def advance(self, sweeps: int, stop: Event) -> FloatArray:
        """Sweeps after the warm-up, shape (sweeps, 3 + T): n_0, log alpha, occupied classes, T observable counts."""
        return self.advance_with_states(sweeps, stop, every=0)[0]

    def advance_with_states(self, sweeps: int, stop: Event, *, every: int) -> tuple[FloatArray, FloatArray]:
        """The same, and the state after every so many sweeps, shape (S, D)."""
        rows, states = [np.empty((0, _COLUMNS))], [np.empty((0, self._x.size))]
        # A whole number of blocks has a whole number of states.
        size = max(self._block_size // every, 1) * every if every else self._block_size
        for done in range(0, sweeps, size):
            if stop.is_set():
                break
            block = self._block(min(size, sweeps - done), every)
            rows.append(block[0])
            states.append(block[1])
        return np.concatenate(rows), np.concatenate(states)


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
    ready = part(progress, 0.0, _STARTED, f"latent classes: {table.counts.size:,} capture histories become a tree")
    ready(0.0)
    cells = Cells.of(table)
    spreads = np.linspace(0.0, 1.0, len(rngs)).tolist()
    chains = [
        Chain(table, prior, classes=classes, rng=rng, spread=spread, cells=cells)
        for rng, spread in zip(rngs, spreads, strict=True)
    ]

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
    counted = _Sweeps(n_observed)
    swept, number, sweeps = 0, 0, plan.sweeps
    while True:
        counted.every = counted.every if counted.length else max(sweeps // _STATES, 1)
        counted.add(advance(sweeps, counted.every, attempt(progress, number, last=swept + sweeps >= plan.max_sweeps)))
        swept += sweeps
        run = counted.checked(plan.draws, swept)
        sweeps = _next_round(run, plan, counted.length)
        cold = any(check.value > _WARM for check in run.checks if check.name.startswith("R-hat"))
        if sweeps == 0 or (cold and sweeps < swept):
            return run
        if cold:
            counted.clear()
        number += 1
