"""A cell of a date column as its file types it: text, a day, a number that counts days, a moment in some time zone."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np

__all__ = ["Moment", "cell_of", "days_off", "local_day"]

_ISO = re.compile(
    r"(1[6-9]\d\d|20\d\d)-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    flags=re.ASCII,
)
_EVENING, _HALF_HOUR = time(10, 0), 30
_LEAST_MOMENTS = 3
_EARLIEST = 1600
"""A file that types 1367-05-08 as a date means no day of the Middle Ages; its text is read as others are."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day that its file types as one, with its time of day.

    Parameters
    ----------
    day : int
        Day number.
    minutes : int
        Minutes after midnight.
    is_utc : bool
        Whether it is said to be in universal time.
    """

    day: int
    minutes: int = 0
    is_utc: bool = False


def cell_of(cell: object) -> str | int | Moment | None:
    """A cell as text, a whole number, a moment, or nothing.

    Parameters
    ----------
    cell : object
        A text, number, date or time stamp of Python, NumPy or pandas.

    Examples
    --------
    >>> cell_of(datetime(1988, 7, 30)) == cell_of("1988-07-30T00:00:00") == Moment(date(1988, 7, 30).toordinal())
    True
    >>> cell_of(1988.0), cell_of("8 Mordad 67"), cell_of(float("nan"))
    (1988, '8 Mordad 67', None)
    """
    if isinstance(cell, str):
        return _of_text(cell)
    if cell is None or cell != cell:
        return None
    if isinstance(cell, datetime):
        return _of_datetime(cell)
    if isinstance(cell, date):
        return Moment(cell.toordinal()) if cell.year > _EARLIEST else cell.isoformat()
    if isinstance(cell, time):  # what a spreadsheet makes of the number 0
        return None
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, int | float | Decimal):
        return _of_number(cell)
    if isinstance(cell, np.datetime64):
        return cell_of(cell.astype("datetime64[us]").item())
    return cell_of(cell.item()) if isinstance(cell, np.generic) else str(cell)


def _of_number(number: int | float | Decimal) -> str | int:
    if isinstance(number, float) and math.isinf(number):
        return str(number)
    whole = int(number)
    return whole if whole == number or whole > 9999 else str(number)


def _of_datetime(moment: datetime) -> Moment | str:
    if moment.year <= _EARLIEST:
        return moment.date().isoformat()
    offset = moment.utcoffset()
    is_utc = offset is not None and not offset
    return Moment(moment.toordinal(), moment.hour * 60 + moment.minute, is_utc)


def _of_text(text: str) -> str | Moment | None:
    stripped = text.strip()
    if not stripped:
        return None
    match = _ISO.fullmatch(stripped)
    if match is None:
        return stripped
    year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
    try:
        return Moment(date(year, month, day).toordinal(), hour * 60 + minute, _is_utc(match[7]))
    except ValueError:
        return stripped


def _is_utc(zone: str | None) -> bool:
    return zone is not None and (zone in {"Z", "UTC", "GMT"} or not zone.strip("+-0:"))


def local_day(moment: Moment, zone: str) -> int:
    """The day of a moment of universal time where the list was written.

    Examples
    --------
    >>> date.fromordinal(local_day(Moment(date(2021, 5, 10).toordinal(), 19 * 60 + 30, True), "Asia/Tehran"))
    datetime.date(2021, 5, 11)
    """
    at = datetime.fromordinal(moment.day) + timedelta(minutes=moment.minutes)
    return at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).toordinal()


def days_off(moments: Iterable[Moment]) -> frozenset[Moment]:
    """Moments that look like midnights of a place east of Greenwich, written in universal time: a day too early.

    Such are time stamps of the second half of the day that all have one or two times of day (a summer and a winter
    one), on the half hour: in universal time all of them, without a zone three or more of them.

    Examples
    --------
    >>> midnights = [Moment(100, 19 * 60 + 30, True), Moment(300, 20 * 60 + 30, True)]
    >>> days_off(midnights) == set(midnights), days_off([Moment(100, 21 * 60 + 30)])
    (True, frozenset())
    """
    found: set[Moment] = set()
    every = list(moments)
    for is_utc in (True, False):
        same = [moment for moment in every if moment.is_utc is is_utc]
        if len(same) >= (1 if is_utc else _LEAST_MOMENTS) and _are_midnights(same):
            found.update(same)
    return frozenset(found)


def _are_midnights(moments: Sequence[Moment]) -> bool:
    times = Counter(moment.minutes for moment in moments)
    earliest = _EVENING.hour * 60
    on_the_half = all(minutes >= earliest and minutes % _HALF_HOUR == 0 for minutes in times)
    return on_the_half and len(times) <= 2 and max(times) - min(times) in {0, 60}
