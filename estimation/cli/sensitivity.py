"""`mse sensitivity`: the same question with one thing changed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.capture.declared import Declared
from estimation.cli.columns import columns_declared, listed_table_of
from estimation.cli.ending import NOT_ESTIMABLE
from estimation.cli.options import (
    ForceOption,
    SeedOption,
    SettingOption,
    TableArgument,
    WorkersOption,
    check_written,
    listed,
    model_of,
    values_of,
    workers_of,
)
from estimation.cli.output import Bar, save_chart
from estimation.cli.streams import json_line
from estimation.cli.terminal import print_table, say
from estimation.errors import SettingError
from estimation.text.counted import counted
from estimation.work.progress import part

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from estimation.sensitivity.alternatives import Sensitivity

app = typer.Typer(
    name="sensitivity",
    help="What would change the number: the same question with one thing changed.",
    no_args_is_help=True,
)

ModelOption = Annotated[str, typer.Option(help="Name of the model (mse models).")]
OutOption = Annotated[
    Path | None, typer.Option(help="Also write the results into this .csv or .parquet file, one row a result.")
]
ChartOption = Annotated[
    Path | None, typer.Option(help="Also draw the results into this .svg, .pdf, .png or .eps file.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the results as JSON.")]
FixModelOption = Annotated[
    bool,
    typer.Option(
        "--fix-model",
        help="Let a model that chooses do so on the table as observed alone; the intervals are conditional on it.",
    ),
]
MonteCarloErrorOption = Annotated[
    float, typer.Option(help="Monte Carlo error that is aimed at, as a share of the answer; smaller takes longer.")
]
MostTablesOption = Annotated[
    int | None, typer.Option(help="Corrected tables at most for an answer; by default 400, or 20 for slow models.")
]
RatiosOption = Annotated[
    str | None, typer.Option("--values", help="Odds ratios to try, with commas between them; 0.25 to 16 by default.")
]


def _numbers(text: str, option: str) -> list[float]:
    try:
        return [float(part) for part in listed(text)]
    except ValueError as error:
        raise SettingError(option, [f"{text!r}: give numbers with commas between them, for example 0.5,1,2"]) from error


def _pair(text: str) -> tuple[str, str]:
    names = listed(text)
    if len(names) != 2:
        raise SettingError("--pair", [f"{text!r} names {counted(len(names), 'list')}; name two, for example ABA,HRW"])
    return names[0], names[1]


def _answer(
    name: str,
    table: str,
    declared: Declared,
    question: partial[Sensitivity],
    *,
    seed: int,
    workers: int | None,
    outputs: tuple[Path | None, Path | None, bool],
    as_json: bool,
) -> None:
    """Ask a question of a table; print, write and draw the results, by force in the place of older files."""
    from estimation.models.named_lists import check_named_lists
    from estimation.sensitivity.table import rows_of, write_sensitivities

    out, chart, force = outputs
    check_written(out, chart, read=[table], force=force)
    data = listed_table_of(table, declared)
    if "model" in question.keywords:
        check_named_lists(question.keywords["model"], data)
    with Bar(name.replace("_", " "), transient=True) as progress:
        found = question(data, rng=seed, workers=workers_of(workers), progress=progress)
    if as_json:
        rows = rows_of({name: found})
        typer.echo(json_line({"question": found.question, "finding": found.finding, "answers": rows}))
    else:
        _print(found)
    if out is not None:
        write_sensitivities({name: found}, out, force=force)
    if chart is not None:
        from estimation import charts

        def draw() -> Axes:
            of_known_sizes = name == "consistency"
            return charts.plot_consistency({table: found}) if of_known_sizes else charts.plot_sensitivity(found)

        save_chart(draw, chart, synthetic="synthetic" in table.lower(), force=force)
    _end([found])


def _end(found: Iterable[Sensitivity]) -> None:
    """End with the exit status for no estimate where no result is one."""
    from estimation.results.estimates import Estimate

    results = [result for each in found for result in (each.baseline, *(a.result for a in each.alternatives))]
    if not any(isinstance(result, Estimate) for result in results):
        raise typer.Exit(NOT_ESTIMABLE)


def _print(found: Sensitivity) -> None:
    heading, *rows = found.answers()
    print_table(found.question, heading, rows)
    say(f"\n{found.finding}")


def _add_command(name: str, what: str) -> None:
    """Add the command of a sensitivity that takes a table and any model, by the name of its function."""

    @columns_declared
    def command(
        table: TableArgument,
        declared: Declared,
        model: ModelOption,
        setting: SettingOption = None,
        seed: SeedOption = 1,
        workers: WorkersOption = None,
        out: OutOption = None,
        chart: ChartOption = None,
        force: ForceOption = False,
        as_json: JsonOption = False,
    ) -> None:
        import importlib

        function = getattr(importlib.import_module(f"estimation.sensitivity.{name}"), name)
        question: partial[Sensitivity] = partial(function, model=model_of(model, setting))
        _answer(
            name,
            table,
            declared,
            question,
            seed=seed,
            workers=workers,
            outputs=(out, chart, force),
            as_json=as_json,
        )

    app.command(name.replace("_", "-"), help=what)(command)


_add_command("leave_one_list_out", "What if one of the lists did not exist?")
_add_command("merge_two_lists", "What if two of the lists were one source?")
_add_command("subsets", "What if only three or more of the lists existed?")
_add_command("one_inflation", "What if too many people are on one list only?")
_add_command("consistency", "Does the model recover the known size of each list from the other lists?")


@app.command()
@columns_declared
def pairs(
    table: TableArgument,
    declared: Declared,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: OutOption = None,
    chart: ChartOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """What if two of the lists were independent, and the others were not used?"""
    from estimation.models.no_highest_order import NoHighestOrderInteraction
    from estimation.sensitivity.pairs import pairs

    question = partial(pairs, model=NoHighestOrderInteraction())
    _answer(
        "pairs",
        table,
        declared,
        question,
        seed=seed,
        workers=workers,
        outputs=(out, chart, force),
        as_json=as_json,
    )


@app.command()
@columns_declared
def vary_setting(
    table: TableArgument,
    declared: Declared,
    model: ModelOption,
    name: Annotated[str, typer.Option("--vary", help="The setting to vary, for example delta, xi or expansion.")],
    values: Annotated[
        str | None,
        typer.Option(
            help="Values to try, with commas between them; values that are lists with semicolons: '1.1,5;1.1,10'. "
            "For xi of nhoi 0.25 to 10 by default."
        ),
    ] = None,
    setting: SettingOption = None,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: OutOption = None,
    chart: ChartOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """What if a setting of the model had another value: a prior, the number of classes, an interaction?"""
    from estimation.sensitivity.vary_setting import vary_setting

    question = partial(
        vary_setting, setting=name, values=None if values is None else values_of(values), model=model_of(model, setting)
    )
    _answer(
        "vary_setting",
        table,
        declared,
        question,
        seed=seed,
        workers=workers,
        outputs=(out, chart, force),
        as_json=as_json,
    )


@app.command()
@columns_declared
def odds_ratio(
    table: TableArgument,
    declared: Declared,
    pair: Annotated[str, typer.Option(help="The two lists, with a comma between them.")],
    values: RatiosOption = None,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: OutOption = None,
    chart: ChartOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """What if two lists were dependent, with another odds ratio?"""
    from estimation.sensitivity.default_values import ODDS_RATIOS
    from estimation.sensitivity.odds_ratio import odds_ratio

    ratios = ODDS_RATIOS if values is None else _numbers(values, "--values")
    question = partial(odds_ratio, pair=_pair(pair), values=ratios)
    _answer(
        "odds_ratio",
        table,
        declared,
        question,
        seed=seed,
        workers=workers,
        outputs=(out, chart, force),
        as_json=as_json,
    )


@app.command()
@columns_declared
def linkage_error(
    table: TableArgument,
    declared: Declared,
    model: ModelOption,
    false_match: Annotated[str, typer.Option(help="Shares of the matches that are false, with commas between them.")],
    missed_match: Annotated[str, typer.Option(help="Shares of the true matches that were missed, with commas.")],
    fix_model: FixModelOption = False,
    monte_carlo_error: MonteCarloErrorOption = 0.01,
    most_tables: MostTablesOption = None,
    setting: SettingOption = None,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: OutOption = None,
    chart: ChartOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """What if some matches between the lists were false, and some true matches were missed?"""
    from estimation.sensitivity.linkage_error import linkage_error

    question = partial(
        linkage_error,
        model=model_of(model, setting),
        false_match=_numbers(false_match, "--false-match"),
        missed_match=_numbers(missed_match, "--missed-match"),
        fix_model=fix_model,
        monte_carlo_error=monte_carlo_error,
        most_tables=most_tables,
    )
    _answer(
        "linkage_error",
        table,
        declared,
        question,
        seed=seed,
        workers=workers,
        outputs=(out, chart, force),
        as_json=as_json,
    )


@app.command()
@columns_declared
def tipping(
    table: TableArgument,
    declared: Declared,
    figure: Annotated[float, typer.Option(min=1, max=1e12, help="The number that somebody states, in persons.")],
    model: ModelOption,
    among: Annotated[
        str | None, typer.Option(help="The lists that may depend on each other, with commas; all by default.")
    ] = None,
    fix_model: FixModelOption = False,
    monte_carlo_error: MonteCarloErrorOption = 0.01,
    most_tables: MostTablesOption = None,
    setting: SettingOption = None,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: OutOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """What would have to hold for a stated number?

    How strong a dependence between lists, what share of people with zero capture probability, how many linkage errors.
    """
    import numpy as np

    from estimation.models.named_lists import check_named_lists
    from estimation.models.no_highest_order import NoHighestOrderInteraction
    from estimation.sensitivity.table import rows_of, write_sensitivities
    from estimation.sensitivity.tipping_dependence import tipping_dependence
    from estimation.sensitivity.tipping_linkage_error import tipping_linkage_error
    from estimation.sensitivity.tipping_share import tipping_share

    check_written(out, read=[table], force=force)
    data, chosen, threads = listed_table_of(table, declared), model_of(model, setting), workers_of(workers)
    depending = NoHighestOrderInteraction(lists=tuple(listed(among)) if among else None)
    for each in (chosen, depending):
        check_named_lists(each, data)
    with Bar("tipping", transient=True) as bar:
        fitted = chosen.fit(data, rng=np.random.default_rng(seed), workers=threads, progress=part(bar, 0, 0.25))
        found = {
            "list dependence": tipping_dependence(
                data, figure, model=depending, rng=seed, workers=threads, progress=part(bar, 0.25, 0.5)
            ),
            "zero capture probability": tipping_share(fitted, figure),
            "linkage error": tipping_linkage_error(
                data,
                figure,
                model=chosen,
                rng=seed,
                fix_model=fix_model,
                monte_carlo_error=monte_carlo_error,
                most_tables=most_tables,
                workers=threads,
                baseline=fitted,
                progress=part(bar, 0.5, 1),
            ),
        }
    if as_json:
        findings = {explanation: tipped.finding for explanation, tipped in found.items()}
        typer.echo(json_line({"findings": findings, "answers": rows_of(found)}))
    else:
        say(f"{chosen.title}: {fitted}\n")
        for explanation, tipped in found.items():
            say(f"{explanation.capitalize()}: {tipped.finding}\n")
    if out is not None:
        write_sensitivities(found, out, force=force)
    _end(found.values())
