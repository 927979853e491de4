"""The published tables that come with the package, by name.

Each stands in a folder of its own with where it comes from (``SOURCE.md``); ``data/README.md`` lists them all.
"""

from __future__ import annotations

from pathlib import Path

from estimation.capture.readers import read_table
from estimation.capture.table import CaptureTable
from estimation.errors import TableError
from estimation.toml_file import nearest

__all__ = ["data_folder", "load_table", "table_names", "table_path"]

_PACKAGE = Path(__file__).resolve().parents[1]
_FILES = ("table.csv", "synthetic_table.csv")


def data_folder() -> Path:
    """Where the tables are: inside the installed package, or beside it in a checkout."""
    inside = _PACKAGE / "data"
    return inside if inside.is_dir() else _PACKAGE.parent / "data"


def _paths() -> dict[str, Path]:
    """The file of each table; one that a study runs on says in its own name that it is synthetic."""
    return {path.parent.name: path for name in _FILES for path in data_folder().glob(f"*/{name}")}


def table_names() -> tuple[str, ...]:
    """Names of the packaged tables, in alphabetical order.

    A name that begins with ``synthetic_`` is a table somebody invented as an example.

    Examples
    --------
    >>> "kosovo" in table_names()
    True
    """
    return tuple(sorted(_paths()))


def table_path(name: str) -> Path:
    """Where a packaged table's file is.

    Raises
    ------
    TableError
        When no packaged table has that name; the message names the nearest one.

    Examples
    --------
    >>> table_path("kosovo").name
    'table.csv'
    """
    paths = _paths()
    if name not in paths:
        raise TableError("packaged tables", [f"there is no table {name!r}; {nearest(name, sorted(paths))}"])
    return paths[name]


def load_table(name: str) -> CaptureTable:
    """A packaged table, by its name.

    Parameters
    ----------
    name : str
        One of `estimation.table_names`.

    Raises
    ------
    TableError
        When no packaged table has that name; the message names the nearest one.

    Examples
    --------
    >>> print(load_table("kosovo"))
    4,400 people on 4 lists (EXH 1,910, ABA 1,528, OSCE 1,786, HRW 685), 15 distinct histories
    """
    return read_table(table_path(name))
