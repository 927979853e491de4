"""Cells and parts of cells that count people without naming them, or say who somebody is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from estimation.capture.forms.vocabulary import words
from estimation.lists.name_words import DESCRIPTIONS, GROUPS, is_missing, is_unknown_word, number_in
from estimation.lists.normal import normalise
from estimation.lists.relatives import KINSHIP

__all__ = ["is_description", "n_beside", "n_counted"]


def is_description(text: str) -> bool:
    """Whether a text says who somebody is, such as "woman, 31", and names nobody.

    Examples
    --------
    >>> is_description("man, ±30"), is_description("3 prisoners from Gilan"), is_description("Azita")
    (True, True, False)
    """
    if re.search(r"\d", normalise(text)):
        return True
    words = re.findall(r"[^\W\d_]+", normalise(text))
    if any(map(is_missing, words)) and all(is_missing(word) or word in _OF_A_NAME for word in words):
        return True
    return bool(words) and all(word in DESCRIPTIONS or number_in(word) is not None for word in words)


_OF_A_NAME = frozenset(["name", "surname", "first", "last", "given", "family", "father", "names", "نام", "اسم", "имя"])


def n_counted(text: str, descriptions: Sequence[str] = ()) -> int:
    """How many people a cell without a name stands for, or 0 where it has one.

    Parameters
    ----------
    text : str
        The cell without what stands in brackets.
    descriptions : sequence of str
        What stands in brackets and names nobody.

    Examples
    --------
    >>> n_counted("3 unidentified bodies"), n_counted("N.N.", ["2 children; 1 woman; 8 men"]), n_counted("Ali")
    (3, 11, 0)
    """
    bare = text.strip(" ,;:-")
    words = [word for word in re.split(r"[\s,;:/]+", bare) if normalise(word) or is_missing(word)]
    numbers = [*_numbers(bare), *(number for described in descriptions for number in _numbers(described))]
    if is_missing(bare) or not words or bare.isdigit():
        return max(1, sum(numbers))
    plain = [normalise(word) for word in words]
    says_nobody = any(is_unknown_word(word) or normalise(word) in DESCRIPTIONS | GROUPS for word in words)
    rest = [
        word
        for word in plain
        if word not in DESCRIPTIONS | GROUPS | _FILLING and number_in(word) is None and not is_unknown_word(word)
    ]
    return max(1, sum(numbers)) if says_nobody and not rest else 0


_FILLING = frozenset(
    [
        "of",
        "the",
        "from",
        "a",
        "an",
        "no",
        "nr",
        "number",
        "رقم",
        "شماره",
        "de",
        "du",
        "des",
        "la",
        "le",
        "el",
        "los",
        "las",
        "al",
        "von",
        "aus",
        "из",
        "у",
        "از",
        "من",
        "no data",
    ]
)
_ONE = frozenset(["man", "woman", "boy", "girl", "child", "body", "person", "prisoner"])


def _numbers(text: str) -> list[int]:
    """Numbers of people in a text such as "2 children; 1 woman"; an age is none."""
    words = re.findall(r"[^\W_]+", normalise(text))
    counted = []
    for at, word in enumerate(words[:-1]):
        number = number_in(word)
        if number is not None and (GROUPS | _ONE) & set(words[at + 1 : at + 3]) and words[at + 1] not in _YEARS:
            counted.append(number)
    return counted


_YEARS = frozenset(
    ["years", "year", "yrs", "months", "month", "ساله", "سال", "ماهه", "سنه", "лет", "года", "год", "anos", "ans"]
)
_KIN = KINSHIP | frozenset(["family", "others", "bebe", "همسرش", "فرزندش", "زوجته", "طفله", "ابنه"])
_WHOSE = words("""
    his her their a one the su sus sa son ses leur leurs un una une ihr ihre sein seine его ее их njegov njegova newborn
    unborn
""")


def n_beside(words: tuple[str, ...]) -> int:
    """How many people "2 children" or "his wife" adds, or 0 where the words are a name.

    Examples
    --------
    >>> n_beside(("2", "children")), n_beside(("his", "wife")), n_beside(("Zahra", "Tusi"))
    (2, 1, 0)
    """
    plain = [normalise(word) for word in words]
    numbers = [number for word in plain if (number := number_in(word)) is not None]
    if plain and (all(word.isdigit() for word in plain) or plain == ["al"]):
        return max(1, sum(numbers))
    if any(word in GROUPS for word in plain) and (numbers or len(plain) <= 2):
        return max(1, sum(numbers))
    return int(bool(plain) and plain[-1] in _KIN and all(word in _WHOSE | _KIN for word in plain))
