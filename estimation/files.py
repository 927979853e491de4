"""Files: written whole or not at all, never in the place of another file unless that is wanted; their checksums."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from estimation.errors import OutputError

__all__ = [
    "FINISHED",
    "check_output_folder",
    "check_outputs",
    "file_sha256",
    "is_finished",
    "write_bytes",
    "write_output",
    "write_text",
]

StrPath: TypeAlias = "str | os.PathLike[str]"

FINISHED = ("record.json", "SHA256SUMS")
"""The files that the folder of a finished study has, whatever else is in it."""


def check_outputs(
    outputs: Iterable[StrPath | None],
    *,
    inputs: Iterable[StrPath | None] = (),
    force: bool = False,
    force_option: str = "force=True",
    makes_folder: bool = False,
) -> None:
    """Refuse places where writing a file would destroy something, before anything is computed.

    A place is refused where the file is one that is read, under whatever name or link; where it lies in a finished
    study; where it is a folder or a device; where its folder is not there or cannot be written to; where two outputs
    are one; and, unless ``force``, where there is a file already.

    Parameters
    ----------
    outputs : iterable of path or None
        Files that are to be written.
    inputs : iterable of path or None
        Files that are read; a name that is no file is passed over.
    force : bool
        Whether a file that is there already may be replaced.
    force_option : str
        How ``force`` is said at this door; empty where it cannot be said.
    makes_folder : bool
        Whether the folder of the outputs is made where it is not there.

    Raises
    ------
    OutputError
        With every place that is refused.

    Examples
    --------
    >>> import tempfile
    >>> path = write_text(Path(tempfile.mkdtemp(), "deaths.csv"), "A,B,count")
    >>> check_outputs([path.with_name("safe.csv")], inputs=[path])
    >>> try:
    ...     check_outputs([path], inputs=[path], force=True)
    ... except OutputError as error:
    ...     print(*error.problems)
    this is the file that is read; name another file to write to
    """
    places = [Path(output) for output in outputs if output is not None]
    read = [Path(given) for given in inputs if given is not None]
    whys = [(p, _why_not(p, read, makes_folder) or _in_the_way(p, force, force_option)) for p in places]
    problems = [(place, why) for place, why in whys if why]
    resolved = [Path(os.path.realpath(place)) for place in places]
    problems += [(p, "two outputs have this name; give each its own") for p in sorted({*_repeated(resolved)})]
    if len(problems) == 1:
        raise OutputError(str(problems[0][0]), [problems[0][1]])
    if problems:
        raise OutputError("output", [f"{place}: {why}" for place, why in problems])


def _repeated(places: list[Path]) -> Iterable[Path]:
    return (place for place in places if places.count(place) > 1)


def _why_not(place: Path, read: list[Path], makes_folder: bool) -> str | None:
    """Why a file is never written at a place, or None."""
    if place.exists() and any(_same(place, given) for given in read):
        return "this is the file that is read; name another file to write to"
    if place.is_dir():
        return "this is a folder; name a file to write to"
    if place.exists() and not place.is_file():
        return "this is a device or a pipe and no file; name a file to write to"
    return _within_a_study(place) or _no_room(place.parent, makes_folder)


def _within_a_study(place: Path) -> str | None:
    study = next((folder for folder in Path(os.path.realpath(place)).parents if is_finished(folder)), None)
    if study is None:
        return None
    return f"this lies in the finished study {study}, whose files are not changed; name a place outside of it"


def _no_room(folder: Path, makes_folder: bool) -> str | None:
    """Why nothing can be written into a folder, or None."""
    while makes_folder and not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    if os.path.lexists(folder) and not folder.is_dir():
        return f"{folder} is no folder; name another place"
    if not folder.is_dir():
        return f"there is no folder {folder}; make it, or name another place"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"the folder {folder} cannot be written to; name another place, or change its permissions"
    return None


def check_output_folder(folder: StrPath) -> None:
    """Refuse a folder that cannot be made or written to, or that lies in a finished study.

    Raises
    ------
    OutputError
        With the reason.
    """
    place = Path(folder)
    why = _within_a_study(place) or _no_room(place, makes_folder=True)
    if why:
        raise OutputError(str(place), [why])


def _in_the_way(place: Path, force: bool, force_option: str) -> str | None:
    """What is said of a file that is there already and may not be replaced."""
    if force or not os.path.lexists(place):
        return None
    instead = f", or add {force_option} to replace it" if force_option else ", or move it away"
    return f"there is such a file already; name another one{instead}"


def _same(one: Path, other: Path) -> bool:
    """Whether two names are names of one file: by links too, and in folders that take a and A for the same."""
    return other.exists() and one.samefile(other)


def is_finished(folder: Path) -> bool:
    """Whether a folder is that of a finished study, as far as its files tell."""
    return all((folder / name).is_file() for name in FINISHED)


def write_output(path: StrPath, content: str | bytes, *, force: bool = False) -> Path:
    """Write a file for a user: as `write_bytes`, but no file that is there is replaced unless ``force``.

    Raises
    ------
    OutputError
        As `check_outputs`.
    OSError
        When the file cannot be written; nothing is left behind then.
    """
    check_outputs([path], force=force)
    return write_bytes(path, content.encode("utf-8") if isinstance(content, str) else content)


def write_bytes(path: StrPath, content: bytes) -> Path:
    """Write bytes under a temporary name in the same folder, then rename: no reader ever sees half a file.

    Parameters
    ----------
    path : path
        Where the file shall stand; an older file of that name is replaced.
    content : bytes
        The whole content.

    Returns
    -------
    Path
        ``path``, as a `Path`.

    Raises
    ------
    OSError
        When the file cannot be written; it names the file, and nothing is left behind.
    """
    target = Path(path)
    try:
        _write(target, content)
    except OSError as error:  # not by the temporary name, which nobody has chosen
        raise OSError(error.errno, error.strerror or str(error), str(target)) from error
    return target


def _write(target: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_text(path: StrPath, content: str) -> Path:
    """`write_bytes` of text in UTF-8."""
    return write_bytes(path, content.encode("utf-8"))


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes; what is no regular file, such as a pipe, is an `OSError` and is not waited for."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(None, "this is no regular file", str(path))
    return hashlib.sha256(path.read_bytes()).hexdigest()
