"""Bayesian stacking: models weighted by how well each predicts a person's lists, and their posteriors of N mixed.

Symbols
-------
n people observed, n_w with history w.   theta_s, s = 1, ..., S : draws from the posterior of model k.
q_w(theta) : probability of history w among the people observed.   p_kw : model k's probability of w for a person whose
lists it has not seen, but whom it knows to be on some list.

    importance ratios 1 / q_w(theta_s), smoothed in their tail by a generalised Pareto distribution, shape k^ (PSIS)
    p_kw = sum of ratio x q_w / sum of ratio          elpd_k = sum over w of n_w log p_kw
    weights a on the simplex that maximise sum over w of n_w log sum over k of a_k p_kw
    N : a draw of model k with probability a_k

One person's lists are left out, and not the person: n stays as it is.  Where k^ is above min(0.7, 1 - 1 / log10 S),
p_kw cannot be trusted; with the models at hand each such history is computed exactly, from a fit to the table without
one person of it, and otherwise there are no weights.  The weights are found by expectation maximisation until no other
weights could raise the mean log score by more than 1e-8, which the largest mean of p_kw over the mixture bounds.

What they mean
--------------
The score is of the observed histories, given that a person is on some list.  It says nothing about those on no list:
models with the same law of the observed histories get the same score whatever N they give, and share their weight.

References
----------
Yao, Vehtari, Simpson, Gelman (2018), Bayesian Analysis 13:917-1007, for stacking; Vehtari, Gelman, Gabry (2017),
Statistics and Computing 27:1413-1432, for leave one out and the standard error; Vehtari, Simpson, Gelman, Yao, Gabry
(2024), Journal of Machine Learning Research 25(72), for the smoothing and its limits; Sivula, Magnusson, Matamoros,
Vehtari (2020), arXiv:2008.10296, for differences of scores below 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.errors import SettingError
from estimation.models.predictive.residuals import history_names
from estimation.models.protocol import Model
from estimation.provenance import Provenance, package_version, seed_of
from estimation.results.convergence import pareto_smoothed
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result, ResultTable
from estimation.results.totals import Draws, Grid, Point
from estimation.work.seeds import RandomState, generator_of

__all__ = ["stack"]

_TITLE = "Bayesian stacking"
_LARGEST_SHAPE = 0.7
_GAP = 1e-8
_STEPS = 100_000
_SHAPE = (4, 1000)
_ALIKE = 2.0
"""Standard errors within which two scores are not told apart."""
_SMALL = 4.0
"""Scores that differ by less are not told apart either: the standard error of so small a difference is too small."""


@dataclass(frozen=True, slots=True, eq=False)
class _LeftOut:
    """What a model predicts of a person whose lists are left out.

    Parameters
    ----------
    log_score : float array, shape (W,)
        log p_kw of the histories that somebody has.
    shapes : float array, shape (W,)
        k^ of each; nan where it was computed exactly.
    limit : float
        Above which k^ is not to be trusted.
    """

    log_score: FloatArray
    shapes: FloatArray
    limit: float

    @property
    def unsure(self) -> IntArray:
        """Places of the histories whose importance ratios are not to be trusted."""
        found: IntArray = np.flatnonzero(self.shapes > self.limit)
        return found


def stack(
    results: Mapping[str, Result],
    table: CaptureTable,
    *,
    rng: RandomState,
    models: Mapping[str, Model] | None = None,
) -> Result:
    """Weigh Bayesian models by how well they predict a person's lists (PSIS-LOO), and mix their posteriors of N.

    The weights know nothing of the people on no list: models that expect the same histories among the people observed
    get the same score whatever N they give.

    Parameters
    ----------
    results : mapping of str to Result
        What two Bayesian models or more answer about this table, by label, as ``fit`` returned it (a result that was
        read from a file has no draws of the histories).
    table : CaptureTable
        What they were fitted to.
    rng : int, SeedSequence or Generator
        The draws of the mixture come from it, and fits of `models`.
    models : mapping of str to Model, optional
        The models by the same labels.  With them, histories whose Pareto k is too large are computed exactly by
        fitting the table without one person.

    Returns
    -------
    Estimate or NotEstimable
        The mixture, with the weights, the scores and the Pareto k in its first table.

    Raises
    ------
    SettingError
        When a result cannot be stacked: classical, of another table, without an estimate, or without draws of the
        histories.

    Examples
    --------
    >>> import estimation as mse
    >>> table = mse.load_table("kosovo")
    >>> models = {
    ...     "graphs": mse.models.DecomposableGraphs(),
    ...     "log-linear": mse.models.HierarchicalLogLinearAverage("unit-information"),
    ... }
    >>> stacked = mse.stack({label: model.fit(table, rng=1) for label, model in models.items()}, table, rng=1)
    >>> stacked.tables[0].columns[:3]
    ('model', 'weight', 'elpd')
    """
    rng = generator_of(rng)
    chosen = _usable(results, table)
    seen, counts = np.flatnonzero(table.cells()[1:]), table.cells()[1:][table.cells()[1:] > 0]
    left_out = {label: _left_out(predicted[:, seen]) for label, (_, predicted) in chosen.items()}
    for label, found in left_out.items():
        if models is not None and label in models and found.unsure.size:
            left_out[label] = _exactly(found, models[label], table, seen, rng)
    weights = _weights(np.array([found.log_score for found in left_out.values()]), counts)
    scores = _score_table({label: result for label, (result, _) in chosen.items()}, left_out, counts, weights)
    check = _check(left_out)
    provenance = Provenance(table.sha256, package_version(), seed_of(rng), (("models", tuple(chosen)),))
    estimates = [result for result, _ in chosen.values()]
    assumptions = _assumptions(dict(zip(chosen, estimates, strict=True)), weights)
    if not check.passed:
        return NotEstimable(
            table.n_observed, "stacking", _TITLE, _untrusted(left_out, table, seen), assumptions, provenance,
            Diagnostics((check,)), tables=(scores,),
        )  # fmt: skip
    return Estimate(
        Draws(_mixed([result.total for result in estimates], weights, rng)), table.n_observed, "stacking", _TITLE,
        assumptions, Diagnostics((check,)), provenance, notes=_notes(scores), tables=(scores,),
    )  # fmt: skip


def _usable(results: Mapping[str, Result], table: CaptureTable) -> dict[str, tuple[Estimate, FloatArray]]:
    """The results with their draws of the histories; or what stands in the way, of all of them together."""
    problems, found = [], dict[str, tuple[Estimate, FloatArray]]()
    if len(results) < 2:
        problems.append(f"{len(results)} results; stacking weighs two Bayesian models or more against each other")
    for label, result in results.items():
        if isinstance(result, NotEstimable):
            problems.append(f"{label} has no estimate; leave it out")
        elif isinstance(result.total, Point):
            problems.append(f"{label} is a classical estimate, without a posterior that could predict; leave it out")
        elif result.provenance.data_sha256 != table.sha256:
            problems.append(f"{label} was fitted to another table; scores compare answers about one table")
        elif result.predicted is None or result.predicted.shape[1] != table.cells().size - 1:
            problems.append(
                f"{label} has no draws of the histories; take what fit returned, of a model with fit_check and of at "
                "most 10 lists"
            )
        else:
            found[label] = result, result.predicted
    if problems:
        raise SettingError("stack", problems)
    return found


def _left_out(predicted: FloatArray) -> _LeftOut:
    """Each history left out by smoothed importance ratios; `predicted` has shape (S, W)."""
    with np.errstate(divide="ignore"):
        log_q = np.log(predicted).T
    log_weights, shapes = pareto_smoothed(log_q)
    log_score = np.logaddexp.reduce(log_weights + log_q, axis=1)
    return _LeftOut(log_score, shapes, min(_LARGEST_SHAPE, 1 - 1 / float(np.log10(len(predicted)))))


def _exactly(found: _LeftOut, model: Model, table: CaptureTable, seen: IntArray, rng: np.random.Generator) -> _LeftOut:
    """The histories that importance ratios cannot leave out, each from a fit to the table without one person of it."""
    log_score, shapes = found.log_score.copy(), found.shapes.copy()
    for place in found.unsure.tolist():
        cell = int(seen[place]) + 1
        own = (table.patterns @ (1 << np.arange(len(table.lists)))) == cell
        without = CaptureTable(table.lists, table.patterns, table.counts - own, allow_twins=True)
        result = model.fit(without, rng=rng.spawn(1)[0])
        if isinstance(result, Estimate) and result.predicted is not None:
            log_score[place] = np.log(result.predicted[:, cell - 1].mean())
            shapes[place] = np.nan
    return _LeftOut(log_score, shapes, found.limit)


def _weights(log_score: FloatArray, counts: IntArray) -> FloatArray:
    """The weights that maximise the mean log score of the mixture; `log_score` has shape (K, W).

    Examples
    --------
    >>> _weights(np.log([[0.7, 0.3], [0.7, 0.3], [0.1, 0.9]]), np.array([70, 30])).round(3).tolist()
    [0.5, 0.5, 0.0]
    """
    probability = np.exp(log_score - log_score.max(axis=0))
    share = counts / counts.sum()
    weights = np.full(len(probability), 1 / len(probability))
    for _ in range(_STEPS):
        gain = (probability / (weights @ probability)) @ share
        weights = weights * gain
        if gain.max() <= 1 + _GAP:
            break
    found: FloatArray = weights / weights.sum()
    return found


def _score_table(
    results: Mapping[str, Estimate], left_out: Mapping[str, _LeftOut], counts: IntArray, weights: FloatArray
) -> ResultTable:
    """A row for each model, the best score first."""
    elpd = {label: float(counts @ found.log_score) for label, found in left_out.items()}
    best = left_out[max(elpd, key=lambda label: elpd[label])].log_score
    rows = []
    for (label, found), weight in zip(left_out.items(), weights.tolist(), strict=True):
        gap = found.log_score - best
        middle = counts @ gap / counts.sum()
        error = float(np.sqrt(counts @ (gap - middle) ** 2))
        largest = float(np.nanmax(found.shapes, initial=-np.inf))
        rows.append(
            (label, weight, elpd[label], float(counts @ gap), error, largest, int(found.unsure.size),
             results[label].median)
        )  # fmt: skip
    columns = (
        "model", "weight", "elpd", "difference from the best", "standard error of the difference", "largest Pareto k",
        "histories with too large a k", "median of N (persons)",
    )  # fmt: skip
    title = "Stacking weights and expected log predictive density (elpd), one person's lists left out"
    order = sorted(rows, key=lambda row: elpd[row[0]], reverse=True)
    return ResultTable(title, columns, tuple(order))


def _check(left_out: Mapping[str, _LeftOut]) -> Check:
    limit = min(found.limit for found in left_out.values())
    largest = max(float(np.nanmax(found.shapes, initial=-np.inf)) for found in left_out.values())
    return Check(
        "largest Pareto k",
        largest,
        limit,
        not any(found.unsure.size for found in left_out.values()),
        "Shape of the tail of the importance ratios by which one person's lists are left out.",
    )


def _untrusted(left_out: Mapping[str, _LeftOut], table: CaptureTable, seen: IntArray) -> str:
    """Why there are no weights."""
    names = history_names(table.lists)
    where = "; ".join(
        f"{label}: {', '.join(names[cell] for cell in seen[found.unsure].tolist())}"
        for label, found in left_out.items()
        if found.unsure.size
    )
    limit = min(found.limit for found in left_out.values())
    return (
        f"the scores of some histories rest on few draws, because their Pareto k is above {limit:.2g} ({where}): one "
        "person there moves the posterior too far; hand in the models, so that these histories are computed by fits "
        "without that person"
    )


def _assumptions(results: Mapping[str, Estimate], weights: FloatArray) -> tuple[str, ...]:
    own = (
        f"{label} (weight {weight:.2f}): {result.assumptions[0]}"
        for (label, result), weight in zip(results.items(), weights.tolist(), strict=True)
    )
    return (
        "What each model supposes about the people on no list is believed as much as the model predicts which lists "
        "the others are on; no list can show whether it should be.",
        *own,
    )


def _notes(scores: ResultTable) -> tuple[str, ...]:
    """What the weights know and what they do not."""
    alike = [str(row[0]) for row in scores.rows if -float(row[3]) <= max(_SMALL, _ALIKE * float(row[4]))]
    medians = [float(row[7]) for row in scores.rows]
    notes = [
        "The weights score how well each model predicts which lists a person is on, given that the person is on some "
        "list. They say nothing about the people on no list: models that expect the same histories get the same "
        f"score whatever N they give, and these models' medians run from {min(medians):,.0f} to {max(medians):,.0f}.",
    ]
    if len(alike) > 1:
        notes.append(
            f"The lists do not tell apart {', '.join(alike)}: their scores are within two standard errors, or within "
            f"{_SMALL:g}, of the best, and the weights between them could be others."
        )
    return tuple(notes)


def _mixed(totals: list[Draws | Grid | Point], weights: FloatArray, rng: np.random.Generator) -> IntArray:
    """Draws of N, each from the posterior of a model drawn by its weight."""
    size = int(np.prod(_SHAPE))
    steps = (np.arange(size) + rng.random()) / size
    which = np.minimum(np.searchsorted(np.cumsum(weights), steps), len(weights) - 1)
    mixed = np.empty(size, dtype=np.int64)
    for k, total in enumerate(totals):
        assert not isinstance(total, Point)  # refused before
        places = np.flatnonzero(which == k)
        p = total.probabilities if isinstance(total, Grid) else None
        mixed[places] = rng.choice(total.values.ravel(), places.size, p=p)
    return rng.permutation(mixed).reshape(_SHAPE)
