"""What a study declares of a list of names: where it is, what its columns are, what it counts and whom it covers.

In a study each list is a table, and every key but ``file`` may be left out; what is not declared is found in the file,
or asked about::

    [lists.police]
    file = "police.xlsx"          beside the study file
    sheet = "Killed"              where several sheets hold people
    part = "PB"                   where one sheet holds several lists, told by how the identifier begins
    header = 5                    the row of the headings, as a spreadsheet numbers it
    columns = {given = "Name", father = "Father", family = "Surname", died = "Date of death", place = "City"}
    labels = {group = "Affiliation"}              what else of a record is used, for strata
    statuses = ["Confirmed", "Executed"]          which values of the status column are counted
    duplicate_free = true         nobody is on it twice
    version_of = "ministry"       another release of that list: both are one capture
    dates = {order = "day first", calendar = "gregorian", period = ["1981-01-01", "1990-12-31"], impossible = "year"}
    names = {order = "family first"}
    covers = {places = ["Tehran"], dates = ["1988-06-01", "1988-12-31"], who = "prisoners"}
    several = "split"             rows with several named people become one record each
    undecided = "missing"         what can be read in two ways is missing, with a note
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

__all__ = [
    "COLUMN_KEYS",
    "ColumnKey",
    "Covers",
    "DateRules",
    "DeclaredList",
    "ListDoor",
    "NameRules",
    "list_option",
]

ColumnKey: TypeAlias = Literal[
    "name",
    "given",
    "father",
    "grandfather",
    "mother",
    "family",
    "other_family",
    "alias",
    "other_script",
    "sex",
    "age",
    "born",
    "born_year",
    "born_month",
    "born_day",
    "died",
    "died_year",
    "died_month",
    "died_day",
    "place",
    "id",
    "number",
    "status",
    "notes",
]

COLUMN_KEYS: Mapping[ColumnKey, str] = {
    "name": "whole names, in one cell",
    "given": "given names",
    "father": "the father's name, or patronymic",
    "grandfather": "the grandfather's name",
    "mother": "the mother's name",
    "family": "family names",
    "other_family": "a second family name: the mother's, one before or by marriage",
    "alias": "another name of the person: alias, nickname, nom de guerre",
    "other_script": "the whole name in another script",
    "sex": "sex or gender",
    "age": "age at the event",
    "born": "date of birth",
    "born_year": "year of birth",
    "born_month": "month of birth",
    "born_day": "day of birth",
    "died": "date of the event that the list counts: death, killing, disappearance, arrest, finding",
    "died_year": "year of the event",
    "died_month": "month of the event",
    "died_day": "day of the event",
    "place": "place of the event",
    "id": "the list's own identifier of a person",
    "number": "how many people a row stands for",
    "status": "what became of the person",
    "notes": "notes, in which an age or a date of birth may stand",
}
"""Keys of ``columns``, with what each column holds."""

ListDoor: TypeAlias = Literal["python", "command line", "study"]
"""For whom messages name what can be declared."""


def _in_order(period: tuple[str, str]) -> tuple[str, str]:
    """Two days in ISO form, the first one first."""
    try:
        first, last = (date.fromisoformat(text) for text in period)
    except ValueError:
        raise ValueError("write two days of the Gregorian calendar, such as 1988-06-01 and 1988-12-31") from None
    if first > last:
        raise ValueError("it ends before it begins; write the first day first")
    return first.isoformat(), last.isoformat()


def _known_zone(zone: str) -> str:
    """A time zone that this computer knows."""
    try:
        return ZoneInfo(zone).key if zone else zone
    except (KeyError, OSError, ValueError):
        raise ValueError("there is no such time zone; write one such as Asia/Tehran") from None


Period = Annotated[tuple[str, str], AfterValidator(_in_order)]
"""First and last day, in ISO form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRules:
    """How the dates of a list are read, where its cells leave it open.

    Parameters
    ----------
    order : {"", "day first", "month first"}
        Which number comes first in ``7/8/1988``.
    calendar : {"", "gregorian", "solar", "islamic"}
        The calendar of dates that do not tell it.
    period : (str, str), optional
        First and last day that the list's events can have, in ISO form; two-digit years and missing ends go by it.
    year : int, optional
        The year of dates without one.
    impossible : {"refuse", "month", "year"}
        What becomes of a date that does not exist, such as 30 February: refused, or read as its month or its year.
    widen : tuple of {"1 January", "1 Farvardin", "day 15"}
        Days that stand for the whole year or month, where too many dates of a column are such a day.
    southern : bool, optional
        Whether seasons are those of the southern half of the earth.
    serials : {0, 1900, 1904}
        From which year numbers count days.
    zone : str
        The time zone of time stamps in universal time, such as ``"Asia/Tehran"``.
    old_style : {"as written", "either"}
        Whether Gregorian dates may be Julian ones.
    """

    order: Literal["", "day first", "month first"] = ""
    calendar: Literal["", "gregorian", "solar", "islamic"] = ""
    period: Period | None = None
    year: Annotated[int, Field(ge=1, le=2200)] | None = None
    impossible: Literal["refuse", "month", "year"] = "refuse"
    widen: tuple[Literal["1 January", "1 Farvardin", "day 15"], ...] = ()
    southern: bool | None = None
    serials: Literal[0, 1900, 1904] = 0
    zone: Annotated[str, AfterValidator(_known_zone)] = ""
    old_style: Literal["as written", "either"] = "as written"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRules:
    """How whole names of a list are read.

    Parameters
    ----------
    order : {"given first", "family first"}, optional
        What comes first in a whole name without a comma.
    """

    order: Literal["given first", "family first"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Covers:
    """Whom a list could have seen.

    Parameters
    ----------
    places : tuple of str
        Places; empty for all.
    dates : (str, str), optional
        First and last day of events, in ISO form.
    who : str
        Who could be on it, in words.
    """

    places: tuple[str, ...] = ()
    dates: Period | None = None
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredList:
    """What is declared of one list; what is not is found in its file, or asked about.

    Parameters
    ----------
    sheet : str, optional
        The sheet of a workbook.
    part : str, optional
        Of several lists in one sheet, how the identifiers of this one begin, or what the workbook calls it.
    header : int, optional
        The row of the headings, as a spreadsheet numbers it; the lower of two.
    encoding : str, optional
        The encoding of a text.
    columns : mapping of str to str
        Headings by what their columns hold (`estimation.lists.declared.COLUMN_KEYS`), or letters such as ``"column C"``
        where two columns have one heading.  Columns that are not named are still guessed; an empty heading says that
        the list has no such column.
    labels : mapping of str to str
        Headings of what else is wanted of a record, by label.
    carried : tuple of str, optional
        Headings of columns whose blank cells repeat the cell above.
    statuses : tuple of str, optional
        Values of the status column that are counted; all others are not.
    duplicate_free : bool
        Whether nobody is on it twice.
    version_of : str
        The list that this is another release of.
    dates : DateRules
        How dates are read.
    names : NameRules
        How names are read.
    covers : Covers
        Whom it could have seen.
    several : {"refuse", "split", "leave out"}
        What becomes of a row with several named people: asked about, one record each, or one that is not linked.
    age_zero : {"ask", "infant", "missing"}
        What an age of 0 without a date of birth means, where the list writes numbers such as -1 for an unknown age.
    undecided : {"refuse", "missing"}
        What becomes of a cell that can be read in two ways or not at all: the list is refused with every such row, or
        the cell is missing and a note names it.
    """

    sheet: str | None = None
    part: str | None = None
    header: Annotated[int, Field(ge=1)] | None = None
    encoding: str | None = None
    columns: Mapping[ColumnKey, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    carried: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    duplicate_free: bool = False
    version_of: str = ""
    dates: DateRules = field(default_factory=DateRules)
    names: NameRules = field(default_factory=NameRules)
    covers: Covers = field(default_factory=Covers)
    several: Literal["refuse", "split", "leave out"] = "refuse"
    age_zero: Literal["ask", "infant", "missing"] = "ask"
    undecided: Literal["refuse", "missing"] = "refuse"

    @property
    def given(self) -> Mapping[str, object]:
        """What is declared, by its key."""
        empty = DeclaredList()
        return {
            f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != getattr(empty, f.name, None)
        }


def list_option(door: ListDoor, key: str, value: str | int) -> str:
    """How something is declared of a list at a door, ready to be copied.

    Examples
    --------
    >>> list_option("study", "dates.order", "day first")
    'dates.order = "day first"'
    >>> list_option("python", "dates.order", "day first"), list_option("python", "sheet", "Killed")
    ("dates={'order': 'day first'}", "sheet='Killed'")
    >>> print(list_option("command line", "dates.order", "day first"))
    --declare 'LIST: dates.order = "day first"'
    """
    if door != "python":
        written = f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
        return f"--declare 'LIST: {written}'" if door == "command line" else written
    outer, _, inner = key.partition(".")
    return f"{outer}={{{inner!r}: {value!r}}}" if inner else f"{outer}={value!r}"
