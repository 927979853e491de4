"""Residuals by capture history: what was observed, what a fitted model expects, and how far apart they are.

Symbols
-------
o_h, e_h : people observed and expected with history h.   l_h : leverage of a maximum-likelihood fit in it.

    Pearson (o - e) / sqrt(e)      Freeman-Tukey sqrt(o) + sqrt(o + 1) - sqrt(4 e + 1)
    adjusted (o - e) / sqrt(e (1 - l))

A fit follows the table, so that Pearson residuals are less spread than a standard normal; adjusted ones are not, where
e is not small.  They are for maximum likelihood; beside a posterior stands the two-sided posterior predictive p-value.

References: Freeman, Tukey (1950), Annals of Mathematical Statistics 21:607-611; Haberman (1973), Biometrics 29:205-220,
for adjusted residuals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.results.estimates import ResultTable
from estimation.results.goodness_of_fit import RESIDUAL

__all__ = ["adjusted_residuals", "freeman_tukey", "history_names", "in_words", "residual_table", "worst_history"]

_COLUMNS = (
    "history",
    "observed (persons)",
    "expected (persons)",
    "Pearson residual",
    RESIDUAL,
)
_FOLLOWED = 1e-6
"""A fit with so little of its variance left in a cell follows it exactly: the adjusted residual is 0."""


def history_names(lists: Sequence[str]) -> tuple[str, ...]:
    """Each observable history by its lists, in the order of `CaptureTable.cells`.

    Examples
    --------
    >>> history_names(["A", "B"])
    ('A', 'B', 'A + B')
    """
    return tuple(
        " + ".join(name for j, name in enumerate(lists) if code >> j & 1) for code in range(1, 1 << len(lists))
    )


def in_words(value: float) -> str:
    """A count or an expected count with three digits, a large one whole.

    Examples
    --------
    >>> in_words(0.4567), in_words(12.345), in_words(4400.2)
    ('0.457', '12.3', '4,400')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def freeman_tukey(observed: FloatArray | IntArray, expected: FloatArray) -> FloatArray:
    """The Freeman-Tukey residuals, of the shape of both.

    Examples
    --------
    >>> freeman_tukey(np.array([0, 9]), np.array([0.0, 9.0])).round(3).tolist()
    [0.0, 0.08]
    """
    return cast(FloatArray, np.sqrt(observed) + np.sqrt(observed + 1) - np.sqrt(4 * expected + 1))


def _divided(difference: FloatArray, by: FloatArray, least: float = 0.0) -> FloatArray:
    return np.divide(difference, np.sqrt(np.maximum(by, 0)), out=np.zeros_like(difference), where=by > least)


def adjusted_residuals(observed: FloatArray | IntArray, expected: FloatArray, leverage: FloatArray) -> FloatArray:
    """The adjusted residuals of a maximum-likelihood fit, shape (C,).

    Examples
    --------
    >>> adjusted_residuals(np.array([30, 20]), np.array([25.0, 25.0]), np.array([0.5, 0.5])).round(3).tolist()
    [1.414, -1.414]
    """
    return _divided(np.asarray(observed, dtype=np.float64) - expected, expected * (1 - leverage), _FOLLOWED)


def residual_table(
    title: str,
    names: Sequence[str],
    observed: FloatArray | IntArray,
    expected: FloatArray,
    *last: tuple[str, FloatArray],
) -> ResultTable:
    """Every history with its residuals, the largest Freeman-Tukey residual first.

    Parameters
    ----------
    title : str
        Of the model.
    names : sequence of str
        The histories.
    observed, expected : array, shape (C,)
        People with each.  Unit: persons.
    *last : tuple of str and float array, shape (C,)
        Heading and values of a last column.

    Examples
    --------
    >>> residual_table("a model", ["A", "B"], np.array([25, 30]), np.array([25.0, 25.0])).rows[0][:4]
    ('B', 30, 25.0, 1.0)
    """
    deviates = freeman_tukey(observed, expected)
    columns = (
        _divided(np.asarray(observed, dtype=np.float64) - expected, expected),
        deviates,
        *(values for _, values in last),
    )
    rows = tuple(
        (names[c], int(observed[c]), float(expected[c]), *(float(column[c]) for column in columns))
        for c in np.argsort(-np.abs(deviates), kind="stable").tolist()
    )
    headings = (*_COLUMNS, *(name for name, _ in last))
    return ResultTable(f"Residuals by capture history under {title}, the largest first", headings, rows)


def worst_history(residuals: ResultTable) -> str:
    """The history with the largest residual, in words.

    Examples
    --------
    >>> worst_history(residual_table("a model", ["A"], np.array([30]), np.array([25.0])))
    'A: 30 observed, 25 expected'
    """
    name, observed, expected = residuals.rows[0][:3]
    return f"{name}: {in_words(float(observed))} observed, {in_words(float(expected))} expected"
