"""Sparse stepwise selection of pairs of lists."""

import itertools
import re

import numpy as np
import pytest
from scipy.stats import norm, poisson

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.log_linear.existence import existence_code
from estimation.models.log_linear.family import fit_family
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.log_linear.stepwise import SparseStepwise, stepwise
from estimation.models.log_linear.terms import cell_design, main_effects
from estimation.results.estimates import NotEstimable


def fit(model, table):
    return model.fit(table, rng=np.random.default_rng(1))


def slowly(table, threshold):
    """The steps one table, one pair and one programme at a time; the pairs added, in order."""
    many, cells = len(table.lists), table.cells()
    terms, added = main_effects(many).copy(), []
    pairs = [(1 << i) | (1 << j) for i, j in itertools.combinations(range(many), 2)]
    while True:
        mean = fit_family(table, terms[None, :]).fitted(0)
        chances = {}
        for pair in pairs:
            if not terms[pair]:
                on_both = cell_design(many)[:, pair] == 1
                seen, expected = cells[1:][on_both].sum(), mean[on_both].sum()
                chances[pair] = min(poisson.sf(seen - 1, expected), poisson.cdf(seen, expected))
        for pair in sorted(chances, key=chances.get):
            tried = terms.copy()
            tried[pair] = True
            if chances[pair] <= threshold and existence_code(tried, cells) == 0:
                terms = tried
                added.append(pair)
                break
        else:
            return added


@pytest.mark.parametrize("threshold", [0.001, 0.02, 0.3, 1.0])
@pytest.mark.parametrize("name", ["uk_five_lists", "western_us", "new_orleans_five_lists", "synthetic_artificial_3"])
def test_the_steps_are_those_of_a_slow_obvious_version(name, threshold):
    table = load_table(name)
    taken = stepwise(table.cells()[None, :], threshold).taken[0]
    assert [step[0] for step in taken] == slowly(table, threshold)


def test_many_tables_at_once_give_what_each_gives_alone():
    table = load_table("uk_five_lists")
    cells = table.cells()
    drawn = np.random.default_rng(1).multinomial(cells.sum(), cells / cells.sum(), size=40)
    together = stepwise(drawn, 0.02)
    alone = [stepwise(one[None, :], 0.02) for one in drawn]
    assert together.terms.tolist() == [one.terms[0].tolist() for one in alone]
    assert together.unseen.tolist() == [one.unseen[0] for one in alone]
    assert together.taken == tuple(one.taken[0] for one in alone)


def test_a_table_without_an_estimate_among_many_is_nan_and_stops_no_other():
    apart = [0, 5, 6, 0, 2, 0, 0, 0]
    good = [0, 40, 30, 16, 20, 9, 4, 3]
    steps = stepwise(np.array([apart, good]), 0.02)
    assert np.isnan(steps.unseen[0])
    assert steps.unseen[1] > 0


def test_a_threshold_of_zero_is_main_effects():
    table = load_table("uk_five_lists")
    assert fit(SparseStepwise(0, "conditional"), table).mean == pytest.approx(fit(LogLinear(), table).mean, rel=1e-12)


def test_the_conditional_interval_is_symmetric_in_the_log_of_the_unseen():
    table = load_table("kosovo")
    result, n = fit(SparseStepwise(interval="conditional"), table), table.n_observed
    for level in (0.5, 0.95):
        interval = result.interval(level)
        assert (interval.lower - n) * (interval.upper - n) == pytest.approx((result.mean - n) ** 2, rel=1e-10)
    spread = np.log(result.interval(0.95).upper - n) - np.log(result.mean - n)
    assert spread / norm.ppf(0.975) * (result.mean - n) == pytest.approx(
        np.sqrt(result.sd**2 - (result.mean - n)), rel=1e-9
    )


def test_the_result_says_the_model_and_that_the_conditional_interval_is_conditional():
    result = fit(SparseStepwise(interval="conditional"), load_table("uk_five_lists"))
    assert "[LA NG][LA PFNCA][NG GO][NG GP][PFNCA GP][GO GP]" in result.notes[0]
    assert "conditional on that model" in result.notes[0]
    assert result.tables[0].rows[0][0] == "LA NG"


def test_two_lists_have_no_pair_to_add():
    table = CaptureTable.from_histories(["A", "B"], {"10": 54, "01": 30, "11": 12})
    assert fit(SparseStepwise(1.0), table).mean == pytest.approx(231)


def test_the_interval_includes_the_steps_unless_asked_otherwise():
    table = load_table("uk_five_lists")
    included, conditional = (
        fit(SparseStepwise(most_resamples=1000), table),
        fit(SparseStepwise(interval="conditional"), table),
    )
    assert (included.mean, included.sd) == (conditional.mean, conditional.sd)
    assert included.interval().lower < conditional.interval().lower
    assert included.interval().upper > conditional.interval().upper
    assert re.search(r"the selection is repeated in each of \d+,000 resamples", included.notes[0])
    assert any("is conditional on the selected model" in sentence for sentence in conditional.assumptions)
    assert not any("is conditional on the selected model" in sentence for sentence in included.assumptions)


def test_wrong_settings_are_named_together():
    with pytest.raises(SettingError, match=r"3 problems\n.*threshold = 2; .*\n.*interval = 'wald'.*\n.*resamples = 1;"):
        SparseStepwise(2, "wald", 1)


@pytest.mark.parametrize("threshold", [-0.1, 1.5, float("nan")])
def test_a_threshold_that_is_no_probability_is_refused(threshold):
    with pytest.raises(SettingError, match="a p-value lies between 0 and 1"):
        SparseStepwise(threshold)


def test_lists_that_never_meet_and_one_list_are_not_estimable():
    apart = fit(SparseStepwise(), CaptureTable(["A", "B", "C"], np.eye(3), [5, 6, 2]))
    assert isinstance(apart, NotEstimable)
    assert "no maximum" in apart.reason
    assert "at least 2 lists" in fit(SparseStepwise(), CaptureTable(["A"], [[1]], [5])).reason
