"""Parts of a table with labels: some of its lists, lists made into one, the people of each stratum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.stratified import Strata, StratifiedTable, Stratum
from estimation.capture.table import CaptureTable

__all__ = ["keep_lists", "merge_lists", "people_of_strata"]


def keep_lists(table: StratifiedTable, names: Sequence[str]) -> StratifiedTable:
    """The margin over some of the lists, labels and all: people on none of them leave the table.

    Raises
    ------
    TableError
        When a name is not a list of the table, or none is given.

    Examples
    --------
    >>> rows = [[1, 0, 0], [0, 1, 1], [1, 1, 1]]
    >>> table = StratifiedTable(["A", "B", "C"], rows, {"sex": ["f", "f", "m"]}, [5, 3, 2])
    >>> keep_lists(table, ["B", "C"]).n_observed
    5
    """
    margin = CaptureTable(table.lists, [], [], allow_twins=True)
    columns = [margin.index(name) for name in margin.keep(names).lists]
    patterns = table.patterns[:, columns]
    seen = patterns.any(axis=1)
    return table.with_codes(table.codes[seen], patterns[seen], table.counts[seen], lists=tuple(names))


def merge_lists(table: StratifiedTable, names: Sequence[str], into: str) -> StratifiedTable:
    """Some lists made into one, as `CaptureTable.merge`, labels and all: nobody leaves the table.

    What a merged list could not have seen is no longer known of it, so that it covers everybody.

    Raises
    ------
    TableError
        When fewer than two lists are named, a name is not a list, or the new name is another list's.

    Examples
    --------
    >>> rows = [[1, 0, 0], [0, 1, 1], [1, 1, 1]]
    >>> table = StratifiedTable(["A", "B", "C"], rows, {"sex": ["f", "f", "m"]}, [5, 3, 2])
    >>> print(merge_lists(table, ["B", "C"], into="B or C").margin())
    10 people on 2 lists (A 7, B or C 5), 3 distinct histories
    """
    merged = CaptureTable(table.lists, [], [], allow_twins=True).merge(names, into).lists
    columns = [
        table.patterns[:, [table.lists.index(each) for each in (names if name == into else [name])]].any(axis=1)
        for name in merged
    ]
    return table.with_codes(table.codes, np.column_stack(columns), table.counts, lists=merged)


def people_of_strata(table: StratifiedTable, strata: Strata) -> dict[Stratum, StratifiedTable]:
    """The people of each stratum with all of their labels, on the lists that the stratum's own table has.

    Parameters
    ----------
    table : StratifiedTable
        What the strata were made from.
    strata : Strata
        Made by ``table.by``.

    Examples
    --------
    >>> table = StratifiedTable(
    ...     ["A", "B"], [[1, 0], [0, 1], [1, 1]], {"sex": ["f", "m", "f"], "age": ["1", "1", "2"]}, [5, 3, 2]
    ... )
    >>> parts = people_of_strata(table, table.by(["sex"]))
    >>> parts[("f",)].lists, parts[("m",)].n_observed
    (('A', 'B'), 3)
    """
    labels = [table.label(name) for name in strata.labels]
    places = [table.labels.index(label) for label in labels]
    found = {}
    for stratum, own in strata.tables.items():
        codes = [label.values.index(value) for label, value in zip(labels, stratum, strict=True)]
        of_it = (table.codes[:, places] == codes).all(axis=1)
        part = table.with_codes(table.codes[of_it], table.patterns[of_it], table.counts[of_it])
        found[stratum] = part if own.lists == table.lists else keep_lists(part, own.lists)
    return found
