"""The fields of a household, computed once for all its persons that the moving records could join.

The sum over the household's value has one factor a person, and only that of the person who is joined changes; of A_c(y)
only the factor of the moving records is new.  A household with more than `MOST_PERSONS` persons or `MOST_VALUES` values
is computed anew for each option, with the moving records in their place for that long.
"""

from __future__ import annotations

import math

import numpy as np

from estimation.linkage.partition_kernel.arrays import (
    HOUSEHOLD,
    MOST_PERSONS,
    MOST_VALUES,
    ZERO,
    Coded,
    Partition,
    Rates,
    Workspace,
)
from estimation.linkage.partition_kernel.bookkeeping import (
    add_record,
    enter_household,
    leave_household,
    open_person,
    remove_record,
)
from estimation.linkage.partition_kernel.field_likelihood import LOG_BIG, field_sum
from estimation.linkage.partition_kernel.group_likelihood import (
    NEW_PERSON,
    append_moving,
    gather_person,
    refresh_own,
)
from estimation.linkage.partition_kernel.household_likelihood import (
    gather_household,
    household_log,
    log_shared,
    scaled_mixture,
    survey_value,
    values_of_family,
)
from estimation.work.kernels import njit

__all__ = ["fill_household_tables", "household_of_option"]


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def fill_household_tables(household: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> bool:
    """Fill the tables of all household fields for a household without the moving records; False if it is too large."""
    n_persons = gather_household(household, state, work)
    if n_persons > MOST_PERSONS:
        return False
    work.n_table_persons[0] = n_persons
    for place in range(n_persons):
        work.place_of_person[work.family_person[place]] = place
    for f in range(coded.scope.size):
        if coded.scope[f] == HOUSEHOLD and not _fill_field(f, n_persons, coded, rates, state, work):
            return False
    return True


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _fill_field(f: int, n_persons: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> bool:
    """The tables of one field; the values of the moving records are among those of the household."""
    m, left = work.family_ends[n_persons + 1], 1.0
    n_values = values_of_family(f, m, state, work)
    if n_values > MOST_VALUES:
        return False
    work.n_table_values[f] = n_values
    for d in range(n_values):
        survey_value(f, d, m, coded, rates, state, work)
        left -= math.exp(work.value_weight[0])
        work.table_sum[f, d] = work.value_weight[0]
        _add_moving(f, d, n_persons, coded, state, work)
        for place in range(n_persons):
            begin, end = work.family_ends[place], work.family_ends[place + 1]
            work.table_shared[f, place, d] = log_shared(f, d, begin, end, coded, state, work)
    work.table_sum[f, n_values] = math.log(max(left, 1e-9))
    _add_persons(f, n_persons, n_values, rates, state, work)
    return True


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _add_moving(f: int, d: int, n_persons: int, coded: Coded, state: Partition, work: Workspace) -> None:
    """What the moving records say of a value, the last being good and being bad."""
    begin, end = work.family_ends[n_persons], work.family_ends[n_persons + 1]
    last = work.family[end - 1]
    quality = state.bad[last]
    for z in range(2):
        state.bad[last] = z
        work.table_moving[f, d, z] = log_shared(f, d, begin, end, coded, state, work)
    state.bad[last] = quality


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _add_persons(f: int, n_persons: int, n_values: int, rates: Rates, state: Partition, work: Workspace) -> None:
    """The factor of each person at each value over its B, the product of all persons', and that of all B."""
    work.table_own[f] = 0.0
    for place in range(n_persons):
        person = work.family_person[place]
        own = state.log_own[person, f]
        work.table_own[f] += own
        work.table_shared[f, place, n_values] = state.log_none[person, f]
        for d in range(n_values + 1):
            apart = work.table_shared[f, place, d] - own
            factor = 0.0
            if apart != 0.0:
                factor = max(apart, 0.0) + math.log(scaled_mixture(apart, rates.shared[f]))
            work.table_factor[f, place, d] = factor
            work.table_sum[f, d] += factor


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def household_of_option(
    household: int,
    target: int,
    has_tables: bool,
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
) -> None:
    """Log likelihood of the fields of a household joined by the moving records, the last being good and being bad."""
    out = work.option_household_log
    out[0], out[1] = 0.0, 0.0
    if household >= 0 and not has_tables:
        _of_large_household(household, target, coded, rates, state, work)
        return
    for f in range(coded.scope.size):
        if coded.scope[f] == HOUSEHOLD:
            _own_of_option(target, f, coded, rates, state, work)
            for z in range(2):
                out[z] += _option_sum(target, f, z, rates, state, work) if household >= 0 else work.option_own[z]


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _belongs(record: int, person: int, state: Partition) -> bool:
    """Whether a record is among those of a person."""
    r = state.first_record[person]
    while r >= 0:
        if r == record:
            return True
        r = state.next_record[r]
    return False


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _of_large_household(
    household: int, target: int, coded: Coded, rates: Rates, state: Partition, work: Workspace
) -> None:
    """The same of a household too large for tables: the moving records join it, and leave it again.

    A record whose quality alone is drawn is the person's already, and stays.
    """
    n, person = work.n_moving[0], target
    is_there = target >= 0 and _belongs(work.moving[0], target, state)
    if target == NEW_PERSON:
        person = open_person(state)
        enter_household(person, household, state)
    for a in range(n):
        work.is_moving[work.moving[a]] = False
        if not is_there:
            add_record(work.moving[a], person, coded, state)
    work.n_moving[0] = 0
    last = work.moving[n - 1]
    quality = state.bad[last]
    for z in range(2):
        state.bad[last] = z
        refresh_own(person, coded, rates, state, work)
        work.option_household_log[z] = household_log(household, coded, rates, state, work)
    state.bad[last] = quality
    for a in range(n - 1, -1, -1):
        if not is_there:
            remove_record(work.moving[a], coded, state)
        work.is_moving[work.moving[a]] = True
    work.n_moving[0] = n
    if target == NEW_PERSON:
        leave_household(person, state)
    else:
        refresh_own(person, coded, rates, state, work)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _own_of_option(target: int, f: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Log B and its none part of the person who is joined, for both qualities, in `Workspace.option_own`."""
    n = ZERO
    if target >= 0:
        n = gather_person(target, n, state, work)
    n = append_moving(n, work)
    medoid, _ = field_sum(f, work.group, n, np.inf, coded, rates, state, work)
    if medoid >= 0:
        for z in range(2):
            work.option_own[z] = math.log(max(work.total[z], 1e-300)) + work.total[2] * LOG_BIG
            work.option_own[2 + z] = math.log(max(work.term[z], 1e-300)) + work.term[2] * LOG_BIG
        return
    for a in range(4):
        work.option_own[a] = 0.0
    for b in range(n):
        r = work.group[b]
        if state.values[r, f] >= 0:
            for z in range(2):
                quality = z if b == n - 1 else state.bad[r]
                work.option_own[2 + z] = work.log_wrong[coded.list_of[r], f, quality]


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _option_sum(target: int, f: int, z: int, rates: Rates, state: Partition, work: Workspace) -> float:
    """Log of the sum over the household's value, with the new factor of the person who is joined."""
    n_values, own, delta = work.n_table_values[f], work.option_own[z], rates.shared[f]
    n_persons = work.n_table_persons[0] + (1 if target == NEW_PERSON else 0)
    if n_persons == 1 or n_values == 0:
        return float(own)
    place, all_own = -1, work.table_own[f] + own
    if target >= 0:
        place = work.place_of_person[target]
        all_own -= state.log_own[target, f]
    largest = -np.inf
    for d in range(n_values + 1):
        log_term, shared = work.table_sum[f, d], work.option_own[2 + z]
        if d < n_values:
            shared = work.table_moving[f, d, z]
        if place >= 0:
            log_term -= work.table_factor[f, place, d]
            if d < n_values:
                shared += work.table_shared[f, place, d]
        apart = shared - own
        work.table_term[d] = log_term + max(apart, 0.0)
        work.table_mixture[d] = scaled_mixture(apart, delta)
        largest = max(largest, work.table_term[d])
    total = 0.0
    for d in range(n_values + 1):
        total += math.exp(work.table_term[d] - largest) * work.table_mixture[d]
    return float(all_own + largest + math.log(total))
