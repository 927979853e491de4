"""Sweeps of the partition sampler: each record's move, each person's household, splits and merges, then true values.

Numba's cache notices changes of the file that a function is in and of no other, so this file, the only one whose
functions are cached, names the state of those that they call (`PARTS_SHA256`): whoever changes one of those must change
this one, and a test says how.

Arrays are filled by loops in this folder: an assignment to a slice takes Numba half a second to five to compile.
"""

from __future__ import annotations

import numpy as np

from estimation.linkage.partition_kernel.arrays import Coded, Integers, Output, Partition, Rates, Workspace
from estimation.linkage.partition_kernel.bookkeeping import count_histories
from estimation.linkage.partition_kernel.household_likelihood import refresh_all
from estimation.linkage.partition_kernel.household_moves import move_person
from estimation.linkage.partition_kernel.record_moves import move_unit, redraw_states
from estimation.linkage.partition_kernel.split_merge import split_or_merge
from estimation.linkage.partition_kernel.true_values import draw_true_values
from estimation.work.kernels import by_reference, njit

_CODED = by_reference(Coded._fields, "CodedReference")
_RATES = by_reference(Rates._fields, "RatesReference")
_STATE = by_reference(Partition._fields, "PartitionReference")
_WORK = by_reference(Workspace._fields, "WorkspaceReference")
_OUTPUT = by_reference(Output._fields, "OutputReference")

__all__ = ["PARTS_SHA256", "run_sweeps"]

PARTS_SHA256 = "c7e5d49223b89b4e2c4bfc6e7269e09b1933177ef0a19b6ac318c7b64024b9ec"
"""Of the other files of this folder, one after another by name."""


@njit(cache=False, nogil=True, error_model="numpy", inner=True)
def _sweep(
    unit_order: Integers,
    proposals: int,
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
    output: Output,
    rng: np.random.Generator,
) -> None:
    """Every record, every person and some candidate pairs once."""
    for a in range(unit_order.size - 1, 0, -1):
        b = int(rng.random() * (a + 1))
        unit_order[a], unit_order[b] = unit_order[b], unit_order[a]
    for a in range(unit_order.size):
        unit = unit_order[a]
        move_unit(unit, coded, rates, state, work, rng)
        if coded.unit_starts[unit + 1] - coded.unit_starts[unit] > 1:
            redraw_states(unit, coded, rates, state, work, rng)
    if coded.with_households:
        for person in range(state.size.size):
            if state.size[person] > 0:
                move_person(person, coded, rates, state, work, rng)
    count_histories(state)
    if coded.first.size > 0:
        for _ in range(proposals):
            split_or_merge(coded, rates, state, work, output, rng)
    count_histories(state)


@njit(cache=True, nogil=True, error_model="numpy")
def run_sweeps(
    n_sweeps: int,
    proposals: int,
    visited: Integers,
    unit_order: Integers,
    coded: Coded,
    rates: Rates,
    state: Partition,
    work: Workspace,
    output: Output,
    rng: np.random.Generator,
) -> None:
    """Sweeps under the same parameters, then the true values.

    Parameters
    ----------
    n_sweeps, proposals : int
        How many sweeps, and splits or merges proposed in each.
    visited : (n_sweeps, R) int64, or (0, R)
        Filled with the person of each record after each sweep; not where it has no rows.
    unit_order : (units,) int64
        The units, in any order; shuffled.
    coded, rates, state, work, output
        As `estimation.linkage.partition_kernel.arrays` has them.
    rng : numpy.random.Generator
        Advanced.
    """
    records, parameters = _CODED(*coded), _RATES(*rates)
    partition, memory, found = _STATE(*state), _WORK(*work), _OUTPUT(*output)
    count_histories(partition)
    refresh_all(records, parameters, partition, memory)
    for sweep in range(n_sweeps):
        _sweep(unit_order, proposals, records, parameters, partition, memory, found, rng)
        if visited.shape[0] > 0:
            for record in range(visited.shape[1]):
                visited[sweep, record] = partition.person_of[record]
    draw_true_values(records, parameters, partition, memory, found, rng)
