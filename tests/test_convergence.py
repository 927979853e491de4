import arviz
import numpy as np
import pytest

from estimation.results.convergence import chain_checks, to_arviz
from estimation.results.effective_size import bulk_size, mean_size, quantile_size


def normal_chains(shift=0.0, size=(4, 500), seed=1):
    values = np.random.default_rng(seed).standard_normal(size)
    values[0] += shift
    return values


def test_three_checks_a_quantity_in_order():
    checks = chain_checks({"N": normal_chains(), "log alpha": normal_chains(seed=2)})
    assert [check.name for check in checks] == [
        f"{what} of {name}" for name in ("N", "log alpha") for what in ("R-hat", "bulk ESS", "tail ESS")
    ]


def test_independent_draws_pass():
    # 2,000 independent draws: R-hat is about 1 + 1/2000 and both ESS about 2,000; seeded, so exact on each version.
    checks = chain_checks({"N": normal_chains()})
    assert all(check.passed for check in checks)
    assert all(check.value > 1000 for check in checks[1:])


def test_a_chain_elsewhere_fails_r_hat_and_bulk_ess():
    rhat, bulk, _ = chain_checks({"N": normal_chains(shift=5.0)})
    assert not rhat.passed
    assert rhat.value > 1.2
    assert not bulk.passed


def test_a_sluggish_chain_fails_its_effective_sample_size():
    walk = np.cumsum(normal_chains(), axis=1)
    assert not any(check.passed for check in chain_checks({"N": walk}))


def test_limits_are_the_callers():
    values = {"N": normal_chains()}
    assert not any(check.passed for check in chain_checks(values, rhat_limit=0.5, ess_limit=1e9))
    assert [check.limit for check in chain_checks(values, rhat_limit=1.5, ess_limit=7)] == [1.5, 7, 7]


def test_r_hat_without_any_difference_of_chains_is_the_textbook_number():
    # Rank-normalised split R-hat written out, against ArviZ's (the larger of the bulk and the folded one).
    from scipy.stats import norm, rankdata

    values = normal_chains(shift=0.5)

    def split_rhat(x):
        halves = x.reshape(8, 250)
        z = norm.ppf((rankdata(halves).reshape(halves.shape) - 0.375) / (halves.size + 0.25))
        between, within = 250 * z.mean(axis=1).var(ddof=1), z.var(axis=1, ddof=1).mean()
        return np.sqrt((between / within + 249) / 250)

    expected = max(split_rhat(values), split_rhat(np.abs(values - np.median(values))))
    assert chain_checks({"N": values})[0].value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("follows", [-0.5, 0.0, 0.9, 0.999])
def test_r_hat_and_effective_sizes_are_those_of_arviz(follows):
    # Chains that jump to and fro, that are independent, that are slow, and that hardly move; whole numbers among them.
    noise = np.random.default_rng(1).standard_normal((3, 901))
    chains = np.zeros((3, 901))
    for at in range(901):
        chains[:, at] = follows * chains[:, at - 1] + noise[:, at]
    for values in (chains, np.round(10 * chains), np.array([0.0, 0.0, 3.0])[:, None] + chains):
        found = [check.value for check in chain_checks({"N": values})]
        expected = [arviz.rhat(values), arviz.ess(values, method="bulk")]
        expected += [arviz.ess(values, method="tail", prob=(0.05, 0.95))]
        # ArviZ 1.x gives arrays without a dimension.
        assert found == pytest.approx(list(map(float, expected)), rel=1e-8)
        sizes = [bulk_size(values), mean_size(values), quantile_size(values, 0.3)]
        expected = [expected[1], arviz.ess(values, method="mean"), arviz.ess(values, method="quantile", prob=0.3)]
        assert sizes == pytest.approx(list(map(float, expected)), rel=1e-8)


def test_a_quantity_that_never_moved_has_nothing_to_check():
    assert chain_checks({"K": np.full((4, 100), 3.0)}) == ()


def test_chains_stuck_at_different_values_do_not_pass():
    stuck = np.repeat([[1.0], [2.0]], 100, axis=1)
    checks = chain_checks({"K": stuck})
    assert [check.value for check in checks] == [np.inf, 0, 0]
    assert not any(check.passed for check in checks)


def test_draws_keep_their_names_and_shape_in_arviz():
    data = to_arviz({"N": normal_chains(), "log alpha": normal_chains(seed=2)})
    posterior = data["posterior"]
    assert set(posterior.data_vars) == {"N", "log alpha"}
    assert posterior["N"].dims == ("chain", "draw")
    assert np.array_equal(posterior["N"].values, normal_chains())
