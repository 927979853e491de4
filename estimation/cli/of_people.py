"""What `mse estimate` prints for a model that takes covariates of people into account.

Everything heavier than argument parsing is imported inside the function that needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from estimation.capture.declared import Declared, Labels
from estimation.cli.columns import table_file_of
from estimation.cli.ending import NOT_ESTIMABLE
from estimation.cli.linked import draws_at
from estimation.cli.output import Bar, print_json, print_result
from estimation.cli.terminal import print_table, say
from estimation.errors import SettingError

if TYPE_CHECKING:
    from estimation.models.protocol import Model
    from estimation.results.estimates import Result

__all__ = ["estimate_with_covariates"]


def estimate_with_covariates(
    table: str, declared: Declared, model: Model, *, seed: int, workers: int, as_json: bool
) -> None:
    """Fit a model to the people of a table with their labels, and print the answer and what stands beside it."""
    from estimation.models.named_labels import check_covariates, covariates_of
    from estimation.models.named_lists import check_named_lists
    from estimation.results.estimates import Estimate
    from estimation.work.seeds import generator_of

    if draws_at(table, declared) is not None:
        problem = "the tables of a linkage have no covariates; use --by for strata by labels of the records"
        raise SettingError("--covariates", [problem])
    read = table_file_of(table, declared, Labels(covariates_of(model))).strata
    assert read is not None  # labels were declared
    margin = read.margin()
    check_named_lists(model, margin)
    check_covariates(model, read)
    with Bar(model.title, transient=True) as bar:
        # Who names covariates takes a table with labels.
        found = model.fit(read, rng=generator_of(seed), workers=workers, progress=bar)  # type: ignore[arg-type]
    (print_json if as_json else print_result)(margin, found)
    if not as_json:
        _print_tables(found)
    if not isinstance(found, Estimate):
        raise typer.Exit(NOT_ESTIMABLE)


def _print_tables(found: Result) -> None:
    """Print the tables of a result: what another truncation gives, and who carries the number."""
    for each in found.tables:
        say("")
        words = [at for at in range(len(each.columns)) if all(isinstance(row[at], str) for row in each.rows)]
        print_table(each.title, each.columns, [[_cell(value) for value in row] for row in each.rows], words=words)


def _cell(value: str | int | float) -> str:
    """A cell as it is read: persons in full, probabilities and parts to three digits."""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if isinstance(value, int) or abs(value) >= 100 else f"{value:.3g}"
