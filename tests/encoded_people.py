"""Encoded records of invented people: values of a field lie on a ring, near ones at levels 1 and 2."""

import numpy as np
from plain_partition import encoded

from estimation.linkage.encoded import CandidatePairs, NearValues

PERSON, HOUSEHOLD = "person", "household"
KINDS = (
    ("given", PERSON, 300, 1.0),
    ("family", HOUSEHOLD, 400, 1.0),
    ("birth year", PERSON, 40, 0.0),
    ("place", HOUSEHOLD, 9, 0.0),
)
"""Name, scope, how many values, how unequally common they are."""


def ring(n_values):
    """Values on a ring: the next on either side at level 1, the second and third at level 2; sparse."""
    offsets = np.array([-3, -2, -1, 1, 2, 3] if n_values > 9 else [], dtype=np.int64)
    neighbours = (np.arange(n_values)[:, None] + offsets) % n_values
    order = np.argsort(neighbours, axis=1)
    levels = np.broadcast_to(np.where(np.abs(offsets) == 1, 1, 2), neighbours.shape)
    starts = np.arange(n_values + 1) * len(offsets)
    return NearValues(
        n_values,
        starts.astype(np.int64),
        np.take_along_axis(neighbours, order, 1).ravel().astype(np.int32),
        np.take_along_axis(levels, order, 1).ravel().astype(np.int8),
    )


def people_on_lists(
    rng, n_people, *, n_lists=3, kinds=KINDS, error=0.1, probability=0.45, missing=0.05, duplicates=0.03
):
    """Records of people seen on some lists, in random order, and whose they are."""
    truth = np.stack([rng.choice(size, n_people, p=_weights(size, unequal)) for _, _, size, unequal in kinds], axis=1)
    rows, owners, lists = [], [], []
    for k in range(n_lists):
        for person in np.flatnonzero(rng.random(n_people) < probability):
            for _ in range(1 + (rng.random() < duplicates)):
                rows.append([_shown(rng, truth[person, f], kinds[f][2], error, missing) for f in range(len(kinds))])
                owners.append(person)
                lists.append(k)
    order = rng.permutation(len(rows))
    fields = [(name, scope, ring(size), (True, size > 9, size > 9, True)) for name, scope, size, _ in kinds]
    names = tuple(f"list {k + 1}" for k in range(n_lists))
    records = encoded(names, np.array(lists)[order], fields, np.array(rows)[order].tolist())
    return records, np.array(owners)[order]


def _weights(size, unequal):
    weights = 1 / np.arange(1, size + 1) ** unequal if unequal else np.ones(size)
    return weights / weights.sum()


def _shown(rng, value, size, error, missing):
    if rng.random() < missing:
        return -1
    if rng.random() >= error:
        return int(value)
    if size > 9 and rng.random() < 0.8:
        return int((value + rng.choice([-3, -2, -1, 1, 2, 3])) % size)
    return int(rng.integers(size))


def pairs_that_agree(records, fields=2):
    """Pairs of records that are equal in so many fields, with 4 for each as weight; every pair is looked at."""
    codes = records.codes[records.reading_starts[:-1]]
    first, second = np.triu_indices(len(codes), 1)
    agree = ((codes[first] == codes[second]) & (codes[first] >= 0)).sum(axis=1)
    chosen = agree >= fields
    return CandidatePairs(first[chosen], second[chosen], 4.0 * agree[chosen])
