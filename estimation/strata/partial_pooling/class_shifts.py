"""Latent classes that strata share, each moved as a whole: a Metropolis step with everybody's class and n_0 summed out.

Few of a class that the lists hardly see are known, and the Gibbs sampler changes its size by little at a time.  With
pi_sk = g_sk / g_s., g_sk ~ Gamma(c pi_k), all logits of a class's capture probabilities are shifted by one number, and
each g_sk is multiplied by (1 - rho_sk) / (1 - rho'_sk), rho the probability of no list, so that as many of the class
are seen as before.  The logits and the logarithms of g move by what does not depend on g, so that volume is preserved,
and the ratio of the likelihoods is that of sum_k g_sk p_hk, history by history.

Symbols are those of `estimation.strata.partial_pooling.shared_classes`.
"""

from __future__ import annotations

import numpy as np

from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.work.kernels import njit

__all__ = ["SMALLEST", "shift_classes"]

SMALLEST = 1e-290
"""Shares and odds are no smaller, so that no class is lost to rounding."""
_SHORTEST, _LONGEST = 0.03, 2.0
"""Scales of the shifts of a class's logits, drawn between these, uniform in the logarithm."""


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _log_missed(capture: FloatArray, present: BoolArray) -> float:
    """The log probability of no list in one class, of the lists that could have seen a stratum."""
    found = 0.0
    for j in range(capture.size):
        if present[j]:
            found += np.log1p(-capture[j])
    return found


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _history(capture: FloatArray, pattern: BoolArray, present: BoolArray) -> float:
    """The probability of a history in one class."""
    found = 1.0
    for j in range(capture.size):
        if present[j]:
            found *= capture[j] if pattern[j] else 1 - capture[j]
    return found


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _shift_class(
    rng: np.random.Generator,
    k: int,
    data: tuple[BoolArray, IntArray, IntArray, BoolArray, FloatArray],
    prior: tuple[float, float, float, float],
    capture: FloatArray,
    gammas: FloatArray,
    shape: float,
    seen: FloatArray,
    moved: FloatArray,
    factor: FloatArray,
) -> None:
    """One class moved as a whole; ``seen`` is each history's probability times g_s., and is brought up to date."""
    patterns, stratum, counts, present, _ = data
    delta = rng.standard_normal() * np.exp(rng.uniform(np.log(_SHORTEST), np.log(_LONGEST)))
    log_ratio = 0.0
    for j in range(moved.size):
        odds = capture[k, j] / (1 - capture[k, j]) * np.exp(delta)
        moved[j] = min(max(odds / (1 + odds), 1e-12), 1 - 1e-12)
        log_ratio += prior[0] * np.log(moved[j] / capture[k, j])
        log_ratio += prior[1] * np.log((1 - moved[j]) / (1 - capture[k, j]))
    for s in range(gammas.shape[0]):
        factor[s] = np.expm1(_log_missed(capture[k], present[s])) / np.expm1(_log_missed(moved, present[s]))
        log_ratio += shape * np.log(factor[s]) - gammas[s, k] * (factor[s] - 1)
    for h in range(counts.size):
        s = stratum[h]
        before = gammas[s, k] * _history(capture[k], patterns[h], present[s])
        after = gammas[s, k] * factor[s] * _history(moved, patterns[h], present[s])
        log_ratio += counts[h] * np.log(max(seen[h] + after - before, SMALLEST) / max(seen[h], SMALLEST))
    if np.log(rng.random()) < log_ratio:
        for h in range(counts.size):
            s = stratum[h]
            seen[h] -= gammas[s, k] * _history(capture[k], patterns[h], present[s])
            seen[h] += gammas[s, k] * factor[s] * _history(moved, patterns[h], present[s])
        capture[k] = moved
        gammas[:, k] *= factor


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def shift_classes(
    rng: np.random.Generator,
    data: tuple[BoolArray, IntArray, IntArray, BoolArray, FloatArray],
    prior: tuple[float, float, float, float],
    capture: FloatArray,
    shares: FloatArray,
    common: FloatArray,
    c: float,
) -> None:
    """Every class moved as a whole."""
    patterns, stratum, counts, present, _ = data
    n_strata, classes = shares.shape
    gammas, moved, factor = np.empty(shares.shape), np.empty(capture.shape[1]), np.empty(n_strata)
    for s in range(n_strata):
        gammas[s] = shares[s] * max(rng.standard_gamma(c), SMALLEST)
    seen = np.zeros(counts.size)
    for h in range(counts.size):
        s = stratum[h]
        for k in range(classes):
            seen[h] += gammas[s, k] * _history(capture[k], patterns[h], present[s])
    for k in range(classes):
        _shift_class(rng, k, data, prior, capture, gammas, c * common[k], seen, moved, factor)
    for s in range(n_strata):
        total = gammas[s].sum()
        for k in range(classes):
            shares[s, k] = max(gammas[s, k] / total, SMALLEST)
