"""A name as it is compared: one spelling for what a script, a keyboard or a file writes in several ways.

`normalise` stays in the script.  Yeh and kaf, hamza in both of its codings, ta marbuta, diacritics, tatweel, accents,
ё, case, apostrophes, hyphens, the zero-width non-joiner and three kinds of digits no longer make a difference, and
what went wrong on the way is mended first (`estimation.lists.repairs`).

`skeleton` leaves the script: it is made of the consonants that Arabic, Persian, Latin and Cyrillic spellings of one
name have in common.  It is one level of a comparison and never all of it: Hasan and Hossein have the same.

=====  ==============================================================================================
class  letters
=====  ==============================================================================================
b      ب پ, b, p
k      ق ك گ غ, k, q, g, gh, c before a, o, u and consonants
h      ه ح خ, h, kh; but neither ه, ح nor h at the end of a word
s      س ص ث, s, th, ts, c before e, i, y
c      ش چ, sh, ch, sch, tsch, cz, sz
j      ج ژ, j, zh, dj
d      د ذ ض ظ ز, d, dh, z
t f r  ت ط, ف, ر; ph is f
l m n  ل م ن
w      و, w, v at the beginning of a word; a vowel elsewhere
=====  ==============================================================================================

The article, *bin*, doubled letters, hamza, ʿayn, yeh and the vowels leave nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from estimation.lists.letters import CYRILLIC_IN_LATIN, arabic_sounds, latin_sounds, other_latin
from estimation.lists.repairs import repaired

__all__ = ["Script", "Sounds", "normalise", "script_of", "skeleton", "sounds"]

Script: TypeAlias = Literal["arabic", "latin", "cyrillic", "other", ""]
"""The script of a text's letters: of most of them; empty where there are none."""

_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff]"
)
_FOLDED = {
    **dict(zip("ىيېےكڪةۀہھەٱآأإؤئ", "یییی" + "کک" + "ههههه" + "اااا" + "وی", strict=True)),
    **dict(zip("łøđðħŋəıёѐѝй", "lodd" + "hnai" + "ееий", strict=True)),
    **{"þ": "th", "æ": "ae", "œ": "oe"},
    **dict.fromkeys("ءـ'’‘`´ʿʾʻʼʹʺ′ˈ՚", ""),
}
_ARTICLES = frozenset(
    ["il", *(vowel + end for vowel in "aeou" for end in ("l", "s", "sh", "d", "dh", "r", "n", "t", "z"))]
)
_CHILD_OF = frozenset(["bin", "ibn", "ben", "ebn", "bint", "بن", "ابن", "بنت", "bn"])


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if letter in _FOLDED:
            folded = _FOLDED[letter]
        elif _MARKS.match(letter):
            folded = ""
        elif (category := unicodedata.category(letter)) == "Nd":
            folded = str(unicodedata.digit(letter))
        elif category[0] in "PSZC":
            folded = "" if category in {"Cf", "Cs"} and letter != "\u200c" else " "
        else:
            plain = _MARKS.sub("", unicodedata.normalize("NFD", letter))
            folded = plain if plain == letter else plain.translate(self)
        self[code] = folded
        return folded


_FOLDING = _Folding()


@lru_cache(maxsize=200_000)
def normalise(text: str) -> str:
    r"""A text without the differences that a script, a keyboard or a file makes; the same when done again.

    Parameters
    ----------
    text : str
        A name, a part of one, or the name of a place.

    Returns
    -------
    str
        Small letters and digits, words one space apart.  Arabic letters stand as Persian keyboards write yeh and kaf.

    Examples
    --------
    >>> normalise("Ne’mat"), normalise("Al-Hisrimawi"), normalise("Фёдорович"), normalise(" ١٩٨٨ ")
    ('nemat', 'al hisrimawi', 'федорович', '1988')
    >>> normalise("علي\u200cأكبر") == normalise("علی‌اکبر") == "علی اکبر"
    True
    """
    folded = _folded(text)
    while not folded.isascii() and (again := _folded(folded)) != folded:
        folded = again
    return folded


def _folded(text: str) -> str:
    folded = repaired(text).text.casefold().translate(_FOLDING)
    return unicodedata.normalize("NFC", " ".join(folded.split()))


@lru_cache(maxsize=200_000)
def script_of(text: str) -> Script:
    """The script that most letters of a text belong to.

    Examples
    --------
    >>> script_of("Ali علی‌اکبر"), script_of("Лев"), script_of("12")
    ('arabic', 'cyrillic', '')
    """
    if text.isascii():
        return "latin" if any(map(str.isalpha, text)) else ""
    scripts = {_script_of_letter(letter) for letter in set(text) if letter.isalpha()}
    if len(scripts) < 2:
        return scripts.pop() if scripts else ""
    counts: dict[Script, int] = {"arabic": 0, "latin": 0, "cyrillic": 0, "other": 0}
    for letter in text:
        if letter.isalpha():
            counts[_script_of_letter(letter)] += 1
    most = max(counts, key=lambda script: counts[script])
    return most if counts[most] else ""


def _script_of_letter(letter: str) -> Script:
    if letter <= "\u024f" or "\u1e00" <= letter <= "\u1eff":
        return "latin"
    if "\u0400" <= letter <= "\u052f":
        return "cyrillic"
    return "arabic" if "\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufefc" else "other"


@dataclass(frozen=True, slots=True)
class Sounds:
    """What a name sounds like, as far as another script can tell.

    Parameters
    ----------
    skeleton : str
        Classes of its consonants.
    vowels : tuple of str
        What stands before the first consonant, between any two and after the last, in the letters of
        `estimation.lists.letters`.
    script : Script
        The script it was written in, which says how vowels are to be understood.
    other : Sounds, optional
        Another reading of Latin letters: g as in Gamal, th as in Munther, al or el before a vowel as the article.
    """

    skeleton: str
    vowels: tuple[str, ...]
    script: Script
    other: Sounds | None = None

    @property
    def readings(self) -> tuple[Sounds, ...]:
        """The readings that have a consonant."""
        both = (self,) if self.other is None else (self, self.other)
        return tuple(reading for reading in both if reading.skeleton)


@lru_cache(maxsize=200_000)
def sounds(text: str) -> Sounds:
    """Consonants and vowels of a name.

    Parameters
    ----------
    text : str
        A name or a part of one.

    Examples
    --------
    >>> sounds("حسین")
    Sounds(skeleton='hsn', vowels=('', '', 'I', ''), script='arabic', other=None)
    >>> sounds("Hossein").vowels, sounds("Gamal").other.skeleton
    (('', 'O', 'EI', ''), 'jml')
    """
    name = normalise(text)
    words = name.split()
    script = script_of(name)
    other = other_latin(name) if script == "latin" else name
    plain = _sounds(words, script)
    if other == name:
        return plain
    return replace(plain, other=_sounds(other.split(), script))


def _sounds(words: list[str], script: Script) -> Sounds:
    whole = "".join(
        _word_sounds(word, is_last=at == len(words) - 1) for at, word in enumerate(words) if not _is_particle(words, at)
    )
    whole = re.sub(r"([a-z])\1+", r"\1", whole)
    return Sounds(re.sub("[A-Z]", "", whole), tuple(re.split("[a-z]", whole)), script)


def skeleton(text: str) -> str:
    """The consonants of a name that its spellings in Arabic, Persian, Latin and Cyrillic letters share.

    Parameters
    ----------
    text : str
        A name or a part of one.

    Returns
    -------
    str
        One letter a class; empty for a name without any, as Eve, and for one in another script.

    Examples
    --------
    >>> skeleton("محمد"), skeleton("Mohamed"), skeleton("Мухаммад")
    ('mhmd', 'mhmd', 'mhmd')
    >>> skeleton("Abd al-Qader"), skeleton("Abdulkadir"), skeleton("عبدالقادر")
    ('bdkdr', 'bdkdr', 'bdkdr')
    """
    return sounds(text).skeleton


def _is_particle(words: list[str], at: int) -> bool:
    """Whether a word is an article before another word, or bin between two."""
    word, after = words[at], words[at + 1] if at + 1 < len(words) else ""
    if not after:
        return False
    if word in _CHILD_OF:
        return at > 0
    if word == "ال":
        return True
    return word in _ARTICLES and (word[1] == "l" or after.startswith(word[1:]))


def _word_sounds(word: str, *, is_last: bool) -> str:
    script = script_of(word)
    if script == "arabic":
        return arabic_sounds(word, is_last=is_last)
    if script == "cyrillic":
        return latin_sounds(word.translate(CYRILLIC_IN_LATIN), is_last=is_last)
    return latin_sounds(word, is_last=is_last) if script == "latin" else ""
