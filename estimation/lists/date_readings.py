"""From what a date says to the days that it can mean, once its column has decided on calendar and order."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from estimation.lists.calendars import CalendarName, ImpossibleDateError, days_of, julian_days, month_name
from estimation.lists.date_intervals import days_of_season, days_of_written
from estimation.lists.date_written import Agree, Either, Expression, One, Open, Problem, Serial, Span, Written
from estimation.lists.date_years import ColumnFacts, possible_years, usual_calendars

__all__ = ["Reading", "UndecidedDateError", "readings_of"]

_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_EPOCHS = {1900: date(1899, 12, 30).toordinal(), 1904: date(1904, 1, 1).toordinal()}
_SERIALS = 61, 80_000
_MOST = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a date can mean.

    Parameters
    ----------
    intervals : tuple of (int, int)
        Days [first, last).
    calendar : {"gregorian", "solar", "islamic"}
        Of its year.
    words : str
        The date in words, for a message.
    notes : tuple of str
        What was assumed.
    is_unusual : bool
        Whether its year of two digits is of a calendar that no other date of the column is in: never taken silently.
    """

    intervals: tuple[tuple[int, int], ...]
    calendar: CalendarName
    words: str
    notes: tuple[str, ...] = ()
    is_unusual: bool = False

    @property
    def first(self) -> int:
        """The first day."""
        return self.intervals[0][0]

    @property
    def last(self) -> int:
        """The day after the last."""
        return self.intervals[-1][1]


class UndecidedDateError(ValueError):
    """A date that somebody has to decide on; it carries the readings."""

    def __init__(self, words: str, readings: Iterable[Reading] = ()) -> None:
        super().__init__(words)
        self.readings = tuple(readings)


def readings_of(expression: Expression, facts: ColumnFacts) -> list[Reading]:
    """Every reading of an expression, each once.

    Raises
    ------
    ImpossibleDateError
        When it has none: a day that its calendar does not have, a word that is none of a date.
    UndecidedDateError
        When what it says is not enough, or contradicts itself.
    """
    if isinstance(expression, Problem):
        raise ImpossibleDateError(expression.words)
    if isinstance(expression, Serial):
        return _of_serial(expression.number, facts)
    if isinstance(expression, Span):
        return _of_span(expression, facts)
    if isinstance(expression, Either):
        parts = [readings_of(part, facts) for part in expression.parts]
        return _each_once(_union(chosen) for chosen in itertools.product(*parts))
    if isinstance(expression, Agree):
        return _of_agreeing(expression, facts)
    if isinstance(expression, Open):
        return _of_open(expression, facts)
    return _of_one(expression, facts)


def _each_once(readings: Iterable[Reading]) -> list[Reading]:
    found = {reading.intervals: reading for reading in itertools.islice(readings, _MOST)}
    return list(found.values())


def _union(chosen: Sequence[Reading]) -> Reading:
    intervals: list[tuple[int, int]] = []
    for first, last in sorted(interval for reading in chosen for interval in reading.intervals):
        if intervals and first <= intervals[-1][1]:
            intervals[-1] = intervals[-1][0], max(intervals[-1][1], last)
        else:
            intervals.append((first, last))
    return _together(chosen, tuple(intervals), " or ")


def _together(chosen: Sequence[Reading], intervals: tuple[tuple[int, int], ...], join: str) -> Reading:
    notes = tuple(dict.fromkeys(note for reading in chosen for note in reading.notes))
    words = join.join(reading.words for reading in chosen)
    return Reading(intervals, chosen[-1].calendar, words, notes, any(reading.is_unusual for reading in chosen))


def _of_serial(number: int, facts: ColumnFacts) -> list[Reading]:
    if not _SERIALS[0] <= number <= _SERIALS[1]:
        raise ImpossibleDateError(f"the number {number} is no date")
    found = {epoch: first + number for epoch, first in _EPOCHS.items()}
    if facts.epoch:
        day = found[facts.epoch]
        return [_one_day(day, note=f"a number counts days as a workbook of the {facts.epoch} system does")]
    raise UndecidedDateError(
        f"{number} is {_in_words(found[1900])} or {_in_words(found[1904])} if a spreadsheet counts days so (by its "
        "1900 or 1904 system), or no date; say which with dates.serials = 1900 or 1904",
        [_one_day(day) for day in found.values()],
    )


def _one_day(day: int, *, note: str = "") -> Reading:
    return Reading(((day, day + 1),), "gregorian", _in_words(day), (note,) if note else ())


def _in_words(day: int) -> str:
    on = date.fromordinal(day)
    return f"{on.day} {month_name('gregorian', on.month)} {on.year}"


def _of_span(span: Span, facts: ColumnFacts) -> list[Reading]:
    pairs = itertools.product(readings_of(span.first, facts), readings_of(span.last, facts))
    ordered = [
        _together((first, last), ((first.first, last.last),), " to ")
        for first, last in pairs
        if first.first < last.last
    ]
    if not ordered:
        raise ImpossibleDateError("it ends before it begins")
    same = [reading for reading in ordered if not facts.period or reading.last <= facts.period[1]]
    return _each_once(same or ordered)


def _of_agreeing(agree: Agree, facts: ColumnFacts) -> list[Reading]:
    parts = [readings_of(part, facts) for part in agree.parts]
    both: list[Reading] = []
    for chosen in itertools.product(*parts):
        shared = _intersection(chosen)
        if shared:
            both.append(Reading(shared, chosen[0].calendar, chosen[0].words, chosen[0].notes))
    if both:
        return _each_once(both)
    readings = [reading for part in parts for reading in part]
    styles = [last for first, last in itertools.permutations(readings, 2) if _is_old_style_of(first, last)]
    if styles:
        return _each_once(styles)
    words = ", ".join(reading.words for reading in readings)
    raise UndecidedDateError(f"its dates do not agree ({words}); correct it, or leave one", readings)


def _is_old_style_of(old: Reading, new: Reading) -> bool:
    return old.calendar == new.calendar == "gregorian" and julian_days(old.first, old.last) == (new.first, new.last)


def _intersection(chosen: Sequence[Reading]) -> tuple[tuple[int, int], ...]:
    shared = chosen[0].intervals
    for reading in chosen[1:]:
        ends = [(max(a, c), min(b, d)) for a, b in shared for c, d in reading.intervals]
        shared = tuple((first, last) for first, last in ends if first < last)
    return shared


def _of_open(open_date: Open, facts: ColumnFacts) -> list[Reading]:
    parts = readings_of(open_date.part, facts)
    if facts.period is None:
        end = "an end" if open_date.side == "after" else "a beginning"
        raise UndecidedDateError(
            f"it has no {end.split()[1]}: declare what time the list covers with dates.period", parts
        )
    found = []
    for part in parts:
        if open_date.side == "after":
            ends = part.first if open_date.is_included else part.last, facts.period[1]
        else:
            ends = facts.period[0], part.last if open_date.is_included else part.first
        if ends[0] < ends[1]:
            found.append(Reading((ends,), part.calendar, f"{open_date.side} {part.words}", part.notes))
    if not found:
        raise ImpossibleDateError(f"no day of the list's period is {open_date.side} it")
    return _each_once(found)


def _of_one(one: One, facts: ColumnFacts) -> list[Reading]:
    found: list[Reading] = []
    impossible: list[ImpossibleDateError] = []
    for written in _structures(one.written, facts):
        try:
            found += _of_written(written, facts)
        except ImpossibleDateError as error:
            impossible.append(error)
    if not found:
        raise impossible[0]
    inside = [r for r in found if not facts.period or (r.first < facts.period[1] and r.last > facts.period[0])]
    is_open = len(one.written) > 1 and bool(inside)
    return _each_once(_on_weekday(inside if is_open else found, one.written[0].weekday))


def _structures(written: Sequence[Written], facts: ColumnFacts) -> Sequence[Written]:
    """The structures that the column allows: its years stand first or last; it has years of two digits or has none."""
    if len(written) == 1:
        return written
    if any(w.year is None for w in written) and any(w.year is not None for w in written):
        return [w for w in written if w.year is not None] if facts.has_short_years else written
    if facts.year_place:
        placed = [w for w in written if (w.pair is None) == (facts.year_place == "first")]
        return placed or written
    return written


def _on_weekday(found: list[Reading], weekday: int | None) -> list[Reading]:
    if weekday is None or any(reading.last - reading.first > 4 for reading in found):
        return found
    right = []
    for reading in found:
        days = [d for first, last in reading.intervals for d in range(first, last) if (d - 1) % 7 == weekday]
        if days:
            right.append(Reading(tuple((d, d + 1) for d in days), reading.calendar, reading.words, reading.notes))
    if right:
        return right
    was = ", ".join(f"{reading.words} was a {_WEEKDAYS[(reading.first - 1) % 7]}" for reading in found)
    raise UndecidedDateError(f"it says {_WEEKDAYS[weekday]}, but {was}; correct it", found)


def _of_written(written: Written, facts: ColumnFacts) -> list[Reading]:
    if written.bare is not None:
        return _of_bare(written, written.bare, facts)
    if written.year is None:
        return _without_year(written, facts)
    if written.season and written.is_either_hemisphere and facts.southern is None:
        halves = [
            Reading((days_of_season(written, year, is_southern=southern),), of, f"{written.season} {year}, {half}")
            for of, year in possible_years(written, facts)
            for southern, half in ((False, "northern half of the earth"), (True, "southern half"))
        ]
        raise UndecidedDateError(
            "the season has other months on the other half of the earth; say which with dates.southern = true or false",
            halves,
        )
    return _in_years(written, possible_years(written, facts), facts)


def _of_bare(written: Written, number: int, facts: ColumnFacts) -> list[Reading]:
    """A number of one or two digits: a year only if something says so."""
    from_column = facts.calendar or written.has_year_word or written.is_decade or written.mark or written.is_about
    year = Written(
        year=number, year_digits=2, mark=written.mark, part=written.part,
        is_about=written.is_about, is_decade=written.is_decade,
    )  # fmt: skip
    found = _in_years(year, possible_years(year, facts), facts)
    if from_column:
        return found
    likely = [
        Reading((days_of("solar", 1300 + number),), "solar", str(1300 + number)),
        Reading((days_of("gregorian", 1900 + number),), "gregorian", str(1900 + number)),
    ]
    raise UndecidedDateError(
        f"{number} is {likely[0].words} or {likely[1].words}, or no year; write the year in full, or say which with "
        "dates.calendar",
        likely,
    )


def _without_year(written: Written, facts: ColumnFacts) -> list[Reading]:
    years = possible_years(written, facts)
    named = {name for name, _ in written.months}
    years = [(name, year) for name, year in years if not named or name in named]
    if not years:
        raise ImpossibleDateError("it has no year; write the year, or set dates.year for the column")
    found = _in_years(written, years, facts)
    if facts.is_year_declared:
        return found
    raise UndecidedDateError(
        f"it has no year; the other dates of the column are of {years[0][1]}: write the year, or set dates.year", found
    )


def _in_years(written: Written, years: Iterable[tuple[CalendarName, int]], facts: ColumnFacts) -> list[Reading]:
    found: list[Reading] = []
    impossible: list[ImpossibleDateError] = []
    for of, year in years:
        for month, day in _months_and_days(written, of, facts):
            try:
                found.append(_reading(written, of, year, month, day, facts))
            except ImpossibleDateError as error:
                impossible.append(error)
    if not found:
        raise impossible[0] if impossible else ImpossibleDateError("no calendar that is read has such a date")
    return found


def _months_and_days(written: Written, of: CalendarName, facts: ColumnFacts) -> list[tuple[int, int]]:
    """Month and day of one calendar, in each order that is possible."""
    if written.pair is None:
        named = [month for name, month in written.months if name == of]
        return [(month, written.day) for month in named] if written.months else [(written.month, written.day)]
    a, b = written.pair
    if a > 12 or a == b or (facts.order == "day first" and b <= 12):
        return [(b, a)]
    if b > 12 or facts.order == "month first":
        return [(a, b)]
    return [(b, a), (a, b)]


def _reading(written: Written, of: CalendarName, year: int, month: int, day: int, facts: ColumnFacts) -> Reading:
    first, last = days_of_written(written, of, year, month, day, is_southern=bool(facts.southern))
    if written.mark == "old style":
        first, last = julian_days(first, last)
    parts = [str(day)] * bool(day) + [month_name(of, month)] * bool(month) + [str(year)]
    words = " ".join(([written.season] if written.season else []) + parts)
    notes = [f"{words} is read as December {year - 1} to 20 March {year}"] * _is_winter(written, of, facts)
    notes += ["its writer marked it as doubtful"] * written.is_doubted
    is_open = written.year_digits <= 2 and not (written.months or written.mark or facts.calendar)
    reading = Reading(((first, last),), of, words, tuple(notes), is_open and of not in usual_calendars(facts))
    if facts.old_style == "either" and of == "gregorian" and written.mark not in {"old style", "new style"}:
        julian = julian_days(first, last)
        return _union([reading, Reading((julian,), of, words, reading.notes)])
    return reading


def _is_winter(written: Written, of: CalendarName, facts: ColumnFacts) -> bool:
    return of == "gregorian" and written.season == ("summer" if facts.southern else "winter")
