r"""Invented families who died together, written down by clerks of uneven quality who misheard names.

The kind of world that no model of linkage was made for.  Nothing in it is an independent error of a field.

World
-----
- **Families.**  People belong to families of 1 to 7.  A family shares its family name, its home and the father's name
  of its children; a father is a member whose given name it is.  In six families of ten all die on one day in one place;
  in the others each has a day of their own within the same months.
- **Capture.**  The log odds of being on list j are :math:`a_j + u_{family} + v_{person}`, with standard deviations .6
  and .6: people and whole families differ in how easily any list reaches them.
- **Clerks.**  A list is written in batches of 10 to 40 records, each by a clerk with a share of careless records drawn
  from Beta(1, 3) and habits of their own: what calendar they turned dates from (which moves a day by one or two, or a
  year by one), whether they write the day before the month, what they leave out.  A careless record has several errors
  at once, a careful one hardly any.
- **Mishearing.**  A wrong name is the name as somebody hears it: sounds that are alike are exchanged by rule, endings
  are swallowed, a double name loses a half.  Seldom it is the name of another of the family.
- **Exchange.**  Some clerks write family and given name the other way round, in all their careless records.
- **Duplicates.**  Whoever is on a list is there again, by another clerk, with a probability of 0 to .08.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from estimation.capture.table import FloatArray
from estimation.lists.days import Days
from estimation.simulation.invented_names import PLACES, draw_family, draw_given
from estimation.simulation.misheard import misheard
from estimation.simulation.name_world import NameWorld, WrittenRecord, days_of_year, name_list_of
from estimation.work.seeds import RandomState, generator_of

__all__ = ["world_of_families"]

_CAPTURES = {"committee": -0.1, "hospital": -0.6, "press": -0.9, "register": -0.4}
_SPREAD_FAMILY, _SPREAD_PERSON = 0.6, 0.6
_TOGETHER = 0.6
_SIZES = (0.38, 0.22, 0.14, 0.11, 0.08, 0.05, 0.02)
_FIRST_DAY, _LAST_DAY = date(1991, 3, 1), date(1992, 2, 28)


@dataclass(frozen=True, slots=True)
class _Clerk:
    """Who wrote a batch of records, and how."""

    careless: float
    exchanges: bool
    calendar: int
    day_first: bool
    leaves_out: frozenset[str]


def world_of_families(n_total: int, *, rng: RandomState) -> NameWorld:
    """Four name lists of families, by clerks of uneven quality.

    Parameters
    ----------
    n_total : int
        N.  Unit: persons.
    rng : int, SeedSequence or Generator
        The only source of randomness.

    Examples
    --------
    >>> world = world_of_families(120, rng=1)
    >>> len(world.lists), world.n_people <= 120 < world.n_records
    (4, True)
    """
    generator = generator_of(rng)
    people, reached, kin = _population(n_total, generator)
    lists, persons = [], []
    for name, level in _CAPTURES.items():
        seen = generator.random(n_total) < 1 / (1 + np.exp(-(level + reached)))
        twice = seen & (generator.random(n_total) < generator.uniform(0, 0.08))
        order = generator.permutation(np.concatenate([np.flatnonzero(seen), np.flatnonzero(twice)]))
        written = _by_clerks([people[at] for at in order], kin, generator)
        lists.append(name_list_of(name, written))
        persons += [each.person for each in written]
    return NameWorld(tuple(lists), np.array(persons, dtype=np.int64), tuple(people))


def _population(n_total: int, rng: np.random.Generator) -> tuple[list[WrittenRecord], FloatArray, list[list[str]]]:
    """The people as they are, how easily each is reached, and the given names of the family of each."""
    people: list[WrittenRecord] = []
    reached: list[float] = []
    kin: list[list[str]] = []
    while len(people) < n_total:
        size = min(int(rng.choice(len(_SIZES), p=_SIZES)) + 1, n_total - len(people))
        family = _family(len(people), size, rng)
        people += family
        kin += [[each.given for each in family]] * size
        reached += (rng.normal(0, _SPREAD_FAMILY) + rng.normal(0, _SPREAD_PERSON, size)).tolist()
    return people, np.array(reached), kin


def _family(first: int, size: int, rng: np.random.Generator) -> list[WrittenRecord]:
    """The members of one family: a father, a mother, children; or one person alone."""
    name, place = draw_family(rng).latin[0], PLACES[int(rng.integers(len(PLACES)))].latin[0]
    father, died = draw_given(rng, "m").latin[0], _day_of_event(rng)
    together, members, used = rng.random() < _TOGETHER, [], {father}
    for at in range(size):
        parent = size > 1 and at < 2 and rng.random() < 0.5
        given = father if parent and at == 0 else _unused(used, rng)
        used.add(given)
        age = int(rng.integers(28, 60)) if parent or size == 1 else int(rng.integers(1, 30))
        born = date(died.year - age, 1, 1) + timedelta(days=int(rng.integers(365)))
        day = died if together else _near(died, rng)
        members.append(
            WrittenRecord(
                first + at,
                given=given,
                father=draw_given(rng, "m").latin[0] if parent or size == 1 else father,
                family=name,
                birth=_day(born),
                event=_day(day),
                place=place,
            )
        )
    return members


def _unused(used: set[str], rng: np.random.Generator) -> str:
    """A given name that nobody in the family has."""
    while (given := draw_given(rng, "m" if rng.random() < 0.6 else "f").latin[0]) in used:
        pass
    return given


def _day_of_event(rng: np.random.Generator) -> date:
    return _FIRST_DAY + timedelta(days=int(rng.integers((_LAST_DAY - _FIRST_DAY).days)))


def _near(day: date, rng: np.random.Generator) -> date:
    return day + timedelta(days=int(rng.integers(-60, 61)))


def _day(day: date) -> Days:
    return days_of_year(day.year, day.timetuple().tm_yday - 1)


def _by_clerks(
    people: Sequence[WrittenRecord], kin: Sequence[Sequence[str]], rng: np.random.Generator
) -> list[WrittenRecord]:
    """The records of a list, batch by batch, each by one clerk."""
    written: list[WrittenRecord] = []
    while len(written) < len(people):
        clerk = _clerk(rng)
        batch = people[len(written) : len(written) + int(rng.integers(10, 41))]
        written += [_written(person, kin[person.person], clerk, rng) for person in batch]
    return written


def _clerk(rng: np.random.Generator) -> _Clerk:
    return _Clerk(
        careless=float(rng.beta(1, 3)),
        exchanges=rng.random() < 0.15,
        calendar=int(rng.choice([0, 0, 0, 1, -1])),
        day_first=rng.random() < 0.8,
        leaves_out=frozenset(
            part for part, share in (("father", 0.2), ("birth day", 0.25), ("place", 0.05)) if rng.random() < share
        ),
    )


def _written(person: WrittenRecord, kin: Sequence[str], clerk: _Clerk, rng: np.random.Generator) -> WrittenRecord:
    """What a clerk writes of a person."""
    careless = rng.random() < clerk.careless
    heard, forgotten = (0.35, 0.15) if careless else (0.04, 0.03)

    def name(true: str) -> str:
        return misheard(true, rng) if rng.random() < heard else true

    given, father, family = name(person.given), name(person.father), name(person.family)
    if careless and rng.random() < 0.05:
        given = kin[int(rng.integers(len(kin)))]
    if careless and clerk.exchanges and rng.random() < 0.7:
        given, family = family, given
    birth = _date(person.birth, clerk, careless, rng)
    event = _date(person.event, clerk, careless, rng)
    if "birth day" in clerk.leaves_out and birth is not None:
        birth = days_of_year(birth.first.year, None)
    place = person.place
    if careless and rng.random() < 0.15:
        place = PLACES[(([each.latin[0] for each in PLACES].index(place)) + 1) % len(PLACES)].latin[0]
    gone = {part for part in ("father", "birth", "event", "place") if rng.random() < forgotten} | clerk.leaves_out
    return WrittenRecord(
        person.person,
        given,
        "" if "father" in gone else father,
        family,
        None if "birth" in gone else birth,
        None if "event" in gone else event,
        "" if "place" in gone else place,
    )


def _date(true: Days | None, clerk: _Clerk, careless: bool, rng: np.random.Generator) -> Days | None:
    """A date as a clerk turns it from another calendar, mistakes its parts or rounds it."""
    assert true is not None
    day = true.first
    if careless and rng.random() < 0.5:
        day += timedelta(days=clerk.calendar * int(rng.integers(1, 3)))
    if careless and not clerk.day_first and day.day <= 12 and rng.random() < 0.6:
        day = date(day.year, day.day, day.month)
    slip = rng.random()
    if careless and slip < 0.12:
        day -= timedelta(days=365)
    elif careless and slip < 0.2:
        day = day.replace(day=1 if rng.random() < 0.5 else 15)
    elif careless and slip < 0.3:
        return days_of_year(day.year, None)
    return _day(day)
