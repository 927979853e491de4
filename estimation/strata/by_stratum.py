"""A model on each stratum, and the total of all of them.

The identifying assumption is the model's own, within each stratum: lists may be dependent, or people differ, from one
stratum to the next, and a total over strata is then right where one estimate of all people together is not.  Each
stratum has fewer people, so that more of them cannot carry the model; a total without these would be too low and is
not given.  A model over strata (`estimation.strata.protocol`) answers for all of them at once, so that sparse strata
borrow from the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from estimation.capture.stratified import Strata, StratifiedTable, Stratum, called, missing_problem
from estimation.capture.stratified_parts import people_of_strata
from estimation.errors import SettingError, TableError
from estimation.frames import frame_of, html_table
from estimation.models.named_labels import covariates_of
from estimation.models.protocol import Model, lighter_of, not_estimable
from estimation.results.estimates import RESULT_COLUMNS, Estimate, NotEstimable, Result, result_row
from estimation.results.pool import pool
from estimation.results.rounding import persons
from estimation.results.totals import Point
from estimation.strata.joint_labels import check_joint, drawn_jointly, with_checks
from estimation.strata.label_cells import LabelCells
from estimation.strata.missing_labels import Imputed, ImputedBy, imputed
from estimation.strata.protocol import PoolsStrata
from estimation.strata.totals import total
from estimation.text.counted import counted
from estimation.work.progress import Progress, part, silent
from estimation.work.seeds import RandomState, generator_for, generator_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MISSING", "Missing", "StratumResults", "estimate_by", "missing_key_problem", "total"]

_BESIDE = 0.95
"""Share of the work after which only the numbers that stand beside are left."""

Missing: TypeAlias = Literal["refuse", "complete", "impute", "joint"]
MISSING: tuple[Missing, ...] = ("refuse", "complete", "impute", "joint")
"""What becomes of people whose label is missing; see `estimate_by`."""


@dataclass(frozen=True, slots=True, repr=False)
class StratumResults:
    """What a model answers for each stratum, and for all of them together.

    Parameters
    ----------
    labels : tuple of str
        Names of the labels that make a stratum.
    results : mapping of Stratum to Estimate or NotEstimable
        Each stratum's own.
    lists : mapping of Stratum to tuple of str
        The lists that each stratum used; where labels were imputed, those of the first imputation.
    left_out : mapping of Stratum to mapping of str to str
        The lists that a stratum did not use, and why.
    total : Estimate or NotEstimable
        For all strata together.
    notes : tuple of str
        What became of people whose labels are missing.
    complete_cases : Estimate or NotEstimable, optional
        The total of the people whose labels are known, by the same model, where labels were drawn.
    """

    labels: tuple[str, ...]
    results: Mapping[Stratum, Result]
    lists: Mapping[Stratum, tuple[str, ...]]
    left_out: Mapping[Stratum, Mapping[str, str]]
    total: Result
    notes: tuple[str, ...] = ()
    complete_cases: Result | None = None

    def to_frame(self) -> pd.DataFrame:
        """A row for each stratum, and one without labels for the total: the columns of `mse.compare`, and the lists."""
        rows = [
            dict(zip(self.labels, stratum, strict=True))
            | result_row(result)
            | {"lists": ", ".join(self.lists[stratum])}
            for stratum, result in self.results.items()
        ]
        rows.append(dict.fromkeys(self.labels) | result_row(self.total) | {"lists": None})
        return frame_of(rows, {**dict.fromkeys(self.labels, str), **RESULT_COLUMNS, "lists": str})

    def __str__(self) -> str:
        return f"{counted(len(self.results), 'stratum', 'strata')} by {', '.join(self.labels)}; total: {self.total}"

    def __repr__(self) -> str:
        return f"<StratumResults: {self}>"

    def _repr_html_(self) -> str:
        rows = [[*stratum, *_cells(result)] for stratum, result in self.results.items()]
        rows.append(["all", *[""] * (len(self.labels) - 1), *_cells(self.total)])
        headings = [*self.labels, "on a list (persons)", "N (persons)", "95 % interval, or why there is no number"]
        return html_table(str(self), headings, rows, right=[len(self.labels), len(self.labels) + 1])


def _cells(result: Result) -> list[str]:
    observed = f"{result.n_observed:,}"
    if isinstance(result, NotEstimable):
        return [observed, "", result.reason]
    return [observed, persons(result.median), str(result.interval())]


def estimate_by(
    table: StratifiedTable,
    by: Sequence[str],
    model: Model | PoolsStrata,
    *,
    rng: RandomState,
    missing: Missing = "refuse",
    imputations: int = 20,
    imputed_by: ImputedBy = "hot deck",
    least: int = 1,
    workers: int = 1,
    progress: Progress = silent,
) -> StratumResults:
    """A model fitted to each stratum, and the total.

    Parameters
    ----------
    table : StratifiedTable
        Who was seen by which lists, with labels.
    by : sequence of str
        The labels whose values make a stratum.
    model : Model or PoolsStrata
        Fitted to each stratum, or to all at once.  For the second a list with nobody in a stratum stays in its table,
        where it counts as data, unless ``least`` is above 1.
    rng : int, SeedSequence or Generator
        The only source of randomness; each stratum has numbers of its own, whatever the others are.
    missing : {"refuse", "complete", "impute", "joint"}
        What becomes of people whose label is missing.  ``"refuse"``: there is no answer where somebody's is.
        ``"complete"``: they are left out, which is right only where labels are missing at random and N of those with
        labels is asked for.  ``"impute"``: their labels are drawn so many times from people with the same capture
        history (`estimation.strata.missing_labels`), and the answers are pooled (`estimation.results.pool`): all draws
        stacked, or for classical estimates Rubin's rule on log n_0.  ``"joint"``: they are drawn with the numbers of
        all strata, by the models of these (`estimation.strata.joint_labels`), for Bayesian models.  Beside both stands
        what the people whose labels are known alone would give.
    imputations : int
        Times that missing labels are imputed (at least 2).
    imputed_by : {"hot deck", "model"}
        From people with the same capture history, or by a model of the labels given the lists; see
        `estimation.strata.missing_labels.imputed`.
    least : int
        People of a stratum that a list must have to be in its table.  Unit: persons.
    workers : int
        Threads; changes no number.
    progress : Progress
        Receives each stratum.

    Raises
    ------
    SettingError
        For an unknown ``missing``, fewer than two imputations, or a model whose labels cannot be drawn jointly.
    TableError
        When the table has no labels, a name is none, or a label is missing and ``missing`` is ``"refuse"``.

    Examples
    --------
    >>> from estimation.models.classical.two_lists import Chapman
    >>> rows, sexes = [[1, 0], [0, 1], [1, 1]] * 2, ["f"] * 3 + ["m"] * 3
    >>> table = StratifiedTable(["a", "b"], rows, {"sex": sexes}, [50, 40, 20, 30, 30, 30])
    >>> found = estimate_by(table, ["sex"], Chapman(lists=("a", "b")), rng=1)
    >>> round(found.results[("f",)].median), round(found.results[("m",)].median), round(found.total.median)
    (205, 119, 324)
    """
    _check_settings(missing, imputations)
    if not isinstance(table, StratifiedTable):  # what mse.read_table gives where no labels are named
        raise TableError("table", [f"it has no labels; read it with mse.read_table(FILE, strata={list(by)})"])
    generator = generator_of(rng)
    seed = int(generator.integers(2**63))
    if missing in ("impute", "joint") and table.missing(by):
        if missing == "joint":
            check_joint(model, least)
        light = model if isinstance(model, PoolsStrata) else lighter_of(model)
        most, beside = part(progress, 0.0, _BESIDE), part(progress, _BESIDE, 1.0)
        if missing == "joint" and not isinstance(model, PoolsStrata):
            found = _jointly(table, by, model, seed, workers, most)
        else:
            # All imputations together have many times the draws of one fit, so that each does with less computation.
            found = _over_imputations(table, by, light, seed, imputations, imputed_by, least, workers, most)
        return _beside_complete_cases(found, table, by, light, seed, least, workers, beside)
    given, notes = table, tuple[str, ...]()
    if missing == "complete":
        given = table.complete(by)
        gone = table.n_observed - given.n_observed
        left = f"{counted(gone, 'person', 'people')} whose {' or '.join(by)} is missing"
        notes = (f"{left} {'was' if gone == 1 else 'were'} left out.",) if gone else ()
    found = _answered(given, by, model, seed, least, workers, progress)
    return replace(found, notes=(*notes, *found.notes))


def _least_for(model: Model | PoolsStrata, least: int) -> int:
    """People without whom a list leaves a stratum's table; a model over strata takes a list with nobody as data."""
    return 0 if isinstance(model, PoolsStrata) and least <= 1 else least


def _answered(
    table: StratifiedTable,
    by: Sequence[str],
    model: Model | PoolsStrata,
    seed: int,
    least: int,
    workers: int,
    progress: Progress,
    *words: int,
) -> StratumResults:
    """The answer for each stratum and the total."""
    strata = table.by(by, least=_least_for(model, least))
    if isinstance(model, PoolsStrata):
        return model.fit(strata, rng=generator_for(seed, "strata", *words), workers=workers, progress=progress)
    people = people_of_strata(table, strata) if covariates_of(model) else None
    results = _fit_each(strata, model, seed, workers, progress, *words, people=people)
    found = total(results, strata.labels, rng=generator_for(seed, "total", *words))
    return StratumResults(strata.labels, results, _lists(strata), strata.left_out, found)


def _beside_complete_cases(
    found: StratumResults,
    table: StratifiedTable,
    by: Sequence[str],
    model: Model | PoolsStrata,
    seed: int,
    least: int,
    workers: int,
    progress: Progress,
) -> StratumResults:
    """The answers with what the people whose labels are known alone would give, and how far that is off."""
    known = table.complete(by)
    if not known.n_observed:
        return found
    alone = _answered(known, by, model, seed, least, workers, part(progress, 0, 1, "known labels alone")).total
    gone = f"{counted(table.n_observed - known.n_observed, 'person', 'people')} whose {' or '.join(by)} is missing"
    if isinstance(alone, NotEstimable):
        note = f"Without the {gone} there is no number to compare with."
    else:
        note = f"Without the {gone} the total would be {persons(alone.median)} ({alone.interval()})"
        if isinstance(found.total, Estimate):
            note += f", {persons(abs(found.total.median - alone.median))} "
            note += f"{'fewer' if alone.median < found.total.median else 'more'} than with them"
        note += ": right for those of known labels alone, and no estimate of all people."
    whole = replace(found.total, notes=(*found.total.notes, note)) if isinstance(found.total, Estimate) else found.total
    return replace(found, total=whole, notes=(*found.notes, note), complete_cases=alone)


def _jointly(
    table: StratifiedTable, by: Sequence[str], model: Model, seed: int, workers: int, progress: Progress
) -> StratumResults:
    """The answers with missing labels and the numbers of all strata drawn together."""
    cells = LabelCells.of(table, by)
    sampler = check_joint(model, 1)
    drawn = drawn_jointly(cells, table, model, sampler, seed=seed, workers=workers, progress=progress)
    strata, left_out = cells.strata.tables, cells.strata.left_out
    others = {stratum: each for stratum, each in strata.items() if stratum not in drawn.results}
    alone = _fit_each(Strata(tuple(by), others, left_out), model, seed, workers, silent)
    results = {stratum: drawn.results.get(stratum) or alone[stratum] for stratum in strata}
    # The people of a stratum are a mean over draws, rounded; those of all strata are known.
    added = replace(total(results, by, rng=generator_for(seed, "total")), n_observed=table.n_observed)
    found = with_checks(added, drawn)
    note = (
        f"{' and '.join(by)} of {counted(drawn.people, 'person', 'people')}, where missing, were drawn with the "
        "numbers of all strata, by "
        f"the models of these: {drawn.swept:,} sweeps of each chain."
    )
    return StratumResults(tuple(by), results, _lists(cells.strata), left_out, found, (note,))


def missing_key_problem(table: StratifiedTable, by: Sequence[str]) -> str:
    """That labels are missing, and the keys of a file that say what becomes of people without; empty where none is.

    Parameters
    ----------
    table : StratifiedTable
        The table.
    by : sequence of str
        The labels that make a stratum.
    """
    without = table.missing(by)
    choices = ", ".join(f'missing = "{each}"' for each in MISSING if each != "refuse")
    return f"{missing_problem(without, table.n_observed)}; say so with {choices}" if without else ""


def _check_settings(missing: str, imputations: int) -> None:
    problems = []
    if missing not in MISSING:
        problems.append(f"missing = {missing!r}; it must be one of {', '.join(map(repr, MISSING))}")
    if imputations < 2:
        problems.append(f"imputations = {imputations}; it must be at least 2")
    if problems:
        raise SettingError("strata", problems)


def _lists(strata: Strata) -> dict[Stratum, tuple[str, ...]]:
    return {stratum: table.lists for stratum, table in strata.tables.items()}


def _fit_each(
    strata: Strata,
    model: Model,
    seed: int,
    workers: int,
    progress: Progress,
    *words: int,
    people: Mapping[Stratum, StratifiedTable] | None = None,
) -> dict[Stratum, Result]:
    """The answer for each stratum; ``people`` are its people with all labels, where the model has covariates."""
    results: dict[Stratum, Result] = {}
    for at, stratum in enumerate(strata.tables):
        within = part(progress, at / len(strata.tables), (at + 1) / len(strata.tables), called(strata.labels, stratum))
        within(0.0)
        rng = generator_for(seed, *stratum, *words)
        table, reason = strata.tables[stratum], strata.no_list_left(stratum)
        if reason is not None:
            results[stratum] = not_estimable(model, table, rng, reason)
        else:
            # Who names covariates takes a table with labels.
            given = table if people is None else people[stratum]
            results[stratum] = model.fit(given, rng=rng, workers=workers, progress=within)  # type: ignore[arg-type]
    return results


def _over_imputations(
    table: StratifiedTable,
    by: Sequence[str],
    model: Model | PoolsStrata,
    seed: int,
    imputations: int,
    imputed_by: ImputedBy,
    least: int,
    workers: int,
    progress: Progress,
) -> StratumResults:
    """The answers over imputed labels, pooled."""
    each: list[StratumResults] = []
    for k in range(imputations):
        within = part(progress, k / imputations, (k + 1) / imputations)
        drawn = imputed(table, by, rng=generator_for(seed, "imputation", k), by=imputed_by)
        if not each:
            ways = drawn
        each.append(_answered(drawn.table, by, model, seed, least, workers, within, k))
    pooled = {
        stratum: _pooled([found.results[stratum] for found in each if stratum in found.results], imputations)
        for stratum in dict.fromkeys(stratum for found in each for stratum in found.results)
    }
    lists = {stratum: each[0].lists.get(stratum, ()) for stratum in pooled}
    left_out = {stratum: each[0].left_out.get(stratum, {}) for stratum in pooled}
    whole = _pooled([found.total for found in each], imputations)
    return StratumResults(tuple(by), pooled, lists, left_out, whole, (_ways_note(ways, by),))


_BOUNDS = (
    "each imputation gives a lower bound, and bounds are not pooled; use another model, or leave out people whose "
    "labels are missing (complete)"
)


def _pooled(results: Sequence[Result], imputations: int) -> Result:
    """The answers for one stratum over all imputations, made one."""
    if len(results) < imputations:
        reason = (
            f"nobody is of it in {imputations - len(results)} of {imputations} imputations: so few people are known to "
            "be that there is no table to fit; merge it with a neighbour"
        )
        first = results[0]
        return NotEstimable(first.n_observed, first.model, first.title, reason, first.assumptions, first.provenance)
    bounds = [result for result in results if isinstance(result, Estimate) and result.is_lower_bound]
    if bounds:
        first = bounds[0]
        return NotEstimable(first.n_observed, first.model, first.title, _BOUNDS, first.assumptions, first.provenance)
    classical = any(isinstance(result, Estimate) and isinstance(result.total, Point) for result in results)
    return pool(results, rule="rubin" if classical else "stacked")


def _ways_note(ways: Imputed, by: Sequence[str]) -> str:
    """How the labels were imputed, of how many."""
    if ways.by_model:
        return (
            f"{' and '.join(by)} of {counted(ways.by_model, 'person', 'people')}, where missing, were drawn by a "
            "model of the labels given "
            "the lists, with a main effect of each list."
        )
    ending = ""
    if ways.other_history:
        ending += f", {ways.other_history:,} from people with other histories, since nobody with theirs could be them"
    if ways.without_donor:
        ending += f", {ways.without_donor:,} from all possible values alike, since nobody could be them"
    return (
        f"{' and '.join(by)}, where missing, were drawn from people with the same capture history: "
        f"{counted(ways.within_history, 'person', 'people')}{ending}."
    )
