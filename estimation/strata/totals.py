"""The total of all strata, or which of them keep it from being one.

No stratum is left out: a total without those that cannot carry the model would be too low.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from estimation.capture.stratified import Stratum, called
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result, ResultTable
from estimation.results.pool import NUMBERS, numbers_of, provenance_of_all
from estimation.results.sums import sum_of_totals
from estimation.work.seeds import RandomState, generator_of

__all__ = ["total"]

_NAMED = 5


_RANGES = (
    "each stratum has a range across families of models, which is no distribution, so that ranges cannot be added; add "
    "the strata of one model"
)


def total(results: Mapping[Stratum, Result], labels: Sequence[str], *, rng: RandomState) -> Result:
    """The number of people of all strata together, by adding draws (`estimation.results.sums`); none is left out.

    Parameters
    ----------
    results : mapping of Stratum to Estimate or NotEstimable
        Each stratum's own, by one model.
    labels : sequence of str
        Names of the labels whose values make a stratum.
    rng : int, SeedSequence or Generator
        Draws from exact posteriors.

    Returns
    -------
    Estimate or NotEstimable
        `NotEstimable` where a stratum has no number: it names those, and what can be done.  Ranges across families of
        models have no total either.

    Raises
    ------
    ValueError
        For no stratum.
    """
    generator = generator_of(rng)
    if not results:
        raise ValueError("no stratum; a total needs at least one")
    first = next(iter(results.values()))
    observed = sum(result.n_observed for result in results.values())
    provenance = provenance_of_all(list(results.values()))
    failed = {stratum: result for stratum, result in results.items() if isinstance(result, NotEstimable)}
    if failed:
        reason = _why_no_total(failed, results, labels)
        return NotEstimable(observed, first.model, first.title, reason, first.assumptions, provenance)
    estimates = [result for result in results.values() if isinstance(result, Estimate)]
    if any(each.interval_kind == "range across families" for each in estimates):
        return NotEstimable(observed, first.model, first.title, _RANGES, first.assumptions, provenance)
    is_bound = any(each.is_lower_bound for each in estimates)
    bound = " Lower bounds were added, so that the total is a lower bound." if is_bound else ""
    strata = f"{len(estimates)} strata by {' and '.join(labels)}"
    return Estimate(
        total=sum_of_totals([each.total for each in estimates], observed, generator, is_lower_bound=is_bound),
        n_observed=observed,
        model=first.model,
        title=first.title,
        assumptions=(*first.assumptions, f"This holds within each of {strata}."),
        diagnostics=Diagnostics(tuple(check for each in estimates for check in each.diagnostics.checks)),
        provenance=provenance,
        is_lower_bound=is_bound,
        notes=(f"The total of {strata}; draws were added, not the ends of intervals.{bound}",),
        tables=(_table_of(estimates, list(results), labels),),
    )


def _why_no_total(
    failed: Mapping[Stratum, NotEstimable], results: Mapping[Stratum, Result], labels: Sequence[str]
) -> str:
    """Which strata have no number, why, and what can be done."""
    named = "; ".join(
        f"{called(labels, stratum)} ({result.n_observed:,} people: {result.reason})"
        for stratum, result in list(failed.items())[:_NAMED]
    )
    more = f"; and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    stratum = next(iter(failed))
    neighbour = _neighbour(stratum, [other for other in results if other not in failed])
    merge = f"merge {called(labels, stratum)} with {called(labels, neighbour)}, or " if neighbour else ""
    return (
        f"{len(failed)} of {len(results)} strata have no number, and a total without them would be too low: {named}"
        f"{more}; {merge}use fewer labels, let strata borrow from each other (hierarchical-log-linear), or report a "
        "bound for them (heterogeneity with Mth-Chao)"
    )


def _neighbour(stratum: Stratum, others: Sequence[Stratum]) -> Stratum | None:
    """The stratum with the most values in common, the first of those."""
    return max(others, key=lambda other: sum(a == b for a, b in zip(stratum, other, strict=True)), default=None)


def _table_of(estimates: Sequence[Estimate], strata: Sequence[Stratum], labels: Sequence[str]) -> ResultTable:
    rows = tuple((*stratum, *numbers_of(each)) for stratum, each in zip(strata, estimates, strict=True))
    return ResultTable("The strata", (*labels, *NUMBERS), rows)
