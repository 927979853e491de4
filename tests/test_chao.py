"""Chao's lower bound."""

from itertools import product
from math import exp, inf, log1p, prod, sqrt

import numpy as np
import pytest
from scipy.stats import norm

from estimation.capture.frequencies import CaptureFrequencies
from estimation.capture.table import CaptureTable
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.equal_lists import sizes_differ
from estimation.models.log_linear.heterogeneity import Heterogeneity
from estimation.results.estimates import NotEstimable

TABLE = CaptureTable.from_histories(["A", "B", "C"], {"100": 6, "010": 4, "110": 3, "101": 2, "111": 1})
EQUAL = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 30, "010": 28, "001": 32, "110": 8, "011": 6, "101": 7, "111": 2}
)


def fit(model, table):
    return model.fit(table, rng=np.random.default_rng(1))


def test_classical_form_by_hand():
    result = fit(ChaoLowerBound(), TABLE)
    assert result.mean == pytest.approx(16 + 2 / 3 * 100 / 10)
    assert result.sd == pytest.approx(sqrt(5 * (4 / 9 * 2**4 / 4 + 4 / 9 * 2**3 + 2 / 3 * 2**2 / 2)))


def test_bias_corrected_form_by_hand():
    result = fit(ChaoLowerBound(bias_corrected=True), TABLE)
    assert result.mean == pytest.approx(16 + 2 / 3 * 90 / 12)
    variance = 2 / 3 * 90 / 12 + 4 / 9 * (10 * 19**2 / (4 * 36) + 100 * 5 * 81 / (4 * 6**4))
    assert result.sd == pytest.approx(sqrt(variance))


def test_where_captures_have_no_limit_the_forms_are_the_published_ones():
    frequencies = CaptureFrequencies([10, 5, 1])
    assert fit(ChaoLowerBound(), frequencies).mean == pytest.approx(16 + 100 / 10)
    assert fit(ChaoLowerBound(bias_corrected=True), frequencies).mean == pytest.approx(16 + 90 / 12)
    assert fit(ChaoLowerBound(), frequencies).is_lower_bound
    assert "captures without a limit" in fit(ChaoLowerBound(), frequencies).notes[0]


def test_it_calls_itself_a_bound_everywhere_and_has_one_limit():
    result = fit(ChaoLowerBound(), EQUAL)
    assert result.is_lower_bound
    assert str(result).startswith("at least ")
    assert "lower bound of the total, not an estimate of it" in result.assumptions[0]
    interval = result.interval(0.95)
    assert (interval.kind, interval.upper) == ("one-sided confidence", inf)
    spread = sqrt(log1p((result.sd / (result.mean - EQUAL.n_observed)) ** 2))
    unseen = (result.mean - EQUAL.n_observed) / exp(norm.ppf(0.95) * spread)
    assert interval.lower == pytest.approx(EQUAL.n_observed + unseen)


def expected(people, probabilities):
    """The table that independent lists give on average.  Unit: persons."""
    histories = ["".join(bits) for bits in product("01", repeat=len(probabilities))]
    chance = {h: prod(p if bit == "1" else 1 - p for p, bit in zip(probabilities, h, strict=True)) for h in histories}
    counts = {h: round(people * share) for h, share in chance.items() if "1" in h}
    return CaptureTable.from_histories(list("ABCDEF")[: len(probabilities)], counts)


@pytest.mark.parametrize("n_lists", [2, 3, 5])
def test_a_few_equal_independent_lists_give_the_truth(n_lists):
    table = expected(1_000_000, (0.2,) * n_lists)
    result = fit(ChaoLowerBound(), table)
    assert result.is_lower_bound
    assert result.mean == pytest.approx(1_000_000, rel=1e-4)


def test_three_equal_independent_lists_of_a_thousand_people():
    result = fit(ChaoLowerBound(), expected(1_000, (0.3,) * 3))
    assert result.mean == pytest.approx(1_000, abs=3)
    assert result.is_lower_bound


def test_lists_of_unequal_size_make_it_no_bound_and_mth_chao_is_the_one_that_is_named():
    """Planted: 2.66 times those unseen, though the lists are independent; Mth-Chao meets them."""
    table = expected(1_000_000, (0.5, 0.1, 0.05))
    result = fit(ChaoLowerBound(), table)
    unseen = 1_000_000 - table.n_observed
    assert (result.mean - table.n_observed) / unseen == pytest.approx(2.66, abs=0.005)
    assert not result.is_lower_bound
    assert not str(result).startswith("at least")
    assert "Mth-Chao" in result.notes[0]
    assert result.interval().kind == "confidence"
    bound = fit(Heterogeneity("Mth-Chao"), table)
    assert bound.is_lower_bound
    assert bound.mean == pytest.approx(1_000_000, rel=0.001)
    alike = fit(Heterogeneity("Mh-Chao"), table)
    assert not alike.is_lower_bound
    assert any("Mth-Chao" in note for note in alike.notes)


def test_equal_lists_are_called_unequal_in_five_tables_of_a_hundred_and_unequal_ones_nearly_always():
    """1,000 tables of 300 people on three lists: 5 % within 4 standard errors (false alarms 6e-5)."""
    rng = np.random.default_rng(1)
    for probabilities, least, most in (((0.2,) * 3, 0.0225, 0.0776), ((0.3, 0.2, 0.1), 0.99, 1.0)):
        differ = 0
        for _ in range(1000):
            seen = rng.random((300, 3)) < probabilities
            seen = seen[seen.any(axis=1)]
            differ += sizes_differ(CaptureTable(["A", "B", "C"], seen, np.ones(len(seen), dtype=int)))
        assert least <= differ / 1000 <= most


@pytest.mark.parametrize("bias_corrected", [False, True])
def test_without_anybody_on_exactly_two_lists_neither_form_answers(bias_corrected):
    for histories in ({"100": 6, "010": 4, "111": 1}, {"100": 40, "010": 50, "001": 45}):
        result = fit(ChaoLowerBound(bias_corrected), CaptureTable.from_histories(["A", "B", "C"], histories))
        assert isinstance(result, NotEstimable)
        assert "nobody is on exactly two lists" in result.reason
    assert isinstance(fit(ChaoLowerBound(bias_corrected), CaptureFrequencies([40])), NotEstimable)


@pytest.mark.parametrize(
    ("histories", "words"),
    [
        ({"100": 6, "010": 4, "001": 1}, "nobody is on exactly two lists"),
        ({"110": 6, "101": 4, "011": 1}, "0 people are on one list only"),
        ({"110": 6, "100": 1}, "nobody is on C"),
    ],
)
def test_what_cannot_be_bounded_says_why(histories, words):
    result = fit(ChaoLowerBound(), CaptureTable.from_histories(["A", "B", "C"], histories))
    assert isinstance(result, NotEstimable)
    assert words in result.reason


def test_the_bound_holds_on_average_when_people_differ_and_lists_are_many():
    """Planted truth: 12 lists, half of 2,000 people ten times as hard to record.

    Mean of 200 bounds stays below the truth by over 5 of its standard errors in every seed tried; false alarms < 1e-6.
    """
    rng = np.random.default_rng(3)
    bounds = []
    for _ in range(200):
        chance = np.repeat([0.02, 0.2], 1000)[:, None]
        seen = rng.random((2000, 12)) < chance
        seen = seen[seen.any(axis=1)]
        table = CaptureTable([f"L{j}" for j in range(12)], seen, np.ones(len(seen), dtype=int))
        bounds.append(fit(ChaoLowerBound(), table).mean)
    assert np.mean(bounds) < 2000 - 5 * np.std(bounds) / sqrt(200)
