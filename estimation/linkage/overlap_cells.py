"""The seam between the partition sampler and a capture model: the prior of the overlap table, by cell.

A partition of the records into n people has an overlap table (n_h), the people with each capture history h.  By itself
the sampler gives that table a Dirichlet-multinomial prior.  A capture model with parameters theta puts in its place

    p(partition | theta) proportional to p(n | theta) n! prod_h f_h^n_h  x  what belongs to records within a list,

with f_h the probability of history h among the people on any list, so that once a sweep theta is drawn given the
overlap table, and the partition given f.  Weights of moves: a person who is also found on list k changes history from h
to h + k, by f_{h+k} / f_h; a new person of list k has (n + 1) p(n + 1) / p(n) f_k.  With p(N) proportional to 1/N,
p(n | theta) is proportional to 1/n, whatever theta is.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["CellWeights", "OverlapCells"]


class CellWeights(NamedTuple):
    """What the partition sampler needs of a capture model in one state.

    Parameters
    ----------
    log_cells : (2^J,) float64
        log f_h; the place of a history has the bit ``2**j`` where list j saw the person, as in `CaptureTable.cells`.
        Entry 0, nobody's history, is not read.
    log_people : (R + 1,) float64
        log p(n) of n = 0, 1, ..., R people on any list, up to a constant; entry 0 is not read.
    """

    log_cells: NDArray[np.float64]
    log_people: NDArray[np.float64]


class OverlapCells(Protocol):
    """A capture model as a Markov chain, one for each chain of the sampler."""

    def draw(self, counts: NDArray[np.int64]) -> CellWeights:
        """The next state of the model given the overlap table, called once before each sweep.

        Parameters
        ----------
        counts : (2^J,) int64
            People with each history in the partition as it is.  Unit: persons.
        """
        ...
