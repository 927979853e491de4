"""How a hand writes an invented name: in one of its spellings, with the letters of its keyboard, with slips.

Persian spellings differ in letters that look alike (Arabic yeh and kaf in the place of the Persian ones), in blanks and
zero-width non-joiners, and in the long vowels of names that may be written with or without one; Latin ones are those of
the table of names (`estimation.simulation.invented_names`).
"""

from __future__ import annotations

import numpy as np

from estimation.simulation.invented_names import Spelt

__all__ = ["in_digits", "solar_month", "spelt"]

_MONTHS = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_LETTERS = {"latin": "abcdefghiklmnoprstuvyz", "persian": "ابپتجچحخدرزسشفقکگلمنوهی"}
_OTHER_LETTERS = (("ی", "ي"), ("ک", "ك"), ("\u200c", " "), ("\u200c", ""), (" ", "\u200c"))


def solar_month(month: int) -> str:
    """The name of a Solar Hijri month in Persian, 1 the first.

    Examples
    --------
    >>> solar_month(1)
    'فروردین'
    """
    return _MONTHS[month - 1]


def in_digits(text: str, script: str) -> str:
    """A text with the digits of a script.

    Examples
    --------
    >>> in_digits("1373", "persian"), in_digits("1373", "latin")
    ('۱۳۷۳', '1373')
    """
    return text.translate(_PERSIAN_DIGITS) if script == "persian" else text


def spelt(name: Spelt, script: str, other_spelling: float, typo: float, rng: np.random.Generator) -> str:
    """A name as somebody writes it.

    Parameters
    ----------
    name : Spelt
        The name.
    script : {"latin", "persian"}
        The script.
    other_spelling, typo : float
        Probabilities of another spelling than the usual one, and of a wrong letter.
    rng : Generator
        The only source of randomness.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> ali = Spelt("علی", ("ali", "aly"))
    >>> spelt(ali, "latin", 0.0, 0.0, rng), spelt(ali, "latin", 1.0, 0.0, rng), spelt(ali, "persian", 1.0, 0.0, rng)
    ('Ali', 'Aly', 'علي')
    """
    text = name.persian if script == "persian" else name.latin[0]
    if rng.random() < other_spelling:
        text = _other_spelling(name, script, rng)
    if rng.random() < typo:
        text = _slip(text, script, rng)
    return text.title() if script == "latin" else text


def _other_spelling(name: Spelt, script: str, rng: np.random.Generator) -> str:
    if script == "latin":
        others = name.latin[1:] or name.latin
        return others[int(rng.integers(len(others)))]
    fitting = [(letter, other) for letter, other in _OTHER_LETTERS if letter in name.persian]
    if not fitting:
        return name.persian
    return name.persian.replace(*fitting[int(rng.integers(len(fitting)))])


def _slip(text: str, script: str, rng: np.random.Generator) -> str:
    """A letter left out, put in, changed or exchanged with the next one; the first one stays."""
    at = int(rng.integers(1, max(len(text) - 1, 2)))
    letter = _LETTERS[script][int(rng.integers(len(_LETTERS[script])))]
    before, here, after = text[:at], text[at : at + 1], text[at + 1 :]
    forms = (before + after, before + after[:1] + here + after[1:], before + letter + after)
    return (*forms, before + letter + here + after)[int(rng.integers(4))]
