"""What the owner of a file says about its columns, and how that is written at each door of the program."""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias

__all__ = ["SEPARATORS", "ColumnRole", "Declared", "Door", "Labels", "Layout", "comma_separated", "option"]

Door: TypeAlias = Literal["python", "command line", "study"]
"""Where a table is read for: a call in Python, the command line, or a study file's ``[columns]``."""

SEPARATORS: Mapping[str, str] = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "vertical bar",
    "،": "Arabic comma",
    "؛": "Arabic semicolon",
    "，": "fullwidth comma",
    "；": "fullwidth semicolon",
    " ": "blank",
}
"""What stands between the columns of a text, and its name in a sentence; a blank stands for runs of blanks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What is declared about how a text or sheet is laid out, as in `Declared`.

    Parameters
    ----------
    separator : str, optional
        What stands between the columns of a text: its character, or its name (`SEPARATORS`).
    header : int or "none", optional
        The line of a text or the row of a sheet that holds the headings, from 1, or that none does.
    decimal : str, optional
        The decimal mark in the numbers of a text: ``.`` or ``,``.
    """

    separator: str | None = None
    header: int | str | None = None
    decimal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What is declared about the columns of a file; what is not declared is found in the file, or asked about.

    Parameters
    ----------
    lists : tuple of str, optional
        The columns that are lists.
    count : str, optional
        The column with the number of people of each row.
    id : str, optional
        The column that tells people apart.
    ignore : tuple of str
        Columns that say nothing about who was seen by which list.
    drop_lists : tuple of str
        Lists that are left out, with the people who are on no other list.
    history : str, optional
        The column of capture histories such as ``1101``.
    source : str, optional
        Of one row a person and source: the column that names the source.
    na : {0}, optional
        What N/A, NA and "unknown" in the column of a list mean: 0 for not on the list.
    blank : {0}, optional
        What an empty cell in the column of a list means: 0 for not on the list.
    merge_repeated : bool
        Whether rows with the same identifier are one person, on every list that any of the rows has.
    allow_twins : bool
        Whether two lists may hold exactly the same people.
    replicate : str, optional
        Of several tables in one file, told apart by a column such as ``replicate``: which one.
    sheet : str, optional
        The sheet of a workbook.
    encoding : str, optional
        The encoding of a text that is not UTF-8 and does not say what it is.
    yes : str, optional
        Of two words that are used for on the list and not: the one that means on the list.
    separator : str, optional
        What stands between the columns of a text: its character, or its name: ``comma``, ``semicolon``, ``tab``,
        ``blank`` (any number of them), ``vertical bar``.
    header : int or "none", optional
        Where the headings stand: the line of a text or the row of a sheet, counted from 1 as an editor or a
        spreadsheet counts them; what stands above is not read.  With ``"none"`` no row holds headings: every row is
        read, and the columns are called ``column 1``, ``column 2`` ...
    decimal : str, optional
        The decimal mark in the numbers of a text: ``.`` or ``,``.
    keep_totals : bool
        Whether a row that reads like the sums of the other rows is people like every other row.
    """

    lists: tuple[str, ...] | None = None
    count: str | None = None
    id: str | None = None
    ignore: tuple[str, ...] = ()
    drop_lists: tuple[str, ...] = ()
    history: str | None = None
    source: str | None = None
    na: Literal[0] | None = None
    blank: Literal[0] | None = None
    merge_repeated: bool = False
    allow_twins: bool = False
    replicate: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    yes: str | None = None
    separator: str | None = None
    header: int | str | None = None
    decimal: str | None = None
    keep_totals: bool = False

    @property
    def layout(self) -> Layout:
        """How the text or sheet is laid out, as far as that is declared."""
        return Layout(separator=self.separator, header=self.header, decimal=self.decimal)

    @property
    def given(self) -> Mapping[str, str | int | bool | Sequence[str]]:
        """What is declared, by its key; nothing of what is left to be found in the file."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}


@dataclass(frozen=True, slots=True)
class Labels:
    """The columns that say where, when or who people were, and what is declared about them.

    Parameters
    ----------
    names : tuple of str
        The columns.
    sets : mapping of str to mapping of str to sequence of str
        By column, the texts that stand for one of several values, as in `StratifiedTable`.
    covers : mapping of str to mapping of str to sequence of str
        By list and column, the values that the list could have seen, where it could not have seen all.
    """

    names: tuple[str, ...] = ()
    sets: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    covers: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnRole:
    """What a column of a file was taken for, and why.

    Parameters
    ----------
    name : str
        Its heading; empty where it has none.
    role : str
        ``list``, ``count``, ``id``, ``label``, ``history``, ``source``, ``row names``, ``number of lists``,
        ``replicate``, ``dropped list`` or ``set aside``.
    why : str
        What it was known by.
    """

    name: str
    role: str
    why: str


def comma_separated(names: Sequence[str]) -> str:
    """Names as one text with commas between them; a name with a comma or a quotation mark in it is quoted, as in CSV.

    Examples
    --------
    >>> print(comma_separated(["police", "press, foreign"]))
    police,"press, foreign"
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(names)
    return text.getvalue()


def option(door: Door, key: str, value: str | int | bool | Sequence[str]) -> str:
    """How something is declared at a door, ready to be copied.

    Parameters
    ----------
    door : {"python", "command line", "study"}
        Where the reader is.
    key : str
        A field of `Declared`.
    value : str, int, bool or sequence of str
        Its value.

    Examples
    --------
    >>> option("python", "drop_lists", ["press"])
    "drop_lists=['press']"
    >>> option("command line", "lists", ["police", "the press"])
    '--lists "police,the press"'
    >>> option("study", "lists", ["police", "press"])
    'lists = ["police", "press"] under [columns]'
    """
    if door == "python":
        return f"{key}={value!r}" if isinstance(value, str | int) else f"{key}={list(value)!r}"
    if door == "study":
        written = list(value) if not isinstance(value, str | int) else value
        return f"{key} = {json.dumps(written, ensure_ascii=False)} under [columns]"
    flag = f"--{key.replace('_', '-')}"
    if value is True:
        return flag
    text = str(value) if isinstance(value, str | int) else comma_separated(value)
    if set(text) <= _PLAIN:
        return f"{flag} {text}"
    return f"{flag} {shlex.quote(text)}" if set(text) & set('"$`\\!') else f'{flag} "{text}"'


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_,.=+-")
