"""What decomposable graphs say of N before the lists are seen.

Taken away in a perfect elimination, list v has s_v neighbours left, ne(v), and the probability of being on no list is
the product over v of P(v = 0 | ne(v) = 0).  Under the hyper-Dirichlet prior with delta for each of the 2^J histories
these are independent Beta(delta_v, delta_v) with delta_v = delta 2^(J - 1 - s_v) (Dawid, Lauritzen 1993).

Given n alone, (rho, N) has density p(rho) p(N) binom(N, n) (1 - rho)^n rho^(N - n):

    p(N) ~ 1/N                   rho keeps its prior, and n_0 is negative binomial (n, 1 - rho)
    p(N) flat                    rho has weight 1 / (1 - rho), and n_0 is negative binomial (n + 1, 1 - rho); without an
                                 upper bound of N the weights have no finite mean
    p(N) log-normal              draws under 1/N with weights N p(N)
    N Poisson(m), m Gamma        rho has the negative binomial probability of n as its weight; m and n_0 follow

and an upper bound of N discards what is above it.

Reference: Dawid, Lauritzen (1993), Annals of Statistics 21:1272-1317.
"""

from __future__ import annotations

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.graphs.chordal_graphs import ChordalGraphs
from estimation.models.graphs.prior_on_n import PriorOnN
from estimation.models.prior_and_posterior import log_beta_draws, prior_total_draws

__all__ = ["prior_totals"]

_PROPOSED = 5
"""Draws proposed for each that is wanted, where they have weights or an upper bound."""


def _log_rho(graphs: ChordalGraphs, delta: float, size: int, rng: np.random.Generator) -> FloatArray:
    """Draws of log rho, each under a graph of its own, shape (size,)."""
    lists = graphs.n_vertices
    chosen, which = np.unique(rng.integers(len(graphs), size=size), return_inverse=True)
    left = np.array([[bin(near).count("1") for _, near in graphs.elimination(int(graph))] for graph in chosen])
    weight = delta * 0.5 ** (left + 1.0 - lists)
    total: FloatArray = log_beta_draws(rng, weight[which], weight[which]).sum(axis=1)
    return total


def prior_totals(
    graphs: ChordalGraphs, delta: float, prior: PriorOnN, n_observed: int, *, draws: int, rng: np.random.Generator
) -> IntArray | None:
    """Draws of N given only how many people are observed, shape (draws,); None where that is improper.  Unit: persons.

    Parameters
    ----------
    graphs : ChordalGraphs
        All equally probable.
    delta : float
        Prior weight of a history.  Unit: persons.
    prior : PriorOnN
        The prior on N.
    n_observed : int
        n.  Unit: persons.
    draws : int
        How many.
    rng : numpy.random.Generator
        The only source of randomness.
    """
    if prior.kind == "flat" and prior.upper is None:
        return None
    size = draws if prior.kind == "1/N" and prior.upper is None else _PROPOSED * draws
    seen = np.maximum(-np.expm1(_log_rho(graphs, delta, size, rng)), 1e-300)
    weights: FloatArray = np.ones(size)
    if prior.kind == "gamma-poisson":
        # Imported here because it takes half a second to load, and no other prior needs it.
        from scipy.stats import nbinom

        weights = np.asarray(nbinom.pmf(n_observed, prior.shape, 1 / (1 + prior.scale * seen)), dtype=np.float64)
        mean = rng.standard_gamma(prior.shape + n_observed, size) * prior.scale / (1 + prior.scale * seen)
        total = n_observed + rng.poisson(mean * (1 - seen))
    else:
        more = 1 if prior.kind == "flat" else 0
        weights = 1 / seen if prior.kind == "flat" else weights
        total = prior_total_draws(1 / seen, n_observed + more, rng=rng) - more
        if prior.kind == "log-normal":
            log_weights = prior.log_density(total.astype(np.float64)) + np.log(total)
            weights = np.exp(log_weights - log_weights.max())
    if prior.upper is not None:
        weights = np.where(total <= prior.upper, weights, 0.0)
    if not weights.sum() > 0:
        return None
    found: IntArray = total if size == draws else rng.choice(total, draws, p=weights / weights.sum())
    return found
