"""Missing labels and the numbers of all strata drawn together: a Gibbs sampler over completed tables.

Model
-----
Stratum s has N_s people; each has history w with probability p_s(w), independently, and those with w = 0 are on no
list.  p(N_s) is proportional to 1/N_s, the strata are independent, and the parameters theta_s of p_s have the prior of
the model.  Of person i of the n observed the history w_i is known, and of the stratum z_i only that it is one of the
possible ones, A_i.  Labels are missing at random *given the capture history and the other labels*: the probability that
a person's labels are known so far depends on the history and on what is known, not on which of A_i it is.  That
probability is then a factor that neither z nor theta changes, and it drops out.

Given N and theta, the table of a stratum is multinomial.  Of the n! orders in which the people observed can stand, a
table (n_sw) has n! / prod n_sw!; so the list of people has the probability

    p(w, z | N, theta) = 1/n! prod_s N_s! / (N_s - n_s)! p_s(0)^(N_s - n_s)  prod_i p_{z_i}(w_i)

with n_s the people of it that are observed.  Summed over N_s with the prior 1/N_s, as sum_m (n + m - 1)! / m! q^m =
(n - 1)! (1 - q)^-n,

    p(w, z | theta) ~ prod_s Gamma(n_s)  prod_i f_{z_i}(w_i),        f_s(w) = p_s(w) / (1 - p_s(0))

Only Gamma(n_s) joins people.  Without person i the stratum s has n_s^(-i), and Gamma(n + 1) / Gamma(n) = n, so that

    p(z_i = s | all others, theta) ~ n_s^(-i) p_s(w_i) / (1 - p_s(0)),     s in A_i.

The prior 1/N_s has no N_s = 0: a stratum is there where somebody is known to be of it, and never empties.

A sweep is: theta_s and n_0s of each stratum given its completed table (`estimation.models.cell_sampler`), by which
N_s = n_s + n_0s is recorded; then the label of everybody whose label is missing (`estimation.strata.label_moves`), with
n_0 summed out.  N_s and the label are never conditioned on each other, so the
sweep leaves p(theta, z, N | what is known) as it is (partially collapsed Gibbs; van Dyk, Park 2008).

A stratum whose table cannot carry the model, or bounds no n_0 with some of the labels drawn, has no N; f_s is then a
Dirichlet on the histories of its people observed, so that labels are drawn all the same, and the total has no number.

Chains start with labels in proportion to the people known with the same history, and with all possible labels alike.
Rounds follow each other, each as long as all before it together, which are its warm-up, until R-hat of the total and of
every stratum's N is at most 1.01 and their effective sample sizes are at least 400.

Symbols
-------
S strata.   w : capture history.   n_s, n_0s : people of stratum s observed, and on no list.   N_s = n_s + n_0s.
n_s^(-i) : n_s without person i.   z_i : stratum of person i.   A_i : those possible.

References: Manrique-Vallier, Ball, Sulmont (2019), arXiv:1906.04763, for labels drawn within the sampler; van Dyk, Park
(2008), Journal of the American Statistical Association 103:790-796.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import methodcaller

import numpy as np

from estimation.capture.stratified import StratifiedTable, Stratum, called
from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.errors import SettingError
from estimation.models.cell_sampler import HasCellSampler
from estimation.models.protocol import Model, estimate, not_estimable
from estimation.models.registry import model_class, model_names
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import NotEstimable, Result
from estimation.results.totals import Draws
from estimation.strata.joint_chain import JointChain, StratumUnboundedError, starting_labels
from estimation.strata.label_cells import LabelCells
from estimation.strata.protocol import PoolsStrata
from estimation.work.progress import Progress, attempt, silent
from estimation.work.seeds import generator_for
from estimation.work.threads import in_threads

__all__ = ["JointDraws", "check_joint", "drawn_jointly", "with_checks"]

_CHAINS = 4
_FIRST, _MOST = 500, 32_000
"""Sweeps of the warm-up of the first round, and of all rounds together at most."""
_EFFECTIVE = 1000.0
"""The effective sample size of the total at which the rounds end, if all checks pass."""
_DRAWS = 2500
"""Draws stored of each chain, at most."""

_IMPROPER = (
    "the posterior of N is improper: with labels that its people may have, a draw exceeds any number of persons; merge "
    "it with a neighbour, or name fewer labels"
)

MISSING_AT_RANDOM = (
    "Labels are missing at random given the capture history and the other labels: among people on the same lists, of "
    "whom the same else is known, those without a label are of each stratum as often as those with one."
)


@dataclass(frozen=True, slots=True, eq=False)
class JointDraws:
    """The strata that people without label may be of, estimated with their labels.

    Parameters
    ----------
    results : mapping of Stratum to Estimate or NotEstimable
        Each stratum's own; draw t of one belongs to draw t of all others.
    checks : tuple of Check
        Convergence of the sum of their N.
    people : int
        People whose labels were drawn.  Unit: persons.
    swept : int
        Sweeps of each chain.
    """

    results: Mapping[Stratum, Result]
    checks: tuple[Check, ...]
    people: int
    swept: int


def check_joint(model: Model | PoolsStrata, least: int) -> HasCellSampler:
    """The model as one whose labels can be drawn jointly.

    Raises
    ------
    SettingError
        For a model that cannot, and for lists that would leave a stratum though people known of it are on them.
    """
    problems = []
    if least > 1:
        problems.append(f"least = {least}; with missing = 'joint' a stratum uses every list that people of it are on")
    if isinstance(model, HasCellSampler):
        if not problems:
            return model
    else:
        able = [name for name in model_names() if issubclass(model_class(name), HasCellSampler)]
        problems.append(
            f"missing = 'joint' draws labels within the sampler of a Bayesian model, which {model.name} has not; use "
            f"missing = 'impute', which goes with any model, or one of {', '.join(able)}"
        )
    raise SettingError("strata", problems)


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """The last round of all chains: N by stratum, shape (chains, sweeps, S), and the mean completed table, (R,)."""

    totals: IntArray
    table: IntArray
    checks: tuple[Check, ...]
    by_stratum: tuple[tuple[Check, ...], ...]
    swept: int

    @property
    def enough(self) -> bool:
        """Whether the chains agree and are long enough."""
        sizes = [check.value for check in self.checks if "ESS" in check.name]
        return all(check.passed for checks in (self.checks, *self.by_stratum) for check in checks) and (
            not sizes or min(sizes) >= _EFFECTIVE
        )


def drawn_jointly(
    cells: LabelCells,
    table: StratifiedTable,
    model: Model,
    sampled: HasCellSampler,
    *,
    seed: int,
    workers: int = 1,
    progress: Progress = silent,
) -> JointDraws:
    """Draw missing labels, and N of every stratum that people without label may be of.

    Parameters
    ----------
    cells : LabelCells
        Of that table; somebody's stratum is not known.
    table : StratifiedTable
        With labels missing.
    model, sampled : Model
        The model of each stratum, once more as `check_joint` gives it.
    seed : int
        The only source of randomness.
    workers : int
        Threads; changes no number.
    progress : Progress
        Receives how far the rounds are.

    Raises
    ------
    SettingError
        When a setting keeps the model from it.
    """
    used = np.flatnonzero(cells.unsure).tolist()
    begun = starting_labels(cells, generator_for(seed, "first labels"), spread=0.0)
    first = [_table(cells, s, cells.completed(begun)) for s in range(len(cells.begin) - 1)]
    # A stratum that nobody without label can be of has no part in this.
    reasons = [model.why_not(first[s]) if s in used else "" for s in range(len(first))]
    strata = list(cells.strata.tables)
    names = [called(cells.strata.labels, strata[s]) for s in used]
    while True:
        with_n = [s for s in used if reasons[s] is None]
        try:
            run = _rounds(_chains(cells, reasons, sampled, seed), used, names, with_n, workers, progress)
            break
        except StratumUnboundedError as error:
            reasons[error.stratum] = _IMPROPER
    digest = table.sha256
    results = {
        strata[s]: _result(cells, digest, model, generator_for(seed, *strata[s]), run, s, at, reasons[s])
        for at, s in enumerate(used)
    }
    return JointDraws(results, run.checks, int(cells.people.sum()), run.swept)


def _chains(cells: LabelCells, reasons: Sequence[str | None], sampled: HasCellSampler, seed: int) -> list[JointChain]:
    """Chains from dispersed starts."""
    chains = []
    for c, spread in enumerate(((np.arange(_CHAINS) + 0.5) / _CHAINS).tolist()):
        start = starting_labels(cells, generator_for(seed, "first labels", c), spread=spread)
        rng = generator_for(seed, "joint labels", c)
        chains.append(JointChain(cells, reasons, sampled, start=start, rng=rng, spread=spread))
    return chains


def _rounds(
    chains: Sequence[JointChain],
    used: Sequence[int],
    names: Sequence[str],
    with_n: Sequence[int],
    workers: int,
    progress: Progress,
) -> _Run:
    """Rounds of sweeps until nothing more is needed or allowed."""
    swept, sweeps, number = 0, _FIRST, 0
    while True:
        within = attempt(progress, number, last=2 * (swept + sweeps) > _MOST)
        before = sum(chain.swept for chain in chains)

        def share(before: int = before, planned: int = sweeps * len(chains)) -> float:
            return (sum(chain.swept for chain in chains) - before) / planned

        within(0.0, "missing labels: sweeps until the checks pass")
        drawn = in_threads(methodcaller("advance", sweeps), chains, workers, progress=within, share=share)
        swept += sweeps
        if swept > _FIRST:
            run = _checked(np.stack(drawn), chains, used, names, with_n, swept)
            if run.enough or 2 * swept > _MOST:
                return run
        sweeps, number = swept, number + 1


def _checked(
    totals: IntArray,
    chains: Sequence[JointChain],
    used: Sequence[int],
    names: Sequence[str],
    with_n: Sequence[int],
    swept: int,
) -> _Run:
    """A round with its checks."""
    summed = sum((chain.summed for chain in chains), start=np.zeros(chains[0].summed.size))
    table = _whole(summed / (totals.shape[0] * totals.shape[1]), chains[0].cells.patterns)
    checks = chain_checks({"N of the strata": totals[:, :, list(with_n)].sum(axis=2).astype(float)}) if with_n else ()
    by_stratum = tuple(
        chain_checks({f"N of {name}": totals[:, :, s].astype(float)}) if s in with_n else ()
        for s, name in zip(used, names, strict=True)
    )
    return _Run(totals, table, checks, by_stratum, swept)


def _whole(people: FloatArray, patterns: BoolArray) -> IntArray:
    """Mean people of each row as whole numbers, shape (R,), with as many of each history in all as there are."""
    _, history = np.unique(patterns, axis=0, return_inverse=True)
    history = history.reshape(-1)
    whole = np.floor(people + 1e-9)
    short = np.rint(np.bincount(history, weights=people - whole)).astype(np.int64)
    order = np.lexsort((whole - people, history))
    begin = np.searchsorted(history[order], np.arange(short.size))
    rank = np.arange(order.size) - begin[history[order]]
    whole[order[rank < short[history[order]]]] += 1
    return whole.astype(np.int64)


def _table(cells: LabelCells, s: int, counts: IntArray) -> CaptureTable:
    """The completed table of a stratum."""
    lists, histories = cells.histories(s)
    where = slice(cells.begin[s], cells.begin[s + 1])
    return CaptureTable(lists, histories, counts[where], allow_twins=True)


def _result(
    cells: LabelCells,
    digest: str,
    model: Model,
    rng: np.random.Generator,
    run: _Run,
    s: int,
    at: int,
    reason: str | None,
) -> Result:
    """What the draws say of one stratum."""
    completed = _table(cells, s, run.table)
    unsure = int(completed.n_observed - cells.known[cells.begin[s] : cells.begin[s + 1]].sum())
    reason = reason or model.why_not(completed)
    diagnostics = Diagnostics(run.by_stratum[at])
    every = np.linspace(0, run.totals.shape[1] - 1, min(_DRAWS, run.totals.shape[1])).astype(int)
    total = Draws(run.totals[:, every, s])
    if reason is None and not diagnostics.ok:
        reason = _disagreement(diagnostics, run.swept)
        found: Result = not_estimable(model, completed, rng, reason, diagnostics=diagnostics, evidence=total)
    elif reason is not None:
        found = not_estimable(model, completed, rng, reason)
    else:
        note = f"Of the people observed, about {unsure:,} are of it by labels that were drawn."
        found = estimate(model, completed, rng, total, diagnostics=diagnostics, notes=(note,))
    provenance = replace(found.provenance, data_sha256=digest)
    return replace(found, assumptions=(*found.assumptions, MISSING_AT_RANDOM), provenance=provenance)


def _disagreement(diagnostics: Diagnostics, swept: int) -> str:
    """Why the draws of a stratum give no estimate, and what could be done."""
    values = "; ".join(f"{check.name} {check.value:.4g} (limit {check.limit:g})" for check in diagnostics.failed)
    return (
        f"after {swept:,} sweeps each, the {_CHAINS} chains of labels and numbers do not agree ({values}); name fewer "
        "labels, merge strata, or use impute"
    )


def with_checks(total: Result, drawn: JointDraws) -> Result:
    """The total with the convergence of the sum of all strata whose labels were drawn; no number where it failed."""
    if isinstance(total, NotEstimable):
        return total
    own = Diagnostics(drawn.checks)
    diagnostics = Diagnostics((*drawn.checks, *total.diagnostics.checks))
    if own.ok:
        return replace(total, diagnostics=diagnostics)
    return NotEstimable(
        n_observed=total.n_observed,
        model=total.model,
        title=total.title,
        reason=_disagreement(own, drawn.swept),
        assumptions=total.assumptions,
        provenance=total.provenance,
        diagnostics=diagnostics,
        evidence=total.total if isinstance(total.total, Draws) else None,
    )
