"""A model on each stratum where who is the same person is drawn: numbers of strata pooled, totals added draw by draw.

Each draw of a linkage makes a table with labels.  A model answers for each of its strata and for their total, and the
answers for a stratum, and those for the total, are pooled over the draws as in `estimation.results.pool`.  Totals are
made within a draw, where the strata share the people, and never of pooled strata: somebody whose records one draw joins
can be in one stratum there and in two in another.  Labels that are missing are drawn once in each draw, so that what is
not known of them is in the variance beside what is not known of the linkage.

A stratum's table that occurs in several draws is fitted once.  Two strata with the same table are fitted each by
itself, since their draws are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from estimation.errors import SettingError
from estimation.linkage.draws import LinkageDraws
from estimation.linkage.linked_tables import LinkedTables
from estimation.models.cached_model import CachedModel
from estimation.models.linked.drawn_tables import draws_in_turn
from estimation.models.linked.fit_draws import LINKAGE_DRAWN
from estimation.models.linked.fits_by_table import of_one_model
from estimation.models.protocol import Model, lighter_of
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.pool import pool
from estimation.results.totals import Point
from estimation.results.variance_split import variance_split
from estimation.strata.by_stratum import Missing, StratumResults, estimate_by
from estimation.strata.missing_labels import ImputedBy, imputed
from estimation.strata.protocol import PoolsStrata
from estimation.work.progress import Progress, part, silent
from estimation.work.seeds import RandomState, generator_for, generator_of

__all__ = ["estimate_draws_by"]

_DRAWS = 25
"""Draws that are fitted by default."""


def estimate_draws_by(
    draws: LinkageDraws | LinkedTables,
    by: Sequence[str],
    model: Model | PoolsStrata,
    *,
    rng: RandomState,
    n_tables: int = _DRAWS,
    missing: Missing = "refuse",
    imputed_by: ImputedBy = "hot deck",
    least: int = 1,
    workers: int = 1,
    progress: Progress = silent,
) -> StratumResults:
    """A model fitted to each stratum, and the total, over draws of who is the same person.

    Parameters
    ----------
    draws : LinkageDraws or LinkedTables
        Draws of the partition of records into people, whose records have labels; or their tables alone.
    by : sequence of str
        The labels whose values make a stratum.
    model : Model or PoolsStrata
        Fitted to each stratum of each draw, or to all strata of a draw at once, in its lighter form where it has one.
    rng : int, SeedSequence or Generator
        The only source of randomness.
    n_tables : int
        Draws that are fitted, 2 or more, spread evenly over all; all of them where there are fewer.
    missing : {"refuse", "complete", "impute"}
        What becomes of people whose label is missing, as in `estimate_by`; imputed once in each draw.
    imputed_by : {"hot deck", "model"}
        As in `estimation.strata.missing_labels.imputed`.
    least, workers, progress
        As in `estimate_by`.

    Raises
    ------
    SettingError
        For fewer than two draws, or labels to be drawn jointly.
    TableError
        When a name is no label, or a label is missing and ``missing`` is ``"refuse"``.

    Examples
    --------
    >>> import numpy as np
    >>> from estimation.linkage.draws import RecordPlace
    >>> from estimation.models.no_highest_order import NoHighestOrderInteraction
    >>> records = tuple(RecordPlace(k // 60, k + 2, labels={"town": "AB"[k % 2]}) for k in range(100))
    >>> linked = np.r_[np.arange(60), np.arange(30), np.arange(60, 70)]
    >>> doubted = np.r_[np.arange(60), np.arange(20), np.arange(60, 80)]
    >>> draws = LinkageDraws(("a", "b"), records, np.array([[linked, doubted] * 5], dtype=np.int32))
    >>> found = estimate_draws_by(draws, ["town"], NoHighestOrderInteraction(), rng=1)
    >>> [each.n_observed for each in found.results.values()], found.total.n_observed
    ([38, 38], 75)
    """
    generator = generator_of(rng)
    _check(n_tables, missing)
    seed = int(generator.integers(2**63))
    tables = draws.strata if isinstance(draws, LinkedTables) else draws.strata(by)
    places = draws_in_turn(draws)[:n_tables]
    light = model if isinstance(model, PoolsStrata) else CachedModel(lighter_of(model), seed=seed)
    each: list[StratumResults] = []
    for number, place in enumerate(places):
        table = tables[place]
        if missing == "impute":
            table = imputed(table, by, rng=generator_for(seed, "labels", int(place)), by=imputed_by).table
        within = part(progress, number / len(places), (number + 1) / len(places))
        # A stratum has one name for its random numbers in all draws, by which a table that recurs is known.
        words = ("draw", int(place)) if isinstance(model, PoolsStrata) else ("strata",)
        how: Missing = "refuse" if missing == "impute" else missing
        own = generator_for(seed, *words)
        each.append(estimate_by(table, by, light, rng=own, missing=how, least=least, workers=workers, progress=within))
    return _pooled(each, draws, by, missing)


def _check(n_tables: int, missing: str) -> None:
    problems = []
    if isinstance(n_tables, bool) or not isinstance(n_tables, int) or n_tables < 2:
        problems.append(f"n_tables = {n_tables!r}; it must be a whole number, 2 or more")
    if missing == "joint":
        problems.append("missing = 'joint'; over draws of a linkage labels are imputed once in each draw ('impute')")
    if problems:
        raise SettingError("strata over draws of a linkage", problems)


def _pooled(
    each: Sequence[StratumResults], draws: LinkageDraws | LinkedTables, by: Sequence[str], missing: Missing
) -> StratumResults:
    """The answers of all draws, made one for each stratum and one for the total."""
    of_strata = {
        stratum: _one([found.results[stratum] for found in each if stratum in found.results], len(each))
        for stratum in dict.fromkeys(stratum for found in each for stratum in found.results)
    }
    first = each[0]
    lists = {stratum: first.lists.get(stratum, draws.lists) for stratum in of_strata}
    left_out = {stratum: first.left_out.get(stratum, {}) for stratum in of_strata}
    drawn = "; labels that are missing were drawn once in each" if missing == "impute" else ""
    note = f"Fitted to the strata of {len(each):,} draws of the linkage, and pooled; totals were added in each{drawn}."
    whole = _one([found.total for found in each], len(each))
    notes = tuple(dict.fromkeys((note, *first.notes)))
    return StratumResults(tuple(by), of_strata, lists, left_out, whole, notes)


def _one(results: Sequence[Result], n_draws: int) -> Result:
    """The answers for one stratum, or for the total, made one."""
    first = results[0]
    if len(results) < n_draws:
        reason = (
            f"nobody is of it in {n_draws - len(results)} of {n_draws} draws of the linkage, so that there is no table "
            "to fit; merge it with a neighbour"
        )
        return NotEstimable(first.n_observed, first.model, first.title, reason, first.assumptions, first.provenance)
    estimates = [result for result in results if isinstance(result, Estimate)]
    bound = any(each.is_lower_bound for each in estimates)
    free = [of_one_model(each, first) for each in results]
    classical = any(isinstance(each.total, Point) for each in estimates)
    found = pool(free, rule="rubin" if classical else "stacked")
    if isinstance(found, NotEstimable):
        return found
    split = variance_split(estimates, [1] * len(estimates))
    share = f"Of the variance of N, {split.share:.0%} is there because it is not certain who is the same person."
    return replace(
        found,
        is_lower_bound=bound,
        assumptions=(*first.assumptions, LINKAGE_DRAWN),
        notes=(share, *found.notes),
        tables=(split.table, *found.tables),
    )
