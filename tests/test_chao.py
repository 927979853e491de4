"""Chao's lower bound."""

from math import sqrt

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.models.classical.chao import ChaoLowerBound
from estimation.results.estimates import NotEstimable

TABLE = CaptureTable.from_histories(["A", "B", "C"], {"100": 6, "010": 4, "110": 3, "101": 2, "111": 1})


def fit(model, table):
    return model.fit(table, rng=np.random.default_rng(1))


def test_classical_form_by_hand():
    result = fit(ChaoLowerBound(), TABLE)
    assert result.mean == pytest.approx(16 + 100 / 10)
    assert result.sd == pytest.approx(sqrt(5 * (2**4 / 4 + 2**3 + 2**2 / 2)))


def test_bias_corrected_form_by_hand():
    result = fit(ChaoLowerBound(bias_corrected=True), TABLE)
    assert result.mean == pytest.approx(16 + 90 / 12)
    variance = 90 / 12 + 10 * 19**2 / (4 * 36) + 100 * 5 * 81 / (4 * 6**4)
    assert result.sd == pytest.approx(sqrt(variance))


def test_it_calls_itself_a_bound_everywhere():
    result = fit(ChaoLowerBound(), TABLE)
    assert result.is_lower_bound
    assert str(result).startswith("at least ")
    assert "lower bound of the total, not an estimate of it" in result.assumptions[0]


def test_the_bias_corrected_form_holds_when_nobody_is_on_two_lists():
    table = CaptureTable.from_histories(["A", "B", "C"], {"100": 6, "010": 4, "111": 1})
    assert isinstance(fit(ChaoLowerBound(), table), NotEstimable)
    assert fit(ChaoLowerBound(bias_corrected=True), table).mean == pytest.approx(11 + 45)


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


def test_with_few_independent_lists_it_can_pass_the_truth_as_its_assumption_says():
    """Wrong-model control: 3 independent lists, nobody different: the unseen are overstated by J / (J - 1)."""
    n, p = 1_000_000, 0.2
    expected = {
        f"{h:03b}": round(n * p ** f"{h:03b}".count("1") * (1 - p) ** f"{h:03b}".count("0")) for h in range(1, 8)
    }
    table = CaptureTable.from_histories(["A", "B", "C"], expected)
    unseen = fit(ChaoLowerBound(), table).mean - table.n_observed
    assert unseen == pytest.approx(1.5 * n * (1 - p) ** 3, rel=1e-4)
