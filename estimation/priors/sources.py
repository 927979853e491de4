"""The studies of the library: their tables, what they count, what kind each list is, and N where it is known.

``data/priors`` holds the files: ``studies.csv``, ``lists.csv`` and ``published.csv``.  The tables are the packaged ones
of the atlas; none is kept twice.
"""

from __future__ import annotations

import csv
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from estimation.capture.datasets import data_folder, load_table, table_names
from estimation.capture.declared import Labels
from estimation.capture.readers import read_table_file
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError, TableWarning
from estimation.toml_file import nearest

__all__ = ["NOT_STATED", "ListKind", "Study", "checked_kind", "checked_studies", "rows_of", "studies", "study_table"]

NOT_STATED = "not stated"
"""The kind of a list whose source gives a letter and no more."""


@dataclass(frozen=True, slots=True)
class ListKind:
    """What a list of a study is.

    Parameters
    ----------
    name : str
        As in the table.
    kind : str
        For example ``"state"``, ``"NGO"`` or ``"survey"``; ``"not stated"`` where the source does not say.
    stated : str
        What the source says of it.
    """

    name: str
    kind: str
    stated: str


@dataclass(frozen=True, slots=True)
class Study:
    """A study whose table is public.

    Parameters
    ----------
    name : str
        Short name, for example ``"kosovo"``.
    title : str
        What was counted, where and when.
    kind : str
        ``"killings"``, ``"other violations"``, ``"trafficking"``, ``"drug use"``, ``"health"`` or ``"synthetic"``.
    table : str
        Name of a packaged table; for a stratum a file in ``data``, a column of it and a value there.
    part_of : str
        The study of which this is a stratum; empty for a study of its own.
    truth : int, optional
        N, where it is known from elsewhere.  Unit: persons.
    truth_source : str
        Where that is from.
    lists : tuple of ListKind
        What each list is.
    """

    name: str
    title: str
    kind: str
    table: str
    part_of: str
    truth: int | None
    truth_source: str
    lists: tuple[ListKind, ...]


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a file in ``data/priors``."""
    text = (data_folder() / "priors" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def studies() -> tuple[Study, ...]:
    """All studies of the library that have a public table, strata of others and invented ones included.

    Examples
    --------
    >>> kosovo = studies()[0]
    >>> kosovo.title, [one.kind for one in kosovo.lists]
    ('Killings in Kosovo, 1999', ['exhumation', 'NGO', 'international', 'NGO'])
    """
    lists: dict[str, list[ListKind]] = {}
    for row in rows_of("lists.csv"):
        lists.setdefault(row["study"], []).append(ListKind(row["list"], row["kind"], row["stated"]))
    return tuple(
        Study(
            row["study"],
            row["title"],
            row["kind"],
            row["table"],
            row["part_of"],
            int(row["truth"]) if row["truth"] else None,
            row["truth_source"],
            tuple(lists[row["part_of"] or row["study"]]),
        )
        for row in rows_of("studies.csv")
    )


@cache
def study_table(name: str) -> CaptureTable:
    """The table of a study, as it is named in ``studies.csv``.

    Parameters
    ----------
    name : str
        A packaged table, or a file in ``data``, a column of it and a value there.

    Examples
    --------
    >>> study_table("brighton").n_observed, study_table("kosovo/regions.csv region East").n_observed
    (856, 1244)
    """
    if name in table_names():
        return load_table(name)
    file, column, value = name.split(" ", 2)
    with warnings.catch_warnings():  # that rows of several strata have one history
        warnings.simplefilter("ignore", TableWarning)
        read = read_table_file(data_folder() / file, strata=Labels((column,)))
    assert read.strata is not None, "a table that is read with labels has them"
    return read.strata.by([column]).tables[value,]


def checked_kind(
    kind: str, kinds: Mapping[str, tuple[str, Collection[str]]], library: str
) -> tuple[str, Collection[str]]:
    """The title of a kind and the kinds of studies in it.

    Raises
    ------
    SettingError
        For a kind that there is none of; the message names the nearest one.
    """
    if not isinstance(kind, str):
        known = ", ".join(kinds)
        raise SettingError(f"priors {library}", [f"kind = {kind!r}; it must be a word, one of: {known}"])
    if kind not in kinds:
        raise SettingError(f"priors {library}", [f"there is no kind {kind!r}; {nearest(kind, list(kinds))}"])
    return kinds[kind]


def checked_studies(without: str | Collection[str], known: Collection[str], library: str) -> frozenset[str]:
    """The studies to leave out, each of which must be there.

    Raises
    ------
    SettingError
        For a study that is not among those known; all are named together.
    """
    given = (without,) if isinstance(without, str) else without
    if not isinstance(given, Collection) or not all(isinstance(name, str) for name in given):
        problem = f"without = {without!r}; it must be the name of a study, or a list of names"
        raise SettingError(f"priors {library}", [problem])
    left_out = frozenset(given)
    unknown = sorted(left_out - set(known))
    if unknown:
        problems = [f"there is no study {name!r} to leave out; {nearest(name, sorted(known))}" for name in unknown]
        raise SettingError(f"priors {library}", problems)
    return left_out
