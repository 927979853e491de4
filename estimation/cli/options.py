"""Arguments that the commands share, and how these become tables, models and settings."""

from __future__ import annotations

import csv
import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.errors import SettingError
from estimation.files import check_outputs

if TYPE_CHECKING:
    from estimation.models.protocol import Model
    from estimation.strata.protocol import PoolsStrata

__all__ = [
    "ForceOption",
    "SeedOption",
    "SettingOption",
    "StudyArgument",
    "TableArgument",
    "WorkersOption",
    "check_written",
    "listed",
    "model_of",
    "model_of_strata",
    "value_of",
    "values_of",
    "workers_of",
]

TableArgument = Annotated[
    str,
    typer.Argument(
        metavar="TABLE", help="A text file, a workbook (.xlsx) or a Parquet file, or a packaged table (mse tables)."
    ),
]
StudyArgument = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished study.")]
WorkersOption = Annotated[
    int | None,
    typer.Option(min=1, help="Processes and threads to use at most; never changes a number. Default: all cores."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file of that name that is there already.")]
SeedOption = Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")]
SettingOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="A setting of the model; may be given several times."),
]


def check_written(*outputs: Path | None, read: Sequence[str | Path] = (), force: bool, folder: bool = False) -> None:
    """Refuse to write where something would be destroyed, before anything is computed.

    Parameters
    ----------
    outputs : Path or None
        What the command is to write.
    read : sequence of str or Path
        What it reads; the name of a packaged table is no file.
    force : bool
        Whether files that are there already are replaced.
    folder : bool
        Whether the command makes the folder that it writes to.
    """
    check_outputs(outputs, inputs=read, force=force, force_option="--force", makes_folder=folder)


def workers_of(given: int | None) -> int:
    """Number of threads: the one given, or the number of cores."""
    return given if given is not None else os.cpu_count() or 1


def model_of(name: str, given: Sequence[str] | None, covariates: str | None = None) -> Model:
    """A model with the settings of the command line, and its covariates where they are named."""
    from estimation.models.registry import make_model
    from estimation.strata.registry import STRATA_MODELS

    if name in STRATA_MODELS:
        raise SettingError("--model", [f"{name} is a model over strata; name the columns that make them with --by"])
    return make_model(name, _settings(given, covariates))


def model_of_strata(name: str, given: Sequence[str] | None, covariates: str | None = None) -> Model | PoolsStrata:
    """A model for each stratum, or one over all of them, with the settings of the command line."""
    from estimation.strata.registry import STRATA_MODELS, make_strata_model

    if name in STRATA_MODELS:
        return make_strata_model(name, _settings(given, covariates))
    return model_of(name, given, covariates)


def _settings(given: Sequence[str] | None, covariates: str | None) -> dict[str, object]:
    """The settings of the command line by name."""
    pairs = [_setting(text) for text in given or []]
    if covariates is not None:
        names = tuple(listed(covariates))
        if not names:
            raise SettingError("--covariates", ["no column is named; name columns of the table, with commas"])
        pairs.append(("covariates", names))
    twice = sorted({key for key, _ in pairs if [k for k, _ in pairs].count(key) > 1})
    if twice:
        raise SettingError("--set", [f"{key} is set more than once" for key in twice])
    return dict(pairs)


def listed(text: str) -> list[str]:
    """The parts of a text between its commas; a part with a comma in it stands in quotation marks, as in CSV.

    Examples
    --------
    >>> listed('police, "press, foreign"')
    ['police', 'press, foreign']
    """
    rows = csv.reader([text], skipinitialspace=True)
    return [part.strip() for row in rows for part in row if part.strip()]


def value_of(text: str) -> object:
    """A value from the command line: read as TOML, or as bare words."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):  # not TOML, a whole number of thousands of digits, brackets without end
        return tuple(listed(text)) if "," in text and not set(text) & set("([") else text


def values_of(text: str) -> list[object]:
    """Values to try: what stands between the commas, or with semicolons lists of that.

    Examples
    --------
    >>> values_of("0.5, 1"), values_of("1.1,5; 1.1,10")
    ([0.5, 1], [(1.1, 5), (1.1, 10)])
    """
    if ";" not in text:
        return [value_of(part) for part in listed(text)]
    return [tuple(value_of(part) for part in listed(several)) for several in text.split(";") if several.strip()]


def _setting(text: str) -> tuple[str, object]:
    """``key=value`` from the command line."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise SettingError("--set", [f"{text!r} is not of the form key=value, for example --set delta=0.5"])
    return key.strip(), value_of(value.strip())
