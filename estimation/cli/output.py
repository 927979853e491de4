"""The output of the commands: results, tables, charts, progress and warnings.

Everything heavier than argument parsing is imported inside the command that needs it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from estimation.cli.streams import json_line
from estimation.errors import EstimationError, EstimationWarning

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from estimation.capture.inspection import Inspection
    from estimation.capture.table import CaptureTable
    from estimation.results.estimates import Result

__all__ = [
    "Bar",
    "plain_warnings",
    "print_default_set",
    "print_default_set_json",
    "print_inspection",
    "print_json",
    "print_result",
    "print_why_not",
    "save_chart",
]


def print_result(result: Result) -> None:
    """Print what a model answers, what it rests on, and whether the computation worked."""
    from estimation.results.estimates import Estimate

    typer.echo(str(result))
    typer.echo(f"\n{result.title}. It rests on:")
    for sentence in result.assumptions:
        typer.echo(f"  - {sentence}")
    if isinstance(result, Estimate):
        for sentence in result.notes:
            typer.echo(f"  ! {sentence}")
    if isinstance(result, Estimate) or result.diagnostics.checks:
        typer.echo(f"\n{result.diagnostics.sentence}")


def print_json(result: Result) -> None:
    """Print what a model answers as one JSON object."""
    from estimation.results.as_json import summary_of

    typer.echo(json_line(summary_of(result)))


def print_default_set(table: CaptureTable, results: Mapping[str, Result], why_not: Mapping[str, str | None]) -> None:
    """Print the default set of models side by side, what each rests on, and which models can be fitted."""
    from rich.console import Console
    from rich.table import Table

    from estimation.results.estimates import Estimate
    from estimation.results.rounding import persons, rounded

    typer.echo(f"{table.n_observed:,} people observed on {len(table.lists)} lists\n")
    rows = Table("model", title="Default set of models: none of them is the answer", title_justify="left")
    rows.add_column("people", justify="right")
    rows.add_column("95 % interval", justify="right")
    for label, result in results.items():
        if isinstance(result, Estimate):
            headline = rounded(result)
            ends = f"{persons(headline.lower)} to {persons(headline.upper)} ({headline.kind})"
            rows.add_row(label, f"{'at least ' * headline.is_lower_bound}{persons(headline.point)}", ends)
        else:
            rows.add_row(label, "not estimable", "")
    if results:
        Console(highlight=False).print(rows)
    for label, result in results.items():
        typer.echo(f"\n{label}\n  - {result.assumptions[0]}")
        for sentence in result.notes if isinstance(result, Estimate) else (result.reason,):
            typer.echo(f"  ! {sentence}")
    print_why_not(why_not)
    typer.echo(
        "\nOne model by itself: mse estimate TABLE --model NAME. Several, declared before they are run: mse new TABLE."
    )


def print_default_set_json(
    table: CaptureTable, results: Mapping[str, Result], why_not: Mapping[str, str | None]
) -> None:
    """Print the same as one JSON object."""
    from estimation.results.as_json import summary_of

    answers = [{"label": label, **summary_of(result)} for label, result in results.items()]
    found = {"n_observed": table.n_observed, "answers": answers, "why_not": why_not}
    typer.echo(json_line(found))


def print_inspection(inspection: Inspection) -> None:
    """Print what a table says before any model."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    typer.echo(f"{inspection.n_observed:,} people observed on {len(inspection.lists)} lists\n")
    sizes = Table("list", title="People on each list", title_justify="left")
    for heading in ("people", "on no other list", "share on other lists"):
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


def print_why_not(why_not: Mapping[str, str | None]) -> None:
    """Print which models, with their default settings, can be fitted to a table, and why the others cannot."""
    fit = [name for name, reason in why_not.items() if reason is None]
    typer.echo("\nModels that can be fitted, with their default settings: " + (", ".join(fit) or "none"))
    if len(fit) < len(why_not):
        typer.echo("Models that cannot:")
    for name, reason in why_not.items():
        if reason is not None:
            typer.echo(f"  - {name}: {reason}")


def save_chart(draw: Callable[[], Axes], path: Path, *, synthetic: bool) -> None:
    """Draw a chart into a file; one of invented people is stamped."""
    from estimation import charts

    if path.suffix.lower() not in {".svg", ".pdf", ".png"}:
        raise EstimationError(str(path), ["a chart is written as .svg, .pdf or .png; give the file one of these names"])
    with charts.style():
        axes = draw()
        if synthetic:
            charts.stamp_synthetic(axes)
        figure = axes.get_figure(root=True)
        assert figure is not None
        figure.savefig(path)


class Bar:
    """A progress bar on standard error with the name of what is being done; nothing where that is no terminal.

    Parameters
    ----------
    doing : str
        What is being done at first.
    transient : bool
        Whether the bar goes away in the end.
    """

    def __init__(self, doing: str = "reading the study", *, transient: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[counted]}"),
            TimeElapsedColumn(),
            console=console,
            transient=transient,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(doing, total=1, counted="")

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._bar.stop()

    def __call__(self, done: float, doing: str = "", /) -> None:
        """Show what share is done, and of what."""
        self._bar.update(self._task, description=doing or None, completed=done, counted=f"{done:.0%}")


@contextmanager
def plain_warnings() -> Iterator[None]:
    """Our own warnings as one line on standard error, without the source line Python adds."""

    def one_line(
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
        warnings.showwarning = one_line
        yield
