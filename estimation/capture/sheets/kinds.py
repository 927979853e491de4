"""Files that are not tables of text, workbooks or Parquet are named, by how they begin, with what to do."""

from __future__ import annotations

import io
import re
import zipfile

from estimation.errors import TableError

__all__ = ["is_workbook", "refuse_other_kinds"]

_SAVE = "save the table as CSV (UTF-8) or .xlsx"
_IN_R = "in R: write.csv(table, 'table.csv', row.names = FALSE)"
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"$FL2", "an SPSS file (.sav)", "in SPSS: save as CSV"),
    (b"$FL3", "an SPSS file (.zsav)", "in SPSS: save as CSV"),
    (b"<stata_dta>", "a Stata file (.dta)", "in Stata: export delimited"),
    (bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00", "a SAS file (.sas7bdat)", "in SAS: proc export"),
    (b"HEADER RECORD*******", "a SAS transport file (.xpt)", "in SAS: proc export"),
    (b"RDX2\n", "a file of R objects (.RData)", _IN_R),
    (b"RDX3\n", "a file of R objects (.RData)", _IN_R),
    (b"X\n\0\0\0", "an R object (.rds)", _IN_R),
    (b"RDA2\n", "a file of R objects (.RData)", _IN_R),
    (b"RDA3\n", "a file of R objects (.RData)", _IN_R),
    (b"%PDF-", "a PDF", "copy its table into a spreadsheet, look at every number, and save that as CSV or .xlsx"),
    (b"{\\rtf", "a document (.rtf)", _SAVE),
    (b"SQLite format 3\0", "an SQLite database", "export the table from it as CSV"),
    (b"PGDMP\x01", "a PostgreSQL dump", "export the table from the database as CSV"),
    (b"\0\1\0\0Standard ", "an Access database", "export the table from it as CSV or .xlsx"),
    (b"\x89HDF", "an HDF5 file", _SAVE),
    (b"ARROW1\0\0", "an Arrow or Feather file", "save the table as .parquet or CSV"),
    (b"\x93NUMPY", "a NumPy array (.npy)", _SAVE),
    (b"\x80\x03", "a pickle", "in pandas: to_csv or to_parquet"),
    (b"\x80\x04", "a pickle", "in pandas: to_csv or to_parquet"),
    (b"\x80\x05", "a pickle", "in pandas: to_csv or to_parquet"),
    (b"Obj\x01", "an Avro file", _SAVE),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it, or compress it with gzip"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and name the table inside it"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it and name the table inside it"),
    (b"\x89PNG", "a picture", "type the table into a spreadsheet and save it as CSV or .xlsx"),
    (b"\xff\xd8\xff", "a picture", "type the table into a spreadsheet and save it as CSV or .xlsx"),
    (b"GIF89a", "a picture", "type the table into a spreadsheet and save it as CSV or .xlsx"),
)
_STATA_BEFORE_13 = re.compile(rb"[\x69-\x73][\x01\x02]\x01\x00", re.DOTALL)
_DBASE = re.compile(rb"[\x03\x30\x83\x8b\xf5].[\x01-\x0c][\x01-\x1f]", re.DOTALL)
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_JSON = re.compile(rb'(\{\s*"|\{\s*\}|\[\s*[\[{]|\[\s*-?\d+\s*,)')
_OTHER_TEXT: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"[^\n]*\|[^\n]*\n[ \t:|]*-{3,}[ \t:|-]*\r?(\n|$)"), "a table in Markdown"),
    (re.compile(rb"(?s).{0,2000}\\begin\{(tabular|table|longtable)"), "a table in LaTeX"),
    (re.compile(rb"@relation\s", re.IGNORECASE), "an ARFF file"),
    (re.compile(rb"structure\(list\(|list\(|c\(\d"), "R code (from dput)"),
    (re.compile(rb"(create table|insert into|begin transaction)\s", re.IGNORECASE), "SQL"),
)
_MARKUP = re.compile(rb"<(!doctype|html|head|body|table|meta|style|div|\?xml|!--)", re.IGNORECASE)


def refuse_other_kinds(data: bytes, name: str, source: str) -> None:
    """Refuse what is no table that is read, by its name.

    Parameters
    ----------
    data : bytes
        What the file holds.
    name, source : str
        Its name, and what to call it in the message.

    Raises
    ------
    TableError
        When it is such a file.

    Examples
    --------
    >>> refuse_other_kinds(b"$FL2@(#)", "a.csv", "a.csv")
    Traceback (most recent call last):
    estimation.errors.TableError: a.csv: this looks like an SPSS file (.sav), which is not read; in SPSS: save as CSV
    """
    found = _kind(data, name.lower())
    if found is not None:
        kind, what_to_do = found
        raise TableError(source, [f"this looks like {kind}, which is not read; {what_to_do}"])


def is_workbook(data: bytes) -> bool:
    """Whether bytes are a zip archive with an Excel workbook in it."""
    return data.startswith(_ZIP) and any(part.lower() == "xl/workbook.xml" for part in _parts(data))


def _kind(data: bytes, name: str) -> tuple[str, str] | None:
    """What it is and what to do, where it is none of the forms that are read."""
    for beginning, kind, what_to_do in _BEGINNINGS:
        if data.startswith(beginning):
            return kind, what_to_do
    if data.startswith(_OLE2):
        return _ole2(data)
    if data.startswith(_ZIP):
        return None if is_workbook(data) else _archive(data)
    if name.endswith(".dta") and _STATA_BEFORE_13.match(data):
        return "a Stata file (.dta)", "in Stata: export delimited"
    if name.endswith(".dbf") and _DBASE.match(data):
        return "a dBase file (.dbf)", _SAVE
    if data[257:262] == b"ustar":
        return "a tar archive", "unpack it and name the table inside it"
    return _written(data.removeprefix(b"\xef\xbb\xbf")[:4096].lstrip(), name)


def _written(text: bytes, name: str) -> tuple[str, str] | None:
    """What a text is that is no table."""
    if b"ASCII SPSS PORT FILE" in text[:600]:
        return "an SPSS portable file (.por)", "in SPSS: save as CSV"
    if _MARKUP.match(text):
        saved = " saved as a spreadsheet" if name.endswith((".xls", ".xlsx", ".csv")) else ""
        kind = f"XML{saved}" if text.startswith(b"<?xml") and b"<html" not in text.lower() else f"a web page{saved}"
        return kind, f"open it in a spreadsheet and {_SAVE}"
    ending = name.endswith((".json", ".geojson", ".ndjson", ".jsonl"))
    if _JSON.match(text) or (ending and text.startswith((b"{", b"["))):
        return "JSON", _SAVE
    return next(((kind, _SAVE) for beginning, kind in _OTHER_TEXT if beginning.match(text)), None)


def _ole2(data: bytes) -> tuple[str, str]:
    """What an old Office file is; a workbook with a password is one, too."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "a workbook with a password", "open it and save it without one"
    return "an old Office file (.xls, .doc)", "open it and save the sheet as .xlsx or as CSV (UTF-8)"


def _parts(data: bytes) -> list[str]:
    """The names in a zip archive; none where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return packed.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, LookupError, NotImplementedError, EOFError):
        return []


def _archive(data: bytes) -> tuple[str, str]:
    """What a zip archive is that is no Excel workbook."""
    parts = _parts(data)
    if b"application/vnd.oasis.opendocument" in data[:200]:
        return "an OpenDocument file (.ods, .odt)", "open it and save the sheet as .xlsx or as CSV (UTF-8)"
    if "xl/workbook.bin" in parts:
        return "a binary workbook (.xlsb)", "open it and save it as .xlsx"
    if any(part.startswith("Index/") for part in parts):
        return "an Apple Numbers file", "in Numbers: export to CSV or Excel"
    if "word/document.xml" in parts:
        return "a Word document", "copy its table into a spreadsheet and save that as CSV or .xlsx"
    if any(part.endswith(".npy") for part in parts):
        return "NumPy arrays (.npz)", _SAVE
    if not parts:
        return "a damaged zip archive or workbook", "fetch or save it again"
    inside = ", ".join(repr(part) for part in parts[:3])
    return f"a zip archive (with {inside}{' ...' if len(parts) > 3 else ''})", "unpack it and name the table inside it"
