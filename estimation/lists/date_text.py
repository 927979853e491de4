"""The text of a date or an age becomes tokens: groups of numbers, words by what they mean, signs.

Text is folded first, so that one spelling stands for many: compatibility forms and three kinds of digits become plain
ones, letters lose case, accents, hamza and tatweel, Arabic yeh and kaf become the Persian ones, Latin letters inside
Cyrillic words become the Cyrillic ones that they look like, marks of direction go.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from estimation.lists.date_words import (
    EMPTY,
    HEMISPHERE_UNKNOWN,
    MARKS,
    MISSING,
    MONTHS,
    NUMBERS,
    OTHER_CALENDARS,
    SEASONS,
    WEEKDAYS,
    WORDS,
)
from estimation.lists.repairs import undone_mojibake

__all__ = ["Token", "folded", "is_missing", "may_be_of_either_half", "month_named_listopad", "tokens_of"]

TokenKind: TypeAlias = Literal[
    "numbers", "month", "season", "weekday", "mark", "word", "sign", "number word", "other calendar", "unknown"
]
"""What a token is."""

_LETTERS = str.maketrans(
    {
        **dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789", strict=True)),
        **dict.fromkeys("ىيے", "ی"),
        **dict.fromkeys("كڪ", "ک"),
        **dict.fromkeys("ةۀۂہە", "ه"),
        **dict.fromkeys("إأآٱ", "ا"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("⁄∕\\", "/"),
        **dict.fromkeys("'’‘ʼʿʾ`´\"“”«»„ـ\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\ufeff", ""),
        **dict.fromkeys("\u2066\u2067\u2068\u2069", ""),
        **dict.fromkeys("،٬", ","),
        "؛": ";",
        "؟": "?",
        "٫": ".",
        "đ": "dj",
        "ı": "i",
    }
)
_LATIN_IN_CYRILLIC = str.maketrans("aeocpxykmtbhi", "аеосрхукмтвні")


def folded(text: str) -> str:
    """A text as it is compared with the words of dates.

    Examples
    --------
    >>> folded(" ٢٧/٧/١٩٨٨ "), folded("أيلول 2012"), folded("Décembre")
    ('27/7/1988', 'ایلول 2012', 'decembre')
    """
    if text.isascii():
        return " ".join(text.casefold().translate(_LETTERS).split())
    plain = unicodedata.normalize("NFKC", undone_mojibake(text)).casefold().translate(_LETTERS)
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", plain) if unicodedata.category(letter) not in {"Mn", "Cf"}
    ).translate(_LETTERS)
    if any("Ѐ" <= letter <= "ӿ" for letter in bare):
        bare = re.sub(r"\w*[Ѐ-ӿ]\w*", lambda word: word[0].translate(_LATIN_IN_CYRILLIC).replace("і", "i"), bare)
    return " ".join(bare.split())


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a date.

    Parameters
    ----------
    kind : str
        What it is.
    word : str
        What a word means, or the sign; for a month its calendar.
    numbers : tuple of (int, int)
        Each number with how many digits it was written with; for a month (calendar's place, month).
    signs : str
        What stands between the numbers, one sign each.
    is_apart : bool
        Whether spaces stand around it on both sides.
    """

    kind: TokenKind
    word: str = ""
    numbers: tuple[tuple[int, int], ...] = ()
    signs: str = ""
    is_apart: bool = False

    @property
    def value(self) -> int:
        """The first number."""
        return self.numbers[0][0]


def _phrase(spelling: str) -> str:
    """The pattern of a folded spelling, whose spaces are any space, dot or hyphen or none."""
    pattern = r"[\s.\-]*".join(map(re.escape, folded(spelling).split(" ")))
    return rf"{pattern}(?!\d)" if spelling[-1].isdigit() else pattern


def _spellings(text: str) -> list[str]:
    return [spelling for spelling in text.split(",") if spelling]


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[re.Pattern[str], dict[str, tuple[Token, ...]]]:
    """The pattern of every word, the longest first, and what each word means, without spaces, dots and hyphens."""
    found: dict[str, list[Token]] = {}
    for calendar, months in MONTHS.items():
        for month, text in enumerate(months, start=1):
            for spelling in _spellings(text):
                found.setdefault(spelling, []).append(Token("month", calendar, ((month, 0),)))
                if calendar == "solar" and not spelling.isascii():  # "the month Mordad", in one word
                    found.setdefault(f"{spelling} ماه", []).append(Token("month", calendar, ((month, 0),)))
    for season, text in SEASONS.items():
        _add(found, text, Token("season", season))
    for weekday, text in enumerate(WEEKDAYS):
        _add(found, text, Token("weekday", numbers=((weekday, 0),)))
    for number, text in NUMBERS.items():
        _add(found, text, Token("number word", numbers=((number, 0),)))
    for mark, text in MARKS.items():
        _add(found, text, Token("mark", mark))
    _add(found, OTHER_CALENDARS, Token("other calendar"))
    for word, text in WORDS.items():
        _add(found, text, Token("word", word))
    ordered = sorted({_phrase(spelling) for spelling in found}, key=lambda pattern: (-len(pattern), pattern))
    meant: dict[str, tuple[Token, ...]] = {}
    for spelling, tokens in found.items():
        key = _squeezed(folded(spelling))
        meant[key] = tuple(dict.fromkeys((*meant.get(key, ()), *tokens)))
    return re.compile("(?:" + "|".join(ordered) + r")(?![^\W\d_])"), meant


def _add(found: dict[str, list[Token]], text: str, token: Token) -> None:
    for spelling in _spellings(text):
        found.setdefault(spelling, []).append(token)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s.\-]+", "", text)


@lru_cache(maxsize=1)
def _missing() -> frozenset[str]:
    return frozenset(_squeezed(folded(word)) for word in _spellings(MISSING)) | {""}


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    return frozenset(folded(sign) for sign in _spellings(EMPTY)) | {"", ","}


def is_missing(text: str) -> bool:
    """Whether a folded text says that a value is not known.

    Examples
    --------
    >>> [is_missing(folded(text)) for text in ("n/k", "غير معروف", "---", "1988", "[unknown]")]
    [True, True, True, False, True]
    """
    if text in _empty():
        return True
    inner = text.strip("()[]{}<>?!.*-_ ")
    return inner in _empty() or _squeezed(inner.replace("/", " ").replace(",", " ")) in _missing()


_POLISH_MONTH = re.compile(
    r"\b(?:stycz|lutego|luty|marca|marzec|kwie[tc]|czerw|lipiec|lipca|sierp|wrzes|paz?dz|grud|maja \d{4} r)"
)
_CROATIAN_MONTH = re.compile(
    r"\b(?:sijec|veljac|ozuj|travnj|travanj|svib|lipnja|lipanj|srpnj|srpanj|kolov|ruj[na]|stud|pros)"
)


def month_named_listopad(texts: Iterable[str]) -> str:
    """Which month *listopad* is among the dates of a column: October in Croatian, November in Polish; else empty.

    Examples
    --------
    >>> month_named_listopad(["3 listopada 1944", "12 września 1944"]), month_named_listopad(["3. listopada 1991."])
    ('november', '')
    """
    written = list(texts)
    if not any("listopad" in text.casefold() for text in written):
        return ""
    plain = list(map(folded, written))
    is_polish = any(_POLISH_MONTH.search(text) for text in plain)
    is_croatian = any(_CROATIAN_MONTH.search(text) for text in plain)
    return "" if is_polish == is_croatian else "november" if is_polish else "october"


_UNKNOWN_PART = r"(?:-{1,2}|\?{1,2}|x{1,2}|\*\*|_{1,2}|nn|dd|mm)"
_REPAIRS = (
    (
        re.compile(
            rf"(?<![\w?*/.-]){_UNKNOWN_PART}(?=[./-]\d|[./]{_UNKNOWN_PART}[./-]\d|-(?:\?\?|xx|\*\*|__|dd|mm)-\d)"
        ),
        "00",
    ),
    (re.compile(rf"(?<=[./]){_UNKNOWN_PART}(?=[./-]|\s|$)|(?<=\d-)(?:\?\?|xx|\*\*|__|dd|mm)(?=[./-]|\s|$)"), "00"),
    (re.compile(r"(?<=00-)(?:\?\?|xx|\*\*|__|dd|mm)(?=\s|$)"), "00"),
    (re.compile(r"(?<!\d)(\d{1,4})\s*([./-])\s*(\d{1,4})\s*\2\s*(\d{1,4})(?!\d)"), r"\1\2\3\2\4"),
    (re.compile(r"(?<!\d)(\d{1,4}),(\d{1,2}),(\d{1,4})(?!\d)"), r"\1/\2/\3"),
    (re.compile(r"(?<=\d)\.\s+(?=\d)"), "."),
    (re.compile(r"(?<=\d)\.-(?=\d)"), "-"),
    (re.compile(r"(?<=\d)-?(?:st|nd|rd|th|er|re|го|ого|е|ое|й|ام|امین)(?![^\W\d_])"), ""),
    (re.compile(r"(?<![./-]\d)(?<![./-]\d\d)(?<=\d)-?o(?=\s+[^\W\d_])"), ""),
    (re.compile(r"(?<!\d)(\d{1,2})م(?![^\W\d_])"), r"\1"),
    (re.compile(r"(?<=\d)[td][ea]n?(?![^\W\d_])"), ""),
    (re.compile(r"(?<=\d{4}) once$"), " oncesi"),
    (re.compile(r"(?<=\d)\.([/-])(?=\d)"), r"\1"),
    (
        re.compile(r"^(\d{1,2})\.(\d{1,2})\.? ?\((\d{1,2})\.(\d{1,2})\)\.? ?(\d{4})"),
        r"\1.\2.\5 old style (\3.\4.\5)",
    ),
)
_ROMAN = {
    name: number
    for number, name in enumerate(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"], start=1)
}
_ROMAN_MONTH = re.compile(r"(?<!\d)(\d{1,2})\s*[./ -]\s*(x?i{1,3}|i?[vx]|vi{1,3})\s*[./ -]\s*(\d{2,4})(?!\d)")
_NIGHT_TO = re.compile(r"(?<![^\W\d_])(?:в ночь|у нiч|в нiч|u noc) (?:на|na) ([2-9]|[12]\d|3[01])(?=\D)")
"""The night to a day: that day or the one before."""

_ROMAN_AND_YEAR = re.compile(r"^(x?i{1,3}|i?[vx]|vi{1,3})[./ -]+(\d{4})(?!\d)")
_NUMBERS = re.compile(r"\d+(?:[./-]\d+)*")
_ARABIC_PREFIX = re.compile("و?ال|و")
"""And, the: written together with the word that follows."""

_SIGNS = ",()/-=;~±?[]≈&"


@lru_cache(maxsize=4096)
def _meanings(matched: str) -> tuple[Token, ...]:
    return _vocabulary()[1].get(_squeezed(matched), ())


def tokens_of(text: str) -> list[tuple[Token, ...]]:
    """The tokens of a folded text, each with everything that it can mean.

    Examples
    --------
    >>> [[(token.kind, token.word) for token in meant] for meant in tokens_of("8 mordad 67")]
    [[('numbers', '')], [('month', 'solar')], [('numbers', '')]]
    """
    for pattern, by in _REPAIRS:
        text = pattern.sub(by, text)
    text = _NIGHT_TO.sub(lambda m: f"{int(m[1]) - 1}-{m[1]}", text)
    text = _ROMAN_MONTH.sub(lambda m: f"{m[1]} {_month_word(_ROMAN[m[2]])} {m[3]}", text)
    text = _ROMAN_AND_YEAR.sub(lambda m: f"{_month_word(_ROMAN[m[1]])} {m[2]}", text)
    words = _vocabulary()[0]
    found: list[tuple[Token, ...]] = []
    at, length = 0, len(text)
    while at < length:
        if text[at].isspace() or text[at] == ".":
            at += 1
        elif text[at].isdigit():
            token, at = _number_group(text, at)
            found.append((token,))
        elif match := words.match(text, at):
            found.append(_meanings(match[0]))
            at = match.end()
        elif (prefix := _ARABIC_PREFIX.match(text, at)) and (match := words.match(text, prefix.end())):
            found += [(Token("word", "and"),)] * prefix[0].startswith("و") + [_meanings(match[0])]
            at = match.end()
        elif text[at] in _SIGNS:
            is_apart = at > 0 and text[at - 1].isspace() and (at + 1 == length or text[at + 1].isspace())
            found.append((Token("sign", text[at], is_apart=is_apart),))
            at += 1
        else:
            unknown = re.compile(r"[^\W\d_]+|.").match(text, at)
            at = unknown.end() if unknown else at + 1
            found.append((Token("unknown"),))
    return _counted(found)


def _month_word(month: int) -> str:
    return _spellings(MONTHS["gregorian"][month - 1])[0]


def _number_group(text: str, at: int) -> tuple[Token, int]:
    match = _NUMBERS.match(text, at)
    if match is None:  # a digit of another script, which no calendar here is written in
        return Token("unknown"), at + 1
    parts = re.split(r"[./-]", match[0])
    signs = re.sub(r"\d+", "", match[0])
    return Token("numbers", numbers=tuple((int(part), len(part)) for part in parts), signs=signs), match.end()


def _counted(found: list[tuple[Token, ...]]) -> list[tuple[Token, ...]]:
    """The tokens with numbers in words summed to one number each."""
    counted: list[tuple[Token, ...]] = []
    run: list[int] = []
    at = 0
    while at < len(found):
        meant = found[at]
        joins = run and at + 1 < len(found) and (_means(meant, "and") or Token("sign", "-") in meant)
        follows = _next_number(found, at + 1 if joins else at)
        if follows is not None and (not run or _fits(run, follows, joined=bool(joins))):
            run = _sum(run, follows)
            at += 2 if joins else 1
            continue
        if run:
            counted.append(_spelled(run))
            run = []
            continue
        counted.append(meant)
        at += 1
    return [*counted, _spelled(run)] if run else counted


def _next_number(found: list[tuple[Token, ...]], at: int) -> int | None:
    """The number in words at a place; a word that is a month too is a month."""
    number = next((token for token in found[at] if token.kind == "number word"), None)
    return None if number is None or any(token.kind == "month" for token in found[at]) else number.value


def _means(meant: tuple[Token, ...], word: str) -> bool:
    return any(token.kind == "word" and token.word == word for token in meant)


def _fits(run: list[int], value: int, *, joined: bool) -> bool:
    """Whether a number continues the one before it: twenty-one, seven and twenty, nineteen eighty-eight."""
    total = run[-1]
    if value == 1000:
        return total < 1000
    if value == 100:
        return total % 100 < 10 and total % 100 > 0
    if value >= 100:
        return total % 1000 == 0
    if total % 100 == 0 or (total % 10 == 0 and value < 10 and total % 100 >= 20):
        return True
    if value == 10 or (joined and value % 10 == 0):
        return 0 < total % 100 < 10  # Arabic: five-ten, seven and twenty
    return 13 <= total <= 20 and value >= 10  # nineteen eighty-eight


def _sum(run: list[int], value: int) -> list[int]:
    if not run:
        return [value]
    total = run[-1]
    if value == 1000:
        return [total * 1000]
    if value == 100:
        return [total - total % 100 + total % 100 * 100]
    if 13 <= total <= 20 and value >= 10:
        return [total * 100 + value]
    return [total + value]


def _spelled(run: list[int]) -> tuple[Token, ...]:
    return (Token("numbers", numbers=((run[-1], 4 if run[-1] >= 1000 else 2 if run[-1] >= 10 else 1),)),)


@lru_cache(maxsize=1)
def _seasons_of_either_half() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(folded, _spellings(HEMISPHERE_UNKNOWN)))})\b")


def may_be_of_either_half(text: str) -> bool:
    """Whether a folded text names a season in a language that is written on both halves of the earth."""
    return _seasons_of_either_half().search(text) is not None
