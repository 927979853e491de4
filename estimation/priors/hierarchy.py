"""How log odds ratios of pairs of lists vary over pairs and studies: an exact posterior on a grid.

Model, for pair p of study s, with the likelihood of `estimation.priors.pair_likelihood`::

    psi_sp ~ Normal(m_s, tau_w)      m_s ~ Normal(mu, tau_b)
    p(mu) flat,  tau_b, tau_w ~ HalfNormal(1)

A pair may be compared in several strata, each with its four counts; psi is then the same in all of them, and the
likelihood is their product.  The pairs of a study share lists and people, and count here as independent given m_s.

Computation, deterministic: psi, m, mu and both tau on grids.  The normal between two grids is integrated over cells of
the inner one, so that a tau smaller than a cell is no trouble.  Given tau_w a study's likelihood of m_s is a product
over pairs; given both tau that of mu is a product over studies.

Symbols
-------
psi : log odds ratio of a pair.   m_s : mean of study s.   mu : mean of all.   tau_w, tau_b : standard deviations within
and between studies.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtr
from threadpoolctl import threadpool_limits

from estimation.capture.table import FloatArray
from estimation.priors.pair_likelihood import log_likelihood

__all__ = ["LOG_ODDS_RATIO", "Posterior", "Strata", "moments", "posterior", "predictive", "probability_below"]

Cells = tuple[int, int, int, int]
Strata = tuple[Cells, ...]
"""The four counts of a pair of lists in each stratum in which it is compared."""

LOG_ODDS_RATIO: FloatArray = np.arange(-12.0, 12.01, 0.05)
"""The grid of psi."""
_STUDY_MEAN: FloatArray = np.arange(-7.0, 9.01, 0.1)
_MU: FloatArray = np.arange(-4.0, 6.01, 0.1)
_TAU: FloatArray = np.arange(0.04, 4.0, 0.08)
_UPPER_EDGE: FloatArray = LOG_ODDS_RATIO + 0.025
_TINY = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """The joint posterior of mu and both tau, and what it says of another pair.

    Parameters
    ----------
    mean, mean_sd : float
        Posterior mean and standard deviation of mu.
    between, within : float
        Posterior means of tau_b and tau_w.
    correlation : float
        Of the psi of two pairs of another study: what they share, m of that study, over all that is uncertain.
    predictive : float array, shape (K,)
        Probability that the psi of a pair of another study is in each cell of `LOG_ODDS_RATIO`.
    """

    mean: float
    mean_sd: float
    between: float
    within: float
    correlation: float
    predictive: FloatArray


def posterior(by_study: Sequence[Sequence[Strata]]) -> Posterior:
    """The posterior given the cells of the informative pairs of each study.

    Parameters
    ----------
    by_study : sequence of sequence of tuple of tuple of int
        For each study and pair n_11, n_10, n_01, n_00 in each stratum.  Unit: persons.

    Notes
    -----
    In one thread: the matrices are small, and threads that wait for busy cores took thirty times as long.
    """
    with threadpool_limits(1):
        return _posterior(by_study)


def _posterior(by_study: Sequence[Sequence[Strata]]) -> Posterior:
    studies = np.stack([_study_likelihood(tuple(pairs)) for pairs in by_study])
    log_weight = np.stack([np.log(studies @ _between(b).T + _TINY).sum(axis=0) for b in range(_TAU.size)])
    log_weight -= 0.5 * (_TAU[:, None, None] ** 2 + _TAU[None, :, None] ** 2)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    of_mu = weight.sum(axis=(0, 1))
    mean, of_between, of_within = float(of_mu @ _MU), weight.sum(axis=(1, 2)), weight.sum(axis=(0, 2))
    mean_variance = float(of_mu @ (_MU - mean) ** 2)
    shared, own = mean_variance + float(of_between @ _TAU**2), float(of_within @ _TAU**2)
    return Posterior(
        mean,
        math.sqrt(mean_variance),
        float(of_between @ _TAU),
        float(of_within @ _TAU),
        shared / (shared + own),
        _next_pair(weight),
    )


def predictive(probabilities: FloatArray, levels: Sequence[float]) -> list[float]:
    """Quantiles of the psi of a pair of another study."""
    return [float(q) for q in np.interp(levels, np.cumsum(probabilities), _UPPER_EDGE)]


def moments(probabilities: FloatArray) -> tuple[float, float]:
    """Mean and standard deviation of the psi of a pair of another study."""
    mean = float(probabilities @ LOG_ODDS_RATIO)
    return mean, math.sqrt(float(probabilities @ (LOG_ODDS_RATIO - mean) ** 2))


def probability_below(probabilities: FloatArray, log_odds_ratio: float) -> float:
    """The probability that the psi of a pair of another study is below a value."""
    return float(np.interp(log_odds_ratio, _UPPER_EDGE, np.cumsum(probabilities)))


def _next_pair(weight: FloatArray) -> FloatArray:
    """The distribution of psi of a pair of another study, from the weights of tau_b, tau_w and mu."""
    study_mean = np.stack([weight[b] @ _between(b) for b in range(_TAU.size)]).sum(axis=0)
    found = np.zeros(LOG_ODDS_RATIO.size)
    for w in range(_TAU.size):
        found += study_mean[w] @ _within(w)
    probabilities: FloatArray = found / found.sum()
    return probabilities


@lru_cache(maxsize=256)
def _study_likelihood(pairs: tuple[Strata, ...]) -> FloatArray:
    """The likelihood of the mean of a study up to a constant, shape (tau_w, m_s)."""
    logs = np.stack([np.sum([log_likelihood(cells, LOG_ODDS_RATIO) for cells in strata], axis=0) for strata in pairs])
    likelihood = np.exp(logs - logs.max(axis=1, keepdims=True))
    log_found = np.stack([np.log(likelihood @ _within(w).T + _TINY).sum(axis=0) for w in range(_TAU.size)])
    found: FloatArray = np.exp(log_found - log_found.max())
    found.setflags(write=False)
    return found


@lru_cache(maxsize=_TAU.size)
def _within(w: int) -> FloatArray:
    """The probability of each cell of psi given m_s and tau_w, shape (m_s, psi)."""
    return _cells(_STUDY_MEAN, float(_TAU[w]), LOG_ODDS_RATIO)


@lru_cache(maxsize=_TAU.size)
def _between(b: int) -> FloatArray:
    """The probability of each cell of m_s given mu and tau_b, shape (mu, m_s)."""
    return _cells(_MU, float(_TAU[b]), _STUDY_MEAN)


def _cells(centres: FloatArray, sd: float, grid: FloatArray) -> FloatArray:
    """The probability of each cell of a grid under normals, shape (centres, grid)."""
    half = (grid[1] - grid[0]) / 2
    edges = np.append(grid - half, grid[-1] + half)
    found: FloatArray = np.diff(ndtr((edges[None, :] - centres[:, None]) / sd), axis=1)
    return found
