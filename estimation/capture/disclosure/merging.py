"""Lists made into one, two at a time: the tables that come of it, and what an attacker knows who has one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from estimation.capture.disclosure.attacker import Knowledge, possible_histories, small_cells
from estimation.capture.disclosure.margins import Published
from estimation.capture.table import CaptureTable

__all__ = ["Groups", "knowledge_of_merged", "mergers", "sentence_of", "unmerged"]

Groups = tuple[tuple[str, ...], ...]
"""The lists that each list of a merged table is made of."""

_LONGEST_NAME = 90
"""Letters of a merged list's name."""
_MOST_CANDIDATES = 5
"""Mergers of the same number of lists that are tried, the best first."""


def unmerged(table: CaptureTable) -> Groups:
    """Each list by itself."""
    return tuple((name,) for name in table.lists)


def mergers(table: CaptureTable, minimum: int) -> Iterator[tuple[CaptureTable, Groups]]:
    """Tables of two lists or more in which no cell is small, with the lists that each list of theirs is made of."""
    merged: CaptureTable = table
    groups = unmerged(table)
    while len(groups) > 2:
        ranked = sorted(_one_merger(merged, groups), key=lambda each: _loss(each[0], minimum))
        whole = [each for each in ranked if not small_cells(each[0].counts, minimum).any()]
        yield from whole[:_MOST_CANDIDATES]
        merged, groups = ranked[0]


def _one_merger(table: CaptureTable, groups: Groups) -> Iterator[tuple[CaptureTable, Groups]]:
    """The table with two of its lists merged, for each two."""
    for i, j in combinations(range(len(groups)), 2):
        joined = (*groups[i], *groups[j])
        left = tuple(joined if at == i else group for at, group in enumerate(groups) if at != j)
        yield table.merge([table.lists[i], table.lists[j]], into=_name(joined)), left


def _name(lists: tuple[str, ...]) -> str:
    """What lists that are made into one are called."""
    name = " or ".join(lists)
    return name if len(name) <= _LONGEST_NAME else f"{lists[0]} or {len(lists) - 1} more"


def _loss(table: CaptureTable, minimum: int) -> tuple[int, int]:
    """What is wrong with a merged table, the less the better: people in small cells, few histories."""
    return int(table.counts[small_cells(table.counts, minimum)].sum()), -len(table.counts)


def knowledge_of_merged(table: CaptureTable, merged: CaptureTable, groups: Groups, margins: Published) -> Knowledge:
    """What an attacker knows who has a merged table and margins of the table as it was."""
    histories, counts = possible_histories(table)
    columns = [[table.index(name) for name in group] for group in groups]
    becomes = np.column_stack([histories[:, group].any(axis=1) for group in columns])
    cells = (becomes[None, :, :] == merged.patterns[:, None, :]).all(axis=2)
    seen = cells.any(axis=0)  # a merged history that is not listed was seen by nobody
    sums = np.vstack([cells, margins.sums(histories)])
    return Knowledge(histories[seen], counts[seen], sums[:, seen])


def _made(group: tuple[str, ...]) -> str:
    """Lists that are made into one, all of them."""
    name, lists = _name(group), " or ".join(group)
    return name if name == lists else f"{name} ({lists})"


def sentence_of(groups: Groups) -> str:
    """Which lists were made into one."""
    made = [f"{_made(group)} is {len(group)} lists made into one" for group in groups if len(group) > 1]
    return f"{'; '.join(made)}: a person is on it who was on any of them."
