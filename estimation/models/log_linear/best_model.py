"""The model with the best score on each of many tables, without fitting those that cannot be it.

Symbols
-------
M : a model.   k_M : its terms, those whose coefficient is minus infinity included.   l_M : its largest log likelihood.
c : what a term costs, by the criterion.

    score_M = c k_M - 2 l_M;     l_M <= l_M' where M is inside M', and no l_M is above that of the saturated model

The candidates that are best on the original table are fitted first, then the others from the largest down.  A model
whose score could not be the best, whatever its fit, since l_M is at most that of a larger model already fitted, is left
out: what is selected is what fitting all of them selects.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, xlogy

from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.models.log_linear.existence import FINE, codes_of, reduced
from estimation.models.log_linear.family import Criterion, is_convex, penalty
from estimation.models.log_linear.poisson_fit import fit_each
from estimation.models.log_linear.terms import lists_of, model_design

__all__ = ["choose_best"]

_FIRST = 4
"""Models fitted first; they set the score that the others must beat."""

_ROUNDING = 1e-9
"""Share of a score within which two are the same."""


def choose_best(cells: IntArray, models: BoolArray, criterion: Criterion) -> tuple[BoolArray, FloatArray]:
    """The model with the best score on each table, and its n_0.

    Parameters
    ----------
    cells : int array, shape (F, 2^J)
        The tables, cell 0 first, as in `CaptureTable.cells`.  Unit: persons.
    models : bool array, shape (M, 2^J) or (M, 2^J + H)
        Those to select from, as terms and columns of heterogeneity; those that are likely to be selected stand first.
    criterion : {"bic", "aic", "bic-of-cells"}
        The criterion of selection.

    Returns
    -------
    chosen : bool array, shape (F, 2^J)
        Its terms.
    unseen : float array, shape (F,)
        Its n_0; NaN where no model gives an estimate.  Unit: persons.

    Examples
    --------
    >>> from estimation.models.log_linear.terms import hierarchical_models
    >>> chosen, unseen = choose_best(np.array([[0, 54, 30, 12], [0, 20, 10, 5]]), hierarchical_models(2), "bic")
    >>> unseen.round(6).tolist()
    [135.0, 40.0]
    """
    each = np.broadcast_to(penalty(criterion, cells.sum(axis=1), lists_of(models)), len(cells))
    terms = models.sum(axis=1)
    score, unseen = np.full((2, len(cells), len(models)), np.inf)
    # -2 l of each model is at least this: the saturated model's, until a larger model is fitted.
    counts = cells[:, 1:]
    saturated = -2 * (xlogy(counts, counts) - counts - gammaln(counts + 1)).sum(axis=1)
    least = np.repeat(saturated[:, None], len(models), axis=1)
    waiting = np.ones(len(models), dtype=bool)
    groups = [np.arange(min(_FIRST, len(models)))]
    groups += [np.flatnonzero(terms == size) for size in np.unique(terms)[::-1]]
    for group in groups:
        group = group[waiting[group]]
        waiting[group] = False
        for m in group.tolist():
            larger = ~waiting & (models[m] <= models).all(axis=1) & (terms > terms[m])
            if larger.any():
                least[:, m] = np.maximum(least[:, m], least[:, larger].max(axis=1))
        best = score.min(axis=1, keepdims=True)
        reach = each[:, None] * terms[group] + least[:, group]
        table, at = np.nonzero(~(reach > best + _ROUNDING * np.abs(best)))
        _score(cells, models, (table, group[at]), each, (score, unseen, least))
    first = score.argmin(axis=1)
    rows = np.arange(len(cells))
    return models[first], np.where(np.isfinite(score[rows, first]), unseen[rows, first], np.nan)


def _score(
    cells: IntArray,
    models: BoolArray,
    pairs: tuple[IntArray, IntArray],
    each: FloatArray,
    found: tuple[FloatArray, FloatArray, FloatArray],
) -> None:
    """Fits pairs of a table and a model, and fills in their score, n_0 and -2 l where they have one."""
    table, model = pairs
    if not table.size:
        return
    score, unseen, least = found
    tables, tried = cells[table], models[model]
    columns, retained = reduced(tried, tables)
    fits = fit_each(model_design(models), tables[:, 1:], columns, retained)
    usable = (codes_of(columns, retained, tables, fits) == FINE) & fits.converged & is_convex(tried, fits)
    score[table, model] = np.where(usable, each[table] * tried.sum(axis=1) - 2 * fits.log_likelihood, np.inf)
    unseen[table, model] = fits.unseen
    least[table, model] = np.where(usable, -2 * fits.log_likelihood, least[table, model])
