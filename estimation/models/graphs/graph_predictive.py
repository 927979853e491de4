"""What the posterior over decomposable graphs expects of the observed table, draw by draw.

Symbols and prior are those of `estimation.models.graphs.decomposable`.  A draw takes n_0 from its posterior, a graph
given n_0, and the history probabilities given both.  Taking the vertices away one by one (a perfect elimination), with
ne(v) the neighbours of v that are left at that moment,

    p(h) = prod over lists v of p(h_v | h on ne(v))
    p(on v | cell d of ne(v)) ~ Beta(n_{d,1} + delta', n_{d,0} + delta')

independently over v and d, with n_0 among the people of the all-zero cell and delta' = delta 2^(J - |ne(v)| - 1): the
strong hyper-Markov property of the hyper-Dirichlet law.

The graphs drawn from are the 1,000 with the largest weights: on 3 to 5 lists all of them.

Reference: Dawid, Lauritzen (1993), Annals of Statistics 21:1272-1317.
"""

from __future__ import annotations

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.models.graphs.chordal_graphs import ChordalGraphs
from estimation.models.graphs.graph_posterior import GraphPosterior, log_scores
from estimation.models.graphs.prior_on_n import PriorOnN
from estimation.models.predictive.checks import REPLICATES, Predicted, predicted_cells

__all__ = ["history_probabilities", "predicted_by_graphs"]

_MOST_GRAPHS = 1000


def history_probabilities(
    cells: FloatArray, elimination: list[tuple[int, int]], delta: float, rng: np.random.Generator
) -> FloatArray:
    """History probabilities under one graph, drawn given complete tables, shape (S, 2^J).

    Parameters
    ----------
    cells : float array, shape (S, 2^J)
        Complete tables: those on no list are in the first cell.  Unit: persons.
    elimination : list of (int, int)
        Each vertex with its neighbours left when it is taken away, as from `ChordalGraphs.elimination`.
    delta : float
        Prior weight of a full cell.  Unit: persons.
    rng : numpy.random.Generator
        The only source of randomness.

    Examples
    --------
    >>> complete = np.tile([1e6, 3e6, 0.0, 0.0], (1, 1))  # list 1 has three quarters, list 2 nobody
    >>> history_probabilities(complete, [(0, 0), (1, 0)], 0.5, np.random.default_rng(1)).round(2).tolist()
    [[0.25, 0.75, 0.0, 0.0]]
    """
    n_cells = cells.shape[1]
    histories = np.arange(n_cells)
    probabilities = np.ones(cells.shape)
    for vertex, around in elimination:
        on = (histories >> vertex & 1).astype(bool)
        inside, cell = np.unique(histories & around, return_inverse=True)
        weight = delta * n_cells / (2 * len(inside))
        member = (cell[:, None] == np.arange(len(inside))).astype(np.float64)
        with_it, without = (cells * side @ member + weight for side in (on, ~on))
        chance = rng.beta(with_it, without)[:, cell]
        probabilities *= np.where(on, chance, 1 - chance)
    return probabilities


def predicted_by_graphs(
    table: CaptureTable,
    graphs: ChordalGraphs,
    found: GraphPosterior,
    *,
    delta: float,
    prior: PriorOnN,
    rng: np.random.Generator,
) -> Predicted:
    """What draws of n_0, graph and history probabilities expect of the observed table.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    graphs : ChordalGraphs
        Those that were averaged over.
    found : GraphPosterior
        Their posterior.
    delta, prior
        As in `estimation.models.graphs.graph_posterior.graph_posterior`.
    rng : numpy.random.Generator
        The only source of randomness.
    """
    at = np.minimum(
        np.searchsorted(np.cumsum(found.probabilities), rng.random(REPLICATES)), found.probabilities.size - 1
    )
    unseen = (found.first + at).astype(np.float64)
    largest = np.argsort(-found.graph_weights, kind="stable")[:_MOST_GRAPHS]
    used = graphs.take(largest)
    drawn = _draw_graphs(log_scores(table, used, unseen, delta=delta, prior=prior), rng)
    complete = np.tile(table.cells().astype(np.float64), (REPLICATES, 1))
    complete[:, 0] = unseen
    probabilities = np.empty(complete.shape)
    for graph in np.unique(drawn).tolist():
        rows = np.flatnonzero(drawn == graph)
        probabilities[rows] = history_probabilities(complete[rows], used.elimination(graph), delta, rng)
    return predicted_cells(table, probabilities[:, 1:])


def _draw_graphs(scores: FloatArray, rng: np.random.Generator) -> IntArray:
    """One graph for each draw, by weights in proportion to exp(scores), shape (G, S)."""
    weights = np.cumsum(np.exp(scores - scores.max(axis=0)), axis=0)
    drawn: IntArray = (weights < rng.random(scores.shape[1]) * weights[-1]).sum(axis=0)
    return drawn
