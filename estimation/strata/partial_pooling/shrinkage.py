"""How far strata were drawn together: each stratum's number alone beside its pooled one, and the common effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from estimation.capture.stratified import Strata
from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.log_linear.terms import format_model, terms_of
from estimation.results.estimates import NotEstimable, Result, ResultTable

__all__ = ["ALONE_AND_POOLED", "effects_table", "separate_fits", "shrinkage_table"]

ALONE_AND_POOLED = "Each stratum alone, by maximum likelihood, and pooled"
"""Title of the table; commands and reports find it by this."""

_LEVELS = (0.5, 0.025, 0.975)


def separate_fits(strata: Strata, *, pairs: bool, rng: np.random.Generator) -> list[Result]:
    """Each stratum's own number without the others: the same interactions by maximum likelihood.

    Parameters
    ----------
    strata : Strata
        A table for each stratum; a list with nobody in it is left out here.
    pairs : bool
        Whether the lists depend in pairs.
    rng : numpy.random.Generator
        Recorded with the results; nothing is drawn.
    """
    return [_alone(table, pairs, rng) for table in strata.tables.values()]


def _alone(table: CaptureTable, pairs: bool, rng: np.random.Generator) -> Result:
    used = [name for name, size in zip(table.lists, table.list_sizes.tolist(), strict=True) if size]
    own = table.keep(used)
    many = len(used)
    two = [(1 << i) | (1 << j) for j in range(many) for i in range(j)]
    text = format_model(terms_of(two, many), own.lists) if pairs and two else None
    return LogLinear(text, fit_check=False).fit(own, rng=rng)


def shrinkage_table(strata: Strata, alone: Sequence[Result], unseen: IntArray) -> ResultTable:
    """A row for each stratum: its number alone, or why it has none, and its pooled one.

    Parameters
    ----------
    strata : Strata
        The strata.
    alone : sequence of Estimate or NotEstimable
        From `separate_fits`.
    unseen : int array, shape (chains, draws, S)
        n_0 of each stratum.  Unit: persons.
    """
    rows = []
    for at, (stratum, table) in enumerate(strata.tables.items()):
        pooled = table.n_observed + np.quantile(unseen[..., at], _LEVELS)
        found = alone[at]
        why = found.reason if isinstance(found, NotEstimable) else ""
        numbers = (*_numbers(found), *(round(float(value)) for value in pooled))
        rows.append((*stratum, table.n_observed, *numbers, why))
    columns = (
        *strata.labels,
        "on a list (persons)",
        "alone: N (persons)",
        "alone: lower",
        "alone: upper",
        "pooled: N (persons)",
        "pooled: lower",
        "pooled: upper",
        "why there is no number alone",
    )
    return ResultTable(ALONE_AND_POOLED, columns, tuple(rows))


def _numbers(result: Result) -> tuple[str | int | float, ...]:
    if isinstance(result, NotEstimable):
        return "not estimable", "", ""
    interval = result.interval()
    ends = [round(end) if np.isfinite(end) else end for end in (interval.lower, interval.upper)]
    return round(result.median), *ends


def effects_table(names: Sequence[str], drawn: Mapping[str, FloatArray]) -> ResultTable:
    """What strata share: the mean of each effect and its spread over strata.

    Parameters
    ----------
    names : sequence of str
        The effects.
    drawn : mapping of str to float array, shape (..., E)
        Draws of the mean and of each spread, by what they are called.
    """
    columns = ["effect"]
    for called in drawn:
        columns += [f"{called}: median", f"{called}: 2.5 %", f"{called}: 97.5 %"]
    rows = []
    for at, name in enumerate(names):
        row: list[str | int | float] = [name]
        for values in drawn.values():
            row += [float(f"{value:.3g}") for value in np.quantile(values[..., at], _LEVELS)]
        rows.append(tuple(row))
    return ResultTable("What the strata share", tuple(columns), tuple(rows))
