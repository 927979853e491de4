"""The posterior over models by chains that walk: the same as by enumeration, and refused where chains disagree.

False alarms: a share is judged by 5 standard errors from batches of the chains, one in 1.7 million seeds; the seeds
are fixed.
"""

from dataclasses import replace

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.models.bayesian_log_linear.averaged_posterior import averaged_posterior, prior_scales, walked_posterior
from estimation.models.bayesian_log_linear.model_walk import Walks

PRIORS = ("unit-information", "sabanes-bove-held")
BATCHES = 80


def both_ways(name, prior, *, states):
    cells, scales = load_table(name).cells(), prior_scales(prior)
    walked = walked_posterior(
        cells, scales, chains=4, draws=1000, states=states, thin=2, rng=np.random.default_rng(1), workers=2
    )
    enumerated = averaged_posterior(cells, scales, draws=4000, size=200_000, rng=np.random.default_rng(2), workers=2)
    return walked, enumerated


def share_and_error(posterior, chosen):
    """The posterior weight of some particles of a walk, with its standard error by batches in the chains' order."""
    weights = posterior.particles.weights.reshape(BATCHES, -1)
    inside = (weights * chosen.reshape(BATCHES, -1)).sum(axis=1)
    share = inside.sum()
    # The ratio estimator's error: weights of a batch do not add to the same in all.
    return share, np.sqrt(BATCHES * (inside - share * weights.sum(axis=1)).var(ddof=1))


def weighted_quantile(particles, q):
    order = np.argsort(particles.log_odds)
    return particles.log_odds[order][np.searchsorted(np.cumsum(particles.weights[order]), q)]


@pytest.fixture(
    scope="module",
    params=[("kosovo", PRIORS[0], 20_000), ("kosovo", PRIORS[1], 20_000), ("uk_five_lists", PRIORS[0], 20_000)],
    ids=["Kosovo, unit information", "Kosovo, Sabanes Bove and Held", "five lists, unit information"],
)
def pair(request):
    name, prior, states = request.param
    return both_ways(name, prior, states=states)


class TestWalkAgainstEnumeration:
    def test_the_models_have_the_same_probabilities(self, pair):
        walked, enumerated = pair
        exact = enumerated.particles.model_weights(len(enumerated.evidence.models))
        row = {terms.tobytes(): m for m, terms in enumerate(enumerated.evidence.models)}
        model = np.array([row[terms.tobytes()] for terms in walked.evidence.models])[walked.particles.model]
        often = np.flatnonzero(exact > 0.002)
        assert len(often) >= 5
        for m in often:
            share, error = share_and_error(walked, model == m)
            assert abs(share - exact[m]) < 5 * np.hypot(error, np.sqrt(exact[m] / enumerated.particles.effective))
        share, error = share_and_error(walked, ~np.isin(model, often))
        assert abs(share - exact.sum() + exact[often].sum()) < 5 * error

    @pytest.mark.parametrize("q", [0.025, 0.25, 0.5, 0.75, 0.975])
    def test_n_has_the_same_quantiles(self, pair, q):
        walked, enumerated = pair
        at = weighted_quantile(enumerated.particles, q)
        share, error = share_and_error(walked, walked.particles.log_odds <= at)
        assert abs(share - q) < 5 * np.hypot(error, np.sqrt(q * (1 - q) / enumerated.particles.effective))

    def test_all_checks_pass(self, pair):
        assert all(check.passed for check in pair[0].checks), [check for check in pair[0].checks if not check.passed]

    def test_draws_are_equally_many_of_each_chain_in_its_order(self, pair):
        chosen = pair[0].chosen
        states = pair[0].walks.visits.shape[1]
        np.testing.assert_array_equal(np.bincount(chosen // states), [1000] * 4)
        assert (np.diff(chosen) >= 0).all()


class TestSixLists:
    CELLS = load_table("uk").cells()

    @pytest.fixture(scope="class")
    @classmethod
    def by_workers(cls):
        return [
            walked_posterior(
                cls.CELLS, prior_scales("unit-information"), chains=4, draws=500, states=600, thin=2,
                rng=np.random.default_rng(1), workers=workers,
            )
            for workers in (1, 2)
        ]  # fmt: skip

    def test_the_number_of_workers_changes_nothing(self, by_workers):
        one, two = by_workers
        np.testing.assert_array_equal(one.log_unseen, two.log_unseen)
        np.testing.assert_array_equal(one.walks.visits, two.walks.visits)

    def test_chains_too_short_to_meet_fail_a_check(self, by_workers):
        failed = {check.name for check in by_workers[0].checks if not check.passed}
        assert "posterior weight of the models visited" in failed


def test_chains_that_stay_apart_fail_their_checks():
    walked = walked_posterior(
        load_table("kosovo").cells(), prior_scales("unit-information"), chains=4, draws=500, states=2000, thin=2,
        rng=np.random.default_rng(1),
    )  # fmt: skip
    apart = Walks(walked.walks.models, np.repeat(np.arange(4)[:, None], 2000, axis=1), 4)
    split = np.concatenate([walked.log_unseen[:1000], walked.log_unseen[1000:] + 1])
    failed = {check.name for check in replace(walked, walks=apart, log_unseen=split).checks if not check.passed}
    assert failed >= {
        "R-hat of log mu_0",
        "largest gap between visits and weights of a model",
        "posterior weight of the models visited",
    }
