"""One chain of missing labels and of the models of all strata, and where chains begin.

`estimation.strata.joint_labels` has the model and what a sweep leaves as it is; symbols are those of
`estimation.strata.label_cells`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.cell_sampler import CellSampler, HasCellSampler, UnboundedError
from estimation.models.saturated_cells import ObservedCells
from estimation.strata.label_cells import LabelCells
from estimation.strata.label_moves import redraw_labels

__all__ = ["JointChain", "StratumUnboundedError", "starting_labels"]


class StratumUnboundedError(Exception):
    """A draw of n_0 of one stratum, by its place, exceeds any number of persons."""

    def __init__(self, stratum: int) -> None:
        super().__init__(f"stratum {stratum}")
        self.stratum = stratum


def starting_labels(cells: LabelCells, rng: np.random.Generator, *, spread: float) -> IntArray:
    """People of each option to begin with, shape (O,).  Unit: persons.

    Parameters
    ----------
    cells : LabelCells
        Who may be of which stratum.
    rng : numpy.random.Generator
        The only source of randomness.
    spread : float
        0 for labels in proportion to the people known with the same history, 1 for all possible labels alike, a
        mixture of both between.
    """
    people = np.zeros(cells.row.size, dtype=np.int64)
    for start, end, count in zip(
        cells.first[:-1].tolist(), cells.first[1:].tolist(), cells.people.tolist(), strict=True
    ):
        known = cells.known[cells.row[start:end]] + 1e-3
        share = (1 - spread) * known / known.sum() + spread / (end - start)
        people[start:end] = rng.multinomial(count, share / share.sum())
    return people


def _weights(log_seen: FloatArray, first: IntArray) -> FloatArray:
    """How large f of each option is, over the largest of its cell."""
    top = np.maximum.reduceat(log_seen, first[:-1])
    top[top == -np.inf] = 0.0
    found: FloatArray = np.exp(log_seen - np.repeat(top, np.diff(first)))
    return found


class JointChain:
    """The model of each stratum in a state, and where everybody without label is.

    Parameters
    ----------
    cells : LabelCells
        Who may be of which stratum.
    reasons : sequence of str or None, length S
        Why a stratum cannot carry the model; None where it can.
    model : HasCellSampler
        The model of each stratum.
    start : int array, shape (O,)
        People of each option to begin with.  Unit: persons.
    rng : numpy.random.Generator
        This chain's own.
    spread : float
        From 0 to 1: this chain's place among the starting points.

    Attributes
    ----------
    cells : LabelCells
        As given.
    swept : int
        Sweeps made so far.
    counts : int array, shape (R,)
        People of each row in the completed table of this state.  Unit: persons.
    summed : float array, shape (R,)
        The completed tables of the last round, added.  Unit: persons.
    """

    def __init__(
        self,
        cells: LabelCells,
        reasons: Sequence[str | None],
        model: HasCellSampler,
        *,
        start: IntArray,
        rng: np.random.Generator,
        spread: float,
    ) -> None:
        self._rng, self.cells = rng, cells
        self._placed = start.copy()
        self.counts = cells.completed(start)
        self._size = np.add.reduceat(self.counts, cells.begin[:-1])
        self.summed = np.zeros(cells.known.size)
        self.swept = 0
        self._where = [slice(*ends) for ends in zip(cells.begin[:-1].tolist(), cells.begin[1:].tolist(), strict=True)]
        self._samplers = [self._sampler(model, s, reason, spread) for s, reason in enumerate(reasons)]

    def _sampler(self, model: HasCellSampler, s: int, reason: str | None, spread: float) -> CellSampler:
        where, [rng] = self._where[s], self._rng.spawn(1)
        if reason is not None:
            return ObservedCells(where.stop - where.start, rng)
        lists, histories = self.cells.histories(s)
        try:
            return model.cell_sampler(lists, histories, self.counts[where], rng=rng, spread=spread)
        except UnboundedError as error:
            raise StratumUnboundedError(s) from error

    def advance(self, sweeps: int) -> IntArray:
        """Draws of N of each stratum, shape (sweeps, S); the completed tables are summed in ``summed``."""
        cells, totals = self.cells, np.empty((sweeps, len(self._samplers)), dtype=np.int64)
        log_seen, expected = np.empty(cells.known.size), np.full(len(self._samplers), np.nan)
        self.summed[:] = 0.0
        for t in range(sweeps):
            for s, (sampler, where) in enumerate(zip(self._samplers, self._where, strict=True)):
                try:
                    drawn = sampler.draw(self.counts[where])
                except UnboundedError as error:
                    raise StratumUnboundedError(s) from error
                totals[t, s] = self._size[s] + drawn.unseen
                log_seen[where] = drawn.log_seen
                expected[s] = np.nan if drawn.expected is None else drawn.expected
            self.summed += self.counts
            weight = _weights(log_seen[cells.row], cells.first)
            redraw_labels(
                self._rng,
                cells.first,
                cells.stratum,
                cells.row,
                cells.people,
                weight,
                expected,
                self._placed,
                self.counts,
                self._size,
            )
            self.swept += 1
        return totals
