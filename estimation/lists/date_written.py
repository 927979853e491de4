"""What a date says, part by part, before anybody knows which calendar and which order its parts are in.

An expression is a tree: one date as written, a span of two, alternatives, two that must agree, or an open end.  One
date is a tuple of `Written`, its possible structures: ``8/5/67`` can have its year first or last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from estimation.lists.calendars import CalendarName

__all__ = [
    "Agree",
    "Either",
    "Expression",
    "One",
    "Open",
    "Problem",
    "Serial",
    "Span",
    "Written",
    "day_by_old_and_new_style",
    "filled",
    "group",
    "in_either_half",
]


@dataclass(frozen=True, slots=True)
class Written:
    """The parts of one date.

    Parameters
    ----------
    year : int, optional
        As written.
    year_digits : int
        Its digits: two of them leave the century open.
    day, month : int
        0 where not given or written as not known.
    months : tuple of (calendar, month)
        What a month's name can mean; empty where it is a number or not given.
    pair : (int, int), optional
        Day and month in an order that the column decides.
    bare : int, optional
        A number that alone says nothing: a day or a year of a date that stands beside it.
    season, part, mark : str
        Season; early, mid, late; which calendar it is said to be in.
    weekday : int, optional
        Monday is 0.
    is_about, is_decade, has_year_word, is_doubted, is_either_hemisphere : bool
        What stands around it.
    """

    year: int | None = None
    year_digits: int = 4
    day: int = 0
    month: int = 0
    months: tuple[tuple[CalendarName, int], ...] = ()
    pair: tuple[int, int] | None = None
    bare: int | None = None
    season: str = ""
    part: str = ""
    mark: str = ""
    weekday: int | None = None
    is_about: bool = False
    is_decade: bool = False
    has_year_word: bool = False
    is_doubted: bool = False
    is_either_hemisphere: bool = False

    @property
    def has_month(self) -> bool:
        """Whether it says anything of a month."""
        return bool(self.month or self.months or self.pair or self.season)


@dataclass(frozen=True, slots=True)
class One:
    """One date, in every structure that it can have."""

    written: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Serial:
    """A number as a spreadsheet counts days."""

    number: int


@dataclass(frozen=True, slots=True)
class Span:
    """From one date to another, both included."""

    first: Expression
    last: Expression


@dataclass(frozen=True, slots=True)
class Either:
    """One date or another."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Agree:
    """One date written twice, as in two calendars."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """After or before a date; ``is_included`` where the date itself counts."""

    side: Literal["after", "before"]
    part: Expression
    is_included: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text is no date that is read."""

    words: str


Expression: TypeAlias = One | Serial | Span | Either | Agree | Open | Problem
"""What a cell says."""

_LATEST_HIJRI = 1600
"""A year below is none of the Gregorian calendar, and one above none of the others."""

_Numbers: TypeAlias = tuple[tuple[int, int], ...]


def group(numbers: _Numbers, signs: str) -> Expression:
    """What numbers with signs between them say.

    Parameters
    ----------
    numbers : tuple of (int, int)
        Each number with its digits.
    signs : str
        What stands between them.

    Examples
    --------
    >>> group(((1367, 4), (5, 1), (8, 1)), "//").written[0].year
    1367
    >>> type(group(((12, 2), (13, 2), (7, 2), (1995, 4)), "-..")).__name__
    'Span'
    """
    cut = _span_sign(numbers, signs)
    if cut:
        first, last = group(numbers[:cut], signs[: cut - 1]), group(numbers[cut:], signs[cut:])
        return filled(Span(first, last))
    if len(numbers) == 1:
        return _single(*numbers[0])
    if len(numbers) == 2:
        return _two(numbers, signs)
    if len(numbers) == 3:
        return _three(numbers)
    return Problem("so many numbers are no date")


def _span_sign(numbers: _Numbers, signs: str) -> int:
    """How many numbers stand before the sign that means "to"; 0 where none does."""
    if len(numbers) == 6 and signs[2] not in signs[:2] + signs[3:]:
        return 3
    others = set(signs) - {"-"}
    if "-" not in signs or not others or len(numbers) > 6:
        return 0
    if len(numbers) == 4 and signs[0] != signs[1] == signs[2]:
        return 1
    places = [place for place, sign in enumerate(signs, start=1) if sign == "-"]
    is_only_a_year = places[0] == len(numbers) - 1 and numbers[-1][1] > 2
    return places[0] if len(places) == 1 and not is_only_a_year else 0


def _single(number: int, digits: int) -> Expression:
    if digits <= 2:
        return One((Written(bare=number),))
    if digits == 4:
        return One((Written(year=number),))
    if digits == 5:
        return Serial(number)
    if digits in {6, 8}:
        return _compact(f"{number:0{digits}d}")
    return Problem(f"a number of {digits} digits is no date")


def _compact(text: str) -> Expression:
    """Six or eight digits without signs: the year first, or else last."""
    if len(text) == 8:
        by_year = (int(text[:4]), 4), (int(text[4:6]), 2), (int(text[6:]), 2)
        by_day = (int(text[:2]), 2), (int(text[2:4]), 2), (int(text[4:]), 4)
        is_year_first = 1150 <= by_year[0][0] <= 2100 and by_year[1][0] <= 12 and by_year[2][0] <= 31
        return _three(by_year if is_year_first else by_day)
    year, month = int(text[:4]), int(text[4:])
    if 1 <= month <= 12 and 1150 <= year <= 2100 and not 1 <= int(text[2:4]) <= 12:
        return One((Written(year=year, month=month),))
    return _three(tuple((int(text[at : at + 2]), 2) for at in (0, 2, 4)))


def _two(numbers: _Numbers, signs: str) -> Expression:
    (a, a_digits), (b, b_digits) = numbers
    if a_digits > 2 and b_digits > 2:
        years = _single(a, a_digits), _single(b, b_digits)
        return Agree(years) if min(a, b) < _LATEST_HIJRI < max(a, b) else Span(*years)
    if a_digits > 2:
        if b > 12 and signs in "-/" and b > a % 100:
            return Span(_single(a, a_digits), _single(a - a % 100 + b, 4))
        return One((Written(year=a, month=_known(b)),)) if b <= 12 or b == 99 else Problem(f"there is no month {b}")
    if b_digits > 2:
        return One((Written(year=b, month=_known(a)),)) if a <= 12 or a == 99 else Problem(f"there is no month {a}")
    if b > 31:
        return One((Written(year=b, year_digits=2, month=a),)) if a <= 12 else Problem("two years, and no month")
    if a > 31:
        return One((Written(year=a, year_digits=2, month=b),)) if b <= 12 else Problem("two years, and no month")
    return One((Written(pair=(a, b)),))


def _three(numbers: _Numbers) -> Expression:
    (a, a_digits), (b, b_digits), (c, c_digits) = numbers
    if b_digits > 2 or (a_digits > 2 and c_digits > 2):
        return Problem("its year stands in the middle, or twice")
    if a_digits > 2:
        return One((_year_first(a, 4, _known(b), _known(c)),))
    if c_digits > 2:
        return One((_with_pair(_known(a), _known(b), c, 4),))
    if a > 31 or c > 31:
        if a > 31 and c > 31:
            return Problem("two of its numbers can only be years")
        return One((_year_first(a, 2, b, c) if a > 31 else _with_pair(a, b, c, 2),))
    return One((_with_pair(a, b, c, 2), _year_first(a, 2, b, c)))


def _known(number: int) -> int:
    """99 stands for a day or a month that is not known."""
    return 0 if number == 99 else number


def _year_first(year: int, digits: int, month: int, day: int) -> Written:
    return Written(year=year, year_digits=digits, month=month, day=day if month else 0)


def _with_pair(a: int, b: int, year: int, digits: int) -> Written:
    """Day and month in either order before a year; 0 is a part that is not known."""
    if a == 0 or b == 0:
        month = a or b
        return Written(year=year, year_digits=digits, month=month if month <= 12 else 0)
    return Written(year=year, year_digits=digits, pair=(a, b))


def filled(expression: Expression) -> Expression:
    """Parts of a span or of alternatives with what they leave to each other: the month, the year.

    Examples
    --------
    >>> seven, then = One((Written(bare=7),)), One((Written(day=17, months=(("solar", 5),), year=1367),))
    >>> filled(Either((seven, then))).parts[0].written[0].day
    7
    """
    if isinstance(expression, Span):
        first, last = _of_each_other((expression.first, expression.last))
        return Span(first, last)
    if isinstance(expression, Either):
        return Either(_of_each_other(expression.parts))
    return expression


def _of_each_other(parts: tuple[Expression, ...]) -> tuple[Expression, ...]:
    """Missing months and years, from the nearest part to the right, or else to the left."""
    completed = list(parts)
    for place in [*range(len(parts) - 2, -1, -1), *range(1, len(parts))]:
        beside = completed[place + 1] if place + 1 < len(parts) else completed[place - 1]
        for other in (beside, completed[place - 1] if place else beside):
            completed[place] = _completed(completed[place], other)
    return tuple(completed)


def _completed(part: Expression, other: Expression) -> Expression:
    if isinstance(other, Span | Either | Agree):
        members = (other.first, other.last) if isinstance(other, Span) else other.parts
        for member in members:
            part = _completed(part, member)
        return part
    if not isinstance(part, One) or not isinstance(other, One):
        return part
    model = other.written[0]
    without_year = [written for written in part.written if written.year is None] if model.year is not None else []
    return One(tuple(_complete(written, model) for written in without_year or part.written))


def _complete(written: Written, model: Written) -> Written:
    if written.bare is not None:
        written = _as_part(written, written.bare, model)
    if written.year is None and model.year is not None:
        written = replace(written, year=model.year, year_digits=model.year_digits, mark=written.mark or model.mark)
    if written.day and not written.has_month and model.has_month:
        written = replace(written, months=model.months, month=model.month)
    return written


def _as_part(written: Written, number: int, model: Written) -> Written:
    """What a number alone is beside a date: a day beside a day, a month beside a month, a year beside a year."""
    if model.pair:
        return replace(written, bare=None, pair=(number, model.pair[1]))
    if model.months or model.day:
        return replace(written, bare=None, day=number, months=model.months, month=model.month)
    if model.month:
        return replace(written, bare=None, month=number)
    if model.year is None:
        return written
    is_short = model.year_digits <= 2
    return replace(
        written, bare=None, year=number if is_short else model.year // 100 * 100 + number, year_digits=model.year_digits
    )


def in_either_half(expression: Expression) -> Expression:
    """An expression whose seasons can be those of either half of the earth."""
    if isinstance(expression, One):
        return One(tuple(replace(written, is_either_hemisphere=True) for written in expression.written))
    if isinstance(expression, Span):
        return Span(in_either_half(expression.first), in_either_half(expression.last))
    return expression


def day_by_old_and_new_style(outer: Expression, inner: Expression) -> Expression | None:
    """15 (27) February 1895: a day by the old style, then by the new one."""
    if not isinstance(outer, One) or not isinstance(inner, One):
        return None
    first, second = outer.written[0], inner.written[0]
    if not first.day or not first.months:
        return None
    old = One((replace(first, mark="old style"),))
    if second.bare is not None:
        return Agree((old, One((replace(first, day=second.bare),))))
    if second.day and second.months and second.year is None and first.year is not None:  # 23 April (5 May) 1890
        return Agree((old, One((replace(second, year=first.year, year_digits=first.year_digits),))))
    return None
