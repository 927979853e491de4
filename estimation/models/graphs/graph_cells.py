"""Decomposable graphs of a stratum as a Markov chain over completed tables.

Likelihood, prior and identifying assumption are those of `estimation.models.graphs.decomposable`, with p(N)
proportional to 1/N.  The state is (n_0, G, p).  Given a completed table with n people, a draw is, in this order,

1. n_0 ~ negative binomial (n, 1 - p(0)), with p of the state before: the table has changed since, and n_0 with it;
2. n_0 by a slice step on log n_0 whose target has all graphs and p summed out,

       logG(n_0 + n) - logG(n_0 + 1) + log sum_G exp(sum_C M_C(n_0) - sum_S M_S(n_0))

   with the curves M_D of `estimation.models.graphs.graph_posterior`;
3. G given n_0, with p integrated out, from all graphs at once;
4. p given G and n_0, exactly (`estimation.models.graphs.graph_predictive`).

Steps 2 to 4 draw (n_0, G, p) nearly anew, and leave p(n_0, G, p | completed table) as it is.  Then f(w) = p(w) /
(1 - p(0)).

A whole number x is stepped through a real y, uniform between x and x + 1, so that log y has the density of x times y.

Symbols are those of `estimation.models.graphs.decomposable` and `estimation.models.cell_sampler`.
References: Madigan, York (1997), Biometrika 84:19-31; Neal (2003), Annals of Statistics 31:705-767, for slices.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.errors import SettingError
from estimation.models.cell_sampler import MOST_UNSEEN, CellDraw, UnboundedError, places_of
from estimation.models.graphs.chordal_graphs import ChordalGraphs, SetArray, chordal_graphs, perfect_elimination
from estimation.work.kernels import njit

__all__ = ["MOST_LISTS", "GraphCells"]

MOST_LISTS = 6
"""A draw sums all graphs some ten times; on 7 lists that is a second."""

_WIDTH = 1.0
"""First width of a slice, in log n_0."""

_HIGHEST = math.log(10 * MOST_UNSEEN)
"""A slice ends here in log n_0: a draw above `MOST_UNSEEN` ends the chain anyway."""


@njit(cache=True, nogil=True, inner=True)
def _log_gamma_draw(rng: np.random.Generator, shape: float) -> float:  # pragma: no cover - compiled
    """Logarithm of a Gamma(shape, 1) draw, also where the draw underflows."""
    return math.log(rng.standard_gamma(shape + 1.0)) - rng.standard_exponential() / shape


@njit(cache=True, nogil=True, inner=True)
def _fill_margins(
    cells: FloatArray, delta: float, constants: FloatArray, unseen: FloatArray
) -> None:  # pragma: no cover - compiled
    """The constants of the curves M_D and their arguments at n_0 = 0, for every set of lists D; as in `_margins`."""
    n_cells = cells.size
    everything = delta * n_cells
    margin = np.empty(n_cells)
    n = 0.0
    for h in range(1, n_cells):
        n += cells[h]
    constants[0], unseen[0] = 0.0, n + everything
    for lists in range(1, n_cells):
        margin[:] = 0.0
        size = 1
        for j in range(64):
            if lists >> j == 0:
                break
            size <<= lists >> j & 1
        for h in range(1, n_cells):
            margin[h & lists] += cells[h]
        each = everything / size
        constant = math.lgamma(everything) - size * math.lgamma(each)
        for d in range(1, n_cells):
            if d & ~lists == 0:
                constant += math.lgamma(margin[d] + each)
        constants[lists], unseen[lists] = constant, margin[0] + each


@njit(cache=True, nogil=True, inner=True)
def _log_target(
    y: float,
    n: float,
    cliques: SetArray,
    separators: SetArray,
    constants: FloatArray,
    unseen: FloatArray,
    curves: FloatArray,
    scores: FloatArray,
) -> float:  # pragma: no cover - compiled
    """Log density of log y up to a constant, with the graphs summed; fills their scores at the whole number below y."""
    x = math.floor(y)
    total = math.lgamma(x + unseen[0])
    for lists in range(1, constants.size):
        curves[lists] = constants[lists] + math.lgamma(x + unseen[lists]) - total
    top = -np.inf
    for graph in range(scores.size):
        score = 0.0
        for k in range(cliques.shape[1]):
            if cliques[graph, k] == 0:
                break
            score += curves[cliques[graph, k]]
            if separators[graph, k] != 0:
                score -= curves[separators[graph, k]]
        scores[graph] = score
        top = max(top, score)
    summed = 0.0
    for graph in range(scores.size):
        summed += math.exp(scores[graph] - top)
    return top + math.log(summed) + math.log(y) + math.lgamma(x + n) - math.lgamma(x + 1.0)


@njit(cache=True, nogil=True, inner=True)
def _fill_probabilities(
    rng: np.random.Generator, cells: FloatArray, edges: int, delta: float, log_p: FloatArray
) -> None:  # pragma: no cover - compiled
    """Log probabilities of all histories under a graph, drawn given a complete table, by perfect elimination."""
    n_cells = cells.size
    n_lists = 0
    while 1 << n_lists < n_cells:
        n_lists += 1
    taken, left = np.zeros(n_lists, np.int64), np.zeros(n_lists, np.int64)
    perfect_elimination(edges, taken, left)
    on, off = np.empty(n_cells), np.empty(n_cells)
    log_p[:] = 0.0
    for step in range(n_lists):
        around, bit = left[step], taken[step] & ~left[step]
        size = 1
        for j in range(n_lists):
            size <<= around >> j & 1
        weight = delta * n_cells / (2.0 * size)
        on[:], off[:] = weight, weight
        for h in range(n_cells):
            if h & bit:
                on[h & around] += cells[h]
            else:
                off[h & around] += cells[h]
        for d in range(n_cells):
            if d & ~around == 0:
                with_it, without = _log_gamma_draw(rng, on[d]), _log_gamma_draw(rng, off[d])
                top = max(with_it, without)
                both = top + math.log(math.exp(with_it - top) + math.exp(without - top))
                on[d], off[d] = with_it - both, without - both
        for h in range(n_cells):
            log_p[h] += on[h & around] if h & bit else off[h & around]


@njit(cache=True, nogil=True)
def _transition(
    rng: np.random.Generator,
    n_0: float,
    cells: FloatArray,
    delta: float,
    edges: IntArray,
    cliques: SetArray,
    separators: SetArray,
    log_p: FloatArray,
) -> float:  # pragma: no cover - compiled
    """Steps 2 to 4: fills the log probabilities of the histories and returns n_0."""
    n_cells = cells.size
    constants, unseen, curves = np.empty(n_cells), np.empty(n_cells), np.empty(n_cells)
    scores = np.empty(edges.size)
    _fill_margins(cells, delta, constants, unseen)
    n = unseen[0] - delta * n_cells
    y = n_0 + rng.random() + 1e-300
    height = _log_target(y, n, cliques, separators, constants, unseen, curves, scores)
    level = height - rng.standard_exponential()
    place = math.log(y)
    low = place - _WIDTH * rng.random()
    high = low + _WIDTH
    while _log_target(math.exp(low), n, cliques, separators, constants, unseen, curves, scores) > level:
        low -= _WIDTH
    while (
        high < _HIGHEST
        and _log_target(math.exp(high), n, cliques, separators, constants, unseen, curves, scores) > level
    ):
        high += _WIDTH
    while True:
        t = low + (high - low) * rng.random()
        y = math.exp(t)
        if _log_target(y, n, cliques, separators, constants, unseen, curves, scores) > level:
            break
        if t < place:
            low = t
        else:
            high = t
    top, summed = scores.max(), 0.0
    for graph in range(scores.size):
        scores[graph] = math.exp(scores[graph] - top)
        summed += scores[graph]
    rest, graph = rng.random() * summed - scores[0], 0
    while rest >= 0.0 and graph < scores.size - 1:
        graph += 1
        rest -= scores[graph]
    cells[0] = math.floor(y)
    _fill_probabilities(rng, cells, edges[graph], delta, log_p)
    return float(cells[0])


@lru_cache(maxsize=2 * MOST_LISTS)
def _graphs(n_lists: int, include_saturated: bool) -> ChordalGraphs:
    everything = chordal_graphs(n_lists)
    return everything if include_saturated else everything.without_complete()


class GraphCells:
    """A stratum whose dependence follows one of the decomposable graphs.

    Parameters
    ----------
    lists : sequence of str, length J
        The lists of the stratum, at most `MOST_LISTS`.
    histories : bool array, shape (C, J)
        The different histories that anybody of it may have.
    delta : float
        Prior weight of a full cell.  Unit: persons.
    include_saturated : bool
        Whether the complete graph is among the graphs.
    unseen : float
        n_0 to begin with.  Unit: persons.
    rng : numpy.random.Generator
        The only source of randomness.

    Raises
    ------
    SettingError
        For more lists than `MOST_LISTS`.
    """

    def __init__(
        self,
        lists: Sequence[str],
        histories: BoolArray,
        *,
        delta: float,
        include_saturated: bool,
        unseen: float,
        rng: np.random.Generator,
    ) -> None:
        if len(lists) > MOST_LISTS:
            problem = (
                f"a stratum has {len(lists)} lists, and every draw of labels would sum {len(lists)}-list graphs anew; "
                f"use at most {MOST_LISTS} lists, latent-class, or impute"
            )
            raise SettingError("model decomposable", [problem])
        self._rng, self._delta = rng, float(delta)
        self._graphs = _graphs(len(lists), include_saturated)
        self._places = places_of(histories)
        self._cells = np.zeros(1 << len(lists))
        self._log_p = np.zeros(1 << len(lists))
        self._unseen, self._begun = float(math.floor(unseen)), False

    def draw(self, counts: IntArray) -> CellDraw:
        """See `estimation.models.cell_sampler.CellSampler.draw`."""
        self._cells[:] = 0.0
        self._cells[self._places] = counts
        if self._begun:
            self._unseen = self._redrawn(int(counts.sum()))
        self._begun = True
        graphs = self._graphs
        self._unseen = _transition(
            self._rng,
            self._unseen,
            self._cells,
            self._delta,
            graphs.edges,
            graphs.cliques,
            graphs.separators,
            self._log_p,
        )
        if not self._unseen < MOST_UNSEEN:
            raise UnboundedError
        log_some = np.logaddexp.reduce(self._log_p[1:])
        return CellDraw(int(self._unseen), self._log_p[self._places] - log_some)

    def _redrawn(self, n_observed: int) -> float:
        """Step 1: n_0 given p and the people of the completed table."""
        log_odds = self._log_p[0] - np.logaddexp.reduce(self._log_p[1:])
        log_mean = np.log(self._rng.standard_gamma(n_observed)) + log_odds
        if not log_mean < np.log(MOST_UNSEEN):
            raise UnboundedError
        return float(self._rng.poisson(np.exp(log_mean)))
