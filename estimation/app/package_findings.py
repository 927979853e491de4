"""Sentences with numbers and names in them that the package makes, taken apart so that the page can translate them.

A finding is several sentences, one after another.  Each that is known is an English sentence with places, and what
stands in them; what is not known stays as it is, and the page shows it as English.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from estimation.app.package_dates import CELLS, DAYS, WEEKDAYS
from estimation.app.package_notes import NOTES, QUESTION_KEYS, STANDING, TAKEN_FOR, UNDER_WAY
from estimation.app.package_phrases import (
    ASSUMED,
    COUNTED,
    DEPENDENCE,
    INSPECTED,
    LABELS,
    LINKAGE,
    NUMBERS,
    RANGES,
    SIDE_BY_SIDE,
    STATED,
)
from estimation.app.package_refusals import ADVICE, FORMATS, REFUSALS, WHY_NOT
from estimation.app.package_sentences import REASONS

__all__ = ["Places", "is_number", "is_quoted", "label_in", "parted"]

_WHOLE = r"[\d,]+"
_NUMBER = rf"{_WHOLE}(?:\.\d+)?(?:e[+-]?\d+)?|no upper limit"
_KINDS = {
    "word": r"median|estimate|lower bound",
    "words": r"medians|estimates|lower bounds",
    "interval": r"\d+(?:\.\d+)? % [a-z -]+?",
    "symbol": r"theta|xi",
    "kind": r"false|missed",
    "reach": rf"(?:{_NUMBER})|as far as can be estimated \([^)]*\)",
}
_KINDS["further"] = _KINDS["reach"]
_HOW = r".+? under \[columns\](?: and .+? under \[columns\])*"
_KINDS |= {
    "advice": "|".join(map(re.escape, ADVICE)),
    "file_kind": "|".join(map(re.escape, FORMATS)),
    "how": _HOW,
    "last_how": _HOW,
    "other_how": _HOW,
    "other_reason": "|".join(map(re.escape, TAKEN_FOR)),
    "reason": "|".join(map(re.escape, (*TAKEN_FOR, *REASONS))),
    "question": "|".join(map(re.escape, QUESTION_KEYS)),
    "several": r"[\d, ]+",
    "weekday": "|".join(WEEKDAYS),
    "other_weekday": "|".join(WEEKDAYS),
}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_SENTENCE_ENDS = re.compile(r"(?<=[.?!]) ")


@dataclass(frozen=True, slots=True)
class Places:
    """A sentence of the package, and what stands in its places.

    Parameters
    ----------
    english : str
        The sentence with its places, as a catalog has it.
    given : mapping of str to str
        What stands in them.
    """

    english: str
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Pattern:
    english: str
    begins: str
    expression: re.Pattern[str]


def is_number(place: str) -> bool:
    """Whether a number stands in a place of this name.

    Examples
    --------
    >>> is_number("lower"), is_number("lists")
    (True, False)
    """
    return place in NUMBERS


@cache
def _patterns() -> tuple[_Pattern, ...]:
    sentences = (*ASSUMED, *COUNTED, *INSPECTED, *RANGES, *STATED, *DEPENDENCE, *LINKAGE, *SIDE_BY_SIDE)
    read = (*NOTES, *REFUSALS, *WHY_NOT, *CELLS, *UNDER_WAY)
    return (
        *(_pattern(english, r"(?=\s|$)") for english in sentences),
        *(_pattern(english, r"(?=\s|$)" if english.endswith(".") else "$") for english in read),
    )


@cache
def _labels() -> tuple[_Pattern, ...]:
    return tuple(_pattern(english, "$") for english in (*LABELS, *STANDING, *DAYS))


def _pattern(english: str, end: str) -> _Pattern:
    pieces = re.split(r"\{(\w+)\}", english)
    seen: set[str] = set()
    expression = ""
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            expression += re.escape(piece)
        elif piece in seen:
            expression += f"(?P={piece})"
        else:
            seen.add(piece)
            expression += f"(?P<{piece}>{_KINDS.get(piece, _NUMBER if is_number(piece) else '.+?')})"
    return _Pattern(english, pieces[0], re.compile(expression + end))


def parted(text: str) -> Iterator[Places | str]:
    """A text in sentences: those that are known with their places, the others as they are.

    Examples
    --------
    >>> known, other = parted("Their intervals reach from 6,720 to 14,890. It rained.")
    >>> known.given["upper"], other
    ('14,890', 'It rained.')
    """
    at, unknown = 0, 0
    while at < len(text):
        found = _at(text, at)
        if found is None:
            following = _SENTENCE_ENDS.search(text, at)
            at = following.end() if following else len(text)
            continue
        if unknown < at:
            yield text[unknown:at].rstrip()
        places, end = found
        yield places
        at = unknown = end + (text[end : end + 1] == " ")
    if unknown < len(text):
        yield text[unknown:]


def _at(text: str, at: int) -> tuple[Places, int] | None:
    """The known sentence that begins in a place of a text, the shortest with most letters of its own, and its end."""
    found = [
        (match.end(), Places(pattern.english, match.groupdict()))
        for pattern in _patterns()
        if text.startswith(pattern.begins, at) and (match := pattern.expression.match(text, at))
    ]
    if not found:
        return None
    end, places = min(found, key=lambda each: (each[0], -_n_own(each[1].english)))
    return places, end


def _n_own(english: str) -> int:
    """The letters of a sentence outside of its places."""
    return len(re.sub(r"\{\w+\}", "", english))


def label_in(text: str, given: Collection[str]) -> Places | None:
    """What was changed, where a label says it in words that are known; None where it is a name or is not known.

    Parameters
    ----------
    text : str
        For example ``"without A"``.
    given : collection of str
        The names that people gave: only these are names in a label.

    Examples
    --------
    >>> label_in("A and B merged", ["A", "B"])
    Places(english='{first} and {second} merged', given={'first': 'A', 'second': 'B'})
    >>> label_in("A and B merged", ["A and B merged"]), label_in("without C", ["A", "B"])
    (None, None)
    """
    if text in given:
        return None
    for pattern in _labels():
        match = pattern.expression.match(text)
        if match and all(_may_stand(place, name, given) for place, name in match.groupdict().items()):
            return Places(pattern.english, match.groupdict())
    return None


def _may_stand(place: str, text: str, given: Collection[str]) -> bool:
    return is_number(place) or place == "several" or text in given or is_quoted(text)


def is_quoted(text: str) -> bool:
    """Whether a text is a name or a cell in quotation marks, as a message has it.

    Examples
    --------
    >>> is_quoted("'A and B'"), is_quoted("'A' and 'B'")
    (True, False)
    """
    return _QUOTED.fullmatch(text) is not None
