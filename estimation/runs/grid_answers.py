"""The answers of a grid on disk: found by what was asked, whoever asked it, and written once.

An answer is a pure function of its table, its model and the seed of the study (`estimation.runs.grid_jobs`), and its
key a checksum of these: the same table in another stratum, replicate or grid has the same answer.  Answers lie some
hundreds together in a zip file, each with its own checksum, so that a million of them are some thousands of files; the
checksum of the whole is beside it (`estimation.work.cache`), and a file that is damaged or cut short is none.

::

    answers/<key of the file>.zip     <key>.json, <key>.npz    the result of a fit and its draws of N
                                      <key>.rows               the alternatives of a question, one object a line
                                      seconds.json             how long each took
    answers/<key of the file>.sums    the checksum of the zip file
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import numpy as np

from estimation.errors import StudyError
from estimation.files import write_bytes
from estimation.frames import Cell
from estimation.results.estimates import NotEstimable, Result
from estimation.results.saved import result_bytes, result_from_bytes
from estimation.results.totals import Draws, Grid
from estimation.work.cache import Cache, key_of

__all__ = ["AnswerFiles", "Answers", "files_of_result", "files_of_rows"]

AnswerFiles: TypeAlias = Mapping[str, bytes]
"""What a worker gives back: the files of an answer by their endings."""

_WAITS = 2.0
"""Seconds that answers may wait until they are written."""
_MOST_WAITING = 1_000
_BODY, _STEP = 0.999, 0.005
"""Up to which probability an exact posterior is stored value by value, and the steps beyond."""
_MOST_RESULTS = 4_000
"""Results that are not read again while the tables are made."""
_OPEN = 64
"""Zip files that are open at once."""
_SECONDS = "seconds.json"
_ENDINGS = ("json", "npz", "rows")


def files_of_result(result: Result) -> AnswerFiles:
    """A result as files: its words, and what is known of N without whatever else was drawn.

    An exact posterior has its upper thousandth in steps of half a percent, each with its own probability and mean: of
    100,000 values some 1,000 are left, no quantile up to 99.9 % moves, and the mean by less than .001 people.
    """
    if isinstance(result, NotEstimable):
        slim: Result = replace(result, evidence=None)
    elif isinstance(result.total, Draws):
        slim = replace(result, total=Draws(result.total.values), predicted=None)
    elif isinstance(result.total, Grid):
        slim = replace(result, total=_in_steps(result.total), predicted=None)
    else:
        slim = replace(result, predicted=None)
    words, arrays = result_bytes(slim)
    return {"json": words} if arrays is None else {"json": words, "npz": arrays}


def _in_steps(grid: Grid) -> Grid:
    """An exact posterior with its upper tail in steps."""
    first = int(np.searchsorted(np.cumsum(grid.probabilities), _BODY)) + 1
    values, probabilities = grid.values[first:], grid.probabilities[first:]
    if len(values) < 2 or values[0] < 1:
        return grid
    step = np.floor(np.log(values / values[0]) / np.log1p(_STEP)).astype(np.int64)
    starts = np.flatnonzero(np.diff(step, prepend=-1))
    mass = np.add.reduceat(probabilities, starts)
    whole = np.add.reduceat(probabilities * values, starts)
    middles = np.where(mass > 0, np.rint(whole / np.where(mass > 0, mass, 1)), values[starts]).astype(np.int64)
    return Grid(np.concatenate([grid.values[:first], middles]), np.concatenate([grid.probabilities[:first], mass]))


def files_of_rows(rows: Sequence[Mapping[str, Cell]]) -> AnswerFiles:
    """The alternatives of a question as files; infinite numbers are written as ``Infinity``."""
    return {"rows": "".join(f"{json.dumps(dict(row), ensure_ascii=False)}\n" for row in rows).encode()}


@dataclass(frozen=True, slots=True)
class _Stored:
    """Some answers in one zip file: its bytes where it is to be written, and the seconds of each."""

    seconds: Mapping[str, float]
    content: bytes = b""


@dataclass(slots=True)
class Answers:
    """The answers in a folder, and those found in others.

    Parameters
    ----------
    folder : Path
        Where answers are written; made with the first of them.
    """

    folder: Path
    _places: dict[str, Path] = field(default_factory=dict)
    _seconds: dict[str, float] = field(default_factory=dict)
    _waiting: dict[str, AnswerFiles] = field(default_factory=dict)
    _since: float = 0.0
    _open: OrderedDict[Path, zipfile.ZipFile] = field(default_factory=OrderedDict)
    _results: OrderedDict[str, Result] = field(default_factory=OrderedDict)

    def find(self, *others: Path) -> None:
        """Find what there is, in this folder and in some others, each file held against its checksum."""
        for folder in (self.folder, *others):
            cache = _cache(folder)
            for sums in sorted(folder.glob("*.sums")) if folder.is_dir() else []:
                stored = cache.get(sums.stem)
                if stored is not None:
                    self._take(stored, folder / f"{sums.stem}.zip")

    def adopt(self, keys: Iterable[str]) -> None:
        """Copy answers of other folders into this one, which then needs no other."""
        for key in keys:
            path = self._places.get(key)
            if path is not None and path.parent != self.folder:
                packed = self._zip(path)
                names = packed.namelist()
                parts = {ending: f"{key}.{ending}" for ending in _ENDINGS if f"{key}.{ending}" in names}
                del self._places[key]
                self.put(key, {ending: packed.read(name) for ending, name in parts.items()}, self._seconds[key])
        self.write()

    def _take(self, stored: _Stored, path: Path) -> None:
        for key, seconds in stored.seconds.items():
            self._places.setdefault(key, path)
            self._seconds.setdefault(key, seconds)

    def __contains__(self, key: str) -> bool:
        return key in self._places or key in self._waiting

    def __len__(self) -> int:
        return len(self._places) + len(self._waiting)

    def seconds(self, key: str) -> float:
        """How long an answer took to make.  Unit: seconds."""
        return self._seconds[key]

    def put(self, key: str, files: AnswerFiles, seconds: float) -> None:
        """Store an answer; it is written with others after a moment, or with `write`."""
        if key in self:
            return
        self._since = self._since if self._waiting else monotonic()
        self._waiting[key], self._seconds[key] = files, seconds
        if monotonic() - self._since > _WAITS or len(self._waiting) >= _MOST_WAITING:
            self.write()

    def write(self) -> None:
        """Write what waits."""
        if not self._waiting:
            return
        content = io.BytesIO()
        seconds = {key: self._seconds[key] for key in self._waiting}
        with zipfile.ZipFile(content, "w") as packed:
            for key, files in self._waiting.items():
                for ending, part in files.items():
                    packed.writestr(zipfile.ZipInfo(f"{key}.{ending}"), part)
            packed.writestr(zipfile.ZipInfo(_SECONDS), json.dumps(seconds))
        name = key_of(*sorted(self._waiting))
        _cache(self.folder).put(name, _Stored(seconds, content.getvalue()))
        self._places |= dict.fromkeys(self._waiting, self.folder / f"{name}.zip")
        self._waiting.clear()

    def result(self, key: str) -> Result:
        """The result of a fit."""
        if key not in self._results:
            if len(self._results) >= _MOST_RESULTS:
                self._results.popitem(last=False)
            words, arrays = self._part(key, "json"), self._part(key, "npz", missing=True)
            self._results[key] = result_from_bytes(words, arrays or None, key)
        return self._results[key]

    def rows(self, key: str) -> list[dict[str, Cell]]:
        """The alternatives of a question."""
        return [json.loads(line) for line in self._part(key, "rows").decode().splitlines()]

    def _part(self, key: str, ending: str, *, missing: bool = False) -> bytes:
        if key in self._waiting:
            return self._waiting[key].get(ending, b"")
        packed = self._zip(self._places[key])
        try:
            return packed.read(f"{key}.{ending}")
        except KeyError:
            if missing:
                return b""
            raise StudyError(str(self._places[key]), [f"the answer {key} is not whole; delete the file"]) from None

    def _zip(self, path: Path) -> zipfile.ZipFile:
        """A zip file, opened once for many answers; the one not used for longest is closed for another."""
        if path not in self._open:
            if len(self._open) >= _OPEN:
                self._open.popitem(last=False)[1].close()
            self._open[path] = zipfile.ZipFile(path)
        self._open.move_to_end(path)
        return self._open[path]

    def close(self) -> None:
        """Write what waits, and close what is open."""
        self.write()
        while self._open:
            self._open.popitem()[1].close()


def _cache(folder: Path) -> Cache[_Stored]:
    return Cache(folder, _save, _load)


def _save(stored: _Stored, path: Path) -> None:
    write_bytes(path.with_name(f"{path.name}.zip"), stored.content)


def _load(path: Path) -> _Stored:
    try:
        with zipfile.ZipFile(path.with_name(f"{path.name}.zip")) as packed:
            return _Stored(json.loads(packed.read(_SECONDS)))
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from error
