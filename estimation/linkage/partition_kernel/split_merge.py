"""Split and merge of persons on a random candidate pair (Metropolis-Hastings, sequential allocation; Dahl 2005).

A pair (i, j) is drawn, either of its records first.  If both are one person, it is proposed to split: each other unit
of the person goes to the side of i or of j in random order, in proportion to the likelihood of the person fields.  The
side of j becomes a person of the same household or, as probable, of a new one.  If they are two persons, it is proposed
to merge them into the place of i's, which has the reverse move where both are in one household or that of j's person is
its own.  Qualities and readings stay as they are.
"""

from __future__ import annotations

import math

import numpy as np

from estimation.linkage.partition_kernel.arrays import (
    MINUS_ONE,
    ONE,
    PEOPLE,
    ZERO,
    Coded,
    Integers,
    Output,
    Partition,
    Rates,
    Workspace,
)
from estimation.linkage.partition_kernel.bookkeeping import (
    add_record,
    change_history_count,
    enter_household,
    leave_household,
    log_cell,
    log_growth,
    log_of_household_prior,
    open_household,
    open_person,
    remove_record,
)
from estimation.linkage.partition_kernel.field_likelihood import fields_log
from estimation.linkage.partition_kernel.group_likelihood import refresh_own, refresh_person
from estimation.linkage.partition_kernel.household_likelihood import household_log, refresh_household
from estimation.work.kernels import njit

__all__ = ["split_or_merge"]


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _units_of(person: int, first: int, second: int, n: int, coded: Coded, state: Partition, work: Workspace) -> int:
    """Append the units of a person to `Workspace.order`, those of two records left out."""
    r = state.first_record[person]
    while r >= 0:
        unit = coded.unit_of[r]
        if coded.unit_records[coded.unit_starts[unit]] == r and unit != first and unit != second:
            work.order[n] = unit
            n += 1
        r = state.next_record[r]
    return n


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _append_unit(unit: int, side: Integers, n: int, coded: Coded) -> int:
    """Append the records of a unit to a side."""
    for a in range(coded.unit_starts[unit], coded.unit_starts[unit + 1]):
        side[n] = coded.unit_records[a]
        n += 1
    return n


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _side_log(side: Integers, n: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> float:
    """Log likelihood of the person fields of a side."""
    fields_log(side, n, coded, rates, state, work, work.person)
    return float(work.person[state.bad[side[n - 1]]])


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _clash_log(side: Integers, before: int, n: int, coded: Coded, rates: Rates) -> float:
    """Log of the weight that the last records of a side lose by being a second time on a list; -inf if they cannot."""
    log_weight = 0.0
    for a in range(before, n):
        k = coded.list_of[side[a]]
        for b in range(before):
            if coded.list_of[side[b]] == k:
                if coded.duplicate_free[k]:
                    return -np.inf
                log_weight += rates.log_duplicates[k]
                break
        for b in range(coded.apart_starts[side[a]], coded.apart_starts[side[a] + 1]):
            for d in range(before):
                if side[d] == coded.apart[b]:
                    return -np.inf
    return log_weight


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _allocate(
    n_units: int,
    stays: int,
    n_stay: int,
    n_leave: int,
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
    rng: np.random.Generator,
) -> tuple[int, int, float, float, float]:
    """Deal the units in `Workspace.order` to two sides; with ``stays`` >= 0 as they lie, that person's records staying.

    Returns the records of each side, the log likelihoods of both, and the log probability of the allocation.
    """
    log_stay = _side_log(work.stay, n_stay, coded, rates, state, work)
    log_leave = _side_log(work.leave, n_leave, coded, rates, state, work)
    log_q = 0.0
    for a in range(n_units):
        unit = work.order[a]
        n_stay2 = _append_unit(unit, work.stay, n_stay, coded)
        n_leave2 = _append_unit(unit, work.leave, n_leave, coded)
        to_stay = _side_log(work.stay, n_stay2, coded, rates, state, work)
        to_leave = _side_log(work.leave, n_leave2, coded, rates, state, work)
        log_odds = to_stay - log_stay + _clash_log(work.stay, n_stay, n_stay2, coded, rates)
        other = to_leave - log_leave + _clash_log(work.leave, n_leave, n_leave2, coded, rates)
        if log_odds == -np.inf and other == -np.inf:
            return n_stay, n_leave, log_stay, log_leave, -np.inf
        whole = np.logaddexp(log_odds, other)
        goes_to_stay = rng.random() < math.exp(log_odds - whole)
        if stays >= 0:
            goes_to_stay = state.person_of[coded.unit_records[coded.unit_starts[unit]]] == stays
        if goes_to_stay:
            log_q += log_odds - whole
            n_stay, log_stay = n_stay2, to_stay
        else:
            log_q += other - whole
            n_leave, log_leave = n_leave2, to_leave
    return n_stay, n_leave, log_stay, log_leave, log_q


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _log_prior_of_split(stay: int, leave: int, n: int, coded: Coded, rates: Rates, state: Partition) -> float:
    """Log prior of two persons with these histories over the one with both, whom n people include; households apart.

    The table of histories counts neither of the two nor the one.
    """
    log_prior = log_growth(n, rates) - log_cell(stay | leave, ZERO, rates, state)
    log_prior += log_cell(stay, ZERO, rates, state) + log_cell(leave, ONE if stay == leave else ZERO, rates, state)
    for k in range(coded.duplicate_free.size):
        if (stay >> k) & 1 and (leave >> k) & 1:
            log_prior -= rates.log_truncation[k]
    return log_prior


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _move_records(side: Integers, n: int, person: int, coded: Coded, state: Partition) -> None:
    """Give records to a person."""
    for a in range(n):
        remove_record(side[a], coded, state)
        add_record(side[a], person, coded, state)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _split(
    i: int, j: int, coded: Coded, rates: Rates, state: Partition, work: Workspace, rng: np.random.Generator
) -> bool:
    """Propose to split the person of i and j."""
    person = state.person_of[i]
    household = state.household_of[person]
    n_units = _units_of(person, coded.unit_of[i], coded.unit_of[j], ZERO, coded, state, work)
    _shuffle(n_units, work, rng)
    n_stay = _append_unit(coded.unit_of[i], work.stay, ZERO, coded)
    n_leave = _append_unit(coded.unit_of[j], work.leave, ZERO, coded)
    n_stay, n_leave, log_stay, log_leave, log_q = _allocate(
        n_units, MINUS_ONE, n_stay, n_leave, coded, rates, state, work, rng
    )
    if log_q == -np.inf:
        return False
    n, n_persons = state.totals[PEOPLE], state.n_persons[household]
    is_same = False
    log_ratio = log_stay + log_leave - state.log_person[person] - log_q
    if coded.with_households:
        is_same = rng.random() < 0.5
        log_ratio += log_of_household_prior(n_persons if is_same else ZERO, n, rates, state) + math.log(2.0)
        log_ratio -= state.log_household[household]
    change_history_count(state.history[person], MINUS_ONE, state)
    other = open_person(state)
    _move_records(work.leave, n_leave, other, coded, state)
    log_ratio += _log_prior_of_split(state.history[person], state.history[other], n, coded, rates, state)
    enter_household(other, household if is_same else open_household(state), state)
    refresh_own(person, coded, rates, state, work)
    refresh_own(other, coded, rates, state, work)
    if coded.with_households:
        log_ratio += household_log(household, coded, rates, state, work)
        if not is_same:
            log_ratio += household_log(state.household_of[other], coded, rates, state, work)
    accepted = bool(math.log(1.0 - rng.random()) < log_ratio)
    if not accepted:
        leave_household(other, state)
        _move_records(work.leave, n_leave, person, coded, state)
        refresh_own(person, coded, rates, state, work)
    change_history_count(state.history[person], ONE, state)
    if accepted:
        change_history_count(state.history[other], ONE, state)
        _bring_up_to_date(other, coded, rates, state, work)
        _bring_up_to_date(person, coded, rates, state, work)
    return accepted


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _shuffle(n: int, work: Workspace, rng: np.random.Generator) -> None:
    """Put the first n entries of `Workspace.order` into random order."""
    for a in range(n - 1, 0, -1):
        b = int(rng.random() * (a + 1))
        work.order[a], work.order[b] = work.order[b], work.order[a]


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _bring_up_to_date(person: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Likelihoods of a person and its household, anew."""
    refresh_person(person, coded, rates, state, work)
    refresh_household(state.household_of[person], coded, rates, state, work)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _merge(
    i: int, j: int, coded: Coded, rates: Rates, state: Partition, work: Workspace, rng: np.random.Generator
) -> bool:
    """Propose to make one person, in the place of i's, of those of i and j."""
    person, other = state.person_of[i], state.person_of[j]
    household, left = state.household_of[person], state.household_of[other]
    is_same = household == left
    if not is_same and state.n_persons[left] > 1:
        return False
    for k in range(coded.duplicate_free.size):
        if coded.duplicate_free[k] and state.on_list[person, k] > 0 and state.on_list[other, k] > 0:
            return False
    if _are_apart(person, other, coded, state):
        return False
    n_units = _units_of(person, coded.unit_of[i], coded.unit_of[j], ZERO, coded, state, work)
    n_units = _units_of(other, coded.unit_of[i], coded.unit_of[j], n_units, coded, state, work)
    _shuffle(n_units, work, rng)
    n_stay = _append_unit(coded.unit_of[i], work.stay, ZERO, coded)
    n_leave = _append_unit(coded.unit_of[j], work.leave, ZERO, coded)
    n_stay, n_leave, _, _, log_q = _allocate(n_units, person, n_stay, n_leave, coded, rates, state, work, rng)
    n, n_persons = state.totals[PEOPLE] - 1, state.n_persons[household] - (1 if is_same else 0)
    change_history_count(state.history[person], MINUS_ONE, state)
    change_history_count(state.history[other], MINUS_ONE, state)
    log_ratio = log_q - _log_prior_of_split(state.history[person], state.history[other], n, coded, rates, state)
    log_ratio -= state.log_person[person] + state.log_person[other]
    if coded.with_households:
        log_ratio -= state.log_household[household]
        if not is_same:
            log_ratio -= state.log_household[left]
    logs = (state.log_person[other], state.log_household[left])
    leave_household(other, state)
    if coded.with_households:
        log_ratio -= log_of_household_prior(n_persons if is_same else ZERO, n, rates, state) + math.log(2.0)
    _move_records(work.leave, n_leave, person, coded, state)
    for a in range(n_leave):
        work.stay[n_stay + a] = work.leave[a]
    log_ratio += _side_log(work.stay, n_stay + n_leave, coded, rates, state, work)
    refresh_own(person, coded, rates, state, work)
    if coded.with_households:
        log_ratio += household_log(household, coded, rates, state, work)
    accepted = bool(math.log(1.0 - rng.random()) < log_ratio)
    if not accepted:
        other = _undo_merge(n_leave, is_same, household, logs, coded, state, work)
        refresh_own(person, coded, rates, state, work)
        refresh_own(other, coded, rates, state, work)
    change_history_count(state.history[person], ONE, state)
    if accepted:
        _bring_up_to_date(person, coded, rates, state, work)
    return accepted


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _are_apart(person: int, other: int, coded: Coded, state: Partition) -> bool:
    """Whether a decision keeps records of two persons apart."""
    r = state.first_record[person]
    while r >= 0:
        for b in range(coded.apart_starts[r], coded.apart_starts[r + 1]):
            if state.person_of[coded.apart[b]] == other:
                return True
        r = state.next_record[r]
    return False


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _undo_merge(
    n_leave: int,
    is_same: bool,
    household: int,
    logs: tuple[float, float],
    coded: Coded,
    state: Partition,
    work: Workspace,
) -> int:
    """Put back the person that was merged into another, in its own places: what was given up last is opened first."""
    other = open_person(state)
    place = household if is_same else open_household(state)
    enter_household(other, place, state)
    _move_records(work.leave, n_leave, other, coded, state)
    change_history_count(state.history[other], ONE, state)
    state.log_person[other], state.log_household[place] = logs
    return other


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def split_or_merge(
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
    output: Output,
    rng: np.random.Generator,
) -> None:
    """One proposal on a random candidate pair."""
    pair = int(rng.random() * coded.first.size)
    i, j = coded.first[pair], coded.second[pair]
    if rng.random() < 0.5:
        i, j = j, i
    if coded.unit_of[i] == coded.unit_of[j]:
        return
    output.tried[0] += 1
    if state.person_of[i] == state.person_of[j]:
        accepted = _split(i, j, coded, rates, state, work, rng)
    else:
        accepted = _merge(i, j, coded, rates, state, work, rng)
    output.tried[1] += accepted
