"""Records brought together by a key: Splink's blocking on DuckDB, the only file that imports either.

`Linker.inference.compute_blocked_pairs_for_predict` of Splink 5 makes the pairs of a blocking rule and weighs nothing.
What DuckDB is given is numbers: which row, and codes of what it is blocked by; no name leaves this process, and nothing
is written to disk.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow
from numpy.typing import NDArray
from splink import Linker, SettingsCreator
from splink.backends.duckdb import DuckDBAPI
from splink.blocking_rule_library import CustomRule

__all__ = ["KeyRows", "pairs_by_key"]

_EQUAL = "l.one = r.other"
_YEARS = "l.low <= r.high + 1 and r.low <= l.high + 1"


@dataclass(frozen=True, slots=True)
class KeyRows:
    """What brings records together: two rows agree where ``one`` of the first is ``other`` of the second.

    Parameters
    ----------
    record : (n,) int64
        The record of each row; a record has as many rows as it has alternatives.
    one, other : (n,) int64
        Codes of values, -1 where there is none.  They are the same where the key is one thing on both sides; else the
        rows with ``one`` come before those with ``other``.
    low, high : (n,) int64, optional
        Years of which two rows must have some that are at most one apart; -1 where there are none.
    """

    record: NDArray[np.int64]
    one: NDArray[np.int64]
    other: NDArray[np.int64]
    low: NDArray[np.int64] | None = None
    high: NDArray[np.int64] | None = None


def pairs_by_key(rows: KeyRows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pairs of different records that a key brings together, ``first < second``, in order, each once.

    Examples
    --------
    >>> codes = np.array([7, 8, 7])
    >>> first, second = pairs_by_key(KeyRows(np.array([0, 1, 2]), codes, codes))
    >>> first.tolist(), second.tolist()
    ([0], [2])
    """
    columns = {"one": rows.one, "other": rows.other}
    if rows.low is not None and rows.high is not None:
        columns |= {"low": rows.low, "high": rows.high}
    table = pyarrow.table(
        {"unique_id": np.arange(len(rows.record))}
        | {name: pyarrow.array(values, mask=values < 0) for name, values in columns.items()}
    )
    rule = _EQUAL if rows.low is None else f"{_EQUAL} and {_YEARS}"
    settings = SettingsCreator(link_type="dedupe_only", blocking_rules_to_generate_predictions=[CustomRule(rule)])
    with duckdb.connect() as connection:
        api = DuckDBAPI(connection)
        linker = Linker(api.register(table), settings, log_level=None)
        blocked = linker.inference.compute_blocked_pairs_for_predict()
        found = connection.sql(f"select join_key_l, join_key_r from {blocked.physical_name}").fetchnumpy()
    one, other = rows.record[found["join_key_l"]], rows.record[found["join_key_r"]]
    first, second = np.minimum(one, other), np.maximum(one, other)
    n = int(rows.record.max(initial=0)) + 1
    packed = np.sort((first * n + second)[first != second])  # faster by far than `np.unique`
    packed = packed[np.diff(packed, prepend=-1) > 0]
    return packed // n, packed % n
