"""The fields of a household, computed once for all its persons that the moving records could join.

The sum over the household's value has one factor a person, and only that of the person who is joined changes; of A_c(y)
only the factor of the moving records is new.  A household with more than `MOST_PERSONS` persons or `MOST_VALUES` values
is computed anew for each option (`estimation.linkage.partition_kernel.group_likelihood.household_log`).
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
from estimation.linkage.partition_kernel.field_likelihood import LOG_BIG, field_sum
from estimation.linkage.partition_kernel.group_likelihood import (
    NEW_PERSON,
    NOBODY,
    append_moving,
    gather_person,
    household_log,
    note_value,
    shared_factor,
    values_of_household,
    weigh_values,
)
from estimation.work.kernels import njit

__all__ = ["fill_household_tables", "household_of_option"]


@njit(cache=False, nogil=True, inner=True)
def _log_mixture(shared: float, own: float, delta: float) -> float:
    """Log of delta exp(shared) + (1 - delta) exp(own)."""
    larger = max(shared, own)
    return larger + math.log(delta * math.exp(shared - larger) + (1.0 - delta) * math.exp(own - larger))


@njit(cache=False, nogil=True, inner=True)
def fill_household_tables(household: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> bool:
    """Fill the tables of all household fields for a household without the moving records; False if it is too large."""
    place, person = ZERO, state.first_person[household]
    while person >= 0:
        work.place_of_person[person] = place
        place += 1
        person = state.next_person[person]
    if place > MOST_PERSONS:
        return False
    work.n_table_persons[0] = place
    for f in range(coded.scope.size):
        if coded.scope[f] == HOUSEHOLD and not _fill_field(household, f, coded, rates, state, work):
            return False
    return True


@njit(cache=False, nogil=True, inner=True)
def _fill_field(household: int, f: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> bool:
    """The tables of one field; the values of the moving records are among those of the household."""
    _, n_values = values_of_household(household, NOBODY, f, coded, rates, state, work)
    if n_values + work.n_moving[0] > MOST_VALUES:
        return False
    for a in range(work.n_moving[0]):
        n_values = note_value(int(np.int64(state.values[work.moving[a], f])), n_values, work)
    work.n_table_values[f] = n_values
    weigh_values(household, True, n_values, f, coded, rates, state, work)
    left = 1.0
    for d in range(n_values):
        left -= math.exp(work.value_weight[d, 0])
        work.table_sum[f, d] = work.value_weight[d, 0]
        _add_moving(f, d, coded, rates, state, work)
    work.table_sum[f, n_values] = math.log(max(left, 1e-9))
    _add_persons(household, f, n_values, coded, rates, state, work)
    return True


@njit(cache=False, nogil=True, inner=True)
def _add_moving(f: int, d: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """What the moving records say of a value, the last being good and being bad."""
    n = append_moving(ZERO, work)
    last = work.moving[n - 1]
    quality = state.bad[last]
    for z in range(2):
        state.bad[last] = z
        work.table_moving[f, d, z] = shared_factor(f, d, n, coded, rates, state, work)
    state.bad[last] = quality


@njit(cache=False, nogil=True, inner=True)
def _add_persons(
    household: int, f: int, n_values: int, coded: Coded, rates: Rates, state: Partition, work: Workspace
) -> None:
    """The factor of each person at each value, and the product of all persons'."""
    place, person = 0, state.first_person[household]
    while person >= 0:
        n = gather_person(person, ZERO, state, work)
        for d in range(n_values + 1):
            shared = work.none_factor[place]
            if d < n_values:
                shared = shared_factor(f, d, n, coded, rates, state, work)
            factor = _log_mixture(shared, work.own_factor[place], rates.shared[f])
            work.table_shared[f, place, d] = shared
            work.table_factor[f, place, d] = factor
            work.table_sum[f, d] += factor
        place += 1
        person = state.next_person[person]


@njit(cache=False, nogil=True, inner=True)
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
    if not has_tables:
        last = work.moving[work.n_moving[0] - 1]
        quality = state.bad[last]
        for z in range(2):
            state.bad[last] = z
            out[z] = household_log(household, target, coded, rates, state, work)
        state.bad[last] = quality
        return
    for f in range(coded.scope.size):
        if coded.scope[f] == HOUSEHOLD:
            _own_of_option(target, f, coded, rates, state, work)
            for z in range(2):
                out[z] += _option_sum(target, f, z, rates, work)


@njit(cache=False, nogil=True, inner=True)
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
    work.option_own[:] = 0.0
    for b in range(n):
        r = work.group[b]
        if state.values[r, f] >= 0:
            for z in range(2):
                quality = z if b == n - 1 else state.bad[r]
                work.option_own[2 + z] = math.log(rates.errors[coded.list_of[r], f, quality])


@njit(cache=False, nogil=True, inner=True)
def _option_sum(target: int, f: int, z: int, rates: Rates, work: Workspace) -> float:
    """Log of the sum over the household's value, with the new factor of the person who is joined."""
    n_values, own = work.n_table_values[f], work.option_own[z]
    n_persons = work.n_table_persons[0] + (1 if target == NEW_PERSON else 0)
    if n_persons == 1 or n_values == 0:
        return float(own)
    place = work.place_of_person[target] if target >= 0 else -1
    largest = -np.inf
    for d in range(n_values + 1):
        shared = work.option_own[2 + z] if d == n_values else work.table_moving[f, d, z]
        log_term = work.table_sum[f, d]
        if place >= 0:
            log_term -= work.table_factor[f, place, d]
            if d < n_values:
                shared += work.table_shared[f, place, d]
        work.table_term[d] = log_term + _log_mixture(shared, own, rates.shared[f])
        largest = max(largest, work.table_term[d])
    total = 0.0
    for d in range(n_values + 1):
        total += math.exp(work.table_term[d] - largest)
    return float(largest + math.log(total))
