"""How dates lie: by the years that they can be, and by the days of a year where they are narrower than a year.

A year alone is then simply a date without a day, and a wrong year leaves the day as evidence.

Years: level 0 where two dates can be of one year, 1 one year apart, 2 two or three years apart or one digit different.
Days of a year, around the new year too: level 0 where two dates share a day, 1 within three days or with day and month
exchanged, 2 in one month or on one day of the month.  Day and month are exchanged, and days of a month compared, only
for dates of three days at most: a month has every day of a month.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from estimation.lists.days import Days

__all__ = ["age_levels", "day_levels", "days_of_year", "year_levels", "years_of"]

_LONGEST = 20
"""Years: what spans more than that says nothing of a person."""
_YEAR = 366
"""Days of a leap year, of which each has its own number in every year."""
_NARROW, _NEAR_DAYS = 3, 3
_LEAP_YEAR = date(2000, 1, 1)


def years_of(days: Days) -> tuple[int, ...]:
    """The years of the Gregorian calendar that a date can be of; none where they are more than twenty.

    Examples
    --------
    >>> years_of(Days.between(date(1988, 3, 21), date(1989, 3, 21)))
    (1988, 1989)
    """
    years = sorted(
        {
            year
            for first, last in days.intervals
            for year in range(date.fromordinal(first).year, date.fromordinal(last - 1).year + 1)
        }
    )
    return tuple(years) if years[-1] - years[0] < _LONGEST else ()


def days_of_year(days: Days) -> tuple[int, ...]:
    """The days of a leap year, 0 to 365, that a date can be; none where one of its intervals is a year or longer.

    Examples
    --------
    >>> days_of_year(Days.between(date(1988, 12, 31), date(1989, 1, 2)))
    (0, 365)
    >>> days_of_year(Days.between(date(1988, 1, 1), date(1989, 1, 1)))
    ()
    """
    if any(last - first >= _YEAR - 1 for first, last in days.intervals):
        return ()
    found = {_day_of_leap_year(day) for first, last in days.intervals for day in range(first, last)}
    return tuple(sorted(found)) if len(found) < _YEAR - 1 else ()


def _day_of_leap_year(ordinal: int) -> int:
    day = date.fromordinal(ordinal)
    return (day.replace(year=_LEAP_YEAR.year) - _LEAP_YEAR).days


def year_levels(values: list[tuple[int, ...]]) -> NDArray[np.int8]:
    """(V, V) levels of sets of years.

    Examples
    --------
    1909 is one digit from 1989.

    >>> year_levels([(1988, 1989), (1989,), (1990,), (1992,), (1909,), (1950,)])[0].tolist()
    [0, 0, 1, 2, 2, 3]
    """
    every = np.unique([year for own in values for year in own])
    digits = np.array([[int(digit) for digit in f"{year:04d}"] for year in every])
    one_digit = (digits[:, None] != digits[None, :]).sum(axis=2) <= 1
    return _levels(values, every, one_digit)


def age_levels(values: list[tuple[int, ...]]) -> NDArray[np.int8]:
    """(V, V) levels of sets of ages: 0 where they share one, 1 a year apart, 2 two or three years apart.

    Examples
    --------
    >>> age_levels([(30,), (30, 31), (32,), (40,)])[0].tolist()
    [0, 0, 2, 3]
    """
    every = np.unique([age for own in values for age in own])
    return _levels(values, every, np.zeros((len(every), len(every)), np.bool_))


def _levels(values: list[tuple[int, ...]], every: NDArray[np.int64], also: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Levels of sets of numbers by their distance: 0, 1, 2 for two or three or where ``also`` says so."""
    members = _members([np.searchsorted(every, own).tolist() for own in values], len(every))
    apart = np.abs(every[:, None] - every[None, :])
    levels = np.full((len(values), len(values)), 3, np.int8)
    for level, near in ((2, (apart <= 3) | also), (1, apart <= 1), (0, apart == 0)):
        levels[_reaches(members, near, members)] = level
    return levels


def day_levels(values: list[tuple[int, ...]]) -> NDArray[np.int8]:
    """(V, V) levels of sets of days of a year.

    Examples
    --------
    5 August beside 8 May, 7 August, all of August, 30 August, 5 March and 2 January; then New Year's Eve and Day.

    >>> day = lambda month, day: days_of_year(Days.between(date(2000, month, day), date(2000, month, day + 1)))
    >>> august = days_of_year(Days.between(date(2000, 8, 1), date(2000, 9, 1)))
    >>> day_levels([day(8, 5), day(5, 8), day(8, 7), august, day(8, 30), day(3, 5), day(1, 2)])[0].tolist()
    [0, 1, 1, 0, 2, 2, 3]
    >>> day_levels([(0,), (365,)])[0].tolist()
    [0, 1]
    """
    members = _members(values, _YEAR)
    narrow = members * (members.sum(axis=1, keepdims=True) <= _NARROW)
    number = np.arange(_YEAR)
    apart = np.abs(number[:, None] - number[None, :])
    within = np.minimum(apart, _YEAR - apart) <= _NEAR_DAYS
    month, day = _calendar()
    levels = np.full((len(values), len(values)), 3, np.int8)
    levels[_reaches(narrow, day[:, None] == day[None, :], narrow)] = 2
    levels[_reaches(members, month[:, None] == month[None, :], members)] = 2
    levels[_reaches(narrow, (month[:, None] == day[None, :]) & (day[:, None] == month[None, :]), narrow)] = 1
    levels[_reaches(members, within, members)] = 1
    levels[_reaches(members, apart == 0, members)] = 0
    return levels


@cache
def _calendar() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Month and day of the month of each day of a leap year."""
    days = [_LEAP_YEAR + timedelta(days=number) for number in range(_YEAR)]
    return np.array([day.month for day in days]), np.array([day.day for day in days])


def _members(values: Iterable[Iterable[int]], n_parts: int) -> NDArray[np.float32]:
    """(V, n_parts) 1 where a value can be a part."""
    rows = [list(own) for own in values]
    members = np.zeros((len(rows), n_parts), np.float32)
    for row, own in enumerate(rows):
        members[row, own] = 1
    return members


def _reaches(one: NDArray[np.float32], near: NDArray[np.bool_], other: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(V, V) whether a part of the one is near a part of the other."""
    reached: NDArray[np.bool_] = (one @ near.astype(np.float32) @ other.T) > 0
    return reached
