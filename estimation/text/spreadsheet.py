"""Text in a CSV file that a spreadsheet must not take for a formula.

A spreadsheet computes a cell that begins with ``=``, ``+``, ``-`` or ``@`` (or with a tab or a line break before it),
and what it computes may fetch a page or start a program.  Such a text is written with an apostrophe before it, which
spreadsheets take as "this is text".  `original_cell` takes off what `safe_cell` put on, so nothing is lost: a text that
begins with apostrophes and then such a sign gets one more.  A number stays a number: -3.2 is written as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

__all__ = ["begins_formula", "csv_of", "original_cell", "safe_cell"]

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d*)?([eE][+-]?\d+)?%?", flags=re.ASCII)


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula.

    Examples
    --------
    >>> [begins_formula(text) for text in ("=cmd|'/C calc'!A0", "-3.2", "-A", "police")]
    [True, False, True, False]
    """
    return _FORMULA.match(text) is not None and _NUMBER.fullmatch(text) is None


def safe_cell(text: str) -> str:
    """A text as a spreadsheet takes it for text.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("-3.2"), safe_cell("police")
    ("'=1+1", '-3.2', 'police')
    """
    return f"'{text}" if begins_formula(text) else text


def original_cell(text: str) -> str:
    """The text that `safe_cell` was given.

    Examples
    --------
    >>> original_cell("'=1+1"), original_cell("'tis"), original_cell(safe_cell("'=1+1"))
    ('=1+1', "'tis", "'=1+1")
    """
    return text[1:] if text.startswith("'") and begins_formula(text[1:]) else text


def csv_of(rows: Iterable[Sequence[object]]) -> str:
    r"""Rows as CSV, their texts safe for a spreadsheet; None is an empty cell.

    Examples
    --------
    >>> csv_of([["label", "n"], ["@police", -3]])
    "label,n\n'@police,-3\n"
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([safe_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return written.getvalue()
