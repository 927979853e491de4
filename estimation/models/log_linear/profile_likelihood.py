"""The profile likelihood of N under a log-linear model, and the interval that it gives.

Likelihood: multinomial, of the observed cells and the unseen one, given N.

Symbols
-------
n : people observed.   n_0 = N - n.   mu(N) : the fit of the model to the table with n_0 put into the unseen cell.

    l(N) = log N! - log n_0! + sum over all cells, the unseen one with n_0, of n_h log(mu_h(N) / N)

The interval is every N with 2 (max l - l(N)) at most the chi-square quantile with one degree of freedom.  It needs no
symmetry, never starts below n, and has no upper end where the table sets none.

Reference: Cormack (1992), Biometrics 48:567-576.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import chdtri, gammaln

from estimation.capture.table import BoolArray, CaptureTable, FloatArray
from estimation.errors import EstimationError
from estimation.models.log_linear.family import fit_family
from estimation.models.log_linear.poisson_fit import fit_tables
from estimation.models.log_linear.terms import format_model, model_design
from estimation.results.log_interval import LEVELS
from estimation.results.totals import Interval

if TYPE_CHECKING:
    from estimation.models.log_linear.one_model import LogLinear

__all__ = ["ProfileLikelihood", "profile_intervals", "profile_likelihood"]

_LEAST = np.log(1e-3)
"""log persons.  Where the profile has not fallen here, the interval begins at the people observed."""

_MOST = np.log(1e9)
"""log persons above the estimate.  Where the profile has not fallen here, there is no upper limit."""

_HALVINGS = 50


def _profile(
    design: FloatArray, counts: FloatArray, columns: BoolArray, retained: BoolArray
) -> Callable[[FloatArray], FloatArray]:
    """The function l of log n_0, both of shape (F,), up to a constant."""
    unseen = np.zeros((1, design.shape[1]))
    unseen[0, 0] = 1.0
    whole = np.vstack([unseen, design])
    cells = np.append(True, retained)[None, :]
    observed = counts.sum()

    def log_likelihood(log_unseen: FloatArray) -> FloatArray:
        n_0 = np.exp(log_unseen)
        tables = np.empty((len(n_0), len(whole)))
        tables[:, 0], tables[:, 1:] = n_0, counts
        total = observed + n_0
        # The Poisson likelihood has -log n_0! and -N in it; the multinomial has log N! - N log N besides.
        added: FloatArray = total + gammaln(total + 1) - total * np.log(total)
        return fit_tables(whole, tables, columns, cells).log_likelihood + added

    return log_likelihood


def _crossings(
    profile: Callable[[FloatArray], FloatArray], peak: float, floors: FloatArray, end: float
) -> tuple[FloatArray, BoolArray]:
    """Where the profile falls to each floor between its peak and `end` (log persons), and whether it does."""
    outer, step = peak, 0.5 * np.sign(end - peak)
    while outer != end and profile(np.array([outer]))[0] > floors.min():
        outer = max(outer + step, end) if step < 0 else min(outer + step, end)
        step *= 2
    inside, outside = np.full(len(floors), peak), np.full(len(floors), outer)
    falls = profile(outside) < floors
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        above = profile(middle) >= floors
        inside, outside = np.where(above, middle, inside), np.where(above, outside, middle)
    return (inside + outside) / 2, falls


def profile_intervals(
    design: FloatArray, counts: FloatArray, columns: BoolArray, retained: BoolArray, unseen: float
) -> tuple[Interval, ...]:
    """The confidence intervals for N at `estimation.results.log_interval.LEVELS`.

    Parameters
    ----------
    design : float array, shape (C, P)
        Of the observable cells; the first column is the intercept.
    counts : float array, shape (C,)
        The table.  Unit: persons.
    columns : bool array, shape (P,)
        Columns of the model.
    retained : bool array, shape (C,)
        Its cells.
    unseen : float
        The model's estimate of n_0, from where the search starts.  Unit: persons.
    """
    profile = _profile(design, counts, columns, retained)
    near = float(np.log(max(unseen, 1e-2)))
    best = minimize_scalar(
        lambda at: -profile(np.array([at]))[0], bounds=(max(near - 2, _LEAST), near + 2), method="bounded"
    )
    peak, top = float(best.x), -float(best.fun)
    floors = top - chdtri(1, 1 - np.array(LEVELS)) / 2
    low, has_low = _crossings(profile, peak, floors, float(_LEAST))
    high, has_high = _crossings(profile, peak, floors, peak + float(_MOST))
    n = float(counts.sum())
    lower = np.where(has_low, n + np.exp(low), n)
    upper = np.where(has_high, n + np.exp(high), np.inf)
    return tuple(
        Interval(float(low), float(high), level, "confidence")
        for low, high, level in zip(lower, upper, LEVELS, strict=True)
    )


_POINTS = 201
_LEVEL = 0.95
_OPEN = 20.0
"""Times n_0 that a curve is drawn to where the table sets no upper limit."""


@dataclass(frozen=True, slots=True, eq=False)
class ProfileLikelihood:
    """How well each number of people agrees with the table under one log-linear model.

    Parameters
    ----------
    model : str
        The model's generators.
    n_observed : int
        People on at least one list.  Unit: persons.
    estimate : float
        N at the maximum of the likelihood of the cells.  Unit: persons.
    interval : Interval
        The 95 % confidence interval: where the curve is less than 1.92 below its maximum.
    people : float array, shape (P,)
        Values of N.  Unit: persons.
    log_likelihood : float array, shape (P,)
        The profile log likelihood there, less its maximum.
    """

    model: str
    n_observed: int
    estimate: float
    interval: Interval
    people: FloatArray
    log_likelihood: FloatArray


def profile_likelihood(table: CaptureTable, model: LogLinear) -> ProfileLikelihood:
    """The profile likelihood of N under one log-linear model, with its 95 % interval.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    model : LogLinear
        The model.

    Returns
    -------
    ProfileLikelihood
        For `estimation.charts.plot_profile_likelihood`.

    Raises
    ------
    EstimationError
        When the model cannot be fitted to the table, with the reason.

    References
    ----------
    Cormack (1992), Biometrics 48:567-576.

    Examples
    --------
    >>> from estimation.models.log_linear.one_model import LogLinear
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 54, "01": 30, "11": 12})
    >>> found = profile_likelihood(table, LogLinear())
    >>> round(found.estimate), str(found.interval)
    (231, '95 % confidence interval 158 to 378')
    """
    reason = model.why_not(table)
    if reason is not None:
        raise EstimationError("profile likelihood", [reason])
    family = fit_family(table, model.terms(table)[None, :])
    design, counts = model_design(family.models), table.cells()[1:].astype(np.float64)
    columns, retained, unseen = family.columns[0], family.retained[0], float(family.fits.unseen[0])
    intervals = {i.level: i for i in profile_intervals(design, counts, columns, retained, unseen)}
    n, widest = float(counts.sum()), intervals[max(LEVELS)]
    last = widest.upper if np.isfinite(widest.upper) else n + _OPEN * unseen
    people = n + np.geomspace(0.85 * max(widest.lower - n, unseen / 50), 1.15 * (last - n), _POINTS)
    curve = _profile(design, counts, columns, retained)(np.log(people - n))
    title = format_model(family.models[0], table.lists)
    return ProfileLikelihood(title, table.n_observed, n + unseen, intervals[_LEVEL], people, curve - curve.max())
