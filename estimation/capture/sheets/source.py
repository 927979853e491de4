"""The bytes of a table, read once, wherever they come from: a path, an open file, or bytes with a name."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import re
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from estimation.capture.sheets.limits import LARGEST_BYTES, size_in_words
from estimation.errors import TableError

__all__ = ["Content", "Source", "content_of"]

Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | IO[str]
"""Where a table may come from."""

_STEP = 2**22
_PACKED = (
    (re.compile(rb"\x1f\x8b"), "gzip", ".gz"),
    (re.compile(rb"BZh[1-9]1AY&SY"), "bzip2", ".bz2"),
    (re.compile(rb"\xfd7zXZ\0"), "xz", ".xz"),
)
"""How compressed bytes begin."""


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a table.

    Parameters
    ----------
    source : str
        What to call the table in a message.
    name : str
        Its file name alone, without the ending of a compressed file.
    data : bytes
        What it holds, decompressed.
    sha256 : str
        SHA-256 of the bytes as they came.
    """

    source: str
    name: str
    data: bytes
    sha256: str


def content_of(source: Source, name: str | None = None) -> Content:
    """Read a source whole, up to a limit.

    Parameters
    ----------
    source : path, bytes, or open file
        What to read; a file that was opened as text counts as its UTF-8.
    name : str, optional
        What to call it; without it, the path, or the name of the open file.

    Raises
    ------
    TableError
        When it cannot be read: no such file, a folder, a pipe or device, no permission, not whole, or larger than
        1 GiB, compressed or not.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        called, raw = name or "bytes", bytes(source)
    elif isinstance(source, str | os.PathLike):
        called, raw = name or str(source), _read_path(source)
    elif hasattr(source, "read"):
        own = getattr(source, "name", None)
        called = name or (own if isinstance(own, str) else "open file")
        raw = _read_open(source, called)
    else:
        message = f"a {type(source).__name__} is no file; give a path, an open file, or bytes with name='deaths.csv'"
        raise TableError(name or "table", [message])
    if len(raw) > LARGEST_BYTES:
        raise TableError(called, [_too_large(f"it holds more than {size_in_words(LARGEST_BYTES)}")])
    own_name = Path(called).name
    data, ending = _unpacked(raw, called)
    return Content(called, own_name[: len(own_name) - len(ending)], data, hashlib.sha256(raw).hexdigest())


def _too_large(what: str) -> str:
    return f"{what}, which is the most that is read; save the table as counts per history"


def _read_path(source: str | os.PathLike[str]) -> bytes:
    """The bytes of a regular file, or why there are none."""
    where = str(source)
    if isinstance(source, str) and "\n" in source:
        message = "this is the text of a table and not a path; give it as bytes: text.encode(), with name='deaths.csv'"
        raise TableError(where.splitlines()[0][:40], [message])
    if re.match(r"[a-z]{2,}://", where):
        raise TableError(where, ["this is an address and not a file; fetch the file, and name it"])
    try:
        file = Path(source)
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise TableError(where, ["this is a folder, not a file; name the table inside it"])
        if not stat.S_ISREG(status.st_mode):
            raise TableError(where, ["this is a pipe or a device and not a file; save what it gives as a file first"])
        if status.st_size > LARGEST_BYTES:
            large = f"the file has {size_in_words(status.st_size)}, more than {size_in_words(LARGEST_BYTES)}"
            raise TableError(where, [_too_large(large)])
        with file.open("rb") as opened:
            return _at_most(opened)
    except FileNotFoundError:
        if file.is_symlink():
            raise TableError(where, [f"this is a link to {str(file.readlink())!r}, which is not there"]) from None
        raise TableError(where, ["there is no such file; check the path and the spelling"]) from None
    except PermissionError:
        raise TableError(where, ["there is no permission to read this file; ask its owner"]) from None
    except OSError as error:
        raise TableError(where, [f"the file cannot be read ({error.strerror or error})"]) from None
    except ValueError as error:
        if isinstance(error, TableError):
            raise
        raise TableError(where, [f"this cannot be a path ({error})"]) from None


def _read_open(file: IO[bytes] | IO[str], called: str) -> bytes:
    """What is left to read in an open file; text as its UTF-8."""
    try:
        return _at_most(file)
    except UnicodeError as error:
        message = f"the file was opened as text, and that fails ({error}); open it with 'rb', for its bytes"
        raise TableError(called, [message]) from None
    except (OSError, ValueError) as error:
        raise TableError(called, [f"the open file cannot be read ({error})"]) from None


def _at_most(file: IO[bytes] | IO[str] | gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile) -> bytes:
    """What a file gives, at most one byte (of text: one step) more than is read."""
    parts: list[bytes] = []
    left = LARGEST_BYTES + 1
    while left > 0 and (part := file.read(min(_STEP, left))):
        parts.append(part.encode() if isinstance(part, str) else bytes(part))
        left -= len(parts[-1])
    return b"".join(parts)


def _unpacked(raw: bytes, called: str) -> tuple[bytes, str]:
    """What a compressed file holds, and the ending that says so; other bytes as they are."""
    lower = called.lower()
    for beginning, kind, ending in _PACKED:
        if beginning.match(raw) or lower.endswith(ending):
            try:
                data = _decompressed(raw, kind)
            except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
                message = f"this is not a whole {kind} file ({error}); compress it again"
                raise TableError(called, [message]) from None
            if len(data) > LARGEST_BYTES:
                large = f"its {size_in_words(len(raw))} unpack to more than {size_in_words(LARGEST_BYTES)}"
                raise TableError(called, [_too_large(large)])
            return data, ending if lower.endswith(ending) else ""
    return raw, ""


def _decompressed(raw: bytes, kind: str) -> bytes:
    """What compressed bytes hold."""
    packed = io.BytesIO(raw)
    if kind == "gzip":
        with gzip.GzipFile(fileobj=packed) as opened:
            return _at_most(opened)
    with bz2.open(packed) if kind == "bzip2" else lzma.open(packed) as opened:
        return _at_most(opened)
