"""Lists of names from text files, workbooks and Parquet files.

A file becomes rows as they stand (`estimation.capture.sheets.grid`), these become people: headings and what each column
holds are found, rows that stand for nobody are set aside and counted, names and dates are read column by column.  Every
value stays beside what it was read as.  What can be read in two ways is asked, all of a file at once, by row and never
with a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from estimation.capture.sheets.grid import Grid, GridFile, grids_of
from estimation.capture.sheets.reading import without_collection
from estimation.capture.sheets.source import Source
from estimation.errors import TableError, UndecidedTableError
from estimation.lists.declared import COLUMN_KEYS, ColumnKey, DeclaredList, ListDoor
from estimation.lists.declared import list_option as option
from estimation.lists.list_reading import ListReading
from estimation.lists.name_list import NameList
from estimation.lists.normal import normalise
from estimation.lists.parts import Part
from estimation.text.counted import counted
from estimation.toml_file import checked_keys, nearest

__all__ = ["name_list_of", "name_lists_of", "read_name_lists", "read_names"]


def read_names(
    file: Source,
    /,
    *,
    name: str | None = None,
    columns: Mapping[ColumnKey, str] | None = None,
    labels: Mapping[str, str] | None = None,
    sheet: str | None = None,
    part: str | None = None,
    header: int | None = None,
    encoding: str | None = None,
    statuses: Sequence[str] | None = None,
    carried: Sequence[str] | None = None,
    duplicate_free: bool = False,
    version_of: str = "",
    dates: Mapping[str, Any] | None = None,
    names: Mapping[str, Any] | None = None,
    covers: Mapping[str, Any] | None = None,
    several: Literal["refuse", "split", "leave out"] = "refuse",
    age_zero: Literal["ask", "infant", "missing"] = "ask",
    undecided: Literal["refuse", "missing"] = "refuse",
) -> NameList:
    r"""The people on a list.

    Parameters
    ----------
    file : path, bytes, or open file
        The list: text with a separator in any encoding, a workbook, or Parquet.
    name : str, optional
        What to call the list; by default the name of its file without ending, or what the file calls a part of it.
    columns, labels, sheet, part, header, encoding, statuses, carried, duplicate_free, version_of
        What is declared of it, as in `estimation.lists.declared.DeclaredList`.
    dates, names, covers : mapping of str to object, optional
        The same, with the keys of `estimation.lists.declared.DateRules`, `estimation.lists.declared.NameRules` and
        `estimation.lists.declared.Covers`.
    several, age_zero, undecided
        What becomes of what can be read in two ways, as there.

    Returns
    -------
    NameList
        Every record of the list, those that cannot be linked too, with what was handled in its notes.

    Raises
    ------
    TableError
        When it cannot be read, with everything that is wrong, by row.
    UndecidedTableError
        When something can be read in two ways: a sheet, a heading, or (unless ``undecided="missing"``) cells.

    Examples
    --------
    >>> data = b"Name,Age,Date of death\nSimin Punehchin,20,5 September 1988\nUnknown,,1988\n"
    >>> found = read_names(data, name="list")
    >>> [(record.row, record.kind) for record in found.records], found.linkable[0].names[0].family
    ([(2, 'person'), (3, 'unnamed')], 'punehchin')
    """
    declared = _declared(
        columns=columns or {},
        labels=labels or {},
        sheet=sheet,
        part=part,
        header=header,
        encoding=encoding,
        statuses=statuses,
        carried=carried,
        duplicate_free=duplicate_free,
        version_of=version_of,
        dates=dates or {},
        names=names or {},
        covers=covers or {},
        several=several,
        age_zero=age_zero,
        undecided=undecided,
    )
    return name_list_of(file, declared, name=name)


def read_name_lists(file: Source, /, *, undecided: Literal["refuse", "missing"] = "refuse") -> tuple[NameList, ...]:
    """Every list that a file holds: one for each sheet with people, and for each part that the file itself tells apart.

    Parameters
    ----------
    file : path, bytes, or open file
        As for `read_names`.
    undecided : {"refuse", "missing"}
        As for `read_names`.
    """
    return name_lists_of(file, DeclaredList(undecided=undecided))


def name_list_of(
    file: Source, declared: DeclaredList, *, name: str | None = None, door: ListDoor = "python"
) -> NameList:
    """One list, as declared.

    Parameters
    ----------
    file : path, bytes, or open file
        The file.
    declared : DeclaredList
        What is declared of it.
    name : str, optional
        What to call it.
    door : {"python", "command line", "study"}
        For whom messages name what can be declared.

    Raises
    ------
    TableError, UndecidedTableError
        As `read_names`.
    """
    with without_collection():
        opened = grids_of(file, name=name if isinstance(file, bytes) else None, encoding=declared.encoding, door=door)
        readings = _with_people(opened, declared, door)
    if len(readings) > 1:
        sheets = "; ".join(f"{each.grid.title!r} ({counted(each.n_rows, 'row')})" for each in readings)
        example = option(door, "sheet", readings[0].grid.title)
        question = f"{len(readings)} sheets hold people: {sheets}; say which: {example}"
        if len({tuple(map(normalise, each.columns.headings)) for each in readings}) == 1:
            question += ". Their headings are the same: if they are one list, put their rows onto one sheet"
        raise UndecidedTableError(opened.source, [question])
    (reading,) = readings
    parts = reading.parts
    if parts and declared.part is None:
        listed = "; ".join(f"{each.prefix} ({each.name}, {counted(each.n_rows, 'row')})" for each in parts)
        example = option(door, "part", parts[0].prefix)
        message = (
            f"the sheet holds {len(parts)} lists, told by how the identifier begins: {listed}; say which: {example}"
        )
        raise UndecidedTableError(opened.source, [message])
    chosen = None if declared.part is None else _part(parts, declared.part, opened.source)
    with without_collection():
        return reading.name_list(name or (chosen.name if chosen else "") or opened.name, chosen)


def name_lists_of(file: Source, declared: DeclaredList, *, door: ListDoor = "python") -> tuple[NameList, ...]:
    """Every list of a file: sheets with people, and parts of a sheet; the one that is declared where one is.

    Parameters
    ----------
    file : path, bytes, or open file
        The file.
    declared : DeclaredList
        What is declared of it.
    door : {"python", "command line", "study"}
        For whom messages name what can be declared.
    """
    with without_collection():
        opened = grids_of(file, encoding=declared.encoding, door=door)
        readings = _with_people(opened, declared, door)
        return tuple(_every_list(opened, readings, declared))


def _every_list(opened: GridFile, readings: Sequence[ListReading], declared: DeclaredList) -> Iterator[NameList]:
    """The lists of sheets with people."""
    for reading in readings:
        own = f"{opened.name} {reading.grid.title}" if len(readings) > 1 else opened.name
        if declared.part is not None:
            chosen = _part(reading.parts, declared.part, opened.source)
            yield reading.name_list(chosen.name, chosen)
        elif reading.parts:
            yield from (reading.name_list(part.name, part) for part in reading.parts)
        else:
            yield reading.name_list(own, None)


def _with_people(opened: GridFile, declared: DeclaredList, door: ListDoor) -> list[ListReading]:
    """The sheets that hold people, or the one that is declared."""
    grids = list(opened.grids)
    if declared.sheet is not None:
        if opened.form != "workbook":
            raise TableError(opened.source, ["a sheet is declared, and this is no workbook; leave it out"])
        titles = [grid.title for grid in grids]
        same = [grid for grid in grids if grid.title.strip().casefold() == declared.sheet.strip().casefold()]
        if len(same) != 1:
            message = f"there is no sheet {declared.sheet[:40]!r}; {nearest(declared.sheet[:40], titles)}"
            raise TableError(opened.source, [message])
        return [_reading(opened, same[0], declared, door)]
    if len(grids) == 1:
        return [_reading(opened, grids[0], declared, door)]
    found = [ListReading.of(opened, grid, declared, door) for grid in grids]
    people = [each for each in found if isinstance(each, ListReading) and each.columns.names and each.n_rows]
    if not people:
        message = (
            "no sheet holds a list of names: no headings of names were found; name the sheet, and the row of its "
            "headings (header)"
        )
        raise TableError(opened.source, [message])
    return people


def _reading(opened: GridFile, grid: Grid, declared: DeclaredList, door: ListDoor) -> ListReading:
    """The reading of a sheet that must hold people."""
    found = ListReading.of(opened, grid, declared, door)
    if isinstance(found, str):
        raise TableError(opened.source, [found])
    if not found.columns.names and not found.columns.questions:
        headings = [text for text in found.columns.headings if text]
        if found.columns.places:
            listed, first = f"the headings are {', '.join(map(repr, headings))[:300]}", found.columns.headings[0]
        else:  # what was taken for headings may be the first person
            listed, first = f"none of the {len(headings):,} cells of the row of headings says what a column holds", ""
        example = option(door, "columns.name", first or "...")
        message = (
            f"no column of names was found; {listed}: say which holds what, such as {example} "
            f"(keys: {', '.join(COLUMN_KEYS)})"
        )
        raise TableError(opened.source, [message])
    return found


def _part(parts: Sequence[Part], wanted: str, source: str) -> Part:
    same = [part for part in parts if wanted.casefold() in {part.prefix.casefold(), part.name.casefold()}]
    if len(same) != 1:
        known = [part.prefix for part in parts]
        words = nearest(wanted[:40], known) if known else "the file does not say that one sheet holds several lists"
        raise TableError(source, [f"there is no part {wanted[:40]!r}; {words}"])
    return same[0]


def _declared(**given: object) -> DeclaredList:
    """What a call declares, checked as a study is."""
    declared = {key: value for key, value in given.items() if value is not None}
    return checked_keys(declared, DeclaredList, source="read_names", error=TableError)
