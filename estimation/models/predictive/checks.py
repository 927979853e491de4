"""Posterior predictive checks: tables that a fitted Bayesian model makes up, beside the observed one.

For each of S draws of its parameters theta from the posterior, a model gives the probability q of each part of the
table among the people observed, and a replicated table of as many people, n, is drawn.  The p-value of a discrepancy T
is the share of draws in which T(replicated, theta) is at least T(observed, theta).  The number n itself carries no
information on the fit and is not replicated.

Discrepancies
-------------
y a count, e = n q what is expected of it.   FT(y, e) = sqrt(y) + sqrt(y + 1) - sqrt(4 e + 1).

    Freeman-Tukey over cells               sum over histories of (sqrt(y) - sqrt(e))^2
    people on exactly k lists              largest |FT| over k
    pairwise overlaps                      largest |log odds ratio(y) - log odds ratio(e)| / its standard deviation,
                                           over pairs of lists, 1/2 added to each of the four counts
    largest cell residual                  largest |FT| over histories

What they can say: a small p-value says that the model does not describe the lists.  What they cannot: a posterior
predictive p-value uses the table twice, so that one of a model that holds gathers about 1/2 and is below .01 in fewer
than one table of a hundred; and **the observed cells cannot check the unseen cell**: two models that fit equally may
give different numbers of people on no list.

References
----------
Rubin (1984), Annals of Statistics 12:1151-1172; Gelman, Meng, Stern (1996), Statistica Sinica 6:733-807; Freeman, Tukey
(1950), Annals of Mathematical Statistics 21:607-611.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.predictive.residuals import (
    freeman_tukey,
    history_names,
    in_words,
    residual_table,
    worst_history,
)
from estimation.results.estimates import ResultTable
from estimation.results.goodness_of_fit import MISFIT, FitMeasure, GoodnessOfFit, PredictiveFit

__all__ = [
    "REPLICATES",
    "Predicted",
    "PredictiveCheck",
    "evenly",
    "notes_of",
    "predicted_cells",
    "predictive_check",
    "tables_of",
]

REPLICATES = 1000
"""Draws of the parameters, each with a replicated table: a p-value of .01 has a Monte Carlo error of .003."""

_CELLS, _ON_EXACTLY, _OVERLAPS, _LARGEST = (
    "Freeman-Tukey over cells",
    "people on exactly k lists",
    "pairwise overlaps",
    "largest cell residual",
)
_LEAST_LISTS = 3
"""On two lists nobody observed is on neither, and a pair has no odds ratio."""


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """What each of S draws of the parameters expects of the table, as probabilities among the people observed.

    Parameters
    ----------
    names : tuple of str
        The C histories.
    observed : int array, shape (C,)
        People with each.  Unit: persons.
    cells : float array, shape (S, C)
        Probability of each history; they add to 1.
    frequencies : float array, shape (S, J)
        Probability of being on exactly 1, ..., J lists.
    pairs : float array, shape (S, J (J - 1) / 2, 4)
        Probability of being on both lists of each pair i < j, on i alone of the two, on j alone, on neither.
    """

    names: tuple[str, ...]
    observed: IntArray
    cells: FloatArray
    frequencies: FloatArray
    pairs: FloatArray


@dataclass(frozen=True, slots=True)
class PredictiveCheck:
    """What the checks found.

    Parameters
    ----------
    fit : PredictiveFit
        The p-values, with the probabilities of the histories.
    parts : ResultTable
        People on exactly k lists and log odds ratios of pairs, observed and predicted.
    residuals : ResultTable
        Residuals by history.
    """

    fit: PredictiveFit
    parts: ResultTable
    residuals: ResultTable


def tables_of(check: PredictiveCheck | None) -> tuple[ResultTable, ...]:
    """The tables that go with the result; none where nothing was checked."""
    return () if check is None else (check.parts, check.residuals)


def notes_of(check: PredictiveCheck | None) -> tuple[str, ...]:
    """A note where the model does not fit; nothing where no misfit is found, or nothing was checked."""
    return () if check is None or check.fit.fits else (check.fit.sentence,)


def evenly(draws: int, wanted: int = REPLICATES) -> IntArray:
    """The places of so many draws, at even steps; all of them where there are fewer.

    Examples
    --------
    >>> evenly(10, 3).tolist(), evenly(2, 3).tolist()
    ([0, 4, 9], [0, 1])
    """
    return np.linspace(0, draws - 1, min(draws, wanted)).astype(np.int64)


def pair_counts(patterns: BoolArray, counts: IntArray) -> IntArray:
    """People on both lists of each pair i < j, on i alone of the two, on j alone, on neither, shape (pairs, 4)."""
    on = patterns.astype(np.int64)
    both = on.T @ (counts[:, None] * on)
    sizes = np.diag(both)
    first, second = np.triu_indices(patterns.shape[1], 1)
    shared = both[first, second]
    only = sizes[first] - shared, sizes[second] - shared
    return np.stack([shared, *only, counts.sum() - shared - only[0] - only[1]], axis=1)


def predicted_cells(table: CaptureTable, probabilities: FloatArray) -> Predicted:
    """What is expected of a table whose 2^J - 1 observable histories all have a probability in each draw.

    Parameters
    ----------
    table : CaptureTable
        What was observed.
    probabilities : float array, shape (S, 2^J - 1)
        Of, or expected people with, each history, in the order of `CaptureTable.cells` without its first entry.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 2})
    >>> predicted_cells(table, np.array([[2.0, 1.0, 1.0]])).frequencies.tolist()
    [[0.75, 0.25]]
    """
    n_lists = len(table.lists)
    cells = probabilities / probabilities.sum(axis=1, keepdims=True)
    on = ((np.arange(1, 1 << n_lists)[:, None] >> np.arange(n_lists)) & 1).astype(np.float64)
    frequencies = cells @ (on.sum(axis=1)[:, None] == np.arange(1, n_lists + 1)).astype(np.float64)
    first, second = np.triu_indices(n_lists, 1)
    both = cells @ (on[:, first] * on[:, second])
    only = cells @ (on[:, first] * (1 - on[:, second])), cells @ (on[:, second] * (1 - on[:, first]))
    neither = np.maximum(1 - both - only[0] - only[1], 0.0)
    pairs = np.stack([both, *only, neither], axis=-1)
    return Predicted(history_names(table.lists), table.cells()[1:], cells, frequencies, pairs)


def _log_odds(counts: FloatArray | IntArray) -> FloatArray:
    logs = np.log(counts + 0.5)
    odds: FloatArray = logs[..., 0] + logs[..., 3] - logs[..., 1] - logs[..., 2]
    return odds


def _overlap_gap(counts: FloatArray | IntArray, expected: FloatArray) -> FloatArray:
    """The largest standardised difference of log odds ratios, shape (S,)."""
    spread = np.sqrt((1 / (expected + 0.5)).sum(axis=-1))
    gap: FloatArray = (np.abs(_log_odds(counts) - _log_odds(expected)) / spread).max(axis=-1)
    return gap


def _measure(name: str, observed: FloatArray, replicated: FloatArray) -> FitMeasure:
    # The last bits of two sums of the same numbers may differ, and a tie counts.
    p = float((replicated >= observed - 1e-9 * (1 + np.abs(observed))).mean())
    return FitMeasure(name, p, float(np.sqrt(p * (1 - p) / len(replicated))))


def _two_sided(observed: FloatArray | IntArray, replicated: FloatArray | IntArray) -> FloatArray:
    at_most, at_least = (replicated <= observed).mean(axis=0), (replicated >= observed).mean(axis=0)
    p_values: FloatArray = np.minimum(1.0, 2 * np.minimum(at_most, at_least))
    return p_values


def _rows(
    names: Sequence[str], observed: FloatArray | IntArray, replicated: FloatArray | IntArray
) -> list[tuple[str, float, float, float, float, float]]:
    """Observed beside predicted, each with its two-sided p-value."""
    quantiles = np.quantile(replicated, (0.5, 0.025, 0.975), axis=0, method="inverted_cdf")
    columns = np.vstack([observed, quantiles, _two_sided(observed, replicated)])
    return [(name, *column) for name, column in zip(names, columns.T.tolist(), strict=True)]


def predictive_check(
    table: CaptureTable, predicted: Predicted, *, title: str, rng: np.random.Generator
) -> PredictiveCheck:
    """Draw a replicated table for each draw of the parameters, and compare.

    Parameters
    ----------
    table : CaptureTable
        What was observed.
    predicted : Predicted
        What each draw expects of it.
    title : str
        Of the model.
    rng : numpy.random.Generator
        The only source of randomness.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 30, "001": 30, "111": 60})
    >>> even = predicted_cells(table, np.ones((500, 7)))
    >>> found = predictive_check(table, even, title="every history alike", rng=np.random.default_rng(1))
    >>> found.fit.fits, found.fit.worst
    (False, 'A + B: 0 observed, 21.4 expected')
    """
    n, lists = table.n_observed, table.lists
    cells, on_exactly = rng.multinomial(n, predicted.cells), rng.multinomial(n, predicted.frequencies)
    e_cells, e_on = n * predicted.cells, n * predicted.frequencies
    y_cells, y_on = predicted.observed, table.frequencies
    measures = [
        _measure(
            _CELLS,
            ((np.sqrt(y_cells) - np.sqrt(e_cells)) ** 2).sum(axis=1),
            ((np.sqrt(cells) - np.sqrt(e_cells)) ** 2).sum(axis=1),
        ),
        _measure(
            _ON_EXACTLY,
            np.abs(freeman_tukey(y_on, e_on)).max(axis=1),
            np.abs(freeman_tukey(on_exactly, e_on)).max(axis=1),
        ),
        _measure(
            _LARGEST,
            np.abs(freeman_tukey(y_cells, e_cells)).max(axis=1),
            np.abs(freeman_tukey(cells, e_cells)).max(axis=1),
        ),
    ]
    rows = _rows([f"people on exactly {k}" for k in range(1, len(lists) + 1)], y_on, on_exactly)
    if len(lists) >= _LEAST_LISTS:
        y_pairs = pair_counts(table.patterns, table.counts)
        pairs, e_pairs = rng.multinomial(n, predicted.pairs), n * predicted.pairs
        measures.insert(2, _measure(_OVERLAPS, _overlap_gap(y_pairs, e_pairs), _overlap_gap(pairs, e_pairs)))
        named = [f"log odds ratio of {a} and {b}" for i, a in enumerate(lists) for b in lists[i + 1 :]]
        rows += _rows(named, _log_odds(y_pairs), _log_odds(pairs))
    p_values = "two-sided posterior predictive p-value", _two_sided(y_cells, cells)
    residuals = residual_table(title, predicted.names, y_cells, e_cells.mean(axis=0), p_values)
    fit = PredictiveFit("posterior predictive check", tuple(measures), len(predicted.cells), cells=predicted.cells)
    return PredictiveCheck(replace(fit, worst=_worst(fit, rows, residuals)), _parts(fit, rows), residuals)


def _worst(
    fit: GoodnessOfFit, rows: list[tuple[str, float, float, float, float, float]], residuals: ResultTable
) -> str:
    """What fits worst, of the part with the smallest p-value."""
    assert fit.smallest is not None
    if fit.smallest.p_value >= MISFIT or fit.smallest.name in (_CELLS, _LARGEST):
        return worst_history(residuals)
    begins = "people" if fit.smallest.name == _ON_EXACTLY else "log"
    name, observed, _, lower, upper, _ = min((row for row in rows if row[0].startswith(begins)), key=lambda row: row[5])
    return f"{name}: {in_words(observed)} observed, {in_words(lower)} to {in_words(upper)} predicted"


def _parts(fit: GoodnessOfFit, rows: list[tuple[str, float, float, float, float, float]]) -> ResultTable:
    """People on exactly k lists and log odds ratios, with the p-values of the discrepancies in the title."""
    p_values = ", ".join(f"{measure.name} {measure.p_value:.3f}" for measure in fit.measures)
    title = f"Posterior predictive checks, observed beside predicted; p-values: {p_values}"
    columns = ("quantity", "observed", "predicted median", "2.5 %", "97.5 %", "two-sided p-value")
    return ResultTable(title, columns, tuple(rows))
