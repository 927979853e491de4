"""Draws of the hidden true values given the partition, and what they say of errors."""

from __future__ import annotations

import math

import numpy as np

from estimation.linkage.partition_kernel.arrays import (
    HOUSEHOLD,
    MINUS_ONE,
    PERSON,
    ZERO,
    Coded,
    Output,
    Partition,
    Rates,
    Workspace,
)
from estimation.linkage.partition_kernel.field_likelihood import LOG_BIG, field_sum, level_of
from estimation.linkage.partition_kernel.group_likelihood import gather_person
from estimation.linkage.partition_kernel.household_likelihood import (
    gather_household,
    household_terms,
    log_shared,
    survey_value,
)
from estimation.linkage.partition_kernel.record_moves import draw_weighted
from estimation.work.kernels import njit

__all__ = ["draw_true_values"]


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _note_levels(
    f: int, y: int, m: int, medoid: int, coded: Coded, state: Partition, work: Workspace, output: Output
) -> None:
    """Note who of the person in `Workspace.group` errs and how, if y is the true value; -1 is one that nobody shows."""
    for a in range(m):
        r = work.group[a]
        x = int(np.int64(state.values[r, f]))
        if x < 0:
            continue
        for b in range(a):
            other = int(np.int64(state.values[work.group[b], f]))
            if other >= 0:
                output.linked[f, level_of(f, x, other, coded)] += 1.0
        if y >= 0:
            level = level_of(f, y, x, coded)
            output.wrong[r, f] = level > 0
            output.level_counts[f, level] += 1.0
            continue
        output.wrong[r, f] = 1
        if medoid >= 0:
            level = level_of(f, medoid, x, coded)
            if level > 0:
                output.near_counts[f, 0 if level < 3 else 1] += 1.0


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _draw_own(
    f: int,
    person: int,
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
    output: Output,
    rng: np.random.Generator,
) -> None:
    """Draw a person's own value of a field; of a single record nothing is known."""
    m = gather_person(person, ZERO, state, work)
    medoid, _ = field_sum(f, work.group, m, np.inf, coded, rates, state, work)
    if medoid < 0:
        return
    log_sum = math.log(max(work.total[state.bad[work.group[m - 1]]], 1e-300)) + work.total[2] * LOG_BIG
    target = log_sum + math.log(1.0 - rng.random())
    _, y = field_sum(f, work.group, m, target, coded, rates, state, work)
    _note_levels(f, y, m, medoid, coded, state, work, output)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _draw_shared(
    household: int,
    f: int,
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
    output: Output,
    rng: np.random.Generator,
) -> None:
    """Draw a household's value of a field, who of its persons has it, and the own values of the others."""
    n_persons = gather_household(household, state, work)
    n_values = household_terms(f, n_persons, coded, rates, state, work)
    if n_values == 0:
        return
    value, y = draw_weighted(work.value_log, n_values + 1, rng), MINUS_ONE
    if value < n_values:
        survey_value(f, value, work.family_ends[n_persons], coded, rates, state, work)
        y = int(np.int64(work.values_present[value]))
    for place in range(n_persons):
        person = work.family_person[place]
        m, has_value = gather_person(person, ZERO, state, work), False
        for b in range(m):
            has_value = has_value or state.values[work.group[b], f] >= 0
        if has_value:
            shared = state.log_none[person, f]
            if y >= 0:
                begin, end = work.family_ends[place], work.family_ends[place + 1]
                shared = log_shared(f, value, begin, end, coded, state, work)
            log_yes = math.log(rates.shared[f]) + shared
            log_no = math.log(1.0 - rates.shared[f]) + state.log_own[person, f]
            is_shared = rng.random() < math.exp(log_yes - np.logaddexp(log_yes, log_no))
            output.shared_counts[f, 1 if is_shared else 0] += 1.0
            if is_shared:
                medoid, _ = field_sum(f, work.group, m, np.inf, coded, rates, state, work)
                _note_levels(f, y, m, medoid, coded, state, work, output)
            else:
                _draw_own(f, person, coded, rates, state, work, output, rng)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _clear(output: Output) -> None:
    """Nothing is known of errors yet."""
    n_records, n_fields = output.wrong.shape
    for f in range(n_fields):
        for r in range(n_records):
            output.wrong[r, f] = -1
        for level in range(4):
            output.level_counts[f, level], output.linked[f, level] = 0.0, 0.0
        for which in range(2):
            output.near_counts[f, which], output.shared_counts[f, which] = 0.0, 0.0


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def draw_true_values(
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
    output: Output,
    rng: np.random.Generator,
) -> None:
    """Draw all true values: of households of several persons and of who shares them, and those of persons."""
    _clear(output)
    for place in range(state.size.size):
        for f in range(coded.scope.size):
            if coded.scope[f] == HOUSEHOLD and state.n_persons[place] > 1:
                _draw_shared(place, f, coded, rates, state, work, output, rng)
            if state.size[place] > 1 and (coded.scope[f] == PERSON or state.n_persons[state.household_of[place]] == 1):
                _draw_own(f, place, coded, rates, state, work, output, rng)
