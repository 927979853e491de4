"""Questions for reviewers with the records side by side: which fields agree, and what each list wrote.

What a reviewer sees holds names, which is what review is for; it does not hold what the model thinks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal, TypeAlias

from estimation.errors import LinkageError
from estimation.linkage.decision_links import drawn_keys, record_keys
from estimation.linkage.decisions import RecordKey
from estimation.linkage.draws import LinkageDraws
from estimation.linkage.record_in_words import FIELDS, fields_in_words
from estimation.linkage.review_questions import ReviewQuestion
from estimation.lists.name_list import NameList, NameRecord
from estimation.lists.spelling import spelling_level
from estimation.text.spreadsheet import csv_of

__all__ = ["CaseField", "ReviewCase", "check_same_files", "review_cases", "review_cases_csv"]

Likeness: TypeAlias = Literal["same", "near", "differs", "open"]
"""Values that are the same, agree in part, differ, or are not given on one side."""

_SPELLED = {"given", "father", "grandfather", "family", "other_names", "place"}
_OTHER = 3
"""Level of two spellings that are far apart."""

_DIGITS = 12
"""Of the SHA-256 of a file, by which it is known again."""

_COLUMNS = ("question", "first list", "first sheet", "first row", "second list", "second sheet", "second row")


@dataclass(frozen=True, slots=True)
class CaseField:
    """One field of the records of a question.

    Parameters
    ----------
    heading : str
        What it is.
    values : tuple of str
        A text for each record, those of the first group before those of the second.
    likeness : {"same", "near", "differs", "open"}
        How the two groups compare.
    """

    heading: str
    values: tuple[str, ...]
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """A question with all that a reviewer sees.

    Parameters
    ----------
    number : int
        1, 2, ...
    first, second : tuple of RecordKey
        The records of either group.
    fields : tuple of CaseField
        Their fields, without those that no record gives.
    files : mapping of str to str
        By list the first digits of the SHA-256 of its file.
    """

    number: int
    first: tuple[RecordKey, ...]
    second: tuple[RecordKey, ...]
    fields: tuple[CaseField, ...]
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def pairs(self) -> tuple[tuple[RecordKey, RecordKey], ...]:
        """Pairs of records that an answer is about, the lesser key of each first."""
        return tuple((min(one, other), max(one, other)) for one, other in product(self.first, self.second))


def in_order_of(draws: LinkageDraws, name_lists: Sequence[NameList]) -> list[NameList]:
    """Lists in the order in which they were linked; others after them.

    Examples
    --------
    >>> import numpy as np
    >>> from estimation.linkage.draws import LinkedList, RecordPlace
    >>> linked = LinkedList("police"), LinkedList("press")
    >>> drawn = np.zeros((1, 1, 1), dtype=np.int32)
    >>> draws = LinkageDraws(("police", "press"), (RecordPlace(0, 2),), drawn, files=linked)
    >>> [one.name for one in in_order_of(draws, [NameList("press", ()), NameList("police", ())])]
    ['police', 'press']
    """
    place = {linked.name: at for at, linked in enumerate(draws.files)}
    return sorted(name_lists, key=lambda one: place.get(one.name, len(place)))


def check_same_files(draws: LinkageDraws, name_lists: Sequence[NameList], *, where: str) -> None:
    """Refuse lists that are not the ones that were linked.

    Raises
    ------
    LinkageError
        With each file that was changed since, is missing, or has other records.
    """
    given = {one.name: one for one in name_lists}
    problems = []
    for linked in draws.files:
        one = given.get(linked.name)
        if one is None:
            problems.append(f"the list {linked.name} was linked and is not given; name its file too ({linked.file})")
        elif linked.sha256 and one.sha256 != linked.sha256:
            problems.append(f"{linked.file}: the file was changed since it was linked (SHA-256); link again")
    if not problems and record_keys(name_lists) != drawn_keys(draws):
        problems.append(
            "its records are read otherwise than when they were linked; declare the same of the lists (--columns, "
            "--sheet, --declare), as linkage.json has it"
        )
    if problems:
        raise LinkageError(where, problems)


def review_cases(questions: Iterable[ReviewQuestion], name_lists: Sequence[NameList]) -> tuple[ReviewCase, ...]:
    """Questions with the records of their lists beside each other.

    Parameters
    ----------
    questions : iterable of ReviewQuestion
        Which groups of records.
    name_lists : sequence of NameList
        The lists that were linked, in their order.
    """
    keys = record_keys(name_lists)
    files = {one.name: one.sha256[:_DIGITS] for one in name_lists}
    records = [(record, one.columns) for one in name_lists for record in one.linkable]
    cases = []
    for number, each in enumerate(questions, start=1):
        placed = [*each.first, *each.second]
        words = [fields_in_words(*records[at]) for at in placed]
        n_first = len(each.first)
        fields = [
            CaseField(
                heading, tuple(one[name] for one in words), _likeness(name, [records[at][0] for at in placed], n_first)
            )
            for name, heading in FIELDS.items()
            if any(one[name] for one in words)
        ]
        first, second = (tuple(keys[at] for at in group) for group in (each.first, each.second))
        cases.append(ReviewCase(number, first, second, tuple(fields), files))
    return tuple(cases)


def _likeness(name: str, records: Sequence[NameRecord], n_first: int) -> Likeness:
    """How a field of the first group compares with that of the second, the best over their pairs."""
    if name == "cells":
        return "open"
    found = [_of_pair(name, one, other) for one, other in product(records[:n_first], records[n_first:])]
    for likeness in ("same", "near", "differs"):
        if likeness in found:
            return likeness
    return "open"


def _of_pair(name: str, one: NameRecord, other: NameRecord) -> Likeness:
    a, b = _values(name, one), _values(name, other)
    if not a or not b:
        return "open"
    if a == b:
        return "same"
    if a & b or (name in _SPELLED and any(spelling_level(f"{x}", f"{y}") < _OTHER for x, y in product(a, b))):
        return "near"
    return "differs"


def _values(name: str, record: NameRecord) -> frozenset[str | int]:
    """Everything that a field can be: spellings, days, years of age, places."""
    if name in {"born", "event"}:
        days = record.birth if name == "born" else record.event
        return frozenset(d for first, last in days.intervals for d in range(first, last)) if days else frozenset()
    if name == "age":
        return frozenset(range(record.age[0], record.age[1] + 1)) if record.age else frozenset()
    if name == "place":
        return frozenset(record.places)
    if name == "sex":
        return frozenset({record.sex} - {""})
    if name == "other_names":
        return frozenset(part for each in record.names[1:] for part in (each.given, each.family) if part)
    return frozenset({str(getattr(each, name)) for each in record.names[:1]} - {""})


def review_cases_csv(cases: Iterable[ReviewCase]) -> str:
    """Questions as a sheet, to be answered in its columns `decision`, `who`, `when` and `why`.

    A question about a cluster is a row for each of its records; the answer stands in each.
    """
    headings = [f"{side} {name}" for name in FIELDS for side in ("first", "second")]
    rows: list[Sequence[object]] = [
        [*_COLUMNS, "decision", "who", "when", "why", "first file", "second file", "differs", *headings]
    ]
    for case in cases:
        values = {field.heading: field.values for field in case.fields}
        differs = ", ".join(field.heading for field in case.fields if field.likeness == "differs")
        for (at, one), (after, other) in product(enumerate(case.first), enumerate(case.second, start=len(case.first))):
            texts = [
                values[heading][place] if heading in values else ""
                for heading in FIELDS.values()
                for place in (at, after)
            ]
            keys = one.list, one.sheet, one.place, other.list, other.sheet, other.place
            files = case.files.get(one.list, ""), case.files.get(other.list, "")
            rows.append([case.number, *keys, "", "", "", "", *files, differs, *texts])
    return csv_of(rows)
