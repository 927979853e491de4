"""Commands that set answers about one table side by side: pairs-by-chapman, compare-heterogeneity, profile-likelihood.

Everything heavier than argument parsing is imported inside the command that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.capture.declared import Declared
from estimation.cli.columns import columns_declared, table_of
from estimation.cli.ending import NOT_ESTIMABLE
from estimation.cli.observed import say_observed
from estimation.cli.options import ForceOption, SeedOption, TableArgument, check_written
from estimation.cli.output import Bar, save_chart
from estimation.cli.streams import json_line
from estimation.cli.terminal import print_table, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from estimation.models.classical.pairs_by_chapman import PairsByChapman
    from estimation.models.log_linear.compare_heterogeneity import HeterogeneityComparison

__all__ = ["app"]

app = typer.Typer()

CsvOption = Annotated[Path | None, typer.Option(help="Also write the table into this .csv file.")]
ChartOption = Annotated[Path | None, typer.Option(help="Also draw it into this .svg, .pdf, .png or .eps file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command("pairs-by-chapman")
@columns_declared
def pairs_by_chapman(
    table: TableArgument,
    declared: Declared,
    csv: CsvOption = None,
    chart: ChartOption = None,
    as_json: JsonOption = False,
    force: ForceOption = False,
) -> None:
    """Show the number that every pair of lists gives, as if the two were independent.

    Chapman's estimate with its log-normal interval for each pair, the people they share, pairs that share nobody, and
    what numbers far from each other mean.
    """
    from estimation import charts
    from estimation.models.classical.pairs_by_chapman import pairs_by_chapman
    from estimation.results.estimates import Estimate

    check_written(csv, chart, read=[table], force=force)
    data = table_of(table, declared)
    found = pairs_by_chapman(data)
    if not as_json:
        say_observed(data.n_observed, data.lists, len(data.frequencies))
    parts = {found.caption: range(6)}
    _output(found, data.lists, parts, csv=csv, as_json=as_json, force=force)
    _drawn(lambda: charts.plot_comparison(found.results), chart, table, force=force)
    if not any(isinstance(answer, Estimate) for answer in found.answers):
        raise typer.Exit(NOT_ESTIMABLE)


@app.command("compare-heterogeneity")
@columns_declared
def compare_heterogeneity(
    table: TableArgument,
    declared: Declared,
    csv: CsvOption = None,
    chart: ChartOption = None,
    heterogeneity_chart: Annotated[
        Path | None,
        typer.Option(help="Also draw people by their number of lists, against equal people, into such a file."),
    ] = None,
    first_captures_chart: Annotated[
        Path | None,
        typer.Option(help="Also draw people by their first list, for lists in time order, into such a file."),
    ] = None,
    seed: SeedOption = 1,
    as_json: JsonOption = False,
    force: ForceOption = False,
) -> None:
    """Set M0, Mt, Mb, Mbh and Mh and Mth in all forms side by side, with AIC, BIC and fit.

    The order is fixed and nothing is chosen: AIC and BIC see only the people on some list.  Models that cannot be
    fitted keep their row, with the reason.
    """
    from estimation import charts
    from estimation.models.log_linear.compare_heterogeneity import compare_heterogeneity
    from estimation.results.estimates import Estimate

    check_written(csv, chart, heterogeneity_chart, first_captures_chart, read=[table], force=force)
    data = table_of(table, declared)
    with Bar("M0", transient=True) as progress:
        found = compare_heterogeneity(data, rng=seed, progress=progress)
    if not as_json:
        say_observed(data.n_observed, data.lists, len(data.frequencies))
    parts = {found.caption: (0, 1, 2, 3), "How they describe the people on some list": (0, 4, 5, 6, 7, 8)}
    _output(found, data.lists, parts, csv=csv, as_json=as_json, force=force)
    _drawn(lambda: charts.plot_comparison(found.results), chart, table, force=force)
    _drawn(lambda: charts.plot_heterogeneity(data), heterogeneity_chart, table, force=force)
    _drawn(lambda: charts.plot_first_captures(data), first_captures_chart, table, force=force)
    if not any(isinstance(answer, Estimate) for answer in found.answers.values()):
        raise typer.Exit(NOT_ESTIMABLE)


@app.command("profile-likelihood")
@columns_declared
def profile_likelihood(
    table: TableArgument,
    declared: Declared,
    chart: Annotated[Path, typer.Option(help="The .svg, .pdf, .png or .eps file to draw.")],
    model: Annotated[
        str | None, typer.Option(metavar="[A B][B C]", help="The model; without it, independent lists.")
    ] = None,
    force: ForceOption = False,
) -> None:
    """Draw the likelihood of each number of people under one log-linear model, with its interval."""
    from estimation import charts
    from estimation.models.log_linear.one_model import LogLinear
    from estimation.models.log_linear.profile_likelihood import profile_likelihood
    from estimation.models.named_lists import check_named_lists

    check_written(chart, read=[table], force=force)
    data = table_of(table, declared)
    chosen = LogLinear(model)
    check_named_lists(chosen, data)
    found = profile_likelihood(data, chosen)
    say(
        f"{found.model}: {found.estimate:,.0f} people ({found.interval}); {found.n_observed:,} observed",
        given=data.lists,
    )
    _drawn(lambda: charts.plot_profile_likelihood(found), chart, table, force=force)


def _output(
    found: PairsByChapman | HeterogeneityComparison,
    lists: tuple[str, ...],
    parts: Mapping[str, Sequence[int]],
    *,
    csv: Path | None,
    as_json: bool,
    force: bool,
) -> None:
    """Print a table, in parts of some of its columns, with what it says, and write it where that is wanted."""
    from estimation.files import write_output
    from estimation.text.spreadsheet import csv_of

    rows = found.rows()
    if as_json:
        typer.echo(json_line({"rows": rows, "finding": found.finding}))
    else:
        for title, columns in parts.items():
            cells = [[row[at] for at in columns] for row in found.cells()]
            print_table(title, [found.headings[at] for at in columns], cells, given=lists)
        for sentence in (*found.reasons, found.finding):
            say(f"  ! {sentence}", given=lists)
    if csv is not None:
        write_output(csv, csv_of([list(rows[0]), *(list(row.values()) for row in rows)]), force=force)


def _drawn(draw: Callable[[], Axes], path: Path | None, table: str, *, force: bool) -> None:
    """Draw a chart where it is wanted; one of invented people is stamped."""
    if path is not None:
        save_chart(draw, path, synthetic="synthetic" in table.lower(), force=force)
