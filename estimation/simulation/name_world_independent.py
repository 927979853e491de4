r"""Invented people alone in the world, written down with errors that are independent of each other.

The kind of world that a model of linkage takes for granted: nobody has a family, every field of every record is wrong
by itself, and people differ in nothing but what is written of them.

World
-----
N people; given and family name, birth year, birth day and place are drawn independently.  List j of three has a person
with probability :math:`p_j \sim U(.25, .65)`, and of those a share :math:`\lambda_j \sim U(0, .06)` twice.  In list j
field f of a record is wrong with probability :math:`e_{jf} \sim U(.03, .20)`: with probabilities .60, .25 and .15 by a
small error, a larger one, or by another value altogether; 5 % of values are missing, of a birth date the day alone or
all of it.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import numpy as np

from estimation.lists.days import Days
from estimation.simulation.invented_names import PLACES, draw_family, draw_given
from estimation.simulation.name_world import NameWorld, WrittenRecord, days_of_year, name_list_of
from estimation.work.seeds import RandomState, generator_of

__all__ = ["misspelt", "world_of_independent_errors"]

_LISTS = ("one", "two", "three")
_SIZES = (0.60, 0.25, 0.15)
_FEWEST, _MOST = 0.03, 0.20
_MISSING = 0.05
_YEARS = (1938, 1970)
_LETTERS = "abcdefghiklmnoprstuvyz"


def world_of_independent_errors(n_total: int, *, rng: RandomState) -> NameWorld:
    """Three name lists of people without families, with independent errors.

    Parameters
    ----------
    n_total : int
        N.  Unit: persons.
    rng : int, SeedSequence or Generator
        The only source of randomness.

    Examples
    --------
    >>> world = world_of_independent_errors(120, rng=1)
    >>> [each.name for each in world.lists], world.n_people <= 120 < world.n_records
    (['one', 'two', 'three'], True)
    """
    generator = generator_of(rng)
    people = [_person(at, generator) for at in range(n_total)]
    lists, persons = [], []
    for name in _LISTS:
        capture, twice = generator.uniform(0.25, 0.65), generator.uniform(0, 0.06)
        rates = dict(
            zip(("given", "family", "year", "day", "place"), generator.uniform(_FEWEST, _MOST, 5), strict=True)
        )
        written = []
        for person in people:
            times = int(generator.random() < capture)
            times += times * int(generator.random() < twice)
            written += [_written(person, rates, generator) for _ in range(times)]
        order = generator.permutation(len(written))
        lists.append(name_list_of(name, [written[at] for at in order]))
        persons += [written[at].person for at in order]
    return NameWorld(tuple(lists), np.array(persons, dtype=np.int64), tuple(people))


def misspelt(name: str, errors: int, rng: np.random.Generator) -> str:
    """A name with so many letters left out, put in, changed or exchanged, and never as it was.

    Examples
    --------
    >>> misspelt("karim", 1, np.random.default_rng(1)) != "karim"
    True
    """
    wrong = name
    while wrong == name:
        for _ in range(errors):
            at = int(rng.integers(max(len(wrong) - 1, 1)))
            letter = _LETTERS[int(rng.integers(len(_LETTERS)))]
            before, here, after = wrong[:at], wrong[at : at + 1], wrong[at + 1 :]
            forms = (before + after, before + after[:1] + here + after[1:], before + letter + after)
            wrong = (*forms, before + letter + here + after)[int(rng.integers(4))] or letter
    return wrong


def _person(at: int, rng: np.random.Generator) -> WrittenRecord:
    year, day = int(rng.integers(_YEARS[0], _YEARS[1] + 1)), int(rng.integers(365))
    return WrittenRecord(
        at,
        given=draw_given(rng, "m" if rng.random() < 0.7 else "f").latin[0],
        family=draw_family(rng).latin[0],
        birth=days_of_year(year, day),
        place=_place(rng),
    )


def _place(rng: np.random.Generator) -> str:
    return PLACES[int(rng.integers(len(PLACES)))].latin[0]


def _written(person: WrittenRecord, rates: dict[str, float], rng: np.random.Generator) -> WrittenRecord:
    """A record of a person on a list with these error rates."""

    def size(field: str) -> int:
        """How large the error of a field is: 0 for none."""
        return int(rng.choice(3, p=_SIZES)) + 1 if rng.random() < rates[field] else 0

    given, family = size("given"), size("family")
    names = person.given, person.family
    if given:
        names = misspelt(names[0], given, rng) if given < 3 else draw_given(rng, "m").latin[0], names[1]
    if family:
        names = names[0], misspelt(names[1], family, rng) if family < 3 else draw_family(rng).latin[0]
    has_given, has_family = rng.random(2) >= _MISSING
    return WrittenRecord(
        person.person,
        given=names[0] if has_given else "",
        family=names[1] if has_family or not has_given else "",
        birth=_birth(person, size("year"), size("day"), rng),
        place=(_place(rng) if size("place") else person.place) if rng.random() >= _MISSING else "",
    )


def _birth(person: WrittenRecord, year_error: int, day_error: int, rng: np.random.Generator) -> Days | None:
    """A birth date with errors of these sizes in its year and in its day."""
    assert person.birth is not None
    born = person.birth.first
    year, month, day = born.year, born.month, born.day
    if year_error == 3:
        year = int(rng.integers(_YEARS[0], _YEARS[1] + 1))
    elif year_error:
        year += int(rng.choice([-1, 1] if year_error == 1 else [-10, -3, -2, 2, 3, 10]))
    if day_error == 1 and day <= 12 and rng.random() < 0.4:
        month, day = day, month
    elif day_error == 1:
        day = min(28, max(1, day + int(rng.choice([-2, -1, 1, 2]))))
    elif day_error:
        if day_error == 3 or rng.random() < 0.5:
            month = int(rng.integers(1, 13))
        if day_error == 3 or month == born.month:
            day = int(rng.integers(1, 29))
    if rng.random() < _MISSING:
        return None
    if rng.random() < _MISSING:
        return days_of_year(year, None)
    day = min(day, monthrange(year, month)[1])
    return days_of_year(year, date(year, month, day).timetuple().tm_yday - 1)
