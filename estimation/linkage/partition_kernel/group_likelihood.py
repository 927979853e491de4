"""What all fields say of a person: its records gathered, its own fields, and alone those of a household."""

from __future__ import annotations

import math
from typing import cast

import numpy as np

from estimation.linkage.partition_kernel.arrays import (
    HOUSEHOLD,
    MINUS_ONE,
    ZERO,
    Coded,
    Floats,
    Partition,
    Rates,
    Workspace,
)
from estimation.linkage.partition_kernel.field_likelihood import LOG_BIG, field_sum, fields_log
from estimation.work.kernels import njit

__all__ = [
    "NEW_PERSON",
    "append_moving",
    "gather_person",
    "refresh_own",
    "refresh_person",
]

NEW_PERSON = cast(int, np.int64(-2))
"""To whom the moving records are added, other than a person."""


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def gather_person(person: int, n: int, state: Partition, work: Workspace) -> int:
    """Append a person's records to `Workspace.group` from place n, the moving ones left out."""
    r = state.first_record[person]
    while r >= 0:
        if not work.is_moving[r]:
            work.group[n] = r
            n += 1
        r = state.next_record[r]
    return n


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def append_moving(n: int, work: Workspace) -> int:
    """Append the moving records to `Workspace.group`."""
    for a in range(work.n_moving[0]):
        work.group[n] = work.moving[a]
        n += 1
    return n


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _log_of_last(n: int, out: Floats, state: Partition, work: Workspace) -> float:
    """Of two log likelihoods that for the quality that the last record of the group has."""
    return out[state.bad[work.group[n - 1]]] if n > 0 else 0.0


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
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


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def refresh_own(person: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Compute anew what a person says alone of the fields of households, the moving records left out."""
    if not coded.with_households:
        return
    n = gather_person(person, ZERO, state, work)
    for f in range(coded.scope.size):
        if coded.scope[f] == HOUSEHOLD:
            own, none = _own_and_none(f, n, coded, rates, state, work)
            state.log_own[person, f], state.log_none[person, f] = own, none


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def refresh_person(person: int, coded: Coded, rates: Rates, state: Partition, work: Workspace) -> None:
    """Compute anew the likelihood of a person's fields, and what it says alone of those of households."""
    n = gather_person(person, ZERO, state, work)
    fields_log(work.group, n, coded, rates, state, work, work.person)
    state.log_person[person] = _log_of_last(n, work.person, state, work)
    refresh_own(person, coded, rates, state, work)
