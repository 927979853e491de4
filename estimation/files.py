"""Files: written whole or not at all, and told apart by their checksum."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

__all__ = ["file_sha256", "write_bytes", "write_text"]


def write_bytes(path: str | os.PathLike[str], content: bytes) -> Path:
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
        When the file cannot be written; nothing is left behind then.
    """
    target = Path(path)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target


def write_text(path: str | os.PathLike[str], content: str) -> Path:
    """`write_bytes` of text in UTF-8."""
    return write_bytes(path, content.encode("utf-8"))


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
