"""A public edition is read back, as an attacker would, before it is put in place.

What is read: every file of the folder.  The margins are taken from ``results.json``, ``sensitivity.csv``, the tables of
``report.html`` and the safe table, as numbers that stand there; what stands there and is not known to be safe is
refused. Then the attacker of `estimation.capture.disclosure` is given exactly those numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

from estimation.capture.disclosure.attacker import (
    Effort,
    EffortSpentError,
    Knowledge,
    first_in_reach,
    possible_histories,
)
from estimation.capture.disclosure.edition import Edition
from estimation.capture.readers import TableFile
from estimation.capture.table import BoolArray, CaptureTable
from estimation.errors import StudyError
from estimation.report.public_overlap import LISTS, SAFE_TABLE
from estimation.results.as_json import NO_UPPER, ONE_LIMIT, Json
from estimation.runs.manifest import SUMS
from estimation.study.record import RECORD, read_object, record_from

__all__ = ["check_edition"]

_FILES = re.compile(
    rf"report\.(?:html|pdf|docx)|results\.json|sensitivity\.csv|{re.escape(RECORD)}|{SUMS}|inputs/.+"
    r"|charts/[^/]+\.svg|tables/[a-z0-9-]+\.(?:csv|tex|xlsx)"
)
_CHARTS = re.compile(r"comparison|overlaps|claims|sensitivity-.*")
_TABLE_KEYS = {"n_observed", "lists", "frequencies", "frequencies_pooled_from"}
_MODEL_LEFT_OUT = ("notes", "tables")
_COUNTING = ("On it", "On no other", "On both", "Observed", "People")
"""Headings of the report's columns that count people of a table."""

_Total = tuple[str, BoolArray, int]


def check_edition(folder: Path, read: TableFile, edition: Edition) -> None:
    """Refuse a public edition that gives a small cell away, or says what is not known to be safe.

    Parameters
    ----------
    folder : Path
        The edition, before it is put in place.
    read : TableFile
        The table as it is.
    edition : Edition
        What the edition may say.

    Raises
    ------
    StudyError
        With everything that is wrong.
    """
    table = read.table
    histories, counts = possible_histories(table)
    found = [*_of_results(folder, table, histories), *_of_safe_table(folder, edition, table, histories)]
    totals = [each for each in found if not isinstance(each, str)]
    problems = [
        *_strangers(folder),
        *_checksums(folder, {table.sha256, read.sha256}, edition),
        *(each for each in found if isinstance(each, str)),
        *_of_answers(folder, table),
        *_of_report(folder, edition),
        *(
            f"{what} is written as {value:,}, which is not what the table says"
            for what, sums, value in totals
            if int(counts[sums].sum()) != value
        ),
    ]
    problems = problems or [*_in_reach(table, histories, totals, edition.minimum)]
    if problems:
        raise StudyError("public edition", problems)


def _in_reach(table: CaptureTable, histories: BoolArray, totals: list[_Total], minimum: int) -> Iterator[str]:
    """What an attacker makes of the totals that were read."""
    _, counts = possible_histories(table)
    sums = np.array([row for _, row, _ in totals], dtype=bool)
    empty = sums[[value == 0 for _, _, value in totals]].any(axis=0)
    known = Knowledge(histories[~empty], counts[~empty], sums[:, ~empty])
    try:
        cell = first_in_reach(known, minimum, Effort())
    except EffortSpentError:
        yield "whether it gives a small cell away was not settled in the work that is allowed"
        return
    if cell is not None:
        on = [name for name, is_on in zip(table.lists, known.histories[cell].tolist(), strict=True) if is_on]
        yield f"what it prints gives away how many people are on {' and '.join(on)} and on no other list"


def _strangers(folder: Path) -> Iterator[str]:
    """Files that an edition does not have."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        chart = re.fullmatch(r"charts/(.+)\.svg", name)
        if path.is_file() and (not _FILES.fullmatch(name) or (chart and not _CHARTS.fullmatch(chart[1]))):
            yield f"{name} is no file of a public edition"


def _checksums(folder: Path, checksums: set[str], edition: Edition) -> Iterator[str]:
    """Where a checksum of the table stands: a guessed table could be confirmed by it."""
    if edition.safe.table.lists == edition.lists:
        return  # nothing in the table is hidden
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if any(checksum.encode() in path.read_bytes() for checksum in checksums):
            yield f"{path.relative_to(folder).as_posix()} holds a checksum of the table"


def _of_results(folder: Path, table: CaptureTable, histories: BoolArray) -> Iterator[_Total | str]:
    """The margins in ``results.json``."""
    results = read_object(folder, "results.json")
    part, on = results.get("table"), histories.sum(axis=1)
    if not isinstance(part, dict) or set(part) != _TABLE_KEYS:
        yield f"results.json: table must have the keys {', '.join(sorted(_TABLE_KEYS))} and no other"
        return
    for place, value in _named(results, "n_observed"):
        if value != table.n_observed:
            yield f"results.json: {place} is a number of people of another table"
    yield "the number of people", np.ones(len(histories), dtype=bool), table.n_observed
    sizes = part["lists"]
    for name, size in sizes.items() if isinstance(sizes, dict) else ():
        if isinstance(size, int):
            yield f"the number of people on {name}", histories[:, table.index(name)], size
    frequencies, pooled = part["frequencies"], part["frequencies_pooled_from"]
    last = pooled if isinstance(pooled, int) else len(table.lists)
    for k, people in enumerate(frequencies if isinstance(frequencies, list) else (), 1):
        if not isinstance(people, int) or k > last:
            yield "results.json: table.frequencies is not what an edition has"
            return
        yield f"the number of people on {k} lists", on >= k if k == last else on == k, people
    for place, value in (found for key in _MODEL_LEFT_OUT for found in _named(results, key)):
        if not isinstance(value, list) or set(map(str, value)) - {ONE_LIMIT, NO_UPPER}:
            yield f"results.json: {place} may count people, and an edition leaves it out"


def _named(tree: Json, key: str, place: str = "") -> Iterator[tuple[str, Json]]:
    """Every value under a key, wherever it stands."""
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for name, part in parts:
        here = f"{place}.{name}" if place else str(name)
        if name == key:
            yield here, part
        yield from _named(part, key, here)


def _of_safe_table(folder: Path, edition: Edition, table: CaptureTable, histories: BoolArray) -> Iterator[_Total | str]:
    """The cells of the safe table, with those that nobody has."""
    name, safe = record_from(folder).table_name, edition.safe
    if (folder / "inputs" / name).read_text(encoding="utf-8") != safe.text:
        yield f"inputs/{name} is not the safe table"
        return
    columns = [[table.index(each) for each in group] for group in safe.groups]
    becomes = np.column_stack([histories[:, column].any(axis=1) for column in columns])
    listed = np.zeros(len(histories), dtype=bool)
    for pattern, people in zip(safe.table.patterns, safe.table.counts.tolist(), strict=True):
        cell = np.asarray((becomes == pattern).all(axis=1))
        listed |= cell
        yield "a history of the safe table", cell, people
    yield "the people on a history that the safe table does not list", ~listed, 0


def _of_answers(folder: Path, table: CaptureTable) -> Iterator[str]:
    """What ``sensitivity.csv`` says of the people observed: the table's number, and no other."""
    path = folder / "sensitivity.csv"
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))) if path.is_file() else ()
    for row in rows:
        if row["n_observed"] != str(table.n_observed):
            yield f"sensitivity.csv: {row['question']}, {row['label']}: people observed in another table"


def _of_report(folder: Path, edition: Edition) -> Iterator[str]:
    """Tables of ``report.html`` that count people, other than of the safe table."""
    report = _Tables()
    report.feed((folder / "report.html").read_text(encoding="utf-8"))
    for caption, columns in report.found:
        allowed = {LISTS: {"On it"} if edition.sizes is not None else set(), SAFE_TABLE: set(_COUNTING)}
        may: set[str] = next((which for opening, which in allowed.items() if caption.startswith(opening)), set())
        counting = [column for column in columns if column in _COUNTING and column not in may]
        if counting:
            yield f"report: the table “{caption[:60]}” counts people ({', '.join(counting)})"


class _Tables(HTMLParser):
    """The caption and the headings of each table of a report."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "div" and given.get("role") == "region":
            self.found.append((given.get("aria-label") or "", []))
        self._in_heading = tag == "th" and given.get("scope") == "col"

    def handle_data(self, data: str) -> None:
        if self._in_heading and self.found:
            self.found[-1][1].append(data)
        self._in_heading = False
