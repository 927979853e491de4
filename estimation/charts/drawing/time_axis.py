"""An axis of time: where days, months and years lie, and which of them are named.

Values that are all years (1988), months (1988-07) or days (1988-07-28) lie where the calendar has them, one unit apart,
so that a missing month leaves its place free.  Other values lie side by side in their order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from matplotlib.axis import Axis

from estimation.charts.drawing.words import shortened, text_inches

__all__ = ["TimeScale", "draw_time_axis", "time_scale"]

_LONGEST = 0.9
"""The longest name of a place on the axis.  Unit: inches."""
_APART = 0.12


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Where the values of a label lie on an axis.

    Parameters
    ----------
    places : mapping of str to int
        The place of each value; those next to each other are 1 apart.
    name : callable
        What a place is called.
    steps : tuple of int
        Every so many places may be named, the fewest first; empty for any number.
    unit : str
        ``"year"``, ``"month"``, ``"day"``, or empty where the values are no dates.
    """

    places: Mapping[str, int]
    name: Callable[[int], str]
    steps: tuple[int, ...]
    unit: str


def _month(value: str) -> int | None:
    found = re.fullmatch(r"(\d{4})-(\d{2})", value)
    year, month = map(int, found.groups()) if found else (0, 0)
    return 12 * year + month - 1 if 1 <= month <= 12 else None


def _day(value: str) -> int | None:
    try:
        return date.fromisoformat(value).toordinal() if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else None
    except ValueError:
        return None


_CALENDARS: dict[str, tuple[Callable[[str], int | None], Callable[[int], str], tuple[int, ...]]] = {
    "year": (
        lambda value: int(value) if re.fullmatch(r"[12]\d{3}", value) else None,
        str,
        (1, 2, 5, 10, 20, 50, 100),
    ),
    "month": (_month, lambda at: f"{at // 12}-{at % 12 + 1:02d}", (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)),
    "day": (_day, lambda at: date.fromordinal(at).isoformat(), (1, 2, 7, 14, 28, 56, 182, 364, 1820, 3640)),
}


def time_scale(values: Sequence[str]) -> TimeScale:
    """Where values lie that are given in their order.

    Examples
    --------
    >>> time_scale(["1988-11", "1989-01"]).places["1989-01"] - time_scale(["1988-11"]).places["1988-11"]
    2
    >>> dict(time_scale(["dry season", "wet season"]).places)
    {'dry season': 0, 'wet season': 1}
    """
    for unit, (place_of, name, steps) in _CALENDARS.items():
        places = {value: place_of(value) for value in values}
        known = {value: place for value, place in places.items() if place is not None}
        if len(known) == len(places):
            return TimeScale(known, name, steps, unit)
    ordered = list(dict.fromkeys(values))
    return TimeScale({value: at for at, value in enumerate(ordered)}, lambda at: ordered[at], (), "")


def draw_time_axis(axis: Axis, scale: TimeScale, inches: float) -> None:
    """Name as many places as fit on an axis so long."""
    first, last = min(scale.places.values()), max(scale.places.values())
    per_place = inches / (last - first + 1.2)
    for step in scale.steps or count(1):
        ticks = [at for at in range(first, last + 1) if (at - (0 if scale.unit else first)) % step == 0]
        names = [shortened(scale.name(at), _LONGEST) for at in ticks]
        if len(ticks) < 2 or max(map(text_inches, names)) + _APART <= per_place * step:
            break
    if not ticks:
        ticks, names = [first], [shortened(scale.name(first), _LONGEST)]
    axis.set_ticks(ticks, names)
    axis.axes.set_xlim(first - 0.6, last + 0.6)
