"""What the average of hierarchical log-linear models says of N before the lists are seen.

Under a flat alpha, N and theta are independent and p(N) is proportional to 1/N, so the expansion factor keeps its prior
once n is known: E = 1 + r, r = exp(x_0 theta) / sum of exp(x_h theta), under a model drawn from all of them; where it
has a form of heterogeneity z, x_h theta + tau z_h stands for x_h theta.

Symbols are those of `estimation.models.bayesian_log_linear.averaged`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.table import BoolArray, FloatArray
from estimation.models.bayesian_log_linear.averaged_family import BayesianFamily, averaged_models, standard_forms
from estimation.models.bayesian_log_linear.averaged_posterior import SCALE, SHAPE, CoefficientPrior
from estimation.models.bayesian_log_linear.model_walk import walk_models
from estimation.models.log_linear.heterogeneity_designs import Shape
from estimation.models.log_linear.terms import MAX_ENUMERATED

__all__ = ["averaged_expansion"]

_LARGEST_LOG_SCALE = 600.0
"""Of sigma^2: the inverse gamma prior is so wide that its draws leave the range of numbers; these are as good."""
_LARGEST_LOG = 690.0
_WALK_STATES, _WALK_THIN, _WALK_CHAINS = 1000, 8, 2


def averaged_expansion(
    n_lists: int,
    prior: CoefficientPrior,
    *,
    draws: int,
    rng: np.random.Generator,
    family: BayesianFamily = "hierarchical",
    shapes: Sequence[Shape] = (),
) -> FloatArray:
    """Draws of the expansion factor from the prior of the model average, shape (draws,).

    Parameters
    ----------
    n_lists : int
        J.
    prior : {"sabanes-bove-held", "unit-information"}
        Prior of the coefficients.
    draws : int
        How many.
    rng : numpy.random.Generator
        The only source of randomness.
    family : {"hierarchical", "with heterogeneity"}
        The models.
    shapes : sequence of str
        Forms of heterogeneity that join the second family.

    Examples
    --------
    Two lists have one model, independence: log r = 2 (theta_1 + theta_2) - log(...), symmetric for each list.

    >>> drawn = averaged_expansion(2, "unit-information", draws=4000, rng=np.random.default_rng(1))
    >>> bool(drawn.min() > 1)
    True
    """
    models = averaged_models(n_lists, family, shapes) if n_lists <= MAX_ENUMERATED else _walked(n_lists, rng)
    chosen = models[rng.integers(len(models), size=draws)]
    log_scale = np.zeros(draws)
    if prior == "sabanes-bove-held":
        log_gamma = np.log(rng.standard_gamma(SHAPE / 2 + 1, draws)) - rng.standard_exponential(draws) / (SHAPE / 2)
        log_scale = np.minimum(np.log(SCALE / 2) - log_gamma, _LARGEST_LOG_SCALE)
    theta = np.exp(log_scale / 2)[:, None] * rng.standard_normal((draws, models.shape[1])) * chosen
    theta[:, 0] = 0.0
    cells = np.arange(1 << n_lists)
    signs = 1.0 - 2.0 * (np.bitwise_count(cells[:, None] & cells) % 2)
    log_mu = theta[:, : cells.size] @ signs.T
    if models.shape[1] > cells.size:
        log_mu += np.abs(theta[:, cells.size :]) @ standard_forms(n_lists)
    log_r = log_mu[:, 0] - np.logaddexp.reduce(log_mu[:, 1:], axis=1)
    found: FloatArray = 1 + np.exp(np.minimum(log_r, _LARGEST_LOG))
    return found


def _walked(n_lists: int, rng: np.random.Generator) -> BoolArray:
    """The hierarchical models that a walk visits to which all are the same."""
    walks = walk_models(
        n_lists, lambda _: 0.0, chains=_WALK_CHAINS, states=_WALK_STATES, thin=_WALK_THIN, rng=rng.spawn(1)[0]
    )
    visited: BoolArray = walks.models[walks.visits.ravel()]
    return visited
