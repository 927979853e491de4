"""The output of the commands: results, tables, charts, progress and warnings.

Everything heavier than argument parsing is imported inside the command that needs it.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from estimation.cli.observed import say_observed
from estimation.cli.streams import json_line
from estimation.cli.terminal import print_table, say, text_for
from estimation.errors import EstimationError, EstimationWarning

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from estimation.capture.table import CaptureTable
    from estimation.results.estimates import Estimate, Result

__all__ = [
    "Bar",
    "plain_warnings",
    "print_default_set",
    "print_default_set_json",
    "print_json",
    "print_result",
    "print_why_not",
    "save_chart",
]

_RESIDUAL_ROWS = 5
"""Histories whose residuals are printed; ``--json`` has all."""

_NO_GLYPH = "missing from font"
_NO_PICTURE = (
    "the font of the charts has Latin, Greek, Cyrillic, Arabic and Persian letters and some others; a letter that it "
    "lacks is drawn as a box"
)


def print_result(table: CaptureTable, result: Result) -> None:
    """Print what a model answers about a table, what it rests on, and whether the computation worked."""
    from estimation.results.estimates import Estimate

    say_observed(table.n_observed, table.lists, len(table.frequencies))
    say(result)
    if isinstance(result, Estimate) and (errors := result.interval().errors_text):
        say(errors)
    say(f"\n{result.title}. It rests on:")
    for sentence in result.assumptions:
        say(f"  - {sentence}")
    if isinstance(result, Estimate):
        for sentence in result.notes:
            say(f"  ! {sentence}")
    _print_priors(result)
    if isinstance(result, Estimate) or result.diagnostics.checks:
        say(f"\n{result.diagnostics.sentence}")
    if isinstance(result, Estimate):
        _print_fit(table, result)


def _print_priors(result: Result) -> None:
    """Print N/n before and after the lists, and N, under each prior of a Bayesian model that has several."""
    from estimation.models.latent_class.other_priors import UNDER_EACH_PRIOR
    from estimation.models.prior_and_posterior import PRIOR_AND_POSTERIOR, prior_and_posterior_in_short

    found = {table.title: table for table in result.tables}
    if UNDER_EACH_PRIOR not in found:
        return
    numbers = found[UNDER_EACH_PRIOR].rows
    rows = [
        (prior, before, after, *(cell if isinstance(cell, str) else f"{cell:,}" for cell in row[1:4]))
        for (prior, before, after, _), row in zip(
            prior_and_posterior_in_short(found[PRIOR_AND_POSTERIOR]), numbers, strict=True
        )
    ]
    say("")
    print_table(
        "N/n before and after the lists, and the people, by prior",
        ("prior", "N/n before", "N/n after", "people", "2.5 %", "97.5 %"),
        rows,
    )


def _print_fit(table: CaptureTable, result: Estimate) -> None:
    """Print whether the model fits the lists, and the histories that it fits worst."""
    from estimation.results.goodness_of_fit import UNSEEN_UNCHECKED

    if result.fit is None:
        return
    say(f"\n{result.fit.sentence} {UNSEEN_UNCHECKED}", given=table.lists)
    if result.residuals is not None:
        rows = [
            (str(row[0]), f"{row[1]:,}", f"{row[2]:,.4g}", f"{row[4]:+.2f}")
            for row in result.residuals.rows[:_RESIDUAL_ROWS]
        ]
        title = f"{result.residuals.title}: {len(rows)} of {len(result.residuals.rows):,}"
        print_table(title, (*result.residuals.columns[:3], result.residuals.columns[4]), rows, given=table.lists)


def print_json(table: CaptureTable, result: Result) -> None:
    """Print what a model answers about a table as one JSON object."""
    from estimation.results.as_json import summary_of

    typer.echo(json_line({"lists": list(table.lists), **summary_of(result)}))


def print_default_set(table: CaptureTable, results: Mapping[str, Result], why_not: Mapping[str, str | None]) -> None:
    """Print the default set of models side by side, what each rests on, and which models can be fitted."""
    from estimation.results.estimates import Estimate
    from estimation.results.rounding import persons, rounded

    say_observed(table.n_observed, table.lists, len(table.frequencies))
    rows = []
    for label, result in results.items():
        if isinstance(result, Estimate):
            headline = rounded(result)
            ends = f"{persons(headline.lower)} to {persons(headline.upper)} ({headline.kind})"
            rows.append((label, f"{'at least ' * headline.is_lower_bound}{persons(headline.point)}", ends))
        else:
            rows.append((label, "not estimable", ""))
    if rows:
        title = "Default set of models: none of them is the answer"
        print_table(title, ("model", "people", "95 % interval"), rows)
    for label, result in results.items():
        say(f"\n{label}\n  - {result.assumptions[0]}")
        for sentence in result.notes if isinstance(result, Estimate) else (result.reason,):
            say(f"  ! {sentence}", given=table.lists)
        if isinstance(result, Estimate) and result.fit and result.fit.sentence not in result.notes:
            say(f"  fit: {result.fit.sentence}", given=table.lists)
    print_why_not(why_not)
    say("\nOne model by itself: mse estimate TABLE --model NAME. Several, declared before they are run: mse new TABLE.")


def print_default_set_json(
    table: CaptureTable, results: Mapping[str, Result], why_not: Mapping[str, str | None]
) -> None:
    """Print the same as one JSON object."""
    from estimation.results.as_json import summary_of

    answers = [{"label": label, **summary_of(result)} for label, result in results.items()]
    found = {"n_observed": table.n_observed, "lists": list(table.lists), "answers": answers, "why_not": why_not}
    typer.echo(json_line(found))


def print_why_not(why_not: Mapping[str, str | None]) -> None:
    """Print which models, with their default settings, can be fitted to a table, and why the others cannot."""
    fit = [name for name, reason in why_not.items() if reason is None]
    say("\nModels that can be fitted, with their default settings: " + (", ".join(fit) or "none"))
    if len(fit) < len(why_not):
        say("Models that cannot:")
    for reason in dict.fromkeys(reason for reason in why_not.values() if reason is not None):
        names = [name for name, other in why_not.items() if other == reason]
        say(f"  - {', '.join(names)}: {reason}")


def save_chart(draw: Callable[[], Axes], path: Path, *, synthetic: bool, force: bool, width_cm: float = 16.0) -> None:
    """Draw a chart into a file; one of invented people is stamped."""
    from io import BytesIO

    from estimation import charts
    from estimation.files import write_output

    kind = path.suffix.lower().removeprefix(".")
    if kind not in _TIMES:
        problem = "a chart is written as .svg, .pdf, .png or .eps; give the file one of these names"
        raise EstimationError(str(path), [problem])
    with charts.style(width_cm=width_cm):
        axes = draw()
        if synthetic:
            charts.stamp_synthetic(axes)
        figure = axes.get_figure(root=True)
        assert figure is not None
        content = BytesIO()
        figure.savefig(content, format=kind, dpi=_DOTS_PER_INCH, metadata=_TIMES[kind])
    written = content.getvalue()
    if kind == "eps":
        written = re.sub(rb"^%%CreationDate:.*\n", b"", written, count=1, flags=re.M)
    write_output(path, written, force=force)


_DOTS_PER_INCH = 300
_TIMES: Mapping[str, dict[str, None]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}, "eps": {}}
"""The formats of a chart, and what says in each when it was made, which is left out; in EPS it is a line."""


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

        console = Console(stderr=True, markup=False, emoji=False)
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[counted]}", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=transient,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(text_for(sys.stderr, doing), total=1, counted="")

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._bar.stop()

    def __call__(self, done: float, doing: str = "", /) -> None:
        """Show what share is done, and of what."""
        words = text_for(sys.stderr, doing) or None
        self._bar.update(self._task, description=words, completed=done, counted=f"{done:.0%}")


@contextmanager
def plain_warnings() -> Iterator[None]:
    """Our own warnings as one line on standard error, without the source line Python adds."""
    printed: set[str] = set()

    def one_line(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        text = _NO_PICTURE if _NO_GLYPH in str(message) else str(message)
        if text not in printed or text != _NO_PICTURE:
            say(f"note: {text}", err=True)
        printed.add(text)

    with warnings.catch_warnings():
        warnings.simplefilter("always", EstimationWarning)
        warnings.showwarning = one_line
        yield
