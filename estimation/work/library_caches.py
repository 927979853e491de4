"""Where libraries cache what they compile: a temporary folder, where their own places cannot be written.

Numba caches machine code beside a module or in the home folder, PyTensor and Matplotlib in the home folder.  In a
container the package is often read-only and there is no home; Numba then refuses to compile at all.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, MutableMapping
from functools import cache
from pathlib import Path

__all__ = ["prepare_library_caches"]

_PACKAGE = Path(__file__).parent.parent


@cache
def prepare_library_caches() -> bool:
    """Name a temporary folder to each library that can write in none of its own; `import estimation` does it first.

    What the user has set (``NUMBA_CACHE_DIR``, ``PYTENSOR_FLAGS``, ``MPLCONFIGDIR``, ``XDG_CACHE_HOME``) is left where
    it can be written.

    Returns
    -------
    bool
        Whether Numba can cache what it compiles; False where nothing at all can be written, so that it must not try.
    """
    return _prepare(os.environ, _temporary_folder)


def _prepare(environment: MutableMapping[str, str], temporary: Callable[[], Path | None]) -> bool:
    """Name folders in an environment; gives whether Numba has one."""
    home = environment.get("HOME", "~")
    given = {name: environment.get(name, "") for name in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR", "PYTENSOR_FLAGS")}
    caches = _writable(environment.get("XDG_CACHE_HOME") or f"{home}/.cache")
    settings = _writable(environment.get("XDG_CONFIG_HOME") or f"{home}/.config")
    beside = _writable(_PACKAGE / "work" / "__pycache__")
    numba = beside or caches or _writable(given["NUMBA_CACHE_DIR"])
    matplotlib = _writable(given["MPLCONFIGDIR"]) if given["MPLCONFIGDIR"] else caches and settings
    pytensor = "compiledir" in given["PYTENSOR_FLAGS"] or _writable(f"{home}/.pytensor")
    if numba and caches and matplotlib and pytensor:
        return True
    folder = temporary()
    if folder is None:
        return numba
    if not caches:  # where ArviZ, Numba and Matplotlib look unless they are told otherwise
        environment["XDG_CACHE_HOME"] = str(folder)
    if not numba:
        environment["NUMBA_CACHE_DIR"] = str(folder / "numba")
    if not matplotlib:
        environment["MPLCONFIGDIR"] = str(folder / "matplotlib")
    if not pytensor:
        flags = [given["PYTENSOR_FLAGS"]] if given["PYTENSOR_FLAGS"] else []
        environment["PYTENSOR_FLAGS"] = ",".join([*flags, f"base_compiledir={folder / 'pytensor'}"])
    return True


def _writable(place: str | Path) -> bool:
    """Whether this user can write in a folder, or make it."""
    try:
        folder = Path(place or os.devnull).expanduser()
    except RuntimeError:  # this user has no home folder at all
        return False
    if not folder.is_absolute():
        return False
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _temporary_folder() -> Path | None:
    """A folder of this user alone, the same for each run, since what is loaded from it is machine code."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    for place in (*_temporary_places(), "/dev/shm"):
        folder = Path(place) / f"estimation-caches-{user}"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            status = folder.lstat()
        except OSError:
            continue
        private = not stat.S_IMODE(status.st_mode) & 0o077 or os.name == "nt"
        if stat.S_ISDIR(status.st_mode) and status.st_uid == user and private and _writable(folder):
            return folder
        return Path(tempfile.mkdtemp(prefix="estimation-caches-", dir=place))
    return None


def _temporary_places() -> list[str]:
    """Where temporary files go on this machine; empty where they can go nowhere."""
    try:
        return [tempfile.gettempdir()]
    except FileNotFoundError:
        return []
