"""What the records of a group say of its being one person, for any law of which fields are wrong together.

The sum over the true values of all fields, as `linkage_error_sets.py` writes it, without hidden states of records.
"""

import math
from typing import NamedTuple

import numpy as np

from estimation.linkage.partition_kernel.arrays import MINUS_ONE, ONE, TWO, ZERO
from estimation.linkage.partition_kernel.field_likelihood import REPEATED, baseline, level_of
from estimation.work.kernels import njit

MOST = 62
"""Records that a person can have: sets of them are bits of a number."""
NEGLIGIBLE = 1e-7
"""Share of the sum so far below which true values are left out."""


class Memory(NamedTuple):
    """What the compiled functions leave to each other; a group is at most `MOST` records."""

    table: np.ndarray
    """(J, 3^F) p_k by what is known of a record: digit f is 0 where it is right in field f, 1 wrong, 2 not known."""
    power: np.ndarray
    """(F,) 3^f."""
    group: np.ndarray
    n_values: np.ndarray
    """(F,) True values of each field that are possible."""
    said: np.ndarray
    """(F,) Bits of the records of the group of which the field says something."""
    medoid: np.ndarray
    value: np.ndarray
    """(F, values) -1 for one that nobody shows."""
    factor: np.ndarray
    """(F, values) v_f(y) over the largest of the field."""
    wrong: np.ndarray
    """(F, values) Bits of the records that then err."""
    prefix: np.ndarray
    cell: np.ndarray
    """(F + 1, MOST) Column of `table` of each record, at each depth."""
    next_value: np.ndarray
    seen: np.ndarray
    option_person: np.ndarray
    option_log: np.ndarray
    option_group: np.ndarray
    leaving: np.ndarray


def new_memory(coded):
    """Memory for these records."""
    n, (n_lists, n_fields) = len(coded.list_of), (len(coded.duplicate_free), len(coded.scope))

    def numbers(*shape):
        return np.zeros(shape, dtype=np.int64)

    return Memory(
        table=np.zeros((n_lists, 3**n_fields)),
        power=3 ** np.arange(n_fields),
        group=numbers(n + 3),
        n_values=numbers(n_fields),
        said=numbers(n_fields),
        medoid=numbers(n_fields),
        value=numbers(n_fields, MOST + 1),
        factor=np.zeros((n_fields, MOST + 1)),
        wrong=numbers(n_fields, MOST + 1),
        prefix=np.ones(n_fields + 1),
        cell=numbers(n_fields + 1, MOST),
        next_value=numbers(n_fields + 1),
        seen=numbers(n + 3),
        option_person=numbers(n + 3),
        option_log=np.zeros(n + 3),
        option_group=np.zeros(n + 3),
        leaving=numbers(n + 3),
    )


@njit(cache=False, nogil=True, inner=True)
def value_log(f, y, m, n, coded, rates, state, memory):
    """Log v_f(y), the bits of the records that then err (-1 if y cannot be true), and how far y is from all."""
    start, left = coded.value_starts[f], rates.filled[f] - n
    own1, own2, own3, copies, bits, log_v, narrowest = 0, 0, 0, ZERO, ZERO, 0.0, True
    for a in range(m):
        x = int(np.int64(state.values[memory.group[a], f]))
        if x < 0:
            continue
        level = level_of(f, y, x, coded)
        if level > 0:
            bits |= ONE << a
            own1, own2, own3 = own1 + (level == 1), own2 + (level == 2), own3 + (level == 3)
        elif x == y:
            copies += ONE
            log_v -= math.log(baseline(f, start + y, copies, rates)) if copies > 1 else 0.0
        else:
            apart = coded.width[start + x] - coded.width[start + y]
            narrowest = narrowest and not (apart < 0 or (apart == 0 and x < y))
            log_v -= math.log(baseline(f, start + x, TWO, rates))
    for level, own in ((1, own1), (2, own2), (3, own3)):
        if own > 0:
            around = max(rates.near[start + y, level - 1] - own, 0.0) + rates.smoothing[f, level - 1]
            whole = left + rates.smoothing_total[f, level - 1]
            log_v += own * math.log(rates.error_levels[f, level] * whole / around)
    return log_v, bits if narrowest else MINUS_ONE, own1 + 2 * own2 + 4 * own3


@njit(cache=False, nogil=True, inner=True)
def none_log(f, medoid, m, coded, rates, state, memory):
    """Log v_f of all true values that nobody shows."""
    start = coded.value_starts[f]
    share = np.zeros(3)
    for level in range(3):
        whole = rates.filled[f] + rates.smoothing_total[f, level]
        share[level] = (rates.near[start + medoid, level] + rates.smoothing[f, level]) / whole
    share_near = rates.near_errors[f] if rates.error_levels[f, 1] + rates.error_levels[f, 2] > 0.0 else 0.0
    far = (1.0 - share_near) / share[2]
    near = share_near / (share[0] + share[1]) if share_near > 0.0 else far
    log_v, is_first = 0.0, True
    for a in range(m):
        x = int(np.int64(state.values[memory.group[a], f]))
        if x < 0:
            continue
        if x == medoid and is_first:
            is_first = False
            continue
        level = level_of(f, medoid, x, coded)
        at_most = max(rates.filled[f], 1.0) / max(rates.alike[start + x], 1.0)
        log_v += math.log(min(near if level < 3 else far, at_most)) + (math.log(REPEATED) if level == 0 else 0.0)
    return log_v


@njit(cache=False, nogil=True, inner=True)
def list_values(f, m, coded, rates, state, memory):
    """Note the true values that a field can have; the log of the largest factor, which the others are divided by."""
    n, said, count, least, largest = 0, ZERO, 0, int(np.int64(1 << 60)), -np.inf
    for a in range(m):
        if state.values[memory.group[a], f] >= 0:
            n, said = n + 1, said | (ONE << a)
    memory.said[f], memory.n_values[f], memory.medoid[f] = 0, 1, -1
    memory.factor[f, 0], memory.wrong[f, 0], memory.value[f, 0] = 1.0, 0, -1
    if n < 2:
        return 0.0
    memory.said[f] = said
    for a in range(m):
        y = int(np.int64(state.values[memory.group[a], f]))
        is_new = y >= 0
        for b in range(a):
            is_new = is_new and state.values[memory.group[b], f] != y
        if not is_new:
            continue
        log_v, bits, distance = value_log(f, y, m, n, coded, rates, state, memory)
        if distance < least or (distance == least and y < memory.medoid[f]):
            least, memory.medoid[f] = distance, y
        if bits >= 0:
            memory.factor[f, count], memory.wrong[f, count], memory.value[f, count] = log_v, bits, y
            count, largest = count + 1, max(largest, log_v)
    log_v = none_log(f, memory.medoid[f], m, coded, rates, state, memory)
    memory.factor[f, count], memory.wrong[f, count], memory.value[f, count] = log_v, said, -1
    memory.n_values[f], largest = count + 1, max(largest, log_v)
    for c in range(count + 1):
        memory.factor[f, c] = math.exp(memory.factor[f, c] - largest)
        sink_value(f, c, memory)
    return largest


@njit(cache=False, nogil=True, inner=True)
def sink_value(f, c, memory):
    """Put the true value in place c among those before it, the largest factor first, so that sums end early."""
    value, factor, wrong = memory.value[f, c], memory.factor[f, c], memory.wrong[f, c]
    while c > 0 and memory.factor[f, c - 1] < factor:
        memory.value[f, c], memory.factor[f, c] = memory.value[f, c - 1], memory.factor[f, c - 1]
        memory.wrong[f, c] = memory.wrong[f, c - 1]
        c -= 1
    memory.value[f, c], memory.factor[f, c], memory.wrong[f, c] = value, factor, wrong


@njit(cache=False, nogil=True, inner=True)
def sum_over_values(m, target, coded, memory):
    """Sum over the true values of all fields, up to a target; `next_value` - 1 are then those at which it passed it.

    What is not yet known of a record is summed out of p_k, which bounds the terms that begin in the same way.
    """
    total, depth, n_fields = 0.0, 0, memory.said.size
    memory.next_value[0] = 0
    for a in range(m):
        memory.cell[0, a] = memory.table.shape[1] - 1
    while depth >= 0:
        c = memory.next_value[depth]
        if c == memory.n_values[depth]:
            depth -= 1
            continue
        memory.next_value[depth] = c + 1
        product = memory.prefix[depth] * memory.factor[depth, c]
        term = product
        for a in range(m):
            cell = memory.cell[depth, a]
            if (memory.said[depth] >> a) & 1:
                cell -= (2 - ((memory.wrong[depth, c] >> a) & 1)) * memory.power[depth]
            memory.cell[depth + 1, a] = cell
            term *= memory.table[coded.list_of[memory.group[a]], cell]
        if depth == n_fields - 1:
            total += term
            if total > target:
                return total
        elif term > NEGLIGIBLE * total:
            depth += 1
            memory.prefix[depth], memory.next_value[depth] = product, 0
    return total


@njit(cache=False, nogil=True, inner=True)
def group_log(m, coded, rates, state, memory):
    """Log L of the group."""
    if m < 2:
        return 0.0
    if m > MOST:
        return -np.inf
    log_largest = 0.0
    for f in range(memory.said.size):
        log_largest += list_values(f, m, coded, rates, state, memory)
    return log_largest + math.log(max(sum_over_values(m, np.inf, coded, memory), 1e-300))


@njit(cache=False, nogil=True, inner=True)
def gather(person, state, memory):
    """Make the records of a person the group."""
    m, r = 0, state.first_record[person]
    while r >= 0:
        memory.group[m] = r
        m, r = m + 1, state.next_record[r]
    return m


@njit(cache=False, nogil=True, inner=True)
def person_log(person, coded, rates, state, memory):
    """Log L of a person."""
    return group_log(gather(person, state, memory), coded, rates, state, memory)
