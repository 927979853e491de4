"""What `mse estimate` prints by stratum: each one's number or reason, the lists it used, and the total.

Everything heavier than argument parsing is imported inside the function that needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from estimation.capture.declared import Declared, Labels
from estimation.cli.columns import table_file_of
from estimation.cli.ending import NOT_ESTIMABLE
from estimation.cli.linked import draws_at, say_linked
from estimation.cli.options import listed
from estimation.cli.output import Bar
from estimation.cli.streams import json_line
from estimation.cli.terminal import print_table, say
from estimation.errors import SettingError, TableError

if TYPE_CHECKING:
    from estimation.capture.stratified import Stratum
    from estimation.models.protocol import Model
    from estimation.results.estimates import Result
    from estimation.strata.by_stratum import Missing, StratumResults
    from estimation.strata.protocol import PoolsStrata
    from estimation.work.progress import Progress

__all__ = ["estimate_strata"]


def estimate_strata(
    table: str,
    declared: Declared,
    model: Model | PoolsStrata,
    by: str,
    missing: str,
    *,
    seed: int,
    workers: int,
    as_json: bool,
) -> None:
    """Fit a model to each stratum of a table or of a linkage, or to all at once; print the answers and the total."""
    from estimation.results.estimates import Estimate
    from estimation.strata.by_stratum import MISSING

    if missing not in MISSING:
        raise SettingError("--missing", [f"{missing!r} is none of {', '.join(MISSING)}"])
    names = tuple(listed(by))
    if not names:
        raise SettingError("--by", ["no label is named; name the columns that make a stratum, with commas"])
    draws = draws_at(table, declared)
    with Bar(model.title, transient=True) as bar:
        if draws is None:
            found = _of_table(table, declared, model, names, missing, seed, workers, bar)
        else:
            from estimation.strata.over_draws import estimate_draws_by

            found = estimate_draws_by(draws, names, model, rng=seed, missing=missing, workers=workers, progress=bar)
    if as_json:
        _print_json(found)
    else:
        if draws is not None:
            say_linked(draws)
        _print(found)
    if not isinstance(found.total, Estimate):
        raise typer.Exit(NOT_ESTIMABLE)


def _of_table(
    table: str,
    declared: Declared,
    model: Model | PoolsStrata,
    names: tuple[str, ...],
    missing: Missing,
    seed: int,
    workers: int,
    progress: Progress,
) -> StratumResults:
    """The answers for a table."""
    from estimation.capture.stratified import missing_problem
    from estimation.models.named_labels import check_covariates, covariates_of
    from estimation.models.named_lists import check_named_lists
    from estimation.strata.by_stratum import estimate_by
    from estimation.strata.protocol import PoolsStrata

    beside = [name for name in covariates_of(model) if name not in names]
    read = table_file_of(table, declared, Labels((*names, *beside))).strata
    assert read is not None  # labels were declared
    without = read.missing(names)
    if without and missing == "refuse":
        choices = "say so with --missing complete, --missing impute or --missing joint"
        raise TableError(table, [f"{missing_problem(without, read.n_observed)}; {choices}"])
    if not isinstance(model, PoolsStrata):
        check_named_lists(model, read.margin())
        check_covariates(model, read)
    return estimate_by(read, names, model, rng=seed, missing=missing, workers=workers, progress=progress)


def _print(found: StratumResults) -> None:
    from estimation.capture.stratified import called
    from estimation.results.estimates import Estimate, NotEstimable

    alone = _alone(found)
    rows = [[*stratum, *_numbers(result), *alone.get(stratum, ())] for stratum, result in found.results.items()]
    rows.append(["all", *[""] * (len(found.labels) - 1), *_numbers(found.total), *[""] * bool(alone)])
    headings = (*found.labels, "on a list", "people", "95 % interval", *["people, alone"] * bool(alone))
    print_table(f"By {', '.join(found.labels)}", headings, rows, words=range(len(found.labels)))
    for stratum, result in found.results.items():
        name = called(found.labels, stratum)
        out = found.left_out[stratum]
        if out:
            left_out = "; ".join(f"{name}: {why}" for name, why in out.items())
            say(f"  {name}, without {left_out}", given=(*found.lists[stratum], *out))
        if isinstance(result, NotEstimable) and result.reason != getattr(found.total, "reason", ""):
            say(f"  ! {name}: {result.reason}")
    say(f"\nTotal: {found.total}")
    say("It rests on:")
    for sentence in found.total.assumptions:
        say(f"  - {sentence}")
    of_total = found.total.notes if isinstance(found.total, Estimate) else ()
    for sentence in dict.fromkeys((*found.notes, *of_total)):
        say(f"  ! {sentence}")


def _alone(found: StratumResults) -> dict[Stratum, tuple[str]]:
    """What each stratum would say alone, where the model lets strata borrow from each other; none for another."""
    from estimation.results.rounding import persons
    from estimation.strata.partial_pooling.shrinkage import ALONE_AND_POOLED

    for table in found.total.tables:
        if table.title == ALONE_AND_POOLED:
            at = len(found.labels) + 1
            cells = [(row[at] if isinstance(row[at], str) else persons(float(row[at]))) for row in table.rows]
            return {stratum: (str(cell),) for stratum, cell in zip(found.results, cells, strict=True)}
    return {}


def _numbers(result: Result) -> list[str]:
    """People on a list, N, and its interval, as they are read."""
    from estimation.results.estimates import Estimate
    from estimation.results.rounding import persons, rounded

    observed = f"{result.n_observed:,}"
    if not isinstance(result, Estimate):
        return [observed, "not estimable", ""]
    headline = rounded(result)
    ends = f"{persons(headline.lower)} to {persons(headline.upper)} ({headline.kind})"
    return [observed, f"{'at least ' * headline.is_lower_bound}{persons(headline.point)}", ends]


def _print_json(found: StratumResults) -> None:
    """One JSON object: the strata, each with its labels, lists and number or reason, and the total."""
    from estimation.strata.as_json import summary_of_strata

    typer.echo(json_line(summary_of_strata(found)))
