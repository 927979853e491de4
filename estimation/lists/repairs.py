"""Text that went wrong on its way is mended, and what was mended is recorded.

PDF files give presentation forms, Arabic lam-alef turned round, and brackets that open to the wrong side; a wrong
encoding gives mojibake; a typist who changes keyboards puts a Latin letter into a Cyrillic word; invisible characters
come with any copy.  Each kind of repair has a name, so that a reader can count by row what was mended.

What cannot be told is left alone: صالح is a name as it stands, and صلاح with its lam-alef turned round.  The two are
one exchange of letters apart, and whoever compares names counts that as a small error.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

__all__ = ["Repair", "Repaired", "repaired", "undone_mojibake", "without_note_numbers"]

Repair: TypeAlias = Literal[
    "invisible characters",
    "HTML entities",
    "mojibake",
    "presentation forms",
    "lam-alef turned round",
    "look-alike letters",
    "brackets turned round",
]
"""What was mended."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200d-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffd\ud800-\udfff\U000e0000-\U000e0fff]"
)
_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_FORM_WORDS = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+(?:[ \u00a0]+[\ufb50-\ufdff\ufe70-\ufefc]+)*")
_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-fA-F]{2,6}|[a-zA-Z]{2,31});")
_NOTE_NUMBER = re.compile(r"(?<=[^\W\d_])[¹²³⁴⁵⁶⁷⁸⁹⁰]+")
_OUTWARD = re.compile(r"\)([^()]*)\(")
_ARABIC = "\u0620-\u064a\u066e-\u06d3"
_TURNED = (
    (re.compile("هللا"), "الله"),
    (re.compile(f"(?<![{_ARABIC}])اال"), "الا"),
    (re.compile("ا([أإآ])ل"), "ال\\1"),
    (re.compile(f"(?<=[{_ARABIC}])(?<!ا)الل(?=(?:[يىی][هة]?)?(?![{_ARABIC}]))"), "لال"),
    (re.compile(f"(?<=[{_ARABIC}])(?<!ا)الء(?![{_ARABIC}])"), "لاء"),
    (re.compile(f"(?<=[{_ARABIC}][{_ARABIC}])(?<!ا)الو([يى])(?![{_ARABIC}])"), "لاو\\1"),
    (re.compile(f"(?<![{_ARABIC}])غالم(?![{_ARABIC}])"), "غلام"),
    (re.compile(f"(?<![{_ARABIC}])([اإ])سالم(?![{_ARABIC}])"), "\\1سلام"),
    (re.compile(f"(?<![{_ARABIC}])ميالد(?![{_ARABIC}])"), "ميلاد"),
)
"""Spellings that no Arabic name has unless a lam-alef, or the ligature of Allah, was turned round."""

_WRONG = ("cp1252", "latin-1", "cp1256", "cp1251")
"""Encodings in which UTF-8 is read by mistake."""


def _pairs_of_bytes() -> re.Pattern[str]:
    """A byte that begins a character in UTF-8 and one that goes on with it, as each wrong encoding shows them."""
    pairs = []
    for wrong in _WRONG:
        begins, goes_on = (
            re.escape(bytes(span).decode(wrong, "ignore") + "".join(map(chr, range(0x80, 0xA0))))
            for span in (range(0xC2, 0xF5), range(0x80, 0xC0))
        )
        pairs.append(f"[{begins}][{goes_on}]")
    return re.compile("|".join(pairs))


_AS_UTF_8 = _pairs_of_bytes()
_BOTH_SCRIPTS = re.compile("[\u0400-\u052f][A-Za-z\xc0-\u024f]|[A-Za-z\xc0-\u024f][\u0400-\u052f]")
_WESTERN = re.compile("[\xa1-\xff]{2}")
_TO_CYRILLIC = dict(zip("ABCEHIKMOPTXYaceikmopxyÖöËëÏï", "АВСЕНІКМОРТХУасеікморхуӦӧЁёЇї", strict=True))
_TO_LATIN = {cyrillic: latin for latin, cyrillic in _TO_CYRILLIC.items()}
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text after its repairs, in its own letters and case.

    Parameters
    ----------
    text : str
        The text.
    repairs : tuple of Repair
        What was mended, each kind once.
    """

    text: str
    repairs: tuple[Repair, ...] = ()


@lru_cache(maxsize=200_000)
def repaired(text: str) -> Repaired:
    """A text without what went wrong on its way, and which repairs that took.

    Parameters
    ----------
    text : str
        A cell, or a part of one.

    Examples
    --------
    >>> repaired("بالل عطاهللا")
    Repaired(text='بلال عطاالله', repairs=('lam-alef turned round',))
    >>> repaired("Hикита").repairs, repaired("MariÃ©tou")
    (('look-alike letters',), Repaired(text='Mariétou', repairs=('mojibake',)))
    >>> repaired("أبو نرجيل ) الكزبراني (").text
    'أبو نرجيل ( الكزبراني )'
    """
    if text.isascii() and text.isprintable() and "&" not in text and ")" not in text:
        return Repaired(text)
    repairs: list[Repair] = []
    steps: tuple[tuple[Repair, Callable[[str], str]], ...] = (
        ("HTML entities", _without_entities),
        ("mojibake", undone_mojibake),
        ("invisible characters", _without_invisible),
        ("presentation forms", _in_plain_letters),
        ("lam-alef turned round", _lam_alef_turned),
        ("look-alike letters", _in_one_script),
        ("brackets turned round", _brackets_turned),
    )
    for repair, step in steps:
        mended = step(text)
        if mended != text:
            repairs.append(repair)
            text = mended
    return Repaired(unicodedata.normalize("NFKC", text), tuple(repairs))


def _without_entities(text: str) -> str:
    return html.unescape(text) if _ENTITY.search(text) else text


def _without_invisible(text: str) -> str:
    """Controls, bidi marks, joiners, zero-width spaces and halves of characters go; the non-joiner stays."""
    return _INVISIBLE.sub("", text)


def undone_mojibake(text: str) -> str:
    """Text whose bytes were read in a wrong encoding, where the right one is beyond doubt."""
    if text.isascii():
        return text
    for wrong in _WRONG if _AS_UTF_8.search(text) else ():
        right = _read_again(text, wrong, "utf-8")
        if right and (wrong in {"cp1252", "latin-1"} or _is_one_script(right, "ARABIC", "CYRILLIC")):
            return right
    if not _WESTERN.search(text):
        return text
    letters = [c for c in text if c.isalpha()]
    if sum("\xa0" < c <= "\xff" for c in letters) < max(3, 0.7 * len(letters)):
        return text
    for right_encoding, script in (("cp1256", "ARABIC"), ("cp1251", "CYRILLIC")):
        for wrong in ("cp1252", "latin-1"):
            right = _read_again(text, wrong, right_encoding)
            if right and _is_one_script(right, script):
                return right
    return text


def without_note_numbers(text: str) -> str:
    """A text without small numbers of footnotes after its words; they are letters of mojibake, too.

    Examples
    --------
    >>> without_note_numbers("Azar Barfabi¹")
    'Azar Barfabi'
    """
    return text if text.isascii() or undone_mojibake(text) != text else _NOTE_NUMBER.sub("", text)


def _read_again(text: str, wrong: str, right: str) -> str:
    """The text as the right encoding reads the bytes that the wrong one gave, or nothing.

    Bytes for which the wrong encoding has no letter stand as control characters of the same number.
    """
    try:
        return b"".join(_byte_of(letter, wrong) for letter in text).decode(right)
    except UnicodeError:
        return ""


@lru_cache(maxsize=4096)
def _byte_of(letter: str, encoding: str) -> bytes:
    return letter.encode("latin-1" if "\x7f" < letter < "\xa0" else encoding)


def _is_one_script(text: str, *scripts: str) -> bool:
    """Whether all letters beyond ASCII belong to one of these scripts, and there are some."""
    names = [unicodedata.name(c, "") for c in text if not c.isascii() and c.isalpha()]
    return bool(names) and any(all(name.startswith(script) for name in names) for script in scripts)


def _in_plain_letters(text: str) -> str:
    """Presentation forms become letters; words that a PDF gives from left to right are turned first."""
    if not _FORMS.search(text):
        return text
    return unicodedata.normalize("NFKC", _FORM_WORDS.sub(_in_reading_order, text))


def _in_reading_order(found: re.Match[str]) -> str:
    """A run of presentation forms, from its end where words begin with final forms or end with initial ones."""
    words = found.group().split()
    shapes = [(_shape(word[0]), _shape(word[-1])) for word in words if len(word) > 1]
    turned = sum(first in {"<final>", "<medial>"} or last in {"<initial>", "<medial>"} for first, last in shapes)
    return found.group()[::-1] if shapes and turned > len(shapes) / 2 else found.group()


def _shape(letter: str) -> str:
    return unicodedata.decomposition(letter).split(" ")[0]


def _lam_alef_turned(text: str) -> str:
    if "ل" not in text:
        return text
    for turned, right in _TURNED:
        text = turned.sub(right, text)
    return text


def _in_one_script(text: str) -> str:
    """Letters of a word that look like those of its other letters' alphabet become these."""
    return _WORD.sub(_word_in_one_script, text) if _BOTH_SCRIPTS.search(text) else text


def _word_in_one_script(found: re.Match[str]) -> str:
    word = found.group()
    cyrillic = sum("\u0400" <= c <= "\u052f" for c in word)
    latin = sum(c.isascii() or "\xc0" <= c <= "\u024f" for c in word)
    if not cyrillic or not latin:
        return word
    to_cyrillic = word.translate({ord(k): v for k, v in _TO_CYRILLIC.items()})
    to_latin = word.translate({ord(k): v for k, v in _TO_LATIN.items()})
    choices = (to_cyrillic, to_latin) if cyrillic >= latin else (to_latin, to_cyrillic)
    whole = [choice for choice in choices if not _is_mixed(choice)]
    return whole[0] if whole else word


def _is_mixed(word: str) -> bool:
    return any("\u0400" <= c <= "\u052f" for c in word) and any(c.isascii() or "\xc0" <= c <= "\u024f" for c in word)


def _brackets_turned(text: str) -> str:
    """Brackets that open to the wrong side, where the first one closes and the last one opens."""
    first, last = text.find(")"), text.rfind("(")
    if first < 0 or last < first or text.find("(") < first or text.rfind(")") > last:
        return text
    return _OUTWARD.sub(r"(\1)", text)
