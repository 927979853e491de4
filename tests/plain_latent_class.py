"""The latent-class sampler of Manrique-Vallier (2016) as published, slow and plain: what the compiled one is judged by.

Every step is a full conditional: alpha given the sticks, sticks and lambda given the classes, n_0 and the classes given
those.  It is written so that Numba can compile it as it stands, which is how `benchmarks/latent_class.py` makes a fair
peer of it.
"""

import numpy as np


def plain_sweeps(rng, patterns, counts, classes, shape, rate, a, b, sweeps):
    """n_0, log alpha and occupied classes after each sweep, shape (sweeps, 3)."""
    n = counts.sum()
    lists = patterns.shape[1]
    out = np.empty((sweeps, 3))
    alpha = 1.0
    log_pi = np.full(classes, -np.log(classes))
    lambda_ = rng.random((classes, lists))
    for s in range(sweeps):
        # n_0, then the classes of everybody.
        log_missed = log_pi + np.log1p(-lambda_).sum(axis=1)
        rho = np.exp(log_missed).sum()
        n_0 = rng.poisson(rng.standard_gamma(n) * rho / (1 - rho))
        size = np.zeros(classes, dtype=np.int64)
        on = np.zeros((classes, lists), dtype=np.int64)
        for c in range(counts.size + 1):
            people = n_0 if c == counts.size else counts[c]
            log_p = log_missed.copy()
            if c < counts.size:
                for j in range(lists):
                    if patterns[c, j]:
                        log_p += np.log(lambda_[:, j]) - np.log1p(-lambda_[:, j])
            p = np.exp(log_p - log_p.max())
            for k in range(classes):
                rest = p[k:].sum()
                drawn = people if k == classes - 1 or p[k] >= rest else rng.binomial(people, p[k] / rest)
                people -= drawn
                size[k] += drawn
                if c < counts.size:
                    for j in range(lists):
                        if patterns[c, j]:
                            on[k, j] += drawn
        # Sticks, in logs: a Beta's two parts from two Gammas.
        left = 0.0
        for k in range(classes - 1):
            x = np.log(rng.standard_gamma(1.0 + size[k]))
            shape_y = alpha + size[k + 1 :].sum()
            y = np.log(rng.standard_gamma(shape_y + 1.0)) - rng.standard_exponential() / shape_y
            log_sum = np.logaddexp(x, y)
            log_pi[k] = left + x - log_sum
            left += y - log_sum
        log_pi[classes - 1] = left
        for k in range(classes):
            for j in range(lists):
                lambda_[k, j] = rng.beta(a + on[k, j], b + size[k] - on[k, j])
        # The sum of log(1 - V_k) is log pi_K.
        alpha = max(rng.standard_gamma(shape + classes - 1) / (rate - left), 1e-300)
        out[s, 0] = n_0
        out[s, 1] = np.log(alpha)
        out[s, 2] = (size > 0).sum()
    return out
