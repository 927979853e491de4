"""A result on disk and back, exactly: its words in a .json file, its arrays in an .npz file beside it, no pickle.

The .json file is written last and holds the checksum of the .npz file, so that a pair stopped half-way is no result.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from estimation.errors import StudyError
from estimation.files import write_bytes
from estimation.provenance import Provenance, Setting
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result, ResultTable
from estimation.results.goodness_of_fit import GoodnessOfFit
from estimation.results.totals import Draws, Grid, Point

__all__ = ["load_result", "result_bytes", "result_from_bytes", "save_result"]

_MONITORED = "monitored/"


class _ProvenancePart(BaseModel):
    model_config = ConfigDict(extra="forbid")

    data_sha256: str
    version: str
    seed: str
    settings: list[tuple[str, object]]


class _ResultPart(BaseModel):
    """What both kinds of result have; infinite numbers are written as ``Infinity``."""

    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[1] = 1
    arrays_sha256: str | None
    n_observed: int
    model: str
    title: str
    assumptions: tuple[str, ...]
    diagnostics: Diagnostics
    provenance: _ProvenancePart
    tables: tuple[ResultTable, ...]


class _EstimatePart(_ResultPart):
    estimable: Literal[True] = True
    total: Literal["draws", "grid"] | Point
    is_lower_bound: bool
    notes: tuple[str, ...]
    fit: GoodnessOfFit | None = None


class _NotEstimablePart(_ResultPart):
    estimable: Literal[False] = False
    reason: str


_SAVED: TypeAdapter[_EstimatePart | _NotEstimablePart] = TypeAdapter(
    Annotated[_EstimatePart | _NotEstimablePart, Field(discriminator="estimable")]
)


def save_result(result: Result, path: Path, *, compress: bool = True) -> None:
    """Write a result to ``path`` with the endings .json and, if it has arrays, .npz.

    Parameters
    ----------
    result : Estimate or NotEstimable
        What to write; all of it, draws included.
    path : Path
        Where, without an ending; the folder must be there.
    compress : bool
        Make the arrays smaller, which takes longer than all else here.
    """
    words, arrays = result_bytes(result, compress=compress)
    if arrays is not None:
        write_bytes(path.with_name(f"{path.name}.npz"), arrays)
    write_bytes(path.with_name(f"{path.name}.json"), words)


def result_bytes(result: Result, *, compress: bool = True) -> tuple[bytes, bytes | None]:
    """The two files of a result as bytes: its words, and its arrays if it has any.

    Parameters
    ----------
    result, compress
        As for `save_result`.
    """
    arrays, stored = _arrays_of(result), None
    if arrays:
        content = io.BytesIO()
        (np.savez_compressed if compress else np.savez)(content, allow_pickle=False, **arrays)
        stored = content.getvalue()
    part = _part_of(result, None if stored is None else hashlib.sha256(stored).hexdigest())
    text = json.dumps(part.model_dump(mode="python"), ensure_ascii=False, indent=1)
    return f"{text}\n".encode(), stored


def load_result(path: Path) -> Result:
    """Read back a result that `save_result` wrote to ``path``.

    Raises
    ------
    StudyError
        When there is no such result, or its files are not whole.
    """
    described, stored = path.with_name(f"{path.name}.json"), path.with_name(f"{path.name}.npz")
    try:
        words = described.read_bytes()
    except FileNotFoundError as error:
        raise StudyError(str(described), ["there is no saved result here"]) from error
    return result_from_bytes(words, stored.read_bytes() if stored.is_file() else None, str(path))


def result_from_bytes(words: bytes, arrays: bytes | None, source: str) -> Result:
    """A result from the bytes of its two files (`result_bytes`).

    Parameters
    ----------
    words, arrays : bytes
        The content of the files.
    source : str
        What to call it in a message, without an ending.

    Raises
    ------
    StudyError
        When they are not whole.
    """
    try:
        part = _SAVED.validate_json(words)
    except ValidationError as error:
        raise StudyError(f"{source}.json", ["this is not a result saved by this version; delete it"]) from error
    if part.arrays_sha256 is None:
        return _result_of(part, {})
    content = arrays or b""
    if hashlib.sha256(content).hexdigest() != part.arrays_sha256:
        problem = "these are not the arrays that were saved with the result; delete both files"
        raise StudyError(f"{source}.npz", [problem])
    with np.load(io.BytesIO(content), allow_pickle=False) as opened:
        return _result_of(part, {name: opened[name] for name in opened.files})


def _arrays_of(result: Result) -> dict[str, npt.NDArray[np.generic]]:
    total = result.total if isinstance(result, Estimate) else result.evidence
    if isinstance(total, Draws):
        return {"values": total.values, **{_MONITORED + name: v for name, v in total.monitored.items()}}
    if isinstance(total, Grid):
        return {"values": total.values, "probabilities": total.probabilities}
    return {}


def _part_of(result: Result, sha256: str | None) -> _EstimatePart | _NotEstimablePart:
    made = result.provenance
    shared = _ResultPart(
        arrays_sha256=sha256,
        n_observed=result.n_observed,
        model=result.model,
        title=result.title,
        assumptions=result.assumptions,
        diagnostics=result.diagnostics,
        provenance=_ProvenancePart(
            data_sha256=made.data_sha256, version=made.version, seed=made.seed, settings=list(made.settings)
        ),
        tables=result.tables,
    )
    fields = {name: getattr(shared, name) for name in _ResultPart.model_fields}
    if isinstance(result, NotEstimable):
        return _NotEstimablePart(**fields, reason=result.reason)
    kinds: dict[type, Literal["draws", "grid"]] = {Draws: "draws", Grid: "grid"}
    total = result.total if isinstance(result.total, Point) else kinds[type(result.total)]
    return _EstimatePart(
        **fields, total=total, is_lower_bound=result.is_lower_bound, notes=result.notes, fit=result.fit
    )


def _draws_of(arrays: Mapping[str, npt.NDArray[np.generic]]) -> Draws:
    values = arrays["values"].astype(np.int64)
    monitored = {
        name.removeprefix(_MONITORED): values.astype(np.float64)
        for name, values in arrays.items()
        if name.startswith(_MONITORED)
    }
    return Draws(values, monitored)


def _setting_of(value: object) -> Setting:
    """A setting as it was before JSON made its tuples into lists."""
    if isinstance(value, list | tuple):
        return tuple(_setting_of(part) for part in value)
    assert value is None or isinstance(value, bool | int | float | str)
    return value


def _result_of(part: _EstimatePart | _NotEstimablePart, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Result:
    made = part.provenance
    settings = tuple((name, _setting_of(value)) for name, value in made.settings)
    provenance = Provenance(made.data_sha256, made.version, made.seed, settings)
    if isinstance(part, _NotEstimablePart):
        return NotEstimable(
            n_observed=part.n_observed,
            model=part.model,
            title=part.title,
            reason=part.reason,
            assumptions=part.assumptions,
            provenance=provenance,
            diagnostics=part.diagnostics,
            evidence=_draws_of(arrays) if arrays else None,
            tables=part.tables,
        )
    return Estimate(
        total=_total_of(part.total, arrays),
        n_observed=part.n_observed,
        model=part.model,
        title=part.title,
        assumptions=part.assumptions,
        diagnostics=part.diagnostics,
        provenance=provenance,
        is_lower_bound=part.is_lower_bound,
        notes=part.notes,
        tables=part.tables,
        fit=part.fit,
    )


def _total_of(
    total: Literal["draws", "grid"] | Point, arrays: Mapping[str, npt.NDArray[np.generic]]
) -> Draws | Grid | Point:
    if isinstance(total, Point):
        return total
    if total == "draws":
        return _draws_of(arrays)
    probabilities = arrays["probabilities"].astype(np.float64)
    grid = Grid(arrays["values"].astype(np.int64), probabilities)
    # A grid divides by the sum again, which can move the last bit; what was saved is already divided.
    probabilities.flags.writeable = False
    object.__setattr__(grid, "probabilities", probabilities)
    return grid
