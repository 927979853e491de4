"""Draws of the hidden true values given the partition, and what they say of errors."""

from __future__ import annotations

import math

import numpy as np

from estimation.linkage.partition_kernel.arrays import (
    EVENT,
    HOUSEHOLD,
    MINUS_ONE,
    TWO,
    ZERO,
    Coded,
    Output,
    Partition,
    Rates,
    Workspace,
)
from estimation.linkage.partition_kernel.field_likelihood import LOG_BIG, baseline, field_sum, level_of
from estimation.linkage.partition_kernel.group_likelihood import (
    NOBODY,
    event_term,
    gather_household,
    gather_person,
    shared_factor,
    value_in_household,
)
from estimation.linkage.partition_kernel.record_moves import draw_weighted
from estimation.work.kernels import njit

__all__ = ["draw_true_values"]


@njit(cache=False, nogil=True, inner=True)
def _draw_field(
    f: int,
    m: int,
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
    output: Output,
    rng: np.random.Generator,
) -> None:
    """Draw the true value of a field of the group in `Workspace.group`, and note who errs and how."""
    medoid, _ = field_sum(f, work.group, m, np.inf, coded, rates, state, work)
    if medoid < 0:
        return
    log_sum = math.log(max(work.total[state.bad[work.group[m - 1]]], 1e-300)) + work.total[2] * LOG_BIG
    target = log_sum + math.log(1.0 - rng.random())
    _, y = field_sum(f, work.group, m, target, coded, rates, state, work)
    for a in range(m):
        r = work.group[a]
        x = int(np.int64(state.values[r, f]))
        if x < 0:
            continue
        for b in range(a):
            other = int(np.int64(state.values[work.group[b], f]))
            if other >= 0:
                output.linked[f, level_of(f, x, other, coded)] += 1.0
        if y < 0:
            output.wrong[r, f] = 1
            level = level_of(f, medoid, x, coded)
            if level > 0:
                output.near_counts[f, 0 if level < 3 else 1] += 1.0
        else:
            level = level_of(f, y, x, coded)
            output.wrong[r, f] = level > 0
            output.level_counts[f, level] += 1.0


@njit(cache=False, nogil=True, inner=True)
def _draw_shared_events(
    household: int,
    f: int,
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
    output: Output,
    rng: np.random.Generator,
) -> None:
    """Draw the household's value of an event field, and who of its persons has it, which says what delta is."""
    n_persons, n_values = value_in_household(household, NOBODY, f, coded, rates, state, work)
    if n_persons < 2 or n_values == 0:
        return
    left = 1.0
    for d in range(n_values):
        y = work.values_present[d]
        probability = baseline(f, coded.value_starts[f] + y, TWO, rates)
        left -= probability
        work.option_log[d] = math.log(probability) + event_term(household, NOBODY, f, y, coded, rates, state, work)
    work.option_log[n_values] = math.log(max(left, 1e-9)) + event_term(
        household, NOBODY, f, MINUS_ONE, coded, rates, state, work
    )
    drawn = draw_weighted(work.option_log, n_values + 1, rng)
    y = work.values_present[drawn] if drawn < n_values else MINUS_ONE
    place, person = ZERO, state.first_person[household]
    while person >= 0:
        shared = work.none_factor[place]
        if y >= 0:
            m = gather_person(person, ZERO, state, work)
            shared = shared_factor(f, y, m, coded, rates, state, work)
        has_value = False
        m = gather_person(person, ZERO, state, work)
        for b in range(m):
            has_value = has_value or state.values[work.group[b], f] >= 0
        if has_value:
            log_shared = math.log(rates.shared_event[f]) + shared
            log_own = math.log(1.0 - rates.shared_event[f]) + work.event[place]
            is_shared = rng.random() < math.exp(log_shared - np.logaddexp(log_shared, log_own))
            output.event_counts[f, 1 if is_shared else 0] += 1.0
        place += 1
        person = state.next_person[person]


@njit(cache=False, nogil=True, inner=True)
def draw_true_values(
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
    output: Output,
    rng: np.random.Generator,
) -> None:
    """Draw all true values: of households for their fields, of persons for all others."""
    output.wrong[:, :] = -1
    output.near_counts[:, :] = 0.0
    output.level_counts[:, :] = 0.0
    output.linked[:, :] = 0.0
    output.event_counts[:, :] = 0.0
    for place in range(state.size.size):
        for f in range(coded.scope.size):
            if coded.scope[f] == HOUSEHOLD:
                if state.n_persons[place] > 0:
                    m = gather_household(place, state, work)
                    _draw_field(f, m, coded, rates, state, work, output, rng)
                continue
            if state.size[place] > 1:
                m = gather_person(place, ZERO, state, work)
                _draw_field(f, m, coded, rates, state, work, output, rng)
            if coded.scope[f] == EVENT and state.n_persons[place] > 1:
                _draw_shared_events(place, f, coded, rates, state, work, output, rng)
