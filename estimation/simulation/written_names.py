"""Raw name lists of a scenario's people, as files hold them, and the truth beside them.

Who is on which lists is the scenario's table: every person of it gets a name, a father, an age and a day, brothers and
sisters some of them in common, and each list that the person is on writes them down in its own way
(`estimation.simulation.name_writing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.lists.calendars import days_of, in_calendar, month_name
from estimation.simulation.invented_names import Spelt, draw_family, draw_given
from estimation.simulation.name_spelling import in_digits, solar_month, spelt
from estimation.simulation.name_writing import COLUMNS, Column, NameWriting, WrittenList

__all__ = ["TRUTH_COLUMNS", "NamedPerson", "NamedStratum", "WrittenNames", "write_names"]

TRUTH_COLUMNS = ("list", "row", "person", "kind")
"""Of the truth: a list, a row of its file as a spreadsheet numbers it, whose record it is, and what kind of record."""

_UNNAMED = {"latin": ("Unknown", "N.N.", "unidentified body"), "persian": ("ناشناس", "نامعلوم", "مجهول الهویه")}


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """One invented person.

    Parameters
    ----------
    number : int
        Unlike everybody else's, 1 the first.
    given, father, family : Spelt
        The name.
    age : int
        Completed years on the day of the event.
    day : int
        The day of the event (`datetime.date.toordinal`).
    labels : tuple of str
        Of the stratum.
    on : tuple of bool, length J
        On which lists of the scenario the person is.
    """

    number: int
    given: Spelt
    father: Spelt
    family: Spelt
    age: int
    day: int
    labels: tuple[str, ...]
    on: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class NamedStratum:
    """People of one stratum who are on a list.

    Parameters
    ----------
    labels : tuple of str
        Its labels.
    table : CaptureTable
        Those people, by the lists that they are on.
    """

    labels: tuple[str, ...]
    table: CaptureTable


@dataclass(frozen=True, slots=True)
class WrittenNames:
    """Name lists as their files hold them, and whose record each row is.

    Parameters
    ----------
    people : tuple of NamedPerson
        Everybody who is on a list.
    files : mapping of str to tuple of rows
        By list the headings and the rows below them.
    truth : tuple of rows
        For each row its list, its number in the file, the number of the person (None for a body without a name) and
        ``person`` or ``unnamed``.
    """

    people: tuple[NamedPerson, ...]
    files: Mapping[str, tuple[tuple[str, ...], ...]]
    truth: tuple[tuple[str, int, int | None, str], ...]


def write_names(
    writing: NameWriting,
    lists: Sequence[str],
    by: Sequence[str],
    strata: Sequence[NamedStratum],
    *,
    rng: np.random.Generator,
) -> WrittenNames:
    """The people of some strata by name, as their lists write them down.

    Parameters
    ----------
    writing : NameWriting
        How people are called, and how each list writes them down.
    lists : sequence of str, length J
        Lists of the scenario.
    by : sequence of str
        What the strata are made by.
    strata : sequence of NamedStratum
        Who is on which lists.
    rng : Generator
        The only source of randomness.
    """
    people: list[NamedPerson] = []
    for stratum in strata:
        people += _people(stratum, len(people), writing, by, rng)
    files, truth = {}, []
    for written in writing.lists:
        at = list(lists).index(written.list)
        own = [person for person in people if person.on[at]]
        own += [person for person in own if rng.random() < written.twice]
        records: list[NamedPerson | None] = [*own, *[None] * written.unnamed]
        records = [records[place] for place in rng.permutation(len(records))]
        rows = [tuple(COLUMNS[written.script][column] for column in written.columns)]
        for number, person in enumerate(records, 1):
            cells = _Cells(written, writing, list(by), rng).of(person or _somebody(people, rng), number, person is None)
            rows.append(tuple(cells[column] for column in written.columns))
            kind = "unnamed" if person is None else "person"
            truth.append((written.list, number + 1, None if person is None else person.number, kind))
        files[written.list] = tuple(rows)
    return WrittenNames(tuple(people), files, tuple(truth))


def _somebody(people: Sequence[NamedPerson], rng: np.random.Generator) -> NamedPerson:
    """Where and about when a body without a name was found is where and when somebody else died."""
    return people[int(rng.integers(len(people)))]


def _people(
    stratum: NamedStratum, before: int, writing: NameWriting, by: Sequence[str], rng: np.random.Generator
) -> Iterator[NamedPerson]:
    """The people of a stratum, some of them brothers and sisters of the one before."""
    histories = np.repeat(stratum.table.patterns, stratum.table.counts, axis=0)
    first, last = _month(stratum.labels[list(by).index(writing.month)], writing)
    father, family = draw_given(rng, "m"), draw_family(rng)
    used: set[Spelt] = set()
    for number, history in enumerate(histories[rng.permutation(len(histories))].tolist(), before + 1):
        if rng.random() >= writing.families:
            father, family, used = draw_given(rng, "m"), draw_family(rng), set()
        given = _unused(used, "f" if rng.random() < writing.women else "m", rng)
        used.add(given)
        yield NamedPerson(
            number,
            given,
            father,
            family,
            age=int(rng.integers(writing.ages[0], writing.ages[1] + 1)),
            day=int(rng.integers(first, last)),
            labels=stratum.labels,
            on=tuple(bool(seen) for seen in history),
        )


def _unused(used: set[Spelt], sex: str, rng: np.random.Generator) -> Spelt:
    while (given := draw_given(rng, sex)) in used:
        pass
    return given


def _month(label: str, writing: NameWriting) -> tuple[int, int]:
    """The days of the month of a label."""
    year, month = (int(part) for part in writing.first_month.split("/"))
    months = year * 12 + month - 1 + writing.months.index(label)
    return days_of("solar", months // 12, months % 12 + 1)


@dataclass(frozen=True, slots=True)
class _Cells:
    """How one list writes one record."""

    written: WrittenList
    writing: NameWriting
    by: list[str]
    rng: np.random.Generator

    def of(self, person: NamedPerson, number: int, unnamed: bool) -> dict[Column, str]:
        """The cell of each column."""
        script = self.written.script
        names = {role: self._name(getattr(person, role), role) for role in ("given", "father", "family")}
        if self.rng.random() < self.written.exchanged:
            names["given"], names["family"] = names["family"], names["given"]
        place, month = (person.labels[self.by.index(label)] for label in (self.writing.place, self.writing.month))
        dated, has_month = self._date(person.day)
        cells: dict[Column, str] = {
            "number": in_digits(str(number), script),
            "given": names["given"],
            "father": names["father"],
            "family": names["family"],
            "name": f"{names['given']} {names['family']}",
            "sex": self._sex(person.given.sex),
            "age": self._age(person.age),
            "born": self._born(person),
            "place": spelt(self.writing.places[place], script, self.written.other_spelling, 0.0, self.rng),
            "date": dated,
            "place code": place,
            "month code": month,
        }
        if unnamed:
            word = _UNNAMED[script][int(self.rng.integers(len(_UNNAMED[script])))]
            roles: tuple[Column, ...] = ("given", "father", "family", "age", "born")
            cells |= dict.fromkeys(roles, "") | {"name": word}
            cells["given"] = "" if "name" in self.written.columns else word
        for column, share in self.written.missing.items():
            if self.rng.random() < share and not (unnamed and column in ("name", "given")):
                cells[column] = ""  # type: ignore[index]
        if not (cells["date"] and has_month):
            cells["month code"] = ""
        return cells

    def _name(self, name: Spelt, role: str) -> str:
        if role == "given" and name.nickname and self.rng.random() < self.written.nickname:
            name = Spelt(name.persian_nickname, (name.nickname,))
        return spelt(name, self.written.script, self.written.other_spelling, self.written.typo, self.rng)

    def _sex(self, sex: str) -> str:
        words = {"latin": {"m": "male", "f": "female"}, "persian": {"m": "مرد", "f": "زن"}}
        return words[self.written.script][sex]

    def _age(self, age: int) -> str:
        if self.rng.random() < self.written.wrong_age:
            age += int(self.rng.choice([-2, -1, 1, 2]))
        return in_digits(str(age), self.written.script)

    def _born(self, person: NamedPerson) -> str:
        """The year of birth, in the list's calendar."""
        year = date.fromordinal(person.day).year - person.age
        solar = in_calendar("solar", person.day)[0] - person.age
        return in_digits(str(solar if self.written.calendar == "solar" else year), self.written.script)

    def _date(self, day: int) -> tuple[str, bool]:
        """The day of the event, or only its month or its year, and whether the month is among it."""
        if self.rng.random() < self.written.wrong_day:
            day += int(self.rng.choice([-3, -2, -1, 1, 2, 3]))
        exactness, solar = self.rng.random(), self.written.calendar == "solar"
        year, month, of_month = in_calendar("solar" if solar else "gregorian", day)
        if exactness < self.written.by_year:
            return in_digits(str(year), self.written.script), False
        if self.written.script == "persian":
            words = solar_month(month) if solar else f"{month:02d}"
            if exactness < self.written.by_year + self.written.by_month:
                return in_digits(f"{words} {year}" if solar else f"{year}/{words}", "persian"), True
            return in_digits(f"{year}/{month:02d}/{of_month:02d}", "persian"), True
        word = month_name("solar" if solar else "gregorian", month)
        if exactness < self.written.by_year + self.written.by_month:
            return f"{word} {year}", True
        return f"{of_month} {word} {year}", True
