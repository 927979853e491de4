"""How the lists of a scenario write their people down by name: scripts, calendars, and an error rate for each kind.

The people are those of the scenario's table; nobody is on a list by name who is not on it in the table.  Besides, a
list may have people twice and bodies without a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from estimation.simulation.invented_names import Spelt
from estimation.toml_file import nearest

__all__ = ["COLUMNS", "Column", "NameWriting", "WrittenList", "name_file", "writing_problems"]

Column: TypeAlias = Literal[
    "number", "name", "given", "father", "family", "sex", "age", "born", "place", "date", "place code", "month code"
]

COLUMNS: Mapping[Literal["latin", "persian"], Mapping[Column, str]] = {
    "latin": {
        "number": "No.",
        "name": "Name",
        "given": "Given name",
        "father": "Father",
        "family": "Family name",
        "sex": "Sex",
        "age": "Age",
        "born": "Date of birth",
        "place": "Prison",
        "date": "Date of death",
        "place code": "Coded prison",
        "month code": "Coded month",
    },
    "persian": {
        "number": "ردیف",
        "name": "نام و نام خانوادگی",
        "given": "نام",
        "father": "نام پدر",
        "family": "نام خانوادگی",
        "sex": "جنسیت",
        "age": "سن",
        "born": "تاریخ تولد",
        "place": "زندان",
        "date": "تاریخ اعدام",
        "place code": "گروه زندان",
        "month code": "گروه ماه",
    },
}
"""The heading of each column that a list can have, by script."""

_RATES = ("other_spelling", "typo", "exchanged", "nickname", "twice", "wrong_day", "wrong_age")
_MONTH = re.compile(r"1[34]\d\d/(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenList:
    """How one list writes people down; rates are shares of its records, from 0 to 1.

    Parameters
    ----------
    list : str
        Its name in the scenario.
    script : {"latin", "persian"}
        The script of names and headings.
    calendar : {"gregorian", "solar"}
        The calendar of its dates.
    columns : tuple of str
        What it has a column for, in order.
    other_spelling : float
        Share of the parts of a name that are not in the usual spelling.
    typo : float
        Share of the parts of a name with a letter left out, put in, changed or exchanged.
    exchanged : float
        Share of records with given and family name exchanged.
    nickname : float
        Share of people with a nickname who are called by it.
    twice : float
        Share of its people who have a second record.
    wrong_day, wrong_age : float
        Shares of dates that are one to three days off, and of ages that are one or two years off.
    by_month, by_year : float
        Shares of dates of which only the month, or only the year, is known.
    missing : mapping of str to float
        Share of cells of a column that are empty; 0 for columns that are not named.
    unnamed : int
        Bodies without a name.  Unit: persons.
    """

    list: str
    script: Literal["latin", "persian"]
    calendar: Literal["gregorian", "solar"]
    columns: tuple[Column, ...]
    other_spelling: float = 0.0
    typo: float = 0.0
    exchanged: float = 0.0
    nickname: float = 0.0
    twice: float = 0.0
    wrong_day: float = 0.0
    wrong_age: float = 0.0
    by_month: float = 0.0
    by_year: float = 0.0
    missing: Mapping[str, float] = field(default_factory=dict)
    unnamed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWriting:
    """How the people of a scenario are called, and how each list writes them down.

    Parameters
    ----------
    first_month : str
        The Solar Hijri month of events whose label is the first of the months, such as ``1373/04``.
    place, month : str
        Which labels of the strata are the place and the month of the event.
    months : tuple of str
        Labels of consecutive months, in order.
    places : mapping of str to Spelt
        How each place is written, by its label.
    women, families : float
        Share of women, and of people with brothers and sisters among the others of their stratum.
    ages : (int, int)
        The youngest and the oldest age.
    lists : tuple of WrittenList
        Lists that are written by name, in the order of their files.
    """

    first_month: str
    place: str
    month: str
    months: tuple[str, ...]
    places: Mapping[str, Spelt]
    women: float = 0.3
    families: float = 0.15
    ages: tuple[int, int] = (18, 60)
    lists: tuple[WrittenList, ...] = ()


def name_file(list_name: str) -> str:
    """The file of a list of names.

    Examples
    --------
    >>> name_file("grave_sites")
    'synthetic_names_grave_sites.csv'
    """
    return f"synthetic_names_{list_name}.csv"


def writing_problems(
    writing: NameWriting, lists: Sequence[str], by: Sequence[str], strata: Sequence[Sequence[str]]
) -> list[str]:
    """What cannot be of the writing of names in a scenario with these lists and strata."""
    problems = [] if _MONTH.fullmatch(writing.first_month) else [f"first_month {writing.first_month!r} is no month"]
    for role, label in (("place", writing.place), ("month", writing.month)):
        if label not in by:
            problems.append(f"{role} = {label!r}: the strata are not made by it; {nearest(label, by or ['nothing'])}")
            continue
        known: Sequence[str] = tuple(writing.places) if role == "place" else writing.months
        used = sorted({stratum[list(by).index(label)] for stratum in strata})
        problems += [
            f"the {role} {value!r} of a stratum is not written; add it" for value in used if value not in known
        ]
    if not 0 < writing.ages[0] <= writing.ages[1] < 120:
        problems.append(f"ages are {writing.ages}; give the youngest and the oldest, between 1 and 119")
    shares = {"women": writing.women, "families": writing.families}
    problems += [
        f"{key} = {share}; it must lie between 0 and 1" for key, share in shares.items() if not 0 <= share <= 1
    ]
    names = [each.list for each in writing.lists]
    problems += [f"the list {name!r} is written twice" for name in sorted(set(names)) if names.count(name) > 1]
    for each in writing.lists:
        problems += [f"list {each.list!r}: {problem}" for problem in _list_problems(each, lists)]
    return [f"names: {problem}" for problem in problems]


def _no_shares(given: Mapping[str, float]) -> list[str]:
    return [f"{key} = {share}; it must lie between 0 and 1" for key, share in given.items() if not 0 <= share <= 1]


def _list_problems(written: WrittenList, lists: Sequence[str]) -> list[str]:
    problems = [] if written.list in lists else [f"there is no such list; {nearest(written.list, lists)}"]
    rates = {key: getattr(written, key) for key in (*_RATES, "by_month", "by_year")}
    rates |= {f"missing {column}": share for column, share in written.missing.items()}
    problems += _no_shares(rates)
    if written.by_month + written.by_year > 1:
        problems.append("by_month and by_year are more than all dates together; lower one")
    if len(set(written.columns)) < len(written.columns):
        problems.append("a column is there twice")
    if "name" not in written.columns and not {"given", "family"} <= set(written.columns):
        problems.append("its people have no name; give it the column name, or the columns given and family")
    absent = [column for column in written.missing if column not in written.columns]
    problems += [f"missing {column!r}: it has no such column; {nearest(column, written.columns)}" for column in absent]
    if written.unnamed < 0:
        problems.append(f"unnamed = {written.unnamed}; it cannot be fewer than 0")
    return problems
