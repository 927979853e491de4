"""What reads like a value and not like a heading."""

from __future__ import annotations

import re

__all__ = ["first_row_is_header", "is_value"]

_NUMBER = re.compile(r"[+-]?\d+([.,٫]\d+)?([eE][+-]?\d+)?")
_WORDS = {"", "yes", "no", "true", "false", "na", "n/a", "nan", "null"}
_COIN = {"0", "1", "yes", "no", "true", "false", "0.0", "1.0"}


def is_value(cell: object) -> bool:
    """Whether a cell reads like a number, an empty cell or a word for yes, no or nothing.

    Examples
    --------
    >>> is_value("0"), is_value(" ۳ "), is_value("2,5"), is_value("press"), is_value("3 persons")
    (True, True, True, False, False)
    """
    if cell is None or isinstance(cell, int | float):
        return True
    text = str(cell).strip()
    return text.lower() in _WORDS or (len(text) <= 400 and _NUMBER.fullmatch(text) is not None)


def first_row_is_header(row: list[str]) -> bool:
    """Whether a first row holds headings: a word that is none of the words of a list's cells, and no 0 or 1.

    Examples
    --------
    >>> first_row_is_header(["id", "A", "B"]), first_row_is_header(["1", "0"]), first_row_is_header(["P1", "1", "0"])
    (True, False, False)
    """
    cells = [cell.strip().lower() for cell in row]
    return not all(map(is_value, cells)) and not any(cell in _COIN for cell in cells)
