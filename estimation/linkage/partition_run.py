"""Chains of the partition sampler from opposite starts: made, run, and their draws put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.encoded import CandidatePairs, EncodedRecords
from estimation.linkage.overlap_cells import OverlapCells
from estimation.linkage.partition import PartitionDraws
from estimation.linkage.partition_chain import PartitionChain, coded_records
from estimation.linkage.partition_constraints import linked_start
from estimation.linkage.partition_rates import PartitionPrior
from estimation.linkage.supported_readings import kinds_of_readings, with_readings
from estimation.linkage.value_frequencies import value_frequencies

__all__ = ["ChainDraws", "chains_from_opposite_starts", "joined_draws", "run_chain"]

Floats = NDArray[np.float64]

_START_WEIGHT, _START_SIZE = 6.0, 8
"""Chains that start from candidates merged merge pairs above this weight, up to so many records a person."""


@dataclass(slots=True)
class ChainDraws:
    """The draws of one chain (S draws, R records), and means over them."""

    persons: NDArray[np.int32]
    households: NDArray[np.int32]
    errors: Floats
    wrong: Floats
    error_levels: Floats
    bad: Floats
    read: Floats
    linked: Floats
    duplicates: Floats
    shared: Floats
    log_likelihood: Floats


def chains_from_opposite_starts(
    records: EncodedRecords,
    pairs: CandidatePairs,
    sampled: NDArray[np.bool_],
    units: Sequence[Sequence[int]],
    apart: Sequence[tuple[int, int]],
    prior: PartitionPrior,
    rng: np.random.Generator,
    n_chains: int,
    cells: Callable[[int], OverlapCells] | None,
    starts: Sequence[NDArray[np.int32]] | None,
) -> list[PartitionChain]:
    """Chains that start in turn with everybody alone and with candidates merged, each with its own generator.

    With ``starts`` in turn from those, which keep to the decisions.
    """
    values = value_frequencies(records)
    could_be = kinds_of_readings(records)
    records = with_readings(records, sampled)
    coded = coded_records(records, values, pairs, units, apart, with_households=prior.with_households)
    if starts is None:
        alone = np.empty(records.n_records, dtype=np.int32)
        for unit in units:
            alone[list(unit)] = min(unit)
        merged = linked_start(records, pairs, units, apart, least_weight=_START_WEIGHT, largest=_START_SIZE)
        starts = (alone, merged.astype(np.int32))
    return [
        PartitionChain(
            records,
            values,
            coded,
            prior,
            starts[number % len(starts)].astype(np.int64),
            generator,
            could_be=could_be,
            cells=None if cells is None else cells(number),
        )
        for number, generator in enumerate(rng.spawn(n_chains))
    ]


def run_chain(
    chain: PartitionChain,
    sweeps: int,
    burn_in: int,
    pairs: CandidatePairs,
    done: list[int],
    number: int,
    stop: Event,
) -> ChainDraws:
    """All sweeps of a chain; ``done[number]`` counts them, and nothing more is done once ``stop`` is set."""
    draws, n = sweeps - burn_in, len(chain.persons)
    rates, n_readings = chain.rates, chain.n_readings
    found = ChainDraws(
        persons=np.empty((draws, n), dtype=np.int32),
        households=np.empty((draws, n), dtype=np.int32),
        errors=np.zeros_like(rates.errors),
        wrong=np.empty((draws, *rates.errors.shape[:2])),
        error_levels=np.zeros_like(rates.error_levels),
        bad=np.zeros_like(rates.bad),
        read=np.zeros(n_readings),
        linked=np.zeros(len(pairs.first)),
        duplicates=np.empty((draws, len(rates.bad))),
        shared=np.empty((draws, len(rates.error_levels))),
        log_likelihood=np.empty(draws),
    )
    for sweep in range(sweeps):
        if stop.is_set():
            break
        chain.sweep()
        if sweep >= burn_in:
            _note(found, sweep - burn_in, chain, pairs, draws)
        done[number] = sweep + 1
    return found


def _note(found: ChainDraws, draw: int, chain: PartitionChain, pairs: CandidatePairs, draws: int) -> None:
    """Write one draw down, and add it to the means."""
    rates, persons = chain.rates, chain.persons
    found.persons[draw], found.households[draw] = persons, chain.households
    found.errors += rates.errors / draws
    bad = rates.bad[:, None]
    found.wrong[draw] = (1 - bad) * rates.errors[..., 0] + bad * rates.errors[..., 1]
    found.error_levels += rates.error_levels / draws
    found.bad += rates.bad / draws
    found.read[chain.state.reading] += 1 / draws
    found.linked += (persons[pairs.first] == persons[pairs.second]) / draws
    found.duplicates[draw] = np.where(rates.log_duplicates == 0, 0.0, np.exp(rates.log_duplicates))
    found.shared[draw] = rates.shared
    found.log_likelihood[draw] = chain.log_likelihood


def joined_draws(drawn: Sequence[ChainDraws], sampled: NDArray[np.bool_]) -> PartitionDraws:
    """The draws of all chains, and their means over all; readings that were not sampled have probability 0."""
    reading_probability = np.zeros(len(sampled))
    reading_probability[sampled] = np.mean([chain.read for chain in drawn], axis=0)
    return PartitionDraws(
        persons=np.stack([chain.persons for chain in drawn]),
        households=np.stack([chain.households for chain in drawn]),
        error_rates=np.mean([chain.errors for chain in drawn], axis=0),
        error_levels=np.mean([chain.error_levels for chain in drawn], axis=0),
        share_bad=np.mean([chain.bad for chain in drawn], axis=0),
        duplicates=np.mean([chain.duplicates.mean(axis=0) for chain in drawn], axis=0),
        reading_probability=reading_probability,
        link_probability=np.mean([chain.linked for chain in drawn], axis=0),
        shared=np.stack([chain.shared for chain in drawn]),
        log_likelihood=np.stack([chain.log_likelihood for chain in drawn]),
        error_ends=_ends(np.concatenate([chain.wrong for chain in drawn])),
    )


def _ends(draws: Floats) -> Floats:
    """Ends of the 95 % credible interval over draws, the first axis, as the last axis."""
    ends: Floats = np.moveaxis(np.quantile(draws, [0.025, 0.975], axis=0), 0, -1)
    return ends
