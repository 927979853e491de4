"""N by any model, averaged over draws of who is the same person.

Each draw of a linkage makes a table, and p(N | records) is the average of p(N | table) over the draws.  Equal tables
are fitted once and count as often as they occur; answers are pooled by `estimation.results.pool`: posteriors are mixed,
classical points go by Rubin's rule on log n_0.

Identifying assumption: that of the model, given the table; and of the linkage, that who is the same person was drawn
from a model of the lists' errors that holds, among candidate pairs that leave nobody out.

How many draws are fitted.  The first 25, spread over all; then as many as bring the Monte Carlo error of the mean of N
to a twentieth of its standard deviation, and at most 400, or 100 for a model that computes until N has an effective
sample size.  Models fit in their lighter form, since all draws together have many times the draws of one; the table
whose answer lies nearest the middle is fitted in full, for what stands beside an estimate (the prior, the fit).

What the variance of N is made of is in `estimation.results.variance_split`.  The feedback from the model of N to the
linkage that this leaves out is in `estimation.models.linked.joint`.

References: Sadinle (2018), Annals of Applied Statistics 12:1013-1038, for averaging over linkages; Rubin (1987).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from estimation.errors import SettingError
from estimation.linkage.draws import LinkageDraws
from estimation.linkage.linked_tables import LinkedTables, linked_tables
from estimation.models.linked.drawn_tables import DrawnTables
from estimation.models.linked.fits_by_table import TARGET_ERROR, FitsByTable
from estimation.models.linked.people_on_lists import people_note, people_on_lists, unlinkable_note
from estimation.models.prior_and_posterior import beside_its_prior
from estimation.models.protocol import CLOSED_POPULATION, Model, not_estimable
from estimation.provenance import seed_of
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.variance_split import VarianceSplit
from estimation.work.progress import Progress, part, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["LINKAGE_DRAWN", "fit_draws"]

LINKAGE_DRAWN = (
    "Who is the same person was drawn from a model of the lists' errors: a person has one true value of each field, "
    "records differ from it by errors at rates of each list, and pairs of records that were no candidates are of "
    "different people."
)
"""The assumption of a linkage that is drawn."""

_CLOSED = "The population is closed, and nobody is counted twice beyond what the draws of the linkage allow for."

_LIMIT = 0.2
"""A Monte Carlo error of the mean of N above this share of its standard deviation fails a check."""

_TABLES = 0.9
"""Share of the work after which only the table in the middle is left to be fitted in full."""


def fit_draws(
    model: Model,
    draws: LinkageDraws | LinkedTables,
    *,
    rng: RandomState,
    n_tables: int | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> Result:
    """The number of people by a model, averaged over draws of who is the same person.

    Parameters
    ----------
    model : Model
        Any model, a dataclass of your own too.
    draws : LinkageDraws or LinkedTables
        Draws of the partition of records into people, or their tables alone.
    rng : int, SeedSequence or Generator
        The only source of randomness; a table has random numbers of its own, whatever the others are.
    n_tables : int, optional
        Draws that are fitted, 2 or more; by default as many as the Monte Carlo error of the mean asks for.
    workers : int
        Threads at most; changes no number.
    progress : Progress
        Receives the share done.

    Returns
    -------
    Estimate or NotEstimable
        With tables of what the variance of N is made of and of the people on each list.  `NotEstimable` where any of
        the draws has a table that cannot carry the model: the others would answer for it.

    Raises
    ------
    SettingError
        For fewer than two tables, a class in the place of a model, or something else than draws.

    Examples
    --------
    >>> from estimation.linkage.draws import RecordPlace
    >>> from estimation.models.no_highest_order import NoHighestOrderInteraction
    >>> records = tuple(RecordPlace(list=k // 60, row=k + 2) for k in range(100))
    >>> linked = np.r_[np.arange(60), np.arange(30), np.arange(60, 70)]  # 30 of the 40 on the second are on the first
    >>> doubted = np.r_[np.arange(60), np.arange(20), np.arange(60, 80)]
    >>> draws = LinkageDraws(("a", "b"), records, np.array([[linked, doubted] * 10], dtype=np.int32))
    >>> found = fit_draws(NoHighestOrderInteraction(), draws, rng=1)
    >>> 85 < found.median < 130, found.n_observed
    (True, 75)
    """
    generator = generator_of(rng)
    _check(model, draws)
    if n_tables is not None and (isinstance(n_tables, bool) or not isinstance(n_tables, int) or n_tables < 2):
        raise SettingError("fit_draws", [f"n_tables = {n_tables!r}; it must be a whole number, 2 or more"])
    if isinstance(draws, LinkedTables):
        linked = draws
    else:
        linked = linked_tables(draws, about={"checks_passed": draws.diagnostics.ok})
    drawn = DrawnTables.of(linked)
    refused = _refused(model, drawn, generator)
    if refused is not None:
        return refused
    if len(drawn.tables) == 1:
        found = model.fit(drawn.tables[0], rng=generator, workers=workers, progress=progress)
        if isinstance(found, NotEstimable):
            return found
        note = (
            f"All {drawn.n_draws:,} draws of the linkage have the same table, so that it adds nothing to the interval."
            if drawn.n_draws > 1
            else "There is one draw of the linkage, so that what it adds to the variance of N is not known: draw more."
        )
        return _described(found, linked, VarianceSplit(0.0, found.sd**2), note)
    seed = int(generator.integers(2**63))
    fits = FitsByTable(model, drawn, seed, workers, part(progress, 0.0, _TABLES))
    fits.fit_enough(n_tables)
    pooled = _named(fits.pooled(), seed_of(generator), fits)
    if isinstance(pooled, NotEstimable):
        return pooled
    split = fits.split()
    whole = _beside(pooled, fits.middle(pooled.mean, part(progress, _TABLES, 1.0)))
    before = beside_its_prior(model, fits.table_near(pooled.mean), pooled.total, generator)
    whole = replace(
        whole,
        diagnostics=Diagnostics((*pooled.diagnostics.checks, _check_of(split))),
        notes=(*before[0], *whole.notes),
        tables=(*before[1], *whole.tables),
    )
    return _described(whole, linked, split, _thinned(fits, split))


def _check(model: object, draws: object) -> None:
    """Refuse a call in which something else stands for the model or the draws."""
    problems = []
    if isinstance(model, type):
        problems.append(f"model is the class {model.__name__}; give a model, {model.__name__}()")
    if not isinstance(draws, LinkageDraws | LinkedTables):
        problems.append(
            f"draws is a {type(draws).__name__}; give what link or read_linkage gave (a table alone: model.fit(table))"
        )
    if problems:
        raise SettingError("fit_draws", problems)


def _refused(model: Model, drawn: DrawnTables, rng: np.random.Generator) -> NotEstimable | None:
    """That the model cannot be fitted to some of the tables, counted over all draws."""
    reasons = [model.why_not(table) for table in drawn.tables]
    without = np.array([reason is not None for reason in reasons])
    if not without.any():
        return None
    share = float(drawn.counts(drawn.n_draws) @ without) / drawn.n_draws
    first = int(np.argmax(without))
    reason = str(reasons[first])
    if share < 1:
        reason = (
            f"{share:.1%} of the draws of the linkage have a table that cannot carry the model ({reason}); the others "
            "alone would answer for tables that were left out for what is in them"
        )
    return not_estimable(model, drawn.tables[first], rng, reason)


def _named(pooled: Result, seed: str, fits: FitsByTable) -> Result:
    """With the seed and how many draws were fitted among what made the number."""
    made = pooled.provenance
    settings = (*made.settings, ("draws of the linkage", fits.n_draws), ("of so many", fits.drawn.n_draws))
    return replace(pooled, provenance=replace(made, seed=seed, settings=settings))


def _beside(pooled: Estimate, middle: Estimate) -> Estimate:
    """With what stands beside the answer on the table in the middle, marked as of one draw; no note stands twice."""
    return replace(
        pooled,
        notes=(*pooled.notes, *(f"{_ONE}: {note}" for note in middle.notes if note not in pooled.notes)),
        tables=(*pooled.tables, *(replace(table, title=f"{_ONE}: {table.title}") for table in middle.tables)),
        fit=None
        if middle.fit is None
        else replace(middle.fit, remark="on one draw of the linkage, near the mean of N"),
        predicted=middle.predicted,
    )


_ONE = "On one draw of the linkage"


def _check_of(split: VarianceSplit) -> Check:
    share = split.mean_error / split.sd if split.sd > 0 else 0.0
    return Check(
        "Monte Carlo error of the mean over draws of the linkage, % of the standard deviation of N",
        100 * share,
        100 * _LIMIT,
        share <= _LIMIT,
        "Who is the same person is drawn; as many other draws would move the mean of N by about this.",
    )


def _thinned(fits: FitsByTable, split: VarianceSplit) -> str:
    """How many draws were fitted, and what that costs."""
    every = "all" if fits.n_draws == fits.drawn.n_draws else f"{fits.n_draws:,}"
    of = "" if every == "all" else f" of the {fits.drawn.n_draws:,}, spread evenly over them"
    count = f"{every} {fits.n_draws:,}" if every == "all" else every
    different = f"{fits.n_different:,} different {'tables' if fits.n_different > 1 else 'table'}"
    return (
        f"N was fitted on {count} draws of the linkage{of} ({different}); the Monte Carlo error of its mean is "
        f"{split.mean_error:,.1f} people, {split.mean_error / max(split.sd, 1e-300):.0%} of its standard deviation "
        f"(aimed at: {TARGET_ERROR:.0%})."
    )


def _not_converged(draws: LinkedTables) -> tuple[str, ...]:
    """That the chains of the linkage did not pass their checks, where they did not."""
    if draws.about.get("checks_passed", True):
        return ()
    return (
        "Warning: the chains of the linkage did not pass all their checks, so that what linkage contributes to the "
        "variance of N is not to be trusted yet; draw more.",
    )


def _described(found: Estimate, draws: LinkedTables, split: VarianceSplit, drawn_note: str) -> Estimate:
    """With what the variance is made of, the people on the lists, and what the linkage assumes."""
    assumptions = tuple(_CLOSED if sentence == CLOSED_POPULATION else sentence for sentence in found.assumptions)
    share = (
        f"Of the variance of N, {split.share:.0%} (Monte Carlo error {split.share_error:.0%}) is there because it is "
        f"not certain who is the same person: a standard deviation of {np.sqrt(split.linkage):,.0f} people, beside "
        f"{np.sqrt(split.model_and_chance):,.0f} from the model and chance."
    )
    shares = (share,) if len(draws.n_people) > 1 else ()
    return replace(
        found,
        assumptions=(*assumptions, LINKAGE_DRAWN),
        notes=(*shares, people_note(draws), *_not_converged(draws), *unlinkable_note(draws), drawn_note, *found.notes),
        tables=(split.table, people_on_lists(draws), *found.tables),
    )
