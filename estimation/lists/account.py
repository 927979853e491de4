"""The account of a name list: which rows became what, how complete its fields are, and what a person should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from estimation.lists.cell_problems import rows_in_words
from estimation.lists.name_list import NameList, NameRecord, PersonName
from estimation.lists.name_words import is_missing
from estimation.text.counted import counted

__all__ = ["ListAccount", "inspect_names"]

_NAME_KEYS = (
    *(
        "name",
        "given",
        "father",
        "grandfather",
        "mother",
        "family",
        "other_family",
        "alias",
        "other_script",
        "id",
        "notes",
    ),
)
_KINDS = {
    "unnamed": "without a name: they are counted and cannot be linked",
    "group of unnamed": "in rows of several people without names",
    "several": "in rows that name several people: split them, one row a person",
    "alive": "alive",
    "not a death": "of whom the row says something else than what is counted",
}
_MOST_VALUES = 5
_MOST_DIFFERENT = 0.5


@dataclass(frozen=True, slots=True, repr=False)
class ListAccount:
    """What became of the rows of a list; no name is in it unless it was made with names.

    Parameters
    ----------
    name, source : str
        The list, and its file.
    n_rows : int
        Rows below the headings or above them that hold something.
    n_linkable : int
        Records of one named person.
    dropped : tuple of (str, tuple of int)
        Why rows stand for nobody, and which.
    not_linkable : tuple of (str, int, tuple of int)
        For each kind of record that is not linked the people, and the rows.  Unit: persons.
    completeness : tuple of (str, int)
        For each field in how many linkable records it is given.
    common : tuple of (str, tuple of (str, int))
        The most common values of columns without names.
    columns : tuple of (str, str)
        What each column was taken for.
    set_aside : tuple of str
        Headings of columns that are not used.
    problems, notes : tuple of str
        What could not be read, and what was handled.
    """

    name: str
    source: str
    n_rows: int
    n_linkable: int
    dropped: tuple[tuple[str, tuple[int, ...]], ...]
    not_linkable: tuple[tuple[str, int, tuple[int, ...]], ...]
    completeness: tuple[tuple[str, int], ...]
    common: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    columns: tuple[tuple[str, str], ...]
    set_aside: tuple[str, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Which rows became what."""
        return tuple(self._sentences())

    def __str__(self) -> str:
        given = [f"  {name}: {n:,} ({self._share(n)})" for name, n in self.completeness if n]
        parts = (
            ("To be decided or corrected (they are missing until then):", self.problems),
            ("To look at:", self.notes),
        )
        more = [line for title, sentences in parts if sentences for line in (title, *(f"- {one}" for one in sentences))]
        rows = [f"- {sentence}" for sentence in self.sentences]
        return "\n".join([f"List {self.name}", *rows, "Given in records that can be linked:", *given, *more])

    def __repr__(self) -> str:
        return f"<ListAccount of {self.name}: {'; '.join(self.sentences)}>"

    def _share(self, n: int) -> str:
        return f"{n / max(1, self.n_linkable):.0%}"

    def _sentences(self) -> Iterator[str]:
        linkable = f"{self.n_linkable:,} are records of one named person, and can be linked"
        yield f"{counted(self.n_rows, 'row holds', 'rows hold')} something; {linkable}"
        for kind, n_people, rows in self.not_linkable:
            people = "person" if n_people == 1 else "people"
            yield f"{n_people:,} {people} {_KINDS[kind]} ({rows_in_words(rows)})"
        for why, rows in self.dropped:
            yield f"not read, {why}: {rows_in_words(rows)}"


def inspect_names(of: NameList, *, names: bool = False) -> ListAccount:
    """What became of the rows of a list of names: look before linking.

    Parameters
    ----------
    of : NameList
        The list.
    names : bool
        Whether the most common values of columns of names are in it, too.

    Examples
    --------
    >>> from estimation.lists.name_list import DroppedRow
    >>> rows = NameRecord(2, kind="unnamed"), NameRecord(4, kind="group of unnamed", n_people=8)
    >>> for sentence in inspect_names(NameList("graves", rows, dropped=(DroppedRow(5, "a total"),))).sentences:
    ...     print(sentence)
    3 rows hold something; 0 are records of one named person, and can be linked
    1 person without a name: they are counted and cannot be linked (row 2)
    8 people in rows of several people without names (row 4)
    not read, a total: row 5
    """
    whys: dict[str, list[int]] = {}
    for row in of.dropped:
        whys.setdefault(row.why, []).append(row.number)
    kinds: dict[str, list[NameRecord]] = {}
    for record in of.records:
        if not record.is_linkable:
            kinds.setdefault("unnamed" if record.kind == "person" else record.kind, []).append(record)
    used = dict(of.column_map)
    return ListAccount(
        of.name,
        of.source,
        len({(record.sheet, record.row) for record in of.records}) + len(of.dropped),
        len(of.linkable),
        tuple((why, tuple(rows)) for why, rows in whys.items()),
        tuple(
            (kind, sum(r.n_people for r in kinds[kind]), tuple(r.row for r in kinds[kind]))
            for kind in _KINDS
            if kind in kinds
        ),
        tuple(_completeness(of)),
        tuple(_common(of, names=names)),
        tuple((key, heading) for key, heading in used.items()),
        tuple(text for text in of.columns if text and text not in used.values()),
        of.problems,
        of.notes,
    )


def _completeness(of: NameList) -> Iterator[tuple[str, int]]:
    """In how many linkable records each field is given."""
    given = Counter(field for record in of.linkable for field, value in _fields(record) if value)
    for field, _ in _fields(NameRecord(1, names=(PersonName(),))):
        yield field, given[field]


def _fields(record: NameRecord) -> Iterator[tuple[str, object]]:
    """The fields of a record that can be linked."""
    name = record.names[0]
    yield "given name", name.given
    yield "father", name.father
    yield "grandfather", name.grandfather
    yield "family name", name.family
    yield "another name or spelling", record.names[1:]
    yield "birth date or year", record.birth
    yield "age", record.age
    yield "date of the event", record.event
    yield "date of the event to the day", record.event is not None and record.event.n_days == 1
    yield "place", record.places
    yield "sex", record.sex
    yield "identifier", record.identifier


def _common(of: NameList, *, names: bool) -> Iterator[tuple[str, tuple[tuple[str, int], ...]]]:
    """The most common values of each column in which values come again; what one row alone says may be a name."""
    keys = {heading: key for key, heading in of.column_map.items()}
    for at, heading in enumerate(of.columns):
        key = keys.get(heading, "").rstrip(" 0123456789")
        if not names and (key in _NAME_KEYS or (not key and _may_hold_names(of, at))):
            continue
        values = Counter(" ".join(record.cells[at].split()) for record in of.records if at < len(record.cells))
        given = Counter({value: n for value, n in values.items() if not is_missing(value)})
        if given and len(given) <= max(2, _MOST_DIFFERENT * given.total()):
            again = tuple((value, n) for value, n in given.most_common(_MOST_VALUES) if n > 1 or names)
            if again:
                yield heading, again


def _may_hold_names(of: NameList, at: int) -> bool:
    """Whether the cells of a column that is set aside are texts of several words, as names of people are."""
    texts = [record.cells[at] for record in of.records if at < len(record.cells) and not is_missing(record.cells[at])]
    wordy = sum(1 for text in texts if len(text.split()) > 1 and not any(map(str.isdigit, text)))
    return wordy > 0.3 * len(texts)
