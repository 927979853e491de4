"""When a person was born, from a date or from an age, each counted once.

An age on the day of the event says between which days a person was born, and a date of birth says how old the person
was.  A record that gives both says one thing twice, so that only one of them is compared: the year of birth where a
date or an age with a dated event gives it, and the age where nothing but an age is known.  Where more records have an
age than a year of birth, as in lists of the killed without dates, the age comes first and the year is the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from estimation.lists.days import Days
from estimation.lists.name_list import NameRecord

__all__ = ["age_at_event", "births_and_ages", "born"]

_DAY = timedelta(days=1)
_OLDEST = 130


def born(record: NameRecord) -> Days | None:
    """When the person of a record was born: as the record says, or from the age at the event.

    Examples
    --------
    >>> event = Days.between(date(1988, 7, 28), date(1988, 7, 29))
    >>> days = born(NameRecord(2, event=event, age=(30, 30)))
    >>> days.first.isoformat(), days.last.isoformat()
    ('1957-07-29', '1958-07-29')
    """
    if record.birth is not None or record.event is None or record.age is None:
        return record.birth
    youngest, oldest = record.age
    first = _years_earlier(record.event.first, oldest + 1)
    last = _years_earlier(record.event.last - _DAY, youngest)
    return Days.between(first + _DAY, last + _DAY) if first is not None and last is not None else None


def age_at_event(record: NameRecord) -> tuple[int, int] | None:
    """Age of the person of a record in completed years, least and most: as the record says, or from its dates.

    Examples
    --------
    >>> birth = Days.between(date(1958, 1, 1), date(1959, 1, 1))
    >>> age_at_event(NameRecord(2, birth=birth, event=Days.between(date(1988, 7, 28), date(1988, 7, 29))))
    (29, 30)
    """
    if record.age is not None or record.birth is None or record.event is None:
        return record.age
    least = _completed_years(record.birth.last - _DAY, record.event.first)
    most = _completed_years(record.birth.first, record.event.last - _DAY)
    return (max(least, 0), most) if 0 <= most <= _OLDEST else None


def births_and_ages(
    records: Sequence[NameRecord],
) -> tuple[list[Days | None], list[tuple[int, int] | None]]:
    """For each record the birth or the age that is compared, and never both."""
    births, ages = [born(record) for record in records], [age_at_event(record) for record in records]
    if sum(age is not None for age in ages) > sum(birth is not None for birth in births):
        births = [birth if age is None else None for birth, age in zip(births, ages, strict=True)]
    else:
        ages = [age if birth is None else None for birth, age in zip(births, ages, strict=True)]
    return births, ages


def _years_earlier(day: date, years: int) -> date | None:
    """The same day some years before; 28 February for a leap day without one."""
    if day.year <= years:
        return None
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _completed_years(earlier: date, later: date) -> int:
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))
