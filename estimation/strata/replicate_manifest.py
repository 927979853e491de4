r"""Which bytes each replicate must have: a manifest of checksums, which authenticates the files before any is read.

Two forms are read.  A line a file as ``sha256sum`` writes it, the checksum in hexadecimal and the name of the file::

    sha256sum *.parquet > SHA256SUMS

(``shasum`` and ``sha1sum`` write the same with 40 digits, which is SHA-1.)  And a CSV file with the columns
``violacion``, ``replica`` and ``hash``, as the R package verdata publishes the SHA-1 of its files: a row is about the
file whose name has both words in it, ``reclutamiento`` and ``R1``.  SHA-1 shows that a file is damaged or cut short; it
does not show that nobody changed it on purpose, and a note says so.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from estimation.errors import TableError

__all__ = ["MANIFEST", "Manifest", "read_replicate_manifest"]

MANIFEST = "SHA256SUMS"
"""The manifest that is used where it lies beside the replicates."""

_LINE = re.compile(r"\\?([0-9a-fA-F]{64}|[0-9a-fA-F]{40}) [ *](.+)")
_PUBLISHED = ("violacion", "replica", "hash")
_DIGITS = {64: "SHA-256", 40: "SHA-1"}
_MOST_BYTES = 4_000_000
_WEAK = "its checksums are SHA-1, which shows damage and no forgery; write a SHA-256 manifest with sha256sum"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The checksum that each replicate must have.

    Parameters
    ----------
    path : Path
        The manifest.
    sums : tuple of (tuple of str, str)
        Of each file the words that its name must have, one of them alone being the whole name, and its checksum.
    """

    path: Path
    sums: tuple[tuple[tuple[str, ...], str], ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What its owner should know."""
        return (f"{self.path.name}: {_WEAK}",) if any(len(digits) == 40 for _, digits in self.sums) else ()

    def check(self, files: Sequence[Path]) -> None:
        """Refuse files that are not what the manifest says, that it does not name, and that are not there.

        Raises
        ------
        TableError
            With every file that is wrong.
        """
        problems = []
        used: set[int] = set()
        for file in files:
            rows = [at for at, (words, _) in enumerate(self.sums) if _is_about(words, file.name)]
            used.update(rows)
            problems += self._problems(file, [self.sums[at][1] for at in rows])
        missing = [" ".join(words) for at, (words, _) in enumerate(self.sums) if at not in used]
        problems += [
            f"{name}: it is in {self.path.name} and is no replicate that is read; put it back" for name in missing
        ]
        if problems:
            raise TableError(str(self.path), problems)

    def _problems(self, file: Path, expected: Sequence[str]) -> list[str]:
        if not expected:
            return [f"{file.name} is not in {self.path.name}; take it out of the folder, or write the manifest again"]
        if len({digits.lower() for digits in expected}) > 1:
            return [f"{file.name} has several checksums in {self.path.name}; leave the right one in it"]
        kind = _DIGITS[len(expected[0])]
        found = _digest(file, kind)
        if found == expected[0].lower():
            return []
        return [
            f"{file.name} has the {kind} {found[:12]}... where {self.path.name} has {expected[0][:12].lower()}...: it "
            "was changed, damaged or cut short; get it again from its source"
        ]


def _is_about(words: tuple[str, ...], name: str) -> bool:
    """Whether a line of the manifest is about a file."""
    if len(words) == 1:
        return words[0] == name
    return all(re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", name) for word in words)


def _digest(file: Path, kind: str) -> str:
    with file.open("rb") as content:
        if kind == "SHA-256":
            return hashlib.file_digest(content, "sha256").hexdigest()
        return hashlib.file_digest(content, lambda: hashlib.sha1(usedforsecurity=False)).hexdigest()


def read_replicate_manifest(path: Path) -> Manifest:
    """The checksums in a manifest.

    Raises
    ------
    TableError
        When it cannot be read, or a line of it is none of checksum and name.
    """
    try:
        if not path.is_file():
            raise TableError(str(path), ["there is no such manifest; make one with sha256sum, or leave the key out"])
        if path.stat().st_size > _MOST_BYTES:
            raise TableError(str(path), [f"a manifest has at most {_MOST_BYTES:,} bytes; check that this is one"])
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(str(path), ["this is not UTF-8, and so no manifest"]) from error
    rows = list(csv.reader(io.StringIO(text)))
    if rows and set(_PUBLISHED) <= {heading.strip().lower() for heading in rows[0]}:
        return _published(path, rows)
    sums, problems = [], []
    for at, line in enumerate(text.splitlines(), start=1):
        found = _LINE.fullmatch(line.strip())
        if found is not None:
            sums.append(((Path(found[2]).name,), found[1]))
        elif line.strip():
            problems.append(f"line {at} is not a checksum and the name of a file")
    if problems or not sums:
        raise TableError(str(path), problems or ["it names no file; write it with sha256sum"])
    return Manifest(path, tuple(sums))


def _published(path: Path, rows: list[list[str]]) -> Manifest:
    """The manifest in rows of what happened, replicate and SHA-1."""
    heading = [name.strip().lower() for name in rows[0]]
    places = [heading.index(name) for name in _PUBLISHED]
    sums, problems = [], []
    for at, row in enumerate(rows[1:], start=2):
        if not any(row):
            continue
        cells = [row[place].strip() if place < len(row) else "" for place in places]
        if re.fullmatch(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}", cells[2]) is None or not all(cells):
            problems.append(f"line {at} is not what happened, a replicate and a checksum of 40 or 64 digits")
        sums.append(((cells[0], cells[1]), cells[2]))
    if problems or not sums:
        raise TableError(str(path), problems or ["it names no file"])
    return Manifest(path, tuple(sums))
