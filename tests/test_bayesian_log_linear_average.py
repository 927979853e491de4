"""The Bayesian log-linear average: against direct integration, and what it says when it cannot answer.

False alarms: a Monte Carlo mean fails beyond 5 standard errors, one in 1.7 million seeds; the seeds are fixed.
"""

import itertools
from functools import cache

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import logsumexp
from scipy.stats import nbinom, poisson

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.bayesian_log_linear import averaged as bayesian_log_linear_average
from estimation.models.bayesian_log_linear.averaged import HierarchicalLogLinearAverage
from estimation.models.bayesian_log_linear.averaged_posterior import averaged_posterior, prior_scales
from estimation.models.bayesian_log_linear.marginal_likelihood import laplace_evidence, particles
from estimation.models.log_linear.terms import hierarchical_models, parse_generators, terms_of
from estimation.results.estimates import Estimate, NotEstimable

THREE = np.array([0, 40, 30, 20, 25, 5, 6, 4])
SPARSE = np.array([0, 12, 9, 3, 7, 0, 2, 0])


def signs(terms, many):
    """Rows of a model's sum-to-zero design, written out: history by history, term by term."""
    rows = []
    for history in range(1 << many):
        on = [1.0 if history >> j & 1 else -1.0 for j in range(many)]
        rows.append([np.prod([on[j] for j in range(many) if t >> j & 1]) for t in np.flatnonzero(terms) if t])
    return np.array(rows)


def by_quadrature(cells, terms, log_variance, points):
    """log p(n | sigma^2, model) and the mean of r given the table, by a Gauss-Hermite product rule.

    Nothing of the program is used: the density is written from its definition, its mode found by SciPy's general
    minimiser and its curvature by differences.
    """
    many = len(cells).bit_length() - 1
    design, counts = signs(terms, many), cells[1:]
    width = design.shape[1]

    def log_density(theta):
        eta = theta @ design.T
        seen = logsumexp(eta[..., 1:], axis=-1)
        prior = -0.5 * (theta**2).sum(axis=-1) / np.exp(log_variance) - 0.5 * width * (log_variance + np.log(2 * np.pi))
        return eta[..., 1:] @ counts - counts.sum() * seen + prior, eta[..., 0] - seen

    found = minimize(lambda theta: -log_density(theta)[0], np.zeros(width), method="BFGS", options={"gtol": 1e-4})
    step = 1e-3
    shifts = step * np.eye(width)
    hessian = np.array(
        [
            [
                -sum(s * t * log_density(found.x + s * a + t * b)[0] for s in (1, -1) for t in (1, -1)) / (4 * step**2)
                for b in shifts
            ]
            for a in shifts
        ]
    )
    spread = np.linalg.cholesky(np.linalg.inv(hessian))
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    grid = np.array(list(itertools.product(nodes, repeat=width)))
    log_weights = np.array(list(itertools.product(np.log(weights), repeat=width))).sum(axis=1)
    value, log_odds = log_density(found.x + grid @ spread.T)
    terms_of_sum = value + log_weights + 0.5 * (grid**2).sum(axis=1) + np.linalg.slogdet(spread)[1]
    total = logsumexp(terms_of_sum)
    return total, np.exp(logsumexp(terms_of_sum + log_odds) - total)


class TestAgainstDirectIntegration:
    @pytest.mark.parametrize("cells", [THREE, SPARSE], ids=["three lists", "with empty histories"])
    def test_weights_of_all_models_and_the_mean_of_n_0_are_those_of_quadrature(self, cells):
        models = hierarchical_models(3)
        exact = [by_quadrature(cells, m, 0.0, {3: 20, 4: 12, 5: 9, 6: 7}[int(m.sum()) - 1]) for m in models]
        log_marginal, mean_odds = np.array(exact).T
        weights = np.exp(log_marginal - logsumexp(log_marginal))
        found = averaged_posterior(
            cells, prior_scales("unit-information"), draws=4000, size=200_000, rng=np.random.default_rng(1)
        )
        sample = found.particles
        for m, weight in enumerate(weights):
            error = np.sqrt((sample.weights**2 * ((sample.model == m) - weight) ** 2).sum())
            assert abs(sample.model_weights(len(models))[m] - weight) < 5 * error + 2e-4
        odds = np.exp(sample.log_odds)
        mean = weights @ mean_odds
        error = np.sqrt((sample.weights**2 * (odds - mean) ** 2).sum())
        assert abs(sample.weights @ odds - mean) < 5 * error + 2e-3 * mean

    def test_laplace_is_within_a_tenth_of_quadrature_in_log_where_no_history_is_empty(self):
        models = hierarchical_models(3)[:4]
        exact = np.array([by_quadrature(THREE, m, 0.0, 16)[0] for m in models])
        found = laplace_evidence(THREE[1:], models, np.zeros(1), np.zeros(1)).log_marginal
        np.testing.assert_allclose(found - exact, 0, atol=0.1)

    def test_the_sum_over_the_lattice_is_the_integral_over_the_variance(self):
        # Two lists, one model with two coefficients: the variance is integrated by adaptive quadrature.
        cells = np.array([0, 54, 30, 12])
        terms = hierarchical_models(2)[0]
        shape = scale = 0.001

        at = cache(lambda u: by_quadrature(cells, terms, u, 30))  # the two integrals share most of their points

        def integrand(u, power):
            value, odds = at(u)
            return np.exp(value + 101 - shape * u / 2 - scale / 2 * np.exp(-u)) * odds**power

        whole, part = (quad(integrand, -6, 12, args=(power,), epsabs=0, epsrel=1e-5)[0] for power in (0, 1))
        found = averaged_posterior(
            cells, prior_scales("sabanes-bove-held"), draws=4000, size=200_000, rng=np.random.default_rng(2)
        ).particles
        odds, mean = np.exp(found.log_odds), part / whole
        error = np.sqrt((found.weights**2 * (odds - mean) ** 2).sum())
        assert abs(found.weights @ odds - mean) < 5 * error + 1e-4 * mean

    def test_a_flat_intercept_leaves_n_0_negative_binomial_given_the_coefficients(self):
        design, theta = signs(hierarchical_models(2)[0], 2), np.array([-0.4, 0.7])
        eta, counts = design @ theta, np.array([54, 30, 12])

        def joint(unseen):
            def at(alpha):
                mean = np.exp(alpha + eta)
                return np.exp(poisson.logpmf([unseen, *counts], mean).sum())

            middle = np.log(96 / np.exp(eta[1:]).sum())
            return quad(at, middle - 2, middle + 2, epsabs=0, epsrel=1e-9)[0]

        odds = np.exp(eta[0]) / np.exp(eta[1:]).sum()
        values = np.arange(0, 60, 12)
        found = np.array([joint(v) for v in values])
        exact = nbinom.pmf(values, 96, 1 / (1 + odds))
        np.testing.assert_allclose(found / found[0], exact / exact[0], rtol=1e-6)

    def test_the_particles_weigh_two_values_of_the_variance_as_quadrature_does(self):
        terms = hierarchical_models(3)[0]
        scales = np.array([-1.0, 2.0])
        exact = np.array([by_quadrature(SPARSE, terms, u, 24)[0] for u in scales])
        evidence = laplace_evidence(SPARSE[1:], terms[None, :], scales, np.log([0.3, 0.7]))
        sample = particles(evidence, SPARSE[1:], 50_000, rng=np.random.default_rng(3))
        weight = 1 / (1 + np.exp(exact[1] - exact[0]) * 0.7 / 0.3)
        error = np.sqrt((sample.weights**2 * ((sample.scale == 0) - weight) ** 2).sum())
        assert abs(sample.weights[sample.scale == 0].sum() - weight) < 5 * error


def test_many_empty_histories_leave_the_importance_sampling_half_of_its_draws():
    # 38 of 63 histories are empty: the posterior leans, and a t alike to both sides of its mode leaves two fifths.
    table = load_table("uk")
    terms = terms_of(parse_generators("[LA NG][LA PF][NG GP][PF GP][PF NCA][GO GP]", table.lists), 6)
    counts = table.cells()[1:]
    evidence = laplace_evidence(counts, terms[None, :], *prior_scales("sabanes-bove-held"))
    sample = particles(evidence, counts, 20_000, rng=np.random.default_rng(1))
    assert sample.effective > 10_000


@pytest.fixture(scope="module")
def kosovo():
    return HierarchicalLogLinearAverage().fit(load_table("kosovo"), rng=np.random.default_rng(1), workers=2)


class TestKosovo:
    def test_all_checks_pass(self, kosovo):
        assert kosovo.diagnostics.ok

    def test_the_other_prior_is_open_with_its_numbers_and_they_are_its_own(self, kosovo):
        other = HierarchicalLogLinearAverage("unit-information").fit(
            load_table("kosovo"), rng=np.random.default_rng(1), workers=1
        )
        assert kosovo.tables[1].rows[1] == other.tables[1].rows[0]
        assert kosovo.tables[1].rows[0] == other.tables[1].rows[1]
        assert f"{other.median:,.0f} people" in kosovo.notes[0]
        assert f"{kosovo.median:,.0f} people" in other.notes[0]

    def test_the_number_of_workers_changes_nothing(self, kosovo):
        again = HierarchicalLogLinearAverage().fit(load_table("kosovo"), rng=np.random.default_rng(1), workers=1)
        np.testing.assert_array_equal(again.total.values, kosovo.total.values)

    def test_the_order_of_the_lists_changes_nothing_but_the_draws(self, kosovo):
        turned = load_table("kosovo").keep(["HRW", "OSCE", "ABA", "EXH"])
        again = HierarchicalLogLinearAverage().fit(turned, rng=np.random.default_rng(7))
        # 16,000 draws each: the median's standard error is about 1.25 sd / sqrt(16,000) = 30 people.
        assert abs(again.median - kosovo.median) < 5 * np.sqrt(2) * 1.25 * kosovo.sd / np.sqrt(16_000)

    def test_weights_shown_are_in_order_and_add_to_what_the_title_says(self, kosovo):
        weights = [row[1] for row in kosovo.tables[0].rows]
        assert weights == sorted(weights, reverse=True)
        assert f"together {sum(weights):.3f}" in kosovo.tables[0].title
        assert "of 113" in kosovo.tables[0].title


class TestWhatItRefuses:
    def test_a_prior_of_another_name(self):
        with pytest.raises(SettingError, match="must be 'unit-information' or 'sabanes-bove-held'"):
            HierarchicalLogLinearAverage("flat")

    @pytest.mark.parametrize(
        ("table", "reason"),
        [
            (CaptureTable([*"ABCDEFGHI"], np.eye(9, dtype=int), [5] * 9), "at most 8 lists and the table has 9"),
            (CaptureTable(["A"], [[1]], [5]), "at least 2 lists"),
            (CaptureTable(["A", "B"], [[1, 0], [0, 1]], [5, 4]), "nobody is on more than one list"),
            (CaptureTable(["A", "B", "C"], [[1, 0, 0], [1, 1, 0]], [5, 4]), "nobody is on C"),
        ],
        ids=["nine lists", "one list", "no overlap", "empty list"],
    )
    def test_tables_that_cannot_carry_it(self, table, reason):
        result = HierarchicalLogLinearAverage().fit(table, rng=np.random.default_rng(1))
        assert isinstance(result, NotEstimable)
        assert reason in result.reason

    def test_a_posterior_without_an_upper_limit_is_refused_and_the_other_prior_shown(self):
        result = HierarchicalLogLinearAverage().fit(load_table("synthetic_artificial_3"), rng=np.random.default_rng(1))
        assert isinstance(result, NotEstimable)
        assert "improper" in result.reason
        assert result.tables[1].rows[0][1] == "no upper limit"
        assert result.tables[1].rows[1][1] > 96

    def test_draws_too_few_to_trust_are_refused_and_kept_as_evidence(self, monkeypatch):
        monkeypatch.setattr(bayesian_log_linear_average, "_PARTICLES", 500)
        result = HierarchicalLogLinearAverage().fit(load_table("kosovo"), rng=np.random.default_rng(1))
        assert isinstance(result, NotEstimable)
        assert "importance ESS" in result.reason
        assert result.evidence.values.shape == (4, 4000)

    def test_two_lists_have_one_model(self):
        table = CaptureTable(["A", "B"], [[1, 0], [0, 1], [1, 1]], [54, 30, 12])
        result = HierarchicalLogLinearAverage().fit(table, rng=np.random.default_rng(1))
        assert isinstance(result, Estimate)
        assert result.tables[0].rows[0][:2] == ("[A][B]", pytest.approx(1.0))


class TestModelsTooManyToEnumerate:
    @pytest.fixture(scope="class")
    @classmethod
    def walked(cls):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bayesian_log_linear_average, "MAX_ENUMERATED", 3)
            return HierarchicalLogLinearAverage().fit(load_table("kosovo"), rng=np.random.default_rng(1), workers=2)

    def test_the_answer_is_that_of_all_models_and_passes_every_check(self, walked, kosovo):
        assert walked.diagnostics.ok
        assert {"R-hat of log mu_0", "posterior weight of the models visited"} <= {
            check.name for check in walked.diagnostics.checks
        }
        # The walk is worth some 13,000 independent draws for the middle and the enumeration 16,000.
        error = 1.25 * kosovo.sd * np.sqrt(1 / 13_000 + 1 / 16_000)
        assert abs(walked.median - kosovo.median) < 5 * error

    def test_the_reader_is_told_how_the_models_were_gone_through(self, walked, kosovo):
        assert any("4 chains from different models computed the weights of" in note for note in walked.notes)
        assert "visited listed" in walked.tables[0].title
        assert not any("chains" in note for note in kosovo.notes)

    @pytest.mark.slow
    def test_six_lists_of_the_united_kingdom_give_an_answer_that_two_seeds_agree_on(self):
        first, second = (
            HierarchicalLogLinearAverage().fit(load_table("uk"), rng=np.random.default_rng(seed), workers=2)
            for seed in (1, 2)
        )
        assert first.diagnostics.ok
        assert second.diagnostics.ok
        # The checks ask for 400 independent draws at least: about 1,000 are got.
        error = 1.25 * first.sd * np.sqrt(2 / 400)
        assert abs(first.median - second.median) < 5 * error


def test_large_tables_agree_with_the_maximum_likelihood_of_independent_lists():
    # n = 10^6: the prior is nothing, and N is the Lincoln-Petersen number to within its sampling error.
    cells = np.array([0, 540_000, 300_000, 120_000])
    found = averaged_posterior(
        cells, prior_scales("unit-information"), draws=4000, size=20_000, rng=np.random.default_rng(4)
    )
    unseen = 540_000 * 300_000 / 120_000
    assert np.median(np.exp(found.log_unseen)) == pytest.approx(unseen, rel=0.002)
