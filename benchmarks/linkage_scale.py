"""How long linking takes as lists grow: encoding, candidates, sweeps of the sampler, memory and recall.

Run as ``python benchmarks/linkage_scale.py [PEOPLE ...]``; the names are those of an invented world of families
(`estimation.simulation.name_world_families`), the truth is known.  Times are CPU seconds of one process, beside those
by the clock: a machine that is shared moves the second and not the first.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from itertools import combinations
from typing import TypeVar

import numpy as np

from estimation.linkage.candidates import CandidateCut, candidate_pairs
from estimation.linkage.encode import encode
from estimation.linkage.sampler import sample_partitions
from estimation.simulation.name_world_families import world_of_families

T = TypeVar("T")
SWEEPS = 12


def timed(name: str, work: Callable[[], T]) -> T:
    """What some work gives; prints how long it took and how much memory the process has used at most."""
    started = time.perf_counter(), time.process_time()
    made = work()
    clock, cpu = time.perf_counter() - started[0], time.process_time() - started[1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {name:<22} {cpu:8.1f} s CPU {clock:8.1f} s by the clock {memory:8.0f} MiB", flush=True)
    return made


def true_pairs(persons: np.ndarray) -> set[tuple[int, int]]:
    """Pairs of records of one person."""
    together: dict[int, list[int]] = {}
    for record, person in enumerate(persons.tolist()):
        together.setdefault(person, []).append(record)
    return {pair for records in together.values() for pair in combinations(records, 2)}


def main() -> None:
    """Print the figures of each size."""
    small = world_of_families(300, rng=1)
    pairs = candidate_pairs(small.lists, encode(small.lists), cut=CandidateCut(all_pairs_up_to=0))
    sample_partitions(encode(small.lists), pairs, rng=1, sweeps=2, burn_in=1)  # compiles, or loads what was compiled
    for n_people in [int(text) for text in sys.argv[1:]] or [1_000, 10_000]:
        world = world_of_families(n_people, rng=1)
        n_records = sum(len(one.linkable) for one in world.lists)
        print(f"\n{n_people:,} people, {n_records:,} records on {len(world.lists)} lists", flush=True)
        encoded = timed("encoding", lambda world=world: encode(world.lists))
        pairs = timed("candidates", lambda world=world, encoded=encoded: candidate_pairs(world.lists, encoded))
        truth = true_pairs(world.persons)
        found = truth & set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
        print(
            f"  {len(pairs):,} candidates of {pairs.n_compared:,} pairs weighed; recall {len(found) / len(truth):.4f}"
        )
        for key in pairs.keys:
            print(f"    {key.name:<52} {key.n_pairs:>11,} pairs {key.n_new:>11,} new {key.n_candidates:>8,} candidates")
        timed(
            f"{SWEEPS} sweeps, 1 chain",
            lambda encoded=encoded, pairs=pairs: sample_partitions(
                encoded, pairs, rng=1, chains=1, sweeps=SWEEPS, burn_in=SWEEPS // 2
            ),
        )


if __name__ == "__main__":
    main()
