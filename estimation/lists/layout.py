"""Where the headings of a sheet stand, and what each row below is: somebody, a section, a total, a footer, nothing.

Every row that is not read as somebody is counted with the reason, so that a reader can look at each of them.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from estimation.capture.forms.vocabulary import words
from estimation.capture.sheets.grid import Grid, GridCell, Merged
from estimation.capture.sheets.values import is_value
from estimation.lists.headings import heading_of
from estimation.lists.name_list import DroppedRow
from estimation.lists.normal import normalise

__all__ = ["OTHER_HEADINGS", "OTHER_LIST", "BodyRow", "Headings", "body_of", "cell_text", "find_headings"]

OTHER_HEADINGS = "headings of another table"
"""Why a row is dropped at which another table begins."""

OTHER_LIST = "the title of another list"
"""Why a row is dropped at which another list begins."""

_OF_NAMES = frozenset({"name", "given", "family", "full"})
_OF_FACTS = frozenset({"date", "birth", "death", "age", "sex", "place", "city", "year"})
_LIST_WORD = re.compile(
    r"^(?:list|table|liste|lista|listado|tabla|tableau|tabelle|verzeichnis|список|перелік|таблица|таблиця|списак|spisak|"
    r"popis|tabela|tablo|liste[si]*|قایمه|جدول|کشف|لیست|فهرست|source|fuente|quelle)\b"
)
_LOOKED_AT = 40
_LONGEST_HEADING = 80
_TOTALS = words(
    """
    всього загалом total totals totaux totales totali totale subtotal sum summe gesamt insgesamt ukupno zbroj suma razem
    итого всего итог разом усього toplam جمع مجموع المجموع مجموعا الاجمالی اجمالی کل gjithsej shuma jumlah
    osszesen totaal 合計 总计 soustotal zwischensumme gesamtsumme granttotal grandtotal arayekun aratoplam
    geneltoplam medjuzbir meduzbir подытог подитог
    """
)
_PAGE = re.compile(r"(page|pagina|página|seite|страница|стр|صفحه|صفحة|strana|sayfa)\W*\d+", re.IGNORECASE)
_FOOTNOTE = re.compile(
    r"^\W*(\*|†|‡|[¹²³⁴⁵⁶⁷⁸⁹]|\[\d+\]|notes?|sources?|nota|fuentes?|quellen?|примеч|источник|منبع|منابع|ملاحظ|المصدر|المصادر|"
    r"napomena|izvor|kaynak)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a sheet.

    Parameters
    ----------
    texts : tuple of str
        One a column, two levels after each other; empty where a column has none.
    own : tuple of str
        The lowest level alone, as it stands: what a repeated row of headings is known by.
    rows : tuple of int
        Their rows, as a spreadsheet numbers them; empty where the file itself tells them from rows.
    body : int
        The first row below them, as a place in the grid.
    """

    texts: tuple[str, ...]
    own: tuple[str, ...]
    rows: tuple[int, ...]
    body: int


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A row that stands for somebody.

    Parameters
    ----------
    number : int
        As a spreadsheet shows it.
    cells : tuple of cells
        As they stand, with values carried down where cells are merged.
    section : str
        What stands on the section row above it; empty without one.
    """

    number: int
    cells: tuple[GridCell, ...]
    section: str = ""


def cell_text(cell: GridCell) -> str:
    """A cell as text: dates in ISO form, a list as JSON.

    Examples
    --------
    >>> cell_text(datetime.date(1988, 7, 30)), cell_text(("a", "b")), cell_text(None), cell_text(41)
    ('1988-07-30', '["a", "b"]', '', '41')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, tuple):
        return json.dumps(cell, ensure_ascii=False)
    return cell.isoformat() if isinstance(cell, datetime.date) else str(cell)


def _is_filled(cell: GridCell) -> bool:
    return cell is not None and cell != () and not (isinstance(cell, str) and not cell.strip())


def _filled(row: Sequence[GridCell]) -> list[int]:
    return [at for at, cell in enumerate(row) if _is_filled(cell)]


def find_headings(grid: Grid, *, header: int | None = None) -> Headings | None:
    """The headings of a sheet, on one row or two; None where no row reads like headings.

    Parameters
    ----------
    grid : Grid
        The sheet.
    header : int, optional
        The row they stand on, or the lower of two, where it is declared.
    """
    if grid.headings:
        return Headings(grid.headings, grid.headings, (), 0)
    if header is not None:
        at = header - grid.first_number
        return _levels(grid, at) if 0 <= at < len(grid.rows) and _filled(grid.rows[at]) else None
    scores = [_heading_score(row) for row in grid.rows[:_LOOKED_AT]]
    best = max(scores, default=0)
    least = 1 if grid.n_columns <= 2 else 2
    if best < least:
        return None
    at = next(i for i, score in enumerate(scores) if score >= max(least, 0.6 * best))
    return _levels(grid, at)


def _heading_score(row: Sequence[GridCell]) -> int:
    """How many cells of a row read like headings; 0 where it reads like values."""
    cells = [row[at] for at in _filled(row)]
    if not cells or sum(map(_can_be_heading, cells)) < 0.7 * len(cells):
        return 0
    known = [cell for cell in cells if _can_be_heading(cell) and heading_of(str(cell)).concepts]
    return len({str(cell).strip().casefold() for cell in known})


def _can_be_heading(cell: GridCell) -> bool:
    return _is_short_text(cell) and not _has_long_number(str(cell))


def _is_short_text(cell: GridCell) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONGEST_HEADING and not is_value(cell)


def _has_long_number(text: str) -> bool:
    """Whether three digits stand next to each other, in any script; most cells have no digit and are not folded."""
    return any(map(str.isnumeric, text)) and re.search(r"\d{3}", normalise(text)) is not None


def _levels(grid: Grid, at: int) -> Headings:
    """Headings on a row, with the level above or below it that belongs to them."""
    own = [cell_text(cell).strip() for cell in grid.rows[at]]
    number = grid.first_number + at
    below = _level_below(grid, at)
    if below is not None:
        texts = [" ".join(filter(None, parts)) for parts in zip(_spread(grid, at), below, strict=True)]
        return Headings(tuple(texts), tuple(below), (number, number + 1), at + 2)
    above = _level_above(grid, at)
    if above is None:
        return Headings(tuple(map(_on_line, own)), tuple(own), (number,), at + 1)
    texts = [" ".join(filter(None, parts)) for parts in zip(above, own, strict=True)]
    return Headings(tuple(map(_on_line, texts)), tuple(own), (number - 1, number), at + 1)


def _on_line(text: str) -> str:
    return " ".join(text.split())


def _level_above(grid: Grid, at: int) -> list[str] | None:
    """The headings of groups of columns above a row of headings."""
    if at == 0:
        return None
    upper = grid.rows[at - 1]
    places = _filled(upper)
    spans = _spans(grid, at - 1)
    whole = any(last - first + 1 >= grid.n_columns for first, last in spans)
    is_group = len(places) >= 2 or any(first > 0 and last > first for first, last in spans)
    if not places or whole or not is_group or not all(_can_be_heading(upper[place]) for place in places):
        return None
    if len(places) >= len(_filled(grid.rows[at])) and not spans:
        return None
    return _spread(grid, at - 1)


def _level_below(grid: Grid, at: int) -> list[str] | None:
    """A second row of headings where a first one has groups of columns: under blank or merged cells only."""
    if at + 1 >= len(grid.rows):
        return None
    lower, spans = grid.rows[at + 1], _spans(grid, at)
    places = _filled(lower)
    under = {place for first, last in spans for place in range(first, last + 1) if last > first}
    under |= {place for place in range(1, grid.n_columns) if not _is_filled(grid.rows[at][place])}
    under |= {place - 1 for place in under if place - 1 not in under}
    known = [place for place in places if _can_be_heading(lower[place]) and heading_of(str(lower[place])).concepts]
    if len(places) < 2 or not set(places) <= under or len(known) < len(places):
        return None
    return [cell_text(cell).strip() for cell in lower]


def _spans(grid: Grid, at: int) -> list[tuple[int, int]]:
    number = grid.first_number + at
    return [(left, right) for top, bottom, left, right in grid.merged if top == number == bottom and right > left]


def _spread(grid: Grid, at: int) -> list[str]:
    """The texts of a level of headings over all columns that each stands over."""
    texts = [cell_text(cell).strip() for cell in grid.rows[at]]
    spans = _spans(grid, at)
    for first, last in spans:
        texts[first : last + 1] = [texts[first]] * (last - first + 1)
    if spans:
        return texts
    below = grid.rows[at + 1] if at + 1 < len(grid.rows) else ()
    for place in range(1, len(texts)):
        if not texts[place] and place < len(below) and _is_filled(below[place]):
            texts[place] = texts[place - 1]
    return texts


def body_of(
    grid: Grid, headings: Headings, *, names: frozenset[int], ignored: frozenset[int]
) -> tuple[list[BodyRow], list[DroppedRow]]:
    """The rows that stand for somebody, and all others with the reason.

    Parameters
    ----------
    grid : Grid
        The sheet.
    headings : Headings
        Its headings.
    names : frozenset of int
        Columns that hold names or parts of them.
    ignored : frozenset of int
        Columns whose cells say nothing alone: numbers of rows.
    """
    dropped = [DroppedRow(grid.first_number + i, "above the headings") for i in range(headings.body)]
    dropped = [each for each in dropped if each.number not in headings.rows]
    dropped = [each for each in dropped if _filled(grid.rows[each.number - grid.first_number])]
    rows, section = [], ""
    merged = _Merges(grid.merged, names)
    last = _last_full_row(grid, headings.body)
    for at in range(headings.body, len(grid.rows)):
        number = grid.first_number + at
        cells = merged.carried(grid.rows[at], number, lambda n: grid.rows[n - grid.first_number])
        why = merged.continues(number, grid.rows[at])
        why = why or _why_nobody(grid, at, headings, names, ignored, is_tail=at > last)
        if why == "a section":
            section = _on_line(cell_text(cells[_filled(cells)[0]]))
            if _LIST_WORD.match(normalise(section)):
                why, section = OTHER_LIST, ""
        if why is None:
            rows.append(BodyRow(number, cells, section))
        elif why:
            dropped.append(DroppedRow(number, why))
        if why == OTHER_HEADINGS:
            break
    return rows, dropped


def _last_full_row(grid: Grid, body: int) -> int:
    """The last row with more than one filled cell that is no total."""
    for at in range(len(grid.rows) - 1, body - 1, -1):
        filled = _filled(grid.rows[at])
        if len(filled) > 1 and not _is_total(grid.rows[at], filled):
            return at
    return len(grid.rows)


def _why_nobody(
    grid: Grid, at: int, headings: Headings, names: frozenset[int], ignored: frozenset[int], *, is_tail: bool
) -> str | None:
    """Why a row stands for nobody; empty for a blank row, None where it stands for somebody."""
    row = grid.rows[at]
    filled = _filled(row)
    if not filled:
        return ""
    if set(filled) <= ignored and all(normalise(cell_text(row[place])).isdigit() for place in filled):
        return "only a number"
    own = headings.own
    again = sum(1 for place in filled if own[place] and cell_text(row[place]).strip() == own[place])
    if headings.rows and again >= 2 and again >= 0.6 * len(filled):
        return "the headings again"
    if headings.rows and at == headings.body and _explains_headings(row, filled):
        return "below the headings, and nobody"
    if headings.rows and _are_other_headings(row, filled, headings):
        return OTHER_HEADINGS
    if _is_total(row, filled):
        return "a total"
    if len(filled) > 1 and not _is_merged_across(grid, at):
        return None
    return _why_alone(grid, at, cell_text(row[filled[0]]).strip(), filled[0], names, is_tail=is_tail)


def _explains_headings(row: Sequence[GridCell], filled: Sequence[int]) -> bool:
    """Whether the row below the headings numbers the columns, or says in brackets what they hold."""
    texts = [cell_text(row[place]).strip() for place in filled]
    numbers = [str(number) for number in range(1, len(texts) + 1)]
    return len(texts) > 2 and (texts == numbers or all(re.fullmatch(r"\(.*\)", text) for text in texts))


def _are_other_headings(row: Sequence[GridCell], filled: Sequence[int], headings: Headings) -> bool:
    """Whether a row holds headings, of the same columns in another order or of others: another table begins."""
    cells = [row[place] for place in filled]
    # What is quickly told of every cell is asked before what takes longer of any: this is asked of every row.
    if len(cells) < 2 or not all(map(_is_short_text, cells)) or any(_has_long_number(str(cell)) for cell in cells):
        return False
    own = {text.casefold() for text in headings.own if text}
    if len(cells) >= 2 and all(str(cell).strip().casefold() in own for cell in cells):
        return True
    known = [heading_of(str(cell)).concepts for cell in cells]
    about = {concept for concepts in known for concept in concepts}
    return len(cells) >= 3 and all(known) and bool(about & _OF_NAMES) and bool(about & _OF_FACTS)


def _why_alone(grid: Grid, at: int, text: str, place: int, names: frozenset[int], *, is_tail: bool) -> str | None:
    """What a row with one filled cell is."""
    if _PAGE.search(text) or _FOOTNOTE.search(text):
        return "a footer"
    if place > 0 and not _is_merged_across(grid, at) and (not isinstance(grid.rows[at][place], str) or is_value(text)):
        return None  # a date or a number in its column: somebody of whom nothing else is known
    is_title = _LIST_WORD.match(normalise(text)) or heading_of(text).has_any("city", "place", "province", "prison")
    looks_like_name = len(text.split()) <= 6 and not re.search(r"[\d:.;]", text) and not is_title
    if grid.n_columns == 1 or (place in names and looks_like_name and not _is_merged_across(grid, at)):
        return None
    return "a footer" if is_tail else "a section"


def _is_merged_across(grid: Grid, at: int) -> bool:
    number = grid.first_number + at
    wide = max(2, grid.n_columns // 2)
    return any(top == number == bottom and right - left + 1 > wide for top, bottom, left, right in grid.merged)


def _is_total(row: Sequence[GridCell], filled: Sequence[int]) -> bool:
    """Whether a row holds sums: it begins with a word for a sum, and else has only numbers or little text."""
    if not filled or isinstance(row[filled[0]], datetime.date):
        return False
    first = normalise(cell_text(row[filled[0]])).split()
    if not first or not (first[0] in _TOTALS or "".join(first[:2]) in _TOTALS):
        return False
    others = [normalise(cell_text(row[place])) for place in filled[1:]]
    return (
        len(first) <= 8
        and all(re.fullmatch(r"[\d %]*( ?\w+)?", other) for other in others)
        and len([other for other in others if not other[:1].isdigit()]) <= 1
    )


class _Merges:
    """What merged cells of a sheet say of its rows."""

    def __init__(self, merged: Sequence[Merged], names: frozenset[int]) -> None:
        self._tall = [each for each in merged if each[1] > each[0]]
        self._of_rows: dict[int, list[Merged]] = {}
        for each in self._tall:
            for number in range(each[0] + 1, each[1] + 1):
                self._of_rows.setdefault(number, []).append(each)
        self._names = names

    def carried(
        self, row: tuple[GridCell, ...], number: int, row_of: Callable[[int], tuple[GridCell, ...]]
    ) -> tuple[GridCell, ...]:
        """A row with the values of merged cells that reach down to it."""
        if number not in self._of_rows:
            return row
        cells = list(row)
        for top, _, left, right in self._of_rows[number]:
            for place in range(left, right + 1):
                if not _is_filled(cells[place]):
                    cells[place] = row_of(top)[left]
        return tuple(cells)

    def continues(self, number: int, row: Sequence[GridCell]) -> str | None:
        """Whether the name of a row is merged with the one above, and no part of it stands here: one person."""
        if number not in self._of_rows or any(_is_filled(row[place]) for place in self._names):
            return None
        for top, _, left, right in self._of_rows[number]:
            if self._names & set(range(left, right + 1)):
                return f"it goes on with row {top}"
        return None
