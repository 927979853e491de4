"""From the text of a date to what it says: spans, alternatives, two calendars, words around a date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from estimation.lists.calendars import CalendarName
from estimation.lists.date_text import Token, may_be_of_either_half, tokens_of
from estimation.lists.date_written import (
    Agree,
    Either,
    Expression,
    One,
    Open,
    Problem,
    Span,
    Written,
    day_by_old_and_new_style,
    filled,
    group,
    in_either_half,
)

__all__ = ["parsed"]

_Tokens = Sequence[tuple[Token, ...]]
NOT_A_DATE = "it holds words that are no date"
_TIME = re.compile(
    r"(?<=\d)(?:t|\s+|\s*,\s*)(?:at\s+|ساعت\s*|الساعه\s*|в\s+)?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
    r"\s*(?:am|pm|z|utc|gmt|h|[+-]\d{2}:?\d{2})?$"
)
_ONLY_NUMBERS = re.compile(r"\d{1,4}(?:[./-]\d{1,4})+", flags=re.ASCII)
_WHOLE = re.compile(r"^(\d{4,8})\.0+$")
_DECADE = re.compile(
    r"(?<=\d0)(?:s|er(?: jahren?)?|-?(?:е|х|тi|ти|ih|te)(?: (?:год|рок|годин|godin)\w*)?|-?lar|-?li yillar)(?!\w)"
)


def parsed(text: str) -> Expression:
    """What a text says of a date.

    Parameters
    ----------
    text : str
        Folded (`estimation.lists.date_text.folded`), not empty and none of the words for missing.

    Examples
    --------
    >>> [type(parsed(text)).__name__ for text in ("28 july to 15 august 1988", "7 mordad 1367 (29 july 1988)")]
    ['Span', 'Agree']
    """
    if _ONLY_NUMBERS.fullmatch(text):
        numbers, signs = re.findall(r"\d+", text), re.findall(r"[./-]", text)
        return group(tuple((int(number), len(number)) for number in numbers), "".join(signs))
    text = _DECADE.sub(" decade", _TIME.sub("", _WHOLE.sub(r"\1", text)))
    if len(text) > 200:
        return Problem(NOT_A_DATE)
    tokens = tokens_of(text)
    if any(_has(meant, "other calendar") or _mark(meant) == "other" for meant in tokens):
        return Problem("it is in a calendar that is not read (read are Gregorian, Solar Hijri and Islamic)")
    expression = _expression(tokens)
    if may_be_of_either_half(text):
        expression = in_either_half(expression)
    return expression


def _has(meant: Iterable[Token], kind: str) -> bool:
    return any(token.kind == kind for token in meant)


def _word(meant: tuple[Token, ...]) -> str | None:
    """What a word means; the meanings that a token with several can have beside a month do not count."""
    return None if _has(meant, "month") else next((token.word for token in meant if token.kind == "word"), None)


def _mark(meant: tuple[Token, ...]) -> str:
    return next((token.word for token in meant if token.kind == "mark"), "")


def _sign(meant: tuple[Token, ...]) -> str:
    return next((token.word for token in meant if token.kind == "sign"), "")


def _expression(tokens: _Tokens) -> Expression:
    """A text, its brackets first, then what joins dates, the loosest first."""
    tokens = [meant for meant in tokens if _word(meant) != ""]
    outer, inner = _brackets(tokens)
    if inner and not outer:
        return _expression(inner)
    if inner:
        return _with_brackets(outer, inner)
    tokens = outer
    for divide in (_between, _alternatives, _span, _agreeing, _open):
        found = divide(tokens)
        if found is not None:
            return found
    return _one(tokens)


def _brackets(tokens: _Tokens) -> tuple[_Tokens, _Tokens]:
    """What stands outside and inside the first pair of brackets."""
    opened = next((at for at, meant in enumerate(tokens) if _sign(meant) in {"(", "["}), None)
    if opened is None:
        return [meant for meant in tokens if _sign(meant) not in {")", "]"}], []
    closed = next((at for at in range(opened, len(tokens)) if _sign(tokens[at]) in {")", "]"}), len(tokens))
    return [*tokens[:opened], *tokens[closed + 1 :]], tokens[opened + 1 : closed]


def _with_brackets(outer: _Tokens, inner: _Tokens) -> Expression:
    words = {_word(meant) for meant in inner}
    if "or" in words:
        rest = [meant for meant in inner if _word(meant) != "or" and _sign(meant) != "-"]
        return filled(Either((_expression(outer), _expression(rest))))
    if any(_has(meant, "numbers") for meant in inner):
        dates = _expression(outer), _expression(inner)
        old_and_new = day_by_old_and_new_style(*dates)
        return old_and_new or Agree(dates)
    return _expression([*outer, *inner])


def _joined(tokens: _Tokens, at: int, width: int = 1) -> tuple[_Tokens, _Tokens]:
    return tokens[:at], tokens[at + width :]


def _between(tokens: _Tokens) -> Expression | None:
    """Between this and that, from this to that."""
    first = _word(tokens[0]) if tokens else None
    if first not in {"between", "from"}:
        return None
    joins = {"and", "to"} if first == "between" else {"to"}
    at = next((at for at, meant in enumerate(tokens) if at and (_word(meant) in joins or _apart(meant, "-"))), None)
    if at is None:
        return Open("after", _expression(tokens[1:]), is_included=True) if first == "from" else _expression(tokens[1:])
    left, right = _joined(tokens, at)
    return filled(Span(_expression(left[1:]), _expression(right)))


def _apart(meant: tuple[Token, ...], sign: str) -> bool:
    return _sign(meant) == sign and any(token.is_apart for token in meant)


def _alternatives(tokens: _Tokens) -> Expression | None:
    """One date or another."""
    at = next((at for at, meant in enumerate(tokens) if 0 < at < len(tokens) - 1 and _word(meant) == "or"), None)
    if at is None:
        return None
    left, right = _joined(tokens, at)
    numbers = [meant for meant in left if not _sign(meant)]
    if len(left) > len(numbers) > 1 and all(_has(meant, "numbers") for meant in numbers):  # 5, 6 or 7 August
        return filled(Either((*(_expression([number]) for number in numbers), _expression(right))))
    return filled(Either((_expression(left), _expression(right))))


def _months(tokens: _Tokens) -> list[int]:
    return [at for at, meant in enumerate(tokens) if _has(meant, "month") or _has(meant, "season")]


def _span(tokens: _Tokens) -> Expression | None:
    """From one date to another: a word, a dash between spaces, or a dash between two months."""
    inside = range(1, len(tokens) - 1)
    at = next((at for at in inside if _word(tokens[at]) == "to"), None)
    if at is None and len(dashes := [at for at in inside if _apart(tokens[at], "-")]) == 1:
        at = dashes[0]
    months = _months(tokens)
    if at is None and len(months) == 2:
        at = next((at for at in range(*months) if _sign(tokens[at]) == "-"), None)
    if at is None and len(months) == 2:
        at = next((at for at in range(*months) if _word(tokens[at]) == "and"), None)
    if at is None and len(months) < 2:
        at = next((at for at in inside if _word(tokens[at]) == "and"), None)
    if at is None:
        return None
    left, right = _joined(tokens, at)
    return filled(Span(_expression(left), _expression(right)))


def _agreeing(tokens: _Tokens) -> Expression | None:
    """One date in two calendars: an equals sign, or a slash or comma between two whole dates."""
    inside = range(1, len(tokens) - 1)
    at = next((at for at in inside if _sign(tokens[at]) == "=" or _word(tokens[at]) == "equals"), None)
    if at is not None:
        left, right = _joined(tokens, at)
        return Agree((_expression(left), _expression(right)))
    for at in (at for at in inside if _sign(tokens[at]) in {"/", ",", ";"}):
        left, right = _joined(tokens, at)
        if _is_whole(left) and _is_whole(right):
            dates = _expression(left), _expression(right)
            return Agree(dates) if _calendars(left) != _calendars(right) else Either(dates)
    if len(months := _months(tokens)) == 2 and all(_has(tokens[at], "month") for at in months):
        if set(tokens[months[0]]) & set(tokens[months[1]]):  # 3 Ayyar/May 1995: one month by two names
            return None
        at = next((at for at in range(months[0] + 1, months[1]) if _sign(tokens[at]) == "/"), None)
        if at is not None:
            left, right = _joined(tokens, at)
            return filled(Either((_expression(left), _expression(right))))
    return None


def _is_whole(tokens: _Tokens) -> bool:
    """Whether a year and, in some form, a month stand in it."""
    numbers = [token for meant in tokens for token in meant if token.kind == "numbers"]
    has_year = any(digits > 2 for token in numbers for _, digits in token.numbers)
    return has_year and (bool(_months(tokens)) or any(len(token.numbers) == 3 for token in numbers))


def _calendars(tokens: _Tokens) -> frozenset[str]:
    """What tells the calendar of a date: its month, or else the hundreds of its year."""
    named = [token.word for meant in tokens for token in meant if token.kind == "month"]
    years = [n for meant in tokens for token in meant for n, digits in token.numbers if digits == 4]
    return frozenset(named) or frozenset("other" if year < 1600 else "gregorian" for year in years)


_OPEN: dict[str | None, tuple[Literal["after", "before"], bool]] = {
    "after": ("after", False),
    "since": ("after", True),
    "before": ("before", False),
    "by": ("before", True),
    "to": ("before", True),
}
"""On which side of a date, and whether the date itself counts."""


def _open(tokens: _Tokens) -> Expression | None:
    """After this, before that; in Turkish the word stands last."""
    word = _word(tokens[0]) if tokens else None
    last = _word(tokens[-1]) if tokens else None
    if last in {"after", "before"} and word not in _OPEN:
        word, tokens = last, [tokens[-1], *tokens[:-1]]
    if word not in _OPEN:
        return None
    side, is_included = _OPEN[word]
    return Open(side, _expression(tokens[1:]), is_included=is_included)


@dataclass(slots=True)
class _Heap:
    """What the tokens of one date hold."""

    numbers: list[Token]
    before: int = 0
    months: tuple[tuple[CalendarName, int], ...] = ()
    n_months: int = 0
    season: str = ""
    problem: str = ""


_TAKEN = {"about", "year", "early", "mid", "late", "first half", "second half", "decade"}
_IGNORED = {"from", "and", "age"}
_CALENDARS_BY_NAME: dict[str, CalendarName] = {"gregorian": "gregorian", "solar": "solar", "islamic": "islamic"}


def _one(tokens: _Tokens) -> Expression:
    """One date."""
    heap, around = _Heap([]), Written()
    for meant in tokens:
        around = _noted(heap, around, meant)
    if heap.problem:
        return Problem(heap.problem)
    if heap.n_months + bool(heap.season) > 1:
        return Problem("two months, and nothing says how they belong together")
    expression = _built(heap)
    return _around(expression, around)


def _noted(heap: _Heap, around: Written, meant: tuple[Token, ...]) -> Written:
    word, sign, mark = _word(meant), _sign(meant), _mark(meant)
    if _has(meant, "month"):
        months = tuple((_CALENDARS_BY_NAME[t.word], t.value) for t in meant if t.kind == "month")
        again = tuple(month for month in heap.months if month in months)  # July (Tammuz): one month by two names
        heap.n_months += int(not again)
        heap.months = again or months
        heap.before = len(heap.numbers)
    elif _has(meant, "numbers"):
        heap.numbers += [token for token in meant if token.kind == "numbers"]
    elif _has(meant, "season"):
        heap.season = next(token.word for token in meant if token.kind == "season")
    elif _has(meant, "weekday"):
        return replace(around, weekday=next(token.value for token in meant if token.kind == "weekday"))
    elif word == "about" or sign in {"~", "±", "≈"}:
        return replace(around, is_about=True)
    elif word == "year":
        return replace(around, has_year_word=True)
    elif word == "decade":
        return replace(around, is_decade=True)
    elif word in _TAKEN:
        return replace(around, part=f"{word}")
    elif mark:
        return replace(around, mark=mark)
    elif sign == "?":
        return replace(around, is_doubted=True)
    elif word not in _IGNORED and sign not in {"-", "/", ",", ";"}:
        heap.problem = NOT_A_DATE
    return around


def _around(expression: Expression, around: Written) -> Expression:
    if not isinstance(expression, One):
        return (
            expression
            if around == Written() or not isinstance(expression, Span | Either)
            else _inside(expression, around)
        )
    return One(
        tuple(
            replace(
                written,
                part=around.part or written.part,
                mark=around.mark or written.mark,
                weekday=around.weekday,
                is_about=around.is_about,
                is_decade=around.is_decade,
                has_year_word=around.has_year_word,
                is_doubted=around.is_doubted,
            )
            for written in expression.written
        )
    )


def _inside(expression: Span | Either, around: Written) -> Expression:
    if isinstance(expression, Span):
        return Span(_around(expression.first, around), _around(expression.last, around))
    return Either(tuple(_around(part, around) for part in expression.parts))


def _built(heap: _Heap) -> Expression:
    """The numbers and the month of one date, in every structure that they can have."""
    if not heap.months and not heap.season:
        return _of_numbers(heap.numbers)
    given = Written(months=heap.months, season=heap.season)
    spread = next((token for token in heap.numbers if len(token.numbers) > 1), None)
    if spread is not None:
        return _spread(heap, spread)
    numbers = [token.numbers[0] for token in heap.numbers]
    if not numbers:
        return One((given,))
    if len(numbers) == 1:
        return _with_one(given, *numbers[0], is_before=heap.before == 1)
    if len(numbers) == 2 and not heap.season:
        return _with_two(given, numbers, is_first=heap.before == 0)
    return Problem("so many numbers are no date")


def _spread(heap: _Heap, spread: Token) -> Expression:
    """5-6 August 1988: days that share a month; winter 1988/89: a season over the new year."""
    rest = [token for token in heap.numbers if token is not spread]
    if heap.season:
        end = group(spread.numbers, spread.signs)
        last = end.last if isinstance(end, Span) else end
        return One(tuple(replace(w, season=heap.season) for w in last.written)) if isinstance(last, One) else end
    days = [number for number, digits in spread.numbers if digits <= 2]
    if len(days) != len(spread.numbers) or len(rest) > 1:
        return Problem("so many numbers are no date")
    year = rest[0].numbers[0] if rest else (None, 4)
    each = tuple(One((Written(day=day, months=heap.months, year=year[0], year_digits=year[1]),)) for day in days)
    return Span(*each) if spread.signs == "-" and len(each) == 2 else Either(each)


def _of_numbers(tokens: list[Token]) -> Expression:
    if not tokens:
        return Problem(NOT_A_DATE)
    numbers = tuple(number for token in tokens for number in token.numbers)
    if len(tokens) == 1:
        return group(numbers, tokens[0].signs)
    if len(numbers) == 2 and numbers[0][1] <= 2 < numbers[1][1] and numbers[0][0] > 12:
        return One((Written(day=numbers[0][0], year=numbers[1][0]),))
    return group(numbers, "/" * (len(numbers) - 1))


def _with_one(given: Written, number: int, digits: int, *, is_before: bool) -> Expression:
    if digits > 4:
        return Problem(f"a number of {digits} digits is no year")
    if digits > 2 or number > 31 or given.season:
        return One((replace(given, year=number, year_digits=max(digits, 2)),))
    day = replace(given, day=number)
    if is_before or digits < 2:
        return One((day,))
    year = replace(given, year=number, year_digits=2)
    is_a_year = all(of != "gregorian" for of, _ in given.months)  # in Persian and Arabic the day stands first
    return One((year,) if is_a_year else (year, day))


def _with_two(given: Written, numbers: list[tuple[int, int]], *, is_first: bool) -> Expression:
    (a, a_digits), (b, b_digits) = numbers
    if max(a_digits, b_digits) > 4:
        return Problem("so many digits are no year")
    if a_digits > 2 and b_digits > 2:
        return Problem("two years, and nothing says how they belong together")
    if a_digits > 2 or (b_digits <= 2 and a > 31 and not is_first):
        return One((replace(given, year=a, year_digits=max(a_digits, 2), day=b),))
    return One((replace(given, day=a, year=b, year_digits=max(b_digits, 2)),))
