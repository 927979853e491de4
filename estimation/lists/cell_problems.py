"""What is wrong with cells of a list, in words: all of a file at once, by row, and never with a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["CellProblem", "problem_sentences", "rows_counted", "rows_in_words"]

_MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One cell that cannot be read, or can be read in two ways.

    Parameters
    ----------
    row : int
        Its row as a spreadsheet shows it.
    column : str
        Its heading; empty for the row as a whole.
    verdict : {"ask", "refuse"}
        Whether somebody has to decide, or the cell is wrong.
    words : str
        What it is, without a name.
    advice : str
        What to do.
    """

    row: int
    column: str
    verdict: Literal["ask", "refuse"]
    words: str
    advice: str = ""


def problem_sentences(problems: Iterable[CellProblem]) -> list[str]:
    """One sentence for the same problem of several rows.

    Examples
    --------
    >>> problem_sentences([CellProblem(n, "", "ask", "no year", "Set dates.year.") for n in (11, 22)])
    ['rows 11, 22: no year. Set dates.year.']
    """
    rows: dict[tuple[str, str, str], list[int]] = {}
    for each in problems:
        rows.setdefault((each.column, each.words, each.advice), []).append(each.row)
    sentences = []
    for (column, words, advice), numbers in sorted(rows.items(), key=lambda item: item[1][0]):
        where = rows_in_words(numbers) + (f", {column}" if column else "")
        sentences.append(f"{where}: {words.rstrip('.')}." + (f" {advice}" if advice else ""))
    return sentences


def rows_in_words(numbers: Sequence[int]) -> str:
    """Numbers of rows, each once, in order.

    Examples
    --------
    >>> rows_in_words([4]), rows_in_words([9, 4, 9])
    ('row 4', 'rows 4, 9')
    """
    each = sorted(set(numbers))
    listed = ", ".join(f"{n}" for n in each[:_MOST_ROWS])
    more = f" and {len(each) - _MOST_ROWS:,} more" if len(each) > _MOST_ROWS else ""
    return f"row{'s' if len(each) > 1 else ''} {listed}{more}"


def rows_counted(n: int) -> str:
    """How many rows.

    Examples
    --------
    >>> rows_counted(1), rows_counted(1200)
    ('1 row', '1,200 rows')
    """
    return "1 row" if n == 1 else f"{n:,} rows"
