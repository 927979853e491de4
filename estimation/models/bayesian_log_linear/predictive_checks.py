"""The log-linear model with all pairs: its design, its prior predictive, and what its posterior expects of the table.

Symbols are those of `estimation.models.bayesian_log_linear.all_pairs`; `estimation.models.predictive.checks` compares
what is expected with what was observed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.models.predictive.checks import Predicted, evenly, predicted_cells
from estimation.results.estimates import ResultTable

__all__ = [
    "Posterior",
    "dependence",
    "design",
    "histories",
    "pairs_of",
    "predicted",
    "prior_predictive",
]


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Draws of the model's quantities, by chain.

    Parameters
    ----------
    coefficients : float array, shape (chains, draws, 1 + J + J (J - 1) / 2)
        alpha, the beta_j, the gamma_ij in the order of `pairs_of`.
    tau : float array, shape (chains, draws)
        Standard deviation of the log odds ratios between lists.
    divergences : int
        Number of divergent draws.
    """

    coefficients: FloatArray
    tau: FloatArray
    divergences: int


def histories(n_lists: int) -> FloatArray:
    """All observable histories of J lists as 0 and 1, shape (2^J - 1, J), in the order of `CaptureTable.cells`.

    Examples
    --------
    >>> histories(2).tolist()
    [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    """
    codes = np.arange(1, 1 << n_lists)
    return ((codes[:, None] >> np.arange(n_lists)) & 1).astype(np.float64)


def pairs_of(n_lists: int) -> tuple[IntArray, IntArray]:
    """The pairs i < j of J lists: two int arrays of shape (J (J - 1) / 2,)."""
    first, second = np.triu_indices(n_lists, 1)
    return first.astype(np.int64), second.astype(np.int64)


def design(n_lists: int) -> FloatArray:
    """What each coefficient adds to log mu, shape (2^J - 1, 1 + J + J (J - 1) / 2): alpha, beta_j, gamma_ij.

    Examples
    --------
    >>> design(2).tolist()
    [[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0]]
    """
    on = histories(n_lists)
    first, second = pairs_of(n_lists)
    return np.hstack([np.ones((on.shape[0], 1)), on, on[:, first] * on[:, second]])


def predicted(table: CaptureTable, posterior: Posterior) -> Predicted:
    """What evenly spaced draws expect of the table, among the people observed."""
    flat = posterior.coefficients.reshape(-1, posterior.coefficients.shape[-1])
    log_mu = flat[evenly(len(flat))] @ design(len(table.lists)).T
    return predicted_cells(table, np.exp(log_mu - log_mu.max(axis=1, keepdims=True)))


def dependence(table: CaptureTable, posterior: Posterior) -> ResultTable:
    """Posterior of the odds ratio between each pair of lists, given the others."""
    first, second = pairs_of(len(table.lists))
    gamma = posterior.coefficients[..., 1 + len(table.lists) :]
    odds = np.exp(np.quantile(gamma, (0.5, 0.025, 0.975), axis=(0, 1)))
    rows: list[tuple[str | int | float, ...]] = [
        (f"{table.lists[i]} and {table.lists[j]}", *(float(q) for q in odds[:, k]))
        for k, (i, j) in enumerate(zip(first.tolist(), second.tolist(), strict=True))
    ]
    return ResultTable(
        "Odds ratio between two lists, given the others", ("pair", "median", "2.5 %", "97.5 %"), tuple(rows)
    )


def prior_predictive(coefficients: FloatArray, tau: FloatArray, n_lists: int) -> ResultTable:
    """Prior predictive quantiles of quantities that an analyst can judge.

    Parameters
    ----------
    coefficients : float array, shape (S, 1 + J + J (J - 1) / 2)
        Draws from the prior.
    tau : float array, shape (S,)
        Draws from the prior.
    n_lists : int
        J, the number of lists.
    """
    log_unseen = coefficients[:, 0]
    log_seen = np.logaddexp.reduce(coefficients @ design(n_lists).T, axis=1)
    levels = (0.025, 0.25, 0.5, 0.75, 0.975)
    quantiles = {
        "people on no list, n_0": np.exp(np.minimum(np.quantile(log_unseen, levels), 700)),
        "people in all, N": np.exp(np.minimum(np.quantile(np.logaddexp(log_unseen, log_seen), levels), 700)),
        "odds ratio between two lists": np.exp(np.clip(np.quantile(coefficients[:, 1 + n_lists :], levels), -700, 700)),
        "standard deviation of log odds ratios, tau": np.quantile(tau, levels),
    }
    rows: list[tuple[str | int | float, ...]] = [
        (name, *(float(v) for v in values)) for name, values in quantiles.items()
    ]
    title = "Prior predictive quantiles"
    return ResultTable(title, ("quantity", *(f"{level * 100:g} %" for level in levels)), tuple(rows))
