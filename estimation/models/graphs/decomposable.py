"""Decomposable graphs: N averaged exactly over all decomposable graphs of the dependence between lists.

Likelihood: each of N people has a capture history, independently, with one probability for each of the 2^J histories.
A decomposable graph on the lists says which lists are independent of each other given which others.
Prior: under a graph G the probabilities are hyper-Dirichlet with delta per full cell (delta 2^(J - |D|) per cell of the
margin of a set of lists D); graphs are equally probable; p(N) is proportional to 1/N unless another is given.
Identifying assumption: the dependence between the lists can be written as such a graph other than the complete one, so
that the history nobody could observe follows from the others.

Symbols
-------
J : number of lists.   n : people observed.   n_0 : people on no list.   N = n + n_0.   C, S : cliques and separators.
n_d : people in cell d of a margin, n_0 among those in its all-zero cell.

    log p(n, N | G) = logG(N + 1) - sum_h logG(n_h + 1) - logG(n_0 + 1) + sum_C LML(C) - sum_S LML(S)
                      + (#C - #S) (logG(2^J delta) - logG(N + 2^J delta))
    LML(D) = sum over cells d of the margin D of logG(n_d + delta_D) - logG(delta_D)

The complete graph is the saturated model: N is not identified in it, and its answer is the prior.  It is excluded
unless it is included by name.

References: Madigan, York (1997), Biometrika 84:19-31; Dawid, Lauritzen (1993), Annals of Statistics 21:1272-1317.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, IntArray
from estimation.models.cell_sampler import HasCellSampler, starting_unseen
from estimation.models.graphs.chordal_graphs import MAX_VERTICES, ChordalGraphs, chordal_graphs
from estimation.models.graphs.graph_cells import GraphCells
from estimation.models.graphs.graph_posterior import GraphPosterior, graph_posterior
from estimation.models.graphs.graph_predictive import predicted_by_graphs
from estimation.models.graphs.prior_expansion import prior_totals
from estimation.models.graphs.prior_on_n import PriorOnN, parse_prior_on_n
from estimation.models.identification import identification_note
from estimation.models.predictive.checks import PredictiveCheck, notes_of, predictive_check, tables_of
from estimation.models.predictive.fit_checked import FitChecked
from estimation.models.prior_and_posterior import HasPrior
from estimation.models.protocol import (
    CLOSED_POPULATION,
    Model,
    check_settings,
    estimate,
    no_overlap,
    not_estimable,
    unusable_lists,
)
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import NotEstimable, Result, ResultTable
from estimation.results.totals import Grid
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["DecomposableGraphs"]

_MASS_LIMIT = 1e-4
_ERROR_LIMIT = 1e-6
_MEAN_LIMIT = 1e-3
_MOST_ROWS = 20
_MUCH_SATURATED = 0.15
"""Weight of the saturated graph from which its answer, the prior, is a part of N that a reader must be warned of."""


@dataclass(frozen=True, slots=True)
class DecomposableGraphs(FitChecked):
    """The number of people, averaged exactly over all decomposable graphs on the lists (Madigan, York 1997).

    At least one pair of lists is independent given the others (the identifying assumption).  Hyper-Dirichlet prior on
    the history probabilities, uniform over graphs, p(N) proportional to 1/N.

    Parameters
    ----------
    delta : float, optional
        Prior weight of each of the 2^J histories.  Unit: persons.  Without it 2^-J, so that the prior as a whole
        weighs as much as one person (Perks 1947).  N depends on it: see `estimation.sensitivity.vary_setting`.
    include_saturated : bool
        Average over the complete graph too, in which N is not identified.
    prior_on_n : str
        ``"1/N"``, ``"flat"``, ``"gamma-poisson(shape, scale)"`` or ``"log-normal(median, upper 90 %)"``, each with
        ``" up to M"`` for an upper bound that can be argued for; see `estimation.models.graphs.prior_on_n`.
    n_0_max : int, optional
        Largest n_0 of the grid, for comparison with other software.  Unit: persons.  Without it the grid is chosen so
        that what it leaves out does not matter.
    fit_check : bool
        Whether the fit to the lists is checked by simulated tables, which changes none of the numbers.

    Raises
    ------
    SettingError
        When delta or n_0_max is not above 0, or the text of the prior names none.

    References
    ----------
    Madigan, York (1997), Biometrika 84:19-31.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> print(DecomposableGraphs().fit(table, rng=1))
    about 123 people (95 % credible interval 66 to 274); 66 observed
    """

    name: ClassVar[str] = "decomposable"
    title: ClassVar[str] = "Decomposable graphs"

    delta: float | None = field(
        default=None,
        metadata={
            "question": "What if a capture history had another prior weight, delta?",
            "axis": "prior weight of a capture history, delta (persons)",
        },
    )
    include_saturated: bool = False
    prior_on_n: str = field(
        default="1/N", metadata={"question": "What if the prior on N were another?", "axis": "prior on N"}
    )
    n_0_max: int | None = None

    def __post_init__(self) -> None:
        problems = []
        if self.delta is not None and not 0 < self.delta < np.inf:
            problems.append(f"delta = {self.delta}; the prior weight of a history must be above 0, for example 0.5")
        if self.n_0_max is not None and self.n_0_max < 1:
            problems.append(f"n_0_max = {self.n_0_max}; the grid must reach at least one unobserved person")
        try:
            parse_prior_on_n(self.prior_on_n)
        except ValueError as error:
            problems.append(f"prior_on_n = {error}")
        check_settings(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        weight = "2^-J (J lists)" if self.delta is None else f"{self.delta:g}"
        return (
            "The dependence between the lists follows a decomposable graph in which at least one pair of lists is "
            "independent given the others, for the people on no list as for those on some."
            if not self.include_saturated
            else "The dependence between the lists follows a decomposable graph; the complete graph is among them, and "
            "under it n_0 depends on the prior alone.",
            "Every person has the same history probabilities; heterogeneity shows only as dependence between lists.",
            "All these graphs are equally plausible before the table is seen; the history probabilities have a "
            f"hyper-Dirichlet prior of weight {weight} each.",
            parse_prior_on_n(self.prior_on_n).sentence,
            CLOSED_POPULATION,
        )

    def delta_for(self, n_lists: int) -> float:
        """The prior weight of a history on that many lists.  Unit: persons.

        Parameters
        ----------
        n_lists : int
            J, the number of lists.

        Examples
        --------
        >>> DecomposableGraphs().delta_for(4), DecomposableGraphs(delta=0.5).delta_for(4)
        (0.0625, 0.5)
        """
        return 0.5**n_lists if self.delta is None else self.delta

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        shared = unusable_lists(table, minimum=2, maximum=MAX_VERTICES) or no_overlap(table)
        if shared is not None:
            return shared
        upper = parse_prior_on_n(self.prior_on_n).upper
        if upper is not None and upper < table.n_observed:
            return (
                f"the prior bounds N by {upper:,}, and {table.n_observed:,} people were observed; correct the bound in "
                "prior_on_n, or the table"
            )
        return None

    @described_by(HasPrior.prior_total)
    def prior_total(self, table: CaptureTable, *, rng: RandomState, draws: int = 4000) -> IntArray | None:
        """Draws of N given only how many people are observed; see `estimation.models.prior_and_posterior.HasPrior`.

        None under a flat prior on N without an upper bound: it is improper even then.
        """
        everything = chordal_graphs(len(table.lists))
        return prior_totals(
            everything if self.include_saturated else everything.without_complete(),
            self.delta_for(len(table.lists)),
            parse_prior_on_n(self.prior_on_n),
            table.n_observed,
            draws=draws,
            rng=generator_of(rng),
        )

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """The posterior of N and of the graphs; see `estimation.models.protocol.Model.fit`.

        N is exact; a generator that ``rng`` spawns draws the replicated tables of the posterior predictive checks.
        """
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        everything = chordal_graphs(len(table.lists))
        graphs = everything if self.include_saturated else everything.without_complete()
        delta, prior = self.delta_for(len(table.lists)), parse_prior_on_n(self.prior_on_n)
        found = graph_posterior(
            table,
            graphs,
            everything.take(np.array([len(everything) - 1])),
            delta=delta,
            prior=prior,
            n_0_max=self.n_0_max,
            workers=workers,
        )
        diagnostics = self._diagnostics(found)
        total = Grid(
            table.n_observed + found.first + np.arange(found.probabilities.size, dtype=np.int64), found.probabilities
        )
        weights = _table_of(graphs, found, table.lists)
        if not diagnostics.ok and self.n_0_max is None:
            return self._unbounded(table, rng, found, int(total.values[-1]), weights, diagnostics)
        check = _predictive_check(self.title, table, graphs, found, delta, prior, rng) if self.fit_check else None
        return estimate(
            self,
            table,
            rng,
            total,
            diagnostics=diagnostics,
            notes=(
                *self._notes(table, found, int(total.values[-1])),
                _identification(graphs, found, table.lists),
                *notes_of(check),
            ),
            tables=(weights, *tables_of(check)),
            fit=check.fit if check else None,
        )

    @described_by(HasCellSampler.cell_sampler)
    def cell_sampler(
        self, lists: Sequence[str], histories: BoolArray, counts: IntArray, *, rng: np.random.Generator, spread: float
    ) -> GraphCells:
        """One stratum as a Markov chain; see `estimation.models.cell_sampler.HasCellSampler.cell_sampler`."""
        if self.prior_on_n != "1/N" or self.n_0_max is not None:
            check_settings(self.name, ["missing labels are drawn jointly under prior_on_n = 1/N without n_0_max only"])
        return GraphCells(
            lists,
            histories,
            delta=self.delta_for(len(lists)),
            include_saturated=self.include_saturated,
            unseen=starting_unseen(int(counts.sum()), spread),
            rng=rng,
        )

    def _diagnostics(self, found: GraphPosterior) -> Diagnostics:
        return Diagnostics(
            (
                Check(
                    "posterior mass outside the grid of N",
                    found.mass_outside,
                    _MASS_LIMIT,
                    found.mass_outside <= _MASS_LIMIT,
                    "Posterior probability outside the range of N over which the posterior is summed.",
                ),
                Check(
                    "interpolation error of the posterior",
                    found.interpolation_error,
                    _ERROR_LIMIT,
                    found.interpolation_error <= _ERROR_LIMIT,
                    "Largest error of the interpolation between the values of N at which the posterior is computed, "
                    "relative to the highest posterior probability.",
                ),
            )
        )

    def _unbounded(
        self,
        table: CaptureTable,
        rng: np.random.Generator,
        found: GraphPosterior,
        end: int,
        weights: ResultTable,
        diagnostics: Diagnostics,
    ) -> NotEstimable:
        """The answer when the posterior of N cannot be summed to its end."""
        if not found.decays:
            reason = "the posterior of N is improper: it never decays, so the lists and this prior do not bound N"
        elif found.mass_outside > _MASS_LIMIT:
            reason = (
                f"{found.mass_outside:.2g} of the posterior lies above N = {end:,}: the lists overlap too little to "
                "bound N"
            )
        else:
            reason = f"the sum over N did not converge (error {found.interpolation_error:.1g})"
        return not_estimable(
            self,
            table,
            rng,
            reason + '; argue for an upper bound and state it (prior_on_n = "1/N up to M"), or use more lists',
            diagnostics=diagnostics,
            tables=(weights,),
        )

    def _notes(self, table: CaptureTable, found: GraphPosterior, end: int) -> tuple[str, ...]:
        """Notes on the saturated graph, on delta, and on a mean that a long tail determines."""
        # The complete graph is the last.
        of_saturated = float(found.graph_weights[-1]) if self.include_saturated else found.saturated_weight
        weight = _small(of_saturated)
        saturated = (
            f"The saturated graph is included and has weight {weight}; N is not identified in it, and its answer is "
            "the prior."
            if self.include_saturated
            else "The saturated graph, in which every list depends on every other, is excluded, because N is not "
            f"identified in it and its answer is the prior; included, its weight would be {weight}."
        )
        warned = self.include_saturated and of_saturated >= _MUCH_SATURATED
        notes = [
            *(
                [f"Warning: {saturated} To that share this number does not come from the lists."]
                if warned
                else [saturated]
            ),
            *parse_prior_on_n(self.prior_on_n).contradicted_by(table.n_observed),
            f"delta = {self.delta_for(len(table.lists)):g} is a choice, and N depends on it; report the estimate "
            "together with those at other values of delta.",
        ]
        if found.mean_outside > _MEAN_LIMIT:
            notes.append(
                f"The posterior has so long a tail that {found.mean_outside:.1%} of its mean comes from N above "
                f"{end:,}; use the median and the interval, not the mean, or state an upper bound of N."
            )
        return tuple(notes)


def _predictive_check(
    title: str,
    table: CaptureTable,
    graphs: ChordalGraphs,
    found: GraphPosterior,
    delta: float,
    prior: PriorOnN,
    rng: np.random.Generator,
) -> PredictiveCheck:
    """Replicated tables by draws of n_0, graph and history probabilities."""
    check_rng = rng.spawn(1)[0]
    predicted = predicted_by_graphs(table, graphs, found, delta=delta, prior=prior, rng=check_rng)
    return predictive_check(table, predicted, title=title, rng=check_rng)


def _identification(graphs: ChordalGraphs, found: GraphPosterior, lists: tuple[str, ...]) -> str:
    """The identification statement, of the graph with the largest weight; a term for each complete set of lists."""
    graph = int(found.graph_weights.argmax())
    terms = 1 + sum(2 ** near.bit_count() for _, near in graphs.elimination(graph))
    return identification_note(
        f"The graph with the largest weight, {graphs.label(graph, lists)},",
        terms,
        len(lists),
        because="some lists are independent given others" if terms < 2 ** len(lists) else "the prior",
    )


def _small(weight: float) -> str:
    """A weight as text.

    Examples
    --------
    >>> _small(0.0597), _small(3e-9)
    ('0.06', 'below 0.0001')
    """
    return f"{weight:.2g}" if weight >= 1e-4 else "below 0.0001"


def _table_of(graphs: ChordalGraphs, found: GraphPosterior, lists: tuple[str, ...]) -> ResultTable:
    """The graphs with the largest weights."""
    order = np.argsort(-found.graph_weights, kind="stable")[:_MOST_ROWS].tolist()
    listed = [graph for graph in order if found.graph_weights[graph] > 0]
    rows = tuple(
        (graphs.label(graph, lists), float(found.graph_weights[graph]), float(found.graph_means[graph]))
        for graph in listed
    )
    together = float(found.graph_weights[listed].sum())
    title = f"Weights of the graphs: {len(listed)} of {len(graphs):,} listed, together {together:.3f}"
    return ResultTable(title, ("graph", "posterior weight", "posterior mean of N (persons)"), rows)
