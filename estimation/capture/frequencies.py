"""CaptureFrequencies: how many people were seen once, twice, ..., where nothing says by which lists."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from estimation.capture.problems import MAX_PERSONS
from estimation.capture.table import BoolArray, CaptureTable, IntArray
from estimation.errors import TableError
from estimation.text.counted import counted

__all__ = ["MOST_CAPTURES", "CaptureFrequencies"]

MOST_CAPTURES = 10_000
"""The most captures of one person."""


class CaptureFrequencies(CaptureTable):
    """How many people were captured once, twice, ...: a table of which the histories are not known.

    Models that need no more than that can be fitted to it (`estimation.models.classical.chao.ChaoLowerBound`); others
    say what they lack.

    Parameters
    ----------
    frequencies : sequence of int
        f_1, f_2, ...: people with exactly 1, 2, ... captures.  Unit: persons.

    Raises
    ------
    TableError
        When a number is negative, or they are too many.

    Examples
    --------
    >>> table = CaptureFrequencies([1645, 183, 37, 13, 1, 1])
    >>> table.n_observed, table.frequencies[:2].tolist()
    (1880, [1645, 183])
    >>> print(table)
    1,880 people by their number of captures (1,645 once, 183 twice, 52 more often)
    """

    __slots__ = ("_frequencies",)

    _frequencies: IntArray

    def __init__(self, frequencies: Sequence[int]) -> None:
        given = np.asarray(list(frequencies), dtype=np.int64)
        if given.ndim != 1 or (given < 0).any() or len(given) > MOST_CAPTURES or sum(given.tolist()) > MAX_PERSONS:
            raise TableError("capture frequencies", ["f_1, f_2, ... are numbers of people, none of them negative"])
        seen = np.flatnonzero(given)
        known = given[: int(seen[-1]) + 1] if seen.size else given[:0]
        known.flags.writeable = False
        object.__setattr__(self, "_frequencies", known)
        object.__setattr__(self, "lists", ())
        object.__setattr__(self, "_sha256", None)

    @property
    def frequencies(self) -> IntArray:
        """f_k, shape (K,): the people with exactly 1, 2, ..., K captures.  Unit: persons."""
        return self._frequencies

    @property
    def n_observed(self) -> int:
        """n, the people with a capture or more.  Unit: persons."""
        return int(self._frequencies.sum())

    @property
    def patterns(self) -> BoolArray:
        """Not known.

        Raises
        ------
        TableError
            Always.
        """
        return self._unknown()

    @property
    def counts(self) -> IntArray:
        """Not known.

        Raises
        ------
        TableError
            Always.
        """
        return self._unknown()

    @property
    def list_sizes(self) -> IntArray:
        """Nothing: no list is known."""
        return np.zeros(0, dtype=np.int64)

    @property
    def singletons(self) -> IntArray:
        """Nothing: no list is known."""
        return np.zeros(0, dtype=np.int64)

    @property
    def overlaps(self) -> IntArray:
        """Nothing: no list is known."""
        return np.zeros((0, 0), dtype=np.int64)

    @property
    def csv_text(self) -> str:
        """The numbers as CSV text, the form that is summed up in `sha256`."""
        rows = (f"{k},{people}\n" for k, people in enumerate(self._frequencies.tolist(), 1))
        return "captures,count\n" + "".join(rows)

    def _unknown(self) -> NoReturn:
        message = (
            "the table says how often people were captured and not by which lists; this needs a table with a column "
            "for each list"
        )
        raise TableError("capture frequencies", [message])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CaptureFrequencies):
            return False if isinstance(other, CaptureTable) else NotImplemented
        return np.array_equal(self._frequencies, other._frequencies)

    def __hash__(self) -> int:
        return hash(self._frequencies.tobytes())

    def __str__(self) -> str:
        words = [f"{int(f):,} {word}" for f, word in zip(self._frequencies, ("once", "twice"), strict=False)]
        more = int(self._frequencies[2:].sum())
        words += [f"{more:,} more often"] if more else []
        return (
            f"{counted(self.n_observed, 'person', 'people')} by their number of captures "
            f"({', '.join(words) or 'nobody'})"
        )

    def __repr__(self) -> str:
        return textwrap.shorten(f"<CaptureFrequencies: {self}>", 400, placeholder=" ...>")

    def _repr_html_(self) -> str:
        return f"<p>{self}</p>"
