"""What the heading of a column of whole names says of the order of their parts."""

from __future__ import annotations

import re

from estimation.lists.name_roles import NameOrder
from estimation.lists.normal import normalise

__all__ = ["order_in_heading"]


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
    if joined == "фио":
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
