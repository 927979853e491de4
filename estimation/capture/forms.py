"""What each column of a sheet is, and the table that follows; or everything that is wrong with it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import numpy as np
import numpy.typing as npt

from estimation.capture.declared import ColumnRole, Declared, Door
from estimation.capture.problems import MAX_PERSONS, name_problems
from estimation.capture.sheets.sheet import Cell, Sheet, first_of
from estimation.capture.table import BoolArray, CaptureTable, IntArray
from estimation.errors import TableError, TableWarning
from estimation.toml_file import nearest

__all__ = ["Understood", "understand", "warn_of"]

_COUNT_NAMES = ("count", "counts", "freq", "frequency", "frequencies", "n")
_MARK = "in_"
_YES = frozenset({"yes", "y", "true", "t"})
_NO = frozenset({"no", "n", "false", "f"})
_BLANK = frozenset({"", "na", "n/a", "#n/a", "nan", "nat", "null", "none", "<na>", ".", "?"})
_BLANK_CODE, _WRONG_CODE = -1, -2

_Codes = npt.NDArray[np.int8]


def _cell_code(value: Cell) -> int:
    """1 on the list, 0 not, or what is wrong with the cell."""
    text = "" if value is None else str(value).strip().lower()
    if text in {"0", "1"}:
        return int(text)
    if text in _YES or text in _NO:
        return int(text in _YES)
    if text in _BLANK:
        return _BLANK_CODE
    try:
        number = Decimal(text)
        return int(number) if number in (0, 1) and "_" not in text else _WRONG_CODE
    except InvalidOperation:
        return _WRONG_CODE


def _quoted(value: Cell) -> str:
    """A cell as it stands in a message, cut where it is a whole story."""
    text = str(value)
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _coded(column: Sequence[Cell]) -> _Codes:
    """Codes of a column, shape (rows,); each distinct value is looked at once."""
    codes = {value: _cell_code(value) for value in set(column)}
    return np.fromiter(map(codes.__getitem__, column), dtype=np.int8, count=len(column))


def _count_column(sheet: Sheet, candidates: list[int]) -> int | None:
    """The column of counts among those that are not known to be lists, if there is one."""
    named = [j for j in candidates if sheet.names[j].lower() in _COUNT_NAMES]
    more_than_one = [j for j in named if not np.isin(_coded(sheet.columns[j]), (0, 1)).all()]
    if len(more_than_one) > 1:
        both = " and ".join(repr(sheet.names[j]) for j in more_than_one)
        raise TableError(sheet.source, [f"{both} could both be the counts; keep one of them, or name it with count="])
    if more_than_one or not named:
        return more_than_one[0] if more_than_one else None
    best = min(named, key=lambda j: (_COUNT_NAMES.index(sheet.names[j].lower()), sheet.names[j] != "count"))
    if sheet.names[best].lower() == "n":
        text = (
            f"{sheet.source}: column {sheet.names[best]!r} holds only 0 and 1 and was not taken as the counts; "
            "if it holds them, call it 'count'"
        )
        warnings.warn(text, TableWarning, stacklevel=4)
        return None
    return best


@dataclass(frozen=True, slots=True)
class Roles:
    """Which columns are lists, what those are called, which column holds the counts, and whether lists were named."""

    columns: list[int]
    names: list[str]
    count: int | None
    named: bool


def _places(sheet: Sheet, lists: Sequence[str], count: str | None) -> tuple[list[int], int | None]:
    """Where the columns are that the caller named, or why they cannot be found."""
    problems = []
    found: list[int] = []
    for name, what in [*((name, "a list") for name in lists), *([] if count is None else [(count, "the counts")])]:
        column = name if name in sheet.names else _MARK + name
        if column not in sheet.names:
            columns = [column for column in sheet.names if column]
            problems.append(f"there is no column {name!r} to take as {what}; {nearest(name, columns)}")
            continue
        if sheet.names.count(column) > 1:
            problems.append(f"the column name {column!r} is used more than once; give each column its own name")
        found.append(sheet.names.index(column))
    if not problems and count is not None and found[-1] in found[:-1]:
        problems.append(f"column {count!r} is named both as a list and as the counts")
    if problems:
        raise TableError(sheet.source, problems)
    return (found, None) if count is None else (found[:-1], found[-1])


def roles_of(sheet: Sheet, lists: Sequence[str] | None, count: str | None) -> Roles:
    """Decide what each column is, or say why that cannot be decided."""
    if not sheet.n_rows:
        raise TableError(sheet.source, ["there is a header and no row below it; nobody was observed"])
    chosen, counted = _places(sheet, lists or (), count)
    marked = [j for j, name in enumerate(sheet.names) if name.startswith(_MARK) and name != _MARK and j != counted]
    if lists is None and not marked:
        columns = [j for j in range(len(sheet.names)) if j != counted and not _is_row_names(sheet, j)]
        counted = _count_column(sheet, columns) if count is None else counted
        columns = [j for j in columns if j != counted]
        return Roles(columns, [sheet.names[j] for j in columns], counted, named=False)
    columns = marked if lists is None else chosen
    names = [sheet.names[j].removeprefix(_MARK) for j in marked] if lists is None else list(lists)
    if count is None:
        counted = _count_column(sheet, [j for j in range(len(sheet.names)) if j not in columns])
        _refuse_doubtful_counts(sheet, columns, counted)
    return Roles(columns, names, counted, named=lists is not None)


def _is_row_names(sheet: Sheet, j: int) -> bool:
    """Whether a column is R's or pandas's row names, or an empty one that a spreadsheet left behind."""
    if sheet.names[j] in {"", "Unnamed: 0"} and j == 0:
        return True
    return not sheet.names[j] and all(not str(value).strip() for value in sheet.columns[j])


def _refuse_doubtful_counts(sheet: Sheet, columns: list[int], counted: int | None) -> None:
    """A column called n among other columns of a person may be anything; a wrong guess would multiply the dead."""
    others = [name for j, name in enumerate(sheet.names) if name and j not in columns and j != counted]
    if counted is not None and sheet.names[counted].lower() == "n" and others:
        message = (
            f"column {sheet.names[counted]!r} may be a count or something about a person; call it 'count' if each row "
            "stands for that many persons, and remove or rename it if each row is one person"
        )
        raise TableError(sheet.source, [message])


def holds_only_counts(sheet: Sheet, roles: Roles) -> bool:
    """Whether a sheet is counts per history, each history once, and says nothing else about anybody."""
    if roles.count is None or not roles.columns:
        return False
    known = {*roles.columns, roles.count}
    others = [column for j, column in enumerate(sheet.columns) if j not in known]
    histories = np.column_stack([_coded(sheet.columns[j]) for j in roles.columns])
    each_history_once = len(np.unique(histories, axis=0)) == sheet.n_rows
    return each_history_once and not any(str(value).strip() for column in others for value in column)


def table_of(sheet: Sheet, roles: Roles) -> CaptureTable:
    """The table, or everything that is wrong with it."""
    problems = name_problems(roles.names)
    codes = np.column_stack([_coded(sheet.columns[j]) for j in roles.columns] or [np.zeros(0, dtype=np.int8)])
    counts, found = (
        (np.ones(sheet.n_rows, dtype=np.int64), [])
        if roles.count is None
        else _counts(sheet, roles.count, sheet.names[roles.count])
    )
    problems += _cell_problems(sheet, roles, codes) + found
    if roles.names:
        problems += _unseen(sheet, np.flatnonzero((codes == 0).all(axis=1) & (counts != 0)), named=roles.named)
    if not problems:
        problems += _twins(roles.names, (codes == 1)[counts > 0])
    if not problems and not counts.any():
        problems.append("every count is 0; nobody was observed")
    if problems:
        raise TableError(sheet.source, problems)
    seen = counts > 0
    table = _built(sheet.source, roles.names, (codes == 1)[seen], counts[seen])
    _warn(sheet, roles, table, np.flatnonzero(seen), codes)
    return table


def _unseen(sheet: Sheet, rows: npt.NDArray[np.intp], *, named: bool) -> list[str]:
    """Rows on no list; where the caller chose the lists, the others may have them, and a margin is what is wanted."""
    what_to_do = "read all lists, then keep() the ones wanted" if named else "remove the row"
    problems = [f"{sheet.row_name(i)}: on no list, so nobody observed them; {what_to_do}" for i in rows.tolist()]
    return first_of(problems, "rows on no list")


def _built(source: str, names: list[str], patterns: BoolArray, counts: IntArray) -> CaptureTable:
    try:
        return CaptureTable(names, patterns, counts)
    except TableError as error:
        raise TableError(source, error.problems) from None


def _whole(value: Cell) -> int | str:
    """A count, or what is wrong with it."""
    text = "" if value is None else str(value).strip()
    if text.lower() in _BLANK:
        return "the count is missing; give the number of persons, or remove the row"
    try:
        number = Decimal(text if "_" not in text else "not a number")
    except InvalidOperation:
        return f"the count {_quoted(text)} is not a number; write it in digits, without separators"
    if not number.is_finite() or number != number.to_integral_value():
        return f"the count {text} is not a whole number; a count is a number of persons"
    if number < 0:
        return f"the count is {text}; a count of persons cannot be negative"
    return int(number) if number <= MAX_PERSONS else f"the count {text} is more persons than ever lived"


def _counts(sheet: Sheet, j: int, name: str) -> tuple[IntArray, list[str]]:
    """The column of counts, shape (rows,) with 1 where it cannot be read, and what is wrong with it."""
    column = sheet.columns[j]
    read = {value: _whole(value) for value in set(column)}
    cells = [read[value] for value in column]
    wrong = [f"{sheet.row_name(i)}, column {name}: {cell}" for i, cell in enumerate(cells) if isinstance(cell, str)]
    numbers = np.array([1 if isinstance(cell, str) else cell for cell in cells], dtype=np.int64)
    return numbers, first_of(wrong, "counts that cannot be used")


def _cell_problems(sheet: Sheet, roles: Roles, codes: _Codes) -> list[str]:
    """What is wrong in the cells of the lists; a column that is no list at all is one problem, not thousands."""
    no_list, wrong, blank = [], [], []
    for place, (j, name) in enumerate(zip(roles.columns, roles.names, strict=True)):
        column, code = sheet.columns[j], codes[:, place]
        n_wrong, n_good = int((code == _WRONG_CODE).sum()), int((code >= 0).sum())
        if not roles.named and not sheet.names[j].startswith(_MARK) and (n_wrong > n_good or not n_good):
            i = int(np.flatnonzero(code < 0)[0])
            counts = "call it 'count' if it holds the counts; " if isinstance(_whole(column[i]), int) else ""
            no_list.append(
                f"column {sheet.names[j]!r} is not 0/1: {sheet.row_name(i)} has {_quoted(column[i])}; {counts}call the "
                "columns that are lists 'in_<list>', name them with lists=, or remove this one"
            )
            continue
        wrong += [
            f"{sheet.row_name(i)}, list {name}: {_quoted(column[i])} is not 0 or 1; write 1 for on the list, 0 for not"
            for i in np.flatnonzero(code == _WRONG_CODE).tolist()
        ]
        blank += [
            f"{sheet.row_name(i)}, list {name}: the cell is blank; write 0 if the person is not on the list"
            for i in np.flatnonzero(code == _BLANK_CODE).tolist()
        ]
    no_list = first_of(no_list, "columns that are not 0/1")
    return no_list + first_of(wrong, "cells that are not 0 or 1") + first_of(blank, "blank cells")


def _twins(names: list[str], patterns: BoolArray) -> list[str]:
    """Lists that hold exactly the same people; lists with nobody are not counted as such."""
    first: dict[bytes, str] = {}
    problems = []
    for j, name in enumerate(names):
        column = patterns[:, j]
        other = first.setdefault(column.tobytes(), name)
        if other != name and column.any():
            problems.append(
                f"lists {other} and {name} are the same column: one list given twice is not two sources; remove one"
            )
    return problems


def _warn(sheet: Sheet, roles: Roles, table: CaptureTable, seen: IntArray, codes: _Codes) -> None:
    """Warn of what was changed in reading, and of what no model can be fitted to."""
    empty = [name for name, size in zip(table.lists, table.list_sizes.tolist(), strict=True) if size == 0]
    if empty:
        text = f"{sheet.source}: nobody is on {', '.join(empty)}; no model can be fitted until it is dropped"
        warnings.warn(text, TableWarning, stacklevel=4)
    repeated = len(seen) - len(table.counts)
    if roles.count is not None and repeated:
        _, first = np.unique(codes[seen], axis=0, return_index=True)
        again = np.delete(seen, first)
        rows = ", ".join(sheet.row_name(i) for i in again[:5].tolist()) + (", ..." if repeated > 5 else "")
        text = f"{sheet.source}: {repeated:,} rows repeat a history that stands above ({rows}); their counts were added"
        warnings.warn(text, TableWarning, stacklevel=4)


@dataclass(frozen=True, slots=True)
class Understood:
    """A sheet as it was understood: the table, what each column is, and what its owner should know."""

    table: CaptureTable
    columns: tuple[ColumnRole, ...]
    notes: tuple[str, ...]
    counts_only: bool


def understand(sheet: Sheet, declared: Declared, *, door: Door) -> Understood:
    """The table in a sheet."""
    del door
    left = [j for j, name in enumerate(sheet.names) if name not in declared.ignore]
    used = Sheet(sheet.source, [sheet.names[j] for j in left], [sheet.columns[j] for j in left], sheet.row_name)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        roles = roles_of(used, declared.lists, declared.count)
        table = table_of(used, roles)
    notes = tuple(str(w.message).removeprefix(f"{sheet.source}: ") for w in caught)
    columns = tuple(ColumnRole(name, "list", "found") for name in table.lists)
    if declared.drop_lists:
        table = table.drop(declared.drop_lists)
    return Understood(table, columns, notes, holds_only_counts(sheet, roles))


def warn_of(sheet: Sheet, notes: Sequence[str], *, stacklevel: int = 3) -> None:
    """Warn of what was set aside or changed in reading."""
    for note in notes:
        warnings.warn(f"{sheet.source}: {note}", TableWarning, stacklevel=stacklevel)
