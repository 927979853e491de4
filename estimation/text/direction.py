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

__all__ = ["Piece", "direction_of", "has_left_to_right", "has_right_to_left", "isolated", "isolates_parted", "pieces"]

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_ISOLATES = re.compile("[\u2066-\u2069]")
_OPENING = "\u2066\u2067\u2068"
_LETTER = "\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
"""Right-to-left letters with their marks and signs."""

_DIGIT = "\u0660-\u0669\u06f0-\u06f9"
_IN_WORD = rf"[{_LETTER}{_DIGIT}\u200c-\u200f\u061c]"
_BETWEEN = r"[ \u00a0'’./&«»\-–_]"
_BRACKETED = rf"\({_IN_WORD}+(?:{_BETWEEN}+{_IN_WORD}+)*\)"
_RUN = rf"«?[{_LETTER}{_DIGIT}]{_IN_WORD}*(?:{_BETWEEN}+{_IN_WORD}+|{_BETWEEN}*{_BRACKETED})*»?"
"""The words of one name, as far as they can be told from the sentence around them; some may stand in brackets."""

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


def has_right_to_left(text: str) -> bool:
    """Whether a letter or a digit of a text belongs to a script that runs from right to left.

    Examples
    --------
    >>> has_right_to_left("the دادگاه"), has_right_to_left("the court")
    (True, False)
    """
    return _RIGHT_TO_LEFT.search(text) is not None


def has_left_to_right(text: str) -> bool:
    """Whether a text has a letter that runs from left to right."""
    return any(unicodedata.bidirectional(letter) == "L" for letter in text)


def pieces(text: str, given: Collection[str] = ()) -> tuple[Piece, ...]:
    """A text in pieces: what runs from right to left stands in pieces of its own.

    A text that is as a whole somebody's is one piece and not isolated: it takes its own direction.

    Parameters
    ----------
    text : str
        A sentence, a label or a cell.
    given : collection of str
        The texts that people gave, each of which is one piece wherever it stands.  Right-to-left words that are none of
        them are one piece as far as neither a comma, a digit nor a Latin letter divides them.  Without any, a text
        with no letter that runs from left to right is somebody's.

    Examples
    --------
    >>> [piece.text for piece in pieces("without روزنامه: 44 people") if piece.is_isolated]
    ['روزنامه']
    >>> pieces("دادگاه (تهران) 2"), [piece.is_isolated for piece in pieces("دادگاه and روزنامه")]
    ((Piece(text='دادگاه (تهران) 2', is_isolated=False),), [True, False, True])
    """
    if not has_right_to_left(text) or text in given or _ISOLATES.search(text):
        return (Piece(text, False),)
    found = tuple(_divided(text, frozenset(given)))
    is_sentence = len(found) > 1 and (
        given or any(has_left_to_right(piece.text) for piece in found if not piece.is_isolated)
    )
    return found if is_sentence else (Piece(text, False),)


def isolates_parted(text: str) -> tuple[Piece, ...]:
    r"""A text cut at the characters that isolate, which are left out; nothing where there are none.

    What is isolated within an isolated piece is part of that piece.

    Examples
    --------
    >>> [(piece.text, piece.is_isolated) for piece in isolates_parted("see \u2068Chapman\u2069.")]
    [('see ', False), ('Chapman', True), ('.', False)]
    >>> isolates_parted("see Chapman.")
    ()
    """
    if not _ISOLATES.search(text):
        return ()
    found, letters, depth = [], "", 0
    for letter in text:
        opens, closes = letter in _OPENING, letter == _POP_ISOLATE
        if (opens and depth == 0) or (closes and depth == 1):
            found.append(Piece(letters, depth > 0))
            letters = ""
        depth = max(depth + opens - closes, 0)
        letters += "" if opens or closes else letter
    return tuple(piece for piece in (*found, Piece(letters, depth > 0)) if piece.text)


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
    if is_beside_others and len(parts) == 1 and has_right_to_left(text):
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
    names = sorted((name for name in given if has_right_to_left(name)), key=lambda name: (-len(name), name))
    return re.compile("|".join([*map(re.escape, names), _RUN]))
