"""Records written once more, with the errors that a linkage found: what another list would have made of them.

Each copy is written by a list drawn at random, in a quality drawn by that list's share of bad records.  A field is
wrong with the probability of that list and quality, at a level drawn from the levels of its errors; a field that a
record of the list, drawn at random, does not give is not given.  Given and family name are exchanged with a probability
that is given.

A copy has no error that the fitted model does not know.  What is found of the copies is therefore an upper bound on
what is found of the records of real people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from estimation.linkage.fitted_errors import FittedErrors
from estimation.lists.days import Days
from estimation.lists.name_list import NameRecord, PersonName

__all__ = ["CopyWriter"]

_DAYS_OF_YEAR = 365
_PARTS = ("given", "father", "grandfather", "family")


@dataclass(frozen=True, slots=True)
class CopyWriter:
    """Writes copies of records.

    Parameters
    ----------
    errors : FittedErrors
        What a linkage learned of the lists.
    by_list : sequence of sequences of NameRecord
        The linkable records of each of those lists, whose gaps and values the copies have.
    exchanged : float
        Probability that given and family name are exchanged.
    """

    errors: FittedErrors
    by_list: Sequence[Sequence[NameRecord]]
    exchanged: float

    def copy(self, record: NameRecord, row: int, rng: np.random.Generator) -> NameRecord:
        """One copy of a record; it may have no name left.

        Parameters
        ----------
        record : NameRecord
            What is copied, its name as written.
        row : int
            The row of the copy.
        rng : Generator
            The only source of randomness.
        """
        place = int(rng.integers(len(self.errors.lists)))
        bad = int(rng.random() < self.errors.share_bad[place])
        own = self.by_list[place]
        gaps, other = own[int(rng.integers(len(own)))], own[int(rng.integers(len(own)))]
        levels = self._levels(place, bad, rng)
        name = _written_name(record, gaps, other, levels, rng)
        if name.given and name.family and rng.random() < self.exchanged:
            name = replace(name, given=name.family, family=name.given)
        age = record.age
        if age is not None and record.birth is None and (step := levels.get("birth year", levels.get("age", 0))):
            years = _step(step, rng)
            age = max(0, age[0] + years), max(0, age[1] + years)
        return NameRecord(
            row,
            (name,) if any(getattr(name, part) for part in _PARTS) else (),
            birth=_written_date(record.birth, gaps.birth, levels, "birth", rng),
            event=_written_date(record.event, gaps.event, levels, "event", rng),
            age=age if gaps.age is not None else None,
            places=_written_place(record, gaps, other, levels.get("place", 0), rng),
            sex=_written_sex(record, gaps, levels.get("sex", 0)),
            identifier=_written_identifier(record, gaps, other, levels.get("identifier", -1), rng),
        )

    def _levels(self, place: int, bad: int, rng: np.random.Generator) -> dict[str, int]:
        """The levels of the errors of one copy, by field; a field that is right has 0."""
        levels = {}
        for number, field in enumerate(self.errors.fields):
            wrong = rng.random() < self.errors.error_rates[place][number][bad]
            shares = np.array(self.errors.error_levels[number])
            levels[field] = int(rng.choice(4, p=shares / shares.sum())) if wrong and shares.sum() > 0 else 0
        return levels


def _step(level: int, rng: np.random.Generator) -> int:
    """Years by which a year is wrong at a level."""
    size = {1: 1, 2: int(rng.integers(2, 4)), 3: int(rng.integers(4, 21))}[level]
    return size if rng.random() < 1 / 2 else -size


def _misspelt(text: str, level: int, other: str, rng: np.random.Generator) -> str:
    """A text with one edit at level 1, two at level 2, and another one at level 3."""
    if level == 3:
        return other or text
    for _ in range(level):
        text = _with_an_edit(text, rng)
    return text


def _with_an_edit(text: str, rng: np.random.Generator) -> str:
    """A text with a letter more, less or another one, of the letters that it has and the one after them."""
    place, letter = int(rng.integers(len(text))), chr(ord(str(rng.choice(list(text)))) + int(rng.integers(2)))
    kind = int(rng.integers(3))
    if kind == 0 and len(text) > 1:
        return text[:place] + text[place + 1 :]
    if kind == 1 and letter != text[place]:
        return text[:place] + letter + text[place + 1 :]
    return text[:place] + letter + text[place:]


def _written_name(
    record: NameRecord, gaps: NameRecord, other: NameRecord, levels: dict[str, int], rng: np.random.Generator
) -> PersonName:
    """The name as written, with errors in its parts, without the parts that the list does not give."""
    parts = {}
    for part in _PARTS:
        text, not_given = getattr(record.names[0], part), not any(getattr(name, part) for name in gaps.names)
        if not_given or not text:
            parts[part] = ""
        elif levels.get(part, 0):
            parts[part] = _misspelt(text, levels[part], getattr(other.names[0], part), rng)
        else:
            parts[part] = text
    return PersonName(**parts)


def _written_date(
    days: Days | None, gap: Days | None, levels: dict[str, int], field: str, rng: np.random.Generator
) -> Days | None:
    """A date with its year or its day wrong; a year alone where the list gives no more."""
    if days is None or gap is None:
        return None
    year, day = levels.get(f"{field} year", 0), levels.get(f"{field} day", 0)
    first = days.first
    if days.n_days == 1:
        first = _wrong_day(first, day, rng)
    years = first.year + (_step(year, rng) if year else 0)
    moved = first.replace(year=min(max(years, date.min.year), date.max.year - 1), day=min(first.day, 28))
    if gap.n_days >= _DAYS_OF_YEAR:
        return Days.between(date(moved.year, 1, 1), date(moved.year + 1, 1, 1))
    if year or day:
        return Days.between(moved, moved + timedelta(days=days.n_days))
    return days


def _wrong_day(day: date, level: int, rng: np.random.Generator) -> date:
    """A day that is near at level 1, of the same month at level 2, of the same year at level 3."""
    if level == 1:
        near = day + timedelta(days=int(rng.choice([-2, -1, 1, 2])))
        return near if near.year == day.year else day.replace(day=day.day - 1 if day.day > 1 else 2)
    if level == 2:
        return day.replace(day=int(rng.integers(1, 29)))
    return date(day.year, 1, 1) + timedelta(days=int(rng.integers(_DAYS_OF_YEAR))) if level else day


def _written_place(
    record: NameRecord, gaps: NameRecord, other: NameRecord, level: int, rng: np.random.Generator
) -> tuple[str, ...]:
    if not record.places or not gaps.places:
        return ()
    elsewhere = other.places[0] if other.places else ""
    return (_misspelt(record.places[0], level, elsewhere, rng),) if level else record.places


def _written_sex(record: NameRecord, gaps: NameRecord, level: int) -> str:
    if not record.sex or not gaps.sex:
        return ""
    return {"f": "m", "m": "f"}[record.sex] if level else record.sex


def _written_identifier(
    record: NameRecord, gaps: NameRecord, other: NameRecord, level: int, rng: np.random.Generator
) -> str:
    if level < 0 or not record.identifier or not gaps.identifier:
        return ""
    return _misspelt(record.identifier, level, other.identifier, rng) if level else record.identifier
