"""Does a maximum-likelihood estimate exist, and is it the only one?

In a sparse table the likelihood of a log-linear model can increase without end as some coefficients go to minus
infinity, and software then returns whatever it had when it stopped.  Each model is checked for existence and
identifiability before its estimate is used.

Symbols
-------
n_h : people with history h.   m_t : people on all lists of term t (and perhaps others).   A : the design, histories by
terms, restricted to what is retained.

*Extended estimate.*  Where m_t = 0 for a term t of the model, its coefficient is minus infinity: every cell that
contains t has mean zero and leaves the table, and t and the terms around it leave the model.

*Existence* (Fienberg, Rinaldo 2012): on the retained cells, the largest s for which some x >= s has A'x = A'n; the
estimate exists if and only if s > 0.  A linear programme.

*Identifiability*: A has full column rank.

The codes are those of Chan, Silverman, Vincent (2021): 0 fine; 1 no estimate exists; 2 not identifiable; 3 both.
Most models of most tables need no programme: an estimate exists where no retained cell is empty, and where a fit has
come to rest with all means well above zero, for it is itself such an x.

References
----------
Fienberg, Rinaldo (2012), Annals of Statistics 40:996-1023.
Chan, Silverman, Vincent (2021), Journal of the American Statistical Association 116:1297-1306.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import numpy as np
from scipy.optimize import linprog

from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.models.log_linear.poisson_fit import PoissonFits
from estimation.models.log_linear.terms import lists_of, model_design
from estimation.work.kernels import njit

__all__ = [
    "BOTH",
    "FINE",
    "NOT_IDENTIFIABLE",
    "NO_ESTIMATE",
    "codes_of",
    "existence_code",
    "forced_empty",
    "maximum_exists",
    "reduced",
]

FINE, NO_ESTIMATE, NOT_IDENTIFIABLE, BOTH = 0, 1, 2, 3

_AT_REST = 1e-9
"""Persons.  A fit at rest with all means above this is an inner point: one that runs off comes to rest only when the
log likelihood still to be had, which is about the sum of the means that vanish, is below 1e-13."""

_SLACK = 1e-7
"""Share of the people below which the programme's s is zero; HiGHS solves to 1e-7."""


def reduced(models: BoolArray, cells: IntArray | FloatArray) -> tuple[BoolArray, BoolArray]:
    """What is left of each model and of its cells by the extended estimate.

    Parameters
    ----------
    models : bool array, shape (F, 2^J) or (F, 2^J + H)
        Terms of each model, and its columns of heterogeneity.
    cells : array, shape (2^J,) or (F, 2^J)
        The table, or a table for each model, with cell 0 first as in `CaptureTable.cells`.  Unit: persons.

    Returns
    -------
    columns : bool array, shape (F, 2^J)
        Terms with a finite coefficient.
    retained : bool array, shape (F, 2^J - 1)
        Cells with a mean above zero.

    Examples
    --------
    >>> columns, retained = reduced(np.ones((1, 4), dtype=bool), np.array([0, 5, 3, 0]))
    >>> columns.tolist(), retained.tolist()
    ([[True, True, True, False]], [[True, True, False]])
    """
    design = model_design(models)
    empty = models & (np.atleast_2d(cells)[:, 1:] @ design == 0)
    empty[:, 1 << lists_of(models) :] = False  # a form of heterogeneity has no overlap of its own
    if not empty.any():
        return models, np.ones((len(models), design.shape[0]), dtype=bool)
    return models & ~empty, (empty @ design.T) == 0


@njit(cache=True, nogil=True, error_model="numpy")
def _ranks(design: FloatArray, columns: BoolArray, retained: BoolArray, full: BoolArray) -> None:
    """Whether each design has full column rank, by elimination with the largest pivot; entries are of order 1."""
    for f in range(columns.shape[0]):
        cells = np.flatnonzero(retained[f])
        terms = np.flatnonzero(columns[f])
        full[f] = terms.size <= cells.size
        if not full[f]:
            continue
        x = np.empty((cells.size, terms.size))
        for c in range(cells.size):
            for i in range(terms.size):
                x[c, i] = design[cells[c], terms[i]]
        for i in range(terms.size):
            best = i + np.argmax(np.abs(x[i:, i]))
            if abs(x[best, i]) < 1e-9:
                full[f] = False
                break
            for k in range(i, terms.size):
                x[i, k], x[best, k] = x[best, k], x[i, k]
            for c in range(i + 1, cells.size):
                share = x[c, i] / x[i, i]
                if share != 0.0:
                    for k in range(i, terms.size):
                        x[c, k] -= share * x[i, k]


def _identifiable(columns: BoolArray, retained: BoolArray) -> BoolArray:
    """Whether each reduced design has full column rank, shape (F,)."""
    # With every cell there, the only combination of all 2^J columns that is zero uses all of them, so that a model
    # which lacks one has full rank.
    by_terms = columns[:, : 1 << lists_of(columns)]
    wider = columns[:, by_terms.shape[1] :].any(axis=1)
    full = cast(BoolArray, retained.all(axis=1) & ~by_terms.all(axis=1) & ~wider)
    rest = np.flatnonzero(~full)
    if rest.size:
        found = np.empty(rest.size, dtype=np.bool_)
        design = model_design(columns)
        _ranks(design.copy(), columns[rest], retained[rest], found)
        full[rest] = found
    return full


def maximum_exists(design: FloatArray, counts: FloatArray | IntArray) -> bool:
    """Whether the likelihood has a maximum: some table without empty cells has the same sufficient statistics.

    The linear programme of Fienberg, Rinaldo (2012): maximise s over x >= s with X' x = X' n.

    Parameters
    ----------
    design : float array, shape (C, P)
        X.
    counts : array, shape (C,)
        The table, with at least one person in it.  Unit: persons.

    Examples
    --------
    >>> from estimation.models.log_linear.terms import cell_design
    >>> independence = cell_design(2)[:, :3]
    >>> maximum_exists(independence, np.array([54, 30, 12])), maximum_exists(independence, np.array([54, 30, 0]))
    (True, False)
    """
    cells = len(counts)
    scaled = design / np.abs(design).max(axis=0)
    # x = s + y with y >= 0, in shares of the people: maximise s, at most 1, subject to X'y + (X'1) s = X'n.
    answer = linprog(
        np.append(np.zeros(cells), -1.0),
        A_eq=np.column_stack([scaled.T, scaled.sum(axis=0)]),
        b_eq=scaled.T @ (counts / counts.sum()),
        bounds=[(0, None)] * cells + [(0, 1)],
        method="highs",
    )
    return answer.x is not None and bool(answer.x[-1] > _SLACK / cells)


def forced_empty(design: FloatArray, counts: FloatArray | IntArray) -> BoolArray:
    """Cells whose mean is zero in every x >= 0 with X'x = X'n: those the likelihood drives to zero, shape (C,).

    Examples
    --------
    >>> from estimation.models.log_linear.terms import cell_design
    >>> forced_empty(cell_design(2)[:, :3], np.array([54, 30, 0])).tolist()
    [False, False, True]
    """
    cells = len(counts)
    # x = y + z with y at most 1: the most cells that can be above zero at once have y above zero.
    answer = linprog(
        np.append(-np.ones(cells), np.zeros(cells)),
        A_eq=np.hstack([design.T, design.T]),
        b_eq=design.T @ counts,
        bounds=[(0, 1)] * cells + [(0, None)] * cells,
        method="highs",
    )
    return np.zeros(cells, dtype=bool) if answer.x is None else answer.x[:cells] < 1e-7


@lru_cache(maxsize=1 << 16)
def _exists(terms: bytes, cells: bytes, nonempty: bytes) -> bool:
    """Whether the estimate exists on these cells, by the linear programme; three bool arrays as bytes.

    It depends on which cells are empty and not on the counts in the others, so that a programme serves many tables:
    A'n lies inside the cone of the retained rows of A, or on a face of it, as the sum of the rows with people does.
    """
    columns, retained, observed = (np.frombuffer(part, dtype=np.bool_) for part in (terms, cells, nonempty))
    design = model_design(columns)[np.ix_(retained, columns)]
    counts = observed[retained].astype(np.float64)
    if not counts.any():
        return False
    if counts.all():
        return True
    return maximum_exists(design, counts)


def codes_of(
    columns: BoolArray, retained: BoolArray, cells: IntArray | FloatArray, fits: PoissonFits | None = None
) -> IntArray:
    """The code of each reduced model, shape (F,): 0 fine, 1 no estimate, 2 not identifiable, 3 both.

    Parameters
    ----------
    columns, retained : bool array, shapes (F, 2^J) and (F, 2^J - 1)
        As from `reduced`.
    cells : array, shape (2^J,) or (F, 2^J)
        The table, or a table for each model.  Unit: persons.
    fits : PoissonFits, optional
        The fits of these models, which save most of the linear programmes.
    """
    tables = np.broadcast_to(np.atleast_2d(cells)[:, 1:], retained.shape)
    codes = np.where(_identifiable(columns, retained), FINE, NOT_IDENTIFIABLE).astype(np.int64)
    settled = ~((tables == 0) & retained).any(axis=1)
    if fits is not None:
        settled |= fits.converged & (fits.smallest_mean > _AT_REST)
    for f in np.flatnonzero(~settled).tolist():
        if not _exists(columns[f].tobytes(), retained[f].tobytes(), (tables[f] > 0).tobytes()):
            codes[f] += NO_ESTIMATE
    return codes


def existence_code(terms: BoolArray, cells: IntArray | FloatArray) -> int:
    """The code of one model on one table.

    Parameters
    ----------
    terms : bool array, shape (2^J,)
        The model, as terms.
    cells : array, shape (2^J,)
        The table.  Unit: persons.

    Examples
    --------
    >>> from estimation.models.log_linear.terms import terms_of
    >>> cells = np.array([0, 40, 30, 6, 20, 0, 0, 0])  # A 40, B 30, C 20, AB 6
    >>> [existence_code(terms_of(pairs, 3), cells) for pairs in ([], [0b011], [0b101], [0b011, 0b101, 0b110])]
    [0, 1, 0, 2]
    """
    columns, retained = reduced(terms[None, :], cells)
    return cast(int, codes_of(columns, retained, cells)[0].item())
