"""The tables of all draws of a linkage, without a row about anybody: what models are fitted to.

As text it is CSV: a line of JSON behind ``# `` with the lists, the labels, the table of each draw and what the linkage
found, and then each distinct table once, a row for each history and labels with the number of its table
(``replicate``) and the people.  `estimation.capture.readers.read_table` reads one of these tables by its number.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from estimation.capture.csv_text import headings
from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.errors import LinkageError
from estimation.linkage.fitted_errors import FittedErrors
from estimation.results.as_json import Json
from estimation.text.counted import counted
from estimation.text.spreadsheet import csv_of, original_cell

if TYPE_CHECKING:
    from estimation.linkage.draws import LinkageDraws

__all__ = ["REVIEWERS", "LinkedTables", "is_linked_tables", "linked_tables", "read_linked_tables"]

REVIEWERS = "reviewed by"
"""The setting of a linkage that names its reviewers."""

_BEGINS = '# {"lists": '


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LinkedTables:
    """Who was seen by exactly which lists, in each draw of who is the same person.

    Parameters
    ----------
    distinct : tuple of CaptureTable or StratifiedTable
        Each table that was drawn, once; with labels where these are wanted.
    of_draw : (chains, draws) int64
        Which of them is the table of each draw.
    n_records : mapping of str to int
        Linkable records by list.
    n_unlinkable : mapping of str to int
        By list the people in rows that were not linked.  Unit: persons.
    about : mapping of str to JSON
        What the linkage found and was made with (`estimation.linkage.saved.summary_of_linkage`).
    """

    distinct: tuple[CaptureTable | StratifiedTable, ...]
    of_draw: NDArray[np.int64]
    n_records: Mapping[str, int]
    n_unlinkable: Mapping[str, int] = field(default_factory=dict)
    about: Mapping[str, Json] = field(default_factory=dict)

    @property
    def lists(self) -> tuple[str, ...]:
        """Names of the lists."""
        return self.distinct[0].lists

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels."""
        first = self.distinct[0]
        return tuple(label.name for label in first.labels) if isinstance(first, StratifiedTable) else ()

    @property
    def errors(self) -> FittedErrors | None:
        """What was learned of the errors of each list; None where that does not stand beside the tables."""
        about = self.about.get("errors")
        return None if about is None else TypeAdapter(FittedErrors).validate_python(about)

    @property
    def reviewers(self) -> str:
        """Who reviewed pairs of records; empty where nobody did, or it is not known who."""
        settings = self.about.get("settings")
        return str(settings.get(REVIEWERS, "")) if isinstance(settings, dict) else ""

    @property
    def shape(self) -> tuple[int, int]:
        """Chains, and draws of each."""
        chains, draws = self.of_draw.shape
        return chains, draws

    @property
    def tables(self) -> tuple[CaptureTable, ...]:
        """The table of each draw, all chains one after another; draws with one table share it."""
        margins = [CaptureTable(each.lists, each.patterns, each.counts, allow_twins=True) for each in self.distinct]
        return tuple(margins[at] for at in self.of_draw.ravel())

    @property
    def strata(self) -> tuple[StratifiedTable, ...]:
        """The table with labels of each draw; none where there are no labels."""
        labelled = [each for each in self.distinct if isinstance(each, StratifiedTable)]
        return tuple(labelled[at] for at in self.of_draw.ravel()) if labelled else ()

    @property
    def n_people(self) -> NDArray[np.int64]:
        """People in each draw, all chains one after another.  Unit: persons."""
        people = np.array([each.n_observed for each in self.distinct], dtype=np.int64)
        of_draw: NDArray[np.int64] = people[self.of_draw.ravel()]
        return of_draw

    @property
    def central(self) -> int:
        """The distinct table that stands in the middle, by its place.

        That of a draw with the median number of people; of several the one with the least sum of absolute differences
        from the mean counts of all draws, cell by cell, and the first of those.
        """
        counts: defaultdict[bytes, NDArray[np.float64]] = defaultdict(lambda: np.zeros(len(self.distinct)))
        for at, each in enumerate(self.distinct):
            for seen, count in zip(each.patterns, each.counts, strict=True):
                counts[seen.tobytes()][at] += count
        cells = np.array(list(counts.values()))
        drawn = np.bincount(self.of_draw.ravel(), minlength=len(self.distinct))
        mean = cells @ drawn / drawn.sum()
        apart = np.round(np.abs(cells - mean[:, None]).sum(axis=0), 9)
        people = cells.sum(axis=0)
        median = np.quantile(self.n_people, 0.5, method="inverted_cdf")
        return int(np.argmin(np.where(people == median, apart, np.inf)))

    @property
    def central_table(self) -> CaptureTable:
        """The margin of the table in the middle."""
        each = self.distinct[self.central]
        return CaptureTable(each.lists, each.patterns, each.counts, allow_twins=True)

    @property
    def csv_text(self) -> str:
        """All of it as text (`read_linked_tables`)."""
        head = {
            "lists": self.lists,
            "labels": self.labels,
            "tables of the draws": (self.of_draw + 1).tolist(),
            "records": dict(self.n_records),
            "not linked": dict(self.n_unlinkable),
            "about": dict(self.about),
        }
        rows: list[list[object]] = [["replicate", *headings(self.lists), *self.labels, "count"]]
        for number, each in enumerate(self.distinct, 1):
            for seen, values, count in zip(each.patterns.astype(int), _values(each), each.counts.tolist(), strict=True):
                rows.append([number, *seen.tolist(), *values, count])
        return f"# {json.dumps(head, ensure_ascii=False, allow_nan=False)}\n{csv_of(rows)}"

    @property
    def sha256(self) -> str:
        """Checksum of the text."""
        return hashlib.sha256(self.csv_text.encode()).hexdigest()

    def __repr__(self) -> str:
        return f"<LinkedTables: {counted(self.of_draw.size, 'draw')}, {counted(len(self.distinct), 'distinct table')}>"


def linked_tables(
    draws: LinkageDraws, by: Sequence[str] = (), *, about: Mapping[str, Json] | None = None
) -> LinkedTables:
    """The tables of all draws of a linkage, with some labels.

    Parameters
    ----------
    draws : LinkageDraws
        The draws.
    by : sequence of str
        Labels of the records that the tables are to have.
    about : mapping of str to JSON, optional
        What stands beside them.

    Raises
    ------
    TableError
        When no record has such a label.
    """
    place: dict[CaptureTable | StratifiedTable, int] = {}
    tables: Sequence[CaptureTable | StratifiedTable] = draws.strata(by) if by else draws.tables
    of_draw = [place.setdefault(table, len(place)) for table in tables]
    numbers = np.array(of_draw, dtype=np.int64).reshape(draws.shape)
    return LinkedTables(tuple(place), numbers, draws.n_records, draws.n_unlinkable, about or {})


def _values(table: CaptureTable | StratifiedTable) -> list[list[str | None]]:
    """The labels of each row of a table."""
    if not isinstance(table, StratifiedTable):
        return [[] for _ in table.counts]
    texts = [label.texts for label in table.labels]
    return [[of[code] for of, code in zip(texts, codes, strict=True)] for codes in table.codes.tolist()]


def is_linked_tables(path: Path) -> bool:
    """Whether a file is one of the tables of a linkage, by how it begins."""
    with path.open("rb") as file:
        return file.read(len(_BEGINS)) == _BEGINS.encode()


def read_linked_tables(text: str, source: str) -> LinkedTables:
    """The tables of all draws from their text.

    Parameters
    ----------
    text : str
        As `LinkedTables.csv_text` gives it.
    source : str
        What to call it in a message.

    Raises
    ------
    LinkageError
        When it is not whole.
    """
    try:
        first, _, body = text.partition("\n")
        head = json.loads(first.removeprefix("# "))
        lists, labels = head["lists"], head["labels"]
        rows: defaultdict[int, list[list[str]]] = defaultdict(list)
        for row in list(csv.reader(io.StringIO(body)))[1:]:
            rows[int(row[0])].append(row[1:])
        distinct = tuple(_table(lists, labels, rows[number]) for number in sorted(rows))
        of_draw = np.array(head["tables of the draws"], dtype=np.int64) - 1
        if of_draw.ndim != 2 or set(of_draw.ravel().tolist()) != set(range(len(distinct))):
            raise ValueError("a draw has no table")
        return LinkedTables(distinct, of_draw, head["records"], head["not linked"], head["about"])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        problem = "these are not the tables of a linkage as this program writes them; link again"
        raise LinkageError(source, [problem]) from error


def _table(
    lists: Sequence[str], labels: Sequence[str], rows: Sequence[Sequence[str]]
) -> CaptureTable | StratifiedTable:
    """One table from its rows."""
    seen = [[cell == "1" for cell in row[: len(lists)]] for row in rows]
    values = {name: [original_cell(row[len(lists) + at]) or None for row in rows] for at, name in enumerate(labels)}
    counts = [int(row[-1]) for row in rows]
    return StratifiedTable(lists, seen, values, counts) if labels else CaptureTable(lists, seen, counts)
