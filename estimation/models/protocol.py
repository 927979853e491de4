"""What every model is: a frozen dataclass whose fields are its assumptions, with one verb, `fit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from estimation.capture.frequencies import CaptureFrequencies
from estimation.capture.groups import about_groups, groups_of_lists
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.prior_and_posterior import PRIOR_AND_POSTERIOR, beside_its_prior
from estimation.provenance import Provenance, Setting, package_version, seed_of
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result, ResultTable
from estimation.results.goodness_of_fit import GoodnessOfFit, PredictiveFit
from estimation.results.totals import Draws, Grid, Point
from estimation.work.progress import Progress, silent

__all__ = [
    "CLOSED_POPULATION",
    "PRIOR_ON_N",
    "SAME_PROBABILITIES",
    "Choosing",
    "Lighter",
    "Model",
    "check_settings",
    "estimate",
    "has_target",
    "lighter_of",
    "no_overlap",
    "not_estimable",
    "provenance_of",
    "settings_of",
    "settings_of_numbers",
    "too_small",
    "unusable_lists",
]

CLOSED_POPULATION = (
    "The population is closed, nobody is counted twice, and the same person is recognised on every list."
)
"""The assumption of every model: a closed population, and lists linked without error."""

PRIOR_ON_N = "Every order of magnitude of N is equally plausible before the table is seen (prior proportional to 1/N)."
"""The assumption of the models with p(N) proportional to 1/N."""

SAME_PROBABILITIES = "Apart from that, every person has the same probability of being on each list."
"""The assumption of the models without heterogeneity."""


@runtime_checkable
class Model(Protocol):
    """A way to estimate N; an instance holds assumptions only."""

    @property
    def name(self) -> str:
        """As on the command line and in a study file, for example ``"decomposable"``."""
        ...

    @property
    def title(self) -> str:
        """For a reader, for example ``"Decomposable graphs"``."""
        ...

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Sentences; the first is the identifying assumption: what makes N estimable at all."""
        ...

    def why_not(self, table: CaptureTable) -> str | None:
        """Why the model cannot be fitted to this table and what could be done, or None where it can.

        Parameters
        ----------
        table : CaptureTable
            Who was seen by which lists.
        """
        ...

    def fit(
        self, table: CaptureTable, *, rng: np.random.Generator, workers: int = 1, progress: Progress = silent
    ) -> Result:
        """Estimate N.

        Parameters
        ----------
        table : CaptureTable
            Who was seen by which lists.
        rng : numpy.random.Generator
            The only source of randomness; parts use ``Generator.spawn``.  Packaged models also take a seed
            (a whole number) or a ``SeedSequence``, as Scientific Python SPEC 7 says.
        workers : int
            Threads to use at most.  Changes how long it takes, never the result.
        progress : callable
            Receives the share done, from 0 to 1, a few times a second; changes no number.  A fit of milliseconds need
            not report, and none must reach 1: a second attempt that is not needed leaves room.  What it raises, for
            example ``KeyboardInterrupt``, ends the fit.

        Returns
        -------
        Estimate or NotEstimable
        """
        ...


@runtime_checkable
class Lighter(Protocol):
    """A model that can do with less computation where a question asks for a difference, and in simulation.

    Less is a smaller target of the effective sample size of N, its setting ``effective``, by which a finding says that
    its alternatives had a smaller one; or no simulated tables by which the fit to the lists is checked, its setting
    ``fit_check``, which changes no number.
    """

    def lighter(self) -> Model:
        """The same model with less computation."""
        ...


def lighter_of(model: Model) -> Model:
    """The lighter form of a model that has one, else the model itself.

    Examples
    --------
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> from estimation.models.latent_class.gibbs import LatentClass
    >>> lighter_of(ChaoLowerBound()), lighter_of(LatentClass()).effective
    (ChaoLowerBound(bias_corrected=False), 400)
    """
    return model.lighter() if isinstance(model, Lighter) else model


def has_target(model: Model) -> bool:
    """Whether a model computes until N has an effective sample size (``effective``), which takes seconds a fit.

    Examples
    --------
    >>> from estimation.models.graphs.decomposable import DecomposableGraphs
    >>> from estimation.models.latent_class.gibbs import LatentClass
    >>> has_target(DecomposableGraphs()), has_target(LatentClass())
    (False, True)
    """
    inner = getattr(model, "model", None)  # of a model around a model
    return hasattr(model, "effective") or (isinstance(inner, Model) and has_target(inner))


@runtime_checkable
class Choosing(Protocol):
    """A model that first chooses on the table: one of many models, or how much each of them counts."""

    def fixed_on(self, table: CaptureTable) -> Model:
        """What is chosen on this table as a model of its own, which other tables can be given without choosing anew.

        Its interval is conditional on the choice.  A table that cannot carry the model gives the model itself.

        Parameters
        ----------
        table : CaptureTable
            Who was seen by which lists.
        """
        ...


def check_settings(model: str, problems: Sequence[str]) -> None:
    """Raise everything that is wrong with a model's settings at once, with the prefix that all models share.

    Raises
    ------
    SettingError
        When there is a problem.

    Examples
    --------
    >>> check_settings("chao", [])
    >>> check_settings("chao", ["draws = 5; at least 100 are needed"])
    Traceback (most recent call last):
        ...
    estimation.errors.SettingError: model chao: draws = 5; at least 100 are needed
    """
    if problems:
        raise SettingError(f"model {model}", problems)


def too_small(settings: object, least: Mapping[str, int]) -> list[str]:
    """What is wrong with settings that must be whole numbers, by name with the least value of each.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> too_small(SimpleNamespace(chains=1, draws=4000), {"chains": 2, "draws": 100})
    ['chains = 1; it must be a whole number, 2 or more']
    """
    values = {name: getattr(settings, name) for name in least}
    return [
        f"{name} = {value!r}; it must be a whole number, {least[name]} or more"
        for name, value in values.items()
        if isinstance(value, bool) or not isinstance(value, int) or value < least[name]
    ]


def no_overlap(table: CaptureTable) -> str | None:
    """Why a table in which nobody is on more than one list carries no model that needs overlap, or None.

    Examples
    --------
    >>> print(no_overlap(CaptureTable(["A", "B"], [[1, 0], [0, 1]], [5, 3])))
    nobody is on more than one list; without overlap the lists set no upper limit to the number of people, so check \
    how they were linked, or add a list that overlaps
    """
    if table.frequencies[1:].sum() > 0:
        return None
    return (
        "nobody is on more than one list; without overlap the lists set no upper limit to the number of people, so "
        "check how they were linked, or add a list that overlaps"
    )


_TINY = 10
"""Two lists may hold the same people where these are no more than one in so many."""


def unusable_lists(table: CaptureTable, *, minimum: int, maximum: int | None = None) -> str | None:
    """Why no model can be fitted to a table: too few or too many lists, a list nobody is on or given twice; or None.

    Examples
    --------
    >>> print(unusable_lists(CaptureTable(["A"], [[1]], [5]), minimum=2))
    it needs at least 2 lists and the table has 1 (A); without overlap nothing is known of those on no list
    """
    if isinstance(table, CaptureFrequencies):
        return (
            "the table says how often people were captured and not by which lists; it needs a table with a column for "
            "each list"
        )
    n_lists = len(table.lists)
    if n_lists < minimum:
        instead = (
            "use a model that needs fewer, or add a list"
            if n_lists > 1
            else "without overlap nothing is known of those on no list"
        )
        return f"it needs at least {minimum} lists and the table has {n_lists} ({', '.join(table.lists)}); {instead}"
    if maximum is not None and n_lists > maximum:
        return f"it takes at most {maximum} lists and the table has {n_lists}; merge or drop lists first"
    sizes = table.list_sizes
    empty = [name for name, size in zip(table.lists, sizes.tolist(), strict=True) if size == 0]
    if empty:
        return f"nobody is on {' or '.join(empty)}; a list without people carries no information, so drop it first"
    for i in range(0 if table.allow_twins else n_lists):
        for j in range(i):
            if (table.patterns[:, i] == table.patterns[:, j]).all() and sizes[i] * _TINY > table.n_observed:
                return (
                    f"{table.lists[j]} and {table.lists[i]} name exactly the same people; one list given twice is "
                    "not two sources, so drop one of them, or allow twins where they are two"
                )
    return None


def _plain(value: object) -> Setting:
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    if isinstance(value, tuple | list):
        return tuple(_plain(part) for part in value)
    return str(value)


def settings_of(model: object) -> tuple[tuple[str, Setting], ...]:
    """The fields of a model as plain values, in the order of their names."""
    if not is_dataclass(model):
        raise TypeError(f"{type(model).__name__} is not a dataclass; a model's fields are its assumptions")
    values: Mapping[str, object] = {f.name: getattr(model, f.name) for f in fields(model)}
    return tuple((name, _plain(values[name])) for name in sorted(values))


def settings_of_numbers(model: object) -> tuple[tuple[str, Setting], ...]:
    """The settings of a model that can change a number: all but whether its fit to the lists is checked.

    Examples
    --------
    >>> from estimation.models.log_linear.one_model import LogLinear
    >>> settings_of_numbers(LogLinear())
    (('model', None),)
    """
    return tuple((name, value) for name, value in settings_of(model) if name != "fit_check")


def provenance_of(model: object, table: CaptureTable, rng: np.random.Generator) -> Provenance:
    """The table, the package version, the seed and the settings that make a number."""
    return Provenance(table.sha256, package_version(), seed_of(rng), settings_of(model))


def estimate(
    model: Model,
    table: CaptureTable,
    rng: np.random.Generator,
    total: Draws | Grid | Point,
    *,
    diagnostics: Diagnostics | None = None,
    notes: tuple[str, ...] = (),
    tables: tuple[ResultTable, ...] = (),
    fit: GoodnessOfFit | None = None,
    is_lower_bound: bool = False,
) -> Estimate:
    """The `Estimate` of a model on a table, with the model's name, title and assumptions, and its provenance.

    Parameters
    ----------
    model : Model
        What was fitted.
    table : CaptureTable
        What it was fitted to.
    rng : numpy.random.Generator
        The generator of the fit, used or not: its seed is recorded.
    total : Draws, Grid or Point
        What is known about N.  Unit: persons.
    diagnostics : Diagnostics, optional
        Did the computation work; nothing to check for a closed form.
    notes, tables, fit
        As in `Estimate`.  A warning is added where groups of lists share nobody, and what the prior of a Bayesian model
        says of N before the lists, unless it is among them (`estimation.models.prior_and_posterior`).
    is_lower_bound : bool
        Whether the number bounds N from below.
    """
    has_prior = any(found.title == PRIOR_AND_POSTERIOR for found in tables)
    prior_notes, prior_tables = ((), ()) if has_prior else beside_its_prior(model, table, total, rng)
    return Estimate(
        total=total,
        n_observed=table.n_observed,
        model=model.name,
        title=model.title,
        assumptions=model.assumptions,
        diagnostics=Diagnostics() if diagnostics is None else diagnostics,
        provenance=provenance_of(model, table, rng),
        is_lower_bound=is_lower_bound,
        notes=(*_disconnected(table, is_lower_bound), *notes, *prior_notes),
        tables=(*tables, *prior_tables),
        fit=fit.without_cells if isinstance(fit, PredictiveFit) else fit,
        predicted=fit.cells if isinstance(fit, PredictiveFit) else None,
    )


def _disconnected(table: CaptureTable, is_lower_bound: bool) -> tuple[str, ...]:
    """The warning of every model where groups of lists share nobody."""
    no_bound = " Where the groups record different people, the total can be below this lower bound."
    return tuple(
        f"Warning, disconnected lists: {sentence} How one depends on the other is the model's assumption alone."
        f"{no_bound if is_lower_bound else ''}"
        for sentence in about_groups(groups_of_lists(table.lists, table.overlaps))
    )


def not_estimable(
    model: Model,
    table: CaptureTable,
    rng: np.random.Generator,
    reason: str,
    *,
    diagnostics: Diagnostics | None = None,
    evidence: Draws | None = None,
    tables: tuple[ResultTable, ...] = (),
) -> NotEstimable:
    """A `NotEstimable` for a table that cannot carry the model, or a computation that failed its checks.

    Parameters
    ----------
    model, table, rng
        As in `estimate`.
    reason : str
        What stands in the way and what could be done.
    diagnostics, evidence, tables
        As in `NotEstimable`.
    """
    return NotEstimable(
        n_observed=table.n_observed,
        model=model.name,
        title=model.title,
        reason=reason,
        assumptions=model.assumptions,
        provenance=provenance_of(model, table, rng),
        diagnostics=Diagnostics() if diagnostics is None else diagnostics,
        evidence=evidence,
        tables=tables,
    )
