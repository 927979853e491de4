"""One chain of the partition sampler: its start, its sweeps, and the draws of its parameters between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.encoded import CandidatePairs, EncodedRecords
from estimation.linkage.overlap_cells import OverlapCells
from estimation.linkage.partition_kernel.arrays import (
    HOUSEHOLD,
    HOUSEHOLDS,
    MOST_PERSONS,
    MOST_VALUES,
    PEOPLE,
    PERSON,
    SPARE_HOUSEHOLDS,
    SPARE_PERSONS,
    Coded,
    Output,
    Partition,
    Rates,
    Workspace,
)
from estimation.linkage.partition_kernel.sweep import run_sweeps
from estimation.linkage.partition_rates import PartitionPrior, draw_rates, first_rates
from estimation.linkage.value_frequencies import ValueFrequencies

__all__ = ["PartitionChain", "coded_records", "new_output", "new_partition", "new_workspace", "numbered"]

Integers = NDArray[np.int64]

_SCOPES = {"person": PERSON, "household": HOUSEHOLD}


def coded_records(
    records: EncodedRecords,
    values: ValueFrequencies,
    pairs: CandidatePairs,
    units: Sequence[Sequence[int]],
    apart: Sequence[tuple[int, int]],
    *,
    with_households: bool,
) -> Coded:
    """The records in the form of the compiled moves.

    Parameters
    ----------
    units : sequence of sequences of int
        All records, each in one unit; records of one unit are always linked.
    apart : sequence of (int, int)
        Pairs of records that never are.
    """
    scopes = [_SCOPES[field.scope] if with_households else PERSON for field in records.fields]
    adjacent_starts, adjacent = _neighbours(pairs.first, pairs.second, records.n_records)
    ends = np.array(apart, dtype=np.int64).reshape(-1, 2)
    apart_starts, apart_records = _neighbours(ends[:, 0], ends[:, 1], records.n_records)
    unit_of = np.empty(records.n_records, dtype=np.int64)
    for number, unit in enumerate(units):
        unit_of[list(unit)] = number
    return Coded(
        list_of=records.list_of.astype(np.int64),
        duplicate_free=records.duplicate_free.astype(np.bool_),
        reading_starts=records.reading_starts.astype(np.int64),
        codes=np.ascontiguousarray(records.codes, dtype=np.int32),
        scope=np.array(scopes, dtype=np.int64),
        value_starts=values.value_starts,
        near_starts=values.near_starts,
        neighbours=values.neighbours,
        levels=values.levels,
        width=values.width,
        adjacent_starts=adjacent_starts,
        adjacent=adjacent,
        first=np.asarray(pairs.first, dtype=np.int64),
        second=np.asarray(pairs.second, dtype=np.int64),
        unit_of=unit_of,
        unit_starts=np.concatenate([[0], np.cumsum([len(unit) for unit in units])]).astype(np.int64),
        unit_records=np.array([record for unit in units for record in unit], dtype=np.int64),
        apart_starts=apart_starts,
        apart=apart_records,
        with_households=with_households and any(scope != PERSON for scope in scopes),
    )


def _neighbours(first: Integers, second: Integers, n: int) -> tuple[Integers, Integers]:
    """Both ends of pairs, as starts and neighbours of each record."""
    ends, others = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((others, ends))
    starts = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=n))]).astype(np.int64)
    return starts, others[order].astype(np.int64)


def new_partition(coded: Coded, persons: Integers, rng: np.random.Generator, rates: Rates) -> Partition:
    """The partition in which a record belongs to the person of its number, each person in a household alone."""
    n, places, n_lists = len(coded.list_of), len(coded.list_of) + 2, len(coded.duplicate_free)
    slots = 1 << int(np.ceil(np.log2(16 * (n + 8))))

    def numbers(size: int, value: int = -1) -> Integers:
        return np.full(size, value, dtype=np.int64)

    state = Partition(
        person_of=numbers(n),
        next_record=numbers(n),
        previous_record=numbers(n),
        first_record=numbers(places),
        size=numbers(places, 0),
        on_list=np.zeros((places, n_lists), dtype=np.int32),
        history=numbers(places, 0),
        household_of=numbers(places),
        next_person=numbers(places),
        previous_person=numbers(places),
        first_person=numbers(places),
        n_persons=numbers(places, 0),
        household_sizes=numbers(places + 1, 0),
        spare_persons=numbers(places),
        spare_households=numbers(places),
        totals=numbers(4, 0),
        bad=(rng.random(n) < rates.bad[coded.list_of]).astype(np.int64),
        reading=coded.reading_starts[:-1].copy(),
        values=coded.codes[coded.reading_starts[:-1]].copy(),
        log_person=np.zeros(places),
        log_household=np.zeros(places),
        log_own=np.zeros((places, len(coded.scope))),
        log_none=np.zeros((places, len(coded.scope))),
        history_keys=numbers(slots),
        history_counts=numbers(slots, 0),
    )
    _fill(state, coded, persons)
    return state


def _fill(state: Partition, coded: Coded, persons: Integers) -> None:
    """Put records to persons and persons to households, in their places."""
    labels = numbered(persons)
    n_people, places = int(labels.max()) + 1, len(state.size)
    for record in range(len(labels) - 1, -1, -1):
        person = labels[record]
        following = state.first_record[person]
        state.next_record[record] = following
        if following >= 0:
            state.previous_record[following] = record
        state.first_record[person] = record
        state.person_of[record] = person
    np.add.at(state.size, labels, 1)
    np.add.at(state.on_list, (labels, coded.list_of), 1)
    bits = np.int64(1) << np.arange(state.on_list.shape[1], dtype=np.int64)
    state.history[:] = (state.on_list > 0) @ bits
    state.household_of[:n_people] = np.arange(n_people)
    state.first_person[:n_people] = np.arange(n_people)
    state.n_persons[:n_people] = 1
    state.household_sizes[1] = n_people
    spare = np.arange(places - 1, n_people - 1, -1)
    state.spare_persons[: len(spare)] = spare
    state.spare_households[: len(spare)] = spare
    state.totals[[PEOPLE, HOUSEHOLDS]] = n_people
    state.totals[[SPARE_PERSONS, SPARE_HOUSEHOLDS]] = len(spare)


def new_workspace(coded: Coded) -> Workspace:
    """Memory for the moves, enough for all records to be one person."""
    n = len(coded.list_of)
    places, options = n + 3, 2 * n + 4

    def numbers(size: int) -> Integers:
        return np.zeros(size, dtype=np.int64)

    n_readings, n_fields = int(np.diff(coded.reading_starts).max()), len(coded.scope)
    return Workspace(
        group=numbers(places),
        moving=numbers(places),
        n_moving=numbers(1),
        is_moving=np.zeros(places, dtype=np.bool_),
        stay=numbers(places),
        leave=numbers(places),
        order=numbers(places),
        level=np.zeros(places, dtype=np.int8),
        weight=np.zeros(4),
        term=np.zeros(3),
        total=np.zeros(3),
        product=np.zeros(3),
        person=np.zeros(2),
        stamp=numbers(1),
        person_stamp=numbers(places),
        household_stamp=numbers(places),
        option_person=numbers(options),
        option_household=numbers(options),
        option_log=np.zeros(options),
        option_prior=np.zeros(options),
        option_next=numbers(options),
        option_is_first=np.zeros(options, dtype=np.bool_),
        last_option=numbers(places),
        option_household_log=np.zeros(2),
        option_own=np.zeros(4),
        place_of_person=numbers(places),
        state_log=np.zeros(2 * n_readings),
        **_household_in_hand(places, len(coded.duplicate_free), n_fields, len(coded.width)),
        **_household_tables(n_fields),
    )


def _household_in_hand(places: int, n_lists: int, n_fields: int, n_values: int) -> dict[str, Any]:
    """The part of the memory that the records of one household take, and one of its values."""
    return {
        "family": np.zeros(places, dtype=np.int64),
        "family_ends": np.zeros(places, dtype=np.int64),
        "family_person": np.zeros(places, dtype=np.int64),
        "family_level": np.zeros(places, dtype=np.int8),
        "values_present": np.zeros(places, dtype=np.int64),
        "value_weight": np.zeros(4),
        "value_log": np.zeros(places),
        "log_right": np.zeros((n_lists, n_fields, 2)),
        "log_wrong": np.zeros((n_lists, n_fields, 2)),
        "log_second": np.zeros(n_values),
    }


def _household_tables(n_fields: int) -> dict[str, Any]:
    """The part of the memory that the fields of one household take."""
    return {
        "n_table_persons": np.zeros(1, dtype=np.int64),
        "n_table_values": np.zeros(n_fields, dtype=np.int64),
        "table_sum": np.zeros((n_fields, MOST_VALUES + 1)),
        "table_moving": np.zeros((n_fields, MOST_VALUES, 2)),
        "table_shared": np.zeros((n_fields, MOST_PERSONS, MOST_VALUES + 1)),
        "table_factor": np.zeros((n_fields, MOST_PERSONS, MOST_VALUES + 1)),
        "table_own": np.zeros(n_fields),
        "table_term": np.zeros(MOST_VALUES + 1),
        "table_mixture": np.zeros(MOST_VALUES + 1),
    }


def new_output(coded: Coded) -> Output:
    """Where a sweep writes what it says of the parameters."""
    n_fields = len(coded.scope)
    return Output(
        wrong=np.zeros((len(coded.list_of), n_fields), dtype=np.int8),
        near_counts=np.zeros((n_fields, 2)),
        level_counts=np.zeros((n_fields, 4)),
        linked=np.zeros((n_fields, 4)),
        shared_counts=np.zeros((n_fields, 2)),
        tried=np.zeros(2, dtype=np.int64),
    )


def numbered(labels: Integers) -> Integers:
    """The same groups numbered 0, 1, ... in the order of the first record of each.

    Examples
    --------
    >>> numbered(np.array([7, 3, 7, 0])).tolist()
    [0, 1, 0, 2]
    """
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[inverse], dtype=np.int64)


class PartitionChain:
    """A Markov chain over partitions and parameters.

    Parameters
    ----------
    records, values, coded, prior
        What all chains share.
    persons : (R,) int64
        Where the chain starts.
    rng : numpy.random.Generator
        This chain's own.
    could_be : (R, 3) bool
        Which kinds of reading each record has, those that are not sampled too.
    cells : OverlapCells, optional
        A capture model in the place of the prior of the overlap table.
    """

    __slots__ = (
        "_cells",
        "_coded",
        "_could_be",
        "_order",
        "_output",
        "_prior",
        "_records",
        "_rng",
        "_values",
        "_work",
        "rates",
        "state",
    )

    def __init__(
        self,
        records: EncodedRecords,
        values: ValueFrequencies,
        coded: Coded,
        prior: PartitionPrior,
        persons: Integers,
        rng: np.random.Generator,
        *,
        could_be: NDArray[np.bool_],
        cells: OverlapCells | None = None,
    ) -> None:
        self._records, self._values, self._coded, self._prior = records, values, coded, prior
        self._rng, self._cells, self._could_be = rng, cells, could_be
        self.rates = first_rates(records, values, prior)
        self.state = new_partition(coded, persons, rng, self.rates)
        self._work, self._output = new_workspace(coded), new_output(coded)
        self._order = np.arange(len(coded.unit_starts) - 1)

    def sweep(self) -> None:
        """One sweep over the partition, then the parameters given it."""
        if self._cells is not None:
            weights = self._cells.draw(self._history_counts())
            self.rates = self.rates._replace(log_cells=weights.log_cells, log_people=weights.log_people)
        n = self._records.n_records
        run_sweeps(
            1,
            n // 2,
            np.empty((0, n), dtype=np.int64),
            self._order,
            self._coded,
            self.rates,
            self.state,
            self._work,
            self._output,
            self._rng,
        )
        self.rates = draw_rates(
            self.rates,
            self._records,
            self._values,
            self._prior,
            self._coded,
            self.state,
            self._output,
            self._could_be,
            self._rng,
        )

    def _history_counts(self) -> Integers:
        """People with each of all histories, by bits."""
        histories = self.state.history[self.state.size > 0]
        return np.bincount(histories, minlength=1 << len(self._records.lists)).astype(np.int64)

    @property
    def persons(self) -> Integers:
        """(R,) The person of each record, numbered in the order of the first record of each."""
        return numbered(self.state.person_of)

    @property
    def households(self) -> Integers:
        """(R,) The household of the person of each record, numbered likewise."""
        return numbered(self.state.household_of[self.state.person_of])

    @property
    def n_readings(self) -> int:
        """Readings of all records."""
        return len(self._records.codes)

    @property
    def log_likelihood(self) -> float:
        """Log likelihood of the partition as the last sweep left it, relative to all records alone."""
        state = self.state
        people, households = state.size > 0, state.n_persons > 0
        return float(state.log_person[people].sum() + state.log_household[households].sum())
