"""How many people are on the lists, where who is the same person is drawn: a number with an interval of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.table import IntArray
from estimation.linkage.draws import LinkageDraws
from estimation.linkage.linked_tables import LinkedTables
from estimation.linkage.people import people_of
from estimation.results.estimates import ResultTable
from estimation.text.counted import counted

__all__ = ["PEOPLE_ON_LISTS", "people_note", "people_on_lists", "unlinkable_note"]

PEOPLE_ON_LISTS = "People on the lists, over the draws of the linkage"
"""The title of the table that `people_on_lists` gives."""


def people_on_lists(draws: LinkageDraws | LinkedTables) -> ResultTable:
    """The records and the people of each list and of all of them, with 95 % credible intervals.

    Examples
    --------
    >>> from estimation.linkage.draws import RecordPlace
    >>> records = (RecordPlace(0, 2), RecordPlace(0, 3), RecordPlace(1, 2))
    >>> draws = LinkageDraws(("a", "b"), records, np.array([[[0, 0, 1], [0, 1, 1]]], dtype=np.int32))
    >>> for row in people_on_lists(draws).rows:
    ...     print(row)
    ('all lists', 3, 2, 2, 2)
    ('a', 2, 1, 1, 2)
    ('b', 1, 1, 1, 1)
    """
    sizes = np.array([table.list_sizes for table in draws.tables])
    rows = [_row("all lists", sum(draws.n_records.values()), draws.n_people)]
    rows += [_row(name, draws.n_records[name], sizes[:, k]) for k, name in enumerate(draws.lists)]
    columns = ("list", "records", "people, median", "95 % credible interval, lower (persons)", "upper (persons)")
    return ResultTable(PEOPLE_ON_LISTS, columns, tuple(rows))


def _row(name: str, records: int, people: IntArray) -> tuple[str | int | float, ...]:
    found = people_of(people, records)
    return name, records, found.median, found.lower, found.upper


def people_note(draws: LinkageDraws | LinkedTables) -> str:
    """How many people are on the lists, in a sentence."""
    records = sum(draws.n_records.values())
    return (
        f"{records:,} records are of {people_of(draws.n_people, records)}, since who is the same person is not certain."
    )


def unlinkable_note(draws: LinkageDraws | LinkedTables) -> Sequence[str]:
    """How many people stand in rows that were not linked, in a sentence, where there are any."""
    people = sum(draws.n_unlinkable.values())
    if not people:
        return ()
    named = ", ".join(f"{name} {count:,}" for name, count in draws.n_unlinkable.items() if count)
    return (
        f"{counted(people, 'person', 'people')} in rows that were not linked to anything (unnamed bodies, groups: "
        f"{named}) are in no "
        "table: each of them can be somebody who is on a list by name, or one of those on none.",
    )
