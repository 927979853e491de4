"""The draws of a linkage as arrays in one file without pickle: the person of each record, and where records stand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.draws import LinkageDraws, RecordPlace

__all__ = ["arrays_of", "label_values", "persons_and_places", "releases_of", "sheets_of"]


def label_values(draws: LinkageDraws) -> dict[str, list[str]]:
    """The values of each label, in order."""
    return {
        name: sorted({value for record in draws.records if (value := record.labels.get(name, ""))})
        for name in draws.labels
    }


def sheets_of(draws: LinkageDraws) -> list[str]:
    """The sheets that records stand on, in order."""
    return sorted({record.sheet for record in draws.records})


def releases_of(draws: LinkageDraws) -> list[str]:
    """The releases that records are from, in order."""
    return sorted({record.release for record in draws.records})


def arrays_of(draws: LinkageDraws) -> bytes:
    """The persons of all draws and where the records stand, compressed.

    A draw is the first record of the person of each record, less the same of the draw before: nearly all zeros.
    """
    n_records = len(draws.records)
    leaders = np.empty(draws.persons.shape, dtype=np.int32)
    for chain, chained in enumerate(draws.persons):
        for at, drawn in enumerate(chained):
            leaders[chain, at] = np.unique(drawn, return_index=True)[1][drawn]
    steps = np.diff(leaders, axis=1, prepend=np.zeros((len(leaders), 1, n_records), dtype=np.int32))
    sheets, releases = sheets_of(draws), releases_of(draws)
    arrays: dict[str, NDArray[np.generic]] = {
        "steps": steps.astype(np.int32),
        "list": draws.list_of.astype(np.int16),
        "row": np.array([record.row for record in draws.records], dtype=np.int64),
        "sheet": np.array([sheets.index(record.sheet) for record in draws.records], dtype=np.int32),
        "release": np.array([releases.index(record.release) for record in draws.records], dtype=np.int32),
    }
    for at, (name, values) in enumerate(label_values(draws).items()):
        place = {value: number for number, value in enumerate(values)}
        codes = [place.get(record.labels.get(name, ""), -1) for record in draws.records]
        arrays[f"label {at}"] = np.array(codes, dtype=np.int32)
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    return content.getvalue()


def persons_and_places(
    content: bytes, *, n_lists: int, labels: Mapping[str, Sequence[str]], sheets: Sequence[str], releases: Sequence[str]
) -> tuple[NDArray[np.int32], tuple[RecordPlace, ...]]:
    """The persons of all draws, shape (chains, draws, R), and where the R records stand.

    Parameters
    ----------
    content : bytes
        What `arrays_of` gave.
    n_lists : int
        Lists there are.
    labels, sheets, releases
        The values of each label, the sheets and the releases, in the order in which the arrays count them.

    Raises
    ------
    ValueError
        When these are no such arrays, or do not go with the lists, labels, sheets and releases.
    """
    try:
        arrays = _loaded(content)
        lists = arrays["list"].tolist()
        if any(not 0 <= at < n_lists for at in lists):
            raise ValueError("a record is on none of the lists")
        return _persons(arrays["steps"]), _places(arrays, lists, labels, sheets, releases)
    except (EOFError, IndexError, KeyError, OSError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError("these are not the arrays of a linkage") from error


def _loaded(content: bytes) -> dict[str, NDArray[np.int32]]:
    """The arrays by name."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise zipfile.BadZipFile
    with np.load(io.BytesIO(content), allow_pickle=False) as loaded:
        return dict(loaded)


def _persons(steps: NDArray[np.int32]) -> NDArray[np.int32]:
    """(chains, draws, R) the persons from the differences between one draw and the next."""
    leaders = np.cumsum(steps, axis=1, dtype=np.int32)
    everybody = np.arange(leaders.shape[2])
    if leaders.size and (leaders.min() < 0 or (leaders > everybody).any()):
        raise ValueError("a record has a first record that comes after it")
    persons = np.empty_like(leaders)
    for chain, chained in enumerate(leaders):
        for at, leader in enumerate(chained):
            persons[chain, at] = (np.cumsum(leader == everybody) - 1)[leader]
    return persons


def _places(
    arrays: Mapping[str, NDArray[np.int32]],
    lists: Sequence[int],
    labels: Mapping[str, Sequence[str]],
    sheets: Sequence[str],
    releases: Sequence[str],
) -> tuple[RecordPlace, ...]:
    """Where each record stands, with its labels."""
    columns = {
        name: [values[code] if code >= 0 else "" for code in arrays[f"label {at}"].tolist()]
        for at, (name, values) in enumerate(labels.items())
    }
    places = zip(lists, *(arrays[name].tolist() for name in ("row", "sheet", "release")), strict=True)
    return tuple(
        RecordPlace(at, row, sheets[sheet], {name: own[number] for name, own in columns.items()}, releases[release])
        for number, (at, row, sheet, release) in enumerate(places)
    )
