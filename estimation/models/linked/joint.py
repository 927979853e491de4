"""Links and N from one posterior: a capture model's cell probabilities in the place of the overlap table's prior.

By itself a linkage gives every overlap table of n people the same kind of prior, whatever makes lists overlap, and a
model of N is fitted to its draws afterwards (`estimation.models.linked.fit_draws`).  Here the capture model is the
prior of the overlap table: which records are of the same person is drawn from

    p(partition, theta, N | records) proportional to p(records | partition) p(partition, N | theta) p(theta)

by alternating a sweep over the partition given theta with a transition of theta and N given the overlap table
(`estimation.models.linked.joint_cells`).  So what the model knows of how lists overlap speaks to doubtful links.

Given the partition, N depends on the records only through the overlap table.  The posterior of N is therefore the
average of p(N | table) over the partitions of the joint posterior: `fit_draws` on them gives it, with the variance
split, and the draws of N that the chains made themselves are another route to the same, by which it is checked.

Likelihood, prior and identifying assumption are those of the linkage (`estimation.linkage.sampler`) and of the model.
Models: those that can be a Markov chain over completed tables (`estimation.models.cell_sampler`): latent classes,
decomposable graphs, no highest-order interaction, all pairs; up to 10 lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from estimation.capture.table import CaptureTable, IntArray
from estimation.errors import SettingError
from estimation.linkage.decision_links import decided_links, record_keys
from estimation.linkage.decisions import Decision
from estimation.linkage.draws import LinkageDraws
from estimation.linkage.encoded import CandidatePairs, EncodedRecords
from estimation.linkage.linked_tables import linked_tables
from estimation.linkage.linking import LinkageSettings, link_with_candidates
from estimation.linkage.partition import PartitionDraws
from estimation.linkage.sampler import PartitionPrior, sample_partitions
from estimation.lists.name_list import NameList
from estimation.models.cell_sampler import HasCellSampler
from estimation.models.linked.fit_draws import fit_draws
from estimation.models.linked.joint_cells import MOST_LISTS, JointCells
from estimation.models.protocol import Model
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Result
from estimation.work.progress import Progress, part, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["JointPosterior", "capture_cells", "fit_jointly", "joint_posterior"]

_BY_ITSELF = 0.4
"""Share of the work after which the lists are linked by themselves."""

_LINKING = 0.7
"""Share of the work after which the joint draws are made."""

_MOVES = 4
"""Transitions of the capture model for each sweep over the partition, which takes far longer."""


@dataclass(frozen=True, slots=True, repr=False)
class JointPosterior:
    """One posterior for links and N.

    Parameters
    ----------
    result : Estimate or NotEstimable
        N by `fit_draws` on the joint draws of the partition.
    draws : LinkageDraws
        The joint draws of the partition.
    partitions : PartitionDraws
        The same with what the sampler learned.
    totals : int array, shape (chains, draws)
        N as the chains drew it themselves.  Unit: persons.
    checks : tuple of Check
        R-hat and effective sample sizes of these.
    """

    result: Result
    draws: LinkageDraws
    partitions: PartitionDraws
    totals: IntArray
    checks: tuple[Check, ...]

    def __str__(self) -> str:
        return f"{self.result}; {self.draws}"

    def __repr__(self) -> str:
        return f"<JointPosterior: {self}>"


def capture_cells(
    model: Model, start: CaptureTable, *, rng: np.random.Generator, chains: int, n_records: int, warm: int
) -> list[JointCells]:
    """A capture model for each chain of the partition sampler.

    Parameters
    ----------
    model : Model
        One that can be a Markov chain over completed tables.
    start : CaptureTable
        An overlap table that bounds the number of people, for example of a draw of the linkage by itself.
    rng : numpy.random.Generator
        The only source of randomness.
    chains, n_records : int
        Chains, and records of all lists.
    warm : int
        Sweeps at the beginning in which theta is drawn given the table above.

    Raises
    ------
    SettingError
        When the model cannot be such a chain, or not on so many lists.
    """
    if not isinstance(model, HasCellSampler):
        raise SettingError("joint linkage", [f"{model.name} cannot be drawn with the links; use fit_draws"])
    if len(start.lists) > MOST_LISTS:
        problem = f"{len(start.lists)} lists; at most {MOST_LISTS} can be linked and counted jointly, so use fit_draws"
        raise SettingError("joint linkage", [problem])
    why_not = model.why_not(start)
    if why_not is not None:
        raise SettingError("joint linkage", [why_not])
    spreads = np.linspace(0.0, 1.0, chains) if chains > 1 else np.array([0.5])
    return [
        JointCells(model, start, rng=own, spread=float(spread), n_records=n_records, warm=warm, moves=_MOVES)
        for own, spread in zip(rng.spawn(chains), spreads, strict=True)
    ]


def joint_posterior(
    model: Model,
    records: EncodedRecords,
    pairs: CandidatePairs,
    linkage: LinkageDraws,
    *,
    rng: RandomState,
    prior: PartitionPrior | None = None,
    must_link: Sequence[tuple[int, int]] = (),
    must_not_link: Sequence[tuple[int, int]] = (),
    chains: int = 2,
    sweeps: int = 600,
    workers: int = 1,
    progress: Progress = silent,
) -> JointPosterior:
    """Draw who is the same person and how many people there are from one posterior.

    Parameters
    ----------
    model : Model
        One that can be a Markov chain over completed tables.
    records, pairs
        As in `estimation.linkage.sampler.sample_partitions`.
    linkage : LinkageDraws
        Draws of the linkage by itself; the table of the one in the middle is what theta begins with.
    rng : int, SeedSequence or Generator
        The only source of randomness.
    prior, must_link, must_not_link, chains, workers
        As in `sample_partitions`.
    sweeps : int
        Sweeps of each chain; the first third is discarded.
    progress : Progress
        Receives the share done.

    Raises
    ------
    SettingError
        When the model cannot be drawn with the links.
    UnboundedError
        When an overlap table does not bound the number of people.
    """
    of_model, of_links, of_fits = generator_of(rng).spawn(3)
    dropped, start = sweeps // 3, linked_tables(linkage).central_table
    cells = capture_cells(model, start, rng=of_model, chains=chains, n_records=records.n_records, warm=dropped // 2)
    partitions = sample_partitions(
        records,
        pairs,
        rng=of_links,
        prior=prior,
        must_link=must_link,
        must_not_link=must_not_link,
        chains=chains,
        sweeps=sweeps,
        burn_in=dropped,
        cells=cells.__getitem__,
        workers=workers,
        progress=part(progress, 0.0, _LINKING, "linking and counting together"),
    )
    totals = np.stack([each.totals[dropped:] for each in cells])
    people = partitions.n_people.astype(np.float64)
    checks = chain_checks({"N": totals.astype(np.float64), "people": people}, rhat_limit=1.1, ess_limit=50)
    note = f"Links and N were drawn together, with {model.title} in the place of the overlap table's prior."
    draws = replace(linkage, persons=partitions.persons, notes=(*linkage.notes, note), diagnostics=Diagnostics(checks))
    result = fit_draws(model, draws, rng=of_fits, workers=workers, progress=part(progress, _LINKING, 1.0))
    return JointPosterior(result, draws, partitions, totals, checks)


def fit_jointly(
    model: Model,
    name_lists: Sequence[NameList],
    *,
    rng: RandomState,
    settings: LinkageSettings | None = None,
    decisions: Sequence[Decision] = (),
    workers: int = 1,
    progress: Progress = silent,
) -> JointPosterior:
    """Link lists of names and estimate N from one posterior.

    The lists are linked by themselves first; the joint chains have as many sweeps as that linkage.

    Parameters
    ----------
    model : Model
        Latent classes, decomposable graphs, or another model that can be a Markov chain over completed tables.
    name_lists : sequence of NameList
        Up to 10 lists (`mse.read_names`).
    rng : int, SeedSequence or Generator
        The only source of randomness.
    settings, decisions, workers
        As in `mse.linkage.link`.
    progress : Progress
        Receives the share done.

    Raises
    ------
    SettingError
        When the model cannot be drawn with the links.
    LinkageError
        As `mse.linkage.link`.
    UnboundedError
        When an overlap table does not bound the number of people.
    """
    chosen = settings or LinkageSettings()
    of_linkage, of_joint = generator_of(rng).spawn(2)
    linked = link_with_candidates(
        name_lists,
        rng=of_linkage,
        settings=replace(chosen, looser=False),
        decisions=decisions,
        workers=workers,
        progress=part(progress, 0.0, _BY_ITSELF, "linking by itself"),
    )
    free = [one.name for one in name_lists if one.duplicate_free]
    decided = decided_links(decisions, record_keys(name_lists), duplicate_free=free)
    return joint_posterior(
        model,
        linked.encoded,
        linked.pairs,
        linked.draws,
        rng=of_joint,
        must_link=decided.must_link,
        must_not_link=decided.must_not_link,
        chains=chosen.chains,
        sweeps=chosen.sweeps,
        workers=workers,
        progress=part(progress, _BY_ITSELF, 1.0),
    )
