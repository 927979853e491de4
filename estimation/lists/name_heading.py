"""What the heading of a column of names says of the parts of a name and their order."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from estimation.lists.headings import Heading, heading_of
from estimation.lists.name_roles import NameOrder
from estimation.lists.normal import normalise

__all__ = [
    "NamePart",
    "family_comes_first",
    "is_of_father",
    "order_in_heading",
    "order_of_whole",
    "parts_by_heading",
    "parts_in_heading",
]

NamePart: TypeAlias = Literal["given", "father", "family"]
"""A part of a name that a heading sets off."""


def order_in_heading(heading: str) -> tuple[NameOrder | None, bool | None]:
    """What the heading of a column of whole names says of their order, and whether they are chains.

    Examples
    --------
    >>> order_in_heading("apellido_paterno_nombres"), order_in_heading("نام و نام خانوادگی")
    (('family first', None), ('given first', False))
    >>> order_in_heading("الاسم الرباعي"), order_in_heading("ФИО"), order_in_heading("Name")
    (('given first', True), ('family first', None), (None, None))
    """
    words = normalise(heading)
    joined = words.replace(" ", "")
    if re.search("رباعی|ثلاثی|خماسی", words):
        return "given first", True
    if joined in {"фио", "піб", "nev", "teljesnev"}:
        return "family first", None
    family, given = _FAMILY.search(joined), _GIVEN.search(joined)
    if not family or not given:
        return None, None
    is_persian = "نام" in words
    return ("family first" if family.start() < given.start() else "given first"), (False if is_persian else None)


_FAMILY = re.compile(
    "apellido|surname|lastname|familyname|nachname|familienname|cognome|sobrenome|soyad|prezime|фамилия|прізвище|презиме|"
    "نامخانوادگی|کنیه|شهرت|(?<!pre)nom(?!bre)"
)
_GIVEN = re.compile(
    "nombre|firstname|givenname|forename|vorname|prenom|(?<!prez)ime|(?<!презим)име|имя|ім|نام(?!خانوادگی)|الاسم|(?<!soy)adi"
)


_SET_OFF = re.compile(r"[(),،;/|]")


def parts_in_heading(heading: str) -> tuple[NamePart, ...]:
    """The three parts that a heading sets off by brackets or commas, in their order; empty where it does not.

    Examples
    --------
    >>> parts_in_heading("Prezime (ime oca) ime"), parts_in_heading("Surname, name"), parts_in_heading("Name (given)")
    (('family', 'father', 'given'), (), ())
    """
    pieces = [heading_of(piece) for piece in _SET_OFF.split(heading) if piece.strip()]
    found: list[NamePart] = []
    for piece in pieces:
        part: NamePart = "father" if piece.has("father") else "family" if piece.has("family") else "given"
        if part == "given" and not piece.has_any("given", "name"):
            return ()
        found.append(part)
    return tuple(found) if len(found) == 3 == len(set(found)) else ()


def parts_by_heading(cell: str, parts: tuple[NamePart, ...]) -> dict[NamePart, str]:
    """A cell set off as its heading is, by its parts; empty where it is written otherwise.

    Examples
    --------
    >>> parts_by_heading("Jelokos (Milan) Dragan", ("family", "father", "given"))
    {'family': 'Jelokos', 'father': 'Milan', 'given': 'Dragan'}
    """
    pieces = [piece.strip() for piece in _SET_OFF.split(cell)]
    while pieces and not pieces[-1]:
        pieces.pop()
    return dict(zip(parts, pieces, strict=True)) if len(pieces) == len(parts) > 0 and all(pieces) else {}


_PATRONYMIC = re.compile("отчест|батьков|patronym")


def is_of_father(heading: Heading) -> bool:
    """Whether a heading is about the father's name: "Prénom du père" is, "Имя, отчество" is about two names."""
    if not heading.has("father") or heading.has_any("family", "full"):
        return False
    plain = heading.text.casefold()
    return not heading.has("given") or not (_PATRONYMIC.search(plain) or _BETWEEN.search(plain))


_BETWEEN = re.compile(r"[,،;/|&+]|(?<!\w)(?:and|et|y|e|und|i|in|og|och|ve|dhe|и|та|і|و|u)(?!\w)")


def family_comes_first(heading: Heading) -> bool | None:
    """Whether the family name comes first in a heading of family and given names; None where it is no such heading.

    "Surname, name", "Nom et prénom" and "Ad ve soyad" are; "Family name" is not.
    """
    if heading.has("given", "family"):
        return heading.concepts.index("family") < heading.concepts.index("given")
    pieces = [heading_of(piece) for piece in _BETWEEN.split(heading.text) if piece.strip()]
    family = next((at for at, piece in enumerate(pieces) if piece.has("family")), None)
    given = next((at for at, p in enumerate(pieces) if p.has_any("given", "name") and not p.has("family")), None)
    if len(pieces) > 1 and family is None and given is not None:  # Nom, prénom: the plain one is the family name
        plain = next((at for at, p in enumerate(pieces) if p.has("name") and not p.has("given")), None)
        given = next((at for at, p in enumerate(pieces) if p.has("given")), None)
        family = plain
    return None if family is None or given is None or family == given else family < given


def order_of_whole(heading: Heading) -> bool | None:
    """Whether a heading of whole names says that the family name comes first."""
    plain = normalise(heading.text)
    if plain in {"фио", "ф и о", "піб", "п і б", "fio", "familiya ism"}:
        return True
    order = family_comes_first(heading)
    if order is not None or not heading.has("family"):
        return order
    first = heading_of(plain.split()[0])
    return first.has("family") and not first.has("name")
