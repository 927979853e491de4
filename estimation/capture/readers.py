"""Tables of overlapping lists, read from text files, workbooks and Parquet files.

A file becomes columns of cells (`estimation.capture.sheets`), and these become a table (`estimation.capture.forms`), in
whatever form people keep it.  Everything that is wrong in a file is reported at once; what can be read in two ways is
refused with both readings, what each counts, and the declaration that chooses (`estimation.capture.declared`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, overload

from estimation.capture.declared import ColumnRole, Declared, Door, Labels
from estimation.capture.forms.understanding import understand, warn_of
from estimation.capture.sheets.reading import sheet_of
from estimation.capture.sheets.source import Source
from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.errors import TableError

__all__ = ["TableFile", "read_table", "read_table_file"]


@overload
def read_table(
    file: Source,
    /,
    *,
    name: str | None = None,
    lists: Sequence[str] | None = None,
    count: str | None = None,
    id: str | None = None,
    ignore: Sequence[str] = (),
    drop_lists: Sequence[str] = (),
    history: str | None = None,
    source: str | None = None,
    na: Literal[0] | None = None,
    blank: Literal[0] | None = None,
    merge_repeated: bool = False,
    allow_twins: bool = False,
    replicate: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    yes: str | None = None,
    separator: str | None = None,
    header: int | Literal["none"] | None = None,
    decimal: str | None = None,
    keep_totals: bool = False,
) -> CaptureTable: ...


@overload
def read_table(
    file: Source,
    /,
    *,
    strata: Sequence[str],
    sets: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    covers: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    name: str | None = None,
    lists: Sequence[str] | None = None,
    count: str | None = None,
    id: str | None = None,
    ignore: Sequence[str] = (),
    drop_lists: Sequence[str] = (),
    history: str | None = None,
    source: str | None = None,
    na: Literal[0] | None = None,
    blank: Literal[0] | None = None,
    merge_repeated: bool = False,
    allow_twins: bool = False,
    replicate: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    yes: str | None = None,
    separator: str | None = None,
    header: int | Literal["none"] | None = None,
    decimal: str | None = None,
    keep_totals: bool = False,
) -> StratifiedTable: ...


def read_table(
    file: Source,
    /,
    *,
    strata: Sequence[str] | None = None,
    sets: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    covers: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    name: str | None = None,
    lists: Sequence[str] | None = None,
    count: str | None = None,
    id: str | None = None,  # noqa: A002 - one name for one thing, as --id and as in a study file
    ignore: Sequence[str] = (),
    drop_lists: Sequence[str] = (),
    history: str | None = None,
    source: str | None = None,
    na: Literal[0] | None = None,
    blank: Literal[0] | None = None,
    merge_repeated: bool = False,
    allow_twins: bool = False,
    replicate: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    yes: str | None = None,
    separator: str | None = None,
    header: int | Literal["none"] | None = None,
    decimal: str | None = None,
    keep_totals: bool = False,
) -> CaptureTable | StratifiedTable:
    r"""A table of overlapping lists from a file.

    What a column is comes from its name, from what is declared here and from all of its cells, never from one odd
    cell.  Where a file can be read in two ways it is refused, with both readings, what each counts, and the keyword
    that chooses; nothing has to be declared of a file that can be read in one way.

    Parameters
    ----------
    file : path, bytes, or open file
        The table: CSV with a header (with commas, or with another separator as spreadsheets write them), Parquet, or
        what else `estimation.capture.sheets` reads.  Lines above the header that begin with ``#`` and a blank are not
        read.
    strata : sequence of str, optional
        Columns that say where, when or who people were; with them the table is a `StratifiedTable`, in which an empty
        or unknown cell of these columns is a missing label.
    sets : mapping of str to mapping of str to sequence of str, optional
        By column of ``strata``, the texts that stand for one of several values, of whom it is not known which:
        ``{"agent": {"state or unknown": ["state", "not determined"]}}``.
    covers : mapping of str to mapping of str to sequence of str, optional
        By list and column of ``strata``, the values that the list could have seen, where it could not have seen all.
    name : str, optional
        What to call it in messages; by default its path.
    lists, count, id, ignore, drop_lists, history, source
        Which columns are what, as in `estimation.capture.declared.Declared`.
    na, blank, merge_repeated, allow_twins, replicate, yes, keep_totals
        What their cells and rows mean, as there.
    sheet, encoding, separator, header, decimal
        Where the table stands in the file and how it is written, as there.

    Returns
    -------
    CaptureTable or, with ``strata``, StratifiedTable
        Rows with a count of 0 are left out and rows with the same history, and labels, are added.

    Raises
    ------
    TableError
        With everything that is wrong in the file: which row, which list, and what to do; for ``sets`` or ``covers``
        without ``strata``.

    Warns
    -----
    TableWarning
        For everything in the file that was set aside or changed in reading.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder, "deaths.csv").write_text("id,in_police,in_press\n7,1,0\n8,1,1\n9,0,1\n")
    ...     table = read_table(Path(folder, "deaths.csv"))
    >>> print(table)
    3 people on 2 lists (police 2, press 2), 3 distinct histories
    """
    declared = Declared(
        lists=None if lists is None else tuple(lists),
        count=count,
        id=id,
        ignore=tuple(ignore),
        drop_lists=tuple(drop_lists),
        history=history,
        source=source,
        na=na,
        blank=blank,
        merge_repeated=merge_repeated,
        allow_twins=allow_twins,
        replicate=replicate,
        sheet=sheet,
        encoding=encoding,
        yes=yes,
        separator=separator,
        header=header,
        decimal=decimal,
        keep_totals=keep_totals,
    )
    cells = sheet_of(file, name=name, sheet=sheet, encoding=encoding, layout=declared.layout)
    if (sets or covers) and not strata:
        raise TableError(cells.source, ["sets and covers are about labels; name their columns with strata=[...]"])
    labels = Labels(tuple(strata or ()), sets or {}, covers or {})
    understood = understand(cells, declared, door="python", strata=labels)
    warn_of(cells, understood.notes)
    return understood.table if understood.strata is None else understood.strata


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
    columns : tuple of ColumnRole
        What each column was taken for, and why.
    strata : StratifiedTable, optional
        The table with the labels that were declared.
    """

    table: CaptureTable
    notes: tuple[str, ...]
    sha256: str
    counts_only: bool
    columns: tuple[ColumnRole, ...] = ()
    strata: StratifiedTable | None = None


def read_table_file(
    file: Source,
    declared: Declared | None = None,
    *,
    name: str | None = None,
    door: Door = "python",
    strata: Labels | None = None,
) -> TableFile:
    """A table by the rules of `read_table`, and in the same reading what its file is.

    Parameters
    ----------
    file : path, bytes, or open file
        The table, as for `read_table`.
    declared : Declared, optional
        What is declared about its columns.
    name : str, optional
        What to call it in messages; by default its path.
    door : {"python", "command line", "study"}
        Where it is read for, so that a message says how to declare something there.
    strata : Labels, optional
        The columns that say where, when or who people were, where the table is wanted by strata.

    Raises
    ------
    TableError
        When the file is none that `read_table` reads.

    Warns
    -----
    TableWarning
        As `read_table`.
    """
    if isinstance(file, str | os.PathLike) and Path(file).suffix.lower() == ".toml":
        raise TableError(str(file), ["this is a study file and no table; run it with mse run, or name its table"])
    given = declared or Declared()
    sheet = sheet_of(file, name=name, sheet=given.sheet, encoding=given.encoding, layout=given.layout, door=door)
    understood = understand(sheet, given, door=door, strata=strata)
    warn_of(sheet, understood.notes)
    called = Path(sheet.source).name
    counts_only = sheet.form == "text" and understood.counts_only
    notes = tuple(f"{called}: {note}" for note in understood.notes)
    return TableFile(understood.table, notes, sheet.sha256, counts_only, understood.columns, understood.strata)
