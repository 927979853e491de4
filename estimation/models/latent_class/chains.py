"""Chains of the latent-class sampler: dispersed starts, warm-up, threads, and rounds until the checks pass.

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

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray
from estimation.models.latent_class.kernel import OBSERVABLE, draw_parameters, run_block
from estimation.models.latent_class.state import Cells, Prior, Workspace
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check
from estimation.work.progress import Progress, attempt, silent
from estimation.work.threads import in_threads

__all__ = ["Chain", "Escaped", "Plan", "Run", "monitored_of", "sample"]

BLOCK = 50
"""Sweeps between two looks at whether to stop and, in warm-up, between two corrections of the step."""

LEAPFROG_STEPS = 40
"""Mean number of leapfrog steps of a move.  Effective draws of N per CPU second with 5, 10, 20, 40 and 80: Kosovo 380,
1,459, 2,037, 3,120 and 2,533; UK 839, 1,224, 2,646, 4,985 and 2,454.  A move at every second or fourth sweep instead of
each gave Kosovo 3,322 and 2,063, UK 3,955 and 1,725."""

_COLUMNS = 3 + len(OBSERVABLE)
_TARGET_ACCEPT = 0.8
_FIRST_STEP = 0.1
_REFITS = (0.15, 0.3, 0.55, 0.85)
"""Parts of the warm-up at which the metric is fitted again; the first only discards the way from the start."""


class Escaped(Exception):  # noqa: N818  # it is an outcome that `fit` turns into NotEstimable, not an error
    """A chain's n_0 exceeded `estimation.models.latent_class.kernel.MOST_UNSEEN`: the posterior is improper."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The number of chains and their sweeps; ``draws`` are stored of each."""

    chains: int
    warmup: int
    sweeps: int
    max_sweeps: int
    draws: int


@dataclass(frozen=True, slots=True)
class Run:
    """What the chains drew in their last round.

    Parameters
    ----------
    unseen, log_alpha, occupied : float array, shape (chains, draws)
        n_0 (persons), log alpha, and the number of occupied classes.
    observable : float array, shape (chains, draws, T)
        People whose probability of being on any list is above each of
        `estimation.models.latent_class.kernel.OBSERVABLE`.  Unit: persons.
    checks : tuple of Check
        R-hat and effective sample sizes of N and of the other two.
    swept : int
        Sweeps a chain has made after its warm-up.
    """

    unseen: FloatArray
    log_alpha: FloatArray
    occupied: FloatArray
    observable: FloatArray
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

    Attributes
    ----------
    swept : int
        Sweeps made so far, warm-up included.
    """

    __slots__ = ("_cells", "_log_step", "_prior", "_rng", "_scale", "_steps", "_work", "_x", "swept")

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
    ) -> None:
        self._cells = Cells.of(table)
        # Numba would compile the sweeps again, for half a minute, for a prior of whole numbers.
        self._prior = Prior(*map(float, prior))
        self._rng = rng
        self._work = Workspace.for_table(classes, len(table.lists), self._cells.counts.size)
        self._x = np.zeros(classes * len(table.lists) + classes)
        self._scale = np.ones(self._x.size)
        self._log_step = np.log(_FIRST_STEP)
        self._steps = steps
        self.swept = 0
        self._start(table, spread, used)

    def _start(self, table: CaptureTable, spread: float, used: int | None) -> None:
        """One class, or some that gather about people drawn at random; then parameters given that.

        Half the chains start with one class, so that chains that cannot change their number of classes do not agree.
        """
        work, rng = self._work, self._rng
        if used is None:
            used = 1 if rng.random() < 0.5 else int(rng.integers(2, work.size.size + 1))
        centres = table.patterns[rng.choice(table.counts.size, used, p=table.counts / table.n_observed)]
        for pattern, count in zip(table.patterns, table.counts.tolist(), strict=True):
            apart = (pattern != centres).sum(axis=1)
            dealt = rng.multinomial(count, (apart == apart.min()) / (apart == apart.min()).sum())
            work.size[:used] += dealt
            work.on[:used] += dealt[:, None] * pattern.astype(np.int64)
        unseen = int(table.n_observed * 0.1 * 300**spread)
        work.size[:used] += rng.multinomial(unseen, rng.dirichlet(np.ones(used)))
        draw_parameters(rng, float(np.log(0.05) + spread * np.log(100)), self._x, self._prior, work)

    def _block(self, sweeps: int) -> tuple[FloatArray, float]:
        out = np.empty((sweeps, _COLUMNS))
        step = float(np.exp(self._log_step))
        acceptance = run_block(
            self._rng, self._x, self._cells, self._prior, self._work, step, self._steps, self._scale, out
        )
        if acceptance < 0:
            raise Escaped
        self.swept += sweeps
        return out, float(acceptance)

    def _refit_scale(self, sweeps: int) -> None:
        """The metric from the moments summed since the last time; unchanged where they are not informative."""
        mean_x, mean_xx, mean_g, mean_gg = self._work.moments / max(sweeps, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = ((mean_xx - mean_x**2) / (mean_gg - mean_g**2)) ** 0.25
        usable = np.isfinite(scale) & (scale > 1e-4) & (scale < 1e4)
        self._scale = np.where(usable, scale, self._scale)

    def warm_up(self, sweeps: int, stop: Event) -> None:
        """Sweeps that are discarded, while step size and metric are tuned."""
        refits = [round(part * sweeps) for part in _REFITS]
        summed = 0
        for done in range(0, sweeps, BLOCK):
            if stop.is_set():
                return
            last = done >= refits[-1]
            _, acceptance = self._block(min(BLOCK, sweeps - done))
            summed += BLOCK
            self._log_step += (0.5 if last else 1.5) * (acceptance - _TARGET_ACCEPT)
            if any(done < place <= done + BLOCK for place in refits):
                if done + BLOCK >= refits[1]:
                    self._refit_scale(summed)
                self._work.moments[:] = 0.0
                summed = 0

    def advance(self, sweeps: int, stop: Event) -> FloatArray:
        """Sweeps after the warm-up, shape (sweeps, 3 + T): n_0, log alpha, occupied classes, T observable counts."""
        blocks = []
        for done in range(0, sweeps, BLOCK):
            if stop.is_set():
                break
            blocks.append(self._block(min(BLOCK, sweeps - done))[0])
        return np.concatenate(blocks) if blocks else np.empty((0, _COLUMNS))


def _checked(n: int, drawn: FloatArray, draws: int, swept: int) -> Run:
    """A round's draws, shape (chains, sweeps, 3 + T), thinned and checked."""
    thin = drawn.shape[1] // draws
    drawn = drawn[:, thin - 1 :: thin][:, :draws]
    unseen, log_alpha, occupied = (np.ascontiguousarray(drawn[:, :, i]) for i in range(3))
    checks = chain_checks({"N": n + unseen, **monitored_of(log_alpha, occupied)})
    return Run(unseen, log_alpha, occupied, drawn[:, :, 3:].copy(), checks, swept)


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
    """Chains run until their checks pass, or until they have made the most sweeps they may.

    The first round is ``plan.sweeps`` long.  While a check fails, another round follows, as long as all before it
    together, and only the last round counts: what went before has become warm-up.  Each is thinned to ``plan.draws``.

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
    spreads = np.linspace(0.0, 1.0, len(rngs)).tolist()
    chains = [
        Chain(table, prior, classes=classes, rng=rng, spread=spread) for rng, spread in zip(rngs, spreads, strict=True)
    ]
    stop = Event()

    def first(chain: Chain) -> FloatArray:
        chain.warm_up(plan.warmup, stop)
        return chain.advance(plan.sweeps, stop)

    def more(chain: Chain) -> FloatArray:
        return chain.advance(swept, stop)

    def round_of(sweep: Callable[[Chain], FloatArray], sweeps: int, number: int) -> FloatArray:
        before = sum(chain.swept for chain in chains)
        of_round = attempt(progress, number, last=plan.sweeps << (number + 1) > plan.max_sweeps)

        def share() -> float:
            return (sum(chain.swept for chain in chains) - before) / (len(chains) * sweeps)

        return np.stack(in_threads(sweep, chains, workers, progress=of_round, share=share, stop=stop))

    swept, number = plan.sweeps, 0
    run = _checked(table.n_observed, round_of(first, plan.warmup + swept, number), plan.draws, swept)
    while not all(check.passed for check in run.checks) and 2 * swept <= plan.max_sweeps:
        number += 1
        drawn = round_of(more, swept, number)
        run = _checked(table.n_observed, drawn, plan.draws, 2 * swept)
        swept *= 2
    return run
