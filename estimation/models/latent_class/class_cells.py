"""Latent classes of a stratum as a Markov chain over completed tables.

Likelihood, prior and identifying assumption are those of `estimation.models.latent_class.model`.  The state is that of
a chain of `estimation.models.latent_class.chains`.  Given a completed table a draw is one of its sweeps, from where the
state is: all steps of a sweep begin with n_0 and the classes summed out, so that a table that has changed since the
last sweep asks for nothing else.  Then, with rho the probability of being on no list,

    f(w) = sum_k pi_k prod_j lambda_jk^w_j (1 - lambda_jk)^(1 - w_j) / (1 - rho)

and n_0 is the one that the sweep drew.  Step and metric are tuned once, on the first completed table.

Symbols are those of `estimation.models.latent_class.kernel` and `estimation.models.cell_sampler`.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.cell_sampler import CellDraw, UnboundedError
from estimation.models.latent_class.chains import Chain, Escaped
from estimation.models.latent_class.predictive import class_parameters
from estimation.models.latent_class.state import Cells, Prior

__all__ = ["ClassCells"]


class ClassCells:
    """A stratum of latent classes.

    Parameters
    ----------
    lists : sequence of str, length J
        The lists of the stratum.
    histories : bool array, shape (C, J)
        The different histories that anybody of it may have.
    counts : int array, shape (C,)
        People with each of them in a first completed table.  Unit: persons.
    prior : Prior
        Settings of the prior.
    classes : int
        K, the truncation.
    warmup : int
        Sweeps by which step and metric are tuned.
    rng : numpy.random.Generator
        The only source of randomness.
    spread : float
        From 0 to 1: this chain's place among the starting points.

    Raises
    ------
    UnboundedError
        As `draw`.
    """

    def __init__(
        self,
        lists: Sequence[str],
        histories: BoolArray,
        counts: IntArray,
        *,
        prior: Prior,
        classes: int,
        warmup: int,
        rng: np.random.Generator,
        spread: float,
    ) -> None:
        # The number of each history stands for its people, so that the node of each is found again.
        numbers = np.arange(1, len(histories) + 1)
        tree = Cells.of(CaptureTable(lists, histories, numbers, allow_twins=True))
        self._nodes = np.argsort(tree.counts, kind="stable")[-len(histories) :]
        self._on = histories.astype(np.float64)
        self._people = np.zeros_like(tree.counts)
        first = CaptureTable(lists, histories, counts, allow_twins=True)
        self._chain = Chain(first, prior, classes=classes, rng=rng, spread=spread, cells=tree)
        self._recount(counts)
        try:
            self._chain.warm_up(warmup, Event())
        except Escaped as error:
            raise UnboundedError from error

    def draw(self, counts: IntArray) -> CellDraw:
        """See `estimation.models.cell_sampler.CellSampler.draw`."""
        self._recount(counts)
        try:
            row = self._chain.advance(1, Event())[0]
        except Escaped as error:
            raise UnboundedError from error
        return CellDraw(int(row[0]), self._log_seen())

    def _recount(self, counts: IntArray) -> None:
        self._people[self._nodes] = counts
        self._chain.recount(self._people)

    def _log_seen(self) -> FloatArray:
        """Log f of each history."""
        log_share, logit = class_parameters(self._chain.state[None], self._on.shape[1])
        log_none = -np.logaddexp(0.0, logit[0]).sum(axis=0)
        by_class = (log_share[0] + log_none) + self._on @ logit[0]
        seen = np.exp(log_share[0]) @ -np.expm1(log_none)
        found: FloatArray = np.logaddexp.reduce(by_class, axis=1) - np.log(seen)
        return found
