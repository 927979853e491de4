"""Which row holds the headings, and what stands above it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from estimation.capture.sheets.sheet import Cell
from estimation.capture.sheets.values import is_value

__all__ = ["first_row_is_header", "histories_without_heading", "numbers_in_words", "titles_above"]

_COIN = {"0", "1", "yes", "no", "true", "false", "0.0", "1.0"}
_MOST_TITLES = 10


def first_row_is_header(row: Sequence[Cell]) -> bool:
    """Whether a first row holds headings: a word that is none of the words of a list's cells, and no 0 or 1.

    Examples
    --------
    >>> first_row_is_header(["id", "A", "B"]), first_row_is_header(["1", "0"]), first_row_is_header(["P1", "1", "0"])
    (True, False, False)
    """
    return not all(map(is_value, row)) and not any(str(cell).strip().lower() in _COIN for cell in row)


def titles_above(rows: Sequence[Sequence[Cell]]) -> int:
    """How many first rows are titles: one filled cell in each, where a row soon below has two or more.

    Examples
    --------
    >>> titles_above([["Deaths", ""], ["A", "B"], ["1", "0"]]), titles_above([["1101"], ["1001"]])
    (1, 0)
    """
    for n, row in enumerate(rows[: _MOST_TITLES + 1]):
        if sum(1 for cell in row if str(cell).strip()) > 1:
            return n
    return 0


def numbers_in_words(numbers: Sequence[int]) -> str:
    """Numbers of rows that follow each other.

    Examples
    --------
    >>> numbers_in_words([3]), numbers_in_words([3, 4, 6])
    ('3', '3 to 6')
    """
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


_HISTORY = re.compile(r"[01]{2,64}")
_WHOLE = re.compile(r"\d+([.,]0*)?")


def histories_without_heading(rows: Sequence[Sequence[str]]) -> tuple[list[str], list[Sequence[Cell]]] | None:
    """Headings and columns of capture histories, alone or with frequencies, above which no heading stands.

    Two places are too few to tell 10 and 11 from numbers, unless a history begins with 0.

    Examples
    --------
    >>> histories_without_heading([["1101", "5"], ["0011", "2"]])
    (['history', 'frequency'], [['1101', '0011'], ['5', '2']])
    >>> histories_without_heading([["10", "5"], ["11", "2"]]) is None
    True
    """
    wide = len(rows[0])
    if len(rows) < 2 or wide not in {1, 2} or not _HISTORY.fullmatch(rows[0][0].strip()):
        return None
    if any(len(row) != wide for row in rows):
        return None
    columns: list[Sequence[Cell]] = [[cell.strip() for cell in column] for column in zip(*rows, strict=True)]
    histories = {str(cell) for cell in columns[0]}
    alike = all(map(_HISTORY.fullmatch, histories)) and len({len(history) for history in histories}) == 1
    certain = len(rows[0][0].strip()) > 2 or any(history.startswith("0") for history in histories)
    if not (alike and certain and all(_WHOLE.fullmatch(str(cell)) for column in columns[1:] for cell in column)):
        return None
    return ["history", "frequency"][:wide], columns
