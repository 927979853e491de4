"""No highest-order interaction: the formulas by brute force, planted truth, and what cannot be said."""

from itertools import product
from math import prod

import numpy as np
import pytest
from scipy import stats

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.classical.two_lists import LincolnPetersen
from estimation.models.missing_cell import log_odds_draws, margin_of, n_unseen_odds
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.results.estimates import Estimate, NotEstimable

TWO = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
THREE = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 600, "010": 450, "001": 250, "110": 180, "011": 120, "101": 140, "111": 90}
)


def fit(model, table, seed=1):
    return model.fit(table, rng=np.random.default_rng(seed))


def planted(n_lists, seed, highest=0.0):
    """Chances of all 2^J histories, every interaction drawn but the highest, which is given; by cell number."""
    rng = np.random.default_rng(seed)
    alpha = rng.normal(0, 0.7, size=1 << n_lists)
    alpha[-1] = highest
    log_mu = np.array([sum(alpha[t] for t in range(1 << n_lists) if t & ~h == 0) for h in range(1 << n_lists)])
    mu = np.exp(log_mu)
    return mu / mu.sum()


@pytest.mark.parametrize("n_lists", [2, 3, 4, 5])
def test_without_a_highest_interaction_the_chance_of_no_list_is_recovered(n_lists):
    p = planted(n_lists, seed=n_lists)
    assert n_unseen_odds(p[1:]) == pytest.approx(p[0] / (1 - p[0]), rel=1e-12)


@pytest.mark.parametrize("n_lists", [2, 3, 4, 5])
def test_with_one_the_right_xi_recovers_it_and_xi_of_1_does_not(n_lists):
    p = planted(n_lists, seed=n_lists, highest=0.4)
    odd = prod(p[h] for h in range(len(p)) if h.bit_count() % 2 == 1)
    even = prod(p[h] for h in range(len(p)) if h.bit_count() % 2 == 0)
    assert n_unseen_odds(p[1:], odd / even) == pytest.approx(p[0] / (1 - p[0]), rel=1e-12)
    assert n_unseen_odds(p[1:]) != pytest.approx(p[0] / (1 - p[0]), rel=0.1)


def test_fitted_people_and_chances_give_the_same_odds_and_stacks_are_taken_whole():
    p = np.stack([planted(3, seed=s)[1:] for s in range(4)])
    odds = n_unseen_odds(p)
    assert odds.shape == (4,)
    np.testing.assert_allclose(n_unseen_odds(1000 * p), odds, rtol=1e-12)
    assert odds[2] == pytest.approx(float(n_unseen_odds(p[2])), rel=1e-12)


@pytest.mark.parametrize(
    ("values", "xi", "words"),
    [
        ([1, 2, 3, 4], 1, r"4 histories are given"),
        (5.0, 1, r"0 histories are given"),
        ([1, 0, 3], 1, "probability 0 or none"),
        ([1, 2, 3], 0, "xi = 0"),
    ],
)
def test_odds_that_have_no_meaning_are_refused(values, xi, words):
    with pytest.raises(ValueError, match=words):
        n_unseen_odds(values, xi)


def test_two_lists_are_lincoln_petersen():
    result = fit(NoHighestOrderInteraction(), TWO)
    assert result.tables[0].rows[0][1] == pytest.approx(fit(LincolnPetersen(), TWO).mean, rel=1e-12)


def test_two_lists_by_the_exact_posterior_of_independent_lists():
    """16,000 draws against gamma variates written out; Kolmogorov-Smirnov at 1e-4."""
    rng = np.random.default_rng(2)
    a, b, both = (rng.gamma(c + 1, size=100_000) for c in (540, 300, 120))
    odds = a * b / both / (a + b + both)
    expected = 960 + rng.negative_binomial(960, 1 / (1 + odds))
    drawn = fit(NoHighestOrderInteraction(), TWO).total.values.ravel()
    assert stats.ks_2samp(drawn, expected).pvalue > 1e-4
    shifted = fit(NoHighestOrderInteraction(0.9), TWO).total.values.ravel()
    assert stats.ks_2samp(shifted, expected).pvalue < 1e-4


@pytest.mark.parametrize(("lists", "seed"), [(("A", "C"), 10), (("C", "B", "A"), 11)])
def test_some_of_four_lists_by_the_formula_written_out(lists, seed):
    """The margin's own formula on whole Dirichlet draws of all 15 histories, with a tenth to a third of them rejected.

    Kolmogorov-Smirnov at 1e-4.
    """
    counts = np.rint(400 * planted(4, seed=seed)[1:]).astype(int)
    table = CaptureTable(list("ABCD"), [[h >> j & 1 for j in range(4)] for h in range(1, 16)], counts)
    rng = np.random.default_rng(3)
    cells = rng.dirichlet(table.cells()[1:] + 1.0, size=40_000)
    at = [table.index(name) for name in lists]
    margin = {}
    for history in product((0, 1), repeat=len(lists)):
        inside = [h - 1 for h in range(1, 16) if tuple(h >> j & 1 for j in at) == history]
        margin[history] = cells[:, inside].sum(axis=1)
    none = (0,) * len(lists)
    odd = prod(v for h, v in margin.items() if sum(h) % 2 == 1)
    even = prod(v for h, v in margin.items() if sum(h) % 2 == 0 and h != none)
    num = odd / even - 0.8 * margin[none]
    usable = num > 0
    pi_0 = num[usable] / (0.8 + num[usable])
    expected = table.n_observed + rng.negative_binomial(table.n_observed, 1 - pi_0)
    result = fit(NoHighestOrderInteraction(0.8, lists), table)
    assert stats.ks_2samp(result.total.values.ravel(), expected).pvalue > 1e-4
    check = {c.name: c for c in result.diagnostics.checks}["share of draws rejected"]
    share = 1 - usable.mean()
    assert check.value == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) * (1 / 40_000 + 1 / 16_000)) + 1e-9)


def test_draws_that_contradict_the_assumption_are_rejected_and_counted():
    """A and B alone give 45 * 50 / 20 = 112 off both, a little above the 105 seen on C only."""
    table = CaptureTable.from_histories(
        ["A", "B", "C"], {"100": 30, "010": 35, "001": 105, "110": 12, "101": 15, "011": 15, "111": 8}
    )
    result = fit(NoHighestOrderInteraction(lists=("A", "B"), prior_count=0.1), table)
    assert (result.total.values >= table.n_observed).all()
    rejected = result.diagnostics.failed
    assert [check.name for check in rejected] == ["share of draws rejected"]
    assert 0.05 < rejected[0].value < 0.5
    assert f"{rejected[0].value:.2%} of the draws" in result.notes[0]


def test_an_assumption_that_the_table_contradicts_gives_no_number():
    table = CaptureTable.from_histories(
        ["A", "B", "C"], {"100": 30, "010": 35, "001": 500, "110": 12, "101": 15, "011": 15, "111": 8}
    )
    result = fit(NoHighestOrderInteraction(lists=("A", "B")), table)
    assert isinstance(result, NotEstimable)
    assert "than the 500 observed on other lists only" in result.reason


@pytest.mark.slow
def test_intervals_cover_the_truth_and_miss_it_where_there_is_an_interaction():
    """400 tables of 4,000 people on three lists: 95 % within 4 standard errors (false-alarm rate 6e-5).

    The control has a highest interaction of 1.5, that is xi = exp(1.5), under which xi = 1 misses most of the time.
    """
    rng = np.random.default_rng(7)
    covered = {}
    for highest in (0.0, 1.5):
        p = planted(3, seed=4, highest=highest)
        hits = 0
        for counts in rng.multinomial(4000, p, size=400):
            table = CaptureTable(list("ABC"), [[h >> j & 1 for j in range(3)] for h in range(1, 8)], counts[1:])
            interval = fit(NoHighestOrderInteraction(draws=1000), table, seed=int(rng.integers(1 << 30))).interval()
            hits += interval.lower <= 4000 <= interval.upper
        covered[highest] = hits / 400
    assert covered[0.0] == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 400))
    assert covered[1.5] < 0.5


@pytest.mark.parametrize("prior_count", [0, 1.0])
def test_with_an_empty_history_the_prior_alone_would_speak(prior_count):
    histories = {"100": 600, "010": 450, "001": 250, "110": 180, "011": 120, "101": 140, "111": 90}
    for empty in ("111", "110"):
        table = CaptureTable.from_histories(["A", "B", "C"], histories | {empty: 0})
        result = fit(NoHighestOrderInteraction(prior_count=prior_count), table)
        assert isinstance(result, NotEstimable)
        assert "1 of the 7 histories on A, B, C is empty" in result.reason
        assert "the prior alone would speak" in result.reason
    assert isinstance(fit(NoHighestOrderInteraction(lists=("A", "B"), prior_count=prior_count), table), Estimate)


@pytest.mark.parametrize("people", [1, 30])
def test_where_the_upper_end_is_the_priors_a_note_says_by_how_much(people):
    """All histories with as many people: the prior weight moves the ends of n_0 and not its middle."""
    table = CaptureTable(list("ABCD"), [[h >> j & 1 for j in range(4)] for h in range(1, 16)], [people] * 15)
    found = fit(NoHighestOrderInteraction(), table)
    stated = [float(note.split("a factor of ")[1].split(":")[0]) for note in found.notes if "upper end of n_0" in note]
    # The rule is what half the weight does: a draw of the odds at each weight, and the ratio of their upper ends.
    whole, half = (
        np.quantile(log_odds_draws(margin_of(table, None), delta, 1.0, 40_000, np.random.default_rng(1)), 0.975)
        for delta in (1.0, 0.5)
    )
    moved = np.exp(half - whole)
    assert (stated == []) == (people == 30) == (moved < 2)
    assert stated == [] or stated[0] == pytest.approx(moved, rel=0.25)


def test_where_the_answer_of_sparse_lists_is_the_priors_there_is_none():
    """Five lists, nobody's history empty, but most of one or two people: other prior weights, other orders of size."""
    counts = {h: {1: 60, 2: 3}.get(h.bit_count(), 1) for h in range(1, 32)}
    table = CaptureTable(list("ABCDE"), [[h >> j & 1 for j in range(5)] for h in counts], list(counts.values()))
    result = fit(NoHighestOrderInteraction(), table)
    assert isinstance(result, NotEstimable)
    assert "half the prior weight of 1 persons per history would change n_0 by a factor of" in result.reason
    # The rule is what half the weight does: a draw of the odds at each weight, and the ratio of their medians.
    medians = [
        np.median(log_odds_draws(margin_of(table, None), delta, 1.0, 40_000, np.random.default_rng(1)))
        for delta in (1.0, 0.5)
    ]
    stated = float(result.reason.split("factor of ")[1].split()[0])
    assert np.exp(abs(medians[1] - medians[0])) == pytest.approx(stated, rel=0.15)


@pytest.mark.parametrize("name", ["kosovo", "gaza", "peru_state", "peru_shining_path", "diabetes", "lesbian"])
def test_published_tables_without_an_empty_history_have_their_answer(name):
    assert isinstance(fit(NoHighestOrderInteraction(draws=1000), load_table(name)), Estimate)


def test_a_note_warns_of_a_prior_as_heavy_as_the_data():
    notes = fit(NoHighestOrderInteraction(prior_count=100), THREE).notes
    assert any("The prior weighs as much as 700 people" in note for note in notes)


@pytest.mark.parametrize(
    ("model", "table", "words"),
    [
        (NoHighestOrderInteraction(), CaptureTable(["A"], [[1]], [5]), "at least 2 lists"),
        (NoHighestOrderInteraction(lists=("A", "X", "Y")), THREE, "there is no list X or Y; the lists are A, B, C"),
        (NoHighestOrderInteraction(), CaptureTable(["A", "B"], [[1, 1]], [5]), "exactly the same people"),
        (NoHighestOrderInteraction(), CaptureTable(["A", "B"], [[1, 0]], [5]), "nobody is on B"),
        (
            NoHighestOrderInteraction(),
            CaptureTable([f"L{j}" for j in range(21)], np.eye(21, dtype=bool), np.ones(21, dtype=int)),
            "at most 20 lists",
        ),
        (
            NoHighestOrderInteraction(),
            CaptureTable([f"L{j}" for j in range(11)], np.eye(11, dtype=bool), np.ones(11, dtype=int)),
            "2,047 histories",
        ),
    ],
)
def test_what_cannot_be_estimated_says_why(model, table, words):
    result = fit(model, table)
    assert isinstance(result, NotEstimable)
    assert words in result.reason


def test_bad_settings_are_named_together():
    with pytest.raises(SettingError, match=r"(?s)xi = 0.*prior_count = -1.*names 1 list.*draws = 5.*chains = 0"):
        NoHighestOrderInteraction(0, ("A",), -1, 5, 0)
    with pytest.raises(SettingError, match="names A twice"):
        NoHighestOrderInteraction(lists=("A", "B", "A"))


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (NoHighestOrderInteraction(), "no interaction of all lists at once"),
        (NoHighestOrderInteraction(0.8), "odd histories is 0.8 times"),
        (NoHighestOrderInteraction(lists=("A", "B")), "A and B are independent"),
        (NoHighestOrderInteraction(0.8, ("A", "B")), "A and B have the odds ratio 1.25"),
        (NoHighestOrderInteraction(lists=("A", "B", "C")), "interaction of A, B and C at once"),
    ],
)
def test_the_first_assumption_is_the_identifying_one(model, words):
    assert words in model.assumptions[0]


def test_same_seed_same_draws_and_other_seed_other_draws():
    first, again, other = (fit(NoHighestOrderInteraction(), THREE, seed).total.values for seed in (1, 1, 2))
    assert first.shape == (4, 4000)
    assert (first == again).all()
    assert (first != other).any()


def test_the_order_of_the_lists_changes_no_more_than_luck():
    """Kolmogorov-Smirnov at 1e-4."""
    turned = fit(NoHighestOrderInteraction(), THREE.keep(["C", "A", "B"]), seed=2).total.values.ravel()
    assert stats.ks_2samp(fit(NoHighestOrderInteraction(), THREE).total.values.ravel(), turned).pvalue > 1e-4
