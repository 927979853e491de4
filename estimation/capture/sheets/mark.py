"""Capture histories as program MARK keeps them: ``/* a note */ 1101 5 0;``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from estimation.capture.sheets.sheet import Cell, Sheet, first_of
from estimation.errors import TableError

__all__ = ["is_mark", "sheet_from_mark"]

_NOTE = re.compile(r"/\*.*?\*/", re.DOTALL)
_RECORD = re.compile(r"\s*[01.]{2,}(\s+-?\d+(\.\d*)?)*\s*")
_HISTORY = re.compile(r"[01]+")
_LOOKED_AT = 20
_NUMBER = re.compile(r"-?\d+(\.\d*)?")


def is_mark(text: str, name: str) -> bool:
    """Whether a text is histories for MARK: records of a history and numbers, each ended by a semicolon.

    Examples
    --------
    >>> is_mark("1101 5;", "deaths.txt"), is_mark("A;B;1;0;", "deaths.txt"), is_mark("A 1;B", "deaths.inp")
    (True, False, True)
    """
    if name.lower().endswith(".inp"):
        return True
    head = _NOTE.sub(" ", text[: 2**16])
    records = [record for record in head.split(";")[:_LOOKED_AT] if record.strip()]
    complete = records if len(text) <= 2**16 else records[:-1]
    return ";" in head and " " in head.strip() and bool(complete) and all(map(_RECORD.fullmatch, complete))


def sheet_from_mark(text: str, source: str) -> Sheet:
    r"""A column of histories and one of frequencies, or one for each group.

    Raises
    ------
    TableError
        With every record that is no history of 0 and 1 with frequencies.

    Examples
    --------
    >>> sheet = sheet_from_mark("/* men, women */\n1101 5 0;\n0011 2 1;\n", "deaths.inp")
    >>> sheet.names, sheet.columns[2], sheet.row_name(0)
    (['history', 'frequency 1', 'frequency 2'], ['0', '1'], 'line 2')
    """
    text = _NOTE.sub(lambda note: "\n" * note[0].count("\n") + " ", text.replace("\r\n", "\n").replace("\r", "\n"))
    records, lines = _records(text)
    if not records:
        raise TableError(source, ["the file is empty; it needs capture histories such as 1101 1;"])
    long, wide = len(records[0][0]), len(records[0])
    problems = []
    for record, line in zip(records, lines, strict=True):
        history, numbers = record[0], record[1:]
        if not _HISTORY.fullmatch(history):
            problems.append(f"line {line}: the record does not begin with a history of 0 and 1")
        elif len(history) != long:
            problems.append(f"line {line}: the history {history[:40]} has {len(history)} places, the first has {long}")
        elif len(record) != wide or not all(map(_NUMBER.fullmatch, numbers)):
            problems.append(f"line {line}: a history and {wide - 1} numbers are needed, as in the first record")
    if problems:
        raise TableError(source, first_of(problems, "records that are not histories"))
    groups = wide - 1
    names = ["history"] + (["frequency"] if groups == 1 else [f"frequency {i}" for i in range(1, groups + 1)])
    columns: list[Sequence[Cell]] = [list(column) for column in zip(*records, strict=True)]
    words = "without frequencies" if not groups else f"{groups} columns of frequencies or covariates"
    notes = (f"read as histories for MARK: {long} places, {'frequencies' if groups == 1 else words}",)
    return Sheet(source, names, columns, lambda i: f"line {lines[i]}", form="mark", notes=notes)


def _records(text: str) -> tuple[list[list[str]], list[int]]:
    """The fields of each record that is not blank, and the line it begins on."""
    records, lines = [], []
    line = 1
    for record in text.split(";"):
        fields = record.split()
        if fields:
            records.append(fields)
            lines.append(line + record[: len(record) - len(record.lstrip())].count("\n"))
        line += record.count("\n")
    return records, lines
