"""Values that stand only where they change: a date above the people of one day, a place above those of one town."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from estimation.capture.sheets.grid import GridCell
from estimation.lists.layout import BodyRow, cell_text

__all__ = ["carried_columns", "carry_down"]

_LEAST_BLANK = 0.25


def carried_columns(rows: Sequence[BodyRow], candidates: Sequence[int], names: frozenset[int]) -> list[int]:
    """Columns whose blank cells repeat the cell above.

    A column does so when it stands left of the names (or after another that does), begins with a value, is blank in a
    quarter of the rows or more, and never has the value of the cell above written out again: who leaves repeated
    values out leaves all of them out.

    Parameters
    ----------
    rows : sequence of BodyRow
        Rows that stand for somebody.
    candidates : sequence of int
        Columns of dates and places.
    names : frozenset of int
        Columns of names.
    """
    found: list[int] = []
    first_name = min(names, default=0)
    for place in sorted(candidates):
        if place > first_name or len(rows) < 3:
            continue
        texts = [cell_text(row.cells[place]).strip() for row in rows]
        filled = [text for text in texts if text]
        blank = 1 - len(filled) / len(texts)
        again = any(a == b for a, b in pairwise(filled))
        if texts[0] and len(filled) >= 2 and blank >= _LEAST_BLANK and not again:
            found.append(place)
    return found


def carry_down(rows: Sequence[BodyRow], places: Sequence[int]) -> tuple[list[BodyRow], dict[int, list[int]]]:
    """Rows with the values of columns carried down and, by column, the rows that got one.

    Examples
    --------
    >>> rows, carried = carry_down([BodyRow(3, ("May", "A")), BodyRow(4, ("", "B"))], [0])
    >>> rows[1].cells, carried
    (('May', 'B'), {0: [4]})
    """
    above: dict[int, GridCell] = {}
    carried: dict[int, list[int]] = {place: [] for place in places}
    filled = []
    for row in rows:
        cells = list(row.cells)
        for place in places:
            if cell_text(cells[place]).strip():
                above[place] = cells[place]
            elif place in above:
                cells[place] = above[place]
                carried[place].append(row.number)
        filled.append(replace(row, cells=tuple(cells)))
    return filled, carried
