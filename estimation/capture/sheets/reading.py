"""The way in: from a path, an open file or bytes to columns of cells."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from estimation.capture.declared import Door, Layout
from estimation.capture.sheets.decoding import text_of
from estimation.capture.sheets.delimited import sheet_from_text
from estimation.capture.sheets.kinds import is_workbook, refuse_other_kinds
from estimation.capture.sheets.mark import is_mark, sheet_from_mark
from estimation.capture.sheets.parquet import sheet_from_parquet
from estimation.capture.sheets.sheet import Sheet
from estimation.capture.sheets.source import Content, Source, content_of
from estimation.errors import TableError

__all__ = ["sheet_of", "without_collection"]


def sheet_of(
    source: Source,
    *,
    name: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    layout: Layout | None = None,
    door: Door = "python",
) -> Sheet:
    r"""The columns of a table, whatever it comes in; its bytes are read once.

    At most 1 GiB is read, compressed or not (a workbook: 512 MiB and 10 million cells), 20 million rows, and lines of
    16 million characters; a pipe or device is not waited for.

    Parameters
    ----------
    source : path, bytes, or open file
        The table: text with a separator (``.csv``, ``.tsv``, ``.txt`` ..., also compressed with gzip, bzip2 or xz),
        histories for MARK (``.inp``), a workbook (``.xlsx``, ``.xlsm``) or Parquet.  What it is, the bytes say and
        not the name.  Text is UTF-8, or what its byte order mark says.
    name : str, optional
        What to call it in messages; needed for nothing else.
    sheet : str, optional
        The sheet of a workbook.
    encoding : str, optional
        The encoding of a text that is not UTF-8 and does not say what it is.
    layout : Layout, optional
        What is declared of its separator, headings and decimal mark.
    door : {"python", "command line", "study"}
        For whom messages name the options.

    Returns
    -------
    Sheet
        With the SHA-256 of the bytes, and notes on what was handled.

    Raises
    ------
    TableError
        When it cannot be read, with what it is and what to do.

    Examples
    --------
    >>> sheet_of(b"A|B\n1|0\n", name="deaths.csv").names
    ['A', 'B']
    """
    content = content_of(source, name)
    layout = layout or Layout()
    _check_layout(layout, content.source)
    with without_collection():
        found = _read(content, sheet, encoding, layout, door)
    given = {"sheet": sheet, "encoding": encoding, "separator": layout.separator, "decimal": layout.decimal}
    given["header"] = None if layout.header is None else str(layout.header)
    unused = [key for key, value in given.items() if value is not None and found.form not in _USED[key]]
    if unused:
        raise TableError(
            content.source, [f"{key} was given, and this is {_WORDS[found.form]}; leave it out" for key in unused]
        )
    return replace(found, sha256=content.sha256)


def _check_layout(layout: Layout, source: str) -> None:
    """Refuse what can be no number of a row and no decimal mark."""
    problems = []
    is_row = isinstance(layout.header, int) and not isinstance(layout.header, bool) and layout.header >= 1
    if not (layout.header in {None, "none"} or is_row):
        problems.append(
            f"header is {layout.header!r}; give the number of the line or row that holds the headings, from 1, or none"
        )
    if layout.decimal not in {None, ".", ","}:
        problems.append(f"decimal is {layout.decimal!r}; it can only be . or ,")
    if problems:
        raise TableError(source, problems)


@contextmanager
def without_collection() -> Iterator[None]:
    """Let Python not look for cycles among millions of rows, which have none: reading takes a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


_WORDS = {"text": "text", "mark": "histories for MARK", "parquet": "a Parquet file", "workbook": "a workbook"}
_USED = {
    "sheet": {"workbook"},
    "encoding": {"text", "mark"},
    "separator": {"text"},
    "decimal": {"text"},
    "header": {"text", "workbook"},
}
"""In what forms each declaration means something."""


def _read(content: Content, sheet: str | None, encoding: str | None, layout: Layout, door: Door) -> Sheet:
    """The columns, by what the bytes are and not by what the name says."""
    data, called = content.data, content.source
    if (data.startswith(b"PAR1") and data.endswith(b"PAR1")) or content.name.lower().endswith(".parquet"):
        return sheet_from_parquet(data, called)
    refuse_other_kinds(data, content.name, called)
    if is_workbook(data):
        # Imported here because openpyxl takes half a second, and most tables are text.
        from estimation.capture.sheets.workbook import sheet_from_workbook

        return sheet_from_workbook(data, called, sheet=sheet, header=layout.header, door=door)
    text, notes = text_of(data, called, encoding=encoding, door=door)
    is_declared = layout.separator is not None or isinstance(layout.header, int)  # then it is no file for MARK
    mark = not is_declared and is_mark(text, content.name)
    found = sheet_from_mark(text, called) if mark else sheet_from_text(text, called, layout, door=door)
    ending = Path(content.name).suffix.lower()
    if ending in _OTHER_ENDINGS:
        notes.append(f"the name ends in {ending}, and the file is text with columns")
    return replace(found, notes=(*notes, *found.notes))


_OTHER_ENDINGS = {".xls", ".xlsx", ".xlsm", ".ods", ".sav", ".dta", ".rds", ".rdata", ".json", ".pdf"}
