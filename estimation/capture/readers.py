"""Tables of overlapping lists, read from CSV or Parquet files; everything wrong in a file is reported at once.

Three forms are told apart by what is in them:

counts per history
    one column a list, and a column of counts (``count``, ``freq``, ``n`` ...);
one row per person
    one column a list; where columns are called ``in_<list>``, those are the lists and all others are ignored;
the R form
    either of them with factors Yes/No or TRUE/FALSE for 1/0, quoted, with a first column of row names.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from estimation.capture.forms import holds_only_counts, roles_of, table_of
from estimation.capture.sheets.reading import sheet_of
from estimation.capture.table import CaptureTable
from estimation.errors import TableWarning

__all__ = ["TableFile", "read_table", "read_table_file"]


def read_table(
    path: str | os.PathLike[str], *, lists: Sequence[str] | None = None, count: str | None = None
) -> CaptureTable:
    r"""A table of overlapping lists from a CSV (also ``.csv.gz``) or Parquet file.

    Parameters
    ----------
    path : path
        The file.  CSV is UTF-8, with commas (or semicolons or tabs, as spreadsheets write them) and a header;
        lines above the header that begin with ``# `` are notes and are not read.
    lists : sequence of str, optional
        The columns that are lists.  Without it: the columns called ``in_<list>`` (named without the mark), or else
        all columns but the counts and R's row names.
    count : str, optional
        The column of counts.  Without it: a column called count, counts, freq, frequency, frequencies or n, in
        any case; without such a column every row is one person.

    Returns
    -------
    CaptureTable
        Rows with a count of 0 are left out and rows with the same history are added.

    Raises
    ------
    TableError
        With everything that is wrong in the file: which row, which list, and what to do.

    Warns
    -----
    TableWarning
        Where histories were repeated and added, a list has nobody on it, or a column could be taken in two ways.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder, "deaths.csv").write_text("id,in_police,in_press\n7,1,0\n8,1,1\n9,0,1\n")
    ...     table = read_table(Path(folder, "deaths.csv"))
    >>> print(table)
    3 people on 2 lists (police 2, press 2), 3 distinct histories
    """
    sheet = sheet_of(path)
    roles = roles_of(sheet, lists, count)
    return table_of(sheet, roles)


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table of overlapping lists, and what its file is.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    notes : tuple of str
        What was handled while it was read, as in the warnings, with the file by its name alone: where it lies is no
        finding.
    sha256 : str
        SHA-256 of the file's bytes.
    counts_only : bool
        Whether the file is CSV and holds counts per history, each history once, and nothing else.  Where it does not,
        a row may be one person, or a further column may say something about persons: such a file is not to be handed
        on with a result.  Neither is a Parquet file, which can carry an index and notes unseen.
    """

    table: CaptureTable
    notes: tuple[str, ...]
    sha256: str
    counts_only: bool


def read_table_file(path: str | os.PathLike[str]) -> TableFile:
    """A table by the rules of `read_table`, and in the same reading what its file is.

    Raises
    ------
    TableError
        When the file is none that `read_table` reads.

    Warns
    -----
    TableWarning
        As `read_table`.
    """
    file = Path(path)
    sheet = sheet_of(file)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        roles = roles_of(sheet, None, None)
        table = table_of(sheet, roles)
    for warning in caught:
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    notes = (str(w.message).replace(str(file), file.name) for w in caught if issubclass(w.category, TableWarning))
    counts_only = sheet.form == "text" and holds_only_counts(sheet, roles)
    return TableFile(table, tuple(notes), sheet.sha256, counts_only)
