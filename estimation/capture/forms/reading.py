"""A sheet that is being read: its columns, what each was taken for, and questions where two readings are possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NoReturn, Protocol, TypeAlias

from estimation.capture.declared import ColumnRole, Declared, Door, option
from estimation.capture.forms.columns import Codes, Column, columns_of
from estimation.capture.sheets.sheet import Sheet
from estimation.capture.table import IntArray
from estimation.errors import TableError, UndecidedTableError
from estimation.toml_file import nearest

__all__ = ["Reading", "Rows", "listed", "people"]

Keys: TypeAlias = Mapping[str, str | int | bool | Sequence[str]]
"""What one answer to a question declares: keys of `Declared`."""

_NAMED = 8


class Outcome(Protocol):
    """What a way of reading a sheet gives."""

    @property
    def people_on_lists(self) -> str:
        """How many people, on which lists."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A sheet as rows, each a number of people and what is said of them list by list.

    Parameters
    ----------
    lists : tuple of str
        Names of the lists.
    codes : int array, shape (rows, lists)
        What each row says of each list (`estimation.capture.forms.cells`).
    count : Column or None
        The number of people of each row; None where each row is one person.
    row_name : callable
        How a reader finds a row again.
    text : callable
        What stands in the sheet for a row and a list.
    labels : int array, shape (rows, L), optional
        What each row says of each label that was declared (`estimation.capture.forms.labels`).
    """

    lists: tuple[str, ...]
    codes: Codes
    count: Column | None
    row_name: Callable[[int], str]
    text: Callable[[int, int], str] = lambda row, place: ""
    labels: IntArray | None = None


@dataclass(frozen=True)
class Reading:
    """A sheet that is being read.

    Parameters
    ----------
    sheet : Sheet
        Its cells.
    declared : Declared
        What is declared about its columns.
    door : {"python", "command line", "study"}
        Where a message is read.
    again : callable
        Reads the sheet from its beginning with other declarations, and asks nothing.
    may_ask : bool
        Whether a question tries its answers; not while one is tried.
    notes : list of str
        What its owner should know.
    roles : dict of int to ColumnRole
        What each column was taken for.
    strata : tuple of str
        The columns that say where, when or who people were, where the table is wanted by strata.
    """

    sheet: Sheet
    declared: Declared
    door: Door
    again: Callable[[Declared], Outcome]
    may_ask: bool = True
    notes: list[str] = field(default_factory=list)
    roles: dict[int, ColumnRole] = field(default_factory=dict)
    strata: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> list[Column]:
        """The columns of the sheet."""
        return columns_of(self.sheet, self.declared.yes)

    @property
    def n_rows(self) -> int:
        """Rows below the heading."""
        return self.sheet.n_rows

    def name(self, place: int) -> str:
        """The heading of a column."""
        return self.sheet.names[place]

    def take(self, places: int | Iterable[int], role: str, why: str) -> None:
        """Say what columns were taken for."""
        for place in (places,) if isinstance(places, int) else places:
            self.roles[place] = ColumnRole(self.name(place), role, why)

    @property
    def free(self) -> list[int]:
        """Columns of which nothing is known yet."""
        return [place for place in range(len(self.sheet.names)) if place not in self.roles]

    def place(self, name: str, what: str) -> int:
        """Where the column is that was declared, by its name with or without its mark.

        Raises
        ------
        TableError
            When there is none, or more than one.
        """
        names = self.sheet.names
        heading = name if name in names else f"in_{name}"
        if heading not in names:
            known = [known for known in names if known]
            self.refuse(f"there is no column {name!r} to take as {what}; {nearest(name, known)}")
        if names.count(heading) > 1:
            self.refuse(f"the column name {heading!r} is used more than once; give each column its own name")
        return names.index(heading)

    def refuse(self, *problems: str) -> NoReturn:
        """Say what is wrong with the sheet."""
        raise TableError(self.sheet.source, problems)

    def option(self, key: str, value: str | int | bool | Sequence[str]) -> str:
        """How something is declared where the message is read."""
        return option(self.door, key, value)

    def also_ignored(self, places: Iterable[int]) -> Keys:
        """The declaration that some more columns are set aside."""
        return {"ignore": (*self.declared.ignore, *(self.name(place) for place in places))}

    def ask(self, question: str, answers: Sequence[Keys]) -> NoReturn:
        """Refuse a sheet that can be read in several ways, with what each counts and how it is chosen."""
        if not self.may_ask:
            raise UndecidedTableError(self.sheet.source, [question])
        ways = []
        for keys in answers:
            how = " and ".join(self.option(key, value) for key, value in keys.items())
            ways.append(f"\n     {how}: {self._what_it_gives(keys)}")
        raise UndecidedTableError(self.sheet.source, [f"{question}; say which:{''.join(ways)}"])

    def _what_it_gives(self, keys: Keys) -> str:
        try:
            return self.again(replace(self.declared, **keys)).people_on_lists  # type: ignore[arg-type]  # keys of it
        except UndecidedTableError as further:
            return f"with one more choice, {further.problems[0]}"
        except TableError as error:
            more = f" and {len(error.problems) - 1} more problems" if len(error.problems) > 1 else ""
            return f"refused, {error.problems[0]}{more}"


def people(number: int, verb: str = "") -> str:
    """A number of people in words.

    Examples
    --------
    >>> people(1, "is"), people(1_200, "is"), people(3)
    ('1 person is', '1,200 people are', '3 people')
    """
    plural = {"is": "are", "was": "were"}.get(verb, verb)
    return f"{number:,} {'person' if number == 1 else 'people'}{' ' * bool(verb)}{verb if number == 1 else plural}"


def listed(names: Iterable[str], most: int = _NAMED) -> str:
    """Names with commas between them, the first of them where there are many.

    Examples
    --------
    >>> listed(["A", "B", "C"], most=2)
    'A, B and 1 more'
    """
    given = list(names)
    more = f" and {len(given) - most} more" if len(given) > most else ""
    return ", ".join(given[:most]) + more
