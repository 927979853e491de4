"""Run a finished study again, from the inputs it kept, and say whether every number is the same.

Strictly: every file of the folder is as SHA256SUMS says, none is missing and none is there besides, and the report, the
charts and the saved models are made again, with the time of the record, and are the same byte for byte.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import cast

from estimation.findings import Findings, Progress, find, numbers_of, silent, steps_of
from estimation.manifest import SUMS, files_of, read_manifest, strayed
from estimation.record import Record, file_sha256, kept_inputs, read_object, record_from, record_of
from estimation.run import json_text, write_files
from estimation.signature import fingerprint_of, signature_problem
from estimation.study import read_study
from estimation.summary import Json

__all__ = ["Absent", "Change", "Verification", "changes_between", "is_number", "verify_study"]

_SHOWN = 10
_RECORD = "record.json"
_NAMES = ("label", "name", "title")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Absent(Enum):
    """Stands where one of two JSON trees has no value at all, which is another thing than null."""

    ABSENT = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is not the same in two JSON trees.

    Parameters
    ----------
    place : tuple of str
        The steps to where it stands, for example ``("models", "[Graphs]", ".median")``.
    then, now : JSON value or Absent
        The value in the first tree and in the second.
    """

    place: tuple[str, ...]
    then: Json | Absent
    now: Json | Absent

    @property
    def path(self) -> str:
        """Where it stands, for example ``models[Graphs].median``."""
        return "".join(self.place)

    @property
    def relative(self) -> float | None:
        """How large the difference is against the larger of the two numbers; None when they are not both numbers."""
        if not (is_number(self.then) and is_number(self.now)):
            return None
        then, now = float(cast(float, self.then)), float(cast(float, self.now))
        return abs(then - now) / max(abs(then), abs(now)) if then != now else 0.0

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
    differences : tuple of Change
        Values that are not the same.
    changed : tuple of str
        Files that are not the ones the record describes, are gone, or are there and should not be; and a signature
        that is not good.
    elsewhere : tuple of str
        What is different about this machine and its packages; differences may come from it.
    remade : int or None
        Files made again and compared byte for byte; None where that was not asked for.
    unlike : tuple of str
        What is different in those of them that are not the same.
    signed_by : str or None
        SHA-256 of the public key whose owner signed the study; None where that was not asked for or is not so.
    """

    directory: Path
    compared: int
    differences: tuple[Change, ...]
    changed: tuple[str, ...]
    elsewhere: tuple[str, ...]
    remade: int | None = None
    unlike: tuple[str, ...] = ()
    signed_by: str | None = None

    @property
    def same(self) -> bool:
        """Whether every number is the same, and every file is as was recorded and as it was made again."""
        return not self.differences and not self.changed and not self.unlike

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
        if self.remade is not None and not self.unlike:
            lines.append(f"All {self.remade} files made again are the same byte for byte.")
        lines += [f"Not as made again: {said}." for said in self.unlike]
        if self.signed_by is not None:
            lines.append(f"{SUMS} is signed by the key with SHA-256 {self.signed_by}.")
        if self.elsewhere:
            lines.append(f"This machine is not the one of the record: {'; '.join(self.elsewhere)}.")
        lines += self._why()
        return "\n".join(lines)

    def _why(self) -> list[str]:
        """What a difference may come from."""
        if not (self.differences or self.unlike):
            return []
        if self.elsewhere:
            return [
                "Another version may draw a chart, set a page or add in another order, and differ for that alone: to "
                "settle it, verify with the versions of the record."
            ]
        return [
            "Versions and machine are those of the record: a file was changed after it was made, or something that "
            "the record does not name is different here (the processor, fonts, the operating system's libraries)."
        ]


def verify_study(
    directory: str | os.PathLike[str],
    *,
    strict: bool = False,
    public_key: str | os.PathLike[str] | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> Verification:
    """Run a finished study again in a temporary folder and compare every value of its `results.json`.

    Parameters
    ----------
    directory : path
        Folder that `estimation.run.run_study` wrote.
    strict : bool
        Also hold every file of the folder against SHA256SUMS, with none missing and none besides, and make the
        report, the charts and the saved models again and compare them byte for byte.
    public_key : path, optional
        Ed25519 public key, PEM: also check that SHA256SUMS is signed by its owner, and every file against it.
    workers : int
        Threads to use at most; changes no number.
    progress : Progress
        Told what is being done.

    Raises
    ------
    StudyError
        When the folder is not that of a finished study, or files are missing in it or cannot be read.
    EstimationError
        When a signature is to be checked and the package ``cryptography`` is not installed.
    """
    folder = Path(directory)
    then, held = (read_object(folder, name) for name in ("results.json", _RECORD))
    record = record_from(folder)
    study_file, table_file = kept_inputs(folder, record)
    signed_by, unsigned = (None, None) if public_key is None else _signature(folder, public_key)
    changed = _changed(folder, held, against_sums=strict or public_key is not None)
    study = read_study(study_file, table=table_file)
    with tempfile.TemporaryDirectory() as parts:
        found = find(study, parts=Path(parts), workers=workers, progress=progress)
    if record.original is not None:  # what was handled on reading it can be read nowhere else
        found = replace(found, table_notes=_notes(then))
    now = cast(dict[str, Json], json.loads(json_text(numbers_of(found))))
    made, unlike = _made_again(folder, found, record) if strict else (None, [])
    progress("done", steps_of(study), steps_of(study))
    return Verification(
        directory=folder,
        compared=_values(then),
        differences=tuple(changes_between(then, now)),
        changed=(*changed, *([] if unsigned is None else [unsigned])),
        elsewhere=tuple(_elsewhere(record, study_file, table_file)),
        remade=made,
        unlike=tuple(unlike),
        signed_by=signed_by,
    )


def _signature(folder: Path, public_key: str | os.PathLike[str]) -> tuple[str | None, str | None]:
    """The key that signed the study, or what is wrong with its signature."""
    wrong = signature_problem(folder, public_key)
    return (fingerprint_of(public_key), None) if wrong is None else (None, wrong)


def _notes(results: dict[str, Json]) -> tuple[str, ...]:
    """What was handled when the table of a study was read, from its results."""
    table = results.get("table")
    notes = table.get("notes") if isinstance(table, dict) else None
    return tuple(str(note) for note in notes) if isinstance(notes, list) else ()


def _changed(folder: Path, record: dict[str, Json], *, against_sums: bool) -> list[str]:
    """Files whose checksum is not the recorded one, and with ``against_sums`` all that is not as SHA256SUMS says."""
    wrong: dict[str, str] = {}
    outputs = record.get("outputs")
    for name, sha256 in (outputs if isinstance(outputs, dict) else {}).items():
        path = folder / name
        if not path.is_file():
            wrong[name] = "is missing"
        elif file_sha256(path) != sha256:
            wrong[name] = f"has another checksum than in {_RECORD}"
    if against_sums:
        for name, said in strayed(folder, read_manifest(folder)).items():
            wrong.setdefault(name, said)
    return [f"{name} {said}" for name, said in wrong.items()]


def _made_again(folder: Path, found: Findings, record: Record) -> tuple[int, list[str]]:
    """How many files were made again with the time and versions of the record, and which are not the same."""
    unlike = []
    with tempfile.TemporaryDirectory() as place:
        made = Path(place)
        write_files(found, record, made)
        names = files_of(made)
        for name in names:
            again, kept = (made / name).read_bytes(), folder / name
            if not kept.is_file():
                unlike.append(f"{name} is made again, and is not in the folder")
            elif kept.read_bytes() != again:
                unlike.append(f"{name} {_where(kept.read_bytes(), again)}")
    named = sorted({*read_manifest(folder)} - {*names, _RECORD})
    unlike += [f"{name} is named in {SUMS}, and is not made again" for name in named]
    return len(names), unlike


def _where(kept: bytes, again: bytes) -> str:
    """Where two files begin to differ."""
    shorter = min(len(kept), len(again))
    at = next((i for i in range(shorter) if kept[i] != again[i]), shorter)
    lines = kept[:at].count(b"\n") + 1
    line = "" if b"\0" in again else f" (line {lines:,})"
    return f"differs from byte {at + 1:,}{line} on; it has {len(kept):,} bytes, and {len(again):,} when made again"


def _elsewhere(record: Record, study: Path, table: Path) -> Iterator[str]:
    """What is different here from where the study was run."""
    here = record_of(study=study, table=table)
    for name, then, value in (
        ("estimation", record.version, here.version),
        ("python", record.python, here.python),
        ("platform", record.platform, here.platform),
    ):
        if then != value:
            yield f"{name} was {then} and is {value}"
    packages = dict(record.packages)
    for name, value in here.packages:
        if packages.get(name) != value:
            yield f"{name} was {packages.get(name)} and is {value}"


def _values(tree: Json) -> int:
    """How many values stand in a JSON tree."""
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else None
    return 1 if parts is None else sum(_values(part) for part in parts)


def changes_between(then: Json, now: Json, place: tuple[str, ...] = ()) -> Iterator[Change]:
    """Every value that is not the same in two JSON trees, in their order.

    Parts of a list are told apart by their label, name or title (its numbers aside) where they have one, so that a part
    that was added moves no other; the cells of a table by the first cell of their row and the heading of their column.

    Examples
    --------
    >>> old = {"models": [{"label": "A", "median": 310}]}
    >>> new = {"models": [{"label": "B", "median": 7}, {"label": "A", "median": 312}]}
    >>> [change.path for change in changes_between(old, new)]
    ['models[A].median', 'models[B]']
    """
    before, after = _parts(then), _parts(now)
    if before is None or after is None or isinstance(then, dict) is not isinstance(now, dict):
        if type(then) is not type(now) or then != now:
            yield Change(place, then, now)
        return
    listed = not isinstance(then, dict) or isinstance(then, _Rows)
    for key in (*before, *(key for key in after if key not in before)):
        step = (*place, f"[{key}]" if listed else f".{key}" if place else key)
        if key in before and key in after:
            yield from changes_between(before[key], after[key], step)
        else:
            yield Change(step, before.get(key, Absent.ABSENT), after.get(key, Absent.ABSENT))


class _Rows(dict[str, Json]):
    """The rows of a table by their first cells."""


def _parts(value: Json) -> dict[str, Json] | None:
    """What a JSON value is made of, by key, name or place; None for a single value."""
    if isinstance(value, dict):
        columns, rows = value.get("columns"), value.get("rows")
        if isinstance(columns, list) and isinstance(rows, list):
            return {**value, "rows": _rows(columns, rows)}
        return value
    if not isinstance(value, list):
        return None
    for name in _NAMES:
        held = [part.get(name) if isinstance(part, dict) else None for part in value]
        named = [_NUMBER.sub("#", str(label)) if name == "title" else str(label) for label in held]
        if all(isinstance(label, str) for label in held) and len(set(named)) == len(named):
            return dict(zip(named, value, strict=True))
    return {str(at): part for at, part in enumerate(value)}


def _rows(columns: list[Json], rows: list[Json]) -> _Rows:
    """Rows by their first cell where it tells them apart, and else by their place; cells by their heading."""
    cells = [dict(zip(map(str, columns), row if isinstance(row, list) else [row], strict=False)) for row in rows]
    firsts = [str(next(iter(row.values()), "")) for row in cells]
    told_apart = len(set(firsts)) == len(firsts)
    return _Rows({firsts[at] if told_apart else str(at): cast(Json, row) for at, row in enumerate(cells)})


def is_number(value: Json | Absent) -> bool:
    """Whether a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: Json | Absent) -> str:
    """A value in a message."""
    if isinstance(value, Absent):
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"
