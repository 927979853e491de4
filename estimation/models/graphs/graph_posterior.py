"""The exact posterior of N over a set of decomposable graphs; `estimation.models.graphs.decomposable` has the model.

For a set D of lists, z_D the people observed on none of them, delta_D = delta 2^(J - |D|) and x = n_0,
the marginal likelihood of the margin D relative to that of N alone is

    M_D(x) = LML(D) - LML(empty set) = c_D + logG(x + z_D + delta_D) - logG(x + n + 2^J delta)

so that the log posterior of a graph and x, with cliques C and separators S, is up to a constant

    logG(x + n + 1) - logG(x + 1) + log p(n + x) + sum_C M_C(x) - sum_S M_S(x).

Only 2^J curves M_D are ever computed; a graph is a sum of at most 2 J - 1 of them.  All graphs are summed at each place
that `estimation.models.graphs.piecewise` asks for, so that memory does not grow with the range of n_0.  A graph whose
term is less than exp(-50) of the largest before it at a place adds nothing there: 617,675 of them
would add 2 x 10^-16.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.special import gammaln

from estimation.capture.table import CaptureTable, FloatArray
from estimation.models.graphs.chordal_graphs import ChordalGraphs, SetArray
from estimation.models.graphs.log_gamma import log_gamma_ratio
from estimation.models.graphs.piecewise import Panel, evaluate, geometric_edges, refine
from estimation.models.graphs.prior_on_n import PriorOnN
from estimation.work.kernels import njit
from estimation.work.threads import in_threads

__all__ = ["GraphPosterior", "graph_posterior", "log_scores"]

_GRAPHS_AT_ONCE = 8192
_PLACES_AT_ONCE = 256
"""Places at which all curves are computed at once: 2^J curves of this length fit a processor's cache."""

_FAR = 1 << 50
_MASS_LEFT_OUT = 1e-9
_MEAN_LEFT_OUT = 1e-7
"""What a grid leaves out of the posterior mass and of the posterior mean, where it can."""
_LONG_GRIDS = ((1 << 17, 1e-5, 1e-3), (1 << 20, 1e-5, np.inf), (1 << 22, np.inf, np.inf))
"""Lengths from which a grid may leave out more mass, and more of the mean: tails too heavy to follow to their end."""


@dataclass(frozen=True, slots=True, eq=False)
class _Margins:
    """What the 2^J curves M_D are made of."""

    n_observed: int
    constants: FloatArray
    unseen: FloatArray
    all_cells: float
    prior: PriorOnN

    def curves(self, x: FloatArray) -> FloatArray:
        """M_D(x) for every set of lists D, shape (2^J, P)."""
        total = self.n_observed + self.all_cells
        return np.array(
            [c + log_gamma_ratio(x, z, total) for c, z in zip(self.constants, self.unseen.tolist(), strict=True)]
        )

    def base(self, x: FloatArray) -> FloatArray:
        """What every graph shares, shape (P,)."""
        return log_gamma_ratio(x, self.n_observed + 1.0, 1.0) + self.prior.log_density(x + self.n_observed)


def _margins(table: CaptureTable, delta: float, prior: PriorOnN) -> _Margins:
    """The constants c_D and the arguments z_D + delta_D of the 2^J curves."""
    cells = table.cells()
    n_sets = cells.size
    everything = n_sets * delta
    constants = np.zeros(n_sets)
    unseen = np.full(n_sets, table.n_observed + everything)
    histories = np.arange(n_sets)
    for lists in range(1, n_sets):
        margin = np.bincount(histories & lists, weights=cells, minlength=n_sets)
        inside = np.unique(histories & lists)
        each = everything / inside.size
        seen = margin[inside[1:]]
        constants[lists] = (gammaln(seen + each) - gammaln(each)).sum() - gammaln(each) + gammaln(everything)
        unseen[lists] = margin[0] + each
    return _Margins(table.n_observed, constants, unseen, everything, prior)


@njit(cache=True, nogil=True)
def _score(  # pragma: no cover - compiled
    cliques: SetArray, separators: SetArray, graph: int, curves: FloatArray, base: FloatArray, score: FloatArray
) -> None:
    """The log posterior of one graph at every place, up to the constant that all share."""
    for p in range(base.size):
        score[p] = base[p]
    for k in range(cliques.shape[1]):
        clique, separator = cliques[graph, k], separators[graph, k]
        if clique == 0:  # there are more cliques than separators
            break
        for p in range(base.size):
            score[p] += curves[clique, p]
        if separator != 0:
            for p in range(base.size):
                score[p] -= curves[separator, p]


@njit(cache=True, nogil=True)
def _log_sum(  # pragma: no cover - compiled
    cliques: SetArray, separators: SetArray, curves: FloatArray, base: FloatArray
) -> FloatArray:
    """Log of the sum over graphs, at every place, with a running maximum."""
    score = np.empty(base.size)
    top = np.full(base.size, -np.inf)
    total = np.zeros(base.size)
    for graph in range(cliques.shape[0]):
        _score(cliques, separators, graph, curves, base, score)
        for p in range(base.size):
            above = score[p] - top[p]
            if above > 0:
                total[p] = total[p] * np.exp(-above) + 1
                top[p] = score[p]
            elif above > -50:
                total[p] += np.exp(above)
    for p in range(base.size):
        total[p] = top[p] + np.log(total[p])
    return total


@njit(cache=True, nogil=True)
def _weigh(  # pragma: no cover - compiled
    cliques: SetArray,
    separators: SetArray,
    curves: FloatArray,
    base: FloatArray,
    weights: FloatArray,
    people: FloatArray,
    mass: FloatArray,
    moment: FloatArray,
) -> None:
    """Add to each graph its weighted sum over the places, and that of N times it; `base` brings them to scale."""
    score = np.empty(base.size)
    for graph in range(cliques.shape[0]):
        _score(cliques, separators, graph, curves, base, score)
        for p in range(base.size):
            if score[p] > -700:
                value = weights[p] * np.exp(score[p])
                mass[graph] += value
                moment[graph] += value * people[p]


def _log_sum_of_part(curves: FloatArray, base: FloatArray, part: tuple[SetArray, SetArray]) -> FloatArray:
    return _log_sum(*part, curves, base)


class _AllGraphs:
    """The graphs in parts of a fixed size, so that the number of workers cannot change a bit of the result."""

    def __init__(self, margins: _Margins, graphs: ChordalGraphs, workers: int) -> None:
        self.margins = margins
        self.workers = workers
        starts = range(0, len(graphs), _GRAPHS_AT_ONCE)
        self.parts = [
            (graphs.cliques[at : at + _GRAPHS_AT_ONCE], graphs.separators[at : at + _GRAPHS_AT_ONCE]) for at in starts
        ]

    def _over_parts(self, work: Callable[[tuple[SetArray, SetArray]], FloatArray]) -> list[FloatArray]:
        if self.workers == 1 or len(self.parts) == 1:
            return [work(part) for part in self.parts]
        return in_threads(work, self.parts, self.workers)

    def log_sum(self, x: FloatArray) -> FloatArray:
        """Log of the joint posterior summed over all graphs, at real places n_0, shape (P,) -> (P,)."""
        pieces = []
        for at in range(0, x.size, _PLACES_AT_ONCE):
            some = x[at : at + _PLACES_AT_ONCE]
            curves, base = self.margins.curves(some), self.margins.base(some)
            sums = self._over_parts(partial(_log_sum_of_part, curves, base))
            pieces.append(np.logaddexp.reduce(np.array(sums), axis=0))
        return np.concatenate(pieces)

    def weigh(self, x: FloatArray, weights: FloatArray, log_scale: float) -> tuple[FloatArray, FloatArray]:
        """Each graph's sum over weighted places and that weighted with N, shape (G,) each, relative to a scale."""

        def of_part(part: tuple[SetArray, SetArray]) -> FloatArray:
            sums = np.zeros((2, len(part[0])))
            for at in range(0, x.size, _PLACES_AT_ONCE):
                some = slice(at, at + _PLACES_AT_ONCE)
                base = self.margins.base(x[some]) - log_scale
                people = x[some] + self.margins.n_observed
                _weigh(*part, self.margins.curves(x[some]), base, weights[some], people, sums[0], sums[1])
            return sums

        mass, moment = np.concatenate(self._over_parts(of_part), axis=1)
        return mass, moment


@dataclass(frozen=True, slots=True, eq=False)
class GraphPosterior:
    """The posterior of N and of the graphs.

    Parameters
    ----------
    first : int
        The smallest n_0 of the grid.  Unit: persons.
    probabilities : float array, shape (L,)
        Posterior of n_0 = first, first + 1, ...; adds to 1.
    graph_weights : float array, shape (G,)
        Posterior of each graph; adds to 1.
    graph_means : float array, shape (G,)
        Posterior mean of N under each graph (persons); NaN where the weight is 0.
    saturated_weight : float
        Weight that the saturated graph would take if it joined the others with the same prior weight.
    mass_outside : float
        Posterior mass outside the grid.
    mean_outside : float
        Share of the posterior mean from outside the grid.
    interpolation_error : float
        Largest error found between the places of the panels, relative to the highest posterior probability.
    decays : bool
        Whether the posterior decays at all; if not it is improper.
    """

    first: int
    probabilities: FloatArray
    graph_weights: FloatArray
    graph_means: FloatArray
    saturated_weight: float
    mass_outside: float
    mean_outside: float
    interpolation_error: float
    decays: bool


def _masses(panels: list[Panel], log_scale: float, n_observed: int) -> tuple[FloatArray, FloatArray]:
    """The sum over each panel's whole numbers of f / scale, and of N f / scale."""
    values = [panel.weights * np.exp(panel.log_values - log_scale) for panel in panels]
    mass = np.array([v.sum() for v in values])
    moment = np.array([v @ (panel.places + n_observed) for v, panel in zip(values, panels, strict=True)])
    return mass, moment


def _long_enough(length: int, mass_beyond: float, mean_beyond: float) -> bool:
    """Whether a grid of that length leaves out little enough."""
    if mass_beyond < _MASS_LEFT_OUT and mean_beyond < _MEAN_LEFT_OUT:
        return True
    return any(length >= at and mass_beyond < mass and mean_beyond < mean for at, mass, mean in _LONG_GRIDS)


def _window(panels: list[Panel], mass: FloatArray, moment: FloatArray) -> tuple[int, int]:
    """Positions of the first and after the last panel of the grid."""
    start = int(np.searchsorted(np.cumsum(mass) / mass.sum(), _MASS_LEFT_OUT / 1000))
    mass_beyond = mass[::-1].cumsum()[::-1] / mass.sum()
    mean_beyond = moment[::-1].cumsum()[::-1] / moment.sum()
    for end in range(start + 1, len(panels)):
        length = panels[end].first - panels[start].first
        if _long_enough(length, float(mass_beyond[end]), float(mean_beyond[end])):
            return start, end
        if length + panels[end].width > 2 * _LONG_GRIDS[-1][0]:
            return start, end
    return start, len(panels)


def _saturated_weight(saturated: _AllGraphs, panels: list[Panel], others: float) -> float:
    """The share that the saturated graph would have; `others` is the log of what the other graphs add to."""
    places, weights = _weighted_places(panels)
    log_values = saturated.log_sum(places)
    top = float(log_values.max())
    log_mass = top + np.log(weights @ np.exp(log_values - top))
    return float(np.exp(log_mass - np.logaddexp(log_mass, others)))


def graph_posterior(
    table: CaptureTable,
    graphs: ChordalGraphs,
    saturated: ChordalGraphs,
    *,
    delta: float,
    prior: PriorOnN,
    n_0_max: int | None = None,
    workers: int = 1,
) -> GraphPosterior:
    """The posterior of N, averaged over graphs with equal prior weight.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    graphs : ChordalGraphs
        The graphs to average over.
    saturated : ChordalGraphs
        The complete graph alone, for `GraphPosterior.saturated_weight`.
    delta : float
        Prior weight of a full cell.  Unit: persons.
    prior : PriorOnN
        Prior on N.
    n_0_max : int, optional
        Use the grid 0, 1, ..., n_0_max; without it the grid covers all but about 10^-9 of the posterior.
    workers : int
        Threads.

    Returns
    -------
    GraphPosterior

    References
    ----------
    Madigan, York (1997), Biometrika 84:19-31.
    """
    margins = _margins(table, delta, prior)
    everything = _AllGraphs(margins, graphs, workers)
    n = table.n_observed
    stop = _FAR if prior.upper is None else prior.upper - n + 1
    noise = 1e-15 * (n + margins.all_cells) * np.log(n + 10.0)
    if n_0_max is None:
        panels = refine(everything.log_sum, geometric_edges(0, stop), noise=noise)
        rest: list[Panel] = []
    else:
        end_of_grid = min(n_0_max + 1, stop)
        panels = refine(everything.log_sum, geometric_edges(0, end_of_grid), noise=noise)
        rest = evaluate(everything.log_sum, geometric_edges(end_of_grid, stop)) if end_of_grid < stop else []
    log_scale = max(float(panel.log_values.max()) for panel in panels)
    mass, moment = _masses([*panels, *rest], log_scale, n)
    start, end = (0, len(panels)) if n_0_max is not None else _window(panels, mass, moment)
    inside = slice(start, end)
    used = panels[inside]
    graph_mass, graph_moment = everything.weigh(*_weighted_places(used), log_scale)
    log_graphs = log_scale + float(np.log(graph_mass.sum()))
    log_values = np.concatenate([panel.at_every_number() for panel in used])
    probabilities = np.exp(log_values - log_scale)
    with np.errstate(invalid="ignore"):
        means = graph_moment / graph_mass
    return GraphPosterior(
        first=used[0].first,
        probabilities=probabilities / probabilities.sum(),
        graph_weights=graph_mass / graph_mass.sum(),
        graph_means=means,
        saturated_weight=_saturated_weight(_AllGraphs(margins, saturated, 1), panels[:end], log_graphs),
        mass_outside=max(0.0, float(1 - mass[inside].sum() / mass.sum())),
        mean_outside=max(0.0, float(1 - moment[inside].sum() / moment.sum())),
        interpolation_error=_error_between(everything.log_sum, used, log_scale),
        decays=prior.upper is not None or _decays((rest or panels)[-1]),
    )


def log_scores(
    table: CaptureTable, graphs: ChordalGraphs, unseen: FloatArray, *, delta: float, prior: PriorOnN
) -> FloatArray:
    """The log posterior of each graph and n_0, shape (G, P), up to a constant that all share.

    Parameters
    ----------
    table, graphs, delta, prior
        As in `graph_posterior`.
    unseen : float array, shape (P,)
        Values of n_0.  Unit: persons.
    """
    margins = _margins(table, delta, prior)
    curves = margins.curves(unseen)
    curves[0] = 0.0  # 0 fills the rows of cliques and separators, and M of no list is 0
    scores = np.tile(margins.base(unseen), (len(graphs), 1))
    for k in range(graphs.n_vertices):
        scores += curves[graphs.cliques[:, k]] - curves[graphs.separators[:, k]]
    return scores


def _decays(last: Panel) -> bool:
    """Whether N p(N) falls over the last panel, as it must for the tail to have finite mass."""
    return bool(
        last.log_values[-1] + np.log(last.places[-1]) < last.log_values[0] + np.log(last.places[0])
        or last.log_values[-1] == -np.inf
    )


def _weighted_places(panels: list[Panel]) -> tuple[FloatArray, FloatArray]:
    return np.concatenate([panel.places for panel in panels]), np.concatenate([panel.weights for panel in panels])


def _error_between(log_f: Callable[[FloatArray], FloatArray], panels: list[Panel], log_scale: float) -> float:
    """The largest difference from f, relative to its highest value, at a whole number in the middle of each panel."""
    wide = [panel for panel in panels if not panel.is_exact]
    if not wide:
        return 0.0
    middles = [panel.width // 2 for panel in wide]
    joined = np.array([panel.at_every_number()[m] for panel, m in zip(wide, middles, strict=True)])
    exact = log_f(np.array([float(panel.first + m) for panel, m in zip(wide, middles, strict=True)]))
    return float(np.abs(np.exp(joined - log_scale) - np.exp(exact - log_scale)).max())
