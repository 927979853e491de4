"""Splink on DuckDB, in the only file that imports either: records brought together by a key, and one clustering.

`Linker.inference.compute_blocked_pairs_for_predict` of Splink 5 makes the pairs of a blocking rule and weighs nothing.
What DuckDB is given for it is numbers: which row, and codes of what it is blocked by.  Nothing is written to disk.

`splink_clustering` is what Splink makes of the same records and candidate pairs, with the comparisons of its library as
its tutorial uses them: Fellegi-Sunter weights with term frequencies, fitted by EM, and connected components above a
threshold.  It is **one** clustering, without its doubt; it stands beside the draws as a baseline and enters no number.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from logging import ERROR, getLogger

import duckdb
import numpy as np
import pyarrow
from numpy.typing import NDArray
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.blocking_rule_library import CustomRule
from splink.comparison_library import DateOfBirthComparison, ExactMatch, LevenshteinAtThresholds, NameComparison
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.exceptions import EMTrainingException

from estimation.linkage.encoded import CandidatePairs
from estimation.lists.name_list import NameList

__all__ = ["KeyRows", "pairs_by_key", "splink_clustering"]

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


def splink_clustering(
    name_lists: Sequence[NameList], pairs: CandidatePairs, *, threshold: float = 0.5, seed: int = 1
) -> NDArray[np.int64]:
    """Which person each record is of in the one clustering of Splink.

    Parameters
    ----------
    name_lists : sequence of NameList
        The lists; each record's name as written is compared, its places by the first, dates as days.
    pairs : CandidatePairs
        The pairs that it weighs.
    threshold : float
        Match probability from which two records are joined.
    seed : int
        For the pairs from which Splink estimates how often values agree by accident.

    Returns
    -------
    (R,) int64
        A number for each linkable record, in the order of the lists; records of one person have the same.
    """
    columns = _columns(name_lists)
    given = [name for name, values in columns.items() if any(values)]
    table = pyarrow.table(
        {"unique_id": np.arange(len(columns["given"]))} | {name: [v or None for v in columns[name]] for name in given}
    )
    settings = SettingsCreator(link_type="dedupe_only", comparisons=[_COMPARISONS[name] for name in given])
    blocked = pyarrow.table({"match_key": ["0"] * len(pairs), "join_key_l": pairs.first, "join_key_r": pairs.second})
    getLogger("splink").setLevel(ERROR)  # it warns of its own defaults
    with duckdb.connect() as connection:
        api = DuckDBAPI(connection)
        linker = Linker(api.register(table), settings, log_level=None)
        _train(linker, [name for name in given if name in _NAMES], [name for name in given if name in _TELLING], seed)
        linker.table_management.register_blocked_pairs_for_predict(api.register(blocked))
        predicted = linker.inference.predict(threshold_match_probability=threshold)
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
        found = connection.sql(f"select unique_id, cluster_id from {clusters.physical_name}").fetchnumpy()
    persons = np.empty(len(found["unique_id"]), np.int64)
    persons[found["unique_id"]] = np.unique(found["cluster_id"], return_inverse=True)[1]
    return persons


def _train(linker: Linker, names: Sequence[str], telling: Sequence[str], seed: int) -> None:
    """Estimate the parameters of Splink's model: the prior by rules that hardly err, u by sampling, m by EM."""
    training = linker.training
    certain: list[str | BlockingRuleCreator] = [block_on(one, other) for one in telling for other in names] or [
        block_on(*names)
    ]
    training.estimate_probability_two_random_records_match(certain, recall=0.8)
    training.estimate_u_using_random_sampling(max_pairs=1e7, seed=seed)
    for name in (names[0], names[-1], *telling):
        with suppress(EMTrainingException):  # where no two records have the same value
            training.estimate_parameters_using_expectation_maximisation(
                block_on(name), record_sample_proportion=1.0, max_pairs=1e6
            )


_NAMES = ("given", "father", "grandfather", "family")
_TELLING = ("identifier", "birth", "event")
_COMPARISONS = {
    **{name: NameComparison(name).configure(term_frequency_adjustments=True) for name in _NAMES},
    "birth": DateOfBirthComparison("birth", input_is_string=True),
    "event": DateOfBirthComparison("event", input_is_string=True),
    "place": ExactMatch("place").configure(term_frequency_adjustments=True),
    "sex": ExactMatch("sex"),
    "identifier": LevenshteinAtThresholds("identifier", [1, 2]),
}


def _columns(name_lists: Sequence[NameList]) -> dict[str, list[str]]:
    """What Splink compares, by record; empty where not given."""
    records = [record for one in name_lists for record in one.linkable]
    return {
        **{part: [getattr(record.names[0], part) for record in records] for part in _NAMES},
        "birth": [record.birth.first.isoformat() if record.birth else "" for record in records],
        "event": [record.event.first.isoformat() if record.event else "" for record in records],
        "place": [record.places[0] if record.places else "" for record in records],
        "sex": [record.sex for record in records],
        "identifier": [record.identifier for record in records],
    }
