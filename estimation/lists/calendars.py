"""Days, months and years of three calendars as intervals of day numbers: Gregorian, Solar Hijri and Islamic.

The Solar Hijri calendar is that of `persiantools`.  No rule gives the days of the Islamic calendar: months were sighted
or announced, and calendars that are computed differ by up to two days.  An Islamic date is therefore the hull of three
calendars: Umm al-Qura (`hijridate`, for the years 1343 to 1500) and the two tabular ones, whose epochs are 15 and 16
July 622 of the Julian calendar (Reingold, Dershowitz 2018, Calendrical Calculations, 4th edition, sections 7.1, 18.3).

Intervals are [first, last) of `datetime.date.toordinal`.  Month and day are 0 where not known.
"""

from __future__ import annotations

import calendar
from datetime import date
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from hijridate import Hijri, ummalqura
from persiantools.jdatetime import JalaliDate

__all__ = [
    "CalendarName",
    "ImpossibleDateError",
    "days_of",
    "in_calendar",
    "julian_days",
    "month_name",
    "shifted_month",
    "solar_new_year",
]

CalendarName: TypeAlias = Literal["gregorian", "solar", "islamic"]
"""A calendar that is read."""

_RANGES = {"gregorian": (1, 9998), "solar": (1, 3000), "islamic": (1, 3000)}
_MONTHS = {
    "gregorian": tuple(calendar.month_name)[1:],
    "solar": (
        *("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar"),
        *("Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
    ),
    "islamic": (
        *("Muharram", "Safar", "Rabi al-Awwal", "Rabi al-Thani", "Jumada al-Ula", "Jumada al-Thani"),
        *("Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qada", "Dhu al-Hijja"),
    ),
}
_jalali: Any = JalaliDate
"""Its library has no types."""

_TABULAR_EPOCHS = 227014, 227015
"""The days before which 1 Muharram of the year 1 stands as day 1: 15 and 16 July 622 (Julian)."""


class ImpossibleDateError(ValueError):
    """A day or a month that its calendar does not have; the text says so in words."""


def month_name(of: CalendarName, month: int) -> str:
    """The month in English.

    Examples
    --------
    >>> month_name("solar", 5), month_name("islamic", 12)
    ('Mordad', 'Dhu al-Hijja')
    """
    return _MONTHS[of][month - 1]


def days_of(of: CalendarName, year: int, month: int = 0, day: int = 0) -> tuple[int, int]:
    """The days of a date: a day, a month where `day` is 0, a year where `month` is 0 too.

    Parameters
    ----------
    of : {"gregorian", "solar", "islamic"}
        The calendar.
    year, month, day : int
        The date; month and day are 0 where not known.

    Returns
    -------
    (int, int)
        Day numbers, the second one after the last.

    Raises
    ------
    ImpossibleDateError
        When the calendar has no such year, month or day.  Day 30 of an Islamic month always exists: where a computed
        month has 29 days, a sighted one could have had 30.

    Examples
    --------
    >>> [date.fromordinal(end).isoformat() for end in days_of("solar", 1367, 5, 8)]
    ['1988-07-30', '1988-07-31']
    >>> [date.fromordinal(end).isoformat() for end in days_of("islamic", 1408, 12, 14)]
    ['1988-07-27', '1988-07-30']
    >>> days_of("solar", 1367, 12, 30)
    Traceback (most recent call last):
    estimation.lists.calendars.ImpossibleDateError: Esfand 1367 has 29 days
    """
    least, most = _RANGES[of]
    if not least <= year <= most:
        raise ImpossibleDateError(f"no year {year} is read")
    if not 0 <= month <= 12:
        raise ImpossibleDateError(f"there is no month {month}")
    if not month:
        if day:
            raise ImpossibleDateError("a day has no month")
        return _starts(of, year, 1)[0], _starts(of, year + 1, 1)[1]
    following = (year, month + 1) if month < 12 else (year + 1, 1)
    first, last = _starts(of, year, month), _starts(of, *following)
    if not day:
        return first[0], last[1]
    n_days = 30 if of == "islamic" else last[0] - first[0]
    if not 1 <= day <= n_days:
        raise ImpossibleDateError(f"{month_name(of, month)} {year} has {n_days} days")
    return first[0] + day - 1, first[1] + day


@lru_cache(maxsize=65536)
def _starts(of: CalendarName, year: int, month: int) -> tuple[int, int]:
    """The first and the last day that the first of a month can be."""
    if of == "gregorian":
        only = date(year, month, 1).toordinal()
    elif of == "solar":
        only = _jalali(year, month, 1).to_gregorian().toordinal()
    else:
        starts = [*(_tabular(year, month, epoch) for epoch in _TABULAR_EPOCHS), *_umm_al_qura(year, month)]
        return min(starts), max(starts)
    return only, only


def _tabular(year: int, month: int, epoch: int) -> int:
    """The first of an Islamic month where leap years are 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29 of 30."""
    return (year - 1) * 354 + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2 + epoch


def _umm_al_qura(year: int, month: int) -> list[int]:
    """The first of an Islamic month as Saudi Arabia's calendar has it, where it has the year."""
    first, last = ummalqura.HIJRI_RANGE
    if not first[0] <= year <= last[0]:
        return []
    return [Hijri(year, month, 1, validate=False).to_gregorian().toordinal()]


@lru_cache(maxsize=65536)
def in_calendar(of: CalendarName, day: int) -> tuple[int, int, int]:
    """Year, month and day of a day number; in the Islamic calendar as the earliest of the three has it.

    Examples
    --------
    >>> in_calendar("solar", date(1988, 7, 30).toordinal())
    (1367, 5, 8)
    """
    gregorian = date.fromordinal(day)
    if of == "gregorian":
        return gregorian.year, gregorian.month, gregorian.day
    if of == "solar":
        solar = _jalali(gregorian)
        return solar.year, solar.month, solar.day
    year, month = int((day - _TABULAR_EPOCHS[0]) / 354.36667) + 2, 1
    while _starts(of, year, month)[0] > day:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return year, month, min(day - _starts(of, year, month)[0] + 1, 30)


def shifted_month(year: int, month: int, by: int) -> tuple[int, int]:
    """The year and month that lies so many months later.

    Examples
    --------
    >>> shifted_month(1988, 12, 1), shifted_month(1988, 1, -13)
    ((1989, 1), (1986, 12))
    """
    moved = year * 12 + month - 1 + by
    return moved // 12, moved % 12 + 1


def julian_days(first: int, last: int) -> tuple[int, int]:
    """The days of a date that was written by the Julian calendar (old style), from how the Gregorian would read it.

    Examples
    --------
    >>> date.fromordinal(julian_days(date(1895, 2, 15).toordinal(), date(1895, 2, 16).toordinal())[0])
    datetime.date(1895, 2, 27)
    """
    return first + _behind(first), last + _behind(last)


def _behind(day: int) -> int:
    """How many days the Julian calendar is behind, by the year and month that it writes."""
    year, month, _ = in_calendar("gregorian", day)
    century = (year if month > 2 else year - 1) // 100
    return century - century // 4 - 2


@lru_cache(maxsize=4096)
def solar_new_year(year: int) -> int:
    """The day of 1 Farvardin of a Solar Hijri year."""
    return _starts("solar", year, 1)[0]
