"""SHA256SUMS: the checksum of every file of a finished study, in the form that `sha256sum -c` reads.

Anyone can check a folder with it, without this software::

    cd FOLDER && sha256sum -c SHA256SUMS

One line a file, sorted by name: the SHA-256 in hexadecimal, two spaces, the path from the folder with forward slashes.
A name with a backslash or a line break is written as `sha256sum` does: escaped, with a backslash before the line.
The file names neither itself nor its signature.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from estimation.errors import StudyError
from estimation.files import file_sha256, write_text

__all__ = ["SIGNATURE", "SUMS", "entries_of", "files_of", "read_manifest", "strayed", "write_manifest"]

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"

_LINE = re.compile(r"(\\?)([0-9a-f]{64}) [ *](.+)")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}


def files_of(folder: Path) -> list[str]:
    """Paths of all files below a folder, from there, sorted; SHA256SUMS and its signature are not among them."""
    found = (name for name, kind in entries_of(folder).items() if kind == "file")
    return sorted(name for name in found if name not in {SUMS, SIGNATURE})


def entries_of(folder: Path) -> dict[str, str]:
    """Everything below a folder by its path from there, and what it is; no link is followed and nothing is opened.

    Folders with something in them are not named themselves.
    """
    found = {}
    for here, folders, files in os.walk(folder, onerror=_raise):
        place = Path(here)
        if not folders and not files and place != folder:
            found[place.relative_to(folder).as_posix()] = "empty folder"
        for name in (*folders, *files):
            path = place / name
            kind = _kind(path.lstat().st_mode)
            if kind != "folder":
                found[path.relative_to(folder).as_posix()] = kind
    return found


def _raise(error: OSError) -> None:
    """A folder that cannot be looked into is not passed over."""
    raise error


def _kind(mode: int) -> str:
    """What a thing in a folder is."""
    kinds = ((stat.S_ISREG, "file"), (stat.S_ISDIR, "folder"), (stat.S_ISLNK, "symbolic link"), (stat.S_ISFIFO, "pipe"))
    return next((kind for is_kind, kind in kinds if is_kind(mode)), "device")


def write_manifest(folder: Path, names: Sequence[str] | None = None) -> Path:
    """Write SHA256SUMS for all files of a folder, or for some, and give its place.

    Raises
    ------
    OSError
        When a file cannot be read or SHA256SUMS cannot be written.
    """
    return write_text(folder / SUMS, _text({name: file_sha256(folder / name) for name in names or files_of(folder)}))


def _text(sums: Mapping[str, str]) -> str:
    r"""Checksums as the lines of SHA256SUMS.

    Examples
    --------
    >>> print(_text({"report.html": "0" * 4, "a\nb": "f" * 4}), end="")
    0000  report.html
    \ffff  a\nb
    """
    lines = []
    for name, sha256 in sums.items():
        escaped = "".join(_ESCAPES.get(letter, letter) for letter in name)
        lines.append(f"{'' if escaped == name else chr(92)}{sha256}  {escaped}\n")
    return "".join(lines)


def read_manifest(folder: Path) -> dict[str, str]:
    """The checksums in a folder's SHA256SUMS, by file.

    Raises
    ------
    StudyError
        When there is none, a line is not one of checksum and name, a file is named twice, or a name leads out of
        the folder.
    """
    path = folder / SUMS
    if path.is_symlink() or not path.is_file():
        problem = f"there is no {SUMS} here; run the study again with this version, which writes it"
        raise StudyError(str(folder), [problem])
    sums: dict[str, str] = {}
    problems = []
    for at, line in enumerate(path.read_bytes().decode("utf-8", errors="replace").split("\n")[:-1], 1):
        parts = _LINE.fullmatch(line)
        if parts is None:
            problems.append(f"line {at} is not a SHA-256, two spaces and a file name")
            continue
        marked, sha256, name = parts.groups()
        if marked:
            name = re.sub(r"\\([\\nr])", lambda found: {"\\": "\\", "n": "\n", "r": "\r"}[found[1]], name)
        if name in sums:
            problems.append(f"line {at} names {name} again; each file may stand there once")
        elif name.startswith("/") or ".." in name.split("/"):
            problems.append(f"line {at} names {name}, which is not in this folder")
        sums[name] = sha256
    if problems:
        raise StudyError(str(path), problems)
    return sums


def strayed(folder: Path, sums: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each file that is not as its checksum says, is gone, or is not named, by file.

    Parameters
    ----------
    folder : Path
        The finished study.
    sums : mapping of str to str
        SHA-256 by file (`read_manifest`).
    """
    present = entries_of(folder)
    wrong = {}
    for name in sorted({*sums, *present} - {SUMS, SIGNATURE}):
        kind = present.get(name)
        if kind is None:
            wrong[name] = "is missing"
        elif kind not in ("file", "empty folder"):
            wrong[name] = f"is a {kind} and no file"
        elif name not in sums:
            wrong[name] = f"is not named in {SUMS}" if kind == "file" else f"is an {kind}"
        elif file_sha256(folder / name) != sums[name]:
            wrong[name] = f"has another checksum than in {SUMS}"
    wrong |= {
        name: f"is a {present[name]} and no file" for name in (SUMS, SIGNATURE) if present.get(name, "file") != "file"
    }
    return wrong
