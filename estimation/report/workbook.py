"""The tables of a report as one workbook (.xlsx), a sheet each; no cell of it is computed.

A text that a spreadsheet could take for a formula is a cell of text and marked as one, so that it stays text when
somebody edits it.  The same tables at the same time give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from estimation.report.repeatable import repeatable_zip
from estimation.text.spreadsheet import begins_formula

__all__ = ["workbook_of"]

_NOT_IN_CELL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST_CELL = 32_767
_WIDEST = 60
_HEAD_ROW = 3
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")


def workbook_of(tables: Sequence[tuple[str, Sequence[Sequence[object]]]], time: datetime) -> bytes:
    """A workbook with a sheet for each table: its caption, and under it headings and cells.

    Parameters
    ----------
    tables : sequence of (str, rows)
        The caption of each, and its rows.
    time : datetime
        What the workbook says of when it was made.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, (caption, rows) in enumerate(tables, 1):
        _fill(book.create_sheet(f"Table {number}"), caption, rows)
    if not tables:
        book.create_sheet("No table")
    stamp = time.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.properties.created, book.properties.creator = stamp, ""
    content = io.BytesIO()
    book.save(content)
    written = stamp.isoformat().encode("ascii") + b"Z"
    return repeatable_zip(
        content.getvalue(), {"docProps/core.xml": lambda xml: _MODIFIED.sub(rb"\g<1>" + written + rb"\g<2>", xml)}
    )


def _fill(sheet: Worksheet, caption: str, rows: Sequence[Sequence[object]]) -> None:
    """A sheet with a caption and a table."""
    _put(sheet, 1, 1, caption)
    for at, row in enumerate(rows, _HEAD_ROW):
        for column, value in enumerate(row, 1):
            _put(sheet, at, column, value)
            cell = sheet.cell(at, column)
            cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str) and len(value) > _WIDEST)
            if at == _HEAD_ROW:
                cell.font = Font(bold=True)
    for column, cells in enumerate(zip(*rows, strict=True), 1):
        widest = max(len(str(cell)) for cell in cells)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(widest + 2, 8), _WIDEST)
    sheet.freeze_panes = sheet.cell(_HEAD_ROW + 1, 1)


def _put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """A number as a number; a text as a text, whatever it begins with."""
    cell = sheet.cell(row, column)
    if isinstance(value, int | float):
        cell.value = value
        return
    text = _NOT_IN_CELL.sub("\N{REPLACEMENT CHARACTER}", str(value))[:_LONGEST_CELL]
    cell.value = text
    cell.data_type = "s"
    if begins_formula(text):
        cell.quotePrefix = True
