"""Simulation-based calibration of the log-linear model over strata (Talts and others 2018).

p(N_s) ~ 1/N_s cannot be drawn from; but given n_s, the number observed, everything else has a proper prior.  So the n_s
are fixed; means, spreads and effects are drawn from their prior, the observed histories from the multinomial
distribution, and n_0 of each stratum from the negative binomial.  The rank of what was drawn among posterior draws is
then uniform: for n_0 of each stratum, for their sum, and for the first list's mean and spread.

Draws are thinned to 99 that are all but independent, since ranks among dependent draws are not uniform.

False alarms: each rank fails a right program at one in 10,000 seeds (chi-squared, 10 bins; the seeds are fixed), and a
case has 6 to 9 of them.  A test of the test draws three times the unseen people and must fail.
"""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import chisquare

from estimation.capture.stratified import Strata
from estimation.capture.table import CaptureTable
from estimation.strata.partial_pooling.effects import alphas_of, common_of, log_odds_of, prior_places
from estimation.strata.partial_pooling.log_linear import HierarchicalLogLinear
from estimation.work.progress import silent

FALSE_ALARM = 1e-4
SETTINGS = {"chains": 2, "warmup": 600, "draws": 1000, "target_accept": 0.95}


def strata_of(lists, counts, covered):
    """A table a stratum; its histories are on the lists that could have seen it."""
    tables = {}
    for s, (people, names) in enumerate(zip(counts, covered, strict=True)):
        histories = (np.arange(1, 1 << len(names))[:, None] >> np.arange(len(names))) & 1
        tables[(f"{s:02}",)] = CaptureTable(names, histories, people, allow_twins=True)
    return Strata(("month",), tables, {stratum: {} for stratum in tables})


def drawn(model, observed, covered, lists, rng, inflated):
    """Strata and what is to be found in them: n_0 of each, their sum, and the first list's mean and spread."""
    blank = strata_of(lists, [np.ones(2 ** len(names) - 1, dtype=int) for names in covered], covered)
    pooled, packed = model.packed(blank)
    place = prior_places(packed, 1, rng)
    alpha, odds = alphas_of(place[0], packed.data), np.exp(log_odds_of(place, packed)[0])
    counts = []
    for s, names in enumerate(covered):
        histories = ((np.arange(1, 1 << len(names))[:, None] >> np.arange(len(names))) & 1).astype(bool)
        log_mu = np.zeros(len(histories))
        for e, effect in enumerate(pooled.effects):
            inside = [names.index(lists[j]) for j in effect if lists[j] in names]
            if len(inside) == len(effect):
                log_mu += alpha[s, e] * histories[:, inside].all(axis=1)
        counts.append(rng.multinomial(observed[s], np.exp(log_mu - logsumexp(log_mu))))
    unseen = rng.poisson(np.minimum(inflated * rng.gamma(observed) * odds, 1e11))
    common = {name: values[0, 0] for name, values in common_of(place, packed).items()}
    return strata_of(lists, counts, covered), [*unseen, unseen.sum(), *common.values()]


def ranks(repetitions, seed, *, observed, covered, inflated=1.0, **settings):
    """Shares of posterior draws below the truth, ties split at random, shape (repetitions, quantities)."""
    rng, found = np.random.default_rng(seed), []
    model = HierarchicalLogLinear(**SETTINGS | settings)
    lists = max(covered, key=len)
    while len(found) < repetitions:
        strata, truth = drawn(model, np.array(observed), covered, lists, rng, inflated)
        pooled, packed = model.packed(strata)
        given = model._attempt(pooled, packed, 1, rng, workers=1, progress=silent)
        if isinstance(given, str):  # a mean above 10^12, far above every truth here
            found.append([0.0] * len(truth))
            continue
        posterior = given.posterior
        common = [values[..., 0] for values in common_of(posterior.places, packed).values()]
        each = [*np.moveaxis(posterior.unseen, -1, 0), posterior.unseen.sum(axis=-1), *common]
        some = np.linspace(0, each[0].size - 1, 99).astype(int)
        values = np.stack([draws.ravel()[some] for draws in each])
        below, ties = (values < np.array(truth)[:, None]).sum(axis=1), (values == np.array(truth)[:, None]).sum(axis=1)
        found.append((below + rng.random(len(truth)) * (1 + ties)) / 100)
    return np.array(found)


def p_values(shares):
    return [chisquare(np.histogram(column, bins=10, range=(0, 1))[0]).pvalue for column in shares.T]


THREE = (("A", "B", "C"),)
CASES = {
    "sparse strata": {"observed": [5, 12, 30, 80], "covered": THREE * 4},
    "lists that could not have seen a stratum": {
        "observed": [40, 40, 25],
        "covered": (("A", "B", "C"), ("A", "B"), ("A",)),
    },
    "a walk": {"observed": [20, 30, 40, 30, 20], "covered": THREE * 5, "order": "month"},
    "four lists": {"observed": [50, 20, 90], "covered": (("A", "B", "C", "D"),) * 3},
}


def test_ranks_are_uniform_in_short():
    """Few repetitions, that a gross fault would show in: an interval of 99.99 % for the mean of the ranks."""
    shares = ranks(12, 1, observed=[8, 25], covered=THREE * 2, draws=200, warmup=200)
    assert (np.abs(shares.mean(axis=0) - 0.5) < 3.9 * np.sqrt(1 / 12 / len(shares))).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_ranks_are_uniform(name):
    assert min(p_values(ranks(300, 2, **CASES[name]))) > FALSE_ALARM


@pytest.mark.slow
def test_ranks_of_unseen_people_drawn_too_high_are_not_uniform():
    shares = ranks(100, 3, observed=[80, 80, 80], covered=THREE * 3, inflated=3.0)
    assert p_values(shares)[3] < FALSE_ALARM
