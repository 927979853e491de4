"""Convergence of chains, and the Monte Carlo errors of what they say.

This is also the one module that imports ArviZ, for whoever wants draws in its form, so that its next major release
costs one file: 0.x and 1.x differ in `from_dict` and in what it returns (InferenceData, DataTree).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
from scipy.special import betaincinv

from estimation.capture.table import FloatArray, IntArray
from estimation.results.diagnostics import Check
from estimation.results.effective_size import agreement_of, bulk_size, mean_size, quantile_size

__all__ = ["ArvizData", "chain_checks", "monte_carlo_errors", "pareto_smoothed", "probability_error", "to_arviz"]

ArvizData: TypeAlias = Any
"""InferenceData under ArviZ 0.x, xarray's DataTree under 1.x."""

_BELOW = 0.00134990
"""The share of a normal distribution below three standard deviations under its mean: between three on either side lie
enough draws to tell the density at a quantile."""


def _arviz() -> tuple[Any, bool]:
    """ArviZ, and whether it is 0.x."""
    with warnings.catch_warnings():
        # ArviZ 0.23 announces its next major release at every first import; what calls this works with both.
        warnings.filterwarnings("ignore", message=r"\s*ArviZ is undergoing", category=FutureWarning)
        # Imported here because it takes seconds to load, and nothing else here needs it.
        import arviz
    return arviz, int(arviz.__version__.split(".")[0]) < 1


def to_arviz(posterior: Mapping[str, FloatArray]) -> ArvizData:
    """Draws by name, each of shape (chains, draws), as ArviZ data.

    Examples
    --------
    >>> data = to_arviz({"N": np.arange(8.0).reshape(2, 4)})
    >>> data.posterior["N"].shape
    (2, 4)
    """
    arviz, is_old = _arviz()
    arrays = {name: np.asarray(values) for name, values in posterior.items()}
    return arviz.from_dict(posterior=arrays) if is_old else arviz.from_dict({"posterior": arrays})


def pareto_smoothed(log_likelihood: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Pareto smoothed importance sampling (PSIS) that leaves each observation out, by ArviZ.

    Parameters
    ----------
    log_likelihood : float array, shape (W, S)
        Of W observations at S draws of the posterior, which count as independent.

    Returns
    -------
    log_weights : float array, shape (W, S)
        Of the draws when the observation is left out; the weights add to 1.
    shapes : float array, shape (W,)
        Pareto k of each.

    Examples
    --------
    >>> draws = np.random.default_rng(1).beta(40, 60, size=(1, 2000))
    >>> log_weights, shapes = pareto_smoothed(np.log(draws))
    >>> round(float((np.exp(log_weights) * draws).sum()), 2), bool(shapes[0] < 0.5)  # a Beta(39, 60) has the mean 0.39
    (0.39, True)
    """
    arviz, is_old = _arviz()
    if is_old:
        found, shapes = arviz.psislw(-log_likelihood)
    else:
        found, shapes = import_module("arviz_stats.base").array_stats.psislw(log_likelihood)
    log_weights = np.asarray(found, dtype=np.float64)
    still = np.ptp(log_likelihood, axis=1) == 0
    return (
        log_weights - np.logaddexp.reduce(log_weights, axis=1, keepdims=True),
        np.where(still, -np.inf, np.asarray(shapes, dtype=np.float64)),
    )


def chain_checks(
    quantities: Mapping[str, FloatArray], *, rhat_limit: float = 1.01, ess_limit: float = 400.0
) -> tuple[Check, ...]:
    """Rank-normalised split R-hat and bulk and tail effective sample size of each quantity.

    Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021).

    Parameters
    ----------
    quantities : mapping of str to float array, shape (chains, draws)
        What was drawn.
    rhat_limit, ess_limit : float
        R-hat must stay at or below the first, both effective sample sizes reach the second.

    Returns
    -------
    tuple of Check
        Three a quantity.  A quantity that never moved has no R-hat: it passes only if all chains hold one value.
    """
    checks: list[Check] = []
    for name, given in quantities.items():
        values = np.asarray(given, dtype=float)
        if np.ptp(values) == 0:
            continue
        # Chains that are each stuck at one value divide by zero: an infinite R-hat, and no draw.
        with np.errstate(divide="ignore", invalid="ignore"):
            agreement = agreement_of(values)
        rhat, bulk, tail = agreement.rhat, agreement.bulk, agreement.tail
        if np.isnan(rhat) or np.ptp(values, axis=1).max() == 0:
            rhat, bulk, tail = np.inf, 0.0, 0.0
        checks += [
            Check(
                f"R-hat of {name}",
                rhat,
                rhat_limit,
                bool(rhat <= rhat_limit),
                "Chains that started apart agree (1 is perfect).",
            ),
            Check(
                f"bulk ESS of {name}",
                bulk,
                ess_limit,
                bool(bulk >= ess_limit),
                "Bulk effective sample size: the precision of the centre is that of so many independent draws.",
            ),
            Check(
                f"tail ESS of {name}",
                tail,
                ess_limit,
                bool(tail >= ess_limit),
                "Tail effective sample size: the precision of the ends is that of so many independent draws.",
            ),
        ]
    return tuple(checks)


def monte_carlo_errors(values: IntArray, probabilities: Sequence[float]) -> tuple[float, ...]:
    """Monte Carlo standard errors of the mean, the standard deviation and some quantiles of draws.

    Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021).

    Parameters
    ----------
    values : int array, shape (chains, draws)
        What was drawn.
    probabilities : sequence of float
        Of the quantiles.

    Returns
    -------
    tuple of float
        Of the mean, the standard deviation and each quantile; 0 where nothing varies.

    Examples
    --------
    >>> draws = np.random.default_rng(1).normal(0, 10, size=(4, 2500))
    >>> [round(error, 2) for error in monte_carlo_errors(draws, [0.5])]  # 10 / sqrt(10,000) = 0.1; 0.07; 0.125
    [0.1, 0.07, 0.12]
    """
    given = np.asarray(values, dtype=float)
    if np.ptp(given) == 0:
        return (0.0,) * (2 + len(probabilities))
    squares = (given - given.mean()) ** 2
    errors = [given.std() / np.sqrt(_size(given, mean_size))]
    errors += [squares.std() / np.sqrt(_size(squares, mean_size)) / (2 * given.std())]
    for p in probabilities:
        size = _size(given, partial(quantile_size, probability=p))
        lower, upper = np.quantile(given, betaincinv(size * p + 1, size * (1 - p) + 1, [_BELOW, 1 - _BELOW]))
        errors.append((upper - lower) / 6)
    return tuple(float(error) for error in errors)


def _size(values: FloatArray, size_of: Callable[[FloatArray], float]) -> float:
    """The effective sample size for one quantity; that of as many draws as there are where it has none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = size_of(values)
    return found if np.isfinite(found) and found >= 1 else float(values.size)


def probability_error(values: IntArray, figure: float) -> float:
    """Monte Carlo standard error of the share of draws that are at least a figure.

    Where all draws or none are, half a draw more and half a draw less keep it from being 0.

    Examples
    --------
    >>> draws = np.random.default_rng(1).normal(0, 10, size=(4, 2500))
    >>> round(probability_error(draws, 0), 4), round(probability_error(draws, 100), 5)  # 0.5 / sqrt(10,000)
    (0.005, 7e-05)
    """
    reached = np.asarray(values >= figure, dtype=float)
    size = _size(reached, mean_size) if np.ptp(reached) else _size(np.asarray(values, dtype=float), bulk_size)
    share = (reached.mean() * size + 0.5) / (size + 1)
    return float(np.sqrt(share * (1 - share) / size))
