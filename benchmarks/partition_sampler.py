"""Microseconds that a sweep of the partition sampler takes for each candidate pair, at 1,000 to 100,000 records.

Run as ``python benchmarks/partition_sampler.py [records ...]``.  Records are invented and already encoded: numbers in
the place of names, near ones on a ring; five lists.  Seconds are CPU seconds of one chain, so that what else runs on
the machine counts for little.  With households, family name and place have one value a household.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from estimation.linkage.encoded import CandidatePairs, EncodedField, EncodedRecords, NearValues
from estimation.linkage.partition_chain import PartitionChain, coded_records
from estimation.linkage.partition_rates import PartitionPrior
from estimation.linkage.supported_readings import kinds_of_readings
from estimation.linkage.value_frequencies import value_frequencies

SWEEPS = 5
LISTS = 5


def ring(n_values: int) -> NearValues:
    """Values on a ring, three on either side near."""
    offsets = np.array([-3, -2, -1, 1, 2, 3])
    neighbours = np.sort((np.arange(n_values)[:, None] + offsets) % n_values, axis=1)
    apart = np.abs(neighbours - np.arange(n_values)[:, None])
    levels = np.where(np.minimum(apart, n_values - apart) == 1, 1, 2)
    starts = np.arange(n_values + 1) * len(offsets)
    return NearValues(n_values, starts, neighbours.ravel().astype(np.int32), levels.ravel().astype(np.int8))


def made(n_records: int, rng: np.random.Generator) -> EncodedRecords:
    """About so many records of people who are on a list with probability .4; one value in ten is wrong."""
    n_people = int(n_records / (LISTS * 0.4))
    sizes = (int(8 * n_people**0.5), int(16 * n_people**0.5), 60, 366, 40)
    names = ("given", "family", "birth year", "birth day", "place")
    scopes = ("person", "household", "person", "person", "household")
    truth = np.stack([(size * rng.random(n_people) ** 1.5).astype(int) for size in sizes], axis=1)
    list_of, person = np.nonzero(rng.random((LISTS, n_people)) < 0.4)
    codes = truth[person]
    for f, size in enumerate(sizes):
        wrong, missing = rng.random(len(codes)) < 0.1, rng.random(len(codes)) < 0.05
        codes[wrong, f] = (codes[wrong, f] + rng.integers(-3, 4, wrong.sum())) % size
        codes[missing, f] = -1
    fields = [
        EncodedField(name, scope, ring(size), (True, True, True, True))
        for name, scope, size in zip(names, scopes, sizes, strict=True)
    ]
    n = len(codes)
    return EncodedRecords(
        tuple(f"list {k + 1}" for k in range(LISTS)),
        list_of.astype(np.int32),
        np.zeros(LISTS, dtype=np.bool_),
        tuple(fields),
        np.arange(n + 1),
        codes.astype(np.int32),
        np.zeros(n, dtype=np.int8),
    )


def equal_pairs(records: EncodedRecords, fields: tuple[int, ...], most: int) -> np.ndarray:
    """Pairs of records that are equal in some fields, at most so many for each record and side, as one number each."""
    codes = records.codes[:, fields].astype(np.int64)
    given = np.flatnonzero((codes >= 0).all(axis=1))
    key = np.ravel_multi_index(codes[given].T, codes[given].max(axis=0) + 1)
    order = given[np.argsort(key, kind="stable")]
    key = np.sort(key, kind="stable")
    found = []
    for apart in range(1, most + 1):
        same = np.flatnonzero(key[apart:] == key[:-apart])
        first, second = np.sort([order[same], order[same + apart]], axis=0)
        found.append(first * records.n_records + second)
    return np.concatenate(found)


def candidates(records: EncodedRecords) -> CandidatePairs:
    """Pairs that are equal in two fields that say much, and some that are equal in one: about six for each record."""
    keys = [equal_pairs(records, two, 12) for two in ((0, 1), (0, 3), (1, 3), (1, 2), (0, 2, 4))]
    keys += [equal_pairs(records, (field,), 3) for field in (0, 1)]
    pairs = np.unique(np.concatenate(keys))
    return CandidatePairs(pairs // records.n_records, pairs % records.n_records, np.full(len(pairs), 8.0))


def one(n_records: int, *, with_households: bool) -> None:
    """Time the sweeps of one file."""
    records = made(n_records, np.random.default_rng(1))
    pairs = candidates(records)
    values = value_frequencies(records)
    units = [[record] for record in range(records.n_records)]
    coded = coded_records(records, values, pairs, units, [], with_households=with_households)
    prior = PartitionPrior(with_households=with_households)
    start = np.arange(records.n_records)
    rng = np.random.default_rng(2)
    chain = PartitionChain(records, values, coded, prior, start, rng, could_be=kinds_of_readings(records))
    for _ in range(3):
        chain.sweep()
    begun = time.process_time()
    for _ in range(SWEEPS):
        chain.sweep()
    seconds = (time.process_time() - begun) / SWEEPS
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{records.n_records:8,} {len(pairs.first):10,} {'yes' if with_households else 'no':>10} {seconds:9.3f} "
        f"{1e6 * seconds / len(pairs.first):9.1f} {chain.persons.max() + 1:9,} {memory:8,.0f}"
    )


def main(sizes: list[int] | None = None) -> None:
    """Print a line for each size, without households and with them."""
    print(f"{'records':>8} {'pairs':>10} {'households':>10} {'s a sweep':>9} {'us a pair':>9} {'people':>9} {'MB':>8}")
    for n_records in sizes or (1_000, 4_000, 15_000, 100_000):
        for with_households in (False, True):
            one(n_records, with_households=with_households)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
