r"""Scores: coverage of a model's interval, bias of its estimate, and length of the interval.

Over the R tables of a scenario for which a model gives an estimate:

- coverage: share of intervals that contain N, with Monte Carlo standard error
  :math:`\sqrt{\tilde c (1 - \tilde c) / (R + 4)}`, :math:`\tilde c` the share with two covered and two missed tables
  added (Agresti, Coull 1998), so that 200 of 200 is not taken to be certain;
- bias: median of (estimate - N) / N;
- length: median of (upper - lower) / N.

The standard error of a median is the distance between the order statistics that bound it with about 95 % confidence,
over 3.92 (McKean, Schrader 1984).  Tables without an estimate are counted.  They enter no other number but the
coverage of all tables, in which each of them is a miss.

References: Morris, White, Crowther (2019), Statistics in Medicine 38:2074-2102; Agresti, Coull (1998), The American
Statistician 52:119-126; McKean, Schrader (1984), Communications in Statistics 13:751-773.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from types import MappingProxyType

import numpy as np

from estimation.frames import Cell
from estimation.simulation.trials import Trial
from estimation.text.spreadsheet import csv_of

__all__ = [
    "SCORE_COLUMNS",
    "Measure",
    "Score",
    "median_of",
    "score",
    "score_row",
    "scores_csv",
    "share_of",
    "trials_csv",
]

_Z = 1.959963984540054
_MEASURES = ("coverage", "bias", "length")

SCORE_COLUMNS: Mapping[str, type] = MappingProxyType(
    {
        "scenario": str,
        "model": str,
        "n_total": int,
        "replications": int,
        "not_estimable": int,
        "coverage_of_all": float,
        **{column: float for name in _MEASURES for column in (name, f"{name}_error")},
        "too_low": float,
        "too_high": float,
        "is_lower_bound": bool,
        "reason": str,
    }
)
"""The columns of a score; each measure has its Monte Carlo standard error beside it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its Monte Carlo standard error.

    Parameters
    ----------
    value : float
        The number.
    error : float
        Its standard error over sets of tables.
    """

    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Score:
    """How one model did in one scenario.

    Parameters
    ----------
    scenario, model : str
        Name of the scenario and label of the model.
    n_total : int
        N, the true number of people.  Unit: persons.
    replications : int
        Tables that the model was fitted to.
    not_estimable : int
        Tables for which it gave no estimate.
    coverage : Measure or None
        Share of the other tables whose interval contains N; None where there is none.
    bias : Measure or None
        Median of (estimate - N) / N.
    length : Measure or None
        Median of (upper - lower) / N; infinite where most intervals have no upper limit.
    too_low, too_high : float or None
        Share of intervals that lie wholly below N, and wholly above it.
    is_lower_bound : bool
        Whether the model bounds N from below, on each table that it has an estimate for.
    reason : str
        The most frequent reason why there was no estimate.
    """

    scenario: str
    model: str
    n_total: int
    replications: int
    not_estimable: int
    coverage: Measure | None
    bias: Measure | None
    length: Measure | None
    too_low: float | None
    too_high: float | None
    is_lower_bound: bool
    reason: str

    @property
    def coverage_of_all(self) -> float:
        """Share of all tables whose interval contains N, one without an estimate counted as a miss."""
        answered = self.replications - self.not_estimable
        return 0.0 if self.coverage is None else self.coverage.value * answered / self.replications


def share_of(hits: int, of: int) -> Measure:
    """A share, with its Monte Carlo standard error.

    Examples
    --------
    >>> share_of(190, 200).value, round(share_of(190, 200).error, 4)
    (0.95, 0.0165)
    """
    adjusted = (hits + 2) / (of + 4)
    return Measure(hits / of, math.sqrt(adjusted * (1 - adjusted) / (of + 4)))


def median_of(values: Sequence[float]) -> Measure:
    """A median, with its Monte Carlo standard error; an infinite one where the data do not bound it.

    Examples
    --------
    >>> median_of([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).value
    4.0
    """
    ordered = np.sort(np.array(values, dtype=float))
    n = ordered.size
    rank = max(round((n + 1) / 2 - _Z * math.sqrt(n / 4)), 1)
    low, high = float(ordered[rank - 1]), float(ordered[n - rank])
    middle = ordered[(n - 1) // 2 : n // 2 + 1]
    return Measure(float(middle.mean()), (high - low) / (2 * _Z) if math.isfinite(high) else math.inf)


def score(trials: Sequence[Trial]) -> Score:
    """The score of one model in one scenario.

    Parameters
    ----------
    trials : sequence of Trial
        Its results, all of one model and scenario.

    Raises
    ------
    ValueError
        When there is none, or they are of several models or scenarios.
    """
    if len({(trial.scenario, trial.model, trial.n_total) for trial in trials}) != 1:
        raise ValueError("a score is of one model in one scenario; give the trials of one pair at a time")
    first = trials[0]
    given = [(t.point, t.lower, t.upper) for t in trials]
    estimates = [(p, low, up) for p, low, up in given if p is not None and low is not None and up is not None]
    n, n_estimates = first.n_total, len(estimates)
    reasons = Counter(trial.reason for trial in trials if trial.reason)
    return Score(
        scenario=first.scenario,
        model=first.model,
        n_total=n,
        replications=len(trials),
        not_estimable=len(trials) - n_estimates,
        coverage=share_of(sum(low <= n <= up for _, low, up in estimates), n_estimates) if n_estimates else None,
        bias=median_of([(point - n) / n for point, _, _ in estimates]) if n_estimates else None,
        length=median_of([(up - low) / n for _, low, up in estimates]) if n_estimates else None,
        too_low=sum(up < n for _, _, up in estimates) / n_estimates if n_estimates else None,
        too_high=sum(low > n for _, low, _ in estimates) / n_estimates if n_estimates else None,
        is_lower_bound=any(t.is_lower_bound for t in trials) and all(t.is_lower_bound or t.reason for t in trials),
        reason=reasons.most_common(1)[0][0] if reasons else "",
    )


def trials_csv(trials: Sequence[Trial]) -> str:
    """Every trial, a row each, as CSV; empty where there is no estimate."""
    return csv_of([[f.name for f in fields(Trial)], *map(astuple, trials)])


def scores_csv(scores: Sequence[Score]) -> str:
    """Every score, a row each, as CSV; each measure with its Monte Carlo standard error beside it."""
    return csv_of([list(SCORE_COLUMNS), *(list(score_row(each).values()) for each in scores)])


def score_row(score: Score) -> dict[str, Cell]:
    """A score as one row with the keys `SCORE_COLUMNS`; None where there is no number.

    Examples
    --------
    >>> score_row(Score("s", "m", 100, 5, 5, None, None, None, None, None, False, "too few"))["reason"]
    'too few'
    """
    row: dict[str, Cell] = {}
    for f in fields(Score):
        value = getattr(score, f.name)
        if f.name in _MEASURES:
            row |= {f.name: value and value.value, f"{f.name}_error": value and value.error}
        else:
            row[f.name] = value
        if f.name == "not_estimable":
            row["coverage_of_all"] = score.coverage_of_all
    return row
