"""What the variance of a number is made of, where it was answered on tables that are draws of what was not known.

By the law of total variance, with T a table (a draw of the linkage) and N the number of people,

    Var(N) = Var(E[N | T]) + E[Var(N | T)]

The first part is there only because T is not known; the second would be there even if it were: the model's parameters,
and who by chance was seen by nobody.  Of a classical estimate, E[N | T] is its point and Var(N | T) its squared
standard error.

A mean that is itself an average over draws has a Monte Carlo error, which makes the means differ where the tables do
not; the mean of the squared errors is taken off the first part, and left in the second.

Symbols
-------
D : draws.   c_t : draws that have table t.   m_t, v_t, e_t : mean, variance and Monte Carlo error of the mean on it.

    first part = max(sum c_t (m_t - m)^2 / D - sum c_t e_t^2 / D, 0)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estimation.capture.table import FloatArray
from estimation.results.convergence import monte_carlo_errors
from estimation.results.estimates import Estimate, ResultTable
from estimation.results.totals import Draws

__all__ = ["VARIANCE_PARTS", "VarianceSplit", "variance_split"]

VARIANCE_PARTS = "What the variance of N is made of"
"""The title of the table that `VarianceSplit.table` gives and `VarianceSplit.of` reads."""

_BETWEEN, _WITHIN, _BOTH = "linkage", "model and chance", "both"
_COLUMNS = ("part", "variance (persons squared)", "standard deviation (persons)", "share of the variance", "its error")
_FEWEST_IN_CHAIN = 4


@dataclass(frozen=True, slots=True)
class VarianceSplit:
    """The two parts of the variance of N.

    Parameters
    ----------
    linkage : float
        Variance of E[N | table].  Unit: persons squared.
    model_and_chance : float
        Mean of Var(N | table).  Unit: persons squared.
    share_error : float
        Monte Carlo error of the share of the first, by a jackknife over the draws.
    mean_error : float
        Monte Carlo error of the mean of N.  Unit: persons.

    Examples
    --------
    >>> split = VarianceSplit(36.0, 64.0)
    >>> split.share, split.sd
    (0.36, 10.0)
    """

    linkage: float
    model_and_chance: float
    share_error: float = 0.0
    mean_error: float = 0.0

    @property
    def share(self) -> float:
        """The share of the variance that is there because the linkage is not known; 0 where nothing varies."""
        total = self.linkage + self.model_and_chance
        return self.linkage / total if total > 0 else 0.0

    @property
    def sd(self) -> float:
        """The standard deviation of N.  Unit: persons."""
        return float(np.sqrt(self.linkage + self.model_and_chance))

    @property
    def table(self) -> ResultTable:
        """The parts as a table of a result."""
        rows = [
            (_BETWEEN, self.linkage, self.share, self.share_error),
            (_WITHIN, self.model_and_chance, 1 - self.share, self.share_error),
            (_BOTH, self.linkage + self.model_and_chance, 1.0, 0.0),
        ]
        return ResultTable(
            VARIANCE_PARTS,
            _COLUMNS,
            tuple((name, variance, float(np.sqrt(variance)), share, error) for name, variance, share, error in rows),
        )

    @classmethod
    def of(cls, tables: Sequence[ResultTable]) -> VarianceSplit | None:
        """The parts as a result has them among its tables; None for one that was not answered on several."""
        for table in tables:
            if table.title == VARIANCE_PARTS:
                rows = {str(row[0]): row for row in table.rows}
                return cls(float(rows[_BETWEEN][1]), float(rows[_WITHIN][1]), float(rows[_BETWEEN][4]))
        return None


def variance_split(
    estimates: Sequence[Estimate], counts: Sequence[int], *, effective: float | None = None
) -> VarianceSplit:
    """The parts of the variance of N over answers on several tables.

    Parameters
    ----------
    estimates : sequence of Estimate
        The answer on each table, by one model.
    counts : sequence of int
        How many draws have each table.
    effective : float, optional
        How many independent draws the draws are worth; by default as many as there are.

    Examples
    --------
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.no_highest_order import NoHighestOrderInteraction
    >>> tables = [CaptureTable.from_histories(["A", "B"], {"10": 50, "01": 40, "11": both}) for both in (20, 30)]
    >>> answers = [NoHighestOrderInteraction().fit(table, rng=1) for table in tables]
    >>> split = variance_split(answers, [5, 5])
    >>> mixed = answers[0].sd ** 2 / 2 + answers[1].sd ** 2 / 2 + (answers[0].mean - answers[1].mean) ** 2 / 4
    >>> abs(split.sd**2 / mixed - 1) < 0.001
    True
    """
    moments = np.array([_moments(each) for each in estimates]).T
    count = np.asarray(counts, dtype=np.float64)
    draws = float(count.sum())
    worth = min(effective or draws, draws)
    between, within, spread = _parts(moments, count)
    share, error = between / max(between + within, 1e-300), 0.0
    if draws > 1:
        without = np.array([_share_without(moments, count, left) for left in range(len(count))])
        jackknife = float(count @ (without - share) ** 2) * (draws - 1) / draws
        error = float(np.sqrt(jackknife * draws / worth))
    of_means = float(count @ moments[2] ** 2) / draws
    mean_error = float(np.sqrt(spread / worth if spread > of_means else of_means / len(count)))
    return VarianceSplit(between, within, error, mean_error)


def _moments(each: Estimate) -> tuple[float, float, float]:
    """Mean, variance and Monte Carlo error of the mean.  Unit: persons, persons squared, persons."""
    total = each.total
    if not isinstance(total, Draws):
        return total.mean, total.sd**2, 0.0
    enough = total.values.shape[1] >= _FEWEST_IN_CHAIN
    error = monte_carlo_errors(total.values, [])[0] if enough else total.sd / float(np.sqrt(total.values.size))
    return total.mean, float(total.values.var()), error


def _parts(moments: FloatArray, count: FloatArray) -> tuple[float, float, float]:
    """Variance between tables less its Monte Carlo part, what is left of the variance, and the first with that part."""
    mean, variance, error = moments
    weight = count / count.sum()
    spread = float(weight @ (mean - weight @ mean) ** 2)
    between = max(spread - float(weight @ error**2), 0.0)
    return between, float(weight @ variance) + spread - between, spread


def _share_without(moments: FloatArray, count: FloatArray, left: int) -> float:
    """The share of the first part with one draw fewer of one table."""
    fewer = count.copy()
    fewer[left] -= 1
    between, within, _ = _parts(moments, fewer)
    return between / max(between + within, 1e-300)
