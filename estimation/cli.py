"""`mse`: the command line, and the only place that parses arguments and prints.

Exit status: 0 done; 1 two things that were compared differ; 2 bad input or usage (message on standard error); 3 not
estimable; 130 stopped by the user.

Everything heavier than argument parsing is imported inside the command that needs it, so that ``mse --help`` answers
at once: PyMC, Numba, pandas and matplotlib take seconds to load.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from estimation.errors import EstimationError, EstimationWarning, SettingError

if TYPE_CHECKING:
    from estimation.capture import CaptureTable
    from estimation.inspection import Inspection
    from estimation.results import Estimate, NotEstimable

__all__ = ["main"]

BAD_INPUT, NOT_ESTIMABLE, STOPPED = 2, 3, 130

app = typer.Typer(
    name="mse",
    help="Multiple systems estimation: overlapping, partial lists of people in; the number of people, counted and "
    "uncounted, with an honest interval out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

TableArgument = Annotated[
    str, typer.Argument(metavar="TABLE", help="A CSV or Parquet file, or the name of a packaged table (mse tables).")
]
StudyArgument = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished study.")]
WorkersOption = Annotated[
    int | None,
    typer.Option(min=1, help="Threads to use at most; changes how long it takes, never a number. Default: all cores."),
]


def _workers(given: int | None) -> int:
    return given if given is not None else os.cpu_count() or 1


def _table(given: str) -> CaptureTable:
    """A table from a file, or a packaged one by its name."""
    from estimation.datasets import load_table, table_names
    from estimation.readers import read_table

    if not Path(given).exists() and given in table_names():
        return load_table(given)
    if not Path(given).exists() and not Path(given).suffix:
        return load_table(given)  # raises, naming the nearest packaged table
    return read_table(given)


def _setting(text: str) -> tuple[str, object]:
    """``key=value`` from the command line; a value is read as TOML, or as bare words."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise SettingError("--set", [f"{text!r} is not of the form key=value, for example --set delta=0.5"])
    key, value = key.strip(), value.strip()
    try:
        return key, tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        listed = "," in value and not set(value) & set("([")
        return key, tuple(part.strip() for part in value.split(",")) if listed else value


@app.command()
def check(
    table: TableArgument,
    chart: Annotated[
        Path | None, typer.Option(help="Also draw the overlaps (UpSet chart) into this .svg, .pdf or .png file.")
    ] = None,
) -> None:
    """Look at a table before estimating.

    List sizes, overlaps, signs of dependence between lists, and what each model needs.
    """
    from estimation.inspection import inspect_table

    data = _table(table)
    _print_inspection(inspect_table(data))
    _print_obstacles(data)
    if chart is not None:
        _draw_overlaps(data, chart, synthetic="synthetic" in table.lower())
        typer.echo(f"\nOverlaps drawn in {chart}")


@app.command()
def estimate(
    table: TableArgument,
    model: Annotated[str, typer.Option(help="Name of the model (mse models).")],
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A setting of the model; may be given several times."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")] = 1,
    workers: WorkersOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Estimate the number of people by one model."""
    import numpy as np

    from estimation.models.registry import make_model
    from estimation.results import NotEstimable
    from estimation.summary import summary_of

    pairs = [_setting(text) for text in setting or []]
    twice = sorted({key for key, _ in pairs if [k for k, _ in pairs].count(key) > 1})
    if twice:
        raise SettingError("--set", [f"{key} is set more than once" for key in twice])
    chosen = make_model(model, dict(pairs))
    result = chosen.fit(_table(table), rng=np.random.default_rng(seed), workers=_workers(workers))
    if as_json:
        typer.echo(json.dumps(summary_of(result), ensure_ascii=False, allow_nan=False))
    else:
        _print_result(result)
    if isinstance(result, NotEstimable):
        raise typer.Exit(NOT_ESTIMABLE)


@app.command()
def run(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="A study file (TOML).")],
    out: Annotated[Path, typer.Option(help="Folder for the report, the results and the record.")],
    keep_persons: Annotated[
        bool,
        typer.Option("--keep-persons", help="Keep the table as read, even where its rows are persons; not by default."),
    ] = False,
    workers: WorkersOption = None,
) -> None:
    """Run a study and write its report.

    All its models, then report.html, report.pdf, results.json, record.json and the charts.
    Stopped half-way, the same command goes on where it stopped and gives the same numbers.
    """
    from estimation.run import run_study

    try:
        with _Bar() as progress:
            finished = run_study(study, out, keep_persons=keep_persons, workers=_workers(workers), progress=progress)
    except KeyboardInterrupt:
        typer.echo("mse: stopped; finished models are kept, and the same command goes on from there", err=True)
        raise typer.Exit(STOPPED) from None
    results = json.loads((finished / "results.json").read_text(encoding="utf-8"))
    typer.echo(f"\n{results['headline']['sentence']}\n")
    for name in ("report.html", "report.pdf", "results.json", "record.json", "charts"):
        typer.echo(f"  {finished / name}")


@app.command()
def verify(
    directory: StudyArgument,
    strict: Annotated[
        bool, typer.Option("--strict", help="Also hold every file against SHA256SUMS and make the report again.")
    ] = False,
    public_key: Annotated[
        Path | None, typer.Option(help="Also check SHA256SUMS.sig by this public key (Ed25519, PEM).")
    ] = None,
    workers: WorkersOption = None,
) -> None:
    """Run a finished study again and compare.

    From the inputs it kept; says whether every number is the same.
    With --strict every file must be the same byte for byte, with none missing and none besides.
    Exit status 1 when something differs or is not signed by that key.
    """
    from estimation.verify import verify_study

    with _Bar() as progress:
        verification = verify_study(
            directory, strict=strict, public_key=public_key, workers=_workers(workers), progress=progress
        )
    typer.echo(str(verification))
    if not verification.same:
        raise typer.Exit(1)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Folder of a finished study.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Folder of another, for example its correction.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what changed between two finished studies.

    Which inputs, settings and versions, and which numbers by how much: the matter of a corrigendum.
    Exit status 1 when something changed.
    """
    from estimation.difference import compare_studies

    difference = compare_studies(old, new)
    typer.echo(json.dumps(difference.plain(), ensure_ascii=False, allow_nan=False) if as_json else str(difference))
    if not difference.same:
        raise typer.Exit(1)


@app.command()
def sign(
    directory: StudyArgument,
    key: Annotated[Path, typer.Option(help="Private key (Ed25519, PEM), as openssl makes it.")],
) -> None:
    """Sign a finished study.

    Writes SHA256SUMS.sig over SHA256SUMS, which holds the checksum of every file.
    OpenSSL alone can check it; the commands are printed.
    """
    from estimation.signature import needs_passphrase, sign_study

    passphrase = typer.prompt("Passphrase of the key", hide_input=True, err=True) if needs_passphrase(key) else None
    typer.echo(f"{sign_study(directory, key, passphrase=passphrase)}\n\nChecked in that folder by\n")
    typer.echo("  openssl pkeyutl -verify -pubin -inkey PUBLIC.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig")
    typer.echo("  sha256sum -c SHA256SUMS")


@app.command()
def export(
    source: Annotated[
        str, typer.Argument(metavar="DIR_OR_TABLE", help="Folder of a finished study, or a table (as for mse check).")
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A .csv file to write.")],
    minimum: Annotated[int, typer.Option(min=2, help="Least number of people that a cell may show.")] = 5,
    rule: Annotated[
        str, typer.Option(metavar="merge|suppress", help="Merge lists, or leave cells blank, until no cell is small.")
    ] = "merge",
) -> None:
    """Write a table that may be published.

    No cell below the minimum is in it and none can be worked out from the sizes of the lists.
    The rule is written at the top of the file.
    """
    from estimation.disclosure import merge_small_cells, suppress_small_cells
    from estimation.record import kept_inputs, record_from

    folder = Path(source)
    table = str(kept_inputs(folder, record_from(folder))[1]) if folder.is_dir() else source
    synthetic = "synthetic" in Path(table).name.lower() and "synthetic" not in out.name.lower()
    if out.suffix.lower() != ".csv" or synthetic:
        wanted = "put 'synthetic' into its name: these people are invented" if synthetic else "name a .csv file"
        raise EstimationError(str(out), [wanted])
    rules = {"merge": merge_small_cells, "suppress": suppress_small_cells}
    if rule not in rules:
        raise SettingError("--rule", [f"{rule!r} is no rule; the rules are {' and '.join(rules)}"])
    safe = rules[rule](_table(table), minimum=minimum)
    typer.echo("\n".join([f"{safe.to_csv(out)}", *(f"  {said}" for said in safe.rule)]))


@app.command()
def tables() -> None:
    """List the packaged tables."""
    from estimation.datasets import load_table, table_names

    for name in table_names():
        typer.echo(f"{name:28} {load_table(name)}")


@app.command()
def models() -> None:
    """List the models and what each assumes."""
    from estimation.models.registry import MODELS, model_class

    for name in MODELS:
        model = model_class(name)()
        typer.echo(f"{name}\n    {model.title}. {model.assumptions[0]}")


def _print_result(result: Estimate | NotEstimable) -> None:
    from estimation.results import Estimate

    typer.echo(str(result))
    typer.echo(f"\n{result.title}. It rests on:")
    for sentence in result.assumptions:
        typer.echo(f"  - {sentence}")
    if isinstance(result, Estimate):
        for sentence in result.notes:
            typer.echo(f"  ! {sentence}")
    if isinstance(result, Estimate) or result.diagnostics.checks:
        typer.echo(f"\n{result.diagnostics.sentence}")


def _print_inspection(inspection: Inspection) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    typer.echo(f"{inspection.n_observed:,} people observed on {len(inspection.lists)} lists\n")
    sizes = Table("list", title="People on each list", title_justify="left")
    for heading in ("people", "on no other list", "share found elsewhere"):
        sizes.add_column(heading, justify="right")
    for row in inspection.lists:
        shared = "" if row.share_elsewhere is None else f"{row.share_elsewhere:.0%}"
        sizes.add_row(row.name, f"{row.size:,}", f"{row.singletons:,}", shared)
    console.print(sizes)
    if inspection.pairs:
        pairs = Table("pair", title="Pairs of lists", title_justify="left")
        pairs.add_column("people on both", justify="right")
        pairs.add_column("odds ratio (95 % confidence interval)", justify="right")
        pairs.add_column("hint")
        for pair in inspection.pairs:
            pairs.add_row(f"{pair.first}, {pair.second}", f"{pair.both:,}", pair.odds_ratio_text, pair.hint)
        console.print(pairs)
    seen = ", ".join(f"{count:,} on exactly {k}" for k, count in enumerate(inspection.frequencies, 1) if count)
    typer.echo(f"People by number of lists: {seen or 'nobody'}\n")
    for sentence in inspection.sentences:
        typer.echo(f"- {sentence}")


def _print_obstacles(table: CaptureTable) -> None:
    """What keeps each model, with its default settings, from this table."""
    from estimation.models.registry import MODELS, model_class

    typer.echo("\nWhat each model makes of this table")
    for name in MODELS:
        obstacle = model_class(name)().obstacle(table)
        typer.echo(f"  {name:20} {'can be fitted' if obstacle is None else obstacle}")


def _draw_overlaps(table: CaptureTable, path: Path, *, synthetic: bool) -> None:
    from estimation import charts

    if path.suffix.lower() not in {".svg", ".pdf", ".png"}:
        raise EstimationError(str(path), ["a chart is written as .svg, .pdf or .png; give the file one of these names"])
    with charts.style():
        axes = charts.upset(table)
        if synthetic:
            charts.stamp_synthetic(axes)
        figure = axes.get_figure(root=True)
        assert figure is not None
        figure.savefig(path)


class _Bar:
    """A progress bar with the name of what is being done."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:g} of {task.total:g}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        self._task = self._bar.add_task("reading the study", total=1)

    def __enter__(self) -> _Bar:
        self._bar.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._bar.stop()

    def __call__(self, doing: str, done: float, of: int) -> None:
        self._bar.update(self._task, description=doing, completed=done, total=of)


@contextmanager
def _plain_warnings() -> Iterator[None]:
    """Our own warnings as one line on standard error, without the source line Python adds."""

    def said(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        typer.echo(f"note: {message}", err=True)

    with warnings.catch_warnings():
        warnings.simplefilter("always", EstimationWarning)
        warnings.showwarning = said
        yield


def main() -> None:
    """Run the command line; errors of ours become one message on standard error and an exit status."""
    try:
        with _plain_warnings():
            app()
    except EstimationError as error:
        typer.echo(f"mse: {error}", err=True)
        sys.exit(BAD_INPUT)
    except OSError as error:
        typer.echo(f"mse: {error.filename or 'file'}: {error.strerror or error}", err=True)
        sys.exit(BAD_INPUT)


if __name__ == "__main__":
    main()
