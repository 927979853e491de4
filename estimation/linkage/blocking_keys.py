"""What brings two records together in files too large to weigh all pairs: parts of names, dates, places, by code.

Names and places are compared by their consonant skeletons, so that scripts and most misspellings of vowels make no
difference, and once by the spellings that are one edit apart.  A record has a row for each of its alternatives.  Years
are ranges: two records agree where some of their years are at most one apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.births import born
from estimation.linkage.encoded import MISSING, EncodedRecords
from estimation.linkage.near_dates import days_of_year, years_of
from estimation.linkage.splink_adapter import KeyRows
from estimation.lists.days import Days
from estimation.lists.name_list import NameList, NameRecord
from estimation.lists.normal import skeleton

__all__ = ["BlockingKey", "blocking_keys"]

Codes = NDArray[np.int64]

_BITS = 21
"""Bits of a code that is joined with others: two million values, and any day of the calendar."""
_RARE = 30
"""Records with a skeleton that is rare enough to bring them together by itself."""
_LETTERS = 2
"""First consonants of a name that a key takes."""


@dataclass(frozen=True, slots=True)
class BlockingKey:
    """One key.

    Parameters
    ----------
    name : str
        What two records agree on.
    rows : KeyRows
        Values by row.
    narrower : (n,) int64
        What rows of a too common value are told apart by as well; -1 where a record has nothing.
    """

    name: str
    rows: KeyRows
    narrower: Codes


@dataclass(frozen=True, slots=True)
class _Parts:
    """Codes by row: an alternative of the name and of the place of a record each; -1 where not given."""

    record: Codes
    given: Codes
    father: Codes
    grandfather: Codes
    family: Codes
    place: Codes
    given_letters: Codes
    family_letters: Codes


@dataclass(frozen=True, slots=True)
class _Dates:
    """By record the one day that a date can be, its day of the year, and its first and last year; -1 where unknown."""

    day: Codes
    day_of_year: Codes
    low: Codes
    high: Codes


def blocking_keys(name_lists: Sequence[NameList], encoded: EncodedRecords) -> Iterator[BlockingKey]:
    """The keys that some lists can have, from the strictest to the loosest; one whose fields nobody gives is left out.

    Examples
    --------
    >>> from estimation.linkage.encode import encode
    >>> from estimation.lists.name_list import PersonName
    >>> name = lambda row, given, family: NameRecord(row, (PersonName(given, family=family),))
    >>> lists = [NameList("a", (name(2, "ali", "karimi"), name(3, "reza", "karimi")))]
    >>> [key.name for key in blocking_keys(lists, encode(lists))][:2]
    ['given and family name', 'given and family name exchanged']
    """
    records = [record for one in name_lists for record in one.linkable]
    parts = _parts(records)
    birth, event = _dates([born(record) for record in records]), _dates([record.event for record in records])
    narrower = _narrower(birth, event, parts, len(records))
    every = (_identifier_keys(encoded), _name_keys(parts), _near_keys(parts, encoded), _date_keys(parts, birth, event))
    for name, rows in chain.from_iterable(every):
        given = (rows.one >= 0) | (rows.other >= 0)
        if rows.low is not None:
            given &= rows.low >= 0
        if given.any():
            low, high = (None if years is None else years[given] for years in (rows.low, rows.high))
            chosen = KeyRows(rows.record[given], rows.one[given], rows.other[given], low, high)
            yield BlockingKey(name, chosen, narrower[chosen.record])


def _joined(*columns: Codes) -> Codes:
    """One code for several, each below 2 ** 21; -1 where one of them is missing."""
    joined = np.zeros_like(columns[0])
    for column in columns:
        joined = joined << _BITS | np.maximum(column, 0)
    return np.where(np.logical_and.reduce([column >= 0 for column in columns]), joined, -1)


def _same(record: Codes, codes: Codes) -> KeyRows:
    return KeyRows(record, codes, codes)


def _identifier_keys(encoded: EncodedRecords) -> Iterator[tuple[str, KeyRows]]:
    """The identifiers that lists share."""
    for place, field in enumerate(encoded.fields):
        if field.name.startswith("identifier"):
            codes = encoded.codes[encoded.reading_starts[:-1], place].astype(np.int64)
            yield field.name, _same(np.arange(encoded.n_records), codes)


def _name_keys(parts: _Parts) -> Iterator[tuple[str, KeyRows]]:
    """Keys of parts of names alone."""
    record, given, family = parts.record, parts.given, parts.family
    yield "given and family name", _same(record, _joined(given, family))
    differ = given != family
    exchanged = (np.where(differ, _joined(*pair), -1) for pair in ((given, family), (family, given)))
    yield "given and family name exchanged", KeyRows(record, *exchanged)
    later = (parts.father, parts.grandfather, parts.family)
    if (parts.father >= 0).any() or (parts.grandfather >= 0).any():
        in_chain = np.concatenate([_joined(given, part) for part in later])
        yield "given name and another part of the chain", _same(np.tile(record, len(later)), in_chain)
        yield "father's and family name", _same(record, _joined(parts.father, family))
    every = np.concatenate([given, *later])
    known = every[every >= 0]
    rare = np.bincount(known, minlength=int(every.max(initial=0)) + 1) <= _RARE
    yield "a rare part of the name", _same(np.tile(record, 1 + len(later)), np.where(rare[every], every, -1))
    yield "family name and place", _same(record, _joined(family, parts.place))


def _near_keys(parts: _Parts, encoded: EncodedRecords) -> Iterator[tuple[str, KeyRows]]:
    """Keys of one part of the name and a spelling of another that is one edit apart."""
    for near_part, other, codes in (("family", "given", parts.given), ("given", "family", parts.family)):
        place = [place for place, field in enumerate(encoded.fields) if field.name == near_part]
        if not place:
            continue
        near = encoded.fields[place[0]].near
        spelling = encoded.codes[encoded.reading_starts[:-1], place[0]].astype(np.int64)[parts.record]
        sizes = np.where(spelling == MISSING, 0, np.diff(near.starts)[np.maximum(spelling, 0)])
        row = np.repeat(np.arange(len(spelling)), sizes)
        at = near.starts[spelling[row]] + np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        close = near.levels[at] <= 1
        row, neighbour = row[close], near.neighbours[at[close]].astype(np.int64)
        one = np.concatenate([_joined(codes[row], neighbour), np.full(len(spelling), -1)])
        own = np.concatenate([np.full(len(row), -1), _joined(codes, spelling)])
        record = np.concatenate([parts.record[row], parts.record])
        yield f"{other} name, and {near_part} name one edit apart", KeyRows(record, one, own)


def _date_keys(parts: _Parts, birth: _Dates, event: _Dates) -> Iterator[tuple[str, KeyRows]]:
    """Keys with a date, alone or with a part of the name."""
    record, of = parts.record, parts.record
    years, of_years = (birth, "birth") if (birth.low >= 0).any() else (event, "event")
    in_years = years.low[of], years.high[of]
    for name, codes in (
        ("first letters of the names", _joined(parts.given_letters, parts.family_letters)),
        ("given name and place", _joined(parts.given, parts.place)),
    ):
        if (years.low >= 0).any():
            yield f"{name}, {of_years} years one apart", KeyRows(record, codes, codes, *in_years)
        else:
            yield name, _same(record, codes)
    yield "day of birth", _same(record, birth.day[of])
    for name, part in (("given", parts.given), ("family", parts.family)):
        codes = _joined(part)
        yield f"{name} name, birth years one apart", KeyRows(record, codes, codes, birth.low[of], birth.high[of])
        yield f"{name} name and day of birth in any year", _same(record, _joined(part, birth.day_of_year[of]))
        yield f"{name} name and day of the event", _same(record, _joined(part, event.day[of]))
    day = event.day[of]
    yield "day of the event, birth years one apart", KeyRows(record, day, day, birth.low[of], birth.high[of])


def _narrower(birth: _Dates, event: _Dates, parts: _Parts, n_records: int) -> Codes:
    """(R,) what tells records of one common value apart: year of birth, else day of the event, its year, or place."""
    place = np.full(n_records, -1, np.int64)
    place[parts.record] = parts.place
    narrower = np.full(n_records, -1, np.int64)
    for kind, codes in enumerate((place, event.low, event.day, birth.low)):
        narrower = np.where(codes >= 0, (kind << _BITS) | codes, narrower)
    return narrower


def _parts(records: Sequence[NameRecord]) -> _Parts:
    """Skeletons of every alternative of every record, coded in one vocabulary; places in another."""
    names, letters, places = _Vocabulary(), _Vocabulary(), _Vocabulary()
    rows = []
    for record, one in enumerate(records):
        for name, place in product(one.names, one.places or ("",)):
            given, family = skeleton(name.given) or name.given, skeleton(name.family) or name.family
            rows.append(
                (
                    record,
                    *(names.code(part) for part in (given, skeleton(name.father) or name.father)),
                    *(names.code(part) for part in (skeleton(name.grandfather) or name.grandfather, family)),
                    places.code(skeleton(place) or place),
                    letters.code(given[:_LETTERS]),
                    letters.code(family[:_LETTERS]),
                )
            )
    columns = np.array(list(dict.fromkeys(rows)), np.int64).T
    return _Parts(*columns)


class _Vocabulary:
    """Codes of texts in the order in which they come; an empty one is -1."""

    def __init__(self) -> None:
        self._code: dict[str, int] = {}

    def code(self, text: str) -> int:
        return self._code.setdefault(text, len(self._code)) if text else -1


def _dates(dates: Sequence[Days | None]) -> _Dates:
    """Days and years of dates as numbers."""
    rows = [_date(days) if days is not None else (-1, -1, -1, -1) for days in dates]
    return _Dates(*np.array(rows, np.int64).T)


def _date(days: Days) -> tuple[int, int, int, int]:
    years = years_of(days)
    day = days.first.toordinal() if days.n_days == 1 else -1
    return day, days_of_year(days)[0] if day >= 0 else -1, *((years[0], years[-1]) if years else (-1, -1))
