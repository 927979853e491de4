"""Text with a character between its fields becomes a sheet; rows are named by the line an editor shows them on."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

from estimation.capture.declared import Door, Layout
from estimation.capture.sheets.headings import headings_of, histories_without_heading, n_above
from estimation.capture.sheets.limits import LONGEST_LINE, MOST_COLUMNS, MOST_ROWS
from estimation.capture.sheets.separators import BLANKS, Separator, separator_of, with_one_blank
from estimation.capture.sheets.sheet import Cell, Sheet, can_be_row_names, first_of
from estimation.errors import TableError

__all__ = ["rows_of_text", "sheet_from_text"]

_PIECE = 2**20
_PROTECTED = re.compile(r'\s*="([^"]*)"\s*')
_DECIMAL_COMMA = re.compile(r"[+-]?\d+(,\d+)?")

_Rows = list[list[str]]


def sheet_from_text(text: str, source: str, layout: Layout | None = None, *, door: Door = "python") -> Sheet:
    r"""The columns of a text.

    Parameters
    ----------
    text : str
        The text.
    source : str
        What to call it in messages.
    layout : Layout, optional
        What is declared of its separator, headings and decimal mark.
    door : {"python", "command line", "study"}
        Where a message is read.

    Raises
    ------
    TableError
        When it is empty, no table, larger than is read, its rows differ in length, or it is not as it was declared.

    Examples
    --------
    >>> sheet = sheet_from_text("sep=;\nA;B;count\n1;0;5\n0;1;3\n", "deaths.csv")
    >>> sheet.names, sheet.columns[2], sheet.row_name(1)
    (['A', 'B', 'count'], ('5', '3'), 'line 4')
    >>> sheet.notes
    ("the first line says that the separator is ';'",)
    """
    text = text.removesuffix("\x1a")  # the end of a file in DOS
    if "\n" not in text:
        text = text.replace("\r", "\n")
    _refuse_large(text, source)
    layout = layout or Layout()
    whole, text = text, _from_header(text, layout.header)
    separator = separator_of(text if text.strip() else whole, source, declared=layout.separator, door=door)
    notes = _separator_notes(separator) if layout.separator is None else []
    rows, lines = _rows_of(text, source, separator)
    if not (rows or isinstance(layout.header, int)):
        raise TableError(source, ["the file is empty; it needs a header with the names of the lists, and rows"])
    above = n_above(rows, lines, source, layout.header, where="line ", notes=notes, door=door)
    rows, lines = rows[above:], lines[above:]
    _refuse_wide(rows, lines, source)
    if not isinstance(layout.header, int) and (histories := histories_without_heading(rows)) is not None:
        notes.append(
            f"there are no headings: the first column was read as histories of {len(rows[0][0].strip())} places"
        )
        words = separator.words if len(histories[0]) > 1 else ""
        return Sheet(source, *histories, lambda i: f"line {lines[i]}", form="text", notes=tuple(notes), separator=words)
    first, at = ((), "") if layout.header == "none" else (tuple(rows[0]), f"line {lines[0]}")
    header, is_header = headings_of(rows[0], layout.header, notes)
    if first:
        rows, lines = rows[1:], lines[1:]
    if first and is_header:
        rows, lines = _without_repeated_header(first, rows, lines, notes)
    header, rows = _even(header, rows, lines, source, separator, notes)
    columns: list[Sequence[Cell]] = list(zip(*rows, strict=True)) if rows else [() for _ in header]
    if '="' in text:
        columns = [_without_formula(column, name, notes) for column, name in zip(columns, header, strict=True)]
    if "," in text:
        mark = layout.decimal or (None if separator.character != "," else ".")
        columns = [_with_decimal_point(column, name, mark, notes) for column, name in zip(columns, header, strict=True)]
    return Sheet(
        source,
        header,
        columns,
        lambda i: f"line {lines[i]}",
        form="text",
        header=is_header,
        first_row=first,
        first_row_name=at,
        notes=tuple(notes),
        separator=separator.words if len(header) > 1 else "",
    )


def _from_header(text: str, header: int | str | None) -> str:
    """The text with the lines emptied that are not read: above declared headings, or notes that an export writes."""
    if not isinstance(header, int):
        return _without_notes(text)
    above = list(itertools.islice(_lines_of(text), max(header - 1, 0)))
    left = text[sum(map(len, above)) :]
    first_line = above[0] if above and above[0].lower().lstrip('"').startswith("sep=") else "\n" * bool(above)
    return first_line + "\n" * (len(above) - 1) + left


def rows_of_text(text: str, source: str) -> tuple[_Rows, int, list[str]]:
    r"""All rows of a text, blank ones too, the number of the first, and notes; nothing is taken for a heading.

    Raises
    ------
    TableError
        When it is no text with a separator, or larger than is read.

    Examples
    --------
    >>> rows_of_text("A;B\n\n1;2\n", "list.csv")
    ([['A', 'B'], [], ['1', '2']], 1, [])
    """
    text = text.removesuffix("\x1a")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    _refuse_large(text, source)
    text = _without_notes(text)
    separator = separator_of(text, source)
    if separator.character == BLANKS:  # names have blanks in them
        separator = Separator(",", "comma")
    rows, _ = _parsed_either_way(text, source, separator)
    if not any(any(map(str.strip, row)) for row in rows):
        raise TableError(source, ["the file is empty; a list of names needs headings and a row for each person"])
    _refuse_wide(rows, range(1, len(rows) + 1), source)
    return rows, 1, _separator_notes(separator)


def _refuse_large(text: str, source: str) -> None:
    """Refuse what would fill the memory as rows or as one line."""
    n_lines = text.count("\n")
    if n_lines > MOST_ROWS:
        message = f"there are {n_lines:,} lines; the most that is read is {MOST_ROWS:,}: save counts per history"
        raise TableError(source, [message])
    for begin in range(0, len(text) - LONGEST_LINE, LONGEST_LINE):
        if text.find("\n", begin, begin + LONGEST_LINE) < 0:
            line = text.count("\n", 0, begin) + 1
            message = f"line {line} has more than {LONGEST_LINE:,} characters: this is not a table, or not whole"
            raise TableError(source, [message])


def _refuse_wide(rows: _Rows, lines: Sequence[int], source: str) -> None:
    """Refuse more columns than any table has."""
    wide = max(map(len, rows))
    if wide > MOST_COLUMNS:
        line = next(line for row, line in zip(rows, lines, strict=True) if len(row) == wide)
        raise TableError(
            source, [f"line {line} has {wide:,} fields; the most that is read is {MOST_COLUMNS:,} columns"]
        )


def _without_notes(text: str) -> str:
    """The text with the lines above the header emptied that begin with ``# ``, as an export writes its rule."""
    end = notes = 0
    while text.startswith("# ", end):
        notes += 1
        end = text.find("\n", end) + 1 or len(text)
    return "\n" * notes + text[end:] if notes else text


def _separator_notes(separator: Separator) -> list[str]:
    if separator.begins:
        return [f"the first line says that the separator is {separator.character!r}"]
    if separator.character == BLANKS:
        return ["the columns are told apart by blanks"]
    return [] if separator.character in ",;\t" else [f"the separator is the {separator.words}"]


def _lines_of(text: str) -> Iterator[str]:
    """Lines with their ends, a piece of the text at a time: a whole copy would take four bytes a character."""
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin + _PIECE) + 1 or len(text)
        yield from io.StringIO(text[begin:end], newline="")
        begin = end


@contextlib.contextmanager
def _long_fields() -> Iterator[None]:
    """Fields up to the longest line, where csv stops at 131,072 characters."""
    before = csv.field_size_limit(LONGEST_LINE)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _rows_of(text: str, source: str, separator: Separator) -> tuple[_Rows, array[int]]:
    """Rows that are not blank, and the line each begins on; a blank may stand before a quotation mark."""
    rows, numbers = _parsed_either_way(text, source, separator)
    if all(row and row[0] and not row[0].isspace() for row in rows):
        return rows, numbers
    filled = [any(map(str.strip, row)) for row in rows]
    return list(itertools.compress(rows, filled)), array("q", itertools.compress(numbers, filled))


def _parsed_either_way(text: str, source: str, separator: Separator) -> tuple[_Rows, array[int]]:
    """All rows, and the line each begins on; a blank may stand before a quotation mark."""
    try:
        return _parsed(text, separator, skip_blanks=True)
    except _NotCsvError:
        try:
            return _parsed(text, separator, skip_blanks=False)
        except _NotCsvError as error:
            message = f"line {error.line}: this is not CSV ({error}); look for a quotation mark that is not closed"
            raise TableError(source, [message]) from None


class _NotCsvError(Exception):
    """Why a text is not CSV, and the line on which the row begins."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def _parsed(text: str, separator: Separator, *, skip_blanks: bool) -> tuple[_Rows, array[int]]:
    """All rows, and the line each begins on."""
    lines = itertools.islice(_lines_of(text), separator.begins, None)
    fields = with_one_blank(lines) if separator.character == BLANKS else lines
    reader = csv.reader(fields, delimiter=separator.character, strict=True, skipinitialspace=skip_blanks)
    rows: _Rows = []
    numbers = array("q")
    begins = 1 + separator.begins
    try:
        with _long_fields():
            if '"' not in text:  # then every line is a row
                rows.extend(reader)
                numbers.extend(range(begins, begins + len(rows)))
            else:
                for row in reader:
                    rows.append(row)
                    numbers.append(begins)
                    begins = reader.line_num + 1 + separator.begins
    except csv.Error as error:
        raise _NotCsvError(str(error), begins) from None
    return rows, numbers


def _without_repeated_header(
    first: tuple[str, ...], rows: _Rows, lines: array[int], notes: list[str]
) -> tuple[_Rows, array[int]]:
    """Rows without the header once more, as two files put one after the other have it."""
    header = list(first)
    if header not in rows:
        return rows, lines
    again = [line for row, line in zip(rows, lines, strict=True) if row == header]
    where = ", ".join(f"line {line}" for line in first_of([str(line) for line in again], "such lines"))
    notes.append(f"the headings stand again on {where}, which was left out")
    left = [(row, line) for row, line in zip(rows, lines, strict=True) if row != header]
    return [row for row, _ in left], array("q", [line for _, line in left])


def _even(
    header: list[str], rows: _Rows, lines: Sequence[int], source: str, separator: Separator, notes: list[str]
) -> tuple[list[str], _Rows]:
    """Headings and rows of one length, or the rows that are not; row names and trailing separators are known."""
    wide = len(header)
    widths = Counter(map(len, rows))
    if set(widths) <= {wide}:
        return header, rows
    all_wider = set(widths) == {wide + 1}
    if all_wider and not all(not row[-1].strip() for row in rows):
        if not can_be_row_names([row[0] for row in rows]):
            message = (
                f"every row has {wide + 1} fields and the header {wide} ({', '.join(header)[:80]}): a heading is lost, "
                "or the headings stand one column off or on another line; give every column its heading, or declare "
                "which line holds them (header)"
            )
            raise TableError(source, [message])
        notes.append("the first column has no heading and holds row names")
        return ["", *header], rows
    trailing = [i for i, row in enumerate(rows) if len(row) > wide and not any(map(str.strip, row[wide:]))]
    if trailing:
        notes.append(f"a {separator.words} too many at the end of {len(trailing):,} rows was left out")
        for i in trailing:
            rows[i] = rows[i][:wide]
    uneven = [
        f"line {line}: {len(row)} fields where the header has {wide}; a {separator.words} is missing or too many"
        for line, row in zip(lines, rows, strict=True)
        if len(row) != wide
    ]
    if uneven:
        raise TableError(source, first_of(uneven, "rows of the wrong length"))
    return header, rows


def _with_decimal_point(column: Sequence[Cell], name: str, mark: str | None, notes: list[str]) -> Sequence[Cell]:
    """A column of numbers with a decimal comma, with a point; where all could be thousands, only if so declared."""
    if mark == ".":
        return column
    numbers = {str(cell).strip() for cell in column} - {""}
    with_comma = [number for number in numbers if "," in number]
    if not with_comma or not all(_DECIMAL_COMMA.fullmatch(number) for number in numbers):
        return column
    if mark is None and all(len(number.partition(",")[2]) == 3 for number in with_comma):
        return column
    notes.append(f"column {name!r}: the comma is the decimal mark")
    return [str(cell).replace(",", ".") for cell in column]


def _without_formula(column: Sequence[Cell], name: str, notes: list[str]) -> Sequence[Cell]:
    """A column in which cells are protected as ``="0110"``, as the text that a spreadsheet shows."""
    found = [_PROTECTED.fullmatch(str(cell)) for cell in column]
    if not any(found):
        return column
    notes.append(f'column {name!r}: cells such as ="0110" were read as the text in them')
    return [cell if match is None else match[1] for cell, match in zip(column, found, strict=True)]
