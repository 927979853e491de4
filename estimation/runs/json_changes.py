"""What changed between two objects of a JSON file, value by value, each with its place.

Rows of a list are matched by their label or name, so that one row more is one change and not many.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import cast

from estimation.results.as_json import Json

__all__ = ["Absent", "Change", "changes_between", "is_number"]

_NAMES = ("label", "name", "title")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Absent(Enum):
    """Stands where one of two JSON trees has no value at all, which is another thing than null."""

    ABSENT = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is not the same in two JSON trees.

    Parameters
    ----------
    place : tuple of str
        The steps to where it stands, for example ``("models", "[Graphs]", ".median")``.
    then, now : JSON value or Absent
        The value in the first tree and in the second.
    """

    place: tuple[str, ...]
    then: Json | Absent
    now: Json | Absent

    @property
    def path(self) -> str:
        """Where it stands, for example ``models[Graphs].median``."""
        return "".join(self.place)

    @property
    def relative(self) -> float | None:
        """How large the difference is against the larger of the two numbers; None when they are not both numbers."""
        if not (is_number(self.then) and is_number(self.now)):
            return None
        then, now = float(cast(float, self.then)), float(cast(float, self.now))
        return abs(then - now) / max(abs(then), abs(now)) if then != now else 0.0

    @property
    def then_text(self) -> str:
        """The first value as it is read, cut short where it is long."""
        return _short(self.then)

    @property
    def now_text(self) -> str:
        """The second value as it is read, cut short where it is long."""
        return _short(self.now)

    def __str__(self) -> str:
        return f"{self.path}: {self.then_text} in results.json, {self.now_text} now"


def changes_between(then: Json, now: Json, place: tuple[str, ...] = ()) -> Iterator[Change]:
    """Every value that is not the same in two JSON trees, in their order.

    Parts of a list are told apart by their label, name or title (its numbers aside) where they have one, so that a part
    that was added moves no other; the cells of a table by the first cell of their row and the heading of their column.

    Examples
    --------
    >>> old = {"models": [{"label": "A", "median": 310}]}
    >>> new = {"models": [{"label": "B", "median": 7}, {"label": "A", "median": 312}]}
    >>> [change.path for change in changes_between(old, new)]
    ['models[A].median', 'models[B]']
    """
    before, after = _parts(then), _parts(now)
    if before is None or after is None or isinstance(then, dict) is not isinstance(now, dict):
        if type(then) is not type(now) or then != now:
            yield Change(place, then, now)
        return
    listed = not isinstance(then, dict) or isinstance(then, _Rows)
    for key in (*before, *(key for key in after if key not in before)):
        step = (*place, f"[{key}]" if listed else f".{key}" if place else key)
        if key in before and key in after:
            yield from changes_between(before[key], after[key], step)
        else:
            yield Change(step, before.get(key, Absent.ABSENT), after.get(key, Absent.ABSENT))


class _Rows(dict[str, Json]):
    """The rows of a table by their first cells."""


def _parts(value: Json) -> dict[str, Json] | None:
    """What a JSON value is made of, by key, name or place; None for a single value."""
    if isinstance(value, dict):
        columns, rows = value.get("columns"), value.get("rows")
        if isinstance(columns, list) and isinstance(rows, list):
            return {**value, "rows": _rows(columns, rows)}
        return value
    if not isinstance(value, list):
        return None
    for name in _NAMES:
        labels = [part.get(name) if isinstance(part, dict) else None for part in value]
        named = [_NUMBER.sub("#", str(label)) if name == "title" else str(label) for label in labels]
        if all(isinstance(label, str) for label in labels) and len(set(named)) == len(named):
            return dict(zip(named, value, strict=True))
    return {str(at): part for at, part in enumerate(value)}


def _rows(columns: list[Json], rows: list[Json]) -> _Rows:
    """Rows by their first cell where it tells them apart, and else by their place; cells by their heading."""
    cells = [dict(zip(map(str, columns), row if isinstance(row, list) else [row], strict=False)) for row in rows]
    firsts = [str(next(iter(row.values()), "")) for row in cells]
    distinct = len(set(firsts)) == len(firsts)
    return _Rows({firsts[at] if distinct else str(at): cast(Json, row) for at, row in enumerate(cells)})


def is_number(value: Json | Absent) -> bool:
    """Whether a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: Json | Absent) -> str:
    """A value in a message."""
    if isinstance(value, Absent):
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"
