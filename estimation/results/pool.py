"""Results of one question on several tables made one: replicates with imputed values, or draws of a linkage.

Each table is one draw of what was not known (a missing label, a link), so that p(N | data) is the average of
p(N | table) over the tables.  Three stated rules:

- ``"stacked"``: all draws together, each table with the same weight.  Exact where the tables are draws from the
  distribution of what was not known (proper imputation); the default.
- ``"rubin"``: Rubin's rule on log n_0.  With m tables, mean and variance (m_i, W_i) of log n_0 on each, W their mean
  variance and B the variance of the means,

      T = W + (1 + 1/m) B,   df = (m - 1) (1 + m W / ((m + 1) B))^2,   n + exp(mean -+ t_df sqrt(T)).

- ``"truth commission"``: as published with the Colombian truth commission's data: the same T, with
  df = (m - 1) (1 + W / ((m + 1) B))^2; n_0 = 0 counts as 0.1; the point is the arithmetic mean of N over all draws.

Symbols
-------
n_0 : people unseen, N less the people observed on that table.   t_df : quantile of Student's t.

References: Rubin (1987), *Multiple Imputation for Nonresponse in Surveys*, chapter 3; Zhou, Reiter (2010), American
Statistician 64:159-163, for stacking; the documentation of the R package verdata for the third.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from math import isfinite
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import stdtrit

from estimation.capture.table import FloatArray, IntArray
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result, ResultTable
from estimation.results.log_interval import LEVELS
from estimation.results.totals import Draws, Grid, Interval, Point

__all__ = ["NUMBERS", "POOL_RULES", "PoolRule", "numbers_of", "pool", "provenance_of_all"]

PoolRule: TypeAlias = Literal["stacked", "rubin", "truth commission"]
POOL_RULES: tuple[PoolRule, ...] = ("stacked", "rubin", "truth commission")

NUMBERS = ("observed (persons)", "N (persons)", "lower end (persons)", "upper end (persons)")
"""Headings of what `numbers_of` gives."""

_MOST_DRAWS = 50_000
"""Draws of a chain of the pool at most, where tables stand for several draws."""

_SPACED = 4000
"""Quantiles that stand for an exact posterior among others that are drawn."""

_NEARLY_NOBODY = 0.1
"""What n_0 = 0 counts as, so that it has a logarithm."""


def pool(results: Sequence[Result], *, rule: PoolRule = "stacked", counts: Sequence[int] | None = None) -> Result:
    """The answers of one model on several draws of what was not known, made one.

    Parameters
    ----------
    results : sequence of Estimate or NotEstimable
        The answer on each table, all of one model with the same settings.
    rule : {"stacked", "rubin", "truth commission"}
        How they are combined; see `estimation.results.pool`.
    counts : sequence of int, optional
        How many draws each table stands for, where equal ones were fitted once; by default one each.

    Returns
    -------
    Estimate or NotEstimable
        A table shows each answer beside the pooled one.  `NotEstimable` where any of the tables gave no number: what
        is left out would not be at random.

    Raises
    ------
    ValueError
        For an unknown rule, fewer than two results, results of several models, bounds, or classical estimates to be
        stacked, which have no draws, and counts that do not fit.

    Examples
    --------
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.no_highest_order import NoHighestOrderInteraction
    >>> tables = [CaptureTable.from_histories(["A", "B"], {"10": 50 + k, "01": 40, "11": 20}) for k in range(3)]
    >>> pooled = pool([NoHighestOrderInteraction().fit(table, rng=1) for table in tables])
    >>> pooled.n_observed, 180 < pooled.median < 250
    (111, True)
    """
    count = np.ones(len(results), dtype=np.int64) if counts is None else np.asarray(counts, dtype=np.int64)
    _check(results, rule, count)
    failed = [each for each in results if isinstance(each, NotEstimable)]
    if failed:
        return _no_number(results, failed)
    estimates = [each for each in results if isinstance(each, Estimate)]
    n_observed = round(float(np.average([each.n_observed for each in estimates], weights=count)))
    if rule == "stacked":
        total: Draws | Grid | Point = _stacked(estimates, count)
    else:
        total = _by_variances(estimates, rule, count)
    different = f", {len(estimates)} of them different" if count.sum() > len(estimates) else ""
    first = estimates[0]
    return Estimate(
        total=total,
        n_observed=n_observed,
        model=first.model,
        title=first.title,
        assumptions=(*first.assumptions, _ASSUMPTION),
        diagnostics=_checks(estimates),
        provenance=provenance_of_all(results),
        notes=(f"Pooled over {count.sum():,} tables{different}: {_WORDS[rule]}.",),
        tables=(_each(estimates, None if counts is None else count),),
    )


_ASSUMPTION = "The tables are draws of what was not known, given all that was."

_WORDS = {
    "stacked": "all draws together, each table with the same weight",
    "rubin": "Rubin's rule on log n_0",
    "truth commission": "the rule published with the data of the Colombian truth commission, on log n_0",
}


def _check(results: Sequence[Result], rule: str, count: IntArray) -> None:
    if rule not in POOL_RULES:
        raise ValueError(f"there is no rule {rule!r}; there are {', '.join(map(repr, POOL_RULES))}")
    if len(results) < 2:
        raise ValueError(f"{len(results)} results; pooling needs two or more")
    if count.shape != (len(results),) or (count < 1).any():
        raise ValueError(f"counts {count.tolist()} for {len(results)} results; give one, 1 or more, for each")
    models = dict.fromkeys((each.model, each.provenance.settings) for each in results)
    if len(models) > 1:
        named = ", ".join(dict.fromkeys(model for model, _ in models))
        raise ValueError(f"the results are of {len(models)} models or settings ({named}); pool those of one")
    estimates = [each for each in results if isinstance(each, Estimate)]
    if any(each.is_lower_bound for each in estimates):
        raise ValueError("bounds cannot be pooled: each says only how low N may be")
    if rule == "stacked" and any(isinstance(each.total, Point) for each in estimates):
        raise ValueError("a classical estimate has no draws to stack; use rule='rubin'")


def _no_number(results: Sequence[Result], failed: Sequence[NotEstimable]) -> NotEstimable:
    reason = (
        f"{len(failed)} of {len(results)} tables gave no number, the first because {failed[0].reason}; the others "
        "alone would answer for tables that were left out for what is in them"
    )
    return replace(failed[0], reason=reason, provenance=provenance_of_all(results))


def _stacked(estimates: Sequence[Estimate], count: IntArray) -> Draws | Grid:
    """All draws, each chain of the pool with draws of every table; of exact posteriors their average."""
    totals = [each.total for each in estimates]
    exact = [total for total in totals if isinstance(total, Grid)]
    if len(exact) == len(totals):
        values, places = np.unique(np.concatenate([grid.values for grid in exact]), return_inverse=True)
        weighed = [grid.probabilities * times for grid, times in zip(exact, count.tolist(), strict=True)]
        weights = np.bincount(places, weights=np.concatenate(weighed))
        return Grid(values, weights.astype(np.float64))
    drawn = [_drawn(total) for total in totals if not isinstance(total, Point)]
    chains, draws = (min(sizes) for sizes in zip(*(values.shape for values in drawn), strict=True))
    # Draws of a table in proportion to its count, to within one; all of them where every table counts once.
    ends = np.rint(np.cumsum(count) * min(draws / count.max(), _MOST_DRAWS / count.sum())).astype(np.int64)
    sizes = np.diff(ends, prepend=0).tolist() if (count > 1).any() else [draws] * len(drawn)
    parts = [
        values[:chains, np.linspace(0, values.shape[1] - 1, size).astype(int)]
        for values, size in zip(drawn, sizes, strict=True)
    ]
    return Draws(np.concatenate(parts, axis=1))


def _drawn(total: Draws | Grid) -> IntArray:
    """Draws by chain; of an exact posterior, where other tables have draws, its quantiles."""
    if isinstance(total, Draws):
        return total.values
    spaced = (np.arange(_SPACED) + 0.5) / _SPACED
    at = np.minimum(np.searchsorted(np.cumsum(total.probabilities), spaced), total.values.size - 1)
    return np.random.default_rng(0).permutation(total.values[at]).reshape(4, -1)


def _checks(estimates: Sequence[Estimate]) -> Diagnostics:
    """Each check once: that of a table where it failed, or else of the first."""
    by_name = {check.name: check for check in estimates[0].diagnostics.checks}
    by_name |= {check.name: check for each in estimates for check in each.diagnostics.failed}
    return Diagnostics(tuple(by_name.values()))


def _log_unseen(each: Estimate) -> tuple[float, float]:
    """Mean and variance of log n_0 on one table."""
    total = each.total
    if isinstance(total, Point):
        unseen = max(total.value - each.n_observed, _NEARLY_NOBODY)
        return float(np.log(unseen)), float(np.log1p((total.standard_error / unseen) ** 2))
    logs: FloatArray = np.log(np.maximum(total.values - each.n_observed, _NEARLY_NOBODY))
    if isinstance(total, Draws):
        return float(logs.mean()), float(logs.var(ddof=1))
    mean = float(logs @ total.probabilities)
    return mean, float((logs - mean) ** 2 @ total.probabilities)


def _by_variances(estimates: Sequence[Estimate], rule: PoolRule, count: IntArray) -> Point:
    """The mean of log n_0 with its total variance, as a number with its intervals."""
    tables = int(count.sum())
    means, variances = np.repeat(np.array([_log_unseen(each) for each in estimates]), count, axis=0).T
    within, between = float(variances.mean()), float(means.var(ddof=1))
    spread = float(np.sqrt(within + (1 + 1 / tables) * between))
    observed = float(np.average([each.n_observed for each in estimates], weights=count))
    known = tables * within if rule == "rubin" else within
    freedom = (tables - 1) * (1 + known / ((tables + 1) * between)) ** 2 if between > 0 else np.inf
    middle = float(means.mean())
    intervals, kind = [], estimates[0].interval_kind
    for level in LEVELS:
        above = level if kind == "one-sided confidence" else (1 + level) / 2
        reach = float(stdtrit(min(freedom, 1e9), above)) * spread
        upper = np.inf if kind == "one-sided confidence" else observed + np.exp(middle + reach)
        intervals.append(Interval(float(observed + np.exp(middle - reach)), float(upper), level, kind))
    of_n = np.repeat([[each.mean, each.sd] for each in estimates], count, axis=0)
    value = observed + float(np.exp(middle)) if rule == "rubin" else float(of_n[:, 0].mean())
    sd = float(np.sqrt((of_n[:, 1] ** 2).mean() + (1 + 1 / tables) * of_n[:, 0].var(ddof=1)))
    return Point(value, sd, tuple(intervals))


def provenance_of_all(results: Sequence[Result]) -> Provenance:
    """That of the first of several results of one model, with a checksum of all their tables."""
    first = results[0].provenance
    joined = "\n".join(each.provenance.data_sha256 for each in results)
    return replace(first, data_sha256=sha256(joined.encode()).hexdigest())


def _each(estimates: Sequence[Estimate], count: IntArray | None) -> ResultTable:
    numbered = enumerate(estimates, start=1)
    if count is None:
        rows = tuple((number, *numbers_of(each)) for number, each in numbered)
        return ResultTable("Each of the pooled tables", ("table", *NUMBERS), rows)
    rows = tuple((number, int(count[number - 1]), *numbers_of(each)) for number, each in numbered)
    return ResultTable("Each of the pooled tables", ("table", "draws", *NUMBERS), rows)


def numbers_of(estimate: Estimate) -> tuple[int | float, ...]:
    """One estimate as the `NUMBERS` of a row; an interval without upper limit ends at infinity."""
    interval = estimate.interval()
    upper = round(interval.upper) if isfinite(interval.upper) else interval.upper
    return estimate.n_observed, round(estimate.median), round(interval.lower), upper
