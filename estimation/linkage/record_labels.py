"""What a record says of where, when and who: labels by which people are divided into strata."""

from __future__ import annotations

from datetime import timedelta

from estimation.lists.days import Days
from estimation.lists.name_list import NameRecord

__all__ = ["OWN_LABELS", "labels_of_record"]

OWN_LABELS = ("place", "year", "month", "sex")
"""The labels that every record can have, beside those that a study names."""


def labels_of_record(record: NameRecord) -> dict[str, str]:
    """The labels of a record; one that it does not give is not among them.

    ``place`` is the first of the alternatives, ``year`` and ``month`` those of the event (Gregorian, ``1988-07``) where
    all days that it can mean lie in one, ``sex`` f or m; and what the study names.

    Examples
    --------
    >>> from datetime import date
    >>> july = Days.between(date(1988, 7, 29), date(1988, 8, 1))
    >>> labels_of_record(NameRecord(2, event=july, places=("tehran",), labels={"group": "A"}))
    {'place': 'tehran', 'year': '1988', 'month': '1988-07', 'group': 'A'}
    >>> labels_of_record(NameRecord(2, event=Days.between(date(1988, 7, 29), date(1988, 8, 2)), sex="f"))
    {'year': '1988', 'sex': 'f'}
    """
    given = {"place": record.places[0] if record.places else "", **_period(record.event), "sex": record.sex}
    return {name: value for name, value in {**given, **record.labels}.items() if value}


def _period(event: Days | None) -> dict[str, str]:
    """The year and the month in which an event was, where it was in one."""
    if event is None:
        return {}
    first, last = event.first, event.last - timedelta(days=1)
    year = f"{first.year:04d}" if first.year == last.year else ""
    return {"year": year, "month": f"{year}-{first.month:02d}" if year and first.month == last.month else ""}
