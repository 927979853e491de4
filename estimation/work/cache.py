"""Finished work, kept in a folder: what was done once is read and not done again.

An entry is a pure function of what went into it (a table, a model with its settings, a seed, the version of this
package), and its name is a checksum of all of that.  It is written whole once it is there, with the checksums of its
files; whatever stops a run, what is done is done, and the same run goes on from there to the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from estimation.files import file_sha256, write_text
from estimation.provenance import package_version

__all__ = ["Cache", "key_of"]

T = TypeVar("T")


def key_of(*ingredients: object) -> str:
    """The name of an entry: a checksum of all that went into it, and of the version of this package.

    Parameters
    ----------
    ingredients : object
        Whatever JSON can hold; a tuple counts as a list.

    Examples
    --------
    >>> key_of("kosovo", {"delta": 0.5}) == key_of("kosovo", {"delta": 0.5})
    True
    >>> key_of("kosovo", {"delta": 0.5}) == key_of("kosovo", {"delta": 1.0})
    False
    """
    text = json.dumps([*ingredients, package_version()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Cache(Generic[T]):
    """A folder of finished work of one kind.

    Parameters
    ----------
    folder : Path
        Where entries are written; it is made with the first one.
    save : callable
        Writes an entry to a path without an ending, whole or not at all.
    load : callable
        Reads an entry from there; raises an error when it is not whole.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> cache = Cache(folder, lambda text, path: path.write_text(text), lambda path: path.read_text())
    >>> cache.get_or_make(key_of("a"), lambda: "made"), cache.get_or_make(key_of("a"), lambda: "made again")
    ('made', 'made')
    """

    folder: Path
    save: Callable[[T, Path], object]
    load: Callable[[Path], T]

    def get(self, key: str) -> T | None:
        """The entry of that name; None where there is none, or it is not the one that was written under this name.

        An entry that was damaged, cut short or moved here from another name is made again, and never believed.
        """
        try:
            written = json.loads(self._sums(key).read_bytes())
            if written["key"] != key or not written["files"]:
                return None
            for name, sha256 in written["files"].items():
                if file_sha256(self.folder / name) != sha256:
                    return None
            return self.load(self.folder / key)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None

    def put(self, key: str, value: T) -> None:
        """Store an entry; its checksums are written last, so that one stopped half-way is none."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sums(key).unlink(missing_ok=True)
        self.save(value, self.folder / key)
        files = sorted(path for path in self.folder.iterdir() if path.name.startswith(key) and path.is_file())
        written = {"key": key, "files": {path.name: file_sha256(path) for path in files}}
        write_text(self._sums(key), json.dumps(written))

    def _sums(self, key: str) -> Path:
        """Where the checksums of an entry's files are."""
        return self.folder / f"{key}.sums"

    def get_or_make(self, key: str, make: Callable[[], T]) -> T:
        """The entry of that name, or else what ``make`` gives, which is kept."""
        value = self.get(key)
        if value is None:
            value = make()
            self.put(key, value)
        return value
