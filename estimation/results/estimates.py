"""What a model answers: an Estimate, or NotEstimable with the reason.

Both are results: an `Estimate` gives a point, an interval of a stated kind and level, and (for a posterior) mean,
median and standard deviation; a `NotEstimable` says why there is no number.  Unit everywhere: persons.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from estimation.capture.table import FloatArray
from estimation.frames import Cell, frame_of, html_table
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.goodness_of_fit import RESIDUAL, GoodnessOfFit
from estimation.results.interval_kinds import IntervalKind
from estimation.results.rounding import persons, rounded
from estimation.results.totals import Draws, Grid, Interval, Point, checked_level

if TYPE_CHECKING:
    import pandas as pd

    from estimation.results.convergence import ArvizData

__all__ = ["RESULT_COLUMNS", "Estimate", "NotEstimable", "Result", "ResultTable", "result_row"]

RESULT_COLUMNS: Mapping[str, type] = MappingProxyType(
    {
        "model": str,
        "estimable": bool,
        "n_observed": int,
        "point": float,
        "mean": float,
        "median": float,
        "lower": float,
        "upper": float,
        "lower_error": float,
        "upper_error": float,
        "level": float,
        "interval_kind": str,
        "is_lower_bound": bool,
        "reason": str,
    }
)
"""The columns of a result and the type of each; ``point`` is the number that the headline quotes.

``lower_error`` and ``upper_error`` are the Monte Carlo errors of the ends, 0 where nothing was drawn or resampled.
"""


@dataclass(frozen=True, slots=True, repr=False)
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

    def to_frame(self) -> pd.DataFrame:
        """The table as a pandas frame."""
        # Imported here because pandas takes most of a second to load and most uses of a result do not need it.
        import pandas as pd

        return pd.DataFrame.from_records(list(self.rows), columns=list(self.columns))

    def __repr__(self) -> str:
        return _short(f"<ResultTable: {self.title} ({len(self.rows)} rows, {len(self.columns)} columns)>")

    def _repr_html_(self) -> str:
        numbers = [at for at in range(len(self.columns)) if all(not isinstance(row[at], str) for row in self.rows)]
        cells = [[_cell(value) for value in row] for row in self.rows]
        return html_table(self.title, self.columns, cells, right=numbers)


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
    fit : GoodnessOfFit, optional
        Whether the model fits the lists; None for one that expects nothing of the single histories.
    predicted : float array, shape (S, 2^J - 1), optional
        Probabilities of the histories among the people observed, by draws of the posterior from which the fit was
        checked (`mse.stack`); not saved with the result.
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
    fit: GoodnessOfFit | None = None
    predicted: FloatArray | None = None

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
    def residuals(self) -> ResultTable | None:
        """Each history with its residuals, the largest first; None for a model that expects nothing of them."""
        return next((table for table in self.tables if RESIDUAL in table.columns), None)

    @property
    def interval_kind(self) -> IntervalKind:
        """What the intervals are: credible (posterior), confidence, or a range across families."""
        if isinstance(self.total, Point):
            return self.total.intervals[0].kind if self.total.intervals else "confidence"
        return "credible"

    def interval(self, level: float = 0.95) -> Interval:
        """The equal-tailed interval for N at a level.

        Parameters
        ----------
        level : float
            Probability, between 0 and 1.

        Raises
        ------
        ValueError
            When the level is none, or a classical estimate has no interval at it.
        """
        checked_level(level)
        if isinstance(self.total, Point):
            for interval in self.total.intervals:
                if np.isclose(interval.level, level):
                    return interval
            levels = ", ".join(f"{interval.level:g}" for interval in self.total.intervals)
            raise ValueError(f"{self.title} has confidence intervals at {levels}, not at {level:g}")
        tail = (1 - level) / 2
        errors = (self.total.monte_carlo_error(tail), self.total.monte_carlo_error(1 - tail))
        return Interval(self.total.quantile(tail), self.total.quantile(1 - tail), level, "credible", errors)

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

        return to_arviz(self._draws())

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """The summary as a pandas frame of one row, with the columns of `mse.compare`.

        Parameters
        ----------
        level : float
            Level of the interval.

        Raises
        ------
        ValueError
            When a classical estimate has no interval at the level.
        """
        return frame_of([result_row(self, level=level)], RESULT_COLUMNS)

    def draws_frame(self) -> pd.DataFrame:
        """The draws as a pandas frame: one row a draw, with its chain, its place in the chain and what was drawn.

        An exact posterior is given as in `to_arviz`.

        Raises
        ------
        ValueError
            For a classical estimate, which has no posterior.
        """
        # Imported here because pandas takes most of a second to load and most uses of a result do not need it.
        import pandas as pd

        drawn = self._draws()
        chains, draws = drawn["N"].shape
        places = {"chain": np.repeat(np.arange(chains), draws), "draw": np.tile(np.arange(draws), chains)}
        return pd.DataFrame({**places, **{name: values.ravel() for name, values in drawn.items()}})

    def _draws(self) -> dict[str, FloatArray]:
        """What was drawn, by name, each of shape (chains, draws)."""
        if isinstance(self.total, Point):
            raise ValueError(f"{self.title} is a classical estimate: it has no posterior draws")
        if isinstance(self.total, Draws):
            return {"N": self.total.values.astype(float), **self.total.monitored}
        spaced = (np.arange(4000) + 0.5) / 4000
        at = np.searchsorted(np.cumsum(self.total.probabilities), spaced)
        values = self.total.values[np.minimum(at, self.total.values.size - 1)].astype(float)
        return {"N": np.random.default_rng(0).permutation(values).reshape(4, 1000)}

    def __str__(self) -> str:
        headline = rounded(self)
        return f"{headline} ({headline.interval_text}); {self.n_observed:,} observed"

    def __repr__(self) -> str:
        return _short(f"<Estimate by {self.title}: {self}>")

    def _repr_html_(self) -> str:
        interval = self.interval()
        bayesian = interval.kind == "credible"
        rows = [
            ("posterior median" if bayesian else "estimate", f"{persons(self.median)} people"),
            (
                interval.name,
                f"{persons(interval.lower)} to {persons(interval.upper)}",
            ),
            *([("posterior mean", f"{persons(self.mean)} people")] if bayesian else []),
            ("standard deviation" if bayesian else "standard error", f"{persons(self.sd)} people"),
            *([("its ends", interval.errors_text)] if interval.errors_text else []),
            ("on at least one list", f"{persons(self.n_observed)} people"),
            *(("assumption", sentence) for sentence in self.assumptions),
            *(("note", sentence) for sentence in self.notes),
            ("computation", self.diagnostics.sentence),
            *([("fit to the lists", self.fit.sentence)] if self.fit else []),
        ]
        return html_table(str(self), ["model", self.title], rows)


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
        return _short(f"<NotEstimable: {self}>")

    def to_frame(self) -> pd.DataFrame:
        """The reason as a pandas frame of one row, with the columns of `mse.compare`; no number is in it."""
        return frame_of([result_row(self)], RESULT_COLUMNS)

    def _repr_html_(self) -> str:
        rows = [
            ("reason", self.reason),
            ("on at least one list", f"{persons(self.n_observed)} people"),
            *(("assumption", sentence) for sentence in self.assumptions),
            *([("computation", self.diagnostics.sentence)] if self.diagnostics.checks else []),
        ]
        return html_table("Not estimable", ["model", self.title], rows)


Result: TypeAlias = Estimate | NotEstimable


def result_row(result: Result, *, level: float = 0.95) -> dict[str, Cell]:
    """A result as one row.

    Parameters
    ----------
    result : Estimate or NotEstimable
        The answer of a model.
    level : float
        Level of the interval.

    Returns
    -------
    dict
        With the keys `RESULT_COLUMNS`; None where there is no number, and for the upper end of an interval without
        upper limit.

    Raises
    ------
    ValueError
        When a classical estimate has no interval at the level.

    Examples
    --------
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> row = result_row(ChaoLowerBound().fit(table, rng=1))
    >>> row["model"], row["estimable"], round(row["point"]), row["interval_kind"]
    ('chao', True, 126, 'confidence')
    """
    row: dict[str, Cell] = dict.fromkeys(RESULT_COLUMNS)
    row |= {"model": result.model, "estimable": isinstance(result, Estimate), "n_observed": result.n_observed}
    if not isinstance(result, Estimate):
        return row | {"reason": result.reason}
    interval = result.interval(level)
    return row | {
        "point": _finite(result.median),
        "mean": _finite(result.mean),
        "median": _finite(result.median),
        "lower": _finite(interval.lower),
        "upper": _finite(interval.upper),
        "lower_error": interval.errors[0],
        "upper_error": interval.errors[1],
        "level": level,
        "interval_kind": interval.kind,
        "is_lower_bound": result.is_lower_bound,
    }


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _cell(value: str | int | float) -> str:
    """A cell of a table as it is read."""
    if isinstance(value, str) or not isfinite(value):
        return str(value)
    return f"{value:,.0f}" if isinstance(value, int) or abs(value) >= 1000 else f"{value:.4g}"


def _short(text: str) -> str:
    """A text that does not fill the screen."""
    return textwrap.shorten(text, 400, placeholder=" ...")
