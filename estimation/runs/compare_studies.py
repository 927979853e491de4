"""What changed between two finished studies, in what went in and in what came out.

What went in: the counts of the table cell by cell, the keys of the study file, further inputs line by line, settings in
force that no key names, versions and machine.  What came out: every number of ``results.json`` that is not the same, by
how much, and every sentence.  How long a run took, when it was made and with how many workers is no difference.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from estimation.capture.declared import Declared
from estimation.capture.readers import read_table_file
from estimation.capture.table import CaptureTable
from estimation.errors import StudyError, TableWarning
from estimation.files import file_sha256
from estimation.linkage.as_table import linked_tables_at
from estimation.results.as_json import Json
from estimation.runs.difference import CellChange, Difference, headline_sentence
from estimation.runs.json_changes import Change, changes_between, is_number
from estimation.runs.manifest import SUMS, read_manifest
from estimation.study.record import RECORD, Record, read_object, record_from, stored_columns, stored_inputs
from estimation.toml_file import any_toml

__all__ = ["compare_studies"]

_RESULTS = "results.json"
_VERSIONS = ("estimation", "python", "platform", "processor", "packages", "schema")
_DECLARED = ("schema", "title", "synthetic", "seed", "references")
"""Parts of ``results.json`` that repeat the study file or the record; they are compared there."""


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
        When a stored table cannot be read.
    """
    folders = Path(old), Path(new)
    contents = [read_object(folder, RECORD) for folder in folders]
    results = [read_object(folder, _RESULTS) for folder in folders]
    records = [record_from(folder) for folder in folders]
    (old_study, old_table), (new_study, new_table) = map(stored_inputs, folders, records)
    columns = [stored_columns(folder, record) for folder, record in zip(folders, records, strict=True)]
    tables = _read(old_table, columns[0]), _read(new_table, columns[1])
    cells, lists = _cells(*tables)
    studies = [_toml(path) for path in (old_study, new_study)]
    study = tuple(changes_between(studies[0], studies[1]))
    versions = [{key: content.get(key) for key in _VERSIONS} for content in contents]
    numbers, settings, words = _sorted(_without(results[0], _DECLARED), _without(results[1], _DECLARED))
    return Difference(
        old=_about(folders[0], contents[0]),
        new=_about(folders[1], contents[1]),
        cells=tuple(cells),
        inputs=(*lists, *_other_inputs(folders, records, same_counts=tables[0] == tables[1])),
        study=study,
        settings=tuple(change for change in settings if not _explained(change, study)),
        versions=tuple(changes_between(cast(Json, versions[0]), cast(Json, versions[1]))),
        numbers=tuple(numbers),
        words=tuple(words),
        headline=headline_sentence(results[0].get("headline"), results[1].get("headline")),
        doubts=tuple(doubt for folder in folders for doubt in _doubts(folder)),
    )


def _about(folder: Path, record: Mapping[str, Json]) -> str:
    return f"{folder}, run at {record.get('time')} with estimation {record.get('estimation')}"


def _read(path: Path, columns: Declared) -> CaptureTable:
    """A stored table, or that of one draw of a linkage; what was handled on reading it stands in the results."""
    linked = linked_tables_at(path)
    if linked is not None:
        return linked.central_table
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TableWarning)
        return read_table_file(path, columns, door="study").table


def _toml(path: Path) -> Json:
    """The keys of a study file; dates as text."""
    return cast(Json, json.loads(json.dumps(any_toml(path, error=StudyError), default=str)))


def _without(content: Mapping[str, Json], keys: Sequence[str]) -> Json:
    return {key: value for key, value in content.items() if key not in keys}


def _cells(old: CaptureTable, new: CaptureTable) -> tuple[list[CellChange], list[str]]:
    """Counts that changed, on the lists that both tables have; and what is different in the lists themselves."""
    shared = [name for name in old.lists if name in new.lists]
    sentences = [f"the list {name} is in the old table only" for name in old.lists if name not in shared]
    sentences += [f"the list {name} is in the new table only" for name in new.lists if name not in shared]
    if not shared:
        return [], [*sentences, "no list is in both tables, so that no count can be compared"]
    if sentences:
        sentences.append(
            f"counts are compared over the lists in both tables ({', '.join(shared)}), people on none of them left out"
        )
    elif old.lists != new.lists:
        sentences.append(f"the lists stand in another order: {', '.join(old.lists)} -> {', '.join(new.lists)}")
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
    ], sentences


def _by_history(table: CaptureTable) -> dict[tuple[bool, ...], int]:
    return dict(zip(map(tuple, table.patterns.tolist()), table.counts.tolist(), strict=True))


def _other_inputs(folders: Sequence[Path], records: Sequence[Record], *, same_counts: bool) -> Iterator[str]:
    """What is different in the inputs besides the counts and the keys of the study file."""
    read = [record.table_sha256 if record.original is None else record.original.sha256 for record in records]
    if same_counts and read[0] != read[1]:
        yield f"the table is another file with the same counts: SHA-256 {read[0]} -> {read[1]}"
    before, after = (_further(folder / "inputs", record) for folder, record in zip(folders, records, strict=True))
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
    """The changes in two ``results.json``: numbers, settings, and everything else."""
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
    """Whether a setting in force follows from a key of the study file that changed, and stands there."""
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
