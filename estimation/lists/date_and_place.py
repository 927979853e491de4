"""Cells that hold a date and something beside it: a place, or what notes go on to say."""

from __future__ import annotations

import re

from estimation.lists.date_text import folded, tokens_of

__all__ = ["date_before", "split_place"]

_APART = re.compile(r"\s{3,}|\t|\s\|\s|\s;\s")
_LESS_APART = re.compile(r"\s*[,،;(]\s*|\s[-–—]\s|\s(?:in|at|near|en|à|u|w|im|bei|в|у|در|في)\s")


def split_place(text: str) -> tuple[str, str]:
    """Date and place of a cell that holds both: three blanks (or a bar) apart, or else a comma, a dash, a bracket.

    Examples
    --------
    >>> split_place("26/12/1976   LA PLATA BUENOS AIRES"), split_place("LA PLATA"), split_place("05/1976")
    (('26/12/1976', 'LA PLATA BUENOS AIRES'), ('', 'LA PLATA'), ('05/1976', ''))
    >>> split_place("Jelovik, 12.05.1999"), split_place("May 12, 1999, Zeleno Polje"), split_place("12 May, 1999")
    (('12.05.1999', 'Jelovik'), ('May 12, 1999', 'Zeleno Polje'), ('12 May, 1999', ''))
    """
    parts = [part.strip() for part in _APART.split(text.strip(), maxsplit=1)]
    if len(parts) == 2:
        return parts[0], parts[1]
    whole = parts[0]
    if not re.search(r"\d", whole):
        return "", whole
    for found in _LESS_APART.finditer(whole):
        before, after = whole[: found.start()].strip(), whole[found.end() :].strip(" )")
        if not re.search(r"\d", after) and _says_more_than_a_date(after):
            return before, after
        if not re.search(r"\d", before) and _says_more_than_a_date(before):
            return after, before
    return whole, ""


def date_before(text: str) -> str:
    """What stands before the first comma or dash after which there is more than a date.

    Examples
    --------
    >>> date_before("3 May 1961, student"), date_before("May 3, 1961")
    ('3 May 1961', 'May 3, 1961')
    """
    for found in _LESS_APART.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        if re.search(r"\d", before) and _says_more_than_a_date(after):
            return before
    return text


def _says_more_than_a_date(text: str) -> bool:
    return any(token.kind == "unknown" for meant in tokens_of(folded(text)) for token in meant)
