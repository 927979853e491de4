"""One list less, two lists as one, some of the lists: the same question asked of another table."""

import copy

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.classical.two_lists import Chapman
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.results.estimates import Estimate, NotEstimable
from estimation.sensitivity.leave_one_list_out import leave_one_list_out
from estimation.sensitivity.merge_two_lists import merge_two_lists
from estimation.sensitivity.subsets import subsets

KOSOVO = load_table("kosovo")
QUESTIONS = [leave_one_list_out, merge_two_lists, subsets]


def rng():
    return np.random.default_rng(7)


def test_each_list_is_left_out_once_and_the_people_only_on_it_leave():
    found = leave_one_list_out(KOSOVO, model=ChaoLowerBound(), rng=rng())
    assert [a.label for a in found.alternatives] == [f"without {name}" for name in KOSOVO.lists]
    for alternative, alone in zip(found.alternatives, KOSOVO.singletons.tolist(), strict=True):
        assert alternative.result.n_observed == KOSOVO.n_observed - alone


def test_each_pair_is_merged_once_and_nobody_leaves():
    found = merge_two_lists(KOSOVO, model=ChaoLowerBound(), rng=rng())
    assert len({a.label for a in found.alternatives}) == 6
    assert {a.result.n_observed for a in found.alternatives} == {KOSOVO.n_observed}


def test_the_subsets_of_four_lists_are_those_of_three():
    assert [a.label for a in subsets(KOSOVO, model=ChaoLowerBound(), rng=rng()).alternatives] == [
        "EXH + ABA + OSCE",
        "EXH + ABA + HRW",
        "EXH + OSCE + HRW",
        "ABA + OSCE + HRW",
    ]
    assert len(subsets(KOSOVO, model=ChaoLowerBound(), rng=rng(), smallest=2).alternatives) == 4 + 6


def test_three_lists_less_one_is_the_same_table_by_either_question():
    table = KOSOVO.drop(["EXH"])
    left_out = {
        a.result.n_observed: a.result for a in leave_one_list_out(table, model=Chapman(), rng=rng()).alternatives
    }
    found = subsets(table, model=Chapman(), rng=rng(), smallest=2)
    for alternative in found.alternatives:
        assert alternative.result.median == left_out[alternative.result.n_observed].median


def test_a_model_about_a_list_that_is_gone_gives_no_number_and_says_so():
    found = leave_one_list_out(KOSOVO, model=Chapman(lists=("ABA", "HRW")), rng=rng())
    by_label = {a.label: a.result for a in found.alternatives}
    assert isinstance(by_label["without EXH"], Estimate)
    assert isinstance(by_label["without ABA"], NotEstimable)
    assert "no list ABA" in by_label["without ABA"].reason
    assert found.finding.endswith(" Not estimable: without ABA, without HRW.")


def test_a_log_linear_model_that_names_a_list_that_is_gone_gives_no_number():
    found = leave_one_list_out(KOSOVO, model=LogLinear("[EXH ABA][OSCE][HRW]"), rng=rng())
    assert [isinstance(a.result, Estimate) for a in found.alternatives] == [False] * 4


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_generator_is_left_as_it_was_and_the_baseline_is_the_model_itself(question):
    generator = rng()
    before = copy.deepcopy(generator.bit_generator.state)
    model = NoHighestOrderInteraction(draws=1000)
    found = question(KOSOVO, model=model, rng=generator)
    assert generator.bit_generator.state == before
    assert found.baseline.median == model.fit(KOSOVO, rng=rng()).median
    assert [a.result.median for a in question(KOSOVO, model=model, rng=rng(), workers=2).alternatives] == [
        a.result.median for a in found.alternatives
    ]


def test_too_few_lists_are_refused_in_words():
    one, two = KOSOVO.keep(["ABA"]), KOSOVO.keep(["ABA", "HRW"])
    with pytest.raises(ValueError, match=r"one list .ABA.; without it nothing is left"):
        leave_one_list_out(one, model=Chapman(), rng=rng())
    with pytest.raises(ValueError, match="the table has 2 lists; with two of them merged, nothing overlaps"):
        merge_two_lists(two, model=Chapman(), rng=rng())
    with pytest.raises(ValueError, match="choosing 3 or more of them leaves nothing to compare"):
        subsets(KOSOVO.drop(["EXH"]), model=Chapman(), rng=rng())


def test_too_many_choices_are_refused_in_words():
    wide = CaptureTable([f"L{j}" for j in range(13)], np.eye(13, dtype=bool), np.ones(13, dtype=int))
    with pytest.raises(ValueError, match="13 lists and 8,192 choices; drop or merge to 12 first"):
        subsets(wide, model=ChaoLowerBound(), rng=rng())


def test_a_merged_list_takes_no_name_that_is_there():
    table = CaptureTable(["A", "B", "A+B"], np.eye(3, dtype=bool) | np.ones((3, 1), dtype=bool), [5, 4, 3])
    assert merge_two_lists(table, model=ChaoLowerBound(), rng=rng()).alternatives[0].result.n_observed == 12
