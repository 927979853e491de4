"""Simulation-based calibration of the partition sampler: ranks of the true number of people among its draws."""

import numpy as np
import pytest
from encoded_people import pairs_that_agree, ring
from plain_partition import encoded
from scipy.stats import kstest

from estimation.linkage.sampler import PartitionPrior, sample_partitions

FIELDS = (("given", 60), ("family", 80), ("birth year", 40), ("birth day", 120))
WORLDS = 60


def drawn_from_the_prior(rng):
    """Records of 40 to 80 people on three lists, parameters from their priors, values of people from a Dirichlet law.

    As near to the model as its pseudo-likelihood allows: an error is a value at a level around the true one, by how
    common it is; the model smooths such shares and has frequencies and u from the data.  The prior of n is cut at 40
    and 80, so that ranks near the ends may lean by a little.
    """
    n = int(rng.integers(40, 81))
    near = [ring(size) for _, size in FIELDS]
    shares = [rng.dirichlet(np.full(size, 1.0)) for _, size in FIELDS]
    truth = [rng.choice(size, n, p=share) for (_, size), share in zip(FIELDS, shares, strict=True)]
    history = rng.choice(7, n, p=rng.dirichlet(np.ones(7))) + 1
    pooled = np.stack([rng.beta(20 * m, 20 * (1 - m), len(FIELDS)) for m in (0.06, 0.25)], axis=1)
    levels = rng.dirichlet(np.ones(3), len(FIELDS))
    codes, lists, owners = [], [], []
    for k in range(3):
        errors, bad = rng.beta(20 * pooled, 20 * (1 - pooled)), rng.beta(1, 6)
        rate = rng.gamma(1, 0.1)
        for person in np.flatnonzero((history >> k) & 1):
            for _ in range(_at_least_one(rng, rate)):
                z = int(rng.random() < bad)
                row = []
                for f, values in enumerate(near):
                    y = int(truth[f][person])
                    level = 1 + rng.choice(3, p=levels[f]) if rng.random() < errors[f, z] else 0
                    row.append(_at_level(rng, y, level, values, shares[f]))
                codes.append(row)
                lists.append(k)
                owners.append(person)
    fields = [(name, "person", values, (True,) * 4) for (name, _), values in zip(FIELDS, near, strict=True)]
    return encoded(["a", "b", "c"], lists, fields, codes), len(np.unique(owners))


def _at_least_one(rng, rate):
    """Zero-truncated Poisson."""
    while (drawn := int(rng.poisson(rate))) == 0:
        if rng.random() > rate:
            return 1
    return drawn


def _at_level(rng, y, level, values, share):
    if level == 0:
        return y
    at = np.full(values.n_values, 3)
    inside = slice(values.starts[y], values.starts[y + 1])
    at[values.neighbours[inside]] = values.levels[inside]
    at[y] = 0
    weights = np.where(at == level, share + 1e-12, 0)
    return int(rng.choice(values.n_values, p=weights / weights.sum()))


@pytest.mark.slow
def test_ranks_of_the_number_of_people_are_uniform():
    """60 worlds; false alarm 1 in 1,000 were the model exact (Kolmogorov-Smirnov, ties broken at random)."""
    rng = np.random.default_rng(20)
    ranks = []
    for seed in range(WORLDS):
        records, n_people = drawn_from_the_prior(rng)
        draws = sample_partitions(
            records,
            pairs_that_agree(records, 1),
            rng=seed,
            sweeps=240,
            burn_in=80,
            prior=PartitionPrior(with_households=False),
        ).n_people.ravel()
        ranks.append((draws < n_people).mean() + rng.random() * (draws == n_people).mean())
    assert kstest(ranks, "uniform").pvalue > 0.001
