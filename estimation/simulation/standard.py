"""The scenarios and models of the coverage page, with the settings of the models and their numbers of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from estimation.models.protocol import Model
from estimation.models.registry import make_model
from estimation.simulation.scenario import Scenario
from estimation.simulation.scenario_file import READY, load_scenario

__all__ = ["REPLICATIONS", "SEED", "SUITES", "Suite", "standard_models", "standard_scenarios"]

REPLICATIONS = 200
SEED = 1

_CHOSEN, _BAYESIAN, _LATENT = "Log-linear, chosen by BIC", "Log-linear, Bayesian average", "Latent classes"
_AVERAGED_WITH = "Log-linear, averaged, with heterogeneity"
_PUBLISHED = "Log-linear, pairs as in published studies"
_ALL_PAIRS = "Log-linear, all pairs, Bayesian"

_MODELS: Mapping[str, tuple[str, Mapping[str, object]]] = MappingProxyType(
    {
        "Two lists, A and B": ("chapman", {"lists": ["A", "B"]}),
        "Chao's estimator": ("chao", {}),
        "Sample coverage": ("sample-coverage", {}),
        _CHOSEN: ("log-linear-select", {"resamples": 200, "most_resamples": 200}),
        "Log-linear, averaged by BIC": ("log-linear-average", {}),
        _BAYESIAN: ("bayesian-log-linear-average", {}),
        _ALL_PAIRS: ("bayesian-log-linear", {}),
        _PUBLISHED: ("pairwise-prior", {}),
        "Log-linear, pairs step by step": ("sparse", {"resamples": 500, "most_resamples": 500}),
        "People differ (Mth-Chao)": ("heterogeneity", {"model": "Mth-Chao"}),
        "People differ (Mth-Darroch)": ("heterogeneity", {"model": "Mth-Darroch"}),
        "No highest-order interaction": ("nhoi", {}),
        "Decomposable graphs": ("decomposable", {}),
        _AVERAGED_WITH: ("log-linear-average", {"family": "with heterogeneity"}),
        "People differ (Mth-Poisson2)": ("heterogeneity", {"model": "Mth-Poisson2"}),
        "People differ (Mth-Gamma3.5)": ("heterogeneity", {"model": "Mth-Gamma3.5"}),
        "Robust range across families": ("robust-range", {}),
        _LATENT: ("latent-class", {"chains": 4, "effective": 400, "other_priors": False, "fit_check": False}),
    }
)

_PAIR: Mapping[str, object] = MappingProxyType({"lists": ["A", "B"]})
_GIVEN: Mapping[str, object] = MappingProxyType({"covariates": ["place", "age", "sex"], "splits": 1})

_WITH_COVARIATES: Mapping[str, tuple[str, Mapping[str, object]]] = MappingProxyType(
    {
        "A and B without covariates": ("doubly-robust", _PAIR),
        "A and B, logistic": ("doubly-robust", {**_PAIR, **_GIVEN, "learner": "logistic"}),
        "A and B, logistic, jointly": (
            "doubly-robust",
            {**_PAIR, **_GIVEN, "learner": "logistic", "fitting": "jointly"},
        ),
        "A and B, boosting": ("doubly-robust", {**_PAIR, **_GIVEN, "learner": "boosting"}),
        "A and B, boosting, jointly": (
            "doubly-robust",
            {**_PAIR, **_GIVEN, "learner": "boosting", "fitting": "jointly"},
        ),
        "A and B, stacked": ("doubly-robust", {**_PAIR, **_GIVEN}),
        "A, B and C, logistic": ("doubly-robust", {**_GIVEN, "learner": "logistic"}),
    }
)
"""The models of the suite with covariates: one split into folds each, where a fit by itself has three."""

_OF_THE_RANGE = (
    "Log-linear, averaged by BIC",
    _AVERAGED_WITH,
    "People differ (Mth-Poisson2)",
    "People differ (Mth-Darroch)",
    "People differ (Mth-Gamma3.5)",
    "Robust range across families",
)
"""The models that make the range across families, and those to compare it with."""

_IN_SUITES = (*_OF_THE_RANGE, _LATENT)
"""The models of most further suites: the latent classes in their lighter form too, the first model of reports."""


@dataclass(frozen=True, slots=True)
class Suite:
    """Scenarios that share a page.

    Parameters
    ----------
    subject : str
        What kind of tables, for the title of the page; empty for the standard one.
    scenarios, models : tuple of str
        Names of the scenarios and labels of the models.
    replications : int
        Tables of each scenario.
    """

    subject: str
    scenarios: tuple[str, ...]
    models: tuple[str, ...]
    replications: int = REPLICATIONS


def _four(of: str) -> tuple[str, ...]:
    return tuple(f"{of}_{kind}" for kind in ("independent", "dependent_pair", "two_classes", "partial_coverage"))


SUITES: Mapping[str, Suite] = MappingProxyType(
    {
        "standard": Suite("", READY, tuple(_MODELS)),
        "unequal-lists": Suite("lists of unequal size", _four("unequal_lists"), _OF_THE_RANGE),
        "three-lists": Suite("three lists", _four("three_lists"), (*_IN_SUITES, _PUBLISHED)),
        "five-lists": Suite("five lists", _four("five_lists"), (*_IN_SUITES, _PUBLISHED)),
        "six-lists": Suite("six lists", ("six_lists_independent", "six_lists_two_classes"), _IN_SUITES),
        "sparse-and-linkage": Suite(
            "sparse tables and linkage errors", ("sparse", "missed_matches", "false_matches"), (*_IN_SUITES, _PUBLISHED)
        ),
        "doubly-robust": Suite(
            "covariates, doubly robust",
            (
                "covariates_additive",
                "covariates_interacting",
                "covariates_many_places",
                "covariates_thin",
                "covariates_hidden",
            ),
            tuple(_WITH_COVARIATES),
            40,
        ),
    }
)
"""The suites by name; each has its page."""


def standard_scenarios(suite: str = "standard") -> dict[str, Scenario]:
    """The scenarios of a suite, by name.

    Parameters
    ----------
    suite : str
        Name of the suite.

    Examples
    --------
    >>> len(standard_scenarios())
    5
    """
    return {name: load_scenario(name) for name in SUITES[suite].scenarios}


def standard_models(suite: str = "standard") -> dict[str, Model]:
    """The models of a suite, by the label of their row.

    Parameters
    ----------
    suite : str
        Name of the suite.

    Examples
    --------
    >>> standard_models()["Two lists, A and B"].name
    'chapman'
    """
    known = {**_MODELS, **_WITH_COVARIATES}
    return {label: make_model(*known[label]) for label in SUITES[suite].models}
