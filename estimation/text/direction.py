"""Which way a text runs, and how a text that runs the other way is set into an English sentence.

Where a Persian or an Arabic name stands in an English sentence, the rules by which letters are ordered on a screen
(Unicode Standard Annex 9) would carry the numbers and commas after it to its other side.  Each such name is therefore
isolated: HTML has an element for that, plain text two invisible characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

__all__ = ["Piece", "direction_of", "isolated", "pieces"]

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_ISOLATES = re.compile("[\u2066-\u2069]")
_LETTER = "\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
"""Right-to-left letters with their marks and signs."""

_DIGIT = "\u0660-\u0669\u06f0-\u06f9"
_WITHIN = r" \u00a0\u200c-\u200f\u061c'’./&«»\-–_"
"""What may stand between the words of one name."""

_RUN = rf"[{_LETTER}{_DIGIT}](?:[{_LETTER}{_DIGIT}{_WITHIN}]*[{_LETTER}{_DIGIT}\u200c\u200d»])?"
_RIGHT_TO_LEFT = re.compile(f"[{_LETTER}{_DIGIT}]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is to be isolated from the others."""

    text: str
    is_isolated: bool


def direction_of(text: str) -> Literal["ltr", "rtl"]:
    """The direction of the first letter that has one, as HTML's ``dir="auto"`` has it.

    Examples
    --------
    >>> direction_of("دادگاه"), direction_of("the دادگاه"), direction_of("12 (34)")
    ('rtl', 'ltr', 'ltr')
    """
    for letter in text:
        way = unicodedata.bidirectional(letter)
        if way in {"R", "AL"}:
            return "rtl"
        if way == "L":
            return "ltr"
    return "ltr"


def pieces(text: str, given: Collection[str] = ()) -> tuple[Piece, ...]:
    """A text in pieces: what runs from right to left stands in pieces of its own.

    A text that is as a whole somebody's is one piece and not isolated: it takes its own direction.

    Parameters
    ----------
    text : str
        A sentence, a label or a cell.
    given : collection of str
        The texts that people gave, each of which is one piece wherever it stands.  Right-to-left words that are none of
        them are one piece as far as neither a comma, a bracket, a digit nor a Latin letter divides them.

    Examples
    --------
    >>> [piece.text for piece in pieces("without روزنامه: 44 people") if piece.is_isolated]
    ['روزنامه']
    >>> pieces("دادگاه تهران"), [piece.is_isolated for piece in pieces("دادگاه, روزنامه")]
    ((Piece(text='دادگاه تهران', is_isolated=False),), [True, False, True])
    """
    if not _RIGHT_TO_LEFT.search(text) or text in given or _ISOLATES.search(text):
        return (Piece(text, False),)
    found = tuple(_divided(text, frozenset(given)))
    return (Piece(text, False),) if len(found) == 1 else found


def isolated(text: str, given: Collection[str] = (), *, is_beside_others: bool = False) -> str:
    r"""A text whose right-to-left pieces stand between the two characters that isolate them.

    Parameters
    ----------
    text : str
        A sentence, a label or a cell.
    given : collection of str
        The texts that people gave.
    is_beside_others : bool
        Whether other texts stand on the same line, as beside the cell of a table: what is one piece is isolated too.

    Examples
    --------
    >>> ascii(isolated("without روزنامه: 44"))
    "'without \\u2068\\u0631\\u0648\\u0632\\u0646\\u0627\\u0645\\u0647\\u2069: 44'"
    """
    parts = pieces(text, given)
    if is_beside_others and len(parts) == 1 and _RIGHT_TO_LEFT.search(text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return "".join(
        f"{_FIRST_STRONG_ISOLATE}{piece.text}{_POP_ISOLATE}" if piece.is_isolated else piece.text for piece in parts
    )


def _divided(text: str, given: frozenset[str]) -> Iterator[Piece]:
    end = 0
    for found in _pattern(given).finditer(text):
        if found.start() > end:
            yield Piece(text[end : found.start()], False)
        yield Piece(found.group(), True)
        end = found.end()
    if end < len(text):
        yield Piece(text[end:], False)


@lru_cache(maxsize=64)
def _pattern(given: frozenset[str]) -> re.Pattern[str]:
    """What is one piece: a text that somebody gave, the longest first, or else words that run from right to left."""
    names = sorted((name for name in given if _RIGHT_TO_LEFT.search(name)), key=lambda name: (-len(name), name))
    return re.compile("|".join([*map(re.escape, names), _RUN]))
