"""Scores that people gave to pairs of records before: duplicates in a list, and matches between two lists.

Two forms are read.  Duplicates: a row says of which record it is a duplicate, and how surely.  Matches: both rows of a
pair carry one code that ends in ``_1`` for one and ``_2`` for the other, and the score.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from estimation.lists.layout import BodyRow, cell_text
from estimation.lists.name_list import HandScore
from estimation.lists.normal import normalise

__all__ = ["hand_scores"]

_DUPLICATE, _MATCH = re.compile(r"dup\w*"), re.compile(r"(ovrlp|overlap|match|link)\w*")


def hand_scores(headings: Sequence[str], rows: Sequence[BodyRow], identifiers: int | None) -> tuple[HandScore, ...]:
    """The scores of a sheet, each pair once.

    Parameters
    ----------
    headings : sequence of str
        One a column.
    rows : sequence of BodyRow
        Rows that stand for somebody.
    identifiers : int, optional
        The column of identifiers; without one there are no scores.

    Examples
    --------
    >>> rows = [BodyRow(2, ("A_1", "A_1", "0")), BodyRow(3, ("A_2", "A_1", "4"))]
    >>> hand_scores(["id", "dup_id", "dup_score"], rows, 0)
    (HandScore(first='A_1', second='A_2', score=4),)
    """
    if identifiers is None:
        return ()
    found: dict[tuple[str, str], int] = {}
    for code, score in _pairs_of_columns(headings):
        halves: dict[str, list[tuple[str, int]]] = {}
        for row in rows:
            own, other = (cell_text(row.cells[at]).strip() for at in (identifiers, code))
            value = cell_text(row.cells[score]).strip()
            if not own or not other or not value.isdigit():
                continue
            if _DUPLICATE.match(normalise(headings[code])) and other != own:
                found[other, own] = int(value)
            elif _MATCH.match(normalise(headings[code])):
                halves.setdefault(re.sub(r"_[12]$", "", other), []).append((own, int(value)))
        for both in halves.values():
            if len(both) == 2:
                found[both[0][0], both[1][0]] = both[0][1]
    return tuple(HandScore(first, second, score) for (first, second), score in found.items())


def _pairs_of_columns(headings: Sequence[str]) -> list[tuple[int, int]]:
    """Columns of codes, each with its column of scores: ``dup_id`` and ``dup_score``, also numbered."""
    plain = [normalise(text) for text in headings]
    pairs = []
    for at, text in enumerate(plain):
        if " id" in text and (_DUPLICATE.match(text) or _MATCH.match(text)):
            score = text.replace(" id", " score")
            if score in plain:
                pairs.append((at, plain.index(score)))
    return pairs
