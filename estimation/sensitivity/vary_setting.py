"""What if a model had another setting: another prior, another number of classes, another limit?

A setting that no data can settle is part of the answer, and so is what the number would be with another.

Any dataclass that satisfies `estimation.models.protocol.Model` can be varied, a user's own as well as a packaged one,
and so can a model around a model: a dataclass with a field ``model`` that is one.  A field may say in its metadata what
varying it asks and what stands on the axis of a chart, as `DecomposableGraphs.delta` does::

    delta: float = field(default=0.5, metadata={"question": "What if ...?", "axis": "prior weight delta (persons)"})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from math import nan

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.protocol import Model, lighter_of
from estimation.models.settings import change_settings
from estimation.results.estimates import Result
from estimation.sensitivity.alternatives import Change, Sensitivity, compare_changes
from estimation.sensitivity.default_values import known_values_of, values_of_setting
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["vary_setting", "with_setting"]


def with_setting(model: Model, setting: str, value: object) -> Model:
    """The model with one setting changed, checked against the type of its field.

    Raises
    ------
    SettingError
        For a setting that the model does not have, with the nearest one, a value that does not fit, or one that other
        settings leave without effect.

    Examples
    --------
    >>> from estimation.models.graphs.decomposable import DecomposableGraphs
    >>> with_setting(DecomposableGraphs(), "delta", 0.5).delta
    0.5
    """
    inner = _inner(model, setting)
    if inner is not None:
        return replace(model, model=with_setting(inner, setting, value))  # type: ignore[type-var]
    changed = change_settings(model, {setting: value})
    if value is not None and getattr(changed, setting) is None:
        raise SettingError(
            f"model {model.name}",
            [f"{setting} = {_written(value)} changes nothing: other settings stand in its place; leave them out"],
        )
    return changed


def _inner(model: Model, setting: str) -> Model | None:
    """The model inside a model around a model, for a setting that the outer one does not have itself."""
    inner = getattr(model, "model", None)
    if not (is_dataclass(model) and isinstance(inner, Model)):
        return None
    own = {field.name for field in fields(model)} - {"model"}
    return None if setting in own else inner


def vary_setting(
    table: CaptureTable,
    setting: str,
    values: Sequence[object] | None = None,
    *,
    model: Model,
    rng: RandomState,
    workers: int = 1,
    baseline: Result | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """N for each of several values of one setting of a model, all else unchanged.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    setting : str
        Name of a field of the model, for example ``"classes"`` or ``"prior_on_n"``.
    values : sequence, optional
        Values for it; by default 0.25 to 10 for the interaction of all lists, xi.  Other settings have no default.
    model : Model
        The baseline.
    rng : int, SeedSequence or Generator
        The only source of randomness; every fit starts from the same state of it, and it is left as it was.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The model's result for the table, where it is known; otherwise the model is fitted.
    progress : Progress
        Told how many of the fits are done, and how far the one under way is.

    Returns
    -------
    Sensitivity
        One alternative for each value, in the order given; its value is NaN where the setting is no number.

    Raises
    ------
    SettingError
        For a setting that the model does not have or that has no default values, or a value that does not fit.
    ValueError
        When no value is given.

    Examples
    --------
    >>> from estimation.models.graphs.decomposable import DecomposableGraphs
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> found = vary_setting(table, "prior_on_n", ["1/N", "flat up to 1000"], model=DecomposableGraphs(), rng=1)
    >>> [(a.label, round(a.result.median)) for a in found.alternatives]
    [('prior_on_n = 1/N', 123), ('prior_on_n = flat up to 1000', 139)]
    """
    owner = _owner(model, setting)
    if values is None:
        values = values_of_setting(owner, setting)
    if values is None:
        raise SettingError(
            "sensitivity vary_setting", [f"{setting} has no values to try by default; name some in values"]
        )
    changes = [
        Change(f"{setting} = {_written(value)}", _number(value), table, with_setting(model, setting, value))
        for value in values
    ]
    described = _metadata(owner, setting)
    return compare_changes(
        described.get("question", f"{model.title}: what if {setting} had another value?"),
        table,
        model,
        changes,
        rng=generator_of(rng),
        workers=workers,
        baseline=baseline,
        progress=progress,
        changed=described.get("axis", setting),
        baseline_value=_number(getattr(owner, setting, None)),
        known=known_values_of(owner, setting),
        lighter=all(_remains(change.model, setting) for change in changes),
    )


def _remains(model: Model, setting: str) -> bool:
    """Whether the lighter form of the model leaves the setting as it is."""
    value, lighter = (getattr(_owner(form, setting), setting, None) for form in (model, lighter_of(model)))
    return bool(value == lighter)


def _owner(model: Model, setting: str) -> Model:
    """The model that has the setting: this one, or one inside it."""
    inner = _inner(model, setting)
    return model if inner is None else _owner(inner, setting)


def _metadata(owner: Model, setting: str) -> Mapping[str, str]:
    """What the field of a setting says of itself; nothing where the model has no such field."""
    described: dict[str, Mapping[str, str]] = (
        {field.name: field.metadata for field in fields(owner)} if is_dataclass(owner) else {}
    )
    return described.get(setting, {})


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return " to ".join(_written(part) for part in value)
    return str(value)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else nan
