"""Gibbs moves of persons between households: a new one, or one of somebody who shares a candidate pair with them."""

from __future__ import annotations

import numpy as np

from estimation.linkage.partition_kernel.arrays import ONE, PEOPLE, ZERO, Coded, Partition, Rates, Workspace
from estimation.linkage.partition_kernel.bookkeeping import (
    enter_household,
    leave_household,
    log_of_household_prior,
    open_household,
)
from estimation.linkage.partition_kernel.household_likelihood import household_log, refresh_household
from estimation.linkage.partition_kernel.record_moves import draw_weighted
from estimation.work.kernels import njit

__all__ = ["move_person"]


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _weigh_household(option: int, person: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """The log weight of a person's joining a household, who is in none."""
    household = work.option_household[option]
    before, n_before = 0.0, state.n_persons[household]
    if n_before > 0:
        before = state.log_household[household]
    n = state.totals[PEOPLE]
    prior = log_of_household_prior(n_before, n, rates, state)
    enter_household(person, household, state)
    after = household_log(household, coded, rates, state, work)
    work.option_log[option] = prior + after - before
    if n_before > 0:
        leave_household(person, state)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def move_person(
    person: int, coded: Coded, rates: Rates, state: Partition, work: Workspace, rng: np.random.Generator
) -> None:
    """Draw a person's household given all others."""
    old = state.household_of[person]
    leave_household(person, state)
    if state.n_persons[old] > 0:
        refresh_household(old, coded, rates, state, work)
    own = open_household(state)
    work.option_household[0] = own
    n = ONE
    work.stamp[0] += 1
    work.household_stamp[own] = work.stamp[0]
    r = state.first_record[person]
    while r >= 0:
        for b in range(coded.adjacent_starts[r], coded.adjacent_starts[r + 1]):
            other = state.person_of[coded.adjacent[b]]
            household = state.household_of[other]
            if other != person and work.household_stamp[household] != work.stamp[0]:
                work.household_stamp[household] = work.stamp[0]
                work.option_household[n] = household
                n += 1
        r = state.next_record[r]
    for option in range(1, n):
        _weigh_household(option, person, coded, rates, state, work)
    _weigh_household(ZERO, person, coded, rates, state, work)
    option = draw_weighted(work.option_log, n, rng)
    if option > 0:
        leave_household(person, state)
        enter_household(person, work.option_household[option], state)
    refresh_household(work.option_household[option], coded, rates, state, work)
