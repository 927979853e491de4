"""Words of a name become units: each is one name, of one word or several (Abu Tayfur, Abd al-Qader, de la Vega)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from estimation.lists.name_words import (
    ABD,
    ARTICLES,
    ATTACHED_BEFORE,
    CHILD_OF,
    FAMILY_SUFFIXES,
    KUNYA,
    PARTICLES,
    is_unknown_word,
)
from estimation.lists.normal import normalise

__all__ = ["Unit", "alternatives", "is_kunya", "joined_key", "units_of"]

_SLASHES = frozenset("/\\|")
_ALWAYS_ARTICLES = frozenset(["al", "el", "ال"])
_JOINS_SURNAMES = frozenset(["y", "e", "i"])
_BEFORE = KUNYA | ABD | PARTICLES


@dataclass(frozen=True, slots=True)
class Unit:
    """One name in a chain of names.

    Parameters
    ----------
    text : str
        Its words; empty where something stands for a name that is not known, and ``"/"`` between alternatives.
    n_words : int
        How many words of the cell have been read with it.
    is_father : bool
        Whether it stands after bin, bint or the like.
    """

    text: str
    n_words: int
    is_father: bool = False

    @property
    def key(self) -> str:
        """Its normalised letters, words joined."""
        return joined_key(self.text)


def joined_key(text: str) -> str:
    """A name with its words joined, as two are compared.

    Examples
    --------
    >>> joined_key("Kuhban-Zadeh"), joined_key("كوه بان زاده") == joined_key("کوه‌بان‌زاده")
    ('kuhbanzadeh', True)
    """
    return normalise(text).replace(" ", "")


def is_kunya(text: str) -> bool:
    """Whether a name is one of the form Abu Omar, Umm Ali.

    Examples
    --------
    >>> is_kunya("أبو عمر"), is_kunya("Abu"), is_kunya("Omar")
    (True, False, False)
    """
    words = normalise(text).split()
    return len(words) > 1 and words[0] in KUNYA


@lru_cache(maxsize=200_000)
def units_of(words: tuple[str, ...], *, is_family: bool = False) -> tuple[Unit, ...]:
    """The units of a name.

    Parameters
    ----------
    words : tuple of str
        Its words, without titles; slashes are words.
    is_family : bool
        Whether all of it is family names.

    Examples
    --------
    >>> [unit.text for unit in units_of(tuple("Hasan Abd al-Qader bin Salem Abu Tayfur".split()))]
    ['Hasan', 'Abd al-Qader', 'Salem', 'Abu Tayfur']
    >>> [unit.text for unit in units_of(("عبد", "الله", "سنگریزان", "پور"))]
    ['عبد الله', 'سنگریزان پور']
    """
    plain = [normalise(word) for word in words]
    units: list[Unit] = []
    at, is_father = 0, False
    while at < len(words):
        if words[at] in _SLASHES:
            units.append(Unit("/", at + 1))
            at += 1
            continue
        is_unknown = is_unknown_word(words[at]) or (at == 0 and plain[0] == "x" and "." not in words[0])
        if is_unknown or plain[at].isdigit():
            units += [Unit("", at + 1)] if is_unknown else []
            at += 1
            continue
        has_name_after = at + 1 < len(words) and words[at + 1] not in _SLASHES
        if plain[at] in CHILD_OF and units and units[-1].text != "/" and has_name_after:
            is_father, at = True, at + 1
            continue
        end = _end_of_unit(plain, words, at)
        text = " ".join(words[at:end])
        last = units[-1] if units else None
        is_second = not _is_initial(words[at]) and _belongs_to_last(plain, at, len(units), is_family)
        if last and last.text not in {"/", ""} and is_second:
            units[-1] = Unit(f"{last.text} {text}", end, last.is_father)
        else:
            units.append(Unit(text, end, is_father))
        is_father, at = False, end
    return tuple(units)


def _end_of_unit(plain: Sequence[str], words: Sequence[str], at: int) -> int:
    """Where the unit that begins at a word ends: words such as abu, abd and de take the one after them."""
    end = at
    while end + 1 < len(words) and words[end + 1] not in _SLASHES and _takes_next(plain, words, end):
        end += 1
    return end + 1


def _is_initial(word: str) -> bool:
    return len(word) == 2 and word[0].isupper() and word[1] == "."


def _takes_next(plain: Sequence[str], words: Sequence[str], at: int) -> bool:
    word, after = plain[at], plain[at + 1]
    if _is_initial(words[at]):
        return False
    if word in _ALWAYS_ARTICLES or word in _BEFORE:
        return True
    if word in ARTICLES and at > 0 and after.startswith(word[1:]):
        return True
    return word in _JOINS_SURNAMES and at > 0


def _belongs_to_last(plain: Sequence[str], at: int, n_units: int, is_family: bool) -> bool:
    """Whether a word is the second part of the name before it."""
    if plain[at] in _JOINS_SURNAMES:
        return at + 1 < len(plain)
    if plain[at].replace(" ", "") in ATTACHED_BEFORE or "".join(plain[at : at + 2]) in {
        "aldin",
        "eldin",
        "aldeen",
        "alدین",
    }:
        return True
    return plain[at] in FAMILY_SUFFIXES and (is_family or n_units > 1)


def alternatives(units: Sequence[Unit], *, is_part: bool = False) -> list[tuple[Unit, ...]]:
    """The names that slashes tell apart, the first one first; what the shorter one leaves out is the longer one's.

    Parameters
    ----------
    units : sequence of Unit
        A name, with slashes.
    is_part : bool
        Whether it is one part of a name, of which each alternative is whole.

    Examples
    --------
    >>> [[unit.text for unit in name] for name in alternatives(units_of(("Ali", "Karimi", "/", "Karami")))]
    [['Ali', 'Karimi'], ['Ali', 'Karami']]
    >>> [[unit.text for unit in name] for name in alternatives(units_of(("Ali", "/", "Aly", "Karimi")))]
    [['Ali', 'Karimi'], ['Aly', 'Karimi']]
    """
    if not any(unit.text == "/" for unit in units):
        return [tuple(units)]
    pieces: list[list[Unit]] = [[]]
    for unit in units:
        if unit.text == "/":
            pieces.append([])
        else:
            pieces[-1].append(unit)
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return [()]
    if is_part:
        return [tuple(piece) for piece in pieces]
    longest = max(map(len, pieces))
    if len(pieces[0]) == 1 < longest:
        tail = next(piece for piece in pieces if len(piece) > 1)[1:]
        return [tuple(piece + tail if len(piece) == 1 else piece) for piece in pieces]
    head = pieces[0][:-1]
    return [tuple(head + piece if len(piece) == 1 and at else piece) for at, piece in enumerate(pieces)]
