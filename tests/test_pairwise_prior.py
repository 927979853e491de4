"""The log-linear model under the prior of published studies: two lists exactly, more by importance sampling.

Ranks of the truth over its own prior are in ``recovery/test_pairwise_prior_calibration.py``.
"""

import numpy as np
import pytest
from scipy import optimize, special, stats

import estimation as mse
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.bayesian_log_linear.pairwise_density import value_and_gradient, whitened
from estimation.models.bayesian_log_linear.pairwise_prior import PairwisePrior
from estimation.models.protocol import Model
from estimation.priors.given_others import conditional_discount, strata_of_pairs
from estimation.priors.sources import study_table
from estimation.results.convergence import chain_checks
from estimation.results.estimates import Estimate

MODEL = PairwisePrior()
TWO = CaptureTable.from_histories(["police", "press"], {"10": 54, "01": 30, "11": 12})


def error_of(values):
    """Monte Carlo error of a mean, by the chains' halves."""
    halves = values.reshape(values.shape[0] * 10, -1).mean(axis=1)
    return halves.std(ddof=1) / np.sqrt(halves.size)


@pytest.fixture(scope="module")
def two_lists():
    return MODEL.fit(TWO, rng=1)


@pytest.fixture(scope="module")
def sampled_two():
    return MODEL.sample(TWO.cells()[1:], rng=np.random.default_rng(2))


class TestTwoLists:
    def test_the_posterior_of_the_odds_ratio_is_its_prior(self, sampled_two):
        gamma = sampled_two.coefficients[..., -1]
        # 5 Monte Carlo errors each.
        assert gamma.mean() == pytest.approx(0.6, abs=5 * error_of(gamma))
        square = (gamma - 0.6) ** 2
        assert square.mean() == pytest.approx(1.0, abs=5 * error_of(square))
        for level in (0.025, 0.5, 0.975):
            below = gamma < stats.norm.ppf(level, 0.6, 1.0)
            assert below.mean() == pytest.approx(level, abs=5 * error_of(below.astype(float)))

    def test_n_is_that_of_quadrature(self, two_lists):
        """n_0 given the three cells' probabilities and theta is negative binomial; both are integrated on grids."""
        deltas = np.linspace(-5, 3, 121)
        one, two = (grid.ravel() for grid in np.meshgrid(deltas, deltas))
        # delta_j = log(pi_11 / pi_of the other alone), so that the cells are known up to their sum.
        cells = np.stack([np.exp(-two), np.exp(-one), np.ones_like(one)])
        cells /= cells.sum(axis=0)
        prior = stats.multivariate_normal([-1.5, -1.5], [[2.25 + 4, 4], [4, 2.25 + 4]])
        log_weight = np.array([54, 30, 12]) @ np.log(cells) + prior.logpdf(np.stack([one, two], axis=1))
        weight = np.exp(log_weight - log_weight.max())
        kept = weight > 1e-7
        weight, cells = weight[kept] / weight[kept].sum(), cells[:, kept]
        gamma = 0.6 + stats.norm.ppf((np.arange(60) + 0.5) / 60)
        ratio = np.multiply.outer(np.exp(gamma), cells[0] * cells[1] / cells[2])  # mu_0 / n
        for quantile in two_lists.total.quantile(0.1), two_lists.median, two_lists.total.quantile(0.9):
            exact = (stats.nbinom.cdf(quantile - 96, 96, 1 / (1 + ratio)) @ weight).mean()
            below = (two_lists.total.values <= quantile).astype(float)
            assert below.mean() == pytest.approx(exact, abs=5 * error_of(below) + 0.002)  # 0.002: the grid of gamma

    def test_it_says_that_the_prior_is_the_answer(self, two_lists):
        assert any("its posterior is its prior" in note for note in two_lists.notes)
        assert two_lists.fit is None
        before, after = two_lists.tables[:2]
        assert after.rows[0][1:] == pytest.approx(before.rows[0][1:], rel=0.25)

    def test_more_dependence_beforehand_gives_more_people(self, two_lists):
        independent = PairwisePrior(log_odds_ratio_mean=0.0).fit(TWO, rng=1)
        ratio = (two_lists.median - 96) / (independent.median - 96)
        assert ratio == pytest.approx(np.exp(0.6), rel=0.15)


def posterior_by_importance(table, seed, size=60_000):
    """log mu_0 and mean gamma with weights: corner coding, multinomial likelihood, Student t about scipy's mode."""
    n_lists = len(table.lists)
    codes = np.array([[code >> j & 1 for j in range(n_lists)] for code in range(1, 2**n_lists)], dtype=float)
    pairs = [(i, j) for i in range(n_lists) for j in range(i + 1, n_lists)]
    design = np.hstack([codes, np.stack([codes[:, i] * codes[:, j] for i, j in pairs], axis=1)])
    counts = table.cells()[1:].astype(float)
    n_pairs = len(pairs)
    # The coefficients in corner coding are moved to delta and gamma, of which the prior is.
    moved, prior = np.eye(n_lists + n_pairs), np.zeros((n_lists + n_pairs,) * 2)
    for column, pair in enumerate(pairs):
        moved[list(pair), n_lists + column] = 1 / (n_lists - 1)
    prior[:n_lists, :n_lists] = 2.25 * np.eye(n_lists) + 4
    prior[n_lists:, n_lists:] = 0.5 * np.eye(n_pairs) + 0.5
    before = stats.multivariate_normal(np.append(np.full(n_lists, -1.5), np.full(n_pairs, 0.6)), prior)

    def log_posterior(theta):
        theta = np.atleast_2d(theta)
        log_mu = theta @ design.T
        found = log_mu @ counts - counts.sum() * np.logaddexp.reduce(log_mu, axis=1)
        return found + before.logpdf(theta @ moved.T)

    start = optimize.minimize(lambda x: -log_posterior(x)[0], np.zeros(design.shape[1]), method="BFGS").x
    share = np.exp(design @ start - np.logaddexp.reduce(design @ start))
    curvature = (design.T * share) @ design - np.outer(share @ design, share @ design)
    curvature = counts.sum() * curvature + moved.T @ np.linalg.inv(prior) @ moved
    rng, centre, spread = np.random.default_rng(seed), start, np.linalg.inv(curvature)
    for _ in range(5):  # the first rounds only find where to draw from
        proposal = stats.multivariate_t(centre, spread, df=8, seed=rng)
        theta = proposal.rvs(size)
        log_weight = log_posterior(theta) - proposal.logpdf(theta)
        weight = np.exp(log_weight - log_weight.max())
        tempered = np.sqrt(weight) / np.sqrt(weight).sum()
        centre, spread = tempered @ theta, np.cov(theta.T, aweights=tempered)
    log_unseen = np.log(counts.sum()) - np.logaddexp.reduce(theta @ design.T, axis=1)
    return weight / weight.sum(), np.stack([log_unseen, theta[:, n_lists:].mean(axis=1)])


@pytest.mark.parametrize("name", ["hepatitis_a", "australia"])
def test_three_and_four_lists_agree_with_importance_sampling(name):
    """Mean and spread of log mu_0 and of the mean of gamma, 5 Monte Carlo errors of both routes together."""
    table = mse.load_table(name)
    weight, found = posterior_by_importance(table, seed=3)
    assert 1 / (weight**2).sum() > 1000
    drawn = MODEL.sample(table.cells()[1:], rng=np.random.default_rng(4)).coefficients
    for values, exact in zip((drawn[..., 0], drawn[..., 1 + len(table.lists) :].mean(axis=-1)), found, strict=True):
        centre = weight @ exact
        for ours, theirs in ((values, exact), ((values - centre) ** 2, (exact - centre) ** 2)):
            by_weight = weight @ theirs
            error = np.hypot(error_of(ours), np.sqrt(weight**2 @ (theirs - by_weight) ** 2))
            assert ours.mean() == pytest.approx(by_weight, abs=5 * error)


def test_the_gradient_is_the_slope_of_the_density_and_the_mode_is_its_top():
    counts = mse.load_table("hepatitis_a").cells()[1:].astype(float)
    offset, design = MODEL._scaled_design(3)
    about = whitened(counts, offset, design)
    arguments = (counts, offset + design @ about.mode, design @ about.scale, about.mode, about.scale)
    gradient, slope = np.empty(8), np.empty(8)
    top = value_and_gradient(np.zeros(8), gradient, *arguments)
    assert np.abs(gradient).max() < 1e-6
    z = np.random.default_rng(1).standard_normal(8)
    assert value_and_gradient(z, gradient, *arguments) < top
    for i in range(8):
        step = np.eye(8)[i] * 1e-5
        ends = [value_and_gradient(z + sign * step, slope, *arguments) for sign in (1, -1)]
        assert gradient[i] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-5, abs=1e-5)


def test_before_the_lists_n_is_what_simulated_people_give():
    """Cells of two lists from the prior by their definitions, then the unseen given 96 observed."""
    drawn = MODEL.prior_total(TWO, rng=1, draws=4000)
    rng = np.random.default_rng(2)
    d = rng.normal(-1.5, 2.0, 4000)
    one, two = np.exp(d + 1.5 * rng.standard_normal(4000)), np.exp(d + 1.5 * rng.standard_normal(4000))
    theta = np.exp(rng.normal(0.6, 1.0, 4000))
    # pi_11 = 1 unit: pi_01 = 1 / delta_1, pi_10 = 1 / delta_2, pi_00 = theta pi_10 pi_01.
    unseen = theta / (one * two) / (1 + 1 / one + 1 / two)
    by_hand = 96 + rng.poisson(rng.gamma(96, np.minimum(unseen, 1e12)))
    assert stats.ks_2samp(drawn, by_hand).pvalue > 0.001


@pytest.mark.parametrize(("name", "truth"), [("kosovo", 10_401), ("hepatitis_a", 545), ("synthetic_five_lists", 1000)])
def test_where_n_is_known_the_answer_is_too_high(name, truth):
    """No interaction of three or more lists is wrong there, as it is for `nhoi`; the docstring says so."""
    found = MODEL.fit(study_table(name), rng=1)
    assert isinstance(found, Estimate)
    assert found.median > truth
    assert found.interval().lower > truth


def test_it_is_a_model_whose_bad_settings_are_named_at_once():
    assert isinstance(MODEL, Model)
    assert MODEL.assumptions[0].startswith("There is no interaction of three or more lists")
    assert "as among pairs of lists of published studies" in MODEL.assumptions[1]
    assert "published" not in PairwisePrior(log_odds_ratio_mean=0.0).assumptions[1]
    with pytest.raises(SettingError) as caught:
        PairwisePrior(np.nan, 0.0, 1.0, np.inf, -1.0, 0.0, chains=1, draws=5, warmup=0, target_accept=1.0)
    assert len(caught.value.problems) == 10


def test_its_prior_is_the_rounded_one_of_the_library():
    prior = mse.priors.population_dependence()
    ours = MODEL.log_odds_ratio_mean, MODEL.log_odds_ratio_sd, MODEL.log_odds_ratio_correlation
    assert ours == (round(prior.mean, 1), round(prior.sd, 1), round(prior.correlation, 1))


def test_its_prior_is_that_of_the_library_given_the_other_lists_too_as_far_as_it_is_known():
    given = mse.priors.conditional_dependence()
    studies, discount = mse.priors.dependence().mean_sd, conditional_discount().standard_error
    assert MODEL.log_odds_ratio_mean == pytest.approx(given.mean, abs=np.hypot(studies, discount))
    assert MODEL.log_odds_ratio_sd == pytest.approx(given.sd, rel=0.1)
    assert MODEL.log_odds_ratio_correlation == pytest.approx(given.correlation, abs=0.1)
    table = mse.load_table("hepatitis_a")
    other = PairwisePrior(given.mean, given.sd, given.correlation).fit(table, rng=1)
    assert other.median == pytest.approx(MODEL.fit(table, rng=1).median, rel=0.05)


def test_log_odds_ratios_are_drawn_with_the_mean_spread_and_correlation_that_are_stated():
    model = PairwisePrior(log_odds_ratio_mean=0.3, log_odds_ratio_sd=2.0, log_odds_ratio_correlation=0.7)
    normals = np.random.default_rng(1).standard_normal((40_000, 12))
    gamma = model.coefficients(normals, np.zeros(40_000), 4)[:, 5:]
    # Standard errors of a mean, a variance and a correlation of 40,000 draws: 0.01, 0.028 and 0.0026; 5 of each.
    assert gamma.mean(axis=0) == pytest.approx(np.full(6, 0.3), abs=0.05)
    assert gamma.var(axis=0) == pytest.approx(np.full(6, 4.0), abs=0.14)
    assert np.corrcoef(gamma.T)[np.triu_indices(6, 1)] == pytest.approx(np.full(15, 0.7), abs=0.013)


@pytest.mark.parametrize(("n_lists", "least", "most"), [(3, -1e-9, 1e-9), (4, 0.0, 0.1), (5, 0.1, 0.28)])
def test_populations_drawn_from_the_prior_have_the_dependence_that_studies_show(n_lists, least, most):
    """Among people on any other list, as published tables are counted, it exceeds gamma, by less than is known (0.28).

    That is the standard error of the mean of gamma by `conditional_dependence`.  Whole populations, not people, are
    drawn: 6,000 of them, standard error 0.006.
    """
    width = 2 + n_lists * (n_lists + 1) // 2
    normals = np.random.default_rng(1).standard_normal((6000, width))
    coefficients = MODEL.coefficients(normals, np.zeros(6000), n_lists)
    on = np.array([[code >> j & 1 for j in range(n_lists)] for code in range(1, 2**n_lists)])
    pairs = [on[:, i] * on[:, j] for i in range(n_lists) for j in range(i + 1, n_lists)]
    log_mu = coefficients @ np.column_stack([np.ones(len(on)), on, *pairs]).T
    on_other = on[:, 2:].any(axis=1)
    parts = [
        np.logaddexp.reduce(log_mu[:, on_other & (on[:, 0] == first) & (on[:, 1] == second)], axis=1)
        for first, second in ((1, 1), (0, 0), (1, 0), (0, 1))
    ]
    excess = parts[0] + parts[1] - parts[2] - parts[3] - coefficients[:, 1 + n_lists]
    assert least <= excess.mean() <= most


class TestLimits:
    def test_no_dependence_at_all_is_independence(self):
        """Four lists, 4,400 people: the log-linear model of independence, fitted by maximum likelihood."""
        table = mse.load_table("kosovo")
        drawn = PairwisePrior(log_odds_ratio_mean=0.0, log_odds_ratio_sd=1e-4, main_effect_sd=20.0)
        found = np.exp(drawn.sample(table.cells()[1:], rng=np.random.default_rng(1)).coefficients[..., 0])
        on = np.array([[code >> j & 1 for j in range(4)] for code in range(1, 16)])
        shown = table.cells()[1:]

        def loss(odds):
            log_mu = on @ odds
            return shown.sum() * np.logaddexp.reduce(log_mu) - shown @ log_mu

        odds = optimize.minimize(loss, np.full(4, -1.0), method="BFGS").x
        unseen = shown.sum() / np.exp(on @ odds).sum()
        # The posterior of a coefficient is normal about the maximum to terms of 1/n: half a percent of n_0 at most.
        assert found.mean() == pytest.approx(unseen, rel=0.005, abs=5 * error_of(found))

    def test_a_prior_that_says_nothing_of_three_lists_is_the_closed_form(self):
        """As many coefficients as cells, all flat: cells are gamma distributed, and log mu_0 is a sum of their logs."""
        table = mse.load_table("hepatitis_a")
        model = PairwisePrior(log_odds_ratio_sd=300.0, main_effect_sd=300.0, log_odds_ratio_correlation=0.0)
        log_unseen = model.sample(table.cells()[1:], rng=np.random.default_rng(1)).coefficients[..., 0]
        cells = table.cells()[1:].astype(float)
        sign = np.array([1, 1, -1, 1, -1, -1, 1])  # codes 1 to 7: plus for one and three lists, minus for two
        mean, variance = sign @ special.digamma(cells), special.polygamma(1, cells).sum()
        square = (log_unseen - mean) ** 2
        # mu_0 is n times a ratio of probabilities, so n = 271 where the gammas add to n on average: digamma takes both.
        assert log_unseen.mean() == pytest.approx(
            mean - special.digamma(271) + np.log(271), abs=5 * error_of(log_unseen)
        )
        assert square.mean() == pytest.approx(variance, rel=0.02, abs=5 * error_of(square))

    def test_a_prior_that_is_certain_of_an_odds_ratio_gives_its_answer(self):
        certain = PairwisePrior(log_odds_ratio_mean=np.log(3), log_odds_ratio_sd=1e-4)
        gamma = certain.sample(TWO.cells()[1:], rng=np.random.default_rng(1)).coefficients
        one, two, both = 54, 30, 12
        by_hand = 3 * one * two / both
        assert np.median(np.exp(gamma[..., 0])) == pytest.approx(by_hand, rel=0.05)


def test_where_n_is_known_it_is_the_assumption_that_fails_and_not_the_prior():
    """Given the other lists, pairs depend less among people on none of them, whom no table shows; see the docstring."""
    apart = {}
    for study in [one for one in mse.priors.studies() if one.truth is not None]:
        table = study_table(study.table)
        shown = strata_of_pairs(table)
        whole = strata_of_pairs(table, unseen=study.truth - table.n_observed)
        on_none = [[cells for cells in every if cells not in some] for some, every in zip(shown, whole, strict=True)]
        apart[study.name] = [np.mean([log_odds_ratio(pair) for pair in part]) for part in (shown, on_none)]
    assert apart["kosovo"] == pytest.approx((0.79, 0.35), abs=0.015)
    assert apart["hepatitis_a"] == pytest.approx((1.60, 0.28), abs=0.015)
    assert apart["synthetic_five_lists"] == pytest.approx((0.99, 0.30), abs=0.015)
    for name, change in (("kosovo", 0.01), ("hepatitis_a", 0.2), ("synthetic_five_lists", 0.01)):
        ours, wide = (
            model.fit(study_table(name), rng=1).median for model in (MODEL, PairwisePrior(log_odds_ratio_sd=10))
        )
        assert abs(wide / ours - 1) < change


def log_odds_ratio(strata):
    """That of the greatest likelihood on a grid, by scipy's distribution."""
    grid = np.arange(-3, 5, 0.02)
    total = np.zeros(grid.size)
    for both, one, two, neither in strata:
        size = both + one + two + neither
        total += stats.nchypergeom_fisher.logpmf(both, size, both + one, both + two, np.exp(grid))
    return grid[total.argmax()]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 4}), "nobody is on more than one list"),
        (CaptureTable.from_histories(["A"], {"1": 5}), "at least 2 lists"),
        (CaptureTable([f"L{j}" for j in range(9)], np.eye(9, dtype=int), np.ones(9)), "at most 8 lists"),
    ],
)
def test_a_table_that_carries_nothing_says_why(table, words):
    assert words in MODEL.why_not(table)
    assert words in MODEL.fit(table, rng=1).reason


def test_one_seed_gives_one_answer_whatever_the_workers():
    short = PairwisePrior(draws=500, warmup=200)
    one, two = (short.fit(TWO, rng=3, workers=workers).total.values for workers in (1, 2))
    assert (one == two).all()


def test_its_chains_agree_within_their_draws(sampled_two):
    checks = chain_checks({"log mu_0": sampled_two.coefficients[..., 0]})
    assert all(check.passed for check in checks)
