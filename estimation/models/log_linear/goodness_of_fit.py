"""Goodness of fit of log-linear models: residuals by history, and p-values by chi-square or by parametric bootstrap.

Symbols
-------
o_h, mu_h : people observed and fitted with history h.   C - P : degrees of freedom, cells less coefficients.

    D = 2 sum o log(o / mu) - (o - mu)        X^2 = sum (o - mu)^2 / mu

Under the model both are close to chi-square with C - P degrees of freedom where every mu is at least 5, the model was
named before the table was seen, and no coefficient is at a bound.  Elsewhere they are not: of sparse tables drawn from
a model that holds, 68 % had a chi-square p-value above .95.  There the p-value is that of a parametric bootstrap:
tables of as many people are drawn from the fitted model, the whole estimate is made again on each, with any selection
in it, and the p-value is the share of them with a D, or an X^2, at least as large.

The number of resamples is adaptive (Besag, Clifford 1991): resampling ends when both discrepancies have been reached by
50 resamples, so that a fit that nothing speaks against costs some hundred of them; at 200 when one of the two was
reached by none; or at 1,000.  With g of B resamples at least as large the p-value is (g + 1) / (B + 1).

References
----------
Efron, Tibshirani (1993), An Introduction to the Bootstrap, ch. 16; Besag, Clifford (1991), Biometrika 78:301-304;
Langeheine, Pannekoek, van de Pol (1996), Sociological Methods and Research 24:492-516, for sparse tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from scipy.special import chdtrc, xlogy

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.log_linear.existence import reduced
from estimation.models.log_linear.poisson_fit import PoissonFits, fit_each
from estimation.models.log_linear.terms import model_design
from estimation.models.predictive.residuals import adjusted_residuals, history_names, residual_table, worst_history
from estimation.results.estimates import ResultTable
from estimation.results.goodness_of_fit import FitMeasure, GoodnessOfFit

__all__ = ["FitCheck", "Refit", "check_fit", "leverages", "means_of", "refit_design", "refit_terms"]

Refit: TypeAlias = Callable[[IntArray], FloatArray]
"""From tables, shape (F, C), to the means fitted to each, shape (F, C); NaN where there is no fit.  Unit: persons."""

_LEAST_EXPECTED = 5.0
"""Cochran's rule: with a smaller expected count in some cell chi-square is not used."""
_BLOCK, _CLEAR, _MOST = 50, 200, 1000
_REACHED = 50
"""At this many resamples the p-value has a Monte Carlo error of about its seventh part."""
_NAMES = "deviance", "Pearson X^2"
_NEARLY_EMPTY = 1e-6
"""Persons added to each cell where a fit runs off: the deviance moves by less than a thousandth."""


@dataclass(frozen=True, slots=True)
class FitCheck:
    """What was found.

    Parameters
    ----------
    fit : GoodnessOfFit, optional
        The p-values; None where resamples are needed for them and are not wanted.
    tables : tuple of ResultTable
        The deviance with its degrees of freedom, criteria and p-values; and the residuals by history.
    """

    fit: GoodnessOfFit | None
    tables: tuple[ResultTable, ResultTable]


def leverages(design: FloatArray, mean: FloatArray) -> FloatArray:
    """Leverage of each cell in a Poisson fit, shape (C,): the share of its variance that the fit follows.

    Examples
    --------
    >>> leverages(np.ones((4, 1)), np.full(4, 10.0)).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    weighted = design * np.sqrt(mean)[:, None]
    basis, _ = np.linalg.qr(weighted)
    found: FloatArray = np.minimum((basis**2).sum(axis=1), 1.0)
    return found


def means_of(design: FloatArray, fits: PoissonFits, retained: BoolArray) -> FloatArray:
    """The means of F fits, shape (F, C); NaN where a fit did not converge.  Unit: persons."""
    return np.where(retained, np.exp(fits.coefficients @ design.T), 0.0)


def refit_terms(tables: IntArray, terms: BoolArray) -> FloatArray:
    """The means of a hierarchical model on each table, shape (F, C), also where its estimate does not exist.

    Where the likelihood increases without end, the means of some cells go to zero: there the fit is that of a table
    with a millionth of a person more in each cell.

    Parameters
    ----------
    tables : int array, shape (F, C)
        Without the cell of no list.  Unit: persons.
    terms : bool array, shape (F or 1, 2^J or 2^J + H)
        The model of each.

    Examples
    --------
    >>> refit_terms(np.array([[54, 30, 12]]), np.array([[True, True, True, False]])).round(6).tolist()
    [[54.0, 30.0, 12.0]]
    """
    design = model_design(terms)
    models = np.broadcast_to(terms, (len(tables), terms.shape[1]))
    columns, retained = reduced(models, np.pad(tables, ((0, 0), (1, 0))))
    columns, retained = (
        np.ascontiguousarray(np.broadcast_to(part, (len(tables), part.shape[1]))) for part in (columns, retained)
    )
    means = means_of(design, fit_each(design, tables, columns, retained), retained)
    failed = np.flatnonzero(np.isnan(means).any(axis=1))
    if failed.size:
        again = fit_each(design, (tables[failed] + _NEARLY_EMPTY).astype(np.float64), columns[failed], retained[failed])
        means[failed] = means_of(design, again, retained[failed])
    return means


def refit_design(tables: IntArray, design: FloatArray, bounded: BoolArray) -> FloatArray:
    """The means of a Poisson model with some coefficients that must not be negative, on each table, shape (F, C).

    Parameters
    ----------
    tables : int array, shape (F, C)
        Unit: persons.
    design : float array, shape (C, P)
        X.
    bounded : bool array, shape (P,)
        Columns that leave the model of a table where their coefficient comes out negative, or where nobody is in the
        cells in which they are 1.

    Examples
    --------
    >>> two_lists = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    >>> refit_design(np.array([[54, 30, 12]]), two_lists, np.zeros(3, dtype=bool)).round(6).tolist()
    [[54.0, 30.0, 12.0]]
    """
    used = ~bounded | (tables @ (design == 1) > 0)
    everywhere = np.ones((1, design.shape[0]), dtype=bool)
    while True:
        fits = fit_each(design, tables, used, everywhere)
        negative = bounded & used & (fits.coefficients < 0)
        if not negative.any():
            break
        used &= ~negative
    means = means_of(design, fits, everywhere)
    failed = np.flatnonzero(np.isnan(means).any(axis=1))
    if failed.size:
        again = fit_each(design, (tables[failed] + _NEARLY_EMPTY).astype(np.float64), used[failed], everywhere)
        means[failed] = means_of(design, again, everywhere)
    return means


def _discrepancies(tables: FloatArray | IntArray, means: FloatArray) -> FloatArray:
    """Deviance and X^2 of each table, shape (F, 2)."""
    there = means > 0
    ratio = np.divide(tables, means, out=np.ones_like(means), where=there & (tables > 0))
    deviance = 2 * (xlogy(tables, ratio) - (tables - means)).sum(axis=-1)
    pearson = np.divide((tables - means) ** 2, means, out=np.zeros_like(means), where=means != 0).sum(axis=-1)
    return np.stack([np.maximum(deviance, 0.0), pearson], axis=-1)


def _bootstrap(
    observed: FloatArray, means: FloatArray, refit: Refit, rng: np.random.Generator
) -> tuple[IntArray, int, int]:
    """Resamples at least as far from their fit as the table is from its own, by D and X^2; fits; no fits."""
    people, share = round(float(means.sum())), means / means.sum()
    reached, fitted = np.zeros(2, dtype=np.int64), 0
    least = observed - 1e-7 * (1 + observed)  # the last bits of a deviance of almost nothing are rounding
    made = 0
    while made < _MOST and reached.min() < _REACHED and (made < _CLEAR or reached.min() > 0):
        tables = rng.multinomial(people, share, size=_BLOCK)
        found = _discrepancies(tables, refit(tables))
        reached += (found >= least).sum(axis=0)
        fitted += int(np.isfinite(found).all(axis=1).sum())
        made += _BLOCK
    return reached, fitted, made - fitted


def check_fit(
    table: CaptureTable,
    means: FloatArray,
    leverage: FloatArray,
    measures: tuple[tuple[str, float], ...],
    *,
    title: str,
    refit: Refit,
    is_fixed: bool,
    rng: np.random.Generator | None,
) -> FitCheck:
    """Residuals and goodness of fit of one fitted model.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    means : float array, shape (C,)
        Fitted means.  Unit: persons.
    leverage : float array, shape (C,)
        As from `leverages`; 1 in a cell that is empty under the model.
    measures : tuple of (str, float)
        What stands beside the deviance, the degrees of freedom first.
    title : str
        Of the model.
    refit : callable
        The whole estimate on other tables.
    is_fixed : bool
        Whether the model was named before the table was seen and no coefficient is at a bound: chi-square is then used
        where every fitted mean is at least 5.
    rng : numpy.random.Generator, optional
        The only source of randomness; None where resamples are not wanted.
    """
    seen = table.cells()[1:]
    adjusted = "adjusted residual", adjusted_residuals(seen, means, leverage)
    residuals = residual_table(title, history_names(table.lists), seen, means, adjusted)
    values = _discrepancies(seen[None, :], means[None, :])[0]
    degrees = round(measures[0][1])
    fit = _saturated_or_checked(values, means, degrees, refit=refit, is_fixed=is_fixed, rng=rng)
    rows: list[tuple[str, float]] = [("deviance", float(values[0])), ("Pearson X^2", float(values[1])), *measures]
    if fit is not None:
        fit = replace(fit, worst=worst_history(residuals))
        rows += [(f"goodness-of-fit p-value by {m.name} ({fit.method})", m.p_value) for m in fit.measures]
    return FitCheck(fit, (ResultTable(f"Goodness of fit of {title}", ("measure", "value"), tuple(rows)), residuals))


def _saturated_or_checked(
    values: FloatArray,
    means: FloatArray,
    degrees: int,
    *,
    refit: Refit,
    is_fixed: bool,
    rng: np.random.Generator | None,
) -> GoodnessOfFit | None:
    """The p-values of a deviance and an X^2, by chi-square where it holds and by resamples elsewhere."""
    if degrees <= 0:
        return GoodnessOfFit("saturated")
    if is_fixed and float(means[means > 0].min()) >= _LEAST_EXPECTED:
        exact = tuple(FitMeasure(name, float(p)) for name, p in zip(_NAMES, chdtrc(degrees, values), strict=True))
        return GoodnessOfFit("chi-square", exact)
    if rng is None:
        return None
    reached, made, failed = _bootstrap(values, means, refit, rng)
    p_values = (reached + 1) / (made + 1)
    errors = np.sqrt(p_values * (1 - p_values) / max(made, 1))
    measures = tuple(FitMeasure(name, float(p), float(e)) for name, p, e in zip(_NAMES, p_values, errors, strict=True))
    remark = f"{failed:,} more could not be fitted" if failed else ""
    return GoodnessOfFit("parametric bootstrap", measures, made, remark=remark)
