"""Which row holds the headings, and what stands above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from estimation.capture.declared import Door, option
from estimation.capture.sheets.sheet import Cell
from estimation.capture.sheets.values import is_value
from estimation.errors import TableError
from estimation.text.characters import on_one_line

__all__ = [
    "Header",
    "first_row_is_header",
    "headings_of",
    "histories_without_heading",
    "n_above",
    "numbers_in_words",
    "titles_above",
]

Header: TypeAlias = int | str | None
"""The number of the row with the headings, ``"none"`` for no such row, or None where it is found."""

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


def n_above(
    rows: Sequence[Sequence[Cell]],
    numbers: Sequence[int],
    source: str,
    header: Header,
    *,
    where: str,
    notes: list[str],
    door: Door,
) -> int:
    """How many of the rows that are not blank stand above the headings, where these are declared or found.

    Parameters
    ----------
    rows : sequence of sequences of cells
        The rows that are not blank.
    numbers : sequence of int
        The number of each.
    source : str
        What to call the file in a message.
    header : int, "none" or None
        What is declared of the headings.
    where : str
        What stands before the number of a row in a message, such as ``"line "``.
    notes : list of str
        Gets a sentence where rows were found to be titles.
    door : {"python", "command line", "study"}
        Where a message is read.

    Raises
    ------
    TableError
        When the row that was declared to hold the headings is blank or not there.

    Examples
    --------
    >>> text = {"source": "deaths.csv", "where": "line ", "notes": [], "door": "study"}
    >>> n_above([["Deaths"], ["A", "B"], ["1", "0"]], [1, 4, 5], header=4, **text)
    1
    >>> n_above([["A", "B"], ["1", "0"]], [1, 3], header=2, **text)
    Traceback (most recent call last):
    ...
    estimation.errors.TableError: deaths.csv: line 2 was declared to hold the headings and is blank; give the number \
that is shown beside it, or header = "none" under [columns] where there are no headings
    """
    if isinstance(header, int):
        if header in numbers:
            return list(numbers).index(header)
        last = max(numbers, default=0)
        wrong = "is blank" if header < last else "is not there, or nothing stands from there on"
        none = option(door, "header", "none")
        message = (
            f"{where}{header} was declared to hold the headings and {wrong}; give the number that is shown beside it"
        )
        raise TableError(source, [f"{message}, or {none} where there are no headings"])
    titles = 0 if header == "none" else titles_above(rows)
    if titles:
        kind = where.split()[-1]
        notes.append(f"above the headings, {kind} {numbers_in_words(numbers[:titles])} was not read")
    return titles


def headings_of(first: Sequence[Cell], header: Header, notes: list[str]) -> tuple[list[str], bool]:
    """What the columns are called, and whether these are known to be headings.

    Parameters
    ----------
    first : sequence of cells
        The first row of the table.
    header : int, "none" or None
        What is declared of the headings.
    notes : list of str
        Gets a sentence where the columns are numbered.

    Examples
    --------
    >>> headings_of(["A", "B"], None, []), headings_of(["1", "0"], None, []), headings_of(["1", "0"], "none", [])
    ((['A', 'B'], True), (['1', '0'], False), (['column 1', 'column 2'], True))
    """
    if header == "none":
        notes.append("there are no headings, as declared: the columns are called column 1, column 2 and so on")
        return [f"column {place}" for place in range(1, len(first) + 1)], True
    return [on_one_line(str(cell)) for cell in first], header is not None or first_row_is_header(first)


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
