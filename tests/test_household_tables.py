"""A household's fields computed once for all options, against the household with the moving record in its place."""

import numpy as np
import pytest
from test_partition_kernel import FIVE, all_pairs, case

from estimation.linkage.partition_chain import coded_records, new_partition, new_workspace
from estimation.linkage.partition_constraints import units_of
from estimation.linkage.partition_kernel import sweep
from estimation.linkage.partition_kernel.bookkeeping import enter_household, leave_household
from estimation.linkage.partition_kernel.group_likelihood import NEW_PERSON
from estimation.linkage.partition_kernel.household_likelihood import refresh_all, refresh_household
from estimation.linkage.partition_kernel.household_tables import fill_household_tables, household_of_option
from estimation.linkage.partition_kernel.record_moves import start_moving, stop_moving, take_out
from estimation.work.kernels import njit


@njit(cache=False, nogil=True, inner=True)
def _both_ways(coded, rates, state, work, target, is_taken_out, found):
    """The last record moves or stays; with tables, and without, for a person of the household or a new one."""
    refresh_all(coded, rates, state, work)
    household = state.household_of[0]
    for person in range(1, state.size.size):
        if state.size[person] > 0 and state.household_of[person] != household:
            leave_household(person, state)
            enter_household(person, household, state)
    refresh_household(household, coded, rates, state, work)
    start_moving(coded.unit_of.size - 1, coded, work)
    if is_taken_out:
        take_out(coded, rates, state, work)
    found[2] = fill_household_tables(household, coded, rates, state, work)
    household_of_option(household, target, True, coded, rates, state, work)
    found[0, :] = work.option_household_log
    household_of_option(household, target, False, coded, rates, state, work)
    found[1, :] = work.option_household_log
    stop_moving(work)


@njit(cache=False, nogil=True)
def both_ways(coded, rates, state, work, target, is_taken_out, found):
    named = sweep._CODED(*coded), sweep._RATES(*rates), sweep._STATE(*state), sweep._WORK(*work)
    _both_ways(*named, target, is_taken_out, found)


@pytest.mark.slow  # compiles the moves once more, some 30 s
@pytest.mark.parametrize(
    ("persons", "target", "is_taken_out"),
    [
        pytest.param([0, 1, 2, 0, 4], 0, True, id="joins a person of two records"),
        pytest.param([0, 1, 2, 0, 4], 2, True, id="joins a person of one"),
        pytest.param([0, 1, 2, 0, 4], NEW_PERSON, True, id="is a person alone"),
        pytest.param([0, 1, 2, 0, 0], 0, False, id="stays, and its quality is drawn"),
    ],
)
def test_a_household_too_large_for_tables_weighs_the_same_as_with_them(persons, target, is_taken_out):
    records, values, rates = case(**FIVE)
    units = units_of(records, (), ())
    coded = coded_records(records, values, all_pairs(5), units, (), with_households=True)
    state = new_partition(coded, np.array(persons), np.random.default_rng(1), rates)
    found = np.zeros((3, 2))
    both_ways(coded, rates, state, new_workspace(coded), np.int64(target), is_taken_out, found)
    assert found[2].all()  # the tables were filled
    assert found[0] == pytest.approx(found[1], rel=1e-10)
    assert abs(found[0, 0] - found[0, 1]) > 1e-3  # a good record and a bad one differ
    assert state.size[:5].tolist() == ([2, 1, 1, 0, 0] if is_taken_out else [3, 1, 1, 0, 0])  # as it was before
