"""Posterior predictive checks: replicated tables beside the observed one, for every Bayesian model."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.models.bayesian_log_linear.averaged_posterior import averaged_posterior, prior_scales
from estimation.models.bayesian_log_linear.marginal_likelihood import history_probabilities as averaged_probabilities
from estimation.models.graphs.chordal_graphs import chordal_graphs
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.graphs.graph_posterior import graph_posterior, log_scores
from estimation.models.graphs.graph_predictive import history_probabilities
from estimation.models.graphs.prior_on_n import parse_prior_on_n
from estimation.models.latent_class import predictive
from estimation.models.latent_class.predictive import class_parameters, predicted_by_classes
from estimation.models.latent_class.rounds import Plan, sample
from estimation.models.latent_class.state import Prior
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.population_register import PopulationRegister, within_register
from estimation.models.predictive.checks import notes_of, predicted_cells, predictive_check
from estimation.results.goodness_of_fit import UNSEEN_UNCHECKED

LISTS = ["A", "B", "C"]


def table_of(cells, lists=LISTS):
    codes = np.arange(1, 1 << len(lists))
    return CaptureTable(lists, (codes[:, None] >> np.arange(len(lists))) & 1, cells)


def check(table, probabilities, seed=1):
    predicted = predicted_cells(table, np.asarray(probabilities, dtype=float))
    return predictive_check(table, predicted, title="a model", rng=np.random.default_rng(seed))


def independent(captures):
    codes = np.arange(1, 1 << len(captures))
    on = (codes[:, None] >> np.arange(len(captures))) & 1
    return np.prod(np.where(on, captures, 1 - np.asarray(captures)), axis=1)


class TestDiscrepancies:
    def test_with_known_probabilities_each_p_value_is_uniform(self):
        rng, cells = np.random.default_rng(11), independent([0.4, 0.3, 0.2])
        found = []
        for _ in range(150):
            table = table_of(rng.multinomial(200, cells / cells.sum()))
            fit = check(table, np.tile(cells, (200, 1)), seed=rng).fit
            found.append([measure.p_value for measure in fit.measures])
        share = (np.array(found) <= 0.05).mean(axis=0)
        # Rejections at 5 % beyond the binomial's 0.9999 in one of four: false-alarm rate 4e-4.
        assert (share <= binom.ppf(0.9999, 150, 0.05) / 150).all()
        assert (abs(np.mean(found, axis=0) - 0.5) < 4 * np.sqrt(1 / 12 / 150)).all()  # false-alarm rate 2.5e-4

    @pytest.mark.parametrize(
        ("name", "cells"),
        [
            ("pairwise overlaps", [100, 100, 60, 100, 10, 10, 5]),
            ("people on exactly k lists", [60, 60, 20, 60, 20, 20, 60]),
            ("largest cell residual", [60, 60, 20, 60, 20, 20, 60]),
        ],
    )
    def test_a_table_that_departs_in_one_way_is_seen_by_the_discrepancy_of_that_way(self, name, cells):
        found = check(table_of(cells), np.tile([80, 80, 20, 80, 20, 20, 5], (500, 1)))
        assert {measure.name: measure.p_value for measure in found.fit.measures}[name] < 0.01
        assert found.fit.fits is False
        assert "does not fit the lists" in notes_of(found)[0]

    def test_what_fits_worst_is_named_with_what_was_predicted(self):
        found = check(table_of([100, 100, 60, 100, 10, 10, 5]), np.tile([80, 80, 20, 80, 20, 20, 5], (500, 1)))
        assert "log odds ratio of A and B" in found.fit.worst or found.fit.worst.startswith("A + B: 60 observed")

    def test_two_lists_have_no_odds_ratio_and_are_checked_without(self):
        table = table_of([20, 30, 10], ["A", "B"])
        assert len(check(table, np.tile([20.0, 30.0, 10.0], (100, 1))).fit.measures) == 3

    def test_rows_hold_the_counts_of_the_table(self):
        table = load_table("kosovo")
        rows = {row[0]: row[1] for row in check(table, np.ones((50, 15))).parts.rows}
        assert [rows[f"people on exactly {k}"] for k in range(1, 5)] == table.frequencies.tolist()
        shared = table.keep(["EXH", "ABA"])
        a, b, both = shared.cells()[1:]
        neither = table.n_observed - shared.n_observed
        expected = np.log((both + 0.5) * (neither + 0.5) / ((a + 0.5) * (b + 0.5)))
        assert rows["log odds ratio of EXH and ABA"] == pytest.approx(expected, rel=1e-12)


class TestGraphs:
    def test_probabilities_of_the_complete_graph_are_dirichlet(self):
        counts, delta, size = np.array([5.0, 9, 2, 0, 4, 1, 3, 7]), 0.5, 20_000
        complete = chordal_graphs(3).elimination(7)
        drawn = history_probabilities(np.tile(counts, (size, 1)), complete, delta, np.random.default_rng(1))
        weights = counts + delta
        mean = weights / weights.sum()
        variance = mean * (1 - mean) / (weights.sum() + 1)
        # 8 means, 8 variances (kurtosis at most 9) within 5 Monte Carlo errors: false-alarm rate 1e-5.
        assert (abs(drawn.mean(axis=0) - mean) < 5 * np.sqrt(variance / size)).all()
        assert (abs(drawn.var(axis=0) - variance) < 5 * variance * np.sqrt(8 / size)).all()

    def test_a_missing_edge_is_conditional_independence_in_every_draw(self):
        elimination = chordal_graphs(3).elimination(3)  # A - B and A - C
        p = history_probabilities(np.full((50, 8), 4.0), elimination, 0.5, np.random.default_rng(2))
        cube = p.reshape(50, 2, 2, 2)  # C, B, A
        for a in (0, 1):
            square = cube[:, :, :, a]
            assert square[:, 0, 0] * square[:, 1, 1] == pytest.approx(square[:, 0, 1] * square[:, 1, 0], rel=1e-9)
        assert p.sum(axis=1) == pytest.approx(np.ones(50), rel=1e-12)

    def test_scores_of_graphs_are_those_that_the_posterior_is_summed_from(self):
        table, prior = load_table("kosovo"), parse_prior_on_n("1/N")
        everything = chordal_graphs(4)
        graphs = everything.without_complete()
        last = everything.take(np.array([len(everything) - 1]))
        found = graph_posterior(table, graphs, last, delta=0.0625, prior=prior, n_0_max=20_000)
        unseen = np.arange(found.first, found.first + found.probabilities.size, dtype=float)
        scores = log_scores(table, graphs, unseen, delta=0.0625, prior=prior)
        weights = np.exp(scores - scores.max())
        assert weights.sum(axis=1) / weights.sum() == pytest.approx(found.graph_weights, rel=1e-5, abs=1e-12)
        assert weights.sum(axis=0) / weights.sum() == pytest.approx(found.probabilities, rel=1e-5, abs=1e-12)

    def test_a_planted_interaction_of_every_pair_is_a_misfit(self):
        odds = np.array([0, 0, 2.5, 0, 2.5, -2.5, 2.5])  # no graph without one of the edges has all three
        table = table_of(np.round(150 * np.exp(odds)).astype(int))
        result = DecomposableGraphs().fit(table, rng=1)
        assert result.fit.fits is False
        assert any("does not fit" in note for note in result.notes)

    def test_tables_from_a_graph_that_holds_seldom_fail_and_their_p_values_are_not_extreme(self):
        rng, smallest, failed = np.random.default_rng(7), [], 0
        elimination = chordal_graphs(4).elimination(0b001011)
        for _ in range(50):
            cells = history_probabilities(np.zeros((1, 16)), elimination, 1.0, rng)[0]
            people = rng.multinomial(1500, cells)
            table = table_of(people[1:], ["A", "B", "C", "D"])
            if DecomposableGraphs().why_not(table):
                continue
            fit = DecomposableGraphs().fit(table, rng=int(rng.integers(2**31))).fit
            smallest.append(fit.measures[0].p_value)
            failed += not fit.fits
        # Four p-values below .01 in at most 4 % of tables: more than that many of 50 have probability 1e-4.
        assert failed <= binom.ppf(0.9999, 50, 0.04)
        assert 0.35 < np.mean(smallest) < 0.7


class TestAveraged:
    def test_cells_of_two_lists_are_those_of_a_sum_over_a_fine_grid(self):
        """The one model is independence; its two coefficients are summed over a grid, weighed by the density itself."""
        cells = np.array([0, 14, 9, 5])
        scales = prior_scales("unit-information")
        rng = np.random.default_rng(3)
        posterior = averaged_posterior(cells, scales, draws=4000, size=20_000, rng=rng)
        found = averaged_probabilities(posterior.evidence, posterior.particles, posterior.chosen, cells[1:], rng=rng)
        grid = np.linspace(-3, 3, 401)
        first, second = np.meshgrid(grid, grid, indexing="ij")
        signs = np.array([[1, -1], [-1, 1], [1, 1]])
        log_p = np.stack([a * first + b * second for a, b in signs], axis=-1)
        log_p -= np.logaddexp.reduce(log_p, axis=-1, keepdims=True)
        weights = np.exp(log_p @ cells[1:] - (first**2 + second**2) / 2)
        weights /= weights.sum()
        p = np.exp(log_p)
        mean = (weights[..., None] * p).sum(axis=(0, 1))
        sd = np.sqrt((weights[..., None] * (p - mean) ** 2).sum(axis=(0, 1)))
        # Three means within 5 Monte Carlo errors of 4,000 draws: false-alarm rate 2e-6.
        assert (abs(found.mean(axis=0) - mean) < 5 * sd / np.sqrt(4000)).all()
        assert found.std(axis=0) == pytest.approx(sd, rel=0.1)


class TestClasses:
    def test_the_margins_of_many_lists_are_those_of_all_histories(self, monkeypatch):
        rng = np.random.default_rng(5)
        table = load_table("kosovo")
        share, logit = np.log(rng.dirichlet(np.ones(3), size=6)), rng.normal(size=(6, 4, 3))
        enumerated = predicted_by_classes(table, share, logit)
        monkeypatch.setattr(predictive, "_MOST_LISTS_ENUMERATED", 1)
        summed = predicted_by_classes(table, share, logit)
        assert summed.frequencies == pytest.approx(enumerated.frequencies, rel=1e-9)
        assert summed.pairs == pytest.approx(enumerated.pairs, rel=1e-9)
        where = [enumerated.names.index(name) for name in summed.names[:-1]]
        assert summed.cells[:, :-1] == pytest.approx(enumerated.cells[:, where], rel=1e-9)
        assert summed.observed[:-1].tolist() == enumerated.observed[where].tolist()

    def test_states_are_read_in_the_layout_of_the_sampler(self):
        rng = np.random.default_rng(6)
        logit, log_pull, log_alpha = rng.normal(size=(4, 3)), rng.normal(size=2), 0.3
        state = np.concatenate([logit.ravel(), log_pull, [log_alpha]])[None, :]
        log_share, captures = class_parameters(state, 4)
        sticks = 1 - np.exp(-np.exp(log_pull - log_alpha))
        expected = [sticks[0], (1 - sticks[0]) * sticks[1], (1 - sticks[0]) * (1 - sticks[1])]
        assert np.exp(log_share[0]) == pytest.approx(expected, rel=1e-12)
        assert captures[0] == pytest.approx(logit, rel=1e-12)

    @pytest.mark.parametrize(("classes", "fits"), [(2, False), (10, True)])
    def test_two_classes_fail_where_two_lists_avoid_each_other_and_two_attract_and_ten_do_not(self, classes, fits):
        """A and B share hardly anybody, which takes two classes; C and D share many, which takes two more."""
        codes = np.arange(16)
        on = (codes[:, None] >> np.arange(4)) & 1
        log_p = on @ [-1.0, -1.0, -1.2, -1.2] - 4 * on[:, 0] * on[:, 1] + 2.5 * on[:, 2] * on[:, 3]
        people = np.round(4000 * np.exp(log_p) / np.exp(log_p).sum()).astype(int)
        table = table_of(people[1:], ["A", "B", "C", "D"])
        rngs = np.random.default_rng(1).spawn(4)
        run = sample(
            table, Prior(0.25, 0.25, 1.0, 1.0), Plan(300, 300, 600, 300, 400), classes=classes, rngs=rngs, workers=1
        )
        predicted = predictive.predicted_by_states(table, run.states)
        found = predictive_check(table, predicted, title="classes", rng=np.random.default_rng(2))
        assert found.fit.fits is fits

    def test_classes_cannot_follow_two_lists_that_share_nobody(self):
        """Two classes cannot describe six pairs of lists that avoid each other: the worst case of a mixture."""
        avoids = [120, 120, 2, 120, 2, 2, 40]
        classes = np.log([0.5, 0.5]), np.array([[-1.0, 0.5], [-1.0, 0.5], [-1.0, 0.5]])
        table = table_of(avoids)
        predicted = predicted_by_classes(table, np.tile(classes[0], (300, 1)), np.tile(classes[1], (300, 1, 1)))
        found = predictive_check(table, predicted, title="classes", rng=np.random.default_rng(1))
        assert found.fit.fits is False


def test_the_saturated_model_says_that_it_cannot_fail():
    result = NoHighestOrderInteraction().fit(load_table("kosovo"), rng=1)
    assert result.fit.fits is None
    assert "no check of fit can fail" in result.fit.sentence
    assert max(abs(row[4]) for row in result.residuals.rows) < 0.5


def test_the_unseen_cell_moves_and_no_p_value_does():
    """Two models of the same observed cells and another n_0 cannot be told apart by any check of fit."""
    cells = independent([0.4, 0.3, 0.2])
    table = table_of(np.round(300 * cells).astype(int))
    assert check(table, np.tile(cells, (50, 1))).fit == check(table, np.tile(7 * cells, (50, 1))).fit
    assert "cannot check the unseen cell" in UNSEEN_UNCHECKED


def test_within_a_register_the_check_says_that_it_was_made_without():
    result = DecomposableGraphs().fit(load_table("kosovo"), rng=1)
    within = within_register(result, PopulationRegister(14_000, "an example"), rng=1)
    assert within.fit == replace(result.fit, remark="without the register")
    assert "without the register" in within.fit.sentence
