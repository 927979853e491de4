"""Prior distributions of N, the number of people, written as a short text that also works in a study file.

=============================  =======================================================================================
``"1/N"``                      p(N) proportional to 1/N: the order of magnitude is unknown (Jeffreys).
``"flat"``                     p(N) constant.
``"gamma-poisson(a, b)"``      N is Poisson with a mean that is Gamma with shape a and scale b: mean a b,
                               log p(N) = N log b - (N + a) log(1 + b) + logG(N + a) - logG(N + 1) - logG(a).
``"log-normal(m, u)"``         N is log-normal with median m, and is below u with probability 90 %:
                               log p(N) = -log N - (log N - log m)^2 / (2 s^2), s = log(u / m) / 1.2816.
``"... up to M"``              any of these, with N at most M: a register, or another justified bound.
=============================  =======================================================================================

References: Jeffreys (1961), Theory of Probability; Madigan, York (1997), Biometrika 84:19-31, section 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log
from statistics import NormalDist
from typing import Literal, TypeAlias

import numpy as np

from estimation.capture.table import FloatArray
from estimation.models.graphs.log_gamma import log_gamma_ratio
from estimation.models.protocol import PRIOR_ON_N

__all__ = ["PriorOnN", "parse_prior_on_n"]

PriorKind: TypeAlias = Literal["1/N", "flat", "gamma-poisson", "log-normal"]

_NUMBER = r"((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
_GAMMA_POISSON = re.compile(rf"gamma-poisson\(\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\)")
_LOG_NORMAL = re.compile(rf"log-normal\(\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\)")
_UP_TO = re.compile(r"(.*?)\s+up\s+to\s+([0-9][0-9,_ ]*)")
_FORMS = (
    'write "1/N", "flat", "gamma-poisson(shape, scale)" or "log-normal(median, upper 90 %)", each with " up to M" for '
    "an upper bound M if wanted"
)
_CONTRADICTED = 0.75
"""Prior probability below the people observed from which a prior is said to be contradicted."""
_PERCENTILE_90 = NormalDist().inv_cdf(0.9)


@dataclass(frozen=True, slots=True)
class PriorOnN:
    """A prior distribution of N, up to a constant.

    Parameters
    ----------
    kind : {"1/N", "flat", "gamma-poisson", "log-normal"}
        Its form.
    shape, scale : float
        Of the Gamma distribution, for ``"gamma-poisson"``; scale in persons.
    median, percentile_90 : float
        For ``"log-normal"``: N is below them with probabilities 50 and 90 %.  Unit: persons.
    upper : int, optional
        The most people there can be.  Unit: persons.
    """

    kind: PriorKind
    shape: float = 1.0
    scale: float = 1.0
    upper: int | None = None
    median: float = 1.0
    percentile_90: float = 2.0

    @property
    def log_sd(self) -> float:
        """The standard deviation of log N under ``"log-normal"``.

        Examples
        --------
        >>> round(PriorOnN("log-normal", median=8000, percentile_90=20000).log_sd, 3)
        0.715
        """
        return log(self.percentile_90 / self.median) / _PERCENTILE_90

    @property
    def is_proper(self) -> bool:
        """Whether it is a distribution before anybody is counted; 1/N and a flat prior without a bound are none."""
        return self.kind in ("gamma-poisson", "log-normal") or (self.kind == "flat" and self.upper is not None)

    def contradicted_by(self, n_observed: int) -> tuple[str, ...]:
        """A warning where a stated prior put most of its probability below the people observed.

        Examples
        --------
        >>> PriorOnN("log-normal", median=500, percentile_90=900).contradicted_by(1000)[0][:66]
        'Warning: the prior put 93 % of its probability below the 1,000 peo'
        """
        if self.kind != "log-normal":
            return ()
        below = NormalDist(log(self.median), self.log_sd).cdf(log(n_observed))
        if below < _CONTRADICTED:
            return ()
        return (
            f"Warning: the prior put {below:.0%} of its probability below the {n_observed:,} people observed; what is "
            "left of it is its tail. State the prior anew, before looking at the table.".replace("%", " %"),
        )

    def log_density(self, people: FloatArray) -> FloatArray:
        """Log p(N), up to a constant, for N below the upper bound.

        Parameters
        ----------
        people : float array, shape (P,)
            Values of N, above 0.  Unit: persons.

        Returns
        -------
        float array, shape (P,)

        Examples
        --------
        >>> PriorOnN("1/N").log_density(np.array([1.0, np.e])).tolist()
        [-0.0, -1.0]
        """
        if self.kind == "1/N":
            return -np.log(people)
        if self.kind == "flat":
            return np.zeros_like(people)
        if self.kind == "log-normal":
            log_people = np.log(people)
            below: FloatArray = -log_people - ((log_people - log(self.median)) / self.log_sd) ** 2 / 2
            return below
        log_density: FloatArray = log_gamma_ratio(people, self.shape, 1.0) - people * np.log1p(1 / self.scale)
        return log_density

    @property
    def sentence(self) -> str:
        """The prior in words."""
        words = {
            "1/N": PRIOR_ON_N.removesuffix("."),
            "flat": "Every N is equally plausible before the table is seen (flat prior)",
            "gamma-poisson": (
                f"Before the table is seen, N is Poisson with a Gamma mean (shape {self.shape:g}, scale "
                f"{self.scale:g}): {self.shape * self.scale:,.0f} people, give or take "
                f"{np.sqrt(self.shape * self.scale * (1 + self.scale)):,.0f} (mean and standard deviation)"
            ),
            "log-normal": (
                f"Before the table is seen, N is log-normal: below {self.median:,.0f} people with probability 50 %, "
                f"and below {self.percentile_90:,.0f} with probability 90 %; it is not below the people observed"
            ),
        }[self.kind]
        return words + (f", and N is at most {self.upper:,}." if self.upper is not None else ".")


def parse_prior_on_n(text: str) -> PriorOnN:
    """The prior that a text names.

    Raises
    ------
    ValueError
        When the text names none; the message says what may be written.

    Examples
    --------
    >>> parse_prior_on_n("gamma-poisson(13.14, 55.17)").scale
    55.17
    >>> parse_prior_on_n("1/N up to 45,000").upper
    45000
    >>> parse_prior_on_n("uniform")
    Traceback (most recent call last):
        ...
    ValueError: 'uniform' is no prior on N; write "1/N", "flat", "gamma-poisson(shape, scale)" or "log-normal(median,
    upper 90 %)", each with " up to M" for an upper bound M if wanted
    """
    rest, upper = text.strip(), None
    bounded = _UP_TO.fullmatch(rest)
    if bounded is not None:
        rest, upper = bounded[1], int(re.sub("[,_ ]", "", bounded[2]))
    if upper == 0:
        raise ValueError(f"{text!r} bounds N by 0; the upper bound must be at least 1")
    if rest == "1/N":
        return PriorOnN("1/N", upper=upper)
    if rest == "flat":
        return PriorOnN("flat", upper=upper)
    lognormal = _LOG_NORMAL.fullmatch(rest)
    if lognormal is not None:
        median, percentile_90 = float(lognormal[1]), float(lognormal[2])
        if not 1 <= median < percentile_90 < np.inf:
            raise ValueError(
                f"{text!r}: the median must be at least 1 person and below the number that N is below with probability "
                "90 %, for example log-normal(8000, 20000)"
            )
        return PriorOnN("log-normal", median=median, percentile_90=percentile_90, upper=upper)
    gamma = _GAMMA_POISSON.fullmatch(rest)
    if gamma is None:
        raise ValueError(f"{text!r} is no prior on N; {_FORMS}")
    shape, scale = float(gamma[1]), float(gamma[2])
    if not (0 < shape < np.inf and 0 < scale < np.inf):
        raise ValueError(f"{text!r}: shape and scale of the Gamma distribution must be above 0 and finite")
    return PriorOnN("gamma-poisson", shape, scale, upper)
