"""Cells and parts of cells that count people without naming them, or say who somebody is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from estimation.capture.forms.vocabulary import words
from estimation.lists.name_words import DESCRIPTIONS, GROUPS, UNKNOWN, is_missing, is_unknown_word, number_in
from estimation.lists.normal import normalise
from estimation.lists.relatives import KINSHIP

__all__ = ["KIN", "is_description", "n_beside", "n_counted", "name_and_beside", "without_kin"]


def is_description(text: str) -> bool:
    """Whether a text says who somebody is, such as "woman, 31", and names nobody.

    Examples
    --------
    >>> is_description("man, ±30"), is_description("3 prisoners from Gilan"), is_description("Azita")
    (True, True, False)
    """
    if normalise(text) in _NAMES_TOO:
        return False
    if re.search(r"\d", normalise(text)):
        return True
    words = re.findall(r"[^\W\d_]+", normalise(text))
    if any(map(is_missing, words)) and all(is_missing(word) or word in _OF_A_NAME for word in words):
        return True
    return bool(words) and all(word in DESCRIPTIONS or number_in(word) is not None for word in words)


_OF_A_NAME = frozenset(
    [
        "prenom",
        "nom",
        "nombre",
        "apellido",
        "vorname",
        "nachname",
        "фамилия",
        "отчество",
        "прізвище",
        "імя",
        "prezime",
        "ime",
        "ad",
        "soyad",
        "soyadi",
        "adi",
        "emri",
        "mbiemri",
        "name",
        "surname",
        "first",
        "last",
        "given",
        "family",
        "father",
        "names",
        "نام",
        "اسم",
        "имя",
    ]
)


@lru_cache(maxsize=1)
def _unknown_phrases() -> re.Pattern[str]:
    phrases = sorted((phrase for phrase in UNKNOWN if " " in phrase), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")


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
    folded = " ".join(re.sub(r"[,;:/#№-]+", " ", normalise(bare)).split())
    shortened = _unknown_phrases().sub("unknown", folded)
    if folded in _NAMES_TOO:
        return 0
    pieces = re.split(r"[\s,;:/#-]+", bare if shortened == folded else shortened)
    words = [word for word in pieces if normalise(word) or is_missing(word)]
    numbers = [*_numbers(shortened), *(number for described in descriptions for number in _numbers(described))]
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
        "br",
        "broj",
        "no",
        "yet",
        "so",
        "far",
        "bir",
        "номер",
        "број",
        "numero",
        "still",
        "age",
        "sex",
    ]
)
_NAMES_TOO = frozenset(["kadin"])
"""Words for people that are given names elsewhere, where they stand alone."""
_ONE = frozenset(["man", "woman", "boy", "girl", "child", "body", "person", "prisoner"])


def _numbers(text: str) -> list[int]:
    """Numbers of people in a text such as "2 children; 1 woman"; an age is none."""
    words = re.findall(r"[^\W_]+", normalise(text))
    counted = []
    for at, word in enumerate(words[:-1]):
        number = number_in(word)
        follows = (GROUPS | _ONE) & set(words[at + 1 : at + 3]) or is_unknown_word(words[at + 1])
        if number is not None and follows and words[at + 1] not in _YEARS:
            counted.append(number)
    return counted


_YEARS = frozenset(
    ["years", "year", "yrs", "months", "month", "ساله", "سال", "ماهه", "سنه", "лет", "года", "год", "anos", "ans"]
)
KIN = KINSHIP | words("""
    family others bebe kids kid familia famille familie sons daughters hijos hijas hijo hija nino nina ninos esposa
    esposo fils fille filles enfant enfants kinder kind sohn tochter sohne
    ребенком ребенок детьми дети детей сыном сыновья сыновьями дочерью дочь дочери женой мужем семьей матерью отцом
    дитиною дитина дітьми діти дітей сином донькою дочкою дружиною чоловіком родиною
    djece djeca djecom deca dece djetetom detetom sinom sin sina kceri kcerkom cerkom kci zenom zena suprugom supruga
    muzem porodicom obitelji bebom деце деца дететом сином кћерком женом супругом породицом бебом
    femije femijet femijen djali djalin vajza vajzen gruan gruaja bashkeshorten familja familjen
    cocugu cocuklari oglu kizi esi karisi bebegi ailesi cocuk cocukla
    همسرش فرزندش فرزندانش پسرش دخترش مادرش پدرش برادرش خواهرش کودکش نوزادش بچه اش خانواده اش خانواده
    زوجته زوجها طفله طفلها طفلته طفلتها ابنه ابنها ابنته ابنتها ابنایه ابناها اطفاله اطفالها اطفالهما بناته بناتها
    اولاده اولادها عایلته عایلتها والدته والدتها امه امها اخوه اخوها اخته اختها شقیقه رضیعها رضیعه جنینها جنینه
    """)
_WHOSE = words("""
    his her their a one the su sus sa son ses leur leurs un una une ihr ihre ihrem ihrer ihren sein seine seinem seiner
    его ее их свој njegov njegova njegovom njegovi njen njena njenom svojim svojom svoje son sin newborn unborn young
    small little minor unknown two three other more de la el its baby infant menor menores mala malo malog i e te tij
    saj malenkim маленькими двумя двома тремя трьома своим своей своими мал
""")
_SOME = {"двумя": 2, "двома": 2, "тремя": 3, "трьома": 3, "обе": 2, "dvoma": 2}
_BESIDE = words("""
    and et und y e i и та й з із с со са sa s me dhe ve ile with con mit avec و مع با con
""")
"""Words between a name and who else the row stands for."""


def name_and_beside(text: str) -> tuple[str, int]:
    """A text less what counts people at its end, such as "y sus dos hijos", and how many these are.

    Parameters
    ----------
    text : str
        A cell of names.

    Returns
    -------
    name : str
        What stands before; all of the text where it counts nobody.
    n_people : int
        How many more; 0 where it counts nobody.

    Examples
    --------
    >>> name_and_beside("Ana Luzalba y sus dos hijos"), name_and_beside("Ivan i Petar Jelokos")
    (('Ana Luzalba', 2), ('Ivan i Petar Jelokos', 0))
    """
    words = re.sub(r"([,،])", r" \1 ", text).split()
    for at in range(1, len(words)):
        own = normalise(words[at])
        joined = own[1:] if own.startswith("و") and own[1:] in KIN else ""
        if not (own in _BESIDE or words[at] in {",", "،", "&", "+"} or joined):
            continue
        rest = [normalise(word) for word in words[at + 1 :]]
        rest = [joined, *rest] if joined else rest[1:] if rest and rest[0] in _BESIDE else rest
        is_count = words[at] not in {",", "،"} or any(word in _WHOSE or _number(word) for word in rest)
        counted = _n_kin(rest) if is_count else 0
        if counted:
            return " ".join(words[:at]), counted
    return text, 0


def without_kin(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a further person without what says whose relative it is.

    Examples
    --------
    >>> without_kin(("his", "son", "Ali")), without_kin(("Ali", "Karimi"))
    (('Ali',), ('Ali', 'Karimi'))
    """
    at = 0
    while at < len(words) - 1 and normalise(words[at]) in _WHOSE | KIN:
        at += 1
    is_kin = any(normalise(word) in KIN for word in words[:at])
    return words[at:] if is_kin else words


def _n_kin(plain: Sequence[str]) -> int:
    """How many people words of kinship count; 0 where another word stands among them."""
    numbers = [number for word in plain if (number := _number(word)) is not None]
    rest = [word for word in plain if _number(word) is None and word not in _WHOSE]
    if not rest or not all(word in KIN | GROUPS for word in rest):
        return 0
    return max(1, sum(numbers))


def _number(word: str) -> int | None:
    bare = word.removeprefix("ال")
    return _SOME.get(word) or number_in(word) or number_in(bare)


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
    return int(bool(plain) and plain[-1] in KIN and all(word in _WHOSE | KIN for word in plain))
