"""`mse sensitivity`: the same question with one thing changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.cli.options import (
    SeedOption,
    SettingOption,
    TableArgument,
    WorkersOption,
    listed,
    model_of,
    table_of,
    value_of,
    workers_of,
)
from estimation.cli.output import save_chart
from estimation.errors import EstimationError, SettingError

if TYPE_CHECKING:
    from estimation.sensitivity.alternatives import Sensitivity

app = typer.Typer(
    name="sensitivity",
    help="What would change the number: the same question with one thing changed.",
    no_args_is_help=True,
)

ModelOption = Annotated[str, typer.Option(help="Name of the model (mse models).")]
OutOption = Annotated[
    Path | None, typer.Option(help="Also write the answers into this .csv or .parquet file, one row an answer.")
]
ChartOption = Annotated[Path | None, typer.Option(help="Also draw the answers into this .svg, .pdf or .png file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answers as JSON.")]
ValuesOption = Annotated[str, typer.Option(help="Values to try, with commas between them.")]
PairOption = Annotated[str, typer.Option(help="The two lists, with a comma between them.")]


def _numbers(text: str, option: str) -> list[float]:
    try:
        return [float(part) for part in listed(text)]
    except ValueError as error:
        raise SettingError(option, [f"{text!r}: give numbers with commas between them, for example 0.5,1,2"]) from error


def _pair(text: str) -> tuple[str, str]:
    names = listed(text)
    if len(names) != 2:
        raise SettingError("--lists", [f"{text!r} names {len(names)} lists; name two, for example ABA,HRW"])
    return names[0], names[1]


def _tell(
    name: str,
    table: str,
    question: Callable[..., Sensitivity],
    *,
    seed: int,
    workers: int | None,
    out: Path | None,
    chart: Path | None,
    as_json: bool,
) -> None:
    """Ask a question of a table, and say, write and draw what was found."""
    import numpy as np

    from estimation.sensitivity.table import answer_rows, write_answers

    data = table_of(table)
    try:
        found = question(data, rng=np.random.default_rng(seed), workers=workers_of(workers))
    except EstimationError:
        raise
    except ValueError as error:
        raise SettingError(f"sensitivity {name}", [str(error)]) from error
    if as_json:
        rows = answer_rows({name: found})
        typer.echo(json.dumps({"question": found.question, "finding": found.finding, "answers": rows}, allow_nan=False))
    else:
        _print(found)
    if out is not None:
        write_answers({name: found}, out)
    if chart is not None:
        from estimation import charts

        save_chart(lambda: charts.plot_sensitivity(found), chart, synthetic="synthetic" in table.lower())


def _print(found: Sensitivity) -> None:
    from rich.console import Console
    from rich.table import Table

    from estimation.results.estimates import Estimate

    rows = Table("", title=found.question, title_justify="left")
    for heading in ("people", "interval"):
        rows.add_column(heading, justify="right")
    for label, result in (("as it is", found.baseline), *((a.label, a.result) for a in found.alternatives)):
        if isinstance(result, Estimate):
            bound = "at least " if result.is_lower_bound else ""
            rows.add_row(label, f"{bound}{result.median:,.0f}", str(result.interval()))
        else:
            rows.add_row(label, "not estimable", result.reason)
    Console(highlight=False).print(rows)
    typer.echo(f"\n{found.finding}")


def _about_the_table(name: str, module: str, function: str, what: str) -> None:
    """Add a verb for a question about the table that any model can be asked."""

    def verb(
        table: TableArgument,
        model: ModelOption,
        setting: SettingOption = None,
        seed: SeedOption = 1,
        workers: WorkersOption = None,
        out: OutOption = None,
        chart: ChartOption = None,
        as_json: JsonOption = False,
    ) -> None:
        import importlib

        found_in = importlib.import_module(f"estimation.sensitivity.{module}")
        question = partial(getattr(found_in, function), model=model_of(model, setting))
        _tell(name, table, question, seed=seed, workers=workers, out=out, chart=chart, as_json=as_json)

    app.command(name, help=what)(verb)


_about_the_table("leave-one-out", "leave_one_out", "leave_one_list_out", "What if one of the lists did not exist?")
_about_the_table("merge-two", "merge_two", "merge_two_lists", "What if two of the lists were one source?")
_about_the_table("subsets", "list_subsets", "list_subsets", "What if only three or more of the lists existed?")
_about_the_table("one-inflation", "one_inflation", "one_inflation", "Are too many people on one list only?")
_about_the_table(
    "internal-consistency",
    "consistency",
    "consistency",
    "Does the model find the known size of each list from the others?",
)


@app.command()
def pairs(
    table: TableArgument,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: OutOption = None,
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """What does each pair of lists say, taken as independent?"""
    from estimation.models.no_highest_order import NoHighestOrderInteraction
    from estimation.sensitivity.pairs import pairs

    question = partial(pairs, model=NoHighestOrderInteraction())
    _tell("pairs", table, question, seed=seed, workers=workers, out=out, chart=chart, as_json=as_json)


@app.command()
def vary(
    table: TableArgument,
    model: ModelOption,
    name: Annotated[str, typer.Option("--vary", help="The setting to vary, for example delta, xi or classes.")],
    values: ValuesOption,
    setting: SettingOption = None,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: OutOption = None,
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """What if a setting of the model were another: a prior, the number of classes, an interaction?"""
    from estimation.sensitivity.vary_setting import vary_setting

    tried = [value_of(text) for text in listed(values)]
    question = partial(vary_setting, setting=name, values=tried, model=model_of(model, setting))
    _tell(name, table, question, seed=seed, workers=workers, out=out, chart=chart, as_json=as_json)


@app.command()
def theta(
    table: TableArgument,
    lists: PairOption,
    values: ValuesOption,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: OutOption = None,
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """What if two lists depended on each other with another odds ratio?"""
    from estimation.sensitivity.odds_ratio import odds_ratio

    question = partial(odds_ratio, lists=_pair(lists), thetas=_numbers(values, "--values"))
    _tell("theta", table, question, seed=seed, workers=workers, out=out, chart=chart, as_json=as_json)


@app.command()
def matching(
    table: TableArgument,
    model: ModelOption,
    false: Annotated[str, typer.Option(help="Shares of the matches that are false, with commas between them.")],
    missed: Annotated[str, typer.Option(help="Shares of the true matches that were missed, with commas between them.")],
    setting: SettingOption = None,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: OutOption = None,
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """What if some matches between the lists were false, or some were missed?"""
    from estimation.sensitivity.linkage_error import linkage_error

    question = partial(
        linkage_error,
        model=model_of(model, setting),
        false_match_rates=_numbers(false, "--false"),
        missed_match_rates=_numbers(missed, "--missed"),
    )
    _tell("matching", table, question, seed=seed, workers=workers, out=out, chart=chart, as_json=as_json)


@app.command()
def tipping(
    table: TableArgument,
    figure: Annotated[float, typer.Option(min=1, help="The number that somebody states, in persons.")],
    model: ModelOption,
    lists: Annotated[str | None, typer.Option(help="The lists that may depend; all by default.")] = None,
    setting: SettingOption = None,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """What would have to hold for a stated number?

    How strong a dependence between lists, how large a share of the people out of reach of every list, how many wrong
    matches.
    """
    import numpy as np

    from estimation.models.no_highest_order import NoHighestOrderInteraction
    from estimation.sensitivity.table import answer_rows, write_answers
    from estimation.sensitivity.tipping_dependence import tipping_dependence
    from estimation.sensitivity.tipping_linkage_error import tipping_linkage_error
    from estimation.sensitivity.tipping_share import tipping_share

    data, chosen, threads = table_of(table), model_of(model, setting), workers_of(workers)
    about = NoHighestOrderInteraction(lists=tuple(listed(lists)) if lists else None)
    fitted = chosen.fit(data, rng=np.random.default_rng(seed), workers=threads)
    found = {
        "dependence": tipping_dependence(data, figure, model=about, rng=np.random.default_rng(seed), workers=threads),
        "people out of reach": tipping_share(fitted, figure),
        "wrong matches": tipping_linkage_error(
            data, figure, model=chosen, rng=np.random.default_rng(seed), workers=threads
        ),
    }
    if as_json:
        findings = {name: road.finding for name, road in found.items()}
        typer.echo(json.dumps({"findings": findings, "answers": answer_rows(found)}, allow_nan=False))
    else:
        typer.echo(f"{chosen.title}: {fitted}\n")
        for name, road in found.items():
            typer.echo(f"By {name}: {road.finding}\n")
    if out is not None:
        write_answers(found, out)
