"""What the fields of a household say: the sum over its hidden value, over what each of its persons says alone.

Of a value y of a field the term is b(y) prod_c [delta A_c(y) / B_c + 1 - delta]; A_c / B_c can leave the range of a
float, so that a factor is a number between 0 and 1 times the exponential of the part of log A_c - log B_c above 0.
"""

from __future__ import annotations

import math

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
from estimation.linkage.partition_kernel.field_likelihood import baseline, level_of
from estimation.linkage.partition_kernel.group_likelihood import refresh_person
from estimation.work.kernels import njit

__all__ = [
    "gather_household",
    "household_log",
    "household_terms",
    "log_of_sum",
    "log_shared",
    "refresh_all",
    "refresh_household",
    "scaled_mixture",
    "survey_value",
    "values_of_family",
]

_SMALL = 1e-200
"""Products below it go into their logarithm."""


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def gather_household(household: int, state: Partition, work: Workspace) -> int:
    """A household's records in `Workspace.family`, person by person, the moving ones last; how many persons."""
    n, place = ZERO, ZERO
    person = state.first_person[household]
    while person >= 0:
        r = state.first_record[person]
        while r >= 0:
            if not work.is_moving[r]:
                work.family[n] = r
                n += 1
            r = state.next_record[r]
        work.family_person[place] = person
        place += 1
        work.family_ends[place] = n
        person = state.next_person[person]
    for a in range(work.n_moving[0]):
        work.family[n] = work.moving[a]
        n += 1
    work.family_ends[place + 1] = n
    return place


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def values_of_family(f: int, m: int, state: Partition, work: Workspace) -> int:
    """The values that the first m records of `Workspace.family` show, in `Workspace.values_present`; how many."""
    n_values = ZERO
    for b in range(m):
        x = int(np.int64(state.values[work.family[b], f]))
        is_new = x >= 0
        for d in range(n_values):
            is_new = is_new and work.values_present[d] != x
        if is_new:
            work.values_present[n_values] = x
            n_values += 1
    return n_values


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def survey_value(f: int, d: int, m: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Levels of m records of a household around one of its values, and log b(y) and log q / U in `value_weight`.

    As for a person alone, so that whether two records are one person's or two persons' of a household is decided by the
    other fields: of m records that show y the j-th weighs b(y, j), here each their geometric mean.
    """
    start, y = coded.value_starts[f], int(np.int64(work.values_present[d]))
    n, copies, own1, own2, own3 = ZERO, ZERO, ZERO, ZERO, ZERO
    for b in range(m):
        x = int(np.int64(state.values[work.family[b], f]))
        if x < 0:
            continue
        n += 1
        level = level_of(f, y, x, coded)
        work.family_level[b] = level
        copies += x == y
        own1 += level == 1
        own2 += level == 2
        own3 += level == 3
    log_right = work.log_second[start + y]
    for j in range(3, copies + 1):
        log_right += math.log(baseline(f, start + y, j, rates))
    work.value_weight[0] = log_right / max(copies - 1, 1)
    for level, own in ((1, own1), (2, own2), (3, own3)):
        if own > 0:
            around = max(rates.near[start + y, level - 1] - own, 0.0) + rates.smoothing[f, level - 1]
            whole = rates.filled[f] - n + rates.smoothing_total[f, level - 1]
            work.value_weight[level] = math.log(rates.error_levels[f, level] * whole / around)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def log_shared(f: int, d: int, begin: int, end: int, coded: Coded, state: Partition, work: Workspace) -> float:
    """Log A: what some records of the household say if their person has the value that was surveyed last."""
    start, log_factor, y = coded.value_starts[f], 0.0, int(np.int64(work.values_present[d]))
    for b in range(begin, end):
        r = work.family[b]
        x = int(np.int64(state.values[r, f]))
        if x < 0:
            continue
        level, k, z = work.family_level[b], coded.list_of[r], state.bad[r]
        if x == y:
            log_factor += work.log_right[k, f, z] - work.value_weight[0]
        elif level == 0:
            wide = x if coded.width[start + x] > coded.width[start + y] else y
            log_factor += work.log_right[k, f, z] - work.log_second[start + wide]
        else:
            log_factor += work.log_wrong[k, f, z] + work.value_weight[level]
    return log_factor


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def scaled_mixture(apart: float, delta: float) -> float:
    """Delta exp(apart) + 1 - delta, over exp(apart) where that is above 1."""
    if apart > 0.0:
        return delta + (1.0 - delta) * math.exp(-apart)
    return delta * math.exp(apart) + 1.0 - delta


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def log_of_sum(logs: Floats, n: int) -> float:
    """Log of the sum of the exponentials of n entries."""
    largest = -np.inf
    for a in range(n):
        largest = max(largest, logs[a])
    total = 0.0
    for a in range(n):
        total += math.exp(logs[a] - largest)
    return largest + math.log(total)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _log_of_value(
    f: int, d: int, n_persons: int, coded: Coded, rates: Rates, state: Partition, work: Workspace
) -> float:
    """Log of prod_c [delta A_c / B_c + 1 - delta] for the value surveyed last; d = -1 is any that nobody shows."""
    log_product, product = 0.0, 1.0
    for place in range(n_persons):
        person = work.family_person[place]
        apart = -state.log_own[person, f]
        if d >= 0:
            begin, end = work.family_ends[place], work.family_ends[place + 1]
            apart += log_shared(f, d, begin, end, coded, state, work)
        else:
            apart += state.log_none[person, f]
        if apart != 0.0:
            product *= scaled_mixture(apart, rates.shared[f])
            log_product += max(apart, 0.0)
            if product < _SMALL:
                log_product += math.log(product)
                product = 1.0
    return log_product + math.log(product)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def household_terms(f: int, n_persons: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> int:
    """Logs of the terms of a household's values, that of any other value last, over prod_c B_c; how many values."""
    m, left = work.family_ends[n_persons], 1.0
    n_values = values_of_family(f, m, state, work)
    for d in range(n_values):
        survey_value(f, d, m, coded, rates, state, work)
        left -= math.exp(work.value_weight[0])
        work.value_log[d] = work.value_weight[0] + _log_of_value(f, d, n_persons, coded, rates, state, work)
    none = _log_of_value(f, MINUS_ONE, n_persons, coded, rates, state, work)
    work.value_log[n_values] = math.log(max(left, 1e-9)) + none
    return n_values


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def household_log(household: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> float:
    """Log likelihood of the household fields of a household, the moving records left out."""
    log_all, n_persons = 0.0, gather_household(household, state, work)
    for f in range(coded.scope.size):
        if coded.scope[f] != HOUSEHOLD:
            continue
        for place in range(n_persons):
            log_all += state.log_own[work.family_person[place], f]
        if n_persons > 1:
            n_values = household_terms(f, n_persons, coded, rates, state, work)
            if n_values > 0:
                log_all += log_of_sum(work.value_log, n_values + 1)
    return log_all


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def refresh_household(household: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Compute the likelihood of a household's fields anew."""
    if coded.with_households:
        state.log_household[household] = household_log(household, coded, rates, state, work)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _fill_logs(coded: Coded, rates: Rates, work: Workspace) -> None:
    """Logarithms that the fields of households need again and again."""
    n_lists, n_fields, _ = rates.errors.shape
    for f in range(n_fields):
        for k in range(n_lists):
            for z in range(2):
                work.log_right[k, f, z] = math.log(1.0 - rates.errors[k, f, z])
                work.log_wrong[k, f, z] = math.log(rates.errors[k, f, z])
        end = coded.value_starts[f + 1] if f + 1 < n_fields else rates.alike.size
        for place in range(coded.value_starts[f], end):
            work.log_second[place] = math.log(baseline(f, place, TWO, rates))


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def refresh_all(coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Compute every likelihood anew, under new parameters."""
    work.n_moving[0] = 0
    if coded.with_households:
        _fill_logs(coded, rates, work)
    for place in range(state.size.size):
        if state.size[place] > 0:
            refresh_person(place, coded, rates, state, work)
    for place in range(state.size.size):
        if state.n_persons[place] > 0:
            refresh_household(place, coded, rates, state, work)
