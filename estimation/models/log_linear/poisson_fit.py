"""Maximum-likelihood fits of Poisson log-linear models: many models on one table, or one model on many tables.

Likelihood: n_c ~ Poisson(mu_c) in each retained cell c, log mu_c = sum over columns t of X_ct alpha_t.

Symbols
-------
C : cells.   P : columns of the design; the first one is the intercept.   F : fits.   n_c : people in a cell.
X : design.   alpha : coefficients.   I = X' diag(mu) X : their information.

    log likelihood   sum n_c log mu_c - mu_c - log n_c!          deviance   2 sum n_c log(n_c / mu_c) - (n_c - mu_c)

Newton's method from the weighted least-squares fit to log(n_c + 0.1), halving any step that does not climb.  A cell
that is not retained has mean zero and leaves the table, and a column that is not used has coefficient zero: this is how
the extended maximum-likelihood estimate (Chan, Silverman, Vincent 2021) is fitted.  Whether an estimate exists is not
judged here (see `estimation.models.log_linear.existence`): where it does not, Newton's method runs off, with means near
zero.

References
----------
McCullagh, Nelder (1989), Generalized Linear Models, 2nd ed.; Fienberg (1972), Biometrika 59:591-603.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma

import numpy as np

from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.work.kernels import njit

__all__ = ["PoissonFits", "fit_each", "fit_models", "fit_tables"]

_STEPS = 100
"""Newton steps at most; a fit that exists takes fewer than ten."""

_DECREMENT = 1e-13
"""A step that promises less log likelihood than this is the last one; the error left is of its square."""

_PIVOT = 1e-11
"""A pivot of the information below this share of its diagonal is a column that adds nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class PoissonFits:
    """What came out of F fits.

    Parameters
    ----------
    coefficients : float array, shape (F, P)
        alpha; zero for a column that is not in the model.
    variances : float array, shape (F, P)
        Diagonal of the inverse information; zero for a column that is not in the model.
    log_likelihood : float array, shape (F,)
        At its maximum, constants included.
    deviance : float array, shape (F,)
        Twice what the log likelihood lacks to the saturated model's.
    log_determinant : float array, shape (F,)
        Of the information of the columns in the model.
    smallest_mean : float array, shape (F,)
        The smallest fitted mean of a retained cell.  Unit: persons.
    converged : bool array, shape (F,)
        Whether Newton's method converged to an information that can be inverted; where it did not, every other
        number of that fit is NaN.
    """

    coefficients: FloatArray
    variances: FloatArray
    log_likelihood: FloatArray
    deviance: FloatArray
    log_determinant: FloatArray
    smallest_mean: FloatArray
    converged: BoolArray

    def __len__(self) -> int:
        return len(self.deviance)

    @property
    def unseen(self) -> FloatArray:
        """n_0 = exp(alpha_0), shape (F,): the people on no list, where the design is that of the lists' cells."""
        return np.exp(self.coefficients[:, 0])

    @property
    def standard_error(self) -> FloatArray:
        """Of N, shape (F,), by sqrt(exp(a) + exp(2a) Var(a)) (Rivest, Levesque 2001).  Unit: persons."""
        unseen = self.unseen
        return np.sqrt(unseen + unseen**2 * self.variances[:, 0])


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _factor(x: FloatArray, mean: FloatArray, lower: FloatArray) -> bool:
    """The Cholesky factor of X' diag(mean) X into `lower`; False when a column adds nothing to those before it."""
    cells, columns = x.shape
    for i in range(columns):
        for j in range(i + 1):
            lower[i, j] = 0.0
    for c in range(cells):
        for i in range(columns):
            if x[c, i] != 0.0:
                weighted = mean[c] * x[c, i]
                for j in range(i + 1):
                    lower[i, j] += weighted * x[c, j]
    for i in range(columns):
        diagonal = lower[i, i]
        for j in range(i + 1):
            value = lower[i, j]
            for k in range(j):
                value -= lower[i, k] * lower[j, k]
            if i > j:
                lower[i, j] = value / lower[j, j]
            else:
                if not value > _PIVOT * diagonal:
                    return False
                lower[i, i] = np.sqrt(value)
    return True


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _solve(lower: FloatArray, right: FloatArray) -> float:
    """Overwrites `right` with the solution of L L' x = right; returns right' (L L')^-1 right."""
    columns = right.size
    size = 0.0
    for i in range(columns):
        value = right[i]
        for k in range(i):
            value -= lower[i, k] * right[k]
        right[i] = value / lower[i, i]
        size += right[i] * right[i]
    for i in range(columns - 1, -1, -1):
        value = right[i]
        for k in range(i + 1, columns):
            value -= lower[k, i] * right[k]
        right[i] = value / lower[i, i]
    return size


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _means(x: FloatArray, alpha: FloatArray, counts: FloatArray, mean: FloatArray) -> float:
    """Fills the fitted means; returns the log likelihood without log n!."""
    total = 0.0
    for c in range(counts.size):
        log_mean = 0.0
        for i in range(alpha.size):
            log_mean += x[c, i] * alpha[i]
        mean[c] = np.exp(log_mean)  # logs until here
        total += counts[c] * log_mean - mean[c]
    return total


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _start(x: FloatArray, counts: FloatArray, alpha: FloatArray, mean: FloatArray, lower: FloatArray) -> bool:
    """Weighted least squares of the working response at mu = n + 0.1; False when the design lacks column rank."""
    for c in range(counts.size):
        mean[c] = counts[c] + 0.1
    if not _factor(x, mean, lower):
        return False
    for i in range(alpha.size):
        alpha[i] = 0.0
    for c in range(counts.size):
        working = mean[c] * np.log(mean[c]) + counts[c] - mean[c]
        for i in range(alpha.size):
            alpha[i] += x[c, i] * working
    _solve(lower, alpha)
    return True


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _climb(x: FloatArray, counts: FloatArray, alpha: FloatArray, mean: FloatArray, lower: FloatArray) -> bool:
    """Newton's method to the maximum; on True `alpha`, `mean` and the factor of the information are those there."""
    if not _start(x, counts, alpha, mean, lower):
        return False
    reached = _means(x, alpha, counts, mean)
    step = np.empty(alpha.size)
    tried = np.empty(alpha.size)
    for _ in range(_STEPS):
        if not _factor(x, mean, lower):
            return False
        for i in range(alpha.size):
            step[i] = 0.0
        for c in range(counts.size):
            for i in range(alpha.size):
                step[i] += x[c, i] * (counts[c] - mean[c])
        decrement = _solve(lower, step)
        length = 1.0
        for _ in range(40):
            for i in range(alpha.size):
                tried[i] = alpha[i] + length * step[i]
            log_likelihood = _means(x, tried, counts, mean)
            # The last decimals of a sum of this size are rounding, and no reason to halve a step.
            if log_likelihood >= reached - 1e-12 * (1.0 + abs(reached)):
                break
            length *= 0.5
        for i in range(alpha.size):
            alpha[i] = tried[i]
        reached = log_likelihood
        if decrement < _DECREMENT:
            return bool(_factor(x, mean, lower))
    return False


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _inverse_diagonal(lower: FloatArray, diagonal: FloatArray) -> float:
    """Diagonal of (L L')^-1; returns log det L L'."""
    columns = diagonal.size
    log_determinant = 0.0
    column = np.empty(columns)
    for j in range(columns):
        log_determinant += 2.0 * np.log(lower[j, j])
        total = 0.0
        for i in range(j, columns):
            value = 1.0 if i == j else 0.0
            for k in range(j, i):
                value -= lower[i, k] * column[k]
            column[i] = value / lower[i, i]
            total += column[i] * column[i]
        diagonal[j] = total
    return log_determinant


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _places(flags: BoolArray, row: int) -> IntArray:
    """The places of a row that are True."""
    found = np.empty(flags.shape[1], np.int64)
    number = 0
    for i in range(flags.shape[1]):
        if flags[row, i]:
            found[number] = i
            number += 1
    return found[:number]


@njit(cache=True, nogil=True, error_model="numpy")
def _fit(
    design: FloatArray, counts: FloatArray, columns: BoolArray, retained: BoolArray, coefficients: FloatArray,
    variances: FloatArray, scalars: FloatArray,
) -> None:  # fmt: skip
    """F fits; an argument with one row serves every fit.

    `scalars` takes log likelihood, deviance, log determinant, smallest mean.
    """
    for f in range(coefficients.shape[0]):
        row = counts[f if counts.shape[0] > 1 else 0]
        cells = _places(retained, f if retained.shape[0] > 1 else 0)
        terms = _places(columns, f if columns.shape[0] > 1 else 0)
        x = np.empty((cells.size, terms.size))
        seen = np.empty(cells.size)
        for c in range(cells.size):
            seen[c] = row[cells[c]]
            for i in range(terms.size):
                x[c, i] = design[cells[c], terms[i]]
        alpha = np.empty(terms.size)
        mean = np.empty(cells.size)
        lower = np.empty((terms.size, terms.size))
        if cells.size == 0 or terms.size > cells.size or not _climb(x, seen, alpha, mean, lower):
            continue
        diagonal = np.empty(terms.size)
        scalars[f, 2] = _inverse_diagonal(lower, diagonal)
        scalars[f, 0] = _means(x, alpha, seen, mean)
        deviance = 0.0
        for c in range(cells.size):
            scalars[f, 0] -= lgamma(seen[c] + 1.0)
            if seen[c] > 0.0:
                deviance += seen[c] * np.log(seen[c] / mean[c])
            deviance -= seen[c] - mean[c]
        scalars[f, 1] = 2.0 * deviance
        scalars[f, 3] = mean[0]
        for c in range(1, cells.size):
            scalars[f, 3] = min(scalars[f, 3], mean[c])
        for i in range(coefficients.shape[1]):
            coefficients[f, i] = 0.0
            variances[f, i] = 0.0
        for i in range(terms.size):
            coefficients[f, terms[i]] = alpha[i]
            variances[f, terms[i]] = diagonal[i]


def _run(design: FloatArray, counts: FloatArray, columns: BoolArray, retained: BoolArray, fits: int) -> PoissonFits:
    cells, width = design.shape
    for name, array, expected in (
        ("counts", counts, cells),
        ("columns", columns, width),
        ("retained", retained, cells),
    ):
        if array.ndim != 2 or array.shape[1] != expected or array.shape[0] not in (1, fits):
            raise ValueError(f"{name} have shape {array.shape}; it must be (1 or {fits}, {expected}) for {fits} fits")
    coefficients = np.full((fits, width), np.nan)
    variances = np.full((fits, width), np.nan)
    scalars = np.full((fits, 4), np.nan)
    # Copies: an array that may not be written is of another type, for which the kernel would be compiled once more.
    _fit(
        np.array(design, dtype=np.float64, order="C"),
        np.array(counts, dtype=np.float64, order="C"),
        np.array(columns, dtype=np.bool_, order="C"),
        np.array(retained, dtype=np.bool_, order="C"),
        coefficients,
        variances,
        scalars,
    )
    return PoissonFits(
        coefficients, variances, scalars[:, 0], scalars[:, 1], scalars[:, 2], scalars[:, 3], np.isfinite(scalars[:, 1])
    )


def fit_models(
    design: FloatArray, counts: FloatArray | IntArray, columns: BoolArray, retained: BoolArray | None = None
) -> PoissonFits:
    """Many models on one table.

    Parameters
    ----------
    design : float array, shape (C, P)
        X; the first column is the intercept and is all ones.
    counts : array, shape (C,)
        The table.  Unit: persons.
    columns : bool array, shape (F, P)
        Which columns each model has.
    retained : bool array, shape (F, C), optional
        Which cells each model retains; by default all.

    Examples
    --------
    >>> two_lists = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    >>> fits = fit_models(two_lists, np.array([54, 30, 12]), np.ones((1, 3), dtype=bool))
    >>> round(float(fits.unseen[0]), 6)
    135.0
    """
    cells = np.ones((1, design.shape[0]), dtype=bool) if retained is None else retained
    return _run(design, np.asarray(counts, dtype=np.float64)[None, :], columns, cells, len(columns))


def fit_tables(
    design: FloatArray, counts: FloatArray | IntArray, columns: BoolArray, retained: BoolArray | None = None
) -> PoissonFits:
    """One model on many tables.

    Parameters
    ----------
    design : float array, shape (C, P)
        X; the first column is the intercept and is all ones.
    counts : array, shape (F, C)
        The tables.  Unit: persons.
    columns : bool array, shape (P,)
        Which columns the model has.
    retained : bool array, shape (F, C), optional
        Which cells of each table are retained; by default all.

    Examples
    --------
    >>> two_lists = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    >>> fits = fit_tables(two_lists, np.array([[54, 30, 12], [20, 10, 5]]), np.ones(3, dtype=bool))
    >>> fits.unseen.round(6).tolist()
    [135.0, 40.0]
    """
    cells = np.ones((1, design.shape[0]), dtype=bool) if retained is None else retained
    tables = np.asarray(counts, dtype=np.float64)
    return _run(design, tables, columns[None, :], cells, len(tables))


def fit_each(design: FloatArray, counts: FloatArray | IntArray, columns: BoolArray, retained: BoolArray) -> PoissonFits:
    """A model of its own on each of many tables; the rows of the three arrays belong together.

    Parameters
    ----------
    design : float array, shape (C, P)
        X; the first column is the intercept and is all ones.
    counts : array, shape (F, C)
        The tables.  Unit: persons.
    columns : bool array, shape (F, P)
        Which columns the model of each table has.
    retained : bool array, shape (F, C)
        Which cells it retains.
    """
    return _run(design, np.asarray(counts, dtype=np.float64), columns, retained, len(columns))
