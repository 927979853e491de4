"""R-hat and effective sample size: how well chains of draws agree, and how many independent draws they are worth.

Each chain is cut in two, so that one that drifts disagrees with itself.  Draws become normal scores of their ranks, so
that neither number needs a mean or a variance of the draws to exist.

Symbols
-------
M : half chains.   L : draws in each.   x_ml : a draw.   B, W : variance between and mean variance within half chains.
c_t : autocovariance at lag t, averaged over half chains.   V = (L - 1) W / L + B / L.   rho_t : autocorrelation.

    R-hat = sqrt(V / W),  the larger of that of the scores of x and that of the scores of |x - median|
    rho_t = 1 - (W - c_t) / V
    S = M L / max(-1 + 2 sum_k P_k + max(rho_2K, 0), 1 / log10(M L))

with P_k = rho_2k + rho_2k+1, each at most the one before it, K the first that is not above 0 (Geyer's initial monotone
sequence).  The bulk size is that of the scores; the tail size is the smaller one of the indicators of x at or below its
5 % and its 95 % quantile.

References: Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), Bayesian Analysis 16:667-718; Geyer (1992),
Statistical Science 7:473-483.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.fft import next_fast_len
from scipy.special import ndtri

from estimation.capture.table import BoolArray, FloatArray

__all__ = ["Agreement", "agreement_of", "bulk_size", "effective_size", "mean_size", "quantile_size"]

_TAILS = (0.05, 0.95)
_FEWEST_DRAWS = 4
_ALIKE = 1e-15
"""Values no further apart than this are one value."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well chains agree.

    Parameters
    ----------
    rhat : float
        Rank-normalised split R-hat; NaN where there are too few chains or draws to tell.
    bulk, tail : float
        Effective sample sizes.
    """

    rhat: float
    bulk: float
    tail: float


def agreement_of(values: FloatArray) -> Agreement:
    """R-hat and both effective sample sizes of one quantity.

    Parameters
    ----------
    values : float array, shape (chains, draws)
        What was drawn.

    Examples
    --------
    >>> agreement = agreement_of(np.random.default_rng(1).standard_normal((4, 2500)))
    >>> round(agreement.rhat, 2), 9_000 < agreement.bulk < 11_000
    (1.0, True)
    """
    half = _halves(values)
    scores = _scores(half)
    tail = min(quantile_size(values, p) for p in _TAILS)
    if values.shape[0] < 2 or values.shape[1] < _FEWEST_DRAWS:
        return Agreement(float("nan"), effective_size(scores), tail)
    folded = _scores(np.abs(half - np.median(half)))
    return Agreement(float(np.maximum(_rhat(scores), _rhat(folded))), effective_size(scores), tail)


def bulk_size(values: FloatArray) -> float:
    """Effective sample size for the centre of draws, shape (chains, draws)."""
    return effective_size(_scores(_halves(values)))


def quantile_size(values: FloatArray, probability: float) -> float:
    """Effective sample size for one quantile of draws, shape (chains, draws)."""
    return effective_size(_halves(values <= np.quantile(values, probability)))


def mean_size(values: FloatArray) -> float:
    """Effective sample size for the mean of draws, shape (chains, draws)."""
    return effective_size(_halves(values))


def _halves(values: FloatArray | BoolArray) -> FloatArray:
    """Each chain in two; of an odd number of draws the one in the middle is left out."""
    half = values.shape[1] // 2
    return np.vstack([values[:, :half], values[:, values.shape[1] - half :]]).astype(float)


def _scores(values: FloatArray) -> FloatArray:
    """Normal scores of the ranks among all draws (Blom 1958)."""
    order = np.argsort(values, axis=None)
    inorder = values.reshape(-1)[order]
    first = np.flatnonzero(np.concatenate([[True], inorder[1:] != inorder[:-1]]))
    times = np.diff(first, append=values.size)
    scores = np.empty(values.shape)
    # Values that are alike have the mean of their ranks, which begin at 1.
    scores.reshape(-1)[order] = np.repeat(ndtri((first + (times + 1) / 2 - 0.375) / (values.size + 0.25)), times)
    return scores


def _rhat(values: FloatArray) -> float:
    """R-hat of half chains, shape (M, L)."""
    draws = values.shape[1]
    within = values.var(axis=1, ddof=1).mean()
    return float(np.sqrt((draws * values.mean(axis=1).var(ddof=1) / within + draws - 1) / draws))


def effective_size(values: FloatArray) -> float:
    """Effective sample size for the mean of half chains; NaN where it cannot be told.

    Parameters
    ----------
    values : float array, shape (M, L)
        Half chains.
    """
    chains, draws = values.shape
    if draws < 2 or not np.isfinite(values).all():
        return float("nan")
    if np.ptp(values) < _ALIKE:
        return float(values.size)
    covariance = _autocovariance(values)
    within = covariance[0] * draws / (draws - 1)
    plus = covariance[0] + (values.mean(axis=1).var(ddof=1) if chains > 1 else 0.0)
    rho = 1 - (within - covariance) / plus
    rho[0] = 1.0
    pairs = rho[0 : 2 * (draws // 2) : 2] + rho[1::2]
    last = max(0, (draws - 1) // 2 - 1)  # no pair after this one is looked at
    ended = np.flatnonzero(~(pairs[: last + 1] > 0))
    end = int(ended[0]) if ended.size else last
    spread = -1 + 2 * np.minimum.accumulate(pairs[:end]).sum() + max(float(rho[2 * end]), 0.0)
    return float(values.size / max(spread, 1 / np.log10(values.size)))


def _autocovariance(values: FloatArray) -> FloatArray:
    """Autocovariance at each lag, averaged over half chains, shape (L,)."""
    draws = values.shape[1]
    length = next_fast_len(2 * draws, real=True)
    spectrum = np.fft.rfft(values - values.mean(axis=1, keepdims=True), n=length, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).mean(axis=0)
    found: FloatArray = np.fft.irfft(power, n=length)[:draws] / draws
    return found
