"""A list of names as its readers make it: records of people, each with what was written and what it means.

A row of a list is not always a person.  Rows that stand for one named person are *linkable* and take part in linkage;
an unnamed body, a group, a living person or a row about somebody else is counted apart, with its reason, and is never
linked to anything by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from estimation.lists.days import Days

__all__ = ["DroppedRow", "HandScore", "NameList", "NameRecord", "PersonName", "RecordKind"]

RecordKind: TypeAlias = Literal["person", "unnamed", "group of unnamed", "several", "alive", "not a death"]
"""What a row stands for; only a ``"person"`` takes part in linkage."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """One reading of a name, by the roles of its parts; a part that the list does not give is empty.

    Parameters
    ----------
    given, father, grandfather, family : str
        Normalised parts, in the script of the list, without honorifics.
    origin : str
        Where this reading comes from: ``""`` as written, ``"alias"``, ``"maiden"``, ``"nom de guerre"``,
        ``"other script"``, ``"exchanged"``, ``"shifted"``; ``"relative"`` where it is not the person's but that of the
        relative by whom somebody unnamed is called.
    """

    given: str = ""
    father: str = ""
    grandfather: str = ""
    family: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class NameRecord:
    """One record of a list.

    Parameters
    ----------
    row : int
        Its row as a spreadsheet shows it, the first line of the file being 1; what messages name.
    names : tuple of PersonName
        The name as written first, alternatives (alias, maiden name, other script) after it; empty where none is given.
    kind : RecordKind
        What the row stands for.
    n_people : int
        How many people it stands for.  Unit: persons.
    birth, event : Days, optional
        When the person was born, and when what the list counts happened; None where not given or not readable.
    age : (int, int), optional
        Age at the event in completed years, least and most; a field of its own beside `birth`.
    places : tuple of str
        Normalised place names of the event, alternatives of one place.
    sex : {"", "f", "m"}
        Empty where not given.
    identifier : str
        The list's own number for the person: evidence, not a key.
    sheet : str
        The sheet of a workbook, or empty.
    cells : tuple of str
        Every cell as it was read, in the order of `NameList.columns`.
    labels : mapping of str to str
        Whatever else the study wants of a record (group, month), by name.
    """

    row: int
    names: tuple[PersonName, ...] = ()
    kind: RecordKind = "person"
    n_people: int = 1
    birth: Days | None = None
    event: Days | None = None
    age: tuple[int, int] | None = None
    places: tuple[str, ...] = ()
    sex: str = ""
    identifier: str = ""
    sheet: str = ""
    cells: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_linkable(self) -> bool:
        """Whether it is one named person."""
        return self.kind == "person" and bool(self.names)


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """A row of a file that stands for nobody.

    Parameters
    ----------
    number : int
        As a spreadsheet shows it.
    why : str
        Why: a title, a section, a total, a footer ...
    """

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class HandScore:
    """How sure somebody was that two records are one person: evidence with a scale, and not the truth.

    Parameters
    ----------
    first, second : str
        Identifiers of the records.
    score : int
        From 5, certain, to 1, doubtful; 0 for two people.
    """

    first: str
    second: str
    score: int


@dataclass(frozen=True, slots=True, repr=False)
class NameList:
    """The records of one source.

    Parameters
    ----------
    name : str
        What the list is called: in a study its key, elsewhere the name of its file without ending.
    records : tuple of NameRecord
        All of them, in the order of the file, those that are not linkable too.
    columns : tuple of str
        Headings of the cells that each record has.
    duplicate_free : bool
        Whether nobody is on it twice, as its keeper declares.
    version_of : str
        The list that this is another release of, or empty: both are one capture.
    notes : tuple of str
        What was handled while it was read: rows by number, and no names.
    source : str
        The file, as messages call it.
    sha256 : str
        SHA-256 of the bytes that were read.
    column_map : mapping of str to str
        Headings by what their columns were taken for (`estimation.lists.declared.COLUMN_KEYS`).
    event : str
        What happened on the date of the event: ``"death"``, ``"found"``, ``"arrest"``, ``"disappear"``, ``"event"``,
        ``"date"`` where the heading does not say; empty without a date.
    dropped : tuple of DroppedRow
        Rows that stand for nobody.
    problems : tuple of str
        What could not be read or can be read in two ways, and is missing.
    scores : tuple of HandScore
        Scores by hand for pairs of records.
    """

    name: str
    records: tuple[NameRecord, ...]
    columns: tuple[str, ...] = ()
    duplicate_free: bool = False
    version_of: str = ""
    notes: tuple[str, ...] = ()
    source: str = ""
    sha256: str = ""
    column_map: Mapping[str, str] = field(default_factory=dict)
    event: str = ""
    dropped: tuple[DroppedRow, ...] = ()
    problems: tuple[str, ...] = ()
    scores: tuple[HandScore, ...] = ()

    @property
    def linkable(self) -> tuple[NameRecord, ...]:
        """The records that take part in linkage, in the order of the file."""
        return tuple(record for record in self.records if record.is_linkable)

    def __repr__(self) -> str:
        """Without a name of anybody.

        Examples
        --------
        >>> NameList("police", (NameRecord(2, (PersonName("synthetic"),)), NameRecord(3, kind="unnamed")))
        <NameList police: 2 records, 1 of a named person>
        """
        n, named = len(self.records), len(self.linkable)
        return f"<NameList {self.name}: {n:,} record{'s' * (n != 1)}, {named:,} of a named person>"
