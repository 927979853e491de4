"""What is known about N, in one of three ways, and the interval that each gives.

- `Draws`: a sample from the posterior of N, by chain;
- `Grid`: the exact posterior of N, value by value;
- `Point`: a classical estimate with its standard error and confidence intervals.

Unit everywhere: persons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

import numpy as np
import numpy.typing as npt

from estimation.capture.table import FloatArray, IntArray
from estimation.results.interval_kinds import IntervalKind, interval_name
from estimation.results.rounding import monte_carlo_error, persons

__all__ = ["Draws", "Grid", "Interval", "Point", "checked_level"]


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval for a number of persons, with its kind and level.

    Parameters
    ----------
    lower, upper : float
        Its ends.  Unit: persons.
    level : float
        Between 0 and 1.
    kind : {"credible", "confidence", "one-sided confidence", "range across families"}
        What it is.
    errors : (float, float)
        Monte Carlo errors of the ends, where they come from draws or resamples.  Unit: persons.

    Examples
    --------
    >>> print(Interval(8908, 13947, 0.95, "credible"))
    95 % credible interval 8,908 to 13,947
    """

    lower: float
    upper: float
    level: float
    kind: IntervalKind
    errors: tuple[float, float] = field(default=(0.0, 0.0), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.name} {persons(self.lower)} to {persons(self.upper)}"

    @property
    def name(self) -> str:
        """What it is, with its level."""
        return interval_name(self.level, self.kind)

    @property
    def errors_text(self) -> str:
        """The Monte Carlo errors of the ends as they are read; empty where none is of a person or more.

        Examples
        --------
        >>> Interval(6830, 18_275, 0.95, "confidence", (65.2, 130.4)).errors_text
        'Monte Carlo errors of its ends: 65 and 130 people.'
        """
        if round(max(self.errors)) < 1:
            return ""
        first, second = (persons(error) for error in self.errors)
        return f"Monte Carlo errors of its ends: {first} and {second} people."


def checked_level(level: float) -> float:
    """The level of an interval, if it is one.

    Raises
    ------
    ValueError
        When it does not lie between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"the level of an interval is {level}; it must lie between 0 and 1, for example 0.95")
    return level


def _read_only(array: npt.ArrayLike, dtype: type) -> npt.NDArray[np.generic]:
    copied: npt.NDArray[np.generic] = np.array(array, dtype=dtype)
    copied.flags.writeable = False
    return copied


def _once(known: dict[tuple[str, float], float], key: tuple[str, float], make: Callable[[], float]) -> float:
    """What is known under a key, or else made and known from then on: a report asks for the same a hundred times."""
    if key not in known:
        known[key] = make()
    return known[key]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Draws:
    """A sample from the posterior of N, the randomness of the number of unobserved people included.

    Parameters
    ----------
    values : int array, shape (chains, draws)
        Draws of N.  Unit: persons.
    monitored : mapping of str to float array, shape (chains, draws)
        Other quantities whose convergence matters, for example ``"log alpha"``.
    """

    values: IntArray
    monitored: Mapping[str, FloatArray] = field(default_factory=dict)
    _known: dict[tuple[str, float], float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        values = cast(IntArray, _read_only(self.values, np.int64))
        if values.ndim != 2 or values.size == 0:
            raise ValueError(f"draws have shape {values.shape}; it must be (chains, draws), with at least one draw")
        object.__setattr__(self, "values", values)
        monitored = {name: cast(FloatArray, _read_only(v, np.float64)) for name, v in self.monitored.items()}
        object.__setattr__(self, "monitored", MappingProxyType(monitored))

    def __reduce__(self) -> tuple[type[Draws], tuple[IntArray, dict[str, FloatArray]]]:
        """How another process is given a copy: a read-only mapping cannot be pickled as it is."""
        return Draws, (self.values, dict(self.monitored))

    @property
    def mean(self) -> float:
        """Posterior mean of N.  Unit: persons."""
        return float(self.values.mean())

    @property
    def sd(self) -> float:
        """Posterior standard deviation of N.  Unit: persons."""
        return float(self.values.std(ddof=1)) if self.values.size > 1 else 0.0

    def quantile(self, probability: float) -> float:
        """Posterior quantile of N.  Unit: persons."""
        return _once(self._known, ("quantile", probability), lambda: float(np.quantile(self.values, probability)))

    def probability_at_least(self, figure: float) -> float:
        """Posterior probability that N is at least a figure."""
        return float((self.values >= figure).mean())

    def __repr__(self) -> str:
        chains, draws = self.values.shape
        return f"<Draws: {chains} chains of {draws:,}; median {persons(self.quantile(0.5))} people>"

    def monte_carlo_error(self, probability: float) -> float:
        """How far another run of the chains would put a quantile: its standard error.  Unit: persons."""
        return _once(self._known, ("error", probability), lambda: monte_carlo_error(self.values, probability))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Grid:
    """The exact posterior of N on consecutive values.

    Parameters
    ----------
    values : int array, shape (G,)
        Values of N, increasing.  Unit: persons.
    probabilities : float array, shape (G,)
        Posterior probability of each; made to add to 1.
    """

    values: IntArray
    probabilities: FloatArray
    _known: dict[tuple[str, float], float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        values = cast(IntArray, _read_only(self.values, np.int64))
        weights = np.array(self.probabilities, dtype=np.float64)
        if values.ndim != 1 or values.shape != weights.shape or values.size == 0:
            raise ValueError(f"values {values.shape} and probabilities {weights.shape} must be equal vectors")
        if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
            raise ValueError("probabilities must be finite, not negative, and not all zero")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "probabilities", _read_only(weights / weights.sum(), np.float64))

    @property
    def mean(self) -> float:
        """Posterior mean of N.  Unit: persons."""
        return _once(self._known, ("mean", 0.0), lambda: float(self.values @ self.probabilities))

    @property
    def sd(self) -> float:
        """Posterior standard deviation of N.  Unit: persons."""
        return float(np.sqrt(((self.values - self.mean) ** 2) @ self.probabilities))

    @property
    def mode(self) -> int:
        """The most probable value of N.  Unit: persons."""
        return int(self.values[np.argmax(self.probabilities)])

    def quantile(self, probability: float) -> float:
        """The smallest value of N with at least that probability at or below it.  Unit: persons."""
        below = np.cumsum(self.probabilities)
        return float(self.values[min(int(np.searchsorted(below, probability)), self.values.size - 1)])

    def probability_at_least(self, figure: float) -> float:
        """Posterior probability that N is at least a figure."""
        return float(self.probabilities[self.values >= figure].sum())

    def __repr__(self) -> str:
        ends = f"{persons(self.values[0])} to {persons(self.values[-1])}"
        return f"<Grid: {self.values.size:,} values from {ends} people; median {persons(self.quantile(0.5))}>"

    def monte_carlo_error(self, probability: float) -> float:
        """0: an exact posterior is not drawn.  Unit: persons."""
        return 0.0


@dataclass(frozen=True, slots=True)
class Point:
    """A classical estimate: a point, its standard error, and a confidence interval.

    Parameters
    ----------
    value : float
        The point estimate of N.  Unit: persons.
    standard_error : float
        Its standard error.  Unit: persons.
    intervals : tuple of Interval
        Confidence intervals, by level.
    sd_error : float
        Monte Carlo error of the standard error, where it comes from resamples.  Unit: persons.
    value_error : float
        Monte Carlo error of the point, where it is an average over tables that were drawn.  Unit: persons.
    """

    value: float
    standard_error: float
    intervals: tuple[Interval, ...]
    sd_error: float = field(default=0.0, compare=False, repr=False)
    value_error: float = field(default=0.0, compare=False, repr=False)

    @property
    def mean(self) -> float:
        """The point: a classical estimate has no distribution to take a mean of."""
        return self.value

    @property
    def sd(self) -> float:
        """The standard error.  Unit: persons."""
        return self.standard_error

    def monte_carlo_error(self, probability: float) -> float:
        """That of the point: 0 unless it is an average over tables that were drawn.  Unit: persons."""
        return self.value_error
