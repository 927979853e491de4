"""What a reviewer sees of a record: a text for each field, and every cell as it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from estimation.lists.days import Days
from estimation.lists.name_list import NameRecord, PersonName
from estimation.text.languages import sentence

__all__ = ["FIELDS", "fields_in_words"]

FIELDS: Mapping[str, str] = {
    "given": sentence("Given name"),
    "father": sentence("Father"),
    "grandfather": sentence("Grandfather"),
    "family": sentence("Family name"),
    "other_names": sentence("Other names"),
    "born": sentence("Born"),
    "age": sentence("Age"),
    "event": sentence("Event"),
    "place": sentence("Place"),
    "sex": sentence("Sex"),
    "cells": sentence("As written"),
}
"""The fields in order, with their headings."""


def fields_in_words(record: NameRecord, columns: Sequence[str]) -> dict[str, str]:
    """A text for each field of a record; empty where it is not given.

    Parameters
    ----------
    record : NameRecord
        The record.
    columns : sequence of str
        The headings of its cells.

    Examples
    --------
    >>> fields_in_words(NameRecord(2, (PersonName("ali", family="sarvrisan"),), age=(24, 25)), ())["age"]
    '24-25'
    """
    name = record.names[0] if record.names else PersonName()
    texts = (
        *(name.given, name.father, name.grandfather, name.family),
        "; ".join(_whole(each) for each in record.names[1:]),
        _when(record.birth),
        "" if record.age is None else "-".join(str(each) for each in dict.fromkeys(record.age)),
        _when(record.event),
        " / ".join(record.places),
        record.sex,
        " | ".join(f"{heading}: {cell}" for heading, cell in zip(columns, record.cells, strict=False) if cell),
    )
    return dict(zip(FIELDS, texts, strict=True))


def _whole(name: PersonName) -> str:
    return " ".join(part for part in (name.given, name.father, name.grandfather, name.family) if part)


def _when(days: Days | None) -> str:
    """A date as it was written, with the days that it is read as."""
    if days is None:
        return ""
    last = days.last.fromordinal(days.last.toordinal() - 1)
    read = f"{days.first}" if last == days.first else f"{days.first} to {last}"
    return read if days.text in ("", read) else f"{days.text} ({read})"
