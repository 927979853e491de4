"""Decisions of reviewers as data: whether two records are one person, who decided it, when and why, without a name.

A decision about a record and a cluster is one row for each record of the cluster, all with one number of the question.
A person who decides about a pair again changes the decision: the later one counts.  A row names a person only as long
as the file is the same, so that the first digits of the SHA-256 of both files stand beside it, if they are known.

::

    question,first list,first sheet,first row,second list,second sheet,second row,decision,who,when,why,first file,...
    1,police,,12,press,,7,same,A.,2026-03-01T10:15:00,same father,0f3b52a96c11,77ad09c2e5d4
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, get_args

from estimation.errors import LinkageError
from estimation.text.characters import prose_faults
from estimation.text.spreadsheet import csv_of, original_cell

__all__ = [
    "Answer",
    "Decision",
    "RecordKey",
    "decisions_csv",
    "decisions_from_csv",
    "holds_decisions",
    "latest",
    "read_decisions",
]

Answer: TypeAlias = Literal["same", "different", "unsure"]
"""What somebody decided about two records."""

_ANSWERS: tuple[Answer, ...] = get_args(Answer)
_COLUMNS = (
    *("question", "first list", "first sheet", "first row", "second list", "second sheet", "second row"),
    *("decision", "who", "when", "why", "first file", "second file"),
)
_ROW = re.compile(r"([1-9]\d*)([a-z]*)", flags=re.ASCII)
_NEEDED = ("first list", "first row", "second list", "second row", "decision", "who", "when")


class RecordKey(NamedTuple):
    """Which record: the list (a release by its own name), the sheet if there are several, the row of the file.

    Where a row holds several people, each of them has a letter: rows 11a and 11b.
    """

    list: str
    row: int
    sheet: str = ""
    letter: str = ""

    def __str__(self) -> str:
        """As a message names it.

        Examples
        --------
        >>> str(RecordKey("police", 7)), str(RecordKey("police", 11, letter="b"))
        ('police row 7', 'police row 11b')
        """
        return f"{self.list} {f'sheet {self.sheet} ' if self.sheet else ''}row {self.place}"

    @property
    def place(self) -> str:
        """The row, with its letter if it has one."""
        return f"{self.row}{self.letter}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided about two records.

    Parameters
    ----------
    first, second : RecordKey
        The records, the lesser key first.
    answer : {"same", "different", "unsure"}
        Whether they are one person.
    who : str
        The reviewer.
    when : datetime
        When it was decided; universal time where the file has a time zone.
    why : str
        The reason, if one was given.
    question : str
        The number of the question that it answers; rows of one cluster share it.
    line : int
        Its row in the file of decisions, for messages; 0 where it is from none.
    source : str
        That file.
    files : (str, str)
        What the files of the records were when it was decided: the first digits of their SHA-256, or empty.

    Raises
    ------
    ValueError
        When the records are one and the same, or the greater key stands first.
    """

    first: RecordKey
    second: RecordKey
    answer: Answer
    who: str
    when: datetime
    why: str = ""
    question: str = ""
    line: int = 0
    source: str = ""
    files: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        if self.first >= self.second:
            raise ValueError(f"{self.first} and {self.second} must be two records, the lesser key first")

    @property
    def pair(self) -> tuple[RecordKey, RecordKey]:
        """The records."""
        return self.first, self.second


def decisions_csv(decisions: Iterable[Decision]) -> str:
    """Decisions as CSV.

    Examples
    --------
    >>> one = Decision(RecordKey("police", 12), RecordKey("press", 7), "same", "A.", datetime(2026, 3, 1))
    >>> print(decisions_csv([one]).splitlines()[1])
    ,police,,12,press,,7,same,A.,2026-03-01T00:00:00,,,
    """
    rows = [
        (
            *(each.question, each.first.list, each.first.sheet, each.first.place),
            *(each.second.list, each.second.sheet, each.second.place),
            *(each.answer, each.who, each.when.isoformat(timespec="seconds"), each.why, *each.files),
        )
        for each in decisions
    ]
    return csv_of([_COLUMNS, *rows])


def read_decisions(path: str | os.PathLike[str]) -> tuple[Decision, ...]:
    """The decisions of a file, as the page of review or a spreadsheet writes it.

    Parameters
    ----------
    path : path
        A CSV file in UTF-8, with commas, semicolons or tabs.

    Raises
    ------
    LinkageError
        With every problem of the file by its row: a column that is missing, a record without a list or a row, a
        decision in other words, nobody who decided, no time, two decisions of one person at one time that differ.
    """
    place = Path(path)
    try:
        text = place.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise LinkageError(str(path), ["there is no such file; check the path and the spelling"]) from error
    except OSError as error:
        raise LinkageError(str(path), [f"it cannot be read ({error.strerror}); name the file of decisions"]) from error
    except UnicodeDecodeError as error:
        raise LinkageError(str(path), ["it is not UTF-8; save it as CSV UTF-8"]) from error
    return decisions_from_csv(text, source=str(path))


def holds_decisions(content: bytes) -> bool:
    r"""Whether a file is one of decisions, by its headings.

    Parameters
    ----------
    content : bytes
        The file.

    Examples
    --------
    >>> holds_decisions(decisions_csv([]).encode()), holds_decisions(b"Name,Age\nSimin,20\n")
    (True, False)
    """
    headings = content.partition(b"\n")[0].decode("utf-8-sig", errors="replace")
    delimiter = max(",;\t", key=headings.count)
    return set(_NEEDED) <= {heading.strip().strip('"') for heading in headings.split(delimiter)}


def decisions_from_csv(text: str, *, source: str) -> tuple[Decision, ...]:
    """The decisions of a CSV text; `source` is what messages call it."""
    if not text.strip():
        raise LinkageError(source, ["the file is empty; a file of decisions is what the page of mse review saves"])
    headings = text.partition("\n")[0]
    delimiter = max(",;\t", key=headings.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter, restval=""))
    except csv.Error as error:
        raise LinkageError(source, [f"it is no CSV file ({error}); save it as CSV UTF-8"]) from error
    present = set(rows[0]) if rows else set(next(csv.reader([headings], delimiter=delimiter), []))
    missing = [name for name in _NEEDED if name not in present]
    if missing:
        hint = f"the columns are {', '.join(_COLUMNS)}"
        raise LinkageError(source, [f"there is no column {', '.join(missing)}; {hint}"])
    problems: list[str] = []
    decisions = []
    for line, row in enumerate(rows, start=2):
        cells = {name: original_cell(cell.strip()) for name, cell in row.items() if isinstance(cell, str)}
        if not any(cells.get(name) for name in ("decision", "who", "when")):
            continue  # a question of a sheet that nobody has answered yet
        found = _decision(cells, line, source)
        if isinstance(found, Decision):
            decisions.append(found)
        else:
            problems += [f"row {line}: {problem}" for problem in found]
    problems += _at_one_time(decisions)
    if problems:
        raise LinkageError(source, problems)
    return tuple(decisions)


def _decision(cells: Mapping[str, str], line: int, source: str) -> Decision | list[str]:
    """The decision of a row, or all that is wrong with it; no cell is repeated, for it may hold a name."""
    problems: list[str] = []
    first, second = (_key(cells, name, problems) for name in ("first", "second"))
    if first is not None and first == second:
        problems.append("both records are the same one; a decision is about two")
    answer = next((each for each in _ANSWERS if each == cells["decision"].casefold()), None)
    if answer is None:
        problems.append(f"the decision is none of {', '.join(_ANSWERS)}")
    if not cells["who"]:
        problems.append("nobody has decided it; write who, if only an initial")
    problems += [f"the column {name} {fault}" for name in ("who", "why") for fault in prose_faults(cells.get(name, ""))]
    when = _time(cells["when"])
    if when is None:
        problems.append("the time is not like 2026-03-01 or 2026-03-01T10:15:00; write when it was decided")
    if problems or first is None or second is None or answer is None or when is None:
        return problems
    one, other = cells.get("first file", ""), cells.get("second file", "")
    if first > second:
        first, second, one, other = second, first, other, one
    why, question = cells.get("why", ""), cells.get("question", "")
    return Decision(first, second, answer, cells["who"], when, why, question, line, source, (one, other))


def _key(cells: Mapping[str, str], name: str, problems: list[str]) -> RecordKey | None:
    listed, row = cells[f"{name} list"], cells[f"{name} row"]
    if not listed:
        problems.append(f"the {name} record has no list; write the name of its list")
    match = _ROW.fullmatch(row)
    if match is None:
        problems.append(f"the row of the {name} record is no number; write the row that a spreadsheet shows")
        return None
    return RecordKey(listed, int(match[1]), cells.get(f"{name} sheet", ""), match[2]) if listed else None


def _time(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when.replace(tzinfo=None) if when.tzinfo is None else when.astimezone(UTC).replace(tzinfo=None)


def _at_one_time(decisions: Sequence[Decision]) -> list[str]:
    """Decisions of one person about one pair at one time that differ."""
    first: dict[tuple[tuple[RecordKey, RecordKey], str, datetime], Decision] = {}
    problems = []
    for each in decisions:
        before = first.setdefault((each.pair, each.who, each.when), each)
        if before.answer != each.answer:
            problems.append(
                f"rows {before.line} and {each.line}: one person decided two things about {each.first} and "
                f"{each.second} at one time; leave the one that holds"
            )
    return problems


def latest(decisions: Iterable[Decision]) -> list[Decision]:
    """For each pair and reviewer the decision that counts: the latest, in the order of the file.

    Examples
    --------
    >>> pair = RecordKey("police", 12), RecordKey("press", 7)
    >>> twice = [Decision(*pair, answer, "A.", datetime(2026, 3, day)) for day, answer in ((2, "same"), (1, "unsure"))]
    >>> [each.answer for each in latest(twice)]
    ['same']
    """
    found: dict[tuple[tuple[RecordKey, RecordKey], str], Decision] = {}
    for each in decisions:
        key = each.pair, each.who.casefold()
        if key not in found or each.when >= found[key].when:
            found[key] = each
    return list(found.values())
