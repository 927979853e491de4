"""What the Bayesian log-linear model with all pairs says of N before the lists are seen.

n itself says something of alpha.  With S = sum over observable h of mu_h / mu_0, the density of alpha given theta and n
is that of log G - log S, G ~ Gamma(n, 1), times its normal prior; theta is weighted by what is left of it (sampling,
importance resampling).  n_0 is Poisson(exp(alpha)).

Symbols are those of `estimation.models.bayesian_log_linear.all_pairs`.
"""

from __future__ import annotations

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.bayesian_log_linear.predictive_checks import design

__all__ = ["PROPOSED", "pairs_total"]

PROPOSED = 10
"""Draws from the prior for each that is wanted, because they are weighted."""
_MOST = float(np.log(1e15))


def pairs_total(
    coefficients: FloatArray, centre: float, sd: float, n_observed: int, *, draws: int, rng: np.random.Generator
) -> IntArray:
    """Draws of N given only n, under the model with all pairs, shape (draws,).  Unit: persons.

    Parameters
    ----------
    coefficients : float array, shape (S, 1 + J + J (J - 1) / 2)
        Draws from the prior, of which the first column, alpha, is not used.
    centre, sd : float
        Mean and standard deviation of the normal prior of alpha.
    n_observed : int
        n.  Unit: persons.
    draws : int
        How many.
    rng : numpy.random.Generator
        The only source of randomness.
    """
    pairs = coefficients.shape[1] - 1
    n_lists = int((np.sqrt(8 * pairs + 1) - 1) / 2)
    log_seen = np.logaddexp.reduce(coefficients[:, 1:] @ design(n_lists)[:, 1:].T, axis=1)
    alpha = np.log(rng.standard_gamma(n_observed, len(log_seen))) - log_seen
    log_weight = -0.5 * ((alpha - centre) / sd) ** 2
    weight = np.exp(log_weight - log_weight.max())
    taken = rng.choice(alpha, draws, p=weight / weight.sum())
    return n_observed + rng.poisson(np.exp(np.minimum(taken, _MOST))).astype(np.int64)
