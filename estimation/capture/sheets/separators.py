"""Which character stands between the fields of a text."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from estimation.capture.declared import SEPARATORS, Door, option
from estimation.capture.sheets.headings import titles_above
from estimation.capture.sheets.values import is_value
from estimation.errors import TableError

__all__ = ["BLANKS", "Separator", "separator_of", "with_one_blank"]

BLANKS = " "
"""Stands for runs of blanks."""

_LOOKED_AT = 200
_LOOKED_AT_CHARACTERS = 2**20
_SEP_LINE = re.compile(r'"?sep=(\\t|[^\r\n])"?[ \t,;]*(\r\n|\r|\n)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Separator:
    """What stands between fields, its name in a sentence, and the line at which the table begins (from 0)."""

    character: str
    words: str
    begins: int = 0


def separator_of(text: str, source: str, *, declared: str | None = None, door: Door = "python") -> Separator:
    r"""The one that is declared, or that gives a table: every row with as many fields as the header, and more than one.

    Parameters
    ----------
    text : str
        The text.
    source : str
        What to call it in a message.
    declared : str, optional
        The separator by its character or its name.
    door : {"python", "command line", "study"}
        Where a message is read.

    Raises
    ------
    TableError
        When two of them give a table, or the one that was declared stands nowhere in the text or is none.

    Examples
    --------
    >>> separator_of("A, first;B;count\n1;0;5\n0;1;3\n", "deaths.csv").words
    'semicolon'
    >>> separator_of("sep=|\nA|B\n1|0\n", "deaths.csv")
    Separator(character='|', words='vertical bar', begins=1)
    """
    first_line = _SEP_LINE.match(text)
    if declared is not None:
        return _declared(declared, text, source, begins=int(first_line is not None), door=door)
    if first_line:
        character = "\t" if first_line[1] == r"\t" else first_line[1]
        return Separator(character, SEPARATORS.get(character, repr(character)), 1)
    readings = {d: _first_rows(text, d) for d in SEPARATORS if d != BLANKS and d in text}
    tables = [d for d, rows in readings.items() if _is_table(rows)]
    if not tables:
        tables = [d for d, rows in readings.items() if _is_table(rows[titles_above(rows) :])]
    if len(tables) > 1:
        tables = [d for d in tables if _has_values(readings[d])] or tables
    if len(tables) > 1:
        both = " and with ".join(f"{SEPARATORS[d]} ({_headings(readings[d])})" for d in tables)
        how = option(door, "separator", SEPARATORS[tables[0]])
        message = f"the text is a table with {both}; say which stands between the columns, such as {how}"
        raise TableError(source, [message])
    if not tables and _is_table(_first_rows(text, BLANKS)):
        tables = [BLANKS]
    found = tables[0] if tables else max(readings, key=lambda d: _agreement(readings[d]), default=",")
    return Separator(found, SEPARATORS[found])


def _declared(declared: str, text: str, source: str, *, begins: int, door: Door) -> Separator:
    """The separator that was declared, where it stands in the text."""
    by_name = {words: character for character, words in SEPARATORS.items()}
    character = {**by_name, r"\t": "\t"}.get(declared.strip(), declared)
    if len(character) != 1 or character.isalnum() or character in "\"'\r\n":
        names = ", ".join(by_name)
        message = f"{declared[:40]!r} is no separator; give one character, or a name of one: {names}"
        raise TableError(source, [message])
    words = SEPARATORS.get(character, repr(character))
    if character not in text:
        line = next((line.strip() for line in text.splitlines()[begins:] if line.strip()), "")
        how = option(door, "separator", declared)
        message = (
            f"no line has a {words}, and {how} was declared; the first line is {line[:60]!r}: name what stands between "
            "its columns, or leave the separator out to have it found"
        )
        raise TableError(source, [message])
    return Separator(character, words, begins)


def _first_rows(text: str, separator: str) -> list[list[str]]:
    """The first rows that are not blank, as a separator gives them; none that the cut may have halved."""
    head = text[:_LOOKED_AT_CHARACTERS]
    lines = io.StringIO(head, newline="")
    rows = csv.reader(
        with_one_blank(lines) if separator == BLANKS else lines, delimiter=separator, skipinitialspace=True
    )
    found: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        found.extend(itertools.islice((row for row in rows if any(map(str.strip, row))), _LOOKED_AT))
    return found[:-1] if len(head) < len(text) and len(found) < _LOOKED_AT else found


def with_one_blank(lines: Iterable[str]) -> Iterator[str]:
    """Lines in which one blank stands between two fields, where there was any number."""
    return (" ".join(line.split()) for line in lines)


def _is_table(rows: list[list[str]]) -> bool:
    """Whether the rows below the first agree with it, row names and trailing separators allowed for."""
    if not rows or len(rows[0]) < 2:
        return False
    widths = {len(row) for row in rows[1:]}
    return not widths or widths in ({len(rows[0])}, {len(rows[0]) + 1})


def _has_values(rows: list[list[str]]) -> bool:
    """Whether a column holds nothing but numbers and words such as yes below its heading."""
    return any(all(map(is_value, column)) for column in zip(*rows[1:], strict=False)) and len(rows) > 1


def _agreement(rows: list[list[str]]) -> tuple[bool, float]:
    """How far rows agree on a number of fields above one, where no separator gives a table."""
    widths = [len(row) for row in rows]
    wide = max(set(widths), key=widths.count, default=1)
    return wide > 1, widths.count(wide) / max(1, len(widths))


def _headings(rows: list[list[str]]) -> str:
    first = rows[0]
    return f"{len(first)} columns, the first {first[0].strip()[:40]!r}"
