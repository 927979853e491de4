"""The log-linear model with all pairs: its design, and its prior and posterior predictive checks.

Symbols are those of `estimation.models.bayesian_log_linear.all_pairs`.

References
----------
Gelman, Meng, Stern (1996): posterior predictive checks.  Freeman, Tukey (1950): the discrepancy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.results.estimates import ResultTable

__all__ = [
    "Posterior",
    "dependence",
    "design",
    "histories",
    "pairs_of",
    "posterior_predictive",
    "prior_predictive",
]

PREDICTIVE_DRAWS = 1000
PREDICTIVE_LIMIT = 0.01
"""Below this posterior predictive p-value a note says that the model does not fit."""
WORST_CELLS = 15


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


def _history_name(table: CaptureTable, on: FloatArray) -> str:
    return " + ".join(name for name, there in zip(table.lists, on.tolist(), strict=True) if there)


def _misfit(p: float) -> str | None:
    """A note when the posterior predictive p-value is too small."""
    if p >= PREDICTIVE_LIMIT:
        return None
    p_value = f"= {p:.3f}" if p > 0 else f"< {1 / PREDICTIVE_DRAWS}"
    return (
        f"The model does not fit the table: the posterior predictive p-value is {p_value} (Freeman-Tukey). "
        "The people observed show interactions of three or more lists, which the model excludes for those on no list."
    )


def posterior_predictive(
    table: CaptureTable, posterior: Posterior, rng: np.random.Generator
) -> tuple[str | None, ResultTable]:
    """Posterior predictive checks: Freeman-Tukey overall, and history by history.

    Parameters
    ----------
    table : CaptureTable
        What was observed.
    posterior : Posterior
        What was fitted to it.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    str or None
        A note when the model does not fit, that is when the p-value is below 0.01.
    ResultTable
        The worst-fitted histories: observed and predicted persons.
    """
    n_lists = len(table.lists)
    observed = table.cells()[1:]
    flat = posterior.coefficients.reshape(-1, posterior.coefficients.shape[-1])
    used = flat[np.linspace(0, flat.shape[0] - 1, PREDICTIVE_DRAWS).astype(int)]
    mu = np.exp(used @ design(n_lists).T)
    replicated = rng.poisson(mu)
    misfit_observed = ((np.sqrt(observed) - np.sqrt(mu)) ** 2).sum(axis=1)
    misfit_replicated = ((np.sqrt(replicated) - np.sqrt(mu)) ** 2).sum(axis=1)
    p = float((misfit_replicated >= misfit_observed).mean())
    at_most, at_least = (replicated <= observed).mean(axis=0), (replicated >= observed).mean(axis=0)
    two_sided = np.minimum(1.0, 2 * np.minimum(at_most, at_least))
    # Whole persons: a quantile of counts is one of the counts.
    lower, middle, upper = np.quantile(replicated, (0.025, 0.5, 0.975), axis=0, method="inverted_cdf")
    outside = int(((observed < lower) | (observed > upper)).sum())
    on = histories(n_lists)
    worst = np.argsort(two_sided, kind="stable")[:WORST_CELLS].tolist()
    rows: list[tuple[str | int | float, ...]] = [
        (_history_name(table, on[c]), int(observed[c]), *(float(q[c]) for q in (middle, lower, upper, two_sided)))
        for c in worst
    ]
    p_value = f"= {p:.3f}" if p > 0 else f"< {1 / PREDICTIVE_DRAWS}"
    title = (
        f"Observed and predicted counts, worst fitted first: {outside} of {observed.size} histories outside their 95 % "
        f"predictive interval; posterior predictive p-value {p_value} (Freeman-Tukey)"
    )
    columns = ("history", "observed (persons)", "predicted median (persons)", "2.5 %", "97.5 %", "two-sided p-value")
    return _misfit(p), ResultTable(title, columns, tuple(rows))


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
