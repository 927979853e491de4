"""What stands beside a doubly robust estimate: truncation, the fits, who carries it, what if the lists depend.

Nothing here names a person: kinds of people are those with one value of one covariate, and where these are few they
are taken together.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from estimation.models.covariates.cross_fit import Crossed
from estimation.models.covariates.influence import Influences, truncated, unseen_odds
from estimation.models.covariates.people import People
from estimation.models.missing_cell import is_odd
from estimation.results.diagnostics import Check
from estimation.results.estimates import ResultTable
from estimation.results.log_interval import point_with_log_interval
from estimation.results.totals import Interval

__all__ = [
    "TRUNCATION",
    "carriers",
    "checks",
    "fitted_histories",
    "interval_of",
    "ladder",
    "splits_table",
    "truncation_table",
    "under_dependence",
]

TRUNCATION = "N by the truncation of small probabilities"

_STEPS = (0.25, 0.5, 1.0, 2.0, 4.0)
_FEW = 5
_ROWS = 15

_MOST_TRUNCATED = 0.05
_LARGEST = 0.1
_MOST_APART = 0.05
_MOST_SPREAD = 1.0
_LEAST_KNOWN = 0.05


def interval_of(value: float, standard_error: float, n_observed: int) -> Interval | None:
    """The 95 % interval of N on the log scale of those unseen, or None where N is no number above those observed."""
    if not isfinite(value) or not isfinite(standard_error) or value <= n_observed:
        return None
    point = point_with_log_interval(value, standard_error, n_observed)
    return next(interval for interval in point.intervals if interval.level == 0.95)


def ladder(crossed: Crossed, truncation: float, xi: float) -> dict[float, Influences]:
    """The influences at a quarter of the truncation, half of it, itself, twice and four times."""
    return {step * truncation: crossed.influences(step * truncation, xi) for step in _STEPS}


def truncation_table(crossed: Crossed, steps: dict[float, Influences], xi: float) -> ResultTable:
    """N by what small probabilities are raised to; the plug-in beside it."""
    even = ~is_odd(len(crossed.people.lists))
    rows = []
    for least, found in steps.items():
        raised = (crossed.q[:, even] < least).any(axis=1)
        plug_in = float(
            (crossed.counts / crossed.pi[crossed.rows]) @ (1 + unseen_odds(truncated(crossed.q, least), xi))
        )
        rows.append(
            (
                least,
                int(crossed.counts[raised].sum()),
                found.total,
                found.standard_error,
                plug_in + crossed.people.beside,
            )
        )
    columns = (
        "smallest probability of an even history",
        "people with one below it (persons)",
        "N (persons)",
        "standard error (persons)",
        "plug-in N, not doubly robust (persons)",
    )
    return ResultTable(TRUNCATION, columns, tuple(rows))


def fitted_histories(crossed: Crossed) -> ResultTable:
    """Each history: how many have it, how many the fits say, and the smallest fitted probability."""
    people = crossed.people
    weights = crossed.counts / crossed.pi[crossed.rows]
    expected = weights @ crossed.q
    rows = [
        (people.history_name(code), int(people.by_history[code - 1]), float(expected[code - 1]), float(smallest))
        for code, smallest in enumerate(crossed.q.min(axis=0), start=1)
    ]
    columns = (
        f"history on {', '.join(people.lists)}",
        "people (persons)",
        "sum of fitted probabilities (persons)",
        "smallest fitted probability",
    )
    return ResultTable("Capture histories and their fitted probabilities", columns, tuple(rows))


def under_dependence(found: Influences, factors: Sequence[float]) -> ResultTable:
    """N where xi(x) may be anything from 1/d to d times what is assumed: bounds, and the ends of their intervals.

    r(x) is above 0, so that n_0 = E r(X)/xi(X) lies between 1/d and d times what it is where xi is as assumed,
    whichever covariates xi depends on: the bounds are in closed form and are reached.  The interval goes from the
    lower end of the interval of the lower bound to the upper end of that of the upper one.
    """
    n, rows = found.n_observed, []
    for factor in factors:
        low, high = found.at(factor), found.at(1 / factor)
        ends = [interval_of(each.total, each.standard_error, n) for each in (low, high)]
        if ends[0] is None or ends[1] is None:
            continue
        rows.append((f"{factor:g}", low.total, high.total, ends[0].lower, ends[1].upper))
    columns = ("d", "lowest N (persons)", "highest N (persons)", "lower 95 % limit", "upper 95 % limit")
    return ResultTable("N where xi is between 1/d and d times what is assumed", columns, tuple(rows))


def splits_table(totals: Sequence[Influences]) -> ResultTable:
    """N of each split of the people into folds."""
    rows = [(str(at), each.total, each.standard_error) for at, each in enumerate(totals, start=1)]
    return ResultTable("N by split into folds", ("split", "N (persons)", "standard error (persons)"), tuple(rows))


def carriers(crossed: Crossed, found: Influences) -> ResultTable:
    """Who carries the estimate: by each value of a covariate, what part of n_0 and of the variance comes from them."""
    people = crossed.people
    rows = crossed.all_rows
    unseen = found.counts * (found.phi - 1)
    squares = found.counts * (found.phi - 1) ** 2
    made: list[tuple[str, str, int, float, float, float]] = []
    for at, name in enumerate(people.names):
        few: list[np.ndarray] = []
        for code in np.unique(people.codes[rows, at]).tolist():
            of_it = people.codes[rows, at] == code
            if found.counts[of_it].sum() < _FEW:
                few.append(of_it)
                continue
            value = "(missing)" if code < 0 else people.values[at][code]
            made.append(_carrier(name, value, of_it, found, unseen, squares))
        together = np.any(few, axis=0) if few else np.zeros(0, dtype=bool)
        if together.any() and found.counts[together].sum() >= _FEW:
            made.append(_carrier(name, f"values of fewer than {_FEW} people", together, found, unseen, squares))
    made.sort(key=lambda row: -row[4])
    columns = (
        "covariate",
        "value",
        "people (persons)",
        "part of those unseen",
        "part of the sum of squared influences",
        "largest influence of one person (persons)",
    )
    return ResultTable("Who carries the estimate", columns, tuple(made[:_ROWS]))


def _carrier(
    name: str, value: str, of_it: np.ndarray, found: Influences, unseen: np.ndarray, squares: np.ndarray
) -> tuple[str, str, int, float, float, float]:
    return (
        name,
        value,
        int(found.counts[of_it].sum()),
        float(unseen[of_it].sum() / unseen.sum()),
        float(squares[of_it].sum() / squares.sum()),
        float(np.abs(found.phi[of_it] - 1).max()),
    )


def _together(people: People, numeric: Sequence[bool]) -> Check:
    """Whether people of each value of a category are on several lists at once, or a fit alone says that they can be."""
    known, even = people.known, np.flatnonzero(~is_odd(len(people.lists))) + 1
    apart = np.zeros(len(people.counts), dtype=bool)
    for at, values in enumerate(people.values):
        if numeric[at]:
            continue  # its neighbours are like it
        seen = np.zeros((len(values), len(even)), dtype=bool)
        for place, code in enumerate(even):
            seen[people.codes[known & (people.history == code), at], place] = True
        apart |= known & ~np.asarray(seen.all(axis=1))[people.codes[:, at]]
    part = float(people.counts[apart].sum() / people.counts[known].sum())
    return Check(
        "share of people like whom nobody has a history on an even number of lists",
        part,
        _MOST_APART,
        part <= _MOST_APART,
        "With their value of a covariate nobody has some history that stands in a denominator: that such people can "
        "be there at all is what the fit makes of the others, and no data.",
    )


def checks(
    crossed: Crossed, found: Influences, totals: Sequence[Influences], truncation: float, numeric: Sequence[bool]
) -> tuple[Check, ...]:
    """Overlap, influence, agreement of the splits, and how well missing covariates are stood for."""
    even = ~is_odd(len(crossed.people.lists))
    raised = (crossed.q[:, even] < truncation).any(axis=1)
    part = float(crossed.counts[raised].sum() / crossed.counts.sum())
    made = [
        _together(crossed.people, numeric),
        Check(
            "share of people with a truncated probability",
            part,
            _MOST_TRUNCATED,
            part <= _MOST_TRUNCATED,
            "People like whom hardly anybody is on several lists at once; what is assumed of them is not seen.",
        ),
        Check(
            "largest influence of one person",
            found.largest,
            _LARGEST,
            found.largest <= _LARGEST,
            "The part of those unseen that stands or falls with one person who was observed.",
        ),
    ]
    if len(totals) > 1:
        spread = float(np.std([each.total for each in totals], ddof=1)) / found.standard_error
        made.append(
            Check(
                "spread of N over splits, in standard errors",
                spread,
                _MOST_SPREAD,
                spread <= _MOST_SPREAD,
                "How much N depends on which people happened to be fitted together.",
            )
        )
    if not crossed.people.known.all():
        least = float(crossed.pi[crossed.rows].min())
        made.append(
            Check(
                "smallest probability that the covariates are known",
                least,
                _LEAST_KNOWN,
                least >= _LEAST_KNOWN,
                "Where it is small, few people stand for many of whom a covariate is missing.",
            )
        )
    return tuple(made)
