"""The list's own number of a person, which files change on the way: zeros are eaten, numbers become floats."""

from __future__ import annotations

import re

from estimation.capture.sheets.grid import GridCell
from estimation.lists.layout import cell_text
from estimation.lists.name_words import is_missing
from estimation.lists.normal import normalise

__all__ = ["comparable_identifier", "identifier_of"]


def identifier_of(cell: GridCell) -> str:
    """An identifier as text, in ASCII digits and without the ``.0`` of a float; empty where none is given.

    Examples
    --------
    >>> identifier_of("000100011"), identifier_of(100011.0), identifier_of("١٠٠٠١١"), identifier_of("n/k")
    ('000100011', '100011', '100011', '')
    """
    text = cell_text(cell).strip()
    if is_missing(text) and not re.fullmatch(r"9+", text):
        return ""
    digits = text if text.isascii() else "".join(str(int(c)) if c.isdecimal() else c for c in text)
    return re.sub(r"(?<=\d)\.0+$", "", digits)


def comparable_identifier(identifier: str) -> str:
    """An identifier without zeros in front, case and signs between: for comparing, never as a key.

    Examples
    --------
    >>> comparable_identifier("000100011") == comparable_identifier("100011"), comparable_identifier("PB_1")
    (True, 'pb 1')
    """
    plain = normalise(identifier)
    return plain.lstrip("0") or plain
