"""Mh and Mth with normal log odds of capture: the form "Normal" of the models with heterogeneity.

Likelihood: person i is on list j independently of other lists, with log odds beta_j + sigma z_i, and z_i standard
normal over *all* people.  The number of people with history omega is Poisson with mean mu_omega = N P(omega),

    P(omega) = E_z prod_j p_j(z)^omega_j (1 - p_j(z))^(1 - omega_j),     log(p_j / (1 - p_j)) = beta_j + sigma z
    log mu_omega = log N + sum_j beta_j omega_j + T_k,    T_k = log E_z[e^(k sigma z) prod_j (1 - p_j(z))],  k = |omega|

so that n_0 = N exp(T_0).  In Mh all beta_j are equal.
Identifying assumption: for each person the lists are independent, and the log odds of capture are normal with one
standard deviation over all people, those on no list among them.

Darroch's form is another model: there the log odds are normal among the people *on no list*, and T_k - T_0 is exactly
sigma^2 k^2 / 2.  sigma and -sigma are the same model, so that the score at sigma = 0 is zero whatever the table; the
fit starts from several sigma above 0 and takes the highest.  Where all of them fall to sigma = 0, the table shows no
heterogeneity of this kind, and the maximum is that of M0 or Mt.

Symbols
-------
J : lists.   C = 2^J - 1 : observable histories omega.   k : lists a person is on.   theta = (log N, beta, sigma).

The expectations are sums over 81 equally spaced z between -8 and 8, exact to rounding for such smooth functions.  The
fit is Fisher scoring with halved steps; Var(log n_0) is by the delta method from the expected information.

References: Coull, Agresti (1999), Biometrics 55:294-301; Rivest (2011), International Journal of Biostatistics 7(1);
the form "Normal" of Rcapture 1.4 (Rivest, Baillargeon) is documented as a normal mixture of this kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import expit, gammaln, logsumexp

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.models.log_linear.goodness_of_fit import FitCheck, check_fit, leverages, refit_design
from estimation.models.log_linear.heterogeneity_designs import capture_histories, design_of

__all__ = ["NormalFit", "NormalModel", "checked_normal", "fit_normal"]

NormalModel: TypeAlias = Literal["Mh-Normal", "Mth-Normal"]

_Z = np.linspace(-8.0, 8.0, 81)
_LOG_WEIGHT = -_Z * _Z / 2 - logsumexp(-_Z * _Z / 2)
_STARTS = (0.5, 1.0, 2.0)
_STEPS, _HALVINGS = 100, 30
_AT_REST = 1e-10
"""Log likelihood that another step would add."""
_FAR = 30.0
"""log persons above the people observed, or a sigma, that a fit runs off to only where there is no maximum."""
_LEAST_SIGMA = 1e-2


@dataclass(frozen=True, slots=True)
class NormalFit:
    """Maximum likelihood.

    Parameters
    ----------
    parameters : float array, shape (P,)
        log N, beta (one in Mh, J in Mth), sigma.
    means : float array, shape (C,)
        Expected people with each history.  Unit: persons.
    slopes : float array, shape (C, P)
        Of log mu in theta.
    log_unseen, variance : float
        log n_0 and its variance.
    log_likelihood : float
        At the maximum, constants included.
    gain : float
        What another step would add to it.
    """

    parameters: FloatArray
    means: FloatArray
    slopes: FloatArray
    log_unseen: float
    variance: float
    log_likelihood: float
    gain: float

    @property
    def unseen(self) -> float:
        """n_0.  Unit: persons."""
        return exp(self.log_unseen)

    @property
    def sigma(self) -> float:
        """The standard deviation of the log odds of capture; 0 where people do not differ."""
        return abs(float(self.parameters[-1]))


def _at(theta: FloatArray, omega: FloatArray) -> tuple[FloatArray, FloatArray, float, FloatArray]:
    """Log mu with its slopes in theta, and log n_0 with its gradient."""
    n_lists, sigma = omega.shape[1], float(theta[-1])
    one_effect = len(theta) == 3
    beta = np.full(n_lists, theta[1]) if one_effect else theta[1:-1]
    log_odds = beta[:, None] + sigma * _Z
    p = expit(log_odds)
    missed = _LOG_WEIGHT - np.logaddexp(0.0, log_odds).sum(axis=0)
    k = np.arange(n_lists + 1)
    terms = missed + k[:, None] * sigma * _Z
    total = logsumexp(terms, axis=1)
    weights = np.exp(terms - total[:, None])
    in_beta = -weights @ p.T
    in_sigma = (weights * (_Z * (k[:, None] - p.sum(axis=0)))).sum(axis=1)
    full = np.vstack([np.zeros(n_lists), omega])
    on = full.sum(axis=1).astype(int)
    log_mean = theta[0] + full @ beta + total[on]
    of_beta = full + in_beta[on]
    if one_effect:
        of_beta = of_beta.sum(axis=1, keepdims=True)
    slopes = np.column_stack([np.ones(len(full)), of_beta, in_sigma[on]])
    return log_mean[1:], slopes[1:], float(log_mean[0]), slopes[0]


def _log_likelihood(log_mean: FloatArray, counts: FloatArray) -> float:
    return float(counts @ log_mean - np.exp(log_mean).sum() - gammaln(counts + 1).sum())


def _climbed(theta: FloatArray, omega: FloatArray, counts: FloatArray) -> NormalFit | None:
    """Fisher scoring in (log N, beta, sigma^2) from a start; None where it does not come to rest above sigma = 0."""
    log_mean, slopes, log_unseen, gradient = _at(theta, omega)
    reached = _log_likelihood(log_mean, counts)
    for _ in range(_STEPS):
        mean = np.exp(log_mean)
        score = slopes.T @ (counts - mean)
        information = (slopes.T * mean) @ slopes
        try:
            covariance = np.linalg.inv(information)
        except np.linalg.LinAlgError:
            return None
        step = covariance @ score
        gain = float(score @ step) / 2
        if 0 <= gain < _AT_REST:
            variance = float(gradient @ covariance @ gradient)
            return NormalFit(theta, mean, slopes, log_unseen, variance, reached, gain)
        found = _stepped(theta, step, omega, counts, reached)
        if found is None:
            return None
        theta, log_mean, slopes, log_unseen, gradient, reached = found
    return None


def _stepped(
    theta: FloatArray, step: FloatArray, omega: FloatArray, counts: FloatArray, reached: float
) -> tuple[FloatArray, FloatArray, FloatArray, float, FloatArray, float] | None:
    """The next theta, with what ``_at`` gives there; None where sigma falls to 0 or the fit runs off."""
    # At sigma the slope in sigma^2 is that in sigma over 2 sigma, and so the step is 2 sigma times as long.
    sigma, squared = float(theta[-1]), float(theta[-1]) ** 2
    in_square = 2 * sigma * float(step[-1])
    length = 1.0
    for _ in range(_HALVINGS):
        tried = theta + length * step
        tried[-1] = np.sqrt(max(squared + length * in_square, squared / 16))
        length *= 0.5
        if tried[-1] < _LEAST_SIGMA:
            return None
        if tried[-1] > _FAR or tried[0] > log(counts.sum()) + _FAR:
            continue
        log_mean, slopes, log_unseen, gradient = _at(tried, omega)
        found = _log_likelihood(log_mean, counts)
        if found >= reached - 1e-12 * (1 + abs(reached)):
            return tried, log_mean, slopes, log_unseen, gradient, found
    return None


def fit_normal(model: NormalModel, counts: IntArray, *, start: FloatArray | None = None) -> NormalFit | None:
    """Maximum likelihood; None where no start comes to rest at a maximum with sigma above 0.

    Parameters
    ----------
    model : {"Mh-Normal", "Mth-Normal"}
        Whether all lists have one effect.
    counts : int array, shape (C,)
        The observable cells in the order of `CaptureTable.cells`.  Unit: persons.
    start : float array, shape (P,), optional
        A theta near the maximum; without it several are tried.

    Examples
    --------
    >>> omega, theta = capture_histories(4), np.array([np.log(1e6), -1.0, 0.5, -0.5, 0.0, 1.2])
    >>> counts = np.rint(np.exp(_at(theta, omega)[0])).astype(int)
    >>> found = fit_normal("Mth-Normal", counts)
    >>> round(np.exp(found.parameters[0])), round(found.sigma, 3)
    (999997, 1.2)
    """
    observed = counts.astype(np.float64)
    omega = capture_histories((len(counts) + 1).bit_length() - 1)
    share = np.clip(observed @ omega / (2 * observed.sum()), 1e-4, 0.9)
    beta = np.log(share / (1 - share))
    effects = np.array([beta.mean()]) if model == "Mh-Normal" else beta
    starts = [np.concatenate([[log(2 * observed.sum())], effects, [sigma]]) for sigma in _STARTS]
    found = [_climbed(each, omega, observed) for each in ([start] if start is not None else starts)]
    usable = [each for each in found if each is not None]
    return max(usable, key=lambda each: each.log_likelihood, default=None)


def checked_normal(
    model: NormalModel, fit: NormalFit, table: CaptureTable, rng: np.random.Generator | None
) -> FitCheck:
    """Goodness of fit where the log odds are normal; a resample that shows no spread is fitted without it."""
    parameters, lists = len(fit.parameters), len(table.lists)
    without = design_of("M0" if model == "Mh-Normal" else "Mt", lists)

    def refit(tables: IntArray) -> FloatArray:
        means = refit_design(tables, without, np.zeros(without.shape[1], dtype=bool))
        for at, counts in enumerate(tables):
            again = fit_normal(model, counts, start=fit.parameters)
            means[at] = means[at] if again is None else again.means
        return means

    return check_fit(
        table,
        fit.means,
        leverages(fit.slopes, fit.means),
        (
            ("degrees of freedom", len(fit.means) - parameters),
            ("AIC", 2 * parameters - 2 * fit.log_likelihood),
            ("BIC", parameters * log(table.n_observed) - 2 * fit.log_likelihood),
        ),
        title=model,
        refit=refit,
        is_fixed=True,
        rng=rng,
    )
