"""One sheet of a file on its way to a list of names: its layout, its columns, its rows, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from estimation.capture.sheets.grid import Grid, GridFile
from estimation.errors import TableError, UndecidedTableError
from estimation.lists.carried import carried_columns, carry_down
from estimation.lists.cell_problems import CellProblem, problem_sentences, rows_in_words
from estimation.lists.column_map import map_columns
from estimation.lists.columns import ColumnMap, by_letter, place_called
from estimation.lists.cover import outside_cover
from estimation.lists.declared import DeclaredList, ListDoor, list_option
from estimation.lists.hand_scores import hand_scores
from estimation.lists.layout import OTHER_HEADINGS, OTHER_LIST, BodyRow, body_of, cell_text, find_headings
from estimation.lists.name_list import DroppedRow, NameList
from estimation.lists.name_words import is_missing
from estimation.lists.normal import normalise
from estimation.lists.parts import Dictionary, Part, dictionary_of, part_of_row, parts_of
from estimation.lists.record_making import Records, make_records

__all__ = ["ListReading"]


_ALONE = "one word stands alone: somebody of whom only a name is known, or the title of a section"
_FILL = "Fill another cell of the row, or put the title into a column of its own."


@dataclass(slots=True)
class ListReading:
    """A sheet whose headings are known.

    Parameters
    ----------
    opened : GridFile
        The file.
    grid : Grid
        The sheet.
    declared : DeclaredList
        What is declared of the list.
    door : {"python", "command line", "study"}
        For whom messages name what can be declared.
    columns : ColumnMap
        Which column holds what.
    rows : list of BodyRow
        The rows that stand for somebody.
    dropped : list of DroppedRow
        All others.
    dictionary : Dictionary
        What other sheets say of the columns.
    notes : list of str
        What was handled.
    """

    opened: GridFile
    grid: Grid
    declared: DeclaredList
    door: ListDoor
    columns: ColumnMap
    rows: list[BodyRow]
    dropped: list[DroppedRow]
    dictionary: Dictionary
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, opened: GridFile, grid: Grid, declared: DeclaredList, door: ListDoor) -> ListReading | str:
        """The reading of a sheet, or why it holds no list."""
        headings = find_headings(grid, header=declared.header)
        where = f"sheet {grid.title!r}: " if grid.title else ""
        if headings is None:
            example = list_option(door, "header", 1)
            formulas = problem_sentences(_formulas(grid, []))
            return " ".join([*(f"{where}{sentence}" for sentence in formulas), ""]) + (
                f"{where}no row of headings was found; write one above the rows (given name, family name), or say "
                f"where it is: {example}; a table in which each list is a column of 0 and 1 needs no linkage"
            )
        body = grid.rows[headings.body :]
        columns = map_columns(headings.texts, body, declared, door)
        rows, dropped = body_of(grid, headings, names=columns.names, ignored=columns.row_numbers)
        if rows:  # with merged cells filled and totals gone, columns show what they are
            columns = map_columns(headings.texts, [row.cells for row in rows], declared, door)
        others = [other for other in opened.grids if other is not grid]
        dictionary = dictionary_of(others, headings.texts)
        reading = cls(opened, grid, declared, door, columns, rows, dropped, dictionary, list(opened.notes))
        if len(headings.rows) > 1:
            reading.notes.append(f"the headings stand on {rows_in_words(headings.rows)}")
        beyond = _rows_beyond(rows, headings.texts) if opened.form == "text" else []
        if beyond:
            reading.notes.append(
                f"{rows_in_words(beyond)}: there are cells beyond the last heading: a comma or the like within a cell "
                "may have shifted what follows; look at it"
            )
        return reading

    @property
    def n_rows(self) -> int:
        """Rows that stand for somebody."""
        return len(self.rows)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The lists in the sheet, where the file itself tells several apart."""
        place = self.columns.places.get("id")
        return parts_of(self.rows, place, self.dictionary, self.columns.headings[place]) if place is not None else ()

    def name_list(self, name: str, part: Part | None) -> NameList:
        """The list of names, or of one part of the sheet.

        Raises
        ------
        TableError, UndecidedTableError
            With everything that is wrong.
        """
        source = self.opened.source
        formulas = self._refuse_sheet()
        self._refuse_declared()
        rows = self._carried(self.rows)
        at = self.columns.places.get("id")
        scores = hand_scores(self.columns.headings, rows, at)
        made = make_records(
            rows,
            self.columns,
            self.declared,
            self.door,
            epoch=self._epoch,
            assumed=self._assumed(),
            sheet=self.grid.title,
        )
        made = replace(made, problems=(*formulas, *self._open_rows(rows), *made.problems))
        self._refuse(made)
        records = made.records
        if part is not None and at is not None:
            wanted = {row.number for row in rows if part_of_row(row, at) == part.prefix}
            records = tuple(record for record in records if record.row in wanted)
        return NameList(
            name,
            records,
            self.columns.headings,
            duplicate_free=self.declared.duplicate_free,
            version_of=self.declared.version_of,
            notes=(
                *self.notes,
                *made.notes,
                *self._alike(rows),
                *outside_cover(records, self.declared.covers),
            ),
            source=source,
            sha256=self.opened.sha256,
            column_map=self._column_map(),
            event=self.columns.event,
            dropped=tuple(self.dropped),
            problems=tuple(problem_sentences(made.problems)),
            scores=scores,
        )

    def _refuse_sheet(self) -> list[CellProblem]:
        """Refuse a sheet that cannot be read; gives the formulas without a value where these are to be missing."""
        source = self.opened.source
        formulas = _formulas(self.grid, self.columns.headings)
        if formulas and self.declared.undecided == "refuse":
            raise TableError(source, problem_sentences(formulas))
        if questions := [*self.columns.questions, *self._other_tables()]:
            raise UndecidedTableError(source, questions)
        if not self.rows:
            raise TableError(source, ["below the headings there is no row that stands for somebody"])
        return formulas

    def _refuse_declared(self) -> None:
        """Refuse what is declared of columns that are not there, or that hold names."""
        declared, headings = self.declared, self.columns.headings
        named = (
            *((f"labels, {label}", heading) for label, heading in declared.labels.items()),
            *(("carried", heading) for heading in declared.carried or ()),
        )
        found = [(what, heading, place_called(heading, headings)) for what, heading in named]
        problems = [f"{what}: {place}" for what, _, place in found if isinstance(place, str)]
        problems += [
            f"{what}: the column {heading[:60]!r} holds names, which no label may show; name another column"
            for what, heading, place in found
            if what != "carried" and place in self.columns.names
        ]
        if declared.statuses is not None and "status" not in self.columns.places:
            column = list_option(self.door, "columns.status", "...")
            problems.append(f"statuses are declared, and no column was taken for one of a status; say which: {column}")
        if problems:
            raise TableError(self.opened.source, problems)

    def _column_map(self) -> dict[str, str]:
        """Headings by what their columns were taken for, further ones of a kind numbered."""
        headings, places = self.columns.headings, self.columns.places
        found: dict[str, str] = {key: headings[place] for key, place in places.items()}
        further = (
            ("other_family", self.columns.other_families),
            ("other_script", self.columns.other_scripts),
            ("alias", self.columns.aliases),
            ("middle", self.columns.middles),
            ("notes", self.columns.notes),
            ("id", self.columns.ids),
            ("until", () if self.columns.until is None else (self.columns.until,)),
            ("row number", sorted(self.columns.row_numbers)),
        )
        for key, all_ in further:
            for n, place in enumerate(all_, 1):
                if place not in places.values():
                    found[key if n == 1 else f"{key} {n}"] = headings[place]
        return found

    @property
    def _epoch(self) -> Literal[0, 1900, 1904]:
        if self.opened.form != "workbook":
            return 0
        return 1904 if self.opened.counts_from_1904 else 1900

    def _carried(self, rows: Sequence[BodyRow]) -> list[BodyRow]:
        """The rows with values carried down, where blank cells repeat the one above."""
        keys = ("died", "place", "died_year", "died_month", "died_day")
        if self.declared.carried is not None:
            called = [place_called(text, self.columns.headings) for text in self.declared.carried]
            places = [place for place in called if isinstance(place, int)]
        else:
            candidates = [self.columns.places[key] for key in keys if key in self.columns.places]  # type: ignore[index]
            places = carried_columns(rows, candidates, self.columns.names)
        filled, carried = carry_down(rows, places)
        for place, numbers in carried.items():
            if numbers:
                words = f"{self.columns.headings[place]}: the value above was carried down to {rows_in_words(numbers)}"
                option = "carried=[]" if self.door == "python" else "carried = []"
                self.notes.append(f"{words}; if they are missing, say {option}")
        return filled

    def _other_tables(self) -> list[str]:
        """Tables that stand below or beside the first one."""
        where = f"sheet {self.grid.title!r}, " if self.grid.title else ""
        below = [each.number for each in self.dropped if each.why == OTHER_HEADINGS]
        advice = "put it on a sheet or into a file of its own"
        found = [f"{where}{rows_in_words([number])}: another table begins here; {advice}" for number in below]
        beside = _beside(self.columns)
        if beside is not None:
            text = self.columns.headings[beside]
            found.append(f"{where}column {beside + 1} ({text!r}): another table stands beside the first; {advice}")
        return found

    def _open_rows(self, rows: Sequence[BodyRow]) -> list[CellProblem]:
        """Rows that begin what may be another list, and blank family names that may be those above."""
        words = "a title stands here, and the rows below it may be another list"
        advice = "Put them on a sheet of their own."
        found = [CellProblem(each.number, "", "ask", words, advice) for each in self.dropped if each.why == OTHER_LIST]
        found += [CellProblem(number, "", "ask", _ALONE, _FILL) for number in self._words_alone(rows)]
        place, given = (self.columns.places.get(key) for key in ("family", "given"))
        if place is None or given is None or self.declared.carried is not None:
            return found
        if place in carried_columns(rows, [place], frozenset([given])):
            heading = self.columns.headings[place]
            option = f"carried=[{heading!r}]" if self.door == "python" else f'carried = ["{heading}"]'
            advice = f"Say {option} or {option.split('[')[0]}[]."
            words = "it is blank: the family name above, or not known"
            blank = [row.number for row in rows if is_missing(cell_text(row.cells[place]))]
            found += [CellProblem(number, heading, "ask", words, advice) for number in blank]
        return found

    def _words_alone(self, rows: Sequence[BodyRow]) -> list[int]:
        """Rows of one word and nothing else, in a list whose rows say more: somebody, or the title of a section."""
        filled = [[text for cell in row.cells if (text := cell_text(cell).strip())] for row in rows]
        usual = sorted(map(len, filled))[len(filled) // 2] if filled else 0
        alone = [texts for texts in filled if len(texts) == 1 and texts[0].isalpha() and not is_missing(texts[0])]
        if usual < 3 or not alone or 3 * len(alone) > len(rows):
            return []
        return [row.number for row, texts in zip(rows, filled, strict=True) if texts in alone]

    def _assumed(self) -> dict[str, int]:
        """Days of the month that stand for one that is not known, as the workbook says."""
        found = {}
        for key in ("died", "born"):
            place = self.columns.places.get(key)
            day = self.dictionary.assumed_day(self.columns.headings[place]) if place is not None else None
            if day is not None:
                found[key] = day
        return found

    def _refuse(self, made: Records) -> None:
        """Refuse a list with cells that somebody has to decide on or correct, all of them at once."""
        if not made.problems or self.declared.undecided == "missing":
            return
        sentences = problem_sentences(made.problems)
        go_on = list_option(self.door, "undecided", "missing")
        sentences.append(
            f"to go on with these cells missing, and the rows that stand for nobody counted apart: {go_on}"
        )
        is_open = any(problem.verdict == "ask" for problem in made.problems)
        raise (UndecidedTableError if is_open else TableError)(self.opened.source, sentences)

    def _alike(self, rows: Sequence[BodyRow]) -> list[str]:
        """Rows that are alike in every cell but their number."""
        seen: dict[tuple[str, ...], list[int]] = {}
        for row in rows:
            cells = [cell for at, cell in enumerate(row.cells) if at not in self.columns.row_numbers]
            seen.setdefault(tuple(cell_text(cell).strip() for cell in cells), []).append(row.number)
        twice = [numbers for numbers in seen.values() if len(numbers) > 1]
        if not twice:
            return []
        listed = "; ".join(rows_in_words(numbers) for numbers in twice[:8])
        return [f"rows are alike in every cell, and stay as many people until they are linked: {listed}"]


def _formulas(grid: Grid, headings: Sequence[str]) -> list[CellProblem]:
    """Formulas that nobody has calculated, and that would read as blank cells."""
    words = "it is a formula without a stored value, which reads as a blank cell"
    advice = "Open the workbook in a spreadsheet program and save it there, or write values in the place of formulas."
    called = {at: text for at, text in enumerate(headings) if text}
    return [
        CellProblem(row, f"{by_letter(at)} ({called[at]})" if at in called else by_letter(at), "refuse", words, advice)
        for row, at in grid.uncalculated
    ]


def _beside(columns: ColumnMap) -> int | None:
    """Where the headings of a table, its names among them, stand once more in the same order; None where they do not.

    Examples
    --------
    >>> texts = ["Name", "Age", "", "Name", "Age"]
    >>> _beside(map_columns(texts, [["Simin Punehchin", "20", "", "Azar Barfabi", "30"]], DeclaredList()))
    3
    """
    texts = [normalise(text) for text in columns.headings]
    for first in sorted(columns.names):
        for again in range(first + 1, len(texts)):
            shift = again - first
            same = [at for at, text in enumerate(texts[:-shift]) if text and texts[at + shift] == text]
            if first in same and len(same) >= 2:
                return min(same) + shift
    return None


def _rows_beyond(rows: Sequence[BodyRow], headings: Sequence[str]) -> list[int]:
    """Rows that go on beyond the last heading, where most do not."""
    width = max((at + 1 for at, text in enumerate(headings) if text), default=0)
    beyond = [row.number for row in rows if any(cell_text(cell).strip() for cell in row.cells[width:])]
    return beyond if 2 * len(beyond) < len(rows) else []
