"""Letters of three alphabets as the consonants and vowels that they can stand for in another.

Consonants are classes, in small letters; vowels are capitals.  In a Latin word they are A, E, I, O, U as written, W for
w and v, Y for y.  In an Arabic one A, I and U are written long, V is any vowel at the beginning, T the last yeh (i or
a) and X anything: hamza, ʿayn, the last he, an article inside a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["CYRILLIC_IN_LATIN", "arabic_sounds", "latin_sounds", "other_latin"]

CYRILLIC_IN_LATIN = str.maketrans(
    dict(zip("абвгґдезиіїйклмнопрстуўфыэјєѣѳ", "abvggdeziiyyklmnoprstuufyejeef", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "yu", "я": "ya"}
    | {"ђ": "dj", "ћ": "ch", "џ": "j", "љ": "l", "њ": "n", "қ": "q", "ғ": "gh", "ң": "n", "һ": "h", "ҳ": "h", "ҷ": "j"}
    | {"ә": "a", "ө": "o", "ү": "u", "ұ": "u", "ӣ": "i", "ӯ": "u"}
)
"""Cyrillic letters, small and without accents, in Latin ones."""

_Rules = tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]

_LATIN_RULES: _Rules = (
    (re.compile(r"^abd(?:[eiou]|ou)l(?=.)|^abdal(?=[^aeiouy])"), "abd*"),
    (re.compile(r"^(?![aei]lyas)[aeiou]l(?=[^aeiouly]|y[aeiou]..)"), "*"),
    (re.compile(r"(?<=[a-z])h?[aeou]{1,2}l?(?=d{1,2}[ie]{1,2}n)"), "*"),
    (re.compile(r"^([ie])s+h(?=a+(?:q|gh|k))"), r"\1s+h"),
    (re.compile(r"fath(?=[aeiou]|$)"), "fat+h"),
    (re.compile(r"zh(?=ar)"), "z+h"),
    (re.compile(r"^adh(?=[ae]m)"), "ad+h"),
)
_LATIN = {
    **dict.fromkeys(("tsch", "tch", "sch", "sh", "ch", "cz", "sz"), "c"),
    **dict.fromkeys(("dzh", "dsch", "dj", "zh", "j"), "j"),
    **dict.fromkeys(("ts", "tz", "th", "s"), "s"),
    **dict.fromkeys(("ck", "gh", "k", "q", "g"), "k"),
    **dict.fromkeys(("kh", "h"), "h"),
    **dict.fromkeys(("dh", "z", "d"), "d"),
    **dict.fromkeys(("ph", "f"), "f"),
    **dict.fromkeys(("v", "w"), "W"),
    **{"x": "ks", "p": "b", "y": "Y", "*": "X", "+": ""},
    **{letter: letter for letter in "btrlmn"},
    **{letter: letter.upper() for letter in "aeiou"},
}
_ENDS_IN_H = frozenset(["shah", "mah", "rah", "kuh", "kooh", "kouh", "koh"])
"""First words of compounds whose last h is heard, as its letter is written after a long vowel in Persian."""

_LATIN_PIECE = re.compile("c(?=[eiy])|c$|h$|" + "|".join(map(re.escape, sorted(_LATIN, key=len, reverse=True))) + "|.")

_ARABIC_RULES: _Rules = (
    (re.compile("^عبدال(?=.)"), "عبدع"),
    (re.compile("الله|لله"), "له"),
    (re.compile("(?<=.)[حه]?ال(?=دین)"), "ع"),
    (re.compile("^ال(?!یاس|ه[هی]$)(?=..)"), "ع"),
    (re.compile("خوا"), "خعا"),
    (re.compile("^عمرو$"), "عمر"),
)
_ARABIC = {
    **dict.fromkeys("بپ", "b"),
    **dict.fromkeys("قکگغ", "k"),
    **dict.fromkeys("هحخ", "h"),
    **dict.fromkeys("سصث", "s"),
    **dict.fromkeys("شچ", "c"),
    **dict.fromkeys("جژ", "j"),
    **dict.fromkeys("دذضظز", "d"),
    **dict.fromkeys("تط", "t"),
    **{"ف": "f", "ڤ": "W", "ر": "r", "ل": "l", "م": "m", "ن": "n", "ع": "X", "ا": "A", "و": "U", "ی": "I"},
    **{"ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n"},
}


_OTHER_LATIN: _Rules = (
    (re.compile("(?<!n)g(?!h)"), "j"),
    (re.compile("(?<!fa)th"), "dh"),
    (re.compile(r"\b[ae]l(?=[aeiou][a-z]{2})"), "*"),
)


def other_latin(name: str) -> str:
    """A name in Latin letters as other conventions have it: Gamal as Jamal, Munther as Mundher, Aladawi as al-Adawi.

    Examples
    --------
    >>> other_latin("gamal"), other_latin("munther"), other_latin("aladawi"), other_latin("reza")
    ('jamal', 'mundher', '*adawi', 'reza')
    """
    for rule, by in _OTHER_LATIN:
        name = rule.sub(by, name)
    return name


def latin_sounds(word: str, *, is_last: bool = True) -> str:
    """Consonants and vowels of a word in small Latin letters; `is_last` says that no word comes after it.

    Examples
    --------
    >>> latin_sounds("kadhim"), latin_sounds("abdulrahman"), latin_sounds("alhadi")
    ('kAdIm', 'AbdXrAhmAn', 'XhAdI')
    """
    for rule, by in _LATIN_RULES:
        word = rule.sub(by, word)
    sounds = _LATIN_PIECE.sub(_latin_piece, word if is_last or word not in _ENDS_IN_H else f"{word}+")
    return _as_initial(re.sub(r"([a-z])\1+", r"\1", sounds), "W")


def _latin_piece(found: re.Match[str]) -> str:
    piece = found.group()
    if piece == "c":
        is_last = found.end() == len(found.string)
        return "c" if is_last else "s" if found.string[found.end()] in "eiy" else "k"
    if piece == "h" and found.end() == len(found.string):
        return "X"
    return _LATIN.get(piece, "")


def arabic_sounds(word: str, *, is_last: bool = True) -> str:
    """Consonants and vowels of a word in normalised Arabic or Persian letters; no word comes after it if `is_last`.

    Examples
    --------
    >>> arabic_sounds("کاظم"), arabic_sounds("عبدالرحمن"), arabic_sounds("الهادی")
    ('kAdm', 'XbdXrhmn', 'XhAdT')
    """
    for rule, by in _ARABIC_RULES:
        word = rule.sub(by, word)
    if word[-1:] == "ح" or (word[-1:] == "ه" and (is_last or word[-2:-1] not in {"ا", "و", "ی"})):
        word = f"{word[:-1]}ع"
    sounds = "".join([_ARABIC.get(letter, "") for letter in word])
    sounds = re.sub(r"([a-z])\1+", r"\1", sounds)
    if word[:1] == "ا":
        sounds = "V" + sounds[1:]
    if word[-1:] == "ی" and len(word) > 1:
        sounds = sounds[:-1] + "T"
    return _as_initial(sounds, "U")


def _as_initial(sounds: str, letter: str) -> str:
    """Waw at the beginning of a word, or after its article, is a consonant."""
    start = 1 if sounds[:1] == "X" else 0
    return sounds[:start] + "w" + sounds[start + 1 :] if sounds[start : start + 1] == letter else sounds
