"""What the compiled moves are handed: records as numbers, the parameters of a sweep, the partition, memory to work in.

Symbols: R records, Q readings, F fields, V values of all fields together, J lists, E candidate pairs.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "HOUSEHOLD",
    "HOUSEHOLDS",
    "MINUS_ONE",
    "MOST_PERSONS",
    "MOST_VALUES",
    "ONE",
    "PEOPLE",
    "PERSON",
    "SPARE_HOUSEHOLDS",
    "SPARE_PERSONS",
    "TWO",
    "ZERO",
    "Coded",
    "Output",
    "Partition",
    "Rates",
    "Workspace",
]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Codes = NDArray[np.int32]

MINUS_ONE, ZERO, ONE, TWO = (cast(int, np.int64(number)) for number in (-1, 0, 1, 2))
"""For arguments of compiled functions: of a plain number Numba compiles a version of the function that knows it."""
PERSON, HOUSEHOLD = ZERO, ONE
"""Scopes of a field."""
MOST_PERSONS, MOST_VALUES = 64, 96
"""Persons and values of a household up to which its fields are tables (`household_tables.py`)."""
PEOPLE, SPARE_PERSONS, HOUSEHOLDS, SPARE_HOUSEHOLDS = range(4)
"""Places in `Partition.totals`."""


class Coded(NamedTuple):
    """The records, which no move changes."""

    list_of: Integers
    """(R,)"""
    duplicate_free: NDArray[np.bool_]
    """(J,)"""
    reading_starts: Integers
    """(R + 1,)"""
    codes: Codes
    """(Q, F), -1 where not given."""
    scope: Integers
    """(F,)"""
    value_starts: Integers
    """(F,) Where the values of a field begin in arrays of length V."""
    near_starts: Integers
    """(V + F,) Where the neighbours of a value begin: that of value v of field f is at ``value_starts[f] + f + v``."""
    neighbours: Codes
    """Near values by their code within the field, in order."""
    levels: NDArray[np.int8]
    """Their levels."""
    width: Floats
    """(V,) Records compatible with a value: a wide value (a year without its day) has many."""
    adjacent_starts: Integers
    """(R + 1,)"""
    adjacent: Integers
    """(2 E,) The records that share a candidate pair with each."""
    first: Integers
    """(E,)"""
    second: Integers
    """(E,)"""
    unit_of: Integers
    """(R,) Records that must be linked are one unit."""
    unit_starts: Integers
    unit_records: Integers
    apart_starts: Integers
    """(R + 1,)"""
    apart: Integers
    """Records that must not be linked to each."""
    with_households: bool


class Rates(NamedTuple):
    """The parameters, which stay as they are during a sweep."""

    errors: Floats
    """(J, F, 2) e_kfz."""
    error_levels: Floats
    """(F, 4) q_fl."""
    near_errors: Floats
    """(F,) a_f."""
    bad: Floats
    """(J,) w_k."""
    log_duplicates: Floats
    """(J,) log lambda_k; 0 for a list without duplicates."""
    log_truncation: Floats
    """(J,) log(exp(lambda_k) - 1); 0 for a list without duplicates."""
    log_reading: Floats
    """(Q,) Log probability of each reading of a record that is alone."""
    alike: Floats
    """(V,) Records that show a value or one that means it."""
    near: Floats
    """(V, 3) Records at level 1, 2, 3 around a value."""
    smoothing: Floats
    """(F, 3) s_fl u_fl."""
    smoothing_total: Floats
    """(F, 3) s_fl."""
    filled: Floats
    """(F,) Records that have the field."""
    discount: Floats
    """(F,) sigma_f of the Pitman-Yor law of values."""
    concentration: Floats
    """(F,) theta_f of that law."""
    people_per_record: Floats
    """(F,) rho_f."""
    log_odds: Floats
    """(J,) With many lists the logits of the lists in the base measure of histories; otherwise empty."""
    log_base: float
    """Log of the weight of a history without any list; with few lists log alpha, that of every history."""
    base_total: float
    """A, the sum of the weights of all histories."""
    people_power: float
    """p(n) is proportional to n to minus this power."""
    log_cells: Floats
    """(2^J,) A capture model's log cell probabilities in the place of all that; otherwise empty."""
    log_people: Floats
    """(R + 1,) Its log p(n)."""
    household_weight: float
    """alpha of the law of the sizes of households."""
    shared: Floats
    """(F,) delta_f."""


class Partition(NamedTuple):
    """The partition and the hidden states, which the moves change.

    Persons and households are numbered by places, some of them spare; the records of a person and the persons of a
    household are linked lists (-1 ends one).
    """

    person_of: Integers
    next_record: Integers
    previous_record: Integers
    first_record: Integers
    size: Integers
    on_list: NDArray[np.int32]
    """(R + 1, J) Records of each person on each list."""
    history: Integers
    """Bit j where list j has the person."""
    household_of: Integers
    next_person: Integers
    previous_person: Integers
    first_person: Integers
    n_persons: Integers
    household_sizes: Integers
    """(R + 2,) Households of each number of persons."""
    spare_persons: Integers
    spare_households: Integers
    totals: Integers
    bad: Integers
    """(R,) z_r."""
    reading: Integers
    """(R,) Which row of `Coded.codes` is read."""
    values: Codes
    """(R, F) The values under that reading."""
    log_person: Floats
    """Log likelihood of the person fields of each person."""
    log_household: Floats
    """Log likelihood of the household fields of each household."""
    log_own: Floats
    """(R + 2, F) Log B, of the household fields of each person."""
    log_none: Floats
    """(R + 2, F) Its part for true values that nobody shows."""
    history_keys: Integers
    """Histories in an open hash table; -1 where empty."""
    history_counts: Integers
    """People of each."""


class Workspace(NamedTuple):
    """Memory that functions leave to each other."""

    group: Integers
    moving: Integers
    """Records that are being moved, `n_moving[0]` of them."""
    n_moving: Integers
    is_moving: NDArray[np.bool_]
    stay: Integers
    leave: Integers
    order: Integers
    level: NDArray[np.int8]
    """Levels of a group around the value in hand."""
    weight: Floats
    """(4,) q / U of each level around the value in hand."""
    term: Floats
    total: Floats
    product: Floats
    person: Floats
    family: Integers
    """Records of a household, person by person, the moving ones last."""
    family_ends: Integers
    """Where those of each person end, the first entry being 0."""
    family_person: Integers
    """The persons."""
    family_level: NDArray[np.int8]
    """Levels of a family around the value in hand."""
    values_present: Integers
    """Values of a household field that a household shows."""
    value_weight: Floats
    """(4,) Log probability that a stranger shows the value in hand, and log q / U of each level around it."""
    value_log: Floats
    """Log of the term of each value of a household."""
    log_right: Floats
    """(J, F, 2) log(1 - e_kfz)."""
    log_wrong: Floats
    """(J, F, 2) log e_kfz."""
    log_second: Floats
    """(V,) log b(y, 2)."""
    stamp: Integers
    person_stamp: Integers
    household_stamp: Integers
    option_person: Integers
    option_household: Integers
    option_log: Floats
    option_prior: Floats
    option_next: Integers
    """The next option in the same household; -1 after the last."""
    option_is_first: NDArray[np.bool_]
    last_option: Integers
    """Of each household, while options are listed."""
    option_household_log: Floats
    option_own: Floats
    """(4,) Log B of the person who is joined, and its none part, by quality of the last moving record."""
    place_of_person: Integers
    n_table_persons: Integers
    n_table_values: Integers
    table_sum: Floats
    """(F, values + 1) Log prior of each value and the factors of all persons; the last is any other value."""
    table_moving: Floats
    """(F, values, 2) Log factor of the moving records."""
    table_shared: Floats
    """(F, persons, values + 1) log A_c(y)."""
    table_factor: Floats
    """Log of delta A_c(y) / B_c + 1 - delta."""
    table_own: Floats
    """(F,) Log of the product of all B_c."""
    table_term: Floats
    table_mixture: Floats
    state_log: Floats


class Output(NamedTuple):
    """What a sweep says to the draws of the parameters."""

    wrong: NDArray[np.int8]
    """(R, F) 1 where a record errs, 0 where it does not, -1 where nothing says."""
    near_counts: Floats
    """(F, 2) Errors of one value that are near each other, and far apart."""
    level_counts: Floats
    """(F, 4) Errors by level."""
    linked: Floats
    """(F, 4) Pairs within persons by level."""
    shared_counts: Floats
    """(F, 2) Persons with a value of their own, and with that of their household."""
    tried: Integers
    """(2,) Split-merge proposals, and those accepted."""
