"""Dates that a spreadsheet typed the wrong way round: day and month exchanged, or four years and a day off.

A spreadsheet that expects the month first turns the text 3/10/2012 into 10 March and leaves 15/09/2012 a text, since
there is no month 15.  Two signs give that away: every typed date has a day up to 12 while texts begin with larger
numbers; or the column is in order but for a date that would be in order with day and month exchanged.  A workbook whose
days count from 1904, read as if from 1900, is 1,462 days off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

__all__ = ["exchanged", "exchanged_days", "off_by_an_epoch"]

EPOCHS_APART = 1462
_LEAST_TYPED, _LEAST_DATED, _MOST_OUT_OF_ORDER = 4, 6, 0.1


def exchanged(day: int) -> int | None:
    """The day number with day and month exchanged; None where that is the same or no day.

    Examples
    --------
    >>> date.fromordinal(exchanged(date(2012, 3, 10).toordinal()))
    datetime.date(2012, 10, 3)
    """
    on = date.fromordinal(day)
    return date(on.year, on.day, on.month).toordinal() if on.day <= 12 and on.day != on.month else None


def exchanged_days(
    typed: Mapping[int, int], spans: Sequence[tuple[int, int] | None], *, day_first_texts: int
) -> set[int]:
    """The places of typed dates whose day and month may be exchanged.

    Parameters
    ----------
    typed : mapping of int to int
        Day numbers of typed dates by their place in the column.
    spans : sequence of (int, int) or None
        For every place the days [first, last) that it is read as.
    day_first_texts : int
        How many texts of the column can only be day first.

    Examples
    --------
    >>> days = [date(2012, *md).toordinal() for md in ((8, 4), (9, 15), (3, 10), (10, 3), (10, 20), (11, 1), (12, 2))]
    >>> typed, spans = dict(enumerate(days)), [(day, day + 1) for day in days]
    >>> exchanged_days(typed, spans, day_first_texts=1)
    {2}
    """
    could_be = {place for place, day in typed.items() if exchanged(day) is not None}
    if not day_first_texts or not could_be:
        return set()
    days = [date.fromordinal(day).day for day in typed.values()]
    if len(days) >= _LEAST_TYPED and max(days) <= 12:
        return could_be
    return _out_of_order(typed, could_be, spans)


def _out_of_order(typed: Mapping[int, int], could_be: set[int], spans: Sequence[tuple[int, int] | None]) -> set[int]:
    """Dates that break the order of a column that is otherwise in order, and fit it when exchanged."""
    dated = [(place, span) for place, span in enumerate(spans) if span is not None]
    if len(dated) < _LEAST_DATED:
        return set()
    found: set[int] = set()
    for sign in (1, -1):
        breaks = [at for at in range(1, len(dated)) if _is_before(dated[at][1], dated[at - 1][1], sign)]
        if not breaks or len(breaks) > max(1.0, _MOST_OUT_OF_ORDER * len(dated)):
            continue
        for at in {near for late in breaks for near in (late - 1, late)}:
            place = dated[at][0]
            if place not in could_be or not 0 < at < len(dated) - 1:
                continue
            other = exchanged(typed[place])
            beside = dated[at - 1][1], dated[at + 1][1]
            if other is not None and not _is_before(beside[1], beside[0], sign):
                span = other, other + 1
                if not _is_before(span, beside[0], sign) and not _is_before(beside[1], span, sign):
                    found.add(place)
    return found


def _is_before(span: tuple[int, int], other: tuple[int, int], sign: int) -> bool:
    """Whether all of its days lie before all of the other's, or after where the column runs backwards."""
    return span[1] <= other[0] if sign > 0 else span[0] >= other[1]


def off_by_an_epoch(typed: Sequence[int], period: tuple[int, int] | None) -> int:
    """By how many days typed dates are off, where more than half lie outside the period and all would lie inside.

    Examples
    --------
    >>> period = date(1981, 1, 1).toordinal(), date(1991, 1, 1).toordinal()
    >>> off_by_an_epoch([date(1992, 7, 31).toordinal(), date(1992, 8, 20).toordinal()], period)
    -1462
    """
    if period is None or not typed:
        return 0
    outside = sum(not period[0] <= day < period[1] for day in typed)
    for shift in (-EPOCHS_APART, EPOCHS_APART):
        if 2 * outside > len(typed) and all(period[0] <= day + shift < period[1] for day in typed):
            return shift
    return 0
