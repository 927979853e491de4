"""A column of a name list: its heading, and what its cells look like."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from estimation.capture.sheets.grid import GridCell
from estimation.lists.headings import Heading, heading_of
from estimation.lists.layout import cell_text
from estimation.lists.name_words import is_missing
from estimation.lists.normal import normalise, script_of

__all__ = ["Column", "column_of"]

_DATE = re.compile(
    r"(\d{1,4}|-+)\s*[./\-–]\s*(\d{1,2}|-+)\s*([./\-–]\s*\d{1,4})?|(?<!\d)(1[2-5]\d\d|1[6-9]\d\d|20\d\d)(?!\d)|\d{8}"
)
_MOST_PEOPLE = 2000
"""More than a row of a list stands for."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column with what its cells look like.

    Parameters
    ----------
    place : int
        Where it stands, from 0.
    heading : Heading
        Its heading.
    n_filled : int
        Cells that say something.
    dates, whole, long_numbers, small_numbers : float
        Shares of these that look like dates, are whole numbers, numbers of eight digits or more, or up to 2,000.
    script : str
        The script of most of its letters.
    in_order : bool
        Whether its numbers go up, each once, as numbers of rows do.
    starts_again : bool
        Whether its numbers go up by one and begin with 1 again, as numbers of rows do under sections.
    """

    place: int
    heading: Heading
    n_filled: int
    dates: float
    whole: float
    in_order: bool
    starts_again: bool
    long_numbers: float
    small_numbers: float
    script: str

    @property
    def looks_like_dates(self) -> bool:
        """Whether half of its cells or more can be dates."""
        return self.dates >= 0.5

    @property
    def is_whole(self) -> bool:
        """Whether its cells are whole numbers."""
        return self.whole >= 0.9


def column_of(at: int, text: str, cells: Sequence[GridCell], step: int = 1) -> Column:
    """A column by its heading and its cells.

    Parameters
    ----------
    at : int
        Where it stands, from 0.
    text : str
        Its heading.
    cells : sequence of cells
        Its cells, or one of each so many.
    step : int
        Of how many rows one is looked at.

    Examples
    --------
    >>> column_of(0, "No", ["1", "2", "3"]).in_order, column_of(1, "died", ["1988-07-30", "n/k"]).looks_like_dates
    (True, True)
    """
    filled = [cell for cell in cells if cell is not None and not is_missing(cell_text(cell))]
    n = max(1, len(filled))
    plain = [normalise(cell_text(cell)) if not isinstance(cell, datetime.date) else "" for cell in filled]
    numbers = [int(text) for text in plain if text.isdigit() and len(text) <= 15]
    dates = sum(1 for cell in filled if isinstance(cell, datetime.date) or _DATE.search(_digits(cell_text(cell))))
    ordered = len(numbers) >= 0.6 * n and len(set(numbers)) == len(numbers) and numbers == sorted(numbers)
    return Column(
        at,
        heading_of(text),
        len(filled),
        dates / n,
        len(numbers) / n,
        ordered and bool(numbers) and numbers[-1] - numbers[0] <= 2 * step * len(numbers) + 10,
        step == 1 and len(numbers) >= 0.6 * n and _start_again(numbers),
        sum(1 for text in plain if text.isdigit() and len(text) >= 8) / n,
        sum(1 for number in numbers if number <= _MOST_PEOPLE) / n,
        script_of(" ".join(plain[:200])),
    )


def _start_again(numbers: Sequence[int]) -> bool:
    steps = list(pairwise(numbers))
    n_up = sum(after == before + 1 for before, after in steps)
    return numbers[:1] == [1] and 2 * n_up >= len(steps) and all(b in {1, a + 1} for a, b in steps)


def _digits(text: str) -> str:
    return text if text.isascii() else "".join(str(int(c)) if c.isdecimal() else c for c in text)
