"""When the chains of the latent-class sampler stop, with draws that are made here instead of sampled.

Draws are independent within a chain and seeded, so that a test that passes keeps passing until the code changes.
"""

import numpy as np
import pytest

from estimation.models.latent_class.rounds import Plan, _rounds

PLAN = Plan(warmup=200, sweeps=500, max_sweeps=40_000, draws=1000, effective=2000)


class Made:
    """Stands for 8 chains: N of chain c is normal about ``centre(c, sweep)``."""

    def __init__(self, centre):
        self.centre, self.swept, self.rounds = centre, 0, []
        self.rng = np.random.default_rng(1)

    def __call__(self, sweeps, every, progress):
        places = self.swept + np.arange(sweeps)
        self.swept += sweeps
        self.rounds.append(sweeps)
        progress(1.0)
        return [(self.rows(c, places), np.zeros((sweeps // every, 6))) for c in range(8)]

    def rows(self, c, places):
        rows = np.zeros((places.size, 7))
        rows[:, 0] = np.round(1000 + self.centre(c, places) + 100 * self.rng.standard_normal(places.size))
        rows[:, 1] = self.rng.standard_normal(places.size)
        rows[:, 2] = self.rng.integers(1, 5, places.size)
        return rows


def run_with(centre, plan=PLAN):
    made, shares = Made(centre), []
    run = _rounds(5000, plan, made, lambda done, doing="": shares.append(done))
    assert shares == sorted(shares)
    assert shares[-1] <= 1
    return run, made


def test_one_round_is_enough_where_draws_are_independent():
    run, made = run_with(lambda c, places: np.zeros(places.size))
    assert made.rounds == [500]
    assert all(check.passed for check in run.checks)
    assert run.unseen.shape == (8, 500)


def test_a_larger_target_takes_as_many_sweeps_as_it_needs_and_all_count():
    plan = Plan(warmup=200, sweeps=500, max_sweeps=40_000, draws=1000, effective=12_000)
    run, made = run_with(lambda c, places: np.zeros(places.size), plan)
    assert 1500 <= made.swept < 2500
    # 1,000 of all sweeps, the first and the last among them, of each chain.
    assert run.unseen.shape == (8, 1000)
    assert 100 <= run.states.shape[1] < 200


def test_what_went_before_the_chains_met_is_warm_up():
    run, made = run_with(lambda c, places: np.where(places < 700, 400.0 * c, 0.0))
    assert made.rounds[:2] == [500, 500]
    assert run.no_closer_since == 0
    assert all(check.passed for check in run.checks)
    # Nothing is left of the first 700 sweeps: the chains began up to 28 standard deviations apart.
    assert run.unseen.max() < 1000 + 6 * 100


def test_chains_that_come_no_closer_give_up_with_what_was_found():
    run, made = run_with(lambda c, places: np.full(places.size, 300.0 * (c % 2)))
    assert made.swept == 32 * 500
    assert run.no_closer_since == 4000
    assert run.furthest_apart > 0.1


def test_chains_that_slowly_come_closer_may_go_on():
    run, made = run_with(lambda c, places: 1200.0 * (c % 2) / (1 + places / 1000))
    assert made.swept > 16 * 500
    assert run.no_closer_since == 0


@pytest.mark.parametrize("most", [500, 1200, 3000])
def test_no_more_sweeps_are_made_than_allowed(most):
    plan = Plan(warmup=200, sweeps=500, max_sweeps=most, draws=1000, effective=100_000)
    run, made = run_with(lambda c, places: np.zeros(places.size), plan)
    assert made.swept == most == run.swept
