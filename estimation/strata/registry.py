"""The models over strata by name, and how to make one from settings written in a file or on a command line.

A model's module is loaded only when the model is asked for: Numba takes a second, PyMC several.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from estimation.models.registry import class_by_name
from estimation.models.settings import make_from_settings
from estimation.strata.protocol import PoolsStrata

__all__ = ["STRATA_MODELS", "make_strata_model", "strata_model_class"]

STRATA_MODELS: Mapping[str, str] = MappingProxyType(
    {
        "hierarchical-log-linear": "estimation.strata.partial_pooling.log_linear:HierarchicalLogLinear",
        "hierarchical-log-linear-pymc": "estimation.strata.partial_pooling.in_pymc:HierarchicalLogLinearPyMC",
        "shared-latent-classes": "estimation.strata.partial_pooling.shared_classes:SharedLatentClasses",
    }
)
"""Where each model over strata is: module and class."""


def strata_model_class(name: str) -> type[PoolsStrata]:
    """The class of a model over strata by its name.

    Raises
    ------
    SettingError
        When there is none of that name; the message names the nearest one.

    Examples
    --------
    >>> strata_model_class("hierarchical-log-linear").__name__
    'HierarchicalLogLinear'
    """
    return cast(type[PoolsStrata], class_by_name(STRATA_MODELS, name, "model over strata"))


def make_strata_model(name: str, settings: Mapping[str, object]) -> PoolsStrata:
    """A model over strata with settings from outside, each checked against the type of the field it sets.

    Parameters
    ----------
    name : str
        A key of `STRATA_MODELS`.
    settings : mapping of str to object
        Values for the model's fields; text is converted to the field's type.

    Raises
    ------
    SettingError
        For an unknown model, an unknown setting or a value that does not fit; all problems together.

    Examples
    --------
    >>> make_strata_model("hierarchical-log-linear", {"order": "month"}).order
    'month'
    """
    # The settings of any dataclass are checked in the same way; what differs from a model on one table is its `fit`.
    model_type = cast(Any, strata_model_class(name))
    return cast(PoolsStrata, make_from_settings(model_type, name, settings))
