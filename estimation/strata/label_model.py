"""Missing labels drawn from a model of the labels given the lists, which borrows from people with other histories.

Model
-----
Among the people observed, somebody with history w is of stratum s with the probability

    p(s | w) ~ exp(a_s + sum_j b_js w_j),

a multinomial logistic model with a main effect of every list: a source that sees more of one group does so whatever the
other sources are.  Where hardly anybody with a history has known labels (few donors), what is known of the labels on
each of its lists stands in; where there are many, the hot deck (`estimation.strata.missing_labels`) assumes less.  As
there, labels are missing at random given the capture history and the other labels.

As a log-linear model of the table of people by history and stratum, it has the margins {w}, {s} and, for each list,
{w_j, s}; the prior is the constrained Dirichlet that weighs as much as one person in every margin.

Computation: data augmentation with Bayesian iterative proportional fitting.  A cycle draws
theta given the completed table, each margin in turn scaled to a draw of itself, Gamma(n_m + 1 / cells of the margin),
which leaves the posterior of theta as it is, and then the missing labels given theta.  After `_CYCLES` cycles, which
begin with labels in proportion to the people known with the same history, the labels are a draw given all that is
known, so that imputations are proper.

Strata that a person can be of are those of `estimation.strata.label_cells`.

Symbols
-------
H histories, S strata.   theta_ws : probability of a history and a stratum, shape (H, S).   n_m : people of a margin.

References: Gelman, Carlin, Stern, Rubin (1995), Bayesian Data Analysis, section 16.8, and Schafer (1997), Analysis of
Incomplete Multivariate Data, sections 8.4 and 8.5, for the fitting; Rubin (1987) for proper imputation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.strata.joint_chain import starting_labels
from estimation.strata.label_cells import LabelCells

__all__ = ["drawn_by_model"]

_CYCLES = 200


def drawn_by_model(table: StratifiedTable, names: Sequence[str], rng: np.random.Generator) -> StratifiedTable:
    """A table whose missing labels are drawn by the model.

    Parameters
    ----------
    table : StratifiedTable
        With labels missing.
    names : sequence of str
        The labels that everybody is to have.
    rng : numpy.random.Generator
        The only source of randomness.

    Raises
    ------
    TableError
        When a name is no label, nobody's labels are all known, or somebody can be of no stratum.
    """
    cells = LabelCells.of(table, names)
    histories, history = np.unique(cells.patterns, axis=0, return_inverse=True)
    history = history.reshape(-1)
    strata = np.repeat(np.arange(len(cells.begin) - 1), np.diff(cells.begin))
    reached = _reached(cells, histories)
    margins = _margins(histories, reached)
    theta = np.where(reached, 1.0 / reached.sum(), 0.0)
    placed = starting_labels(cells, rng, spread=0.0)
    completed = np.zeros(reached.shape)
    for _ in range(_CYCLES):
        completed[history, strata] = cells.completed(placed)
        for margin in margins:
            theta *= _scale(theta, completed, margin, rng)
        placed = _labels(cells, theta[history, strata][cells.row], rng)
    return _with_labels(table, names, cells, theta[history, strata][cells.row], rng)


def _reached(cells: LabelCells, histories: BoolArray) -> BoolArray:
    """Whether somebody with a history can be of a stratum, shape (H, S): not on a list that its table has not."""
    outside = np.array([[name in out for name in cells.lists] for out in cells.strata.left_out.values()])
    found: BoolArray = histories.astype(np.float32) @ outside.T.astype(np.float32) == 0
    return found


def _margins(histories: BoolArray, reached: BoolArray) -> list[IntArray]:
    """The margins of the model: for each, the cell of it that every pair of history and stratum is in, shape (H, S)."""
    n_histories, n_strata = reached.shape
    stratum = np.broadcast_to(np.arange(n_strata), reached.shape)
    by_list = [stratum + n_strata * on[:, None].astype(np.int64) for on in histories.T]
    return [np.broadcast_to(np.arange(n_histories)[:, None], reached.shape), stratum, *by_list]


def _scale(theta: FloatArray, completed: FloatArray, margin: IntArray, rng: np.random.Generator) -> FloatArray:
    """What each cell of theta is multiplied with, so that a margin of it is a draw of that margin."""
    where = margin.reshape(-1)
    now = np.bincount(where, weights=theta.reshape(-1))
    there = now > 0
    people = np.bincount(where, weights=completed.reshape(-1))
    drawn = np.where(there, rng.standard_gamma(people + 1 / max(int(there.sum()), 1)), 0.0)
    factor: FloatArray = np.divide(drawn / drawn.sum(), now, out=np.zeros_like(now), where=there)
    return factor[margin]


def _labels(cells: LabelCells, chance: FloatArray, rng: np.random.Generator) -> IntArray:
    """People of each option, shape (O,), drawn with chances in proportion to theirs.  Unit: persons."""
    placed = np.zeros(chance.size, dtype=np.int64)
    for start, end, people in zip(
        cells.first[:-1].tolist(), cells.first[1:].tolist(), cells.people.tolist(), strict=True
    ):
        placed[start:end] = rng.multinomial(people, _shares(chance[start:end]))
    return placed


def _shares(chance: FloatArray) -> FloatArray:
    """Chances that add to 1; where all are too small for a number, alike."""
    whole = chance.sum()
    found: FloatArray = chance / whole if whole > 0 else np.full(chance.size, 1 / chance.size)
    return found


def _with_labels(
    table: StratifiedTable, names: Sequence[str], cells: LabelCells, chance: FloatArray, rng: np.random.Generator
) -> StratifiedTable:
    """The table with labels drawn for the people of each of its rows, whose other labels stay."""
    labels = [table.label(name) for name in names]
    places = [table.labels.index(label) for label in labels]
    of_strata = np.array(
        [[label.values.index(value) for label, value in zip(labels, each, strict=True)] for each in cells.strata.tables]
    )
    known = cells.cell < 0
    rows, counts = [np.flatnonzero(known)], [table.counts[known]]
    codes = [table.codes[known][:, places]]
    for row in np.flatnonzero(~known).tolist():
        start, end = cells.first[cells.cell[row]], cells.first[cells.cell[row] + 1]
        share = _shares(chance[start:end])
        drawn = rng.multinomial(table.counts[row], share)
        rows.append(np.full(int((drawn > 0).sum()), row))
        counts.append(drawn[drawn > 0])
        codes.append(of_strata[cells.stratum[start:end][drawn > 0]])
    at = np.concatenate(rows)
    whole = table.codes[at].copy()
    whole[:, places] = np.concatenate(codes)
    return table.with_codes(whole, table.patterns[at], np.concatenate(counts))
