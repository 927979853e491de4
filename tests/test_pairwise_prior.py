"""The log-linear model under the prior of published studies: two lists exactly, more by importance sampling."""

import numpy as np
import pytest
from scipy import optimize, stats

import estimation as mse
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.bayesian_log_linear.pairwise_density import value_and_gradient, whitened
from estimation.models.bayesian_log_linear.pairwise_prior import PairwisePrior
from estimation.models.protocol import Model
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
    of_delta = stats.multivariate_normal(np.full(n_lists, -1.5), 2.25 * np.eye(n_lists) + 4)

    def log_posterior(theta):
        theta = np.atleast_2d(theta)
        log_mu = theta @ design.T
        gamma = theta[:, n_lists:]
        delta = theta[:, :n_lists].copy()
        for column, (i, j) in enumerate(pairs):
            delta[:, i] += gamma[:, column] / (n_lists - 1)
            delta[:, j] += gamma[:, column] / (n_lists - 1)
        found = log_mu @ counts - counts.sum() * np.logaddexp.reduce(log_mu, axis=1)
        return found + of_delta.logpdf(delta) + stats.norm.logpdf(gamma, 0.6, 1.0).sum(axis=1)

    start = optimize.minimize(lambda x: -log_posterior(x)[0], np.zeros(design.shape[1]), method="BFGS")
    rng, centre, spread = np.random.default_rng(seed), start.x, (start.hess_inv + start.hess_inv.T) / 2
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
    gradient, slope = np.empty(7), np.empty(7)
    top = value_and_gradient(np.zeros(7), gradient, *arguments)
    assert np.abs(gradient).max() < 1e-6
    z = np.random.default_rng(1).standard_normal(7)
    assert value_and_gradient(z, gradient, *arguments) < top
    for i in range(7):
        step = np.eye(7)[i] * 1e-5
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
        PairwisePrior(np.nan, 0.0, np.inf, -1.0, 0.0, chains=1, draws=5, warmup=0, target_accept=1.0)
    assert len(caught.value.problems) == 9


def test_its_prior_is_the_rounded_one_of_the_library():
    prior = mse.priors.population_dependence()
    assert (MODEL.log_odds_ratio_mean, MODEL.log_odds_ratio_sd) == (round(prior.mean, 1), round(prior.sd, 1))


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


def rank_p_values(replications, *, seed, truth=MODEL):
    """p-values of uniform ranks of n_0, mean gamma and gamma_12 over four lists of 400 people observed."""
    fitted = PairwisePrior(chains=2, draws=600, warmup=300)
    offset, design = truth._scaled_design(4)
    ranks = []
    for part in np.random.default_rng(seed).spawn(replications):
        truth_rng, fit_rng, rank_rng = part.spawn(3)
        normals = truth_rng.standard_normal(design.shape[1])
        log_mu = offset + design @ normals
        log_seen = np.logaddexp.reduce(log_mu)
        counts = truth_rng.multinomial(400, np.exp(log_mu - log_seen))
        unseen = truth_rng.poisson(truth_rng.gamma(400) * np.exp(min(-log_seen, 30.0)))
        gamma = truth.coefficients(normals, np.zeros(()), 4)[5:]
        thinned = fitted.sample(counts, rng=fit_rng, workers=1).coefficients[:, ::10].reshape(-1, 11)
        drawn = rank_rng.poisson(rank_rng.gamma(400, 1 / 400, len(thinned)) * np.exp(np.minimum(thinned[:, 0], 36)))
        tied = int(rank_rng.integers((drawn == unseen).sum() + 1))
        below = (thinned[:, 5:].mean(axis=1) < gamma.mean()).sum(), (thinned[:, 5] < gamma[0]).sum()
        ranks.append(((drawn < unseen).sum() + tied, *below))
    possible = 121
    bins = np.array(ranks) * 10 // possible
    expected = np.bincount(np.arange(possible) * 10 // possible, minlength=10) * replications / possible
    return [float(stats.chisquare(np.bincount(column, minlength=10), expected).pvalue) for column in bins.T]


def test_ranks_of_the_truth_are_uniform_in_a_few_replications():
    # False-alarm rate: 3 quantities at 0.0003 each, 0.1 % in all.
    assert min(rank_p_values(15, seed=22)) > 0.0003


@pytest.mark.slow
def test_ranks_of_the_truth_are_uniform_over_the_prior():
    # False-alarm rate: 3 quantities at 0.0033 each, 1 % in all.
    assert min(rank_p_values(300, seed=20)) > 0.0033


@pytest.mark.slow
def test_ranks_reveal_a_wrong_prior():
    # In truth lists are more dependent than the model believes: a control that must fail.
    assert min(rank_p_values(100, seed=21, truth=PairwisePrior(log_odds_ratio_mean=1.6))) < 0.0033
