"""What if a model had another setting: another prior, another number of classes, another limit?

A setting that no data can settle is part of the answer, and so is what the number would be with another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import nan
from typing import cast

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model, settings_of
from estimation.models.registry import make_model
from estimation.sensitivity.alternatives import Change, Sensitivity, compared

__all__ = ["vary_setting", "with_setting"]


def with_setting(model: Model, setting: str, value: object) -> Model:
    """The model with one setting changed, checked as settings of a study file are.

    Raises
    ------
    SettingError
        For a setting that the model does not have, with the nearest one, or a value that does not fit.

    Examples
    --------
    >>> from estimation.models.graphs.decomposable import DecomposableGraphs
    >>> with_setting(DecomposableGraphs(), "delta", 0.5).delta
    0.5
    """
    inner = getattr(model, "model", None)
    if isinstance(inner, Model):  # a model around a model, for example one that keeps its answers
        return replace(model, model=with_setting(inner, setting, value))  # type: ignore[type-var]
    held = {name: getattr(model, name) for name, _ in settings_of(model)}
    return make_model(model.name, {**held, setting: value})


def vary_setting(
    table: CaptureTable,
    setting: str,
    values: Sequence[object],
    *,
    model: Model,
    rng: np.random.Generator,
    workers: int = 1,
) -> Sensitivity:
    """N for each of several values of one setting of a model, all else as it is.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    setting : str
        Name of a field of the model, for example ``"classes"`` or ``"prior_on_n"``.
    values : sequence
        Values for it.
    model : Model
        The baseline.
    rng : numpy.random.Generator
        The only source of randomness; every fit starts from the same state of it.
    workers : int
        Threads to use at most.

    Returns
    -------
    Sensitivity
        One alternative for each value, in the order given; its value is NaN where the setting is no number.

    Raises
    ------
    SettingError
        For a setting that the model does not have, or a value that does not fit.
    ValueError
        When no value is given.

    Examples
    --------
    >>> from estimation.models.graphs.decomposable import DecomposableGraphs
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> found = vary_setting(
    ...     table, "prior_on_n", ["1/N", "flat up to 1000"], model=DecomposableGraphs(), rng=np.random.default_rng(1)
    ... )
    >>> [(a.label, round(a.result.median)) for a in found.alternatives]
    [('prior_on_n = 1/N', 123), ('prior_on_n = flat up to 1000', 139)]
    """
    changes = [
        Change(f"{setting} = {_written(value)}", _number(value), table, with_setting(model, setting, value))
        for value in values
    ]
    return compared(
        f"What if {model.title[0].lower()}{model.title[1:]} had another value of {setting}?",
        table,
        model,
        changes,
        rng=rng,
        workers=workers,
        changed=setting,
    )


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return " to ".join(_written(part) for part in value)
    return str(value)


def _number(value: object) -> float:
    return float(cast(float, value)) if isinstance(value, int | float) and not isinstance(value, bool) else nan
