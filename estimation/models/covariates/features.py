"""Covariates as the columns that scikit-learn fits on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack
from sklearn.preprocessing import OneHotEncoder, SplineTransformer

from estimation.capture.table import FloatArray, IntArray
from estimation.models.covariates.people import NOT_RECORDED

__all__ = ["Features", "features_of"]

_KNOTS = 5
_FEW = 8  # a number with no more values than this is taken as it is


@dataclass(frozen=True, slots=True)
class Features:
    """Covariates of each row, in the two forms that learners take.

    Parameters
    ----------
    places : float array, shape (C, L)
        For trees: the place of a value, or the number that it is (NaN where it is missing as a value of its own).
    categorical : tuple of bool, length L
        Whether each column's order has no meaning.
    design : sparse array, shape (C, P)
        For regressions: a column for each value of a categorical covariate, and for a number a cubic spline with
        knots at its quantiles (the number itself, where it has few values).
    """

    places: FloatArray
    categorical: tuple[bool, ...]
    design: csr_array


def features_of(codes: IntArray, values: Sequence[Sequence[str]], numeric: Sequence[bool]) -> Features:
    """The features of rows of whom all covariates are known.

    Parameters
    ----------
    codes : int array, shape (C, L)
        Places of values.
    values : sequence of sequence of str, length L
        The values of each covariate.
    numeric : sequence of bool, length L
        Whether each is a number; its values then are.
    """
    places, parts = codes.astype(np.float64), []
    for at, (texts, is_number) in enumerate(zip(values, numeric, strict=True)):
        column = codes[:, [at]]
        if not is_number:
            parts.append(OneHotEncoder(categories=[np.arange(len(texts))]).fit_transform(column))
            continue
        numbers = np.array([np.nan if text == NOT_RECORDED else float(text) for text in texts])
        places[:, at] = numbers[codes[:, at]]
        parts += _smooth(places[:, at])
    return Features(places, tuple(not is_number for is_number in numeric), csr_array(hstack(parts)))


def _smooth(numbers: FloatArray) -> list[csr_array]:
    """A number as columns in which a regression can bend, each of about unit size; one more for those without."""
    missing = np.isnan(numbers)
    column = np.where(missing, np.median(numbers[~missing]) if not missing.all() else 0.0, numbers)[:, None]
    if len(np.unique(column)) > _FEW:
        smooth = csr_array(SplineTransformer(n_knots=_KNOTS, knots="quantile").fit_transform(column))
    else:
        smooth = csr_array((column - column.mean()) / (column.std() or 1.0))
    return [smooth, csr_array(missing[:, None].astype(np.float64))] if missing.any() else [smooth]
