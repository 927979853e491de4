"""Which encoding a text is in that is not UTF-8 and does not say so: guessed by its letters, or asked.

Each encoding that could be is tried, and its text judged as a person would: letters that its languages use often speak
for it; symbols inside words, words of two scripts, capitals in the middle of words and accents side by side against it.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from estimation.capture.declared import Door, option
from estimation.errors import UndecidedTableError

__all__ = ["EncodingGuess", "encoding_of"]

_COMMON: dict[str, tuple[str, str]] = {
    "cp1256": ("Windows Arabic", "ابتةثجحخدذرزسشصضطظعغفقكلمنهويىأإآئءؤپچژگ"),
    "cp1251": ("Windows Cyrillic", "оеаинтсрвлкмдпуя бгжзйфхцчшщъыьэюёіїєґўјљњћђџѓќ№"),
    "koi8-r": ("KOI8 Cyrillic", "оеаинтсрвлкмдпуя бгжзйфхцчшщъыьэюё"),
    "cp866": ("DOS Cyrillic", "оеаинтсрвлкмдпуя бгжзйфхцчшщъыьэюё"),
    "iso8859-5": ("ISO Cyrillic", "оеаинтсрвлкмдпуя бгжзйфхцчшщъыьэюёіїєўјљњћђџ№"),
    "latin-1": ("Western, ISO-8859-1", "áéíóúñüçãõâêôàèäöåøßû ìòùæëïîº"),
    "cp1252": ("Western Windows", "áéíóúñüçãõâêôàèäöåøßû ìòùæëïîœºšž"),
    "cp1250": ("Central European Windows", "áéíóúąćęłśżčěřšůžđőöüä ýńďňťźű"),
    "cp1254": ("Turkish Windows", "çğıöşüİ âîû"),
    "cp1253": ("Greek Windows", "αοιετσνηυρπκ μλβγδζθξφχψωςάέήίόύώϊϋ"),
    "cp1255": ("Hebrew Windows", "אבגדהוזחטיכלמנסעפצקרשתםןץףך"),
    "utf-16-le": ("UTF-16 without a mark", ""),
    "utf-16-be": ("UTF-16 without a mark", ""),
    "mac-roman": ("old Macintosh", "áéíóúñüçãõâêôàèìòùäöåøæßëïîûœ"),
    "cp850": ("Western DOS", "áéíóúñüçãõâêôàèìòùäöåøæßëïîû"),
}
"""Encodings with what they are called and, in lower case, the letters that their languages use often, then seldom."""

_PUNCTUATION = frozenset("«»“”„‘’‚–—…°·\u00a0،؛؟٫٬\u200c\u200e\u200f")
_WORD = re.compile(r"[^\W\d_]+(?:['’\u200c][^\W\d_]+)*", re.UNICODE)
_WESTERN = frozenset(
    [
        "nom",
        "prénom",
        "prénoms",
        "né",
        "née",
        "naissance",
        "décès",
        "tué",
        "âge",
        "commune",
        "apellido",
        "apellidos",
        "nombre",
        "nombres",
        "fecha",
        "nacimiento",
        "edad",
        "muerte",
        "sobrenome",
        "nascimento",
        "idade",
        "óbito",
        "nachname",
        "vorname",
        "familienname",
        "geburtsdatum",
        "sterbedatum",
    ]
)
_IN_WESTERN = 0.3
"""What two headings of a western language add: è in Hélène and č in Hlavíč are one byte."""

_LOOKED_AT = 200_000
_CLEAR = 0.12
"""How much better the best reading must be than the next one that reads otherwise."""


@dataclass(frozen=True, slots=True)
class EncodingGuess:
    """An encoding, and the sentence that shows it."""

    codec: str
    note: str


def encoding_of(data: bytes, source: str, door: Door = "python") -> EncodingGuess | None:
    r"""The encoding of a text that is not UTF-8 and has no mark; None where it is UTF-8 or has one.

    Raises
    ------
    UndecidedTableError
        When two encodings read it about equally well and otherwise, with both readings.

    Examples
    --------
    >>> encoding_of("№;ФИО;Дата рождения\n1;;1907\n".encode("cp1251"), "shot.csv").codec
    'cp1251'
    >>> encoding_of("Name;Ort\n".encode(), "list.csv") is None
    True
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0\0\xfe\xff")) or _is_utf8(data):
        return None
    head = data[:_LOOKED_AT]
    scored = sorted(_readings(head), reverse=True)
    if not scored:
        return None
    best, codec, text = scored[0]
    rivals = [(other, name) for score, name, other in scored[1:] if other != text and score > best - _CLEAR]
    if rivals:
        message = _question(text, codec, *rivals[0], door)
        raise UndecidedTableError(source, [message])
    words = _COMMON[codec][0]
    note = f"the text is not UTF-8 and was read as {codec} ({words}), a guess by its letters: {_sample(text)}"
    return EncodingGuess(codec, f"{note}; if that is wrong, name another: {option(door, 'encoding', 'cp1252')}")


def _is_utf8(data: bytes) -> bool:
    if _has_wide_zeros(data[:4096]):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_wide_zeros(head: bytes) -> bool:
    """Whether so many bytes are 0 as in UTF-16 of Latin letters; a few come from a broken export."""
    return head.count(0) > 0.05 * len(head)


def _readings(head: bytes) -> list[tuple[float, str, str]]:
    """How plausible each encoding is, with its text; of those that read alike, the one that explains it best."""
    wide = _has_wide_zeros(head) or _looks_wide(head)
    best: dict[str, tuple[float, str]] = {}
    for codec in _COMMON:
        if codec.startswith("utf-16") != wide:
            continue
        try:
            text = head[: len(head) // 2 * 2].decode(codec, errors="strict")
        except UnicodeDecodeError:
            continue
        if not any("\x80" <= letter <= "\x9f" for letter in text):
            score = _plausible_wide(text) if wide else _plausible(text, codec)
            if text not in best or score > best[text][0]:
                best[text] = score, codec
    return [(score, codec, text) for text, (score, codec) in best.items()]


def _looks_wide(head: bytes) -> bool:
    """Whether every second byte is one of a few, as in UTF-16 of any alphabet."""
    if len(head) < 20 or len(head) % 2:
        return False
    for half in (head[::2], head[1::2]):
        most = Counter(half).most_common(3)
        if sum(n for _, n in most) > 0.97 * len(half) and any(byte < 0x10 for byte, _ in most):
            return True
    return False


def _plausible_wide(text: str) -> float:
    """The share of characters that an alphabet or a text file has."""
    fine = sum(1 for c in text if c in "\r\n\t" or (c < "\u0800" and unicodedata.category(c)[0] in "LNPZM"))
    return fine / max(1, len(text))


def _plausible(text: str, codec: str) -> float:
    """A mean over letters outside ASCII: 1 where each is common, below 0 where they make no words."""
    worths = _worths(codec)
    foreign = Counter(letter for letter in text if letter > "\x7f")
    n = sum(foreign.values())
    score = sum(times * _worth(letter, worths) for letter, times in foreign.items())
    for word, times in Counter(_WORD.findall(text)).items():
        if not word.isascii():
            score -= times * _against(word)
    western = _IN_WESTERN if codec in {"latin-1", "cp1252"} and _has_western_headings(text) else 0
    return score / max(1, n) + western


def _has_western_headings(text: str) -> bool:
    """Whether the beginning of a text has headings in French, Spanish, Portuguese or German."""
    return len(_WESTERN.intersection(re.findall(r"[^\W\d_]+", text[:2000].casefold()))) > 1


@cache
def _worths(codec: str) -> dict[str, float]:
    often, _, seldom = _COMMON[codec][1].partition(" ")
    worth = dict.fromkeys(seldom + seldom.upper(), 0.6)
    return worth | dict.fromkeys(often + often.upper(), 1.0)


def _worth(letter: str, worths: dict[str, float]) -> float:
    if letter in worths:
        return worths[letter]
    if letter in _PUNCTUATION:
        return 0.5
    return 0.1 if letter.isalpha() else -1.5


def _against(word: str) -> float:
    """What speaks against a word: two scripts, a capital after a small letter, accents side by side."""
    scripts = {_script(letter) for letter in word}
    against = 2.0 * (len(scripts) - 1)
    pairs = list(itertools.pairwise(word))
    against += sum(1.0 for a, b in pairs if a.islower() and b.isupper())
    if scripts <= {"L"}:
        against += sum(0.7 for a, b in pairs if a > "\x7f" and b > "\x7f")
        capitals = [letter for letter in word if letter.isupper()]
        if len(capitals) not in {0, 1, len(word)}:
            against += 0.5
    return against


@cache
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "L")
    return {"LATIN": "L", "CYRILLIC": "C", "ARABIC": "A", "GREEK": "G", "HEBREW": "H"}.get(name.split(" ")[0], "L")


def _sample(text: str) -> str:
    """The first line with letters outside ASCII that can be headings, without rows: no person's name is shown."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = lines[0] if lines else ""
    if first.isascii():
        letters = Counter(letter for letter in text if letter > "\x7f")
        return f"its letters outside ASCII are {' '.join(letter for letter, _ in letters.most_common(12))}"
    return f"its first line reads {first[:90]!r}"


def _question(text: str, codec: str, other: str, rival: str, door: Door) -> str:
    """Both readings of the letters in which they differ."""
    differ = Counter((a, b) for a, b in zip(text, other, strict=False) if a != b).most_common(8)
    first = " ".join(a for (a, _), _ in differ)
    second = " ".join(b for (_, b), _ in differ)
    line = next(
        (i for i, (a, b) in enumerate(zip(text.splitlines(), other.splitlines(), strict=False), 1) if a != b), 1
    )
    return (
        f"the text is not UTF-8, and can be {codec} ({_COMMON[codec][0]}) or {rival} ({_COMMON[rival][0]}): the same "
        f"bytes are the letters {first} or {second} (first on line {line}); look there and say which: "
        f"{option(door, 'encoding', codec)} or {option(door, 'encoding', rival)}"
    )
