"""Two names that a reader takes for one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence

from estimation.text.characters import character_name

__all__ = ["difference", "same_but_for_case", "same_to_the_eye"]

_ONE_LETTER = str.maketrans(
    {
        "\u064a": "\u06cc",  # Arabic yeh, as on an Arabic keyboard, for Persian yeh
        "\u0649": "\u06cc",  # alef maksura
        "\u0643": "\u06a9",  # Arabic kaf for Persian keheh
        "\u0640": None,  # tatweel, which only stretches a word
        **{chr(ord("\u0660") + digit): chr(ord("\u06f0") + digit) for digit in range(10)},
    }
)

_OLD_FORMS = frozenset({"<initial>", "<medial>", "<final>", "<isolated>", "<noBreak>", "<wide>", "<narrow>"})


def same_to_the_eye(names: Iterable[str]) -> list[tuple[str, ...]]:
    r"""Groups of different names that look the same, or nearly so.

    They differ only by characters that cannot be seen, by the space between words, by how a letter with its accent is
    written in Unicode, or by the Arabic and the Persian form of one letter (ya, kaf).

    Examples
    --------
    >>> same_to_the_eye(["خانواده\u200cها", "خانوادهها", "police"])
    [('خانواده\u200cها', 'خانوادهها')]
    """
    return _groups(names, _seen)


def same_but_for_case(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of different names that differ by capital letters only, or by that and what `same_to_the_eye` compares.

    Examples
    --------
    >>> same_but_for_case(["Police", "police", "press"])
    [('Police', 'police')]
    """
    return _groups(names, lambda name: _seen(name).casefold())


def difference(names: Sequence[str]) -> str:
    r"""Names that look the same, each with the characters that it alone has.

    Examples
    --------
    >>> print(difference(["ab", "a\u200bb"]))
    'ab' (without these) and 'a\u200bb' (ZERO WIDTH SPACE (U+200B))
    """
    described = []
    for name in names:
        others = set.intersection(*(set(other) for other in names if other != name))
        own = ", ".join(character_name(letter) for letter in dict.fromkeys(name) if letter not in others)
        described.append(f"{name!r} ({own or 'without these'})")
    return " and ".join(described)


def _groups(names: Iterable[str], key: Callable[[str], str]) -> list[tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        found.setdefault(key(name), []).append(name)
    return [tuple(group) for group in found.values() if len(group) > 1]


def _seen(name: str) -> str:
    """A name as the eye has it."""
    whole = unicodedata.normalize("NFC", "".join(map(_plain, name))).translate(_ONE_LETTER)
    without = "".join(letter for letter in whole if unicodedata.category(letter) != "Cf")
    return " ".join(without.split())


def _plain(letter: str) -> str:
    """A letter that is kept for old encodings, by its usual form: an Arabic letter with its shape, a wide letter."""
    kind = unicodedata.decomposition(letter).partition(" ")[0]
    return unicodedata.normalize("NFKC", letter) if kind in _OLD_FORMS else letter
