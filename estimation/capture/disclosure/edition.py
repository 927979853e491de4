"""What a public edition of a study may say of its table: the safe table, and the margins that may stand beside it."""

from __future__ import annotations

from dataclasses import dataclass

from estimation.capture.disclosure.safe_table import SafeTable, merge_small_cells
from estimation.capture.table import CaptureTable

__all__ = ["Edition", "edition_of"]


@dataclass(frozen=True, slots=True)
class Edition:
    """What a public edition says of a table, and what it leaves out.

    Parameters
    ----------
    minimum : int
        k, the least number of people that a cell may show.  Unit: persons.
    safe : SafeTable
        The table with lists merged until no cell is small and none can be worked out.
    lists : tuple of str
        The lists of the table as it was.
    n_observed : int
        People on at least one of them.  Unit: persons.
    sizes : tuple of int or None
        People on each list; None where that would give a small cell away.  Unit: persons.
    frequencies : tuple of int or None
        People on exactly 1, 2, ... lists, the last on so many or more where ``safe.published`` pools them; None where
        they would give a small cell away.  Unit: persons.
    left_out : tuple of str
        What else of the study is not in the edition, and why, one sentence each.
    """

    minimum: int
    safe: SafeTable
    lists: tuple[str, ...]
    n_observed: int
    sizes: tuple[int, ...] | None
    frequencies: tuple[int, ...] | None
    left_out: tuple[str, ...] = ()

    @property
    def pooled_from(self) -> int | None:
        """Lists from which on people are one number; None where each number of lists is its own."""
        return self.safe.published.pooled_from

    @property
    def rule(self) -> str:
        """What the edition promises, in a sentence."""
        return (
            f"Every capture history of fewer than {self.minimum} people has, to a reader of everything in this folder "
            f"that counts people, at least {self.minimum} possible values, {self.minimum} or more among them."
        )

    @property
    def not_covered(self) -> str:
        """What the rule does not promise, in a sentence or two."""
        return (
            "The estimates are computed from the whole table and rounded, most to three digits. An estimate tells "
            "something of the cells that it is made from, most where one small cell carries it; the rule does not "
            "count that."
        )


def edition_of(table: CaptureTable, *, minimum: int) -> Edition:
    """What a public edition may say of a table.

    Parameters
    ----------
    table : CaptureTable
        The table as it is.
    minimum : int
        k, the least number of people that a cell may show; 2 or more.  Unit: persons.

    Raises
    ------
    SettingError, TableError
        As in `merge_small_cells`.

    Examples
    --------
    >>> table = CaptureTable.from_histories(
    ...     ["A", "B", "C"], {"100": 60, "010": 50, "001": 40, "110": 24, "101": 20, "011": 15, "111": 2}
    ... )
    >>> edition = edition_of(table, minimum=5)
    >>> edition.n_observed, edition.sizes, edition.frequencies
    (211, (106, 91, 77), None)
    """
    safe = merge_small_cells(table, minimum=minimum)
    margins = safe.published
    frequencies: list[int] = table.frequencies.tolist()
    if margins.pooled_from is not None:
        frequencies = [*frequencies[: margins.pooled_from - 1], sum(frequencies[margins.pooled_from - 1 :])]
    return Edition(
        minimum=minimum,
        safe=safe,
        lists=table.lists,
        n_observed=table.n_observed,
        sizes=tuple(table.list_sizes.tolist()) if "list_sizes" in margins else None,
        frequencies=tuple(frequencies) if "frequencies" in margins else None,
    )
