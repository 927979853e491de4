"""From lists of names to draws of who is the same person: the records encoded, candidates found, partitions drawn.

What stands beside the draws: whether the chains agree, who was not linked and why, and what looser candidates would
change.  A pair that is no candidate is one person only through others, so that missed pairs make the number of people
too high; the same lists are linked once more with looser candidates, and the shift is always given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from math import hypot
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from estimation.errors import LinkageError, SettingError
from estimation.linkage.candidate_recall import candidate_recall
from estimation.linkage.candidates import CandidateCut, cut_at, weighed_pairs
from estimation.linkage.captures import captures
from estimation.linkage.decision_links import DecidedLinks, decided_links, record_keys
from estimation.linkage.decisions import Decision
from estimation.linkage.draws import LinkageDraws, LinkedList, RecordPlace
from estimation.linkage.encode import encode
from estimation.linkage.encoded import CandidatePairs, EncodedRecords
from estimation.linkage.fitted_errors import FittedErrors
from estimation.linkage.linked_tables import REVIEWERS
from estimation.linkage.list_notes import list_notes, not_linked, unlinkable_people
from estimation.linkage.match_weights import chance_agreement, chance_levels
from estimation.linkage.partition import PartitionDraws
from estimation.linkage.partition_checks import partition_checks
from estimation.linkage.people import ODDS_ERROR, people_of
from estimation.linkage.record_labels import labels_of_record
from estimation.linkage.sampler import sample_partitions
from estimation.lists.name_list import NameList
from estimation.provenance import package_version, seed_of
from estimation.results.convergence import monte_carlo_errors
from estimation.results.diagnostics import Diagnostics
from estimation.text.characters import name_faults
from estimation.text.counted import counted
from estimation.work.progress import Progress, part, silent
from estimation.work.seeds import RandomState, generator_for, generator_of

__all__ = ["LinkageSettings", "Linked", "link", "link_with_candidates"]

_CANDIDATES = 0.1
"""Share of a run after which the candidates are found."""

_FIRST = 0.7
"""Share of the work after which only looser candidates are left to be linked."""

_FEWEST_SWEEPS = 10

_LARGEST_FACTOR = float(np.exp(1.96 * ODDS_ERROR))
"""By which all odds of links are wrong together, in 95 of 100 files at most."""


@dataclass(frozen=True, slots=True)
class LinkageSettings:
    """How lists are linked.

    Parameters
    ----------
    chains : int
        Chains, from opposite starts: all records alone, all candidates one person.
    sweeps : int
        Sweeps of each chain, those at first that are dropped among them.
    cut : CandidateCut
        How plausible a pair must be to be a candidate.
    looser : bool
        Link once more with looser candidates, from where the chains ended and with a fifth of the sweeps, so that the
        shift can be given.
    """

    chains: int = 2
    sweeps: int = 200
    cut: CandidateCut = field(default_factory=CandidateCut)
    looser: bool = True

    def __post_init__(self) -> None:
        problems = [
            f"{name} = {value!r}; it must be a whole number, {least} or more"
            for name, value, least in (("chains", self.chains, 2), ("sweeps", self.sweeps, _FEWEST_SWEEPS))
            if isinstance(value, bool) or not isinstance(value, int) or value < least
        ]
        if problems:
            raise SettingError("linkage", problems)


@dataclass(frozen=True, slots=True)
class Linked:
    """Draws of a linkage with what they were made of, for whoever goes on from there.

    Parameters
    ----------
    draws : LinkageDraws
        Without anybody's name.
    encoded : EncodedRecords
        The records as numbers.
    partitions : PartitionDraws
        What the sampler gave.
    pairs, looser : CandidatePairs
        The candidates of the linkage, and looser ones.
    """

    draws: LinkageDraws
    encoded: EncodedRecords
    partitions: PartitionDraws
    pairs: CandidatePairs
    looser: CandidatePairs


def link(
    name_lists: Sequence[NameList],
    *,
    rng: RandomState,
    settings: LinkageSettings | None = None,
    decisions: Sequence[Decision] = (),
    workers: int = 1,
    progress: Progress = silent,
) -> LinkageDraws:
    """Who is the same person, on and across lists of names: draws from the posterior of the partition of records.

    Parameters
    ----------
    name_lists : sequence of NameList
        One or more (`estimation.lists.readers.read_names`).
    rng : int, SeedSequence or Generator
        The only source of randomness.
    settings : LinkageSettings, optional
        How it is done.
    decisions : sequence of Decision
        What people decided of pairs of records (`estimation.linkage.decisions.read_decisions`).
    workers : int
        Threads at most; changes no number.
    progress : Progress
        Receives how far it is; what it raises ends the work.

    Returns
    -------
    LinkageDraws
        Without anybody's name.

    Raises
    ------
    LinkageError
        When there is no list, two lists have one name, a list has no record of one named person, or decisions
        contradict each other.
    """
    return link_with_candidates(
        name_lists, rng=rng, settings=settings, decisions=decisions, workers=workers, progress=progress
    ).draws


def link_with_candidates(
    name_lists: Sequence[NameList],
    *,
    rng: RandomState,
    settings: LinkageSettings | None = None,
    decisions: Sequence[Decision] = (),
    workers: int = 1,
    progress: Progress = silent,
) -> Linked:
    """The same with the candidates and all else that the draws were made of.

    Parameters
    ----------
    name_lists, rng, settings, decisions, workers, progress
        As for `link`.

    Raises
    ------
    LinkageError
        As `link`.
    """
    chosen = settings or LinkageSettings()
    if not isinstance(chosen, LinkageSettings):
        raise SettingError("linkage", [f"settings is a {type(chosen).__name__}; give LinkageSettings(sweeps=400)"])
    _check(name_lists)
    decided = _decided(name_lists, decisions)
    generator = generator_of(rng)
    seed = int(generator.integers(2**63))
    encoded = encode(name_lists)
    first = part(progress, 0.0, _FIRST if chosen.looser else 1.0)
    found = part(first, 0.0, _CANDIDATES, "candidate pairs")
    pairs, looser = _candidates(name_lists, encoded, (chosen.cut, chosen.cut.looser()), found)
    sampled = part(first, _CANDIDATES, 1.0, "linking records")
    drawn = _drawn(encoded, pairs, chosen, decided, seed, workers, sampled)
    errors = _errors(encoded, drawn)
    notes = [*list_notes(name_lists), *encoded.notes, *pairs.notes]
    exchanged = float(drawn.reading_probability[encoded.reading_kinds == 1].sum()) / encoded.n_records
    again_from = generator_for(seed, "candidate recall")
    recall = candidate_recall(name_lists, errors, rng=again_from, exchanged=exchanged, cut=chosen.cut)
    notes += [recall.note] if recall.n_copies > 1 else []
    if chosen.looser:
        short = replace(chosen, sweeps=max(chosen.sweeps // 5, _FEWEST_SWEEPS))
        rest = part(progress, _FIRST, 1.0, "looser candidates")
        again = _drawn(encoded, looser, short, decided, seed, workers, rest, starts=[*drawn.persons[:, -1]])
        notes.append(_shift(drawn, again, len(pairs), len(looser)))
    notes += _beyond_the_draws(drawn)
    draws = LinkageDraws(
        encoded.lists,
        _places(name_lists),
        drawn.persons,
        unlinkable_people(name_lists),
        tuple(notes),
        tuple(_file(one) for one in name_lists),
        Diagnostics(partition_checks(drawn, encoded.list_of, encoded.lists)),
        errors,
        _settings(chosen, seed_of(generator), pairs, decided.reviewers),
        _review(decided),
    )
    return Linked(draws, encoded, drawn, pairs, looser)


def _check(name_lists: Sequence[NameList]) -> None:
    """Refuse lists that cannot be linked, with all that is wrong of all of them."""
    if isinstance(name_lists, NameList):
        raise LinkageError("linkage", ["this is one list; give a sequence of lists, [police, press]"])
    if not name_lists:
        raise LinkageError("linkage", ["there is no list; name one or more files of names"])
    problems = [
        f"item {at} is a {type(one).__name__} and no list of names; read it with read_names"
        for at, one in enumerate(name_lists, 1)
        if not isinstance(one, NameList)
    ]
    if problems:
        raise LinkageError("linkage", problems)
    problems = [f"the name of list {one.name!r} {fault}" for one in name_lists for fault in name_faults(one.name)]
    problems += [
        f"{one.name}: none of its {len(one.records):,} rows is one person with a name, so that nothing on it can be "
        "linked; say which columns have the names, or leave the list out and count its people apart"
        for one in name_lists
        if not one.linkable
    ]
    try:
        captures(name_lists)
    except LinkageError as error:
        problems += error.problems
    if problems:
        raise LinkageError("linkage", problems)


def _decided(name_lists: Sequence[NameList], decisions: Sequence[Decision]) -> DecidedLinks:
    """What people decided, by the places of the records."""
    free = [one.name for one in name_lists if one.duplicate_free]
    files = {one.name: one.sha256 for one in name_lists}
    return decided_links(decisions, record_keys(name_lists), duplicate_free=free, files=files)


def _candidates(
    name_lists: Sequence[NameList], encoded: EncodedRecords, cuts: tuple[CandidateCut, CandidateCut], progress: Progress
) -> tuple[CandidatePairs, CandidatePairs]:
    """The candidates at a cut and at a looser one, from pairs that are weighed once."""
    weighed = weighed_pairs(name_lists, encoded, cut=cuts[1], progress=progress)
    return cut_at(cuts[0], weighed, name_lists), cut_at(cuts[1], weighed, name_lists)


def _drawn(
    encoded: EncodedRecords,
    pairs: CandidatePairs,
    chosen: LinkageSettings,
    decided: DecidedLinks,
    seed: int,
    workers: int,
    progress: Progress,
    starts: Sequence[NDArray[np.int32]] | None = None,
) -> PartitionDraws:
    """Draws of the partition; with other candidates from the same random numbers."""
    return sample_partitions(
        encoded,
        pairs,
        rng=generator_for(seed, "partition"),
        must_link=decided.must_link,
        must_not_link=decided.must_not_link,
        chains=chosen.chains,
        sweeps=chosen.sweeps,
        starts=starts,
        workers=workers,
        progress=progress,
    )


def _shift(drawn: PartitionDraws, again: PartitionDraws, n_pairs: int, n_more: int) -> str:
    """What looser candidates change."""
    people, looser = drawn.n_people, again.n_people
    first, second = (monte_carlo_errors(each, [])[0] for each in (people, looser))
    ends = np.quantile(looser, [0.025, 0.975], method="inverted_cdf")
    error = hypot(first, second)
    return (
        f"With looser candidates ({counted(n_more, 'pair')} in the place of {n_pairs:,}) the mean number of people "
        "shifts by "
        f"{round(looser.mean() - people.mean(), 1) + 0.0:+.1f} (Monte Carlo error {error:.1f}), from "
        f"{people.mean():,.1f} "
        f"to {looser.mean():,.1f} (95 % credible interval {ends[0]:,.0f} to {ends[1]:,.0f}). Pairs that are no "
        "candidates at any cut are not in this shift; each of them makes the number of people too high."
    )


def _beyond_the_draws(drawn: PartitionDraws) -> list[str]:
    """That the interval is wider than that of the draws, and why."""
    found = people_of(drawn.n_people.ravel(), drawn.persons.shape[2])
    model = found.by_model
    if found.interval == model:
        return []
    return [
        f"The interval of the number of people, {found.lower:,} to {found.upper:,}, is wider than that of the draws, "
        f"{model.lower:,.0f} to {model.upper:,.0f}: those take it for granted that the odds of the model are right, "
        "and where lists err in ways that it does not have, all odds of doubtful links are wrong together, by a factor "
        f"of up to {_LARGEST_FACTOR:.1f} in 95 of 100 files. A labelled random sample tells how many people "
        "there are without the model (mse link --review-sample)."
    ]


def _places(name_lists: Sequence[NameList]) -> tuple[RecordPlace, ...]:
    """Where the linkable records stand."""
    lists, capture_of = captures(name_lists)
    return tuple(
        RecordPlace(
            capture, record.row, record.sheet, labels_of_record(record), "" if one.name == lists[capture] else one.name
        )
        for one, capture in zip(name_lists, capture_of, strict=True)
        for record in one.linkable
    )


def _file(one: NameList) -> LinkedList:
    """What is recorded of a list."""
    file = Path(one.source).name
    return LinkedList(one.name, file, one.sha256, len(one.linkable), dict(one.column_map), not_linked(one))


def _errors(encoded: EncodedRecords, drawn: PartitionDraws) -> FittedErrors:
    """What was learned of the errors of each list."""
    rates = tuple(tuple((float(good), float(bad)) for good, bad in of_list) for of_list in drawn.error_rates.tolist())
    last = drawn.persons[0, -1]
    return FittedErrors(
        encoded.lists,
        tuple(each.name for each in encoded.fields),
        rates,
        tuple(tuple(map(float, levels)) for levels in drawn.error_levels.tolist()),
        tuple(map(float, drawn.share_bad.tolist())),
        tuple(map(float, drawn.duplicates.tolist())),
        tuple(tuple((float(low), float(high)) for low, high in of_list) for of_list in drawn.error_ends.tolist()),
        chance_levels=chance_levels(encoded, last),
        chance_agreement=chance_agreement(encoded, last),
    )


def _settings(
    chosen: LinkageSettings, seed: str, pairs: CandidatePairs, reviewers: Sequence[str]
) -> dict[str, str | int | float]:
    """What a rerun needs besides the lists."""
    return {
        "seed": seed,
        "version": package_version(),
        "chains": chosen.chains,
        "sweeps": chosen.sweeps,
        "candidate pairs": len(pairs),
        **({REVIEWERS: ", ".join(reviewers)} if reviewers else {}),
        **{f"candidates: {each.name}": getattr(chosen.cut, each.name) for each in fields(chosen.cut)},
    }


def _review(decided: DecidedLinks) -> dict[str, int]:
    """Pairs that people decided about, by what they decided; empty where nobody did."""
    counts = {
        "the same person": len(decided.must_link),
        "different people": len(decided.must_not_link),
        "not certain": decided.n_unsure,
    }
    return {answer: count for answer, count in counts.items() if count}
