"""Modes of draws of N: one where there is one, two where there are two, and whether the chains agree.

False alarms: the samples are seeded, so that a test that passes keeps passing until the code changes.
"""

import numpy as np
import pytest

from estimation.models.latent_class.modes import modes_of
from estimation.results.totals import Draws

SEEDS = range(20)


def draws(values):
    return Draws(np.asarray(values).astype(np.int64))


def normal(seed, mean, sd, shape=(4, 1000)):
    return np.random.default_rng(seed).normal(mean, sd, shape)


@pytest.mark.parametrize(
    "sample",
    [
        lambda rng: rng.poisson(rng.gamma(2, 3, (4, 500))),
        lambda rng: rng.poisson(0.5, (4, 500)),
        lambda rng: np.exp(rng.normal(8, 1, (4, 500))),
        lambda rng: rng.poisson(rng.gamma(1, 1000, (4, 500))),
        lambda rng: np.exp(7 + 0.5 * rng.standard_t(3, (4, 500))),
        lambda rng: np.zeros((4, 500)),
    ],
    ids=["small counts", "mostly none", "log-normal", "exponential", "heavy tails", "all seen"],
)
def test_one_mode_is_found_as_one_in_each_of_20_samples(sample):
    found = [modes_of(draws(100 + sample(np.random.default_rng(seed))), 100) for seed in SEEDS]
    assert [len(modes.peaks) for modes in found] == [1] * 20
    assert found[0].agreed
    assert found[0].sentence == "The 4 chains agree on one mode of N."


def test_two_modes_that_all_chains_visit_are_given_weights():
    second = np.random.default_rng(9).random((4, 1000)) < 0.3
    modes = modes_of(draws(np.where(second, normal(1, 9000, 600), normal(2, 3000, 200))), 1000)
    assert modes.peaks == pytest.approx((3000, 9000), rel=0.05)
    # 4 standard errors of a share of 4,000 draws.
    assert modes.weights[1] == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 4000))
    assert modes.agreed
    assert "every chain visited each of them, and they agree on the weights (0.7, 0.29)" in modes.sentence


def humps(seed, share=0.5, sd=0.13, shape=(4, 4000), stay=1):
    """Draws with humps at 20,300 and 29,500 that run into one another; a chain stays in one for so many draws."""
    rng = np.random.default_rng(seed)
    second = np.repeat(rng.random((shape[0], shape[1] // stay)) < share, stay, axis=1)
    return np.exp(np.where(second, np.log(29_500), np.log(20_300)) + rng.normal(0, sd, second.shape))


@pytest.mark.parametrize("stay", [1, 10])
def test_two_humps_that_run_into_one_another_are_two_modes(stay):
    """The density between them is seven tenths of the lower one: seen in each of 20 samples."""
    found = [modes_of(draws(humps(seed, stay=stay)), 2744) for seed in SEEDS]
    assert [len(modes.peaks) for modes in found] == [2] * 20
    assert found[0].peaks == pytest.approx((20_300, 29_500), rel=0.06)
    assert "2 modes, at about" in found[0].sentence
    assert "one mode" not in found[0].sentence


def test_slow_chains_in_one_hump_are_not_cut_in_two():
    """Draws that hang together over some 20 places, from one log-normal: one mode in at least 19 of 20 samples."""
    one = 0
    for seed in SEEDS:
        noise = np.random.default_rng(seed).normal(0, 1, (4, 4000))
        for t in range(1, noise.shape[1]):
            noise[:, t] = 0.9 * noise[:, t - 1] + np.sqrt(1 - 0.81) * noise[:, t]
        one += len(modes_of(draws(np.exp(10 + 0.2 * noise)), 2744).peaks) == 1
    assert one >= 19


def test_chains_in_one_mode_each_do_not_agree():
    modes = modes_of(draws(np.concatenate([normal(1, 3000, 200, (3, 500)), normal(2, 9000, 600, (1, 500))])), 1000)
    assert modes.shares.tolist() == [[1, 0], [1, 0], [1, 0], [0, 1]]
    assert not modes.agreed
    assert "between 0% and 100% of a chain's draws are in the mode at about" in modes.sentence
    assert modes.sentence.endswith("do not trust a number computed from these draws.")


def test_the_table_has_each_mode_with_its_least_and_greatest_share():
    modes = modes_of(draws(np.concatenate([normal(1, 3000, 200, (3, 500)), normal(2, 9000, 600, (1, 500))])), 1000)
    (first, second) = modes.table.rows
    assert first[2:] == ("", 0.75, 0.0, 1.0)
    assert int(second[2].replace(",", "")) == modes.ends[0]
    assert 4000 < modes.ends[0] < 8000


@pytest.mark.parametrize("mean", [1, 3, 12, 33, 100])
@pytest.mark.parametrize("shape", [1, 2])
def test_whole_numbers_with_one_mode_have_one_where_they_are_few(shape, mean):
    """Negative binomial n_0, which has one mode; 20 samples of 20,000 draws each, the false alarms of which are 0."""
    for seed in range(20):
        unseen = np.random.default_rng(seed).negative_binomial(shape, shape / (shape + mean), (8, 2500))
        assert len(modes_of(draws(100 + unseen), 100).peaks) == 1


def test_a_handful_of_draws_far_away_is_no_mode():
    values = normal(1, 3000, 200)
    values[0, :20] = 50_000
    assert len(modes_of(draws(values), 1000).peaks) == 1


def test_three_modes_are_in_order():
    values = np.concatenate([normal(s, mean, mean / 20, (1, 800)) for s, mean in ((1, 9000), (2, 2000), (3, 40_000))])
    modes = modes_of(draws(values), 1000)
    assert modes.peaks == tuple(sorted(modes.peaks))
    assert len(modes.peaks) == 3
    assert modes.shares.sum(axis=1) == pytest.approx(np.ones(3))
