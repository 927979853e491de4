"""Sample coverage: N from the share of the population that the lists cover, estimated from the people on one list.

Likelihood: N people fall independently into the capture histories.  The sample coverage C is the expected share of list
j's people who are on another list as well, averaged over the lists; it summarises the dependence between lists.

Symbols
-------
J lists; n people observed; n_j on list j; S_j on list j only; m_ij on both i and j.

    C = 1 - mean_j (S_j / n_j)        D = n - mean_j S_j
    independent   N_0 = D / C
    coverage      N = (J D - sum_{i<j} A_ij) / (J C - sum_{i<j} A_ij B_ij / (n_i n_j))
    one-step      N_1 = g(g(N_0)),  g(x) = D / C + sum_{i<j} A_ij r_ij(x) / (J C),  r_ij(x) = x B_ij / (n_i n_j) - 1
    A_ij = only on i + only on j + 2 (only on i and j),    B_ij = m_ij

"One-step" is the published name: the coefficients of covariation r_ij are taken at g(N_0), and N_1 is one step of g
from there; the coverage estimator N is g's fixed point.  (Taken at N_0 itself they give 460 people, not the published
508, on the hepatitis A table.)

Identifying assumption: N_0 assumes that the lists are independent on average; the other two let pairs of lists depend
on each other (r_ij, the coefficient of covariation) and assume no dependence of three or more lists beyond that.  The
standard error is a parametric bootstrap: N people drawn from the observed histories' shares and the share unseen.

Reference: Chao, Tsay (1998), Journal of the American Statistical Association 93:283-293, as in Chao, Tsay, Lin, Shau,
Chao (2001), Statistics in Medicine 20:3123-3157.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp
from typing import ClassVar, Literal, TypeAlias

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.protocol import (
    CLOSED_POPULATION,
    Model,
    check_settings,
    estimate,
    no_overlap,
    not_estimable,
    provenance_of,
    unusable_lists,
)
from estimation.models.sampled_limits import BLOCK, SampledLimits
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, Result, ResultTable
from estimation.results.log_interval import point_with_log_interval
from estimation.results.totals import Point
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["SampleCoverage"]

Estimator: TypeAlias = Literal["independent", "coverage", "one-step"]

_MOST_FAILED = 0.05
"""The largest share of bootstrap tables without an estimate."""

_LOW_COVERAGE = 0.55
"""Below this sample coverage the estimator is known to be unstable (Chao, Tsay 1998)."""

_IDENTIFYING: dict[Estimator, str] = {
    "independent": "The lists are independent on average: the dependence of some pairs balances that of others.",
    "coverage": "Lists may depend on each other pair by pair, but not three or more at once.",
    "one-step": "Lists may depend on each other pair by pair, but not three or more at once; their dependence is "
    "estimated in one step only, which errs on the low side.",
}


def _estimates(patterns: BoolArray, counts: IntArray) -> FloatArray:
    """C, N_0, N and N_1 for many tables with the same histories.

    Parameters
    ----------
    patterns : bool array, shape (C, J)
        Capture histories.
    counts : int array, shape (B, C)
        Tables.  Unit: persons.

    Returns
    -------
    float array, shape (B, 4)
        Coverage, then three estimates of N (persons); not finite where a table does not define them.
    """
    lists = patterns.shape[1]
    on = patterns.astype(np.float64)
    seen_on = patterns.sum(axis=1)
    sizes = counts @ on
    alone = counts @ (on * (seen_on == 1)[:, None])
    n = counts.sum(axis=1)
    coverage = 1 - (alone / sizes).mean(axis=1)
    d = n - alone.mean(axis=1)
    n_0 = d / coverage
    sum_a = np.zeros(len(counts))
    sum_ab = np.zeros(len(counts))
    for i in range(lists):
        for j in range(i):
            both = on[:, i] * on[:, j]
            a = alone[:, i] + alone[:, j] + 2 * (counts @ (both * (seen_on == 2)))
            b = (counts @ both) / (sizes[:, i] * sizes[:, j])
            sum_a += a
            sum_ab += a * b
    full = (lists * d - sum_a) / (lists * coverage - sum_ab)
    one_step = n_0
    for _ in range(2):
        one_step = n_0 + (one_step * sum_ab - sum_a) / (lists * coverage)
    return np.column_stack([coverage, n_0, full, one_step])


@dataclass(frozen=True, slots=True)
class SampleCoverage:
    """The number of people from the sample coverage of the lists (Chao, Tsay 1998).

    By default the lists are independent on average (the identifying assumption); the other two estimators let pairs of
    lists depend on each other.

    Parameters
    ----------
    estimator : {"independent", "coverage", "one-step"}
        Which of the three estimators is the estimate; all three are in a table of the result.
    resamples, most_resamples : int
        Bootstrap tables for the standard error at first, and at most: more are added until the limits are known to 2 %
        (`estimation.models.sampled_limits`).

    Raises
    ------
    SettingError
        For an unknown estimator or fewer than 100 resamples.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> round(SampleCoverage().fit(table, rng=1).mean)
    87
    """

    name: ClassVar[str] = "sample-coverage"
    title: ClassVar[str] = "Sample coverage"

    estimator: Estimator = "independent"
    resamples: int = 2000
    most_resamples: int = 40_000

    def __post_init__(self) -> None:
        problems = []
        if self.estimator not in _IDENTIFYING:
            problems.append(f"estimator = {self.estimator!r}; choose from {', '.join(_IDENTIFYING)}")
        if self.resamples < 100:
            problems.append(f"resamples = {self.resamples}; a standard error needs at least 100")
        check_settings(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        return (
            _IDENTIFYING[self.estimator],
            CLOSED_POPULATION,
        )

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        return unusable_lists(table, minimum=2 if self.estimator == "independent" else 3) or no_overlap(table)

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Estimate N, with a bootstrap standard error; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        column = 1 + list(_IDENTIFYING).index(self.estimator)
        n = table.n_observed
        with np.errstate(divide="ignore", invalid="ignore"):
            found = _estimates(table.patterns, table.counts[None, :])[0]
        value = float(found[column])
        if not (np.isfinite(value) and value > n):
            return not_estimable(
                self,
                table,
                rng,
                f"the estimator gives no number above the {n:,} people observed (sample coverage {found[0]:.2f}); the "
                "lists depend on each other too much for it, so use a log-linear model",
            )
        failed_share, point, limits = self._bootstrap(table, value, column, rng)
        tiny = _too_small(table)
        if failed_share > _MOST_FAILED and tiny and self.why_not(table.drop(tiny)) is None:
            return self._without(table, tiny, rng)
        if point is None or failed_share > _MOST_FAILED:
            return not_estimable(
                self,
                table,
                rng,
                f"{failed_share:.0%} of the bootstrap tables give no number (sample coverage {found[0]:.2f}); the "
                "lists overlap too little for a standard error",
            )
        return estimate(
            self,
            table,
            rng,
            point,
            diagnostics=Diagnostics(limits.checks()),
            notes=(*self._notes(float(found[0]), failed_share), *limits.notes("")),
            tables=(_table_of(found),),
        )

    def _without(self, table: CaptureTable, tiny: list[str], rng: np.random.Generator) -> Result:
        """The answer without lists that many bootstrap tables leave empty, and what it is without them."""
        rest = table.drop(tiny)
        named = ", ".join(f"{name} ({int(table.list_sizes[table.index(name)]):,})" for name in tiny)
        found = self.fit(rest, rng=rng)
        if not isinstance(found, Estimate):
            return found
        lost = table.n_observed - rest.n_observed
        note = (
            f"Estimated without {named}: so few people that many bootstrap tables have nobody on "
            f"{'it' if len(tiny) == 1 else 'them'}, and then no estimate. People on no other list: {lost:,}."
        )
        return replace(found, notes=(note, *found.notes), provenance=provenance_of(self, table, rng))

    def _bootstrap(
        self, table: CaptureTable, value: float, column: int, rng: np.random.Generator
    ) -> tuple[float, Point | None, SampledLimits]:
        """The share of bootstrap tables without an estimate; the estimate with its intervals; what is known of them."""
        people, n = round(value), table.n_observed
        shares = np.append(table.counts, people - n) / people
        values = np.empty(0)
        most, wanted = max(self.resamples, self.most_resamples), self.resamples
        while values.size < wanted:
            drawn = rng.multinomial(people, shares, size=min(BLOCK, wanted - values.size))[:, :-1]
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.append(values, _estimates(table.patterns, drawn)[:, column])
            usable = values[np.isfinite(values) & (values > 0)]
            failed_share = 1 - usable.size / values.size
            point = None if usable.size < 2 else self._point(value, usable, n)
            limits = SampledLimits.of(point.intervals if point else (), n, values.size)
            if values.size == wanted and failed_share <= _MOST_FAILED:
                wanted = limits.wanted(most)
        return failed_share, point, limits

    @staticmethod
    def _point(value: float, values: FloatArray, n_observed: int) -> Point:
        """The estimate with the standard deviation of N over bootstrap tables, and its Monte Carlo error."""
        deviation, squares = float(values.std(ddof=1)), (values - values.mean()) ** 2
        error = float(squares.std(ddof=1) / np.sqrt(squares.size) / (2 * deviation)) if deviation > 0 else 0.0
        return point_with_log_interval(value, deviation, n_observed, sd_error=error)

    def _notes(self, coverage: float, failed_share: float) -> tuple[str, ...]:
        notes = []
        if coverage < _LOW_COVERAGE:
            notes.append(
                f"The sample coverage is {coverage:.0%}, below the {_LOW_COVERAGE:.0%} that this estimator is known to "
                "need."
            )
        if failed_share:
            notes.append(f"{failed_share:.1%} of the bootstrap tables gave no estimate and are left out.")
        return tuple(notes)


def _too_small(table: CaptureTable) -> list[str]:
    """Lists that bootstrap tables leave empty, with probability about exp(-n_j), in more than 5 % of them together."""
    sizes = zip(table.lists, table.list_sizes.tolist(), strict=True)
    return [name for name, size in sizes if exp(-size) * len(table.lists) > _MOST_FAILED]


def _table_of(found: FloatArray) -> ResultTable:
    rows = tuple(
        (estimator, float(value))
        for estimator, value in zip(_IDENTIFYING, found[1:], strict=True)
        if np.isfinite(value) and value > 0
    )
    return ResultTable(f"The three estimators (sample coverage C = {found[0]:.3f})", ("estimator", "N (persons)"), rows)
