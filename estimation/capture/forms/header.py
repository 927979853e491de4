"""A sheet whose first row is no header, or whose headings stand over the wrong columns, is refused with that row."""

from __future__ import annotations

from estimation.capture.forms.cells import text_in, whole_in
from estimation.capture.forms.headings import history_in, is_cell
from estimation.capture.forms.reading import Reading
from estimation.capture.sheets.sheet import can_be_row_names

__all__ = ["refuse_lost_header"]


def refuse_lost_header(reading: Reading) -> None:
    """Refuse a first row of cells, or a column of 0 and 1 that has lost its heading; set row names aside."""
    sheet, names = reading.sheet, reading.sheet.names
    declared = reading.declared
    if _has_no_header(reading) and not (declared.lists or all(history_in(name) for name in names if name)):
        if _are_histories_without_zeros(reading):
            reading.refuse(
                f"the headings {_quoted(tuple(names))} are capture histories that lost their leading zeros, as a "
                "spreadsheet loses them; keep them as text (0110, not 110)"
            )
        where, row = sheet.first_row_name or "the header", _quoted(sheet.first_row or tuple(names))
        reading.refuse(
            f"{where} is {row}: this reads like a row of cells and not like headings, so the names of the lists are "
            f"lost; write a line with them above it, or say {reading.option('header', 'none')}"
        )
    for place in reading.free:
        column = reading.columns[place]
        if names[place] not in {"", "Unnamed: 0"}:
            continue
        if column.is_blank:
            reading.take(place, "set aside", "empty")
        elif place == 0 and can_be_row_names(sheet.columns[0]) and not (column.is_binary and len(column.at) == 1):
            reading.take(place, "row names", "the first column, without a heading, and no name twice")
        elif column.is_mostly_binary or column.is_whole:
            row = _quoted(sheet.first_row or tuple(names))
            reading.refuse(
                f"column {place + 1} has no heading and holds {text_in(sheet.columns[place][0])!r} and the like, as a "
                f"list does; the headings are {row}: a heading is lost; give the column its own"
            )
        else:
            reading.take(place, "set aside", "no heading")


def _has_no_header(reading: Reading) -> bool:
    """Whether each heading could be a cell of its own column: 0 and 1 over lists, or numbers over numbers."""
    sheet = reading.sheet
    if sheet.header and (sheet.form not in {"frame", "parquet"} or sheet.names == _numbered(len(sheet.names))):
        return False
    named = [(name, column) for name, column in zip(sheet.names, reading.columns, strict=True) if name]
    over_lists = [name for name, column in named if column.is_mostly_binary]
    if over_lists:
        return all(is_cell(name) for name in over_lists)
    return bool(named) and all(whole_in(name) is not None and column.is_whole for name, column in named)


def _are_histories_without_zeros(reading: Reading) -> bool:
    """Whether there is one row of counts below headings such as 1, 10, 11, 100."""
    names = reading.sheet.names
    lengths = {len(name) for name in names}
    zeros_and_ones = all(name and set(name) <= {"0", "1"} for name in names)
    return reading.n_rows == 1 and zeros_and_ones and len(lengths) > 1 and len(set(names)) == len(names) > 2


def _numbered(n: int) -> list[str]:
    """The headings of a frame that was made without any."""
    return [str(place) for place in range(n)]


def _quoted(row: tuple[object, ...]) -> str:
    """A row as it stands in the file."""
    text = ",".join(text_in(cell) if isinstance(cell, str | int | float) else "" for cell in row)
    return repr(text if len(text) <= 80 else text[:77] + "...")
