"""A linkage where a table is wanted: its draws, or the table of one draw that stands in the middle."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from estimation.capture.readers import TableFile
from estimation.capture.stratified import StratifiedTable
from estimation.errors import TableError
from estimation.linkage.linked_tables import LinkedTables, is_linked_tables, linked_tables, read_linked_tables
from estimation.linkage.saved import is_linkage_folder, read_linkage, summary_of_linkage

__all__ = ["central_table_file", "is_linkage", "linked_tables_at"]


def is_linkage(path: Path) -> bool:
    """Whether a place is the folder of a linkage, or a file with the tables of all its draws."""
    return is_linkage_folder(path) or (path.suffix == ".csv" and path.is_file() and is_linked_tables(path))


def linked_tables_at(place: str | os.PathLike[str], by: Sequence[str] = ()) -> LinkedTables | None:
    """The tables of a linkage, where a place is its folder or holds its tables; None for anything else.

    Parameters
    ----------
    place : path
        What was named as a table.
    by : sequence of str
        Labels that the tables are to have.

    Raises
    ------
    LinkageError
        When the linkage there is not whole.
    TableError
        When no record has such a label.
    """
    path = Path(place)
    if is_linkage_folder(path):
        draws = read_linkage(path)
        return linked_tables(draws, by, about=summary_of_linkage(draws))
    if not is_linkage(path):
        return None
    tables = read_linked_tables(path.read_text(encoding="utf-8"), str(path))
    gone = [name for name in by if name not in tables.labels]
    if gone:
        problem = "the tables have no label {!r}; name the folder of the linkage, whose records have labels"
        raise TableError(str(path), [problem.format(name) for name in gone])
    return tables


def central_table_file(tables: LinkedTables) -> TableFile:
    """The table of one draw in the middle, with what stands beside the linkage as what was handled in reading."""
    central = tables.distinct[tables.central]
    notes = tables.about.get("notes")
    return TableFile(
        tables.central_table,
        tuple(str(note) for note in notes) if isinstance(notes, list) else (),
        tables.sha256,
        counts_only=True,
        strata=central if isinstance(central, StratifiedTable) else None,
    )
