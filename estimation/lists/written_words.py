"""The words of a name as written, and the titles before it."""

from __future__ import annotations

import re

from estimation.lists.given_names import is_given_name
from estimation.lists.name_words import TITLES
from estimation.lists.normal import normalise

__all__ = ["titles_removed", "words_of"]

_STANDS = re.compile("[?؟\ue000]")
_SEPARATORS = re.compile(r"([/\\|,،;؛&+\n])")
_INSIDE = re.compile(r"[^\s,،]*[^\W_][^\w\s]?[/;&+|\\][^\W_][^\s,،]*")
_SIGNS = re.compile(r"[/;&+|\\]")
_LATIN_OR_CYRILLIC = re.compile("[A-Za-z\u00c0-\u024f\u0400-\u04ff]")
_WITHIN = {";": "\ue010", "&": "\ue011", "+": "\ue012", "|": "\ue013", "\\": "\ue014", "/": "\ue015"}
_OUT = {ord(within): sign for sign, within in _WITHIN.items()}
_INITIALS = re.compile(r"^(?:[^\W\d_]\.\s*){2,}$")
_INITIAL_JOINED = re.compile(r"^(?:[^\W\d_]\.)+[^\W\d_]{2,}$")
_SLASHES = frozenset("/\\|")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text; separators are words, initials written together are apart.

    Examples
    --------
    >>> words_of("Верболозов Л.М."), words_of("A/B, C"), words_of("K.Dafsaz")
    (('Верболозов', 'Л.', 'М.'), ('A', '/', 'B', ',', 'C'), ('K.', 'Dafsaz'))
    """
    words: list[str] = []
    spaced = _SEPARATORS.sub(r" \1 ", _INSIDE.sub(_slips_apart, text).replace("\n", " \n "))
    for word in spaced.translate(_OUT).split():
        if _INITIALS.match(word):
            words += re.findall(r"[^\W\d_]\.", word)
        elif _INITIAL_JOINED.match(word):
            words += re.findall(r"[^\W\d_]\.|[^\W\d_].*", word)
        else:
            words.append(word)
    return tuple(word for word in words if normalise(word) or _SEPARATORS.match(word) or _STANDS.search(word))


def _slips_apart(found: re.Match[str]) -> str:
    """A word with signs in it, as ``alexa&dra`` or ``to/y``, which are slips of the keyboard.

    Signs separate people only between two words that begin as names do, and a slash separates alternatives only
    between words that begin so, are of some length, or begin alike.
    """
    pieces = _SIGNS.split(found[0])
    if all(len(piece) > 1 and not piece[0].islower() for piece in pieces):
        return found[0]
    within = dict(_WITHIN)
    if _are_alternatives(found[0].split("/")):
        within.pop("/")
    return "".join(within.get(letter, letter) for letter in found[0])


def _are_alternatives(pieces: list[str]) -> bool:
    """Whether the words between slashes are names and not what a slip leaves of one."""
    if not _LATIN_OR_CYRILLIC.search("".join(pieces)) or not any(piece[:1].islower() for piece in pieces):
        return True
    shortest = min(map(len, pieces))
    return shortest > 3 or (shortest > 2 and len({piece[0].lower() for piece in pieces}) == 1)


def titles_removed(words: tuple[str, ...], fewest: int = 1) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A name without the titles before it, as long as so many words remain, and the titles.

    Examples
    --------
    >>> titles_removed(("Dr.", "Haj", "Anas", "Karasu"))
    (('Anas', 'Karasu'), ('Dr.', 'Haj'))
    """
    titles: list[str] = []
    words = _joined_title(words, titles)
    while len(words) > fewest:
        size = 2 if len(words) > fewest + 1 and normalise(f"{words[0]} {words[1]}") in TITLES else 1
        is_doctor = words[0] in {"د.", "م.", "أ."} or (words[0] in {"د", "م", "أ"} and words[1] in _SLASHES)
        if not is_doctor and normalise(" ".join(words[:size])) not in TITLES:
            break
        titles += words[:size]
        words = words[size:]
        words = words[1:] if words[0] in _SLASHES and len(words) > 1 else words
    if len(words) > max(fewest, 1) and normalise(words[-1]) in {"jr", "sr", "junior", "ii", "iii"}:
        titles, words = [*titles, words[-1]], words[:-1]
    return words, tuple(titles)


def _joined_title(words: tuple[str, ...], titles: list[str]) -> tuple[str, ...]:
    """A name whose first word is Sayyed and a given name run together, without it."""
    joined = _SAYYED.match(normalise(words[0])) if words else None
    if joined is None or not is_given_name(joined["rest"]):
        return words
    titles.append(joined["title"])
    return (joined["rest"], *words[1:])


_SAYYED = re.compile(r"(?P<title>سید|se?yy?ed|sayy?ed|sayy?id) ?(?P<rest>\w{3,}.*)")
