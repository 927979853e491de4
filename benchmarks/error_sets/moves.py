"""Moves of records, splits and merges, and who then errs where: the sampler of `linkage_error_sets.py`."""

import math

import numpy as np
from error_sets.likelihood import Memory, gather, group_log, person_log, sum_over_values

from estimation.linkage.partition_kernel.arrays import MINUS_ONE, ONE, PEOPLE, ZERO, Coded, Output, Partition, Rates
from estimation.linkage.partition_kernel.bookkeeping import (
    add_record,
    change_history_count,
    count_histories,
    log_cell,
    log_growth,
    open_person,
    remove_record,
)
from estimation.linkage.partition_kernel.field_likelihood import level_of
from estimation.linkage.partition_kernel.record_moves import draw_weighted
from estimation.work.kernels import by_reference, njit


@njit(cache=False, nogil=True, inner=True)
def log_joining(k, history, coded, rates, state):
    """Log prior of a person with one more record on list k over that without; history 0 is a new person."""
    joined = history | (ONE << k)
    if joined == history:
        return -np.inf if coded.duplicate_free[k] else rates.log_duplicates[k]
    log_prior = rates.log_duplicates[k] - rates.log_truncation[k] + log_cell(joined, ZERO, rates, state)
    if history == 0:
        return log_prior + log_growth(state.totals[PEOPLE], rates)
    return log_prior - log_cell(history, MINUS_ONE, rates, state)


@njit(cache=False, nogil=True, inner=True)
def move_record(record, coded, rates, state, memory, rng):
    """Draw to whom a record belongs, given all others."""
    k, left = coded.list_of[record], state.person_of[record]
    change_history_count(state.history[left], MINUS_ONE, state)
    remove_record(record, coded, state)
    if state.size[left] > 0:
        change_history_count(state.history[left], ONE, state)
        state.log_person[left] = person_log(left, coded, rates, state, memory)
    memory.option_person[0], memory.option_group[0] = -1, 0.0
    memory.option_log[0] = log_joining(k, ZERO, coded, rates, state)
    n, start, end = 1, coded.adjacent_starts[record], coded.adjacent_starts[record + 1]
    for b in range(start, end):
        memory.seen[state.person_of[coded.adjacent[b]]] = 0
    for b in range(start, end):
        person = state.person_of[coded.adjacent[b]]
        if memory.seen[person] == 1:
            continue
        memory.seen[person] = 1
        m = gather(person, state, memory)
        memory.group[m] = record
        found = group_log(m + 1, coded, rates, state, memory)
        log_prior = log_joining(k, state.history[person], coded, rates, state)
        memory.option_person[n], memory.option_group[n] = person, found
        memory.option_log[n] = found - state.log_person[person] + log_prior
        n += 1
    option = draw_weighted(memory.option_log, n, rng)
    person = memory.option_person[option]
    if person < 0:
        person = open_person(state)
    else:
        change_history_count(state.history[person], MINUS_ONE, state)
    add_record(record, person, coded, state)
    change_history_count(state.history[person], ONE, state)
    state.log_person[person] = memory.option_group[option]


@njit(cache=False, nogil=True, inner=True)
def log_split(stay, leave, n, coded, rates, state):
    """Log prior of two persons with these histories over the one with both, whom n people include; none is counted."""
    log_prior = log_growth(n, rates) - log_cell(stay | leave, ZERO, rates, state)
    log_prior += log_cell(stay, ZERO, rates, state) + log_cell(leave, ONE if stay == leave else ZERO, rates, state)
    for k in range(coded.duplicate_free.size):
        if (stay >> k) & (leave >> k) & 1:
            log_prior += np.inf if coded.duplicate_free[k] else -rates.log_truncation[k]
    return log_prior


@njit(cache=False, nogil=True, inner=True)
def give(n, person, coded, state, memory):
    """Give the records in `Memory.leaving` to a person."""
    for a in range(n):
        remove_record(memory.leaving[a], coded, state)
        add_record(memory.leaving[a], person, coded, state)


@njit(cache=False, nogil=True, inner=True)
def split_or_merge(coded, rates, state, memory, rng):
    """Propose to split the person of a random candidate pair, each other record to an even side, or to merge two."""
    pair = int(rng.random() * coded.first.size)
    i, j = coded.first[pair], coded.second[pair]
    one, other = state.person_of[i], state.person_of[j]
    is_split, n = one == other, 0
    m = gather(other, state, memory)
    for a in range(m):
        r = memory.group[a]
        if not is_split or r == j or (r != i and rng.random() < 0.5):
            memory.leaving[n], n = r, n + 1
    n_before = state.totals[PEOPLE]
    logs = (state.log_person[one], state.log_person[other])
    change_history_count(state.history[one], MINUS_ONE, state)
    if is_split:
        other = open_person(state)
        give(n, other, coded, state, memory)
        stay, leave = person_log(one, coded, rates, state, memory), person_log(other, coded, rates, state, memory)
        log_ratio = stay + leave - logs[0] + (m - 2) * math.log(2.0)
        log_ratio += log_split(state.history[one], state.history[other], n_before, coded, rates, state)
    else:
        change_history_count(state.history[other], MINUS_ONE, state)
        log_ratio = -log_split(state.history[one], state.history[other], n_before - 1, coded, rates, state)
        give(n, one, coded, state, memory)
        stay, leave = person_log(one, coded, rates, state, memory), 0.0
        log_ratio += stay - logs[0] - logs[1] - (state.size[one] - 2) * math.log(2.0)
    accepted = math.log(1.0 - rng.random()) < log_ratio
    if not accepted:
        stay, leave = logs
        if not is_split:
            other = open_person(state)
        give(n, one if is_split else other, coded, state, memory)
    state.log_person[one] = stay
    change_history_count(state.history[one], ONE, state)
    if is_split == accepted:
        state.log_person[other] = leave
        change_history_count(state.history[other], ONE, state)


@njit(cache=False, nogil=True, inner=True)
def note_errors(f, m, coded, state, memory, output):
    """Note who of the group errs in a field and how, for the true values that were drawn."""
    y = memory.value[f, memory.next_value[f] - 1]
    for a in range(m):
        r = memory.group[a]
        x = int(np.int64(state.values[r, f]))
        if x < 0:
            continue
        for b in range(a):
            if state.values[memory.group[b], f] >= 0:
                output.linked[f, level_of(f, x, int(np.int64(state.values[memory.group[b], f])), coded)] += 1.0
        level = level_of(f, y if y >= 0 else memory.medoid[f], x, coded)
        output.wrong[r, f] = level > 0 or y < 0
        if y >= 0:
            output.level_counts[f, level] += 1.0
        elif level > 0:
            output.near_counts[f, 0 if level < 3 else 1] += 1.0


@njit(cache=False, nogil=True, inner=True)
def run_inside(n_sweeps, visited, order, coded, rates, state, memory, output, rng):
    """As `run_sweeps`, its arrays by reference."""
    count_histories(state)
    for person in range(state.size.size):
        if state.size[person] > 0:
            state.log_person[person] = person_log(person, coded, rates, state, memory)
    for sweep in range(n_sweeps):
        for a in range(order.size - 1, 0, -1):
            b = int(rng.random() * (a + 1))
            order[a], order[b] = order[b], order[a]
        for a in range(order.size):
            move_record(order[a], coded, rates, state, memory, rng)
        for _ in range(order.size // 2 if coded.first.size > 0 else 0):
            split_or_merge(coded, rates, state, memory, rng)
        count_histories(state)
        if visited.shape[0] > 0:
            visited[sweep, :] = state.person_of
    for person in range(state.size.size):
        m = gather(person, state, memory) if state.size[person] > 1 else 0
        if m > 0:
            group_log(m, coded, rates, state, memory)
            whole = sum_over_values(m, np.inf, coded, memory)
            sum_over_values(m, whole * rng.random(), coded, memory)
            for f in range(memory.said.size):
                if memory.said[f] > 0:
                    note_errors(f, m, coded, state, memory, output)


CODED, RATES, STATE, MEMORY, OUTPUT = (
    by_reference(kind._fields, f"{kind.__name__}OfErrorSets") for kind in (Coded, Rates, Partition, Memory, Output)
)


@njit(cache=False, nogil=True)
def run_sweeps(n_sweeps, visited, order, coded, rates, state, memory, output, rng):
    """Sweeps under the same parameters, then who errs where."""
    run_inside(
        n_sweeps, visited, order, CODED(*coded), RATES(*rates), STATE(*state), MEMORY(*memory), OUTPUT(*output), rng
    )
