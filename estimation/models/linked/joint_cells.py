"""A capture model as the prior of the overlap table in the partition sampler: one state of it for each sweep.

Given the overlap table of the partition as it is, the model's parameters theta move by a transition that leaves
p(theta | table) as it is (`estimation.models.cell_sampler`), and n_0 is drawn with them; given theta, the partition has

    p(partition | theta) proportional to p(n | theta) n! prod_h f_h^n_h  x  what belongs to records within a list

with p(n | theta) proportional to 1/n under p(N) proportional to 1/N, and Poisson where people are.  Alternating the two
draws links, theta and N from one posterior.

Symbols
-------
n : people of the partition.   n_h : those with history h.   f_h : probability of history h among people on any list.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.linkage.overlap_cells import CellWeights
from estimation.models.cell_sampler import HasCellSampler

__all__ = ["MOST_LISTS", "JointCells", "all_histories"]

MOST_LISTS = 10
"""Lists at most: the histories are written out, 2^J of them."""


def all_histories(n_lists: int) -> BoolArray:
    """All histories but that of no list, shape (2^J - 1, J), in the order of `CaptureTable.cells`.

    Examples
    --------
    >>> all_histories(2).astype(int).tolist()
    [[1, 0], [0, 1], [1, 1]]
    """
    numbers = np.arange(1, 1 << n_lists)
    found: BoolArray = (numbers[:, None] >> np.arange(n_lists) & 1).astype(np.bool_)
    return found


class JointCells:
    """A capture model in one chain of the partition sampler (`estimation.linkage.overlap_cells.OverlapCells`).

    Parameters
    ----------
    model : HasCellSampler
        The capture model.
    table : CaptureTable
        The overlap table that the chain starts with.
    rng : numpy.random.Generator
        The only source of randomness of the model in this chain.
    spread : float
        From 0 to 1: this chain's place among the starting points.
    n_records : int
        Records of all lists, more than which there cannot be people.
    warm : int
        Calls at the beginning that are given the table that the chain starts with in the place of their own: a
        partition in which everybody is alone bounds no number of people.  They belong to what is discarded.
    moves : int
        Transitions of the model at each call.

    Attributes
    ----------
    people, unseen : list of int
        People of the partition, and n_0, at each call.  Unit: persons.

    Raises
    ------
    UnboundedError
        When the table does not bound n_0; so does `draw`.
    SettingError
        When a setting keeps the model from it.
    """

    def __init__(
        self,
        model: HasCellSampler,
        table: CaptureTable,
        *,
        rng: np.random.Generator,
        spread: float,
        n_records: int,
        warm: int = 0,
        moves: int = 1,
    ) -> None:
        histories = all_histories(len(table.lists))
        counts = table.cells()[1:]
        self._start, self._warm, self._moves = counts, warm, moves
        self._sampler = model.cell_sampler(table.lists, histories, counts, rng=rng, spread=spread)
        n = np.arange(1, n_records + 1, dtype=np.float64)
        self._log_n, self._log_factorial, self._n = np.log(n), gammaln(n + 1), n
        self.people: list[int] = []
        self.unseen: list[int] = []

    def draw(self, counts: NDArray[np.int64]) -> CellWeights:
        """The next state of the model given the overlap table; see `OverlapCells.draw`."""
        given = self._start if len(self.people) < self._warm else counts[1:]
        for _ in range(self._moves):
            drawn = self._sampler.draw(given)
        self.people.append(int(given.sum()))
        self.unseen.append(drawn.unseen)
        if drawn.expected is None:
            log_people: FloatArray = -self._log_n
        else:
            log_people = self._n * np.log(drawn.expected) - self._log_factorial
        return CellWeights(np.r_[0.0, drawn.log_seen], np.r_[0.0, log_people])

    @property
    def totals(self) -> IntArray:
        """N at each call, shape (calls,).  Unit: persons."""
        return np.array(self.people, dtype=np.int64) + np.array(self.unseen, dtype=np.int64)
