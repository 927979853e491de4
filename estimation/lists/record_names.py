"""Who is named on each row: the columns of names handed to their reader, and what it asks put into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.lists.cell_problems import CellProblem, rows_counted
from estimation.lists.columns import ColumnMap
from estimation.lists.declared import DeclaredList, ListDoor, list_option
from estimation.lists.headings import Heading, heading_of
from estimation.lists.layout import BodyRow, cell_text
from estimation.lists.name_heading import parts_by_heading, parts_in_heading
from estimation.lists.name_list import PersonName, RecordKind
from estimation.lists.name_parts import NameColumn, NameReader, ReadName
from estimation.lists.name_words import is_missing

__all__ = ["RowNames", "read_row_names"]

_KEYS: tuple[NameColumn, ...] = ("name", "given", "father", "grandfather", "family", "alias")


@dataclass(frozen=True, slots=True)
class RowNames:
    """Who is named on a row.

    Parameters
    ----------
    kind : RecordKind
        What the row stands for, as far as names tell.
    people : tuple of tuple of PersonName
        For each person who is named the name as written, and alternatives; of somebody unnamed what is known.
    n_people : int
        How many people it stands for.  Unit: persons.
    descriptions : tuple of str
        What else stands in the cell, such as ``"woman, 31"``.
    """

    kind: RecordKind
    people: tuple[tuple[PersonName, ...], ...]
    n_people: int
    descriptions: tuple[str, ...]


def read_row_names(
    rows: Sequence[BodyRow], columns: ColumnMap, declared: DeclaredList, door: ListDoor = "python"
) -> tuple[list[RowNames], list[CellProblem], list[str]]:
    """Who is named on each row, what is asked, and what was handled.

    Parameters
    ----------
    rows : sequence of BodyRow
        Rows that stand for somebody.
    columns : ColumnMap
        Which column holds what.
    declared : DeclaredList
        What is declared of the list.
    door : {"python", "command line", "study"}
        For whom messages name what can be declared.
    """
    cells: dict[NameColumn, list[str]] = {}
    for key in _KEYS:
        if key in columns.places:
            cells[key] = [cell_text(row.cells[columns.places[key]]) for row in rows]
    for place in columns.middles:
        middle = [cell_text(row.cells[place]) for row in rows]
        cells["given"] = [
            f"{own} {more}" if not is_missing(own) and not is_missing(more) else own
            for own, more in zip(cells["given"], middle, strict=True)
        ]
    further: tuple[tuple[NameColumn, Sequence[int], str], ...] = (
        ("other_family", columns.other_families, " / "),
        ("alias", columns.aliases, "; "),
    )
    for key, places, between in further:
        if places:
            texts = [[cell_text(row.cells[at]) for at in places] for row in rows]
            cells[key] = [between.join(text for text in own if not is_missing(text)) for own in texts]
    if columns.other_scripts:
        headings = [heading_of(columns.headings[at]) for at in columns.other_scripts]
        other = [[cell_text(row.cells[at]) for at in columns.other_scripts] for row in rows]
        cells["other_script"] = [_in_other_scripts(headings, own) for own in other]
    order = declared.names.order or ("family first" if columns.family_first else None)
    heading = columns.headings[columns.places["name"]] if "name" in columns.places else ""
    _set_apart(cells, heading)
    read = NameReader(order=order, heading=heading).read(cells)
    problems = [p for row, each in zip(rows, read, strict=True) for p in _problems(row.number, each, heading, door)]
    found = [RowNames(each.kind, each.people or _of_one(each.names), each.n_people, each.descriptions) for each in read]
    return found, problems, _notes(read)


def _in_other_scripts(headings: Sequence[Heading], texts: Sequence[str]) -> str:
    """The whole names of a row in other scripts; columns of given and of family names are put together in their order.

    Examples
    --------
    >>> _in_other_scripts([heading_of("نام"), heading_of("نام خانوادگی")], ["آذر", "برف‌آبی"])
    'برف‌آبی, آذر'
    """
    filled = ["" if is_missing(text) else text for text in texts]
    is_family = [heading.has("family") and not heading.has_any("full", "given") for heading in headings]
    if not any(is_family):
        return " / ".join(filter(None, filled))
    families = [text for text, family in zip(filled, is_family, strict=True) if family]
    others = [text for text, family in zip(filled, is_family, strict=True) if not family]
    whole = [
        f"{family}, {given}" if family else given for family, given in zip(families, others, strict=False) if given
    ]
    return " / ".join([*whole, *filter(None, others[len(families) :])])


def _set_apart(cells: dict[NameColumn, list[str]], heading: str) -> None:
    """Parts that the heading of whole names sets off, such as the father in brackets, put into columns of their own."""
    parts = parts_in_heading(heading)
    if not parts or any(part in cells for part in parts):
        return
    found = [parts_by_heading(cell, parts) for cell in cells["name"]]
    for part in parts:
        cells[part] = [own.get(part, "") for own in found]
    cells["name"] = ["" if own else cell for own, cell in zip(found, cells["name"], strict=True)]


def _of_one(names: tuple[PersonName, ...]) -> tuple[tuple[PersonName, ...], ...]:
    """The names of one person; a relative's stand behind that of the person, even if nothing is known of it."""
    if not names:
        return ()
    return ((PersonName(), *names),) if names[0].origin == "relative" else (names,)


def _problems(row: int, read: ReadName, heading: str, door: ListDoor) -> list[CellProblem]:
    """What a row asks."""
    found = []
    if read.kind == "several":
        words = f"the row stands for more than one person ({read.n_people:,})"
        advice = f'Split it, one row a person, or say {list_option(door, "several", "split")} or "leave out".'
        found.append(CellProblem(row, "", "ask", words, advice))
    if read.question == "order":
        words = "whether the family name or the given name comes first is open"
        advice = f'Say which: {list_option(door, "names.order", "family first")} or "given first".'
        found.append(CellProblem(row, heading, "ask", words, advice))
    if read.question == "family words":
        words = "nothing tells how many of the words are family names"
        advice = "Put a comma after them, or give the list columns for given and family names."
        found.append(CellProblem(row, heading, "ask", words, advice))
    if read.question == "too long":
        found.append(CellProblem(row, heading, "refuse", "this is too long for a name", "Correct it."))
    return found


def _notes(read: Sequence[ReadName]) -> list[str]:
    """How often what was mended, and how often titles were left out."""
    repairs: Counter[str] = Counter(repair for each in read for repair in set(each.repairs))
    notes = [f"names: {kind} mended in {rows_counted(n)}" for kind, n in repairs.items()]
    titled = sum(1 for each in read if each.titles)
    if titled:
        notes.append(f"names: titles and honorifics were left out in {rows_counted(titled)}")
    return notes
