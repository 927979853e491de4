"""The scenarios and models of the coverage page, with the settings of the models and their numbers of tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from estimation.models.protocol import Model
from estimation.models.registry import make_model
from estimation.simulation.scenario import Scenario
from estimation.simulation.scenario_file import READY, load_scenario

__all__ = ["FEWER", "REPLICATIONS", "SEED", "standard_models", "standard_scenarios"]

REPLICATIONS = 200
SEED = 1

_CHOSEN, _BAYESIAN, _LATENT = "Log-linear, chosen by BIC", "Log-linear, Bayesian average", "Latent classes"

FEWER: Mapping[str, int] = MappingProxyType({_CHOSEN: 60, _BAYESIAN: 30, _LATENT: 10})
"""Numbers of tables for models that take a fifth of a second or more for one."""

_MODELS: Mapping[str, tuple[str, Mapping[str, object]]] = MappingProxyType(
    {
        "Two lists, A and B": ("chapman", {"lists": ["A", "B"]}),
        "Chao's lower bound": ("chao", {}),
        "Sample coverage": ("sample-coverage", {}),
        _CHOSEN: ("log-linear-select", {"resamples": 200, "most_resamples": 200}),
        "Log-linear, averaged by BIC": ("log-linear-average", {}),
        _BAYESIAN: ("bayesian-log-linear-average", {}),
        "Log-linear, pairs step by step": ("sparse", {"resamples": 500, "most_resamples": 500}),
        "People differ (Mth-Chao)": ("heterogeneity", {"model": "Mth-Chao"}),
        "People differ (Mth-Darroch)": ("heterogeneity", {"model": "Mth-Darroch"}),
        "No highest-order interaction": ("nhoi", {}),
        "Decomposable graphs": ("decomposable", {}),
        _LATENT: ("latent-class", {"chains": 4, "warmup": 500, "sweeps": 2000, "max_sweeps": 8000, "draws": 500}),
    }
)


def standard_scenarios() -> dict[str, Scenario]:
    """The five scenarios, by name.

    Examples
    --------
    >>> len(standard_scenarios())
    5
    """
    return {name: load_scenario(name) for name in READY}


def standard_models() -> dict[str, Model]:
    """The models, by the label of their row.

    Examples
    --------
    >>> standard_models()["Two lists, A and B"].name
    'chapman'
    """
    return {label: make_model(name, settings) for label, (name, settings) in _MODELS.items()}
