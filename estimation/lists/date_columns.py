"""Days on which dates heap: 1 January, 1 Farvardin, the 15th, which stand for a year or a month in many lists.

A heaped day is a day like any other until somebody who knows the list says that it is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from estimation.lists.calendars import CalendarName, days_of, in_calendar, solar_new_year
from estimation.lists.days import Days

__all__ = ["HEAPED_DAYS", "Heap", "heaps_of", "widened"]

HEAPED_DAYS = ("1 January", "1 Farvardin", "day 15")
_CALENDARS: dict[str, CalendarName] = {"1 January": "gregorian", "1 Farvardin": "solar"}
_SHARE = 0.05
_USUAL_15 = 12 / 365.25
_RARE = 0.01


@dataclass(frozen=True, slots=True)
class Heap:
    """A day that too many dates of a column are.

    Parameters
    ----------
    day : {"1 January", "1 Farvardin", "day 15"}
        Which.
    n_cells, n_days : int
        Dates that are it, among all dates that are known to the day.
    """

    day: str
    n_cells: int
    n_days: int

    def __str__(self) -> str:
        """As a sentence."""
        whole = "month" if self.day == "day 15" else "year"
        return (
            f"{self.n_cells} of {self.n_days} days are {self.day}: if it stands for the whole {whole}, say so with "
            f'dates.widen = ["{self.day}"]'
        )


def heaps_of(days: Sequence[Days | None], calendars: Sequence[str]) -> tuple[Heap, ...]:
    """The heaped days of a column: two dates or more and more than 5 % of all, the 15th also beyond coincidence.

    Parameters
    ----------
    days : sequence of Days or None
        The dates that are read.
    calendars : sequence of str
        The calendar of each.

    Examples
    --------
    >>> from datetime import date
    >>> new_years = [Days.between(date(year, 1, 1), date(year, 1, 2)) for year in range(1950, 1953)]
    >>> [str(heap)[:30] for heap in heaps_of(new_years, ["gregorian"] * 3)]
    ['3 of 3 days are 1 January: if ']
    """
    known = Counter(
        (one.intervals[0][0], _written_in(calendar))
        for one, calendar in zip(days, calendars, strict=True)
        if one is not None and one.n_days == 1
    )
    n_days, found = sum(known.values()), []
    for day in HEAPED_DAYS:
        n_cells = sum(count for (first, calendar), count in known.items() if _is(first, calendar, day))
        if n_cells > max(_SHARE * n_days, 1) and (day != "day 15" or _is_rare(n_cells, n_days)):
            found.append(Heap(day, n_cells, n_days))
    return tuple(found)


def _is_rare(n_cells: int, n_days: int) -> bool:
    """Whether so many of the 15th of a month come by coincidence less than once in a hundred columns."""
    if n_days > 500:
        return True
    fewer = sum(comb(n_days, k) * _USUAL_15**k * (1 - _USUAL_15) ** (n_days - k) for k in range(n_cells))
    return 1 - fewer < _RARE


def _is(first: int, calendar: CalendarName, day: str) -> bool:
    if day == "1 January":
        return in_calendar("gregorian", first)[1:] == (1, 1)
    if day == "1 Farvardin":
        return first == solar_new_year(in_calendar("gregorian", first)[0] - 621)
    return in_calendar(calendar, first)[2] == 15


def _written_in(calendar: str) -> CalendarName:
    return "solar" if calendar == "solar" else "gregorian"


def widened(days: Days, calendar: str, widen: Sequence[str]) -> Days | None:
    """The whole year or month that a heaped day stands for, if it is one of those agreed on.

    Examples
    --------
    >>> from datetime import date
    >>> widened(Days.between(date(1957, 1, 1), date(1957, 1, 2)), "gregorian", ["1 January"]).n_days
    365
    """
    if days.n_days != 1:
        return None
    first, written_in = days.intervals[0][0], _written_in(calendar)
    for day in widen:
        if _is(first, written_in, day):
            of = _CALENDARS.get(day, written_in)
            year, month, _ = in_calendar(of, first)
            return Days((days_of(of, year, month if day == "day 15" else 0),), days.text)
    return None
