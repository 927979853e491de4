"""Sparse stepwise selection of pairs of lists, for tables in which many overlaps are empty or nearly so.

Likelihood: as in `estimation.models.log_linear.one_model`, with main effects and some pairs.
Identifying assumption: the lists depend on each other only pair by pair, in the selected pairs.

Symbols
-------
m_ij : people on both i and j, and perhaps others.   mu_ij : what the current model expects there.
p_ij : the p-value, the probability of at least, or at most, m_ij under a Poisson of mean mu_ij, whichever is smaller.

From main effects, the pair with the smallest p_ij at or below the threshold is added, unless with it the estimate would
not exist or not be identifiable; then the next smallest.  A pair that nobody is on is added with coefficient minus
infinity (the extended estimate).

The interval repeats all steps in each resample of the people observed (see
`estimation.models.log_linear.selection_bootstrap`).  The conditional one, n + exp(alpha_0 +- z SE(alpha_0)) under the
last model, is too narrow.

Reference: Chan, Silverman, Vincent (2021), Journal of the American Statistical Association 116:1297-1306.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from scipy.special import ndtri, pdtr, pdtrc

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.log_linear.convergence import family_check
from estimation.models.log_linear.existence import FINE, codes_of, reduced
from estimation.models.log_linear.family import MAX_LISTS_FITTED, Family, fit_family, why_not
from estimation.models.log_linear.one_model import LogLinear, fit_of, model_notes
from estimation.models.log_linear.poisson_fit import PoissonFits, fit_each
from estimation.models.log_linear.selection_bootstrap import (
    IntervalBy,
    bootstrap_problems,
    choice_assumption,
    chosen_point,
)
from estimation.models.log_linear.terms import cell_design, format_model, main_effects
from estimation.models.predictive.fit_checked import FitChecked
from estimation.models.protocol import (
    CLOSED_POPULATION,
    SAME_PROBABILITIES,
    Choosing,
    Model,
    check_settings,
    estimate,
    not_estimable,
    unusable_lists,
)
from estimation.results.estimates import Result, ResultTable
from estimation.results.log_interval import LEVELS
from estimation.results.totals import Interval, Point
from estimation.text.described import described_by
from estimation.work.kernels import njit
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["SparseStepwise", "Steps", "stepwise"]


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """The models that the steps lead to, one for each of F tables.

    Parameters
    ----------
    terms : bool array, shape (F, 2^J)
        The model of each table.
    unseen : float array, shape (F,)
        n_0 under it; NaN where not even main effects give an estimate.  Unit: persons.
    taken : tuple of tuples
        For each table the pairs in the order they were added, each as (term, expected, observed, p).
    """

    terms: BoolArray
    unseen: FloatArray
    taken: tuple[tuple[tuple[int, float, int, float], ...], ...]


def _fitted(terms: BoolArray, cells: IntArray) -> tuple[PoissonFits, BoolArray, BoolArray]:
    """The fits of a model on each table, the cells retained, and whether each gives an estimate."""
    columns, retained = reduced(terms, cells)
    fits = fit_each(cell_design(terms.shape[1].bit_length() - 1), cells[:, 1:], columns, retained)
    return fits, retained, (codes_of(columns, retained, cells, fits) == FINE) & fits.converged


@njit(cache=True, nogil=True, error_model="numpy")
def _expected(
    design: FloatArray, coefficients: FloatArray, retained: BoolArray, pairs: IntArray, expected: FloatArray
) -> None:
    """Fills mu_ij, in plain loops: a table has the same numbers to the last bit whatever stands beside it."""
    for f in range(len(coefficients)):
        expected[f] = 0.0
        for c in range(len(design)):
            if retained[f, c]:
                log_mean = 0.0
                for t in range(design.shape[1]):
                    log_mean += design[c, t] * coefficients[f, t]
                mean = np.exp(log_mean)
                for k in range(len(pairs)):
                    expected[f, k] += design[c, pairs[k]] * mean


def _p_values(
    coefficients: FloatArray, retained: BoolArray, cells: IntArray, pairs: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """mu_ij, m_ij and p_ij of every pair on every table, each of shape (F, pairs)."""
    design = cell_design(cells.shape[1].bit_length() - 1)
    expected = np.empty((len(cells), len(pairs)))
    _expected(design, coefficients, retained, pairs, expected)
    observed = cells[:, 1:] @ design[:, pairs]
    at_least = np.where(observed > 0, pdtrc(np.maximum(observed, 1) - 1, expected), 1.0)
    return expected, observed, np.minimum(at_least, pdtr(observed, expected))


def stepwise(cells: IntArray, threshold: float) -> Steps:
    """Select pairs step by step on each of F tables.

    Parameters
    ----------
    cells : int array, shape (F, 2^J)
        The tables, cell 0 first, as in `CaptureTable.cells`.  Unit: persons.
    threshold : float
        The largest p_ij with which a pair is added.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 30, "001": 20, "110": 26, "011": 4})
    >>> steps = stepwise(table.cells()[None, :], 0.02)
    >>> format_model(steps.terms[0], table.lists), round(float(steps.unseen[0]))
    ('[A C][B]', 60)
    """
    n_lists = cells.shape[1].bit_length() - 1
    pairs = np.array([t for t in range(1 << n_lists) if t.bit_count() == 2 and t != (1 << n_lists) - 1], dtype=np.int64)
    terms = np.tile(main_effects(n_lists), (len(cells), 1))
    taken: list[list[tuple[int, float, int, float]]] = [[] for _ in cells]
    fits, retained, usable = _fitted(terms, cells)
    unseen = np.where(usable, fits.unseen, np.nan)
    active = np.flatnonzero(usable)
    coefficients = fits.coefficients
    while active.size and pairs.size:
        expected, observed, p = _p_values(coefficients[active], retained[active], cells[active], pairs)
        p = np.where(terms[active][:, pairs], np.inf, p)
        moved = np.zeros(active.size, dtype=bool)
        while (trying := np.flatnonzero(~moved & (p.min(axis=1) <= threshold))).size:
            best = p[trying].argmin(axis=1)
            tried = terms[active[trying]]
            tried[np.arange(trying.size), pairs[best]] = True
            fits, cells_left, usable = _fitted(tried, cells[active[trying]])
            for k in np.flatnonzero(usable).tolist():
                at, pair = trying[k], best[k]
                step = int(pairs[pair]), float(expected[at, pair]), int(observed[at, pair]), float(p[at, pair])
                taken[active[at]].append(step)
            to = active[trying[usable]]
            terms[to], unseen[to], coefficients[to] = tried[usable], fits.unseen[usable], fits.coefficients[usable]
            retained[to] = cells_left[usable]
            moved[trying[usable]] = True
            p[trying, best] = np.inf  # a pair that cannot be added now leaves its place to the next
        active = active[moved]
    return Steps(terms, unseen, tuple(tuple(steps) for steps in taken))


def _choice(cells: IntArray, threshold: float) -> tuple[BoolArray, FloatArray]:
    steps = stepwise(cells, threshold)
    return steps.terms, steps.unseen


def _wald_point(family: Family) -> Point:
    """N with intervals that are symmetric in log n_0, under the one model of a family."""
    unseen, variance = float(family.fits.unseen[0]), float(family.fits.variances[0, 0])
    n_observed = family.n_observed
    z = ndtri((1 + np.array(LEVELS)) / 2)
    width = np.exp(z * np.sqrt(variance))
    intervals = tuple(
        Interval(float(n_observed + unseen / w), float(n_observed + unseen * w), level, "confidence")
        for w, level in zip(width, LEVELS, strict=True)
    )
    return Point(n_observed + unseen, float(family.fits.standard_error[0]), intervals)


@dataclass(frozen=True, slots=True)
class SparseStepwise(FitChecked):
    """The number of people by sparse stepwise selection of pairs of lists (Chan, Silverman, Vincent 2021).

    The lists depend on each other only pair by pair, in the selected pairs (the identifying assumption).

    Parameters
    ----------
    threshold : float
        A pair is added when its p-value is at or below this; 0 gives main effects only, 1 adds every pair that can be.
    interval : {"bca", "percentile", "conditional"}
        With the steps repeated in each resample, by bias-corrected and accelerated limits (as published) or by
        percentiles; or conditional on the selected pairs, which is too narrow.
    resamples, most_resamples : int
        Number of bootstrap resamples at first, and at most: more are added until the limits are known to 2 %
        (`estimation.models.sampled_limits`).
    fit_check : bool
        Whether the fit to the lists is checked by simulated tables, which changes none of the numbers.

    Raises
    ------
    SettingError
        When the threshold is not between 0 and 1, the interval none of those named, or there are too few resamples.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 30, "001": 20, "110": 26, "011": 4})
    >>> print(SparseStepwise().fit(table, rng=1))
    about 180 people (95 % confidence interval 147 to 235); 120 observed
    >>> print(SparseStepwise(interval="conditional").fit(table, rng=1))
    about 180 people (95 % confidence interval 154 to 226); 120 observed
    """

    name: ClassVar[str] = "sparse"
    title: ClassVar[str] = "Log-linear, sparse stepwise"

    threshold: float = 0.02
    interval: IntervalBy = "bca"
    resamples: int = 1000
    most_resamples: int = 40_000

    def __post_init__(self) -> None:
        problems = bootstrap_problems(self.interval, self.resamples)
        if not 0 <= self.threshold <= 1:
            problems.insert(0, f"threshold = {self.threshold}; a p-value lies between 0 and 1")
        check_settings(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        return (
            "The lists depend on each other only pair by pair, and only in the pairs that the table shows (p-value at "
            f"most {self.threshold:g}).",
            SAME_PROBABILITIES,
            CLOSED_POPULATION,
            choice_assumption(self.interval),
        )

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        shared = unusable_lists(table, minimum=2, maximum=MAX_LISTS_FITTED)
        if shared is not None:
            return shared
        family = fit_family(table, main_effects(len(table.lists))[None, :])
        return None if family.usable[0] else why_not(family, table)

    @described_by(Choosing.fixed_on)
    def fixed_on(self, table: CaptureTable) -> Model:
        """The model that the steps on this table lead to; see `estimation.models.protocol.Choosing`."""
        if self.why_not(table) is not None:
            return self
        return LogLinear(format_model(stepwise(table.cells()[None, :], self.threshold).terms[0], table.lists))

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Estimate N under the selected pairs; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        steps = stepwise(table.cells()[None, :], self.threshold)
        family = fit_family(table, steps.terms)
        choose = partial(_choice, threshold=self.threshold)
        check_rng = rng.spawn(1)[0] if self.fit_check else None
        found = chosen_point(
            table,
            _wald_point(family),
            choose,
            converged=family_check(family, table, family.usable),
            by=self.interval,
            resamples=self.resamples,
            most_resamples=self.most_resamples,
            rng=rng,
            workers=workers,
            progress=progress,
        )
        if isinstance(found, str):
            return not_estimable(self, table, rng, found)
        check = fit_of(family, table, 0, rng=check_rng, choose=lambda tables: choose(tables)[0])
        return estimate(
            self,
            table,
            rng,
            found.point,
            diagnostics=found.diagnostics,
            notes=(
                f"The steps lead to {format_model(steps.terms[0], table.lists)}. {found.note}",
                *model_notes(family, table, 0),
            ),
            tables=(_steps_table(steps, table), *found.tables, *check.tables),
            fit=check.fit,
        )


def _steps_table(steps: Steps, table: CaptureTable) -> ResultTable:
    rows = tuple(
        (" ".join(name for j, name in enumerate(table.lists) if term >> j & 1), observed, expected, p)
        for term, expected, observed, p in steps.taken[0]
    )
    columns = ("pair", "on both (persons)", "expected before (persons)", "p-value")
    return ResultTable("Selected pairs, in the order of selection", columns, rows)
