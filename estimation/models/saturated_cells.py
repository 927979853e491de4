"""The saturated model of a stratum as a Markov chain: Dirichlet histories, and no highest-order interaction if wanted.

Likelihood, prior and identifying assumption are those of `estimation.models.no_highest_order`.  Given a completed table
all of it is drawn at once and exactly, so that states are independent of the ones before:

    pi ~ Dirichlet(n_w + delta) over the 2^J - 1 observable histories,   f(w) = pi_w
    p(0) / (1 - p(0)) = r(pi) / xi - pi_00*,   n_0 ~ negative binomial (n, 1 - p(0))

A draw of pi that contradicts the assumption on some of the lists is drawn anew: the prior is the Dirichlet where it
does not.

Where a stratum cannot carry a model, labels can still be drawn and N cannot (`ObservedCells`): of the histories that
anybody of it may have, f ~ Dirichlet(n_w + 1/C), a prior that weighs as much as one person.

Symbols are those of `estimation.models.no_highest_order` and `estimation.models.cell_sampler`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.models.cell_sampler import MOST_UNSEEN, CellDraw, UnboundedError, places_of
from estimation.models.missing_cell import is_odd

__all__ = ["ObservedCells", "SaturatedCells"]

_TRIES = 1000


def _log_dirichlet(weights: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Log of a Dirichlet draw, by gamma variates whose logarithms cannot underflow."""
    log_cells = np.log(rng.standard_gamma(weights + 1)) - rng.standard_exponential(weights.size) / weights
    found: FloatArray = log_cells - np.logaddexp.reduce(log_cells)
    return found


class ObservedCells:
    """A stratum of which only the people observed are modelled: its labels can be drawn, and its n_0 is given as 0.

    Parameters
    ----------
    n_histories : int
        C, the different histories that anybody of it may have.
    rng : numpy.random.Generator
        The only source of randomness.
    """

    def __init__(self, n_histories: int, rng: np.random.Generator) -> None:
        self._weight, self._rng = 1 / n_histories, rng

    def draw(self, counts: IntArray) -> CellDraw:
        """See `estimation.models.cell_sampler.CellSampler.draw`."""
        return CellDraw(0, _log_dirichlet(counts.astype(np.float64) + self._weight, self._rng))


class SaturatedCells:
    """A stratum whose observable histories have probabilities of their own.

    Parameters
    ----------
    lists : sequence of str, length J
        The lists of the stratum.
    histories : bool array, shape (C, J)
        The different histories that anybody of it may have.
    delta : float
        Dirichlet weight of each observable history.  Unit: persons.
    rng : numpy.random.Generator
        The only source of randomness.
    about : sequence of str
        The lists that the identifying assumption is about.
    xi : float
        As in `estimation.models.no_highest_order.NoHighestOrderInteraction`.
    """

    def __init__(
        self,
        lists: Sequence[str],
        histories: BoolArray,
        *,
        delta: float,
        rng: np.random.Generator,
        about: Sequence[str],
        xi: float,
    ) -> None:
        self._rng = rng
        self._places = places_of(histories) - 1
        self._delta = delta
        self._shape = np.empty((1 << len(lists)) - 1)
        used = [lists.index(name) for name in about]
        cells = np.arange(1, 1 << len(lists))
        self._margin = sum(((cells >> j & 1) << at for at, j in enumerate(used)), start=np.zeros_like(cells))
        self._sign = np.where(is_odd(len(used)), 1.0, -1.0)
        self._log_xi = float(np.log(xi))

    def draw(self, counts: IntArray) -> CellDraw:
        """See `estimation.models.cell_sampler.CellSampler.draw`."""
        self._shape[:] = self._delta
        self._shape[self._places] += counts
        for _ in range(_TRIES):
            log_pi = _log_dirichlet(self._shape, self._rng)
            log_odds = self._log_odds(log_pi)
            if not np.isnan(log_odds):
                break
        else:
            raise UnboundedError
        log_mean = np.log(self._rng.standard_gamma(counts.sum())) + log_odds
        if not log_mean < np.log(MOST_UNSEEN):
            raise UnboundedError
        return CellDraw(int(self._rng.poisson(np.exp(log_mean))), log_pi[self._places])

    def _log_odds(self, log_pi: FloatArray) -> float:
        """log(p(0) / (1 - p(0))), or NaN where the draw contradicts the assumption."""
        if self._sign.size == log_pi.size:
            return float(self._sign @ log_pi) - self._log_xi
        share = np.bincount(self._margin, weights=np.exp(log_pi), minlength=self._sign.size + 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            log_r = float(self._sign @ np.log(share[1:])) - self._log_xi
        off_lists = np.exp(log_r) - share[0]
        return float(np.log(off_lists)) if off_lists > 0 else float("nan")
