"""What commands print for a linkage, which is taken wherever a table is: its people, and N pooled over its draws.

Everything heavier than argument parsing is imported inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from estimation.capture.declared import Declared
from estimation.cli.columns import check_no_columns
from estimation.cli.ending import NOT_ESTIMABLE
from estimation.cli.output import Bar, print_default_set, print_default_set_json, print_result
from estimation.cli.streams import json_line
from estimation.cli.terminal import say

if TYPE_CHECKING:
    from estimation.linkage.draws import LinkageDraws
    from estimation.models.protocol import Model

__all__ = ["draws_at", "estimate_draws", "say_linked"]


def draws_at(given: str, declared: Declared) -> LinkageDraws | None:
    """The draws of a linkage, where its folder is given; None for any table.

    Raises
    ------
    SettingError
        When something is declared about the columns, which a linkage has not.
    """
    from estimation.linkage.saved import CLUSTERS, is_linkage_folder, read_linkage

    if not is_linkage_folder(given):
        folder = Path(given).parent
        if Path(given).name == CLUSTERS and is_linkage_folder(folder):
            note = f"note: {given} is one partition, without the doubt about who is who; mse estimate {folder} has it"
            say(note, err=True)
        return None
    check_no_columns(declared)
    return read_linkage(given)


def say_linked(draws: LinkageDraws) -> None:
    """Print how many records are of how many people, and whether the chains agree."""
    say(draws, given=draws.lists)
    say(f"Linkage: {draws.diagnostics.sentence}")
    say(
        "Who is the same person varies from draw to draw, and so does the number of people observed: above stands its "
        "median with an interval, beside an estimate its average over the draws.\n"
    )


def estimate_draws(
    draws: LinkageDraws, models: Mapping[str, Model], *, is_set: bool, seed: int, workers: int, as_json: bool
) -> None:
    """Fit models to the draws of a linkage, and print the pooled answers."""
    from estimation.linkage.linked_tables import linked_tables
    from estimation.models.linked.fit_draws import fit_draws
    from estimation.models.registry import why_not_by_model
    from estimation.results.as_json import summary_of
    from estimation.results.estimates import Estimate
    from estimation.work.seeds import generator_of

    results = {}
    for label, model in models.items():
        with Bar(label, transient=True) as bar:
            results[label] = fit_draws(model, draws, rng=generator_of(seed), workers=workers, progress=bar)
    table = linked_tables(draws).central_table
    if is_set:
        why_not = why_not_by_model(table)
        if as_json:
            print_default_set_json(table, results, why_not)
        else:
            say_linked(draws)
            print_default_set(table, results, why_not)
    elif as_json:
        (result,) = results.values()
        people = draws.people
        spread = {"median": people.median, "lower": people.lower, "upper": people.upper, "level": people.level}
        typer.echo(json_line({"lists": list(draws.lists), "people": spread, **summary_of(result)}))
    else:
        say_linked(draws)
        (result,) = results.values()
        print_result(table, result)
    if not any(isinstance(result, Estimate) for result in results.values()):
        raise typer.Exit(NOT_ESTIMABLE)
