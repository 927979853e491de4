"""Settings of a model from outside: each is checked against the type of the field that it sets.

Nothing here knows a model by its name, so that a user's own dataclass is checked as a packaged one is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from math import isfinite
from types import NoneType
from typing import TypeVar, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from estimation.errors import SettingError
from estimation.models.protocol import Model
from estimation.toml_file import brief, in_plain_words, nearest

__all__ = ["change_settings", "make_from_settings"]

_MOST: Mapping[str, int] = {"chains": 1_000, "n_0_max": 10_000_000}
_MOST_OTHERS = 1_000_000  # draws, sweeps, resamples
_SMALLEST = 1e-9

M = TypeVar("M", bound=Model)


def make_from_settings(model_type: type[M], name: str, settings: Mapping[str, object]) -> M:
    """A model of a class, with its settings checked; what is not set has its default.

    Parameters
    ----------
    model_type : type
        A dataclass whose fields are the settings.
    name : str
        What the model is called in messages.
    settings : mapping of str to object
        Values for its fields; text is converted to the field's type.

    Raises
    ------
    SettingError
        For an unknown setting (the message names the nearest one) or a value that does not fit.  All problems are
        named together.

    Examples
    --------
    >>> from estimation.models.graphs.decomposable import DecomposableGraphs
    >>> make_from_settings(DecomposableGraphs, "decomposable", {"delta": "0.5"}).delta
    0.5
    """
    return _built(model_type, model_type, name, settings)


def change_settings(model: M, settings: Mapping[str, object]) -> M:
    """A model with some of its settings changed and checked; the others are as they were.

    Parameters
    ----------
    model : Model
        A dataclass whose fields are the settings.
    settings : mapping of str to object
        Values for its fields; text is converted to the field's type.

    Raises
    ------
    SettingError
        For an unknown setting (the message names the nearest one) or a value that does not fit.  All problems are
        named together.

    Examples
    --------
    >>> from estimation.models.graphs.decomposable import DecomposableGraphs
    >>> change_settings(DecomposableGraphs(prior_on_n="flat"), {"delta": 0.5}).prior_on_n
    'flat'
    """
    return _built(partial(replace, model), type(model), model.name, settings)  # type: ignore[type-var]


def _built(build: Callable[..., M], model_type: type[M], name: str, settings: Mapping[str, object]) -> M:
    """What `build` makes of settings that have been checked against the fields of the class."""
    where = f"model {name}"
    if not is_dataclass(model_type):
        raise SettingError(where, [f"{model_type.__name__} is no dataclass, and so it has no settings; make it one"])
    known = [field.name for field in fields(model_type) if field.init]
    problems = [
        f"{name} has no setting {key!r}; " + (nearest(key, known) if known else "it takes none")
        for key in settings
        if key not in known
    ]
    if problems:
        raise SettingError(where, problems)
    checked = _checked(model_type, where, settings)
    try:
        return build(**checked)
    except SettingError as error:
        raise SettingError(where, error.problems) from error
    except ValueError as error:
        raise SettingError(where, [str(error)]) from error


def _checked(model_type: type, where: str, settings: Mapping[str, object]) -> dict[str, object]:
    """Each value in the type of its field; every value that does not fit is named, all together."""
    try:
        types = _types_of(model_type)
    except NameError as error:
        problem = (
            f"{error}, which is the type of a setting of {model_type.__name__}; import it at the top of its module"
        )
        raise SettingError(where, [problem]) from error
    checked: dict[str, object] = {}
    problems: list[str] = []
    for key, value in settings.items():
        try:
            checked[key] = _adapter(model_type, key).validate_python(_in_a_tuple(types[key], value))
        except ValidationError as error:
            number = _tuple_of(types[key])
            if number is not None and not (isinstance(value, tuple | list) and len(value) == number):
                problems.append(
                    f"{key} = {brief(value)}; it takes {number} values, with a comma between them; to try several "
                    "such, put a semicolon after each"
                )
                continue
            problems += [
                f"{'.'.join(str(part) for part in (key, *found['loc']))} = {brief(found['input'])}; "
                f"{in_plain_words(found['msg'])}"
                for found in error.errors()
            ]
        else:
            problems += _beyond_reach(key, checked[key])
    if problems:
        raise SettingError(where, problems)
    return checked


def _in_a_tuple(wanted: object, value: object) -> object:
    """A single text for a setting that takes any number of them, as a command line gives it, is one of them.

    Examples
    --------
    >>> _in_a_tuple(tuple[str, ...], "police"), _in_a_tuple(tuple[float, float], "police")
    (('police',), 'police')
    """
    takes_any = any(Ellipsis in get_args(kind) for kind in _tuples_in(wanted))
    return (value,) if takes_any and isinstance(value, str) else value


def _tuple_of(wanted: object) -> int | None:
    """How many values a setting takes that is a tuple of a fixed length; None for any other.

    Examples
    --------
    >>> _tuple_of(tuple[float, float] | None), _tuple_of(tuple[str, ...]), _tuple_of(float)
    (2, None, None)
    """
    fixed = [len(get_args(kind)) for kind in _tuples_in(wanted) if Ellipsis not in get_args(kind)]
    return fixed[0] if fixed else None


def _tuples_in(wanted: object) -> list[object]:
    """The tuple types of a type, itself or those of its union."""
    kinds = [wanted, *(kind for kind in get_args(wanted) if kind is not NoneType)]
    return [kind for kind in kinds if get_origin(kind) is tuple]


def _beyond_reach(key: str, value: object) -> list[str]:
    """What is wrong with a number with which a fit would not end, or would need more memory than there is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return []
    if isinstance(value, int):
        most = _MOST.get(key, _MOST_OTHERS)
        return [] if value <= most else [f"{key} = {brief(value)}; more than {most:,} cannot be computed, so lower it"]
    if value == 0 or not isfinite(value) or _SMALLEST <= abs(value) <= 1 / _SMALLEST:
        return []  # what is zero or not finite each model refuses in its own words, or has a meaning for
    return [f"{key} = {value:g}; it is too far from 1 to be computed with: take a value of 1e-09 to 1e+09"]


@cache
def _types_of(model_type: type) -> Mapping[str, type]:
    """The type of each setting."""
    return get_type_hints(model_type, include_extras=True)


@cache
def _adapter(model_type: type, key: str) -> TypeAdapter[object]:
    """Checks values of a setting; those of a class that pydantic does not know by `isinstance`."""
    wanted = _types_of(model_type)[key]
    if is_dataclass(wanted):
        return TypeAdapter(wanted)  # it brings its own configuration
    return TypeAdapter(wanted, config=ConfigDict(arbitrary_types_allowed=True))
