"""The largest table that is read; whatever is larger is refused in words instead of filling the memory."""

from __future__ import annotations

__all__ = [
    "LARGEST_BYTES",
    "LARGEST_WORKBOOK",
    "LONGEST_LINE",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "MOST_SHEET_CELLS",
    "MOST_SHEET_ROWS",
    "size_in_words",
]

LARGEST_BYTES = 2**30
"""Bytes of a file, and of what a compressed file holds: 1 GiB."""
MOST_ROWS = 20_000_000
"""Rows of a table."""
MOST_COLUMNS = 2**14
"""Columns of a table, as in Excel."""
LONGEST_LINE = 2**24
"""Characters of a line of text, and of a field."""
LARGEST_WORKBOOK = 2**29
"""Bytes to which a workbook unpacks, without its pictures: 512 MiB, which takes minutes."""
MOST_SHEET_ROWS = 2**20
"""Rows of a sheet, as in Excel."""
MOST_SHEET_CELLS = 10_000_000
"""Cells of all sheets of a workbook."""


def size_in_words(n_bytes: int) -> str:
    """A number of bytes as a person says it.

    Examples
    --------
    >>> size_in_words(2**30), size_in_words(5 * 2**20), size_in_words(700)
    ('1.0 GiB', '5.0 MiB', '700 bytes')
    """
    for unit, size in (("GiB", 2**30), ("MiB", 2**20)):
        if n_bytes >= size:
            return f"{n_bytes / size:,.1f} {unit}"
    return f"{n_bytes:,} bytes"
