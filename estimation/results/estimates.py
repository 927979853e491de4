"""What a model answers: an Estimate, or NotEstimable with the reason.

An `Estimate` knows what is known about N in one of three ways:

- `Draws`: a sample from the posterior of N, by chain;
- `Grid`: the exact posterior of N, value by value;
- `Point`: a classical estimate with its standard error and confidence interval.

All three give the same summary: a point, an interval of a stated kind and level, and (for a posterior) mean,
median and standard deviation.  Unit everywhere: persons.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from estimation.capture.table import FloatArray, IntArray
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.rounding import monte_carlo_error, persons, rounded

if TYPE_CHECKING:
    from estimation.results.convergence import ArvizData

__all__ = ["Draws", "Estimate", "Grid", "Interval", "NotEstimable", "Point", "Result", "ResultTable"]

IntervalKind: TypeAlias = Literal["credible", "confidence"]


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval for a number of persons, with its kind and level.

    Examples
    --------
    >>> print(Interval(8908, 13947, 0.95, "credible"))
    95 % credible interval 8,908 to 13,947
    """

    lower: float
    upper: float
    level: float
    kind: IntervalKind

    def __str__(self) -> str:
        return f"{self.level * 100:g} % {self.kind} interval {persons(self.lower)} to {persons(self.upper)}"


def _checked_level(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"the level of an interval is {level}; it must lie between 0 and 1, for example 0.95")
    return level


def _read_only(array: npt.ArrayLike, dtype: type) -> npt.NDArray[np.generic]:
    copied: npt.NDArray[np.generic] = np.array(array, dtype=dtype)
    copied.flags.writeable = False
    return copied


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """A sample from the posterior of N, the unseen people's own chance included.

    Parameters
    ----------
    values : int array, shape (chains, draws)
        Draws of N.  Unit: persons.
    monitored : mapping of str to float array, shape (chains, draws)
        Other quantities whose convergence matters, for example ``"log alpha"``.
    """

    values: IntArray
    monitored: Mapping[str, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        values = cast(IntArray, _read_only(self.values, np.int64))
        if values.ndim != 2 or values.size == 0:
            raise ValueError(f"draws have shape {values.shape}; it must be (chains, draws), with at least one draw")
        object.__setattr__(self, "values", values)
        monitored = {name: cast(FloatArray, _read_only(v, np.float64)) for name, v in self.monitored.items()}
        object.__setattr__(self, "monitored", MappingProxyType(monitored))

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
        return float(np.quantile(self.values, probability))

    def probability_at_least(self, figure: float) -> float:
        """Posterior probability that N is at least a figure."""
        return float((self.values >= figure).mean())

    def monte_carlo_error(self, probability: float) -> float:
        """How far another run of the chains would put a quantile: its standard error.  Unit: persons."""
        return monte_carlo_error(self.values, probability)


@dataclass(frozen=True, slots=True, eq=False)
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
        return float(self.values @ self.probabilities)

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
    """

    value: float
    standard_error: float
    intervals: tuple[Interval, ...]

    @property
    def mean(self) -> float:
        """The point: a classical estimate has no distribution to take a mean of."""
        return self.value

    @property
    def sd(self) -> float:
        """The standard error.  Unit: persons."""
        return self.standard_error

    def monte_carlo_error(self, probability: float) -> float:
        """0: a classical estimate is not drawn from a posterior.  Unit: persons."""
        return 0.0


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A table that belongs to a result, for example the weights of the graphs.

    Parameters
    ----------
    title : str
        What the table shows.
    columns : tuple of str
        Headings, with units.
    rows : tuple of tuples
        One value a column.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Estimate:
    """The number of people, counted and uncounted, with what it rests on.

    Parameters
    ----------
    total : Draws, Grid or Point
        What is known about N.  Unit: persons.
    n_observed : int
        People on at least one list.  Unit: persons.
    model : str
        Name of the model, as on the command line (``"decomposable"``).
    title : str
        Name of the model for a reader (``"Decomposable graphs"``).
    assumptions : tuple of str
        Sentences; the first is the identifying assumption.
    diagnostics : Diagnostics
        Did the computation work.
    provenance : Provenance
        What made the number.
    is_lower_bound : bool
        Whether the number bounds N from below and is not an estimate of N itself.
    notes : tuple of str
        Sentences that the reader of the number must see.
    tables : tuple of ResultTable
        Tables that belong to the result.
    """

    total: Draws | Grid | Point
    n_observed: int
    model: str
    title: str
    assumptions: tuple[str, ...]
    diagnostics: Diagnostics
    provenance: Provenance
    is_lower_bound: bool = False
    notes: tuple[str, ...] = ()
    tables: tuple[ResultTable, ...] = ()

    def __post_init__(self) -> None:
        if not self.assumptions:
            raise ValueError(f"{self.title}: an estimate without an assumption is not one; state it")

    @property
    def mean(self) -> float:
        """Posterior mean of N; for a classical estimate, its point.  Unit: persons."""
        return self.total.mean

    @property
    def sd(self) -> float:
        """Posterior standard deviation of N; for a classical estimate, its standard error.  Unit: persons."""
        return self.total.sd

    @property
    def median(self) -> float:
        """Posterior median of N; for a classical estimate, its point.  Unit: persons."""
        return self.total.value if isinstance(self.total, Point) else self.total.quantile(0.5)

    @property
    def interval_kind(self) -> IntervalKind:
        """Whether the intervals are credible (posterior) or confidence intervals."""
        return "confidence" if isinstance(self.total, Point) else "credible"

    def interval(self, level: float = 0.95) -> Interval:
        """The equal-tailed interval for N at a level.

        Raises
        ------
        ValueError
            When the level is not between 0 and 1, or a classical estimate has no interval at it.
        """
        _checked_level(level)
        if isinstance(self.total, Point):
            for interval in self.total.intervals:
                if np.isclose(interval.level, level):
                    return interval
            levels = ", ".join(f"{interval.level:g}" for interval in self.total.intervals)
            raise ValueError(f"{self.title} has confidence intervals at {levels}, not at {level:g}")
        tail = (1 - level) / 2
        return Interval(self.total.quantile(tail), self.total.quantile(1 - tail), level, "credible")

    def to_arviz(self) -> ArvizData:
        """The draws as ArviZ data (InferenceData or DataTree, as the installed ArviZ has it).

        An exact posterior is given as 4 chains of 1,000 evenly spaced quantiles, in an order that is shuffled
        with a fixed seed, so that ArviZ's own summaries and plots apply to it.

        Raises
        ------
        ValueError
            For a classical estimate, which has no posterior.
        """
        # Imported here because loading ArviZ takes seconds and most uses of a result do not need it.
        from estimation.results.convergence import to_arviz

        if isinstance(self.total, Point):
            raise ValueError(f"{self.title} is a classical estimate: it has no posterior draws for ArviZ")
        if isinstance(self.total, Draws):
            return to_arviz({"N": self.total.values.astype(float), **self.total.monitored})
        spaced = (np.arange(4000) + 0.5) / 4000
        at = np.searchsorted(np.cumsum(self.total.probabilities), spaced)
        values = self.total.values[np.minimum(at, self.total.values.size - 1)].astype(float)
        return to_arviz({"N": np.random.default_rng(0).permutation(values).reshape(4, 1000)})

    def __str__(self) -> str:
        headline = rounded(self)
        return f"{headline} ({headline.interval_text}); {self.n_observed:,} observed"

    def __repr__(self) -> str:
        return f"<Estimate by {self.title}: {self}>"

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in (*self.assumptions, *self.notes))
        return (
            f"<div><strong>{html.escape(str(self))}</strong><br>{html.escape(self.title)}. "
            f"{html.escape(self.diagnostics.sentence)}<ul>{said}</ul></div>"
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NotEstimable:
    """The data cannot carry the model, or the computation cannot be trusted; a result too, and it says why.

    Parameters
    ----------
    n_observed : int
        People on at least one list.  Unit: persons.
    model, title : str
        Name of the model, on the command line and for a reader.
    reason : str
        One or two sentences: what stands in the way, and what could be done.
    assumptions : tuple of str
        What the model would have assumed.
    provenance : Provenance
        What was tried.
    diagnostics : Diagnostics
        The checks that failed, when it was the computation that failed.
    evidence : Draws, optional
        The draws that were not good enough to make a number of, for whoever wants to look.
    tables : tuple of ResultTable
        Tables that show what stands in the way, for example each chain's own answer.
    """

    n_observed: int
    model: str
    title: str
    reason: str
    assumptions: tuple[str, ...]
    provenance: Provenance
    diagnostics: Diagnostics = field(default_factory=Diagnostics)
    evidence: Draws | None = None
    tables: tuple[ResultTable, ...] = ()

    def __str__(self) -> str:
        return f"not estimable by {self.title}: {self.reason} ({self.n_observed:,} observed)"

    def __repr__(self) -> str:
        return f"<NotEstimable: {self}>"

    def _repr_html_(self) -> str:
        return f"<div><strong>Not estimable</strong> by {html.escape(self.title)}: {html.escape(self.reason)}</div>"


Result: TypeAlias = Estimate | NotEstimable
