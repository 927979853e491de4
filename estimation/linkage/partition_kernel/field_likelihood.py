"""What one field says of a group of records: the sum over the hidden true value, relative to the records alone.

Products over many records leave the range of a float, so a term is (p_0, p_1, x): p_z times `BIG` to the power x, with
z the quality of the last record of the group.
"""

from __future__ import annotations

import math

import numpy as np

from estimation.linkage.partition_kernel.arrays import (
    MINUS_ONE,
    PERSON,
    TWO,
    ZERO,
    Coded,
    Floats,
    Integers,
    Partition,
    Rates,
    Workspace,
)
from estimation.work.kernels import njit

__all__ = [
    "BIG",
    "LOG_BIG",
    "add_term",
    "baseline",
    "field_sum",
    "fields_log",
    "level_of",
    "multiply",
    "none_term",
    "value_term",
]

BIG = 1e100
LOG_BIG = math.log(BIG)
REPEATED = 0.05
"""The factor of a further record that repeats an erroneous value while nobody shows the true one."""


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def level_of(f: int, x: int, y: int, coded: Coded) -> int:
    """The level between two values of a field."""
    if x == y:
        return 0
    place = coded.value_starts[f] + f + x
    low, high = coded.near_starts[place], coded.near_starts[place + 1]
    while low < high:
        middle = (low + high) >> 1
        if coded.neighbours[middle] < y:
            low = middle + 1
        else:
            high = middle
    if low < coded.near_starts[place + 1] and coded.neighbours[low] == y:
        return int(coded.levels[low])
    return 3


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def baseline(f: int, place: int, copies: int, rates: Rates) -> float:
    """b_x(j): the probability that the j-th record of a group would show value x if it were another person's."""
    others = max(rates.alike[place] - copies, 0.0) * rates.people_per_record[f]
    whole = rates.filled[f] * rates.people_per_record[f] + rates.concentration[f]
    return float((1.0 - rates.discount[f] + others) / whole)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def multiply(term: Floats, a: float, b: float) -> None:
    """Multiply a term by a where the last record is good and by b where it is bad."""
    term[0] *= a
    term[1] *= b
    largest = max(term[0], term[1])
    if largest > BIG:
        term[0] /= BIG
        term[1] /= BIG
        term[2] += 1.0
    elif largest < 1.0 / BIG:
        term[0] *= BIG
        term[1] *= BIG
        term[2] -= 1.0


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def add_term(total: Floats, term: Floats) -> None:
    """Add a term to a sum of terms."""
    if total[0] == 0.0 and total[1] == 0.0:
        total[0], total[1], total[2] = term[0], term[1], term[2]
        return
    apart = term[2] - total[2]
    if apart == 0.0:
        total[0] += term[0]
        total[1] += term[1]
    elif apart > 0.0:
        scale = BIG**-apart
        total[0] = total[0] * scale + term[0]
        total[1] = total[1] * scale + term[1]
        total[2] = term[2]
    else:
        scale = BIG**apart
        total[0] += term[0] * scale
        total[1] += term[1] * scale


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _survey(
    f: int, y: int, group: Integers, m: int, n: int, coded: Coded, rates: Rates, state: Partition, work: Workspace
) -> int:
    """The levels of the group around y, q / U of each level, and the distance of all: -1 - that if y cannot be true.

    Of values that are compatible only the narrowest can be the true one: a wide one is a set, not a value.
    """
    start = coded.value_starts[f]
    own1, own2, own3 = 0, 0, 0
    narrowest = True
    for b in range(m):
        x = int(np.int64(state.values[group[b], f]))
        if x < 0:
            continue
        level = level_of(f, y, x, coded)
        work.level[b] = level
        if level == 0:
            if x != y:
                apart = coded.width[start + x] - coded.width[start + y]
                if apart < 0 or (apart == 0 and x < y):
                    narrowest = False
        elif level == 1:
            own1 += 1
        elif level == 2:
            own2 += 1
        else:
            own3 += 1
    left = rates.filled[f] - n
    for level, own in ((1, own1), (2, own2), (3, own3)):
        around = max(rates.near[start + y, level - 1] - own, 0.0) + rates.smoothing[f, level - 1]
        whole = left + rates.smoothing_total[f, level - 1]
        work.weight[level] = rates.error_levels[f, level] * whole / around
    distance = own1 + 2 * own2 + 4 * own3
    return distance if narrowest else -1 - distance


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def value_term(
    f: int, y: int, group: Integers, m: int, coded: Coded, rates: Rates, state: Partition, work: Workspace
) -> None:
    """The term of the true value y, which some record shows, in `work.term`; levels and weights are those of y."""
    term, start, copies = work.term, coded.value_starts[f], ZERO
    term[0], term[1], term[2] = 1.0, 1.0, 0.0
    for b in range(m):
        r = group[b]
        x = int(np.int64(state.values[r, f]))
        if x < 0:
            continue
        level = work.level[b]
        k = coded.list_of[r]
        if level == 0:
            ratio = 1.0
            if x == y:
                copies += 1
                if copies > 1:
                    ratio = 1.0 / baseline(f, start + y, copies, rates)
            else:
                ratio = 1.0 / baseline(f, start + x, TWO, rates)
            good, bad = (1.0 - rates.errors[k, f, 0]) * ratio, (1.0 - rates.errors[k, f, 1]) * ratio
        else:
            ratio = work.weight[level]
            good, bad = rates.errors[k, f, 0] * ratio, rates.errors[k, f, 1] * ratio
        if b == m - 1:
            multiply(term, good, bad)
        elif state.bad[r] == 0:
            multiply(term, good, good)
        else:
            multiply(term, bad, bad)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def none_term(
    f: int, medoid: int, group: Integers, m: int, coded: Coded, rates: Rates, state: Partition, work: Workspace
) -> None:
    """The term of all true values that no record shows, in `work.term`; the medoid stands for their place.

    An error makes a value at most as often as always: a ratio is at most one over the share of the records that show
    the value.  Without this bound a field in which all records agree would reward every link, since nothing lies at
    a distance from its value.
    """
    term, place = work.term, coded.value_starts[f] + medoid
    share_near = rates.near_errors[f] if rates.error_levels[f, 1] + rates.error_levels[f, 2] > 0.0 else 0.0
    term[0], term[1], term[2] = 1.0, 1.0, 0.0
    u3 = (rates.near[place, 2] + rates.smoothing[f, 2]) / (rates.filled[f] + rates.smoothing_total[f, 2])
    far = (1.0 - share_near) / u3
    near = far
    if share_near > 0.0:
        u1 = (rates.near[place, 0] + rates.smoothing[f, 0]) / (rates.filled[f] + rates.smoothing_total[f, 0])
        u2 = (rates.near[place, 1] + rates.smoothing[f, 1]) / (rates.filled[f] + rates.smoothing_total[f, 1])
        near = share_near / (u1 + u2)
    is_first = True
    for b in range(m):
        r = group[b]
        x = int(np.int64(state.values[r, f]))
        if x < 0:
            continue
        level = level_of(f, medoid, x, coded)
        ratio = near if level < 3 else far
        if x == medoid and is_first:
            is_first, ratio = False, 1.0
        else:
            repeated = REPEATED if level == 0 else 1.0
            share = max(rates.alike[coded.value_starts[f] + x], 1.0) / max(rates.filled[f], 1.0)
            ratio = repeated * min(ratio, 1.0 / share)
        good, bad = rates.errors[coded.list_of[r], f, 0] * ratio, rates.errors[coded.list_of[r], f, 1] * ratio
        if b == m - 1:
            multiply(term, good, bad)
        elif state.bad[r] == 0:
            multiply(term, good, good)
        else:
            multiply(term, bad, bad)


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _seen_before(f: int, a: int, group: Integers, state: Partition) -> bool:
    """Whether an earlier record of the group shows the same value."""
    y = state.values[group[a], f]
    for b in range(a):  # noqa: SIM110  # compiled code
        if state.values[group[b], f] == y:
            return True
    return False


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def field_sum(
    f: int, group: Integers, m: int, target: float, coded: Coded, rates: Rates, state: Partition, work: Workspace
) -> tuple[int, int]:
    """Sum over the hidden true value in `work.total`, up to a target.

    Returns the medoid and the value at which the sum, with the last record's own quality, passed ``target`` times
    `BIG` to the power 0 (-1: it did not, or the true value is none that is shown; the medoid is -1 where fewer than
    two records have the field).
    """
    total, n = work.total, ZERO
    for a in range(m):
        n += state.values[group[a], f] >= 0
    total[0], total[1], total[2] = 1.0, 1.0, 0.0
    if n <= 1:
        return MINUS_ONE, MINUS_ONE
    total[0], total[1] = 0.0, 0.0
    medoid, least = MINUS_ONE, int(np.int64(1 << 60))
    z = state.bad[group[m - 1]]
    for a in range(m):
        y = int(np.int64(state.values[group[a], f]))
        if y < 0 or _seen_before(f, a, group, state):
            continue
        found = _survey(f, y, group, m, n, coded, rates, state, work)
        distance = found if found >= 0 else -1 - found
        if distance < least or (distance == least and y < medoid):
            least, medoid = distance, y
        if found >= 0:
            value_term(f, y, group, m, coded, rates, state, work)
            add_term(total, work.term)
            if target < np.inf and math.log(max(total[z], 1e-300)) + total[2] * LOG_BIG > target:
                return medoid, y
    none_term(f, medoid, group, m, coded, rates, state, work)
    add_term(total, work.term)
    return medoid, MINUS_ONE


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def fields_log(
    group: Integers, m: int, coded: Coded, rates: Rates, state: Partition, work: Workspace, out: Floats
) -> None:
    """Log likelihood of all person fields for a group, in ``out``: for a last record that is good, and bad."""
    product = work.product
    product[0], product[1], product[2] = 1.0, 1.0, 0.0
    if m > 1:
        for f in range(coded.scope.size):
            if coded.scope[f] == PERSON:
                field_sum(f, group, m, np.inf, coded, rates, state, work)
                product[2] += work.total[2]
                multiply(product, work.total[0], work.total[1])
    out[0] = math.log(max(product[0], 1e-300)) + product[2] * LOG_BIG
    out[1] = math.log(max(product[1], 1e-300)) + product[2] * LOG_BIG
