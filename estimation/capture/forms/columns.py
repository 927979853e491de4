"""One column of a sheet, looked at as a whole: its different cells, how often each stands there, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress, count

import numpy as np
import numpy.typing as npt

from estimation.capture.forms.cells import (
    BLANK,
    ON,
    USUAL_WORDS,
    WRONG,
    coding_of,
    is_not_known,
    text_in,
    whole_in,
)
from estimation.capture.sheets.sheet import Cell, Sheet

__all__ = ["Codes", "Column", "columns_of", "n_different", "rows_left"]

Codes = npt.NDArray[np.int8]

_FIRST = 10
_MANY_DIFFERENT = 10_000  # different cells: a column with more is no list


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
        coded = np.full(max(len(self.words), 1), WRONG, dtype=np.int8)
        coding = coding_of([self.words[k] for k in self._of_lists], self.yes)
        coded[self._of_lists] = list(coding.values())  # in the order of the words
        return coded[self.at]

    @cached_property
    def wholes(self) -> npt.NDArray[np.int64]:
        """Whole numbers, shape (rows,); -1 where a cell is none."""
        read = (whole_in(word) for word in self.words)
        return np.array([-1 if number is None else number for number in read] or [0], dtype=np.int64)[self.at]

    @cached_property
    def missing(self) -> npt.NDArray[np.bool_]:
        """Where nothing stands, or that it is not known, shape (rows,)."""
        return np.append(self._nothing, False)[self.at]

    @cached_property
    def stated(self) -> tuple[str, ...]:
        """The different cells that say something."""
        return tuple(compress(self.words, ~self._nothing))

    @cached_property
    def _nothing(self) -> npt.NDArray[np.bool_]:
        """Whether each of the different cells is empty, or says that something is not known."""
        flags = np.zeros(len(self.words), dtype=bool)
        for k in self._of_lists:
            flags[k] = not self.words[k] or (is_not_known(self.words[k]) and whole_in(self.words[k]) is None)
        return flags

    @cached_property
    def _of_lists(self) -> list[int]:
        """The different cells that can be said of a list: all of them, where they are not very many.

        Where they are, as in a column of identifiers, those that stand in several rows, those that are a usual word,
        and the first, as one of the others.
        """
        if len(self.words) <= _MANY_DIFFERENT:
            return list(range(len(self.words)))
        usual = np.fromiter((word in USUAL_WORDS for word in self.words), dtype=bool, count=len(self.words))
        usual |= np.bincount(self.at, minlength=len(self.words)) > 1
        usual[0] = True
        return np.flatnonzero(usual).tolist()

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
        if any(whole_in(word) is None for word in self.stated[:_FIRST]):
            return False  # known without a look at a million identifiers
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


def _column(name: str, cells: Sequence[Cell]) -> Column:
    texts = {cell: text_in(cell) for cell in dict.fromkeys(cells)}  # each different cell is looked at once
    places = dict(zip(dict.fromkeys(texts.values()), count(), strict=False))
    place = {cell: places[text] for cell, text in texts.items()}
    at = np.fromiter(map(place.__getitem__, cells), dtype=np.intp, count=len(cells))
    return Column(name, tuple(places), at)


def columns_of(sheet: Sheet, yes: str | None = None) -> list[Column]:
    """The columns of a sheet; with a declared word for on the list, in those columns that use it or its opposite."""
    found = [_column(name, cells) for name, cells in zip(sheet.names, sheet.columns, strict=True)]
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


def rows_left(sheet: Sheet, left: npt.NDArray[np.intp]) -> Sheet:
    """Some rows of a sheet, each still knowing where it stood."""
    places = left.tolist()
    columns: list[Sequence[Cell]] = [[column[i] for i in places] for column in sheet.columns]
    name = sheet.row_name
    return replace(sheet, columns=columns, row_name=lambda i: name(places[i]))
