"""The way in: from a path, an open file or bytes to columns of cells."""

from __future__ import annotations

from dataclasses import replace

from estimation.capture.declared import Door
from estimation.capture.sheets.decoding import text_of
from estimation.capture.sheets.delimited import sheet_from_text
from estimation.capture.sheets.parquet import sheet_from_parquet
from estimation.capture.sheets.sheet import Sheet
from estimation.capture.sheets.source import Source, content_of

__all__ = ["sheet_of"]


def sheet_of(
    source: Source,
    *,
    name: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    door: Door = "python",
) -> Sheet:
    r"""The columns of a table, whatever it comes in; its bytes are read once.

    Parameters
    ----------
    source : path, bytes, or open file
        The table: text with a delimiter (``.csv``, ``.tsv``, ``.txt`` ..., also compressed with gzip, bzip2 or xz), or
        Parquet.  Text is UTF-8, or what its byte order mark says.
    name : str, optional
        What to call it in messages; needed for nothing else.
    sheet : str, optional
        The sheet of a workbook.
    encoding : str, optional
        The encoding of a text that is not UTF-8 and does not say what it is.
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
    if content.data.startswith(b"PAR1") or content.name.lower().endswith(".parquet"):
        found = sheet_from_parquet(content.data, content.source)
        return replace(found, sha256=content.sha256)
    text, notes = text_of(content.data, content.source, encoding=encoding, door=door)
    found = sheet_from_text(text, content.source)
    return replace(found, sha256=content.sha256, notes=(*notes, *found.notes))
