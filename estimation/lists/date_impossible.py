"""An impossible day read as the month or the year that it names, where whoever knows the list agrees."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from estimation.lists.calendars import ImpossibleDateError
from estimation.lists.date_readings import Reading, UndecidedDateError, readings_of
from estimation.lists.date_written import Expression, One, Written
from estimation.lists.date_years import ColumnFacts

__all__ = ["without_impossible"]


def without_impossible(expression: Expression, to: Literal["month", "year"], facts: ColumnFacts) -> Reading | None:
    """The month or year of a date whose day does not exist; None where that is none or not one either.

    Examples
    --------
    >>> from estimation.lists.date_parsing import parsed
    >>> without_impossible(parsed("1367/12/30"), "year", ColumnFacts()).words
    '1367'
    """
    if not isinstance(expression, One):
        return None
    coarser = One(tuple(_coarser(written, to) for written in expression.written if written.year is not None))
    try:
        found = readings_of(coarser, facts) if coarser.written else []
    except (ImpossibleDateError, UndecidedDateError):
        return None
    return found[0] if len(found) == 1 else None


def _coarser(written: Written, to: Literal["month", "year"]) -> Written:
    month = written.month
    if written.pair is not None:
        fitting = [number for number in written.pair if number <= 12]
        month = fitting[0] if len(fitting) == 1 else 0
    if to == "month" and (written.months or 1 <= month <= 12):
        return replace(written, day=0, pair=None, month=0 if written.months else month, weekday=None)
    named = {name for name, _ in written.months}
    mark = next(iter(named)) if len(named) == 1 else written.mark
    return replace(written, day=0, month=0, months=(), pair=None, weekday=None, mark=mark)
