"""Commands about a table or a model: inspect, estimate, tables, models, claims, export.

Everything heavier than argument parsing is imported inside the command that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.capture.declared import Declared
from estimation.cli.by_strata import estimate_strata
from estimation.cli.claimed import print_claims, print_implied
from estimation.cli.columns import columns_declared, listed_table_of, table_of
from estimation.cli.ending import NOT_ESTIMABLE
from estimation.cli.inspected import print_inspection
from estimation.cli.linked import draws_at, estimate_draws, say_linked
from estimation.cli.name_lists import is_name_list, print_names
from estimation.cli.of_people import estimate_with_covariates
from estimation.cli.options import (
    ForceOption,
    SeedOption,
    SettingOption,
    TableArgument,
    WorkersOption,
    check_written,
    model_of,
    model_of_strata,
    workers_of,
)
from estimation.cli.output import (
    Bar,
    print_default_set,
    print_default_set_json,
    print_json,
    print_result,
    print_why_not,
    save_chart,
)
from estimation.cli.terminal import say
from estimation.errors import EstimationError, SettingError, TableError

if TYPE_CHECKING:
    from estimation.capture.table import CaptureTable
    from estimation.models.protocol import Model
    from estimation.results.estimates import Result

__all__ = ["app"]

app = typer.Typer()


@app.command()
@columns_declared
def inspect(
    table: TableArgument,
    declared: Declared,
    chart: Annotated[
        Path | None, typer.Option(help="Also draw the overlaps (UpSet chart) into this .svg, .pdf, .png or .eps file.")
    ] = None,
    force: ForceOption = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Every list and every pair, also where there are more than ten lists.")
    ] = False,
    names: Annotated[
        bool, typer.Option("--names", help="Of a list of names: the most common names, too; by default no name.")
    ] = False,
) -> None:
    """Look at a table, or at a list of names, before estimating.

    Of a table: list sizes, overlaps, list dependence, and which models can be fitted; a summary where there are many
    lists.  Of a list of names (mse link): which rows became what, how complete its fields are, what is to be decided.
    """
    from estimation.capture.inspection import inspect_table
    from estimation.models.registry import why_not_by_model

    check_written(chart, read=[table], force=force)
    if is_name_list(table, declared):
        return print_names(table, declared, names=names)
    draws = draws_at(table, declared)
    data = table_of(table, declared)
    if draws is not None:
        say_linked(draws)
    print_inspection(inspect_table(data), everything=everything)
    print_why_not(why_not_by_model(data))
    if chart is not None:
        from estimation import charts

        save_chart(lambda: charts.plot_upset(data), chart, synthetic="synthetic" in table.lower(), force=force)
        say(f"\nOverlaps drawn in {chart}")


@app.command()
@columns_declared
def estimate(
    table: TableArgument,
    declared: Declared,
    model: Annotated[
        str | None,
        typer.Option(help="Name of the model (mse models). Without it: the default set of models, side by side."),
    ] = None,
    setting: SettingOption = None,
    register: Annotated[
        int | None,
        typer.Option(min=1, help="People on a population register: N is no larger. Needs --register-source."),
    ] = None,
    register_source: Annotated[str, typer.Option(help="What the register is and where it is kept.")] = "",
    register_uncertainty: Annotated[
        float, typer.Option(help="Standard deviation of the logarithm of the register's size; 0.05 is about 5 %.")
    ] = 0.0,
    survivors: Annotated[int, typer.Option(help="People of the register who are known to be alive.")] = 0,
    by: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="Columns whose values make a stratum: one number each, and a total."),
    ] = None,
    covariates: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="Columns that a model takes into account for each person (doubly-robust)."),
    ] = None,
    missing: Annotated[
        str,
        typer.Option(
            metavar="refuse|complete|impute|joint",
            help="With --by: people of whom a label is missing are refused, left out, given one of people with the "
            "same capture history, or (Bayesian models) given one together with the numbers of all strata.",
        ),
    ] = "refuse",
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Estimate the number of people, counted and uncounted.

    With --model: by one model.  Without it: by the default set, one model of each way to account for list dependence
    and heterogeneity, none of them the answer; and why other models cannot be fitted.
    With --model and --by: by one model in each stratum or over all of them, and the total of all strata.
    """
    from estimation.linkage.linked_tables import linked_tables
    from estimation.models.named_labels import covariates_of
    from estimation.models.named_lists import check_named_lists
    from estimation.models.population_register import PopulationRegister, WithinRegister
    from estimation.models.registry import default_models, why_not_by_model
    from estimation.results.estimates import Estimate

    if model is None and setting:
        raise SettingError("--set", ["a setting belongs to one model; name it with --model"])
    if covariates is not None and (model is None or register is not None):
        raise SettingError("--covariates", ["they belong to one model, without a register; name it with --model"])
    if by is not None:
        if model is None or register is not None:
            raise SettingError("--by", ["strata are estimated by one model without a register; name it with --model"])
        of_strata, threads = model_of_strata(model, setting, covariates), workers_of(workers)
        return estimate_strata(table, declared, of_strata, by, missing, seed=seed, workers=threads, as_json=as_json)
    chosen = None if model is None else model_of(model, setting, covariates)
    if chosen is not None and covariates_of(chosen):
        return estimate_with_covariates(
            table, declared, chosen, seed=seed, workers=workers_of(workers), as_json=as_json
        )
    draws = draws_at(table, declared)
    data = table_of(table, declared) if draws is None else linked_tables(draws).central_table
    if chosen is not None:
        check_named_lists(chosen, data)
    models = default_models(data) if chosen is None else {chosen.title: chosen}
    if register is not None:
        people = PopulationRegister(register, register_source, register_uncertainty, survivors)
        models = {label: WithinRegister(each, people) for label, each in models.items()}
    if draws is not None:
        threads, is_set = workers_of(workers), chosen is None
        return estimate_draws(draws, models, is_set=is_set, seed=seed, workers=threads, as_json=as_json)
    results = _fitted(models, data, seed, workers_of(workers))
    if chosen is None:
        (print_default_set_json if as_json else print_default_set)(data, results, why_not_by_model(data))
    else:
        (print_json if as_json else print_result)(data, results[chosen.title])
    if not any(isinstance(result, Estimate) for result in results.values()):
        raise typer.Exit(NOT_ESTIMABLE)


def _fitted(models: Mapping[str, Model], data: CaptureTable, seed: int, workers: int) -> dict[str, Result]:
    """What each model answers; each starts from the seed, so that it answers the same when it is fitted alone."""
    from estimation.work.seeds import generator_of

    results = {}
    for label, model in models.items():
        with Bar(label, transient=True) as bar:
            results[label] = model.fit(data, rng=generator_of(seed), workers=workers, progress=bar)
    return results


@app.command()
@columns_declared
def export(
    source: Annotated[
        str, typer.Argument(metavar="DIR_OR_TABLE", help="Folder of a finished study, or a table (as for mse inspect).")
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A .csv file to write.")],
    declared: Declared,
    minimum: Annotated[int, typer.Option(min=2, help="Least number of people in a cell that is published.")] = 5,
    rule: Annotated[
        str, typer.Option(metavar="merge|suppress", help="Merge lists, or leave cells blank, until no cell is small.")
    ] = "merge",
    beside: Annotated[
        str,
        typer.Option(
            metavar="public|report",
            help="What else is published: a public edition (mse run --public), or the report as mse run writes it. "
            "For a folder: report; for a table: public.",
        ),
    ] = "",
    force: ForceOption = False,
) -> None:
    """Write a table that may be published.

    No cell below the minimum is in it, and none can be worked out from it and the margins printed beside it: an
    attacker's integer programme is solved over all of them before anything is written.
    The rule, and the margins that may stand beside the table, are written at the top of the file.
    Beside an ordinary report no table hides a small cell: publish a public edition (mse run --public K).
    """
    from estimation.capture.disclosure import merge_small_cells, suppress_small_cells
    from estimation.capture.disclosure.margins import ORDINARY
    from estimation.study.record import record_from, stored_columns, stored_inputs

    folder = Path(source)
    table = source
    if draws_at(source, declared) is not None:
        problem = (
            "this is a linkage, which has a table for each draw: a safe table of one of them hides nothing while the "
            "others, or numbers pooled over them, stand beside it; publish rounded numbers, and no table"
        )
        raise EstimationError(source, [problem])
    if folder.is_dir():
        record = record_from(folder)
        if record.public is not None:
            here = f"this is a public edition, and inputs/{record.table_name} in it is its safe table: publish that"
            raise EstimationError(source, [here])
        table, declared = str(stored_inputs(folder, record)[1]), stored_columns(folder, record)
    synthetic = "synthetic" in Path(table).name.lower() and "synthetic" not in out.name.lower()
    if out.suffix.lower() != ".csv" or synthetic:
        wanted = "put 'synthetic' into its name: these people are invented" if synthetic else "name a .csv file"
        raise EstimationError(str(out), [wanted])
    check_written(out, read=[table], force=force)
    rules = {"merge": merge_small_cells, "suppress": suppress_small_cells}
    if rule not in rules:
        raise SettingError("--rule", [f"{rule!r} is no rule; the rules are {' and '.join(rules)}"])
    margins = {"public": None, "report": ORDINARY}
    chosen = beside or ("report" if folder.is_dir() else "public")
    if chosen not in margins:
        raise SettingError("--beside", [f"{beside!r} is nothing that is published; say {' or '.join(margins)}"])
    try:
        safe = rules[rule](listed_table_of(table, declared), minimum=minimum, published=margins[chosen])
    except TableError as error:
        if chosen == "public":
            raise
        advice = (
            f"Publish a public edition in its place (mse run STUDY --public {minimum}), whose table is safe beside it; "
            "or, where the report stays unpublished, repeat this with --beside public"
        )
        raise TableError(error.where, [f"{problem} {advice}" for problem in error.problems]) from error
    say("\n".join([f"{safe.to_csv(out, force=force)}", *(f"  {sentence}" for sentence in safe.rule)]))


@app.command()
def claims(
    file: Annotated[Path, typer.Argument(metavar="CLAIMS", help="A CSV file of claims (see estimation.claims).")],
    chart: Annotated[
        Path | None, typer.Option(help="Also draw the claims into this .svg, .pdf, .png or .eps file.")
    ] = None,
    force: ForceOption = False,
) -> None:
    """Show claims with their sources, and what they imply.

    For each claimed total and each two lists of known size: how many people the lists would share if they were
    independent.  Nothing is estimated.
    """
    from estimation.claims import read_claims

    check_written(chart, read=[file], force=force)
    given = read_claims(file)
    print_claims(given)
    print_implied(given)
    say("Claims alone give no estimate: that takes the overlaps of the lists.")
    if chart is not None:
        from estimation import charts

        save_chart(lambda: charts.plot_claims(given), chart, synthetic="synthetic" in str(file).lower(), force=force)


@app.command()
def tables() -> None:
    """List the packaged tables."""
    from estimation.capture.datasets import load_table, table_names

    for name in table_names():
        say(f"{name:28} {load_table(name)}")


@app.command()
def models() -> None:
    """List the models and what each assumes."""
    from estimation.models.registry import MODELS, model_class
    from estimation.strata.registry import STRATA_MODELS, strata_model_class

    for name in MODELS:
        model = model_class(name)()
        say(f"{name}\n    {model.title}. {model.assumptions[0]}")
    for name in STRATA_MODELS:
        over_strata = strata_model_class(name)()
        say(f"{name} (with --by)\n    {over_strata.title}. {over_strata.assumptions[0]}")
