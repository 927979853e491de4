"""A prior on the capture probabilities from a prior interval of the expansion factor: "N/n is between 1.1 and 5".

E = N / n is the expansion factor; with rho the probability of being on no list, rho = 1 - 1/E, and
-log rho = log(E / (E - 1)) = the sum over J lists of -log q_j, q_j the probability of not being on list j.

1. A Gamma(s, rate r) for -log rho has its (1 - p)/2 and (1 + p)/2 quantiles where E is at its upper and lower end.
2. Each q_j ~ Beta(b, a), so that each capture probability is Beta(a, b), with the mean and variance that this needs:
   J (psi(a + b) - psi(b)) = s / r,   J (psi_1(b) - psi_1(a + b)) = s / r^2.

Any mean and variance have such a Beta, but a sum of J such terms is only close to a Gamma, and a population of several
classes averages their rho.  So both are simulated: `ExpansionPrior.one_class`, and `prior_expansion_draws` for the
whole model.

Reference: O'Hagan and others (2006), Uncertain Judgements, for priors from quantiles; Manrique-Vallier (2016).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from scipy.optimize import brentq
from scipy.special import digamma, gammaincinv, polygamma

from estimation.capture.table import FloatArray
from estimation.errors import SettingError
from estimation.models.latent_class.alpha_prior import AlphaPrior
from estimation.models.prior_and_posterior import log_beta_draws

__all__ = ["ExpansionPrior", "expansion_prior", "prior_expansion_draws", "range_problems"]

_SIMULATED = 100_000
_OFF = 0.02
"""The simulated probability of the stated interval may differ by this from the stated one."""

_SHAPES = (1e-2, 1e7)
"""Gamma shapes that are tried; outside them an interval is next to everything or next to a point."""


@dataclass(frozen=True, slots=True)
class ExpansionPrior:
    """A Beta prior on the capture probabilities, and the prior interval of the expansion factor that it stands for.

    Parameters
    ----------
    lower, upper : float
        The prior interval of the expansion factor N/n.
    probability : float
        Prior probability of that interval.
    n_lists : int
        J; with more lists the same expansion factor needs smaller capture probabilities.
    capture_a, capture_b : float
        The capture probabilities of each class are Beta(a, b).
    one_class : (float, float)
        The interval that this Beta prior gives for a population of one class, by simulation.
    """

    lower: float
    upper: float
    probability: float
    n_lists: int
    capture_a: float
    capture_b: float
    one_class: tuple[float, float]

    @property
    def sentence(self) -> str:
        """The interval, the Beta prior, and the interval that this prior gives."""
        return (
            f"The prior puts the expansion factor N/n between {self.lower:g} and {self.upper:g} with probability "
            f"{self.probability:g}: Beta({self.capture_a:.3g}, {self.capture_b:.3g}) capture probabilities give "
            f"{self.one_class[0]:.3g} to {self.one_class[1]:.3g} for a population of one class."
        )


@lru_cache(maxsize=64)
def expansion_prior(lower: float, upper: float, *, n_lists: int, probability: float = 0.95) -> ExpansionPrior:
    """The Beta prior on the capture probabilities that gives a prior interval of the expansion factor N/n.

    The simulation that checks it has a fixed seed: the same range always gives the same prior and the same check.

    Parameters
    ----------
    lower, upper : float
        The interval; both ends above 1.
    n_lists : int
        J.
    probability : float
        Prior probability of the interval; the rest is divided equally above and below.

    Raises
    ------
    SettingError
        When the interval is not one, or no Beta prior gives it.

    Examples
    --------
    >>> prior = expansion_prior(1.1, 5, n_lists=4)
    >>> print(prior.sentence)
    The prior puts the expansion factor N/n between 1.1 and 5 with probability 0.95: Beta(0.793, 3.22) capture
    probabilities give 1.1 to 5 for a population of one class.
    """
    problems = range_problems(lower, upper)
    if not 0 < probability < 1:
        problems.append(f"the probability {probability:g} must lie between 0 and 1, for example 0.95")
    if problems:
        raise SettingError("expansion", problems)
    tail = (1 - probability) / 2
    found = None
    gamma = _gamma_with(np.log(upper / (upper - 1)), np.log(lower / (lower - 1)), tail)
    if gamma is not None:
        b, a = _beta_with(gamma[0] / gamma[1] / n_lists, gamma[0] / gamma[1] ** 2 / n_lists)
        log_rho = log_beta_draws(np.random.default_rng(0), b, a, (_SIMULATED, n_lists)).sum(axis=1)
        expansion = -1 / np.expm1(np.minimum(log_rho, -1e-15))
        reached = tuple(np.quantile(expansion, [tail, 1 - tail]).tolist())
        inside = float(((expansion >= lower) & (expansion <= upper)).mean())
        if abs(inside - probability) <= _OFF:
            found = ExpansionPrior(lower, upper, probability, n_lists, a, b, cast(tuple[float, float], reached))
    if found is None:
        nearest = "" if gamma is None else f" (the nearest one: {inside:.0%})"
        raise SettingError(
            "expansion",
            [
                f"no Beta prior on the capture probabilities puts the expansion factor N/n between {lower:g} and "
                f"{upper:g} with probability {probability:.0%}{nearest}; state a narrower interval or, if it is very "
                "narrow, a wider one"
            ],
        )
    return found


def range_problems(lower: float, upper: float) -> list[str]:
    """What is wrong with an interval of the expansion factor, whatever the number of lists."""
    if 1 < lower < upper < np.inf:
        return []
    return [
        f"{lower:g} to {upper:g} is no interval of the expansion factor N/n; both ends must be above 1, because N "
        "includes the people observed, and the first below the second"
    ]


def _gamma_with(low: float, high: float, tail: float) -> tuple[float, float] | None:
    """Shape and rate of the Gamma with these quantiles at ``tail`` and 1 - ``tail``; None where no shape has them."""

    def excess(log_shape: float) -> float:
        shape = np.exp(log_shape)
        return float(np.log(gammaincinv(shape, 1 - tail) / gammaincinv(shape, tail)) - np.log(high / low))

    first, last = (float(np.log(shape)) for shape in _SHAPES)
    if not excess(first) > 0 > excess(last):
        return None
    shape = float(np.exp(brentq(excess, first, last, xtol=1e-12)))
    return shape, float(gammaincinv(shape, tail)) / low


def _beta_with(mean: float, variance: float) -> tuple[float, float]:
    """The b and a of q ~ Beta(b, a) where -log q has this mean and variance; any two have one."""

    def other(b: float) -> float:
        def excess(log_a: float) -> float:
            return float(digamma(b + np.exp(log_a)) - digamma(b)) - mean

        return float(np.exp(brentq(excess, -60.0, 60.0, xtol=1e-12)))

    def excess(log_b: float) -> float:
        b = float(np.exp(log_b))
        return float(np.log(max(polygamma(1, b) - polygamma(1, b + other(b)), 1e-300)) - np.log(variance))

    b = float(np.exp(brentq(excess, np.log(1e-3), np.log(1e10), xtol=1e-12)))
    return b, other(b)


def prior_expansion_draws(
    alpha: AlphaPrior,
    capture: tuple[float, float],
    *,
    classes: int,
    n_lists: int,
    draws: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Draws of the expansion factor N/n from its prior under the whole latent-class model.

    Parameters
    ----------
    alpha : AlphaPrior
        Prior of alpha.
    capture : (float, float)
        a and b of the Beta prior on the capture probabilities.
    classes, n_lists, draws : int
        K, J, and the number of draws.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    float array, shape (draws,)
        1 / (1 - rho), rho the probability of no list averaged over the classes.

    Examples
    --------
    >>> alpha = AlphaPrior("gamma", 0.25, 0.25)
    >>> prior_expansion_draws(alpha, (1, 1), classes=5, n_lists=3, draws=2, rng=np.random.default_rng(1)).round(2)
    array([1.08, 1.23])
    """
    # A stick of length 1e-300 is one whole class as much as any shorter one is.
    shrink = np.exp(-np.maximum(alpha.draw_log_alpha(rng, draws), -690.0))[:, None]
    log_rest = np.zeros((draws, classes))
    np.cumsum(-rng.standard_exponential((draws, classes - 1)) * shrink, axis=1, out=log_rest[:, 1:])
    share = np.exp(log_rest)
    share[:, :-1] -= share[:, 1:]
    log_missed = np.zeros((draws, classes))
    for _ in range(n_lists):
        log_missed += log_beta_draws(rng, capture[1], capture[0], (draws, classes))
    seen = (share * -np.expm1(log_missed)).sum(axis=1)
    # Shares sum to 1 only up to rounding.
    return cast(FloatArray, 1 / np.clip(seen, 1e-300, 1.0))
