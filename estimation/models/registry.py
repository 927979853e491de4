"""The models by name, and how to make one from settings written in a file or on a command line.

A model's module is loaded only when the model is asked for: PyMC and Numba take seconds.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import cast

from pydantic import TypeAdapter, ValidationError

from estimation.errors import SettingError
from estimation.models.protocol import Model

__all__ = ["MODELS", "make_model", "model_class"]

MODELS: Mapping[str, str] = MappingProxyType(
    {
        "lincoln-petersen": "estimation.models.classical.two_lists:LincolnPetersen",
        "chapman": "estimation.models.classical.two_lists:Chapman",
        "chao": "estimation.models.classical.chao:ChaoLowerBound",
        "sample-coverage": "estimation.models.classical.sample_coverage:SampleCoverage",
        "log-linear": "estimation.models.log_linear.one_model:LogLinear",
        "log-linear-select": "estimation.models.log_linear.selected:LogLinearSelect",
        "log-linear-average": "estimation.models.log_linear.averaged:LogLinearAverage",
        "sparse": "estimation.models.log_linear.stepwise:SparseStepwise",
        "bayesian-log-linear-average": "estimation.models.bayesian_log_linear.averaged:HierarchicalLogLinearAverage",
        "heterogeneity": "estimation.models.log_linear.heterogeneity:Heterogeneity",
        "nhoi": "estimation.models.no_highest_order:NoHighestOrderInteraction",
        "decomposable": "estimation.models.graphs.decomposable:DecomposableGraphs",
        "latent-class": "estimation.models.latent_class.gibbs:LatentClass",
        "latent-class-pymc": "estimation.models.latent_class.in_pymc:LatentClassPyMC",
        "bayesian-log-linear": "estimation.models.bayesian_log_linear.all_pairs:BayesianLogLinear",
    }
)
"""Where each model is: module and class."""


def _nearest(word: str, known: list[str]) -> str:
    """Ends an error message with the nearest known word, or with all of them."""
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"choose from {', '.join(known)}"


def model_class(name: str) -> type[Model]:
    """The class of a model by its name.

    Raises
    ------
    SettingError
        When there is no model of that name; the message names the nearest one.

    Examples
    --------
    >>> model_class("chao").__name__
    'ChaoLowerBound'
    """
    if name not in MODELS:
        raise SettingError("model", [f"there is no model {name!r}; {_nearest(name, list(MODELS))}"])
    module, _, attribute = MODELS[name].partition(":")
    return cast(type[Model], getattr(importlib.import_module(module), attribute))


def make_model(name: str, settings: Mapping[str, object]) -> Model:
    """A model with settings from outside, each checked against the type of the field it sets.

    Parameters
    ----------
    name : str
        A key of `MODELS`.
    settings : mapping of str to object
        Values for the model's fields; text is converted to the field's type.

    Raises
    ------
    SettingError
        For an unknown model, an unknown setting (the message names the nearest one) or a value that does not fit.
        All problems are named together.

    Examples
    --------
    >>> make_model("decomposable", {"delta": "0.5"}).delta
    0.5
    """
    cls = model_class(name)
    known = [f.name for f in fields(cls)]  # type: ignore[arg-type]  # every model is a dataclass
    problems = [
        f"{name} has no setting {key!r}; " + (_nearest(key, known) if known else "it takes none")
        for key in settings
        if key not in known
    ]
    if problems:
        raise SettingError(f"model {name}", problems)
    try:
        return TypeAdapter(cls).validate_python(dict(settings))
    except ValidationError as error:
        said: list[str] = []
        for e in error.errors():
            cause = e.get("ctx", {}).get("error")
            if isinstance(cause, SettingError):  # the model's own check, which says it better
                said.extend(cause.problems)
            else:
                said.append(f"{'.'.join(str(part) for part in e['loc']) or 'settings'} = {e['input']!r}: {e['msg']}")
        raise SettingError(f"model {name}", said) from error
    except SettingError as error:
        raise SettingError(f"model {name}", error.problems) from error
