"""What all fields say of a person or a household: its records gathered, fields of persons and of households."""

from __future__ import annotations

import math
from typing import cast

import numpy as np

from estimation.linkage.partition_kernel.arrays import (
    HOUSEHOLD,
    MINUS_ONE,
    TWO,
    ZERO,
    Coded,
    Floats,
    Partition,
    Rates,
    Workspace,
)
from estimation.linkage.partition_kernel.field_likelihood import LOG_BIG, baseline, field_sum, fields_log, level_of
from estimation.work.kernels import njit

__all__ = [
    "NEW_PERSON",
    "NOBODY",
    "append_moving",
    "gather_person",
    "household_log",
    "log_of_last",
    "log_of_value",
    "note_value",
    "refresh_all",
    "refresh_household",
    "refresh_person",
    "shared_factor",
    "values_of_household",
    "weigh_values",
]

NOBODY, NEW_PERSON = MINUS_ONE, cast(int, np.int64(-2))
"""To whom the moving records are added, other than a person: to nobody; to a new person of the household."""


@njit(cache=False, nogil=True, inner=True)
def gather_person(person: int, n: int, state: Partition, work: Workspace) -> int:
    """Append a person's records to `Workspace.group` from place n, the moving ones left out."""
    r = state.first_record[person]
    while r >= 0:
        if not work.is_moving[r]:
            work.group[n] = r
            n += 1
        r = state.next_record[r]
    return n


@njit(cache=False, nogil=True, inner=True)
def gather_household(household: int, state: Partition, work: Workspace) -> int:
    """A household's records in `Workspace.group`, the moving ones left out; none of a new household (-1)."""
    n, person = ZERO, MINUS_ONE
    if household >= 0:
        person = state.first_person[household]
    while person >= 0:
        n = gather_person(person, n, state, work)
        person = state.next_person[person]
    return n


@njit(cache=False, nogil=True, inner=True)
def append_moving(n: int, work: Workspace) -> int:
    """Append the moving records to `Workspace.group`."""
    for a in range(work.n_moving[0]):
        work.group[n] = work.moving[a]
        n += 1
    return n


@njit(cache=False, nogil=True, inner=True)
def log_of_last(n: int, out: Floats, state: Partition, work: Workspace) -> float:
    """Of two log likelihoods that for the quality that the last record of the group has."""
    return out[state.bad[work.group[n - 1]]] if n > 0 else 0.0


@njit(cache=False, nogil=True, inner=True)
def _own_and_none(f: int, m: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> tuple[float, float]:
    """Log B and log of its part for true values that nobody shows, of the person in `Workspace.group`."""
    if m == 0:
        return 0.0, 0.0
    z = state.bad[work.group[m - 1]]
    medoid, _ = field_sum(f, work.group, m, np.inf, coded, rates, state, work)
    if medoid < 0:
        x = MINUS_ONE
        for b in range(m):
            if state.values[work.group[b], f] >= 0:
                x = work.group[b]
        return 0.0, math.log(rates.errors[coded.list_of[x], f, state.bad[x]]) if x >= 0 else 0.0
    own = math.log(max(work.total[z], 1e-300)) + work.total[2] * LOG_BIG
    return own, math.log(max(work.term[z], 1e-300)) + work.term[2] * LOG_BIG


@njit(cache=False, nogil=True, inner=True)
def shared_factor(f: int, d: int, m: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> float:
    """Log A: what the records in `Workspace.group` say if their person has value ``d`` of the household's values."""
    start, log_factor, y = coded.value_starts[f], 0.0, int(np.int64(work.values_present[d]))
    for b in range(m):
        r = work.group[b]
        x = int(np.int64(state.values[r, f]))
        if x < 0:
            continue
        level = level_of(f, y, x, coded)
        error = rates.errors[coded.list_of[r], f, state.bad[r]]
        if x == y:
            log_factor += math.log(1.0 - error) - work.value_weight[d, 0]
        elif level == 0:
            wide = x if coded.width[start + x] > coded.width[start + y] else y
            log_factor += math.log((1.0 - error) / baseline(f, start + wide, TWO, rates))
        else:
            log_factor += math.log(error * rates.error_levels[f, level]) + work.value_weight[d, level]
    return log_factor


@njit(cache=False, nogil=True, inner=True)
def _next_of(household: int, person: int, target: int, state: Partition) -> int:
    """The person after one in a household, then the new person if records are added to one, then nobody (-1)."""
    if person == NEW_PERSON:
        return MINUS_ONE
    following = MINUS_ONE
    if person >= 0:
        following = state.next_person[person]
    elif household >= 0:
        following = state.first_person[household]
    if following >= 0:
        return following
    return NEW_PERSON if target == NEW_PERSON else MINUS_ONE


@njit(cache=False, nogil=True, inner=True)
def gather_target(person: int, target: int, state: Partition, work: Workspace) -> int:
    """The records of a person of a household, with the moving ones where they are added to that person."""
    if person == NEW_PERSON:
        return append_moving(ZERO, work)
    n = gather_person(person, ZERO, state, work)
    return append_moving(n, work) if person == target else n


@njit(cache=False, nogil=True, inner=True)
def note_value(x: int, n_values: int, work: Workspace) -> int:
    """Add a value to those that are present, unless it is among them or none; how many there are."""
    is_new = x >= 0
    for d in range(n_values):
        is_new = is_new and work.values_present[d] != x
    if is_new:
        work.values_present[n_values] = x
    return n_values + is_new


@njit(cache=False, nogil=True, inner=True)
def values_of_household(
    household: int, target: int, f: int, coded: Coded, rates: Rates, state: Partition, work: Workspace
) -> tuple[int, int]:
    """Fill log B, the none part and the values that are present, for a household field; how many persons and values."""
    n_persons, n_values, person = ZERO, ZERO, _next_of(household, MINUS_ONE, target, state)
    while person != -1:
        m = gather_target(person, target, state, work)
        for b in range(m):
            n_values = note_value(int(np.int64(state.values[work.group[b], f])), n_values, work)
        own, none = _own_and_none(f, m, coded, rates, state, work)
        work.own_factor[n_persons] = own
        work.none_factor[n_persons] = none
        n_persons += 1
        person = _next_of(household, person, target, state)
    return n_persons, n_values


@njit(cache=False, nogil=True, inner=True)
def weigh_values(
    household: int,
    with_moving: bool,
    n_values: int,
    f: int,
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
) -> None:
    """Fill `Workspace.value_weight` for the values that are present, the household's own records left out.

    As for a person alone, so that whether two records are one person's or two persons' of a household is decided by the
    other fields: of m records that show y the j-th weighs b(y, j), here each their geometric mean.
    """
    start = coded.value_starts[f]
    m = gather_household(household, state, work)
    if with_moving:
        m = append_moving(m, work)
    for d in range(n_values):
        y = int(np.int64(work.values_present[d]))
        n, copies, own1, own2, own3 = ZERO, ZERO, ZERO, ZERO, ZERO
        for b in range(m):
            x = int(np.int64(state.values[work.group[b], f]))
            if x < 0:
                continue
            n += 1
            level = level_of(f, y, x, coded)
            copies += x == y
            own1 += level == 1
            own2 += level == 2
            own3 += level == 3
        log_right = math.log(baseline(f, start + y, TWO, rates))
        for j in range(3, copies + 1):
            log_right += math.log(baseline(f, start + y, j, rates))
        work.value_weight[d, 0] = log_right / max(copies - 1, 1)
        for level, own in ((1, own1), (2, own2), (3, own3)):
            around = max(rates.near[start + y, level - 1] - own, 0.0) + rates.smoothing[f, level - 1]
            whole = rates.filled[f] - n + rates.smoothing_total[f, level - 1]
            work.value_weight[d, level] = math.log(whole / around)


@njit(cache=False, nogil=True, inner=True)
def log_of_value(
    household: int, target: int, f: int, d: int, coded: Coded, rates: Rates, state: Partition, work: Workspace
) -> float:
    """Log of prod_c [delta A_c + (1 - delta) B_c] for one of the values; d = -1 is any value that nobody shows."""
    log_shared, log_apart = math.log(rates.shared[f]), math.log(1.0 - rates.shared[f])
    log_product, place, person = 0.0, ZERO, _next_of(household, MINUS_ONE, target, state)
    while person != -1:
        shared = work.none_factor[place]
        if d >= 0:
            m = gather_target(person, target, state, work)
            shared = shared_factor(f, d, m, coded, rates, state, work)
        log_product += np.logaddexp(log_shared + shared, log_apart + work.own_factor[place])
        place += 1
        person = _next_of(household, person, target, state)
    return log_product


@njit(cache=False, nogil=True, inner=True)
def household_log(household: int, target: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> float:
    """Log likelihood of the household fields of a household, the moving records added to `target`."""
    log_all = 0.0
    for f in range(coded.scope.size):
        if coded.scope[f] != HOUSEHOLD:
            continue
        n_persons, n_values = values_of_household(household, target, f, coded, rates, state, work)
        if n_persons == 1 or n_values == 0:
            for place in range(n_persons):
                log_all += work.own_factor[place]
            continue
        weigh_values(household, target != NOBODY, n_values, f, coded, rates, state, work)
        log_sum, left = -np.inf, 1.0
        for d in range(n_values):
            left -= math.exp(work.value_weight[d, 0])
            term = work.value_weight[d, 0] + log_of_value(household, target, f, d, coded, rates, state, work)
            log_sum = np.logaddexp(log_sum, term)
        term = math.log(max(left, 1e-9)) + log_of_value(household, target, f, MINUS_ONE, coded, rates, state, work)
        log_all += np.logaddexp(log_sum, term)
    return log_all


@njit(cache=False, nogil=True, inner=True)
def refresh_person(person: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Compute the likelihood of a person's own fields anew."""
    n = gather_person(person, ZERO, state, work)
    fields_log(work.group, n, coded, rates, state, work, work.person)
    state.log_person[person] = log_of_last(n, work.person, state, work)


@njit(cache=False, nogil=True, inner=True)
def refresh_household(household: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Compute the likelihood of a household's fields anew."""
    if coded.with_households:
        state.log_household[household] = household_log(household, NOBODY, coded, rates, state, work)


@njit(cache=False, nogil=True, inner=True)
def refresh_all(coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Compute every likelihood anew, under new parameters."""
    work.n_moving[0] = 0
    for place in range(state.size.size):
        if state.size[place] > 0:
            refresh_person(place, coded, rates, state, work)
        if state.n_persons[place] > 0:
            refresh_household(place, coded, rates, state, work)
