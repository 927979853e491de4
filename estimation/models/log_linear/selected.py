"""The best of many log-linear models by AIC or BIC.

Likelihood: as in `estimation.models.log_linear.one_model`, for each hierarchical model with main effects but the
saturated one.
Identifying assumption: the model with the best score holds; none of them has an interaction of all lists.

Up to five lists every model is scored (8, 113 and 6,893 of them on 3, 4 and 5 lists; of pairs only 8, 64 and 1,024).
With more lists the search starts from main effects and scores the neighbours, one interaction more or less, of the best
100 models so far, until no new one comes among them; it may miss the best.  A model whose estimate does not exist or is
not identifiable is left out.

With heterogeneity, the models with interactions of two lists only are there a second time with each of the forms of
heterogeneity that are chosen (see `estimation.models.log_linear.terms.heterogeneity_sets`): a form of heterogeneity
stands for the interactions of three lists and more, which it makes by itself.

Scores count every term of a model, those whose coefficient is minus infinity included (see
`estimation.models.log_linear.family`).

The interval repeats the selection in each resample of the people observed (see
`estimation.models.log_linear.selection_bootstrap`), among the best few hundred models on the table.  The conditional
one, by profile likelihood under the selected model, is too narrow.

References
----------
Schwarz (1978), Annals of Statistics 6:461-464; Akaike (1973); Rivest, Baillargeon (2007), Biometrics 63:999-1006, for
heterogeneity; Silverman, Chan, Vincent (2024), Statistics and Computing 34:44, for the interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import ClassVar, Literal, TypeAlias, get_args

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable
from estimation.models.log_linear.best_model import choose_best
from estimation.models.log_linear.convergence import family_check
from estimation.models.log_linear.family import Criterion, Family, criterion_name, fit_family, why_not
from estimation.models.log_linear.heterogeneity_designs import Shape
from estimation.models.log_linear.one_model import LogLinear, fit_of, model_notes, profile_point
from estimation.models.log_linear.poisson_fit import PoissonFits
from estimation.models.log_linear.selection_bootstrap import (
    IntervalBy,
    bootstrap_problems,
    choice_assumption,
    chosen_point,
)
from estimation.models.log_linear.terms import (
    MAX_ENUMERATED,
    format_model,
    generators_of,
    heterogeneity_sets,
    hierarchical_models,
    lists_of,
    main_effects,
    pair_models,
    with_heterogeneity,
)
from estimation.models.predictive.fit_checked import FitChecked
from estimation.models.protocol import (
    CLOSED_POPULATION,
    SAME_PROBABILITIES,
    Choosing,
    Model,
    check_settings,
    estimate,
    not_estimable,
    unusable_lists,
)
from estimation.results.estimates import Result, ResultTable
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = [
    "MAX_LISTS_SEARCHED",
    "SHAPES",
    "Among",
    "LogLinearSelect",
    "best_models_table",
    "explore",
    "families_named",
    "person_assumption",
    "search_notes",
    "setting_problems",
    "why_not_search",
]

Among: TypeAlias = Literal["hierarchical", "pairs", "with heterogeneity"]

SHAPES: tuple[Shape, ...] = ("Poisson2", "Darroch", "Gamma3.5")
"""The forms of heterogeneity that join by default; Chao's gives a lower bound, which is no estimate to average."""

MAX_LISTS_SEARCHED = 8
"""With 8 lists a step of the search fits up to a hundred models of up to 255 cells."""

_MOST_ROWS = 10
_FRONT = 100
"""Following only the best model misses the best of all on a fifth of the published tables of 4 and 5 lists."""


def setting_problems(criterion: str, family: str, shapes: Sequence[str]) -> list[str]:
    """What is wrong with the three settings, one sentence each."""
    problems = []
    if criterion not in get_args(Criterion):
        problems.append(f"criterion = {criterion!r}; choose from {', '.join(get_args(Criterion))}")
    if family not in get_args(Among):
        problems.append(f"family = {family!r}; choose from {', '.join(get_args(Among))}")
    unknown = [shape for shape in shapes if shape not in get_args(Shape)]
    if unknown or not shapes:
        problems.append(f"shapes = {', '.join(unknown) or 'none'}; choose from {', '.join(get_args(Shape))}")
    return problems


def families_named(family: Among) -> str:
    """The models of a family, in words for an assumption."""
    return {
        "hierarchical": "hierarchical log-linear models",
        "pairs": "log-linear models with pairs",
        "with heterogeneity": "hierarchical log-linear models, those with pairs also with a form of heterogeneity",
    }[family]


def person_assumption(family: Among, shapes: Sequence[Shape]) -> str:
    """What a family assumes about how people differ, as a sentence."""
    if family != "with heterogeneity":
        return SAME_PROBABILITIES
    return (
        "Where people differ in how easily they are recorded, they do so by one of these forms, which no data can show "
        f"for those on no list: {', '.join(shapes)}."
    )


def _neighbours(terms: BoolArray, among: Among, sets: BoolArray) -> list[BoolArray]:
    """The models with one interaction more or one fewer, or another of the sets of columns of heterogeneity."""
    n_lists = lists_of(terms)
    largest = (1 << n_lists) - 1
    found = []
    is_wide, only_pairs = terms[1 << n_lists :].any(), all(t.bit_count() < 3 for t in generators_of(terms))
    if among == "with heterogeneity" and only_pairs:
        found += [np.concatenate([terms[: 1 << n_lists], columns]) for columns in sets]
    for t in range(1, largest):
        if t.bit_count() < 2 or ((among == "pairs" or is_wide) and t.bit_count() > 2):
            continue
        inside = all(terms[t & ~(1 << j)] for j in range(n_lists) if t >> j & 1)
        if (not terms[t] and inside) or (terms[t] and t in generators_of(terms)):
            other = terms.copy()
            other[t] = not other[t]
            found.append(other)
    return found


def _joined(first: Family, second: Family) -> Family:
    """The models of both."""
    parts = ((getattr(first.fits, f.name), getattr(second.fits, f.name)) for f in fields(PoissonFits))
    return Family(
        models=np.concatenate([first.models, second.models]),
        columns=np.concatenate([first.columns, second.columns]),
        retained=np.concatenate([first.retained, second.retained]),
        fits=PoissonFits(*(np.concatenate(pair) for pair in parts)),
        codes=np.concatenate([first.codes, second.codes]),
        n_observed=first.n_observed,
    )


def _search(table: CaptureTable, criterion: Criterion, among: Among, shapes: Sequence[Shape]) -> Family:
    """Every model scored on the way from main effects until all neighbours of the best `_FRONT` have been scored."""
    sets = heterogeneity_sets(len(table.lists), shapes)
    start = main_effects(len(table.lists))[None, :]
    family = fit_family(table, with_heterogeneity(start, shapes) if among == "with heterogeneity" else start)
    scored = {model.tobytes() for model in family.models}
    left: set[int] = set()
    while True:
        score = family.score(criterion)
        front = np.argsort(score, kind="stable")[:_FRONT]
        going = [k for k in front.tolist() if np.isfinite(score[k]) and k not in left]
        if not going:
            return family
        left.update(going)
        near = {model.tobytes(): model for k in going for model in _neighbours(family.models[k], among, sets)}
        new = [model for key, model in near.items() if key not in scored]
        if new:
            scored.update(near)
            family = _joined(family, fit_family(table, np.array(new)))


def explore(table: CaptureTable, criterion: Criterion, among: Among, shapes: Sequence[Shape] = SHAPES) -> Family:
    """All models of a family fitted to a table, or above five lists those met on a search by the criterion.

    The forms of heterogeneity matter to the family with heterogeneity only; two lists carry none.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 30, "001": 20, "110": 26, "011": 4})
    >>> len(explore(table, "bic", "hierarchical"))
    8
    """
    n_lists = len(table.lists)
    if n_lists > MAX_ENUMERATED:
        return _search(table, criterion, among, shapes)
    return fit_family(table, _enumerated(n_lists, among, shapes))


def _enumerated(n_lists: int, among: Among, shapes: Sequence[Shape]) -> BoolArray:
    """All models of a family, fewest terms first, those with heterogeneity after the others."""
    if among == "pairs":
        return pair_models(n_lists)
    models = hierarchical_models(n_lists)
    if among == "hierarchical":
        return models
    plain = with_heterogeneity(models, ())
    pairs = with_heterogeneity(pair_models(n_lists), shapes)
    return np.concatenate([plain, pairs[pairs[:, 1 << n_lists :].any(axis=1)]])


def best_models_table(family: Family, table: CaptureTable, criterion: Criterion) -> ResultTable:
    """The best models of a family, with their weights."""
    score, weights, total = family.score(criterion), family.weights(criterion), family.total
    order = np.argsort(score, kind="stable")[: min(_MOST_ROWS, int(family.usable.sum()))]
    rows = tuple(
        (
            format_model(family.models[k], table.lists),
            float(total[k]),
            float(family.fits.standard_error[k]),
            max(float(family.fits.deviance[k]), 0.0),
            float(score[k]),
            float(weights[k]),
        )
        for k in order.tolist()
    )
    name = criterion_name(criterion)
    return ResultTable(
        f"The best models by {name}, of {int(family.usable.sum()):,} that give an estimate",
        ("model", "N (persons)", "standard error (persons)", "deviance", name, "weight"),
        rows,
    )


def search_notes(family: Family, table: CaptureTable) -> tuple[str, ...]:
    """Notes on the search: models not scored, and models without an estimate."""
    notes = []
    if len(table.lists) > MAX_ENUMERATED:
        notes.append(
            f"With {len(table.lists)} lists there are too many models to score all of them: the search scored "
            f"{len(family):,}, until no change of one interaction in any of the best {_FRONT} led to a better one."
        )
    missing = len(family) - int(family.usable.sum())
    if missing:
        notes.append(
            f"{missing:,} of the {len(family):,} models are left out, because on this table their estimate does not "
            f"exist or is not identified{_negative(family)}."
        )
    return tuple(notes)


def _negative(family: Family) -> str:
    return (
        ", or their heterogeneity would be negative" if family.models[:, 1 << lists_of(family.models) :].any() else ""
    )


def why_not_search(table: CaptureTable) -> str | None:
    """Why the models cannot be searched on this table, or None; main effects must give an estimate."""
    shared = unusable_lists(table, minimum=2, maximum=MAX_LISTS_SEARCHED)
    if shared is not None:
        return shared
    family = fit_family(table, main_effects(len(table.lists))[None, :])
    return None if family.usable[0] else why_not(family, table)


@dataclass(frozen=True, slots=True)
class LogLinearSelect(FitChecked):
    """The number of people under the best of many log-linear models by BIC or AIC (Silverman et al. 2024).

    The selected model holds, and it has no interaction of all lists (the identifying assumption).

    Parameters
    ----------
    criterion : {"bic", "aic", "bic-of-cells"}
        The criterion of selection.
    family : {"hierarchical", "pairs", "with heterogeneity"}
        All hierarchical models; only those with interactions of two lists; or all hierarchical models, and again those
        with interactions of two lists with each form of heterogeneity.
    interval : {"bca", "percentile", "conditional"}
        With the selection repeated in each resample, by bias-corrected and accelerated limits (as published) or by
        percentiles; or conditional on the selected model, which is too narrow.
    resamples, most_resamples : int
        Number of bootstrap resamples at first, and at most (`estimation.models.sampled_limits`).
    candidates : int
        Number of models that each resample selects from: the best ones on the table.  On 4 lists the default is all
        113 without heterogeneity.
    shapes : tuple of str
        The forms of heterogeneity that join the family with heterogeneity (no other): ``Poisson2``, ``Darroch``,
        ``Gamma3.5``, ``Gamma2.5``, and ``Chao``, which gives a lower bound.
    fit_check : bool
        Whether the fit to the lists is checked by simulated tables, which changes none of the numbers.

    Raises
    ------
    SettingError
        When a setting is not one of those named, resamples are too few, or there is less than one candidate.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 30, "001": 20, "110": 26, "011": 4})
    >>> print(LogLinearSelect(interval="conditional").fit(table, rng=1))
    about 180 people (95 % confidence interval 149 to 226); 120 observed
    >>> print(LogLinearSelect().fit(table, rng=1))
    about 180 people (95 % confidence interval 126 to 346); 120 observed
    """

    name: ClassVar[str] = "log-linear-select"
    title: ClassVar[str] = "Log-linear, selected model"

    criterion: Criterion = "bic"
    family: Among = "hierarchical"
    interval: IntervalBy = "bca"
    resamples: int = 1000
    candidates: int = 200
    shapes: tuple[Shape, ...] = SHAPES
    most_resamples: int = 40_000

    def __post_init__(self) -> None:
        problems = setting_problems(self.criterion, self.family, self.shapes)
        problems += bootstrap_problems(self.interval, self.resamples)
        if self.candidates < 1:
            problems.append(f"candidates = {self.candidates}; each resample needs at least one model to select")
        check_settings(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        return (
            f"The dependence between the lists is the one of all {families_named(self.family)} with the best "
            f"{criterion_name(self.criterion)}; in particular, there is no interaction of all lists.",
            person_assumption(self.family, self.shapes),
            CLOSED_POPULATION,
            choice_assumption(self.interval),
        )

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        return why_not_search(table)

    @described_by(Choosing.fixed_on)
    def fixed_on(self, table: CaptureTable) -> Model:
        """The model selected on this table, or with heterogeneity this one, which selects anew on each."""
        if self.family == "with heterogeneity" or self.why_not(table) is not None:
            return self
        family = explore(table, self.criterion, self.family)
        return LogLinear(format_model(family.models[int(np.argmin(family.score(self.criterion)))], table.lists))

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Estimate N under the best model; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        family = explore(table, self.criterion, self.family, self.shapes)
        order = np.argsort(family.score(self.criterion), kind="stable")
        best, candidates = int(order[0]), family.models[order[: self.candidates]]
        choose = partial(choose_best, models=candidates, criterion=self.criterion)
        check_rng = rng.spawn(1)[0] if self.fit_check else None
        found = chosen_point(
            table,
            profile_point(family, table, best),
            choose,
            converged=family_check(family, table, np.arange(len(family)) == best),
            by=self.interval,
            resamples=self.resamples,
            most_resamples=self.most_resamples,
            rng=rng,
            workers=workers,
            progress=progress,
        )
        if isinstance(found, str):
            return not_estimable(self, table, rng, found)
        check = fit_of(family, table, best, rng=check_rng, choose=lambda tables: choose(tables)[0])
        among = f" Each resample selects from the best {self.candidates} on the table." if found.tables else ""
        return estimate(
            self,
            table,
            rng,
            found.point,
            diagnostics=found.diagnostics,
            notes=(
                f"{criterion_name(self.criterion)} selects {format_model(family.models[best], table.lists)}. "
                + found.note
                + (among if len(candidates) < len(family) else ""),
                *search_notes(family, table),
                *model_notes(family, table, best),
            ),
            tables=(best_models_table(family, table, self.criterion), *found.tables, *check.tables),
            fit=check.fit,
        )
