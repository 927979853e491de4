"""Which characters may stand in a text that people give.

A *name* is one line that is compared, printed beside numbers and written into files: of a list, a model's or a
figure's label, a title.  A *prose* is whatever else people say: a source, a claim, what is counted.  The rule, by kind
of character:

=====================================  ==============  ================================================================
character                              in a name       in prose
=====================================  ==============  ================================================================
control characters, lone surrogates,   refused         refused, but for line breaks and tabs
noncharacters, byte order marks
line and paragraph separators          refused         stay, as line breaks
bidi embeddings and overrides          refused         refused: they show a text in another order than it is read in
bidi isolates                          refused         stay where each is closed again
bidi marks (LRM, RLM, ALM)             refused         stay: whatever holds a text isolates it
joiners (ZWNJ, ZWJ)                    stay after a    stay
                                       letter of a
                                       script that
                                       joins, an emoji
other characters without a picture     refused         stay, but for tags and annotations, which hide text
(zero-width spaces, soft hyphens,
fillers that count as letters ...)
=====================================  ==============  ================================================================

A name has 200 letters at most, prose 10,000.  Two names that a reader cannot tell apart are twins
(`estimation.text.twins`); a text in the other direction than the sentence around it is isolated where it is shown
(`estimation.text.direction`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

__all__ = ["MOST_IN_NAME", "MOST_IN_PROSE", "character_name", "name_faults", "on_one_line", "prose_faults", "visible"]

MOST_IN_NAME, MOST_IN_PROSE = 200, 10_000
"""Letters in a name, and in prose, at most."""

_OPEN, _CLOSE = frozenset("\u2066\u2067\u2068"), "\u2069"
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e")
_JOINERS = frozenset("\u200c\u200d")
_BREAKS = frozenset("\n\r\t\u2028\u2029\x85")
_LINE_END = re.compile(r" *[\n\r\t\u2028\u2029]+ *")
_WITHOUT_PICTURE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show nothing although their category says that they are letters, marks or symbols."""

_WITH_PICTURE = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Signs that are seen although their category says that they only format."""

_HIDING = frozenset(map(chr, [0x2065, *range(0x206A, 0x2070), *range(0xFFF0, 0xFFFC), *range(0xE0000, 0xE1000)]))
_ALPHABETS_THAT_DO_NOT_JOIN = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW", "CJK", "FULLWIDTH")
_CONTROLS = {"\x1b": "ESCAPE", "\0": "NULL", "\n": "LINE FEED", "\r": "CARRIAGE RETURN", "\t": "TAB", "\x7f": "DELETE"}


def name_faults(text: str) -> list[str]:
    r"""What keeps a text from being a name, each as the end of a sentence about it.

    Examples
    --------
    >>> name_faults("a\u202eb")
    ['has RIGHT-TO-LEFT OVERRIDE (U+202E) as letter 2; remove it']
    >>> name_faults("خانواده\u200cها"), name_faults("po\u200clice")[0][:40]
    ([], 'has ZERO WIDTH NON-JOINER (U+200C) as le')
    """
    wrong = (at for at, letter in enumerate(text) if _is_wrong_in_name(text, at, letter))
    return [*_named(text, wrong), *_too_long(text, MOST_IN_NAME)]


def prose_faults(text: str) -> list[str]:
    r"""What keeps a text from being shown, each as the end of a sentence about it.

    Examples
    --------
    >>> prose_faults("two\nlines"), prose_faults("Amnesty\x02International")
    ([], ['has control character U+0002 as letter 8; remove it'])
    """
    wrong = sorted({*(at for at, c in enumerate(text) if _is_wrong_in_prose(c)), *_unbalanced(text)})
    return [*_named(text, wrong), *_too_long(text, MOST_IN_PROSE)]


def character_name(letter: str) -> str:
    r"""A character by its name in Unicode, for a reader who cannot see it.

    Examples
    --------
    >>> character_name("\u202e"), character_name("\x1b"), character_name("\x02")
    ('RIGHT-TO-LEFT OVERRIDE (U+202E)', 'ESCAPE (U+001B)', 'control character U+0002')
    """
    code = f"U+{ord(letter):04X}"
    name = _CONTROLS.get(letter) or unicodedata.name(letter, "")
    if name:
        return f"{name} ({code})"
    kinds = {"Cs": "half a character", "Cn": "unassigned character"}
    return f"{kinds.get(unicodedata.category(letter), 'control character')} {code}"


def on_one_line(text: str) -> str:
    r"""A heading that a spreadsheet broke into lines, on one line.

    Examples
    --------
    >>> on_one_line("Police\nlist "), on_one_line("a  b")
    ('Police list', 'a  b')
    """
    return _LINE_END.sub(" ", text.strip())


def visible(text: str) -> str:
    r"""A text in which each character that may not stand in prose is written as its code, and every line break is one.

    Examples
    --------
    >>> print(visible("a\x1b[31mb\u202ec"))
    a\x1b[31mb\u202ec
    >>> visible("one\r\ntwo") == "one\ntwo"
    True
    """
    whole = text.replace("\r\n", "\n")
    if whole.isascii() and whole.replace("\n", "").isprintable():
        return whole
    wrong = {at for at, letter in enumerate(whole) if letter in "\r\x85" or _is_wrong_in_prose(letter)}
    wrong.update(_unbalanced(whole))
    return "".join(_code(letter) if at in wrong else letter for at, letter in enumerate(whole))


def _code(letter: str) -> str:
    """A character as Python writes it."""
    return letter.encode("unicode_escape").decode("ascii")


def _is_wrong_in_name(text: str, at: int, letter: str) -> bool:
    if letter.isascii() or letter in _WITH_PICTURE:
        return letter.isascii() and not letter.isprintable()
    if letter in _JOINERS:
        return at == 0 or not _joins(text[at - 1])
    category = unicodedata.category(letter)
    is_selector = category == "Mn" and "VARIATION SELECTOR" in unicodedata.name(letter, "")
    if is_selector:
        return at == 0 or text[at - 1].isascii() or text[at - 1].isspace()
    if category in {"Cc", "Cf", "Cs", "Zl", "Zp"} or _is_noncharacter(letter):
        return True
    return letter in _WITHOUT_PICTURE or letter in _HIDING


def _joins(letter: str) -> bool:
    """Whether a letter is of a script in which joiners change how letters are written, or a picture."""
    category = unicodedata.category(letter)
    name = unicodedata.name(letter, "")
    return category in {"So", "Sk"} or (category[0] in "LM" and not name.startswith(_ALPHABETS_THAT_DO_NOT_JOIN))


def _is_wrong_in_prose(letter: str) -> bool:
    if letter in _BREAKS:
        return False
    is_selector = 0xE0100 <= ord(letter) <= 0xE01EF
    hides = letter in _REORDERING or (letter in _HIDING and not is_selector) or letter == "\ufeff"
    return hides or unicodedata.category(letter) in {"Cc", "Cs"} or _is_noncharacter(letter)


def _is_noncharacter(letter: str) -> bool:
    return 0xFDD0 <= ord(letter) <= 0xFDEF or ord(letter) & 0xFFFE == 0xFFFE


def _unbalanced(text: str) -> Iterator[int]:
    """Isolates that are never closed, and ends of none."""
    opened: list[int] = []
    for at, letter in enumerate(text):
        if letter in _OPEN:
            opened.append(at)
        elif letter == _CLOSE and opened:
            opened.pop()
        elif letter == _CLOSE:
            yield at
    yield from opened


def _named(text: str, places: Iterator[int] | Sequence[int]) -> list[str]:
    """Each wrong character once, by its name and the place where it stands first."""
    first: dict[str, int] = {}
    for at in places:
        first.setdefault(text[at], at + 1)
    return [f"has {character_name(letter)} as letter {at}; remove it" for letter, at in first.items()]


def _too_long(text: str, most: int) -> list[str]:
    return [f"has {len(text):,} letters; give at most {most:,}"] if len(text) > most else []
