"""Which years of which calendars a year as written can be, and in what its column decides.

Gregorian years are 1700 to 2100, Solar Hijri and Islamic ones 1150 to 1500, so that a year of four digits is at most
two years: of these, the ones in the list's period.  1367 is Solar in a list of the 1980s, 1408 Islamic: in the Solar
calendar it is 2029.  Without a period a year up to 1404 is Solar unless the column has Islamic dates and no Solar ones.
A year of two digits is of the century that the period allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from estimation.lists.calendars import CalendarName, ImpossibleDateError, days_of
from estimation.lists.date_written import Written

__all__ = ["ColumnFacts", "YearReading", "possible_years", "usual_calendars"]

YearReading = tuple[CalendarName, int]
"""A calendar and a year of it."""

_FOUR_DIGITS: dict[CalendarName, tuple[int, int]] = {
    "gregorian": (1700, 2100),
    "solar": (1150, 1500),
    "islamic": (1150, 1500),
}
_LAST_SOLAR = 1404
"""Later Solar years are not taken for granted: lists of the 1980s write the Islamic years 1405 to 1410."""

_CENTURIES: dict[CalendarName, tuple[int, ...]] = {
    "gregorian": (1800, 1900, 2000),
    "solar": (1200, 1300, 1400),
    "islamic": (1300, 1400),
}
_WITHOUT_PERIOD: dict[CalendarName, tuple[int, int]] = {
    "gregorian": (1900, 2099),
    "solar": (1300, 1413),
    "islamic": (1330, 1456),
}


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What a column of dates, and who knows the list, decide for each of its cells.

    Parameters
    ----------
    period : (int, int), optional
        Days [first, last) that the list covers, as declared.
    span : (int, int), optional
        Days between the years that are written out in the column, ten years wider on both sides.
    order : {"", "day first", "month first", "mixed"}
        Of day and month where both are numbers.
    year_place : {"", "first", "last"}
        Where its years stand, if all that can be told stand there.
    calendars : frozenset
        Calendars of dates that can be in no other.
    calendar : str
        Declared calendar, or empty.
    year : (calendar, int), optional
        The one year that all its dates are in; declared, it is taken for dates without one.
    is_year_declared : bool
        Whether it is.
    has_short_years : bool
        Whether years of two digits stand in it.
    southern : bool, optional
        Whether seasons are those of the southern half of the earth; None where not declared.
    old_style : {"as written", "either"}
        Whether a date may be by the Julian calendar.
    epoch : {0, 1900, 1904}
        From when a number counts days; 0 where nothing says that numbers are dates.
    """

    period: tuple[int, int] | None = None
    span: tuple[int, int] | None = None
    order: Literal["", "day first", "month first", "mixed"] = ""
    year_place: Literal["", "first", "last"] = ""
    calendars: frozenset[CalendarName] = frozenset()
    calendar: CalendarName | Literal[""] = ""
    year: YearReading | None = None
    is_year_declared: bool = False
    has_short_years: bool = False
    southern: bool | None = None
    old_style: Literal["as written", "either"] = "as written"
    epoch: int = 0


def possible_years(written: Written, facts: ColumnFacts) -> list[YearReading]:
    """The years that a date's year can be.

    Raises
    ------
    ImpossibleDateError
        When no calendar has it.

    Examples
    --------
    >>> from datetime import date
    >>> in_the_1980s = ColumnFacts(period=(date(1981, 1, 1).toordinal(), date(1991, 1, 1).toordinal()))
    >>> [possible_years(Written(year=year), in_the_1980s) for year in (1367, 1408, 1988)]
    [[('solar', 1367)], [('islamic', 1408)], [('gregorian', 1988)]]
    """
    if written.year is None:
        return [facts.year] if facts.year else []
    of = _calendars(written, facts)
    if written.year_digits <= 2:
        return _of_two_digits(written.year, of, facts)
    found = [(name, written.year) for name in of if _FOUR_DIGITS[name][0] <= written.year <= _FOUR_DIGITS[name][1]]
    if not found:
        named = f"{' or '.join(of)} year" if len(of) < 3 else "year of a calendar that is read"
        raise ImpossibleDateError(f"{written.year} is no {named}")
    return _one_of_two_hijri(_in(found, facts.period) or _nearest(found, facts.period), facts)


def _calendars(written: Written, facts: ColumnFacts) -> tuple[CalendarName, ...]:
    every: tuple[CalendarName, ...] = ("gregorian", "solar", "islamic")
    if written.mark in every:
        return tuple(name for name in every if name == written.mark)
    named = tuple(dict.fromkeys(name for name, _ in written.months))
    if written.mark == "hijri":
        hijri: tuple[CalendarName, ...] = ("solar", "islamic")
        return tuple(name for name in hijri if not named or name in named) or hijri
    if named:
        return named
    if facts.calendar:
        return (facts.calendar,)
    return tuple(name for name in every if not written.season or name != "islamic")


def _in(found: list[YearReading], period: tuple[int, int] | None) -> list[YearReading]:
    """The years that share a day with a period."""
    if period is None:
        return []
    ends = [(reading, days_of(*reading)) for reading in found]
    return [reading for reading, (first, last) in ends if first < period[1] and last > period[0]]


def _nearest(found: list[YearReading], period: tuple[int, int] | None) -> list[YearReading]:
    """The year that is nearest to a period outside which all of them lie."""
    if period is None:
        return found
    return [min(found, key=lambda reading: min(abs(end - middle) for end in days_of(*reading) for middle in period))]


def _one_of_two_hijri(found: list[YearReading], facts: ColumnFacts) -> list[YearReading]:
    if len(found) < 2 or any(name == "gregorian" for name, _ in found):
        return found
    seen = facts.calendars & {"solar", "islamic"}
    if len(seen) == 1:
        return [reading for reading in found if reading[0] in seen]
    is_early = found[0][1] <= _LAST_SOLAR
    return [reading for reading in found if reading[0] == "solar"] if is_early and not seen else found


def _of_two_digits(year: int, of: tuple[CalendarName, ...], facts: ColumnFacts) -> list[YearReading]:
    """Years of every century, then those in the period; another calendar than the column's only where none is."""
    if len(of) > 1:
        of = tuple(name for name in of if name != "islamic" or name in facts.calendars)
    found = [(name, century + year) for name in of for century in _CENTURIES[name]]
    likely = [(n, y) for n, y in found if _WITHOUT_PERIOD[n][0] <= y <= _WITHOUT_PERIOD[n][1]]
    inside = _in(found, facts.period or facts.span)
    if len(of) == 1:
        return inside or likely
    usual = usual_calendars(facts)
    return (
        [reading for reading in inside if reading[0] in usual]
        or [*inside, *(reading for reading in likely if reading[0] in usual and reading not in inside)]
    )  # fmt: skip


def usual_calendars(facts: ColumnFacts) -> frozenset[CalendarName]:
    """The calendars in which a year of two digits is taken without asking: those of the column's other dates."""
    return facts.calendars or frozenset({"gregorian"})
