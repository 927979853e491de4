"""The record of a study: which inputs, versions, seed and machine made it, and when; SHA256SUMS says which files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import inf
from pathlib import Path

from estimation.capture.declared import Declared
from estimation.capture.disclosure.edition import Edition
from estimation.capture.readers import TableFile
from estimation.errors import StudyError
from estimation.files import file_sha256
from estimation.linkage.linked_tables import LinkedTables
from estimation.models.protocol import settings_of
from estimation.provenance import source_date
from estimation.results.as_json import Json, plain
from estimation.study.columns_in import columns_in
from estimation.study.findings import Findings
from estimation.study.machine import PACKAGES, environment, settings_of_threads
from estimation.study.stored_names import counts_name, safe_name
from estimation.study.study_file import Study

__all__ = [
    "RECORD",
    "Original",
    "Record",
    "counts_text",
    "read_object",
    "record_from",
    "record_json",
    "record_of",
    "record_of_edition",
    "stored_columns",
    "stored_inputs",
]

_SCHEMA = 2
RECORD = "record.json"
"""What the record of a finished study is called."""
_INPUTS = "inputs/"
_BESIDE = ("claims", "boundaries")
_MOST_DIGITS = 300


@dataclass(frozen=True, slots=True)
class Original:
    """A table that was read and not stored, because it may hold rows or columns about single persons.

    Parameters
    ----------
    name : str
        Its file name.
    sha256 : str
        SHA-256 of its bytes, by which whoever holds the file can show that it is the one that was read.
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a report says about its own making.

    Parameters
    ----------
    time : datetime
        When the study was run, in UTC; the time in the environment variable SOURCE_DATE_EPOCH if that is set, so
        that a report can be made again byte for byte.
    version : str
        Version of this package.
    python, platform : str
        What it ran on.
    packages : tuple of (str, str)
        Name and version of the packages that the numbers or the pages depend on.
    study_name, table_name : str
        Names of the inputs in the folder ``inputs`` of the finished study.
    study_stands_alone : bool
        Whether the stored study file finds the stored table by itself: true when the table lay beside the study file or
        in a folder below it.
    study_sha256, table_sha256 : str
        SHA-256 of the two files as they are stored.
    original : Original or None
        The table that was read, where only its counts per history are stored.
    beside : mapping of str to (str, str)
        Name and SHA-256 of the other stored files, by what they are: claims, boundaries.
    processor : str
        Its model; empty in a record that does not name it.
    threads : tuple of (str, str)
        Environment variables that were set and that the last bits of a number can depend on.
    lists : tuple of Original
        The lists of names that were read and linked; the tables of all draws are stored in their place.
    public : int or None
        For a public edition the least number of people in a cell that it shows; the stored table is the safe one.
    """

    time: datetime
    version: str
    python: str
    platform: str
    packages: tuple[tuple[str, str], ...]
    study_name: str
    table_name: str
    study_stands_alone: bool
    study_sha256: str
    table_sha256: str
    original: Original | None = None
    beside: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    processor: str = ""
    threads: tuple[tuple[str, str], ...] = ()
    public: int | None = None
    lists: tuple[Original, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of all inputs in the folder ``inputs``."""
        return self.study_name, self.table_name, *(name for name, _ in self.beside.values())

    @property
    def environment(self) -> dict[str, str]:
        """What the study ran on: versions by name, as of `estimation.study.machine.environment`."""
        here = {"estimation": self.version, "python": self.python, "platform": self.platform}
        return here | ({"processor": self.processor} if self.processor else {}) | dict(self.packages)


def _now() -> datetime:
    """When this is, or is to be, made."""
    return source_date() or datetime.now(tz=UTC).replace(microsecond=0)


def counts_text(read: TableFile) -> str:
    """The counts that are stored in the place of a table: by capture history, and by the labels of the strata."""
    return read.table.csv_text if read.strata is None else read.strata.csv_text


def _counts(read: TableFile | LinkedTables) -> str:
    return read.csv_text if isinstance(read, LinkedTables) else counts_text(read)


def record_of(study: Study, read: TableFile | LinkedTables, *, keep_persons: bool = False) -> Record:
    """The record of a study that is being run here and now.

    Parameters
    ----------
    study : Study
        What is run.
    read : TableFile or LinkedTables
        Its table as it was read, or the tables of all draws of its linkage.
    keep_persons : bool
        Keep the table as it was read even where it is more than counts per history, persons and all.  By default
        the counts per history are kept in the place of such a table, with the checksum of the file they are from.

    Raises
    ------
    StudyError
        When SOURCE_DATE_EPOCH is set to something that is no time.
    """
    name = study.stored_table
    beside = study.path.parent / name == study.table
    as_stored = keep_persons or isinstance(read, LinkedTables) or read.counts_only
    original = None if as_stored else Original(study.table.name, read.sha256)
    here = environment()
    return Record(
        time=_now(),
        version=here["estimation"],
        python=here["python"],
        platform=here["platform"],
        packages=tuple((name, here[name]) for name in PACKAGES),
        study_name=study.path.name,
        table_name=name if original is None else counts_name(name),
        study_stands_alone=beside and original is None,
        study_sha256=file_sha256(study.path),
        table_sha256=read.sha256 if original is None else hashlib.sha256(_counts(read).encode()).hexdigest(),
        original=original,
        beside={what: (path.name, file_sha256(path)) for what, path in study.beside.items()},
        processor=here["processor"],
        threads=tuple(settings_of_threads().items()),
        lists=tuple(Original(path.name, file_sha256(path)) for path in study.linked_files),
    )


def record_of_edition(record: Record, study: Study, edition: Edition) -> Record:
    """The record of a public edition: the safe table stands for the table, whose checksum is not there."""
    return replace(
        record,
        table_name=safe_name(study.stored_table),
        table_sha256=edition.safe.sha256,
        study_stands_alone=False,
        original=None,
        public=edition.minimum,
    )


def record_json(record: Record, findings: Findings, *, workers: int, seconds: float) -> dict[str, Json]:
    """The record as an object for JSON.

    Parameters
    ----------
    record, findings
        What was made, and how.
    workers : int
        Threads that were allowed.
    seconds : float
        How long the run took.
    """
    table: dict[str, Json] = {"file": f"{_INPUTS}{record.table_name}", "sha256": record.table_sha256}
    if record.original is not None:
        table["original"] = {"name": record.original.name, "sha256": record.original.sha256}
    beside: dict[str, Json] = {
        what: {"file": f"{_INPUTS}{name}", "sha256": sha256} for what, (name, sha256) in record.beside.items()
    }
    lists: list[Json] = [{"name": each.name, "sha256": each.sha256} for each in record.lists]
    return {
        "schema": _SCHEMA,
        "title": findings.study.title,
        "time": record.time.isoformat(),
        "estimation": record.version,
        "python": record.python,
        "platform": record.platform,
        "processor": record.processor,
        "threads": dict(record.threads),
        "packages": dict(record.packages),
        "seed": findings.study.seed,
        "models": {
            label: {"name": model.name, "settings": {name: plain(value) for name, value in settings_of(model)}}
            for label, model in (findings.study.models_of_strata | findings.study.models).items()
        },
        "workers": workers,
        "seconds": round(seconds, 3),
        "seconds_by_model": {
            label: None if took is None else round(took, 3) for label, took in findings.seconds.items()
        },
        **({} if record.public is None else {"edition": {"public": True, "minimum": record.public}}),
        "inputs": {
            "study": {
                "file": f"{_INPUTS}{record.study_name}",
                "sha256": record.study_sha256,
                "stands_alone": record.study_stands_alone,
            },
            "table": table,
            **({"lists": lists} if lists else {}),
            **beside,
        },
    }


def read_object(folder: Path, name: str) -> dict[str, Json]:
    """The object in a JSON file of a finished study.

    Raises
    ------
    StudyError
        When there is no such file, or it does not hold one object.
    """
    path = folder / name
    if not path.is_file():
        what = f"there is no {name} here" if folder.is_dir() else "there is no such folder"
        raise StudyError(str(folder), [f"{what}; name the folder of a study that was run to its end"])
    try:
        content = json.loads(path.read_bytes(), parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise StudyError(str(path), [f"this is not JSON: {error}"]) from error
    if not isinstance(content, dict):
        raise StudyError(str(path), ["this is not the file of a finished study: it does not hold one object"])
    return content


def _whole(digits: str) -> int | float:
    """A whole number of a JSON file; infinite where it is larger than any that a run writes."""
    return int(digits) if len(digits) < _MOST_DIGITS else inf


def record_from(folder: Path) -> Record:
    """The record that a finished study keeps of itself.

    Raises
    ------
    StudyError
        When there is none, or something is missing in it.
    """
    content = read_object(folder, RECORD)

    def text(*keys: str) -> str:
        found = _within(content, keys)
        if not isinstance(found, str):
            raise StudyError(str(folder / RECORD), [f"{'.'.join(keys)} is missing; the record is not whole"])
        return found

    def name(part: str) -> str:
        found = text("inputs", part, "file")
        if not found.startswith(_INPUTS) or ".." in found.split("/"):
            problem = f"inputs.{part}.file is {found!r}; it must be a file in the folder {_INPUTS}"
            raise StudyError(str(folder / RECORD), [problem])
        return found.removeprefix(_INPUTS)

    names = name("study"), name("table")
    try:
        time = datetime.fromisoformat(text("time"))
    except ValueError as error:
        raise StudyError(str(folder / RECORD), [f"time is {content.get('time')!r}, which is no time"]) from error
    packages, threads = content.get("packages"), content.get("threads")
    public = _within(content, ("edition", "minimum"))
    reduced = _within(content, ("inputs", "table", "original")) is not None
    there = [what for what in _BESIDE if _within(content, ("inputs", what)) is not None]
    where = ("inputs", "table", "original")
    return Record(
        time=time,
        version=text("estimation"),
        python=text("python"),
        platform=text("platform"),
        packages=tuple((k, str(v)) for k, v in packages.items()) if isinstance(packages, dict) else (),
        study_name=names[0],
        table_name=names[1],
        study_stands_alone=_within(content, ("inputs", "study", "stands_alone")) is True,
        study_sha256=text("inputs", "study", "sha256"),
        table_sha256=text("inputs", "table", "sha256"),
        original=Original(text(*where, "name"), text(*where, "sha256")) if reduced else None,
        beside={what: (name(what), text("inputs", what, "sha256")) for what in there},
        processor=str(content.get("processor") or ""),
        threads=tuple((k, str(v)) for k, v in threads.items()) if isinstance(threads, dict) else (),
        public=public if isinstance(public, int) else None,
        lists=tuple(_lists_in(content)),
    )


def _lists_in(content: Json) -> Iterator[Original]:
    """The lists of names in a record."""
    lists = _within(content, ("inputs", "lists"))
    for each in lists if isinstance(lists, list) else []:
        if isinstance(each, dict):
            yield Original(str(each.get("name")), str(each.get("sha256")))


def _within(content: Json, keys: Sequence[str]) -> Json:
    """What stands under some keys, one within the other; None where a key is missing."""
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content


def stored_inputs(folder: Path, record: Record) -> tuple[Path, Path]:
    """The study file and the table in a finished study.

    Raises
    ------
    StudyError
        When one of them is gone.
    """
    files = folder / _INPUTS / record.study_name, folder / _INPUTS / record.table_name
    gone = [file.relative_to(folder) for file in files if not file.is_file()]
    if gone:
        raise StudyError(str(folder), [f"{file} is missing, so the study cannot be run again" for file in gone])
    return files


def stored_columns(folder: Path, record: Record) -> Declared:
    """What is declared about the columns of the table in a finished study; nothing where only its counts are stored.

    Raises
    ------
    StudyError
        When the study file cannot be read.
    """
    return columns_in(stored_inputs(folder, record)[0]) if record.original is None else Declared()
