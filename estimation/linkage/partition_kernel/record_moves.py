"""Gibbs moves of records (or of units that must be linked): to whom it belongs, and how good it is and how it is read.

The quality and the reading of a record that moves are summed out, and drawn once its person is drawn.
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
    Floats,
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
from estimation.linkage.partition_kernel.group_likelihood import (
    NEW_PERSON,
    append_moving,
    gather_person,
    refresh_own,
    refresh_person,
)
from estimation.linkage.partition_kernel.household_likelihood import refresh_household
from estimation.linkage.partition_kernel.household_tables import fill_household_tables, household_of_option
from estimation.work.kernels import njit

__all__ = ["draw_state", "draw_weighted", "move_unit", "read_as", "redraw_states", "start_moving", "stop_moving"]


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def draw_weighted(logs: Floats, n: int, rng: np.random.Generator) -> int:
    """One of n places with probability proportional to the exponential of its entry."""
    largest = -np.inf
    for a in range(n):
        largest = max(largest, logs[a])
    total = 0.0
    for a in range(n):
        total += math.exp(logs[a] - largest)
    left = rng.random() * total
    for a in range(n):
        left -= math.exp(logs[a] - largest)
        if left < 0.0:
            return a
    return n - 1


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def start_moving(unit: int, coded: Coded, work: Workspace) -> None:
    """Mark the records of a unit as moving."""
    n = 0
    for a in range(coded.unit_starts[unit], coded.unit_starts[unit + 1]):
        work.moving[n] = coded.unit_records[a]
        work.is_moving[work.moving[n]] = True
        n += 1
    work.n_moving[0] = n


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def stop_moving(work: Workspace) -> None:
    """Nothing moves any more."""
    for a in range(work.n_moving[0]):
        work.is_moving[work.moving[a]] = False
    work.n_moving[0] = 0


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def read_as(record: int, reading: int, coded: Coded, state: Partition) -> None:
    """Read a record in one of its ways."""
    if state.reading[record] != reading:
        state.reading[record] = reading
        for f in range(coded.scope.size):
            state.values[record, f] = coded.codes[reading, f]


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def may_join(person: int, coded: Coded, state: Partition, work: Workspace) -> bool:
    """Whether the moving records may belong to a person: no list free of duplicates twice, no decision against it."""
    for a in range(work.n_moving[0]):
        r = work.moving[a]
        k = coded.list_of[r]
        if coded.duplicate_free[k] and state.on_list[person, k] > 0:
            return False
        for b in range(coded.apart_starts[r], coded.apart_starts[r + 1]):
            if state.person_of[coded.apart[b]] == person and not work.is_moving[coded.apart[b]]:
                return False
    return True


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def log_joining(person: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> float:
    """Log prior of a person with the moving records over that without; a new person (-2) over nobody."""
    history = state.history[person] if person >= 0 else ZERO
    joined, log_prior = history, 0.0
    for a in range(work.n_moving[0]):
        k = coded.list_of[work.moving[a]]
        log_prior += rates.log_duplicates[k]
        if not (joined >> k) & 1:
            log_prior -= rates.log_truncation[k]
            joined |= 1 << k
    if person < 0:
        return log_prior + log_growth(state.totals[PEOPLE], rates) + log_cell(joined, ZERO, rates, state)
    if joined != history:
        log_prior += log_cell(joined, ZERO, rates, state) - log_cell(history, MINUS_ONE, rates, state)
    return log_prior


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def add_option(n: int, person: int, household: int, log_prior: float, coded: Coded, work: Workspace) -> int:
    """Note an option, after the others of its household."""
    work.option_person[n], work.option_household[n], work.option_prior[n] = person, household, log_prior
    work.option_next[n], work.option_is_first[n] = -1, True
    if household >= 0 and coded.with_households:
        if work.household_stamp[household] == work.stamp[0]:
            work.option_is_first[n] = False
            work.option_next[work.last_option[household]] = n
        work.household_stamp[household] = work.stamp[0]
        work.last_option[household] = n
    return n + 1


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def list_options(coded: Coded, rates: Rates, state: Partition, work: Workspace) -> int:
    """Whom the moving records can belong to, with log priors: a new person, persons of candidates, their households."""
    n_people = state.totals[PEOPLE]
    log_new = log_joining(NEW_PERSON, coded, rates, state, work)
    log_alone = log_new + (log_of_household_prior(ZERO, n_people, rates, state) if coded.with_households else 0.0)
    work.stamp[0] += 1
    n = add_option(ZERO, NEW_PERSON, MINUS_ONE, log_alone, coded, work)
    for a in range(work.n_moving[0]):
        r = work.moving[a]
        for b in range(coded.adjacent_starts[r], coded.adjacent_starts[r + 1]):
            other = coded.adjacent[b]
            person = state.person_of[other]
            if work.is_moving[other] or work.person_stamp[person] == work.stamp[0]:
                continue
            work.person_stamp[person] = work.stamp[0]
            household = state.household_of[person]
            if coded.with_households and work.household_stamp[household] != work.stamp[0]:
                size = state.n_persons[household]
                log_prior = log_new + log_of_household_prior(size, n_people, rates, state)
                n = add_option(n, NEW_PERSON, household, log_prior, coded, work)
            if may_join(person, coded, state, work):
                log_prior = log_joining(person, coded, rates, state, work)
                n = add_option(n, person, household, log_prior, coded, work)
    return n


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def option_logs(option: int, has_tables: bool, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Log likelihood of an option over the records elsewhere, for the last moving record good and bad.

    In `Workspace.person`; ``has_tables`` says whether those of its household are filled.
    """
    person, household = work.option_person[option], work.option_household[option]
    before, n = 0.0, ZERO
    if person >= 0:
        n = gather_person(person, n, state, work)
        before = state.log_person[person]
    n = append_moving(n, work)
    fields_log(work.group, n, coded, rates, state, work, work.person)
    if coded.with_households and (household >= 0 or n > 1):
        household_of_option(household, person, has_tables, coded, rates, state, work)
        work.person[0] += work.option_household_log[0]
        work.person[1] += work.option_household_log[1]
        if household >= 0:
            before += state.log_household[household]
    work.person[0] -= before
    work.person[1] -= before


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def has_household_tables(household: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> bool:
    """Fill the tables that options of one household have in common, where there is one and it is not too large."""
    return coded.with_households and household >= 0 and fill_household_tables(household, coded, rates, state, work)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def weigh_household(
    option: int, log_good: float, log_bad: float, coded: Coded, rates: Rates, state: Partition, work: Workspace
) -> None:
    """Add to the weights of all options in the household of one, for the qualities and the reading as they are."""
    has_tables = has_household_tables(work.option_household[option], coded, rates, state, work)
    last = work.moving[work.n_moving[0] - 1]
    while option >= 0:
        option_logs(option, has_tables, coded, rates, state, work)
        found = work.person[state.bad[last]]
        if work.n_moving[0] == 1:
            found = np.logaddexp(log_good + work.person[0], log_bad + work.person[1])
        work.option_log[option] = np.logaddexp(work.option_log[option], found)
        option = work.option_next[option]


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def weigh_options(n: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Likelihoods and log priors of the options; quality and reading of a single record are summed out."""
    last = work.moving[work.n_moving[0] - 1]
    log_bad = math.log(rates.bad[coded.list_of[last]])
    log_good = math.log(1.0 - rates.bad[coded.list_of[last]])
    for option in range(n):
        work.option_log[option] = -np.inf
    start, end = coded.reading_starts[last], coded.reading_starts[last + 1]
    if work.n_moving[0] > 1:
        start, end = state.reading[last], state.reading[last] + 1
    for reading in range(start, end):
        read_as(last, reading, coded, state)
        log_reading = rates.log_reading[reading]
        for option in range(n):
            if work.option_is_first[option]:
                weigh_household(option, log_good + log_reading, log_bad + log_reading, coded, rates, state, work)
    for option in range(n):
        work.option_log[option] += work.option_prior[option]


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def draw_state(
    option: int, coded: Coded, rates: Rates, state: Partition, work: Workspace, rng: np.random.Generator
) -> None:
    """Draw how good the one moving record is and how it is read, given to whom it belongs."""
    record = work.moving[0]
    log_bad = math.log(rates.bad[coded.list_of[record]])
    log_good = math.log(1.0 - rates.bad[coded.list_of[record]])
    start, n = coded.reading_starts[record], ZERO
    for reading in range(start, coded.reading_starts[record + 1]):
        read_as(record, reading, coded, state)
        has_tables = has_household_tables(work.option_household[option], coded, rates, state, work)
        option_logs(option, has_tables, coded, rates, state, work)
        work.state_log[n] = rates.log_reading[reading] + log_good + work.person[0]
        work.state_log[n + 1] = rates.log_reading[reading] + log_bad + work.person[1]
        n += 2
    drawn = draw_weighted(work.state_log, n, rng)
    read_as(record, start + drawn // 2, coded, state)
    state.bad[record] = drawn % 2


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def take_out(coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Take the moving records from their person, and bring what is left up to date."""
    person = state.person_of[work.moving[0]]
    household = state.household_of[person]
    change_history_count(state.history[person], MINUS_ONE, state)
    for a in range(work.n_moving[0]):
        remove_record(work.moving[a], coded, state)
    if state.size[person] == 0:
        leave_household(person, state)
    else:
        change_history_count(state.history[person], ONE, state)
        refresh_person(person, coded, rates, state, work)
    if state.n_persons[household] > 0:
        refresh_household(household, coded, rates, state, work)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def put_in(option: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Give the moving records to whom an option says, and bring it up to date."""
    person, household = work.option_person[option], work.option_household[option]
    if person >= 0:
        change_history_count(state.history[person], MINUS_ONE, state)
    else:
        person = open_person(state)
        if household < 0:
            household = open_household(state)
        enter_household(person, household, state)
    for a in range(work.n_moving[0]):
        add_record(work.moving[a], person, coded, state)
    change_history_count(state.history[person], ONE, state)
    stop_moving(work)
    refresh_person(person, coded, rates, state, work)
    refresh_household(household, coded, rates, state, work)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def move_unit(
    unit: int, coded: Coded, rates: Rates, state: Partition, work: Workspace, rng: np.random.Generator
) -> None:
    """Draw to whom a unit belongs given all others; of a single record also its quality and its reading."""
    start_moving(unit, coded, work)
    take_out(coded, rates, state, work)
    n = list_options(coded, rates, state, work)
    weigh_options(n, coded, rates, state, work)
    option = draw_weighted(work.option_log, n, rng)
    if work.n_moving[0] == 1:
        draw_state(option, coded, rates, state, work, rng)
    put_in(option, coded, rates, state, work)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def redraw_states(
    unit: int, coded: Coded, rates: Rates, state: Partition, work: Workspace, rng: np.random.Generator
) -> None:
    """Draw quality and reading of each record of a unit of several, which stays where it is."""
    for a in range(coded.unit_starts[unit], coded.unit_starts[unit + 1]):
        record = coded.unit_records[a]
        work.moving[0], work.n_moving[0] = record, 1
        work.is_moving[record] = True
        person = state.person_of[record]
        refresh_own(person, coded, rates, state, work)
        work.option_person[0], work.option_household[0] = person, state.household_of[person]
        draw_state(ZERO, coded, rates, state, work, rng)
        stop_moving(work)
        refresh_person(person, coded, rates, state, work)
        refresh_household(state.household_of[person], coded, rates, state, work)
