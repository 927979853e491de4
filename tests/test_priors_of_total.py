"""What each Bayesian model's prior says of N once n is known, against simulation by another route.

The other route draws N and the table from the prior and takes what has the n that was observed, or draws probabilities
as they are defined.  Two samples are compared by Kolmogorov-Smirnov at 0.001, so that each comparison fails one time in
1,000 when all is right; the seeds are fixed.
"""

import numpy as np
import pytest
from scipy import stats

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.models.bayesian_log_linear.all_pairs import BayesianLogLinear
from estimation.models.bayesian_log_linear.averaged import HierarchicalLogLinearAverage
from estimation.models.bayesian_log_linear.averaged_prior import averaged_expansion
from estimation.models.bayesian_log_linear.predictive_checks import design
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.latent_class.in_pymc import LatentClassPyMC
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.prior_and_posterior import PRIOR_AND_POSTERIOR, HasPrior
from estimation.models.registry import MODELS, make_model

KOSOVO = load_table("kosovo")
TWELVE = CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 4, "11": 3})
BAYESIAN = {"bayesian-log-linear-average", "nhoi", "decomposable", "latent-class", "latent-class-pymc"}
DRAWS = 4000


def same(one, other):
    return stats.ks_2samp(one, other).pvalue > 0.001


def with_n(total, rho, n, rng):
    """N of those whose table has n people observed."""
    return total[rng.binomial(total, 1 - rho) == n]


class TestDecomposable:
    @pytest.mark.parametrize("delta", [0.25, 1.0])
    def test_of_independent_lists_is_the_product_of_their_margins(self, delta):
        drawn = DecomposableGraphs(delta=delta).prior_total(TWELVE, rng=1, draws=DRAWS)
        rng = np.random.default_rng(2)
        rho = rng.beta(2 * delta, 2 * delta, (DRAWS, 2)).prod(axis=1)
        assert same(drawn, 12 + rng.negative_binomial(12, np.maximum(1 - rho, 1e-9)))

    def test_of_the_saturated_graph_is_that_of_the_full_dirichlet(self):
        # The other graph has the same two margins, so that half of the draws are of each.
        drawn = DecomposableGraphs(delta=0.5, include_saturated=True).prior_total(TWELVE, rng=3, draws=DRAWS)
        rng = np.random.default_rng(4)
        full = rng.dirichlet(np.full(4, 0.5), DRAWS)[:, 0]
        rho = np.where(rng.random(DRAWS) < 0.5, full, rng.beta(1, 1, (DRAWS, 2)).prod(axis=1))
        assert same(drawn, 12 + rng.negative_binomial(12, np.maximum(1 - rho, 1e-9)))

    @pytest.mark.parametrize("prior", ["flat up to 60", "1/N up to 60", "gamma-poisson(3, 6)", "log-normal(18, 40)"])
    def test_under_another_prior_on_n_is_what_has_the_same_n(self, prior):
        drawn = DecomposableGraphs(delta=1.0, prior_on_n=prior).prior_total(TWELVE, rng=5, draws=DRAWS)
        rng, size = np.random.default_rng(6), 400_000
        total = {
            "f": lambda: rng.integers(1, 61, size),
            "1": lambda: rng.choice(np.arange(1, 61), size, p=(w := 1 / np.arange(1, 61)) / w.sum()),
            "l": lambda: np.rint(np.exp(rng.normal(np.log(18), np.log(40 / 18) / 1.2815515655, size))).astype(int),
            "g": lambda: rng.poisson(rng.gamma(3, 6, size)),
        }[prior[0]]()
        found = with_n(total, rng.beta(2, 2, (size, 2)).prod(axis=1), 12, rng)
        assert found.size > 3000
        # Resampled draws repeat: a quarter of them are as good as independent.
        assert same(np.random.default_rng(7).choice(drawn, DRAWS // 4, replace=False), found)

    def test_a_flat_prior_without_a_bound_says_nothing_and_the_estimate_says_so(self):
        model = DecomposableGraphs(prior_on_n="flat")
        assert model.prior_total(KOSOVO, rng=1) is None
        assert any("it says nothing of the expansion factor" in note for note in model.fit(KOSOVO, rng=1).notes)


class TestNoHighestOrder:
    @pytest.mark.parametrize("xi", [1.0, 3.0])
    def test_is_the_ratio_of_dirichlet_probabilities(self, xi):
        drawn = NoHighestOrderInteraction(xi=xi).prior_total(TWELVE, rng=1, draws=DRAWS)
        rng = np.random.default_rng(2)
        first, second, both = rng.dirichlet(np.ones(3), DRAWS).T
        odds = first * second / both / xi
        assert same(drawn, 12 + rng.poisson(rng.gamma(12, odds)))

    def test_without_a_prior_weight_says_nothing(self):
        assert NoHighestOrderInteraction(prior_count=0).prior_total(TWELVE, rng=1) is None


class TestLogLinear:
    def test_averaged_is_one_over_the_sum_of_ratios(self):
        drawn = averaged_expansion(2, "unit-information", draws=DRAWS, rng=np.random.default_rng(1))
        one, two = np.random.default_rng(2).standard_normal((2, DRAWS))
        others = np.exp(-one - two), np.exp(one - two), np.exp(two - one)
        assert same(drawn, 1 + np.exp(one + two) / sum(others))

    def test_averaged_of_six_lists_is_drawn_too(self):
        drawn = averaged_expansion(6, "unit-information", draws=200, rng=np.random.default_rng(1))
        assert (drawn > 1).all()

    def test_averaged_under_the_wide_prior_says_next_to_all_or_next_to_nothing(self):
        drawn = averaged_expansion(4, "sabanes-bove-held", draws=DRAWS, rng=np.random.default_rng(1))
        # With coefficients without end all people have one of the 16 histories, each the same: 4 standard errors.
        assert (drawn > 1e6).mean() == pytest.approx(1 / 16, abs=4 * (1 / 16 / DRAWS) ** 0.5)
        assert np.median(drawn) == 1

    def test_of_all_pairs_is_what_has_the_same_n(self):
        table = CaptureTable.from_histories(["A", "B", "C"], {"100": 4, "010": 3, "001": 2, "110": 2, "111": 1})
        model = BayesianLogLinear(unseen_median=10.0, intercept_sd=1.0, main_effect_mean_sd=0.5, main_effect_sd=0.5)
        drawn = model.prior_total(table, rng=1, draws=DRAWS)
        rng = np.random.default_rng(2)
        coefficients, _ = model.draw_prior(3, 12.0, 200_000, rng)
        observed = rng.poisson(np.exp(np.minimum(coefficients @ design(3).T, 20)).sum(axis=1))
        unseen = rng.poisson(np.exp(coefficients[observed == 12, 0]))
        assert unseen.size > 3000
        assert same(np.random.default_rng(3).choice(drawn, DRAWS // 4, replace=False), 12 + unseen)


def test_every_bayesian_model_has_one_and_no_classical_one_does():
    having = {name for name in MODELS if isinstance(make_model(name, {}), HasPrior)}
    assert having == BAYESIAN | {"bayesian-log-linear", "pairwise-prior"}


@pytest.mark.parametrize(
    "model", [DecomposableGraphs(), NoHighestOrderInteraction(), HierarchicalLogLinearAverage(prior="unit-information")]
)
def test_it_stands_beside_the_estimate_as_a_table_and_a_note(model):
    result = model.fit(KOSOVO, rng=1)
    [row] = next(table for table in result.tables if table.title == PRIOR_AND_POSTERIOR).rows
    assert row[5] == pytest.approx(result.median / 4400, rel=1e-3)
    assert sum("the prior puts the expansion factor N/n at" in note for note in result.notes) == 1


def test_both_samplers_of_latent_classes_have_the_same():
    assert (LatentClass().prior_total(KOSOVO, rng=1) == LatentClassPyMC().prior_total(KOSOVO, rng=1)).all()
