"""The models by name, and how to make one from settings written in a file or on a command line.

A model's module is loaded only when the model is asked for: PyMC and Numba take seconds.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from estimation.capture.frequencies import CaptureFrequencies
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.protocol import Model
from estimation.models.settings import make_from_settings
from estimation.toml_file import nearest

if TYPE_CHECKING:  # only mypy reads this: each class keeps the protocol, without being loaded
    from estimation import models

    _TYPED: tuple[type[Model], ...] = (
        models.LincolnPetersen,
        models.Chapman,
        models.ChaoLowerBound,
        models.SampleCoverage,
        models.LogLinear,
        models.LogLinearSelect,
        models.LogLinearAverage,
        models.SparseStepwise,
        models.HierarchicalLogLinearAverage,
        models.Heterogeneity,
        models.RobustRange,
        models.NoHighestOrderInteraction,
        models.DecomposableGraphs,
        models.LatentClass,
        models.LatentClassPyMC,
        models.BayesianLogLinear,
        models.PairwisePrior,
        models.DoublyRobust,
        models.WithinRegister,
    )

__all__ = ["MODELS", "class_by_name", "default_models", "make_model", "model_class", "model_names", "why_not_by_model"]

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
        "robust-range": "estimation.models.robust_range:RobustRange",
        "nhoi": "estimation.models.no_highest_order:NoHighestOrderInteraction",
        "decomposable": "estimation.models.graphs.decomposable:DecomposableGraphs",
        "latent-class": "estimation.models.latent_class.gibbs:LatentClass",
        "latent-class-pymc": "estimation.models.latent_class.in_pymc:LatentClassPyMC",
        "bayesian-log-linear": "estimation.models.bayesian_log_linear.all_pairs:BayesianLogLinear",
        "pairwise-prior": "estimation.models.bayesian_log_linear.pairwise_prior:PairwisePrior",
        "doubly-robust": "estimation.models.covariates.doubly_robust:DoublyRobust",
    }
)
"""Where each model is: module and class."""


_FOR_TWO_LISTS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "Two lists, Chapman": ("chapman", {}),
    "Two lists, dependent as in published studies": ("pairwise-prior", {}),
}
_FOR_FREQUENCIES: Mapping[str, tuple[str, Mapping[str, object]]] = {"Lower bound, Chao": ("chao", {})}
_FROM_THREE_LISTS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "Sample coverage": ("sample-coverage", {}),
    "Heterogeneity, lower bound (Mth, Chao)": ("heterogeneity", {"model": "Mth-Chao"}),
    "Log-linear, averaged": ("log-linear-average", {}),
    "Decomposable graphs": ("decomposable", {}),
    "No highest-order interaction": ("nhoi", {}),
    "Latent classes": ("latent-class", {}),
}
"""The default set: one model of each way to account for list dependence and heterogeneity, none of them the answer."""


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
    return cast(type[Model], class_by_name(MODELS, name, "model"))


def class_by_name(classes: Mapping[str, str], name: str, what: str) -> type[object]:
    """The class that has a name, of some that are loaded only when they are asked for.

    Parameters
    ----------
    classes : mapping of str to str
        Where each is: module and class.
    name : str
        The name.
    what : str
        What they are, for the message.

    Raises
    ------
    SettingError
        When there is none of that name; the message names the nearest one.
    """
    if name not in classes:
        raise SettingError("model", [f"there is no {what} {name!r}; {nearest(name, list(classes))}"])
    module, _, attribute = classes[name].partition(":")
    return cast(type[object], getattr(importlib.import_module(module), attribute))


def model_names() -> tuple[str, ...]:
    """The names of the models, as on the command line and in a study file.

    Examples
    --------
    >>> "decomposable" in model_names()
    True
    """
    return tuple(MODELS)


def make_model(name: str, settings: Mapping[str, object]) -> Model:
    """A model with settings from outside, each checked against the type of the field it sets.

    Parameters
    ----------
    name : str
        One of `model_names`.
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
    return make_from_settings(model_class(name), name, settings)


def why_not_by_model(table: CaptureTable) -> dict[str, str | None]:
    """Why each model, with its default settings, cannot be fitted to a table; None where it can.

    Nothing is sampled, and PyMC is not loaded for it.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.

    Returns
    -------
    dict of str to (str or None)
        By `model_names`, in their order.

    Examples
    --------
    >>> two_lists = CaptureTable.from_histories(["police", "press"], {"10": 54, "01": 30, "11": 12})
    >>> reasons = why_not_by_model(two_lists)
    >>> reasons["chapman"] is None, reasons["latent-class"] is None
    (True, False)
    """
    return {name: make_model(name, {}).why_not(table) for name in MODELS}


def default_models(table: CaptureTable) -> dict[str, Model]:
    """The models to begin with on a table, by a label: those of the default set that can be fitted to it.

    For two lists that is Chapman's estimator, which takes them to be independent, and what is left of it when they may
    depend on each other as pairs of lists of published studies do; for numbers of captures Chao's bound; from three
    lists on one model of each way to account for list dependence and heterogeneity.  None of them is the answer: a
    study chooses its headline before it is run.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.

    Returns
    -------
    dict of str to Model
        May be empty; `Model.why_not` says of each model what keeps it from a table.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 30, "01": 20, "11": 8})
    >>> list(default_models(table))
    ['Two lists, Chapman', 'Two lists, dependent as in published studies']
    """
    declared = _FOR_TWO_LISTS if len(table.lists) == 2 else _FROM_THREE_LISTS
    if isinstance(table, CaptureFrequencies):
        declared = _FOR_FREQUENCIES
    made = {label: make_model(name, settings) for label, (name, settings) in declared.items()}
    return {label: model for label, model in made.items() if model.why_not(table) is None}
