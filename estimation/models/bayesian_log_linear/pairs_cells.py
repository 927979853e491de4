"""The log-linear model of all pairs of a stratum as a Markov chain over completed tables.

Likelihood, prior and identifying assumption are those of `estimation.models.bayesian_log_linear.all_pairs`.  The state
is the place x of its sampler.  A draw is one Hamiltonian trajectory of x given the completed table, from where it is
(the density is that of `estimation.models.bayesian_log_linear.all_pairs_density`), and then n_0 ~ Poisson(mu_0).

People of a stratum are Poisson here and have no prior 1/N: given theta, the labels of all have the density
prod_s exp(-sum_w mu_sw) prod_i mu_{z_i}(w_i), so that each is drawn by itself, of stratum s with probability
proportional to mu_s(w_i).  With f(w) = mu_w / sum mu_w the mean number of people observed, sum mu_w, stands where the
prior 1/N has a draw of Gamma(n_s, 1) (`estimation.strata.label_moves`).

The prior of mu_0 has its centre at ``unseen_median``, which must be stated: the number observed, in whose place it
stands, is not known while labels are missing.

Step size and metric (the standard deviation of each coordinate) are tuned on the first completed table.

Symbols are those of `estimation.models.bayesian_log_linear.all_pairs` and `estimation.models.cell_sampler`.
Reference: Neal (2011), MCMC using Hamiltonian dynamics.
"""

from __future__ import annotations

import math

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.bayesian_log_linear.all_pairs_density import value_and_gradient
from estimation.models.cell_sampler import MOST_UNSEEN, CellDraw, UnboundedError
from estimation.work.kernels import njit

__all__ = ["PairsCells"]

_TARGET_ACCEPT = 0.8
_FIRST_STEP = 0.1
_STEPS = 12
"""Mean number of leapfrog steps of a trajectory."""
_BLOCKS, _BLOCK = 24, 25
"""Warm-up: so many blocks of so many trajectories, after each of which the step is corrected."""


@njit(cache=True, nogil=True, error_model="numpy")
def _trajectory(
    rng: np.random.Generator,
    x: FloatArray,
    scale: FloatArray,
    step: float,
    steps: int,
    counts: FloatArray,
    offset: FloatArray,
    main: FloatArray,
    pairs: FloatArray,
) -> float:  # pragma: no cover - compiled
    """Leapfrog steps from a fresh momentum; x is replaced or stays; returns the acceptance rate."""
    place, momentum, gradient = x.copy(), np.empty(x.size), np.empty(x.size)
    energy = 0.0
    for i in range(x.size):
        momentum[i] = rng.standard_normal()
        energy += 0.5 * momentum[i] ** 2
    energy -= value_and_gradient(place, gradient, counts, offset, main, pairs)
    value = 0.0
    for s in range(steps):
        for i in range(x.size):
            momentum[i] += (0.5 if s == 0 else 1.0) * step * scale[i] * gradient[i]
            place[i] += step * scale[i] * momentum[i]
        value = value_and_gradient(place, gradient, counts, offset, main, pairs)
        if not value > -energy - 1000.0:
            return 0.0
    end = -value
    for i in range(x.size):
        momentum[i] += 0.5 * step * scale[i] * gradient[i]
        end += 0.5 * momentum[i] ** 2
    acceptance = math.exp(min(0.0, energy - end))
    if rng.random() < acceptance:
        x[:] = place
    return acceptance


class PairsCells:
    """A stratum whose lists depend on each other in pairs.

    Parameters
    ----------
    places : int array, shape (C,)
        The place of each of its histories among the 2^J - 1 observable ones.
    counts : int array, shape (C,)
        People with each of them in a first completed table.  Unit: persons.
    log_unseen : (float, float)
        Prior mean and standard deviation of log mu_0, whose standard normal is the first coordinate of x.
    offset, main, pairs : float array
        As `estimation.models.bayesian_log_linear.all_pairs_density.density_of` takes them.
    rng : numpy.random.Generator
        The only source of randomness.
    """

    def __init__(
        self,
        places: IntArray,
        counts: IntArray,
        *,
        log_unseen: tuple[float, float],
        offset: FloatArray,
        main: FloatArray,
        pairs: FloatArray,
        rng: np.random.Generator,
    ) -> None:
        self._rng, self._places, self._log_unseen = rng, places, log_unseen
        self._offset, self._main, self._pairs = (np.ascontiguousarray(part) for part in (offset, main, pairs))
        self._counts = np.zeros(offset.size)
        self._counts[places] = counts
        self._x = rng.uniform(-1, 1, main.shape[1] + pairs.shape[1] + 1)
        self._scale, self._log_step = np.ones(self._x.size), math.log(_FIRST_STEP)
        self._warm_up()

    def draw(self, counts: IntArray) -> CellDraw:
        """See `estimation.models.cell_sampler.CellSampler.draw`."""
        self._counts[self._places] = counts
        self._move()
        centre, sd = self._log_unseen
        log_unseen = centre + sd * self._x[0]
        if not log_unseen < math.log(MOST_UNSEEN):
            raise UnboundedError
        log_mu = self._log_mu()
        log_all = float(np.logaddexp.reduce(log_mu))
        unseen = int(self._rng.poisson(math.exp(log_unseen)))
        return CellDraw(unseen, log_mu[self._places] - log_all, math.exp(log_all))

    def _log_mu(self) -> FloatArray:
        n_main, spread = self._main.shape[1], math.exp(self._x[-1])
        found: FloatArray = self._offset + self._main @ self._x[:n_main] + spread * (self._pairs @ self._x[n_main:-1])
        return found

    def _move(self) -> float:
        """One trajectory; its acceptance rate."""
        steps = 1 + int(self._rng.integers(2 * _STEPS - 1))
        arrays = (self._counts, self._offset, self._main, self._pairs)
        return float(_trajectory(self._rng, self._x, self._scale, math.exp(self._log_step), steps, *arrays))

    def _warm_up(self) -> None:
        """Tune the step, and the metric by the last half of all blocks so far."""
        seen: list[FloatArray] = []
        for block in range(_BLOCKS):
            rates = []
            for _ in range(_BLOCK):
                rates.append(self._move())
                seen.append(self._x.copy())
            self._log_step += 1.5 * (float(np.mean(rates)) - _TARGET_ACCEPT)
            if block in (_BLOCKS // 3, 2 * _BLOCKS // 3):
                self._scale = np.maximum(np.std(seen[len(seen) // 2 :], axis=0), 1e-3)
                self._log_step = math.log(3 * _FIRST_STEP)
