"""The columns of a name list: the heading of each, what its cells look like, and which one holds what."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from estimation.capture.sheets.grid import GridCell
from estimation.lists.declared import ColumnKey
from estimation.lists.headings import Heading, heading_of
from estimation.lists.layout import cell_text
from estimation.lists.name_words import is_missing
from estimation.lists.normal import normalise, script_of
from estimation.toml_file import brief, nearest

__all__ = ["Column", "ColumnMap", "by_letter", "column_of", "letters_of", "place_called"]

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


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column holds what.

    Parameters
    ----------
    headings : tuple of str
        All headings.
    places : mapping of ColumnKey to int
        Columns by what they hold, from 0.
    why : mapping of ColumnKey to str
        What each was known by.
    event : str
        What happened on the date of the event: ``"death"``, ``"arrest"``, ...; ``"date"`` where it is not told.
    other_families, other_scripts, aliases, middles, notes, ids : tuple of int
        Further columns of these kinds.
    row_numbers : frozenset of int
        Columns of numbers of rows.
    family_first : bool, optional
        Whether the heading of whole names says that the family name comes first; None where it does not say.
    until : int, optional
        The column of the latest date, where that of the event is the earliest one.
    with_place : frozenset of ColumnKey
        Dates in whose cells a place stands, too.
    questions : tuple of str
        What has two readings.
    """

    headings: tuple[str, ...]
    places: Mapping[ColumnKey, int]
    why: Mapping[ColumnKey, str]
    event: str = ""
    other_families: tuple[int, ...] = ()
    other_scripts: tuple[int, ...] = ()
    aliases: tuple[int, ...] = ()
    middles: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()
    ids: tuple[int, ...] = ()
    row_numbers: frozenset[int] = frozenset()
    family_first: bool | None = None
    until: int | None = None
    with_place: frozenset[ColumnKey] = frozenset()
    questions: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[int]:
        """Columns that hold names of the person or parts of them."""
        keys: tuple[ColumnKey, ...] = ("name", "given", "family")
        return frozenset(self.places[key] for key in keys if key in self.places)

    @property
    def used(self) -> frozenset[int]:
        """Columns that hold something that is read, or numbers of rows."""
        until = () if self.until is None else (self.until,)
        further = (*self.other_families, *self.other_scripts, *self.aliases, *self.middles, *self.notes, *self.ids)
        return self.row_numbers | {*self.places.values(), *further, *until}

    @property
    def set_aside(self) -> tuple[str, ...]:
        """Headings of columns that are not used."""
        return tuple(text for at, text in enumerate(self.headings) if at not in self.used and text)


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


def letters_of(number: int) -> str:
    """A number from 0 in letters, as columns of a spreadsheet are counted.

    Examples
    --------
    >>> letters_of(0), letters_of(25), letters_of(26)
    ('a', 'z', 'aa')
    """
    rest, last = divmod(number, 26)
    return (letters_of(rest - 1) if rest else "") + chr(ord("a") + last)


def by_letter(place: int) -> str:
    """A column as a spreadsheet calls it.

    Examples
    --------
    >>> by_letter(0), by_letter(27)
    ('column A', 'column AB')
    """
    return f"column {letters_of(place).upper()}"


def place_called(text: str, headings: Sequence[str]) -> int | str:
    """The column that is called so, by its heading or by a letter where no heading is that; or why there is not one.

    Parameters
    ----------
    text : str
        A heading, or the letter as in ``"column C"``.
    headings : sequence of str
        All headings.

    Examples
    --------
    >>> place_called("given name", ["No", "Given  name"]), place_called("column C", ["No", "Name", "Name"])
    (1, 2)
    >>> place_called("Name", ["No", "Name", "Name"])
    "column B and column C are both called 'Name'; write one by its letter, such as 'column B'"
    """
    wanted = " ".join(text.split())
    known = [" ".join(heading.split()) for heading in headings]
    same = [at for at, heading in enumerate(known) if heading == wanted]
    same = same or [at for at, heading in enumerate(known) if normalise(heading) == normalise(text)]
    same = same or [at for at in range(len(known)) if by_letter(at).casefold() == wanted.casefold()]
    if len(same) == 1:
        return same[0]
    called = brief(wanted)
    if not same:
        return f"there is no column {called}; {nearest(wanted[:60], [heading for heading in known if heading])}"
    letters = " and ".join(map(by_letter, same))
    both = "both" if len(same) == 2 else "all"
    return f"{letters} are {both} called {called}; write one by its letter, such as {by_letter(same[0])!r}"
