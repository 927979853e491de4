"""Records of a list that lie outside what it is declared to cover: other places, other days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from estimation.lists.cell_problems import rows_in_words
from estimation.lists.name_list import NameRecord
from estimation.lists.places import places_of

if TYPE_CHECKING:
    from estimation.lists.declared import Covers

__all__ = ["outside_cover"]


def outside_cover(records: Sequence[NameRecord], covers: Covers) -> Iterator[str]:
    """Sentences about records that the list could not have seen, by what is declared of it; rows and no name.

    Such records are linked and counted like others: either they are mistakes, or the declaration is too narrow.

    Examples
    --------
    >>> from estimation.lists.declared import Covers
    >>> from estimation.lists.name_list import PersonName
    >>> rows = [
    ...     NameRecord(row, names=(PersonName(given="x"),), places=(place,))
    ...     for row, place in ((2, "tehran"), (3, "shiraz"), (4, "teheran"))
    ... ]
    >>> list(outside_cover(rows, Covers(places=("Tehran",))))
    ['row 3: the place is none of those that the list is declared to cover; it is linked and counted like others']
    """
    linkable = [record for record in records if record.is_linkable]
    elsewhere, at_another_time = [], []
    if covers.places:
        inside = {name for place in covers.places for name in places_of(place)}
        others = {name for record in linkable for name in record.places} - inside
        inside |= {name for name in others if _is_spelt_like(name, inside)}
        elsewhere = [record.row for record in linkable if record.places and not inside & {*record.places}]
    if covers.dates is not None:
        first, last = map(date.fromisoformat, covers.dates)
        at_another_time = [
            record.row
            for record in linkable
            if record.event is not None and not (record.event.first <= last and first < record.event.last)
        ]
    for rows, what in ((elsewhere, "the place is none of those"), (at_another_time, "the date is none of those")):
        if rows:
            they = "it is" if len(rows) == 1 else "they are"
            yield (
                f"{rows_in_words(rows)}: {what} that the list is declared to cover; {they} linked and counted like "
                "others"
            )


def _is_spelt_like(name: str, places: set[str]) -> bool:
    """Whether a name is a place in another spelling or another script."""
    # Imported here because it loads rapidfuzz, which most lists need not.
    from estimation.lists.spelling import spelling_level

    return any(spelling_level(name, place) <= 1 for place in places)
