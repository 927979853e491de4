"""Priors of alpha, which governs the number of occupied classes, as a short text that also works in a study file.

=============================  =======================================================================================
``"gamma(s, r)"``              alpha ~ Gamma with shape s and rate r: mean s / r.
``"log-normal(m, d)"``         log alpha ~ Normal with mean m and standard deviation d: median exp(m).
=============================  =======================================================================================

Among N people from a Dirichlet process, about alpha log(1 + N / alpha) classes are occupied.  Gamma(0.25, 0.25) puts
a fifth of its mass on alpha below 0.005, which means one class; a log-normal does not.

In u = log alpha both have the form log p(u) = shape u - rate e^u - precision u^2 / 2 up to a constant, which the
sampler uses.

References: Escobar, West (1995) for the Gamma; Manrique-Vallier (2016) for its 0.25 and 0.25.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from estimation.capture.table import FloatArray

__all__ = ["AlphaPrior", "parse_alpha_prior"]

_NUMBER = r"(-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
_FORM = re.compile(rf"(gamma|log-normal)\(\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\)")


@dataclass(frozen=True, slots=True)
class AlphaPrior:
    """A prior distribution of alpha.

    Parameters
    ----------
    kind : {"gamma", "log-normal"}
        Its form.
    first, second : float
        Shape and rate, or mean and standard deviation of log alpha.
    """

    kind: Literal["gamma", "log-normal"]
    first: float
    second: float

    @property
    def in_log_alpha(self) -> tuple[float, float, float]:
        """Shape, rate and precision of log p(u) = shape u - rate e^u - precision u^2 / 2.

        Examples
        --------
        >>> AlphaPrior("log-normal", 1.0, 0.5).in_log_alpha
        (4.0, 0.0, 4.0)
        """
        if self.kind == "gamma":
            return self.first, self.second, 0.0
        return self.first / self.second**2, 0.0, 1 / self.second**2

    @property
    def words(self) -> str:
        """The distribution in words."""
        if self.kind == "gamma":
            return f"alpha ~ Gamma({self.first:g}, rate {self.second:g})"
        return f"log alpha ~ Normal({self.first:g}, standard deviation {self.second:g})"

    def draw_log_alpha(self, rng: np.random.Generator, draws: int) -> FloatArray:
        """Draws of log alpha, shape (draws,); alpha itself may be too small for a number."""
        if self.kind == "log-normal":
            normal: FloatArray = rng.normal(self.first, self.second, draws)
            return normal
        # A Gamma(s) is a Gamma(s + 1) times U^(1/s), in logs because that may be 1e-1000.
        log_gamma = np.log(rng.standard_gamma(self.first + 1, draws)) - rng.standard_exponential(draws) / self.first
        log_alpha: FloatArray = log_gamma - np.log(self.second)
        return log_alpha


def parse_alpha_prior(text: str) -> AlphaPrior:
    """The prior of alpha that a text names.

    Raises
    ------
    ValueError
        When the text names none; the message says what may be written.

    Examples
    --------
    >>> parse_alpha_prior("log-normal(0, 1)").words
    'log alpha ~ Normal(0, standard deviation 1)'
    >>> parse_alpha_prior("gamma 0.25")
    Traceback (most recent call last):
        ...
    ValueError: 'gamma 0.25' is no prior of alpha; write "gamma(shape, rate)" or "log-normal(mean, sd)" of log alpha
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(
            f'{text!r} is no prior of alpha; write "gamma(shape, rate)" or "log-normal(mean, sd)" of log alpha'
        )
    first, second = float(found[2]), float(found[3])
    if found[1] == "gamma":
        if not (0 < first < np.inf and 0 < second < np.inf):
            raise ValueError(f"{text!r}: shape and rate of the Gamma distribution must be above 0 and finite")
        return AlphaPrior("gamma", first, second)
    if not (abs(first) <= 100 and 0.01 <= second <= 100):
        raise ValueError(
            f"{text!r}: the mean of log alpha must lie between -100 and 100, and its standard deviation between 0.01 "
            "and 100"
        )
    return AlphaPrior("log-normal", first, second)
