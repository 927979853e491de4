"""Sample coverage."""

from itertools import combinations

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.classical.sample_coverage import SampleCoverage
from estimation.results.estimates import NotEstimable

TABLE = CaptureTable.from_histories(
    ["P", "Q", "E"], {"111": 28, "110": 21, "101": 17, "100": 69, "011": 18, "010": 55, "001": 63}
)


def fit(model, table, seed=1):
    return model.fit(table, rng=np.random.default_rng(seed))


def written_out(table):
    """C, N_0, N, N_1 in plain loops, from the formulas."""
    lists = table.lists
    n_j = dict(zip(lists, table.list_sizes.tolist(), strict=True))
    only = {name: table.count(name) for name in lists}
    big_j = len(lists)
    c = 1 - sum(only[j] / n_j[j] for j in lists) / big_j
    d = table.n_observed - sum(only.values()) / big_j
    pairs = list(combinations(lists, 2))
    a = {(i, j): only[i] + only[j] + 2 * table.count(i, j) for i, j in pairs}
    b = {(i, j): table.overlaps[table.index(i), table.index(j)] / (n_j[i] * n_j[j]) for i, j in pairs}
    full = (big_j * d - sum(a.values())) / (big_j * c - sum(a[p] * b[p] for p in pairs))

    def step(x):
        return d / c + sum(a[p] * (x * b[p] - 1) for p in pairs) / (big_j * c)

    return c, d / c, full, step(step(d / c))


@pytest.mark.parametrize(("estimator", "place"), [("independent", 1), ("coverage", 2), ("one-step", 3)])
def test_each_estimator_equals_its_formula_written_out(estimator, place):
    assert fit(SampleCoverage(estimator), TABLE).mean == pytest.approx(written_out(TABLE)[place], rel=1e-12)


def test_with_two_lists_it_is_lincoln_petersen():
    table = CaptureTable.from_histories(["A", "B"], {"10": 10, "01": 5, "11": 20})
    assert fit(SampleCoverage(), table).mean == pytest.approx(30 * 25 / 20)


def test_expected_counts_of_independent_lists_give_the_truth():
    n, p = 1_000_000, (0.1, 0.2, 0.3, 0.4)
    histories = {}
    for h in range(1, 16):
        word = f"{h:04b}"
        chance = np.prod([q if bit == "1" else 1 - q for q, bit in zip(p, word, strict=True)])
        histories[word] = round(n * chance)
    table = CaptureTable.from_histories(list("ABCD"), histories)
    for estimator in ("coverage", "one-step"):
        assert fit(SampleCoverage(estimator, resamples=100), table).mean == pytest.approx(n, rel=2e-4)
    # N_0 is not exact for lists of unequal size: it averages over the lists.
    assert fit(SampleCoverage(resamples=100), table).mean == pytest.approx(n, rel=0.05)


def test_the_standard_error_is_the_spread_of_the_estimator():
    """500 tables with truth 2,000: mean bootstrap SE within 10 % of the spread; false-alarm rate about 1e-3 (3 sd)."""
    rng = np.random.default_rng(5)
    values, errors = [], []
    for _ in range(500):
        seen = rng.random((2000, 3)) < (0.3, 0.4, 0.35)
        seen = seen[seen.any(axis=1)]
        table = CaptureTable(["A", "B", "C"], seen, np.ones(len(seen), dtype=int))
        result = SampleCoverage(resamples=200).fit(table, rng=rng)
        values.append(result.mean)
        errors.append(result.sd)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.1)


def test_same_seed_same_bits_and_other_seed_other_error():
    first, again, other = (fit(SampleCoverage(), TABLE, seed) for seed in (1, 1, 2))
    assert (first.mean, first.sd) == (again.mean, again.sd)
    assert first.sd != other.sd
    assert first.mean == other.mean


def test_a_note_warns_of_low_sample_coverage():
    assert "below the 55%" in fit(SampleCoverage(), TABLE).notes[0]


@pytest.mark.parametrize(
    ("histories", "words"),
    [
        ({"100": 6, "010": 4, "001": 1}, "nobody is on more than one list"),
        ({"100": 6, "010": 4}, "nobody is on C"),
        ({"011": 5, "100": 5, "101": 1, "110": 5, "111": 2}, "no number above the 18 people"),
        ({"001": 20, "010": 5, "011": 2, "101": 1}, "overlap too little for a standard error"),
    ],
)
def test_what_cannot_be_estimated_says_why(histories, words):
    result = fit(SampleCoverage("one-step"), CaptureTable.from_histories(["A", "B", "C"], histories))
    assert isinstance(result, NotEstimable)
    assert words in result.reason


def test_bad_settings_are_named_together():
    with pytest.raises(SettingError, match=r"(?s)estimator = 'chao'.*resamples = 5"):
        SampleCoverage("chao", 5)
