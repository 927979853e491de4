"""The folder that a run writes to: nothing is touched there that no run made, and a run killed at any moment goes on.

A run writes to a folder that is new, empty, or that of an earlier run.  The last is one whose record is one of ours and
whose every file is named in SHA256SUMS; what was edited since is named and not replaced.  Everything else there is a
stranger, is named, and keeps the run from starting; strangers are looked for again before anything is replaced.

While a run lasts, its finished answers are in the folder ``.parts``, with a marker that says so::

    unfinished-run   the marker: what this is, and the names of the inputs
    made/            the finished study while it is being written
    complete/        the same once it is whole; from there each file is moved to its place, the record last

A run that is killed leaves the older study, or the new one, or a part of each with ``complete``, from which the next
run first moves the rest.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from estimation.errors import StudyError
from estimation.files import check_output_folder, file_sha256, write_text
from estimation.runs.manifest import SIGNATURE, SUMS, entries_of, files_of, read_manifest
from estimation.study.record import RECORD, Record, record_from

if sys.platform != "win32":
    import fcntl

__all__ = ["alone_in", "check_folder", "made_in", "parts_in", "put_in_place"]

_PARTS, _MADE, _COMPLETE, _MARKER = ".parts", "made", "complete", "unfinished-run"
_ABOUT = "Finished answers of a run of mse that has not ended. The same run goes on from here, and removes this folder."
_MOST_NAMED = 3

_ANSWER = r"[0-9a-f]{32}(?:-\d{4,6})?\.(?:json|npz)|[0-9a-f]{32}\.sums"
_KINDS = "questions|strata|linkage"
_OWN = re.compile(rf"{_MARKER}|{_KINDS}|{_MADE}|{_COMPLETE}|(?:(?:{_KINDS})/)?(?:{_ANSWER})")
"""What a run calls what is in ``.parts``."""

_OUTPUT = re.compile(
    rf"report\.html|report\.pdf|report\.docx|results\.json|sensitivity\.csv|strata\.csv|{re.escape(RECORD)}|{SUMS}"
    r"|models/\d\d+-[a-z0-9-]+\.(?:json|npz)|charts/[^/]+\.svg|tables/[a-z0-9-]+\.(?:csv|tex|xlsx)"
)
"""What a run calls what it makes, inputs aside."""

_HALF_WRITTEN = re.compile(r"(?P<folder>.*/)?\.(?P<name>[^/]+)\.[a-z0-9_]{8}")
"""What `estimation.files.write_bytes` calls a file that is not whole yet."""


def check_folder(
    folder: Path, *, inputs: Sequence[Path] = (), force: bool = False, force_option: str = "force=True"
) -> None:
    """Refuse a folder where a run would destroy something; nothing is touched.

    Parameters
    ----------
    folder : Path
        Where the study is to be written.
    inputs : sequence of Path
        The files that are read; none may lie in the folder.
    force : bool
        Whether files of the earlier run that were edited since, or signed, may be replaced.  Strangers never are.
    force_option : str
        How ``force`` is said at this door.

    Raises
    ------
    StudyError
        With what is in the way, or because another run is writing there.
    OutputError
        When the folder lies in another finished study, or cannot be made or written to.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise StudyError(str(folder), ["this is a file; name a folder to write to"])
    check_output_folder(folder)
    if folder.is_dir():
        with alone_in(folder):
            _check(folder, inputs, force, force_option)


@contextmanager
def parts_in(folder: Path, *, inputs: Sequence[Path], names: Sequence[str], force: bool) -> Iterator[Path]:
    """The folder of finished answers, while a run writes to ``folder``; no other run can, and what it lacked is moved.

    Parameters
    ----------
    folder : Path
        Where the study is to be written; made if it is not there.
    inputs : sequence of Path
        The files that are read.
    names : sequence of str
        What the inputs are called in the finished study.
    force : bool
        As in `check_folder`.
    """
    new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        _check(folder, inputs, force)
        parts = folder / _PARTS
        if (parts / _COMPLETE).is_dir():
            _move(parts / _COMPLETE, folder)
        parts.mkdir(exist_ok=True)
        shutil.rmtree(parts / _MADE, ignore_errors=True)
        earlier = _record(folder)
        stored = sorted({*names, *(() if earlier is None else earlier.inputs)})
        write_text(parts / _MARKER, json.dumps({"about": _ABOUT, "inputs": stored}, ensure_ascii=False) + "\n")
        try:
            yield parts
        finally:
            _leave_nothing_empty(folder, new=new)


def made_in(parts: Path) -> Path:
    """An empty folder for the files of the finished study."""
    made = parts / _MADE
    made.mkdir()
    return made


def put_in_place(folder: Path, *, inputs: Sequence[Path], force: bool) -> None:
    """Move what was made in the place of what was there, and remove the folder of finished answers.

    Raises
    ------
    StudyError
        When something came into the folder since the run began; what was made is not lost.
    """
    _check(folder, inputs, force)
    parts = folder / _PARTS
    (parts / _MADE).rename(parts / _COMPLETE)
    _move(parts / _COMPLETE, folder)
    for path in parts.iterdir():
        if path.name != _MARKER:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _leave_nothing_empty(folder: Path, *, new: bool) -> None:
    """Take the marker away where nothing else is left in the folder of answers, and the folder where it was made."""
    parts = folder / _PARTS
    if parts.is_dir() and [path.name for path in parts.iterdir()] == [_MARKER]:
        (parts / _MARKER).unlink()
        parts.rmdir()
        if new and not any(folder.iterdir()):
            folder.rmdir()


def _check(folder: Path, inputs: Sequence[Path], force: bool, force_option: str = "") -> None:
    """What `check_folder` refuses of a folder that is there."""
    sums = _sums(folder)
    present = entries_of(folder)
    strangers = _strangers(present, sums or {}, [] if sums is None else [SUMS, SIGNATURE], _marker(folder / _PARTS))
    if strangers:
        what = "another file" if len(strangers) == 1 else f"{len(strangers):,} other files"
        problem = f"the folder holds {what} ({_some(strangers)}) that no run of this program made"
        raise StudyError(str(folder), [f"{problem}; name a new or an empty folder"])
    place = Path(os.path.realpath(folder))
    problems = []
    read = [str(path) for path in inputs if Path(os.path.realpath(path)).is_relative_to(place)]
    if read:
        problems.append(f"{_some(read)}: what is read lies in this folder; name another folder to write to")
    edited = [name for name in sums or {} if name in present and file_sha256(folder / name) not in (sums or {})[name]]
    instead = f"; name another folder{f', or add {force_option} to replace it' if force_option else ''}"
    if edited and not force:
        were = "was" if len(edited) == 1 else "were"
        problems.append(f"{_some(edited)} {were} changed since the run that made it{instead}")
    if SIGNATURE in present and not force:
        problems.append(f"{SIGNATURE}: the study is signed{instead}")
    if problems:
        raise StudyError(str(folder), problems)


def _strangers(
    present: Mapping[str, str], sums: Mapping[str, set[str]], further: Sequence[str], inputs: Sequence[str] | None
) -> list[str]:
    """What is in a folder and no run made, as its checksums and the marker tell."""
    found, folders = [], {name[: at.start()] for name in sums for at in re.finditer("/", name)}
    for name, kind in present.items():
        top, _, part = name.partition("/")
        if top == _PARTS:
            own = _is_part(part, kind, inputs) if part else kind == "empty folder"
        else:
            own = name in folders if kind == "empty folder" else kind == "file" and (name in sums or name in further)
        if not own:
            found.append(name)
    return found


def _some(names: Sequence[str]) -> str:
    """The first names of several."""
    first = sorted(names)[:_MOST_NAMED]
    return ", ".join(first) + (f" and {len(names) - len(first):,} more" if len(names) > len(first) else "")


def _sums(folder: Path) -> Mapping[str, set[str]] | None:
    """The checksums that each file of an earlier run may have; None where no run of ours was here."""
    inputs, places = set(_marker(folder / _PARTS) or ()), [folder]
    if (folder / _PARTS / _COMPLETE).is_dir() and inputs:
        places.append(folder / _PARTS / _COMPLETE)
    else:
        record = _record(folder)
        if record is None:
            return None
        inputs |= set(record.inputs)
    sums: dict[str, set[str]] = {}
    for place in places:
        for name, sha256 in (read_manifest(place) if (place / SUMS).is_file() else {}).items():
            if _is_output(name, inputs):
                sums.setdefault(name, set()).add(sha256)
    return sums


def _record(folder: Path) -> Record | None:
    """The record of a study that a run of this program finished in a folder; None where there is none."""
    try:
        read_manifest(folder)
        return record_from(folder)
    except StudyError:
        return None


def _is_output(name: str, inputs: Collection[str]) -> bool:
    """Whether a file of a finished study is called as a run calls it."""
    return _OUTPUT.fullmatch(name) is not None or name.removeprefix("inputs/") in inputs


def _marker(parts: Path) -> Sequence[str] | None:
    """The names of the inputs in the marker of a folder of answers; None where there is no such marker."""
    try:
        content = json.loads((parts / _MARKER).read_bytes())
    except (OSError, ValueError):
        return None
    inputs = content.get("inputs") if isinstance(content, dict) and content.get("about") == _ABOUT else None
    return inputs if isinstance(inputs, list) else None


def _is_part(name: str, kind: str, inputs: Sequence[str] | None) -> bool:
    """Whether something in a folder of answers is a run's, whole or half-written."""
    half = _HALF_WRITTEN.fullmatch(name)
    whole = f"{half['folder'] or ''}{half['name']}" if half else name
    if inputs is None:  # without a marker nothing is ours but the marker that is being written
        return whole == _MARKER and half is not None and kind == "file"
    if kind not in ("file", "empty folder"):
        return False
    top, _, rest = whole.partition("/")
    if top in (_MADE, _COMPLETE) and rest:
        above = {f"inputs/{name}"[: at.start()] for name in inputs for at in re.finditer("/", f"inputs/{name}")}
        return _is_output(rest, inputs) or (kind == "empty folder" and rest in {*above, "models", "charts", "tables"})
    return _OWN.fullmatch(whole) is not None


def _move(complete: Path, folder: Path) -> None:
    """Put what is whole in its place, file by file; stopped half-way, the same call does the rest."""
    for name in (
        RECORD,
        SIGNATURE,
    ):  # without a record nobody takes the folder for a study; the signature is of another
        if (complete / RECORD).exists():
            (folder / name).unlink(missing_ok=True)
    if (complete / SUMS).is_file():
        new = read_manifest(complete)
        for name in [*read_manifest(folder)] if (folder / SUMS).is_file() else []:
            if name not in new:
                _remove(folder, name)
    last = [name for name in (SUMS, RECORD) if (complete / name).is_file()]
    for name in (*(name for name in files_of(complete) if name != RECORD), *last):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (complete / name).replace(folder / name)
    shutil.rmtree(complete)


def _remove(folder: Path, name: str) -> None:
    """Remove a file, and the folders that are empty without it."""
    (folder / name).unlink(missing_ok=True)
    for above in (folder / name).parents:
        if above == folder or not above.is_dir() or any(above.iterdir()):
            break
        above.rmdir()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder against other runs; the hold ends with the process, however it ends."""
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise StudyError(str(folder), ["another run is writing here; wait for it, or name another folder"]) from error
    finally:
        os.close(descriptor)
