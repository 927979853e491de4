"""What the inputs of a study are called in the folder ``inputs`` of the finished study, where no two may collide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

__all__ = ["collisions", "counts_name", "safe_name", "table_name"]


def table_name(study: Path, table: Path) -> str:
    """What a table is stored as: its place from the study file where it lies below it, and else its name.

    Examples
    --------
    >>> table_name(Path("a/study.toml"), Path("a/data/deaths.csv"))
    'data/deaths.csv'
    >>> table_name(Path("a/study.toml"), Path("b/deaths.csv"))
    'deaths.csv'
    """
    folder = study.parent
    beside = table.is_relative_to(folder) and ".." not in table.relative_to(folder).parts
    return table.relative_to(folder).as_posix() if beside else table.name


def counts_name(name: str) -> str:
    """What the counts of a table are called that is not stored itself.

    Examples
    --------
    >>> counts_name("data/persons.csv.gz")
    'data/persons.counts.csv'
    """
    stem, _, _ = name.removesuffix(".gz").rpartition(".")
    return f"{stem}.counts.csv"


def safe_name(name: str) -> str:
    """What the table without small cells is called that a public edition has in the place of a table.

    Examples
    --------
    >>> safe_name("data/persons.csv.gz")
    'data/persons.safe.csv'
    """
    stem, _, _ = name.removesuffix(".gz").rpartition(".")
    return f"{stem}.safe.csv"


def collisions(study: Path, stored: str, beside: Mapping[str, Path]) -> Iterator[str]:
    """What is wrong with the names of a study's inputs: two that a file system may take for one.

    Names are compared as the least careful file system compares them: without capital letters and accents written in
    two ways.

    Parameters
    ----------
    study : Path
        The study file.
    stored : str
        What the table is stored as.
    beside : mapping of str to Path
        Other files, by what they are.

    Examples
    --------
    >>> len(list(collisions(Path("study.toml"), "table.csv", {"claims": Path("Table.counts.csv")})))
    1
    """
    names = {
        "the table": stored,
        "the counts of the table": counts_name(stored),
        "the counts that are safe": safe_name(stored),
    }
    given = {"study file": study.name} | {what: path.name for what, path in beside.items()}
    for what, name in given.items():
        for other, taken in names.items():
            if _folded(name) in (_folded(taken), _folded(PurePosixPath(taken).parts[0])):
                yield _sentence(what, name, other, taken)
                break
    names_beside = list(given.items())
    for at, (what, name) in enumerate(names_beside):
        for other, taken in names_beside[:at]:
            if _folded(name) == _folded(taken):
                yield _sentence(what, name, f"the {other}", taken)


def _sentence(what: str, name: str, other: str, taken: str) -> str:
    stored = f", which are stored as {taken!r}," if other.startswith("the counts") else f" {taken!r}"
    return (
        f"{what} {name!r} and {other}{stored} would be one file in the finished study, where one would be lost; give "
        "one of them another name"
    )


def _folded(name: str) -> str:
    """A name as the least careful file system compares it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
