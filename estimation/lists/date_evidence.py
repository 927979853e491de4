"""What the dates of a column decide together: the order of day and month, calendars, where years stand, which they are.

Only if some dates have a first number above 12 and none a second one is a column day first; with both it is mixed, and
every date that can be either has to be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from estimation.lists.calendars import CalendarName, ImpossibleDateError, days_of
from estimation.lists.date_written import Agree, Either, Expression, One, Open, Span, Written
from estimation.lists.date_years import ColumnFacts, YearReading, possible_years

__all__ = ["decided"]

_YEARS_AROUND = 3653


@dataclass(slots=True)
class _Evidence:
    day_first: int = 0
    month_first: int = 0
    year_first: int = 0
    year_last: int = 0
    short_years: int = 0
    calendars: set[CalendarName] = field(default_factory=set)
    years: set[YearReading] = field(default_factory=set)


def decided(
    expressions: Iterable[tuple[Expression, int]], declared: ColumnFacts, typed: Sequence[int], *, persian_digits: bool
) -> ColumnFacts:
    """What is declared, completed by what the column shows.

    Parameters
    ----------
    expressions : iterable of (Expression, int)
        Different texts of the column, and how many cells each has.
    declared : ColumnFacts
        What whoever knows the list declares.
    typed : sequence of int
        Day numbers of cells that the file types as dates.
    persian_digits : bool
        Whether any text has them: then a year of two digits can be Solar Hijri.

    Examples
    --------
    >>> from estimation.lists.date_parsing import parsed
    >>> texts = [(parsed(text), 1) for text in ("13/08/1988", "07/08/1988")]
    >>> decided(texts, ColumnFacts(), [], persian_digits=False).order
    'day first'
    """
    found = _Evidence()
    writtens = [(written, len(one.written)) for one, _ in _ones(expressions) for written in one.written]
    for written, n_structures in writtens:
        _note(found, written, declared, is_certain=n_structures == 1)
    if typed:
        found.calendars.add("gregorian")
        found.years.update(("gregorian", date.fromordinal(day).year) for day in typed)
    if persian_digits and "solar" not in found.calendars:
        found.calendars.add("solar")
    return replace(
        declared,
        order=declared.order or _order(found),
        year_place=_year_place(found),
        calendars=frozenset(found.calendars),
        span=_span(found.years),
        year=declared.year or _only_year(found.years),
        has_short_years=found.short_years > 0,
    )


def _ones(expressions: Iterable[tuple[Expression, int]]) -> Iterator[tuple[One, int]]:
    for expression, count in expressions:
        if isinstance(expression, One):
            yield expression, count
        elif isinstance(expression, Span):
            yield from _ones([(expression.first, count), (expression.last, count)])
        elif isinstance(expression, Either | Agree):
            yield from _ones((part, count) for part in expression.parts)
        elif isinstance(expression, Open):
            yield from _ones([(expression.part, count)])


def _note(found: _Evidence, written: Written, declared: ColumnFacts, *, is_certain: bool) -> None:
    if not is_certain:
        return
    if written.pair is not None:
        a, b = written.pair
        found.day_first += a > 12 >= b
        found.month_first += b > 12 >= a
    if written.year is None:
        return
    if written.year_digits <= 2:
        found.short_years += 1
        found.year_last += written.pair is not None
        found.year_first += written.pair is None and bool(written.day) and not written.months
        if len(named := {name for name, _ in written.months}) == 1:
            found.calendars |= named
        return
    try:
        years = possible_years(written, replace(declared, calendars=frozenset()))
    except ImpossibleDateError:
        return
    if len(years) == 1 and not written.is_about:
        found.years.add(years[0])
        found.calendars.add(years[0][0])


def _order(found: _Evidence) -> Literal["", "day first", "month first", "mixed"]:
    if found.day_first and found.month_first:
        return "mixed"
    return "day first" if found.day_first else "month first" if found.month_first else ""


def _year_place(found: _Evidence) -> Literal["", "first", "last"]:
    if bool(found.year_first) == bool(found.year_last):
        return ""
    return "first" if found.year_first else "last"


def _span(years: set[YearReading]) -> tuple[int, int] | None:
    """The days between the first and the last of the years that are written out, ten years wider on both sides."""
    ends = [days_of(*year) for year in years]
    if not ends:
        return None
    return min(first for first, _ in ends) - _YEARS_AROUND, max(last for _, last in ends) + _YEARS_AROUND


def _only_year(years: set[YearReading]) -> YearReading | None:
    return next(iter(years)) if len(years) == 1 else None
