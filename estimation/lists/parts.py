"""Several lists in one sheet, told by how identifiers begin, and what a workbook says of its own columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.capture.sheets.grid import Grid
from estimation.lists.layout import BodyRow, cell_text
from estimation.lists.normal import normalise

__all__ = ["Dictionary", "Part", "dictionary_of", "part_of_row", "parts_of"]

_PREFIX = re.compile(r"\s*([A-Za-z]{1,8}?)[ _\-./]?\d")
_ASSUMED = re.compile(
    r"\b(assum|default|imput|placeholder|used when|se asume|supuest|suppos|par défaut|angenommen|принят|فرض|افتراض)",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Part:
    """One of several lists in a sheet: how its identifiers begin, what the workbook calls it, its rows."""

    prefix: str
    name: str
    n_rows: int


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What the other sheets of a workbook say of columns, by normalised heading."""

    sentences: dict[str, str]
    sheet: str = ""

    def assumed_day(self, heading: str) -> int | None:
        """The day of the month that stands for a day that is not known."""
        text = self.sentences.get(normalise(heading), "")
        if not _ASSUMED.search(text):
            return None
        days = [int(day) for day in _DAY.findall(text) if 1 <= int(day) <= 31]
        return days[0] if len(set(days)) == 1 else None


def dictionary_of(grids: Sequence[Grid], headings: Sequence[str]) -> Dictionary:
    """The sentences of sheets that describe columns: rows that begin with a heading of the list.

    Parameters
    ----------
    grids : sequence of Grid
        The sheets without people.
    headings : sequence of str
        Headings of the list.
    """
    known = {normalise(text) for text in headings if text}
    sentences: dict[str, str] = {}
    sheet = ""
    for grid in grids:
        for row in grid.rows:
            texts = [cell_text(cell).strip() for cell in row]
            if len(texts) > 1 and normalise(texts[0]) in known and any(texts[1:]):
                sentences[normalise(texts[0])] = " | ".join(filter(None, texts[1:]))
                sheet = grid.title
    return Dictionary(sentences, sheet)


def parts_of(rows: Sequence[BodyRow], place: int | None, dictionary: Dictionary, heading: str) -> tuple[Part, ...]:
    """The lists of a sheet, where the workbook says that beginnings of identifiers tell them; else none."""
    if place is None:
        return ()
    found = [_PREFIX.match(cell_text(row.cells[place])) for row in rows]
    counts = Counter(match[1] for match in found if match)
    text = dictionary.sentences.get(normalise(heading), "")
    parts = []
    for prefix, n_rows in counts.items():
        called = re.search(rf"(?<!\w){re.escape(prefix)}(?!\w)\s*[=:–—-]\s*([^;,.|\n]+)", text)
        if called:
            name = re.sub(r"\s+(list|records?|source)\s*$", "", called[1].strip(), flags=re.IGNORECASE)
            parts.append(Part(prefix, name, n_rows))
    return tuple(parts) if len(parts) > 1 else ()


def part_of_row(row: BodyRow, place: int) -> str:
    """How the identifier of a row begins."""
    found = _PREFIX.match(cell_text(row.cells[place]))
    return found[1] if found else ""
