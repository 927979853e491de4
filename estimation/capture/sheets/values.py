"""What reads like a value and not like a heading."""

from __future__ import annotations

import re

__all__ = ["is_value"]

_NUMBER = re.compile(r"[+-]?\d+([.,٫]\d+)?([eE][+-]?\d+)?")
_WORDS = {"", "yes", "no", "true", "false", "na", "n/a", "nan", "null"}


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
