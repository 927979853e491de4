"""What changed between two finished studies, in what went in and in what came out: the matter of a corrigendum.

What went in: the counts of the table cell by cell, the keys of the study file, further inputs line by line, settings in
force that no key names, versions and machine.  What came out: every number of `results.json` that is not the same, by
how much, and every sentence.  How long a run took, when it was made and with how many workers is no difference.
"""

from __future__ import annotations

import json
import os
import tomllib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from pathlib import Path
from typing import cast

from estimation.capture.readers import read_table
from estimation.capture.table import CaptureTable
from estimation.errors import StudyError, TableWarning
from estimation.files import file_sha256
from estimation.results.as_json import Json
from estimation.runs.json_changes import Absent, Change, changes_between, is_number
from estimation.runs.manifest import SUMS, read_manifest
from estimation.study.record import Record, kept_inputs, read_object, record_from

__all__ = ["CellChange", "Difference", "compare_studies"]

_RESULTS, _RECORD = "results.json", "record.json"
_VERSIONS = ("estimation", "python", "platform", "packages", "schema")
_DECLARED = ("schema", "title", "synthetic", "seed", "references")
"""Parts of `results.json` that repeat the study file or the record; they are compared there."""
_IN_WORDS: Mapping[str, str] = {
    "point": "the number quoted",
    "mean": "mean",
    "median": "median",
    "sd": "standard deviation",
    "lower": "lower end of the interval",
    "upper": "upper end of the interval",
    "n_observed": "people observed",
}
_FREQUENCIES = ("table", ".frequencies")
_TITLES: Mapping[tuple[str, ...], str] = {
    ("table", ".lists"): "People on each list",
    _FREQUENCIES: "People by the number of lists they are on",
}


@dataclass(frozen=True, slots=True)
class CellChange:
    """A capture history that another number of people has.

    Parameters
    ----------
    history : str
        One 0/1 a list, in the order of the older table.
    on : tuple of str
        The lists it names.
    then, now : int
        People with exactly that history.  Unit: persons.
    """

    history: str
    on: tuple[str, ...]
    then: int
    now: int

    def __str__(self) -> str:
        moved = f"{self.then:,} -> {self.now:,} ({self.now - self.then:+,})"
        return f"history {self.history} ({' and '.join(self.on)} only): {moved}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one finished study to another.

    Parameters
    ----------
    old, new : str
        The two folders, with the time and version of each.
    cells : tuple of CellChange
        Counts that changed.
    inputs : tuple of str
        What else is different in the files that went in, a sentence each.
    study, settings, versions : tuple of Change
        Keys of the study file; settings in force that no key of it explains; versions and machine.
    numbers, words : tuple of Change
        Numbers of `results.json`, and everything else in it, by their places there.
    headline : str
        What became of the headline, in one sentence.
    doubts : tuple of str
        Files that are not those that their own SHA256SUMS describes.
    """

    old: str
    new: str
    cells: tuple[CellChange, ...]
    inputs: tuple[str, ...]
    study: tuple[Change, ...]
    settings: tuple[Change, ...]
    versions: tuple[Change, ...]
    numbers: tuple[Change, ...]
    words: tuple[Change, ...]
    headline: str
    doubts: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the same went in and the same came out."""
        parts = (self.cells, self.inputs, self.study, self.settings, self.versions, self.numbers, self.words)
        return not any(parts)

    def __str__(self) -> str:
        lines = [f"Old: {self.old}", f"New: {self.new}", ""]
        lines += [f"Doubt: {doubt}." for doubt in self.doubts]
        lines += [self.headline, self._counted(), ""]
        if self.same:
            return "\n".join(lines[:-1])
        lines += _part("Table and other inputs", [*map(str, self.cells), *self.inputs])
        lines += _part("Study file", list(map(_exactly, self.study)))
        lines += _part("Settings in force that the study file does not name", list(map(_exactly, self.settings)))
        lines += _part("Versions and machine", list(map(_exactly, self.versions)))
        lines += ["Numbers that moved" if self.numbers else "Numbers: all the same"]
        lines += [f"  {line}" for line in _grouped(self.numbers)]
        if self.words:
            lines += ["", "Sentences and other values that changed"]
            lines += [f"  {line}" for line in _grouped(self.words)]
        return "\n".join(lines)

    def _counted(self) -> str:
        """How much changed, in one sentence."""
        counted = (
            (len(self.cells), "count of the table", "counts of the table"),
            (len(self.inputs), "other thing in the inputs", "other things in the inputs"),
            (len(self.study), "key of the study file", "keys of the study file"),
            (len(self.settings), "further setting", "further settings"),
            (len(self.versions), "version", "versions"),
            (len(self.numbers), "number", "numbers"),
            (len(self.words), "sentence or other value", "sentences or other values"),
        )
        said = [f"{n:,} {one if n == 1 else many}" for n, one, many in counted if n]
        return f"Changed: {', '.join(said)}." if said else "Nothing changed: the same went in and the same came out."

    def plain(self) -> dict[str, Json]:
        """The difference as an object for JSON."""
        return {
            "same": self.same,
            "old": self.old,
            "new": self.new,
            "headline": self.headline,
            "doubts": list(self.doubts),
            "cells": [
                {"history": c.history, "lists": list(c.on), "old": c.then, "new": c.now, "moved_by": c.now - c.then}
                for c in self.cells
            ],
            "inputs": list(self.inputs),
            "study": [_plain(change) for change in self.study],
            "settings": [_plain(change) for change in self.settings],
            "versions": [_plain(change) for change in self.versions],
            "numbers": [_plain(change) for change in self.numbers],
            "words": [_plain(change) for change in self.words],
        }


def compare_studies(old: str | os.PathLike[str], new: str | os.PathLike[str]) -> Difference:
    """What changed from one finished study to another: what went in, and which numbers moved by how much.

    Parameters
    ----------
    old, new : path
        Two folders that `estimation.runs.run.run_study` wrote.

    Raises
    ------
    StudyError
        When one is not the folder of a finished study, or a file is missing in it or cannot be read.
    TableError
        When a kept table cannot be read.
    """
    folders = Path(old), Path(new)
    records = [read_object(folder, _RECORD) for folder in folders]
    results = [read_object(folder, _RESULTS) for folder in folders]
    kept = [record_from(folder) for folder in folders]
    (old_study, old_table), (new_study, new_table) = map(kept_inputs, folders, kept)
    tables = _read(old_table), _read(new_table)
    cells, lists = _cells(*tables)
    studies = [_toml(path) for path in (old_study, new_study)]
    study = tuple(changes_between(studies[0], studies[1]))
    versions = [{key: held.get(key) for key in _VERSIONS} for held in records]
    numbers, settings, words = _sorted(_without(results[0], _DECLARED), _without(results[1], _DECLARED))
    return Difference(
        old=_about(folders[0], records[0]),
        new=_about(folders[1], records[1]),
        cells=tuple(cells),
        inputs=(*lists, *_other_inputs(folders, kept, same_counts=tables[0] == tables[1])),
        study=study,
        settings=tuple(change for change in settings if not _explained(change, study)),
        versions=tuple(changes_between(cast(Json, versions[0]), cast(Json, versions[1]))),
        numbers=tuple(numbers),
        words=tuple(words),
        headline=_headline(results[0].get("headline"), results[1].get("headline")),
        doubts=tuple(doubt for folder in folders for doubt in _doubts(folder)),
    )


def _about(folder: Path, record: Mapping[str, Json]) -> str:
    return f"{folder}, run at {record.get('time')} with estimation {record.get('estimation')}"


def _read(path: Path) -> CaptureTable:
    """A kept table; what was handled on reading it stands in the results."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TableWarning)
        return read_table(path)


def _toml(path: Path) -> Json:
    """The keys of a study file; dates as text."""
    try:
        held = tomllib.loads(path.read_bytes().decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StudyError(str(path), [f"this is not TOML: {error}"]) from error
    return cast(Json, json.loads(json.dumps(held, default=str)))


def _without(held: Mapping[str, Json], keys: Sequence[str]) -> Json:
    return {key: value for key, value in held.items() if key not in keys}


def _cells(old: CaptureTable, new: CaptureTable) -> tuple[list[CellChange], list[str]]:
    """Counts that changed, on the lists that both tables have; and what is different in the lists themselves."""
    shared = [name for name in old.lists if name in new.lists]
    said = [f"the list {name} is in the old table only" for name in old.lists if name not in shared]
    said += [f"the list {name} is in the new table only" for name in new.lists if name not in shared]
    if not shared:
        return [], [*said, "no list is in both tables, so that no count can be compared"]
    if said:
        said.append(
            f"counts are compared over the lists in both tables ({', '.join(shared)}), people on none of them left out"
        )
    elif old.lists != new.lists:
        said.append(f"the lists stand in another order: {', '.join(old.lists)} -> {', '.join(new.lists)}")
    before, after = (_by_history(table.keep(shared)) for table in (old, new))
    return [
        CellChange(
            "".join("1" if on else "0" for on in history),
            tuple(name for name, on in zip(shared, history, strict=True) if on),
            before.get(history, 0),
            after.get(history, 0),
        )
        for history in sorted({*before, *after}, key=lambda h: (sum(h), [not on for on in h]))
        if before.get(history, 0) != after.get(history, 0)
    ], said


def _by_history(table: CaptureTable) -> dict[tuple[bool, ...], int]:
    return dict(zip(map(tuple, table.patterns.tolist()), table.counts.tolist(), strict=True))


def _other_inputs(folders: Sequence[Path], kept: Sequence[Record], *, same_counts: bool) -> Iterator[str]:
    """What is different in the inputs besides the counts and the keys of the study file."""
    read = [record.table_sha256 if record.original is None else record.original.sha256 for record in kept]
    if same_counts and read[0] != read[1]:
        yield f"the table is another file with the same counts: SHA-256 {read[0]} -> {read[1]}"
    before, after = (_further(folder / "inputs", record) for folder, record in zip(folders, kept, strict=True))
    for name in sorted({*before, *after}):
        if name not in before or name not in after:
            yield f"the input {name} is in the {'old' if name in before else 'new'} study only"
        elif before[name].read_bytes() != after[name].read_bytes():
            yield f"the input {name} is another file"
            yield from _lines(name, before[name], after[name])


def _further(inputs: Path, record: Record) -> dict[str, Path]:
    """The inputs that are neither the study file nor the table, by name."""
    found = {path.relative_to(inputs).as_posix(): path for path in inputs.rglob("*") if path.is_file()}
    return {name: path for name, path in found.items() if name not in {record.study_name, record.table_name}}


def _lines(name: str, old: Path, new: Path) -> Iterator[str]:
    """Lines that one of two text files has and the other has not."""
    try:
        before, after = (path.read_bytes().decode("utf-8").splitlines() for path in (old, new))
    except UnicodeDecodeError:
        return
    yield from (f"{name}, gone: {line}" for line in before if line not in after)
    yield from (f"{name}, added: {line}" for line in after if line not in before)


def _sorted(then: Json, now: Json) -> tuple[list[Change], list[Change], list[Change]]:
    """The changes in two `results.json`: numbers, settings, and everything else."""
    numbers: list[Change] = []
    settings: list[Change] = []
    words: list[Change] = []
    for change in changes_between(then, now):
        if change.place[0] == "table" and change.place[-1] == ".sha256":
            continue  # the counts that changed say it
        if change.place[0] == "models" and {".settings", ".seed"} & set(change.place):
            settings.append(change)
        elif is_number(change.then) or is_number(change.now):
            numbers.append(change)
        else:
            words.append(change)
    return numbers, settings, words


def _explained(change: Change, study: Sequence[Change]) -> bool:
    """Whether a setting in force follows from a key of the study file that changed, and is said there."""
    if change.place[-1] == ".seed":
        return any(other.place == ("seed",) for other in study)
    declared = ("model", *change.place[1:])
    return any(declared[: len(other.place)] == other.place for other in study)


def _doubts(folder: Path) -> Iterator[str]:
    """Files compared here whose checksum is not the one in SHA256SUMS."""
    for name, sha256 in read_manifest(folder).items():
        compared = name == _RESULTS or name.startswith("inputs/")
        if compared and not ((folder / name).is_file() and file_sha256(folder / name) == sha256):
            yield f"{folder / name} is not the file that its own {SUMS} describes"


def _headline(then: Json, now: Json) -> str:
    """What became of the headline."""
    before, after = (held if isinstance(held, dict) else {} for held in (then, now))
    said = f"Headline: {_answer(before)}"
    if before == after:
        return f"{said}, in both."
    relative = _relative(before.get("point"), after.get("point"))
    return f"{said} -> {_answer(after)}{f', {relative}' if relative else ''}."


def _answer(headline: Mapping[str, Json]) -> str:
    """The headline's number and interval, in persons, or that there is none."""
    label, point = headline.get("label"), headline.get("point")
    if not is_number(point):
        return f"no number ({label})"
    ends = [headline.get("lower"), headline.get("upper")]
    lower, upper = (f"{float(cast(float, end)):,.0f}" if is_number(end) else "no limit" for end in ends)
    return f"{float(cast(float, point)):,.0f} people, {lower} to {upper} ({label})"


def _part(title: str, said: list[str]) -> list[str]:
    return [title, *(f"  {line}" for line in said), ""] if said else [f"{title}: the same", ""]


def _grouped(changes: Sequence[Change]) -> Iterator[str]:
    """Changes under the part of the results that they belong to."""
    under: tuple[str, ...] | None = None
    for change in changes:
        depth = 2 if len(change.place) > 2 else 1 if len(change.place) > 1 else 0
        if change.place[:depth] != under:
            under = change.place[:depth]
            yield _TITLES.get(under, "".join(under) or "at the top")
        place = change.place[depth:]
        if under == _FREQUENCIES:  # the first place is for people on one list
            place = (f"on exactly {int(place[0].strip('[]')) + 1}",)
        yield f"  {_said(Change(place, change.then, change.now))}"


def _exactly(change: Change) -> str:
    """A change of something that was set, as it was set."""
    return f"{change.path}: {_value(change.then)} -> {_value(change.now)}"


def _said(change: Change) -> str:
    """One change in one line: where, from what, to what, and by how much."""
    *where, leaf = change.place
    name = _IN_WORDS.get(leaf.removeprefix("."))
    place = "".join(change.place) if name is None else ", ".join([*(["".join(where)] if where else []), name])
    place = place.removeprefix(".")
    if not (is_number(change.then) and is_number(change.now)):
        return f"{place}: {_value(change.then)} -> {_value(change.now)}"
    then, now = (cast(float, value) for value in (change.then, change.now))
    before, after = _digits(then, now)
    relative = _relative(then, now)
    return f"{place}: {before} -> {after} ({_moved(then, now)}{f', {relative}' if relative else ''})"


def _relative(then: Json | Absent, now: Json | Absent) -> str:
    """A movement against the older number, or nothing where that is zero or there is none."""
    if not (is_number(then) and is_number(now)) or not then or then == now:
        return ""
    share = 100 * (cast(float, now) - cast(float, then)) / abs(cast(float, then))
    return f"{share:+.2g} %" if abs(share) < 99.5 else f"{share:+,.0f} %"


def _digits(first: float, second: float) -> tuple[str, str]:
    """Two numbers with as many digits as tell them apart, and one more.

    Examples
    --------
    >>> _digits(1340.8675, 1341.4), _digits(296.0, 297.0), _digits(0.039808, 0.039869), _digits(4.02e-11, 4e-11)
    (('1,340.87', '1,341.40'), ('296', '297'), ('0.039808', '0.039869'), ('4.02e-11', '4e-11'))
    """
    if float(first).is_integer() and float(second).is_integer():
        return f"{first:,.0f}", f"{second:,.0f}"
    apart = abs(first - second)
    if max(abs(first), abs(second)) < 1e-4 or apart < 1e-12:
        short = f"{first:.4g}", f"{second:.4g}"
        return short if short[0] != short[1] else (repr(first), repr(second))
    decimals = max(0, 1 - floor(log10(apart)))
    return f"{first:,.{decimals}f}", f"{second:,.{decimals}f}"


def _moved(then: float, now: float) -> str:
    """A movement with its sign."""
    by = now - then
    if float(then).is_integer() and float(now).is_integer():
        return f"{by:+,.0f}"
    return f"{by:+.2g}" if abs(by) < 10 else f"{by:+,.0f}"


def _value(value: Json | Absent) -> str:
    """A value on one line."""
    return "nothing" if isinstance(value, Absent) else json.dumps(value, ensure_ascii=False)


def _plain(change: Change) -> dict[str, Json]:
    """A change for JSON; a value that is not there at all has no key."""
    said: dict[str, Json] = {"path": change.path}
    if not isinstance(change.then, Absent):
        said["old"] = change.then
    if not isinstance(change.now, Absent):
        said["new"] = change.now
    if is_number(change.then) and is_number(change.now):
        said["moved_by"] = cast(float, change.now) - cast(float, change.then)
    return said
