"""Records of persons, persons of households, people of each history: the partition kept in order while it changes."""

from __future__ import annotations

import math

from estimation.linkage.partition_kernel.arrays import (
    HOUSEHOLDS,
    ONE,
    PEOPLE,
    SPARE_HOUSEHOLDS,
    SPARE_PERSONS,
    Coded,
    Partition,
    Rates,
)
from estimation.work.kernels import njit

__all__ = [
    "add_record",
    "change_history_count",
    "count_histories",
    "enter_household",
    "leave_household",
    "log_cell",
    "log_growth",
    "log_of_household_prior",
    "open_household",
    "open_person",
    "remove_record",
]

_MIX = -7046029254386353131  # an odd number of 64 bits, 2^64 divided by the golden ratio


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _slot(history: int, state: Partition) -> int:
    """The place of a history in the hash table, or the empty one where it would stand."""
    last = state.history_keys.size - 1
    mixed = history * _MIX
    place = ((mixed >> 29) ^ mixed) & last
    while state.history_keys[place] != history and state.history_keys[place] >= 0:
        place = (place + 1) & last
    return place


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def change_history_count(history: int, change: int, state: Partition) -> None:
    """Add people with a history, or take some away."""
    place = _slot(history, state)
    state.history_keys[place] = history
    state.history_counts[place] += change


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def count_histories(state: Partition) -> None:
    """Count the people of each history from nothing, which drops histories that nobody has any more."""
    for place in range(state.history_keys.size):
        state.history_keys[place], state.history_counts[place] = -1, 0
    for person in range(state.size.size):
        if state.size[person] > 0:
            change_history_count(state.history[person], ONE, state)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def log_cell(history: int, besides: int, rates: Rates, state: Partition) -> float:
    """Log of n_h + alpha_h, ``besides`` people added, or a capture model's log cell probability."""
    if rates.log_cells.size > 0:
        return float(rates.log_cells[history])
    log_base = rates.log_base
    for k in range(rates.log_odds.size):
        if (history >> k) & 1:
            log_base += rates.log_odds[k]
    people = state.history_counts[_slot(history, state)] + besides
    return math.log(people + math.exp(log_base))


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def log_growth(n: int, rates: Rates) -> float:
    """Log prior of n + 1 people over n, without the history of the new one."""
    if rates.log_cells.size > 0:
        before = rates.log_people[n] if n > 0 else 0.0
        return float(math.log(n + 1.0) + rates.log_people[n + 1] - before)
    return (
        (1.0 - rates.people_power) * math.log(n + 1.0)
        + rates.people_power * math.log(max(n, 1))
        - math.log(n + rates.base_total)
    )


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _base_of_size(size: int, rates: Rates) -> float:
    """The prior weight of a size of households."""
    return float(rates.household_weight / (size * (size + 1.0)))


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def log_of_household_prior(size: int, n: int, rates: Rates, state: Partition) -> float:
    """Log prior of one more person in a household of ``size`` persons (0: a new one), n persons being in households."""
    others = _base_of_size(size + 1, rates) + state.household_sizes[size + 1]
    n_households = float(state.totals[HOUSEHOLDS])
    if size == 0:
        return math.log((n_households + 1.0) * others / (rates.household_weight + n_households) / (n + 1.0))
    alike = _base_of_size(size, rates) + state.household_sizes[size] - 1.0
    return math.log((size + 1.0) * others / alike / (n + 1.0))


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def open_person(state: Partition) -> int:
    """A person without records or household."""
    state.totals[SPARE_PERSONS] -= 1
    person = int(state.spare_persons[state.totals[SPARE_PERSONS]])
    state.totals[PEOPLE] += 1
    state.first_record[person] = -1
    state.size[person] = 0
    state.history[person] = 0
    for k in range(state.on_list.shape[1]):
        state.on_list[person, k] = 0
    state.log_person[person] = 0.0
    return person


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def open_household(state: Partition) -> int:
    """A household without persons."""
    state.totals[SPARE_HOUSEHOLDS] -= 1
    household = int(state.spare_households[state.totals[SPARE_HOUSEHOLDS]])
    state.totals[HOUSEHOLDS] += 1
    state.first_person[household] = -1
    state.n_persons[household] = 0
    state.log_household[household] = 0.0
    return household


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def enter_household(person: int, household: int, state: Partition) -> None:
    """Put a person into a household."""
    following = state.first_person[household]
    state.next_person[person] = following
    state.previous_person[person] = -1
    if following >= 0:
        state.previous_person[following] = person
    state.first_person[household] = person
    size = state.n_persons[household]
    if size > 0:
        state.household_sizes[size] -= 1
    state.household_sizes[size + 1] += 1
    state.n_persons[household] = size + 1
    state.household_of[person] = household


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def leave_household(person: int, state: Partition) -> None:
    """Take a person out of its household, which is given up if nobody is left."""
    household = state.household_of[person]
    before, following = state.previous_person[person], state.next_person[person]
    if before >= 0:
        state.next_person[before] = following
    else:
        state.first_person[household] = following
    if following >= 0:
        state.previous_person[following] = before
    size = state.n_persons[household]
    state.household_sizes[size] -= 1
    state.n_persons[household] = size - 1
    if size > 1:
        state.household_sizes[size - 1] += 1
    else:
        state.spare_households[state.totals[SPARE_HOUSEHOLDS]] = household
        state.totals[SPARE_HOUSEHOLDS] += 1
        state.totals[HOUSEHOLDS] -= 1


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def add_record(record: int, person: int, coded: Coded, state: Partition) -> None:
    """Put a record to a person; the table of histories is left to the caller."""
    following = state.first_record[person]
    state.next_record[record] = following
    state.previous_record[record] = -1
    if following >= 0:
        state.previous_record[following] = record
    state.first_record[person] = record
    state.size[person] += 1
    k = coded.list_of[record]
    state.on_list[person, k] += 1
    state.history[person] |= 1 << k
    state.person_of[record] = person


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def remove_record(record: int, coded: Coded, state: Partition) -> None:
    """Take a record from its person, who is given up if none is left; history table and household are left alone."""
    person = state.person_of[record]
    before, following = state.previous_record[record], state.next_record[record]
    if before >= 0:
        state.next_record[before] = following
    else:
        state.first_record[person] = following
    if following >= 0:
        state.previous_record[following] = before
    state.size[person] -= 1
    k = coded.list_of[record]
    state.on_list[person, k] -= 1
    if state.on_list[person, k] == 0:
        state.history[person] &= ~(1 << k)
    if state.size[person] == 0:
        state.spare_persons[state.totals[SPARE_PERSONS]] = person
        state.totals[SPARE_PERSONS] += 1
        state.totals[PEOPLE] -= 1
