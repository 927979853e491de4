"""Decisions of people about pairs of records, as the partition sampler needs them: units and pairs kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from estimation.errors import EstimationError
from estimation.linkage.encoded import CandidatePairs, EncodedRecords

__all__ = ["DecisionsError", "linked_start", "units_of"]


class DecisionsError(EstimationError):
    """Decisions about pairs of records that cannot all hold."""


def units_of(
    records: EncodedRecords, must_link: Iterable[tuple[int, int]], must_not_link: Iterable[tuple[int, int]]
) -> list[list[int]]:
    """Groups of records that must be one person, each record in one group, in the order of the first of each.

    Raises
    ------
    DecisionsError
        When a pair must not be linked that must be, through others perhaps; when records that must be linked are on
        a list that has nobody twice; when a number is no record.  All problems at once.

    Examples
    --------
    >>> from estimation.linkage.encoded import EncodedRecords
    >>> none = np.zeros(0)
    >>> records = EncodedRecords(("a",), np.zeros(4, np.int32), np.array([False]), (), np.arange(5),
    ...                          np.zeros((4, 0), np.int32), np.zeros(4, np.int8))
    >>> units_of(records, [(3, 1), (0, 1)], [(0, 2)])
    [[0, 1, 3], [2]]
    """
    linked, apart = list(must_link), list(must_not_link)
    problems = [
        f"records {a} and {b}: there are records 0 to {records.n_records - 1}, and a pair has two"
        for a, b in [*linked, *apart]
        if not (0 <= a < records.n_records and 0 <= b < records.n_records and a != b)
    ]
    if problems:
        raise DecisionsError("decisions", problems)
    leader = _joined(records.n_records, linked)
    groups: dict[int, list[int]] = {}
    for record in range(records.n_records):
        groups.setdefault(leader[record], []).append(record)
    problems = [
        f"records {a} and {b} must not be linked, but others that must be make them one person; take back one of these"
        for a, b in apart
        if leader[a] == leader[b]
    ]
    for group in groups.values():
        lists = records.list_of[group]
        for k in np.unique(lists[records.duplicate_free[lists]]).tolist():
            same = [record for record in group if records.list_of[record] == k]
            if len(same) > 1:
                problems.append(
                    f"records {same} must be one person, but list {records.lists[k]!r} is declared free of duplicates; "
                    "take back a decision or the declaration"
                )
    if problems:
        raise DecisionsError("decisions", problems)
    return list(groups.values())


def _joined(n: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """For each record the first record that pairs join it with."""
    leader = list(range(n))
    for pair in pairs:
        a, b = sorted(_first(leader, record) for record in pair)
        leader[b] = a
    return [_first(leader, record) for record in range(n)]


def _first(leader: list[int], record: int) -> int:
    """The first record of a group, with the way to it made shorter."""
    while leader[record] != record:
        leader[record] = leader[leader[record]]
        record = leader[record]
    return record


def linked_start(
    records: EncodedRecords,
    pairs: CandidatePairs,
    units: Sequence[Sequence[int]],
    apart: Iterable[tuple[int, int]],
    *,
    least_weight: float,
    largest: int,
) -> NDArray[np.int64]:
    """The person of each record where candidates are merged from the heaviest pair on, as far as decisions allow.

    Parameters
    ----------
    least_weight : float
        Lighter pairs stay apart.
    largest : int
        Records of a person at most; a start is a start and binds no chain.
    """
    leader = list(range(records.n_records))
    members: dict[int, list[int]] = {}
    for unit in units:
        for record in unit:
            leader[record] = min(unit)
        members[min(unit)] = list(unit)
    enemies: dict[int, set[int]] = {}
    for a, b in apart:
        enemies.setdefault(a, set()).add(b)
        enemies.setdefault(b, set()).add(a)
    order = np.argsort(-pairs.weight, kind="stable")
    for pair in order[pairs.weight[order] > least_weight].tolist():
        a, b = sorted((_first(leader, int(pairs.first[pair])), _first(leader, int(pairs.second[pair]))))
        if (
            a == b
            or len(members[a]) + len(members[b]) > largest
            or not _may_merge(records, members[a], members[b], enemies)
        ):
            continue
        leader[b] = a
        members[a] += members.pop(b)
    return np.array([_first(leader, record) for record in range(records.n_records)], dtype=np.int64)


def _may_merge(records: EncodedRecords, some: list[int], others: list[int], enemies: dict[int, set[int]]) -> bool:
    """Whether two groups may be one person."""
    lists = set(records.list_of[some].tolist()) & set(records.list_of[others].tolist())
    if any(records.duplicate_free[k] for k in lists):
        return False
    return not any(enemies.get(record, set()) & set(others) for record in some)
