"""Simulation-based calibration of the latent classes that strata share (Talts and others 2018).

As for the log-linear model over strata: the n_s are fixed, all else is drawn from the prior, and the rank of n_0 of
each stratum, of their sum, and of c among posterior draws is uniform.  One chain from a start that is not the truth, 99
draws of 150 sweeps each after 3,000 sweeps.

False alarms: each rank fails a right program at one in 10,000 seeds (chi-squared, 10 bins; the seeds are fixed).
"""

import numpy as np
import pytest
from scipy.stats import chisquare

from estimation.capture.stratified import Strata
from estimation.capture.table import CaptureTable
from estimation.strata.partial_pooling.class_sweeps import ClassPrior, histories_of, start, sweep_on

FALSE_ALARM = 1e-4
PRIOR = ClassPrior(1.5, 3.0, 2.0, 5.0)
CLASSES = 3
COVERED = (("A", "B", "C"), ("A", "B", "C"), ("A", "B"))


def drawn(observed, rng):
    """Strata, n_0 of each and c, from the prior given how many are observed."""
    capture = rng.beta(PRIOR.capture_a, PRIOR.capture_b, (CLASSES, 3))
    common, c = rng.dirichlet(np.full(CLASSES, PRIOR.alpha / CLASSES)), rng.exponential(PRIOR.c_mean)
    tables, unseen = {}, []
    for s, (n, names) in enumerate(zip(observed, COVERED, strict=True)):
        shares = rng.gamma(np.maximum(c * common, 1e-12)) + 1e-300
        shares /= shares.sum()
        histories = ((np.arange(1 << len(names))[:, None] >> np.arange(len(names))) & 1).astype(bool)
        own = capture[:, : len(names)]
        chances = shares @ np.where(histories[None], own[:, None], 1 - own[:, None]).prod(axis=2)
        counts = rng.multinomial(n, chances[1:] / chances[1:].sum())
        tables[(str(s),)] = CaptureTable(names, histories[1:], counts, allow_twins=True)
        unseen.append(rng.poisson(min(rng.gamma(n) * chances[0] / (1 - chances[0]), 1e10)))
    return Strata(("place",), tables, {stratum: {} for stratum in tables}), [*unseen, sum(unseen), np.log(c)]


def ranks(repetitions, seed, *, observed, sweeps=150):
    rng, found = np.random.default_rng(seed), []
    for _ in range(repetitions):
        strata, truth = drawn(observed, rng)
        histories = histories_of(strata)
        state = start(*histories.present.shape, CLASSES, PRIOR, rng)
        sweep_on(histories, PRIOR, state, rng, draws=1, thin=20 * sweeps)
        unseen, monitored = sweep_on(histories, PRIOR, state, rng, draws=99, thin=sweeps)
        values = np.column_stack([unseen, unseen.sum(axis=1), monitored[:, 1]])
        below, ties = (values < truth).sum(axis=0), (values == truth).sum(axis=0)
        found.append((below + rng.random(len(truth)) * (1 + ties)) / 100)
    return np.array(found)


@pytest.mark.slow
def test_ranks_are_uniform_in_short():
    """Few repetitions, that a gross fault would show in: an interval of 99.99 % for the mean of the ranks."""
    shares = ranks(25, 1, observed=[12, 30, 20], sweeps=30)
    assert (np.abs(shares.mean(axis=0) - 0.5) < 3.9 * np.sqrt(1 / 12 / len(shares))).all()


@pytest.mark.slow
@pytest.mark.parametrize("observed", [[5, 12, 30], [60, 60, 200]])
def test_ranks_are_uniform(observed):
    shares = ranks(200, 2, observed=observed)
    assert min(chisquare(np.histogram(column, bins=10, range=(0, 1))[0]).pvalue for column in shares.T) > FALSE_ALARM
