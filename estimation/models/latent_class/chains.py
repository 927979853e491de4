"""One chain of the latent-class sampler: its dispersed start, its warm-up and its sweeps.

Each chain has its own generator and its own memory, so the number of threads changes nothing but the time it takes.
Compiled sweeps come in short blocks that release Python's lock; between blocks a chain checks whether it should stop,
which is how an interrupt ends all of them.

The metric of the Hamiltonian moves is diagonal, with the fourth root of var(x) / var(gradient) as the length of a step
in each coordinate.  Labels swap, which makes var(x) far wider than any one arrangement of the classes; on the
Kosovo table this metric took steps five times as long, in units of its own scale, as one from var(x) alone.

Many histories (more than `estimation.models.latent_class.state.MANY`) are those of many people, and labels then have
lasting roles: a few large classes, whose logits the data determine to a hundredth, and others with next to nobody,
whose logits wander over tens.  The root of 1 / var(gradient), at most `_WIDEST`, is then the length of a step: on 34
lists x 20,000 people steps became seven times as long, in units of their own scale, and moves need fewer of them.
"""

from __future__ import annotations

from threading import Event

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.models.latent_class.kernel import OBSERVABLE, draw_parameters, run_block
from estimation.models.latent_class.state import MOMENTS, Cells, Prior, Workspace

__all__ = ["Chain", "Escaped"]

BLOCK = 50
"""Sweeps between two looks at whether to stop and, in warm-up, between two corrections of the step."""

LEAPFROG_STEPS = 40
"""Mean number of leapfrog steps of a move.  Effective draws of N per CPU second with 5, 10, 20, 40 and 80: Kosovo 380,
1,459, 2,037, 3,120 and 2,533; UK 839, 1,224, 2,646, 4,985 and 2,454.  A move at every second or fourth sweep instead of
each gave Kosovo 3,322 and 2,063, UK 3,955 and 1,725."""

STEPS_OF_MANY = 25
"""The same with many histories.  Effective sizes of N and of the number of classes per CPU second on 34 lists x 20,000
people, one run each of 4 x 500 sweeps: 10 steps 24 and 8, 25 steps 29 and 14; with the metric of
few histories 10 steps 21 and 5, 40 steps 23 and 10."""

_WIDEST = 1.5
"""The longest step in a coordinate with many histories: where a logit wanders, the density bends at scale 1.  With 5 in
its place the effective size of N was a third."""

_COLUMNS = 3 + len(OBSERVABLE)
_TARGET_ACCEPT = 0.8
_FIRST_STEP = 0.1
_COST = 5e6
"""Products of a probability and an odds in a block, at most, so that also huge tables are heard of within a second."""
_REFITS = (0.15, 0.3, 0.55, 0.85)
"""Parts of the warm-up at which the metric is fitted again; the first only discards the way from the start."""


class Escaped(Exception):  # noqa: N818  # it is an outcome that `fit` turns into NotEstimable, not an error
    """A chain's n_0 exceeded `estimation.models.latent_class.kernel.MOST_UNSEEN`: the posterior is improper."""


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
    steps : int, optional
        Mean number of leapfrog steps of a Hamiltonian move; 0 for none.  By default `LEAPFROG_STEPS`, and with many
        histories `STEPS_OF_MANY`.
    used : int, optional
        Occupied classes at the start; drawn by default.
    cells : Cells, optional
        The table as `Cells.of` makes it, where several chains share it.

    Attributes
    ----------
    swept : int
        Sweeps made so far, warm-up included.
    """

    __slots__ = (
        "_block_size",
        "_cells",
        "_log_step",
        "_many",
        "_prior",
        "_rng",
        "_scale",
        "_steps",
        "_work",
        "_x",
        "swept",
    )

    def __init__(
        self,
        table: CaptureTable,
        prior: Prior,
        *,
        classes: int,
        rng: np.random.Generator,
        spread: float,
        steps: int | None = None,
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
        self._many = self._cells.runs.size > 0
        self._steps = (STEPS_OF_MANY if self._many else LEAPFROG_STEPS) if steps is None else steps
        cost = (self._cells.counts.size + self._cells.marks.size) // 2 * classes * max(self._steps, 1)
        self._block_size = int(min(max(_COST / cost, 1), BLOCK))
        self.swept = 0
        self._start(table, spread, used)

    @property
    def state(self) -> FloatArray:
        """Where the chain is, shape (D,), in the layout of `estimation.models.latent_class.kernel`."""
        return self._x

    def recount(self, counts: IntArray) -> None:
        """Go on from where the chain is with other people of the same histories.

        Parameters
        ----------
        counts : int array, shape (nodes,)
            People of each node of the tree that the chain was made with.  Unit: persons.
        """
        self._cells = self._cells._replace(counts=counts, n=int(counts.sum()))
        # A sweep leaves the classes of a history that nobody has as they were.
        self._work.people[counts == 0] = 0

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
            if self._many:
                scale = np.minimum((mean_gg - mean_g**2) ** -0.5, _WIDEST)
            else:
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
