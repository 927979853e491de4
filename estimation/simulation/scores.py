r"""Scores: how often a model's interval holds the planted number, how far off the model is, and how long the interval.

Over the R tables of a scenario for which a model gives a number:

- coverage: share of intervals that hold N, with Monte Carlo standard error
  :math:`\sqrt{\tilde c (1 - \tilde c) / (R + 4)}`, :math:`\tilde c` the share with two covered and two missed tables
  added (Agresti, Coull 1998), so that 200 of 200 does not look certain;
- bias: median of (estimate - N) / N;
- length: median of (upper - lower) / N.

The standard error of a median is the distance between the order statistics that bound it with about 95 % confidence,
over 3.92 (McKean, Schrader 1984).  Tables without a number are counted apart and in nothing else.

References: Morris, White, Crowther (2019), Statistics in Medicine 38:2074-2102; Agresti, Coull (1998), The American
Statistician 52:119-126; McKean, Schrader (1984), Communications in Statistics 13:751-773.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np

from estimation.simulation.trials import Trial

__all__ = ["Measure", "Score", "median_of", "score", "scores_csv", "share_of", "trials_csv"]

_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its Monte Carlo standard error.

    Parameters
    ----------
    value : float
        The number.
    error : float
        How far it would move from one set of tables to another.
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
        N, the truth.  Unit: persons.
    replications : int
        Tables that the model was shown.
    not_estimable : int
        Tables for which it gave no number.
    coverage : Measure or None
        Share of the other tables whose interval holds N; None where there is none.
    bias : Measure or None
        Median of (estimate - N) / N.
    length : Measure or None
        Median of (upper - lower) / N; infinite where most intervals have no upper limit.
    too_low, too_high : float or None
        Share of intervals that lie wholly below N, and wholly above it.
    is_lower_bound : bool
        Whether the model bounds N from below.
    reason : str
        Why there was no number, as said most often.
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


def share_of(hits: int, of: int) -> Measure:
    """A share, with its Monte Carlo standard error.

    Examples
    --------
    >>> share_of(190, 200).value, round(share_of(190, 200).error, 4)
    (0.95, 0.0165)
    """
    near = (hits + 2) / (of + 4)
    return Measure(hits / of, math.sqrt(near * (1 - near) / (of + 4)))


def median_of(values: Sequence[float]) -> Measure:
    """A median, with its Monte Carlo standard error; an infinite one where the data do not bound it.

    Examples
    --------
    >>> median_of([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).value
    4.0
    """
    ordered = np.sort(np.array(values, dtype=float))
    many = ordered.size
    beyond = max(round((many + 1) / 2 - _Z * math.sqrt(many / 4)), 1)
    low, high = float(ordered[beyond - 1]), float(ordered[many - beyond])
    middle = ordered[(many - 1) // 2 : many // 2 + 1]
    return Measure(float(middle.mean()), (high - low) / (2 * _Z) if math.isfinite(high) else math.inf)


def score(trials: Sequence[Trial]) -> Score:
    """The score of one model in one scenario.

    Parameters
    ----------
    trials : sequence of Trial
        Its answers, all of one model and scenario.

    Raises
    ------
    ValueError
        When there is none, or they are of several models or scenarios.
    """
    if len({(trial.scenario, trial.model, trial.n_total) for trial in trials}) != 1:
        raise ValueError("a score is of one model in one scenario; give the trials of one pair at a time")
    first = trials[0]
    given = [(t.point, t.lower, t.upper) for t in trials]
    answers = [(p, low, up) for p, low, up in given if p is not None and low is not None and up is not None]
    n, many = first.n_total, len(answers)
    reasons = Counter(trial.reason for trial in trials if trial.reason)
    return Score(
        scenario=first.scenario,
        model=first.model,
        n_total=n,
        replications=len(trials),
        not_estimable=len(trials) - many,
        coverage=share_of(sum(low <= n <= up for _, low, up in answers), many) if many else None,
        bias=median_of([(point - n) / n for point, _, _ in answers]) if many else None,
        length=median_of([(up - low) / n for _, low, up in answers]) if many else None,
        too_low=sum(up < n for _, _, up in answers) / many if many else None,
        too_high=sum(low > n for _, low, _ in answers) / many if many else None,
        is_lower_bound=any(trial.is_lower_bound for trial in trials),
        reason=reasons.most_common(1)[0][0] if reasons else "",
    )


def trials_csv(trials: Sequence[Trial]) -> str:
    """Every answer, a row each, as CSV; empty where there is no number."""
    return _csv([f.name for f in fields(Trial)], [astuple(trial) for trial in trials])


def scores_csv(scores: Sequence[Score]) -> str:
    """Every score, a row each, as CSV; each measure with its Monte Carlo standard error beside it."""
    names: list[str] = []
    for f in fields(Score):
        names += [f.name, f"{f.name}_error"] if f.name in _MEASURES else [f.name]
    rows = []
    for each in scores:
        row: list[object] = []
        for f in fields(Score):
            value = getattr(each, f.name)
            if f.name in _MEASURES:
                row += [value.value, value.error] if value is not None else [None, None]
            else:
                row.append(value)
        rows.append(tuple(row))
    return _csv(names, rows)


_MEASURES = ("coverage", "bias", "length")


def _csv(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return written.getvalue()
