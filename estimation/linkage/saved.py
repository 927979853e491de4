"""A linkage on disk and back: a folder without anybody's name.

::

    linkage.json   records, people, duplicates, checks, notes, the errors of each list, and what a rerun needs: the
                   files with their SHA-256, the columns that were read, the seed, the version, the settings
    clusters.csv   one partition that stands for all draws: a line for every record with its list, its row, its person
                   and the probability that the records with this person are exactly one person's
    tables.csv     who was seen by exactly which lists, in each draw (`estimation.linkage.linked_tables`)
    draws.npz      the person of each record in each draw, with the labels of the records; no pickle

A folder is written whole or not at all.  `draws.npz` is what is read back; the others follow from it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from estimation.errors import LinkageError, OutputError
from estimation.files import check_output_folder, file_sha256
from estimation.linkage.draws import LinkageDraws, LinkedList
from estimation.linkage.fitted_errors import FittedErrors
from estimation.linkage.linked_tables import linked_tables
from estimation.linkage.saved_arrays import arrays_of, label_values, persons_and_places, releases_of, sheets_of
from estimation.results.as_json import Json
from estimation.results.diagnostics import Check, Diagnostics
from estimation.text.spreadsheet import csv_of

__all__ = [
    "CLUSTERS",
    "DESCRIBED",
    "DRAWS",
    "TABLES",
    "check_linkage_folder",
    "is_linkage_folder",
    "read_linkage",
    "save_linkage",
    "summary_of_linkage",
]

_OF_TABLES = (".csv", ".tsv", ".xlsx", ".parquet")

DESCRIBED, CLUSTERS, TABLES, DRAWS = "linkage.json", "clusters.csv", "tables.csv", "draws.npz"
_SUMMED = (CLUSTERS, TABLES, DRAWS)
_FILES = (DESCRIBED, *_SUMMED)
_VERSION = 2
"""Of the format of the folder."""

_MOST_NAMED = 3


class _Described(BaseModel):
    """What is read back of linkage.json; what else stands there is for people and other programs."""

    model_config = ConfigDict(extra="ignore")

    schema_version: int
    lists: tuple[str, ...]
    files: tuple[LinkedList, ...]
    n_unlinkable: dict[str, int]
    notes: tuple[str, ...]
    checks: tuple[Check, ...]
    errors: FittedErrors | None
    review: dict[str, int]
    settings: dict[str, str | int | float]
    labels: dict[str, tuple[str, ...]]
    sheets: tuple[str, ...]
    releases: tuple[str, ...]
    sha256: dict[str, str]


def save_linkage(
    draws: LinkageDraws, folder: str | os.PathLike[str], *, inputs: Iterable[Path] = (), force: bool = False
) -> Path:
    """Write a linkage into a folder, whole or not at all.

    Parameters
    ----------
    draws : LinkageDraws
        What to write.
    folder : path
        A folder that is new or empty, or with ``force`` that of another linkage, which is replaced.
    inputs : iterable of Path
        The files that were read; none may lie in the folder.
    force : bool
        Whether another linkage there is replaced.  A file that no linkage made is never touched.

    Returns
    -------
    Path
        ``folder``.

    Raises
    ------
    OutputError
        As `estimation.linkage.saved.check_linkage_folder`.
    OSError
        When it cannot be written; it names the folder, and nothing is left behind.
    """
    place = Path(folder)
    check_linkage_folder(place, inputs=inputs, force=force)
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}."))
    try:
        _write(draws, made)
        made.chmod(0o755)
        check_linkage_folder(place, inputs=inputs, force=force)
        if place.is_dir():
            for name in _FILES:
                (place / name).unlink(missing_ok=True)
            place.rmdir()
        made.rename(place)
    except OSError as error:  # by the name that was chosen, not by the temporary one
        shutil.rmtree(made, ignore_errors=True)
        raise OSError(error.errno, error.strerror or str(error), str(place)) from error
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return place


def check_linkage_folder(
    folder: Path, *, inputs: Iterable[Path] = (), force: bool = False, force_option: str = "force=True"
) -> None:
    """Refuse a folder where writing a linkage would destroy something, before anything is computed.

    Parameters
    ----------
    folder : Path
        Where it is to be written.
    inputs : iterable of Path
        The files that are read.
    force : bool
        Whether another linkage there may be replaced.
    force_option : str
        How ``force`` is said at this door.

    Raises
    ------
    OutputError
        With what is in the way.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise OutputError(str(folder), ["this is a file; name a folder to write to"])
    check_output_folder(folder)
    inside = [each for each in inputs if Path(os.path.realpath(each)).is_relative_to(os.path.realpath(folder))]
    if inside:
        names = ", ".join(path.name for path in inside[:_MOST_NAMED])
        raise OutputError(str(folder), [f"{names}: what is read lies in this folder; name another folder to write to"])
    present = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    strangers = [name for name in present if name not in _FILES]
    if strangers:
        more = f" and {len(strangers) - _MOST_NAMED:,} more" if len(strangers) > _MOST_NAMED else ""
        problem = f"the folder holds {', '.join(strangers[:_MOST_NAMED])}{more}, which no linkage made"
        raise OutputError(str(folder), [f"{problem}; name a new or an empty folder"])
    if present and not force:
        raise OutputError(str(folder), [f"there is a linkage already; name another folder, or add {force_option}"])


def _write(draws: LinkageDraws, made: Path) -> None:
    """Write the files of a linkage into an empty folder."""
    clusters = draws.clusters()
    rows = [list(clusters.columns), *clusters.round({"probability": 4}).to_numpy(dtype=object).tolist()]
    texts = {
        CLUSTERS: csv_of(rows).encode(),
        TABLES: linked_tables(draws, about=summary_of_linkage(draws)).csv_text.encode(),
        DRAWS: arrays_of(draws),
    }
    for name, content in texts.items():
        (made / name).write_bytes(content)
    described = {"schema_version": _VERSION, **summary_of_linkage(draws), **_for_reading(draws)}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in texts.items()}
    sums[DESCRIBED] = _sum_of_description(json.loads(json.dumps(described, allow_nan=False)))
    text = json.dumps({**described, "sha256": sums}, ensure_ascii=False, allow_nan=False, indent=1)
    (made / DESCRIBED).write_text(f"{text}\n", encoding="utf-8")


def summary_of_linkage(draws: LinkageDraws, *, level: float = 0.95) -> dict[str, Json]:
    """What a linkage found, as an object for JSON: no name and no row of a record.

    Parameters
    ----------
    draws : LinkageDraws
        What was found.
    level : float
        Level of the intervals.  Unit of the numbers: persons or records.
    """
    people = draws.people_at(level)
    return {
        "records": len(draws.records),
        "people": {"median": people.median, "lower": people.lower, "upper": people.upper, "level": level},
        "duplicates": {name: _spread(values, level) for name, values in draws.n_repeated.items()},
        "not_linked": {name: dict(draws.n_unlinkable)[name] for name in draws.lists if name in draws.n_unlinkable},
        "lists": list(draws.lists),
        "files": [_plain(each) for each in draws.files],
        "draws": draws.shape[0] * draws.shape[1],
        "chains": draws.shape[0],
        "checks_passed": draws.diagnostics.ok,
        "checks": [_plain(each) for each in draws.diagnostics.checks],
        "review": dict(draws.review),
        "errors": None if draws.errors is None else asdict(draws.errors),
        "notes": list(draws.notes),
        "settings": dict(draws.settings),
    }


def _spread(values: NDArray[np.int64], level: float) -> dict[str, Json]:
    """Median and ends of what was drawn."""
    tail = (1 - level) / 2
    lower, median, upper = np.quantile(values, [tail, 0.5, 1 - tail], method="inverted_cdf").tolist()
    return {"median": int(median), "lower": int(lower), "upper": int(upper)}


def _plain(part: LinkedList | Check) -> dict[str, Json]:
    """A part of a linkage as JSON has it; a number that is not finite is a text."""
    return {
        name: str(value) if isinstance(value, float) and not np.isfinite(value) else value
        for name, value in asdict(part).items()
    }


def _for_reading(draws: LinkageDraws) -> dict[str, Json]:
    """What `read_linkage` needs besides the summary and the arrays."""
    labels: dict[str, Json] = {name: [*values] for name, values in label_values(draws).items()}
    return {
        "n_unlinkable": dict(draws.n_unlinkable),
        "labels": labels,
        "sheets": [*sheets_of(draws)],
        "releases": [*releases_of(draws)],
    }


def is_linkage_folder(place: str | os.PathLike[str]) -> bool:
    """Whether a place is the folder of a linkage, as far as its files tell."""
    return (Path(place) / DESCRIBED).is_file() and (Path(place) / DRAWS).is_file()


def read_linkage(folder: str | os.PathLike[str]) -> LinkageDraws:
    """The draws of a linkage from the folder that ``mse link`` wrote.

    Parameters
    ----------
    folder : path
        The folder.

    Returns
    -------
    LinkageDraws
        As they were written.

    Raises
    ------
    LinkageError
        When the folder is not that of a linkage, or is not whole: a file that was changed since would not say so.
    """
    place = Path(folder)
    if not is_linkage_folder(place):
        absent = " and ".join(name for name in (DESCRIBED, DRAWS) if not (place / name).is_file())
        what = f"there is no {absent} here" if place.exists() else "there is no such folder"
        named = (each.name for each in place.glob("*") if each.suffix.lower() in _OF_TABLES)
        tables = sorted(named, key=lambda name: (name != "table.csv", name))
        table = f", or a table in this folder, such as {place / tables[0]}" if tables else ""
        raise LinkageError(str(folder), [f"{what}; name the folder that mse link wrote (--out){table}"])
    described = _described(place)
    changed = [
        name
        for name in _SUMMED
        if not ((place / name).is_file() and file_sha256(place / name) == described.sha256.get(name))
    ]
    if changed:
        problem = f"{', '.join(sorted(changed))}: changed since it was written, or gone; link again, or put it back"
        raise LinkageError(str(folder), [problem])
    try:
        persons, places = persons_and_places(
            (place / DRAWS).read_bytes(),
            n_lists=len(described.lists),
            labels=described.labels,
            sheets=described.sheets,
            releases=described.releases,
        )
        return LinkageDraws(
            described.lists,
            places,
            persons,
            described.n_unlinkable,
            described.notes,
            described.files,
            Diagnostics(described.checks),
            described.errors,
            described.settings,
            described.review,
        )
    except ValueError as error:
        problem = f"{DRAWS} and {DESCRIBED} do not go together: one of them is of another linkage; link again"
        raise LinkageError(str(folder), [problem]) from error


def _described(place: Path) -> _Described:
    """What linkage.json says, where it is whole and as it was written."""
    content = (place / DESCRIBED).read_bytes()
    try:
        given = json.loads(content)
        version = given["schema_version"] if isinstance(given, dict) else None
    except (ValueError, KeyError, RecursionError):
        version = None
    if isinstance(version, int) and version != _VERSION:
        which = "a later" if version > _VERSION else "an earlier"
        problem = (
            f"{which} version of the program wrote it (format {version:,}; this one reads {_VERSION}); link again with "
            "this one, or use that one"
        )
        raise LinkageError(str(place / DESCRIBED), [problem])
    try:
        described = TypeAdapter(_Described).validate_json(content)
    except ValidationError as error:
        problem = "it is not what mse link wrote, or not whole; link again, or put it back"
        raise LinkageError(str(place / DESCRIBED), [problem]) from error
    if described.sha256.get(DESCRIBED) != _sum_of_description(given):
        raise LinkageError(str(place / DESCRIBED), ["changed since it was written; link again, or put it back"])
    return described


def _sum_of_description(described: Mapping[str, object]) -> str:
    """SHA-256 of all that linkage.json says but the checksums themselves."""
    described_alone = {key: value for key, value in described.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(described_alone, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
