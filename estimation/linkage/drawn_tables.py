"""The tables of all draws of a linkage, without a row about anybody: what models are fitted to.

As text it is CSV: a line of JSON behind ``# `` with the lists, the labels and the table of each draw, and then each
distinct table once, a row for each history and labels with the number of its table (``replicate``) and the people.
`estimation.capture.readers.read_table` reads one of these tables by its number.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from estimation.capture.csv_text import headings
from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.errors import LinkageError
from estimation.text.spreadsheet import csv_of, original_cell

if TYPE_CHECKING:
    from estimation.linkage.draws import LinkageDraws

__all__ = ["DrawnTables", "drawn_tables", "read_drawn_tables"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DrawnTables:
    """Who was seen by exactly which lists, in each draw of who is the same person.

    Parameters
    ----------
    distinct : tuple of CaptureTable or of StratifiedTable
        Each table that was drawn, once; with labels where these are wanted.
    of_draw : (draws,) int64
        Which of them is the table of each draw.
    """

    distinct: tuple[CaptureTable | StratifiedTable, ...]
    of_draw: NDArray[np.int64]

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
    def tables(self) -> tuple[CaptureTable, ...]:
        """The table of each draw; draws with one table share it."""
        margins = [CaptureTable(each.lists, each.patterns, each.counts, allow_twins=True) for each in self.distinct]
        return tuple(margins[at] for at in self.of_draw)

    @property
    def strata(self) -> tuple[StratifiedTable, ...]:
        """The table with labels of each draw; none where there are no labels."""
        labelled = [each for each in self.distinct if isinstance(each, StratifiedTable)]
        return tuple(labelled[at] for at in self.of_draw) if labelled else ()

    @property
    def n_people(self) -> NDArray[np.int64]:
        """People in each draw.  Unit: persons."""
        people = np.array([each.n_observed for each in self.distinct], dtype=np.int64)
        of_draw: NDArray[np.int64] = people[self.of_draw]
        return of_draw

    @property
    def central(self) -> int:
        """The draw whose table is nearest the mean of all tables, cell by cell, among those with the median number.

        A draw with the median number of people; of several the one with the least sum of absolute differences from
        the mean counts, and the first of those.
        """
        people = self.n_people
        median = np.quantile(people, 0.5, method="inverted_cdf")
        counts: defaultdict[bytes, NDArray[np.float64]] = defaultdict(lambda: np.zeros(len(self.distinct)))
        for at, each in enumerate(self.distinct):
            for seen, count in zip(each.patterns, each.counts, strict=True):
                counts[seen.tobytes()][at] += count
        cells = np.array(list(counts.values()))
        drawn = np.bincount(self.of_draw, minlength=len(self.distinct))
        mean = cells @ drawn / drawn.sum()
        apart = np.abs(cells - mean[:, None]).sum(axis=0)[self.of_draw]
        return int(np.argmin(np.where(people == median, np.round(apart, 9), np.inf)))

    @property
    def csv_text(self) -> str:
        """All of it as text (`read_drawn_tables`)."""
        about = {"lists": self.lists, "labels": self.labels, "tables of the draws": (self.of_draw + 1).tolist()}
        rows: list[list[object]] = [["replicate", *headings(self.lists), *self.labels, "count"]]
        for number, each in enumerate(self.distinct, 1):
            for seen, values, count in zip(each.patterns.astype(int), _values(each), each.counts.tolist(), strict=True):
                rows.append([number, *seen.tolist(), *values, count])
        return f"# {json.dumps(about, ensure_ascii=False)}\n{csv_of(rows)}"

    @property
    def sha256(self) -> str:
        """Checksum of the text."""
        return hashlib.sha256(self.csv_text.encode()).hexdigest()

    def __repr__(self) -> str:
        return f"<DrawnTables: {len(self.of_draw):,} draws, {len(self.distinct):,} distinct tables>"


def drawn_tables(draws: LinkageDraws, by: Sequence[str] = ()) -> DrawnTables:
    """The tables of all draws of a linkage, with some labels.

    Raises
    ------
    TableError
        When no record has such a label.
    """
    return _distinct(draws.strata(by)) if by else _distinct(draws.tables)


def _distinct(tables: Sequence[CaptureTable | StratifiedTable]) -> DrawnTables:
    """The different ones among some tables, and which is that of each draw."""
    place: dict[CaptureTable | StratifiedTable, int] = {}
    of_draw = [place.setdefault(table, len(place)) for table in tables]
    return DrawnTables(tuple(place), np.array(of_draw, dtype=np.int64))


def _values(table: CaptureTable | StratifiedTable) -> list[list[str | None]]:
    """The labels of each row of a table."""
    if not isinstance(table, StratifiedTable):
        return [[] for _ in table.counts]
    texts = [label.texts for label in table.labels]
    return [[of[code] for of, code in zip(texts, codes, strict=True)] for codes in table.codes.tolist()]


def read_drawn_tables(text: str, source: str) -> DrawnTables:
    """The tables of all draws from their text.

    Parameters
    ----------
    text : str
        As `DrawnTables.csv_text` gives it.
    source : str
        What to call it in a message.

    Raises
    ------
    LinkageError
        When it is not whole.
    """
    try:
        first, _, body = text.partition("\n")
        about = json.loads(first.removeprefix("# "))
        lists, labels = about["lists"], about["labels"]
        rows: defaultdict[int, list[list[str]]] = defaultdict(list)
        for row in list(csv.reader(io.StringIO(body)))[1:]:
            rows[int(row[0])].append(row[1:])
        distinct = [_table(lists, labels, rows[number]) for number in sorted(rows)]
        of_draw = np.array(about["tables of the draws"], dtype=np.int64) - 1
        if set(of_draw.tolist()) != set(range(len(distinct))):
            raise ValueError("a draw has no table")
    except (ValueError, KeyError, TypeError, IndexError) as error:
        problem = "these are not the tables of a linkage as this program writes them; link again"
        raise LinkageError(source, [problem]) from error
    return DrawnTables(tuple(distinct), of_draw)


def _table(
    lists: Sequence[str], labels: Sequence[str], rows: Sequence[Sequence[str]]
) -> CaptureTable | StratifiedTable:
    """One table from its rows."""
    seen = [[cell == "1" for cell in row[: len(lists)]] for row in rows]
    values = {name: [original_cell(row[len(lists) + at]) or None for row in rows] for at, name in enumerate(labels)}
    counts = [int(row[-1]) for row in rows]
    return StratifiedTable(lists, seen, values, counts) if labels else CaptureTable(lists, seen, counts)
