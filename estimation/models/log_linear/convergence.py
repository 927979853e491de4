"""Whether the iterative fits that an estimate rests on came to rest at the maximum of their likelihood.

The score and the information are computed anew from the coefficients, by other code than that which climbed:

    gain left = (X'(n - mu))' (X' diag(mu) X)^-1 (X'(n - mu)) / 2

is what another Newton step would add to the log likelihood.  At the maximum the score is zero, and so is the gain, to
the last decimals of a sum of so many people.

Symbols: as in `estimation.models.log_linear.poisson_fit`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.log_linear.family import Family
from estimation.models.log_linear.terms import model_design
from estimation.results.diagnostics import Check

__all__ = ["family_check", "gain_check", "gain_left"]

_MOST = 1e-8
"""Log likelihood; a gain of 0.005 would move an estimate by a tenth of its standard error."""

_NEGLIGIBLE = 1e-6
"""Weight in an average below which a model moves no number."""


def gain_left(design: FloatArray, counts: IntArray | FloatArray, coefficients: FloatArray) -> float:
    """What another Newton step would add to the log likelihood; not a number where the fit is none.

    Parameters
    ----------
    design : float array, shape (C, P)
        X: the cells and columns of the fit.
    counts : array, shape (C,)
        The table.  Unit: persons.
    coefficients : float array, shape (P,)
        alpha, at which the fit came to rest.

    Examples
    --------
    >>> design = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    >>> at_rest = np.log([54 * 30 / 12, 12 / 30, 12 / 54])
    >>> gain_left(design, np.array([54, 30, 12]), at_rest) < 1e-20
    True
    >>> round(gain_left(design, np.array([54, 30, 12]), at_rest + 0.1), 2)
    2.23
    """
    mean = np.exp(design @ coefficients)
    score = design.T @ (counts - mean)
    information = design.T @ (mean[:, None] * design)
    return float(score @ np.linalg.solve(information, score)) / 2


def gain_check(gains: Sequence[float]) -> Check:
    """Whether each of some fits is at its maximum."""
    largest = float(np.max(gains))
    name = "log likelihood that the fit has left to gain" if len(gains) == 1 else "log likelihood left to gain, any fit"
    meaning = "What another step would add; next to nothing where the iterative fit has reached the maximum."
    return Check(name, largest, _MOST, bool(largest <= _MOST), meaning)


def family_check(family: Family, table: CaptureTable, weights: FloatArray | BoolArray) -> Check:
    """Whether the fits of the models with weight are at their maximum.

    Parameters
    ----------
    family : Family
        Models fitted to the table.
    table : CaptureTable
        Who was seen by which lists.
    weights : array, shape (F,)
        Of the models.
    """
    design, counts = model_design(family.models), table.cells()[1:]
    gains = []
    for k in np.flatnonzero(np.asarray(weights, dtype=np.float64) > _NEGLIGIBLE).tolist():
        columns, retained = family.columns[k], family.retained[k]
        gains.append(
            gain_left(design[np.ix_(retained, columns)], counts[retained], family.fits.coefficients[k][columns])
        )
    return gain_check(gains)
