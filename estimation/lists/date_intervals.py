"""The days of a date whose calendar, year, month and day are settled: whole, in part, a season, about.

Early, mid and late are days 1 to 10, 11 to 20 and 21 to the end of a month, and thirds of a year or a season.  A season
of the Gregorian calendar is the union of its calendar months and of the time between solstice and equinox; of the Solar
Hijri calendar three whole months.  "About" is two years on either side of a year, a month on either side of a month, a
week on either side of a day; early, mid or late say enough already.
"""

from __future__ import annotations

from datetime import date

from estimation.lists.calendars import CalendarName, ImpossibleDateError, days_of, shifted_month
from estimation.lists.date_written import Written

__all__ = ["days_of_season", "days_of_written"]

_SEASONS = ("spring", "summer", "autumn", "winter")
_GREGORIAN_SEASONS = {
    "spring": ((0, 3, 1), (0, 6, 22)),
    "summer": ((0, 6, 1), (0, 9, 23)),
    "autumn": ((0, 9, 1), (0, 12, 22)),
    "winter": ((-1, 12, 1), (0, 3, 21)),
}
"""First day and the day after the last; a winter is named after the year that it ends in."""

_ABOUT_YEARS, _ABOUT_DAYS = 2, 7
_PARTS = {"early": (0, 3), "mid": (1, 3), "late": (2, 3), "first half": (0, 2), "second half": (1, 2)}
_MONTH_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 0), "first half": (1, 15), "second half": (16, 0)}


def days_of_season(written: Written, year: int, *, is_southern: bool) -> tuple[int, int]:
    """The days of a season of a Gregorian year.

    Examples
    --------
    >>> winter = days_of_season(Written(season="winter"), 1978, is_southern=True)
    >>> [date.fromordinal(day).isoformat() for day in winter]
    ['1978-06-01', '1978-09-23']
    """
    at = _SEASONS.index(written.season)
    name = _SEASONS[(at + 2) % 4] if is_southern else written.season
    first, last = (date(year + shift, month, day).toordinal() for shift, month, day in _GREGORIAN_SEASONS[name])
    return first, last


def days_of_written(
    written: Written, of: CalendarName, year: int, month: int, day: int, *, is_southern: bool
) -> tuple[int, int]:
    """The days of a date, with what stands around it: a season, early, about.

    Parameters
    ----------
    written : Written
        What stands around it.
    of : {"gregorian", "solar", "islamic"}
        Its calendar.
    year, month, day : int
        The date; 0 where not known.
    is_southern : bool
        Whether its seasons are those of the southern half of the earth.

    Raises
    ------
    ImpossibleDateError
        When the calendar has no such date.

    Examples
    --------
    >>> late = days_of_written(Written(part="late"), "solar", 1367, 4, 0, is_southern=False)
    >>> [date.fromordinal(day).isoformat() for day in late]
    ['1988-07-12', '1988-07-23']
    """
    if written.season:
        whole = _season(written, of, year, is_southern=is_southern)
        return _part(*whole, written.part) if written.part else _about(whole, 31 if written.is_about else 0)
    if written.is_decade:
        return _decade(of, year, written.part)
    whole = days_of(of, year, month, day)
    if day:
        return _about(whole, _ABOUT_DAYS if written.is_about else 0)
    if month:
        return _month(written, of, year, month, whole)
    if written.part:
        n_parts = _PARTS[written.part][1]
        length = 12 // n_parts
        start = _PARTS[written.part][0] * length + 1
        return days_of(of, year, start)[0], days_of(of, year, start + length - 1)[1]
    if written.is_about:
        return days_of(of, year - _ABOUT_YEARS)[0], days_of(of, year + _ABOUT_YEARS)[1]
    return whole


def _about(whole: tuple[int, int], n_days: int) -> tuple[int, int]:
    return whole[0] - n_days, whole[1] + n_days


def _season(written: Written, of: CalendarName, year: int, *, is_southern: bool) -> tuple[int, int]:
    if of == "islamic":
        raise ImpossibleDateError("an Islamic year has no seasons of its own")
    if of == "gregorian":
        return days_of_season(written, year, is_southern=is_southern)
    start = _SEASONS.index(written.season) * 3 + 1
    return days_of("solar", year, start)[0], days_of("solar", year, start + 2)[1]


def _part(first: int, last: int, part: str) -> tuple[int, int]:
    """A third or a half of some days."""
    place, n_parts = _PARTS[part]
    return first + (last - first) * place // n_parts, first + -(-(last - first) * (place + 1) // n_parts)


def _decade(of: CalendarName, year: int, part: str) -> tuple[int, int]:
    whole = days_of(of, year)[0], days_of(of, year + 9)[1]
    return _part(*whole, part) if part else whole


def _month(written: Written, of: CalendarName, year: int, month: int, whole: tuple[int, int]) -> tuple[int, int]:
    if written.part:
        start, end = _MONTH_PARTS[written.part]
        return days_of(of, year, month, start)[0], days_of(of, year, month, end)[1] if end else whole[1]
    if written.is_about:
        before, after = (shifted_month(year, month, by) for by in (-1, 1))
        return days_of(of, *before)[0], days_of(of, *after)[1]
    return whole
