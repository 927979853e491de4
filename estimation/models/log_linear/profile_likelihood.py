"""The profile-likelihood interval for N under a log-linear model.

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

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import chdtri, gammaln

from estimation.capture.table import BoolArray, FloatArray
from estimation.models.log_linear.poisson_fit import fit_tables
from estimation.results.log_interval import LEVELS
from estimation.results.totals import Interval

__all__ = ["profile_intervals"]

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
        tables = np.column_stack([n_0, np.broadcast_to(counts, (len(n_0), len(counts)))])
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
