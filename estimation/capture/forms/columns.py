"""One column of a sheet, looked at as a whole: its different cells, how often each stands there, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from estimation.capture.forms.cells import BLANK, NOT, ON, WRONG, coding_of, is_not_known, text_in, whole_in
from estimation.capture.sheets.sheet import Cell, Sheet

__all__ = ["Codes", "Column", "columns_of", "n_different", "rows_left"]

Codes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Parameters
    ----------
    name : str
        Its heading.
    words : tuple of str
        Its different cells, as text.
    at : int array, shape (rows,)
        Which of them stands in each row.
    yes : str or None
        The word that was declared to mean on the list.
    """

    name: str
    words: tuple[str, ...]
    at: npt.NDArray[np.intp]
    yes: str | None = None

    def text(self, row: int) -> str:
        """The cell in a row."""
        return self.words[int(self.at[row])]

    def texts(self) -> Iterator[str]:
        """The cells from top to bottom."""
        return (self.words[k] for k in self.at.tolist())

    @cached_property
    def codes(self) -> Codes:
        """What the cells say if the column is a list, shape (rows,)."""
        coding = coding_of(self.words, self.yes)
        return np.array([coding[word] for word in self.words] or [0], dtype=np.int8)[self.at]

    @cached_property
    def wholes(self) -> npt.NDArray[np.int64]:
        """Whole numbers, shape (rows,); -1 where a cell is none."""
        read = (whole_in(word) for word in self.words)
        return np.array([-1 if number is None else number for number in read] or [0], dtype=np.int64)[self.at]

    @cached_property
    def missing(self) -> npt.NDArray[np.bool_]:
        """Where nothing stands, or that it is not known, shape (rows,)."""
        flags = [not word or (is_not_known(word) and whole_in(word) is None) for word in self.words]
        return np.array(flags or [False], dtype=bool)[self.at]

    @cached_property
    def stated(self) -> tuple[str, ...]:
        """The different cells that say something."""
        return tuple(word for word in self.words if word and not (is_not_known(word) and whole_in(word) is None))

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.words)

    @cached_property
    def is_binary(self) -> bool:
        """Whether every cell says that somebody is on a list or not, is empty or not known, and one says something."""
        return bool((self.codes != WRONG).all() and (self.codes >= 0).any())

    @cached_property
    def is_mostly_binary(self) -> bool:
        """Whether most cells say that somebody is on a list or not."""
        good = int((self.codes >= 0).sum())
        return good > 0 and good >= int((self.codes == WRONG).sum())

    @cached_property
    def is_whole(self) -> bool:
        """Whether every cell that says something is a whole number, and some are above 1."""
        present = self.wholes[~self.missing]
        return bool(present.size and (present >= 0).all() and (present > 1).any())

    @cached_property
    def is_distinct(self) -> bool:
        """Whether no cell stands in two rows."""
        return len(self.words) == len(self.at)

    @cached_property
    def is_numbered(self) -> bool:
        """Whether it numbers the rows, from 0 or 1."""
        first = int(self.wholes[0]) if len(self.at) else -1
        return first in {0, 1} and bool((self.wholes == first + np.arange(len(self.at))).all())

    @property
    def says_not(self) -> bool:
        """Whether some cell says that somebody is not on the list."""
        return bool((self.codes == NOT).any())

    @property
    def is_marks_and_blanks(self) -> bool:
        """Whether there is only a mark for who is on the list, and empty cells."""
        return bool(np.isin(self.codes, (ON, BLANK)).all() and (self.codes == ON).any())


def n_different(rows: npt.NDArray[np.int8] | npt.NDArray[np.intp]) -> int:
    """How many different rows there are.

    Examples
    --------
    >>> n_different(np.array([[1, 0], [0, 1], [1, 0]]))
    2
    """
    if not rows.size:
        return min(len(rows), 1)
    whole = np.ascontiguousarray(rows)
    return len(set(whole.view(np.dtype((np.void, whole.itemsize * whole.shape[1]))).ravel().tolist()))


def _column(name: str, texts: Sequence[str], yes: str | None) -> Column:
    places = {text: k for k, text in enumerate(dict.fromkeys(texts))}
    at = np.fromiter(map(places.__getitem__, texts), dtype=np.intp, count=len(texts))
    return Column(name, tuple(places), at, yes)


def columns_of(sheet: Sheet, yes: str | None = None) -> list[Column]:
    """The columns of a sheet; with a declared word for on the list, in those columns that use it or its opposite."""
    found = [_column(name, _texts(cells), None) for name, cells in zip(sheet.names, sheet.columns, strict=True)]
    if yes is None:
        marks = {word for column in found if column.is_marks_and_blanks for word in column.stated}
        return [
            replace(column, yes=column.stated[0]) if len(column.stated) == 1 and column.stated[0] in marks else column
            for column in found
        ]
    using = {word for column in found if yes in column.stated and len(column.stated) <= 2 for word in column.stated}
    return [
        Column(column.name, column.words, column.at, yes if column.stated and set(column.stated) <= using else None)
        for column in found
    ]


def _texts(cells: Sequence[Cell]) -> list[str]:
    known = {cell: text_in(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def rows_left(sheet: Sheet, left: npt.NDArray[np.intp]) -> Sheet:
    """Some rows of a sheet, each still knowing where it stood."""
    places = left.tolist()
    columns: list[Sequence[Cell]] = [[column[i] for i in places] for column in sheet.columns]
    name = sheet.row_name
    return replace(sheet, columns=columns, row_name=lambda i: name(places[i]))
