"""The people of one cell of names, told apart by what stands between them."""

from __future__ import annotations

from estimation.lists.given_names import is_given_name
from estimation.lists.name_words import AND

__all__ = ["people_apart"]

_SEMICOLONS = frozenset({";", "؛", "\n"})


def people_apart(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The words of each person in a cell."""
    pieces: list[list[str]] = [[]]
    for at, word in enumerate(words):
        is_and = word in _SEMICOLONS or word in {"&", "+"} or _is_and(words, at)
        is_arabic_comma = word == "،"
        if (is_and or is_arabic_comma) and 0 < at < len(words) - 1:
            pieces.append([])
        elif not is_and:
            pieces[-1].append(word)
    pieces = [piece for piece in pieces if piece]
    commas = _between_commas(pieces[0]) if pieces else []
    are_single = len(pieces) > 1 and all(len(piece) == 1 for piece in commas)
    is_enumeration = are_single and (len(pieces[-1]) > 1 or all(is_given_name(piece[0]) for piece in commas))
    if is_enumeration or (len(pieces) == 1 and len(commas) > 2 and all(len(piece) > 1 for piece in commas)):
        pieces = [*commas, *pieces[1:]]
    return [tuple(piece) for piece in pieces]


def _between_commas(words: list[str]) -> list[list[str]]:
    pieces: list[list[str]] = [[]]
    for word in words:
        if word == ",":
            pieces.append([])
        else:
            pieces[-1].append(word)
    return pieces


def _is_and(words: tuple[str, ...], at: int) -> bool:
    """Whether a word is an and between two people; y and i are one between given names alone."""
    word = words[at]
    if word in AND:
        return True
    around = words[at - 1 : at] + words[at + 1 : at + 2]
    return word in {"y", "i", "e"} and len(around) == 2 and all(map(is_given_name, around))
