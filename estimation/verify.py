"""Run a finished study again, from the inputs it kept, and say whether every number is the same."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from estimation.errors import StudyError
from estimation.findings import Progress, find, numbers_of, silent, steps_of
from estimation.record import file_sha256, record_of
from estimation.run import json_text
from estimation.study import read_study
from estimation.summary import Json

__all__ = ["Difference", "Verification", "verify_study"]

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same.

    Parameters
    ----------
    path : str
        Where in `results.json`, for example ``models[2].median``.
    then, now : JSON value
        What stands in the file and what came out now; None where there is none.
    """

    path: str
    then: Json
    now: Json

    @property
    def relative(self) -> float | None:
        """How large the difference is against the larger of the two numbers; None when they are not both numbers."""
        if not (_is_number(self.then) and _is_number(self.now)):
            return None
        then, now = float(cast(float, self.then)), float(cast(float, self.now))
        return abs(then - now) / max(abs(then), abs(now))

    def __str__(self) -> str:
        return f"{self.path}: {_short(self.then)} in results.json, {_short(self.now)} now"


@dataclass(frozen=True, slots=True)
class Verification:
    """What running a study again has shown.

    Parameters
    ----------
    directory : Path
        The finished study.
    compared : int
        Values compared.
    differences : tuple of Difference
        Values that are not the same.
    changed : tuple of str
        Files that are not the ones the record describes, or are gone.
    elsewhere : tuple of str
        What is different about this machine and its packages; differences may come from it.
    """

    directory: Path
    compared: int
    differences: tuple[Difference, ...]
    changed: tuple[str, ...]
    elsewhere: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every number is the same and every file is the one that was recorded."""
        return not self.differences and not self.changed

    @property
    def largest(self) -> float | None:
        """The largest relative difference between two numbers; None without one."""
        return max((d.relative for d in self.differences if d.relative is not None), default=None)

    def __str__(self) -> str:
        lines = []
        if self.differences:
            lines.append(f"{len(self.differences)} of {self.compared:,} values in {self.directory} are not the same:")
            lines += [f"  {difference}" for difference in self.differences[:_SHOWN]]
            if len(self.differences) > _SHOWN:
                lines.append(f"  and {len(self.differences) - _SHOWN} more")
            if self.largest is not None:
                lines.append(f"The largest relative difference between two numbers is {self.largest:.2g}.")
        else:
            lines.append(f"All {self.compared:,} values in {self.directory} are the same.")
        lines += [f"Not as recorded: {name}." for name in self.changed]
        if self.elsewhere:
            lines.append(f"This machine is not the one of the record: {'; '.join(self.elsewhere)}.")
        return "\n".join(lines)


def verify_study(directory: str | os.PathLike[str], *, workers: int = 1, progress: Progress = silent) -> Verification:
    """Run a finished study again in a temporary folder and compare every value of its `results.json`.

    Parameters
    ----------
    directory : path
        Folder that `estimation.run.run_study` wrote.
    workers : int
        Threads to use at most; changes no number.
    progress : Progress
        Told what is being done.

    Raises
    ------
    StudyError
        When the folder is not that of a finished study, or files are missing in it or cannot be read.
    """
    folder = Path(directory)
    then, record = (_object(folder, name) for name in ("results.json", "record.json"))
    study_file, table_file = (folder / _text(folder, record, "inputs", part, "file") for part in ("study", "table"))
    for needed in (study_file, table_file):
        if not needed.is_file():
            raise StudyError(
                str(folder), [f"{needed.relative_to(folder)} is missing, so the study cannot be run again"]
            )
    study = read_study(study_file, table=table_file)
    with tempfile.TemporaryDirectory() as parts:
        found = find(study, parts=Path(parts), workers=workers, progress=progress)
    progress("done", steps_of(study), steps_of(study))
    now = cast(dict[str, Json], json.loads(json_text(numbers_of(found))))
    pairs = list(_pairs(then, now, ""))
    return Verification(
        directory=folder,
        compared=len(pairs),
        differences=tuple(pair for pair in pairs if not _equal(pair.then, pair.now)),
        changed=tuple(_changed(folder, record)),
        elsewhere=tuple(_elsewhere(record, study_file, table_file)),
    )


def _object(folder: Path, name: str) -> dict[str, Json]:
    """The object in a JSON file of a finished study."""
    path = folder / name
    if not path.is_file():
        raise StudyError(str(folder), [f"there is no {name} here; name the folder of a study that was run to its end"])
    try:
        held = json.loads(path.read_bytes())
    except ValueError as error:
        raise StudyError(str(path), [f"this is not JSON: {error}"]) from error
    if not isinstance(held, dict):
        raise StudyError(str(path), ["this is not the file of a finished study: it does not hold one object"])
    return held


def _text(folder: Path, record: dict[str, Json], *keys: str) -> str:
    """A text in the record, by its keys."""
    held: Json = record
    for key in keys:
        held = held.get(key) if isinstance(held, dict) else None
    if not isinstance(held, str):
        raise StudyError(str(folder / "record.json"), [f"{'.'.join(keys)} is missing; the record is not whole"])
    return held


def _changed(folder: Path, record: dict[str, Json]) -> Iterator[str]:
    """Files whose checksum is not the recorded one."""
    outputs = record.get("outputs")
    for name, sha256 in (outputs if isinstance(outputs, dict) else {}).items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif file_sha256(path) != sha256:
            yield f"{name} has another checksum than in record.json"


def _elsewhere(record: dict[str, Json], study: Path, table: Path) -> Iterator[str]:
    """What is different here from where the study was run."""
    here = record_of(study=study, table=table)
    versions = {"estimation": here.version, "python": here.python, "platform": here.platform}
    for name, value in versions.items():
        if record.get(name) != value:
            yield f"{name} was {record.get(name)} and is {value}"
    packages = record.get("packages")
    for name, value in here.packages:
        then = packages.get(name) if isinstance(packages, dict) else None
        if then != value:
            yield f"{name} was {then} and is {value}"


def _pairs(then: Json, now: Json, path: str) -> Iterator[Difference]:
    """Every value of two JSON trees, side by side."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in (*then, *(key for key in now if key not in then)):
            yield from _pairs(then.get(key), now.get(key), f"{path}.{key}" if path else key)
    elif isinstance(then, list) and isinstance(now, list):
        for at in range(max(len(then), len(now))):
            before, after = (held[at] if at < len(held) else None for held in (then, now))
            yield from _pairs(before, after, f"{path}[{at}]")
    else:
        yield Difference(path, then, now)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(then: Json, now: Json) -> bool:
    return type(then) is type(now) and then == now


def _short(value: Json) -> str:
    """A value in a message."""
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"
