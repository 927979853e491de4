"""Each step of the latent-class sampler, and all of them, against slow and exact versions.

False alarms: comparisons of Monte Carlo averages are made at 4 Monte Carlo standard errors (6 in 100,000 each, some
30 of them); the seeds are fixed, so a test that passes keeps passing until the code changes.
"""

import functools
import hashlib
from itertools import permutations, product
from pathlib import Path
from threading import Event

import arviz
import numpy as np
import pytest
from plain_latent_class import plain_sweeps
from scipy import stats
from scipy.special import betaln, comb, expit, gammaln, logsumexp

from estimation.capture.table import CaptureTable
from estimation.models.latent_class import density as latent_class_density
from estimation.models.latent_class import labels as latent_class_labels
from estimation.models.latent_class import split_merge as latent_class_split_merge
from estimation.models.latent_class import unseen as latent_class_unseen
from estimation.models.latent_class.chains import Chain
from estimation.models.latent_class.kernel import (
    DENSITY_SHA256,
    LABELS_SHA256,
    OBSERVABLE,
    SPLIT_MERGE_SHA256,
    allocate,
    draw_log_alpha,
    draw_parameters,
    draw_unseen,
    hamiltonian_move,
    log_alpha_density,
    marginal_density,
    run_block,
    swap_labels,
    trade_last,
)
from estimation.models.latent_class.split_merge import split_or_merge
from estimation.models.latent_class.state import Cells, Prior, Workspace
from estimation.models.latent_class.unseen import redraw_unseen

TINY = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 2, "010": 1, "001": 2, "110": 1, "101": 1, "011": 1, "111": 1}
)
PRIOR = Prior(1.0, 1.0, 1.0, 1.0)
GAMMA = Prior(0.25, 0.5, 1.3, 0.7)
LOG_NORMAL = Prior(0.3 / 0.8**2, 0.0, 1.3, 0.7, 1 / 0.8**2)
"""Of log alpha, mean 0.3 and standard deviation 0.8."""
LOG_DENSITY_OF_ALPHA = {
    GAMMA: lambda alpha: stats.gamma.logpdf(alpha, 0.25, scale=2.0),
    LOG_NORMAL: lambda alpha: stats.lognorm.logpdf(alpha, 0.8, scale=np.exp(0.3)),
}
both_priors = pytest.mark.parametrize("prior", [GAMMA, LOG_NORMAL], ids=["gamma", "log-normal"])
MOST = 200
"""The exact posterior is summed to this many unseen; beyond it there is less than 1e-5."""


def places(classes, lists, seed):
    return np.random.default_rng(seed).normal(0, 1.5, classes * lists + classes)


def slow_log_density(x, table, prior, classes):
    """The posterior with classes and n_0 summed out, from SciPy's densities and shares as plain numbers."""
    lists = len(table.lists)
    lambda_ = expit(x[: classes * lists]).reshape(lists, classes).T
    e, alpha = np.exp(x[classes * lists : -1]), np.exp(x[-1])
    v = np.append(-np.expm1(-e / alpha), 1.0)
    pi = v * np.cumprod(np.append(1.0, 1 - v[:-1]))
    value = (stats.beta.logpdf(lambda_, prior.a, prior.b) + np.log(lambda_ * (1 - lambda_))).sum()
    value += (stats.expon.logpdf(e) + np.log(e)).sum()
    value += LOG_DENSITY_OF_ALPHA[prior](alpha) + np.log(alpha)
    for pattern, count in zip(table.patterns, table.counts, strict=True):
        value += count * np.log(pi @ np.where(pattern, lambda_, 1 - lambda_).prod(axis=1))
    return value - table.n_observed * np.log(1 - pi @ (1 - lambda_).prod(axis=1))


@both_priors
class TestMarginalDensity:
    def test_equals_the_slow_one_up_to_a_constant(self, prior):
        classes = 4
        work = Workspace.for_table(classes, 3, 8)
        fast, slow = [], []
        for seed in range(5):
            x = places(classes, 3, seed)
            fast.append(marginal_density(x, Cells.of(TINY), prior, work.mixture, np.empty(x.size)))
            slow.append(slow_log_density(x, TINY, prior, classes))
        assert np.ptp(np.array(fast) - slow) == pytest.approx(0, abs=1e-10)

    def test_gradient_equals_finite_differences(self, prior):
        classes = 4
        work, x = Workspace.for_table(classes, 3, 8), places(classes, 3, 8)
        gradient, unused = np.empty(x.size), np.empty(x.size)
        marginal_density(x, Cells.of(TINY), prior, work.mixture, gradient)
        for i in range(x.size):
            up, down = x.copy(), x.copy()
            up[i] += 1e-5
            down[i] -= 1e-5
            values = [marginal_density(y, Cells.of(TINY), prior, work.mixture, unused) for y in (up, down)]
            assert gradient[i] == pytest.approx((values[0] - values[1]) / 2e-5, abs=1e-6)

    def test_stays_finite_where_sticks_leave_floating_point(self, prior):
        x = np.zeros(4 * 3 + 4)
        x[-1] = -800.0
        gradient = np.empty(x.size)
        value = marginal_density(x, Cells.of(TINY), prior, Workspace.for_table(4, 3, 8).mixture, gradient)
        assert np.isfinite(value)
        x[-1], x[12:15] = 0.0, -900.0
        value = marginal_density(x, Cells.of(TINY), prior, Workspace.for_table(4, 3, 8).mixture, gradient)
        assert np.isfinite(value)
        assert np.isfinite(gradient).all()


def log_p_of_sizes(size, alpha):
    """log p(z | alpha) as the product of Beta integrals over the sticks, before anything cancels."""
    after = np.cumsum(size[::-1])[::-1][1:]
    return sum(np.log(alpha) + betaln(1 + c, alpha + t) for c, t in zip(size[:-1], after, strict=True))


class TestProductsOfOdds:
    def test_products_and_logarithms_agree_where_classes_leave_no_one_off_every_list(self):
        # A class that is on all lists with odds of e^150 each cannot be done with products; a mild shift away it can.
        prior, classes = Prior(0.25, 0.5, 1.3, 0.7), 4
        work, x, gradient = Workspace.for_table(classes, 3, 8), places(classes, 3, 3), np.empty(16)
        values, slopes = [], []
        for logit in (150.0, 100.0):
            x[[1, 5, 9]] = logit
            values.append(marginal_density(x, Cells.of(TINY), prior, work.mixture, gradient))
            slopes.append(gradient.copy())
        # Only the prior, and all of the class's people on all lists: log density falls by b a unit of each logit.
        assert values[1] - values[0] == pytest.approx(0.7 * 3 * 50, abs=1e-9)
        assert slopes[1] == pytest.approx(slopes[0], abs=1e-9)

    def test_a_change_of_its_file_makes_the_cache_of_the_sweeps_stale(self):
        for module, named in (
            (latent_class_density, DENSITY_SHA256),
            (latent_class_labels, LABELS_SHA256),
            (latent_class_split_merge, SPLIT_MERGE_SHA256),
            (latent_class_unseen, latent_class_split_merge.UNSEEN_SHA256),
            (latent_class_unseen, latent_class_labels.UNSEEN_SHA256),
        ):
            source = Path(module.__file__).read_bytes()
            assert hashlib.sha256(source).hexdigest() == named, "put the new one in kernel.py"


class TestAlphaAndLabels:
    @both_priors
    def test_density_of_alpha_is_the_prior_times_the_beta_integrals(self, prior):
        for size in ([5, 0, 3, 0], [0, 0, 2, 9], [7, 0, 0, 0], [4, 3]):
            points = np.array([-6.0, -1.0, 0.5, 3.0])
            fast = [log_alpha_density(u, prior, np.array(size)) for u in points]
            slow = [
                LOG_DENSITY_OF_ALPHA[prior](np.exp(u)) + u + log_p_of_sizes(np.array(size), np.exp(u)) for u in points
            ]
            assert np.ptp(np.array(fast) - slow) == pytest.approx(0, abs=1e-9)

    def test_slice_steps_draw_from_that_density(self):
        prior, size, rng = Prior(0.25, 0.25, 1.0, 1.0), np.array([6, 0, 1, 2]), np.random.default_rng(4)
        grid = np.linspace(-25, 8, 6001)
        log_p = np.array([log_alpha_density(u, prior, size) for u in grid])
        cdf = np.cumsum(np.exp(log_p - logsumexp(log_p)))
        u, drawn = 0.0, []
        for _ in range(20_000):
            u = draw_log_alpha(rng, u, prior, size)
            drawn.append(np.interp(u, grid, cdf))
        # Every tenth is all but independent; the test's false-alarm rate is 0.001.
        assert stats.kstest(drawn[::10], "uniform").pvalue > 0.001

    def test_swaps_visit_each_order_as_often_as_its_probability(self):
        alpha, start = 0.7, [5, 2, 0, 1]
        orders = sorted(set(permutations(start)))
        log_p = np.array([log_p_of_sizes(np.array(order), alpha) for order in orders])
        expected = np.exp(log_p - logsumexp(log_p))
        work, rng = Workspace.for_table(4, 3, 8), np.random.default_rng(5)
        work.size[:] = start
        work.on[:, 0] = start
        times = dict.fromkeys(orders, 0)
        for turn in range(40_000):
            swap_labels(rng, alpha, work.size, work.on)
            if turn % 4 == 0:
                times[tuple(work.size.tolist())] += 1
        assert (work.on[:, 0] == work.size).all(), "the people on a list go with their class"
        seen = np.array([times[order] for order in orders])
        assert (expected * seen.sum() > 5).all(), "enough visits for the chi-square test; its false-alarm rate is 0.001"
        assert stats.chisquare(seen, expected * seen.sum()).pvalue > 0.001

    def test_trades_with_the_last_label_leave_order_and_alpha_as_they_are(self):
        prior, start, grid = Prior(1.0, 0.5, 1.0, 1.0), [5, 2, 0, 1], np.linspace(-25, 6, 3101)
        orders = sorted(set(permutations(start)))
        log_p = np.array([log_p_of_sizes(np.array(order), np.exp(grid)) for order in orders])
        log_p += stats.gamma.logpdf(np.exp(grid), 1.0, scale=2.0) + grid
        expected = np.exp(logsumexp(log_p, axis=1) - logsumexp(log_p))
        cdf = np.cumsum(np.exp(logsumexp(log_p, axis=0) - logsumexp(log_p)))
        work, rng, u = Workspace.for_table(4, 3, 8), np.random.default_rng(7), 0.0
        work.size[:], work.on[:, 0] = start, start
        times, places_of_u = dict.fromkeys(orders, 0), []
        for turn in range(80_000):
            u = trade_last(rng, u, prior, work.size, work.on, work.grid)
            if turn % 20 == 0:
                times[tuple(work.size.tolist())] += 1
                places_of_u.append(np.interp(u, grid, cdf))
        assert (work.on[:, 0] == work.size).all(), "the people on a list go with their class"
        seen = np.array([times[order] for order in orders])
        assert stats.chisquare(seen, expected * seen.sum()).pvalue > 0.001
        assert stats.kstest(places_of_u, "uniform").pvalue > 0.001


THREE = CaptureTable.from_histories(["A", "B", "C"], {"110": 1, "100": 1, "011": 1})
EASY = Prior(0.25, 0.25, 3.0, 1.0)
"""Captures likely enough that more than 20 unseen in a class have less than 1e-5 of the posterior of `THREE`."""


def exact_given_alpha(alpha):
    """Three people, three labels and the unseen of each, all enumerated: array over 27 x 21 x 21 x 21, and what it is.

    Returns the probabilities and, of each state, n_0, the number of classes with seen people, and the size of the
    first label.
    """
    sizes = np.stack(np.meshgrid(*[np.arange(21)] * 3, indexing="ij"))
    n_0 = sizes.sum(axis=0)
    log_p, features = [], []
    for labels in product(range(3), repeat=3):
        c = sizes.copy()
        for k in labels:
            c[k] += 1
        value = gammaln(c.sum(axis=0)) - gammaln(sizes + 1).sum(axis=0)
        value = value + np.log(alpha) * 2 + betaln(1 + c[0], alpha + c[1] + c[2]) + betaln(1 + c[1], alpha + c[2])
        for k in range(3):
            on = THREE.patterns[np.array(labels) == k].sum(axis=0)
            for j in range(3):
                value = value + betaln(EASY.a + on[j], EASY.b + c[k] - on[j])
        log_p.append(value)
        features.append(np.stack([n_0, np.full_like(n_0, len(set(labels))), c[0]]))
    joint = np.array(log_p)
    return np.exp(joint - logsumexp(joint)), np.array(features)


@functools.cache
def splits_and_merges_alone(alpha, redrawn=False):
    """Chains of nothing else on `THREE`, shape (4, draws, 3): n_0, classes with seen people, first label's size.

    Or with one split or merge, and the unseen of each class redrawn.
    """
    cells, chains = Cells.of(THREE), []
    work, x = Workspace.for_table(3, 3, cells.counts.size), places(3, 3, 2)
    for rng in np.random.default_rng(11).spawn(4):
        draw_unseen(rng, x, cells.n, work.mixture)
        allocate(rng, x, 2, cells, work)
        drawn = np.empty((2500, 3))
        for row in drawn:
            for _ in range(1 if redrawn else 3):
                split_or_merge(rng, np.log(alpha), cells, EASY, work)
            if redrawn:
                redraw_unseen(rng, np.log(alpha), cells, EASY, work)
            row[:] = work.people[0].sum(), (work.size > work.people[0]).sum(), work.size[0]
        chains.append(drawn[100:])
    return np.array(chains)


def deviations_of_moves(alpha, *, redrawn=False):
    """Averages over chains with alpha 0.7 less exact ones with another, in Monte Carlo standard errors."""
    p, features = exact_given_alpha(alpha)
    found = []
    for i, values in ((0, (0, 1, 3)), (1, (1, 2)), (2, (0, 1, 3))):
        for value in values:
            share = (splits_and_merges_alone(0.7, redrawn)[:, :, i] == value).astype(float)
            found.append(float((share.mean() - p[features[:, i] == value].sum()) / error_of_mean(share)))
    return found


class TestSplitsAndMerges:
    def test_by_themselves_they_draw_from_the_enumerated_posterior_of_three_people(self):
        assert max(np.abs(deviations_of_moves(0.7))) < 4

    def test_another_alpha_would_be_noticed(self):
        assert max(np.abs(deviations_of_moves(2.0))) > 10

    def test_people_on_lists_go_with_their_classes(self):
        x, work, rng, cells = places(4, 3, 9), Workspace.for_table(4, 3, 8), np.random.default_rng(3), Cells.of(TINY)
        allocate(rng, x, draw_unseen(rng, x, cells.n, work.mixture), cells, work)
        accepted = 0
        for _ in range(200):
            accepted += split_or_merge(rng, 0.0, cells, PRIOR, work)
            assert work.people[1:].sum(axis=1).tolist() == cells.counts[1:].tolist()
            on = np.zeros_like(work.on)
            for i in range(1, cells.counts.size):
                node = i
                while node > 0:
                    lists = cells.marks[cells.first[node] : cells.first[node + 1]]
                    on[:, lists] += work.people[i][:, None]
                    node = cells.parent[node]
            assert (work.on == on).all()
            assert (work.size == work.people.sum(axis=0)).all()
        assert accepted > 10


class TestGivenTheClasses:
    def test_sticks_and_captures_are_their_betas(self):
        work, prior = Workspace.for_table(3, 2, 8), Prior(0.25, 0.25, 0.3, 2.0)
        work.size[:], work.on[:] = [6, 0, 2], [[6, 1], [0, 0], [1, 0]]
        rng, alpha = np.random.default_rng(6), 0.4
        drawn = np.empty((4000, 9))
        for row in drawn:
            draw_parameters(rng, np.log(alpha), row, prior, work.size, work.on)
        v = -np.expm1(-np.exp(drawn[:, 6:8]) / alpha)
        assert (drawn[:, 8] == np.log(alpha)).all()
        pvalues = [stats.kstest(v[:, k], stats.beta(1 + c, alpha + t).cdf).pvalue for k, c, t in ((0, 6, 2), (1, 0, 2))]
        for place, (j, k) in enumerate(product(range(2), range(3))):
            on, off = work.on[k, j], work.size[k] - work.on[k, j]
            pvalues.append(stats.kstest(expit(drawn[:, place]), stats.beta(0.3 + on, 2.0 + off).cdf).pvalue)
        assert min(pvalues) > 1e-4

    def test_allocation_is_the_plain_one_draw_for_draw(self):
        classes, n_0 = 4, 25
        work, x = Workspace.for_table(classes, 3, 8), places(classes, 3, 9)
        fast, slow = np.random.default_rng(3), np.random.default_rng(3)
        draw_unseen(np.random.default_rng(0), x, Cells.of(TINY).n, work.mixture)
        allocate(fast, x, n_0, Cells.of(TINY), work)
        logit = x[:12].reshape(3, classes).T
        size, on = np.zeros(classes, dtype=int), np.zeros((classes, 3), dtype=int)
        v = np.append(-np.expm1(-np.exp(x[12:15] - x[15])), 1.0)
        share = v * np.cumprod(np.append(1.0, 1 - v[:-1]))
        people_of = dict(zip(map(tuple, TINY.patterns.tolist()), TINY.counts.tolist(), strict=True))
        # The unseen first, then the histories in the order of the tree: the lists of a history by how many they hold.
        for history in [(), (0,), (1,), (2,), (0, 1), (0, 2), (2, 1), (0, 2, 1)]:
            pattern = np.isin(np.arange(3), history)
            people = people_of[tuple(pattern.tolist())] if history else n_0
            p = share * np.exp(logit @ pattern - np.logaddexp(0, logit).sum(axis=1))
            drawn = np.zeros(classes, dtype=int)
            if people == 1:
                drawn[np.searchsorted(np.cumsum(p), slow.random() * p.sum(), side="right")] = 1
            else:
                for k in range(classes):
                    if people == drawn.sum():
                        break
                    left = people - int(drawn.sum())
                    drawn[k] = left if k == classes - 1 else slow.binomial(left, p[k] / p[k:].sum())
            size += drawn
            on += drawn[:, None] * pattern
        assert work.size.tolist() == size.tolist()
        assert work.on.tolist() == on.tolist()

    def test_a_sweep_counts_people_by_their_chance_of_any_list(self):
        classes, x = 4, places(4, 3, 9)
        x[[0, 4, 8]] = -8.0  # class 0: 1 in 1,000 on any list
        work, twin, y = Workspace.for_table(classes, 3, 8), Workspace.for_table(classes, 3, 8), x.copy()
        rng, out = np.random.default_rng(5), np.empty((1, 3 + len(OBSERVABLE)))
        allocate(rng, y, draw_unseen(rng, y, Cells.of(TINY).n, twin.mixture), Cells.of(TINY), twin)
        run_block(
            np.random.default_rng(5),
            x,
            Cells.of(TINY),
            PRIOR,
            work,
            0.1,
            0,
            np.ones(x.size),
            out,
            np.empty((0, x.size)),
            1,
        )
        chance = 1 - (1 - expit(y[:12].reshape(3, classes))).prod(axis=0)
        expected = [int(twin.size[chance > threshold].sum()) for threshold in OBSERVABLE]
        assert out[0, 3:].tolist() == expected
        assert expected[0] > expected[1] > 0, "class 0 holds people and only the lowest threshold counts them"

    def test_a_chain_stops_where_the_unseen_leave_every_bound(self):
        x = np.full(2 * 3 + 2, -40.0)
        x[-1] = 0.0
        assert draw_unseen(np.random.default_rng(1), x, 5, Workspace.for_table(2, 3, 8).mixture) == -1
        work, out = Workspace.for_table(2, 3, 8), np.empty((5, 3))
        assert (
            run_block(
                np.random.default_rng(1), x, Cells.of(TINY), PRIOR, work, 0.1, 0, np.ones(8), out, np.empty((0, 8)), 1
            )
            == -1
        )


@functools.cache
def exact_by_unseen():
    """For each n_0 the posterior on two classes up to a constant, p(N) ~ 1/N: whole, with one class, times log alpha.

    Everybody's class is summed over (by the number of each history in the first class), sticks and captures integrate
    to Beta functions, and alpha is integrated on a grid of its logarithm.
    """
    n, prior = TINY.n_observed, PRIOR
    most = n + MOST + 1
    factorial = gammaln(np.arange(2 * most + 2) + 1.0)  # its logarithm: all captures are whole numbers
    first, second = np.meshgrid(np.arange(most), np.arange(most), indexing="ij")
    for_classes, with_log_alpha = np.zeros((most, most)), np.zeros((most, most))
    for log_alpha in np.arange(-30.0, 6.0, 0.2):
        alpha = np.exp(log_alpha)
        weight = stats.gamma.logpdf(alpha, prior.alpha_shape, scale=1 / prior.alpha_rate) + log_alpha
        of_second, of_both = gammaln(alpha + np.arange(most)), gammaln(1 + alpha + np.arange(2 * most))
        p = np.exp(weight + log_alpha + factorial[first] + of_second[second] - of_both[first + second])
        for_classes += p
        with_log_alpha += p * log_alpha
    unseen = np.arange(MOST + 1)
    n_0 = unseen[:, None] + 0 * unseen
    in_first = np.minimum(unseen[None, :], n_0)
    in_second = n_0 - in_first
    log_n = factorial[n + n_0 - 1] - factorial[n_0]
    log_ways = factorial[n_0] - factorial[in_first] - factorial[in_second] + log_n
    log_ways[unseen[None, :] > n_0] = -np.inf
    total, one, with_alpha = np.zeros(MOST + 1), np.zeros(MOST + 1), np.zeros(MOST + 1)

    def captures(seen):
        """Of one class, by how many of the unseen are in it."""
        size = seen.sum() + unseen
        return sum(factorial[on] + factorial[size - on] - factorial[size + 1] for on in seen @ TINY.patterns)

    for split in product(*(range(count + 1) for count in TINY.counts)):
        m = np.array(split)
        c_1 = m.sum() + in_first
        c_2 = n + n_0 - c_1
        log_p = log_ways + captures(m)[in_first] + captures(TINY.counts - m)[in_second]
        p = np.exp(log_p + np.log(comb(TINY.counts, m)).sum())
        joint = p * for_classes[c_1, c_2]
        total += joint.sum(axis=1)
        one += np.where((c_1 == 0) | (c_2 == 0), joint, 0.0).sum(axis=1)
        with_alpha += (p * with_log_alpha[c_1, c_2]).sum(axis=1)
    return total, one, with_alpha


def exact(log_prior_power=-1.0):
    """Exact posterior on two classes: p(n_0), probability of one occupied class, mean of log alpha."""
    weight = (TINY.n_observed + np.arange(MOST + 1.0)) ** (log_prior_power + 1)
    total, one, with_alpha = (weight * each for each in exact_by_unseen())
    everything = total.sum()
    assert total[-10:].sum() / everything < 1e-6
    return total / everything, one.sum() / everything, with_alpha.sum() / everything


@functools.cache
def sweeps_of_chains(steps, sweeps=6_000):
    """Draws of the compiled sampler, shape (4, draws, 3), with and without Hamiltonian moves."""
    drawn = []
    for i, rng in enumerate(np.random.default_rng(17).spawn(4)):
        chain = Chain(TINY, PRIOR, classes=2, rng=rng, spread=i / 3, steps=steps)
        chain.warm_up(500, Event())
        drawn.append(chain.advance(sweeps, Event()))
    return np.array(drawn)


def hamiltonian_moves_alone():
    """The state moved by gradient only, n_0 and the classes drawn from it and thrown away."""
    drawn, cells = [], Cells.of(TINY)
    for rng in np.random.default_rng(18).spawn(4):
        x, work = rng.normal(size=8), Workspace.for_table(2, 3, 8)
        chain = np.empty((3_000, 3))
        for row in chain:
            hamiltonian_move(rng, x, cells, PRIOR, work.mixture, work.path, 0.25, int(rng.integers(1, 16)), np.ones(8))
            n_0 = draw_unseen(rng, x, cells.n, work.mixture)
            allocate(rng, x, n_0, cells, work)
            row[:] = n_0, x[-1], (work.size > 0).sum()
        drawn.append(chain[300:])
    return np.array(drawn)


def plain():
    counts, patterns = TINY.counts, TINY.patterns
    return np.array(
        [
            plain_sweeps(rng, patterns, counts, 2, 1.0, 1.0, 1.0, 1.0, 1500)[150:]
            for rng in np.random.default_rng(19).spawn(4)
        ]
    )


def error_of_mean(drawn):
    return float(np.squeeze(arviz.mcse(drawn, method="mean")))


def deviations(drawn, posterior):
    """How far averages of the draws are from the exact ones, in Monte Carlo standard errors."""
    p, one, log_alpha = posterior
    cdf = np.cumsum(p)
    found = {}
    for probability in (0.1, 0.5, 0.9, 0.99):
        q = int(np.searchsorted(cdf, probability))
        below = (drawn[:, :, 0] <= q).astype(float)
        found[f"P(n_0 <= {q})"] = (below.mean() - cdf[q]) / error_of_mean(below)
    single = (drawn[:, :, 2] == 1).astype(float)
    found["P(one class)"] = (single.mean() - one) / error_of_mean(single)
    found["E log alpha"] = (drawn[:, :, 1].mean() - log_alpha) / error_of_mean(drawn[:, :, 1])
    return {name: float(value) for name, value in found.items()}


class TestAgainstTheExactPosterior:
    @pytest.mark.parametrize(
        "sampler",
        [lambda: sweeps_of_chains(0), lambda: sweeps_of_chains(8), hamiltonian_moves_alone, plain],
        ids=["sweeps without gradient moves", "the sampler", "gradient moves alone", "plain Gibbs"],
    )
    def test_draws_are_from_it(self, sampler):
        far = {name: z for name, z in deviations(sampler(), exact()).items() if abs(z) > 4}
        assert not far

    def test_another_prior_on_n_would_be_noticed(self):
        assert max(abs(z) for z in deviations(sweeps_of_chains(8), exact(log_prior_power=0.0)).values()) > 10
