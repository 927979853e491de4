"""The record of a study: which inputs, versions, seed and machine made which files, and when."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from estimation.errors import StudyError
from estimation.findings import Findings
from estimation.models.protocol import settings_of
from estimation.provenance import package_version
from estimation.summary import Json, plain

__all__ = ["Record", "file_sha256", "record_json", "record_of"]

_SCHEMA = 1
_PACKAGES = ("numpy", "scipy", "pandas", "numba", "pymc", "arviz", "nutpie", "matplotlib", "typst")
_EPOCH = "SOURCE_DATE_EPOCH"


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
        Whether the kept study file finds the kept table by itself: true when the table lay beside the study file or
        in a folder below it.
    study_sha256, table_sha256 : str
        SHA-256 of the two files as they were read.
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


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _now() -> datetime:
    given = os.environ.get(_EPOCH)
    if given is None:
        return datetime.now(tz=UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(given), tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        wanted = "a whole number of seconds since the start of 1970"
        raise StudyError(_EPOCH, [f"the environment variable is {given!r}; it must be {wanted}"]) from error


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def record_of(*, study: Path, table: Path) -> Record:
    """The record of a study that is being run here and now from two files.

    Raises
    ------
    StudyError
        When SOURCE_DATE_EPOCH is set to something that is no time.
    """
    beside = table.is_relative_to(study.parent) and ".." not in table.relative_to(study.parent).parts
    return Record(
        time=_now(),
        version=package_version(),
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        packages=tuple((name, _installed(name)) for name in _PACKAGES),
        study_name=study.name,
        table_name=table.relative_to(study.parent).as_posix() if beside else table.name,
        study_stands_alone=beside,
        study_sha256=file_sha256(study),
        table_sha256=file_sha256(table),
    )


def record_json(
    record: Record, findings: Findings, *, outputs: Mapping[str, str], workers: int, seconds: float
) -> dict[str, Json]:
    """The record as an object for JSON.

    Parameters
    ----------
    record, findings
        What was made, and how.
    outputs : mapping of str to str
        SHA-256 of every file written, by its path in the study's folder.
    workers : int
        Threads that were allowed.
    seconds : float
        How long the run took.
    """
    return {
        "schema": _SCHEMA,
        "title": findings.study.title,
        "time": record.time.isoformat(),
        "estimation": record.version,
        "python": record.python,
        "platform": record.platform,
        "packages": dict(record.packages),
        "seed": findings.study.seed,
        "models": {
            declared.label: {
                "name": declared.model.name,
                "settings": {name: plain(value) for name, value in settings_of(declared.model)},
            }
            for declared in findings.study.models
        },
        "workers": workers,
        "seconds": round(seconds, 3),
        "seconds_by_model": {
            label: None if took is None else round(took, 3) for label, took in findings.seconds.items()
        },
        "inputs": {
            "study": {"file": f"inputs/{record.study_name}", "sha256": record.study_sha256},
            "table": {"file": f"inputs/{record.table_name}", "sha256": record.table_sha256},
        },
        "outputs": dict(outputs),
    }
