"""Every table of a report as files of its own, for whoever writes a paper or goes on computing with it.

``tables/contents.csv`` names each with its caption, which says the unit and what the intervals are; the tables are
``table-01-....csv`` and ``.tex`` and the sheets of ``tables.xlsx``.  CSV and workbook hold numbers as numbers, LaTeX
holds them as the report writes them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from estimation.files import write_bytes
from estimation.report.document import Document, Part, Section, Table
from estimation.report.latex import latex_of
from estimation.study.report_keys import TableFormat
from estimation.text.spreadsheet import csv_of

__all__ = ["ReportTable", "report_tables", "value_of", "write_tables"]

_NUMBER = re.compile(r"[+\-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?")
_LONGEST_SLUG = 40


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of a report with what it needs where it stands alone.

    Parameters
    ----------
    name : str
        File name without an ending.
    caption : str
        What it shows, with the unit, and of which model where that is said by a heading.
    table : Table
        The table.
    """

    name: str
    caption: str
    table: Table

    @property
    def rows(self) -> list[list[object]]:
        """Headings, where it has some, and cells; numbers as numbers."""
        kinds = self.table.align
        head: list[list[object]] = [list(self.table.columns)] if any(self.table.columns) else []
        cells: list[list[object]] = [
            [value_of(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in self.table.rows
        ]
        return head + cells


def value_of(cell: str, kind: str) -> str | int | float:
    """A cell of a column of numbers as a number, if it is one; all else is text.

    Parameters
    ----------
    cell : str
        What the report prints.
    kind : str
        The letter of its column: ``r`` for numbers.

    Examples
    --------
    >>> value_of("10,422", "r"), value_of("0.25", "r"), value_of("at least 342", "r"), value_of("7", "l")
    (10422, 0.25, 'at least 342', '7')
    """
    if kind != "r" or _NUMBER.fullmatch(cell) is None:
        return cell
    digits = cell.replace(",", "").replace("\N{MINUS SIGN}", "-")
    return int(digits) if re.fullmatch(r"[+-]?\d+", digits) else float(digits)


def report_tables(document: Document) -> tuple[ReportTable, ...]:
    """All tables of a report in their order.

    Parameters
    ----------
    document : Document
        What the report says.
    """
    return tuple(table for section in document.sections for table in _of_section(section))


def _of_section(section: Section) -> Iterator[ReportTable]:
    slug = re.sub(r"[^a-z0-9]+", "-", section.heading.lower())[:_LONGEST_SLUG].strip("-") or "table"
    for block in section.blocks:
        heading = f"{block.heading}: " if isinstance(block, Part) else ""
        for inside in block.blocks if isinstance(block, Part) else (block,):
            if isinstance(inside, Table):
                yield ReportTable(f"table-{inside.number:02d}-{slug}", f"{heading}{inside.caption}", inside)


def write_tables(document: Document, folder: Path, formats: Collection[TableFormat]) -> None:
    """Write the tables of a report; nothing where no format is wanted.

    Parameters
    ----------
    document : Document
        What the report says.
    folder : Path
        Where; it is made.
    formats : collection of str
        As what.
    """
    if not formats:
        return
    folder.mkdir()
    tables = report_tables(document)
    contents: list[list[object]] = [["number", "name", "caption"]]
    contents += [[each.table.number, each.name, each.caption] for each in tables]
    write_bytes(folder / "contents.csv", csv_of(contents).encode("utf-8"))
    for each in tables:
        if "csv" in formats:
            write_bytes(folder / f"{each.name}.csv", csv_of(each.rows).encode("utf-8"))
        if "latex" in formats:
            write_bytes(folder / f"{each.name}.tex", latex_of(each.table, each.caption, each.name).encode("utf-8"))
    if "xlsx" in formats:
        # Imported here because few studies want a workbook.
        from estimation.report.workbook import workbook_of

        write_bytes(folder / "tables.xlsx", workbook_of([(each.caption, each.rows) for each in tables], document.time))
