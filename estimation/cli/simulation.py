"""Commands about synthetic tables with a known truth: simulate, coverage, design.

Everything heavier than argument parsing is imported inside the command that needs it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from estimation.cli.ending import NOT_ESTIMABLE, STOPPED
from estimation.cli.options import (
    ForceOption,
    SeedOption,
    SettingOption,
    WorkersOption,
    check_written,
    listed,
    model_of,
    workers_of,
)
from estimation.cli.output import Bar, save_chart
from estimation.cli.terminal import print_table, say
from estimation.errors import SettingError

__all__ = ["app"]

app = typer.Typer()

_COVERAGE_FILES = ("coverage.md", "scores.csv", "trials.csv", "coverage.svg")
_STOPPED = "mse: stopped; finished work is cached, and the same command goes on from there"


def _sizes(given: list[str], option: str, total: int) -> dict[str, int]:
    """``name=people`` or ``name=share%`` of the total for each list."""
    sizes, problems = {}, []
    for text in given:
        name, _, size = (part.strip() for part in text.rpartition("="))
        share = size.removesuffix("%").strip()
        if name and size.isdecimal():
            sizes[name] = int(size)
        elif name and size.endswith("%") and share.replace(".", "", 1).isdecimal():
            sizes[name] = round(float(share) / 100 * total)
        else:
            form = "for example police=1200, or police=30% for a share of the total"
            problems.append(f"{text!r} is not of the form name=people, {form}")
    if problems:
        raise SettingError(option, problems)
    return sizes


@app.command()
def simulate(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file (TOML), or the name of one.")],
    out: Annotated[Path, typer.Option(help="Folder for the synthetic table and the truth.")],
    seed: SeedOption = 1,
    force: ForceOption = False,
) -> None:
    """Draw a synthetic table from a scenario.

    Writes synthetic_table.csv, synthetic_strata.csv where there are strata, synthetic_people.csv where lists do not
    record all labels, and truth.json; where the scenario says how lists write people down by name, also the raw name
    lists, synthetic_names_LIST.csv, and synthetic_name_truth.csv, which says whose record each row is.
    """
    from estimation.simulation.draw import SIMULATED_FILES, simulate, write_simulated
    from estimation.simulation.scenario_file import load_scenario, read_scenario, scenario_names

    path = Path(scenario)
    check_written(*(out / name for name in SIMULATED_FILES), read=[path], force=force, folder=True)
    if path.exists() or path.suffix:
        chosen = read_scenario(path)
    elif scenario in scenario_names():
        chosen = load_scenario(scenario)
    else:
        raise SettingError("SCENARIO", [f"there is no scenario {scenario!r}; there are {', '.join(scenario_names())}"])
    drawn = simulate(chosen, rng=seed)
    say(drawn)
    say(f"  {write_simulated(drawn, out, force=force)}")


@app.command()
def coverage(
    out: Annotated[Path, typer.Option(help="Folder for coverage.md, scores.csv, trials.csv and coverage.svg.")] = Path(
        "out/coverage"
    ),
    replications: Annotated[
        int | None,
        typer.Option(
            min=2, max=1_000_000, help="Tables drawn from each scenario; the published page has its own number."
        ),
    ] = None,
    model: Annotated[
        list[str] | None, typer.Option(help="Only this model, by the label of its row; repeatable.")
    ] = None,
    suite: Annotated[
        str,
        typer.Option(
            help="Which tables: standard, unequal-lists, three-lists, five-lists, six-lists, sparse-and-linkage, "
            "doubly-robust."
        ),
    ] = "standard",
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the random numbers.")] = None,
    workers: WorkersOption = None,
    force: ForceOption = False,
) -> None:
    """Run the simulation study of coverage.

    Coverage, bias and length of the interval of each model in each of the standard scenarios, on synthetic tables with
    a known truth.  Stopped half-way, the same command goes on where it stopped and gives the same numbers.
    """
    from estimation import charts
    from estimation.files import write_output
    from estimation.simulation.coverage_page import coverage_page
    from estimation.simulation.coverage_study import coverage_study
    from estimation.simulation.standard import SEED, SUITES, standard_models, standard_scenarios

    if suite not in SUITES:
        raise SettingError("--suite", [f"there is no suite {suite!r}; there are {', '.join(SUITES)}"])
    models = standard_models(suite)
    unknown = [label for label in model or [] if label not in models]
    if unknown:
        raise SettingError(
            "--model", [f"there is no row {label!r}; there are {', '.join(models)}" for label in unknown]
        )
    chosen = {label: models[label] for label in model or models}
    check_written(*(out / name for name in _COVERAGE_FILES), force=force, folder=True)
    try:
        with Bar() as progress:
            scores = coverage_study(
                standard_scenarios(suite),
                chosen,
                replications=replications or SUITES[suite].replications,
                rng=SEED if seed is None else seed,
                workers=workers_of(workers),
                folder=out,
                force=force,
                progress=progress,
            )
    except KeyboardInterrupt:
        say(_STOPPED, err=True)
        raise typer.Exit(STOPPED) from None
    command = "mse coverage" + (f" --suite {suite}" if suite != "standard" else "")
    command += f" --replications {replications}" if replications else ""
    command += "".join(f" --model {label!r}" for label in model or []) + (f" --seed {seed}" if seed is not None else "")
    page = coverage_page(scores, command=command, subject=SUITES[suite].subject)
    write_output(out / "coverage.md", page, force=force)
    save_chart(lambda: charts.plot_coverage(scores), out / "coverage.svg", synthetic=True, force=force)
    for name in _COVERAGE_FILES:
        say(f"  {out / name}")


@app.command()
def design(
    size: Annotated[
        list[str],
        typer.Option(
            "--list", metavar="NAME=PEOPLE", help="A list and its expected size, in persons, or in % of the total."
        ),
    ],
    total: Annotated[int, typer.Option(min=1, help="The suspected total, in persons.")],
    model: Annotated[str, typer.Option(help="Name of the model that will be fitted (mse models).")],
    added: Annotated[
        list[str] | None,
        typer.Option("--one-more", metavar="NAME=PEOPLE", help="A further list that could be collected."),
    ] = None,
    heterogeneity: Annotated[
        float,
        typer.Option(
            help="How many times the odds of being recorded at the 90th percentile of people are those at the median; "
            "1 where people are alike."
        ),
    ] = 1.0,
    near: Annotated[float, typer.Option(help="Count estimates within this share of the total.")] = 0.1,
    names: Annotated[str, typer.Option(help="Further names that the lists could gain, with commas.")] = "",
    setting: SettingOption = None,
    replications: Annotated[int, typer.Option(min=2, max=1_000_000, help="Tables drawn for each design.")] = 100,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    csv: Annotated[Path | None, typer.Option(help="Also write the designs into this .csv file.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Also draw them into this .svg, .pdf, .png or .eps file.")] = None,
    estimates_chart: Annotated[
        Path | None, typer.Option(help="Also draw the estimates against the true number into such a file.")
    ] = None,
    force: ForceOption = False,
) -> None:
    """Show how near the estimates would be, and what one more list or more names would gain.

    Synthetic tables are drawn with the suspected total and the expected list sizes, and the model is fitted to each:
    the share of estimates near the total, their bias, the width of the interval and its coverage.
    """
    from estimation import charts
    from estimation.files import write_output
    from estimation.simulation.design import design
    from estimation.simulation.designs import designs_csv

    check_written(csv, chart, estimates_chart, force=force)
    wrong = [text for text in listed(names) if not text.isdigit()]
    if wrong:
        raise SettingError("--names", [f"{text!r} is not a number of names, for example 500" for text in wrong])
    with Bar() as progress:
        found = design(
            _sizes(size, "--list", total),
            total,
            model=model_of(model, setting),
            rng=seed,
            lists_added=_sizes(added or [], "--one-more", total),
            names_added=[int(text) for text in listed(names)],
            heterogeneity=heterogeneity,
            near=near,
            replications=replications,
            workers=workers_of(workers),
            progress=progress,
        )
    print_table(found.caption, found.headings, found.cells())
    say(found.finding)
    if csv is not None:
        write_output(csv, designs_csv(found), force=force)
    if chart is not None:
        save_chart(lambda: charts.plot_design(found), chart, synthetic=True, force=force)
    if estimates_chart is not None:
        save_chart(lambda: charts.plot_design_estimates(found), estimates_chart, synthetic=True, force=force)
    if all(each.width is None for each in found.designs):
        raise typer.Exit(NOT_ESTIMABLE)
