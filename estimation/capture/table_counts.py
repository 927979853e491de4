"""The numbers of a table: people on each list, on each two lists, on exactly so many, and in each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt

from estimation.errors import TableError

__all__ = ["BoolArray", "FloatArray", "IntArray", "TableCounts"]

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]


class TableCounts:
    """What is counted from capture histories and the people of each; `CaptureTable` has it."""

    __slots__ = ()

    if TYPE_CHECKING:  # a property at run time would be taken for the default of a field

        @property
        def lists(self) -> tuple[str, ...]:
            """Names of the lists."""

        @property
        def patterns(self) -> BoolArray:
            """Capture histories, shape (C, J)."""

        @property
        def counts(self) -> IntArray:
            """People with exactly each history, shape (C,).  Unit: persons."""

    @property
    def n_observed(self) -> int:
        """n, the people on at least one list.  Unit: persons."""
        return int(self.counts.sum())

    @property
    def list_sizes(self) -> IntArray:
        """n_j, shape (J,): the people on each list.  Unit: persons."""
        return self.counts @ self.patterns.astype(np.int64)

    @property
    def overlaps(self) -> IntArray:
        """m_ij, shape (J, J): the people on both lists of a pair; list sizes on the diagonal.  Unit: persons."""
        # Floating point is exact up to MAX_PERSONS, and its matrix product is a hundred times faster.
        on = self.patterns.astype(np.float64)
        return cast(IntArray, ((on.T * self.counts) @ on).astype(np.int64))

    @property
    def frequencies(self) -> IntArray:
        """f_k, shape (J,): the people on exactly 1, 2, ..., J lists.  Unit: persons."""
        seen_on = self.patterns.sum(axis=1)
        return np.bincount(seen_on, weights=self.counts, minlength=len(self.lists) + 1)[1:].astype(np.int64)

    @property
    def singletons(self) -> IntArray:
        """S_j, shape (J,): the people on list j and on no other.  Unit: persons."""
        alone = self.patterns.sum(axis=1) == 1
        return cast(IntArray, self.counts[alone] @ self.patterns[alone].astype(np.int64))

    def cells(self) -> IntArray:
        """All 2^J - 1 observable cells, shape (2^J,): the people with each history, empty histories included.

        Entry ``h`` is the history whose bit j (of value ``2**j``) says whether list j saw the person; entry 0 is the
        unseen cell and is 0 here.  Only for tables small enough to write out.

        Raises
        ------
        TableError
            Above 20 lists, where the full table has over a million cells.

        Examples
        --------
        >>> from estimation.capture.table import CaptureTable
        >>> CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 2}).cells().tolist()
        [0, 5, 3, 2]
        """
        if (n_lists := len(self.lists)) > 20:
            raise TableError("capture table", [f"{n_lists} lists have 2^{n_lists} cells: too many; merge or drop some"])
        codes = self.patterns.astype(np.int64) @ (1 << np.arange(len(self.lists), dtype=np.int64))
        full = np.zeros(1 << len(self.lists), dtype=np.int64)
        full[codes] = self.counts
        return full
