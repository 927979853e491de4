"""Does the model fit the lists?  Discrepancies between the table and what a fitted model expects, with p-values.

A check of fit is about the histories that somebody has.  The observed cells cannot check the unseen cell: a model may
fit every list and still be wrong about the people on no list.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias

import numpy as np

from estimation.capture.table import FloatArray

__all__ = [
    "MISFIT",
    "RESIDUAL",
    "SATURATED",
    "UNSEEN_UNCHECKED",
    "FitMeasure",
    "FitMethod",
    "GoodnessOfFit",
    "PredictiveFit",
]

FitMethod: TypeAlias = Literal["posterior predictive check", "parametric bootstrap", "chi-square", "saturated"]

MISFIT = 0.01
"""A p-value below this says that the model does not fit."""

RESIDUAL = "Freeman-Tukey residual"
"""The column that every table of residuals has."""

UNSEEN_UNCHECKED = (
    "The observed cells cannot check the unseen cell: a model may fit every list and still be wrong about the people "
    "on no list."
)


@dataclass(frozen=True, slots=True)
class FitMeasure:
    """One discrepancy between the table and what the model expects.

    Parameters
    ----------
    name : str
        What is compared, for example ``"deviance"``.
    p_value : float
        The probability of a discrepancy at least as large when the model holds.
    error : float
        Its Monte Carlo standard error; 0 where nothing was simulated.
    """

    name: str
    p_value: float
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class GoodnessOfFit:
    """Whether a fitted model and the observed cells agree.

    Parameters
    ----------
    method : str
        How the p-values were computed; ``"saturated"`` where the model fits any table, and no check can fail.
    measures : tuple of FitMeasure
        The discrepancies; empty where the model is saturated.
    replicates : int
        Simulated tables; 0 where none was needed.
    worst : str
        The part of the table that fits worst, with what was observed and what is expected of it.
    remark : str
        What else the reader of the p-values must know, for example ``"without the register"``.

    Examples
    --------
    >>> fit = GoodnessOfFit("chi-square", (FitMeasure("deviance", 0.21),), worst="A + B: 5 observed, 9.1 expected")
    >>> fit.fits, fit.sentence
    (True, 'No misfit found (chi-square): the smallest p-value is 0.21 (deviance).')
    """

    method: FitMethod
    measures: tuple[FitMeasure, ...] = ()
    replicates: int = 0
    worst: str = ""
    remark: str = ""

    @property
    def smallest(self) -> FitMeasure | None:
        """The discrepancy with the smallest p-value; None where the model is saturated."""
        return min(self.measures, key=lambda measure: measure.p_value, default=None)

    @property
    def fits(self) -> bool | None:
        """Whether no p-value is below `MISFIT`; None where no check can fail."""
        return None if self.smallest is None else self.smallest.p_value >= MISFIT

    @property
    def p_value_text(self) -> str:
        """The smallest p-value with its sign; one that no simulated table reached is below the least that can be."""
        if self.smallest is None:
            return ""
        p = self.smallest.p_value
        least = 1 / self.replicates if self.replicates else 0.0001
        return f"< {least:.2g}" if p < least else f"{p:.2f}" if p >= 0.1 else f"{p:.2g}"

    @property
    def sentence(self) -> str:
        """The verdict, for an analyst."""
        if self.smallest is None:
            return SATURATED
        simulated = f"{self.replicates:,} simulated tables" if self.replicates else ""
        how = ", ".join(part for part in (self.method, simulated, self.remark) if part)
        is_below = self.p_value_text.startswith("<")
        found = f"{'below' if is_below else 'is'} {self.p_value_text.removeprefix('< ')} ({self.smallest.name})"
        if self.fits:
            return f"No misfit found ({how}): the smallest p-value {found}."
        worst = f" Worst: {self.worst}." if self.worst else ""
        return f"The model does not fit the lists ({how}): the smallest p-value {found}.{worst}"


SATURATED = (
    "The model is saturated: it has a parameter for every observable history, so it fits any table, and no check of "
    "fit can fail."
)


@dataclass(frozen=True, slots=True)
class PredictiveFit(GoodnessOfFit):
    """A posterior predictive check together with what it was made from.

    Parameters
    ----------
    cells : float array, shape (S, C)
        Probabilities of the histories among the people observed, by draws of the posterior.
    """

    cells: FloatArray = field(default_factory=lambda: np.empty((0, 0)), repr=False, compare=False)

    @property
    def without_cells(self) -> GoodnessOfFit:
        """The verdict alone."""
        return GoodnessOfFit(**{each.name: getattr(self, each.name) for each in fields(GoodnessOfFit)})
