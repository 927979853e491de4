"""What a table shows before any model: list sizes, overlaps, dependence between lists, and what is wrong with it.

Symbols: J lists; n people observed; n_j on list j; m_ij on both i and j; f_k on exactly k lists; S_j on j only.

Reference: International Working Group for Disease Monitoring and Forecasting (1995).
"""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estimation.capture.findings import NamePairs, about_captures, about_lists, about_pairs, about_people
from estimation.capture.groups import groups_of_lists
from estimation.capture.pairs import LEVEL, PairSummary, pair_summaries
from estimation.capture.table import CaptureTable, IntArray
from estimation.frames import Cell, frame_of, html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MANY_LISTS", "Inspection", "ListSummary", "inspect_table"]

MANY_LISTS = 10
"""With more lists than this, an inspection is summarised: 34 lists have 561 pairs."""

_STRONGEST = 10  # pairs in a summary


@dataclass(frozen=True, slots=True)
class ListSummary:
    """One list.

    Parameters
    ----------
    name : str
        The list.
    size : int
        n_j, people on it.  Unit: persons.
    singletons : int
        S_j, people on it and on no other.  Unit: persons.
    share_elsewhere : float or None
        Share of its people who are on another list too; None for a list with nobody on it.
    """

    name: str
    size: int
    singletons: int
    share_elsewhere: float | None


@dataclass(frozen=True, slots=True, repr=False)
class Inspection:
    """What a table says before any model.

    Parameters
    ----------
    n_observed : int
        n, people on at least one list.  Unit: persons.
    lists : tuple of ListSummary
        In the table's order.
    pairs : tuple of PairSummary
        All J (J - 1) / 2 pairs of lists.
    frequencies : tuple of int
        f_1, ..., f_J.  Unit: persons.
    components : tuple of tuples of str
        Lists that hang together through people they share; one tuple when all do.  Lists with nobody are left out.
    identical : tuple of (str, str)
        Pairs of lists that hold exactly the same people.
    contained : tuple of (str, str)
        Pairs (inner, outer) where everyone on the inner list is on the outer one, which holds others too.
    """

    n_observed: int
    lists: tuple[ListSummary, ...]
    pairs: tuple[PairSummary, ...]
    frequencies: tuple[int, ...]
    components: tuple[tuple[str, ...], ...]
    identical: NamePairs
    contained: NamePairs

    @property
    def share_on_one_list(self) -> float | None:
        """Share of the people who are on one list only; None when nobody was observed."""
        return self.frequencies[0] / self.n_observed if self.n_observed else None

    @property
    def empty_pairs(self) -> tuple[PairSummary, ...]:
        """Pairs of lists that share nobody, though both hold people."""
        with_people = {row.name for row in self.lists if row.size}
        return tuple(pair for pair in self.pairs if pair.both == 0 and {pair.first, pair.second} <= with_people)

    @property
    def empty_lists(self) -> tuple[str, ...]:
        """Lists that nobody is on."""
        return tuple(row.name for row in self.lists if row.size == 0)

    @property
    def connected(self) -> bool:
        """Whether all lists with people on them hang together through people they share."""
        return len(self.components) == 1

    @property
    def is_wide(self) -> bool:
        """Whether there are so many lists that a summary is shown first."""
        return len(self.lists) > MANY_LISTS

    @property
    def strongest_pairs(self) -> tuple[PairSummary, ...]:
        """The pairs whose odds ratio is farthest from 1 at the nearer end of its interval, the farthest first.

        Ten at most, and none whose interval holds 1.
        """
        signed = [pair for pair in self.pairs if pair.sign]
        return tuple(sorted(signed, key=lambda pair: -pair.distance)[:_STRONGEST])

    @property
    def sizes_in_short(self) -> str:
        """The size of each list, and in brackets its people on no other list, in one sentence."""
        sizes = "; ".join(f"{row.name} {row.size:,} ({row.singletons:,})" for row in self.lists)
        return f"People on each list (on no other list): {sizes}."

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found, in sentences."""
        if not self.lists:
            return (about_captures(self.n_observed, self.frequencies),)
        return (
            *about_people(self.n_observed, self.frequencies),
            *about_lists(self.empty_lists, self.identical, self.contained, self.components),
            *about_pairs(len(self.lists), self.pairs, self.empty_pairs),
        )

    def lists_frame(self) -> pd.DataFrame:
        """The lists as a pandas frame, one row each: people, people on no other list, share found elsewhere."""
        rows = [{"list": row.name, **{name: getattr(row, name) for name in _LIST_COLUMNS}} for row in self.lists]
        return frame_of(rows, {"list": str, **_LIST_COLUMNS})

    def pairs_frame(self) -> pd.DataFrame:
        """The pairs of lists as a pandas frame, one row each: people on both, odds ratio with its interval, a hint."""
        return frame_of([_pair_row(pair) for pair in self.pairs], _PAIR_COLUMNS)

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def __repr__(self) -> str:
        return textwrap.shorten(f"<Inspection: {' '.join(self.sentences)}>", 400, placeholder=" ...>")

    def _repr_html_(self) -> str:
        sentences = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.sentences)
        lists = [
            (
                row.name,
                f"{row.size:,}",
                f"{row.singletons:,}",
                "" if row.share_elsewhere is None else f"{row.share_elsewhere:.0%}",
            )
            for row in self.lists
        ]
        if self.is_wide:
            sizes = f"<p>{html.escape(self.sizes_in_short)}</p>"
            pairs, caption = self.strongest_pairs, "Pairs of lists that depend on each other most clearly"
        else:
            headings = ["list", "people", "on no other list", "share on other lists"]
            sizes = html_table("Lists", headings, lists, right=[1, 2, 3])
            pairs, caption = self.pairs, "Pairs of lists"
        rows = [(pair.first, pair.second, f"{pair.both:,}", pair.odds_ratio_text, pair.hint) for pair in pairs]
        columns = ["list", "second list", "people on both", "odds ratio (95 % confidence interval)", "hint"]
        return (
            f"<div><ul>{sentences}</ul>{sizes}"
            + (html_table(caption, columns, rows, right=[2, 3]) if rows else "")
            + ("<p>Everything: lists_frame(), pairs_frame()</p>" if self.is_wide else "")
            + "</div>"
        )


def inspect_table(table: CaptureTable) -> Inspection:
    """Sizes, overlaps, odds ratios, and what keeps lists from being used.

    Parameters
    ----------
    table : CaptureTable
        Any table, also an empty one or one of a single list.

    Returns
    -------
    Inspection

    Examples
    --------
    >>> from estimation.capture.table import CaptureTable
    >>> table = CaptureTable.from_histories(
    ...     ["A", "B", "C"],
    ...     {"100": 50, "010": 40, "001": 60, "110": 10, "101": 20, "011": 15, "111": 20},
    ... )
    >>> inspection = inspect_table(table)
    >>> print(inspection.pairs[0], inspection.pairs[0].odds_ratio_text)
    A and B 4.00 (1.73 to 9.26)
    >>> print(inspection.sentences[0])
    215 people are on at least one of 3 lists; 150 of them (70 %) are on one list only.
    """
    overlaps = table.overlaps
    lists = tuple(
        ListSummary(name, size, alone, (size - alone) / size if size else None)
        for name, size, alone in zip(table.lists, table.list_sizes.tolist(), table.singletons.tolist(), strict=True)
    )
    pairs = pair_summaries(table) if table.lists else ()
    frequencies = tuple(table.frequencies.tolist())
    components = groups_of_lists(table.lists, overlaps)
    identical, contained = _nested(table.lists, overlaps)
    return Inspection(table.n_observed, lists, pairs, frequencies, components, identical, contained)


def _nested(lists: tuple[str, ...], overlaps: IntArray) -> tuple[NamePairs, NamePairs]:
    """Pairs of identical lists, and pairs (inner, outer) of a list within a larger one."""
    sizes = overlaps.diagonal()
    inside = (overlaps == sizes[:, None]) & (sizes[:, None] > 0)
    pairs = [(i, j) for i, j in np.argwhere(inside).tolist() if i != j]
    identical = tuple((lists[i], lists[j]) for i, j in pairs if i < j and inside[j, i])
    contained = tuple((lists[i], lists[j]) for i, j in pairs if not inside[j, i])
    return identical, contained


_LIST_COLUMNS = {"size": int, "singletons": int, "share_elsewhere": float}
_PAIR_COLUMNS = {
    "list": str,
    "second_list": str,
    "both": int,
    "odds_ratio": float,
    "lower": float,
    "upper": float,
    "level": float,
    "hint": str,
}


def _pair_row(pair: PairSummary) -> dict[str, Cell]:
    row: dict[str, Cell] = dict.fromkeys(_PAIR_COLUMNS)
    row |= {"list": pair.first, "second_list": pair.second, "both": pair.both, "hint": pair.hint}
    if pair.odds_ratio is not None:
        ratio = pair.odds_ratio
        row |= {"odds_ratio": ratio.value, "lower": ratio.lower, "upper": ratio.upper, "level": LEVEL}
    return row
