"""Are there too many people on one list only?"""

from itertools import product

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.log_linear.one_model import LogLinear
from estimation.results.estimates import NotEstimable
from estimation.sensitivity.one_inflation import one_inflation, singleton_inflation

KOSOVO = load_table("kosovo")


def probabilities(reach):
    """Probability of each history of independent lists."""
    return {
        "".join(map(str, history)): float(np.prod([p if on else 1 - p for on, p in zip(history, reach, strict=True)]))
        for history in product((0, 1), repeat=len(reach))
    }


def expected(*reaches, people=10**8, extra=1.0):
    """The expected table of independent lists, over equal classes of people; singletons times `extra`."""
    counts: dict[str, float] = {}
    for reach in reaches:
        for history, probability in probabilities(reach).items():
            more = extra if history.count("1") == 1 else 1.0
            counts[history] = counts.get(history, 0.0) + more * probability * people / len(reaches)
    lists = [f"list {j}" for j in range(len(reaches[0]))]
    return CaptureTable.from_histories(lists, {h: round(c) for h, c in counts.items() if "1" in h})


@pytest.mark.parametrize("n_lists", [3, 4, 6])
def test_alike_people_on_independent_lists_of_one_size_have_the_singletons_implied(n_lists):
    assert singleton_inflation(expected((0.3,) * n_lists)).ratio == pytest.approx(1, rel=1e-5)


def test_lists_of_other_sizes_have_fewer_so_that_size_is_never_taken_for_inflation():
    assert singleton_inflation(expected((0.6, 0.3, 0.1, 0.05))).ratio < 0.9


def test_doubled_singletons_are_found_doubled():
    assert singleton_inflation(expected((0.3,) * 4, extra=2.0)).ratio == pytest.approx(2, rel=1e-5)


def test_heterogeneity_looks_like_inflation_and_the_finding_says_that_it_cannot_tell():
    table = expected((0.6,) * 4, (0.05,) * 4, people=10**6)
    assert singleton_inflation(table).lower > 1
    found = one_inflation(table, model=ChaoLowerBound(), rng=np.random.default_rng(1))
    assert "or capture probabilities are heterogeneous" in found.finding
    assert "cannot tell which" in found.finding


def test_the_interval_covers_at_its_level():
    # 600 tables of 4 alike lists; the coverage is within 4 binomial standard errors of 95 %: false alarm 6e-5.
    rng = np.random.default_rng(4)
    histories = probabilities((0.3,) * 4)
    drawn = rng.multinomial(3000, list(histories.values()), size=600)
    lists = ["A", "B", "C", "D"]
    covered = 0
    for counts in drawn:
        table = CaptureTable.from_histories(
            lists, {h: int(c) for h, c in zip(histories, counts, strict=True) if "1" in h}
        )
        found = singleton_inflation(table)
        covered += found.lower <= 1 <= found.upper
    assert covered / 600 == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 600))


def test_the_published_kosovo_number_without_singletons_comes_out():
    found = one_inflation(KOSOVO, model=ChaoLowerBound(bias_corrected=False), rng=np.random.default_rng(1))
    alone = found.alternatives[-1].result
    assert alone.median == pytest.approx(6_445.8, abs=0.05)
    assert not alone.is_lower_bound


def test_the_published_form_exceeds_the_truth_for_a_few_equal_lists_and_is_called_no_bound():
    """Planted: three independent lists of one size; n_0 times J (J - 1) / (J - 2)^2, which is 6."""
    table = expected((0.2,) * 3, people=1_000_000)
    alone = one_inflation(table, model=LogLinear(), rng=np.random.default_rng(1)).alternatives[-1].result
    unseen = 1_000_000 - table.n_observed
    assert (alone.median - table.n_observed) / unseen == pytest.approx(6, rel=1e-3)
    assert not alone.is_lower_bound


def test_the_surplus_leaves_every_list_by_the_same_share():
    found = one_inflation(KOSOVO, model=LogLinear(), rng=np.random.default_rng(1))
    inflation = singleton_inflation(KOSOVO)
    values = [alternative.value for alternative in found.alternatives[:3]]
    ends = [inflation.implied, inflation.singletons / inflation.lower, inflation.singletons / inflation.upper]
    assert values == pytest.approx(ends, abs=2)  # four lists, each to whole persons
    for alternative in found.alternatives[:3]:
        assert alternative.result.n_observed == KOSOVO.n_observed - 3218 + alternative.value
    assert f"would be {found.alternatives[0].result.median:,.0f} and not {found.baseline.median:,.0f}" in found.finding


def test_where_singletons_are_few_nothing_is_taken_away():
    table = expected((0.6, 0.3, 0.1, 0.05), people=10_000)
    found = one_inflation(table, model=LogLinear(), rng=np.random.default_rng(1))
    assert "no sign that singletons are inflated" in found.finding
    assert found.alternatives[0].result.median == found.baseline.median


@pytest.mark.parametrize(
    "table",
    [
        CaptureTable.from_histories(["A", "B"], {"10": 54, "01": 30, "11": 12}),
        CaptureTable.from_histories(["A", "B", "C"], {"100": 54, "010": 30, "011": 12}),
    ],
    ids=["two lists", "nobody on three"],
)
def test_without_people_on_three_lists_the_question_stays_open(table):
    found = one_inflation(table, model=ChaoLowerBound(), rng=np.random.default_rng(1))
    assert isinstance(found.alternatives[0].result, NotEstimable)
    assert found.finding.startswith("Whether singletons are inflated is open")
